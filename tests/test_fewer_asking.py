"""Fewer denials because fewer people ask are told apart from fewer denials for each who asks; so are levers."""

import threading
from dataclasses import replace

import pytest

from pushpull import run
from pushpull.analysis import Stopped
from pushpull.analysis.asking import COMPARABLE
from pushpull.dashboard.compute.indicators import ASKING, HARMS, IN_NEED
from pushpull.dashboard.compute.judging.advisories import advisories_of
from pushpull.dashboard.compute.judging.fewer_asking import share_of_the_fall
from pushpull.dashboard.compute.judging.lever_effects import effects_of
from pushpull.dashboard.compute.runs import Runs, runs_of
from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.pages import overview_page
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import LANGUAGES
from tests.verdict_fakes import YEAR, judged

FALLS = judged(protection_gap=-0.3)["protection_gap"]


@pytest.fixture(scope="module")
def baseline():
    return run(State.opening().scenario)


def scaled(result, denials=1.0, asking=1.0, in_need=1.0):
    """A run with its denials, those who ask and those in need times a factor."""
    factors = {"protection_gap": denials, **dict.fromkeys(IN_NEED, in_need), **dict.fromkeys(ASKING, asking)}
    return replace(result, kept={name: each * factors.get(name, 1.0) for name, each in result.kept.items()})


def test_a_fall_that_is_all_fewer_asking_is_told_as_all(baseline):
    assert share_of_the_fall(FALLS, scaled(baseline, 0.7, 0.7), baseline, YEAR) == pytest.approx(1)
    assert share_of_the_fall(FALLS, scaled(baseline, 0.81, 0.9), baseline, YEAR) == pytest.approx(0.5)
    assert share_of_the_fall(FALLS, scaled(baseline, 0.9, 0.81), baseline, YEAR) == pytest.approx(2)


@pytest.mark.parametrize("factors", [(0.7, 1.0), (0.7, 1.2), (0.7, 0.7, 0.7), (0.5, 0.88), (1.1, 0.7), (0.7, 0.995)])
def test_a_fall_for_another_reason_is_not_taken_for_fewer_asking(factors, baseline):
    """Denied less often, needed less, or a share of the fall that is small."""
    assert share_of_the_fall(FALLS, scaled(baseline, *factors), baseline, YEAR) is None


def test_a_fall_that_nobody_calls_better_is_not_explained(baseline):
    for verdict in (judged()["protection_gap"], judged(protection_gap=0.2)["protection_gap"]):
        assert share_of_the_fall(verdict, scaled(baseline, 0.7, 0.7), baseline, YEAR) is None


def test_more_hearings_more_places_and_less_violence_are_no_case_of_fewer_asking():
    """In the model as it is: what protects people, or spares them the flight, is not held against a policy."""
    opened = State.opening()
    for name, value in (("justice_training", 1.0), ("resettlement_places", 300_000.0), ("conflict_prevention", 1.0)):
        runs = runs_of(opened.with_value(name, value).scenario)
        for year in (2030.0, 2045.0):
            assert share_of_the_fall(FALLS, runs.yours, runs.baseline, year) is None, (name, year)


def test_the_runs_of_the_page_hold_what_the_advisory_reads():
    state = State.opening().with_package("punitive")
    runs = runs_of(state.scenario)
    found = judged(protection_gap=-0.2)
    (told,) = [each for each in advisories_of(state, found, runs) if each.key == "fewer_asking"]
    assert told.share == share_of_the_fall(found["protection_gap"], runs.yours, runs.baseline, state.year)
    assert told.share >= COMPARABLE
    assert "fewer_asking" not in {each.key for each in advisories_of(state, judged(protection_gap=0.2), runs)}


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_share_is_told_and_all_of_it_is_told_as_all(code, baseline):
    words = language(code)
    for factors, share in (((0.81, 0.9), "50\u00a0%"), ((0.7, 0.7), "")):
        runs = Runs(scaled(baseline, *factors), baseline)
        found = judged(protection_gap=-0.2)
        (told,) = [each for each in advisories_of(State.opening(), found, runs) if each.key == "fewer_asking"]
        why = overview_page.advisory_in_words(words, told)["why"]
        assert (share in why) if share else why == words.say("advisories.fewer_asking.why")


# What each lever does within a package -----------------------------------------------------------------------------


def test_each_lever_is_left_out_in_a_run_of_its_own():
    state = State.opening("g8_2001").with_value("border_control", 2.0).with_value("justice_training", 0.6)
    effects = effects_of(state.scenario, threading.Event())
    assert effects_of(state.scenario, threading.Event()) is effects
    whole = run(state.scenario)
    for name in state.scenario.policies:
        without = run(state.scenario.with_changes(policies={name: None}))
        for harm in HARMS:
            index = whole.moment(2040.0)
            expected = without.total(harm)[0, index] / whole.total(harm)[0, index] - 1
            assert effects.left_out(harm, 2040.0)[name] == pytest.approx(expected, abs=1e-12)
    left_out = effects.left_out("protection_gap", 2040.0)
    assert left_out["justice_training"] > 0 and set(left_out) == set(state.scenario.policies)


def test_effects_end_when_they_are_no_longer_wanted():
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        effects_of(State.opening("g8_2001").with_value("border_control", 2.5).scenario, stop)
