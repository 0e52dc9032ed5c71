"""The scale of a lever: agents and places, marks with names, what published effects cover, and what one unit costs."""

from __future__ import annotations

import csv

import pytest

from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.point_costs import cost_of_more
from pushpull.dashboard.compute.runs import cached_run
from pushpull.dashboard.i18n.texts import LANGUAGES, language
from pushpull.dashboard.state.packages import policies_of
from pushpull.dashboard.state.state import State
from pushpull.dashboard.view_model import controls
from pushpull.dashboard.view_model.marks import HIGH, LOW, PACKAGE, marks_of
from pushpull.evidence import coverage
from pushpull.evidence.experiment_files import read_experiments
from pushpull.scenario import policy_names
from pushpull.scenario.counted_levers import count_of, is_assumed

REAL = ("us_southwest_border", "eu_external_border")
KNOWN = catalogue()


def control(corridor, lever, code="en"):
    state = State.opening(corridor)
    groups = controls.lever_groups(language(code).counting(state.scenario.corridor.currency), state)
    return next(each for group in groups for each in group["controls"] if each["id"] == lever)


def recorded(series):
    """The sum over routes of a series of the corridor of the United States, by year."""
    by_year: dict[int, float] = {}
    path = State.opening(REAL[0]).scenario.corridor.folder / "series.csv"
    with path.open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            if row["series"] == series:
                by_year[int(row["year"])] = by_year.get(int(row["year"]), 0.0) + float(row["value"])
    return by_year


# Agents and places ------------------------------------------------------------------------------------------


def test_one_is_as_many_agents_as_the_record_has_last():
    count = count_of(State.opening(REAL[0]).scenario, "border_control")
    agents = recorded("patrol_agents")
    assert sum(count) == pytest.approx(agents[max(agents)], rel=1e-4)
    assert not is_assumed(State.opening(REAL[0]).scenario, "border_control")


def test_agents_that_no_record_has_are_said_to_be_assumed():
    scenario = State.opening(REAL[1]).scenario
    assert sum(count_of(scenario, "border_control")) == sum(scenario.today("reference_patrol_agents").values())
    assert (
        is_assumed(scenario, "border_control") and "assumption" in control(REAL[1], "border_control")["counted"]["told"]
    )


def test_a_corridor_that_states_no_agents_is_told_in_times_today_alone(monkeypatch):
    scenario = State.opening(REAL[0]).scenario
    stated = {k: v for k, v in scenario.corridor.parameters.items() if k != "reference_patrol_agents"}
    monkeypatch.setitem(scenario.corridor.__dict__, "parameters", stated)
    assert count_of(scenario, "border_control") is None


def test_a_number_of_agents_that_a_scenario_sets_is_the_one_that_is_told():
    scenario = State.opening(REAL[0]).scenario.with_changes(parameters={"reference_patrol_agents": 2000})
    assert count_of(scenario, "border_control") == (2000.0,) * len(scenario.corridor.routes)


# Marks ------------------------------------------------------------------------------------------------------


def test_the_lowest_and_highest_of_the_past_are_those_of_the_series_with_their_years():
    agents, marks = recorded("patrol_agents"), marks_of(State.opening(REAL[0]), "border_control")[None]
    last = agents[max(agents)]
    for kind, pick in ((LOW, min), (HIGH, max)):
        year = pick(agents, key=agents.get)
        (mark,) = (each for each in marks if each.kind == kind)
        assert mark.year == year and mark.value * last == pytest.approx(agents[year], rel=1e-4)


def test_a_lever_without_a_series_has_no_past_on_its_scale():
    for corridor in REAL:
        kinds = {mark.kind for mark in marks_of(State.opening(corridor), "detection_technology")[None]}
        assert kinds == {PACKAGE}


@pytest.mark.parametrize("corridor", REAL)
def test_a_package_is_marked_where_its_schedule_ends(corridor):
    state = State.opening(corridor)
    for package in policy_names():
        laid = state.with_package(package)
        for lever in policies_of(package, state.scenario):
            settled = laid.scenario.value_at(lever, laid.scenario.end - 1)
            by_route = settled if isinstance(settled, dict) else {None: settled}
            found = 0
            for route, own in marks_of(state, lever).items():
                for mark in own:
                    if mark.package == package:
                        found += 1
                        aims = [by_route[route]] if route in by_route else list(by_route.values())
                        assert aims == pytest.approx([mark.value] * len(aims))
            assert found


def test_a_package_for_one_gateway_is_marked_on_that_gateway_alone():
    marks = marks_of(State.opening(REAL[0]), "border_control")
    named = {route for route, own in marks.items() if any(mark.package == "one_gateway_crackdown" for mark in own)}
    assert named == {State.opening(REAL[0]).scenario.corridor.busiest}


# What published effects cover -------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_intervals_that_are_kept_are_those_of_the_experiments():
    assert coverage.coverage_file().read_text(encoding="utf-8") == coverage.as_text(
        coverage.covered(read_experiments())
    )


def test_an_interval_runs_from_the_lowest_to_the_highest_arm_while_it_is_measured():
    (half_more,) = read_experiments(["FLO09"])  # agents as in 1990, and half as many again
    interval = coverage.covered([half_more])[REAL[0]]["border_control"]
    agents, held = recorded("patrol_agents"), half_more.arms["held"]
    first = agents[min(agents)] / agents[max(agents)]  # the record begins in 1992 and holds before
    assert held.policy_start == 1990 and interval.effects == ("FLO09",)
    assert (interval.low, interval.high) == pytest.approx((first, 1.5 * first), rel=0.1)
    assert interval.high / interval.low == pytest.approx(1.5)


def test_the_scale_says_where_published_effects_end_and_where_there_are_none():
    covered = control(REAL[0], "border_control")
    low, high = covered["covered"]
    assert f"cover {low:g} to {high:g}\u00a0times today" in covered["covered_told"]
    for corridor in REAL:
        bare = control(corridor, "political_leadership")
        assert bare["covered"] is None and bare["covered_told"].startswith("No published effect")


# What one unit costs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_unit_cost_is_told_in_the_currency_of_the_corridor_and_says_when_it_is_at_par(code):
    words = language(code)
    (cost,) = control(REAL[1], "border_control", code)["unit_costs"]
    at_par = words.say("entry.at_par", amount="").strip()
    assert "EUR" in cost and "USD" not in cost and at_par in cost and "/" not in cost
    (cost,) = control(REAL[0], "border_control", code)["unit_costs"]
    assert "USD" in cost and at_par not in cost and "howmuch_border_patrol" in cost


@pytest.mark.parametrize("corridor", REAL)
def test_a_point_more_costs_what_the_equation_of_cost_says(corridor):
    scenario = State.opening(corridor).scenario
    result, start = cached_run(scenario), scenario.policy_start
    budget = scenario.today("rescue_budget")
    assert cost_of_more(scenario, result, "rescue_capacity", 0.01, start) == pytest.approx(0.01 * budget)
    cases = float(result.total("return_cases_pending")[0, result.moment(start)])
    screening = cost_of_more(scenario, result, "exceptional_case_screening", 0.01, start)
    assert screening == pytest.approx(0.01 * cases * scenario.today("screening_cost"))
    assert cost_of_more(scenario, result, "asylum_access", 0.01, start) is None


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("corridor", REAL)
def test_every_lever_has_its_words(corridor, code):
    state = State.opening(corridor)
    for group in controls.lever_groups(language(code), state):
        for each in group["controls"]:
            assert each["unit_costs"] and each["covered_told"]
            for mark in each["marks"]:
                assert each["low"] <= mark["at"] <= each["high"], (each["id"], mark)
