"""Scenario in, result out."""

from __future__ import annotations

from collections.abc import Iterable

from pushpull.engine.runs.result import Result
from pushpull.ensemble import run_ensemble
from pushpull.preparation import EVERYTHING, integrator, names_to_keep, shell_of, task_of
from pushpull.scenario import Scenario


def run(
    scenario: Scenario,
    members: int | None = None,
    seed: int | None = None,
    keep: Iterable[str] | str | None = EVERYTHING,
) -> Result:
    """Run a scenario once, or an ensemble of `members` drawn with `seed`.

    Of a single run all variables are kept, or those that `keep` names (the outcomes and the traffic if None), which
    takes less time; of an ensemble the outcomes and the traffic, or those named. The result's arrays have the shape
    (member, time, population, route); a single run has one member.

    Raises:
        RunBroke: where a value breaks, saying which, where and when.
        KeyError: where `keep` names no variable.
    """
    if members is not None and members != 1:
        return run_ensemble(scenario, members, seed, None if keep == EVERYTHING else keep)
    task = task_of(scenario)
    shell = shell_of(scenario, task)
    block = integrator().simulate(task, names_to_keep(keep), skipped=len(task.saved_steps) - len(shell.time))
    return shell.finished(block, 1, block.halvings())
