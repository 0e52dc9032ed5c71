"""When a difference between two sets of simulations deserves to be called a change: the one place that decides it.

The page's verdicts, robust choice and goal seek all go by it. The four thresholds are assumptions on what deserves to
be called a change.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nan

import numpy as np

from pushpull.analysis.quantile_ranges import HALF, Ranges
from pushpull.catalogue import Outcome, catalogue
from pushpull.wording.numbers import is_count

MATERIAL = 0.01  # of the outcome: its median in the simulations of the baseline
# of the spread: the range of the middle half of the baseline's simulations. Futures with and without a crisis lie apart
# by many times the outcome, so a tenth would call deaths that fall by a quarter in 98 percent of simulations no change.
OF_SPREAD = 0.01
CLEAR = 0.8  # of the simulations: those that move as the median does
LEAST_COUNT = 1.0  # person, case or job: what is counted changes by one at least
# A count of people on the move that falls is no success by itself.
COUNTS_OF_MOVEMENT = ("smuggled_migrants", "irregular_entries", "irregular_residents")

GETS_WORSE, MAY_GET_WORSE, GETS_BETTER, NO_CHANGE = "worse", "may be worse", "better", "no clear change"


def is_material(outcome: Outcome, difference: float, baseline: float, spread: float) -> bool:
    """Whether a difference is large enough to speak of, beside the baseline's value and the spread of its middle half;
    all in the outcome's unit."""
    size = abs(difference)
    least = LEAST_COUNT if is_count(outcome.unit) else 0.0
    return isfinite(size) and size > 0 and size >= max(MATERIAL * abs(baseline), OF_SPREAD * spread, least)


@dataclass(frozen=True)
class StatedChange:
    """An outcome under a policy beside its baseline, one number for each simulation of both.

    `baseline` and `difference` are medians, `expected` is the mean of the difference, all in the outcome's unit;
    `rises` and `falls` are shares of simulations. `direction` is 1 or -1 where a change is material and clear, else 0;
    `leans` is the same without asking that it be clear, and looks at the mean too.
    """

    outcome: Outcome
    baseline: float
    difference: float
    expected: float
    rises: float
    falls: float
    direction: int
    leans: int

    @classmethod
    def of(cls, outcome: Outcome, before: np.ndarray, after: np.ndarray) -> StatedChange:
        """The change between arrays of shape (simulation,), paired one by one."""
        change = after - before
        ranges, middle = Ranges.of(before[None]), Ranges.of(change[None])
        baseline, difference, expected = float(ranges.median[0]), float(middle.median[0]), float(change.mean())
        spread = float(ranges.edge(HALF[1])[0] - ranges.edge(HALF[0])[0])
        rises, falls = float((change > 0).mean()), float((change < 0).mean())
        sign = (difference > 0) - (difference < 0)
        agree = rises if sign > 0 else falls if sign < 0 else nan
        material = is_material(outcome, difference, baseline, spread)
        leaning = [each for each in (difference, expected) if is_material(outcome, each, baseline, spread)]
        return cls(
            outcome=outcome,
            baseline=baseline,
            difference=difference,
            expected=expected,
            rises=rises,
            falls=falls,
            direction=sign if material and agree >= CLEAR else 0,
            leans=0 if not leaning else 1 if max(leaning) > 0 else -1,
        )

    @property
    def word(self) -> str:
        """Worse, better, may be worse (the median or the mean says so and too few simulations agree), or no change."""
        bad = -1 if self.outcome.better == "higher" else 1
        if self.outcome.better == "neither":
            return NO_CHANGE
        if self.direction:
            return GETS_WORSE if self.direction == bad else GETS_BETTER
        return MAY_GET_WORSE if self.leans == bad else NO_CHANGE

    @property
    def ratio(self) -> float:
        """The median difference as a share of the baseline; NaN where that is zero."""
        return self.difference / abs(self.baseline) if self.baseline else nan


def harms() -> tuple[str, ...]:
    """Harm to people, by the outcome cards: what concerns people and is better lower."""
    return tuple(each.id for each in catalogue().outcomes.values() if each.people and each.better == "lower")
