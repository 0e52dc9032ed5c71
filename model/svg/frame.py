"""What every drawing has: a frame with axes, round ticks, and its words for those who cannot see it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pushpull.wording.markup import element
from pushpull.wording.numbers import Numbers

LEFT, RIGHT, TOP, BOTTOM = 46.0, 12.0, 8.0, 22.0


@dataclass(frozen=True)
class Frame:
    """The room of a drawing in its own units, and the ranges of its two axes."""

    width: float
    height: float
    x: tuple[float, float]
    y: tuple[float, float]
    left: float = LEFT

    def across(self, value: float) -> float:
        """Where a value of the axis across lies."""
        low, high = self.x
        return self.left + (value - low) / ((high - low) or 1.0) * (self.width - self.left - RIGHT)

    def up(self, value: float) -> float:
        """Where a value of the upright axis lies."""
        low, high = self.y
        return self.height - BOTTOM - (value - low) / ((high - low) or 1.0) * (self.height - TOP - BOTTOM)

    def axes(self, numbers: Numbers, unit: str, years: bool = True, across_unit: str = "") -> list[Markup]:
        """Grid lines and their labels; the axis across is one of years, or of another unit."""
        say, parts = numbers.short, []
        right, bottom = self.width - RIGHT, self.height - BOTTOM
        for tick in ticks(*self.y):
            place = self.up(tick)
            kind = "zero" if tick == 0 and self.y[0] < 0 else "grid"
            parts.append(element("line", x1=at(self.left), x2=at(right), y1=at(place), y2=at(place), class_=kind))
            parts.append(label(self.left - 5, place + 3.5, say(tick, unit), "end"))
        if years:
            marks = [(year, f"{year:d}") for year in year_ticks(*self.x)]
        else:
            marks = [(tick, say(tick, across_unit)) for tick in ticks(*self.x)]
        for value, words in marks:
            place = self.across(value)
            parts.append(element("line", x1=at(place), x2=at(place), y1=at(bottom), y2=at(bottom + 3), class_="grid"))
            parts.append(label(place, bottom + 15, words, "middle"))
        return parts

    def path(self, xs: Sequence[float], ys: Sequence[float]) -> str:
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
        xmlns="http://www.w3.org/2000/svg",
    )


def label(
    x: float, y: float, words: str, anchor: str = "start", class_: str | None = None, lang: str | None = None
) -> Markup:
    """A few words at a point, in the language of the page or another."""
    return element("text", words, x=at(x), y=at(y), text_anchor=anchor, class_=class_, lang=lang)


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers inside a range, evenly spaced."""
    spread = (high - low) or 1.0
    power = 10.0 ** math.floor(math.log10(spread / most))
    step = next(power * times for times in (1, 2, 2.5, 5, 10) if spread / (power * times) <= most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{step * place:.10g}") for place in range(first, last + 1)]


def year_ticks(first: float, last: float, most: int = 5) -> list[int]:
    """Whole years inside a range."""
    gap = next(gap for gap in (1, 2, 5, 10, 20, 50, 100) if (last - first) / gap <= most)
    return list(range(int(-(-first // gap) * gap), int(last) + 1, gap))


def room(low: float, high: float) -> tuple[float, float]:
    """A range with a little air, which holds nought and ends at round numbers."""
    low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        return (0.0, 1.0)
    step = ticks(low, high)
    gap = step[1] - step[0] if len(step) > 1 else (high - low)
    return (math.floor(low / gap * 1.0001) * gap if low < 0 else 0.0, math.ceil(high / gap * 1.0001) * gap)


def at(value: float) -> str:
    """A place, to a tenth of a unit."""
    return f"{value:.1f}"
