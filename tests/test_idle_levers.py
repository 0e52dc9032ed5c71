"""A lever that was moved and moves little says why, with the numbers of the run that is shown."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pushpull.analysis import stated_change
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.indicators import changes
from pushpull.dashboard.compute.judging import idle_levers, outcome_verdicts
from pushpull.dashboard.compute.runs import runs_of
from pushpull.dashboard.i18n.texts import LANGUAGES, language
from pushpull.dashboard.state import levers
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import PEOPLE
from pushpull.dashboard.view_model import controls

REAL = ("us_southwest_border", "eu_external_border")
KNOWN = catalogue()
A_MOVE = 0.001  # seconds


def moved(corridor, year=None, **values):
    state = State.opening(corridor)
    scenario = state.scenario
    for name, value in values.items():
        scenario = levers.with_value(scenario, state.today, name, value)
    return state.with_scenario(scenario).looking(year=year)


def why(state):
    runs = runs_of(state.scenario)
    found = changes(runs.yours, runs.baseline, state.year)
    return idle_levers.idle_levers(state, runs, outcome_verdicts.verdicts(found, None, state.year)), runs


def in_year(result, name, year):
    return float(result.total(name)[0, result.moment(year)])


@pytest.mark.parametrize("corridor", REAL)
@pytest.mark.parametrize("year", [2030.0, None])
def test_courts_that_are_no_bottleneck_say_how_many_cases_come(corridor, year):
    state = moved(corridor, year, court_capacity=40000)
    found, runs = why(state)
    idle = found["court_capacity"]
    cases = in_year(runs.yours, "cases_charged", state.year)
    assert idle.key == "courts" and idle.numbers["cases"][0] == cases < 40000
    assert idle.numbers["capacity"] == (40000, "case/year")
    verdicts = outcome_verdicts.verdicts(changes(runs.yours, runs.baseline, state.year), None, state.year)
    for code in LANGUAGES:
        words = language(code)
        said = controls.idle(words, state, runs, verdicts)["court_capacity"]
        assert words.numbers.amount(cases, "case/year") in said and words.numbers.amount(40000, "case/year") in said


def test_courts_that_are_a_bottleneck_say_nothing():
    found, _ = why(moved(REAL[0], court_capacity=100))
    assert "court_capacity" not in found


def test_places_beyond_those_who_could_be_resettled_are_told():
    found, runs = why(moved(REAL[0], resettlement_places=300000))
    ready = in_year(runs.yours, "resettlement_ready", 2045)
    assert found["resettlement_places"].numbers == {"places": (300000, "person/year"), "ready": (ready, "person/year")}
    assert ready < 300000 and "resettlement_places" not in why(moved(REAL[1], resettlement_places=300000))[0]


def test_few_convictions_are_why_longer_sentences_move_nothing():
    found, runs = why(moved(REAL[0], sentence_severity=1.5))
    convicted, smugglers = (in_year(runs.yours, name, 2045) for name in ("smuggler_convictions", "smugglers"))
    assert found["sentence_severity"].key == "convicted"
    assert [number for number, _ in found["sentence_severity"].numbers.values()] == [convicted, smugglers]


def test_a_common_law_changes_nothing_where_all_gateways_have_one_sentence():
    for corridor in REAL:
        found, runs = why(moved(corridor, penalty_harmonisation=0.55))
        assert found["penalty_harmonisation"].key == "same_sentences"
        assert found["penalty_harmonisation"].numbers["sentence"][0] == in_year(runs.yours, "mean_sentence", 2045)


def test_what_nothing_explains_names_the_outcome_that_changes_most():
    state = moved(REAL[0], return_publicity=0.15)
    found, runs = why(state)
    on_cards = changes(runs.yours, runs.baseline, state.year)
    ratios = {name: on_cards[name].ratio for name in (*PEOPLE, *state.view.chosen)}
    most = max(ratios, key=lambda name: abs(ratios[name]))
    idle = found["return_publicity"]
    assert (idle.key, idle.outcome, idle.ratio) == ("little", most, ratios[most])
    assert abs(idle.ratio) < stated_change.MATERIAL


def test_a_lever_that_moves_after_the_year_that_is_shown_says_when():
    state = State.opening(REAL[0])
    form = {"step": {"year": 2040, "value": 0.4}}
    scenario = levers.with_schedule(state.scenario, state.today, "return_publicity", form)
    found, _ = why(state.with_scenario(scenario).looking(year=2030.0))
    assert (found["return_publicity"].key, found["return_publicity"].year) == ("later", 2040)


def test_a_lever_that_moves_outcomes_says_nothing():
    for corridor in REAL:
        assert why(moved(corridor, border_control=2))[0] == {}
        assert why(State.opening(corridor))[0] == {}


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(REAL), st.sampled_from(sorted(KNOWN.levers)), st.floats(0, 1))
def test_no_sentence_of_no_change_stands_beside_a_card_that_changes(corridor, name, share):
    card = KNOWN.levers[name]
    state = moved(corridor, **{name: card.low + share * (card.high - card.low)})
    found, runs = why(state)
    on_cards = changes(runs.yours, runs.baseline, state.year)
    directions = [outcome_verdicts.of_one_run(on_cards[each]).direction for each in (*PEOPLE, *state.view.chosen)]
    for idle in found.values():
        assert not any(directions) or idle.key not in ("little", "nothing", "later")
    if state.is_changed(name) and not any(directions):
        assert found


@pytest.mark.parametrize("corridor", REAL)
@pytest.mark.parametrize("code", LANGUAGES)
def test_every_limit_has_a_sentence_that_fits_two_lines(corridor, code):
    words, keys = language(code), set(language(code).texts("lever_scale.idle"))
    limits = {limit.key for limits in idle_levers.LIMITS.values() for limit in limits}
    assert keys == limits | {idle_levers.LATER, idle_levers.LITTLE, idle_levers.NOTHING}
    state = State.opening(corridor)
    run = idle_levers.Reading(state.scenario, runs_of(state.scenario).yours, state.year)
    for limit in {limit.key: limit for limits in idle_levers.LIMITS.values() for limit in limits}.values():
        idle = idle_levers.Idle(limit.key, state.year, limit.read(run)[0])
        assert len(controls.idle_sentence(words, idle)) <= 96, idle


def test_a_repaint_waits_less_than_a_millisecond_for_it():
    state = moved(REAL[0], court_capacity=40000, resettlement_places=300000, enforced_return=1.5e6)
    runs = runs_of(state.scenario)
    verdicts = outcome_verdicts.verdicts(changes(runs.yours, runs.baseline, state.year), None, state.year)
    spells = []
    for _ in range(20):
        begun = time.perf_counter()
        idle_levers.idle_levers(state, runs, verdicts)
        spells.append(time.perf_counter() - begun)
    assert min(spells) < A_MOVE
