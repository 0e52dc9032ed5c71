"""Recorded series: the rows of `series.csv`, as they stand."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .faults import Fault, ScenarioFaults
from .reading import decode, read_bytes
from .rows import COLUMNS, Row, RowReader

LARGEST_SERIES = 5_000_000
MOST_ROWS = 20_000
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
MOST_FAULTS = 20  # of one file; a column in disorder is told once, not for each of its rows


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
        found: dict[str, int] = {}
        for row in sorted((row for rows in self.rows.values() for row in rows), key=lambda row: row.line):
            for key in row.source.split("+"):
                if key.strip():
                    found.setdefault(key.strip(), row.line)
        return dict(sorted(found.items()))

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
        found = []
        for route in [""] + [route for route in routes if route in self.routes(name)]:
            rows = self.of(name, route)
            if not rows:
                continue
            overlap = len({row.time for row in rows}) < len(rows)
            for source in dict.fromkeys(row.source for row in rows) if overlap else [None]:
                some = [row for row in rows if source in (None, row.source)]
                found.append(
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
        return found


def _fixed(numbers: list[float]) -> np.ndarray:
    array = np.array(numbers, dtype=float)
    array.flags.writeable = False
    return array


def read_series(path: Path, shown: str, routes: Iterable[str], faults: list[Fault]) -> tuple[SeriesBook, bytes]:
    """Read `series.csv`; its faults join the list."""
    try:
        content = read_bytes(path, shown, LARGEST_SERIES)
        text = decode(content, shown)
    except ScenarioFaults as found:
        faults.extend(found.faults)
        return SeriesBook(is_whole=False), b""
    reader = csv.reader(io.StringIO(text, newline=""))
    header = tuple(next(reader, ()))
    if header != COLUMNS:
        told = "the columns are not those of a series file"
        apart = next((mark for mark in SEPARATORS if len(header) == 1 and mark in header[0]), "")
        told += f"; they seem to be separated by {SEPARATORS[apart]}, not by commas" if apart else ""
        faults.append(Fault(shown, 1, told, ",".join(COLUMNS)))
        return SeriesBook(is_whole=False), content
    found: list[Fault] = []
    row_reader = RowReader(shown, routes, found)
    rows = list(_rows(reader, row_reader, found))
    faults.extend(found[:MOST_FAULTS])
    if len(found) > MOST_FAULTS:
        line = found[MOST_FAULTS].line
        faults.append(Fault(shown, line, f"from here on there are {len(found) - MOST_FAULTS} more faults in the file"))
    return SeriesBook(rows, row_reader.faulty, row_reader.is_whole), content


def _rows(reader, rows: RowReader, faults: list[Fault]) -> Iterator[Row]:
    """The whole rows of a file, and the faults of the others."""
    try:
        for cells in reader:
            if reader.line_num > MOST_ROWS:
                faults.append(Fault(rows.shown, reader.line_num, "the file is too long", f"at most {MOST_ROWS} lines"))
                rows.is_whole = False
                return
            row = rows.read(cells, reader.line_num) if cells else None
            if row is not None:
                yield row
    except csv.Error as fault:
        faults.append(Fault(rows.shown, reader.line_num, f"not CSV: {fault}"))
        rows.is_whole = False
