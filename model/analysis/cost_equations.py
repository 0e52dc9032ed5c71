"""The equations of cost, evaluated once more in a year of a run: what were paid if something were otherwise there."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pushpull.engine.language.graph import Equation
from pushpull.engine.plain.evaluator import unpack
from pushpull.engine.runs.result import Result
from pushpull.scenario import Scenario

COST = "public_cost"


def cost_equations(scenario: Scenario) -> list[Equation]:
    """The equations that public cost adds up, as the scenario has them."""
    model = scenario.catalogue.model
    return [model.variables[name].under(scenario.formulas) for name in model.variables[COST].equations[0].arguments]


def read_by(equations: list[Equation], scenario: Scenario) -> set[str]:
    """The variables that the equations read, which a run has to keep for them."""
    known = scenario.catalogue.model.variables
    return {name for equation in equations for name in equation.arguments if name in known}


def paid(
    scenario: Scenario,
    result: Result,
    equation: Equation,
    index: int,
    more: Mapping[str, float] | None = None,
    without: str = "",
) -> float:
    """The money a year that an equation of cost comes to at a saved time of the first run of a result: with so much
    `more` of what it reads, and with one of the cards that it reads at zero."""
    added = more or {}
    values = [
        _value(scenario, result, name, index) * (name != without) + added.get(name, 0.0) for name in equation.arguments
    ]
    return float(np.sum(equation.declaration.function(*values)))


def _value(scenario: Scenario, result: Result, name: str, index: int) -> np.ndarray:
    """A variable, lever or parameter as an equation takes it: (origin, population, route), of length one along an
    index over which it does not vary."""
    catalogue, members = scenario.catalogue, scenario.corridor.members
    if name in catalogue.parameters:
        row = scenario.resolve_parameters((name,), members["population"])[0]
        whole = (len(members["origin"]), len(members["population"]), len(members["route"]))
        return unpack(row, catalogue.model.over(name), whole)
    return result.array(name)[0, index]
