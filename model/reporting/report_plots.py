"""Small plots as inline SVG: bands, lines, points and ranges. Colours are classes that the page's style sets."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement, tostring

from pushpull.reporting.report_numbers import number

WIDTH, HEIGHT = 360.0, 210.0
LEFT, RIGHT, TOP, BOTTOM = 52.0, 10.0, 10.0, 26.0
ROW, LABEL = 22.0, 62.0

Numbers = Sequence[float]


@dataclass
class Chart:
    """A plot of values over years; the axis of values holds nought and everything that is drawn."""

    title: str
    bands: list[tuple[str, Numbers, Numbers, Numbers]] = field(default_factory=list)
    lines: list[tuple[str, Numbers, Numbers]] = field(default_factory=list)
    points: list[tuple[str, Numbers, Numbers]] = field(default_factory=list)
    bars: list[tuple[str, Numbers, Numbers, Numbers]] = field(default_factory=list)

    def band(self, kind: str, years: Numbers, low: Numbers, high: Numbers) -> None:
        """An area between two lines; a box where there is one year only."""
        self.bands.append((kind, years, low, high))

    def line(self, kind: str, years: Numbers, values: Numbers) -> None:
        """A line; a short dash where there is one year only."""
        self.lines.append((kind, years, values))

    def dots(self, kind: str, years: Numbers, values: Numbers) -> None:
        """A dot for each value."""
        self.points.append((kind, years, values))

    def ranges(self, kind: str, years: Numbers, low: Numbers, high: Numbers) -> None:
        """An upright bar for each range."""
        self.bars.append((kind, years, low, high))

    def draw(self) -> str:
        """The plot as the text of an SVG element."""
        root = _root(self.title, HEIGHT)
        x, y = self._scales(root)
        for kind, years, low, high in self.bands:
            self._band(root, kind, x, y, years, low, high)
        for kind, years, low, high in self.bars:
            for year, bottom, top in _finite(years, low, high):
                _line(root, kind, x(year), y(bottom), x(year), y(top))
                for end in (bottom, top):
                    _line(root, kind, x(year) - 2.5, y(end), x(year) + 2.5, y(end))
        for kind, years, values in self.lines:
            places = [(x(year), y(value)) for year, value in _finite(years, values)]
            if len(places) == 1:
                places = [(places[0][0] - 12, places[0][1]), (places[0][0] + 12, places[0][1])]
            SubElement(root, "polyline", {"class": kind, "points": _path(places)})
        for kind, years, values in self.points:
            for year, value in _finite(years, values):
                SubElement(root, "circle", {"class": kind, "cx": _at(x(year)), "cy": _at(y(value)), "r": "2.6"})
        return _text_of(root)

    def _band(self, root: Element, kind: str, x, y, years: Numbers, low: Numbers, high: Numbers) -> None:
        there = _finite(years, low, high)
        lower = [(x(year), y(bottom)) for year, bottom, _ in there]
        upper = [(x(year), y(top)) for year, _, top in there]
        if len(there) == 1:
            lower = [(lower[0][0] + step, lower[0][1]) for step in (-12, 12)]
            upper = [(upper[0][0] + step, upper[0][1]) for step in (-12, 12)]
        SubElement(root, "polygon", {"class": kind, "points": _path([*lower, *reversed(upper)])})

    def _scales(self, root: Element):
        years = [year for _, these, *_ in (*self.bands, *self.lines, *self.points, *self.bars) for year in these]
        values = [
            value
            for _, _, *rows in (*self.bands, *self.lines, *self.points, *self.bars)
            for row in rows
            for value in row
            if math.isfinite(value)
        ]
        first, last = min(years), max(years)
        first, last = (first - 1, last + 1) if last - first < 1 else (first, last)
        ticks = nice_ticks(min(0.0, *values), max(values))
        bottom, top = ticks[0], ticks[-1]
        x = _scale(first, last, LEFT + 6, WIDTH - RIGHT - 6)
        y = _scale(bottom, top, HEIGHT - BOTTOM, TOP)
        for tick in ticks:
            _line(root, "grid", LEFT, y(tick), WIDTH - RIGHT, y(tick))
            _label(root, LEFT - 5, y(tick) + 3.5, number(tick), "end")
        for year in year_ticks(first, last):
            _line(root, "axis", x(year), HEIGHT - BOTTOM, x(year), HEIGHT - BOTTOM + 4)
            _label(root, x(year), HEIGHT - BOTTOM + 16, f"{year:d}", "middle")
        return x, y


@dataclass(frozen=True)
class Interval:
    """One row of a plot of ranges: the accepted band (None: open) and the model's median, low and high."""

    label: str
    low: float | None
    high: float | None
    median: float
    model_low: float
    model_high: float
    kind: str


def interval_rows(title: str, rows: Sequence[Interval]) -> str:
    """Every row on a scale of its own that holds nought, the band and the model's range."""
    root = _root(title, ROW * len(rows) + 8)
    for place, row in enumerate(rows):
        middle = 4 + ROW * (place + 0.5)
        _label(root, LABEL - 8, middle + 3.5, row.label, "end")
        known = all(map(math.isfinite, (row.model_low, row.median, row.model_high)))
        theirs = (row.model_low, row.model_high) if known else ()
        ends = [one for one in (0.0, row.low, row.high, *theirs) if one is not None]
        low, high = min(ends), max(ends)
        spread = (high - low) or 1.0
        x = _scale(low - 0.06 * spread, high + 0.06 * spread, LABEL, WIDTH - RIGHT)
        left = LABEL if row.low is None else x(row.low)
        right = WIDTH - RIGHT if row.high is None else x(row.high)
        box = {"class": "accepted", "x": _at(left), "y": _at(middle - 7)}
        SubElement(root, "rect", {**box, "width": _at(max(right - left, 1.5)), "height": "14"})
        _line(root, "zero", x(0.0), middle - 9, x(0.0), middle + 9)
        if not known:
            _label(root, (LABEL + WIDTH) / 2, middle + 3.5, "no number", "middle")
            continue
        _line(root, f"reach {row.kind}", x(row.model_low), middle, x(row.model_high), middle)
        SubElement(root, "circle", {"class": f"dot {row.kind}", "cx": _at(x(row.median)), "cy": _at(middle), "r": "4"})
    return _text_of(root)


def share_bars(title: str, rows: Sequence[tuple[str, float, float, float]]) -> str:
    """Bars from nought on one common scale, each with its median and the range around it; shares of one."""
    high = max(0.0, *(row[3] for row in rows))
    low = min(0.0, *(row[2] for row in rows))
    root = _root(title, 34.0 * len(rows) + 8)
    x = _scale(low, high, 8, WIDTH - 60)
    for place, (label, median, lower, upper) in enumerate(rows):
        top = 4 + 34.0 * place
        _label(root, 8, top + 11, label, "start")
        left, right = sorted((x(0.0), x(median)))
        SubElement(
            root, "rect",
            {"class": "bar", "x": _at(left), "y": _at(top + 16), "width": _at(right - left), "height": "10"},
        )  # fmt: skip
        _line(root, "reach", x(lower), top + 21, x(upper), top + 21)
        _line(root, "zero", x(0.0), top + 15, x(0.0), top + 27)
        _label(root, WIDTH - 6, top + 25, share(median), "end")
    return _text_of(root)


def share(value: float, digits: int = 0) -> str:
    """A share of one in percent; what rounds to nought has no sign."""
    return f"{round(value, digits + 2) + 0.0:.{digits}%}"


def nice_ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Round numbers, evenly spaced, that enclose a range."""
    spread = (high - low) or abs(high) or 1.0
    rough = spread / wanted
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * times for times in (1, 2, 2.5, 5, 10) if power * times >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [float(f"{step * place:.10g}") for place in range(first, max(last, first + 1) + 1)]


def year_ticks(first: float, last: float) -> list[int]:
    """Whole years within a range, at most seven."""
    step = next(step for step in (1, 2, 5, 10, 20, 50) if (last - first) / step <= 7)
    start = math.ceil(first / step - 1e-9) * step
    return list(range(start, math.floor(last + 1e-9) + 1, step))


def _root(title: str, height: float) -> Element:
    root = Element("svg", {"viewBox": f"0 0 {WIDTH:g} {height:g}", "role": "img", "aria-label": title})
    SubElement(root, "title").text = title
    return root


def _scale(low: float, high: float, start: float, end: float):
    return lambda value: start + (value - low) / (high - low) * (end - start)


def _finite(*columns: Numbers) -> list[tuple[float, ...]]:
    return [row for row in zip(*columns, strict=True) if all(math.isfinite(one) for one in row)]


def _line(root: Element, kind: str, x1: float, y1: float, x2: float, y2: float) -> None:
    ends = {"x1": _at(x1), "y1": _at(y1), "x2": _at(x2), "y2": _at(y2)}
    SubElement(root, "line", {"class": kind, **ends})


def _label(root: Element, x: float, y: float, text: str, anchor: str) -> None:
    SubElement(root, "text", {"x": _at(x), "y": _at(y), "text-anchor": anchor}).text = text


def _path(places: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{_at(x)},{_at(y)}" for x, y in places)


def _at(place: float) -> str:
    return f"{place:.1f}"


def _text_of(root: Element) -> str:
    return tostring(root, encoding="unicode", short_empty_elements=False)
