"""Recorded series: the rows of `series.csv`, as they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from pushpull.files.csv_rows import csv_rows, told_once
from pushpull.files.faults import Fault
from pushpull.scenario.series_rows import COLUMNS, Row, RowReader
from pushpull.wording.phrases import Phrase

LARGEST_SERIES = 5_000_000


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
    its_faults: list[Fault] = []
    read = csv_rows(content, shown, COLUMNS, Phrase("a series file"), its_faults)
    row_reader = RowReader(shown, routes, its_faults)
    rows = [row for line, cells in read.rows if (row := row_reader.read(cells, line)) is not None]
    faults.extend(told_once(sorted(its_faults, key=lambda fault: fault.line or 0), shown))
    return SeriesBook(rows, row_reader.faulty, read.is_whole)
