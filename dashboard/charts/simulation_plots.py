"""Scatter plots of simulations that share one source: what is marked in one of them is marked in all.

They are a document of their own, which the page asks for when they are looked at; opening the page costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import bokeh.models
import numpy as np
from bokeh.document import Document
from bokeh.embed.util import standalone_docs_json_and_render_items

from pushpull.dashboard.charts.dress import LABELS
from pushpull.dashboard.charts.number_formats import NumberFormats
from pushpull.dashboard.i18n.texts import Language
from pushpull.wording.palette import FONT, Palette

models: Any = bokeh.models  # its stubs know neither all it exports nor all its models take
HEIGHT = 210
ROOM = 0.04  # of the span of a column, on either side


@dataclass(frozen=True)
class Axis:
    """A column of the source along an axis: its numbers, the kind in which they are written (see `kind_of`), and
    whether they are changes."""

    column: str
    values: np.ndarray
    kind: str
    is_change: bool


@dataclass(frozen=True)
class Panel:
    """A scatter plot: where it stands on the page, by the id of that element, and its axes."""

    place: str
    across: Axis
    up: Axis


def document_of(language: Language, panels: Sequence[Panel], chosen: np.ndarray, colours: Palette) -> dict:
    """The panels as the browser draws them, with the simulations that are chosen marked: `docs`, and the `roots` of
    each by the element where it stands."""
    columns: dict[str, np.ndarray] = {}
    for panel in panels:
        columns |= {axis.column: axis.values.astype(np.float32) for axis in (panel.across, panel.up)}
    source = models.ColumnDataSource(columns, name="simulations")
    source.selected.indices = np.flatnonzero(chosen).tolist()
    formats = NumberFormats(language, models.ColumnDataSource({}))
    ranges = {
        axis.column: _range(axis) for panel in panels for axis in (panel.across, panel.up)
    }  # one for each column, so that panels beside each other stand on the same
    document = Document()
    sides = _Sides(formats, colours)
    figures = {panel.place: _figure(panel, source, sides, ranges, colours) for panel in panels}
    with document.models.freeze():
        for figure in figures.values():
            document.add_root(figure)
    docs, _ = standalone_docs_json_and_render_items([*figures.values()])
    return {"docs": docs, "roots": {figure.id: place for place, figure in figures.items()}}


def _range(axis: Axis) -> Any:
    low, high = float(axis.values.min()), float(axis.values.max())
    room = ROOM * (high - low) or max(abs(high), 1.0)
    return models.Range1d(start=low - room, end=high + room)


class _Sides:
    """Axes with their grid and zero, each made once: what stands along one side of several plots is shared by them."""

    def __init__(self, formats: NumberFormats, colours: Palette):
        self._formats, self._colours = formats, colours
        self._made: dict[tuple[str, int], tuple[Any, list]] = {}

    def along(self, each: Axis, dimension: int) -> tuple[Any, list]:
        """The axis of a column across (0) or up (1), and what is drawn from it."""
        key = (each.column, dimension)
        if key not in self._made:
            self._made[key] = self._side(each, dimension)
        return self._made[key]

    def _side(self, each: Axis, dimension: int) -> tuple[Any, list]:
        colours, formats = self._colours, self._formats
        written = formats.signed_ticks if each.is_change else formats.ticks
        axis = models.LinearAxis(
            ticker=models.BasicTicker(desired_num_ticks=4, num_minor_ticks=0),
            formatter=written[each.kind],
            major_label_text_color=colours.muted,
            axis_line_color=None,
            major_tick_line_color=None,
            minor_tick_line_color=None,
            major_label_text_font=FONT,
            major_label_text_font_size="12px",
        )
        drawn = [models.Grid(dimension=dimension, axis=axis, grid_line_color=colours.line)]
        if each.is_change:
            along = ("height", "width")[dimension]
            drawn.append(models.Span(location=0, dimension=along, line_color=colours.muted, line_width=1))
        return axis, drawn


def _figure(panel: Panel, source: Any, sides: _Sides, ranges: Mapping[str, Any], colours: Palette) -> Any:
    size = 5 if len(panel.up.values) > 300 else 6
    dot = {"x": panel.across.column, "y": panel.up.column, "size": size, "line_color": None}
    renderer = models.GlyphRenderer(
        data_source=source,
        glyph=models.Scatter(**dot, fill_color=colours.baseline, fill_alpha=0.5),
        selection_glyph=models.Scatter(**dot, fill_color=colours.yours, fill_alpha=0.85),
        nonselection_glyph=models.Scatter(**dot, fill_color=colours.baseline, fill_alpha=0.35),
    )
    (below, below_drawn), (left, left_drawn) = sides.along(panel.across, 0), sides.along(panel.up, 1)
    box = models.BoxAnnotation(
        fill_color=colours.yours, fill_alpha=0.12, line_color=colours.yours, line_alpha=0.8, visible=False
    )
    brush = models.BoxSelectTool(renderers=[renderer], overlay=box)
    tap = models.TapTool(renderers=[renderer])  # beside the dots, it takes the marks away
    return models.Plot(
        height=HEIGHT,
        min_width=100,
        sizing_mode="stretch_width",
        x_range=ranges[panel.across.column],
        y_range=ranges[panel.up.column],
        title=None,
        toolbar_location=None,
        min_border_left=LABELS,
        min_border_right=12,
        min_border_top=6,
        below=[below],
        left=[left],
        center=[*below_drawn, *left_drawn],
        background_fill_color=colours.surface,
        border_fill_color=colours.surface,
        outline_line_color=None,
        renderers=[renderer],
        toolbar=models.Toolbar(tools=[brush, tap], active_drag=brush, active_tap=tap),
    )
