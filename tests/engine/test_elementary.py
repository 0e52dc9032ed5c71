"""exp and log of the kernel against a hundred digits, and at the edges of the numbers."""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np
import pytest
from llvmlite import ir

from pushpull.engine.codegen.elementary import call_curved
from pushpull.engine.codegen.emit import PTR, V4, VOID, WIDTH, Builder
from pushpull.engine.machine.loader import compiled, loaded

UNITS = 2.0  # in the last place
SIZE = 4000


def by_kernel(operation: str, numbers: np.ndarray) -> np.ndarray:
    """What the kernel finds of so many numbers."""
    whole = np.resize(np.asarray(numbers, dtype=float), SIZE)
    module = ir.Module()
    b = Builder(module, "each", VOID, [("numbers", PTR)], entry=True)
    with b.for_range(SIZE, step=WIDTH) as loop:
        (found,) = call_curved(b, operation, [b.read(b.given["numbers"], loop.at, V4)])
        b.write(found, b.given["numbers"], loop.at)
    b.ret_void()
    engine, calls = loaded(compiled(str(module)), ["each"])
    calls["each"](whole.ctypes.data)
    del engine
    return whole[: len(numbers)]


def units_apart(found: np.ndarray, numbers: np.ndarray, exact) -> float:
    """The largest distance from the exact value, in units in the last place."""
    with localcontext() as context:
        context.prec = 60
        exacts = [exact(Decimal(float(number))) for number in numbers]
        return max(
            float(abs(Decimal(float(one)) - true)) / np.spacing(abs(float(true)))
            for one, true in zip(found, exacts, strict=True)
        )


def test_exp_is_right_to_the_last_places():
    numbers = np.concatenate([np.random.default_rng(1).uniform(-700, 700, 1500), np.linspace(-2, 2, 1500)])
    assert units_apart(by_kernel("exp", numbers), numbers, lambda x: x.exp()) <= UNITS


@pytest.mark.parametrize("operation", ["log", "log_for_power"])
def test_log_is_right_to_the_last_places(operation):
    generator = np.random.default_rng(2)
    numbers = np.concatenate([10 ** generator.uniform(-300, 300, 1500), generator.uniform(0.3, 3, 1500)])
    assert units_apart(by_kernel(operation, numbers), numbers, lambda x: x.ln()) <= UNITS


def test_exp_at_the_edges():
    found = by_kernel("exp", np.array([np.inf, -np.inf, np.nan, 0.0, 1e308, -1e308]))
    assert np.array_equal(found, [np.inf, 0.0, np.nan, 1.0, np.inf, 0.0], equal_nan=True)


def test_log_at_the_edges():
    found = by_kernel("log", np.array([np.inf, -np.inf, np.nan, 0.0, 1.0, -1.0, -0.0]))
    assert np.array_equal(found, [np.inf, np.nan, np.nan, -np.inf, 0.0, np.nan, -np.inf], equal_nan=True)


def test_powers_of_zero_are_those_of_the_language():
    logarithm = by_kernel("log_for_power", np.zeros(4))
    with np.errstate(over="ignore"):
        powers = by_kernel("exp", np.array([2.5, 1e-3, 0.0, -1.5]) * logarithm)
    assert powers.tolist() == [0.0, 0.0, 1.0, np.inf]
