"""Two outcomes of very many simulations: how many lie at each spot, as so many dots would hide each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import holoviews as hv
import numpy as np
from holoviews.plotting.util import process_cmap

from pushpull.analysis.store import StoredMembers, stored_members
from pushpull.plotting.captions import axes_of_two, source_of, title_in_words, title_of_two
from pushpull.plotting.dimensions import known_outcome, variable_dimension
from pushpull.plotting.looks import COLOURS, WIDTH, dressed, framed
from pushpull.plotting.pieces import span_of
from pushpull.plotting.plot_words import PlotWords

HEIGHT = 460  # pixels
SMALLEST_SPOT, FEWEST_SPOTS = 2, 24  # pixels along a side; spots along the width
BLUES = process_cmap("Blues", 256)[80:]  # without what is hardly seen on white


class NoRasteriser(ImportError):
    """datashader, of the optional extra `large`, is not installed."""


def spots(path: Path | str, across: str, up: str, *, year: float | None = None, language: str = "en") -> hv.Overlay:
    """Two outcomes against each other in a `year`, the last if None, in all simulations of a Zarr folder that
    `save_ensemble` wrote or is writing: the darker a spot, the more lie there; a cross at the medians.

    Raises:
        KeyError: for an outcome that there is not, or that the folder does not hold.
        ValueError: for an outcome that is not one number at a time, a language that plots do not speak, and a folder
            of which no simulation is finished.
        StoreFault: where the folder cannot be read.
        NoRasteriser: where datashader is not installed.
    """
    names = [known_outcome(name) for name in (across, up)]
    held = stored_members(path, names, year)
    words = PlotWords(language, held.currency)
    dimensions = [variable_dimension(name, words) for name in names]
    spans = [span_of(held.values[:, place]) for place in (0, 1)]
    counts = _counted(held, dimensions, spans, words)
    most = int(np.nanmax(counts.dimension_values(2)))
    drawn = dressed(
        counts,
        {"tools": ["hover"], "colorbar": True},
        {},
        cmap=BLUES,
        cnorm="log",
        clim=(1, max(most, 10)),
        clabel=words.say("simulations_at_a_spot"),
    )
    middle = hv.Points([np.median(held.values, axis=0)], dimensions, label=words.say("median"))
    cross = dressed(
        middle,
        {"color": COLOURS.worse, "marker": "x", "size": 13, "line_width": 3},
        {"color": COLOURS.worse, "marker": "x", "s": 90, "linewidth": 2.5, "edgecolors": None},
    )
    darker = words.say("darker", most=words.numbers.number(most, 9))
    return framed(
        hv.Overlay([drawn, cross]),
        words,
        title=title_of_two(across, up, held.moment, words),
        subtitle=title_in_words(held.title, words),
        **axes_of_two(across, up, words),
        span=spans[1],
        xlim=spans[0],
        source=f"{source_of(held.provenance, words, len(held.values), ranges=False)} {darker}",
        size=(WIDTH, HEIGHT),
    )


def _counted(held: StoredMembers, dimensions: list, spans: list, words: PlotWords) -> hv.Image:
    """How many simulations lie at each spot; nothing where none does."""
    try:
        from datashader import Canvas
    except ImportError as fault:
        raise NoRasteriser("a picture of spots needs datashader: install the extra `large`") from fault
    import pandas

    # Of many simulations small spots, of few large ones: about as many along the width as the root of their number.
    width = int(np.clip(np.sqrt(len(held.values)), FEWEST_SPOTS, WIDTH // SMALLEST_SPOT))
    canvas: Any = Canvas(width, width * HEIGHT // WIDTH, x_range=spans[0], y_range=spans[1])
    counts = canvas.points(pandas.DataFrame(held.values, columns=["across", "up"]), "across", "up")
    found = np.where(counts.values > 0, counts.values.astype(float), np.nan)
    value = hv.Dimension("simulations", label=words.say("simulations_at_a_spot"))
    return hv.Image((counts["across"].values, counts["up"].values, found), dimensions, value)
