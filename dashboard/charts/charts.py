"""Charts that are drawn once; afterwards only the data of their shared sources change.

Plain Bokeh plots: a HoloViews element of the same chart takes several times as long to open, and ends as one
of these. A session has a few places for charts; which outcome a place shows is a matter of column names. Blue is
yours with its range, grey the baseline, dots the record, dashes what statistics show, a thin upright line the policy
start.

Every model of Bokeh costs time when a session opens, and memory while it lasts. So figures share what they can (axis
of years, grid, views of a source), and lines that few charts or few scenarios have are added where they are first
needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext

import numpy as np
from bokeh.models import (
    AllIndices,
    AllLabels,
    BasicTicker,
    CDSView,
    FixedTicker,
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

from pushpull.analysis import Paired
from pushpull.analysis.quantile_ranges import MOST, column
from pushpull.catalogue import catalogue
from pushpull.dashboard.charts import theme, ticks
from pushpull.dashboard.charts.difference import DifferenceChart
from pushpull.dashboard.charts.dress import LABELS, dress, shade
from pushpull.dashboard.charts.number_formats import NumberFormats, kind_of
from pushpull.dashboard.charts.sources import DIFFERENCE, EDGES, FOCUS, MAIN, RANGES, Sources, fill, places
from pushpull.dashboard.compute import indicators
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.i18n.texts import Language
from pushpull.scenario import Corridor
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


class Charts:
    """The figures of the page, by place; `shown` says which outcome each shows (None: it stands empty)."""

    def __init__(self, sources: Sources, colours: palette.Palette, language: Language, ranges: bool = True):
        self._at_once = (*RANGES, *_ALWAYS) if ranges else _ALWAYS
        self.sources, self.colours = sources, colours
        self.shown: dict[str, str | None] = dict.fromkeys(places())
        self.years = Range1d(name="years")
        self._ticks = FixedTicker()
        self._shared(language)
        self.heights = {place: Range1d(start=0, end=1, name=f"height:{place}") for place in places()}
        self._parts: dict[str, dict[str, GlyphRenderer]] = {}
        self._placed: dict[str, str | None] = {}  # and what is wanted of each place, until `draw`
        self._wanted: dict[tuple[str, str], None] = {}
        self.figures = {place: self._figure(place) for place in places()}
        self.difference = DifferenceChart(sources.difference, colours, self._formats, self._axis_looks)
        # The browser must know every source before its data change, even while no line shows them.
        self.figures[FOCUS].tags = [*vars(sources).values()]

    def _shared(self, language: Language) -> None:
        """What all figures have in common, made once."""
        self._formats = NumberFormats(language, self.sources.baseline)
        self._amounts = BasicTicker(desired_num_ticks=4, num_minor_ticks=0)
        self._scale = LinearScale()
        self._axis_looks = {
            "major_label_text_color": self.colours.muted,
            "axis_line_color": None,
            "major_tick_line_color": None,
            "minor_tick_line_color": None,
            "major_label_text_font": palette.FONT,
            "major_label_text_font_size": "12px",
            "major_label_policy": AllLabels(),
        }
        years = NumeralTickFormatter(format="0")
        self._years_axis = LinearAxis(ticker=self._ticks, formatter=years, **self._axis_looks)
        self._grid = Grid(dimension=1, ticker=self._amounts, grid_line_color=self.colours.line)
        everything = AllIndices()
        self._views = {name: CDSView(filter=everything) for name in vars(self.sources)}
        self._mark = self._part(FOCUS, "mark")

    def _figure(self, place: str) -> Plot:
        """A figure for any outcome; its axis of amounts begins at zero."""
        parts = {part: self._mark if part == "mark" else self._part(place, part) for part in self._at_once}
        self._parts[place] = parts
        hover = HoverTool(
            renderers=[parts["yours"]], mode="vline", line_policy="nearest", attachment="above", tooltips=""
        )
        return Plot(
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
            left=[LinearAxis(ticker=self._amounts, formatter=self._formats.ticks["count"], **self._axis_looks)],
            center=[self._grid],
            background_fill_color=self.colours.surface,
            border_fill_color=self.colours.surface,
            outline_line_color=None,
            renderers=list(parts.values()),
            toolbar=Toolbar(tools=[hover]),
        )

    def _part(self, place: str, part: str) -> GlyphRenderer:
        """A part of a chart, in the colour of its meaning; its tag says which that is."""
        meaning, source, looks = _PARTS[part]
        colour = shade(self.colours, meaning)
        name = self.shown[place] or "protection_gap"
        if part in RANGES:
            low, high = (f"{place}_{column(at)}" for at in RANGES[part])
            glyph = VArea(x="time", y1=low, y2=high, fill_color=colour, tags=[meaning], **looks)
        elif part == "mark":
            glyph = VSpan(x="x", line_color=colour, tags=[meaning], **looks)
        elif part == "record":
            glyph = Scatter(
                x=f"{place}_time", y=f"{place}_value", fill_color=colour, line_color=None, tags=[meaning], **looks
            )
        else:
            glyph = Line(x="time", y=name, line_color=colour, tags=[meaning], **looks)
        return GlyphRenderer(data_source=getattr(self.sources, source), view=self._views[source], glyph=glyph)

    def _need(self, place: str, part: str) -> GlyphRenderer:
        """A part of a chart, which is added where it belongs in the order of drawing unless it is there."""
        held = self._parts[place]
        if part not in held:
            held[part] = self._part(place, part)
            self.figures[place].renderers = [held[each] for each in _PARTS if each in held]
        return held[part]

    def _want_everywhere(self, *parts: str) -> None:
        self._wanted.update(dict.fromkeys((place, part) for place in self.figures for part in parts))

    @property
    def roots(self) -> dict[str, Plot]:
        """Every figure by its place, that of the difference among them."""
        return {**self.figures, DIFFERENCE: self.difference.figure}

    # Changing ----------------------------------------------------------------------------------------------

    def place(self, wanted: dict[str, str | None], corridor: Corridor, start: float) -> None:
        """Give each place its outcome, with its record."""
        changed = {place: name for place, name in wanted.items() if self.shown[place] != name}
        self.shown.update(changed)
        self._placed.update(changed)
        if changed:
            self.renew_history(corridor, start)
            self.difference.give(wanted[MAIN])

    def draw(self) -> None:
        """Let the figures follow their sources, once all of these hold their data.

        A browser takes changes one by one, and a glyph that changes reads its columns bit by bit: it would find some of
        one length and some of another where data come after it.
        """
        missing = [(place, part) for place, part in self._wanted if part not in self._parts[place]]
        document = self.figures[FOCUS].document
        # The document looks through its models once, and not after each part.
        with nullcontext() if document is None or not missing else document.models.freeze():
            for place, part in missing:
                self._need(place, part)
        for place, name in self._placed.items():
            self.figures[place].visible = name is not None
            if name is not None:
                self._give(place, name)
        self._wanted, self._placed = {}, {}

    def _give(self, place: str, name: str) -> None:
        """Let a chart show an outcome."""
        outcome, chart, parts = catalogue().outcomes[name], self.figures[place], self._parts[place]
        for part in ("untouched", "baseline", "yours"):
            if part in parts:
                parts[part].glyph.y = name
        if outcome.observed_as:
            twin = self._need(place, "twin")
            twin.glyph.y, twin.visible = outcome.observed_as, True
        elif "twin" in parts:
            parts["twin"].visible = False
        kind = kind_of(outcome.unit)
        chart.left[0].formatter = self._formats.ticks[kind]
        (hover,) = chart.tools
        hover.tooltips, hover.formatters = self._formats.tooltip(name), self._formats.hovers(name, kind)

    def renew_history(self, corridor: Corridor, start: float) -> None:
        """Show the record of another corridor, horizon or choice of outcomes."""
        nothing: dict[str, list[float]] = {"time": [], "value": []}
        found = {
            place: indicators.history(corridor, name, start) if name else nothing for place, name in self.shown.items()
        }
        longest = max(len(points["time"]) for points in found.values())
        data = {}
        for place, points in found.items():
            for word, values in points.items():
                data[f"{place}_{word}"] = np.array([*values, *[np.nan] * (longest - len(values))])
            if points["time"]:
                self._wanted[place, "record"] = None
        self.sources.records.data = data

    def show(self, runs: Runs, frozen: bool = False) -> None:
        """Give the charts the data of these runs; their axes stay where they are while `frozen`."""
        sources = self.sources
        sources.yours.data = indicators.outcome_columns(runs.yours)
        fill(sources.baseline, runs.baseline)
        fill(sources.untouched, runs.untouched)
        if runs.untouched is not None:
            self._want_everywhere("untouched")
        if not frozen:
            self.rescale()

    def show_ranges(self, found: Paired | None, frozen: bool = False) -> None:
        """Lay the ranges of an ensemble under the lines, or take away what no longer belongs to them."""
        source = self.sources.ranges
        if found is None:
            if len(source.data["time"]):
                source.data = {name: [] for name in source.data}
            return
        self._want_everywhere(*RANGES)
        nothing = np.full(len(found.time), np.nan)
        data = {"time": found.time}
        for place, name in self.shown.items():
            ranges = found.of(name).policy if name else None
            for edge, at in EDGES.items():
                data[f"{place}_{edge}"] = nothing if ranges is None else ranges.edge(at)
        source.data = data
        if not frozen:
            self.rescale()

    def rescale(self) -> None:
        """Give each axis the room its lines need; it ends at a round number, so that small moves leave it."""
        for place, name in self.shown.items():
            if name is None:
                continue
            end = indicators.round_above(max(self._tops(place, name), default=0.0))
            if self.heights[place].end != end:
                self.heights[place].end = end

    def _tops(self, place: str, name: str) -> Iterator[float]:
        """The highest point of each series in a chart."""
        twin = catalogue().outcomes[name].observed_as
        for source in (self.sources.yours, self.sources.baseline, self.sources.untouched):
            yield from (float(np.max(source.data[each])) for each in (name, twin) if each and len(source.data[each]))
        top = self.sources.ranges.data[f"{place}_{column(max(MOST))}"]
        if len(top) and np.isfinite(top).any():
            yield float(np.nanmax(top))
        points = self.sources.records.data[f"{place}_value"]
        if len(points) and np.isfinite(points).any():
            yield float(np.nanmax(points))

    def span(self, start: float, end: float, policy_start: float) -> None:
        """Show these years, and mark the policy start."""
        if (self.years.start, self.years.end) != (start, end):
            self.years.update(start=start, end=end)
            self._ticks.ticks = ticks.of_years(start, end)
        self.difference.span(policy_start, end)
        if list(self.sources.marks.data["x"]) != [policy_start]:
            self.sources.marks.data = {"x": [policy_start]}

    def dress(self, colours: palette.Palette) -> None:
        """Put every figure in the colours of a theme."""
        if colours is not self.colours:
            self.colours = colours
            self.difference.dress(colours)
            for chart in self.figures.values():
                dress(chart, colours)
