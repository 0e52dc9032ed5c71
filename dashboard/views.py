"""From results to what is shown: arrays for the charts, numbers for the cards, sentences. No widgets here."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from dashboard import formatting, text
from model.catalogue import Outcome, catalogue
from model.engine.result import Result
from model.scenario import Corridor

Columns = dict[str, np.ndarray]

# What is true beside what statistics show of it.
PAIRS = (
    ("smuggled_migrants", "smuggling_recorded"),
    ("deaths_in_transit", "deaths_recorded"),
    ("irregular_residents", "residents_recorded"),
    ("interdictions", "apprehensions_recorded"),
)
SHARES = ("route_share",)
ROUTE_CHARTS = ("route_share", "traffic", "smuggler_fee", "interdiction_probability")
STRICTNESS = "strictness"
# A count of people on the move that falls is no success by itself.
COUNTS_OF_MOVEMENT = ("smuggled_migrants", "irregular_entries", "irregular_residents")
HARMS = ("protection_gap", "deaths_in_transit", "people_exploited")
NOTICEABLE = 0.0005
ROUND = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12)


def outcome_names() -> tuple[str, ...]:
    """Every outcome and its recorded twin."""
    outcomes = catalogue().outcomes.values()
    names = [each.id for each in outcomes] + [each.observed_as for each in outcomes if each.observed_as]
    return tuple(dict.fromkeys(names))


def recorded_names() -> tuple[str, ...]:
    """Each pair of true and recorded figures."""
    return tuple(dict.fromkeys(name for pair in PAIRS for name in pair))


def outcome_columns(result: Result) -> Columns:
    """Time, every outcome and its recorded twin, each of shape (time,)."""
    return _columns(result, outcome_names())


def recorded_columns(result: Result) -> Columns:
    """Time, and each pair of true and recorded figures."""
    return _columns(result, recorded_names())


def outcomes_for_cards() -> tuple[str, ...]:
    """Outcomes that say something as one number; the shares of all routes do not, they make up a whole."""
    return tuple(name for name in catalogue().outcomes if name != ROUTE_CHARTS[0])


def words_of(outcome: Outcome) -> str:
    """The unit of an outcome beside its title."""
    return unit_of(outcome.unit)


def unit_of(unit: str) -> str:
    """A unit as it stands beside a title."""
    return "" if formatting.is_share(unit) else formatting.unit_words(unit)


def _columns(result: Result, names: Iterable[str]) -> Columns:
    return {"time": result.time, **{name: result.total(name)[0] for name in names}}


def route_columns(result: Result, names: Iterable[str] = ROUTE_CHARTS) -> dict[str, list[np.ndarray]]:
    """For each name a list of arrays (time,), one a route, and as many copies of the time under `time`."""
    columns = {name: [np.ascontiguousarray(row) for row in result.by_route(name)[0].T] for name in names}
    return {"time": [result.time] * len(result.routes), **columns}


def recorded_summary(yours: Result, true: str, shown: str, year: float) -> str:
    """One sentence on a pair of true and recorded figures."""
    real, seen = at(yours, yours.total(true)[0], year), at(yours, yours.total(shown)[0], year)
    return text.RECORDED_SUMMARY.format(
        year=formatting.year(year),
        shown=formatting.number(seen),
        true=formatting.number(real),
        share=formatting.amount(seen / real if real else 0.0, "1"),
    )


def round_above(value: float) -> float:
    """A round number with a little room above a value, for the end of an axis."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in ROUND if step * power >= 1.03 * value)


def at(result: Result, values: np.ndarray, year: float) -> float:
    """The value saved nearest to a year."""
    return float(values[int(np.abs(result.time - year).argmin())])


@dataclass(frozen=True)
class Change:
    """An outcome in one year, beside the baseline."""

    outcome: Outcome
    value: float
    baseline: float

    @property
    def difference(self) -> float:
        """Yours less the baseline."""
        return self.value - self.baseline

    @property
    def ratio(self) -> float:
        """The difference as a share of the baseline; NaN where that is nought."""
        return self.difference / abs(self.baseline) if self.baseline else float("nan")

    @property
    def direction(self) -> int:
        """1 for more, -1 for less, 0 where nobody would notice."""
        if self.difference == 0 or abs(self.ratio) < NOTICEABLE:
            return 0
        return 1 if self.difference > 0 else -1

    @property
    def is_better(self) -> bool | None:
        """Whether the difference is good for people; None where that cannot be said."""
        if not self.direction or self.outcome.better == "neither":
            return None
        return (self.direction > 0) == (self.outcome.better == "higher")


def changes(yours: Result, baseline: Result, year: float) -> dict[str, Change]:
    """Every outcome in a year."""
    return {
        name: Change(outcome, at(yours, yours.total(name)[0], year), at(baseline, baseline.total(name)[0], year))
        for name, outcome in catalogue().outcomes.items()
    }


def harms_that_rise(found: Mapping[str, Change]) -> list[Change]:
    """Harm to people that grows against the baseline."""
    return [found[name] for name in HARMS if found[name].direction > 0]


def tone(change: Change, harm_rises: bool) -> str:
    """ "better", "worse" or "neither": a falling count of people is not called better while harm rises."""
    if change.is_better is None or (change.is_better and harm_rises and change.outcome.id in COUNTS_OF_MOVEMENT):
        return "neither"
    return "better" if change.is_better else "worse"


def card(change: Change, harm_rises: bool) -> dict[str, str]:
    """What a card says, in words."""
    outcome, unit = change.outcome, change.outcome.unit
    arrow = {1: "\u25b2", 0: "", -1: "\u25bc"}[change.direction]
    if change.difference == 0:
        told = text.NO_DIFFERENCE
    elif not change.direction:
        told = text.HARDLY_A_DIFFERENCE
    else:
        ratio = formatting.percent(change.ratio)
        told = formatting.difference(change.difference, unit) + (f" ({ratio})" if ratio else "")
    shade = tone(change, harm_rises) if change.direction else "same"
    return {
        "id": outcome.id,
        "title": outcome.title,
        "value": formatting.amount(change.value, unit),
        "unit": formatting.amount_words(unit),
        "difference": told,
        "arrow": arrow,
        "tone": shade,
        "verdict": text.VERDICTS[shade] if change.direction and outcome.better != "neither" else "",
        "baseline": text.BASELINE_IS.format(formatting.amount(change.baseline, unit)),
        "meaning": outcome.meaning,
    }


def caution(found: Mapping[str, Change], year: float) -> str:
    """A plain sentence where smuggling falls and harm to people rises; else nothing."""
    smuggled, harms = found["smuggled_migrants"], harms_that_rise(found)
    if smuggled.direction >= 0 or not harms:
        return ""
    told = text.join(f"{text.lower_first(each.outcome.title)} ({_relative(each)})" for each in harms)
    return text.CAUTION.format(
        year=formatting.year(year), smuggled=_relative(smuggled), harms=told, verb=text.RISE[len(harms) > 1]
    )


def headline(found: Mapping[str, Change], year: float, has_policy: bool, has_context: bool) -> str:
    """One sentence on what the settings do."""
    if all(each.difference == 0 for each in found.values()):
        if has_policy:
            return text.SETTINGS_WITHOUT_EFFECT
        return text.ONLY_CONTEXT if has_context else text.NOTHING_MOVED
    told = [
        f"{text.lower_first(found[name].outcome.title)} {_relative(found[name])}"
        for name in ("smuggled_migrants", *HARMS)
    ]
    return text.HEADLINE.format(year=formatting.year(year), changes=text.join(told))


def _relative(change: Change) -> str:
    if change.difference == 0:
        return text.UNCHANGED
    return formatting.percent(change.ratio) or formatting.difference(change.difference, change.outcome.unit)


def summary(change: Change, today: float, policy_start: float, year: float) -> str:
    """One sentence that says what a chart of an outcome shows."""
    unit = change.outcome.unit
    words = formatting.amount_words(unit)
    value = f"{formatting.amount(change.value, unit)} {words}".strip()
    then = formatting.amount(today, unit)
    if change.difference == 0:
        return text.SUMMARY_SAME.format(
            value=value, year=formatting.year(year), start=formatting.year(policy_start), today=then
        )
    return text.SUMMARY.format(
        value=value,
        year=formatting.year(year),
        relative=_relative(change),
        baseline=formatting.amount(change.baseline, unit),
        start=formatting.year(policy_start),
        today=then,
    )


# Routes ----------------------------------------------------------------------------------------------------


def weakest(result: Result, year: float) -> str:
    """The route whose gateway is least strict in a year."""
    rows = result.by_route(STRICTNESS)[0]
    return result.routes[int(rows[int(np.abs(result.time - year).argmin())].argmin())]


def route_table(corridor: Corridor, yours: Result, baseline: Result, policy_start: float, year: float) -> dict:
    """Each route's strictness and share of traffic: at the policy start and later, baseline and yours."""
    moments = ((baseline, policy_start), (baseline, year), (yours, year))
    weak = [weakest(result, moment) for result, moment in moments]
    rows = []
    for place, (name, route) in enumerate(corridor.routes.items()):
        cells = [
            {
                "strictness": formatting.number(_of_route(result, STRICTNESS, place, moment), 2),
                "share": formatting.amount(_of_route(result, "route_share", place, moment), "1"),
                "part": _of_route(result, "route_share", place, moment),
                "weak": name == link,
            }
            for (result, moment), link in zip(moments, weak, strict=True)
        ]
        rows.append({"title": route.title, "note": route.note, "place": place, "cells": cells})
    names = [corridor.routes[name].title for name in weak]
    if len(set(names)) == 1:
        told = text.WEAK_LINK_STAYS.format(name=names[0], start=formatting.year(policy_start))
    else:
        told = text.WEAK_LINK.format(
            start=formatting.year(policy_start),
            now=names[0],
            year=formatting.year(year),
            baseline=names[1],
            yours=names[2],
        )
    heads = [
        formatting.year(policy_start),
        text.IN_BASELINE.format(formatting.year(year)),
        text.IN_YOURS.format(formatting.year(year)),
    ]
    return {"heads": heads, "rows": rows, "sentence": told}


def by_route_told(corridor: Corridor, yours: Result, name: str, year: float) -> str:
    """One sentence on a variable of each route."""
    unit = catalogue().model.variables[name].unit
    told = [
        f"{route.title} {formatting.amount(_of_route(yours, name, place, year), unit)}"
        for place, route in enumerate(corridor.routes.values())
    ]
    return text.SHARES.format(year=formatting.year(year), shares=text.join(told))


def _of_route(result: Result, name: str, place: int, year: float) -> float:
    return at(result, result.by_route(name)[0][:, place], year)


# History ---------------------------------------------------------------------------------------------------


def history(corridor: Corridor, name: str, start: float) -> dict[str, list[float]]:
    """The recorded points of an outcome from the horizon's start on: time and value."""
    points: dict[str, list[float]] = {"time": [], "value": []}
    for series in corridor.recorded.get(name, ()):
        if series.route is None:
            kept = series.times >= start
            points["time"] += series.times[kept].tolist()
            points["value"] += series.values[kept].tolist()
    return points
