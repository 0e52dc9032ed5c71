"""Curves over the years, with bands under them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from pushpull.svg.frame import Frame, at, picture, room
from pushpull.wording.markup import element
from pushpull.wording.numbers import Numbers

WIDTH, HEIGHT = 360.0, 190.0


@dataclass(frozen=True)
class Band:
    """An area between two lines over time, in a colour of the page."""

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
) -> Markup:
    """A picture of lines over the years; the axis holds nought and, with `span`, is shared with other pictures."""
    frame = Frame(*size, (float(time[0]), float(time[-1])), span or extent(lines, bands, dots))
    parts = frame.axes(numbers, unit)
    if mark is not None:
        x, ends = at(frame.across(mark)), (at(frame.up(frame.y[1])), at(frame.up(frame.y[0])))
        parts.append(element("line", x1=x, x2=x, y1=ends[0], y2=ends[1], class_="mark"))
    for band in bands:
        there = np.isfinite(band.low) & np.isfinite(band.high)
        times = np.asarray(time)[there]
        edge = f"{frame.path(times, band.high[there])} {frame.path(times[::-1], band.low[there][::-1])}"
        parts.append(element("polygon", points=edge, style=f"fill: var(--{band.colour}); fill-opacity: 0.18"))
    for line in lines:
        look = f"stroke: var(--{line.colour}); stroke-width: {line.width:g}"
        dash = f"; stroke-dasharray: {' '.join(map(str, line.dash))}" if line.dash else ""
        drawn = element(
            "polyline", element("title", line.title), points=frame.path(time, line.values), style=look + dash
        )
        parts.append(drawn)
    for x, y in zip(*(dots or ((), ())), strict=True):
        parts.append(element("circle", cx=at(frame.across(x)), cy=at(frame.up(y)), r="2", style="fill: var(--history)"))
    return picture(frame, title, summary, parts, name)


def extent(lines: Sequence[Curve], bands: Sequence[Band] = (), dots=None) -> tuple[float, float]:
    """The range of an axis that holds every line and band."""
    values = [np.asarray(line.values, dtype=float) for line in lines]
    values += [np.asarray(edge, dtype=float) for band in bands for edge in (band.low, band.high)]
    values += [np.asarray(dots[1], dtype=float)] if dots and len(dots[1]) else []
    low = min((float(np.nanmin(each)) for each in values if np.isfinite(each).any()), default=0.0)
    high = max((float(np.nanmax(each)) for each in values if np.isfinite(each).any()), default=1.0)
    return room(low, high)
