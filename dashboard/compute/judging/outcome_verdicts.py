"""Verdicts: whether an outcome gets better or worse in a year, said only where the simulations bear it out.

Policy and baseline share the future of each simulation, so their difference is taken simulation by simulation. A change
is stated where it is material and clear; anything else is "no clear change". One run alone bears out no verdict, only
whether its number is higher or lower so far. Cards, sentences, tables, advisories and the brief all read these; the
thresholds are those of `pushpull.analysis.stated_change`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from math import nan

from pushpull.analysis import Paired
from pushpull.analysis.engine_calls import Line
from pushpull.analysis.pairing import Pair
from pushpull.analysis.quantile_ranges import HALF, MOST
from pushpull.analysis.stated_change import CLEAR, COUNTS_OF_MOVEMENT, is_material
from pushpull.catalogue import Outcome
from pushpull.dashboard.compute.indicators import HARMS, Change, moment
from pushpull.dashboard.state.view import JUDGED_BY_CHOICE

BETTER, WORSE = "better", "worse"
FEWER = "fewer"  # a falling count of people on the move is a fall, and no success by itself
NO_SUCCESS = "neither"  # the same while a harm gets worse
HIGHER, LOWER = "higher", "lower"  # where neither way is better, or nobody chose to say which
UNCLEAR, SAME = "unclear", "same"
TONES = {BETTER: "better", FEWER: "better", WORSE: "worse", NO_SUCCESS: "neither"}


@dataclass(frozen=True)
class OutcomeVerdict:
    """An outcome in one year, beside the baseline.

    While `members` is 0 all numbers are those of one run. Then `baseline` and `difference` are medians over the
    simulations, and `value` is their sum: the median of the policy's own numbers may lie far from it where futures
    with and without a crisis part, and would show a jump that no simulation makes. `direction` is 1 or -1 where a
    change is stated, else 0; `word` is one of those above. `chance` is the share of simulations that move as the
    median does, and `most` the range of the difference in 90 percent of them; NaN where there are no simulations.
    """

    outcome: Outcome
    value: float
    baseline: float
    difference: float
    direction: int
    word: str
    members: int = 0
    chance: float = nan
    most: tuple[float, float] = (nan, nan)

    @property
    def ratio(self) -> float:
        """The difference as a share of the baseline; NaN where that is zero."""
        return self.difference / abs(self.baseline) if self.baseline else nan

    @property
    def is_provisional(self) -> bool:
        """Whether it rests on one run, which bears out neither better nor worse."""
        return not self.members

    @property
    def tone(self) -> str:
        """ "better", "worse", "neither" (no success while a harm gets worse) or "same": the colour it is shown in."""
        return TONES.get(self.word, "same")

    @property
    def leaning(self) -> int:
        """1 where most simulations lie higher, -1 where lower, whether or not that is a change worth a verdict."""
        return (self.difference > 0) - (self.difference < 0)


def verdicts(
    changes: Mapping[str, Change], ensemble: Paired | None, year: float, valued: Collection[str] = JUDGED_BY_CHOICE
) -> dict[str, OutcomeVerdict]:
    """The verdict on every outcome in a year: of the simulations where they have been run, else of one run.

    `valued` names the outcomes that are judged by choice; of those left out it only says whether they are higher or
    lower.
    """
    found = {}
    for name, change in changes.items():
        is_judged = name in valued or name not in JUDGED_BY_CHOICE
        pair = None if ensemble is None else ensemble.pairs.get(Line(name, ""))
        if ensemble is None or pair is None:
            found[name] = of_one_run(change)
        else:
            found[name] = of_simulations(pair, ensemble.members, moment(ensemble.time, year), is_judged)
    return _without_success_in_harm(found)


def of_one_run(change: Change) -> OutcomeVerdict:
    """What one run says: higher or lower so far, where that is material."""
    is_change = is_material(change.outcome, change.difference, change.baseline, 0.0)
    direction = _sign(change.difference) if is_change else 0
    return OutcomeVerdict(
        outcome=change.outcome,
        value=change.value,
        baseline=change.baseline,
        difference=change.difference,
        direction=direction,
        word=_plain_word(direction, change.difference == 0),
    )


def of_simulations(pair: Pair, members: int, index: int, is_judged: bool = True) -> OutcomeVerdict:
    """What the simulations say at one place in time."""
    difference, baseline = (float(ranges.median[index]) for ranges in (pair.difference, pair.baseline))
    low, high = (float(pair.baseline.edge(each)[index]) for each in HALF)
    moves = float(pair.rises[index]), float(pair.falls[index])
    sign = _sign(difference)
    chance = moves[0] if sign > 0 else moves[1] if sign < 0 else nan
    is_change = is_material(pair.outcome, difference, baseline, high - low) and chance >= CLEAR
    direction = sign if is_change else 0
    return OutcomeVerdict(
        outcome=pair.outcome,
        value=max(baseline + difference, 0.0),  # no outcome is below zero
        baseline=baseline,
        difference=difference,
        direction=direction,
        word=_word(pair.outcome, direction, is_judged, is_same=not any(moves)),
        members=members,
        chance=chance,
        most=(float(pair.difference.edge(MOST[0])[index]), float(pair.difference.edge(MOST[1])[index])),
    )


def harms_that_rise(verdicts: Mapping[str, OutcomeVerdict]) -> list[str]:
    """The harms to people that get worse."""
    return [name for name in HARMS if verdicts[name].word == WORSE]


def _word(outcome: Outcome, direction: int, is_judged: bool, is_same: bool) -> str:
    if not direction or outcome.better == "neither" or not is_judged:
        return _plain_word(direction, is_same)
    if (direction > 0) != (outcome.better == "higher"):
        return WORSE
    return FEWER if outcome.id in COUNTS_OF_MOVEMENT else BETTER


def _plain_word(direction: int, is_same: bool) -> str:
    if direction:
        return HIGHER if direction > 0 else LOWER
    return SAME if is_same else UNCLEAR


def _without_success_in_harm(found: dict[str, OutcomeVerdict]) -> dict[str, OutcomeVerdict]:
    """A falling count of people on the move is no success while a harm gets worse."""
    if not harms_that_rise(found):
        return found
    return {name: replace(each, word=NO_SUCCESS) if each.word == FEWER else each for name, each in found.items()}


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
