"""A word of the equation language is one record: whoever writes it has written it for every reader."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from pushpull.engine.codegen.layout import SIDE_BY_SIDE, SINGLE
from pushpull.engine.integrator import Integrator
from pushpull.engine.language.declare import auxiliary, flow, population, route, stock
from pushpull.engine.language.unit_rules import alike
from pushpull.engine.language.units import check_units
from pushpull.engine.language.words import WORDS, Word, pick, total
from pushpull.engine.machine.kernels import load_kernel
from pushpull.engine.runs.block import SavedBlock
from pushpull.engine.runs.task import Inputs, Task
from pushpull.exporting.expressions import Position, Writer
from tests.engine.trials import a_card, small_model

ROUTES = ("north", "south", "west")


def gap(one, other):
    """How far two quantities of one unit are apart."""
    return np.abs(one - other)


GAP = Word(
    gap,
    units=alike,
    xmile=lambda one, other: (one > other).when(one - other, other - one),
    code=lambda builder, one, other: builder.select(
        builder.fcmp_ordered(">", one, other), builder.fsub(one, other), builder.fsub(other, one)
    ),
)


@flow("1/year", over=(population, route))
def closing(level, goal, speed):
    return gap(level, goal) * speed


@auxiliary("1")
def farthest(level, goal):
    return total(gap(pick(level, population="labour"), goal), over=route)


@stock("1", over=(population, route), initial="gap(goal, 2.5)")
def level(closing):
    return closing


def toy_model():
    """A stock whose every number is worked out with the new word."""
    cards = {"speed": a_card("speed", 0.3, "1/year"), "goal": dataclasses.replace(a_card("goal", 2.0), over="route")}
    return small_model(closing, farthest, level, cards=cards)


@pytest.fixture(autouse=True)
def one_more_word(monkeypatch):
    monkeypatch.setitem(WORDS, "gap", GAP)


def toy_task() -> Task:
    constants = np.array([[0.3] * 6, [2.0, 0.5, 3.0] * 2])
    given = Inputs(np.zeros((48, 3, 0)), np.zeros(48, dtype=np.int8))
    nothing = np.zeros(0, dtype=np.int64)
    return Task(ROUTES, 2000.0, given, constants, nothing, nothing.astype(np.uint8), -1, 48, "dop853")


def test_a_new_word_is_worked_out_by_kernel_and_evaluator():
    model = toy_model()
    engine, task = Integrator(model, load_kernel(model)), toy_task()
    _, levels, values = engine.run(task)
    plain = engine.run_plainly(task)
    assert np.allclose(levels, plain[1], rtol=1e-12, atol=0) and np.allclose(levels[0], [[0.5, 2.0, 0.5] * 2])
    assert np.allclose(values[-1][1, 0], plain[2][-1][1, 0], rtol=1e-12)
    for runs in (SINGLE, SIDE_BY_SIDE):
        found = SavedBlock(engine.selection(("level", "farthest"), task), task)
        engine.runner(task, runs).run([task], found)
        assert np.array_equal(found["level"][0].reshape(len(levels), -1), levels[:, 0])
        assert np.array_equal(found["farthest"][0, :, 0, 0], values[:, list(engine.layout.values).index("farthest"), 0])


def test_a_new_word_has_units():
    assert check_units(toy_model()) == []
    model = toy_model()
    wrong = dataclasses.replace(model.parameters["goal"], unit="person")
    (fault, *_) = check_units(dataclasses.replace(model, parameters={**model.parameters, "goal": wrong}))
    assert "gap of 1 and person" in str(fault)


def test_a_new_word_is_written_in_xmile():
    model = toy_model()
    text = Writer(model, ROUTES).write(
        model.variables["closing"].equations[0].expression, "closing", Position("labour", "south")
    )
    one, other = "level_labour_south", "goal_south"
    assert str(text) == f"(IF {one} > {other} THEN {one} - {other} ELSE {other} - {one}) * speed"


def test_every_word_has_a_meaning_in_its_docstring():
    assert all(len(own.function.__doc__.split()) > 3 for own in WORDS.values() if own is not GAP)
