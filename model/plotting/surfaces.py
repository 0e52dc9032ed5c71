"""How an outcome answers two levers at once."""

from __future__ import annotations

import holoviews as hv
import numpy as np
from holoviews.operation import contours

from pushpull.catalogue import catalogue
from pushpull.plotting.captions import source_of, subtitle_of
from pushpull.plotting.dimensions import known_outcome, lever_card, lever_dimension, today_of_lever, variable_dimension
from pushpull.plotting.lever_grids import even_steps, lever_grid
from pushpull.plotting.looks import COLOURS, dressed, framed
from pushpull.plotting.plot_words import PlotWords
from pushpull.preparation import provenance
from pushpull.scenario import Scenario

STEPS = 21  # 441 runs
LINES = 8
SIZE = (640, 520)
MOST_STEPS = 101


def response(
    scenario: Scenario,
    across: str,
    up: str,
    outcome: str,
    *,
    steps: int = STEPS,
    year: float | None = None,
    language: str = "en",
) -> hv.Overlay:
    """The outcome in a `year`, the last if None, over the ranges of two levers: `steps` x `steps` runs, with lines of
    the same value and today's point. The levers have their values from the policy start on; all else is as in the
    scenario.

    Raises:
        KeyError: for a lever or an outcome that there is not.
        ValueError: for one lever twice, for too few or too many steps, and a language that plots do not speak.
        RunBroke: where a run breaks.
    """
    for name in (across, up):
        lever_card(name)
    known_outcome(outcome)
    if across == up:
        raise ValueError(f"a surface is over two levers; {across!r} is named twice")
    if steps > MOST_STEPS:
        raise ValueError(f"a surface takes at most {MOST_STEPS} steps of each lever; {steps} are asked for")
    words = PlotWords(language, scenario.corridor.currency)
    found = lever_grid(scenario, (across, up), [even_steps(name, steps) for name in (across, up)], outcome)
    moment = int(np.abs(found.time - (found.time[-1] if year is None else year)).argmin())
    values = found.values[0, :, :, moment]
    dimensions = [lever_dimension(scenario, name, words) for name in (across, up)]
    value = variable_dimension(outcome, words)
    surface = hv.Image((*found.steps, values.T), dimensions, value)
    lower_is_better = catalogue().outcomes[outcome].better == "lower"
    colours = {
        "cmap": "viridis_r" if lower_is_better else "viridis",
        "clabel": words.axis_unit(value_unit(outcome)),
    }
    surface = dressed(surface, {"tools": ["hover"], "colorbar": True}, {}, **colours)
    points = hv.Points(
        [[today_of_lever(scenario, name) for name in (across, up)]], dimensions, label=words.say("today")
    )
    looks = {"size": 9, "line_color": COLOURS.text, "color": COLOURS.surface}
    points = dressed(points, looks, {"s": 60, "edgecolors": COLOURS.text, "facecolors": COLOURS.surface})
    pieces = [surface, points]
    if np.ptp(values) > 0:
        lines = contours(surface, levels=LINES, filled=False)
        pieces.insert(
            1,
            dressed(
                lines,
                {"line_color": "white", "line_width": 1.5},
                {"color": "white", "linewidth": 1.2},
                show_legend=False,
            ),
        )
    return framed(
        hv.Overlay(pieces),
        words,
        title=words.say("surface", title=words.title(outcome), year=words.numbers.year(float(found.time[moment]))),
        subtitle=subtitle_of(scenario, words),
        across=f"{words.title(across)}, {words.lever_unit(lever_card(across))}",
        up=f"{words.title(up)}, {words.lever_unit(lever_card(up))}",
        unit=words.lever_scale(lever_card(up)),
        unit_across=words.lever_scale(lever_card(across)),
        source=source_of(provenance(scenario), words, runs=steps**2),
        unit_of_colours=value_unit(outcome),
        size=SIZE,
    )


def value_unit(outcome: str) -> str:
    """The unit of an outcome."""
    return catalogue().outcomes[outcome].unit
