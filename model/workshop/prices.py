"""What today's policy costs a year on a corridor, and what a step of each lever would cost more.

The price of a lever is what its own use is paid by (the first of its `unit_costs`): so much more of it alone, one step
up from today, in a run of the model, a year on average from policy start to the year that is asked about. Every further
step is counted the same, and what is taken off frees as much. What a lever saves or costs elsewhere, public cost among
the outcomes shows; no team may spend a saving before it is made, so that no price is below zero.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from pushpull.analysis.cost_equations import COST, cost_equations, paid, read_by
from pushpull.engine.runs.result import Result, nearest_time
from pushpull.scenario import Scenario
from pushpull.scenario.counted_levers import overall
from pushpull.simulation import run

STEPS = 20  # of a scale
ROOMS_AT_ONCE = 8
LeverSetting = float | dict[str, float]


@dataclass(frozen=True)
class Prices:
    """Of a corridor and a year: what today's policy costs a year, what one unit more of each lever would cost a year
    (in the unit of its card, money of the corridor), and the outcomes of today's policy in that year."""

    today_cost: float
    per_unit: Mapping[str, float]
    outcomes: Mapping[str, float] = field(default_factory=dict)


@lru_cache(maxsize=ROOMS_AT_ONCE)
def prices(base: Scenario, year: float) -> Prices:
    """The prices of today's policy on a corridor until a year, or for the first year of policy where that is later; a
    run for each lever. Raises ValueError for a year outside the run."""
    if not base.start <= year <= base.end:
        raise ValueError(f"the year {year:g} lies outside {base.start:g} to {base.end:g}")
    until = min(max(year, base.policy_start + 1), base.end)
    keep = {COST, *base.catalogue.outcomes, *read_by(cost_equations(base), base)}
    today = run(base, keep=keep)
    places = [nearest_time(today.time, each) for each in np.arange(base.policy_start, until + 1e-6)]
    spent = _mean(today.total(COST)[0, places], today.time[places])
    per_unit = {lever: _price(base, today, places, lever, keep) for lever in base.catalogue.levers}
    last = nearest_time(today.time, year)
    known = base.catalogue.outcomes
    outcomes = {name: float(today.total(name)[0, last]) for name in known if not known[name].adds_up_to_one}
    return Prices(spent, per_unit, outcomes)


def _price(base: Scenario, today: Result, places: list[int], lever: str, keep: set[str]) -> float:
    card = base.catalogue.levers[lever]
    value = today_of(base, lever)
    step = nice((card.high - card.low) / STEPS)
    moved = value + step if value + step <= card.high else value - step
    more = run(base.with_changes({"policies": {lever: setting(base, lever, moved)}}, replacing=True), keep=keep)
    by_card = card.unit_costs[0]
    extra = [_own(base, more, by_card, place) - _own(base, today, by_card, place) for place in places]
    return max(0.0, _mean(extra, today.time[places]) / (moved - value))


def _mean(values: Sequence[float] | np.ndarray, years: np.ndarray) -> float:
    """The mean over years; of a run that ends as policy starts, the value there."""
    return float(np.trapezoid(values, years) / np.ptp(years)) if len(years) > 1 else float(values[-1])


def _own(base: Scenario, result: Result, card: str, place: int) -> float:
    """What a run pays a year by one card of costs."""
    equations = [each for each in cost_equations(base) if card in each.arguments]
    return sum(paid(base, result, each, place) - paid(base, result, each, place, without=card) for each in equations)


# Where a lever stands, and where a team puts it -----------------------------------------------------------------


def today_of(base: Scenario, lever: str) -> float:
    """Today's value of a lever; of one that differs by route, the mean, weighted as `counted_levers` does."""
    value = base.today(lever)
    return overall(base, lever, value) if isinstance(value, dict) else value


def setting(base: Scenario, lever: str, value: float) -> LeverSetting:
    """A lever at a value. Where gateways differ, each goes the same part of its way to that end of the scale, so that
    the mean comes to the value, none leaves the scale, and they keep their order."""
    today = base.today(lever)
    if not isinstance(today, dict):
        return value
    card, mean = base.catalogue.levers[lever], overall(base, lever, today)
    end = card.high if value > mean else card.low
    part = 0.0 if value == mean else (value - mean) / (end - mean)
    return {route: end if part == 1.0 else each + part * (end - each) for route, each in today.items()}


def nice(step: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is no larger than a step."""
    power = 10.0 ** math.floor(math.log10(step) + 1e-9)
    factor = max(each for each in (1, 2, 5) if each * power <= step * (1 + 1e-9))
    return float(f"{factor * power:.6g}")
