"""Dated policy, coded twice and settled: dates, units and ranges, one value a day, and each settled row by its rule."""

from csv import reader
from datetime import date
from itertools import pairwise
from operator import itemgetter
from statistics import fmean

import numpy as np
import pytest

from tests.cases import failing
from tests.policy_codings import (
    CODINGS,
    COUNTRIES,
    FOLDER,
    GROUPS,
    STREAMS,
    agreement,
    both,
    difference,
    largest,
    on_day,
    overlaps,
    rank_correlation,
    read,
    rows_by_cell,
)
from tests.policy_series import MONTHS, TAKES_HOLD
from tests.policy_series import rows as policy_rows
from tests.policy_series import series as policy_series
from tests.test_house import ROOT

ROUTES = (
    "all air arizona between_ports california darien del_rio el_centro el_paso interior laredo mexico nicaragua ports "
    "resettlement rio_grande_valley san_diego texas tucson yuma"
).split()
UNITS = {
    "barriers": {"miles", "share"},
    "forward_deployment": {"share", "guards"},
    "parole_places": {"people a year", "people in all"},
    "port_appointments": {"people a day"},
    "refugee_places": {"people a year", "people a year in the world"},
    "work_permit_wait": {"years"},
} | dict.fromkeys(
    "claim_access deterrence_at_interior expelled_share may_not_be_held_share recognition_or_removal_cooperation "
    "returned_to_wait_share sanctioned_share transit_pass_share visa_requirement".split(),
    {"share"},
)
CODED = {name: read(name) for name in (*CODINGS, "policy_events")}
BY_ID = {row["id"]: row for name in CODINGS for row in CODED[name]}
SETTLED = CODED["policy_events"]
EVERY_ROW = [row for rows in CODED.values() for row in rows]
NUMBERS = ("low", "share", "high")


def numbers(row):
    return [float(row[name]) for name in NUMBERS]


def test_every_row_is_whole():
    assert failing(whole, EVERY_ROW, itemgetter("id")) == []


def whole(row):
    start, end = (date.fromisoformat(row[name]) if row[name] else None for name in ("start", "end"))
    assert date(1990, 1, 1) <= start < date(2026, 9, 1) and (end is None or start < end)
    low, share, high = numbers(row)
    assert 0 <= low <= share <= high and (high <= 1 or row["unit"] != "share")
    assert row["unit"] in UNITS[row["instrument"]] and row["quality"] in {"A", "B", "C"} and row["stream"] in STREAMS
    groups, countries = row["origin_group"].split(), row["country"].split()
    assert groups == ["all"] or (groups and {*groups} <= {*GROUPS})
    assert (
        {COUNTRIES[name] for name in countries} <= {*groups} and {*row["route"].split()} <= {*ROUTES} and row["route"]
    )
    assert row["basis"].strip() and row["source"].strip() and row["title"].strip()


@pytest.mark.parametrize(
    ("name", "rows"), [("policy_coding_second", 131), ("policy_coding", 161), ("policy_events", 214)]
)
def test_no_row_stands_twice_and_none_is_lost(name, rows):
    assert len({row["id"] for row in CODED[name]}) == len(CODED[name]) == rows


def test_the_settled_file_has_one_value_for_each_cell_and_day():
    assert overlaps(SETTLED) == []


def test_two_rows_that_say_equally_much_are_seen():
    twice = [SETTLED[0], {**SETTLED[0], "id": "again"}]
    assert overlaps(twice)[0][2] == [SETTLED[0]["id"], "again"]


def test_every_settled_row_follows_its_rule():
    assert failing(follows_its_rule, SETTLED, itemgetter("id")) == []


def follows_its_rule(row):
    coded = [BY_ID[name] for name in row["rows"].split()]
    assert {one["instrument"] for one in coded} == {row["instrument"]}
    lows, shares, highs = zip(*map(numbers, coded), strict=True)
    low, share, high = numbers(row)
    match row["decision"]:
        case "one":
            assert len(coded) == 1 and (low, share, high) == (lows[0], shares[0], highs[0])
            assert row["unit"] == coded[0]["unit"]
        case "mean":
            assert {one["id"][0] for one in coded} == {"A", "B"} and max(lows) <= min(highs)
            assert share == pytest.approx(fmean(shares), rel=1e-3, abs=1e-4) and (low, high) == (min(lows), max(highs))
            assert {one["unit"] for one in coded} == {row["unit"]}
        case "open":
            assert share == pytest.approx(fmean(shares), abs=1e-4) and (low, high) == (min(lows), max(highs))
            assert row["note"]
        case "text":
            assert low <= min(lows) and high >= max(highs) and row["note"]
        case "exempt":
            assert low == share == high == 0 and row["note"]
        case other:
            pytest.fail(f"no such decision: {other}")


@pytest.mark.parametrize(
    ("cell", "day", "share"),
    [
        (("expelled_share", "evading", "mexico", "between_ports"), date(2022, 12, 1), 0.95),
        (("expelled_share", "presenting", "venezuela", "between_ports"), date(2022, 11, 1), 0.775),
        (("expelled_share", "children", "mexico", "between_ports"), date(2022, 11, 1), 0.01),
        (("returned_to_wait_share", "children", "northern_triangle", "ports"), date(2019, 9, 1), 0),
        (("port_appointments", "all", "mexico", "ports"), date(2024, 1, 1), 1450),
        (("may_not_be_held_share", "presenting", "cuba", "ports"), date(2005, 1, 1), 0.98),
    ],
)
def test_the_row_that_says_more_overrides(cell, day, share):
    [row] = on_day(rows_by_cell(SETTLED)[cell], day)
    assert float(row["share"]) == share


def coding(*shares, unit="share"):
    days = ["1990-01-01", "1990-02-01", "1990-03-01", "1990-04-01"]
    row = {
        "instrument": "transit_pass_share",
        "stream": "all",
        "origin_group": "northern_triangle",
        "country": "el_salvador",
    }
    return [
        {
            **row,
            "id": f"{unit}{n}",
            "route": "mexico",
            "start": days[n],
            "end": days[n + 1],
            "low": value,
            "share": value,
            "high": value,
            "unit": unit,
        }
        for n, value in enumerate(shares)
    ]


def test_agreement_is_measured():
    count, shared, meet, mean, rank = agreement(list(both(coding("0.1", "0.2", "0.4"), coding("0.2", "0.2"))))
    assert (count, shared, meet, rank) == (3, pytest.approx(2 / 3), 0.5, None) and mean == pytest.approx(0.05)
    pairs = list(zip(coding("0.1", "0.2", "0.4"), coding("0.3", "0.2", "0.1"), strict=True))
    assert rank_correlation(pairs) == pytest.approx(-1)
    assert difference(coding("1", unit="miles")[0], coding("3", unit="miles")[0]) == pytest.approx(1)


def test_only_rows_of_one_unit_are_compared_and_the_largest_difference_comes_first():
    assert agreement(list(both(coding("0.1"), coding("3", unit="miles"))))[1:] == (0, None, None, None)
    first = largest(list(both(coding("0.1", "0.9"), coding("0.2", "0.2"))), 1)
    assert [(round(gap, 6), cells, one["share"]) for gap, cells, one, _ in first] == [(0.7, 1, "0.9")]


def test_sources_quote_the_comparison():
    said = (ROOT / "scenarios/corridors/us_southwest_border/SOURCES.md").read_text(encoding="utf-8")
    compared = list(both(*(CODED[name] for name in CODINGS)))
    for instrument in sorted(UNITS):
        part = [row for row in compared if row[0].instrument == instrument]
        _, *parts = agreement(part)
        cells = (f"{value:.2f}" if value is not None else "-" for value in parts)
        assert f"| {instrument} | {len(part)} | {' | '.join(cells)} |" in said
    for gap, cells, one, other in largest(compared, 20):
        assert f"| {gap:.2f} | {cells} | {one['id']} {one['share']} | {other['id']} {other['share']} |" in said


# The series that runs read of it


@pytest.fixture(scope="module")
def made():
    """Each series by name and month: its values as they are made of the settled file."""
    return {name: dict(zip(MONTHS, months, strict=True)) for name, (_, months) in policy_series().items()}


def test_the_corridor_holds_the_series_as_they_are_made():
    with (FOLDER / "series.csv").open(encoding="utf-8", newline="") as opened:
        held = [row for row in reader(opened) if row[7] == "policy_events"]
    made = policy_rows()
    assert len(made) > 200
    extra = [row for row in held if row not in made]
    missing = [row for row in made if row not in held]
    assert held == made, f"`python -m tests.policy_series` makes other rows: {extra} should be {missing}"


def test_runs_meet_the_value_of_every_month_from_shortly_after_a_change(made):
    points = {}
    for name, year, _, time, route, value, *_ in policy_rows():
        assert int(year) <= float(time) < int(year) + 1
        points.setdefault(f"{name}@{route}" if route else name, []).append((float(time), float(value)))
    assert {*points} == {*made}
    middles = [month.year + (month.month - 0.5) / 12 for month in MONTHS]
    for name, dated in points.items():
        times, values = zip(*dated, strict=True)
        assert all(first < second for first, second in pairwise(times)), name
        read = np.interp(middles, times, values)
        months = [round(each, 4) for each in made[name].values()]
        rounding = 1e-3 * max(values)  # times carry four digits of a year, in which a month is 833 of them
        assert len(months) == len(read)
        for number, value in enumerate(read):
            recent = months[max(number - TAKES_HOLD, 0) : number + 1]
            low, high = min(recent), max(recent)
            assert low - rounding <= value <= high + rounding, (name, MONTHS[number])


FAMILIES, CHILDREN = 0.915, 0.985  # who may not be held in 2019: P096, P081


@pytest.mark.parametrize(
    ("name", "day", "value"),
    [
        # who may not be held, nothing else: P110, P095, and of children no row, so that families stand for them
        ("release_share_elsewhere", date(1995, 6, 15), (0.91 + 0.91) / 2),
        # the same, and claims of Mexicans (P014) beside those of others (P018)
        ("release_share_mexico", date(2012, 6, 15), (0.1 + 0.09) / 2 * 0.74 / 0.89),
        # families sent to wait in Mexico, children exempt: P162, P167; claims alike (P023)
        (
            "release_share_northern_triangle",
            date(2019, 10, 15),
            (FAMILIES * (1 - 0.525) + CHILDREN) / 2,
        ),
        ("release_share_farther_americas", date(2019, 10, 15), (FAMILIES * 0.55 + CHILDREN) / 2),
        ("release_share_elsewhere", date(2019, 10, 15), (FAMILIES + CHILDREN) / 2),
        # expelled: families P062, children P055; claims are not weighed a second time
        (
            "release_share_northern_triangle",
            date(2021, 6, 15),
            (FAMILIES * (1 - 0.375) + CHILDREN * (1 - 0.01)) / 2,
        ),
        # neither expelled nor sent to wait: P118, P098, P081
        ("release_share_farther_americas", date(2023, 10, 15), (0.965 + 0.985) / 2),
        ("asylum_access", date(2024, 9, 15), 0.2),
        ("near_return_northern_triangle", date(2019, 10, 15), 0.1),
        ("near_return_northern_triangle", date(2021, 6, 15), 0.1 + 0.9 * 0.9),
        ("near_return_northern_triangle", date(2025, 6, 15), 0.1),  # expelled by half, but flown home
        ("border_consequences", date(1992, 6, 15), 0.03),
        ("border_consequences", date(2021, 6, 15), 0.8 * (1 - 0.95)),
        ("border_consequences", date(2025, 6, 15), 0.97),
        ("ports_of_entry_places", date(2022, 6, 15), 0),
        ("ports_of_entry_places", date(2024, 6, 15), 1450 * 365),
        ("transit_pass_share_northern_triangle", date(2019, 2, 15), 0.6),  # not coded: the value before
        ("transit_pass_share_farther_americas", date(2005, 6, 15), 0.78),  # no row of the Darien before 2010
        ("transit_pass_share_farther_americas", date(2015, 6, 15), 0.61 * 0.97),
    ],
)
def test_a_series_follows_from_the_settled_rows(made, name, day, value):
    assert made[name][day] == pytest.approx(value, abs=1e-12)


def test_every_share_lies_between_none_and_all(made):
    for name, months in made.items():
        assert "_places" in name or all(0 <= each <= 1 for each in months.values()), name
