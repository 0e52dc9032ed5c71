"""Dated policy, coded twice and settled: dates, units and ranges, one value a day, and each settled row by its rule."""

from datetime import date
from statistics import fmean

import pytest

from tests.policy_codings import (
    CODINGS,
    COUNTRIES,
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


@pytest.mark.parametrize("row", EVERY_ROW, ids=[row["id"] for row in EVERY_ROW])
def test_a_row_is_whole(row):
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


@pytest.mark.parametrize("row", SETTLED, ids=[row["id"] for row in SETTLED])
def test_a_settled_row_follows_its_rule(row):
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
