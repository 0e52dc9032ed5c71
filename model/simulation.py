"""Scenario in, result out."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from pushpull.engine.codegen.layout import SINGLE
from pushpull.engine.machine.marching import KeepingMarch, Kept
from pushpull.engine.runs.result import Result
from pushpull.ensemble import run_ensemble
from pushpull.preparation import EVERYTHING, halvings_of, integrator, names_to_keep, shell_of, task_of
from pushpull.scenario import Scenario


def run(
    scenario: Scenario,
    members: int | None = None,
    seed: int | None = None,
    keep: Iterable[str] | str | None = EVERYTHING,
) -> Result:
    """Run a scenario once, or an ensemble of `members` drawn with `seed`; raise RunBroke where a value breaks.

    Of a single run all variables are kept, or those that `keep` names (the outcomes and the traffic if None), which
    takes less time; of an ensemble the outcomes and the traffic, or those named.
    """
    if members is not None and members != 1:
        return run_ensemble(scenario, members, seed, None if keep == EVERYTHING else keep)
    task = task_of(scenario)
    engine, shell = integrator(), shell_of(scenario, task)
    kept = Kept(engine, names_to_keep(keep), task, len(task.saved_steps) - len(shell.time))
    block = np.empty(kept.size(members=1))
    march = KeepingMarch(engine, task, kept, block, members=1, runs=SINGLE)
    if march.run(0, task.constants[None]) is not None:
        engine.run(task)  # raises RunBroke, which tells where
    return shell.finished(kept.arrays(block, members=1), 1, halvings_of(task, march.told))
