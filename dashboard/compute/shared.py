"""What takes a while to find out and holds for everyone: the chains of the named loops, and published experiments."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import cache

from pushpull import Scenario
from pushpull.analysis import Stopped
from pushpull.analysis.dominance import cycles_of
from pushpull.dashboard.compute.runs import lent_run
from pushpull.engine.proofs.feedback_loops import Cycle
from pushpull.evidence.experiment_files import Experiment, read_experiments
from pushpull.evidence.verdicts import Verdict, score
from pushpull.files.bounded_cache import MEGABYTE, Bounded

DRAWS = 24
_CYCLES: Bounded[dict[str, Cycle]] = Bounded("chains of loops", 2 * MEGABYTE, lambda held: len(repr(held)))
_VERDICTS: dict[str, Verdict] = {}  # at most one for each published effect


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


def verdict_on(experiment: Experiment) -> Verdict | None:
    """The model's verdict on an experiment, if it has been run."""
    return _VERDICTS.get(experiment.id)


def verdicts(ids: list[str], stop: threading.Event) -> Iterator[Verdict]:
    """Run experiments one after the other with 24 draws; those known already come at once."""
    for name in ids:
        if stop.is_set():
            raise Stopped("the work was asked to stop")
        if name not in _VERDICTS:
            _VERDICTS[name] = score([name], DRAWS).verdicts[0]
        yield _VERDICTS[name]
