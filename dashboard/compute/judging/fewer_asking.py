"""How much of a fall in denials of protection is that fewer of those in need set out or ask.

Denials are the product of three: the people in need (those there are, and those driven out in the year), the share of
them who set out or ask in that year, and the denials for each of those. A fall of the second is no protection: who
stays in danger is in no outcome. The logarithms of the three ratios add up to that of the denials, so each has its
share of the fall. Those who are resettled, wait at a port of entry or come in an orderly way count among those who ask,
so that opening such ways is not taken for fewer asking.
"""

from __future__ import annotations

from collections.abc import Callable

from pushpull.analysis.asking import at_moment, part_of_the_fall, share_asking
from pushpull.dashboard.compute.indicators import moment
from pushpull.dashboard.compute.judging.outcome_verdicts import BETTER, OutcomeVerdict
from pushpull.engine.runs.result import Result


def share_of_the_fall(verdict: OutcomeVerdict, yours: Result, baseline: Result, year: float) -> float | None:
    """The share of a fall in denials that comes of fewer people setting out or asking; None where denials are not said
    to fall, or where it is small. More than 1 where denials for each of them rise."""
    if verdict.word != BETTER:
        return None
    denials, asking = (_ratio(numbers, yours, baseline, year) for numbers in (_denials, share_asking))
    return None if denials is None or asking is None else part_of_the_fall(denials, asking)


def _ratio(numbers: Callable[[Result, int], float], yours: Result, baseline: Result, year: float) -> float | None:
    """A number under yours as a share of that in the baseline; None where one of them is nothing."""
    after, before = (numbers(result, moment(result.time, year)) for result in (yours, baseline))
    return after / before if after > 0 and before > 0 else None


def _denials(result: Result, index: int) -> float:
    return at_moment(result, "protection_gap", index)
