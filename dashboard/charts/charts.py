"""What the charts of a session show: the data of their shared sources, the years, and the room on each axis."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from bokeh.models import Plot

from pushpull.analysis import Paired
from pushpull.analysis.quantile_ranges import MOST, column
from pushpull.catalogue import catalogue
from pushpull.dashboard.charts import ticks
from pushpull.dashboard.charts.chart_figures import ChartFigures
from pushpull.dashboard.charts.difference import DifferenceChart
from pushpull.dashboard.charts.number_formats import NumberFormats
from pushpull.dashboard.charts.sources import DIFFERENCE, EDGES, MAIN, RANGES, Sources, fill
from pushpull.dashboard.compute import indicators
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.i18n.texts import Language
from pushpull.scenario import Corridor
from pushpull.wording import palette


class Charts:
    """The charts of the page; `shown` says which outcome each place shows (None: it stands empty)."""

    def __init__(self, sources: Sources, colours: palette.Palette, language: Language, ranges: bool = True):
        self.sources, self.colours = sources, colours
        formats = NumberFormats(language, sources.baseline)
        self.figures = ChartFigures(sources, colours, formats, ranges)
        self.difference = DifferenceChart(sources.difference, colours, formats, self.figures.axis_looks)
        self.shown, self.heights, self.years = self.figures.shown, self.figures.heights, self.figures.years

    @property
    def made(self) -> dict[str, Plot]:
        """Every chart that is there by its place, that of the difference among them."""
        difference = self.difference.figure
        return self.figures.made | ({} if difference is None else {DIFFERENCE: difference})

    def at(self, place: str) -> Plot:
        """The chart of a place, which is made where it is not there yet."""
        self.make(place)
        return self.made[place]

    def make(self, *wanted: str) -> None:
        """Make the charts of these places that are not there yet."""
        self.figures.make(*(place for place in wanted if place != DIFFERENCE))
        if DIFFERENCE in wanted and self.difference.make():
            self.figures.announce([self.made[DIFFERENCE]])

    # Changing ----------------------------------------------------------------------------------------------

    def place(self, wanted: dict[str, str | None], corridor: Corridor, start: float) -> None:
        """Give each place its outcome, with its record."""
        changed = {place: name for place, name in wanted.items() if self.shown[place] != name}
        if changed:
            self.figures.place(changed)
            self.renew_history(corridor, start)
            self.difference.give(wanted[MAIN])

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
                self.figures.want("record", place)
        self.sources.records.data = data

    def show(self, runs: Runs, frozen: bool = False) -> None:
        """Give the charts the data of these runs; their axes stay where they are while `frozen`."""
        sources = self.sources
        sources.yours.data = indicators.outcome_columns(runs.yours)
        fill(sources.baseline, runs.baseline)
        fill(sources.untouched, runs.untouched)
        if runs.untouched is not None:
            self.figures.want("untouched")
        if not frozen:
            self.rescale()

    def show_ranges(self, found: Paired | None, frozen: bool = False) -> None:
        """Lay the ranges of an ensemble under the lines, or take away what no longer belongs to them."""
        source = self.sources.ranges
        if found is None:
            if len(source.data["time"]):
                source.data = {name: [] for name in source.data}
            return
        for part in RANGES:
            self.figures.want(part)
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
            self.figures.ticks.ticks = ticks.of_years(start, end)
        self.difference.span(policy_start, end)
        if list(self.sources.marks.data["x"]) != [policy_start]:
            self.sources.marks.data = {"x": [policy_start]}

    def dress(self, colours: palette.Palette) -> None:
        """Put every figure in the colours of a theme."""
        if colours is not self.colours:
            self.colours = colours
            self.difference.dress(colours)
            self.figures.dress(colours)
