"""What every drawing has: a frame with axes, round ticks, and a title and summary for those who cannot see it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from markupsafe import Markup

from pushpull.wording.markup import element
from pushpull.wording.numbers import Numbers
from pushpull.wording.typography import GAP, NARROW

Values = Sequence[float] | np.ndarray
LEFT, RIGHT, TOP, BOTTOM = 46.0, 12.0, 8.0, 22.0
LETTER = 6.0  # the width of a digit of a label
NAMESPACE = "http://www.w3.org/2000/svg"
_BLANKS = re.compile(rf"[^\S{GAP}{NARROW}]+")
STYLE = Path(__file__).with_name("drawing.css").read_text(encoding="utf-8")  # of every drawing, in the palette's names


def breakable(text: str) -> list[str]:
    """The words of a text between which a line may break: not at the gap before a colon, or between a number and its
    unit."""
    return [word for word in _BLANKS.split(text) if word]


@dataclass(frozen=True)
class Frame:
    """The size of a drawing in its own units, the ranges of its two axes, and the margins left and right of them."""

    width: float
    height: float
    x: tuple[float, float]
    y: tuple[float, float]
    left: float = LEFT
    right: float = RIGHT

    def across(self, value: float) -> float:
        """The horizontal coordinate of a value of the x axis."""
        low, high = self.x
        return self.left + (value - low) / ((high - low) or 1.0) * (self.width - self.left - self.right)

    def up(self, value: float) -> float:
        """The vertical coordinate of a value of the y axis."""
        low, high = self.y
        return self.height - BOTTOM - (value - low) / ((high - low) or 1.0) * (self.height - TOP - BOTTOM)

    def axes(self, numbers: Numbers, unit: str, years: bool = True, across_unit: str = "") -> list[Markup]:
        """Grid lines and their labels; the x axis is one of years, or of `across_unit`."""
        parts = []
        right, bottom = self.width - self.right, self.height - BOTTOM
        for tick in ticks(*self.y):
            y = self.up(tick)
            kind = "zero" if tick == 0 and self.y[0] < 0 else "grid"
            parts.append(element("line", x1=at(self.left), x2=at(right), y1=at(y), y2=at(y), class_=kind))
            parts.append(label(self.left - 5, y + 3.5, numbers.short(tick, unit), "end"))
        if years:
            marks = [(float(year), f"{year:d}") for year in year_ticks(*self.x)]
        else:
            marks = [(tick, numbers.short(tick, across_unit)) for tick in ticks(*self.x)]
        for value, words in marks:
            x = self.across(value)
            parts.append(element("line", x1=at(x), x2=at(x), y1=at(bottom), y2=at(bottom + 3), class_="grid"))
            at_the_edge = x + LETTER * len(words) / 2 > self.width
            parts.append(
                label(self.width if at_the_edge else x, bottom + 15, words, "end" if at_the_edge else "middle")
            )
        return parts

    def path(self, xs: Values, ys: Values) -> str:
        """Points of a line; values beyond the axis end at its edge."""
        low, high = self.y
        return " ".join(
            f"{self.across(x):.1f},{self.up(min(max(y, low), high)):.1f}"
            for x, y in zip(xs, ys, strict=True)
            if math.isfinite(y)
        )


def picture(
    frame: Frame, title: str, summary: str, parts: Sequence[object], name: str = "", role: str = "img"
) -> Markup:
    """An SVG picture with a name and a summary for screen readers; a "group" where its parts can be chosen."""
    return element(
        "svg",
        element("title", title),
        element("desc", summary) if summary else None,
        list(parts),
        viewBox=f"0 0 {frame.width:g} {frame.height:g}",
        role=role,
        aria_label=title if not summary else f"{title}. {summary}",
        class_="drawing",
        data_picture=name or None,
    )


def label(
    x: float, y: float, words: str, anchor: str = "start", class_: str | None = None, lang: str | None = None
) -> Markup:
    """A few words at a point, in the language of the page or another."""
    return element("text", words, x=at(x), y=at(y), text_anchor=anchor, class_=class_, lang=lang)


def fitting(words: str, most: int) -> str:
    """Words for which there is room for so many letters: cut short where they are longer."""
    return words if len(words) <= most else words[: most - 1].rstrip() + "\u2026"


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers inside a range, evenly spaced."""
    spread = (high - low) or 1.0
    power = 10.0 ** math.floor(math.log10(spread / most))
    step = next(power * times for times in (1, 2, 2.5, 5, 10) if spread / (power * times) <= most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{step * count:.10g}") for count in range(first, last + 1)]


def year_ticks(first: float, last: float, most: int = 5) -> list[int]:
    """Whole years inside a range."""
    gap = next(gap for gap in (1, 2, 5, 10, 20, 50, 100) if (last - first) / gap <= most)
    return list(range(int(-(-first // gap) * gap), int(last) + 1, gap))


def axis_range(low: float, high: float) -> tuple[float, float]:
    """A range with a little air, which holds zero and ends at round numbers."""
    low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        return (0.0, 1.0)
    step = ticks(low, high)
    gap = step[1] - step[0] if len(step) > 1 else (high - low)
    return (math.floor(low / gap * 1.0001) * gap if low < 0 else 0.0, math.ceil(high / gap * 1.0001) * gap)


def at(value: float) -> str:
    """A coordinate, to a tenth of a unit."""
    return f"{value:.1f}"
