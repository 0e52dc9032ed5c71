"""Charts that are drawn once; afterwards only the data of their shared sources change.

Plain Bokeh plots: a HoloViews element of the same chart takes several times as long to open, and ends as one
of these. A session has a few places for charts; which outcome a place shows is a matter of column names. Blue is
yours with its band, grey the baseline, dots the record, dashes what statistics show, a thin upright line the policy
start.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from bokeh.models import (
    AllLabels,
    BasicTicker,
    ColumnDataSource,
    CustomJSHover,
    CustomJSTickFormatter,
    FixedTicker,
    Grid,
    HoverTool,
    Line,
    LinearAxis,
    LinearScale,
    NumeralTickFormatter,
    Plot,
    Range1d,
    Scatter,
    VArea,
    VSpan,
)

from dashboard import theme, views
from dashboard.language import Language
from dashboard.numbers import is_share
from dashboard.runs import Runs
from model import Result
from model.analysis import Paired
from model.catalogue import catalogue
from model.scenario import Corridor

HEIGHT, TALL = 168, 300
PLACES = 9
FOCUS = "focus"
EDGES = ("p5", "p25", "p75", "p95")
_EDGE_ROWS = {"p5": 0, "p25": 1, "p75": 3, "p95": 4}

_SHORT = """
function short(value) {
  const size = Math.abs(value), sign = value < 0 ? "\u2212" : "";
  const said = (number) => Number(number.toPrecision(3)).toLocaleString(LOCALE);
  for (const [scale, word] of SCALES) if (size >= scale) return sign + said(size / scale) + word;
  return sign + said(size);
}
"""
_TOLD = {
    "share": 'Number((100 * value).toPrecision(3)).toLocaleString(LOCALE) + "\u00a0%"',
    "money": "short(value)",
    "count": "short(value)",
}
_TOOLTIP = """
<div style="margin: -5px; padding: 6px 10px; background: var(--surface); color: var(--text); font: 12px var(--font)">
<b>@time{{0}}</b><br>
<span style="color: var(--yours)">{yours}</span> @{name}{{custom}}<br>
<span style="color: var(--muted)">{baseline}</span> $index{{{name}}}
</div>
"""
_BASELINE_VALUE = "value = baseline.data[format][special_vars.index];"


class Sources:
    """The data of every chart; all hold a column `time` and one a variable, `bands` those of each place."""

    def __init__(self) -> None:
        outcomes = views.outcome_names()
        self.yours = empty("yours", outcomes)
        self.baseline = empty("baseline", outcomes)
        self.untouched = empty("untouched", outcomes)
        self.bands = empty("bands", (f"{place}_{edge}" for place in places() for edge in EDGES))
        self.marks = ColumnDataSource({"x": []}, name="marks")
        self.history = {place: empty(f"history:{place}", ("value",)) for place in places()}


def places() -> tuple[str, ...]:
    """The names of the places for charts: nine beside the cards, and one for the outcome looked at closely."""
    return (*map(str, range(PLACES)), FOCUS)


def empty(name: str, columns: Iterable[str]) -> ColumnDataSource:
    """A source that knows its columns and holds nothing yet."""
    return ColumnDataSource({column: [] for column in ("time", *columns)}, name=name)


class Charts:
    """The figures of the page, by place; `shown` says which outcome each shows (None: it stands empty)."""

    def __init__(self, sources: Sources, colours: theme.Palette, language: Language):
        self.sources, self.colours, self.language = sources, colours, language
        self.shown: dict[str, str | None] = dict.fromkeys(places())
        self.years = Range1d(name="years")
        self._ticks = FixedTicker()
        self._shared(language)
        self.heights = {place: Range1d(start=0, end=1, name=f"height:{place}") for place in places()}
        self.figures = {place: self._figure(place) for place in places()}
        self._bands: Paired | None = None
        for chart in self.figures.values():
            dress(chart, colours)

    def _shared(self, language: Language) -> None:
        """What all figures have in common, made once."""
        scales = [[float(size), word] for size, word in language.section("numbers.short").items()]
        head = f"const LOCALE = {language.section('numbers.locale')!r}, SCALES = {scales!r};{_SHORT}"
        self._formats = {
            kind: CustomJSTickFormatter(code=f"{head} const value = tick; return {code}")
            for kind, code in _TOLD.items()
        }
        self._told = {kind: CustomJSHover(code=f"{head} return {code}") for kind, code in _TOLD.items()}
        self._told_baseline = {
            kind: CustomJSHover(
                args={"baseline": self.sources.baseline}, code=f"{head} {_BASELINE_VALUE} return {code}"
            )
            for kind, code in _TOLD.items()
        }
        self._plain_years = NumeralTickFormatter(format="0")
        self._amounts = BasicTicker(desired_num_ticks=4, num_minor_ticks=0)
        self._scale = LinearScale()
        self._axis_looks = {
            "axis_line_color": None,
            "major_tick_line_color": None,
            "minor_tick_line_color": None,
            "major_label_text_font": theme.FONT,
            "major_label_text_font_size": "12px",
            "major_label_policy": AllLabels(),
        }

    def _figure(self, place: str) -> Plot:
        """A figure for any outcome; its axis of amounts begins at nought."""
        chart = Plot(
            height=TALL if place == FOCUS else HEIGHT,
            min_width=100,
            sizing_mode="stretch_width",
            x_range=self.years,
            y_range=self.heights[place],
            x_scale=self._scale,
            y_scale=self._scale,
            title=None,
            toolbar_location=None,
            min_border_left=6,
            min_border_right=12,
            min_border_top=6,
        )
        years = LinearAxis(ticker=self._ticks, formatter=self._plain_years, **self._axis_looks)
        amounts = LinearAxis(ticker=self._amounts, formatter=self._formats["count"], **self._axis_looks)
        chart.add_layout(years, "below")
        chart.add_layout(amounts, "left")
        chart.add_layout(Grid(dimension=1, axis=amounts))
        sources = self.sources
        for low, high, alpha in (("p5", "p95", 0.14), ("p25", "p75", 0.22)):
            area = VArea(x="time", y1=f"{place}_{low}", y2=f"{place}_{high}", fill_alpha=alpha, tags=["yours"])
            chart.add_glyph(sources.bands, area)
        chart.add_glyph(sources.marks, VSpan(x="x", line_width=1, line_dash=[3, 3], tags=["mark"]))
        first = "protection_gap"
        _line(chart, sources.untouched, first, "baseline", line_dash=theme.AS_THINGS_STAND, line_width=1.5)
        _line(chart, sources.baseline, first, "baseline", line_width=2)
        _line(chart, sources.yours, first, "yours", line_dash=theme.AS_RECORDED, line_width=1.2).visible = False
        yours = _line(chart, sources.yours, first, "yours", line_width=2.4)
        dots = Scatter(x="time", y="value", size=4, line_color=None, tags=["history"])
        chart.add_glyph(sources.history[place], dots)
        chart.add_tools(
            HoverTool(renderers=[yours], mode="vline", line_policy="nearest", attachment="above", tooltips="")
        )
        return chart

    # Changing ----------------------------------------------------------------------------------------------

    def place(self, wanted: dict[str, str | None], corridor: Corridor, start: float) -> None:
        """Give each place its outcome, with its record and its way of telling amounts."""
        for place, name in wanted.items():
            if self.shown[place] == name:
                continue
            self.shown[place] = name
            chart = self.figures[place]
            chart.visible = name is not None
            if name is None:
                continue
            outcome = catalogue().outcomes[name]
            untouched, baseline, twin, yours = (each for each in chart.renderers if isinstance(each.glyph, Line))
            for renderer in (untouched, baseline, yours):
                renderer.glyph.y = name
            twin.visible = bool(outcome.observed_as)
            twin.glyph.y = outcome.observed_as or name
            kind = _kind(outcome.unit)
            chart.left[0].formatter = self._formats[kind]
            (hover,) = chart.tools
            hover.tooltips = _TOOLTIP.format(
                yours=self.language.say("yours"), baseline=self.language.say("baseline"), name=name
            )
            hover.formatters = {f"@{name}": self._told[kind], "$index": self._told_baseline[kind]}
            self.sources.history[place].data = views.history(corridor, name, start)

    def renew_history(self, corridor: Corridor, start: float) -> None:
        """Show the record of another corridor or horizon."""
        for place, name in self.shown.items():
            if name is not None:
                self.sources.history[place].data = views.history(corridor, name, start)

    def show(self, runs: Runs, frozen: bool = False) -> None:
        """Give the charts the data of these runs; their axes stay where they are while `frozen`."""
        sources = self.sources
        sources.yours.data = views.outcome_columns(runs.yours)
        _fill(sources.baseline, runs.baseline)
        _fill(sources.untouched, runs.untouched)
        if not frozen:
            self.rescale()

    def show_bands(self, found: Paired | None, frozen: bool = False) -> None:
        """Lay the bands of an ensemble under the lines, or take away what no longer belongs to them."""
        self._bands = found
        source = self.sources.bands
        if found is None:
            if len(source.data["time"]):
                source.data = {name: [] for name in source.data}
            return
        nothing = np.full(len(found.time), np.nan)
        data = {"time": found.time}
        for place, name in self.shown.items():
            edges = found.of(name).policy.edges if name else None
            for edge in EDGES:
                data[f"{place}_{edge}"] = nothing if edges is None else edges[_EDGE_ROWS[edge]]
        source.data = data
        if not frozen:
            self.rescale()

    def rescale(self) -> None:
        """Give each axis the room its lines need; it ends at a round number, so that small moves leave it."""
        for place, name in self.shown.items():
            if name is None:
                continue
            end = views.round_above(max(self._tops(place, name), default=0.0))
            if self.heights[place].end != end:
                self.heights[place].end = end

    def _tops(self, place: str, name: str) -> Iterator[float]:
        """The highest point of each series in a chart."""
        twin = catalogue().outcomes[name].observed_as
        for source in (self.sources.yours, self.sources.baseline, self.sources.untouched):
            yield from (float(np.max(source.data[each])) for each in (name, twin) if each and len(source.data[each]))
        top = self.sources.bands.data[f"{place}_p95"]
        if len(top) and np.isfinite(top).any():
            yield float(np.nanmax(top))
        points = self.sources.history[place].data["value"]
        if len(points):
            yield max(points)

    def span(self, start: float, end: float, policy_start: float) -> None:
        """Show these years, and mark the policy start."""
        if (self.years.start, self.years.end) != (start, end):
            self.years.update(start=start, end=end)
            gap = next(gap for gap in (1, 2, 5, 10, 20, 50, 100) if (end - start) / gap <= 6)
            self._ticks.ticks = list(range(int(-(-start // gap) * gap), int(end) + 1, gap))
        if list(self.sources.marks.data["x"]) != [policy_start]:
            self.sources.marks.data = {"x": [policy_start]}

    def dress(self, colours: theme.Palette) -> None:
        """Put every figure in the colours of a theme."""
        if colours is not self.colours:
            self.colours = colours
            for chart in self.figures.values():
                dress(chart, colours)


def dress(chart: Plot, colours: theme.Palette) -> None:
    """Colour a figure: by the tag of each glyph, so that one meaning has one colour everywhere."""
    chart.background_fill_color = chart.border_fill_color = colours.surface
    chart.outline_line_color = None
    for part in (*chart.below, *chart.left):
        part.major_label_text_color = colours.muted
    for part in chart.center:
        part.grid_line_color = colours.line
    shades = {
        "baseline": colours.baseline,
        "yours": colours.yours,
        "history": colours.history,
        "mark": colours.muted,
    }
    for renderer in chart.renderers:
        glyph = renderer.glyph
        word = "fill_color" if isinstance(glyph, (Scatter, VArea)) else "line_color"
        for tag in glyph.tags:
            setattr(glyph, word, shades[tag])


def _line(chart: Plot, source: ColumnDataSource, name: str, colour: str, **looks):
    return chart.add_glyph(source, Line(x="time", y=name, tags=[colour], **looks))


def _fill(source: ColumnDataSource, result: Result | None) -> None:
    """Give a source the data of a result unless it holds them; nothing where there is no result."""
    mark = "" if result is None else result.provenance["scenario_hash"]
    if source.tags != [mark]:
        source.data = {name: [] for name in source.data} if result is None else views.outcome_columns(result)
        source.tags = [mark]


def _kind(unit: str) -> str:
    if is_share(unit):
        return "share"
    return "money" if unit.startswith("USD") else "count"
