"""exp and log of the kernel against a hundred digits, and at the edges of the numbers."""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np
import pytest

from pushpull.engine.codegen.elementary import DECLARATIONS, WIDTH, V, curved_function, table
from pushpull.engine.machine.loader import aligned, compiled, loaded

UNITS = 2.0  # in the last place
SIZE = 4000
ENTRY = """
define void @each(ptr %p) {{
entry:
  %table = load ptr, ptr %p, align 8
  %given_at = getelementptr ptr, ptr %p, i64 1
  %given = load ptr, ptr %given_at, align 8
  br label %loop
loop:
  %at = phi i64 [ 0, %entry ], [ %next, %loop ]
  %place = getelementptr double, ptr %given, i64 %at
  %x = load {vector}, ptr %place, align 8
  %y = call fastcc {vector} @{operation}_1(ptr %table, {vector} %x)
  store {vector} %y, ptr %place, align 8
  %next = add i64 %at, {width}
  %more = icmp slt i64 %next, {size}
  br i1 %more, label %loop, label %done
done:
  ret void
}}
"""


def by_kernel(operation: str, numbers: np.ndarray) -> np.ndarray:
    """What the kernel finds of so many numbers."""
    whole = np.resize(np.asarray(numbers, dtype=float), SIZE)
    entry = ENTRY.format(vector=V, operation=operation, width=WIDTH, size=SIZE)
    engine, calls = loaded(compiled("\n".join([DECLARATIONS, curved_function(operation, 1), entry])), ["each"])
    constants = aligned(len(table()))
    constants.view(np.int64)[:] = table()
    calls["each"](np.array([constants.ctypes.data, whole.ctypes.data]).ctypes.data)
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


def test_powers_of_nought_are_those_of_the_language():
    logarithm = by_kernel("log_for_power", np.zeros(4))
    powers = by_kernel("exp", np.array([2.5, 1e-3, 0.0, -1.5]) * logarithm)
    assert powers.tolist() == [0.0, 0.0, 1.0, np.inf]
