"""Dated policy as coded: dates in order, a share within its range, and a source; nothing from memory alone."""

import csv
from datetime import date

import pytest

from tests.test_house import ROOT

FILE = ROOT / "scenarios" / "corridors" / "us_southwest_border" / "policy_coding.csv"
GROUPS = {"all", "mexico", "northern_triangle", "farther_americas", "elsewhere"}
STREAMS = {"all", "evading", "presenting", "families", "children", "single_adults"}
COUNTED = {"barriers", "parole_places", "port_appointments", "refugee_places", "work_permit_wait", "forward_deployment"}

with FILE.open(encoding="utf-8", newline="") as opened:
    ROWS = list(csv.DictReader(opened))


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_a_row_is_whole(row):
    start, end = (date.fromisoformat(row[name]) if row[name] else None for name in ("start", "end"))
    assert date(1990, 1, 1) <= start and (end is None or start < end)
    low, share, high = (float(row[name]) for name in ("low", "share", "high"))
    assert low <= share <= high and low >= 0 and (high <= 1 or row["instrument"] in COUNTED)
    assert row["origin_group"] in GROUPS and row["stream"] in STREAMS and row["quality"] in {"A", "B", "C"}
    assert row["basis"].strip() and row["source"].strip() and row["title"].strip()


def test_no_row_stands_twice():
    assert len({row["id"] for row in ROWS}) == len(ROWS) > 150
