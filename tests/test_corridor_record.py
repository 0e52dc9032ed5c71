"""The record of the southwest border to 2026: complete, no part of a year read as a year, sums that hold."""

from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[1]
CORRIDOR = ROOT / "scenarios" / "corridors" / "us_southwest_border"
FILES = ("series", "drivers", "recorded", "recorded_monthly")
GROUPS = ("mexico", "northern_triangle", "farther_americas", "elsewhere")
KINDS = ("families", "unaccompanied_children", "single_adults")
ROUTES = ("california", "arizona", "west_texas", "south_texas")


@pytest.fixture(scope="module")
def record():
    return pd.concat([pd.read_csv(CORRIDOR / f"{file}.csv", keep_default_na=False) for file in FILES])


@pytest.fixture(scope="module")
def expected():
    """First and last time and number of rows of every series, counted in what the sources give."""
    return pd.read_csv(Path(__file__).with_name("corridor_series.csv")).set_index("series")


def by_time(record, name, route=""):
    rows = record[(record["series"] == name) & (record["route"] == route)]
    assert len(rows), f"no rows of {name} {route}"
    return rows.set_index("time")["value"].sort_index()


def by_year(record, name, route=""):
    rows = record[(record["series"] == name) & (record["route"] == route) & (record["timing"] != "as_dated")]
    assert len(rows), f"no rows of {name} {route}"
    return rows.set_index("year")["value"].sort_index()


def total_of(record, names, year):
    return sum(by_year(record, name)[year] for name in names)


def fiscal_year(monthly, year):
    """Sum of the months from October to September; all twelve must be there."""
    months = monthly[(monthly.index > year - 0.25) & (monthly.index < year + 0.75)]
    assert len(months) == 12, f"{len(months)} months of FY{year}"
    return months.sum()


def full_fiscal_years(monthly):
    years = range(int(monthly.index.min()), int(monthly.index.max()) + 2)
    return [y for y in years if ((monthly.index > y - 0.25) & (monthly.index < y + 0.75)).sum() == 12]


# Completeness


def test_every_series_is_as_long_as_its_sources_allow(record, expected):
    counted = record.groupby("series")["time"].agg(["min", "max", "size"])
    counted.columns = ["first", "last", "rows"]
    listed = counted.reindex(expected.index)
    wrong = (listed - expected).abs().max(axis=1)
    assert not (wrong > 1e-6).any() and listed.notna().all(axis=None), listed[~(wrong <= 1e-6)].to_string()


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("apprehensions", 2026.1667),
        ("apprehensions_by_route", 2024.25),
        ("border_deaths_recorded", 2021.25),
        ("irregular_residents_estimate", 2023.5),
        ("temporary_work_visas", 2024.25),
        ("vacancy_rate", 2026.3333),
        ("unemployment_rate", 2026.2917),
        ("housing_starts_per_labour_force", 2026.3333),
        ("patrol_agents", 2023.1042),
        ("removals", 2025.8125),
        ("immigration_judges", 2026.0917),
        ("claim_court_capacity", 2026.125),
        ("homicide_mexico", 2024.5),
        ("conflict_intensity_northern_triangle", 2024.5),
        ("visa_overstays", 2024.25),
        ("detained_population", 2026.1014),
        ("court_pending_trac", 2026.0),
        ("affirmative_asylum_pending", 2025.5),
        ("encounters_at_ports_year_to_july", 2026.0833),
    ],
)
def test_what_the_present_is_judged_by_goes_as_far_as_the_record(record, name, last):
    assert record.loc[record["series"] == name, "time"].max() == pytest.approx(last, abs=1e-4)


def test_every_group_has_every_driver_of_its_people(record):
    for group in GROUPS:
        for ages in ("15_24", "25_59", "15_29"):
            points = by_year(record, f"people_{ages}_{group}")
            assert list(points.index) == list(range(1970, 2061, 5))
        young, younger = by_year(record, f"people_15_29_{group}"), by_year(record, f"people_15_24_{group}")
        assert (young > younger).all()


def test_projections_of_people_are_marked(record):
    rows = record[record["series"].str.match(r"people_\d")]
    assert (rows.loc[rows["year"] > 2020, "quality"] == "B").all()
    assert rows.loc[rows["year"] > 2020, "note"].str.startswith("projection").all()
    assert (rows.loc[rows["year"] <= 2020, "quality"] == "D").all()


# No part of a year as a year


def test_the_last_year_of_a_sum_of_months_has_twelve(record):
    pairs = {
        "apprehensions": "apprehensions_monthly",
        "encounters_at_large": "encounters_at_large_monthly",
        "apprehensions_families": "apprehensions_families_monthly",
        "encounters_at_ports": "encounters_at_ports_monthly",
        "notices_to_appear_at_ports": "notices_to_appear_at_ports_monthly",
    }
    for yearly, monthly in pairs.items():
        assert by_year(record, yearly).index.max() <= max(full_fiscal_years(by_time(record, monthly))), yearly


def test_partial_years_have_no_row(record):
    assert 2026 not in by_year(record, "apprehensions").index
    assert 2025 not in by_year(record, "apprehensions_by_route", "california").index
    assert 2025 not in by_year(record, "apprehensions_families").index
    assert 2025 not in by_year(record, "dead_and_missing_us_side").index
    assert 2025 not in by_year(record, "mexico_interceptions").index
    assert 2021 not in by_year(record, "court_completions_eoir").index
    assert 2024 not in by_year(record, "gotaways_nationwide").index
    assert 2025 not in by_year(record, "repatriations_of_mexicans").index
    assert 2025 not in by_year(record, "removals").index
    calendar = record[(record["series"] == "unemployment_rate") & (record["timing"] == "calendar_year_mean")]
    assert calendar["year"].max() == 2024
    for name in ("vacancy_rate", "housing_starts_per_labour_force", "job_openings"):
        assert by_year(record, name).index.max() == 2025


def test_twelve_months_across_two_years_stand_in_their_middle(record):
    at_entry = by_time(record, "apprehensions_monthly")
    last = at_entry[at_entry.index > 2025.66]
    assert len(last) == 12
    assert by_time(record, "apprehensions")[2026.1667] == last.sum()
    assert last.index.to_numpy().mean() == pytest.approx(2026.1667, abs=1e-3)


def test_who_came_in_the_twelve_months_to_august_2025_is_whole(record):
    """Groups of origin and kinds of people, each with its middle, are the months that are known of them."""
    middle = 2025.1667
    months = {
        kind: by_time(record, f"apprehensions_{kind}_monthly").loc[2024.7:2025.66]
        for kind in ("families", "unaccompanied_children", "single_adults")
    }
    assert {len(each) for each in months.values()} == {12}
    adults = by_time(record, "apprehensions_single_adults")[middle]
    others = by_time(record, "apprehensions_families_and_children")[middle]
    assert adults == months["single_adults"].sum()
    assert adults + others == sum(each.sum() for each in months.values())
    groups = {group: by_time(record, f"apprehensions_{group}") for group in GROUPS}
    assert sum(each[middle] for each in groups.values()) == adults + others
    assert all(each.index[-1] == middle for each in groups.values())
    nine = {group: by_time(record, f"apprehensions_{group}_monthly").loc[2024.7:].sum() for group in GROUPS}
    assert all(1 <= groups[group][middle] / nine[group] < 1.11 for group in GROUPS)


# Sums


def test_months_sum_to_the_published_years(record):
    monthly, yearly = by_time(record, "apprehensions_monthly"), by_year(record, "apprehensions")
    years = full_fiscal_years(monthly)
    assert years == list(range(2000, 2026))
    assert [fiscal_year(monthly, year) for year in years] == list(yearly.loc[2000:2025])


def test_months_sum_to_the_published_years_at_ports(record):
    monthly, yearly = by_time(record, "encounters_at_ports_monthly"), by_year(record, "encounters_at_ports")
    editions = 10  # encounters of FY2025: months were revised after the year had been printed
    assert full_fiscal_years(monthly) == list(range(2017, 2026))
    for year in range(2017, 2026):
        assert fiscal_year(monthly, year) == pytest.approx(yearly[year], abs=editions if year == 2025 else 0)


def test_months_by_route_sum_to_the_years(record):
    for route in ROUTES:
        monthly = by_time(record, "apprehensions_by_route_monthly", route)
        yearly = by_year(record, "apprehensions_by_route", route)
        assert full_fiscal_years(monthly) == list(range(2000, 2025))
        assert [fiscal_year(monthly, year) for year in range(2000, 2025)] == list(yearly.loc[2000:2024])


def test_those_stopped_at_entry_and_inland_are_all_encounters(record):
    whole = by_year(record, "encounters_between_ports")
    for year in (2024, 2025):
        assert total_of(record, ["apprehensions", "encounters_at_large"], year) == whole[year]
    routes = sum(by_year(record, "apprehensions_by_route", route) for route in ROUTES)
    assert routes[2024] == whole[2024]
    assert (by_year(record, "apprehensions").loc[2018:2023] == whole.loc[2018:2023]).all()


def test_kinds_of_people_sum_to_all(record):
    apprehended, whole = by_year(record, "apprehensions"), by_year(record, "encounters_between_ports")
    for year in range(2012, 2025):
        rounded = 15 if year == 2012 else 0  # three figures, each to the nearest ten
        expected = whole.get(year, apprehended[year])
        assert total_of(record, [f"apprehensions_{kind}" for kind in KINDS], year) == pytest.approx(
            expected, abs=rounded
        )


def test_origin_groups_sum_to_all(record):
    apprehended, whole = by_year(record, "apprehensions"), by_year(record, "encounters_between_ports")
    for year in range(2000, 2025):
        groups = total_of(record, [f"apprehensions_{group}" for group in GROUPS], year)
        share = groups / whole.get(year, apprehended[year])
        another_system_of_records = 0.048 if year == 2000 else 0.03
        assert share == pytest.approx(1, abs=another_system_of_records if year < 2005 else 1e-3), year


def test_mexicans_are_the_same_in_both_sources(record):
    theirs = by_year(record, "apprehensions_mexico")
    apprehended, whole = by_year(record, "apprehensions"), by_year(record, "encounters_between_ports")
    others = by_year(record, "apprehensions_other_than_mexican")
    for year in range(2005, 2025):
        assert theirs[year] == pytest.approx(whole.get(year, apprehended[year]) - others[year], rel=1e-3)


def test_origin_groups_sum_to_all_by_month_and_by_route(record):
    months = by_time(record, "apprehensions_by_route_monthly", "california")
    for route in ROUTES[1:]:
        months = months + by_time(record, "apprehensions_by_route_monthly", route)
    groups = sum(by_time(record, f"apprehensions_{group}_monthly") for group in GROUPS)
    assert len(groups) == 68 and (groups == months.loc[groups.index]).all()
    names = ("mexico", "northern_triangle", "six_of_farther_americas", "other_origins")
    for route in ROUTES:
        parts = sum(by_year(record, f"apprehensions_{name}_by_route", route) for name in names)
        assert (parts == by_year(record, "apprehensions_by_route", route).loc[parts.index]).all()
        kinds = sum(by_year(record, f"apprehensions_{kind}_by_route", route) for kind in KINDS)
        assert (kinds == by_year(record, "apprehensions_by_route", route).loc[kinds.index]).all()


def test_people_at_ports_sum_to_all(record):
    whole = by_year(record, "encounters_at_ports")
    for year in range(2020, 2025):
        assert total_of(record, [f"port_encounters_{group}" for group in GROUPS], year) == whole[year]
    kinds = [f"port_encounters_{kind}" for kind in (*KINDS, "accompanied_minors")]
    assert all(total_of(record, kinds, year) == whole[year] for year in range(2019, 2025))
    both = by_year(record, "encounters_between_ports") + whole
    assert both[2025] == by_year(record, "encounters_all")[2025]


def test_visas_of_the_groups_sum_to_the_four(record):
    for name in ("temporary_work_visas", "seasonal_visas"):
        groups = by_year(record, f"{name}_mexico") + by_year(record, f"{name}_northern_triangle")
        assert (groups == by_year(record, name)).all()


def test_asylum_by_origin_sums_to_the_whole(record):
    for name in ("asylum_granted_by_courts", "asylum_refused_by_courts", "asylum_seekers_pending_in_usa"):
        groups = sum(by_year(record, f"{name}_{group}") for group in GROUPS)
        assert (groups == by_year(record, name).loc[groups.index]).all(), name
    granted, refused = (by_year(record, f"asylum_{what}_by_courts") for what in ("granted", "refused"))
    assert by_year(record, "recognition_rate").to_numpy() == pytest.approx((granted / (granted + refused)), rel=2e-6)


def test_transits_and_interceptions_by_origin_sum_to_the_whole(record):
    darien = by_year(record, "darien_transits_farther_americas") + by_year(record, "darien_transits_elsewhere")
    assert (darien == by_year(record, "darien_transits").loc[darien.index]).all()
    mexico = sum(by_year(record, f"mexico_interceptions_{group}") for group in GROUPS[1:])
    assert (mexico == by_year(record, "mexico_interceptions")).all()


def test_deaths_and_profiles_by_route_sum_to_the_border(record):
    for yearly, routed in (
        ("border_deaths_recorded", "border_deaths_by_route"),
        ("rescues", "rescues_by_route"),
        ("accepted_prosecutions", "accepted_prosecutions_by_route"),
    ):
        routes = sum(by_year(record, routed, route) for route in ROUTES)
        assert (routes == by_year(record, yearly).loc[routes.index]).all(), yearly


def test_residents_of_the_northern_triangle_are_the_sum_of_the_three(record):
    three = [f"irregular_residents_{name}" for name in ("guatemala", "honduras", "el_salvador")]
    assert total_of(record, three, 2023) == by_year(record, "irregular_residents_northern_triangle")[2023]
    both = ["irregular_residents_mexico", "irregular_residents_other_than_mexican"]
    estimate = record[(record["series"] == "irregular_residents_estimate") & (record["source"] == "pew2025")]
    assert total_of(record, both, 2023) == estimate.set_index("year")["value"][2023]


def test_responses_are_not_read_by_the_corridor(record):
    text = (CORRIDOR / "corridor.yaml").read_text(encoding="utf-8")
    inputs = text[text.index("policies:") : text.index("recorded:")]
    responses = ("encounters", "expulsions", "interceptions", "apprehensions", "enrolments", "transits")
    assert not any(f"series: {name}" in inputs for name in record["series"].unique() if name.startswith(responses))
