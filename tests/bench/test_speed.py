"""How long things take; printed, kept in history.csv, and never asserted: `make bench`."""

from __future__ import annotations

import dataclasses
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterable

import numpy as np
import pytest

from pushpull import Scenario, run
from pushpull.analysis import attribute, paired
from pushpull.engine.codegen.layout import SIDE_BY_SIDE
from pushpull.engine.runs.block import SavedBlock
from pushpull.engine.runs.task import Inputs, Task
from pushpull.ensemble import Draws, run_ensemble
from pushpull.preparation import integrator, task_of
from tests.bench.timing import milliseconds

TEN_CHANGES = (
    *("court_capacity=2x", "slot_demand_match=0.9", "border_control=2", "legal_labour_slots=2x", "asylum_access=1"),
    *("conflict_intensity=30", "enforced_return=0.5x", "smuggling_investigation=2x", "labour_demand=1.1x"),
    "detection_technology=0.9",
)


@pytest.mark.parametrize("corridor", ["us_southwest_border", "g8_2001"])
def test_a_warm_run_of_the_whole_corridor(keep, corridor):
    scenario = Scenario.load(corridor).with_policy("balanced")
    run(scenario)
    keep(f"warm run, {corridor}", *milliseconds(lambda: run(scenario), 60))


def test_the_parts_of_a_run(keep):
    scenario = Scenario.load("us_southwest_border")
    task = task_of(scenario)
    engine = integrator()
    engine.run(task)
    changed = {"border_control": 2}
    keep("changing a lever and resolving", *milliseconds(lambda: task_of(scenario.with_changes(policies=changed)), 60))
    keep("the march alone", *milliseconds(lambda: engine.simulate(task), 60))


def test_a_warm_run_that_keeps_the_outcomes(keep):
    scenario = Scenario.load("us_southwest_border").with_policy("balanced")
    run(scenario, keep=None)
    keep("warm run, outcomes only", *milliseconds(lambda: run(scenario, keep=None), 60))


def test_an_ensemble_of_a_thousand(keep):
    scenario = Scenario.load("us_southwest_border").with_policy("balanced")
    run_ensemble(scenario, 8, 1)
    keep("ensemble of 1000, outcomes", *milliseconds(lambda: run_ensemble(scenario, 1000, 1), 5))
    keep("drawing 1000 members", *milliseconds(lambda: Draws.of(scenario, 1000, 1).constants(0, 1000), 5))
    print(f"most memory of this process so far: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


def test_bands_of_a_thousand_pairs(keep):
    policy, baseline = (Scenario.load("us_southwest_border").with_policy(name) for name in ("balanced", {}))
    paired(policy, baseline, 16)
    keep("policy against baseline, 1000 pairs with bands", *milliseconds(lambda: paired(policy, baseline, 1000), 3))


def test_ten_levers_and_what_each_did(keep):
    baseline = Scenario.load("us_southwest_border")
    policy = baseline.with_settings(TEN_CHANGES)
    found = attribute(policy, baseline)
    assert len(found.worth) == 1024
    keep("shares of ten levers, 1024 runs", *milliseconds(lambda: attribute(policy, baseline), 5))


def print_curve(what: str, sizes: Iterable[int], work: Callable[[int], Callable[[], object]], times: int) -> None:
    """Least time for every size, and what one more costs beside what the first ones cost."""
    sizes = list(sizes)
    least = [milliseconds(work(size), times)[1] for size in sizes]
    print(f"\n{what}")
    for size, spent in zip(sizes, least, strict=True):
        print(f"{size:>8} {spent:>10,.2f} ms {spent / size * 1e3:>10,.1f} us each")
    slope, base = np.polyfit(sizes, least, 1)
    bend = max(abs(base + slope * size - spent) / spent for size, spent in zip(sizes, least, strict=True))
    print(f"a straight line, {base:,.2f} ms + {slope * 1e3:,.1f} us each, is off by {100 * bend:.0f} % at most")


def test_members_cost_alike():
    scenario = Scenario.load("us_southwest_border").with_policy("balanced")
    run_ensemble(scenario, 8, 1)
    print_curve(
        "An ensemble by members", (64, 128, 256, 512, 1024), lambda n: lambda: run_ensemble(scenario, n, 1), times=3
    )


def test_years_cost_alike():
    task, engine = task_of(Scenario.load("us_southwest_border")), integrator()

    def work(years: int) -> Callable[[], object]:
        cut = task.first(years * task.steps_per_year)
        return lambda: engine.simulate(cut)

    print_curve("One run by years", (5, 10, 20, 40, 55), work, times=40)


def with_routes(task: Task, routes: int) -> Task:
    """The task with its own routes over and over, until there are so many."""
    engine, own = integrator(), len(task.routes)
    chosen = np.resize(np.arange(own), routes)
    constants = task.constants.reshape(len(task.constants), -1, own)[:, :, chosen].reshape(len(task.constants), -1)
    scalars = len(engine.layout.scalar_inputs)
    routed = task.inputs[:, :, scalars:].reshape(*task.inputs.shape[:2], -1, own)[..., chosen]
    inputs = np.concatenate([task.inputs[:, :, :scalars], routed.reshape(*routed.shape[:2], -1)], axis=2)
    names = tuple(f"route_{number}" for number in range(routes))
    constants[engine.layout.constants.index("initial_route_share")] *= own / routes
    return dataclasses.replace(task, routes=names, given=Inputs(inputs, task.given.turns), constants=constants)


def test_routes_cost_alike():
    task, engine = task_of(Scenario.load("us_southwest_border")), integrator()

    def one(routes: int) -> Callable[[], object]:
        changed = with_routes(task, routes)
        engine.run(changed)
        return lambda: engine.simulate(changed)

    def four(routes: int) -> Callable[[], object]:
        changed = with_routes(task, routes)
        block = SavedBlock(engine.selection(("traffic",), changed), changed, SIDE_BY_SIDE)
        runner, constants = engine.runner(changed), np.repeat(changed.constants[None], SIDE_BY_SIDE, axis=0)
        return lambda: runner.run_members(changed, constants, block)

    print_curve("One run by routes (vectors of four)", (4, 8, 12, 16), one, times=20)
    print_curve("Four members by routes", (2, 3, 4, 6, 8, 12), four, times=20)


def test_a_first_run_on_a_machine_and_the_next(keep, tmp_path):
    command = [sys.executable, "-m", "pushpull", "run", "us_southwest_border"]
    environment = {**os.environ, "PUSHPULL_CACHE": str(tmp_path)}

    def start() -> None:
        subprocess.run(command, env=environment, capture_output=True, check=True)

    keep("command line, first run on a machine (compiles)", *milliseconds(start, 1))
    keep("command line, later runs", *milliseconds(start, 3))
