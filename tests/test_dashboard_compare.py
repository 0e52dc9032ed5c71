"""Scenarios side by side: any number of them, in every view, and policy apart from assumptions."""

import threading

import numpy as np
import pytest
from markupsafe import escape

from pushpull import run
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute import ensembles
from pushpull.dashboard.compute.compared import Entry, difference, entries, four, scenarios
from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.pages import compare_page, levers_table
from pushpull.dashboard.session.session import Session
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.packages import package_heading
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import COMPUTED, LANGUAGES, WAYS
from pushpull.files.bounded_cache import every_cache
from pushpull.scenario import changes

KNOWN = catalogue()
ENGLISH = language("en")
SIX = ["preventive", "punitive", "remedial", "balanced", "one_gateway_crackdown", "publicity_only"]


@pytest.fixture(scope="module")
def six():
    state = State.opening("g8_2001").with_value("asylum_access", 0.9).looking(page="compare", compared=SIX)
    return state.keeping(state.named())


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("way", [way for way in WAYS if way not in COMPUTED])
def test_six_scenarios_and_more_compare_in_every_view(six, way, code):
    words, titles = language(code), []
    state = six.with_value("labour_demand", 0.06).looking(way=way)
    shown = compare_page.fragment(words, state).split("</details>", 1)[1]  # what is chosen stands above
    for name in SIX:
        titles.append(words.of("packages", name, package_heading(name).title))
    titles += [words.say("yours"), six.kept[0].title]
    for title in titles:
        assert escape(title) in shown, (way, title)


@pytest.mark.parametrize("way", [way for way in WAYS if way not in ("difference", "effects", "levers", *COMPUTED)])
def test_every_view_draws_every_scenario(six, way):
    """A picture or a column for each; the numbers in it are those of its own run, where no simulations are kept."""
    for held in every_cache():
        held.drop()
    shown, found = compare_page.fragment(ENGLISH, six.looking(way=way)), entries(ENGLISH, six)
    colours = {"multiples": "stroke: var(--{})", "table": "background: var(--{})", "tradeoff": "fill: var(--{})"}
    for entry in found:
        assert colours.get(way, "stroke: var(--{})").format(entry.colour) in shown, entry.key
        outcome = KNOWN.outcomes["deaths_in_transit"]
        value = float(run(entry.scenario).total(outcome.id)[0, -1])
        if way != "multiples":
            assert ENGLISH.numbers.amount(value, outcome.unit) in shown, entry.key


def test_a_scenario_less_itself_is_exactly_nothing(six):
    for entry in entries(ENGLISH, six):
        again = Entry(entry.key, entry.title, entry.scenario, run(entry.scenario), entry.colour)
        for name in KNOWN.outcomes:
            assert not difference(entry, again, name)[1].any()
        told = compare_page.outcome_summary(ENGLISH, six.looking(way="difference"), entry, again, "deaths_in_transit")
        assert ENGLISH.say("overview.unchanged") in told


def test_a_package_is_compared_in_the_context_that_is_set(six):
    state = six.with_value("labour_demand", 0.06)
    found = {entry.key: entry for entry in entries(ENGLISH, state)}
    expected = run(state.scenario.baseline().with_policy("punitive"))
    for name in KNOWN.outcomes:
        assert np.array_equal(found["package:punitive"].result.total(name)[0], expected.total(name)[0])


def test_policy_and_assumptions_are_four_runs(six):
    alone = compare_page.fragment(ENGLISH, six.looking(way="effects"))
    assert ENGLISH.say("compare.effects_missing") in alone and "effects-sentence" not in alone
    state = six.with_value("labour_demand", 0.06).with_loop("fee", False)
    scenarios = four(state.scenario)
    stands = State.opening("g8_2001").scenario
    assert scenarios["neither"] == stands
    assert scenarios["policy"] == stands.with_changes(policies={"asylum_access": 0.9})
    assert scenarios["assumptions"] == state.scenario.baseline() and scenarios["both"] == state.scenario
    shown = compare_page.fragment(ENGLISH, state.looking(way="effects", focus="protection_gap"))
    assert "effects-sentence" in shown
    for entry in entries(ENGLISH, state):
        runs = {key: run(scenario) for key, scenario in four(entry.scenario).items()}
        at = {key: float(result.total("protection_gap")[0, -1]) for key, result in runs.items()}
        for one, other in (("assumptions", "neither"), ("policy", "neither"), ("both", "assumptions")):
            assert ENGLISH.numbers.difference(at[one] - at[other], "person/year") in shown, entry.key


def test_clouds_hold_the_members_of_each_scenario(six):
    scenario = six.scenario
    few, ensemble = ensembles.ensembles_of([scenario], (2030.0, 2045.0), threading.Event())
    for each, members in ((few, ensembles.MEMBERS), (ensemble, ensembles.STAGES[-1])):
        assert each.at("protection_gap", 2045).shape == (members,)
    assert ensembles.is_complete(scenario)
    assert ensembles.cached_ensemble(scenario) is ensemble
    low, high = ensemble.paired.of("protection_gap").policy.most[:, -1]
    assert low <= np.median(ensemble.at("protection_gap", 2045)) <= high


def test_the_lever_table_tells_least_mean_and_most(six):
    found = entries(ENGLISH, six)
    values = [100 * levers_table.end_value(entry, "asylum_access") for entry in found][1:]
    shown = levers_table.fragment(ENGLISH, six, found)
    body = shown.split("<tbody>")[1]
    row = body[body.index("Access to asylum") :].split("</tr>")[0]
    for value in (min(values), sum(values) / len(values), max(values)):
        assert f">{ENGLISH.numbers.number(value)}<" in row


def test_keeping_and_removing_a_scenario():
    session = Session(State.opening("g8_2001"))
    session.receive({"moves": [{"id": "asylum_access", "value": 0.9}], "turn": 1, "panel": "levers"})
    session.receive({"do": "keep"})
    assert session.state.kept[0].policies == session.state.scenario.policies
    session.receive({"reset": "both"})
    assert len(session.state.kept) == 1
    assert open_link(session.state.link).state == session.state
    session.receive({"unkeep": 0})
    assert session.state.kept == ()


def test_files_of_packages_are_read_once_and_everybody_sees_titles_of_their_own(monkeypatch):
    """What is shown of a comparison is made anew at each move, for everybody on the server."""
    ours = State.opening("g8_2001").with_value("court_capacity", 1.3).looking(page="compare", compared=SIX)
    other = ours.with_scenario(ours.scenario.with_changes(title="Somebody else's plan"))
    assert ours.scenario.digest == other.scenario.digest
    first = [scenario.title for _, _, scenario in scenarios(ENGLISH, ours)]
    assert any("Somebody else" in scenario.title for _, _, scenario in scenarios(ENGLISH, other))
    monkeypatch.setattr(changes, "read_tree", lambda *_: pytest.fail("a package was read again"))
    assert [scenario.title for _, _, scenario in scenarios(ENGLISH, ours)] == first


def test_named_settings_are_judged_by_their_simulations():
    """What a scenario is called makes no other baseline of it."""
    state = State.opening().with_package("punitive").looking(page="compare", way="table")
    reference, *others = entries(language("en"), state)
    assert len({each.scenario.title for each in others}) == len(others) > 1
    when = (float(state.year),)
    list(ensembles.ensembles_of([others[0].scenario], when, threading.Event()))
    found = compare_page.verdicts_on(state, others[0], reference)
    assert found["public_cost"].members == ensembles.STAGES[-1] and not found["public_cost"].is_provisional
