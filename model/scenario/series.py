"""Recorded series: the rows of `series.csv`, as they stand."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from pushpull.files.faults import Fault, ScenarioFaults, listed, quote
from pushpull.files.tree import decode
from pushpull.scenario.series_rows import COLUMNS, Row, RowReader

if TYPE_CHECKING:
    from _csv import Reader

LARGEST_SERIES = 5_000_000
MOST_ROWS = 20_000
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
MOST_FAULTS = 20  # of one file; what is wrong in the same way in many rows is told once
UNQUOTED = 'close each quotation mark, and write "" for one inside a cell in quotation marks'


@dataclass(frozen=True, eq=False)
class RecordedSeries:
    """History to show beside an outcome; never an input of the run."""

    id: str
    title: str
    times: np.ndarray
    values: np.ndarray
    route: str | None
    unit: str
    source: str
    quality: str


class SeriesBook:
    """All rows of a corridor, by series and route.

    `faulty` are the names of series with rows that could not be read, and `is_whole` says whether the file could be
    read to its end; what they lack has been told already.
    """

    def __init__(self, rows: Iterable[Row] = (), faulty: Iterable[str] = (), is_whole: bool = True):
        self.faulty, self.is_whole = frozenset(faulty), is_whole
        self.rows: dict[str, list[Row]] = {}
        for row in rows:
            self.rows.setdefault(row.series, []).append(row)

    def __contains__(self, name: object) -> bool:
        return name in self.rows

    @property
    def names(self) -> list[str]:
        """The series there are."""
        return sorted(self.rows)

    @property
    def sources(self) -> dict[str, int]:
        """Every source key in order of its name, with the first line that names it."""
        first_lines: dict[str, int] = {}
        for row in sorted((row for rows in self.rows.values() for row in rows), key=lambda row: row.line):
            for key in row.source.split("+"):
                if key.strip():
                    first_lines.setdefault(key.strip(), row.line)
        return dict(sorted(first_lines.items()))

    def routes(self, name: str) -> set[str]:
        """The routes of a series; empty for a series of the whole corridor."""
        return {row.route for row in self.rows[name] if row.route}

    def of(self, name: str, route: str = "") -> list[Row]:
        """The rows of a series for one route (or for none), in order of time."""
        return sorted((row for row in self.rows[name] if row.route == route), key=lambda row: row.time)

    def recorded(
        self, name: str, title: str, scale: float, routes: Iterable[str], unit: str = ""
    ) -> list[RecordedSeries]:
        """The series to show: one for each route, and one for each source where sources overlap in time; in `unit`, or
        in its own where none is given."""
        recorded = []
        for route in [""] + [route for route in routes if route in self.routes(name)]:
            rows = self.of(name, route)
            if not rows:
                continue
            overlap = len({row.time for row in rows}) < len(rows)
            for source in dict.fromkeys(row.source for row in rows) if overlap else [None]:
                some = [row for row in rows if source in (None, row.source)]
                recorded.append(
                    RecordedSeries(
                        id=name,
                        title=title,
                        times=_fixed([row.time for row in some]),
                        values=_fixed([row.value * scale for row in some]),
                        route=route or None,
                        unit=unit or some[0].unit,
                        source="+".join(dict.fromkeys(row.source for row in some)),
                        quality=max(row.quality for row in some),
                    )
                )
        return recorded


def _fixed(numbers: list[float]) -> np.ndarray:
    array = np.array(numbers, dtype=float)
    array.flags.writeable = False
    return array


def read_series(content: bytes, shown: str, routes: Iterable[str], faults: list[Fault]) -> SeriesBook:
    """The series of a file `series.csv`; its faults join the list."""
    try:
        text = decode(content, shown)
    except ScenarioFaults as unreadable:
        faults.extend(unreadable.faults)
        return SeriesBook(is_whole=False)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    its_faults: list[Fault] = []
    row_reader = RowReader(shown, routes, its_faults)
    try:
        header = tuple(next(reader, ()))
    except csv.Error as fault:
        faults.append(_no_csv(shown, 1, fault))
        return SeriesBook(is_whole=False)
    if header != COLUMNS:
        faults.append(Fault(shown, 1, _header_fault(header), ",".join(COLUMNS)))
        return SeriesBook(is_whole=False)
    rows = list(_rows(reader, row_reader, its_faults))
    its_faults = _once(its_faults)
    faults.extend(its_faults[:MOST_FAULTS])
    if len(its_faults) > MOST_FAULTS:
        line = its_faults[MOST_FAULTS].line
        faults.append(
            Fault(shown, line, f"from here on there are {len(its_faults) - MOST_FAULTS} more faults in the file")
        )
    return SeriesBook(rows, row_reader.faulty, row_reader.is_whole)


def _header_fault(header: tuple[str, ...]) -> str:
    """What is wrong with the columns of a file that are not those of a series file."""
    message = "the columns are not those of a series file"
    apart = next((mark for mark in SEPARATORS if len(header) == 1 and mark in header[0]), "")
    if apart:
        return f"{message}; they seem to be separated by {SEPARATORS[apart]}, not by commas"
    missing = [each for each in COLUMNS if each not in header]
    unknown = [quote(each) for each in header if each not in COLUMNS]
    apart = f"; missing: {listed(missing)}" if missing else ""
    apart += f"; not known: {listed(unknown)}" if unknown else ""
    return message + (apart or "; they stand in another order, or twice")


def _once(faults: list[Fault]) -> list[Fault]:
    """The faults, those that differ in nothing but their line told at the first, with how many rows they are in."""
    lines: dict[Fault, list[int | None]] = {}
    for fault in faults:
        lines.setdefault(replace(fault, line=None), []).append(fault.line)
    return [
        replace(fault, line=held[0], what=f"{fault.what} (so in {len(held)} rows)" if len(held) > 1 else fault.what)
        for fault, held in lines.items()
    ]


def _no_csv(shown: str, line: int, fault: csv.Error) -> Fault:
    """The fault of a row that no reader of CSV takes."""
    if "field larger" in str(fault):
        return Fault(shown, line, "a cell is too long", "at most 131072 characters", remedy=UNQUOTED)
    return Fault(shown, line, "a quotation mark is opened and not closed, or stands inside a cell", remedy=UNQUOTED)


def _rows(reader: Reader, rows: RowReader, faults: list[Fault]) -> Iterator[Row]:
    """The whole rows of a file, and the faults of the others; a row stands in the line in which it begins."""
    line = reader.line_num + 1
    try:
        for cells in reader:
            if reader.line_num > MOST_ROWS:
                faults.append(Fault(rows.shown, line, "the file is too long", f"at most {MOST_ROWS} lines"))
                rows.is_whole = False
                return
            row = rows.read(cells, line) if any(map(str.strip, cells)) else None
            line = reader.line_num + 1
            if row is not None:
                yield row
    except csv.Error as fault:
        faults.append(_no_csv(rows.shown, line, fault))
        rows.is_whole = False
