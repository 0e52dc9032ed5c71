"""Curves over the years: lines, ranges under them, and what was recorded beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from pushpull.svg.frame import Frame, Values, at, axis_range, picture
from pushpull.wording.markup import element
from pushpull.wording.numbers import Numbers

WIDTH, HEIGHT = 360.0, 190.0
HALF_DASH = 0.04  # half the length of a line that has one year only, as a share of the x axis
TICK = 2.5  # half the width of the ends of a recorded range


@dataclass(frozen=True)
class Band:
    """An area between two lines over time, in a colour of the palette; laid over another one it is darker."""

    low: Values
    high: Values
    colour: str


@dataclass(frozen=True)
class Curve:
    """A line over time: its name, its values, and how it looks."""

    title: str
    values: Values
    colour: str
    dash: tuple[int, ...] = ()
    width: float = 2.0


@dataclass(frozen=True)
class Recorded:
    """What was recorded at some times: values, or a range each where `high` is given."""

    time: Values
    low: Values
    high: Values | None = None

    @property
    def ends(self) -> tuple[Values, Values]:
        """Low and high ends; of values both are the values."""
        return self.low, self.low if self.high is None else self.high


def curves(
    numbers: Numbers,
    title: str,
    summary: str,
    time: Values,
    lines: Sequence[Curve],
    unit: str,
    bands: Sequence[Band] = (),
    mark: float | None = None,
    span: tuple[float, float] | None = None,
    recorded: Recorded | None = None,
    size: tuple[float, float] = (WIDTH, HEIGHT),
    name: str = "",
) -> Markup:
    """A picture of lines over the years; the y axis holds zero and, with `span`, is shared with other pictures.

    Lines and bands have a value for each of `time`, which may be NaN; values that were `recorded` are dots, and ranges
    vertical bars; `mark` is the year of a vertical line. Less than a year is shown with a year on either side.
    """
    first, last = float(time[0]), float(time[-1])
    years = (first, last) if last - first >= 1 else (first - 1, last + 1)
    frame = Frame(*size, years, span or extent(lines, bands, recorded))
    parts = frame.axes(numbers, unit)
    if mark is not None:
        x, ends = at(frame.across(mark)), (at(frame.up(frame.y[1])), at(frame.up(frame.y[0])))
        parts.append(element("line", x1=x, x2=x, y1=ends[0], y2=ends[1], class_="mark"))
    for band in bands:
        times, low, high = _finite(frame, time, band.low, band.high)
        edge = f"{frame.path(times, high)} {frame.path(times[::-1], low[::-1])}"
        parts.append(element("polygon", points=edge, style=f"fill: var(--{band.colour}); fill-opacity: 0.18"))
    for line in lines:
        look = f"stroke: var(--{line.colour}); stroke-width: {line.width:g}"
        dash = f"; stroke-dasharray: {' '.join(map(str, line.dash))}" if line.dash else ""
        points = frame.path(*_finite(frame, time, line.values))
        parts.append(element("polyline", element("title", line.title), points=points, style=look + dash))
    parts += _record(frame, recorded) if recorded else []
    return picture(frame, title, summary, parts, name)


def _finite(frame: Frame, time: Values, *columns: Values) -> list[np.ndarray]:
    """Time and columns where all are finite; a single moment becomes a short line."""
    rows = [np.asarray(each, dtype=float) for each in (time, *columns)]
    rows = [row[np.all(np.isfinite(rows), axis=0)] for row in rows]
    if len(rows[0]) != 1:
        return rows
    half = HALF_DASH * (frame.x[1] - frame.x[0])
    return [np.clip(rows[0] + (-half, half), *frame.x), *(np.repeat(row, 2) for row in rows[1:])]


def _record(frame: Frame, recorded: Recorded) -> Iterable[Markup]:
    for year, low, high in zip(recorded.time, *recorded.ends, strict=True):
        x, bottom, top = frame.across(year), frame.up(low), frame.up(high)
        if recorded.high is None:
            yield element("circle", cx=at(x), cy=at(bottom), r="2", style="fill: var(--history)")
            continue
        for x1, x2, y1, y2 in ((x, x, bottom, top), *((x - TICK, x + TICK, end, end) for end in (bottom, top))):
            yield element("line", x1=at(x1), x2=at(x2), y1=at(y1), y2=at(y2), class_="record")


def extent(lines: Sequence[Curve], bands: Sequence[Band] = (), recorded: Recorded | None = None) -> tuple[float, float]:
    """The range of a y axis that holds zero and every line, band and record."""
    values = [np.asarray(line.values, dtype=float) for line in lines]
    values += [np.asarray(edge, dtype=float) for band in bands for edge in (band.low, band.high)]
    values += [np.asarray(end, dtype=float) for end in (recorded.ends if recorded else ())]
    low = min((float(np.nanmin(each)) for each in values if np.isfinite(each).any()), default=0.0)
    high = max((float(np.nanmax(each)) for each in values if np.isfinite(each).any()), default=1.0)
    return axis_range(low, high)
