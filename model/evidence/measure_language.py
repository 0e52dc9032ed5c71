"""Numbers read off runs, and arithmetic over them: the small language of an experiment's `measure`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import reduce

import numpy as np

from pushpull.engine.runs.result import Result

ANY_NUMBER = ("min", "max")  # of values; the other functions take one
FUNCTIONS: Mapping[str, Callable[..., np.ndarray]] = {
    "min": lambda *each: reduce(np.minimum, each),
    "max": lambda *each: reduce(np.maximum, each),
    "log": np.log,
    "exp": np.exp,
    "abs": np.abs,
}
HOW = ("mean", "sum", "max", "min", "change", "half_time")
_OPERATORS = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
}


class MeasureFault(ValueError):
    """What a `measure` says that cannot be worked out."""


def names_in(text: str) -> set[str]:
    """The quantities a measure uses; raises MeasureFault where it is more than arithmetic."""
    tree = _parsed(text)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called}


def work_out(text: str, quantities: Mapping[str, np.ndarray]) -> np.ndarray:
    """The measure, shape (member,), nan where a member has none; raises MeasureFault for an unknown name."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        number = np.asarray(_value(_parsed(text).body, quantities), dtype=float)
    return np.where(np.isfinite(number), number, np.nan)


def _parsed(text: str) -> ast.Expression:
    try:
        tree = ast.parse(str(text), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise MeasureFault("this is no arithmetic") from None
    for node in ast.walk(tree):
        allowed = (ast.Expression, ast.BinOp, ast.UnaryOp, ast.USub, ast.Name, ast.Load, ast.Constant, ast.Call)
        if not isinstance(node, (*allowed, *_OPERATORS)):
            raise MeasureFault(f"{type(node).__name__} has no place in a measure")
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else ""
            if called not in FUNCTIONS:
                raise MeasureFault(f"only {', '.join(FUNCTIONS)} may be called")
            if len(node.args) != 1 and not (node.args and called in ANY_NUMBER):
                raise MeasureFault(f"{called} takes {'some values' if called in ANY_NUMBER else 'one value'}")
        if isinstance(node, ast.Constant) and type(node.value) not in (int, float):
            raise MeasureFault(f"{node.value!r} is no number")
    return tree


def _value(node: ast.AST, quantities: Mapping[str, np.ndarray]) -> float | np.ndarray:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name():
            if node.id not in quantities:
                raise MeasureFault(f"there is no quantity {node.id!r}")
            return quantities[node.id]
        case ast.UnaryOp():
            return -_value(node.operand, quantities)
        case ast.Call(func=ast.Name(id=called)):
            return FUNCTIONS[called](*(_value(each, quantities) for each in node.args))
        case ast.BinOp():
            left, right = _value(node.left, quantities), _value(node.right, quantities)
            return _OPERATORS[type(node.op)](left, right)
    raise MeasureFault("this is no arithmetic")


def read_off(
    result: Result,
    variable: str,
    window: tuple[float, float],
    how: str = "mean",
    route: str | None = None,
    part: str | None = None,
    origin: str | None = None,
) -> np.ndarray:
    """One number for each member: a variable over a window of years (or at one), for a route, population or origin if
    named.

    mean and sum integrate over time (sum is per-year flow times years); change is last less first; half_time the
    years from the start of the window until half of its change has come about.
    """
    times, rows = _within(result.time, result.total(variable, part, route, origin), *window)
    if len(times) == 1:
        return rows[:, 0]
    match how:
        case "sum":
            return np.trapezoid(rows, times, axis=1)
        case "mean":
            return np.trapezoid(rows, times, axis=1) / (times[-1] - times[0])
        case "max":
            return rows.max(axis=1)
        case "min":
            return rows.min(axis=1)
        case "change":
            return rows[:, -1] - rows[:, 0]
        case "half_time":
            return np.array([_half_time(times, row) for row in rows])
    raise MeasureFault(f"there is no way {how!r} to read a quantity")


def _within(times: np.ndarray, rows: np.ndarray, first: float, last: float) -> tuple[np.ndarray, np.ndarray]:
    """The window's ends and the saved times between them, and the values there, linear between saved times."""
    between = times[(times > first + 1e-9) & (times < last - 1e-9)]
    chosen = np.unique([first, *between, last])
    return chosen, np.array([np.interp(chosen, times, row) for row in rows])


def _half_time(times: np.ndarray, row: np.ndarray) -> float:
    gone = (row - row[0]) / (row[-1] - row[0]) if row[-1] != row[0] else np.full_like(row, np.nan)
    reached = np.flatnonzero(gone >= 0.5)
    if not len(reached):
        return float("nan")
    after = reached[0]
    if after == 0:
        return 0.0
    share = (0.5 - gone[after - 1]) / (gone[after] - gone[after - 1])
    return float(times[after - 1] + share * (times[after] - times[after - 1]) - times[0])
