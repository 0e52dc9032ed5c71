"""Extremes and identities: nothing to push gives nothing, nought gives nought, all-out enforcement breaks nothing."""

from __future__ import annotations

import numpy as np
import pytest

from pushpull import Scenario, run
from pushpull.engine.language import words
from tests.behaviour.worlds import CORRIDORS

pytestmark = pytest.mark.parametrize("corridor", CORRIDORS)
PUNITIVE = (
    "border_control", "detection_technology", "smuggling_investigation", "court_capacity", "sentence_severity",
    "penalty_harmonisation", "justice_training", "employer_sanctions",
)  # fmt: skip


def after_start(scenario: Scenario, result, name: str, years: float) -> float:
    """A variable's total so many years after the policy start."""
    return result.total(name)[0, int(np.argmin(np.abs(result.time - scenario.policy_start - years)))]


def test_no_wage_gap_no_conflict_and_no_network_give_no_smuggling(corridor):
    scenario = Scenario.load(corridor).baseline()
    push_gone = scenario.with_changes(
        parameters={"initial_destination_income": 5000, "initial_origin_income": 15000},
        context={"conflict_intensity": 0},
        loops_off=["network"],
    )
    with_push, without = run(scenario), run(push_gone)
    assert without.total("labour_departures").max() == 0
    assert after_start(scenario, without, "smuggled_migrants", 19) < 0.002 * after_start(
        scenario, with_push, "smuggled_migrants", 19)  # fmt: skip


@pytest.mark.parametrize(
    ("lever", "outcome"),
    [
        ("border_control", "apprehensions_recorded"),
        ("court_capacity", "smuggler_convictions"),
        ("voluntary_return_assistance", "voluntary_return_share"),
        ("legal_labour_slots", "matched_admissions"),
        ("resettlement_places", "resettlement"),
    ],
)
def test_no_capacity_gives_no_service(corridor, lever, outcome):
    scenario = Scenario.load(corridor).baseline()
    none, today = run(scenario.with_changes(policies={lever: 0})), run(scenario)
    assert after_start(scenario, none, outcome, 19) <= 1e-6 * after_start(scenario, today, outcome, 19)


def test_no_smugglers_give_no_smuggling(corridor):
    equations = {name: variable for name, variable in Scenario.load(corridor).catalogue.model.variables.items()}
    spare = equations["spare_capacity"].declaration.function(0.0, 1.6, 1000.0)
    assert equations["service"].declaration.function(spare) == 0
    assert words.soft_minimum(np.array(1000.0), np.array(0.0)) == 0


def test_total_enforcement_gives_no_negative_people_and_no_infinite_fee(corridor):
    scenario = Scenario.load(corridor).baseline()
    levers = scenario.catalogue.levers
    result = run(scenario.with_changes(policies={name: levers[name].high for name in PUNITIVE}))
    for variable in scenario.catalogue.model.variables.values():
        values = result.array(variable.name)
        assert np.isfinite(values).all(), variable.name
        if variable.kind == "stock" and variable.unit == "person":
            assert values.min() >= -1e-9, variable.name
    assert result.by_route("smuggler_fee").max() < 20 * run(scenario).by_route("smuggler_fee").max()


def test_a_scenario_with_no_change_differs_from_its_baseline_by_exactly_zero(corridor):
    scenario = Scenario.load(corridor)
    baseline = run(scenario.baseline())
    unchanged = run(
        scenario.with_changes(policies={name: {"times_today": 1} for name in ("border_control", "court_capacity")})
    )
    for name in baseline.variables:
        assert np.array_equal(baseline.array(name), unchanged.array(name)), name


def test_prevention_and_punishment_together_beat_the_sum_of_the_two(corridor):
    scenario = Scenario.load(corridor).baseline()
    baseline = after_start(scenario, run(scenario), "smuggled_migrants", 5)
    preventive, punitive = scenario.with_policy("preventive"), scenario.with_policy("punitive")
    falls = [
        baseline - after_start(scenario, run(one), "smuggled_migrants", 5)
        for one in (preventive, punitive, preventive.with_policy("punitive"))
    ]
    assert falls[2] > falls[0] + falls[1] > 0


def test_punishment_alone_disappoints(corridor):
    """Fewer pass, but more die, those who pass owe more, those who are there stay, and prevention would add much."""
    scenario = Scenario.load(corridor).baseline()
    before, after = run(scenario), run(scenario.with_policy("punitive"))
    both = run(scenario.with_policy("punitive").with_policy("preventive"))

    def change(name: str, to=after) -> float:
        return after_start(scenario, to, name, 15) / after_start(scenario, before, name, 15) - 1

    passing = change("smuggled_migrants")
    assert passing < 0
    assert change("deaths_in_transit") > 0.05
    assert change("people_exploited") > 2 / 3 * passing
    assert change("irregular_residents") > 0.8 * passing
    assert change("smuggled_migrants", both) < 1.5 * passing
