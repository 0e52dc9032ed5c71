"""The rows of a series file: every cell read, and held against the others of its row."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from pushpull.files.faults import Fault, listed, nearest, quote
from pushpull.files.reader import EARLIEST, LATEST
from pushpull.files.suggestions import number_meant, plain, proposed, year_meant
from pushpull.wording.phrases import Phrase

COLUMNS = ("series", "year", "timing", "time", "route", "value", "unit", "source", "quality", "note")
GRADES = ("A", "B", "C", "D")
# Where a value stands: years after the start of its year.
TIMINGS = {
    "start_of_year": 0.0,
    "mid_march_survey": 0.2,
    "fiscal_year_mean": 0.25,
    "mid_year": 0.5,
    "calendar_year_mean": 0.5,
    "fiscal_year_end": 0.75,
    "calendar_year_end": 1.0,
}
AS_DATED = "as_dated"  # the time itself says it, such as that of a month
INSTANTS = ("start_of_year", "mid_march_survey", "mid_year", "fiscal_year_end", "calendar_year_end")
NEAR = 0.005  # of a year: two days
LONGEST_CELL = 200
NOTHING = ("", "-", "\u2013", ".", "..", ":", "na", "n/a", "n.a.", "nan", "nd", "null", "none", "missing")
LEAVE_OUT = Phrase("leave the row out where nothing was recorded")
A_UNIT = Phrase('what the values are in; "1" for a pure number')
_SPAN = re.compile(r"\d{4}[/-]\d{2}\Z")  # 2009/10: a year of some calendar, and nobody knows which it counts as


@dataclass(frozen=True)
class Row:
    """One recorded value."""

    series: str
    time: float
    route: str
    value: float
    unit: str
    source: str
    quality: str
    line: int
    timing: str = ""


class RowReader:
    """Reads rows one by one and gathers their faults; one series has one unit."""

    def __init__(self, shown: str, routes: Iterable[str], faults: list[Fault]):
        self.shown, self.routes, self.faults = shown, tuple(routes), faults
        self.faulty: set[str] = set()  # series with rows that could not be read
        self._first: dict[tuple[str, ...], int] = {}
        self._units: dict[str, tuple[str, int]] = {}

    def read(self, cells: list[str], line: int) -> Row | None:
        """A row, or None after its faults."""
        before = len(self.faults)
        if len(cells) != len(COLUMNS):
            self._fault(
                line, Phrase("the row has {count} cells", count=len(cells)), Phrase("{count} cells", count=len(COLUMNS))
            )
            return None
        cell = dict(zip(COLUMNS, (each.strip() for each in cells), strict=True))
        year, time, value = (self._number(cell, name, line) for name in ("year", "time", "value"))
        self._texts(cell, line)
        if cell["route"] and cell["route"] not in self.routes:
            guess = nearest(cell["route"], self.routes)
            self._fault(
                line, Phrase("there is no route {route}", route=quote(cell["route"])), listed(self.routes), guess
            )
        if year is not None and time is not None:
            self._dates(year, time, cell["timing"], line)
        if len(self.faults) == before and time is not None:
            self._repeats(cell, time, line)
        if len(self.faults) > before or time is None or value is None:
            self.faulty.add(cell["series"])
            return None
        texts = {name: cell[name] for name in ("series", "route", "unit", "source", "quality", "timing")}
        return Row(time=time, value=value, line=line, **texts)

    def _number(self, cell: dict[str, str], name: str, line: int) -> float | None:
        text = cell[name]
        try:
            value = float(text) if "_" not in text else math.nan
        except ValueError:
            value = math.nan
        if name == "year":
            if not EARLIEST <= value <= LATEST or not value.is_integer():
                allowed = Phrase("a whole year from {earliest} to {latest}", earliest=EARLIEST, latest=LATEST)
                self._fault(line, Phrase("year is {text}", text=quote(text)), allowed, remedy=_year_remedy(text))
                return None
        elif not math.isfinite(value):
            year = year_meant(text, EARLIEST, LATEST) if name == "time" else ""
            remedy = LEAVE_OUT if text.lower() in NOTHING else proposed(year or number_meant(text))
            self._fault(
                line, Phrase("{name} is {text}", name=name, text=quote(text)), Phrase("a finite number"), remedy=remedy
            )
            return None
        return value

    def _repeats(self, cell: dict[str, str], time: float, line: int) -> None:
        """A fault where a source has given a value of the same time, for the same route, before."""
        first = self._first.setdefault((cell["series"], cell["route"], cell["source"], repr(time)), line)
        if first != line:
            message = Phrase(
                "{series} at {time:g} from {source} stands in line {first} already",
                series=cell["series"],
                time=time,
                source=quote(cell["source"]),
                first=first,
            )
            self._fault(line, message, Phrase("one value a time, a route and a source"))

    def _texts(self, cell: dict[str, str], line: int) -> None:
        for name in ("series", "unit", "source"):
            if not cell[name]:
                allowed = A_UNIT if name == "unit" else Phrase("text")
                self._fault(line, Phrase("{name} is empty", name=name), allowed)
            elif len(cell[name]) > LONGEST_CELL:
                self._fault(
                    line,
                    Phrase("{name} is too long", name=name),
                    Phrase("at most {most} characters", most=LONGEST_CELL),
                )
        if cell["quality"] not in GRADES:
            self._fault(
                line,
                Phrase("quality is {quality}", quality=quote(cell["quality"])),
                listed(GRADES),
                nearest_grade(cell["quality"]),
            )
        unit, first = self._units.setdefault(cell["series"], (cell["unit"], line))
        if cell["unit"] and unit and cell["unit"] != unit:
            message = Phrase(
                "the unit of {series} is {unit}, in line {first} it was {unit_2}",
                series=cell["series"],
                unit=quote(cell["unit"]),
                first=first,
                unit_2=quote(unit),
            )
            self._fault(line, message, Phrase("one unit for all rows of a series"))

    def _dates(self, year: float, time: float, timing: str, line: int) -> None:
        timings = (*TIMINGS, AS_DATED)
        if timing not in timings:
            self._fault(
                line, Phrase("timing is {timing}", timing=quote(timing)), listed(timings), nearest(timing, timings)
            )
        elif timing == AS_DATED:
            if not year - NEAR <= time <= year + 1 + NEAR:
                self._fault(
                    line,
                    Phrase("time is {time:g}, outside its year {year:g}", time=time, year=year),
                    Phrase("{year:g} to {year_2:g}", year=year, year_2=year + 1),
                )
        elif abs(time - year - TIMINGS[timing]) > NEAR:
            right = year + TIMINGS[timing]
            message = Phrase(
                "time is {time:g}, but {timing} of {year:g} stands at {right:g}",
                time=time,
                timing=timing,
                year=year,
                right=right,
            )
            allowed = Phrase("{right:g}, or timing {word} where the time itself says it", right=right, word=AS_DATED)
            self._fault(line, message, allowed)

    def _fault(self, line: int, what: str, allowed: str = "", did_you_mean: str = "", remedy: str = "") -> None:
        self.faults.append(Fault(self.shown, line, what, allowed, did_you_mean, remedy))


def nearest_grade(text: str) -> str:
    """A grade that was written small."""
    return text.upper() if text.upper() in GRADES and text != text.upper() else ""


def _year_remedy(text: str) -> str:
    """The whole year that a date or a year of two digits was perhaps meant for."""
    if _SPAN.match(text):
        return Phrase("give the year that the source counts it as, and say by timing where it stands")
    year = year_meant(float(text) if text.isdecimal() else text, EARLIEST, LATEST)
    return proposed(plain(math.floor(float(year)))) if year else ""
