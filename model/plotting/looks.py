"""How elements look, the same with Bokeh and with matplotlib: the palette of the page, dashes, and what frames a plot.

Options are set for every backend that is installed, so that one element is drawn by either. They are set by importing
the backends, which puts no scripts into a notebook: that `hv.extension("bokeh")` does.
"""

from __future__ import annotations

import importlib.util
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import bokeh.models
import holoviews as hv
import holoviews.plotting.bokeh  # noqa: F401
from bokeh.models import CustomJSTickFormatter

from pushpull.plotting.plot_words import PlotWords
from pushpull.wording.numbers import is_share, signs_of
from pushpull.wording.palette import LIGHT

if importlib.util.find_spec("matplotlib"):
    import holoviews.plotting.mpl  # noqa: F401

models: Any = bokeh.models  # its stubs do not know all it exports
BOKEH, MATPLOTLIB = "bokeh", "matplotlib"
COLOURS = LIGHT
SOLID, DASHED, DOTTED = "solid", "dashed", "dotted"
ROUTE_DASHES = ("solid", "dashed", "dotted", "dashdot")
WIDTH, HEIGHT = 680, 380  # pixels of a single plot
PANEL = (380, 260)  # of one of several
AXIS = 140  # pixels from one parallel axis to the next
INCHES = 1 / 90  # of a pixel
ROW = 18  # pixels of a line of the legend or the source
LETTER, LETTERS_OF_A_MARK = 6.2, 7  # pixels of a letter in a legend; of what stands before a label, in letters
AXIS_POINTS, LEGEND_POINTS = 34, 13  # of 1/72 inch: the x axis with its label, and a row of the legend
SOURCE_LETTERS = 120  # of the source in one line below a single plot

Ends = tuple[float, float]


def dressed(element: Any, bokeh: Mapping[str, Any], matplotlib: Mapping[str, Any], **both: Any) -> Any:
    """An element with its options for both backends."""
    for backend, own in ((BOKEH, bokeh), (MATPLOTLIB, matplotlib)):
        if backend in hv.Store.registry:
            element = element.opts(backend=backend, **both, **own)
    return element


def wrapped(title: str) -> str:
    """A title in rows as wide as a parallel axis has room for."""
    return "\n".join(textwrap.wrap(title, 16))


def beside(panels: Sequence[hv.Overlay], columns: int) -> hv.Layout:
    """Panels beside each other, each on axes of its own."""
    inches = {"fig_inches": (columns * PANEL[0] * INCHES, None), "sublabel_format": "", "hspace": 0.45, "vspace": 0.4}
    return dressed(hv.Layout(panels).cols(columns), {"shared_axes": False, "toolbar": "right"}, inches)


def scenario_look(place: int) -> tuple[str, str]:
    """Colour and dash of a scenario: grey the reference, blue the first other, then the colours of the page."""
    colours = (COLOURS.baseline, COLOURS.yours, *COLOURS.scenarios)
    return colours[place % len(colours)], SOLID


def route_look(place: int) -> tuple[str, str]:
    """Colour and dash of a route, as no meaning rests on colour alone."""
    return COLOURS.routes[place % len(COLOURS.routes)], ROUTE_DASHES[place % len(ROUTE_DASHES)]


def framed(
    overlay: hv.Overlay,
    words: PlotWords,
    *,
    title: str,
    subtitle: str = "",
    across: str = "",
    up: str = "",
    unit: str = "",
    unit_across: str | None = None,
    unit_of_colours: str = "",
    span: Ends | None = None,
    source: str = "",
    size: tuple[int, int] = (WIDTH, HEIGHT),
    legend: bool = True,
    **more: Any,
) -> hv.Overlay:
    """An overlay with its title, axes, legend and source, for either backend.

    `up` and `across` are what the axes say; `unit` and `unit_across` those of the model in which their numbers are
    written (None for years), as `unit_of_colours` that of a colour scale; `span` is from where to where the y axis
    goes.
    """
    heading = f"{title}\n{subtitle}" if subtitle else title
    width, height = size
    letters = round(SOURCE_LETTERS * width / WIDTH)
    lines = textwrap.wrap(source, letters)
    labels = list(dict.fromkeys(each.label for each in overlay if each.label)) if legend else []
    columns = _legend_columns(labels, width)
    rows = -(-len(labels) // columns)
    both = {"xlabel": across, "ylabel": up, "title": heading, "show_legend": len(labels) > 1, **more}
    if span is not None:
        both["ylim"] = span
    bokeh = {
        "width": width,
        "height": height + ROW * (len(lines) + (rows if len(labels) > 1 else 0)),
        "fontsize": {"title": "11pt", "labels": "9pt", "legend": "8pt", "ticks": "8pt"},
        "hooks": [_bokeh_hook(words, unit, unit_across, unit_of_colours, lines)],
        "legend_position": "bottom",
        "legend_cols": columns,
        "legend_opts": {"border_line_alpha": 0, "spacing": 10, "padding": 0, "margin": 4},
        "toolbar": "above",
    }
    matplotlib = {
        "fig_inches": (width * INCHES, height * INCHES),
        "aspect": width / height,
        "fontsize": {"title": 10, "labels": 9, "legend": 8, "ticks": 8},
        "hooks": [_matplotlib_hook(words, unit, unit_across, unit_of_colours, lines, columns)],
    }
    return dressed(overlay, bokeh, matplotlib, **both)


def _bokeh_hook(
    words: PlotWords, unit: str, unit_across: str | None, unit_of_colours: str, source: Sequence[str]
) -> Callable[..., None]:
    def hook(plot: Any, element: Any) -> None:
        figure = plot.state
        figure.title.update(text_color=COLOURS.text, text_font_style="normal")
        figure.toolbar.update(logo=None, autohide=True)
        figure.outline_line_color = None
        for axis, own in ((figure.yaxis, unit), (figure.xaxis, unit_across)):
            for each in axis:
                each.update(axis_label_text_font_style="normal", minor_tick_line_color=None)
                if own:
                    each.formatter = tick_formatter(words, own)
        for bar in figure.select(models.ColorBar):
            bar.formatter = tick_formatter(words, unit_of_colours)
        if source and not any(isinstance(each, models.Title) for each in figure.below):
            style = {"text_font_size": "8pt", "text_font_style": "normal", "text_color": COLOURS.muted}
            figure.add_layout(models.Title(text="\n".join(source), **style), "below")

    return hook


def tick_formatter(words: PlotWords, unit: str) -> CustomJSTickFormatter:
    """Writes numbers of an axis as `Numbers.short` does, in the browser."""
    if is_share(unit):
        sizes, ending = [[0.0, 0.01, f"{words.numbers.gap}%"]], ""
    else:
        sizes = [[float(size), float(size), word] for size, word in signs_of(words.code)["short"].items()]
        ending = ""
    code = """
    const [, scale, word] = sizes.find(([from]) => Math.abs(tick) >= from) ?? [0, 1, ending]
    const digits = (tick / scale).toLocaleString(locale, {maximumSignificantDigits: 4})
    return tick === 0 && word !== "%" ? "0" : digits.replace("-", "\u2212") + word
    """
    locale = signs_of(words.code)["locale"]
    return CustomJSTickFormatter(args={"sizes": sizes, "ending": ending, "locale": locale}, code=code)


def _matplotlib_hook(
    words: PlotWords, unit: str, unit_across: str | None, unit_of_colours: str, source: Sequence[str], columns: int
) -> Callable[..., None]:
    def hook(plot: Any, element: Any) -> None:
        from matplotlib.ticker import FuncFormatter

        axes = plot.handles["axis"]
        for axis, own in ((axes.yaxis, unit), (axes.xaxis, unit_across)):
            if own:
                axis.set_major_formatter(FuncFormatter(lambda value, _, own=own: words.numbers.short(value, own)))
        if unit_of_colours:
            bar = axes.figure.colorbar(axes.images[0], ax=axes, label=words.axis_unit(unit_of_colours)).ax
            bar.yaxis.set_major_formatter(FuncFormatter(lambda value, _: words.numbers.short(value, unit_of_colours)))
        axes.title.set_ha("left")
        axes.title.set_x(0)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        below = _legend_below(axes, columns)
        if source:
            style = {"fontsize": 7, "color": COLOURS.muted, "va": "top", "annotation_clip": False}
            place = {"xycoords": "axes fraction", "textcoords": "offset points"}
            axes.annotate("\n".join(source), xy=(0, 0), xytext=(0, -below), **place, **style)

    return hook


def _legend_below(axes: Any, columns: int) -> float:
    """Put the legend below the label of the x axis, and give where it ends: points below the axis."""
    legend = axes.get_legend()
    if legend is None:
        return AXIS_POINTS
    handles, labels = legend.legend_handles, [each.get_text() for each in legend.get_texts()]
    from matplotlib.transforms import ScaledTranslation

    below = axes.transAxes + ScaledTranslation(0, -AXIS_POINTS / 72, axes.figure.dpi_scale_trans)
    look = {"frameon": False, "fontsize": 8, "borderaxespad": 0, "borderpad": 0, "columnspacing": 1.5}
    axes.legend(handles, labels, loc="upper left", bbox_to_anchor=(0, 0), bbox_transform=below, ncols=columns, **look)
    return AXIS_POINTS + LEGEND_POINTS * -(-len(labels) // columns) + 4


def _legend_columns(labels: Sequence[str], width: int) -> int:
    """How many labels stand beside each other in a legend of that width in pixels."""
    longest = max(map(len, labels), default=1) + LETTERS_OF_A_MARK
    return max(1, min(len(labels), round(width / LETTER) // longest))
