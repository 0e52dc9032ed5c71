"""Runs of a scenario at every setting of some levers: what surfaces and what-ifs read."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pushpull.analysis.engine_calls import Line, run_tasks
from pushpull.analysis.members import known_outcomes, values_of
from pushpull.catalogue import catalogue
from pushpull.engine.runs.result import Result
from pushpull.plotting.dimensions import lever_card, today_of_lever
from pushpull.preparation import shell_of, task_of
from pushpull.scenario import Scenario

LeverSettings = Mapping[str, float]


@dataclass(frozen=True, eq=False)
class LeverGrid:
    """Outcomes at every setting of some levers: `values` over (outcome, step of the first lever, of the second, …,
    time)."""

    scenario: Scenario
    levers: tuple[str, ...]
    steps: tuple[np.ndarray, ...]
    outcomes: tuple[str, ...]
    time: np.ndarray
    values: np.ndarray


def scenario_at(scenario: Scenario, settings: LeverSettings) -> Scenario:
    """A scenario whose levers and drivers have these values from the policy start on, on every route and origin."""
    levers = catalogue().levers
    policies = {name: float(value) for name, value in settings.items() if name in levers}
    context = {name: float(value) for name, value in settings.items() if name not in levers}
    return scenario.with_changes(policies=policies, context=context, replacing=True)


def even_steps(lever: str, count: int) -> np.ndarray:
    """So many values of a lever, evenly from one end of its card's range to the other."""
    if count < 2:
        raise ValueError(f"a lever is tried at two values or more; {count} is asked for")
    return np.linspace(*lever_card(lever).range, count)


def steps_with_today(scenario: Scenario, lever: str, count: int) -> np.ndarray:
    """Even steps of a lever, three or more, of which one between the ends is moved to its value today."""
    if count < 3:
        raise ValueError(f"a slider has three values or more, so that today's is among them; {count} is asked for")
    steps, today = even_steps(lever, count), today_of_lever(scenario, lever)
    if today not in (steps[0], steps[-1]):
        steps[1 + np.abs(steps[1:-1] - today).argmin()] = today
    return steps


def lever_grid(
    scenario: Scenario, levers: Sequence[str], steps: Sequence[np.ndarray], outcomes: Iterable[str] | str
) -> LeverGrid:
    """Run a scenario once at every setting of the levers.

    Raises:
        KeyError: for a lever or an outcome that there is not.
        RunBroke: where a run breaks.
    """
    for lever in levers:
        lever_card(lever)
    names = known_outcomes(outcomes)
    settings = [dict(zip(levers, each, strict=True)) for each in itertools.product(*steps)]

    def read(result: Result) -> np.ndarray:
        return np.stack([values_of(result, Line(name)) for name in names], axis=1)

    tasks = [lambda settings=each: task_of(scenario_at(scenario, settings)) for each in settings]
    found = run_tasks(scenario, tasks, read, names)
    counts = tuple(len(each) for each in steps)
    values = np.moveaxis(found, 1, 0).reshape(len(names), *counts, found.shape[-1])
    time = shell_of(scenario, task_of(scenario)).time
    return LeverGrid(scenario, tuple(levers), tuple(steps), names, time, values)
