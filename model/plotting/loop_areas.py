"""Which feedback loops drive a corridor, and when."""

from __future__ import annotations

from typing import Any

import holoviews as hv
import numpy as np

from pushpull.analysis.dominance import Dominance
from pushpull.plotting.captions import source_of, subtitle_of
from pushpull.plotting.dimensions import time_dimension
from pushpull.plotting.looks import COLOURS, HEIGHT, WIDTH, framed
from pushpull.plotting.pieces import area, start_mark, zero_line
from pushpull.plotting.plot_words import PlotWords
from pushpull.preparation import provenance

SHOWN = 6
ALPHA = 0.85


def loops(dominance: Dominance, *, shown: int = SHOWN, language: str = "en") -> hv.Overlay:
    """The share of each named loop in what all of them do, over the years: reinforcing loops stacked above zero,
    balancing ones below. The `shown` strongest have a colour each, all others one together.

    Raises:
        ValueError: for a language that plots do not speak, or no loop to show.
    """
    if not 1 <= shown <= len(COLOURS.scenarios):
        raise ValueError(f"from 1 to {len(COLOURS.scenarios)} loops are shown by themselves; {shown} are asked for")
    words, time = PlotWords(language), dominance.time
    order = np.argsort(-np.abs(dominance.scores).mean(axis=1), kind="stable")
    layers = [(words.title(dominance.loops[each]), dominance.scores[each], colour)
              for each, colour in zip(order[:shown], COLOURS.scenarios, strict=False)]  # fmt: skip
    others = dominance.scores[order[shown:]]
    dimensions = (time_dimension(words), hv.Dimension("loop_share", label=words.say("share")))
    pieces: list[Any] = []
    for side in (1.0, -1.0):
        top = np.zeros(len(time))
        for title, scores, colour in layers:
            top = _stacked(pieces, time, top, side * np.maximum(side * scores, 0.0), dimensions, title, colour)
        rest = side * np.maximum(side * others, 0.0).sum(axis=0)
        _stacked(pieces, time, top, rest, dimensions, words.say("other_loops"), COLOURS.line)
    scenario = dominance.scenario
    start = scenario.policy_start if scenario is not None else None
    marks = [start_mark(start)] if start is not None and time[0] < start < time[-1] else []
    return framed(
        hv.Overlay([*pieces, zero_line(), *marks]),
        words,
        title=words.say("loops"),
        subtitle="\n".join(filter(None, [subtitle_of(scenario, words), words.say("loop_share")])),
        across=words.say("year"),
        up=words.say("share"),
        unit="1",
        span=(-1.0, 1.0),
        xlim=(float(time[0]), float(time[-1])),
        source=source_of(provenance(scenario), words) if scenario is not None else "",
        size=(WIDTH + 160, HEIGHT + 60),
    )


def _stacked(
    pieces: list[Any],
    time: np.ndarray,
    below: np.ndarray,
    added: np.ndarray,
    dimensions: tuple[hv.Dimension, hv.Dimension],
    label: str,
    colour: str,
) -> np.ndarray:
    """Lay an area upon what lies below, and give where it ends; what is nowhere is not drawn."""
    if not added.any():
        return below
    pieces.append(area(time, below, below + added, dimensions, colour, ALPHA, label))
    return below + added
