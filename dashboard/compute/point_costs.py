"""What a point more of a lever costs a year, all else as it is: the equations of cost, evaluated once more.

Only levers that stand in an equation of cost themselves have such a cost. What others cost depends on what they bring
about; their unit costs say what is paid for each agent, place or person.
"""

from __future__ import annotations

import numpy as np

from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.indicators import moment
from pushpull.engine.language.graph import Equation
from pushpull.engine.plain.evaluator import unpack
from pushpull.engine.runs.result import Result
from pushpull.scenario import Scenario

COST = "public_cost"


def cost_of_more(scenario: Scenario, result: Result, lever: str, more: float, year: float) -> float | None:
    """The money a year that so much more of a lever on every route costs in a year of the scenario's run, all else as
    it is there; None where no equation of cost names the lever."""
    model = catalogue().model
    parts = [model.variables[name] for name in model.variables[COST].equations[0].arguments]
    equations = [each.under(scenario.formulas) for each in parts]
    costs = [
        _cost(scenario, result, each, year, {lever: more}) - _cost(scenario, result, each, year, {})
        for each in equations
        if lever in each.arguments
    ]
    return sum(costs) if costs else None


def _cost(scenario: Scenario, result: Result, equation: Equation, year: float, more: dict[str, float]) -> float:
    index = moment(result.time, year)
    values = [_value(scenario, result, name, index) + more.get(name, 0.0) for name in equation.arguments]
    return float(np.sum(equation.declaration.function(*values)))


def _value(scenario: Scenario, result: Result, name: str, index: int) -> np.ndarray:
    """A variable, lever or parameter as an equation takes it: (origin, population, route), of length one along an
    index over which it does not vary."""
    model, members = catalogue().model, scenario.corridor.members
    if name in catalogue().parameters:
        row = scenario.resolve_parameters((name,), members["population"])[0]
        whole = (len(members["origin"]), len(members["population"]), len(members["route"]))
        return unpack(row, model.over(name), whole)
    return result.array(name)[0, index]
