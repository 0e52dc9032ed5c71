"""Pictures of what adds up and of what is traded: waterfalls, stacked shares, scatters, parallel axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from pushpull.svg.frame import BOTTOM, TOP, Frame, at, label, picture, room
from pushpull.wording.markup import element
from pushpull.wording.numbers import Numbers

ROW = 27.0


@dataclass(frozen=True)
class Step:
    """One step of a waterfall: what it adds, and whether that is "better", "worse" or "neither"."""

    title: str
    value: float
    tone: str
    told: str


def waterfall(
    numbers: Numbers, title: str, summary: str, start: float, steps: Sequence[Step], ends: tuple[str, str], unit: str
) -> Markup:
    """From the baseline down a stair of contributions to the policy's value; harm stays visible."""
    places = np.concatenate([[start], start + np.cumsum([step.value for step in steps])])
    width, left = 900.0, 260.0
    low, high = float(places.min()), float(places.max())
    air = 0.08 * ((high - low) or abs(high) or 1.0)
    frame = Frame(width, ROW * (len(steps) + 2) + 12, (low - air, high + 2.6 * air), (0, 1), left)
    parts = [_row(0, ends[0], numbers.amount(start, unit), frame, start, start, "baseline", width)]
    for place, step in enumerate(steps):
        parts.append(_row(place + 1, step.title, step.told, frame, places[place], places[place + 1], step.tone, width))
    last = float(places[-1])
    parts.append(_row(len(steps) + 1, ends[1], numbers.amount(last, unit), frame, last, last, "yours", width))
    return picture(frame, title, summary, parts, "contributions")


def _row(place: int, words: str, told: str, frame: Frame, begin: float, end: float, tone: str, width: float) -> list:
    middle = 6 + ROW * (place + 0.5)
    one, other = sorted((frame.across(begin), frame.across(end)))
    look = f"fill: var(--{ {'neither': 'muted'}.get(tone, tone) })"
    bar = element("rect", x=at(one), y=at(middle - 8), width=at(max(other - one, 2.5)), height="16", rx="2", style=look)
    return [
        label(frame.left - 10, middle + 4, _fitting(words, 34), "end", "row"),
        bar,
        label(other + 7, middle + 4, told, "start", "value"),
    ]


def _fitting(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "\u2026"


def stacked(
    numbers: Numbers,
    title: str,
    summary: str,
    time: Sequence[float],
    layers: Sequence[tuple[str, np.ndarray, str]],
    mark: float | None = None,
) -> Markup:
    """Shares over the years: layers of positive values above nought, of negative ones below."""
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
    clouds: Sequence[tuple[str, np.ndarray, np.ndarray, str]],
    points: Sequence[tuple[str, float, float, str]],
    size: tuple[float, float] = (900.0, 460.0),
) -> Markup:
    """Two outcomes against each other: a large dot for each scenario's run, a small one for each world."""
    xs = np.concatenate([np.array([x for _, x, _, _ in points]), *(cloud[1] for cloud in clouds)])
    ys = np.concatenate([np.array([y for _, _, y, _ in points]), *(cloud[2] for cloud in clouds)])
    ranges = (room(float(xs.min()), float(xs.max())), room(float(ys.min()), float(ys.max())))
    frame = Frame(*size, *ranges)
    parts = frame.axes(numbers, units[1], years=False, across_unit=units[0])
    for _, across, up, colour in clouds:
        look = f"fill: var(--{colour}); fill-opacity: 0.3"
        parts += [
            element("circle", cx=at(frame.across(x)), cy=at(frame.up(y)), r="2.2", style=look)
            for x, y in zip(across, up, strict=True)
        ]
    for name, x, y, colour in points:
        place = (frame.across(x), frame.up(y))
        dot = element("circle", element("title", name), cx=at(place[0]), cy=at(place[1]), r="6", class_="dot",
                      style=f"fill: var(--{colour})")  # fmt: skip
        near_end = place[0] > 0.72 * size[0]
        words = label(place[0] + (-10 if near_end else 10), place[1] + 4, name, "end" if near_end else "start", "name")
        parts += [dot, words]
    return picture(frame, title, summary, parts, "tradeoff")


# Of the titles of parallel axes, in units of the drawing: the first row, its distance to the next, the width of a
# letter, and the least gap between two axes.
FIRST_ROW, ROW, LETTER, LEAST_GAP = 30.0, 13.0, 6.8, 98.0


def parallel(
    title: str,
    summary: str,
    axes: Sequence[tuple[str, str, str]],
    lines: Sequence[tuple[str, Sequence[float], str]],
    better_up: str,
) -> Markup:
    """One upright axis for each outcome (title, words at its foot, words at its head), a line for each scenario.

    Places are from 0 at the foot to 1 at the head; the head is the better end.
    """
    last = max(len(axes) - 1, 1) + 0.4
    width = max(900.0, 72.0 + LEAST_GAP * last)
    letters = int(min((width - 72.0) / last, 2 * 60.0) / LETTER)  # the first axis stands 60 from the edge
    titles = [_wrapped(name, letters) for name, _, _ in axes]
    top = FIRST_ROW + ROW * max(map(len, titles), default=1) + ROW  # one row for the words at the head
    height = max(340.0, top + 274.0)
    frame = Frame(width, height, (0.0, last), (0.0, 1.0), 60.0)
    bottom = height - 30.0

    def up(place: float) -> float:
        return bottom - place * (bottom - top)

    parts = [label(12, 14, better_up, "start", "note")]
    for place, (_, foot, head) in enumerate(axes):
        x = frame.across(place)
        parts.append(element("line", x1=at(x), x2=at(x), y1=at(top), y2=at(bottom), class_="axis"))
        parts += [label(x, FIRST_ROW + ROW * row, each, "middle", "name") for row, each in enumerate(titles[place])]
        parts += [label(x, bottom + 16, foot, "middle"), label(x, top - 6, head, "middle")]
    for name, places, colour in lines:
        points = " ".join(f"{frame.across(number):.1f},{up(place):.1f}" for number, place in enumerate(places))
        parts.append(
            element(
                "polyline", element("title", name), points=points, style=f"stroke: var(--{colour}); stroke-width: 2.6"
            )
        )
    return picture(frame, title, summary, parts, "parallel")


def _wrapped(words: str, most: int) -> list[str]:
    """The words in rows of at most so many letters, but for longer words."""
    rows = [""]
    for word in words.split():
        if rows[-1] and len(rows[-1]) + len(word) + 1 > most:
            rows.append("")
        rows[-1] = f"{rows[-1]} {word}".strip()
    return rows
