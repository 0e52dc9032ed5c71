"""What takes a while to find out and holds for everyone: the chains of the named loops, and published experiments."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pushpull import Scenario
from pushpull.analysis import Stopped
from pushpull.analysis.dominance import cycles_of
from pushpull.dashboard.compute.runs import lent_run
from pushpull.engine.proofs.feedback_loops import Cycle
from pushpull.evidence.experiment_files import Experiment, read_experiments
from pushpull.evidence.stored_scores import StoredScores
from pushpull.evidence.verdicts import Verdict, score
from pushpull.files.bounded_cache import MEGABYTE, Bounded

_CYCLES: Bounded[dict[str, Cycle]] = Bounded("chains of loops", 2 * MEGABYTE, lambda held: len(repr(held)))
_ANEW: dict[str, Verdict] = {}  # verdicts run anew in this process, at most one for each published effect


def _key(scenario: Scenario) -> tuple:
    return (scenario.corridor.digest, scenario.policy_start, tuple(sorted(scenario.formulas.items())))


def cached_cycles(scenario: Scenario) -> dict[str, Cycle] | None:
    """The chain of each named loop in a corridor as it stands, if it has been looked for."""
    return _CYCLES.get(_key(scenario))


def find_cycles(scenario: Scenario, stop: threading.Event) -> Iterator[dict[str, Cycle]]:
    """Look for the chains of the named loops."""
    key = _key(scenario)
    baseline = scenario.baseline().with_changes(loops_off=())
    yield _CYCLES.get_or_make(key, lambda: cycles_of(baseline, lent_run(baseline)))


@cache
def experiments() -> tuple[Experiment, ...]:
    """Every published effect that is held against the model; read once."""
    return tuple(read_experiments(None))


def find_experiments(stop: threading.Event) -> Iterator[tuple[Experiment, ...]]:
    """Read the experiments."""
    yield experiments()


def about(name: str) -> list[Experiment]:
    """The experiments that move a lever or driver, or measure a variable."""
    return [
        each
        for each in experiments()
        if any(name in (*arm.policies, *arm.context) for arm in each.arms.values())
        or any(quantity.variable == name for quantity in each.quantities.values())
    ]


@dataclass(frozen=True)
class Score:
    """The model's verdict on an experiment, and whether it is of today's model."""

    verdict: Verdict
    is_of_today: bool = True


def score_of(experiment: Experiment, stored: StoredScores | None) -> Score | None:
    """The score of an experiment: run anew where that was asked for, else as it is stored; None where there is none."""
    if experiment.id in _ANEW:
        return Score(_ANEW[experiment.id])
    verdict = stored.verdict_on(experiment) if stored is not None else None
    if stored is None or verdict is None:
        return None
    return Score(verdict, stored.is_of_today(experiment))


def verdicts(ids: list[str], stop: threading.Event) -> Iterator[Verdict]:
    """Run experiments anew one after the other, with the settings of the command line; those that were come at once."""
    for name in ids:
        if stop.is_set():
            raise Stopped("the work was asked to stop")
        if name not in _ANEW:
            _ANEW[name] = score([name]).verdicts[0]
        yield _ANEW[name]
