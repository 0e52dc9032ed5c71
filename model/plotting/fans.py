"""A policy beside its baseline: the ranges of both, and the range of their difference, which is narrower."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import holoviews as hv
import numpy as np

from pushpull.analysis.engine_calls import Line
from pushpull.analysis.pairing import Pair, Paired
from pushpull.analysis.quantile_ranges import Ranges
from pushpull.catalogue import catalogue
from pushpull.comparison import Comparison
from pushpull.plotting.captions import scenario_of, short_titles, source_of, subtitle_of
from pushpull.plotting.dimensions import difference_dimension, known_outcome, time_dimension, variable_dimension
from pushpull.plotting.lines import values_of_line
from pushpull.plotting.looks import Ends, framed, scenario_look
from pushpull.plotting.pieces import curve, drawn_years, fan_of, ranges_of, span_of, start_mark, values_in, zero_line
from pushpull.plotting.plot_words import PlotWords
from pushpull.scenario import Scenario


def fan(
    paired: Paired, outcome: str, *, route: str = "", years: Ends | None = None, language: str = "en"
) -> hv.Overlay:
    """The ranges of an outcome without and with the policy: 90 and 50 percent of the members, and their medians.

    Whether the two differ is not seen by whether they overlap, since their members are the same: see `difference`.

    Raises:
        KeyError: for an outcome or a route that there is not.
        ValueError: for a language that plots do not speak.
    """
    pair, words = _pair(paired, outcome, route), PlotWords(language, paired.currency)
    inside, dimensions = drawn_years(paired.time, years), (time_dimension(words), variable_dimension(outcome, words))
    titles = short_titles(paired.titles, words)
    pieces: list[Any] = []
    for place, (ranges, title) in enumerate(zip((pair.baseline, pair.policy), titles, strict=True)):
        cropped = Ranges(ranges.edges[:, inside], ranges.at)
        pieces += fan_of(paired.time[inside], cropped, dimensions, title, *scenario_look(place))
    unit = pair.outcome.unit
    return _framed(pieces, words, words.title(outcome), words.axis_unit(unit), unit, paired.scenario, route,
                   paired.time[inside], source_of(paired.provenance, words, paired.members))  # fmt: skip


def difference(
    subject: Paired | Comparison, outcome: str, *, route: str = "", years: Ends | None = None, language: str = "en"
) -> hv.Overlay:
    """What the policy does to an outcome: its difference from the baseline, and the range of that difference.

    Of a comparison, every other scenario against the first. The difference is taken member by member, each with the
    same draw on both sides, so its range is not that between the ranges of the two. Where zero lies outside the light
    range, more than 90 percent of the members agree on the direction.

    Raises:
        KeyError: for an outcome or a route that there is not.
        ValueError: for a language that plots do not speak, or scenarios that report other years.
    """
    known_outcome(outcome)
    if isinstance(subject, Comparison):
        return _of_comparison(subject, outcome, route, years, language)
    pair, words = _pair(subject, outcome, route), PlotWords(language, subject.currency)
    inside, dimensions = drawn_years(subject.time, years), _dimensions(outcome, words)
    cropped = Ranges(pair.difference.edges[:, inside], pair.difference.at)
    (title,) = short_titles(subject.titles, words)[1:]
    pieces = fan_of(subject.time[inside], cropped, dimensions, title, *scenario_look(1))
    source = source_of(subject.provenance, words, subject.members)
    return _of_difference(pieces, words, outcome, subject.scenario, route, subject.time[inside], source)


def _of_comparison(comparison: Comparison, outcome: str, route: str, years: Ends | None, language: str) -> hv.Overlay:
    first, *others = comparison.results
    words, time = PlotWords(language, first.currency), first.time
    inside, dimensions = drawn_years(time, years), _dimensions(outcome, words)
    before, pieces = values_of_line(first, outcome, route), []
    reference, *titles = short_titles(comparison.labels, words)
    for place, (result, title) in enumerate(zip(others, titles, strict=True)):
        if len(result.time) != len(time) or not np.allclose(result.time, time):
            raise ValueError("a difference over time is drawn of scenarios that report the same years")
        change, look = (values_of_line(result, outcome, route) - before)[:, inside], scenario_look(place + 1)
        if comparison.members == 1:
            pieces.append(curve(time[inside], change[0], dimensions, title, *look))
        else:
            pieces += fan_of(time[inside], ranges_of(change), dimensions, title, *look)
    source = source_of(first.provenance, words, first.members)
    return _of_difference(pieces, words, outcome, scenario_of(first), route, time[inside], source, reference)


def _dimensions(outcome: str, words: PlotWords) -> tuple[hv.Dimension, hv.Dimension]:
    return time_dimension(words), difference_dimension(outcome, words)


def _pair(paired: Paired, outcome: str, route: str) -> Pair:
    known_outcome(outcome)
    if Line(outcome, route) not in paired.pairs:
        kept = "it was not kept" if not route else f"it has no route {route!r} there"
        raise KeyError(f"no ranges of {outcome!r}: {kept}")
    return paired.of(outcome, route)


def _of_difference(
    pieces: Sequence[Any],
    words: PlotWords,
    outcome: str,
    scenario: Scenario | None,
    route: str,
    time: np.ndarray,
    source: str,
    reference: str = "",
) -> hv.Overlay:
    unit = catalogue().outcomes[outcome].unit
    key = "difference" if reference in ("", words.say("baseline")) else "difference_from"
    title = words.say(key, outcome=words.title(outcome), reference=reference)
    return _framed(
        [zero_line(), *pieces], words, title, words.difference_unit(unit), unit, scenario, route, time, source
    )


def _framed(
    pieces: Sequence[Any],
    words: PlotWords,
    title: str,
    up: str,
    unit: str,
    scenario: Scenario | None,
    route: str,
    time: np.ndarray,
    source: str,
) -> hv.Overlay:
    corridor = scenario.corridor if scenario is not None else None
    start = scenario.policy_start if scenario is not None else None
    marks = [start_mark(start)] if start is not None and time[0] < start < time[-1] else []
    return framed(
        hv.Overlay([*pieces, *marks]),
        words,
        title=f"{title}: {words.route(corridor, route)}" if route else title,
        subtitle=subtitle_of(scenario, words),
        across=words.say("year"),
        up=up,
        unit=unit,
        span=span_of(*values_in(pieces)),
        xlim=(float(time[0]), float(time[-1])),
        source=source,
    )
