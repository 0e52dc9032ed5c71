"""Ensembles made by hand: what each simulation says of an outcome with and without a policy, in one year."""

from __future__ import annotations

import numpy as np

from pushpull.analysis import Line, Paired, Ranges
from pushpull.analysis.pairing import Pair
from pushpull.analysis.quantile_ranges import chance_of_change
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.indicators import Change
from pushpull.dashboard.compute.judging.outcome_verdicts import OutcomeVerdict, verdicts

KNOWN = catalogue()
YEAR = 2045.0
LEVEL = 1000.0  # of every outcome in every simulation of a baseline, unless given


def pair_of(name, before, after):
    """The pair of an outcome from its values in each simulation."""
    before, after = np.atleast_2d(np.asarray(before, float)), np.atleast_2d(np.asarray(after, float))
    change, outcome = after - before, KNOWN.outcomes[name]
    return Pair(
        outcome=outcome,
        route="",
        baseline=Ranges.of(before),
        policy=Ranges.of(after),
        difference=Ranges.of(change),
        chance=chance_of_change(change, outcome.better),
        rises=(change > 0).mean(axis=1),
        falls=(change < 0).mean(axis=1),
        moved=0.0,
        distinct=before.shape[1],
    )


def ensemble_of(members=10, **values):
    """An ensemble in which the outcomes named have the values given, (before, after), and no other moves."""
    still = np.full(members, LEVEL)
    pairs = {Line(name, ""): pair_of(name, *values.get(name, (still, still))) for name in KNOWN.outcomes}
    return Paired(
        titles=("Without", "With"),
        members=members,
        distinct=members,
        seed=1,
        time=np.array([YEAR]),
        routes=(),
        pairs=pairs,
        chances=(),
        whole=True,
        provenance={},
    )


def one_run(**ratios):
    """What one run says of every outcome: those named differ from the baseline by that share of it."""
    return {
        name: Change(outcome, LEVEL * (1 + ratios.get(name, 0.0)), LEVEL) for name, outcome in KNOWN.outcomes.items()
    }


def judged(members=10, valued=None, **values) -> dict[str, OutcomeVerdict]:
    """The verdicts on an ensemble made by hand; a number in the place of values moves each simulation by that share."""
    still = np.full(members, LEVEL)
    given = {
        name: (still, still * (1 + each)) if isinstance(each, (int, float)) else each for name, each in values.items()
    }
    choice = {} if valued is None else {"valued": valued}
    return verdicts(one_run(), ensemble_of(members, **given), YEAR, **choice)
