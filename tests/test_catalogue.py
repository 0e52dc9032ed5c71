"""The model is whole: every lever acts, every source resolves, every stock and outcome asked for is there."""

from __future__ import annotations

import re
from operator import attrgetter

import numpy as np
import pytest

from pushpull import Scenario, run
from pushpull.catalogue import catalogue
from pushpull.preparation import task_of
from pushpull.scenario import ScenarioFaults
from tests.cases import failing
from tests.corners import fates

CATALOGUE = catalogue()
LEVERS = {
    "preventive": """origin_job_creation conflict_prevention governance_support environmental_adaptation
        legal_labour_slots seasonal_share slot_demand_match information_campaigns resettlement_places
        ports_of_entry_places""",
    "punitive": """border_control detection_technology smuggling_investigation court_capacity border_consequences
        detention_capacity document_security sentence_severity
        penalty_harmonisation justice_training employer_sanctions""",
    "remedial": """voluntary_return_assistance enforced_return readmission_cooperation return_publicity
        exceptional_case_screening asylum_access rescue_capacity regularisation victim_protection
        integration_support""",
    "enabling": "international_cooperation transit_interception data_harmonisation political_leadership",
}
OUTCOMES = """smuggled_migrants irregular_entries irregular_residents legal_admissions unfilled_vacancies smuggler_fee
    smuggler_revenue route_share weak_link_share apprehensions_recorded deaths_in_transit people_exploited
    victims_identified protection_gap asylum_cases_pending effective_returns voluntary_return_share
    smuggler_convictions public_concern origin_livelihoods public_cost arrivals_by_route deaths_by_route
    detections_by_route claims_pending_courts people_waiting_in_transit""".split()


@pytest.mark.parametrize("group", LEVERS)
def test_every_lever_of_the_group_is_there_with_cost_rights_and_reason(group):
    found = [card for card in CATALOGUE.levers.values() if card.group == group]
    assert [card.id for card in found] == LEVERS[group].split()
    assert all(card.cost and card.rights and card.range_reason and card.meaning for card in found)


def test_every_outcome_is_there():
    assert sorted(CATALOGUE.outcomes) == sorted(OUTCOMES)


def test_harm_to_people_comes_first_among_the_outcomes():
    assert [outcome.id for outcome in CATALOGUE.outcomes.values() if outcome.people][:3] == list(CATALOGUE.outcomes)[:3]


@pytest.mark.parametrize("corridor", ["us_southwest_border", "g8_2001"])
@pytest.mark.parametrize("lever", CATALOGUE.levers)
def test_every_lever_moves_an_outcome_besides_cost(corridor, lever):
    scenario = Scenario.load(corridor).baseline()
    card = CATALOGUE.levers[lever]
    low, high = (run(scenario.with_changes(policies={lever: value})) for value in card.range)
    moved = [
        outcome
        for outcome in set(OUTCOMES) - {"public_cost"}
        if not np.allclose(low.total(outcome), high.total(outcome), rtol=1e-4, atol=0)
    ]
    assert moved


# A check of scenarios/checks/extremes.yaml says it of the smaller corridor in every run.
@pytest.mark.parametrize("corridor", ["us_southwest_border", pytest.param("g8_2001", marks=pytest.mark.audit)])
def test_a_corridor_runs_with_every_parameter_at_either_end_of_its_range(corridor):
    scenario = Scenario.load(corridor).baseline()
    ends = [(card, end) for card in CATALOGUE.parameters.values() if card.sums_to is None for end in set(card.range)]

    def task(card, value):
        each = dict.fromkeys(scenario.corridor.origins, value) if card.over == "origin" else value
        return task_of(scenario.with_changes(parameters={card.id: each}))

    broken = []
    for at in range(0, len(ends), 32):  # side by side, and not all at once in memory
        some = ends[at : at + 32]
        found, _ = fates([task(*end) for end in some])
        broken += [(card.id, value) for (card, value), fate in zip(some, found, strict=True) if fate.refused]
    assert len(ends) > 200 and broken == []


@pytest.mark.parametrize("corridor", ["us_southwest_border", "g8_2001"])
def test_a_corridor_runs_with_next_to_all_traffic_on_any_one_route(corridor):
    scenario = Scenario.load(corridor).baseline()
    low = CATALOGUE.parameters["initial_route_share"].low
    for busy in scenario.routes:
        shares = {route: low for route in scenario.routes} | {busy: 1 - low * (len(scenario.routes) - 1)}
        result = run(scenario.with_changes(parameters={"initial_route_share": shares}))
        assert np.isfinite(result.total("irregular_entries")).all()


def test_shares_of_the_routes_that_do_not_make_one_whole_are_refused():
    scenario = Scenario.load("us_southwest_border")
    with pytest.raises(ScenarioFaults, match="initial_route_share of all routes comes to 1.0926; .* add up to 1"):
        scenario.with_settings(["initial_route_share@arizona=0.3"])
    moved = ["initial_route_share@arizona=0.3074", "initial_route_share@california=0.2955"]
    assert scenario.with_settings(moved).parameters["initial_route_share"]["arizona"].value == 0.3074


def test_every_source_resolves():
    named = {card.id: card.source for card in CATALOGUE.model.cards.values() if card.source != "assumption"}
    for variable in CATALOGUE.model.variables.values():
        for number, equation in enumerate(variable.equations):
            for clause in re.findall(r"Source: ([^;]*)", equation.declaration.meaning):
                named[f"{variable.name} {number}"] = re.split(r" for |[:.]", clause)[0]
    for name, keys in named.items():
        for key in re.split(r", | and |\+", keys.strip()):
            assert key in CATALOGUE.references, f"{name}: no reference {key!r}"
    assert len(named) > 60


def test_every_equation_says_in_a_sentence_what_it_means():
    for variable in CATALOGUE.model.variables.values():
        for equation in variable.equations:
            sentence = re.split(r" (?:Source|Assumption):", equation.declaration.meaning)[0]
            assert re.fullmatch(r"[A-Z0-9]\S*(?: \S+){2,}\.", sentence), f"{variable.name}: {sentence}"


def test_a_graded_card_names_its_source_and_a_card_without_one_is_an_assumption():
    assert failing(sourced, CATALOGUE.model.cards.values(), attrgetter("id")) == []


def sourced(card):
    keys = [] if card.source == "assumption" else [key.strip() for key in card.source.split("+")]
    assert all(key in CATALOGUE.references for key in keys)
    assert card.grade == "assumption" or (keys and card.grade in ("A", "B", "C", "D"))


def causes_of(name):
    """All that a variable follows from, near and far, parameters and levers included."""
    found, waiting = set(), [name]
    while waiting:
        for cause in CATALOGUE.model.causes(waiting.pop(), {}):
            if cause not in found:
                found.add(cause)
                waiting += [cause] if cause in CATALOGUE.model.variables else []
    return found


@pytest.mark.parametrize("lever", CATALOGUE.levers)
def test_every_lever_names_what_its_use_is_paid_by_and_each_has_a_source_or_says_that_it_is_assumed(lever):
    costs = [name for name in CATALOGUE.model.variables["public_cost"].arguments]
    names = CATALOGUE.levers[lever].unit_costs
    assert names and len(set(names)) == len(names)
    for name in names:
        card = CATALOGUE.parameters[name]
        assert card.unit.startswith("USD") or name == "assisted_cost_ratio"
        if card.grade == "assumption":
            assert "assum" in card.meaning, f"{name} does not say that it is assumed"
        else:
            keys = [key.strip() for key in card.source.split("+")]
            assert keys and all(key in CATALOGUE.references for key in keys)
            assert re.search(r"\d", card.meaning), f"{name} does not give the figure of its source"
        assert any(name in CATALOGUE.model.variables[cost].arguments and lever in causes_of(cost) for cost in costs), (
            f"{name} is no cost that {lever} moves"
        )


def test_every_card_of_a_cost_is_a_unit_cost_of_a_lever():
    of_levers = {name for card in CATALOGUE.levers.values() for name in card.unit_costs}
    assert of_levers == {card.id for card in CATALOGUE.parameters.values() if card.group == "cost"}


def test_a_card_that_names_a_source_and_is_an_assumption_says_so():
    silent = [
        card.id
        for card in CATALOGUE.model.cards.values()
        if card.source != "assumption" and card.grade == "assumption" and "assum" not in card.meaning
    ]
    assert silent == []
