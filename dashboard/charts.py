"""Charts that are drawn once; afterwards only the data of their shared sources change.

Plain Bokeh plots: a HoloViews element of the same chart takes several times as long to open, and ends as one
of these. Blue is yours, grey the baseline, dots the record, dashes what statistics show, a thin upright line
the policy start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

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
    MultiLine,
    NumeralTickFormatter,
    Plot,
    Range1d,
    Scatter,
    VSpan,
)

from dashboard import formatting, text, theme, views
from dashboard.showing import Runs
from dashboard.state import recorded_outcomes
from model import Result
from model.catalogue import Outcome, catalogue

HEIGHT = 168
TALL = 210

_SHORT = """
function short(value) {
  const size = Math.abs(value), sign = value < 0 ? "\u2212" : "";
  const cut = (number) => String(Number(number.toPrecision(3)));
  if (size >= 1e12) return sign + cut(size / 1e12) + "tn";
  if (size >= 1e9) return sign + cut(size / 1e9) + "bn";
  if (size >= 1e6) return sign + cut(size / 1e6) + "m";
  if (size >= 1e4) return sign + cut(size / 1e3) + "k";
  return sign + Number(size.toPrecision(3)).toLocaleString("en-GB");
}
"""
# How a tooltip tells a value; and, for the baseline, where it finds it: the format names the column.
_TOLD = {
    "share": 'Number((100 * value).toPrecision(3)) + " %"',
    "money": '"$" + short(value)',
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


LOOKS = ("color", "dash")
_TAB_OF = {"outcomes": "outcome:", "routes": "route:", "recorded": "recorded:"}


class Sources:
    """The data of every chart, by what it stands for; all hold a column `time` and one a variable."""

    def __init__(self) -> None:
        outcomes, recorded, routes = views.outcome_names(), views.recorded_names(), views.ROUTE_CHARTS
        self.yours = empty("yours", outcomes)
        self.baseline = empty("baseline", outcomes)
        self.untouched = empty("untouched", outcomes)
        self.recorded_yours = empty("recorded_yours", recorded)
        self.recorded_baseline = empty("recorded_baseline", recorded)
        self.shares_yours = empty("shares_yours", (*views.SHARES, *LOOKS))
        self.shares_baseline = empty("shares_baseline", (*views.SHARES, *LOOKS))
        self.routes_yours = empty("routes_yours", (*routes, *LOOKS))
        self.routes_baseline = empty("routes_baseline", (*routes, *LOOKS))
        self.marks = ColumnDataSource({"x": []}, name="marks")
        self.history = {name: empty(f"history:{name}", ("value",)) for name in recorded_outcomes()}


def empty(name: str, columns: Iterable[str]) -> ColumnDataSource:
    """A source that knows its columns and holds nothing yet."""
    return ColumnDataSource({column: [] for column in ("time", *columns)}, name=name)


class Charts:
    """Every figure of the page, by name: `outcome:<id>`, `route:<id>:<whose>`, `recorded:<id>`."""

    def __init__(self, sources: Sources, colours: theme.Palette):
        self.sources = sources
        self.colours = colours
        self.years = Range1d(name="years")
        self._ticks, self._few_ticks = FixedTicker(), FixedTicker()
        self._formats = {
            kind: CustomJSTickFormatter(code=_SHORT + code)
            for kind, code in {
                "share": 'return Number((100 * tick).toPrecision(4)) + " %"',
                "money": 'return (tick < 0 ? "\u2212" : "") + "$" + short(Math.abs(tick))',
                "count": "return short(tick)",
            }.items()
        }
        self._plain_years = NumeralTickFormatter(format="0")
        self._amounts = BasicTicker(desired_num_ticks=4, num_minor_ticks=0)
        self._scale = LinearScale()
        self._axis_looks = {
            "axis_line_color": None,
            "major_tick_line_color": None,
            "minor_tick_line_color": None,
            "major_label_text_font": theme.FONT,
            "major_label_text_font_size": "11px",
            "major_label_policy": AllLabels(),
        }
        baseline = {"baseline": sources.baseline}
        self._told = {kind: CustomJSHover(code=f"{_SHORT} return {code}") for kind, code in _TOLD.items()}
        self._told_baseline = {
            kind: CustomJSHover(args=baseline, code=f"{_SHORT} {_BASELINE_VALUE} return {code}")
            for kind, code in _TOLD.items()
        }
        self.figures: dict[str, Plot] = {}
        self.heights: dict[str, Range1d] = {}
        outcomes = catalogue().outcomes
        self._twins = {f"outcome:{each.id}": each.observed_as for each in outcomes.values()}
        self._twins |= {f"recorded:{true}": shown for true, shown in views.PAIRS}
        self._records = {f"recorded:{true}": shown for true, shown in views.PAIRS if shown in outcomes}
        self._figures()

    # Building ----------------------------------------------------------------------------------------------

    def _figures(self) -> None:
        for outcome in catalogue().outcomes.values():
            name = f"outcome:{outcome.id}"
            self.figures[name] = self._shares() if outcome.id == "route_share" else self._outcome(outcome)
        variables = catalogue().model.variables
        for name in views.ROUTE_CHARTS:
            kind = _kind(variables[name].unit)
            both = (("baseline", self.sources.routes_baseline), ("yours", self.sources.routes_yours))
            for whose, source in both:
                chart = self._plain(f"route:{name}", kind, TALL, self._few_ticks)
                self._mark(chart)
                chart.add_glyph(source, _route_lines(name))
                self.figures[f"route:{name}:{whose}"] = chart
        for true, shown in views.PAIRS:
            self.figures[f"recorded:{true}"] = self._pair(true, shown, _kind(variables[true].unit))
        for chart in self.figures.values():
            dress(chart, self.colours)

    def _plain(self, name: str, kind: str, height: int = HEIGHT, ticks: FixedTicker | None = None) -> Plot:
        """A plot without data; plots of one name share their axis of amounts, which begins at nought."""
        chart = Plot(
            height=height,
            min_width=100,
            sizing_mode="stretch_width",
            x_range=self.years,
            y_range=self.heights.setdefault(name, Range1d(start=0, end=1)),
            x_scale=self._scale,
            y_scale=self._scale,
            title=None,
            toolbar_location=None,
            min_border_left=6,
            min_border_right=10,
            min_border_top=6,
        )
        years = LinearAxis(ticker=ticks or self._ticks, formatter=self._plain_years, **self._axis_looks)
        amounts = LinearAxis(ticker=self._amounts, formatter=self._formats[kind], **self._axis_looks)
        chart.add_layout(years, "below")
        chart.add_layout(amounts, "left")
        chart.add_layout(Grid(dimension=1, axis=amounts))
        return chart

    def _outcome(self, outcome: Outcome) -> Plot:
        sources, name = self.sources, outcome.id
        kind = _kind(outcome.unit)
        chart = self._plain(f"outcome:{name}", kind)
        self._mark(chart)
        _line(chart, sources.untouched, name, "baseline", line_dash=theme.AS_THINGS_STAND, line_width=1.5)
        _line(chart, sources.baseline, name, "baseline", line_width=2)
        if outcome.observed_as:
            _line(
                chart,
                sources.yours,
                outcome.observed_as,
                "yours",
                line_dash=theme.AS_RECORDED,
                line_width=1.2,
            )
        yours = _line(chart, sources.yours, name, "yours", line_width=2.4)
        self._dots(chart, name)
        self._hover(chart, yours, name, kind)
        return chart

    def _shares(self) -> Plot:
        chart = self._plain("outcome:route_share", "share")
        self._mark(chart)
        chart.add_glyph(
            self.sources.shares_baseline,
            MultiLine(xs="time", ys="route_share", line_width=1.2, line_alpha=0.9, tags=["baseline"]),
        )
        chart.add_glyph(self.sources.shares_yours, _route_lines("route_share"))
        return chart

    def _pair(self, true: str, shown: str, kind: str) -> Plot:
        chart = self._plain(f"recorded:{true}", kind, TALL)
        self._mark(chart)
        both = (
            (self.sources.recorded_baseline, "baseline", 1.6),
            (self.sources.recorded_yours, "yours", 2.4),
        )
        for source, colour, width in both:
            _line(chart, source, shown, colour, line_dash=theme.AS_RECORDED, line_width=width)
            _line(chart, source, true, colour, line_width=width)
        self._dots(chart, self._records.get(f"recorded:{true}", true))
        return chart

    def _dots(self, chart: Plot, name: str) -> None:
        """The record of an outcome, where any corridor has one."""
        points = self.sources.history.get(name)
        if points is not None:
            dots = Scatter(x="time", y="value", size=4, line_color=None, tags=["history"])
            chart.add_glyph(points, dots)

    def _mark(self, chart: Plot) -> None:
        chart.add_glyph(self.sources.marks, VSpan(x="x", line_width=1, line_dash=[3, 3], tags=["mark"]))

    def _hover(self, chart: Plot, line, name: str, kind: str) -> None:
        """Year, yours and baseline under the pointer."""
        tool = HoverTool(
            renderers=[line],
            mode="vline",
            line_policy="nearest",
            attachment="above",
            tooltips=_TOOLTIP.format(yours=text.YOURS, baseline=text.BASELINE, name=name),
            formatters={f"@{name}": self._told[kind], "$index": self._told_baseline[kind]},
        )
        chart.add_tools(tool)

    # Changing ----------------------------------------------------------------------------------------------

    def show(self, tab: str, runs: Runs) -> None:
        """Give the charts of a tab the data of these runs, and their axes the room for it.

        Axes end at round numbers, so that they stay put while a lever moves a little.
        """
        sources = self.sources
        looks = route_looks(len(runs.yours.routes), self.colours)
        if tab == "outcomes":
            sources.yours.data = views.outcome_columns(runs.yours)
            _fill(sources.baseline, runs.baseline, views.outcome_columns)
            _fill(sources.untouched, runs.untouched, views.outcome_columns)
            sources.shares_yours.data = views.route_columns(runs.yours, views.SHARES) | looks
            sources.shares_baseline.data = views.route_columns(runs.baseline, views.SHARES) | looks
        elif tab == "routes":
            sources.routes_yours.data = views.route_columns(runs.yours) | looks
            sources.routes_baseline.data = views.route_columns(runs.baseline) | looks
        else:
            sources.recorded_yours.data = views.recorded_columns(runs.yours)
            _fill(sources.recorded_baseline, runs.baseline, views.recorded_columns)
        for name, heights in self.heights.items():
            if name.startswith(_TAB_OF[tab]):
                end = views.round_above(max(self._tops(name)))
                if heights.end != end:
                    heights.end = end

    def _tops(self, name: str) -> Iterator[float]:
        """The highest point of each series in a chart."""
        kind, variable = name.split(":")
        sources = self.sources
        if kind == "route" or variable == "route_share":
            held = (sources.routes_yours, sources.routes_baseline)
            if kind == "outcome":
                held = (sources.shares_yours, sources.shares_baseline)
            for source in held:
                yield from (float(row.max()) for row in source.data[variable])
            return
        held = (sources.yours, sources.baseline, sources.untouched)
        if kind == "recorded":
            held = (sources.recorded_yours, sources.recorded_baseline)
        shown = [variable, self._twins.get(name)]
        for source in held:
            yield from (float(max(source.data[each])) for each in shown if each and len(source.data[each]))
        points = sources.history.get(self._records.get(name, variable))
        if points is not None and len(points.data["value"]):
            yield max(points.data["value"])

    def span(self, start: float, end: float, policy_start: float) -> None:
        """Show these years, and mark the policy start."""
        if (self.years.start, self.years.end) != (start, end):
            self.years.update(start=start, end=end)
            for ticker, most in ((self._ticks, 6), (self._few_ticks, 3)):
                gap = next(gap for gap in (1, 2, 5, 10, 20, 50, 100) if (end - start) / gap <= most)
                ticker.ticks = list(range(int(-(-start // gap) * gap), int(end) + 1, gap))
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
        for tag in glyph.tags:
            if tag in shades:
                word = "fill_color" if isinstance(glyph, Scatter) else "line_color"
                setattr(glyph, word, shades[tag])


def _line(chart: Plot, source: ColumnDataSource, name: str, colour: str, **looks):
    glyph = Line(x="time", y=name, tags=[colour], **looks)
    return chart.add_glyph(source, glyph)


def _fill(source: ColumnDataSource, result: Result | None, columns: Callable) -> None:
    """Give a source the data of a result unless it holds them; nothing where there is no result."""
    mark = "" if result is None else result.provenance["scenario_hash"]
    if source.tags != [mark]:
        source.data = {name: [] for name in source.data} if result is None else columns(result)
        source.tags = [mark]


def _route_lines(name: str) -> MultiLine:
    return MultiLine(xs="time", ys=name, line_color="color", line_dash="dash", line_width=2.2)


def route_looks(count: int, colours: theme.Palette) -> dict[str, list]:
    """A colour and a dash for each route."""
    dashes = [list(theme.ROUTE_DASHES[place % len(theme.ROUTE_DASHES)]) for place in range(count)]
    return {"color": [colours.route(place) for place in range(count)], "dash": dashes}


def _kind(unit: str) -> str:
    if formatting.is_share(unit):
        return "share"
    return "money" if unit.startswith("USD") else "count"
