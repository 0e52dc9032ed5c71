"""Charts that are drawn once; afterwards only the data of their shared sources change.

Plain Bokeh figures: a HoloViews element of the same chart takes several times as long to open, and ends as one of
these. Blue is yours, grey the baseline, dots the record, dashes what statistics show, a thin line the policy start.
"""

from __future__ import annotations

from collections.abc import Iterable

from bokeh.models import (
    BasicTicker,
    ColumnDataSource,
    CustomJSHover,
    CustomJSTickFormatter,
    DataRange1d,
    FixedTicker,
    HoverTool,
    Line,
    MultiLine,
    NumeralTickFormatter,
    Range1d,
    Scatter,
    VSpan,
)
from bokeh.plotting import figure

from dashboard import formatting, text, theme, views
from model.catalogue import Outcome, catalogue

HEIGHT = 168
TALL = 210
EMPTY = {"time": [], "value": [], "title": []}

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


class Sources:
    """The data of every chart, by what it stands for; all hold a column `time` and one a variable."""

    def __init__(self) -> None:
        outcomes, recorded, routes = views.outcome_names(), views.recorded_names(), views.ROUTE_CHARTS
        self.yours = empty("yours", outcomes)
        self.baseline = empty("baseline", outcomes)
        self.untouched = empty("untouched", outcomes)
        self.recorded_yours = empty("recorded_yours", recorded)
        self.recorded_baseline = empty("recorded_baseline", recorded)
        self.routes_yours = empty("routes_yours", (*routes, "color", "dash"))
        self.routes_baseline = empty("routes_baseline", (*routes, "color", "dash"))
        self.marks = ColumnDataSource({"x": []}, name="marks")
        self.history: dict[str, ColumnDataSource] = {}


def empty(name: str, columns: Iterable[str]) -> ColumnDataSource:
    """A source that knows its columns and holds nothing yet."""
    return ColumnDataSource({column: [] for column in ("time", *columns)}, name=name)


class Charts:
    """Every figure of the page, by name: `outcome:<id>`, `route:<id>:<whose>`, `recorded:<id>`."""

    def __init__(self, sources: Sources, colours: theme.Palette):
        self.sources = sources
        self.colours = colours
        self.years = Range1d(name="years")
        self._ticks = FixedTicker(ticks=[1990, 2000, 2010, 2020, 2030, 2040])
        self._formats = {
            kind: CustomJSTickFormatter(code=_SHORT + code)
            for kind, code in {
                "share": 'return Number((100 * tick).toPrecision(4)) + " %"',
                "money": 'return (tick < 0 ? "\u2212" : "") + "$" + short(Math.abs(tick))',
                "count": "return short(tick)",
            }.items()
        }
        self._plain_years = NumeralTickFormatter(format="0")
        self._hover_values = {
            kind: CustomJSHover(code=_SHORT + code, args={"baseline": sources.baseline})
            for kind, code in {
                "share": 'return Number((100 * value).toPrecision(3)) + " %"',
                "money": 'return "$" + short(value)',
                "count": "return short(value)",
            }.items()
        }
        self.figures: dict[str, figure] = {}
        self._figures()

    # Building ----------------------------------------------------------------------------------------------

    def _figures(self) -> None:
        for outcome in catalogue().outcomes.values():
            name = f"outcome:{outcome.id}"
            self.figures[name] = self._shares() if outcome.id == "route_share" else self._outcome(outcome)
        variables = catalogue().model.variables
        for name in views.ROUTE_CHARTS:
            kind = _kind(variables[name].unit)
            heights = DataRange1d(start=0, range_padding=0.08, range_padding_units="percent")
            for whose, source in (
                ("baseline", self.sources.routes_baseline),
                ("yours", self.sources.routes_yours),
            ):
                chart = self._plain(kind, TALL, heights)
                self._mark(chart)
                chart.add_glyph(source, _route_lines(name))
                self.figures[f"route:{name}:{whose}"] = chart
            heights.renderers = [
                self.figures[f"route:{name}:{whose}"].renderers[-1] for whose in ("baseline", "yours")
            ]
        for true, shown in views.PAIRS:
            self.figures[f"recorded:{true}"] = self._pair(true, shown, _kind(variables[true].unit))
        for name, chart in self.figures.items():
            chart.name = f"chart:{name}"
            dress(chart, self.colours)

    def _plain(self, kind: str, height: int = HEIGHT, heights: DataRange1d | None = None) -> figure:
        chart = figure(
            height=height,
            sizing_mode="stretch_width",
            min_width=100,
            toolbar_location=None,
            tools="",
            x_range=self.years,
            y_range=heights or DataRange1d(start=0, range_padding=0.08, range_padding_units="percent"),
            min_border_left=6,
            min_border_right=10,
            min_border_top=6,
            output_backend="canvas",
        )
        chart.xaxis.ticker = self._ticks
        chart.xaxis.formatter = self._plain_years
        chart.yaxis.ticker = BasicTicker(desired_num_ticks=3, num_minor_ticks=0)
        chart.yaxis.formatter = self._formats[kind]
        chart.xgrid.visible = False
        for axis in (*chart.xaxis, *chart.yaxis):
            axis.axis_line_color = None
            axis.major_tick_line_color = None
            axis.minor_tick_line_color = None
            axis.major_label_text_font = theme.FONT
            axis.major_label_text_font_size = "11px"
        return chart

    def _outcome(self, outcome: Outcome) -> figure:
        sources, name = self.sources, outcome.id
        kind = _kind(outcome.unit)
        chart = self._plain(kind)
        self._mark(chart)
        points = sources.history[name] = ColumnDataSource(EMPTY, name=f"history:{name}")
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
        dots = chart.add_glyph(
            points, Scatter(x="time", y="value", size=4, line_color=None, tags=["history"])
        )
        self._hover(chart, yours, dots, name, kind)
        return chart

    def _shares(self) -> figure:
        chart = self._plain("share")
        self._mark(chart)
        chart.add_glyph(
            self.sources.routes_baseline,
            MultiLine(xs="time", ys="route_share", line_width=1.2, line_alpha=0.9, tags=["baseline"]),
        )
        chart.add_glyph(self.sources.routes_yours, _route_lines("route_share"))
        return chart

    def _pair(self, true: str, shown: str, kind: str) -> figure:
        chart = self._plain(kind, TALL)
        self._mark(chart)
        both = (
            (self.sources.recorded_baseline, "baseline", 1.6),
            (self.sources.recorded_yours, "yours", 2.4),
        )
        for source, colour, width in both:
            _line(chart, source, shown, colour, line_dash=theme.AS_RECORDED, line_width=width)
            _line(chart, source, true, colour, line_width=width)
        name = shown if shown in catalogue().outcomes else true
        points = self.sources.history[name]
        chart.add_glyph(points, Scatter(x="time", y="value", size=4, line_color=None, tags=["history"]))
        return chart

    def _mark(self, chart: figure) -> None:
        chart.add_glyph(self.sources.marks, VSpan(x="x", line_width=1, line_dash=[3, 3], tags=["mark"]))

    def _hover(self, chart: figure, line, dots, name: str, kind: str) -> None:
        value = self._hover_values[kind]
        seen = HoverTool(
            renderers=[line],
            mode="vline",
            line_policy="nearest",
            tooltips=[("", "@time{0}"), (text.YOURS, f"@{name}{{custom}}")],
            formatters={f"@{name}": value},
        )
        recorded = HoverTool(
            renderers=[dots],
            tooltips=[("@title", "@value{custom}")],
            formatters={"@value": value},
        )
        chart.add_tools(seen, recorded)

    # Changing ----------------------------------------------------------------------------------------------

    def span(self, start: float, end: float, policy_start: float) -> None:
        """Show these years, and mark the policy start."""
        if (self.years.start, self.years.end) != (start, end):
            self.years.update(start=start, end=end)
            gap = 10 if end - start > 25 else 5
            self._ticks.ticks = list(range(int(-(-start // gap) * gap), int(end) + 1, gap))
        if list(self.sources.marks.data["x"]) != [policy_start]:
            self.sources.marks.data = {"x": [policy_start]}

    def dress(self, colours: theme.Palette) -> None:
        """Put every figure in the colours of a theme."""
        if colours is not self.colours:
            self.colours = colours
            for chart in self.figures.values():
                dress(chart, colours)


def dress(chart: figure, colours: theme.Palette) -> None:
    """Colour a figure: by the tag of each glyph, so that one meaning has one colour everywhere."""
    chart.background_fill_color = chart.border_fill_color = colours.surface
    chart.outline_line_color = None
    chart.ygrid.grid_line_color = colours.line
    for axis in (*chart.xaxis, *chart.yaxis):
        axis.major_label_text_color = colours.muted
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


def _line(chart: figure, source: ColumnDataSource, name: str, colour: str, **looks):
    glyph = Line(x="time", y=name, tags=[colour], **looks)
    return chart.add_glyph(source, glyph)


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
