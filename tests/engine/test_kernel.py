"""The generated kernel does what the equations say: it equals plain Python, and it can be read."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest

from pushpull.engine.codegen.layout import SIDE_BY_SIDE, SINGLE, Form
from pushpull.engine.codegen.program import Program
from pushpull.engine.language.indices import extent
from pushpull.engine.machine.kernels import kernel_text
from pushpull.engine.stepping.methods import METHODS
from pushpull.preparation import integrator
from tests.cases import each_in_turn
from tests.engine.trials import CORRIDORS, Call, first_years, task_and_run

STATES = 50
AGREEMENT = 1e-12


def assert_agree(one: np.ndarray, other: np.ndarray, names: tuple[str, ...], beside: np.ndarray | float = 0.0) -> None:
    """Compare arrays over (state, name, element), each difference against the largest size over the states.

    Not against the size in that state alone: what is left where two large terms cancel has fewer digits. Of a stock
    whose flows cancel nothing is left but such digits: its slope is seen `beside` its level.
    """
    assert (np.isnan(one) == np.isnan(other)).all(), "one leaves out what the other writes"
    one, other = np.nan_to_num(one), np.nan_to_num(other)
    size = np.maximum(np.maximum(np.abs(one), np.abs(other)), beside).max(axis=0)
    apart = (np.abs(one - other).max(axis=0) / np.where(size > 0, size, 1.0)).max(axis=1)
    assert apart.max() <= AGREEMENT, f"{names[apart.argmax()]} differs by {apart.max():.1e}"


def assert_calls_agree(calls: list[Call]) -> None:
    kernel_values, kernel_slopes = (np.array(part) for part in zip(*(call.kernel() for call in calls), strict=True))
    plain_values, plain_slopes = (np.array(part) for part in zip(*(call.plain() for call in calls), strict=True))
    layout = integrator().layout
    assert_agree(kernel_values, plain_values, layout.values)
    levels = np.abs([call.levels for call in calls])  # a year's slope
    assert_agree(kernel_slopes, plain_slopes, layout.stocks, beside=levels)


def random_call(corridor: str, generator: np.random.Generator) -> Call:
    """A state near one the baseline passes; rival formulas and cut loops are drawn at random."""
    task, _, levels, _ = task_and_run(corridor)
    engine = integrator()
    state = levels[generator.integers(len(levels))] * generator.uniform(0.7, 1.3, levels.shape[1:])
    call = Call.of(task, state, task.inputs[generator.integers(task.steps), generator.integers(3)])
    values = np.nan_to_num(call.kernel()[0])
    call.held = engine.evaluator(task).causes_of_loops(call.levels, values)
    call.held *= generator.uniform(0.9, 1.1, call.held.shape)
    call.off = generator.integers(0, 2, call.off.size).astype(np.uint8)
    choices = [len(engine.model.formulas[setting]) for setting in engine.layout.settings]
    call.formulas = generator.integers(0, choices)
    return call


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_kernel_equals_plain_python_at_random_states(corridor):
    generator = np.random.default_rng(20)
    assert_calls_agree([random_call(corridor, generator) for _ in range(STATES)])


@pytest.mark.parametrize("corridor", CORRIDORS)
@pytest.mark.parametrize("setting", integrator().layout.settings)
def test_kernel_equals_plain_python_under_every_rival_formula(corridor, setting):
    task, _, levels, _ = task_and_run(corridor)
    place = integrator().layout.settings.index(setting)
    for number in range(len(integrator().model.formulas[setting])):
        calls = [Call.of(task, levels[when], task.inputs[when * task.every, 0]) for when in range(0, 200, 20)]
        for call in calls:
            call.formulas = task.formulas.copy()
            call.formulas[place] = number
        assert_calls_agree(calls)


@pytest.mark.parametrize(("method", "corridor"), each_in_turn(METHODS, CORRIDORS))
def test_a_year_of_the_kernel_equals_a_year_of_plain_python_with_loops_cut_half_way(corridor, method):
    task = first_years(task_and_run(corridor)[0], years=1, policy_year=0.5)
    task = dataclasses.replace(task, method=method, cut=np.ones_like(task.cut))
    engine = integrator()
    assert_agree(engine.run(task)[1], engine.run_plainly(task)[1], engine.layout.stocks)


def test_euler_steps_by_the_slope_at_the_start():
    task = dataclasses.replace(first_years(task_and_run("g8_2001")[0], years=0.25), method="euler")
    engine = integrator()
    state = engine.initial_levels(task)
    for step in range(task.steps):
        state = state + np.nan_to_num(Call.of(task, state, task.inputs[step, 0]).kernel()[1]) / task.steps_per_year
    assert np.allclose(engine.run(task)[1][-1], state, rtol=1e-13, atol=0)


@pytest.mark.parametrize("runs", [SINGLE, SIDE_BY_SIDE])
def test_the_listing_of_a_kernel_says_each_variable_in_full(runs):
    model = integrator().model
    program = Program(model, integrator().layout, Form(extent(route=5), runs))
    worked_out = [name for name, variable in model.variables.items() if variable.kind != "stock"]
    listing = program.listing()
    missing = [
        name for name in worked_out if not re.search(rf"^    .*\b{name}(\[[\w, ]+\])? (= .*)?[=~] ", listing, re.M)
    ]
    assert program.memory.description["extent"] == (1, 2, 5) and not missing


def test_the_listing_says_what_is_read_and_what_is_switched():
    engine = integrator()
    listing = engine.kernel.listing(extent(route=3))
    for name in (*engine.layout.scalar_inputs, *dict(engine.layout.indexed_inputs)):
        assert f"= inputs[{name}]" in listing, name
    for setting in engine.layout.settings:
        assert f"if formulas[{setting}] == 0 else" in listing, setting
    for loop in engine.layout.loops:
        assert f"if cut[{loop}] else" in listing, loop


def test_the_same_equations_make_the_same_kernel():
    model = integrator().model
    assert kernel_text(model, extent(route=3)) == kernel_text(model, extent(route=3))
