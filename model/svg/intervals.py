"""Ranges in rows: a model's range beside an accepted one, and bars with a range around them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pushpull.svg.frame import Frame, at, label, picture
from pushpull.wording.markup import element
from pushpull.wording.numbers import Numbers

WIDTH = 360.0
ROW, LABEL = 22.0, 62.0  # of rows of intervals: their height, and the room for labels on the left
BAR_ROW, VALUE = 34.0, 60.0  # of bars: the height of a row, and the room for values on the right


@dataclass(frozen=True)
class Interval:
    """One row: the accepted range (None: open), the model's median, low and high, and the colour of its verdict."""

    label: str
    low: float | None
    high: float | None
    median: float
    model_low: float
    model_high: float
    colour: str


def interval_rows(title: str, rows: Sequence[Interval], missing: str) -> Markup:
    """Every row on a scale of its own that holds zero, the accepted range and the model's; `missing` stands where the
    model has no number."""
    height = ROW * len(rows) + 8
    parts: list[object] = []
    for number, row in enumerate(rows):
        middle = 4 + ROW * (number + 0.5)
        finite = all(map(math.isfinite, (row.model_low, row.median, row.model_high)))
        model = (row.model_low, row.model_high) if finite else ()
        ends = [end for end in (0.0, row.low, row.high, *model) if end is not None]
        air = 0.06 * ((max(ends) - min(ends)) or 1.0)
        frame = Frame(WIDTH, height, (min(ends) - air, max(ends) + air), (0, 1), LABEL)
        left = LABEL if row.low is None else frame.across(row.low)
        right = WIDTH - frame.right if row.high is None else frame.across(row.high)
        width = at(max(right - left, 1.5))
        parts += [
            label(LABEL - 8, middle + 3.5, row.label, "end"),
            element("rect", x=at(left), y=at(middle - 7), width=width, height="14", class_="accepted"),
            _stroke(frame, "zero", 0.0, 0.0, middle - 9, middle + 9),
        ]
        if not finite:
            parts.append(label((LABEL + WIDTH) / 2, middle + 3.5, missing, "middle"))
            continue
        look, median = f"var(--{row.colour})", at(frame.across(row.median))
        parts.append(_stroke(frame, "reach", row.model_low, row.model_high, middle, middle, style=f"stroke: {look}"))
        parts.append(element("circle", cx=median, cy=at(middle), r="4", style=f"fill: {look}"))
    return picture(Frame(WIDTH, height, (0, 1), (0, 1)), title, "", parts)


def share_bars(numbers: Numbers, title: str, rows: Sequence[tuple[str, float, float, float]]) -> Markup:
    """Bars from zero on one common scale, each a share (label, median, low, high) with the range around it."""
    low, high = min(0.0, *(row[2] for row in rows)), max(0.0, *(row[3] for row in rows))
    frame = Frame(WIDTH, BAR_ROW * len(rows) + 8, (low, high), (0, 1), 8.0, VALUE)
    parts: list[object] = []
    for number, (words, median, lower, upper) in enumerate(rows):
        top = 4 + BAR_ROW * number
        left, right = sorted((frame.across(0.0), frame.across(median)))
        parts += [
            label(8, top + 11, words),
            element("rect", x=at(left), y=at(top + 16), width=at(right - left), height="10", class_="bar"),
            _stroke(frame, "reach", lower, upper, top + 21, top + 21),
            _stroke(frame, "zero", 0.0, 0.0, top + 15, top + 27),
            label(WIDTH - 6, top + 25, numbers.share(median), "end"),
        ]
    return picture(frame, title, "", parts)


def _stroke(frame: Frame, kind: str, x1: float, x2: float, y1: float, y2: float, style: str | None = None) -> Markup:
    ends = {"x1": at(frame.across(x1)), "x2": at(frame.across(x2)), "y1": at(y1), "y2": at(y2)}
    return element("line", **ends, class_=kind, style=style)
