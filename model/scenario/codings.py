"""Codings of dated policy beside a corridor: levels read from texts, from which series are made outside a run.

`policy_coding.csv` and `policy_coding_second.csv` are two readings made apart; `policy_events.csv`, where there is one,
settles them, and says of which rows and how.
"""

from __future__ import annotations

import datetime
from pathlib import Path

from pushpull.files.csv_rows import csv_rows, told_once
from pushpull.files.faults import Fault, listed, nearest, quote
from pushpull.files.suggestions import number_meant, proposed
from pushpull.files.tree import read_bytes
from pushpull.scenario.corridor import Corridor
from pushpull.scenario.series import LARGEST_SERIES
from pushpull.scenario.series_rows import GRADES

FIRST, SECOND, SETTLED = "policy_coding.csv", "policy_coding_second.csv", "policy_events.csv"
_SAYS = (
    "id", "title", "start", "end", "instrument", "stream", "origin_group", "country", "route",
    "share", "low", "high", "unit",
)  # fmt: skip
_RESTS_ON = ("basis", "source", "quality", "note")
COLUMNS = {
    FIRST: (*_SAYS, *_RESTS_ON),
    SECOND: (*_SAYS, *_RESTS_ON),
    SETTLED: (*_SAYS, "rows", "decision", *_RESTS_ON),
}
NEEDED = ("id", "title", "start", "instrument", "unit", "basis", "source")
NUMBERS = ("low", "share", "high")
ALL = "all"


def coding_faults(corridor: Corridor, name: str) -> list[Fault]:
    """Every fault of a coding, which is one of COLUMNS, beside a corridor."""
    shown = f"{corridor.id}/{name}"
    faults: list[Fault] = []
    content = read_bytes(Path(corridor.folder) / name, shown, LARGEST_SERIES)
    rows = csv_rows(content, shown, COLUMNS[name], "a coding of policy", faults).rows
    lines: dict[str, int] = {}
    for line, cells in rows:
        if len(cells) != len(COLUMNS[name]):
            faults.append(Fault(shown, line, f"the row has {len(cells)} cells", f"{len(COLUMNS[name])} cells"))
            continue
        cell = dict(zip(COLUMNS[name], (each.strip() for each in cells), strict=True))
        faults += [Fault(shown, line, *said) for said in _row_faults(cell, corridor)]
        first = lines.setdefault(cell["id"], line)
        if first != line:
            what = f"id {quote(cell['id'])} stands in line {first} already"
            faults.append(Fault(shown, line, what, "one row for each id"))
    return told_once(sorted(faults, key=lambda fault: fault.line or 0), shown)


def _row_faults(cell: dict[str, str], corridor: Corridor) -> list[tuple[str, ...]]:
    """What is wrong with a row: what, what is allowed, the name that was perhaps meant, what to do."""
    faults: list[tuple[str, ...]] = [(f"{name} is empty", "text") for name in NEEDED if not cell[name]]
    days = {name: _day(cell[name]) for name in ("start", "end") if cell[name]}
    faults += [(f"{name} is {quote(cell[name])}", "a day, 2016-03-20") for name, day in days.items() if day is None]
    start, end = days.get("start"), days.get("end")
    if start and end and end <= start:
        faults.append((f"end is {cell['end']}, and start is {cell['start']}", "a day after the start, or nothing"))
    numbers = {name: _number(cell[name]) for name in NUMBERS}
    for name, number in numbers.items():
        if number is None:
            faults.append((f"{name} is {quote(cell[name])}", "a number", "", proposed(number_meant(cell[name]))))
        elif cell["unit"] == "share" and not 0 <= number <= 1:
            faults.append((f"{name} is {number:g}", "a share from 0 to 1"))
    low, share, high = (numbers[name] for name in NUMBERS)
    if low is not None and share is not None and high is not None and not low <= share <= high:
        faults.append((f"share is {share:g}, outside low {low:g} to high {high:g}", "low, share and high in order"))
    if cell["quality"] not in GRADES:
        faults.append((f"quality is {quote(cell['quality'])}", listed(GRADES)))
    groups = (ALL, *corridor.origins)
    for group in cell["origin_group"].split():
        if group not in groups:
            what = f"there is no group of origins {quote(group)}"
            faults.append((what, listed(groups), nearest(group, groups)))
    return faults


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None
