"""When a value stops being finite, the run says which, where, when, and what its causes were."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from pushpull.engine.runs.task import Inputs, RunBroke, Task
from pushpull.preparation import integrator
from tests.engine.trials import task_and_run

CORRIDOR = "us_southwest_border"
ROUTE = "arizona"
ORIGIN = "mexico"
YEAR = 2003.0


def with_input(name: str, value: float, member: str | None = None, year: float = YEAR) -> Task:
    """The baseline, with a lever or context driver gone astray from a year on."""
    task = task_and_run(CORRIDOR)[0]
    layout = integrator().layout
    if member:
        members = task.routes if member in task.routes else task.origins
        column = layout.columns(task.extent)[name].start + members.index(member)
    else:
        column = layout.scalar_inputs.index(name)
    inputs = task.inputs.copy()
    inputs[round((year - task.start) * task.steps_per_year) :, :, column] = value
    return dataclasses.replace(task, given=Inputs(inputs, task.given.turns))


def with_constant(name: str, value: float) -> Task:
    task = task_and_run(CORRIDOR)[0]
    constants = task.constants.copy()
    constants[integrator().layout.constants.index(name)] = value
    return dataclasses.replace(task, constants=constants)


def explanation(task: Task) -> list[str]:
    with pytest.raises(RunBroke) as fault:
        integrator().run(task)
    return str(fault.value).splitlines()


def test_a_lever_that_is_no_number_is_named_with_route_and_year():
    first, *causes = explanation(with_input("border_control", np.nan, ROUTE))
    assert first == f"border_control_ordered[{ROUTE}] became nan in 2003.00 (stage 1); its causes then were"
    named = dict(cause.strip().split(" = ") for cause in causes)
    assert set(named) == {"border_control", "control_reaction", "political_pressure"}
    assert named["border_control"] == "nan"
    assert np.isfinite(float(named["political_pressure"]))


def test_a_number_too_large_is_named_where_it_overflows():
    first, *causes = explanation(with_input("conflict_intensity", 1e300, ORIGIN))
    assert first.startswith(f"displacement_rate[{ORIGIN}] became inf in 2003.")
    level = next(line for line in causes if line.strip().startswith("felt_conflict = "))
    assert float(level.partition("=")[2]) > 1e200


def test_a_division_by_zero_is_found_at_the_first_step():
    first, *causes = explanation(with_constant("hiring_time", 0.0))
    assert first.startswith("patrol_hiring[") and " in 1990.00 (stage 1)" in first
    assert "    hiring_time = 0" in causes


def test_a_run_broken_in_plain_python_says_the_same():
    task = with_constant("hiring_time", 0.0)
    with pytest.raises(RunBroke) as fault, np.errstate(all="ignore"):
        integrator().run_plainly(task)
    assert str(fault.value).splitlines() == explanation(task)


@pytest.mark.parametrize("cut", [False, True], ids=["loops_on", "loops_off"])
def test_a_break_after_the_policy_start_is_found(cut):
    task = with_input("border_control", np.nan, ROUTE)
    task = dataclasses.replace(task, policy_step=10, cut=np.full_like(task.cut, cut))
    assert explanation(task)[0].startswith(f"border_control_ordered[{ROUTE}] became nan in 2003.00")
