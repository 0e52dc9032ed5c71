"""Dated policy as coded twice: dates in order, a share within its range, and a source; and how far the two agree."""

from __future__ import annotations

from datetime import date

import pytest

from tests.policy_codings import COUNTED, FILES, FOLDER, agreements, by_month, rows_of, table

GROUPS = {"all", "mexico", "northern_triangle", "farther_americas", "elsewhere"}
STREAMS = {"all", "evading", "presenting", "families", "children", "single_adults"}
ROWS = [row for file in FILES for row in rows_of(file)]


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_a_row_is_whole(row):
    start, end = (date.fromisoformat(row[name]) if row[name] else None for name in ("start", "end"))
    assert date(1990, 1, 1) <= start and (end is None or start < end)
    low, share, high = (float(row[name]) for name in ("low", "share", "high"))
    assert low <= share <= high and low >= 0 and (high <= 1 or row["instrument"] in COUNTED)
    assert row["origin_group"] in GROUPS and row["stream"] in STREAMS and row["quality"] in {"A", "B", "C"}
    assert row["basis"].strip() and row["source"].strip() and row["title"].strip()


def test_no_row_stands_twice_and_both_code_the_same_instruments():
    assert len({row["id"] for row in ROWS}) == len(ROWS) > 280
    first, second = ({row["instrument"] for row in rows_of(file)} for file in FILES)
    assert first == second and first >= COUNTED


def test_the_more_special_row_counts():
    row = {"instrument": "held", "start": "2000-01-01", "end": "2000-03-01", "route": "all", "low": "0", "high": "1"}
    rows = [
        {**row, "stream": "all", "origin_group": "all", "share": "0.5"},
        {**row, "stream": "presenting", "origin_group": "all", "share": "0.7"},
        {**row, "stream": "families", "origin_group": "mexico", "share": "0.1"},
        {**row, "stream": "families", "origin_group": "mexico", "share": "0.3"},
        {**row, "stream": "families", "origin_group": "mexico", "share": "0.9", "route": "Tucson"},
    ]
    found = by_month(rows)
    assert {cell[3] for cell in found} == {120, 121}, "two months, from the middle of each"
    assert found["held", "families", "mexico", 120][0] == pytest.approx(0.2)
    assert (
        found["held", "families", "elsewhere", 120][0] == 0.7
        and found["held", "single_adults", "mexico", 121][0] == 0.5
    )


def test_how_far_the_two_agree_is_what_the_sources_say():
    assert table() in (FOLDER / "SOURCES.md").read_text(encoding="utf-8")
    assert len(agreements()) == 9 and all(each.both >= 40 for each in agreements())
