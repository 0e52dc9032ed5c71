"""Defects put into the model on purpose, in memory, and a laboratory that runs such a model without compiling it."""

from __future__ import annotations

import dataclasses
from functools import cached_property

from pushpull.catalogue import Catalogue, catalogue
from pushpull.checking import Laboratory
from pushpull.engine.integrator import Integrator
from pushpull.engine.language.declare import population, route
from pushpull.engine.language.graph import Equation
from pushpull.engine.language.words import divide, maximum, soft_minimum, total
from pushpull.engine.machine.kernels import load_kernel
from pushpull.engine.runs.result import Result
from pushpull.preparation import result_of, task_of
from pushpull.scenario import Scenario
from pushpull.simulation import run


class HarmedLaboratory(Laboratory):
    """Runs a harmed model, compiled as the sound one is."""

    @cached_property
    def engine(self) -> Integrator:
        """The harmed model on a kernel of its own."""
        return Integrator(self.catalogue.model, load_kernel(self.catalogue.model))

    def run_each(self, scenarios, names) -> list[Result]:
        """Runs of the harmed model."""
        return [self.run_harmed(scenario) for scenario in scenarios]

    def run_harmed(self, scenario: Scenario) -> Result:
        """One run of the harmed model."""
        task = task_of(scenario)
        _, levels, values = self.engine.run(task)
        return result_of(scenario, task, levels, values, self.engine)


class EulerLaboratory(Laboratory):
    """Runs every scenario with Euler, whatever it asks for."""

    def run_each(self, scenarios, names) -> list[Result]:
        """Runs by the wrong method."""
        return [run(scenario.with_changes(method="euler")) for scenario in scenarios]


def with_equation(name: str, function=None, **declared) -> Catalogue:
    """The catalogue with another body, or another declaration, for one variable."""
    known = catalogue()
    variable = known.model.variables[name]
    if function:
        declared["function"] = function
    equation = Equation(dataclasses.replace(variable.declaration, **declared))
    given = {key: value for key, value in declared.items() if key == "unit"}
    replaced = dataclasses.replace(variable, equations=(equation,), **given)
    model = dataclasses.replace(known.model, variables={**known.model.variables, name: replaced})
    return dataclasses.replace(known, model=model)


def with_card(name: str, **changed) -> Catalogue:
    """The catalogue with another parameter card."""
    known = catalogue()
    card = dataclasses.replace(known.model.parameters[name], **changed)
    model = dataclasses.replace(known.model, parameters={**known.model.parameters, name: card})
    return dataclasses.replace(known, model=model)


def flipped_sign() -> Catalogue:
    """Risk of conviction draws smugglers."""

    def indicated_capacity(smuggling_demand, profit_ratio, profit_sensitivity, deterrence, reference_deterrence):
        return (
            smuggling_demand
            * (1 - profit_sensitivity + profit_sensitivity * profit_ratio)
            * (1 + deterrence)
            / (1 + reference_deterrence)
        )

    return with_equation("indicated_capacity", indicated_capacity)


def wrong_unit() -> Catalogue:
    """Revenue a year is said to be an amount."""
    return with_equation("smuggler_revenue", unit="USD")


def dropped_sink() -> Catalogue:
    """Those who try again never leave the place where they wait."""

    def people_retrying(stopped_and_retrying):
        return stopped_and_retrying

    return with_equation("people_retrying", people_retrying)


def doubled_flow() -> Catalogue:
    """Twice as many people are deported as there is capacity for."""

    def enforced_returns(returns_ready, enforced_return, readmission_factor):
        return (
            2
            * divide(returns_ready, total(returns_ready, over=population))
            * soft_minimum(total(returns_ready, over=population), enforced_return * readmission_factor)
        )

    return with_equation("enforced_returns", enforced_returns)


def value_out_of_range() -> Catalogue:
    """A parameter left behind when its range was revised."""
    card = catalogue().model.parameters["fee_adjustment_time"]
    return with_card("fee_adjustment_time", low=card.value + 0.1)


def source_gone() -> Catalogue:
    """A source that is no longer in the list of references."""
    return with_card("fee_adjustment_time", source="nobody1900")


def swapped_routes() -> Catalogue:
    """Guards ordered for one of three gateways arrive at the other two."""

    def patrol_hiring(reference_patrol_agents, border_control, border_capacity, hiring_time):
        return (
            reference_patrol_agents * (total(border_control, over=route) - border_control) / 2 - border_capacity
        ) / hiring_time

    return with_equation("patrol_hiring", patrol_hiring)


def clipped_stock() -> Catalogue:
    """The number of exploited people can only grow."""

    def exploited(arrivals_into_exploitation, pulled_into_exploitation, debts_repaid, victims_found):
        return maximum(
            total(arrivals_into_exploitation, over=route) + pulled_into_exploitation - debts_repaid - victims_found, 0
        )

    return with_equation("exploited", exploited)


def wrong_delay() -> Catalogue:
    """Violence is felt in a quarter of the time."""

    def conflict_felt_change(
        conflict_intensity,
        conflict_prevention_in_place,
        conflict_prevention_strength,
        reference_conflict_intensity,
        felt_conflict,
        conflict_felt_time,
    ):
        return (
            conflict_intensity
            / reference_conflict_intensity
            / (1 + conflict_prevention_strength * conflict_prevention_in_place)
            - felt_conflict
        ) / (conflict_felt_time / 4)

    return with_equation("conflict_felt_change", conflict_felt_change)


def constant_for_a_lever() -> Catalogue:
    """Courts decide as many cases as ever, whatever their capacity."""

    def verdicts(trials_ready):
        return soft_minimum(trials_ready, 0 * trials_ready + 3000)

    return with_equation("verdicts", verdicts)
