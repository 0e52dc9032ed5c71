"""Recorded series: the rows of `series.csv`, as they stand."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .faults import Fault, ScenarioFaults, listed, nearest, quote
from .reading import decode, read_bytes

COLUMNS = ("series", "year", "timing", "time", "route", "value", "unit", "source", "quality", "note")
LARGEST_SERIES = 5_000_000


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
    """All rows of a corridor, by series and route."""

    def __init__(self, rows: Iterable[Row] = ()):
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
    def sources(self) -> tuple[str, ...]:
        """Every source key, once."""
        keys = {key.strip() for rows in self.rows.values() for row in rows for key in row.source.split("+")}
        return tuple(sorted(key for key in keys if key))

    def routes(self, name: str) -> set[str]:
        """The routes of a series; empty for a series of the whole corridor."""
        return {row.route for row in self.rows[name] if row.route}

    def of(self, name: str, route: str = "") -> list[Row]:
        """The rows of a series for one route (or for none), in order of time."""
        return sorted((row for row in self.rows[name] if row.route == route), key=lambda row: row.time)

    def recorded(self, name: str, title: str, scale: float, routes: Iterable[str]) -> list[RecordedSeries]:
        """The series to show: one for each route, and one for each source where sources overlap in time."""
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
                        unit=some[0].unit,
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
        return SeriesBook(), b""
    reader = csv.reader(io.StringIO(text, newline=""))
    header = tuple(next(reader, ()))
    if header != COLUMNS:
        faults.append(Fault(shown, 1, "the columns are not those of a series file", ",".join(COLUMNS)))
        return SeriesBook(), content
    rows = []
    try:
        for cells in reader:
            if cells:
                row = _row(cells, shown, reader.line_num, tuple(routes), faults)
                if row is not None:
                    rows.append(row)
    except csv.Error as fault:
        faults.append(Fault(shown, reader.line_num, f"not CSV: {fault}"))
    return SeriesBook(rows), content


def _row(cells: list[str], shown: str, line: int, routes: tuple[str, ...], faults: list[Fault]) -> Row | None:
    if len(cells) != len(COLUMNS):
        faults.append(Fault(shown, line, f"the row has {len(cells)} cells", f"{len(COLUMNS)} cells"))
        return None
    cell = dict(zip(COLUMNS, (each.strip() for each in cells), strict=True))
    numbers = {}
    for name in ("time", "value"):
        try:
            numbers[name] = float(cell[name])
        except ValueError:
            numbers[name] = math.nan
        if not math.isfinite(numbers[name]):
            faults.append(Fault(shown, line, f"{name} is {quote(cell[name])}", "a finite number"))
            return None
    if cell["route"] and cell["route"] not in routes:
        guess = nearest(cell["route"], routes)
        faults.append(Fault(shown, line, f"there is no route {quote(cell['route'])}", listed(routes), guess))
        return None
    texts = {name: cell[name] for name in ("series", "route", "unit", "source", "quality")}
    return Row(time=numbers["time"], value=numbers["value"], line=line, **texts)
