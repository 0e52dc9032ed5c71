"""People are conserved: by the equations, and in every run."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from pushpull.catalogue import catalogue
from pushpull.engine.language import words
from pushpull.engine.language.declare import origin, population, route
from pushpull.engine.language.graph import Equation, Model
from pushpull.engine.proofs.conservation import (
    body_faults,
    boundary_total,
    counters,
    people_balance,
    people_stocks,
    people_total,
    signed_flows,
)
from pushpull.ensemble import draw_parameters
from pushpull.preparation import integrator, result_of, task_of
from tests.engine.trials import CORRIDORS, baseline, random_policies

by_population, pick, total = words.by_population, words.pick, words.total
SCENARIOS, MORE = 60, 200  # in every run of the tests, and in make audit


def changed(name: str, function=None, **more) -> Model:
    """The model with another body, or another declaration, for one variable."""
    model = catalogue().model
    variable = model.variables[name]
    if function:
        more["function"] = function
    equation = Equation(dataclasses.replace(variable.declaration, **more))
    replaced = dataclasses.replace(variable, equations=(equation,))
    return dataclasses.replace(model, variables={**model.variables, name: replaced})


def test_every_stock_is_a_signed_sum_of_flows():
    assert body_faults(catalogue().model) == []


def test_every_flow_of_people_leaves_one_stock_and_enters_one():
    assert people_balance(catalogue().model) == []


def test_only_births_and_deaths_at_origin_cross_the_edge_and_they_are_counted():
    model = catalogue().model
    crossing = [name for name, variable in model.variables.items() if variable.declaration.boundary]
    assert crossing == ["natural_growth"]
    assert counters(model) == ("cumulative_natural_growth",)


def test_those_who_die_on_the_way_are_counted_among_the_dead():
    model = catalogue().model
    assert "cumulative_deaths" in people_stocks(model)
    moves = {each.flow for each in signed_flows(model, model.variables["cumulative_deaths"])}
    assert moves == {"deaths_on_route"}


def test_a_flow_that_enters_nowhere_is_named():
    def forgets_a_flow(trying_again):
        return -trying_again

    faults = people_balance(changed("people_retrying", forgets_a_flow))
    assert [fault.partition(" ")[0] for fault in faults] == [
        "stopped_and_retrying[labour]",
        "stopped_and_retrying[protection]",
    ]
    assert "leaves people_at_border and enters none" in faults[0]


def test_one_population_left_behind_is_named():
    def only_workers(enforced_returns):
        return by_population(
            labour=pick(enforced_returns, population="labour"),
            protection=0 * pick(enforced_returns, population="protection"),
        )

    faults = people_balance(changed("deported_people", only_workers))
    assert any(fault.startswith("enforced_returns[protection]") for fault in faults)
    assert not any(fault.startswith("enforced_returns[labour]") for fault in faults)


def test_a_stock_moved_by_something_that_is_no_flow_is_refused():
    def moved_by_a_share(exploited, victims_found):
        return 0.1 * exploited - total(victims_found, over=population)

    (fault,) = body_faults(changed("identified_victims", moved_by_a_share))
    assert fault == "identified_victims: '0.1 * exploited' is no signed sum of flows"


def test_a_flow_without_populations_must_be_put_into_one():
    def into_both(overstays):
        return overstays

    (fault,) = body_faults(changed("newcomers", into_both))
    assert "overstays has no populations" in fault


def test_routes_must_be_added_up():
    def one_route_of_many(deaths_on_route):
        return total(total(deaths_on_route, over=population), over=origin)

    def one_origin_of_many(deaths_on_route):
        return total(total(deaths_on_route, over=population), over=route)

    for index, body in (("routes", one_route_of_many), ("origins", one_origin_of_many)):
        (fault,) = body_faults(changed("cumulative_deaths", body))
        assert f"deaths_on_route has {index}: add them up" in fault


def test_an_edge_nobody_declared_is_named():
    (fault,) = [fault for fault in people_balance(changed("natural_growth", boundary=None)) if "natural" in fault]
    assert fault.startswith("natural_growth must leave one stock and enter one")


@pytest.mark.parametrize("count", [SCENARIOS, pytest.param(MORE, marks=pytest.mark.audit)])
@pytest.mark.parametrize("corridor", CORRIDORS)
def test_people_are_conserved_in_random_scenarios(corridor, count):
    generator = np.random.default_rng(9)
    constants = draw_parameters(baseline(corridor), count, seed=9)
    for member in range(count):
        scenario = baseline(corridor).with_changes(policies=random_policies(baseline(corridor), generator))
        task = dataclasses.replace(task_of(scenario), constants=constants[member])
        _, levels, values = integrator().run(task)
        result = result_of(scenario, task, levels, values)
        people = people_total(result)[0]
        drift = np.abs(people - people[0] - boundary_total(result)[0]) / people[0]
        assert drift.max() <= 1e-9
        for name in people_stocks(result.model):
            assert result.array(name).min() >= -1e-6, f"{name} of member {member}"
