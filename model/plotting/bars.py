"""What did it, and what the answer hangs on: bars of an attribution and of a sensitivity analysis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import holoviews as hv
import numpy as np

from pushpull.analysis.attribution import Attribution, Years
from pushpull.analysis.players import PLURALS, REST, Player
from pushpull.analysis.sobol import Sensitivity
from pushpull.catalogue import catalogue
from pushpull.ensemble import name_and_member
from pushpull.plotting.captions import source_of, subtitle_of
from pushpull.plotting.dimensions import known_outcome
from pushpull.plotting.looks import COLOURS, WIDTH, dressed, framed
from pushpull.plotting.plot_words import PlotWords
from pushpull.preparation import provenance

GROUPS = tuple(f"{group} levers" for group in ("preventive", "punitive", "remedial", "enabling"))
ROW = 34  # pixels of a bar and the gap below it
AROUND = 150  # pixels of title, axis and source
THICK = 0.32  # half a bar, of a row
LABEL_ROOM = 0.12  # of the span, for the numbers beside the bars


def shares(
    attribution: Attribution,
    outcome: str,
    *,
    route: str = "",
    at: float | None = None,
    mean: Years | None = None,
    total: Years | None = None,
    language: str = "en",
) -> hv.Overlay:
    """A waterfall from the baseline to the policy: what each lever, or group of levers, adds to the outcome.

    `at` a year, the last if none is named, or the `mean` or the `total` over some years, as `Attribution.of`. The bars
    add up to the whole difference. Green is better for people and orange worse, grey where neither way is.

    Raises:
        KeyError: for an outcome or a route that there is not.
        ValueError: for years that are not reported, and a language that plots do not speak.
    """
    known_outcome(outcome)
    division = attribution.of(outcome, route, at, mean, total)
    words = PlotWords(language, attribution.currency)
    ends = np.concatenate([[division.baseline], division.baseline + np.cumsum(division.shares)])
    lows = np.concatenate([[0.0], ends[:-1], [0.0]])
    highs = np.concatenate([[division.baseline], ends[1:], [division.policy]])
    better = catalogue().outcomes[outcome].better
    colours = [COLOURS.baseline, *(_judged(share, better) for share in division.shares), COLOURS.yours]
    titles = [words.say("baseline"), *(player_title(each, words) for each in division.players), words.say("policy")]
    numbers = words.numbers
    written = [
        numbers.amount(division.baseline, division.unit),
        *(numbers.difference(share, division.unit) for share in division.shares),
        numbers.amount(division.policy, division.unit),
    ]
    rows = np.arange(len(titles), 0, -1.0)
    label, unit = words.title(outcome), division.unit
    value = hv.Dimension(outcome, label=label, unit=words.unit(unit))
    bars = _bars(lows, highs, rows, titles, colours, value, label)
    links = hv.Segments(
        (ends, rows[:-1] - THICK, ends, rows[1:] + THICK), ["from_value", "from_row", "to_value", "to_row"]
    )
    links = dressed(links, {"line_width": 1}, {"linewidth": 1}, color=COLOURS.muted)
    most, least = float(max(0.0, *highs, *lows)), float(min(0.0, *highs, *lows))
    room = LABEL_ROOM * (most - least or 1.0)
    texts = _texts(np.maximum(lows, highs), rows, written, (most - least) * 0.01)
    scenario = attribution.scenario
    return _rows_framed(
        [bars, links, texts],
        words,
        rows,
        titles,
        title=_when(words, words.say("what_did_it", title=label), float(attribution.time[-1]), at, mean, total),
        subtitle=subtitle_of(scenario, words),
        across=words.axis_unit(unit),
        unit_across=unit,
        xlim=(least - (room if least < 0 else 0.0), most + room),
        source=source_of(provenance(scenario), words) if scenario is not None else "",
    )


def sensitivity_bars(sensitivity: Sensitivity, outcome: str, *, language: str = "en") -> hv.Overlay:
    """Sobol indices of an outcome: of each parameter the share of the variance that is due to it alone, and that in
    which it has a part, each with its 90 percent interval.

    Raises:
        KeyError: for an outcome that there is not, or that was not asked for.
        ValueError: for a language that plots do not speak.
    """
    if known_outcome(outcome) not in sensitivity.outcomes:
        raise KeyError(f"the sensitivity of {outcome!r} was not asked for; there is {', '.join(sensitivity.outcomes)}")
    words, found = PlotWords(language), sensitivity.of(outcome)
    titles = [_parameter_title(row, words) for row in found.itertuples()]
    middle = np.arange(len(found), 0, -1.0)
    dimension = hv.Dimension("share_of_variance", label=words.say("variance"), range=(None, None))
    pieces: list[Any] = []
    for column, shift, colour in (("total", 0.19, COLOURS.yours), ("first", -0.19, COLOURS.baseline)):
        ends, rows = found[column].to_numpy(), middle + shift
        label = words.say(column)
        zeros = np.zeros(len(ends))
        bars = _bars(zeros, ends, rows, titles, [colour] * len(ends), dimension, label, THICK / 2)
        low, high = found[f"{column}_low"].to_numpy(), found[f"{column}_high"].to_numpy()
        spread = hv.Segments((low, rows, high, rows), ["low", "row", "high", "same_row"])
        pieces += [bars, dressed(spread, {"line_width": 1.4}, {"linewidth": 1.4}, color=COLOURS.text)]
    scenario = sensitivity.scenario
    source = source_of(provenance(scenario), words, runs=sensitivity.runs) if scenario is not None else ""
    return _rows_framed(
        pieces,
        words,
        middle,
        titles,
        title=words.say("hangs_on", title=words.title(outcome)),
        subtitle=subtitle_of(scenario, words),
        across=words.say("variance_and_interval"),
        unit_across="1",
        source=source,
        legend=True,
    )


def player_title(player: Player, words: PlotWords) -> str:
    """What is switched together, in the language of the plot."""
    if player.title == REST:
        return words.say("rest")
    if player.title in PLURALS.values():
        return words.say(f"players_{player.kind}")
    if player.title in GROUPS:
        return words.say(player.title)
    return words.titled(player.title)


def _parameter_title(row: Any, words: PlotWords) -> str:
    if not row.parameter:
        return words.say("others_together")
    name, member = name_and_member(row.parameter)
    return words.title(name) if member is None else f"{words.title(name)}, {words.member(member)}"


def _judged(share: float, better: str) -> str:
    """The colour of a change: better for people, worse, or neither."""
    if better == "neither" or share == 0:
        return COLOURS.muted
    return COLOURS.better if (share < 0) == (better == "lower") else COLOURS.worse


def _bars(
    lows: np.ndarray,
    highs: np.ndarray,
    rows: np.ndarray,
    titles: Sequence[str],
    colours: Sequence[str],
    value: hv.Dimension,
    label: str,
    half: float = THICK,
) -> hv.Rectangles:
    """Lying bars from one value to another, with what each is of and its colour."""
    left, right = np.minimum(lows, highs), np.maximum(lows, highs)
    columns = (left, rows - half, right, rows + half, list(titles), highs - lows, list(colours))
    names = ["left", "bottom", "right", "top"]
    element = hv.Rectangles(columns, names, ["title", value, "colour"], label=label)
    bokeh = {
        "line_alpha": 0,
        "tools": ["hover"],
        "hover_tooltips": [("", "@title"), (value.pprint_label, f"@{{{value.name}}}")],
    }
    same = colours[0] if len(set(colours)) == 1 else "colour"
    return dressed(element, {**bokeh, "color": same}, {"linewidth": 0, "facecolor": same})


def _texts(ends: np.ndarray, rows: np.ndarray, written: Sequence[str], gap: float) -> hv.Labels:
    labels = hv.Labels((ends + gap, rows, list(written)), ["end", "row"], "text")
    bokeh = {"text_font_size": "8.5pt", "text_align": "left", "text_color": COLOURS.text}
    return dressed(labels, bokeh, {"size": 8, "horizontalalignment": "left", "color": COLOURS.text})


def _rows_framed(
    pieces: Sequence[Any],
    words: PlotWords,
    rows: np.ndarray,
    titles: Sequence[str],
    legend: bool = False,
    **frame: Any,
) -> hv.Overlay:
    """Rows of bars, the first above, each with its title at the axis."""
    ticks = list(zip(rows.tolist(), titles, strict=True))
    zero = dressed(hv.VLine(0), {"line_width": 1}, {"linewidth": 1}, color=COLOURS.baseline)
    size = (WIDTH + 120, AROUND + ROW * len(titles))
    return framed(
        hv.Overlay([*pieces, zero]),
        words,
        size=size,
        legend=legend,
        span=(float(rows.min()) - 0.6, float(rows.max()) + 0.6),
        yticks=ticks,
        **frame,
    )


def _when(words: PlotWords, title: str, last: float, at: float | None, mean: Years | None, total: Years | None) -> str:
    """A title with the year or the years it is of."""
    year = words.numbers.year
    if mean or total:
        first, end = mean or total or (last, last)
        return words.say("mean_of" if mean else "total_of", title=title, first=year(first), last=year(end))
    return words.say("in_year", title=title, year=year(last if at is None else at))
