"""One set of equations, several corridors: which numbers two fits share, where they disagree, and what each is worth at
the other's place.

A number is shared where both plans leave it open within the same prior: it is one of the equations rather than of the
place. Numbers that a corridor sets itself, and those whose prior its plan moves, are its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pushpull.calibration.plan import Plan
from pushpull.calibration.simulate import Simulator
from pushpull.posterior import Posterior


@dataclass(frozen=True)
class SharedNumber:
    """A number of the equations in two fits: the means of its draws, in prior standard deviations from the middle of
    the prior, and how far they lie apart beside the spread of both."""

    name: str
    here: float
    there: float
    apart: float


@dataclass(frozen=True)
class Transferred:
    """A record of a corridor with its own numbers, and with the shared ones of another corridor's fit in their place:
    mean absolute percentage errors, of the run with the means of the draws; nan where it cannot be run."""

    record: str
    own: float
    transferred: float


def shared_names(plan: Plan, other: Plan) -> tuple[str, ...]:
    """The numbers that both plans leave open within one and the same prior, in the order of the first."""
    there = {unknown.name: unknown for unknown in other.unknowns}
    return tuple(
        unknown.name
        for unknown in plan.unknowns
        if not unknown.times
        and unknown.name in there
        and not there[unknown.name].times
        and unknown.prior.prior == there[unknown.name].prior.prior
        and unknown.prior.distribution == there[unknown.name].prior.distribution
    )


def own_names(plan: Plan, other: Plan) -> tuple[str, ...]:
    """The numbers that the first plan leaves open and does not share with the other: those of its place."""
    shared = set(shared_names(plan, other))
    return tuple(name for name in plan.names if name not in shared)


def compared(here: tuple[Plan, Posterior], there: tuple[Plan, Posterior]) -> tuple[SharedNumber, ...]:
    """The shared numbers in both fits, those first on which they disagree most."""
    names = shared_names(here[0], there[0])
    mine, theirs = (_scores(posterior, names) for _, posterior in (here, there))
    spread = np.sqrt(mine.var(axis=0) + theirs.var(axis=0))
    means = mine.mean(axis=0), theirs.mean(axis=0)
    apart = (means[0] - means[1]) / spread
    rows = [SharedNumber(*each) for each in zip(names, *map(np.ndarray.tolist, (*means, apart)), strict=True)]
    return tuple(sorted(rows, key=lambda row: -abs(row.apart)))


def transferred(here: tuple[Plan, Posterior], there: tuple[Plan, Posterior]) -> tuple[Transferred, ...]:
    """How well the first corridor's fitted records are met with its own numbers, and with the shared ones of the other:
    nothing is fitted anew."""
    plan, posterior = here
    names = shared_names(plan, there[0])
    own = _scores(posterior, plan.names).mean(axis=0)
    moved = own.copy()
    moved[[plan.names.index(name) for name in names]] = _scores(there[1], names).mean(axis=0)
    predictions = Simulator(plan).predictions(np.stack([own, moved]))
    rows, first = [], 0
    for record in plan.records:
        shown = predictions[:, first : first + len(record.times)]
        first += len(record.times)
        if record.fitted:
            held = np.clip(shown, record.low, record.high) if record.is_range else record.values
            errors = 100 * np.abs(shown / held - 1).mean(axis=1)
            rows.append(Transferred(record.label, float(errors[0]), float(errors[1])))
    return tuple(rows)


def _scores(posterior: Posterior, names: tuple[str, ...]) -> np.ndarray:
    return posterior.scores[:, [posterior.parameters.index(name) for name in names]]
