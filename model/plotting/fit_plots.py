"""The record beside what a fit of its corridor makes of it."""

from __future__ import annotations

from typing import Any

import holoviews as hv
import numpy as np

from pushpull.calibration.fit_scores import SeriesFit
from pushpull.plotting.dimensions import time_dimension, variable_dimension
from pushpull.plotting.looks import COLOURS, PANEL, dressed, framed
from pushpull.plotting.pieces import HALF_ALPHA, MOST_ALPHA, area, curve, record_points, span_of, values_in
from pushpull.plotting.plot_words import PlotWords
from pushpull.scenario import Scenario


def record_fit(fit: SeriesFit, scenario: Scenario, *, logarithmic: bool = False, language: str = "en") -> hv.Overlay:
    """A recorded series, dots or where it is a range bars, over the median of the draws and the ranges that hold 50 and
    90 percent of what would be recorded; by powers of ten where it is `logarithmic`.

    Raises:
        ValueError: for a language that plots do not speak.
    """
    words, record = PlotWords(language, scenario.corridor.currency), fit.record
    dimensions = (time_dimension(words), variable_dimension(record.variable, words))
    pieces: list[Any] = [area(record.times, fit.low, fit.high, dimensions, COLOURS.yours, MOST_ALPHA)]
    if fit.half_low is not None and fit.half_high is not None:
        pieces.append(area(record.times, fit.half_low, fit.half_high, dimensions, COLOURS.yours, HALF_ALPHA))
    pieces.append(curve(record.times, fit.median, dimensions, words.say("model"), COLOURS.yours))
    if record.is_range:
        ends = (record.times, record.low, record.times, record.high)
        bars = hv.Segments(ends, ["from_time", "low", "to_time", "high"])
        pieces.append(dressed(bars, {"line_width": 1.2}, {"linewidth": 1.2}, color=COLOURS.history))
    pieces.append(record_points(record.times, record.values, dimensions, words.say("observed")))
    unit = scenario.catalogue.model.variables[record.variable].unit
    at = f": {words.route(scenario.corridor, record.route)}" if record.route else ""
    positive = np.concatenate([each[each > 0] for each in (*values_in(pieces), record.low, record.high)])
    return framed(
        hv.Overlay(pieces),
        words,
        title=words.title(record.variable) + at,
        subtitle=record.series.replace("_", " "),
        across=words.say("year"),
        up=words.axis_unit(unit),
        unit=unit,
        span=(float(positive.min()) / 2, float(positive.max()) * 2) if logarithmic else span_of(positive),
        size=PANEL,
        logy=logarithmic,
    )
