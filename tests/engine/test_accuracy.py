"""The shipped grid is fine enough: every method has its order, and every outcome is as SciPy finds it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from pushpull.catalogue import catalogue
from pushpull.engine.runs.result import Result
from pushpull.engine.runs.task import Inputs, Task
from pushpull.engine.stepping.methods import STRIDES, Stride
from pushpull.preparation import integrator, result_of, task_of
from tests.cases import each_in_turn
from tests.engine.reference import run_by_scipy
from tests.engine.trials import CORRIDORS, baseline, first_years

AGREEMENT = 1e-5  # reached where what is left over of the last years turns; 2.5e-7 in the illustrative corridor
SMOOTH_YEARS = 8


def scenario_of(corridor: str, policy: str | None):
    return baseline(corridor).with_policy(policy) if policy else baseline(corridor)


def worst_difference(one: Result, other: Result, name: str) -> float:
    """Largest relative difference of a variable at any time, on any route and in any population."""
    one, other = one.array(name), other.array(name)
    size = np.maximum(np.abs(one), np.abs(other))
    return float((np.abs(one - other) / np.where(size > 0, size, 1.0)).max())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("policy", "corridor"),
    [
        *each_in_turn(["balanced", None], CORRIDORS),
        *(pytest.param("punitive", corridor, marks=pytest.mark.audit) for corridor in CORRIDORS),
    ],
)
def test_every_outcome_agrees_with_scipy(corridor, policy):
    scenario = scenario_of(corridor, policy)
    task = task_of(scenario)
    _, levels, values = integrator().run(task)
    scipy_levels, scipy_values = run_by_scipy(task)
    ours = result_of(scenario, task, levels, values)
    theirs = result_of(scenario, task, scipy_levels, scipy_values)
    apart = {name: worst_difference(ours, theirs, name) for name in catalogue().outcomes}
    worst = max(apart, key=apart.get)
    assert apart[worst] <= AGREEMENT, f"{worst} differs by {apart[worst]:.1e}"


def test_the_judges_agree_with_each_other():
    task = first_years(task_of(baseline("g8_2001")), years=8)
    one, other = run_by_scipy(task)[0], run_by_scipy(task, method="LSODA")[0]
    size = np.abs(one).max(axis=0)
    assert (np.abs(one - other).max(axis=0) / np.where(size > 0, size, 1.0)).max() < 1e-8


def smooth_task(corridor: str, steps_per_year: int, method: str) -> Task:
    """Some years in which every input stands still at what it is at the policy start."""
    task = task_of(baseline(corridor).with_changes(steps_per_year=steps_per_year))
    inputs = np.repeat(task.inputs[task.policy_step, :1], SMOOTH_YEARS * steps_per_year, axis=0)
    still = np.zeros(len(inputs), dtype=np.int8)
    given = Inputs(np.repeat(inputs[:, None], 3, axis=1), still)
    return dataclasses.replace(task, given=given, policy_step=-1, method=method)


def halving_order(corridor: str, steps: tuple[int, int, int], method: str) -> float:
    """Order at which a run converges, from the differences between three steps, each half the one before."""
    coarse, middle, fine = (integrator().run(smooth_task(corridor, count, method))[1] for count in steps)
    most = np.abs(fine).max(axis=(0, 2), keepdims=True)
    size = np.where(most > 0, most, 1.0)
    return float(np.log2((np.abs(coarse - middle) / size).max() / (np.abs(middle - fine) / size).max()))


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_halving_the_step_of_the_classical_method_divides_the_error_by_sixteen(corridor):
    assert halving_order(corridor, (16, 32, 64), "rk4") >= 3.7


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_halving_the_step_of_the_default_method_divides_the_error_by_more_than_a_hundred(corridor, monkeypatch):
    monkeypatch.setitem(STRIDES, "dop853", Stride(3, 3, 6, 12))  # without the first year's steps of the classical one
    assert halving_order(corridor, (48, 96, 192), "dop853") >= 7


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_euler_halves_its_error_with_the_step(corridor):
    assert 0.9 <= halving_order(corridor, (64, 128, 256), "euler") <= 1.1
