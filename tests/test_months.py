"""Results by the month: a view that keeps every year, with a season for people who evade or for all who come."""

from __future__ import annotations

import json
import re
import shutil
from io import StringIO

import numpy as np
import pandas as pd
import pytest
import xarray
from hypothesis import given
from hypothesis import strategies as st

from pushpull import Scenario, run
from pushpull.catalogue import catalogue
from pushpull.ensemble import run_ensemble
from pushpull.months import (
    BESIDE,
    COLUMNS,
    EVADING,
    month_means,
    monthly,
    names_for_months,
    spread_over_years,
)
from pushpull.scenario import ScenarioFaults
from pushpull.scenario.library import shipped_folder
from pushpull.scenario.seasons import FILE, MONTHS, read_seasons
from tests import strait

BORDER, FLAT, SEA = "us_southwest_border", "g8_2001", "eu_external_border"
CORRIDOR, SEA_CORRIDOR = (shipped_folder() / "corridors" / name for name in (BORDER, SEA))
FACTORS = tuple(f"  {name}: {factor}\n" for name, factor in zip(MONTHS, [1.5] * 6 + [0.5] * 6, strict=True))
SEASONS = "schema_version: 1\nfactors:\n" + "".join(FACTORS) + "years: 1999\nsource: coast\nwhy: an assumption\n"
SEASONS = SEASONS.replace("years: 1999", 'years: "1999"')
ROUNDING = 1e-12


@pytest.fixture(scope="module")
def scenario():
    return Scenario.load(BORDER).with_changes(start=2000, end=2027, save_every="month")


@pytest.fixture(scope="module")
def result(scenario):
    return run(scenario)


@pytest.fixture(scope="module")
def months(result, scenario):
    return monthly(result, scenario)


def by_year(values):
    """The sums of whole years (member, year) of values by the month (member, month)."""
    return values.reshape(len(values), -1, 12).sum(axis=2)


# The arithmetic --------------------------------------------------------------------------------------------


def profiles():
    """Twelve factors above zero, one on average."""
    weights = st.lists(st.floats(0.01, 10), min_size=12, max_size=12)
    return weights.map(lambda each: tuple(12 * np.array(each) / sum(each)))


@given(
    profiles(),
    st.lists(st.floats(0, 1e7), min_size=1, max_size=60),
    st.integers(23000, 24000),
    st.integers(1, 3),
)
def test_any_season_keeps_the_sum_of_every_whole_year(factors, flows, first, members):
    means = np.outer(np.arange(1, members + 1), flows)[:, :, None]
    calendar = np.arange(first, first + len(flows))
    spread = spread_over_years(means, calendar, factors)
    assert spread.shape == means.shape and (spread >= 0).all()
    for year in np.unique(calendar // 12):
        inside = calendar // 12 == year
        if inside.sum() == 12:
            assert spread[:, inside].sum(axis=1) == pytest.approx(
                means[:, inside].sum(axis=1), rel=ROUNDING, abs=1e-300
            )
            steady = means[:, inside] * np.array(factors)[:, None]
            ratios = spread[:, inside] * steady[:, ::-1] - spread[:, inside][:, ::-1] * steady
            assert np.abs(ratios).max() <= 1e-9 * max(1, steady.max() ** 2 * 12)  # the months keep their proportions
        else:
            assert (spread[:, inside] == means[:, inside] * np.array(factors)[calendar[inside] % 12, None]).all()


def test_a_season_of_a_steady_flow_is_its_factors_and_a_flat_one_changes_nothing():
    factors = read_seasons(Scenario.load(BORDER).corridor).factors
    assert spread_over_years(np.full((1, 12), 7.0), np.arange(24000, 24012), factors)[0] == pytest.approx(
        7 * np.array(factors), rel=ROUNDING
    )
    rising = np.arange(1.0, 31.0)[None]
    assert (spread_over_years(rising, np.arange(23995, 24025), [1.0] * 12) == rising).all()


@given(profiles(), profiles(), st.lists(st.floats(0, 1e7), min_size=24, max_size=24))
def test_routes_with_their_own_factors_are_spread_each_as_alone(one, other, flows):
    calendar = np.arange(24000, 24024)
    means = np.stack([flows, flows[::-1]], axis=1)[None, :, None, None]
    spread = spread_over_years(means, calendar, np.stack([one, other], axis=1))
    for route, factors in enumerate((one, other)):
        alone = spread_over_years(means[..., route], calendar, factors)
        assert spread[..., route] == pytest.approx(alone, rel=ROUNDING)


@pytest.mark.parametrize("start, states", [(2000.0, 12), (2000.0, 48), (2000.03, 48), (1999.97, 20)])
def test_the_mean_of_a_month_is_the_area_under_straight_lines(start, states):
    time = start + np.arange(3 * states) / states
    found, means = month_means(time, np.stack([time, np.minimum(time, 2001)]))
    assert found[0] == np.ceil(12 * start - 1e-6) and (np.diff(found) == 1).all() and found[-1] < 12 * time[-1]
    assert means[0] == pytest.approx((found + 0.5) / 12, rel=ROUNDING)
    early = found < 24012 - 1
    assert means[1, early] == pytest.approx((found[early] + 0.5) / 12, rel=ROUNDING)
    assert means[1, found >= 24012 + 1] == pytest.approx(2001, rel=ROUNDING)


@pytest.mark.parametrize(
    "time, message",
    [([2000, 2000.25, 2000.5], "further apart than a month"), ([2000.01, 2000.05], "no month lies"), ([2000], "month")],
)
def test_states_that_make_no_months_are_refused(time, message):
    with pytest.raises(ValueError, match=message):
        month_means(np.array(time, dtype=float), np.ones((1, len(time))))


# A result --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*EVADING, BESIDE, "legal_admissions", "deaths_in_transit"])
def test_twelve_months_sum_to_the_year_of_the_smooth_run(result, months, name):
    flow = result.total(name)
    year = ((flow[:, :-1] + flow[:, 1:]) / 2).reshape(1, -1, 12).mean(axis=2)
    assert by_year(months.count(name)) == pytest.approx(year, rel=ROUNDING)


def test_years_are_kept_for_every_route_and_every_origin(months):
    for name, index in (("apprehensions_by_route", "route"), ("arrivals_by_route", "route"),
                        ("apprehensions_by_origin", "origin")):  # fmt: skip
        for label in getattr(months.result, f"{index}s"):
            seasonal, smooth = (each.total(name, **{index: label}) for each in (months.result, months.smooth))
            assert by_year(seasonal) == pytest.approx(by_year(smooth), rel=ROUNDING)
            assert np.abs(seasonal / smooth - 1).max() > 0.2


def test_parts_of_the_people_stopped_add_up_in_every_month(months):
    whole = months.result.total("apprehensions_recorded")
    evading, presenting = (months.result.total(name) for name in ("apprehensions_evading", BESIDE))
    for parts in (
        evading + presenting,
        months.result.by_route("apprehensions_by_route").sum(axis=2),
        months.result.by_origin("apprehensions_by_origin").sum(axis=2),
    ):
        assert parts == pytest.approx(whole, rel=1e-9)


def test_who_evades_is_what_the_equations_say(result):
    stopped = EVADING["apprehensions_evading"](result.array).sum(axis=(2, 3, 4))
    assert stopped == pytest.approx(result.total("apprehensions_evading"), rel=1e-9)
    for name in ("irregular_entries", "smuggled_migrants", "smuggling_recorded"):
        assert EVADING[name](result.array).sum(axis=(2, 3, 4)) == pytest.approx(result.total(name), rel=1e-9)


def test_a_march_has_thrice_the_december_of_its_year_among_those_who_evade_and_nothing_else_moves(months):
    evading = months.count("apprehensions_evading")[0].reshape(-1, 12)
    smooth = months.smooth.total("apprehensions_evading")[0].reshape(-1, 12) / 12
    factors = np.array(months.seasons.factors)
    wanted = smooth[:, 2] * factors[2] / (smooth[:, 11] * factors[11])
    assert evading[:, 2] / evading[:, 11] == pytest.approx(wanted, rel=0.05)
    assert 2.9 < factors[2] / factors[11] < 3.2
    for name in catalogue().outcomes:
        if name not in EVADING:
            assert months.result.array(name) is months.smooth.array(name)
    assert months.result.array(BESIDE) is months.smooth.array(BESIDE)


def test_a_month_of_a_stock_is_its_mean_and_has_no_count(result, months):
    residents = result.total("irregular_residents")
    assert months.result.total("irregular_residents") == pytest.approx((residents[:, 1:] + residents[:, :-1]) / 2)
    for name in ("irregular_residents", "smuggler_fee", "route_share"):
        with pytest.raises(ValueError, match="no count"):
            months.count(name)


def test_months_say_which_they_are(months):
    assert (months.labels[0], months.labels[-1], len(months.labels)) == ("2000-01", "2026-12", 27 * 12)
    assert months.result.time[2] == pytest.approx(2000 + 2.5 / 12)
    assert "FY2000 to FY2008" in months.result.provenance["season"] and months.smooth.provenance["season"] == "none"


def test_a_corridor_without_seasons_has_flat_months():
    scenario = Scenario.load(FLAT).with_changes(start=2000, end=2003, save_every="month")
    flat = monthly(run(scenario), scenario)
    assert flat.seasons is None and flat.result is flat.smooth and "no seasons.yaml" in flat.result.provenance["season"]
    assert flat.recorded("apprehensions_recorded") is None


def test_an_ensemble_has_the_months_of_each_of_its_members(scenario):
    short = scenario.with_changes(start=2024, end=2026)
    several = monthly(run_ensemble(short, 3, seed=1, keep=names_for_months()), short)
    assert several.count("irregular_entries").shape == (3, 24)
    table = several.table()
    assert list(table.columns) == list(COLUMNS) and set(table["member"]) == {0, 1, 2}
    assert several.result.members == 3 and "traffic" not in set(table["variable"])


def test_what_was_not_kept_or_is_no_variable_is_refused(scenario):
    short = scenario.with_changes(start=2024, end=2025)
    with pytest.raises(KeyError, match="was not saved"):
        monthly(run(short, keep=["apprehensions_recorded"]), short)
    with pytest.raises(KeyError, match="no variable 'apprehensions'"):
        monthly(run(short), short, ["apprehensions"])


# The record ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def on_record():
    """Months on record (month) of a series, by their number from January of year zero."""
    rows = pd.read_csv(CORRIDOR / "recorded_monthly.csv", keep_default_na=False)
    rows = rows[rows["route"] == ""].assign(month=lambda each: np.floor(12 * each["time"] + 1e-3).astype(int))
    return {name: some.set_index("month")["value"].sort_index() for name, some in rows.groupby("series")}


def fiscal_years(series, first, last):
    """Its whole fiscal years, (year, month), October first."""
    years = (series.reindex(range(12 * year - 3, 12 * year + 9)) for year in range(first, last + 1))
    return np.array([year.to_numpy() for year in years if year.notna().all()])


def test_the_season_is_that_of_the_record(on_record):
    factors = read_seasons(Scenario.load(BORDER).corridor).factors
    years = fiscal_years(on_record["apprehensions_monthly"], 2000, 2008)
    assert len(years) == 9
    wanted = np.roll((years / years.mean(axis=1, keepdims=True)).mean(axis=0), -3)
    assert factors == pytest.approx(wanted, abs=6e-5)
    assert sum(factors) == pytest.approx(12, rel=1e-15) and (round(factors[2], 2), round(factors[11], 2)) == (
        1.58,
        0.51,
    )


def test_how_far_the_season_helps_is_told_as_it_is(on_record):
    text = (CORRIDOR / "SOURCES.md").read_text(encoding="utf-8")
    section = text.partition("\n## Seasons\n")[2].partition("\n## ")[0]
    stated = [row.split("|")[3:7] for row in section.splitlines() if re.match(r"\|.*\| (flat|season) \|", row)]
    shape = np.roll(read_seasons(Scenario.load(BORDER).corridor).factors, 3)
    wanted = []
    for name in ("apprehensions_monthly", "apprehensions_single_adults_monthly"):
        for factors in (np.ones(12), shape):
            spans = [fiscal_years(on_record[name], *span) for span in
                     ((2000, 2008), (2009, 2013), (2014, 2019), (2020, 2024))]  # fmt: skip
            wanted.append(
                [
                    f"{100 * np.mean(np.abs(each.mean(axis=1, keepdims=True) * factors / each - 1)):.1f}"
                    if len(each)
                    else "-"
                    for each in spans
                ]
            )
    assert [[cell.strip() for cell in row] for row in stated] == wanted


def test_months_stand_beside_those_on_record(months, on_record):
    seen = months.recorded("apprehensions_recorded")
    assert seen[months.labels.index("2001-03")] == on_record["apprehensions_monthly"][12 * 2001 + 2] == 170580
    assert np.isnan(seen[months.labels.index("2026-12")])
    mexico = months.recorded("apprehensions_by_origin", origin="mexico")
    assert mexico[months.labels.index("2022-01")] == on_record["apprehensions_mexico_monthly"][12 * 2022]
    assert np.nansum(months.recorded("apprehensions_by_route", route="arizona")) > 1e6
    assert months.recorded("irregular_entries") is None
    ratio = months.count("apprehensions_recorded")[0] / seen  # no slip of a month, and no factor of twelve
    assert 0.5 < np.median(ratio[: 12 * 8]) < 2 and np.nanmedian(np.abs(np.log(ratio[: 12 * 8]))) < 0.2


def test_seasons_are_in_no_run_and_in_no_fit(tmp_path):
    home = tmp_path / "corridors" / BORDER
    shutil.copytree(CORRIDOR, home)
    before = Scenario.of_corridor(Scenario.load(home / "corridor.yaml").corridor)
    (home / FILE).unlink()
    (home / "recorded_monthly.csv").unlink()
    after = Scenario.of_corridor(Scenario.load(home / "corridor.yaml").corridor)
    assert before.digest == after.digest and before.corridor == after.corridor and not after.corridor.out_of_date
    assert read_seasons(after.corridor) is None


# The command line ------------------------------------------------------------------------------------------


def test_months_are_shown_of_the_year_in_which_policy_starts(pushpull):
    code, out, err = pushpull("run", BORDER, "--monthly", "--end", "2028")
    assert code == 0 and "FY2000 to FY2008" in err and "an assumption" in err
    assert re.findall(r"^  (2027-\d\d) ", out, re.MULTILINE) == [f"2027-{month:02d}" for month in range(1, 13)]
    assert re.search(r"^  2027 ", out, re.MULTILINE) and "twelve times a month is its yearly pace" in out
    code, out, _ = pushpull("run", BORDER, "--monthly", "--start", "2007", "--end", "2009.4")
    assert code == 0 and "2008-12" in out and "2009-01" not in out and "on record" in out
    code, out, _ = pushpull("run", BORDER, "--monthly", "--start", "2009.5", "--end", "2010.25", "--members", "3")
    assert code == 0 and out.count("2009-") == 6 and out.count("2010-") == 3 and "medians of 3 members" in out


def test_a_corridor_without_seasons_says_so(pushpull):
    code, out, err = pushpull("run", FLAT, "--monthly", "--end", "2004")
    assert code == 0 and "no seasons.yaml" in err and "flat" in err and "without season" not in out


def test_every_format_holds_the_months_of_python(pushpull, tmp_path):
    years = ("--start", "2007", "--end", "2009")
    scenario = Scenario.load(BORDER).with_changes(start=2007, end=2009, save_every="month")
    wanted = monthly(run(scenario), scenario)
    code, out, _ = pushpull("run", BORDER, "--monthly", *years, "-o", "-")
    assert code == 0 and out == "".join(wanted.csv()) and out.count("\n") == 1 + wanted.result.rows_in_csv - 9 * 24
    for ending in ("nc", "json"):
        assert pushpull("run", BORDER, "--monthly", *years, "-o", tmp_path / f"months.{ending}")[0] == 0
    table = pd.read_csv(StringIO(out), keep_default_na=False, na_values={"recorded": "", "in_month": ""})
    pd.testing.assert_frame_equal(
        table, wanted.table(), check_dtype=False, check_index_type=False, check_column_type=False, rtol=0, atol=0
    )
    assert wanted.save(tmp_path / "months.csv").read_text(encoding="utf-8") == out
    some = table[(table["variable"] == "apprehensions_recorded") & (table["month"] == "2008-03")].iloc[0]
    assert (some["unit"], some["recorded"]) == ("person/year", 89770) and some["in_month"] == some["value"] / 12
    entries = wanted.result.total("irregular_entries")[0]
    held = json.loads((tmp_path / "months.json").read_text(encoding="utf-8"))
    assert held["variables"]["irregular_entries"]["total"][0] == entries.tolist()
    with xarray.open_dataset(tmp_path / "months.nc") as data:
        assert (data["irregular_entries"].to_numpy() == entries).all() and "yearly pace" in data.attrs["months"]


@pytest.mark.parametrize(
    "options, words",
    [
        (["--every", "quarter"], ("--every", "month, step")),
        (["--members", "2", "-o", "many.zarr"], ("many.zarr", ".csv, .nc, .json")),
        (["--start", "2010.01", "--end", "2010.06"], ("--monthly", "no month")),
    ],
)
def test_what_makes_no_months_is_refused(pushpull, options, words):
    code, out, err = pushpull("run", BORDER, "--monthly", *options)
    assert (code, out) == (2, "") and all(word in err for word in words) and "Traceback" not in err


@pytest.mark.parametrize("steps, code", [(20, 0), (6, 2)])
def test_steps_that_make_no_whole_months_are_averaged_over_them(pushpull, tmp_path, steps, code):
    file = tmp_path / "own.yaml"
    file.write_text(
        f"schema_version: 4\ntitle: Own\ncorridor: {FLAT}\nhorizon: {{end: 2004}}\n"
        f"integration: {{steps_per_year: {steps}}}\n"
    )
    answer = pushpull("run", file, "--monthly", "-o", "-")
    assert answer[0] == code and ("further apart than a month" in answer[2]) == (code == 2)


# Files of one's own ----------------------------------------------------------------------------------------


@pytest.fixture
def own(tmp_path):
    scenario = strait.make(tmp_path)
    (strait.folder_of(scenario) / FILE).write_text(SEASONS, encoding="utf-8")
    return scenario


def test_a_corridor_of_ones_own_may_have_seasons(own):
    scenario = Scenario.load(own).with_changes(start=2015, end=2016, save_every="month")
    entries = monthly(run(scenario), scenario).count("irregular_entries")[0]
    assert entries[:6].sum() / entries[6:].sum() == pytest.approx(3, rel=0.1)


AUGUST = ", ".join(f"{name}: {6.5 if name == 'august' else 0.5}" for name in MONTHS)
REEF = f"by_route: {{reef: {{{AUGUST}}}}}\n"


def test_a_route_may_have_its_own_season_and_others_take_that_of_all(own):
    strait.edit(own, FILE, "years:", REEF + "years:")
    scenario = Scenario.load(own).with_changes(start=2015, end=2016, save_every="month")
    months = monthly(run(scenario), scenario, ["apprehensions_by_route", BESIDE, "deaths_by_route"])
    evading = {
        route: months.count("apprehensions_by_route", route=route)[0] for route in ("reef", "harbour", "lighthouse")
    }
    assert evading["reef"][7] > 4 * evading["reef"][0] and evading["harbour"][7] < 0.6 * evading["harbour"][0]
    assert "people who evade" in months.result.provenance["season"]
    assert months.result.array("deaths_by_route") is months.smooth.array("deaths_by_route")
    strait.edit(own, FILE, "years:", "of: everyone\nyears:")
    of_all = monthly(run(scenario), scenario, ["deaths_by_route", "irregular_entries"])
    deaths = {route: of_all.count("deaths_by_route", route=route)[0] for route in evading}
    assert deaths["reef"][7] > 10 * deaths["reef"][0] and deaths["harbour"][7] < 0.5 * deaths["harbour"][0]


@pytest.mark.parametrize(
    "old, new, line, words",
    [
        ("years:", "of: everybody\nyears:", 15, ('of is "everybody"', "everyone")),
        ("years:", "of: 1\nyears:", 15, ("of is", "evading", "everyone")),
        ("years:", "by_route: reef\nyears:", 15, ("by_route is", "a mapping")),
        ("years:", REEF.replace("reef", "riff") + "years:", 15, ('by_route knows no "riff"', "reef")),
        ("years:", REEF.replace("january: 0.5, ", "") + "years:", 15, ("by_route of reef lacks", "january")),
        ("years:", REEF.replace("january: 0.5", "january: 0.6") + "years:", 15, ("on reef add up to 12.1", "12")),
        (
            "years:",
            REEF.replace("august: 6.5", "august: 0") + "years:",
            15,
            ("factor of august on reef is 0", "above 0"),
        ),
        ("years:", REEF.replace("august", "agust") + "years:", 15, ('by_route of reef knows no "agust"', "august")),
        (FACTORS[0], "", 3, ("factors lacks", "january")),
        (FACTORS[1], FACTORS[1].replace("february", "febuary"), 4, ("febuary", "february")),
        (FACTORS[2], "  march: 0\n", 5, ("factor of march is 0", "above 0")),
        (FACTORS[2], "  march: 1,5\n", 5, ("factor of march", "1.5")),
        (FACTORS[2], "  march: 1.6\n", 3, ("add up to 12.1", "12")),
        ('years: "1999"\n', "", 1, ("lacks", "years")),
        ("why: an assumption\n", "why: 3\n", 17, ("why", "text")),
        ("schema_version: 1", "schema_version: 2", 1, ("schema_version is not 1",)),
        ("source: coast", "sources: coast", 16, ("sources", "source")),
        (
            "why: an assumption\n",
            "why: an assumption\nrecorded: {irregular_entries: crossings}\n",
            18,
            ("recorded_monthly",),
        ),
    ],
)
def test_faults_of_seasons_are_told_with_their_line(own, pushpull, old, new, line, words):
    strait.edit(own, FILE, old, new)
    code, out, err = pushpull("validate", strait.folder_of(own) / FILE)
    assert (code, out) == (2, "") and f"{FILE}:{line}:" in err.splitlines()[0] and all(word in err for word in words), (
        err
    )
    assert pushpull("run", own, "--monthly")[0] == 2


HEAD = "series,year,timing,time,route,value,unit,source,quality,note\n"
ROW = "crossings,2010,as_dated,2010.0417,,90,crossings a month,coast,B,\n"
BY_ROUTE = ROW.replace("2010.0417,,", "2010.0417,reef,")


@pytest.mark.parametrize(
    "recorded, rows, words",
    [
        ("irregular_entry: crossings", ROW, ("irregular_entry", "irregular_entries")),
        ("irregular_residents: crossings", ROW, ("counted in person", "a flow")),
        ("irregular_entries: crossing", ROW, ("crossing", "crossings")),
        ("irregular_entries: {all: crossings}", ROW, ("all origins together",)),
        ("apprehensions_by_origin: {nobody: crossings}", ROW, ("nobody", "all")),
        ("irregular_entries: crossings", BY_ROUTE, ("by route", "one number")),
        ("irregular_entries: crossings", ROW.replace("a month", "a year"), ("crossings a year", "no count of a month")),
        ("irregular_entries: crossings", ROW + ROW.replace("coast", "navy"), ("two values of 2010-01",)),
        ("irregular_entries: crossings", ROW.replace(",90,", ",many,"), ("recorded_monthly.csv:2", "many")),
    ],
)
def test_faults_of_months_on_record_are_told(own, recorded, rows, words):
    strait.edit(own, FILE, "why: an assumption\n", f"why: an assumption\nrecorded: {{{recorded}}}\n")
    (strait.folder_of(own) / "recorded_monthly.csv").write_text(HEAD + rows, encoding="utf-8")
    with pytest.raises(ScenarioFaults) as refused:
        read_seasons(Scenario.load(own).corridor)
    assert all(word in str(refused.value) for word in words)


def test_months_on_record_of_ones_own_stand_where_they_belong(own):
    strait.edit(own, FILE, "why: an assumption\n", "why: it\nrecorded: {apprehensions_by_route: crossings}\n")
    (strait.folder_of(own) / "recorded_monthly.csv").write_text(HEAD + BY_ROUTE, encoding="utf-8")
    scenario = Scenario.load(own).with_changes(start=2010, end=2011, save_every="month")
    found = monthly(run(scenario), scenario)
    assert found.recorded("apprehensions_by_route", route="reef")[0] == 90
    assert (
        found.recorded("apprehensions_by_route") is None and found.recorded("apprehensions_by_route", "harbour") is None
    )
