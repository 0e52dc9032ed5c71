"""Curves over the years: lines, ranges under them, and what was recorded beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from pushpull.svg.frame import Frame, at, axis_range, picture
from pushpull.wording.markup import element
from pushpull.wording.numbers import Numbers

WIDTH, HEIGHT = 360.0, 190.0
HALF_DASH = 0.04  # half the length of a line that has one year only, as a share of the x axis
TICK = 2.5  # half the width of the ends of a recorded range


@dataclass(frozen=True)
class Band:
    """An area between two lines over time, in a colour of the palette; laid over another one it is darker."""

    low: Sequence[float]
    high: Sequence[float]
    colour: str


@dataclass(frozen=True)
class Curve:
    """A line over time: its name, its values, and how it looks."""

    title: str
    values: Sequence[float]
    colour: str
    dash: tuple[int, ...] = ()
    width: float = 2.0


@dataclass(frozen=True)
class RecordedRanges:
    """Records that are a range each: a vertical bar from low to high at each time."""

    time: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]


def curves(
    numbers: Numbers,
    title: str,
    summary: str,
    time: Sequence[float],
    lines: Sequence[Curve],
    unit: str,
    bands: Sequence[Band] = (),
    mark: float | None = None,
    span: tuple[float, float] | None = None,
    dots: tuple[Sequence[float], Sequence[float]] | None = None,
    size: tuple[float, float] = (WIDTH, HEIGHT),
    name: str = "",
    ranges: RecordedRanges | None = None,
) -> Markup:
    """A picture of lines over the years; the y axis holds zero and, with `span`, is shared with other pictures.

    Lines and bands have a value for each of `time`, and may be NaN; `dots` are times and values of a record, `mark` is
    the year of a vertical line. Less than a year of time is shown within a year on either side.
    """
    first, last = float(time[0]), float(time[-1])
    years = (first, last) if last - first >= 1 else (first - 1, last + 1)
    frame = Frame(*size, years, span or extent(lines, bands, dots, ranges))
    parts = frame.axes(numbers, unit)
    if mark is not None:
        x, ends = at(frame.across(mark)), (at(frame.up(frame.y[1])), at(frame.up(frame.y[0])))
        parts.append(element("line", x1=x, x2=x, y1=ends[0], y2=ends[1], class_="mark"))
    for band in bands:
        times, low, high = _finite(frame, time, band.low, band.high)
        edge = f"{frame.path(times, high)} {frame.path(times[::-1], low[::-1])}"
        parts.append(element("polygon", points=edge, style=f"fill: var(--{band.colour}); fill-opacity: 0.18"))
    parts += _recorded_ranges(frame, ranges) if ranges else []
    for line in lines:
        look = f"stroke: var(--{line.colour}); stroke-width: {line.width:g}"
        dash = f"; stroke-dasharray: {' '.join(map(str, line.dash))}" if line.dash else ""
        points = frame.path(*_finite(frame, time, line.values))
        parts.append(element("polyline", element("title", line.title), points=points, style=look + dash))
    for x, y in zip(*(dots or ((), ())), strict=True):
        parts.append(element("circle", cx=at(frame.across(x)), cy=at(frame.up(y)), r="2", style="fill: var(--history)"))
    return picture(frame, title, summary, parts, name)


def _finite(frame: Frame, time: Sequence[float], *columns: Sequence[float]) -> list[np.ndarray]:
    """Time and columns where all are finite; a single moment becomes a short line."""
    rows = [np.asarray(each, dtype=float) for each in (time, *columns)]
    rows = [row[np.all(np.isfinite(rows), axis=0)] for row in rows]
    if len(rows[0]) != 1:
        return rows
    half = HALF_DASH * (frame.x[1] - frame.x[0])
    return [np.clip(rows[0] + (-half, half), *frame.x), *(np.repeat(row, 2) for row in rows[1:])]


def _recorded_ranges(frame: Frame, ranges: RecordedRanges) -> Iterable[Markup]:
    for year, low, high in zip(ranges.time, ranges.low, ranges.high, strict=True):
        if np.isfinite((low, high)).all():
            x, bottom, top = frame.across(year), frame.up(low), frame.up(high)
            for x1, x2, y1, y2 in ((x, x, bottom, top), *((x - TICK, x + TICK, end, end) for end in (bottom, top))):
                yield element("line", x1=at(x1), x2=at(x2), y1=at(y1), y2=at(y2), class_="record")


def extent(
    lines: Sequence[Curve], bands: Sequence[Band] = (), dots=None, ranges: RecordedRanges | None = None
) -> tuple[float, float]:
    """The range of a y axis that holds zero and every line, band and record."""
    values = [np.asarray(line.values, dtype=float) for line in lines]
    values += [np.asarray(edge, dtype=float) for band in bands for edge in (band.low, band.high)]
    values += [np.asarray(dots[1], dtype=float)] if dots and len(dots[1]) else []
    values += [np.asarray(edge, dtype=float) for edge in (ranges.low, ranges.high)] if ranges else []
    low = min((float(np.nanmin(each)) for each in values if np.isfinite(each).any()), default=0.0)
    high = max((float(np.nanmax(each)) for each in values if np.isfinite(each).any()), default=1.0)
    return axis_range(low, high)
