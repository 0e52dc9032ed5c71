"""Outcomes held against each other: one against another, and all of them side by side."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import holoviews as hv
import numpy as np

from pushpull.catalogue import catalogue
from pushpull.comparison import Comparison
from pushpull.engine.runs.result import Result
from pushpull.plotting.captions import (
    axes_of_two,
    own_title,
    scenario_of,
    short_titles,
    source_of,
    subtitle_of,
    title_of_two,
)
from pushpull.plotting.dimensions import known_outcome, variable_dimension
from pushpull.plotting.lines import FOREMOST
from pushpull.plotting.looks import AXIS, COLOURS, WIDTH, dressed, framed, scenario_look, wrapped
from pushpull.plotting.pieces import span_of
from pushpull.plotting.plot_words import PlotWords

LARGEST_SPREAD = 2_000  # points of a scenario that are drawn


def scatter(
    subject: Result | Comparison, across: str, up: str, *, year: float | None = None, language: str = "en"
) -> hv.Overlay:
    """Two outcomes against each other in a `year`, the last if None: a dot for each member of each scenario and a cross
    at the medians; of single runs, the cross alone.

    Raises:
        KeyError: for an outcome that there is not.
        ValueError: for a language that plots do not speak.
    """
    results, words = _results(subject), PlotWords(language, _results(subject)[0].currency)
    dimensions = [variable_dimension(known_outcome(name), words) for name in (across, up)]
    moment = float(results[0].time[-1]) if year is None else year
    pieces: list[Any] = []
    crosses: list[Any] = []
    for place, (result, title) in enumerate(zip(results, _titles(subject, words), strict=True)):
        points = np.stack([result.at(name, moment) for name in (across, up)], axis=1)
        colour, _ = scenario_look(place if len(results) > 1 else 1)
        if result.members > 1:
            dots = hv.Points(points[:LARGEST_SPREAD], dimensions, label=title)
            pieces.append(dressed(dots, {"size": 4, "tools": ["hover"]}, {"s": 9}, color=colour, alpha=0.45))
        middle = hv.Points([np.median(points, axis=0)], dimensions, label="" if result.members > 1 else title)
        cross = {"color": colour, "marker": "x", "size": 13, "line_width": 3}
        crosses.append(
            dressed(middle, cross, {"marker": "x", "s": 90, "linewidth": 2.5, "color": colour, "edgecolors": None})
        )
    drawn = [*pieces, *crosses]
    spans = [span_of(*(each.dimension_values(place) for each in drawn)) for place in (0, 1)]
    scenario = scenario_of(results[0])
    return framed(
        hv.Overlay(drawn),
        words,
        title=title_of_two(across, up, moment, words),
        subtitle=subtitle_of(scenario, words),
        **axes_of_two(across, up, words),
        span=spans[1],
        xlim=spans[0],
        source=source_of(results[0].provenance, words, results[0].members, ranges=False),
        size=(WIDTH, 460),
    )


def parallel(
    comparison: Comparison,
    outcomes: Iterable[str] | None = None,
    *,
    year: float | None = None,
    language: str = "en",
) -> hv.Overlay:
    """An axis for each outcome, its better end up, and a line for each scenario, in a `year`, the last if None.

    Each axis goes from the lowest to the highest of the scenarios, medians of ensembles; what neither way is better for
    people has its lowest down. Six outcomes if None, harm to people first.

    Raises:
        KeyError: for an outcome that there is not.
        ValueError: for a language that plots do not speak.
    """
    words = PlotWords(language, comparison.reference.currency)
    names = [known_outcome(name) for name in (FOREMOST if outcomes is None else outcomes)]
    moment = comparison.end if year is None else year
    values = np.array([[np.median(result.at(name, moment)) for name in names] for result in comparison.results])
    heights, ends = _heights(values, names)
    axes = np.arange(len(names), dtype=float)
    dimensions = (
        hv.Dimension("outcome", label=words.say("outcome")),
        hv.Dimension("height", label=words.say("better_up")),
    )
    pieces: list[Any] = [
        dressed(hv.VLine(place), {"line_width": 1}, {"linewidth": 1}, color=COLOURS.line) for place in axes
    ]
    for place, title in enumerate(short_titles(comparison.labels, words)):
        colour, _ = scenario_look(place)
        line = hv.Curve((axes, heights[place]), *dimensions, label=title)
        pieces.append(dressed(line, {"line_width": 2.6}, {"linewidth": 2.4}, color=colour))
    numbers, outcomes_of = words.numbers, catalogue().outcomes
    for row, height, baseline in ((0, -0.06, "top"), (1, 1.06, "bottom")):
        texts = [numbers.short(end, outcomes_of[name].unit) for name, end in zip(names, ends[row], strict=True)]
        labels = hv.Labels((axes, np.full(len(axes), height), texts), list(dimensions), "text")
        bokeh = {"text_font_size": "8.5pt", "text_color": COLOURS.text, "text_baseline": baseline}
        pieces.append(dressed(labels, bokeh, {"size": 8, "color": COLOURS.text, "verticalalignment": baseline}))
    titles = [wrapped(words.title(name)) for name in names]
    scenario = scenario_of(comparison.reference)
    return framed(
        hv.Overlay(pieces),
        words,
        title=words.say("side_by_side", year=words.numbers.year(moment)),
        subtitle=subtitle_of(scenario, words),
        across="",
        up=words.say("better_up"),
        span=(-0.18, 1.18),
        xlim=(-0.5, len(names) - 0.5),
        xticks=list(zip(axes.tolist(), titles, strict=True)),
        yticks=0,
        source=source_of(comparison.reference.provenance, words, comparison.members, ranges=False),
        size=(max(WIDTH, AXIS * len(names)), 420),
    )


def _heights(values: np.ndarray, names: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Heights from 0 to 1 of values (scenario, outcome), the better end at 1, and the values at foot and head."""
    low, high = values.min(axis=0), values.max(axis=0)
    span = np.where(high > low, high - low, 1.0)
    parts = np.where(high > low, (values - low) / span, 0.5)
    down = np.array([catalogue().outcomes[name].better == "lower" for name in names])
    return np.where(down, 1 - parts, parts), np.stack([np.where(down, high, low), np.where(down, low, high)])


def _results(subject: Result | Comparison) -> tuple[Result, ...]:
    return subject.results if isinstance(subject, Comparison) else (subject,)


def _titles(subject: Result | Comparison, words: PlotWords) -> list[str]:
    if isinstance(subject, Comparison):
        return short_titles(subject.labels, words)
    return [own_title(scenario_of(subject), words)]
