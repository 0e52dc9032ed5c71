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
from pushpull.wording.phrases import Phrase

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
    rows = csv_rows(content, shown, COLUMNS[name], Phrase("a coding of policy"), faults).rows
    lines: dict[str, int] = {}
    for line, cells in rows:
        if len(cells) != len(COLUMNS[name]):
            faults.append(
                Fault(
                    shown,
                    line,
                    Phrase("the row has {count} cells", count=len(cells)),
                    Phrase("{count} cells", count=len(COLUMNS[name])),
                )
            )
            continue
        cell = dict(zip(COLUMNS[name], (each.strip() for each in cells), strict=True))
        faults += [Fault(shown, line, *said) for said in _row_faults(cell, corridor)]
        first = lines.setdefault(cell["id"], line)
        if first != line:
            what = Phrase("id {id} stands in line {first} already", id=quote(cell["id"]), first=first)
            faults.append(Fault(shown, line, what, Phrase("one row for each id")))
    return told_once(sorted(faults, key=lambda fault: fault.line or 0), shown)


def _row_faults(cell: dict[str, str], corridor: Corridor) -> list[tuple[str, ...]]:
    """What is wrong with a row: what, what is allowed, the name that was perhaps meant, what to do."""
    faults: list[tuple[str, ...]] = [
        (Phrase("{name} is empty", name=name), Phrase("text")) for name in NEEDED if not cell[name]
    ]
    days = {name: _day(cell[name]) for name in ("start", "end") if cell[name]}
    faults += [
        (Phrase("{name} is {cell}", name=name, cell=quote(cell[name])), Phrase("a day, 2016-03-20"))
        for name, day in days.items()
        if day is None
    ]
    start, end = days.get("start"), days.get("end")
    if start and end and end <= start:
        faults.append(
            (
                Phrase("end is {end}, and start is {start}", end=cell["end"], start=cell["start"]),
                Phrase("a day after the start, or nothing"),
            )
        )
    numbers = {name: _number(cell[name]) for name in NUMBERS}
    for name, number in numbers.items():
        if number is None:
            faults.append(
                (
                    Phrase("{name} is {cell}", name=name, cell=quote(cell[name])),
                    Phrase("a number"),
                    "",
                    proposed(number_meant(cell[name])),
                )
            )
        elif cell["unit"] == "share" and not 0 <= number <= 1:
            faults.append((Phrase("{name} is {number:g}", name=name, number=number), Phrase("a share from 0 to 1")))
    low, share, high = (numbers[name] for name in NUMBERS)
    if low is not None and share is not None and high is not None and not low <= share <= high:
        faults.append(
            (
                Phrase("share is {share:g}, outside low {low:g} to high {high:g}", share=share, low=low, high=high),
                Phrase("low, share and high in order"),
            )
        )
    if cell["quality"] not in GRADES:
        faults.append((Phrase("quality is {quality}", quality=quote(cell["quality"])), listed(GRADES)))
    groups = (ALL, *corridor.origins)
    for group in cell["origin_group"].split():
        if group not in groups:
            what = Phrase("there is no group of origins {group}", group=quote(group))
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
