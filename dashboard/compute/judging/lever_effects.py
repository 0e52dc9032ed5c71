"""What each lever of a package does to harm within it: single runs in which one lever at a time is left as it is today.

A package may lower an outcome that one of its levers raises. These runs say which lever does which half. There is one
run for each moved lever, and they are made in the background, only where an advisory makes a claim about an outcome.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from pushpull import Scenario, run
from pushpull.analysis import Stopped
from pushpull.dashboard.compute.indicators import HARMS, moment
from pushpull.engine.runs.result import Result
from pushpull.engine.runs.task import RunBroke
from pushpull.files.bounded_cache import MEGABYTE, Bounded


@dataclass(frozen=True, eq=False)
class LeverEffects:
    """Harm over time under a whole package, and under the package without each of its levers.

    `together` holds for each harm an array (time,); `without` holds the same by lever.
    """

    time: np.ndarray
    together: Mapping[str, np.ndarray]
    without: Mapping[str, Mapping[str, np.ndarray]]

    def left_out(self, outcome: str, year: float) -> dict[str, float]:
        """By how much of itself an outcome would differ in a year, were a lever left as it is today; by lever. Empty
        where the outcome is zero under the package."""
        index = moment(self.time, year)
        whole = float(self.together[outcome][index])
        if not whole:
            return {}
        return {lever: float(values[outcome][index]) / whole - 1 for lever, values in self.without.items()}


def size_of(effects: LeverEffects) -> int:
    kept = (effects.together, *effects.without.values())
    return effects.time.nbytes + sum(each.nbytes for values in kept for each in values.values())


_EFFECTS: Bounded[LeverEffects] = Bounded("effects of levers", 4 * MEGABYTE, size_of)


def cached_effects(scenario: Scenario) -> LeverEffects | None:
    """The effects of the levers of a scenario if they have been worked out."""
    return _EFFECTS.get(scenario.digest)


def effects_of(scenario: Scenario, stop: threading.Event) -> LeverEffects:
    """The effects of the levers of a scenario; raises Stopped and RunBroke."""
    known = cached_effects(scenario)
    if known is not None:
        return known
    together, without = run(scenario, keep=HARMS), {}
    for lever in scenario.policies:
        if stop.is_set():
            raise Stopped("the work was asked to stop")
        try:
            without[lever] = _harms(run(scenario.with_changes(policies={lever: None}), keep=HARMS))
        except RunBroke:
            continue  # of a lever without which the package gives no numbers, nothing can be said
    effects = LeverEffects(together.time, _harms(together), without)
    _EFFECTS.put(scenario.digest, effects)
    return effects


def finding(scenario: Scenario, stop: threading.Event) -> Iterator[LeverEffects]:
    """The same as a step of work in the background."""
    yield effects_of(scenario, stop)


def _harms(result: Result) -> dict[str, np.ndarray]:
    return {name: result.total(name)[0].copy() for name in HARMS}
