"""How the ranking of packages changes with attitude, from the worst simulation alone to the best alone."""

from __future__ import annotations

from typing import Any

import holoviews as hv
import numpy as np

from pushpull.analysis.package_choice import RobustChoice
from pushpull.plotting.captions import source_of
from pushpull.plotting.dimensions import known_outcome
from pushpull.plotting.looks import DASHED, SOLID, dressed, framed, scenario_look
from pushpull.plotting.plot_words import PlotWords

APART = 0.08  # of a place: between lines that share one


def ranking_by_attitude(choice: RobustChoice, outcome: str, *, language: str = "en") -> hv.Overlay:
    """The place of each package by an outcome, 1 the best and on top, over attitudes from 0, which looks at the worst
    simulation alone, to 1, which looks at the best alone. A package that raises a harm to people is dashed, and its
    name says so.

    Raises:
        KeyError: for an outcome that there is not, or by which the choice was not made.
        ValueError: for a language that plots do not speak.
    """
    words, own = PlotWords(language), choice.metrics[known_outcome(outcome)]
    dimensions = (
        hv.Dimension("attitude", label=words.say("attitude")),
        hv.Dimension("place", label=words.say("place")),
    )
    middle = (len(choice.labels) - 1) / 2
    pieces: list[Any] = []
    for row, label in enumerate(choice.labels):
        is_harmful = bool(choice.raised(label))
        title = words.say("baseline") if row == 0 else label
        title = words.say("raises_harm", title=title) if is_harmful else title
        colour, _ = scenario_look(row)
        places = own.ranks[:, row] + APART * (row - middle) * _is_shared(own.ranks, row)
        dash = DASHED if is_harmful else SOLID
        line = hv.Curve((np.array(own.attitudes), places), *dimensions, label=title)
        dots = hv.Points((np.array(own.attitudes), places), list(dimensions))
        pieces.append(
            dressed(line, {"line_width": 2.6, "line_dash": dash}, {"linewidth": 2.4, "linestyle": dash}, color=colour)
        )
        pieces.append(dressed(dots, {"size": 8}, {"s": 40}, color=colour))
    rows = list(range(1, len(choice.labels) + 1))
    when = words.numbers.year(choice.year) if choice.year is not None else words.say("since_policy_start")
    return framed(
        hv.Overlay(pieces),
        words,
        title=words.say("ranking", title=words.title(outcome), when=when),
        across=words.say("attitude"),
        up=words.say("place"),
        span=(len(rows) + 0.5, 0.5),
        yticks=rows,
        source=source_of(choice.provenance, words, choice.members, ranges=False),
    )


def _is_shared(ranks: np.ndarray, row: int) -> np.ndarray:
    """At which attitudes a package shares its place; over (attitude,)."""
    return (ranks == ranks[:, [row]]).sum(axis=1) > 1
