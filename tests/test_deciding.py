"""The ways to compare that help to decide: simulations explored, robust choice, and a package for targets."""

import re
import subprocess
import sys
import threading
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from pushpull.analysis import robust_choice, seek
from pushpull.analysis.stated_change import GETS_WORSE
from pushpull.commands.seek import answer
from pushpull.dashboard.compute.deciding import exploration, package_search, page_choice
from pushpull.dashboard.compute.deciding.exploration import Choice, Separated, chosen_in
from pushpull.dashboard.compute.deciding.package_search import Search, question_of, searching
from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.i18n.texts import LANGUAGES, language
from pushpull.dashboard.pages import compare_page
from pushpull.dashboard.pages.deciding import explore_view, robust_view, seek_view
from pushpull.dashboard.session.deciding import requests, work
from pushpull.dashboard.session.session import KINDS
from pushpull.dashboard.state.messages import read
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.target_slots import TargetSlot, targets_of, value_of
from pushpull.dashboard.state.update import update
from pushpull.discovery import simulate
from pushpull.wording.palette import palette_of
from tests.test_house import ROOT

ENGLISH, DEATHS = language("en"), "deaths_in_transit"
SIMULATIONS = 200


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    """Searches begin anew, whatever a cache holds."""
    monkeypatch.setattr("pushpull.analysis.kept_points.read_entry", lambda name: None)
    monkeypatch.setattr("pushpull.analysis.kept_points.write_entry", lambda name, content: "")


@pytest.fixture(scope="module")
def state():
    return State.opening("g8_2001").with_package("punitive").looking(page="compare", way="explore", focus=DEATHS)


@pytest.fixture(scope="module")
def held(state):
    """Simulations run in two steps, as the page runs them."""
    years = (2035.0, state.scenario.end)
    first = simulate(state.scenario, exploration.outcomes_for_cards(), years, SIMULATIONS // 2)
    return simulate(state.scenario, exploration.outcomes_for_cards(), years, SIMULATIONS, first)


def choice(state, held, condition="highest", marked=(), drawn=None):
    return Choice(state.scenario.digest, drawn or held.simulations, DEATHS, state.year, condition, tuple(marked))


def plain(markup):
    return " ".join(re.sub(r"<[^>]+>", " ", str(markup)).split())


# Simulations -----------------------------------------------------------------------------------------------------


def test_simulations_that_were_added_to_are_those_that_are_run_at_once(state, held):
    whole = simulate(state.scenario, [DEATHS], [state.year], SIMULATIONS)
    assert held.simulations == whole.simulations == SIMULATIONS
    np.testing.assert_array_equal(held.draws.values, whole.draws.values)
    np.testing.assert_allclose(held.change_in(DEATHS, state.year), whole.change_in(DEATHS, state.year), rtol=1e-12)


def test_a_condition_chooses_simulations_by_the_change_of_the_outcome(state, held):
    change = held.change_in(DEATHS, state.year)
    chosen = {name: chosen_in(held, choice(state, held, name)) for name in explore_view.CONDITIONS}
    assert chosen["highest"].sum() == chosen["lowest"].sum() == SIMULATIONS // 4
    assert change[chosen["highest"]].min() > change[~chosen["highest"]].max()
    assert (change[chosen["rises"]] > 0).all() and (change[chosen["falls"]] < 0).all()


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_selection_is_told_with_limits_coverage_and_density(state, held, code):
    """Simulations marked by one input alone are told by that input, with the shares that hold in the other half."""
    words = language(code)
    inputs = held.cases(DEATHS, state.year).inputs
    name = "success_weight"
    marked = np.flatnonzero(inputs[name] > inputs[name].quantile(0.6))
    asked = choice(state, held, marked=marked.tolist())
    separated = next(exploration.separating(held, asked, threading.Event()))
    found = separated.found
    assert [each.name for each in found.limits] == [name] and found.limits[0].above
    judged = held.cases(DEATHS, state.year).pairs % 2 == 1
    inside = (inputs[name] >= found.limits[0].value).to_numpy() & judged
    assert found.density == pytest.approx(np.isin(np.flatnonzero(inside), marked).mean())
    told = explore_view.sentence(words, state, asked, separated)
    for each in (words.title(name), words.numbers.share(found.coverage), words.numbers.share(found.density)):
        assert words.inside(each) in told


def test_too_few_of_one_kind_tell_nothing_until_all_are_there(state, held):
    asked = choice(state, held, marked=range(5))
    separated = next(exploration.separating(held, asked, threading.Event()))
    assert "too few" in explore_view.sentence(ENGLISH, state, asked, separated).lower()
    assert "being worked out" in explore_view.sentence(ENGLISH, state, asked, separated, is_whole=False)


def test_plots_share_one_source_in_which_the_chosen_are_marked(state, held, monkeypatch):
    whole = replace(held, asked=exploration.MANY)
    monkeypatch.setattr(explore_view, "held_of", lambda scenario: whole)
    asked = choice(state, held)
    separated = next(exploration.separating(held, asked, threading.Event()))
    picture = explore_view.picture_of(ENGLISH, state, separated, dark=False)
    assert sorted(picture["roots"].values()) == [f"simulations-{place}" for place in range(6)]
    told = str(picture["docs"])
    assert told.count("'ColumnDataSource'") == 1 and told.count("'BoxSelectTool'") == 6
    assert str(np.flatnonzero(chosen_in(held, asked)).tolist()) in told
    assert palette_of(False).yours in told and palette_of(True).yours not in told
    shown = explore_view.fragment(ENGLISH, state, {"separated": separated, "pictured": separated}, dark=False)
    assert picture["key"] in shown and shown.count("data-live") == 6
    for harm in ("Protection wrongly denied", "People exploited"):
        assert harm in plain(shown)


def test_what_is_marked_by_hand_is_what_is_separated(state, held, monkeypatch):
    monkeypatch.setattr(exploration, "held_of", lambda scenario: held)
    separated = Separated(choice(state, held, drawn=exploration.drawn(held)), None)
    begun, findings = [], {"pictured": separated}
    monkeypatch.setattr(requests, "key_of_picture", lambda *_: "key")
    worker = SimpleNamespace(language=ENGLISH, findings=findings, learn=findings.__setitem__)
    worker.begin = lambda kind, steps, then=None: begun.append(kind)
    host = SimpleNamespace(computation=worker, language=ENGLISH, state=state, dark=False)
    message = read({"marked": [7, 3, 3, 10**6], "of": "key"}, KINDS)
    message.kind.case(host, *message.values)
    assert findings["marked"].marked == (3, 7) and begun == [work.SEPARATED]


# Targets ---------------------------------------------------------------------------------------------------------


def said(state, **parts):
    return update(state, read(parts, KINDS))


def test_a_target_is_set_part_by_part_and_is_kept_in_the_link(state):
    state = said(state, target_outcome=DEATHS, target=0)
    assert targets_of(state.view.targets, state.scenario) == ()  # it lacks its value
    state = said(said(state, target_value="1500", target=0), target_year="2035", target=0)
    state = said(said(state, target_outcome="public_cost", target=1), target_value="8bn", target=1)
    told = [str(each) for each in targets_of(state.view.targets, state.scenario)]
    assert told == ["deaths_in_transit<=1500 in 2035", "public_cost<=8000000000 in 2045"]
    again = State.opening("g8_2001").looking(**state.view.plain())
    assert again.view.targets == state.view.targets
    assert said(state, target_outcome="", target=0).view.targets[0] == ""
    with pytest.raises(Refusal):
        said(state, target_value="few", target=0)


def test_shares_are_typed_in_percent_and_what_is_better_higher_is_at_least(state):
    state = said(said(state, target_outcome="voluntary_return_share", target=0), target_value="40 %", target=0)
    assert state.view.targets[0] == "voluntary_return_share>=0.4 in 2045"
    for text in ("", "nonsense", "deaths_in_transit<=inf in 2035", "deaths_in_transit<=1 in x"):
        assert TargetSlot.parse(text) is None


TYPED = {
    "1400": 1400,
    "1 400": 1400,
    "1\u202f400,5": 1400.5,
    "1,400,000": 1.4e6,
    "0,5": 0.5,
    "14bn": 14e9,
    "14 Md": 14e9,
    "\u22125": -5,
    "\uff14\uff10\uff10": 400,  # in wide digits
}
NO_NUMBERS = ("few", "1e400", "9" * 30, "10\u00b2", "1\u00bd", "5\u2460", "5 %")


def test_a_value_is_read_as_either_language_writes_it_and_what_may_mean_two_numbers_is_refused():
    assert {text: value_of(text, "people/year") for text in TYPED} == TYPED
    assert [value_of(text, "1") for text in ("12.5%", "12,5 %", "40")] == pytest.approx([0.125, 0.125, 0.4])
    assert value_of("  ", "1") is None
    for text, key in {"1,400": "two_readings", **dict.fromkeys(NO_NUMBERS, "number")}.items():
        with pytest.raises(Refusal) as refused:
            value_of(text, "people/year")
        assert refused.value.key == key
        for each in LANGUAGES:
            assert "1400" in refused.value.told(language(each)) or key == "number"


# Robust choice ---------------------------------------------------------------------------------------------------


def test_the_page_shows_the_figures_of_a_robust_choice_and_marks_harm_whatever_the_rank(state):
    state = state.looking(way="robust", targets=("deaths_in_transit<=1000 in 2045", "", ""))
    baseline, packages, apart = page_choice.packages_of(ENGLISH, state)
    key = page_choice.key_of(baseline, packages, state)
    held = next(page_choice.choosing(baseline, packages, key, threading.Event()))
    same = robust_choice(baseline, packages, key.outcomes, key.targets, held.found.members, year=state.year)
    own = same.metrics[DEATHS]
    assert not apart and list(packages) == ["package:preventive", "package:punitive", "package:balanced"]
    shown = plain(compare_page.fragment(ENGLISH, state, True, {"robust": held}))
    for row in range(len(same.labels)):
        assert plain(ENGLISH.numbers.amount(float(own.largest_regret[row]), "person/year")) in shown
        assert plain(ENGLISH.numbers.chance(float(same.all_met[row]))) in shown
    label = same.labels[own.least_regret]
    harm = replace(same.harms[label][0], direction=1)
    assert harm.word == GETS_WORSE
    marked = replace(held.found, harms={**held.found.harms, label: (harm,)})
    shown = compare_page.fragment(ENGLISH, state, True, {"robust": replace(held, found=marked)})
    words = f"raises {ENGLISH.inside(ENGLISH.title(harm.outcome.id))}"
    assert words in plain(shown).split("simulations, the same")[0]  # already in the sentence
    assert "\u2715" in shown and words in plain(shown).split("least regret first")[1]


def test_an_option_under_other_assumptions_is_left_out_and_named(state):
    other = state.with_loop("fee", False)
    state = state.keeping(other.scenario.with_changes(title="Others")).looking(way="robust")
    _, packages, apart = page_choice.packages_of(ENGLISH, state)
    assert apart == ["A: Others"] and "kept:0" not in packages
    assert "A: Others" in plain(robust_view.fragment(ENGLISH, state, {}))


# A package for targets -------------------------------------------------------------------------------------------


def sought(state, monkeypatch, *targets, levers=(), members=4):
    monkeypatch.setattr(package_search, "MEMBERS", members)
    texts = (*targets, "", "", "")[:3]
    state = state.looking(way="seek", targets=texts, sought=list(levers))
    baseline = state.scenario.baseline()
    *on_the_way, last = searching(baseline, question_of(state), threading.Event())
    return state, on_the_way, last


def test_the_page_finds_what_the_command_finds_and_keeps_it_as_an_option_with_a_name(state, monkeypatch):
    goal = "deaths_in_transit<=1700 in 2045"
    state, on_the_way, search = sought(state, monkeypatch, goal, levers=["rescue_capacity"])
    same = seek(state.scenario.baseline(), [goal], ["rescue_capacity"], 0.8, 4, state.scenario.seed)
    assert search.found.position.tolist() == same.position.tolist() and search.found.is_attained
    assert on_the_way and all(each.is_running for each in on_the_way)
    shown = plain(compare_page.fragment(ENGLISH, state, True, {"search": search}))
    assert plain(seek_view.sentence(ENGLISH, search)) in shown and ENGLISH.title("rescue_capacity") in shown
    kept = []
    host = SimpleNamespace(
        computation=SimpleNamespace(findings={"search": search}), language=ENGLISH, tell=lambda notice: None,
        change_beside=lambda kind, change, then: (kept.append(change(state)), then()),
    )  # fmt: skip
    requests.keep_sought(host)
    (option,) = kept[0].kept
    assert option.title == "Package for: Deaths in transit at most 1,700 people a year in 2045"
    assert dict(option.policies) == dict(same.scenario.policies)


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_forbids_a_target_and_fewer_asking_are_told(state, monkeypatch, code):
    words = language(code)
    state, _, search = sought(state, monkeypatch, "deaths_in_transit<=1 in 2045", levers=["rescue_capacity"], members=2)
    assert not search.found.is_attained
    told = seek_view.sentence(words, search)
    assert words.numbers.percent(float(search.found.least[0])).lstrip("+") in told
    asked = replace(search, found=replace(search.found, fewer_asking=0.25))
    assert words.numbers.chance(0.25) in seek_view.sentence(words, asked)
    assert len(seek_view.sentence(words, asked)) > len(told)


def test_people_held_back_on_the_way_meet_a_target_of_denials_and_that_is_told_as_no_success(state, monkeypatch):
    goal = "protection_gap<=70000 in 2045"
    state, _, search = sought(state, monkeypatch, goal, levers=["transit_interception"], members=6)
    assert search.found.moves and search.found.fewer_asking > 0.1
    assert "no success here" in seek_view.sentence(ENGLISH, search)
    assert "no success here" in answer(search.found)


def test_a_search_for_something_else_stops(state):
    began, dropped, findings = [], [], {}
    state = state.looking(way="seek", targets=("deaths_in_transit<=1 in 2045", "", ""))
    worker = SimpleNamespace(language=ENGLISH, findings=findings, learn=findings.__setitem__, drop=dropped.append)
    worker.begin = lambda kind, steps, then=None: began.append(kind)
    work.begin_search(worker, state)
    assert began == [work.SEARCH] and findings["search"].is_running
    work.decide(worker, state)
    assert findings["search"].is_running
    work.decide(worker, state.looking(share="0.5"))
    assert findings["search"].stopped and isinstance(findings["search"], Search) and work.SEARCH in dropped


def test_a_page_opens_without_what_exploring_alone_needs():
    held = "import sys, pushpull.dashboard.app; print('scipy.stats' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", held], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout.strip() == "False"
