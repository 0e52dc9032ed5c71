"""What stands on the page as charts, read from the page itself: live plots and figures of fragments alike.

Nothing here knows one chart from another: a plot is read from its renderers and their sources, a figure from its
markup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from xml.etree.ElementTree import Element, fromstring, tostring

import numpy as np
from bokeh.models import ColumnDataSource, Line, Plot, Range, Scatter, VArea, VSpan
from bokeh.models.renderers import GlyphRenderer
from markupsafe import Markup

from pushpull.catalogue import catalogue
from pushpull.dashboard.export.chart_files import ChartContent, rounded
from pushpull.dashboard.i18n.texts import Language
from pushpull.files.csv_text import Cell
from pushpull.svg import Band, Curve, Recorded, curves
from pushpull.svg.standing import writable
from pushpull.wording.markup import element
from pushpull.wording.numbers import is_share
from pushpull.wording.palette import Palette

SIZE = (720.0, 360.0)
CLOSE = 1e-3  # years: times nearer to each other are one
PERCENT = "%"
_QUANTILE = re.compile(r"p([\d.]+)\Z")
_COLOURS = {each.name for each in fields(Palette)}
Names = Mapping[str, str]  # what the lines are called, by the sources that they are drawn from


@dataclass(frozen=True)
class DrawnSeries:
    """A series of a chart: its title, its times and its values."""

    title: str
    time: np.ndarray
    values: np.ndarray

    def on(self, grid: np.ndarray) -> np.ndarray:
        """The values at the times of a grid; NaN where there are none."""
        values = np.full(len(grid), np.nan)
        if len(self.time):
            nearest = np.clip(np.searchsorted(self.time, grid - CLOSE), 0, len(self.time) - 1)
            there = np.abs(self.time[nearest] - grid) <= CLOSE
            values[there] = self.values[nearest[there]]
        return values


# Live plots ----------------------------------------------------------------------------------------------------------


def of_plot(language: Language, plot: Plot, outcome: str, title: str, unit: str, names: Names) -> ChartContent:
    """What a plot of an outcome shows, in the years of its axis; `title` and `unit` are the words above it."""
    model_unit = catalogue().outcomes[outcome].unit
    first, last = _ends(plot.x_range)
    parts = [each for each in plot.renderers if isinstance(each, GlyphRenderer) and each.visible]
    lines = [(each, _columns(language, names, each, outcome, "y")[0]) for each in _drawn(parts, Line)]
    areas = [(each, _columns(language, names, each, outcome, "y1", "y2")) for each in _drawn(parts, VArea)]
    dots = [_record(language, each, first, last) for each in _drawn(parts, Scatter)]
    marks = [float(x) for each in _drawn(parts, VSpan) for x in _data(each)[each.glyph.x]]
    marks = [x for x in marks if first <= x <= last]
    grid = _union([first, last], *(column.time for _, column in lines), within=(first, last))
    drawing = curves(
        language.numbers, title, "", grid,
        [Curve(column.title, column.on(grid), _meaning(each), _dash(each.glyph.line_dash), each.glyph.line_width)
         for each, column in lines],
        model_unit,
        [Band(low.on(grid), high.on(grid), _meaning(each)) for each, (low, high) in areas],
        marks[0] if marks else None,
        _ends(plot.y_range),
        Recorded(np.concatenate([each.time for each in dots]), np.concatenate([each.values for each in dots]))
        if dots else None,
        SIZE,
    )  # fmt: skip
    legend, others = list(_legend(lines, areas)), list(other_keys(language, bool(dots), bool(marks)))
    twin = catalogue().outcomes[outcome].observed_as
    columns = [column for _, column in sorted(lines, key=lambda line: line[0].glyph.y == twin)]
    columns += _twins_of_baseline(language, names, lines, outcome)
    columns += [column for _, ends in areas for column in ends] + dots
    beside = PERCENT if is_share(model_unit) else unit
    columns = [each for each in columns if np.isfinite(each.values).any()]
    rows = over_years(language, columns, (first, last), marks, beside, 100.0 if is_share(model_unit) else 1.0)
    return ChartContent(outcome, title, unit or beside, rows, drawing, legend, others)


def over_years(
    language: Language,
    columns: Sequence[DrawnSeries],
    span: tuple[float, float],
    marks: Sequence[float],
    unit: str,
    scale: float = 1.0,
) -> list[list[Cell]]:
    """Heads and a row for every year that a chart shows, the policy start and each time of the record."""
    first, last = span
    say, recorded = language.say, language.say("charts.legend_history")
    years = np.arange(np.ceil(first - CLOSE), last + CLOSE)
    of_record = [each.time for each in columns if each.title == recorded]
    grid = _union(years, marks, [last], *of_record, within=span)
    cells = [[rounded(scale * value) for value in column.on(grid)] for column in columns]
    note = say("exports.policy_start")
    rows: list[list[Cell]] = [
        [float(f"{time:.10g}"), *values, note if any(abs(time - mark) <= CLOSE for mark in marks) else ""]
        for time, *values in zip(grid.tolist(), *cells, strict=True)
    ]
    beside = f" ({unit})" if unit else ""
    heads: list[Cell] = [say("page.year"), *(column.title + beside for column in columns), say("exports.note")]
    return [heads, *rows]


def _data(part: GlyphRenderer) -> Mapping:
    """The columns that a glyph is drawn from; raises TypeError where it is drawn from anything else."""
    source = part.data_source
    if not isinstance(source, ColumnDataSource):
        raise TypeError(f"a chart drawn from {type(source).__name__}")
    return source.data


def _ends(axis: Range) -> tuple[float, float]:
    """Where an axis begins and ends; raises TypeError where it is not one of numbers."""
    start, end = getattr(axis, "start", None), getattr(axis, "end", None)
    if not isinstance(start, int | float) or not isinstance(end, int | float):
        raise TypeError(f"an axis of {type(axis).__name__} has no ends of numbers")
    return float(start), float(end)


def _drawn(parts: Iterable[GlyphRenderer], kind: type) -> Iterator[GlyphRenderer]:
    return (each for each in parts if isinstance(each.glyph, kind))


def _columns(language: Language, names: Names, part: GlyphRenderer, outcome: str, *edges: str) -> list[DrawnSeries]:
    """The series that a glyph draws, one for each of its edges, named by the source and the column they are from."""
    data = _data(part)
    time = np.asarray(data[part.glyph.x], dtype=float)
    drawn = [getattr(part.glyph, edge) for edge in edges]
    titles = [_title(language, names, part.data_source.name or "", name, outcome) for name in drawn]
    if len(drawn) == 2 and all(found := [_QUANTILE.search(name) for name in drawn]):
        low, high = (float(each[1]) for each in found if each is not None)
        share = language.numbers.share((high - low) / 100)
        titles = [language.say(f"exports.range_{end}", share=share) for end in ("low", "high")]
    return [DrawnSeries(title, time, _values(data, name, len(time))) for title, name in zip(titles, drawn, strict=True)]


def _values(data: Mapping, name: str, count: int) -> np.ndarray:
    values = np.asarray(data.get(name, ()), dtype=float)
    return values if len(values) == count else np.full(count, np.nan)


def _title(language: Language, names: Names, source: str, column: str, outcome: str) -> str:
    """What a line is called, by the source that it is drawn from; the recorded twin of an outcome is told from it."""
    title = names.get(source, source)
    if column == catalogue().outcomes[outcome].observed_as:
        recorded = language.inside(language.say("charts.legend_recorded"))
        return language.say("pair", name=title, value=recorded)
    return title


def _twins_of_baseline(
    language: Language, names: Names, lines: Sequence[tuple[GlyphRenderer, DrawnSeries]], outcome: str
) -> Iterator[DrawnSeries]:
    """What statistics show of the baseline: in the table wherever the chart shows it of yours."""
    twin = catalogue().outcomes[outcome].observed_as
    if twin is None or not any(each.glyph.y == twin for each, _ in lines):
        return
    for each, column in lines:
        data = _data(each)
        if each.data_source.name == "baseline" and len(data.get(twin, ())):
            yield DrawnSeries(
                _title(language, names, "baseline", twin, outcome), column.time, _values(data, twin, len(column.time))
            )


def _record(language: Language, part: GlyphRenderer, first: float, last: float) -> DrawnSeries:
    data, glyph = _data(part), part.glyph
    time, values = (np.asarray(data[name], dtype=float) for name in (glyph.x, glyph.y))
    there = np.isfinite(time) & np.isfinite(values) & (time >= first - CLOSE) & (time <= last + CLOSE)
    order = np.argsort(time[there], kind="stable")
    return DrawnSeries(language.say("charts.legend_history"), time[there][order], values[there][order])


def _union(*times: Iterable[float], within: tuple[float, float]) -> np.ndarray:
    """All the times, in order and each once."""
    joined = np.sort(np.concatenate([np.asarray(list(each), dtype=float) for each in times]))
    joined = joined[(joined >= within[0] - CLOSE) & (joined <= within[1] + CLOSE)]
    return joined[np.diff(joined, prepend=-np.inf) > CLOSE]


def _meaning(part: GlyphRenderer) -> str:
    """The colour of the palette that a glyph's tag names."""
    return next((tag.replace("_", "-") for tag in part.glyph.tags if tag in _COLOURS), "muted")


def _dash(given: object) -> tuple[int, ...]:
    if isinstance(given, str):
        return () if given == "solid" else (6, 3)
    return tuple(given) if isinstance(given, (list, tuple)) else ()


def _legend(
    lines: Sequence[tuple[GlyphRenderer, DrawnSeries]], areas: Sequence[tuple[GlyphRenderer, list[DrawnSeries]]]
) -> Iterator[tuple[Markup, str]]:
    for each, column in lines:
        dash = " ".join(map(str, _dash(each.glyph.line_dash))) or "none"
        look = f"stroke: var(--{_meaning(each)}); stroke-width: {each.glyph.line_width:g}; stroke-dasharray: {dash}"
        yield element("line", x1="0", x2="28", y1="5", y2="5", style=look), column.title
    for each, (low, _) in areas:
        if np.isfinite(low.values).any():
            look = f"fill: var(--{_meaning(each)}); fill-opacity: {each.glyph.fill_alpha + 0.08:.2g}"
            yield element("rect", x="0", y="0", width="28", height="10", style=look), low.title.rpartition(",")[0]


def other_keys(language: Language, dots: bool, marks: bool) -> Iterator[tuple[Markup, str]]:
    """What stands in the legend of a chart with dots of the record, or with the policy start marked."""
    if dots:
        drawn = element("circle", cx="14", cy="5", r="3", style="fill: var(--history)")
        yield drawn, language.say("charts.legend_history")
    if marks:
        look = "stroke: var(--muted); stroke-dasharray: 3 3"
        yield element("line", x1="14", x2="14", y1="0", y2="10", style=look), language.say("charts.legend_mark")


# Figures of fragments ------------------------------------------------------------------------------------------------


def of_figure(language: Language, fragments: Iterable[str], key: str) -> ChartContent | None:
    """What the figure of that id shows, found in the pieces of HTML that the page holds; None where it is in none."""
    for html in fragments:
        head = re.search(rf'<figure\b[^>]*\bid="{re.escape(key)}"[^>]*>', html)
        if head is not None:
            end = html.index("</figure>", head.start()) + len("</figure>")
            return _content(language, fromstring(writable(html[head.start() : end])), key)
    return None


def _content(language: Language, figure: Element, key: str) -> ChartContent:
    heading = figure.find(".//h3")
    unit = heading.find("small") if heading is not None else None
    title = figure.get("aria-label", key)
    if heading is not None:
        title = "".join(heading.itertext()).removesuffix("".join(unit.itertext()) if unit is not None else "")
    if subject := figure.get("data-subject"):
        title = language.say("pair", name=subject, value=title)
    drawing = next((each for each in figure.iter("svg") if "drawing" in each.get("class", "").split()), None)
    legend = [
        (Markup("").join(_markup(shape) for shape in symbol), " ".join("".join(item.itertext()).split()))
        for item in figure.findall(".//ul[@class='legend']/li")
        if (symbol := item.find("svg")) is not None
    ]
    shown = figure.find(".//table")
    return ChartContent(
        key.removeprefix("figure-"),
        title,
        "".join(unit.itertext()) if unit is not None else "",
        _rows(language, shown) if shown is not None else [],
        _markup(drawing) if drawing is not None else None,
        legend,
        list(
            other_keys(
                language, _holds(drawing, "circle", "style", "history"), _holds(drawing, "line", "class", "mark")
            )
        ),
    )


def _holds(drawing: Element | None, tag: str, attribute: str, words: str) -> bool:
    return drawing is not None and any(words in each.get(attribute, "") for each in drawing.iter(tag))


def _markup(node: Element) -> Markup:
    return Markup(tostring(node, encoding="unicode"))


def _rows(language: Language, shown: Element) -> list[list[Cell]]:
    """The cells of a table: numbers where they say their value, else their words."""
    told = shown.get("data-table")
    if told is None:
        return [[_cell(cell) for cell in row] for row in shown.iter("tr")]
    held = json.loads(told)
    heads = [
        held["heads"][0],
        *(f"{head} ({held['unit']})" for head in held["heads"][1:]),
        language.say("exports.note"),
    ]
    return [heads, *([*row, held["note"] if abs(row[0] - held["start"]) <= CLOSE else ""] for row in held["rows"])]


def _cell(cell: Element) -> Cell:
    value = cell.get("data-value")
    if value is not None:
        return float(value) if value else None
    # Words of parts that stand beside each other on the page stay apart.
    return " ".join(" ".join(cell.itertext()).split())
