"""Scenario in, result out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from pushpull.engine.codegen.layout import SIDE_BY_SIDE, SINGLE
from pushpull.engine.runs.block import MemberOfBlock, SavedBlock
from pushpull.engine.runs.result import Result
from pushpull.engine.runs.task import Broke, RunBroke
from pushpull.ensemble import run_ensemble
from pushpull.preparation import EVERYTHING, integrator, names_to_keep, shell_of, task_of
from pushpull.scenario import Scenario


def run(
    scenario: Scenario | str | os.PathLike,
    members: int | None = None,
    seed: int | None = None,
    keep: Iterable[str] | str | None = EVERYTHING,
) -> Result:
    """Run a scenario once, or an ensemble of `members` drawn with `seed`; a name or a path is loaded first.

    Of a single run all variables are kept, or those that `keep` names (the outcomes and the traffic if None), which
    takes less time; of an ensemble the outcomes and the traffic, or those named. The result's arrays have the shape
    (member, time, population, route); a single run has one member.

    Raises:
        RunBroke: where a value breaks, saying which, where and when.
        KeyError: where `keep` names no variable.
        ScenarioFaults: where a scenario that is named cannot be loaded.
    """
    if not isinstance(scenario, Scenario):
        scenario = Scenario.load(scenario)
    if members is not None and members != 1:
        return run_ensemble(scenario, members, seed, None if keep == EVERYTHING else keep)
    task = task_of(scenario)
    shell = shell_of(scenario, task)
    block = integrator().simulate(task, names_to_keep(keep), skipped=len(task.saved_steps) - len(shell.time))
    return shell.finished(block, 1, block.halvings())


def run_each(scenarios: Sequence[Scenario], keep: Iterable[str] | str | None = EVERYTHING) -> list[Result]:
    """The results of `run` for each of some scenarios, in less time: those that are alike are run side by side.

    Raises:
        RunBroke, KeyError: as `run`.
    """
    engine, names = integrator(), names_to_keep(keep)
    tasks = [task_of(scenario) for scenario in scenarios]
    shells = [shell_of(scenario, task) for scenario, task in zip(scenarios, tasks, strict=True)]
    kinds: dict[tuple, list[int]] = {}
    for place, (task, shell) in enumerate(zip(tasks, shells, strict=True)):
        whole = (task.extent, task.start, task.steps_per_year, len(shell.time))
        kinds.setdefault((*whole, *task.kind), []).append(place)
    results: dict[int, Result] = {}
    for places in kinds.values():
        alike, shell = [tasks[place] for place in places], shells[places[0]]
        skipped = len(alike[0].saved_steps) - len(shell.time)
        block = SavedBlock(engine.selection(names, alike[0]), alike[0], len(alike), skipped)
        try:
            engine.runner(alike[0], SINGLE if len(alike) == 1 else SIDE_BY_SIDE).run(alike, block)
        except Broke as broke:
            first = broke.breaks[0]
            raise RunBroke(engine.explanation(alike[first.member], first)) from None
        for member, place in enumerate(places):
            kept = MemberOfBlock(block, member)
            results[place] = shells[place].finished(kept, 1, block.halvings([member]))
    return [results[place] for place in range(len(scenarios))]
