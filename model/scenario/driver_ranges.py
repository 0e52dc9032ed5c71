"""A series held to what it drives: the unit of the card, and its range in every year of the corridor's horizon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pushpull.engine.language.cards import Card
from pushpull.files.tree import Node
from pushpull.scenario.interpreter import Interpreter, in_range, within
from pushpull.scenario.schedules import TimePath, breakpoints
from pushpull.scenario.series_rows import INSTANTS, Row
from pushpull.scenario.unit_dimensions import at_odds

PERCENT = 0.01
SHARES = ("1", "1/year")


@dataclass(frozen=True, slots=True)
class Drive:
    """How a series drives a number: its name, its rows by route (or under None), and what is done to its values.

    `converted` says that they are multiplied or divided by a number, so that their unit is another; `relative` that
    they are divided by others of the series, so that they bear no unit.
    """

    series: str
    rows: Mapping[str | None, list[Row]]
    scale: float = 1.0
    converted: bool = False
    relative: bool = False
    growth: bool = False


def holds(
    reader: Interpreter,
    node: Node,
    card: Card,
    name: str,
    drive: Drive,
    paths: Mapping[str | None, TimePath],
    years: tuple[float, float],
) -> bool:
    """Whether a series may drive what a card describes, all through `years` (first, last); else a fault says why."""
    return not _unit_fault(reader, node, card, name, drive) and not _range_fault(
        reader, node, card, name, drive, paths, years
    )


def _unit_fault(reader: Interpreter, node: Node, card: Card, name: str, drive: Drive) -> bool:
    rows = next((rows for rows in drive.rows.values() if rows), [])
    if drive.converted or not rows:
        return False
    given = "1" if drive.relative else rows[0].unit
    if drive.growth:
        given = "1/year"
    wrong, guess = at_odds(given, card.unit, rows[0].timing in INSTANTS and not drive.growth)
    if wrong:
        made = "makes" if drive.relative or drive.growth else "is in"
        told = f"{name} is in {card.unit!r}, but the series {drive.series} {made} {given!r}".replace("'", '"')
        reader.fault(node.line, told, "a series in that unit, or a scale: that turns it into it", guess)
    return wrong


def _range_fault(
    reader: Interpreter,
    node: Node,
    card: Card,
    name: str,
    drive: Drive,
    paths: Mapping[str | None, TimePath],
    years: tuple[float, float],
) -> bool:
    """One fault for a series that leaves the range: the first place, and in how many years it does."""
    outside: list[tuple[float, float, str | None]] = []
    values: list[float] = []
    for key, path in paths.items():
        times, found = breakpoints(path, *years)
        values += map(float, found)
        outside += [(time, value, key) for time, value in zip(times, found, strict=True) if not within(value, card)]
    if not outside:
        return False
    time, value, key = min(outside)
    of = f"{name} of {key}" if key else name
    told = f"{of} is {value:g} in {time:g} by the series {drive.series}{_line(drive, key, time)}, outside its range"
    count = len({each[0] for each in outside})
    told += f" (so it is at {count} points in time)" if count > 1 else ""
    guess = ""
    if looks_like_percent(values, card) and not drive.growth:
        told += "; values look like percent"
        guess = f"scale: {drive.scale * PERCENT:g}"
    reader.fault(node.line, told, in_range(card), guess)
    return True


def looks_like_percent(values: list[float], card: Card) -> bool:
    """Whether numbers that leave a card's range are within it as hundredths."""
    return card.unit in SHARES and all(within(value * PERCENT, card) for value in values)


def _line(drive: Drive, key: str | None, time: float) -> str:
    row = next((row for row in drive.rows.get(key, ()) if abs(row.time - time) < 1e-9), None)
    return f" (series.csv, line {row.line})" if row is not None else ""
