"""The recorded data of the southwest border: sourced, dated, complete and consistent with itself."""

import re
from pathlib import Path

import pandas as pd
import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
CORRIDOR = ROOT / "scenarios" / "corridors" / "us_southwest_border"
REFERENCES = ROOT / "model" / "parameters" / "references.yaml"

ROUTES = ["california", "arizona", "west_texas", "south_texas"]
COLUMNS = ["series", "year", "timing", "time", "route", "value", "unit", "source", "quality", "note"]
OFFSET = {
    "fiscal_year_mean": 0.25,
    "fiscal_year_end": 0.75,
    "calendar_year_mean": 0.5,
    "mid_year": 0.5,
    "mid_march_survey": 0.2,
    "calendar_year_end": 1.0,
    "start_of_year": 0.0,
}
ORIGINS = ("mexico", "northern_triangle", "farther_americas", "elsewhere")
CODINGS = {"policy_events"}  # this corridor's own: no publication, each of its rows names what was read
DECISIONS = 600  # a year that a judge can make: an assumption
ROUNDING = 2e-6  # derived values carry six significant digits; the products below combine a few of them


@pytest.fixture(scope="module")
def series():
    return pd.read_csv(CORRIDOR / "series.csv", keep_default_na=False)


@pytest.fixture(scope="module")
def references():
    return YAML(typ="safe").load(REFERENCES.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def recorded():
    return pd.read_csv(CORRIDOR / "recorded.csv", keep_default_na=False)


@pytest.fixture(scope="module")
def monthly():
    return pd.read_csv(CORRIDOR / "recorded_monthly.csv", keep_default_na=False)


@pytest.fixture(scope="module")
def drivers():
    return pd.read_csv(CORRIDOR / "drivers.csv", keep_default_na=False)


@pytest.fixture(scope="module")
def everything(series, drivers, recorded, monthly):
    return pd.concat([series, drivers, recorded, monthly], ignore_index=True)


def documented(heading):
    """Names in backticks in the first column of every table below a heading of SOURCES.md."""
    text = (CORRIDOR / "SOURCES.md").read_text(encoding="utf-8")
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", text, flags=re.M | re.S).group(1)
    first_cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("|")]
    return [name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)]


def keys_of(table):
    return {key for joined in table["source"] for key in joined.split("+")}


def by_year(series, name):
    rows = series[(series["series"] == name) & (series["route"] == "")]
    assert len(rows), f"no rows of {name}"
    return rows.set_index("year")["value"]


def by_year_and_route(series, name):
    rows = series[series["series"] == name]
    return rows.pivot(index="year", columns="route", values="value")


# Provenance


def test_every_source_key_is_described_in_sources(everything):
    described = documented("Sources")
    assert len(described) == len(set(described)), "a source is described twice"
    assert keys_of(everything) == set(described)


def test_every_source_key_is_in_the_bibliography(everything, references):
    assert keys_of(everything) <= set(references) | CODINGS


def test_what_is_made_of_a_coding_rests_on_rows_that_name_their_source(series):
    assert keys_of(series) >= CODINGS
    for name in CODINGS:
        coding = pd.read_csv(CORRIDOR / f"{name}.csv", keep_default_na=False)
        assert len(coding) and (coding["source"].str.strip() != "").all()
        assert (series.loc[series["source"] == name, "quality"] == "D").all()


def test_sources_name_what_a_run_reads(series):
    text = (CORRIDOR / "SOURCES.md").read_text(encoding="utf-8")
    said = re.search(r"^A run reads, as `corridor.yaml` says, (.*?)\. Between", text, flags=re.M | re.S).group(1)
    corridor = YAML(typ="safe").load((CORRIDOR / "corridor.yaml").read_text(encoding="utf-8"))
    inputs = str([corridor[block] for block in ("policies", "context", "parameters")])
    read = set(re.findall(r"'series': '(\w+)'", inputs))
    assert sorted(re.findall(r"`(\w+)`", said)) == sorted(read)
    assert read <= set(series["series"])


def test_every_series_is_defined_in_sources(series, drivers, recorded, monthly):
    assert sorted(set(series["series"]) | set(drivers["series"])) == sorted(documented("Series"))
    assert sorted(set(recorded["series"])) == sorted(documented("Recorded responses"))
    assert sorted(set(monthly["series"])) == sorted(documented("Months"))


def test_bibliography_entries_are_complete(references):
    for key, entry in references.items():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", key), key
        assert entry["citation"].strip(), key
        assert entry["quality"] in list("ABCD"), key
        assert set(entry) <= {"citation", "url", "quality", "evidence_ids"}, key
        if "evidence_ids" in entry:
            assert entry["url"].startswith(("http://", "https://")), key
            assert all(re.fullmatch(r"[A-Z]{2,3}\d\d", row) for row in entry["evidence_ids"]), key


def test_every_value_has_a_unit_and_a_grade(everything):
    assert list(everything.columns) == COLUMNS
    assert (everything["unit"].str.strip() != "").all()
    assert set(everything["quality"]) <= set("ABCD")
    mixed = everything.groupby("series")["unit"].nunique()
    assert (mixed == 1).all(), f"one series, several units: {list(mixed[mixed > 1].index)}"


# Shape


def test_times_follow_from_year_and_timing(everything):
    assert set(everything["timing"]) <= {*OFFSET, "as_dated"}
    of_a_year = everything[everything["timing"] != "as_dated"]
    expected = of_a_year["year"] + of_a_year["timing"].map(OFFSET)
    wrong = of_a_year[(of_a_year["time"] - expected).abs() > 1e-9]
    assert wrong.empty, wrong.to_string()
    dated = everything[everything["timing"] == "as_dated"]
    assert len(dated) and (dated["time"] - dated["year"]).between(0, 1).all()


def test_no_series_has_two_values_for_one_time_and_route(everything):
    repeated = everything[everything.duplicated(["series", "time", "route"], keep=False)]
    assert repeated.empty, repeated.to_string()


def test_a_series_stands_in_one_file(series, drivers, recorded, monthly):
    """So nothing is read twice, months are no years, and a response is no driver."""
    files = [set(file["series"]) for file in (series, drivers, recorded, monthly)]
    assert all(files) and sum(map(len, files)) == len(set.union(*files))


def test_values_are_finite_numbers_and_counts_are_not_negative(everything):
    assert pd.api.types.is_float_dtype(everything["value"]) and everything["value"].abs().max() < 1e12
    assert everything["value"].notna().all()
    signed = everything["series"].str.startswith("political_instability")
    assert (everything.loc[~signed, "value"] >= 0).all()
    shares = everything["unit"].str.startswith("share")
    assert shares.any() and everything.loc[shares, "value"].between(0, 1).all()


def test_routed_series_have_every_route_in_every_year(everything):
    assert set(everything["route"]) == {"", *ROUTES}
    dated = {"forward_deployment"}  # points where orders changed, of each gateway by itself
    for name in sorted(set(everything.loc[everything["route"] != "", "series"]) - dated):
        rows = everything[everything["series"] == name]
        table = rows.pivot(index="time", columns="route", values="value")
        assert sorted(table.columns) == sorted(ROUTES), name
        assert table.notna().all(axis=None), name


def test_agents_are_known_for_every_year_from_1992_to_2019_and_then_scaled(series, driver):
    agents, nationwide = by_year_and_route(series, "patrol_agents"), driver("patrol_agents_nationwide")
    assert list(agents.index) == [*range(1992, 2020), 2023]
    scaled = agents.loc[2019] * nationwide[2023.1042] / nationwide[2019.75]
    assert agents.loc[2023].to_numpy() == pytest.approx(scaled.to_numpy(), rel=1e-5)


# Arithmetic


def test_routes_add_up_to_the_recorded_apprehensions(everything):
    routes = by_year_and_route(everything, "apprehensions_by_route").sum(axis=1)
    total = by_year(everything, "apprehensions")
    assert list(routes.index) == list(range(1980, 2025))
    assert (routes.loc[:2023] == total.loc[1980:2023]).all()


def test_shares_of_the_starting_years_sum_to_one_and_no_route_is_empty(series):
    start = by_year_and_route(series, "apprehensions_by_route").loc[1990:1993]
    total = by_year(series, "apprehensions").loc[1990:1993]
    shares = start.mean() / total.mean()
    assert len(start) == 4
    assert shares.sum() == pytest.approx(1, abs=1e-12)
    assert shares.between(0.02, 0.9).all()


def test_seasonal_share_is_seasonal_visas_over_all_temporary_visas(series):
    share = by_year(series, "seasonal_visa_share")
    expected = by_year(series, "seasonal_visas") / by_year(series, "temporary_work_visas")
    assert list(share.index) == list(expected.index)
    assert share.to_numpy() == pytest.approx(expected.to_numpy(), rel=ROUNDING)


def test_vacancy_rate_is_openings_over_labour_force_from_2001(driver):
    rate, openings, workers = driver("vacancy_rate").loc[2001:], driver("job_openings"), driver("labour_force")
    assert list(rate.index) == list(openings.index)
    assert list(rate.index[:-1]) == [year + 0.5 for year in range(2001, 2026)]
    years = [workers[middle] for middle in rate.index[:24]]
    months = [workers.loc[year : year + 0.999].mean() for year in (2025, 2026)]  # four months are known since
    gap_between_monthly_and_yearly_ratios = 5e-5
    assert rate.to_numpy() == pytest.approx(openings / [*years, *months], abs=gap_between_monthly_and_yearly_ratios)


def test_removals_are_spliced_where_both_counts_have_a_year(driver):
    """From FY2020 those of one agency, times both counts of FY2019; parts of 2025 are its own, as rates of a year."""
    removals, agency = driver("removals"), driver("removals_ice")
    factor = removals[2019.25] / agency[2019.25]
    spliced = removals.loc[2020:2025]
    assert list(spliced.index) == list(agency.index[1:]) and 1.3 < factor < 1.4
    assert spliced.to_numpy() == pytest.approx((factor * agency.iloc[1:]).to_numpy(), rel=1e-5)
    parts = removals.loc[2025:]
    assert list(parts.index) == pytest.approx([2025 + 19 / 48, 2025 + 39 / 48])
    assert parts.to_numpy() == pytest.approx([234_211 * 365 / 254, 56_392 * 365 / 46], rel=1e-5)


def test_a_part_of_a_year_is_dated_and_says_so(series):
    names = ["removals", "unemployment_rate", "vacancy_rate", "housing_starts_per_labour_force", "job_openings"]
    parts = series[series["series"].isin(names) & (series["timing"] == "as_dated")]
    assert set(parts["series"]) == set(names)
    assert parts["note"].str.contains("no year").all() and (parts["year"] >= 2025).all()
    steps = 48 * parts["time"]  # a run turns where its steps are
    assert steps.to_numpy() == pytest.approx(steps.round().to_numpy(), abs=1e-6)


def test_origin_income_is_the_population_weighted_mean_of_its_parts(series):
    everyone = by_year(series, "origin_population")
    triangle = by_year(series, "origin_population_northern_triangle")
    expected = (
        by_year(series, "origin_income_mexico") * (everyone - triangle)
        + by_year(series, "origin_income_northern_triangle") * triangle
    ) / everyone
    income = by_year(series, "origin_income")
    assert income.to_numpy() == pytest.approx(expected.loc[income.index].to_numpy(), rel=1e-5)


def test_conflict_intensity_is_homicides_plus_battle_deaths(series):
    everyone = by_year(series, "origin_population")
    triangle = by_year(series, "origin_population_northern_triangle")
    homicides = (
        by_year(series, "homicide_mexico") * (everyone - triangle)
        + by_year(series, "homicide_northern_triangle") * triangle
    ) / everyone
    conflict = by_year(series, "conflict_intensity")
    battle_deaths = (conflict - homicides).loc[conflict.index]
    assert (battle_deaths.loc[1994:1995] > 0.01).all()
    assert battle_deaths.loc[1999:].to_numpy() == pytest.approx(0, abs=1e-3)


def test_sentenced_cases_follow_from_the_published_shares(series):
    sentenced = by_year(series, "smuggling_sentenced")
    assert sentenced[2023] == round(18_106 * 0.261)
    assert sentenced[2024] == round(17_336 * 0.251)
    assert sentenced[2019] == pytest.approx(sentenced[2023] / 1.357, abs=1)


def test_a_missing_record_is_an_absent_row_and_not_a_zero(series):
    assert by_year(series, "asylum_seekers_pending_by_origin").index.min() == 2000
    assert not {1996, 1997, 1998, 2015, 2016} & set(by_year(series, "conflict_intensity").index)
    assert not {1997, 1999, 2001} & set(by_year(series, "political_instability").index)


@pytest.fixture(scope="module")
def driver(everything):
    """Values of a series without routes, by their time."""
    return lambda name: everything[everything["series"] == name].set_index("time")["value"].sort_index()


@pytest.mark.parametrize("origin", ORIGINS)
def test_a_cohort_is_those_entering_work_over_those_at_work(driver, origin):
    cohort = driver(f"relative_cohort_{origin}")
    expected = driver(f"people_15_24_{origin}") / driver(f"people_25_59_{origin}")
    assert list(cohort.index) == list(expected.index)
    assert cohort.to_numpy() == pytest.approx(expected.to_numpy(), rel=ROUNDING)


@pytest.mark.parametrize("origin", ORIGINS)
def test_young_people_are_a_share_of_those_younger_than_65(driver, origin):
    """Children are those of 15 to 29 of fifteen years on, but for deaths and moves; people of 60 to 64 are the rest."""
    share, young = driver(f"young_share_{origin}"), driver(f"people_15_29_{origin}")
    assert list(share.index) == list(young.index)
    children = young.set_axis(young.index - 15)
    counted = (driver(f"people_15_24_{origin}") + driver(f"people_25_59_{origin}") + children).dropna()
    younger_than_65 = (young / share).loc[counted.index]
    assert len(counted) == 16
    assert (younger_than_65 / counted).between(1.03, 1.11).all()


@pytest.mark.parametrize("origin", ["mexico", "northern_triangle"])
def test_those_younger_than_65_are_most_people_and_fewer_from_point_to_point(driver, origin):
    share, everyone = driver(f"young_share_{origin}"), driver(f"origin_population_{origin}")
    part = (driver(f"people_15_29_{origin}") / share / everyone).dropna()
    assert len(part) == 7 and part.between(0.92, 0.97).all() and part.is_monotonic_decreasing


def test_young_shares_of_both_origins_make_the_one_of_the_four(driver):
    names = ("mexico", "northern_triangle")
    young = {name: driver(f"people_15_29_{name}") for name in names}
    expected = sum(young.values()) / sum(young[name] / driver(f"young_share_{name}") for name in names)
    five_digits = 2.5e-5
    assert driver("young_share").to_numpy() == pytest.approx(expected.to_numpy(), rel=five_digits)


def test_projections_of_cohorts_are_marked(series):
    rows = series[series["series"].str.match(r"(relative_cohort|young_share)_")]
    assert len(rows) == 2 * len(ORIGINS) * 19
    projected = rows["note"].str.startswith("projection")
    assert (projected == (rows["year"] > 2020)).all()


def test_people_of_mexico_are_the_four_less_the_northern_triangle(driver):
    expected = driver("origin_population") - driver("origin_population_northern_triangle")
    assert (driver("origin_population_mexico") == expected).all()


@pytest.mark.parametrize("origin", ["northern_triangle", "farther_americas"])
def test_violence_by_origin_is_homicides_plus_battle_deaths(driver, origin):
    homicides, battle_deaths = driver(f"homicide_{origin}"), driver(f"battle_deaths_{origin}")
    violence = driver(f"conflict_intensity_{origin}")
    assert list(violence.index) == list(homicides.index)
    assert {*violence.loc[:2023].index} <= {*battle_deaths.index}  # none since 1999, no record after 2022
    expected = homicides + battle_deaths.reindex(homicides.index, fill_value=0)
    assert violence.to_numpy() == pytest.approx(expected.to_numpy(), rel=5 * ROUNDING)
    assert (violence > homicides).any()


def test_court_capacity_is_judges_by_what_one_can_decide(driver):
    capacity, judges = driver("claim_court_capacity"), driver("immigration_judges")
    half_a_month = 0.5 / 12 + 1e-4  # each stands in the middle of its month
    assert capacity.index.to_numpy() == pytest.approx(judges.index.to_numpy(), abs=half_a_month)
    assert capacity.tolist() == (DECISIONS * judges).tolist()


def test_a_run_starts_with_the_people_there_were(driver):
    """People at home of Mexico and the Northern Triangle are all, of the other two all younger than 65."""
    start = YAML(typ="safe").load((CORRIDOR / "corridor.yaml").read_text(encoding="utf-8"))["parameters"]
    planning = start["initial_potential_labour_migrants"]
    for origin in ORIGINS:
        young = driver(f"people_15_29_{origin}")[1990.5]
        all_people = young / driver(f"young_share_{origin}")[1990.5]
        if origin in {"mexico", "northern_triangle"}:
            all_people = driver(f"origin_population_{origin}")[1990.5]
        plans = planning * start["initial_attempt_share"][origin]
        home = all_people - young - start["initial_people_in_need"][origin]
        assert start["initial_young_people"][origin] == pytest.approx(young - plans, abs=6e4), origin
        assert start["initial_people_at_home"][origin] == pytest.approx(home, abs=6e4), origin
        assert start["initial_origin_income"][origin] == pytest.approx(
            driver(f"origin_income_{origin}").iloc[0], abs=0.6
        )
