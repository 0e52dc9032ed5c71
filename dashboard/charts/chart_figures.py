"""The figures of the page, each made where it is first to be seen; afterwards only the data of their sources change.

Plain Bokeh plots: a HoloViews element of the same chart takes several times as long to open, and ends as one
of these. Which outcome a place shows is a matter of column names. Blue is yours with its range, grey the baseline, dots
the record, dashes what statistics show, a thin upright line the policy start.

Every model of Bokeh costs time when a session opens, and memory while it lasts. So figures share what they can (axis
of years, grid, views of a source), and lines that few charts or few scenarios have are added where they are first
needed.
"""

from __future__ import annotations

from contextlib import nullcontext

from bokeh.models import (
    AllIndices,
    AllLabels,
    BasicTicker,
    CDSView,
    FixedTicker,
    Glyph,
    GlyphRenderer,
    Grid,
    HoverTool,
    Line,
    LinearAxis,
    LinearScale,
    NumeralTickFormatter,
    Plot,
    Range1d,
    Scatter,
    Toolbar,
    VArea,
    VSpan,
)

from pushpull.analysis.quantile_ranges import column
from pushpull.catalogue import catalogue
from pushpull.dashboard.charts import theme
from pushpull.dashboard.charts.dress import LABELS, dress, shade
from pushpull.dashboard.charts.number_formats import NumberFormats, kind_of
from pushpull.dashboard.charts.sources import FOCUS, MAIN, RANGES, Sources, chart_name, places
from pushpull.wording import palette

HEIGHT, TALL = 168, 300

# The parts of a chart in the order of drawing: the meaning that gives the colour, the source, and the looks.
_PARTS: dict[str, tuple[str, str, dict]] = {
    "most": ("yours", "ranges", {"fill_alpha": 0.14}),
    "half": ("yours", "ranges", {"fill_alpha": 0.22}),
    "mark": ("mark", "marks", {"line_width": 1, "line_dash": [3, 3]}),
    "untouched": ("baseline", "untouched", {"line_dash": theme.AS_THINGS_STAND, "line_width": 1.5}),
    "baseline": ("baseline", "baseline", {"line_width": 2}),
    "twin": ("yours", "yours", {"line_dash": theme.AS_RECORDED, "line_width": 1.2}),
    "yours": ("yours", "yours", {"line_width": 2.4}),
    "record": ("history", "records", {"size": 4}),
}
_ALWAYS = ("mark", "baseline", "yours")


class ChartFigures:
    """The figures by place; `shown` says which outcome each shows (None: it stands empty).

    That of the outcome looked at closely is there at once, and those made later hang on it, so that a browser hears of
    them. A figure is drawn with the parts that are wanted of its place, whether it is made before or after that.
    """

    def __init__(self, sources: Sources, colours: palette.Palette, formats: NumberFormats, ranges: bool = True):
        self._sources, self._formats, self.colours = sources, formats, colours
        self.shown: dict[str, str | None] = dict.fromkeys(places())
        self.years, self.ticks = Range1d(name="years"), FixedTicker()
        self.heights = {place: Range1d(start=0, end=1, name=f"height:{place}") for place in places()}
        self._wanted: dict[str, set[str]] = {place: {*_ALWAYS, *(RANGES if ranges else ())} for place in places()}
        self._placed: dict[str, None] = {}  # whose outcome is another, until `draw`
        self._parts: dict[str, dict[str, GlyphRenderer]] = {}
        self.made: dict[str, Plot] = {}
        self._share()
        self.make(MAIN)
        # The browser must know every source before its data change, even while no line shows them.
        self.made[MAIN].tags = [*vars(sources).values()]

    def _share(self) -> None:
        """What all figures have in common, made once."""
        self._amounts = BasicTicker(desired_num_ticks=4, num_minor_ticks=0)
        self._scale = LinearScale()
        self.axis_looks = {
            "major_label_text_color": self.colours.muted,
            "axis_line_color": None,
            "major_tick_line_color": None,
            "minor_tick_line_color": None,
            "major_label_text_font": palette.FONT,
            "major_label_text_font_size": "12px",
            "major_label_policy": AllLabels(),
        }
        years = NumeralTickFormatter(format="0")
        self._years_axis = LinearAxis(ticker=self.ticks, formatter=years, **self.axis_looks)
        self._grid = Grid(dimension=1, ticker=self._amounts, grid_line_color=self.colours.line)
        everything = AllIndices()
        self._views = {name: CDSView(filter=everything) for name in vars(self._sources)}
        meaning, source, looks = _PARTS["mark"]
        self._mark = self._renderer(
            source, VSpan(x="x", line_color=shade(self.colours, meaning), tags=[meaning], **looks)
        )

    # Making -------------------------------------------------------------------------------------------------

    def make(self, *wanted: str) -> None:
        """Make the figures of these places that are not there yet."""
        fresh = [place for place in wanted if place not in self.made]
        for place in fresh:
            self.made[place] = self._figure(place)
            self._give(place)
        self.announce([self.made[place] for place in fresh])

    def announce(self, fresh: list[Plot]) -> None:
        """Let a browser that has the page already hear of charts that were made since."""
        main = self.made[MAIN]
        if fresh and main.document is not None:
            with main.document.models.freeze():
                main.tags = [*main.tags, *fresh]

    def _figure(self, place: str) -> Plot:
        """A figure for any outcome; its axis of amounts begins at zero."""
        parts = {part: self._part(place, part) for part in _PARTS if part in self._wanted[place]}
        self._parts[place] = parts
        hover = HoverTool(
            renderers=[parts["yours"]], mode="vline", line_policy="nearest", attachment="above", tooltips=""
        )
        return Plot(
            name=chart_name(place),
            height=None if place == MAIN else TALL if place == FOCUS else HEIGHT,
            min_width=100,
            sizing_mode="stretch_both" if place == MAIN else "stretch_width",
            x_range=self.years,
            y_range=self.heights[place],
            x_scale=self._scale,
            y_scale=self._scale,
            title=None,
            toolbar_location=None,
            min_border_left=LABELS if place == MAIN else 6,
            min_border_right=12,
            min_border_top=6,
            below=[self._years_axis],
            left=[LinearAxis(ticker=self._amounts, formatter=self._formats.ticks["count"], **self.axis_looks)],
            center=[self._grid],
            background_fill_color=self.colours.surface,
            border_fill_color=self.colours.surface,
            outline_line_color=None,
            renderers=list(parts.values()),
            toolbar=Toolbar(tools=[hover]),
        )

    def _part(self, place: str, part: str) -> GlyphRenderer:
        """A part of a chart, in the colour of its meaning; its tag says which that is."""
        if part == "mark":
            return self._mark
        meaning, source, looks = _PARTS[part]
        colour = shade(self.colours, meaning)
        name = self.shown[place] or "protection_gap"
        if part in RANGES:
            low, high = (f"{place}_{column(at)}" for at in RANGES[part])
            glyph = VArea(x="time", y1=low, y2=high, fill_color=colour, tags=[meaning], **looks)
        elif part == "record":
            glyph = Scatter(
                x=f"{place}_time", y=f"{place}_value", fill_color=colour, line_color=None, tags=[meaning], **looks
            )
        else:
            glyph = Line(x="time", y=name, line_color=colour, tags=[meaning], **looks)
        return self._renderer(source, glyph)

    def _renderer(self, source: str, glyph: Glyph) -> GlyphRenderer:
        return GlyphRenderer(data_source=getattr(self._sources, source), view=self._views[source], glyph=glyph)

    # Changing -----------------------------------------------------------------------------------------------

    def place(self, changed: dict[str, str | None]) -> None:
        """Let these places show other outcomes, once it is drawn."""
        self.shown.update(changed)
        self._placed.update(dict.fromkeys(changed))
        for place, name in changed.items():
            if name is not None and catalogue().outcomes[name].observed_as:
                self.want("twin", place)

    def want(self, part: str, *of: str) -> None:
        """Want a part in the figures of these places, of all where none is named, once it is drawn."""
        for place in of or self._wanted:
            self._wanted[place].add(part)

    def draw(self) -> None:
        """Let the figures follow their sources, once all of these hold their data.

        A browser takes changes one by one, and a glyph that changes reads its columns bit by bit: it would find some of
        one length and some of another where data come after it.
        """
        missing = [place for place in self.made if not self._wanted[place] <= self._parts[place].keys()]
        document = self.made[MAIN].document
        # The document looks through its models once, and not after each part.
        with nullcontext() if document is None or not missing else document.models.freeze():
            for place in missing:
                self._complete(place)
        for place in self._placed:
            self._give(place)
        self._placed = {}

    def _complete(self, place: str) -> None:
        """Add the parts that are wanted of a figure where they belong in the order of drawing."""
        held = self._parts[place]
        held |= {part: self._part(place, part) for part in self._wanted[place] - held.keys()}
        self.made[place].renderers = [held[part] for part in _PARTS if part in held]

    def _give(self, place: str) -> None:
        """Let a figure show its outcome, if it is made."""
        name, chart = self.shown[place], self.made.get(place)
        if chart is None:
            return
        chart.visible = name is not None
        if name is None:
            return
        outcome, parts = catalogue().outcomes[name], self._parts[place]
        for part in ("untouched", "baseline", "yours"):
            if part in parts:
                parts[part].glyph.y = name
        if "twin" in parts:
            parts["twin"].visible = bool(outcome.observed_as)
            if outcome.observed_as:
                parts["twin"].glyph.y = outcome.observed_as
        kind = kind_of(outcome.unit)
        chart.left[0].formatter = self._formats.ticks[kind]
        (hover,) = chart.tools
        hover.update(tooltips=self._formats.tooltip(name), formatters=self._formats.hovers(name, kind))

    def dress(self, colours: palette.Palette) -> None:
        """Put every figure in the colours of a theme."""
        self.colours, self.axis_looks["major_label_text_color"] = colours, colours.muted
        for chart in self.made.values():
            dress(chart, colours)
