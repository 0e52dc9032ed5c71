"""What a point more of a lever costs a year, all else as it is: the equations of cost, evaluated once more.

Only levers that stand in an equation of cost themselves have such a cost. What others cost depends on what they bring
about; their unit costs say what is paid for each agent, place or person.
"""

from __future__ import annotations

from pushpull.analysis.cost_equations import COST, cost_equations, paid
from pushpull.dashboard.compute.indicators import moment
from pushpull.engine.runs.result import Result
from pushpull.scenario import Scenario

__all__ = ["COST", "cost_of_more"]


def cost_of_more(scenario: Scenario, result: Result, lever: str, more: float, year: float) -> float | None:
    """The money a year that so much more of a lever on every route costs in a year of the scenario's run, all else as
    it is there; None where no equation of cost names the lever."""
    index = moment(result.time, year)
    costs = [
        paid(scenario, result, each, index, {lever: more}) - paid(scenario, result, each, index)
        for each in cost_equations(scenario)
        if lever in each.arguments
    ]
    return sum(costs) if costs else None
