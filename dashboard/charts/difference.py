"""The chart of what a policy changes: an outcome less its baseline from the policy start on, with its ranges.

The line is the median of the simulations once there are any, member against member with the same draw; before that it
is the difference of the single run.
"""

from __future__ import annotations

from typing import Any

import bokeh.models
import numpy as np

from pushpull.analysis import Paired
from pushpull.analysis.quantile_ranges import HALF, MOST, column
from pushpull.catalogue import catalogue
from pushpull.dashboard.charts import ticks
from pushpull.dashboard.charts.dress import LABELS
from pushpull.dashboard.charts.number_formats import NumberFormats, kind_of
from pushpull.dashboard.charts.sources import DIFFERENCE, EDGES, chart_name
from pushpull.dashboard.compute.runs import Runs
from pushpull.wording.palette import Palette

models: Any = bokeh.models  # its stubs know neither all it exports nor all its models take
_LOOKS = {"most": (MOST, 0.14), "half": (HALF, 0.22)}
_LOW, _HIGH = (column(edge) for edge in MOST)


class DifferenceChart:
    """The figure of the difference, which is made once it is wanted, and the source it is drawn from."""

    def __init__(
        self, source: bokeh.models.ColumnDataSource, colours: Palette, formats: NumberFormats, axis_looks: dict
    ):
        self.source, self._colours, self._formats, self._axis_looks = source, colours, formats, axis_looks
        self.years = models.Range1d(name="years_of_difference")
        self.height = models.Range1d(start=-1, end=1, name=f"height:{DIFFERENCE}")
        self.outcome = ""
        self._is_used = False  # whether the axis has been given room for a difference
        self._ticks = models.FixedTicker()
        self.figure: Any = None  # the plot, once it is made

    def make(self) -> bool:
        """Make the figure where it is not there yet; whether it was not."""
        if self.figure is not None:
            return False
        colours, source = self._colours, self.source
        self._zero = models.Span(location=0, dimension="width", line_width=2, line_color=colours.baseline)
        areas = []
        for (low, high), alpha in _LOOKS.values():
            area = models.VArea(x="time", y1=column(low), y2=column(high), fill_color=colours.yours, fill_alpha=alpha)
            area.tags = ["yours"]
            areas.append(models.GlyphRenderer(data_source=source, glyph=area))
        line = models.GlyphRenderer(
            data_source=source,
            glyph=models.Line(x="time", y="middle", line_color=colours.yours, line_width=2.4, tags=["yours"]),
        )
        amounts = models.BasicTicker(desired_num_ticks=4, num_minor_ticks=0)
        self._grid = models.Grid(dimension=1, ticker=amounts, grid_line_color=colours.line)
        hover = models.HoverTool(renderers=[line], mode="vline", line_policy="nearest", attachment="above", tooltips="")
        years = models.NumeralTickFormatter(format="0")
        looks = self._axis_looks
        self.figure = models.Plot(
            name=chart_name(DIFFERENCE),
            min_width=100,
            sizing_mode="stretch_both",
            x_range=self.years,
            y_range=self.height,
            title=None,
            toolbar_location=None,
            min_border_left=LABELS,
            min_border_right=12,
            min_border_top=6,
            below=[models.LinearAxis(ticker=self._ticks, formatter=years, **looks)],
            left=[models.LinearAxis(ticker=amounts, formatter=self._formats.signed_ticks["count"], **looks)],
            center=[self._grid, self._zero],
            background_fill_color=colours.surface,
            border_fill_color=colours.surface,
            outline_line_color=None,
            renderers=[*areas, line],
            toolbar=models.Toolbar(tools=[hover]),
        )
        self._write()
        return True

    def give(self, outcome: str | None) -> None:
        """Let the chart tell amounts as an outcome's; nothing where there is none."""
        if outcome is None or outcome == self.outcome:
            return
        self.outcome = outcome
        self._write()

    def _write(self) -> None:
        if self.figure is None or not self.outcome:
            return
        kind = kind_of(catalogue().outcomes[self.outcome].unit)
        self.figure.left[0].formatter = self._formats.signed_ticks[kind]
        (hover,) = self.figure.tools
        hover.tooltips = self._formats.difference_tooltip(_LOW, _HIGH)
        hover.formatters = self._formats.difference_hovers(kind, "middle", _LOW, _HIGH)

    def span(self, start: float, end: float) -> None:
        """Show the years from the policy start on."""
        if (self.years.start, self.years.end) != (start, end):
            self.years.update(start=start, end=end)
            self._ticks.ticks = ticks.of_years(start, end)

    def show(self, runs: Runs, found: Paired | None, start: float) -> None:
        """Draw the difference of these runs, or that of the simulations where there are any."""
        yours, baseline = (each.total(self.outcome)[0] for each in (runs.yours, runs.baseline))
        time = runs.yours.time
        since = time >= start - 1e-9
        if found is None:
            nothing = np.full(int(since.sum()), np.nan)
            data = {"middle": (yours - baseline)[since], **dict.fromkeys(EDGES, nothing)}
        else:
            ranges = found.of(self.outcome).difference
            since = found.time >= start - 1e-9
            time = found.time
            data = {"middle": ranges.median[since], **{edge: ranges.edge(at)[since] for edge, at in EDGES.items()}}
        self.source.data = {"time": time[since], **data}

    def rescale(self, frozen: bool = False) -> None:
        """Give the axis the room that the line and its ranges need; while `frozen` it gives none back."""
        values = np.concatenate([np.asarray(self.source.data[name], float) for name in ("middle", _LOW, _HIGH)])
        values = values[np.isfinite(values)]
        low, high = ticks.around_zero(values.min(), values.max()) if len(values) else (-1.0, 1.0)
        if frozen and self._is_used:
            low, high = min(low, self.height.start), max(high, self.height.end)
        self._is_used = bool(np.any(values != 0))
        if (self.height.start, self.height.end) != (low, high):
            self.height.update(start=low, end=high)

    def dress(self, colours: Palette) -> None:
        """Put the figure in the colours of a theme."""
        self._colours, chart = colours, self.figure
        if chart is None:
            return
        chart.background_fill_color = chart.border_fill_color = colours.surface
        for axis in (*chart.below, *chart.left):
            axis.major_label_text_color = colours.muted
        self._grid.grid_line_color, self._zero.line_color = colours.line, colours.baseline
        for renderer in chart.renderers:
            word = "fill_color" if isinstance(renderer.glyph, models.VArea) else "line_color"
            setattr(renderer.glyph, word, colours.yours)
