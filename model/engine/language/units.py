"""Units: every equation is run once on quantities, and must return what it declares.

Each thing that is counted (people, agents, cases, …) has a dimension of its own, so nothing cancels that
should not. The unit library is loaded only when units are checked: a run does not need it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from pushpull.engine.language.graph import Model
from pushpull.engine.language.indices import extent, shape
from pushpull.engine.language.unit_rules import is_zero, written
from pushpull.engine.language.words import WORDS, Word, namespace

COUNTED = ("year", "person", "agent", "official", "offender", "job", "case", "USD")
RATES = {"per_100k": 1e-5, "per_1000": 1e-3}
EXAMPLES = extent(origin=4, route=3)
TOLERANCE = 1e-12


@dataclass(frozen=True)
class UnitMismatch:
    """One equation (or initial level, or card) whose units do not hold together."""

    where: str
    actual: str
    declared: str
    suggestion: str

    def __str__(self) -> str:
        return f"{self.where}: found {self.actual}, declared {self.declared}; {self.suggestion}"


@cache
def registry():
    """The units of the model; a dimension each for what is counted, and none taken from elsewhere."""
    import pint

    units = pint.UnitRegistry(None)
    for name in COUNTED:
        units.define(f"{name} = [{name}]")
    for name, size in RATES.items():
        units.define(f"{name} = {size}")
    return units


def check_units(model: Model) -> list[UnitMismatch]:
    """Run every formula, and every initial level, on quantities; return what does not fit."""
    unknown = [
        fault for name in (*model.variables, *model.cards) for fault in _unknown_unit(name, unit_of(model, name))
    ]
    if unknown:
        return unknown
    examples = _examples(model)
    return [*_equation_faults(model, examples), *_initial_faults(model, examples)]


def unit_of(model: Model, name: str) -> str:
    """Declared unit of a variable or card."""
    return model.variables[name].unit if name in model.variables else model.cards[name].unit


def _unknown_unit(name: str, text: str) -> Iterator[UnitMismatch]:
    try:
        _unit(text)
    except Exception as fault:  # the unit library has many ways to refuse a text
        yield UnitMismatch(name, f"no unit {text!r} ({fault})", text, f"the units are {', '.join((*COUNTED, *RATES))}")


def _equation_faults(model: Model, examples: Mapping[str, Any]) -> Iterator[UnitMismatch]:
    for variable in model.variables.values():
        declared = f"{variable.unit}/year" if variable.kind == "stock" else variable.unit
        for equation in variable.equations:
            formula = equation.declaration.formula
            where = variable.name + (f" ({formula})" if formula else "")
            yield from _compare(where, declared, equation.expression, model, equation.arguments, examples)


def _initial_faults(model: Model, examples: Mapping[str, Any]) -> Iterator[UnitMismatch]:
    for stock in model.stocks:
        expression = ast.parse(stock.declaration.initial, mode="eval").body
        causes = (node.id for node in ast.walk(expression) if isinstance(node, ast.Name) and node.id in model.cards)
        where = f"initial level of {stock.name}"
        yield from _compare(where, stock.unit, expression, model, tuple(dict.fromkeys(causes)), examples)


def _compare(
    where: str,
    declared: str,
    expression: ast.expr,
    model: Model,
    causes: tuple[str, ...],
    examples: Mapping[str, Any],
) -> Iterator[UnitMismatch]:
    code = compile(ast.Expression(expression), where, "eval")

    def evaluate(numbers: Mapping[str, Any], language: Mapping[str, Any]):
        return eval(code, {"__builtins__": {}, **language, **numbers})  # noqa: S307

    given = ", ".join(f"{cause} [{unit_of(model, cause)}]" for cause in causes) or "nothing"
    with np.errstate(all="ignore"):
        try:
            result = evaluate(examples, unit_language())
        except (*_refusals(), ValueError, IndexError) as fault:
            yield UnitMismatch(where, f"no unit: {fault}", declared, f"its causes are {given}")
            return
        plain = evaluate({name: value.magnitude for name, value in examples.items()}, namespace())
    if not hasattr(result, "units"):
        if not np.any(result):
            return
        result = registry().Quantity(result, "")
    wanted = _unit(declared)
    if result.dimensionality != wanted.dimensionality:
        surplus = f"{(result.units / wanted):~P}" or "1"
        yield UnitMismatch(
            where,
            written(result.units),
            declared,
            f"divide by something in {surplus}, or declare the unit found; its causes are {given}",
        )
    elif not np.allclose(result.to(wanted).magnitude, plain, rtol=TOLERANCE, atol=0.0, equal_nan=True):
        yield UnitMismatch(
            where,
            f"{written(result.units)} with a hidden factor",
            declared,
            f"divide by a reference in the same unit; its causes are {given}",
        )


def _unit(text: str):
    units = registry()
    return units.Unit("") if text == "1" else units.Unit(text)


@cache
def _refusals() -> tuple[type[Exception], ...]:
    import pint

    return (pint.DimensionalityError, pint.UndefinedUnitError)


def _examples(model: Model) -> dict[str, Any]:
    """A quantity for every name, shaped as in a run; the numbers stand for nothing."""
    generator = np.random.default_rng(1)
    quantities = {}
    for name in (*model.variables, *model.cards):
        numbers = generator.uniform(0.2, 0.9, shape(model.over(name), EXAMPLES))
        quantities[name] = registry().Quantity(numbers, _unit(unit_of(model, name)))
    return quantities


def unit_language() -> dict[str, Any]:
    """The words for quantities: the same numbers, units held to their rules."""
    return {**namespace(), **{name: _on_quantities(own) for name, own in WORDS.items()}}


def _on_quantities(own: Word) -> Callable:
    """A word's function on quantities: its arguments brought to the units that its rule asks for."""

    def called(*arguments, **named):
        given = [*arguments, *(value for value in named.values() if _is_number(value))]
        quantities = [value if hasattr(value, "units") else registry().Quantity(value, "") for value in given]
        wanted, result = own.units(own.name, quantities)
        numbers = [
            np.zeros_like(value.magnitude) if is_zero(value) else value.to(unit).magnitude
            for value, unit in zip(quantities, wanted, strict=True)
        ]
        rest = iter(numbers[len(arguments) :])
        named = {key: next(rest) if _is_number(value) else value for key, value in named.items()}
        return registry().Quantity(own.function(*numbers[: len(arguments)], **named), result)

    return called


def _is_number(value) -> bool:
    return hasattr(value, "units") or isinstance(value, int | float | np.ndarray)
