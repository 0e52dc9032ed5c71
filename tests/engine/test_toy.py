"""The kernel of a toy model: against the closed form by every method, in every form, and as a listing."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from pushpull.engine.codegen.layout import SIDE_BY_SIDE, SINGLE
from pushpull.engine.runs.block import SavedBlock
from pushpull.engine.stepping.methods import METHODS, STRIDES, Stride
from tests.engine.toy import LISTING, PEOPLE, RATE, STEPS_PER_YEAR, closed_form, toy_integrator, toy_listing, toy_task

# Of a thousand people, how far a method may be off at so many steps a year, and its order.
ACCURACY = {"dop853": (192, 1e-9, 7.5), "rk4": (48, 2e-4, 3.9), "euler": (48, 15.0, 0.95)}
NAMES = ("town", "on_the_way", "arrived", "leaving", "travelling", "fee")


def saved(task, names=NAMES, runs=SINGLE, skipped=0, members=1) -> dict[str, np.ndarray]:
    """What a march keeps of so many members (member, time, population, route)."""
    engine = toy_integrator()
    block = SavedBlock(engine.selection(names, task), task, members, skipped)
    engine.runner(task, runs).run([task] * members, block)
    return dict(block)


def farthest(task) -> float:
    exact = closed_form(task.times)
    return max(np.abs(array[0] - exact[name]).max() for name, array in saved(task).items())


@pytest.mark.parametrize("method", METHODS)
def test_every_method_agrees_with_the_closed_form(method, monkeypatch):
    steps, tolerance, order = ACCURACY[method]
    monkeypatch.setitem(
        STRIDES, "dop853", Stride(12, 12, 12, 12)
    )  # without the first year's steps of the classical one
    coarse, fine = (farthest(toy_task(method, count)) for count in (steps // 2, steps))
    assert fine <= tolerance
    assert np.log2(coarse / fine) >= order


def test_the_default_is_as_exact_as_the_first_year_by_the_classical_method():
    assert farthest(toy_task()) <= 2e-4


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("runs", [SINGLE, SIDE_BY_SIDE])
def test_both_forms_equal_plain_python(method, runs):
    task = toy_task(method)
    plain_levels, plain_values, _ = toy_integrator().march_plainly(task)
    layout, arrays = toy_integrator().layout, saved(task, runs=runs)
    for names, plain in ((layout.stocks, plain_levels), (layout.values, plain_values)):
        for row, name in enumerate(names):
            own = arrays[name][0].reshape(len(task.times), -1)
            assert np.allclose(own, plain[:, row, : own.shape[1]], rtol=1e-12, atol=1e-12), name


def test_nobody_is_lost():
    arrays = saved(toy_task())
    people = arrays["town"][0] + arrays["on_the_way"][0].sum(axis=-1, keepdims=True) + arrays["arrived"][0]
    assert np.allclose(people, PEOPLE, rtol=1e-13)


@pytest.mark.parametrize("runs", [SINGLE, SIDE_BY_SIDE])
def test_what_is_kept_is_a_part_of_all_there_is(runs):
    task = toy_task()
    whole = saved(task, runs=runs)
    for count in (1, 2, 5):
        for names in itertools.combinations(reversed(NAMES), count):
            for name, array in saved(task, names, runs, skipped=3).items():
                assert np.array_equal(array, whole[name][:, 3:]), (names, name)


def test_members_side_by_side_each_have_their_own_numbers():
    engine, task = toy_integrator(), toy_task()
    rates = [0.5, 1.0, 1.5, 2.0, 2.5]
    tasks = [toy_task(leaving_rate=rate) for rate in rates]
    block = SavedBlock(engine.selection(NAMES, task), task, len(rates))
    engine.runner(task).run_members(task, np.stack([each.constants for each in tasks]), block)
    for member, (rate, each) in enumerate(zip(rates, tasks, strict=True)):
        alone = saved(each)
        for name, array in block.items():
            assert np.array_equal(array[member], alone[name][0]), (name, rate)
            assert np.allclose(array[member], closed_form(task.times, rate)[name], rtol=1e-6, atol=1e-4), (name, rate)


def test_a_run_may_end_and_go_on():
    task = toy_task("rk4", years=2)
    short = task.first(STEPS_PER_YEAR)
    whole, half = saved(task), saved(short)
    for name, array in half.items():
        assert np.array_equal(array[0], whole[name][0, : len(short.times)]), name
    assert np.allclose(half["town"][0, -1], PEOPLE * np.exp(-RATE), rtol=1e-8)


def test_the_listing_of_the_kernel_is_as_kept():
    """Where it changed on purpose: `python -m tests.engine.toy` renews it."""
    assert toy_listing() == LISTING.read_text(encoding="utf-8")
