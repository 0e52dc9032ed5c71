"""The rows of a series file: every cell read, and held against the others of its row."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from .faults import Fault, listed, nearest, quote

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
EARLIEST, LATEST = 1900, 2200
NEAR = 0.005  # of a year: two days
LONGEST_CELL = 200
_THOUSANDS = re.compile(r"-?\d{1,3}(?:[, '_]\d{3})+(?:\.\d+)?")
_DECIMAL_COMMA = re.compile(r"-?\d*,\d+")


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
        self.is_whole = True  # the file could be read to its end
        self._units: dict[str, tuple[str, int]] = {}

    def read(self, cells: list[str], line: int) -> Row | None:
        """A row, or None after its faults."""
        before = len(self.faults)
        if len(cells) != len(COLUMNS):
            self._fault(line, f"the row has {len(cells)} cells", f"{len(COLUMNS)} cells")
            return None
        cell = dict(zip(COLUMNS, (each.strip() for each in cells), strict=True))
        numbers = {name: self._number(cell, name, line) for name in ("year", "time", "value")}
        self._texts(cell, line)
        if cell["route"] and cell["route"] not in self.routes:
            guess = nearest(cell["route"], self.routes)
            self._fault(line, f"there is no route {quote(cell['route'])}", listed(self.routes), guess)
        if numbers["year"] is not None and numbers["time"] is not None:
            self._dates(numbers["year"], numbers["time"], cell["timing"], line)
        if len(self.faults) > before:
            self.faulty.add(cell["series"])
            return None
        texts = {name: cell[name] for name in ("series", "route", "unit", "source", "quality", "timing")}
        return Row(time=numbers["time"], value=numbers["value"], line=line, **texts)

    def _number(self, cell: dict[str, str], name: str, line: int) -> float | None:
        text = cell[name]
        try:
            value = float(text) if "_" not in text else math.nan
        except ValueError:
            value = math.nan
        if name == "year":
            if value != value or value != int(value) or not EARLIEST <= value <= LATEST:
                self._fault(line, f"year is {quote(text)}", f"a whole year from {EARLIEST} to {LATEST}")
                return None
        elif not math.isfinite(value):
            self._fault(line, f"{name} is {quote(text)}", "a finite number", meant(text))
            return None
        return value

    def _texts(self, cell: dict[str, str], line: int) -> None:
        for name in ("series", "unit", "source"):
            if not cell[name]:
                self._fault(line, f"{name} is empty", {"unit": 'what the values are in; "1" for a pure number'}
                            .get(name, "text"))  # fmt: skip
            elif len(cell[name]) > LONGEST_CELL:
                self._fault(line, f"{name} is too long", f"at most {LONGEST_CELL} characters")
        if cell["quality"] not in GRADES:
            self._fault(line, f"quality is {quote(cell['quality'])}", listed(GRADES), nearest_grade(cell["quality"]))
        unit, first = self._units.setdefault(cell["series"], (cell["unit"], line))
        if cell["unit"] and unit and cell["unit"] != unit:
            told = f"the unit of {cell['series']} is {quote(cell['unit'])}, in line {first} it was {quote(unit)}"
            self._fault(line, told, "one unit for all rows of a series")

    def _dates(self, year: float, time: float, timing: str, line: int) -> None:
        known = (*TIMINGS, AS_DATED)
        if timing not in known:
            self._fault(line, f"timing is {quote(timing)}", listed(known), nearest(timing, known))
        elif timing == AS_DATED:
            if not year - NEAR <= time <= year + 1 + NEAR:
                self._fault(line, f"time is {time:g}, outside its year {year:g}", f"{year:g} to {year + 1:g}")
        elif abs(time - year - TIMINGS[timing]) > NEAR:
            right = year + TIMINGS[timing]
            self._fault(line, f"time is {time:g}, but {timing} of {year:g} stands at {right:g}",
                        f"{right:g}, or timing {AS_DATED} where the time itself says it")  # fmt: skip

    def _fault(self, line: int, what: str, allowed: str = "", did_you_mean: str = "") -> None:
        self.faults.append(Fault(self.shown, line, what, allowed, did_you_mean))


def nearest_grade(text: str) -> str:
    """A grade that was written small."""
    return text.upper() if text.upper() in GRADES and text != text.upper() else ""


def meant(text: str) -> str:
    """The number that a text with a percent sign, a decimal comma or marks between thousands was perhaps meant for."""
    bare = text.replace("\u00a0", " ").replace("\u202f", " ").strip()
    percent = bare.endswith("%")
    bare = bare.removesuffix("%").strip()
    if _THOUSANDS.fullmatch(bare):
        bare = re.sub(r"[, '_]", "", bare)
    elif _DECIMAL_COMMA.fullmatch(bare):
        bare = bare.replace(",", ".")
    elif not percent:
        return ""
    try:
        value = float(bare)
    except ValueError:
        return ""
    return f"{value / 100:.10g}" if percent else f"{value:.10g}"
