"""A series held to what it drives: the unit of the card, and its range in every year of the corridor's horizon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pushpull.engine.language.cards import Card
from pushpull.files.faults import quote
from pushpull.scenario.interpreter import in_range, within
from pushpull.scenario.schedules import TimePath, breakpoints
from pushpull.scenario.series_rows import INSTANTS, Row
from pushpull.scenario.unit_dimensions import at_odds
from pushpull.wording.phrases import Phrase

PERCENT = 0.01
SHARES = ("1", "1/year")

DriverFault = tuple[str, str, str]  # what is wrong, what is allowed, what was perhaps meant


@dataclass(frozen=True, slots=True)
class Drive:
    """How a series drives what a card describes: its name, its rows by route (or under None), what is done to its
    values, and the paths that come of them.

    `converted` says that they are multiplied or divided by a number, so that their unit is another; `relative` that
    they are divided by others of the series, so that they bear no unit.
    """

    card: Card
    series: str
    rows: Mapping[str | None, list[Row]]
    paths: Mapping[str | None, TimePath]
    scale: float = 1.0
    converted: bool = False
    relative: bool = False
    growth: bool = False

    def refusal(self, years: tuple[float, float]) -> DriverFault | None:
        """Why the series may not drive the card all through the years (first, last); None where it may."""
        return self._unit_refusal() or self._range_refusal(years)

    def _unit_refusal(self) -> DriverFault | None:
        rows = next((rows for rows in self.rows.values() if rows), [])
        if self.converted or not rows:
            return None
        given = "1/year" if self.growth else "1" if self.relative else rows[0].unit
        wrong, guess = at_odds(given, self.card.unit, rows[0].timing in INSTANTS and not self.growth)
        if not wrong:
            return None
        made = self.relative or self.growth
        message = Phrase(
            "{id} is in {unit}, but the series {series} makes {given}"
            if made
            else "{id} is in {unit}, but the series {series} is in {given}",
            id=self.card.id,
            unit=quote(self.card.unit),
            series=self.series,
            given=quote(given),
        )
        return message, Phrase("a series in that unit, or a scale: that turns it into it"), guess

    def _range_refusal(self, years: tuple[float, float]) -> DriverFault | None:
        """One for a series that leaves the range: where it first does, and at how many points in time."""
        points = [
            (time, float(value), key)
            for key, path in self.paths.items()
            for time, value in zip(*breakpoints(path, *years), strict=True)
        ]
        outside = [point for point in points if not within(point[1], self.card)]
        if not outside:
            return None
        time, value, key = min(outside)
        of = Phrase("{id} of {key}", id=self.card.id, key=key) if key else self.card.id
        message = Phrase(
            "{of} is {value:g} in {time:g} by the series {series}{line}, outside its range",
            of=of,
            value=value,
            time=time,
            series=self.series,
            line=self._line(key, time),
        )
        count = len({time for time, _, _ in outside})
        if count > 1:
            message = Phrase("{message} (so it is at {count} points in time)", message=message, count=count)
        percent = self.card.unit in SHARES and all(within(value * PERCENT, self.card) for _, value, _ in points)
        if self.growth or not percent:
            return message, in_range(self.card), ""
        return (
            Phrase("{message}; values look like percent", message=message),
            in_range(self.card),
            f"scale: {self.scale * PERCENT:g}",
        )

    def _line(self, key: str | None, time: float) -> str:
        row = next((row for row in self.rows.get(key, ()) if abs(row.time - time) < 1e-9), None)
        return Phrase(" (series.csv, line {line})", line=row.line) if row is not None else ""
