"""The colours of a theme put on a figure."""

from __future__ import annotations

from typing import Any

from bokeh.models import Scatter, VArea

from pushpull.wording import palette

LABELS = 64  # pixels: the widest labels of amounts, so that a large chart stays where it is while they change


def dress(chart: Any, colours: palette.Palette) -> None:
    """Colour a figure: by the tag of each glyph, so that one meaning has one colour everywhere.

    It is a plot of Bokeh, whose stubs know none of its parts.
    """
    chart.background_fill_color = chart.border_fill_color = colours.surface
    for part in (*chart.below, *chart.left):
        part.major_label_text_color = colours.muted
    for part in chart.center:
        part.grid_line_color = colours.line
    for renderer in chart.renderers:
        glyph = renderer.glyph
        word = "fill_color" if isinstance(glyph, (Scatter, VArea)) else "line_color"
        for tag in glyph.tags:
            setattr(glyph, word, shade(colours, tag))


def shade(colours: palette.Palette, meaning: str) -> str:
    """The colour of a meaning."""
    return colours.muted if meaning == "mark" else getattr(colours, meaning)
