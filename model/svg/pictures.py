"""Pictures of what adds up and of what is traded: waterfalls, stacked shares, scatters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from pushpull.svg.frame import BOTTOM, TOP, Frame, Values, at, axis_range, fitting, label, picture
from pushpull.wording.markup import element
from pushpull.wording.numbers import Numbers

ROW = 27.0


@dataclass(frozen=True)
class WaterfallStep:
    """One step of a waterfall: what it adds, also in words, and whether that is "better", "worse" or "neither"."""

    title: str
    value: float
    tone: str
    amount: str


def waterfall(
    numbers: Numbers,
    title: str,
    summary: str,
    start: float,
    steps: Sequence[WaterfallStep],
    ends: tuple[str, str],
    unit: str,
) -> Markup:
    """From the baseline down a stair of contributions to the policy's value; harm stays visible."""
    levels = np.concatenate([[start], start + np.cumsum([step.value for step in steps])])
    width, left = 900.0, 260.0
    low, high = float(levels.min()), float(levels.max())
    air = 0.08 * ((high - low) or abs(high) or 1.0)
    frame = Frame(width, ROW * (len(steps) + 2) + 12, (low - air, high + 2.6 * air), (0, 1), left)
    parts = [_row(0, ends[0], numbers.amount(start, unit), frame, start, start, "baseline")]
    for number, step in enumerate(steps):
        before, after = levels[number], levels[number + 1]
        parts.append(_row(number + 1, step.title, step.amount, frame, before, after, step.tone))
    last = float(levels[-1])
    parts.append(_row(len(steps) + 1, ends[1], numbers.amount(last, unit), frame, last, last, "yours"))
    return picture(frame, title, summary, parts, "contributions")


def _row(number: int, title: str, amount: str, frame: Frame, begin: float, end: float, tone: str) -> list:
    middle = 6 + ROW * (number + 0.5)
    left, right = sorted((frame.across(begin), frame.across(end)))
    look = f"fill: var(--{ {'neither': 'muted'}.get(tone, tone) })"
    bar = element(
        "rect", x=at(left), y=at(middle - 8), width=at(max(right - left, 2.5)), height="16", rx="2", style=look
    )
    return [
        label(frame.left - 10, middle + 4, fitting(title, 34), "end", "row"),
        bar,
        label(right + 7, middle + 4, amount, "start", "value"),
    ]


def stacked(
    numbers: Numbers,
    title: str,
    summary: str,
    time: Values,
    layers: Sequence[tuple[str, np.ndarray, str]],
    mark: float | None = None,
) -> Markup:
    """Shares over the years: layers of positive values above zero, of negative ones below."""
    frame = Frame(900.0, 300.0, (float(time[0]), float(time[-1])), (-1.0, 1.0))
    above, below = np.zeros(len(time)), np.zeros(len(time))
    parts = []
    for name, values, colour in layers:
        for start, share in ((above, np.maximum(values, 0.0)), (below, np.minimum(values, 0.0))):
            if share.any():
                edge = f"{frame.path(time, start + share)} {frame.path(list(time)[::-1], start[::-1])}"
                parts.append(element("polygon", element("title", name), points=edge, style=colour, class_="layer"))
                start += share
    parts += frame.axes(numbers, "1")
    if mark is not None:
        x = at(frame.across(mark))
        parts.append(element("line", x1=x, x2=x, y1=at(TOP), y2=at(frame.height - BOTTOM), class_="mark"))
    return picture(frame, title, summary, parts, "dominance")


def scatter(
    numbers: Numbers,
    title: str,
    summary: str,
    units: tuple[str, str],
    spreads: Sequence[tuple[str, np.ndarray, np.ndarray, str]],
    points: Sequence[tuple[str, float, float, str]],
    size: tuple[float, float] = (900.0, 460.0),
) -> Markup:
    """Two outcomes against each other: a large dot for each scenario's run, a small one for each member."""
    xs = np.concatenate([np.array([x for _, x, _, _ in points]), *(spread[1] for spread in spreads)])
    ys = np.concatenate([np.array([y for _, _, y, _ in points]), *(spread[2] for spread in spreads)])
    ranges = (axis_range(float(xs.min()), float(xs.max())), axis_range(float(ys.min()), float(ys.max())))
    frame = Frame(*size, *ranges)
    parts = frame.axes(numbers, units[1], years=False, across_unit=units[0])
    for _, across, up, colour in spreads:
        look = f"fill: var(--{colour}); fill-opacity: 0.3"
        parts += [
            element("circle", cx=at(frame.across(x)), cy=at(frame.up(y)), r="2.2", style=look)
            for x, y in zip(across, up, strict=True)
        ]
    for name, x, y, colour in points:
        cx, cy = frame.across(x), frame.up(y)
        dot = element("circle", element("title", name), cx=at(cx), cy=at(cy), r="6", class_="dot",
                      style=f"fill: var(--{colour})")  # fmt: skip
        near_end = cx > 0.72 * size[0]
        parts += [dot, label(cx + (-10 if near_end else 10), cy + 4, name, "end" if near_end else "start", "name")]
    return picture(frame, title, summary, parts, "tradeoff")
