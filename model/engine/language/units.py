"""Units: every equation is run once on quantities, and must return what it declares.

Each thing that is counted (people, agents, cases, …) has a dimension of its own, so nothing cancels that
should not. The unit library is loaded only when units are checked: a run does not need it.
"""

from __future__ import annotations

import ast
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from pushpull.engine.language import words as language
from pushpull.engine.language.declare import population
from pushpull.engine.language.graph import Model

COUNTED = ("year", "person", "agent", "official", "offender", "job", "case", "USD")
RATES = {"per_100k": 1e-5, "per_1000": 1e-3}
ROUTES = 3
TOLERANCE = 1e-12


class UnitFault(ValueError):
    """An expression cannot be worked out in its causes' units."""


@dataclass(frozen=True)
class Fault:
    """One equation (or initial level, or card) whose units do not hold together."""

    where: str
    found: str
    declared: str
    suggestion: str

    def __str__(self) -> str:
        return f"{self.where}: found {self.found}, declared {self.declared}; {self.suggestion}"


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


def check_units(model: Model) -> list[Fault]:
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


def _unknown_unit(name: str, text: str) -> Iterator[Fault]:
    try:
        _unit(text)
    except Exception as fault:  # the unit library has many ways to refuse a text
        yield Fault(name, f"no unit {text!r} ({fault})", text, f"the units are {', '.join((*COUNTED, *RATES))}")


def _equation_faults(model: Model, examples: Mapping[str, Any]) -> Iterator[Fault]:
    for variable in model.variables.values():
        declared = f"{variable.unit}/year" if variable.kind == "stock" else variable.unit
        for equation in variable.equations:
            declaration = equation.declaration
            where = variable.name + (f" ({declaration.formula})" if declaration.formula else "")

            def evaluate(numbers: Mapping, words: Mapping, function=declaration.function, causes=equation.arguments):
                bound = types.FunctionType(function.__code__, {**function.__globals__, **words})
                return bound(*(numbers[cause] for cause in causes))

            yield from _compare(where, declared, evaluate, model, equation.arguments, examples)


def _initial_faults(model: Model, examples: Mapping[str, Any]) -> Iterator[Fault]:
    for stock in model.stocks:
        text = stock.declaration.initial
        causes = tuple(node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name))
        causes = tuple(dict.fromkeys(name for name in causes if name in model.cards))
        code = compile(text, f"initial level of {stock.name}", "eval")

        def evaluate(numbers: Mapping, words: Mapping, code=code):
            return eval(code, {"__builtins__": {}, **numbers, **words})  # noqa: S307

        yield from _compare(f"initial level of {stock.name}", stock.unit, evaluate, model, causes, examples)


def _compare(
    where: str,
    declared: str,
    evaluate: Callable,
    model: Model,
    causes: tuple[str, ...],
    examples: Mapping[str, Any],
) -> Iterator[Fault]:
    given = ", ".join(f"{cause} [{unit_of(model, cause)}]" for cause in causes) or "nothing"
    with np.errstate(all="ignore"):
        try:
            found = evaluate(examples, unit_language())
        except (*_refusals(), ValueError, IndexError) as fault:
            yield Fault(where, f"no unit: {fault}", declared, f"its causes are {given}")
            return
        plain = evaluate({name: value.magnitude for name, value in examples.items()}, _plain_language())
    if not hasattr(found, "units"):
        if not np.any(found):
            return
        found = registry().Quantity(found, "")
    wanted = _unit(declared)
    if found.dimensionality != wanted.dimensionality:
        surplus = f"{(found.units / wanted):~P}" or "1"
        yield Fault(
            where,
            _written(found.units),
            declared,
            f"divide by something in {surplus}, or declare the unit found; its causes are {given}",
        )
    elif not np.allclose(found.to(wanted).magnitude, plain, rtol=TOLERANCE, atol=0.0, equal_nan=True):
        yield Fault(
            where,
            f"{_written(found.units)} with a hidden factor",
            declared,
            f"divide by a reference in the same unit; its causes are {given}",
        )


def _unit(text: str):
    units = registry()
    return units.Unit("") if text == "1" else units.Unit(text)


def _written(unit) -> str:
    return f"{unit:~P}" or "1"


@cache
def _refusals() -> tuple[type[Exception], ...]:
    import pint

    return (pint.DimensionalityError, pint.UndefinedUnitError)


def _examples(model: Model) -> dict[str, Any]:
    """A quantity for every name, shaped (population, route) as in a run; the numbers stand for nothing."""
    generator = np.random.default_rng(1)
    quantities = {}
    for name in (*model.variables, *model.cards):
        over = model.over(name)
        shape = (len(population.labels) if "population" in over else 1, ROUTES if "route" in over else 1)
        quantities[name] = registry().Quantity(generator.uniform(0.2, 0.9, shape), _unit(unit_of(model, name)))
    return quantities


def _plain_language() -> dict[str, Callable]:
    return {name: getattr(language, name) for name in unit_language()}


@cache
def unit_language() -> dict[str, Callable]:
    """The words of `pushpull.engine.language.words` for quantities: the same numbers, units held to their rules."""
    rules = {
        _pure: ("exp", "log"),
        _alike: ("minimum", "maximum", "soft_minimum", "by_population"),
        _kept: ("total", "highest", "pick"),
        _ratio: ("divide",),
    }
    return {name: _lifted(getattr(language, name), rule) for rule, names in rules.items() for name in names}


def _lifted(function: Callable, rule: Callable) -> Callable:
    """`function` on quantities; `rule` says which units its arguments are brought to, and the result's."""

    def on_quantities(*arguments, **named):
        places = [*arguments, *(value for value in named.values() if _is_number(value))]
        quantities = [value if hasattr(value, "units") else registry().Quantity(value, "") for value in places]
        wanted, result = rule(function.__name__, quantities)
        numbers = [
            np.zeros_like(value.magnitude) if _is_nought(value) else value.to(unit).magnitude
            for value, unit in zip(quantities, wanted, strict=True)
        ]
        given = iter(numbers[len(arguments) :])
        named = {key: next(given) if _is_number(value) else value for key, value in named.items()}
        return registry().Quantity(function(*numbers[: len(arguments)], **named), result)

    return on_quantities


def _is_number(value) -> bool:
    return hasattr(value, "units") or isinstance(value, int | float | np.ndarray)


def _is_nought(quantity) -> bool:
    """True for a literal nought, which has any unit."""
    return quantity.dimensionless and np.ndim(quantity.magnitude) == 0 and quantity.magnitude == 0


def _pure(name: str, quantities: list) -> tuple[list, Any]:
    for quantity in quantities:
        if not quantity.dimensionless:
            raise UnitFault(f"{name} of a number in {_written(quantity.units)}")
    return [_unit("1")] * len(quantities), _unit("1")


def _alike(name: str, quantities: list) -> tuple[list, Any]:
    units = [quantity.units for quantity in quantities if not _is_nought(quantity)]
    for unit in units[1:]:
        if unit.dimensionality != units[0].dimensionality:
            raise UnitFault(f"{name} of {_written(units[0])} and {_written(unit)}")
    unit = units[0] if units else _unit("1")
    return [unit] * len(quantities), unit


def _kept(name: str, quantities: list) -> tuple[list, Any]:
    return [quantity.units for quantity in quantities], quantities[0].units


def _ratio(name: str, quantities: list) -> tuple[list, Any]:
    return [quantity.units for quantity in quantities], quantities[0].units / quantities[1].units
