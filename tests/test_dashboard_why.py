"""Why an outcome changed: harm that stays visible, assumptions kept apart, loops and paths that are there."""

import threading
from itertools import pairwise

import numpy as np
import pytest

from pushpull import run
from pushpull.analysis import attribute
from pushpull.analysis.dominance import dominance
from pushpull.analysis.links import Trace
from pushpull.analysis.pathways import shares_of_causes, strongest_path
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.explanation import Reasons, alone, reasoning, reference_of
from pushpull.dashboard.compute.runs import runs_of
from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.pages import why_page
from pushpull.dashboard.state.state import State

KNOWN = catalogue()


@pytest.fixture(scope="module")
def punished():
    scenario = State.opening("g8_2001").with_package("one_gateway_crackdown").scenario
    return scenario, run(scenario)


def test_harmful_contributions_stay_visible():
    state = State.opening("us_southwest_border").with_value("border_control", 3.0).with_value("rescue_capacity", 0.5)
    shares = attribute(state.scenario, state.scenario.baseline()).of("deaths_in_transit", at=2040)
    reasons = Reasons(attribute(state.scenario, state.scenario.baseline()))
    assert shares.shares.max() > 0 > shares.shares.min()  # one lever costs lives, the other saves some
    shown = why_page.fragment(
        language("en"), state.looking(focus="deaths_in_transit").in_year(2040), runs_of(state.scenario), reasons
    )
    for player in shares.players:
        assert player.title in shown
    assert "fill: var(--worse)" in shown and "fill: var(--better)" in shown
    assert why_page.tone_of_share(1.0, "lower") == "worse" and why_page.tone_of_share(1.0, "neither") == "neither"


def test_assumptions_are_kept_apart_from_policy():
    state = State.opening("g8_2001").with_value("asylum_access", 0.9).with_value("labour_demand", 0.06)
    assert reference_of(state.scenario) == State.opening("g8_2001").scenario
    found = attribute(state.scenario, reference_of(state.scenario))
    assert {player.names[0]: player.is_policy for player in found.players} == {
        "asylum_access": True,
        "labour_demand": False,
    }
    assert reference_of(state.without_context().scenario) == state.without_context().scenario.baseline()


def test_relative_loop_scores_are_shares(punished):
    found = dominance(*punished)
    sums = np.abs(found.scores).sum(axis=0)
    assert np.all((np.abs(sums - 1) < 1e-9) | (sums == 0))
    assert (np.abs(found.scores) <= 1).all()
    leading, means = found.leading(2027, 2045), found.over(2027, 2045)
    assert sum(abs(means[name]) for name in leading) >= 0.5 * sum(map(abs, means.values()))


def test_a_loop_that_is_switched_off_drives_nothing(punished):
    scenario, _ = punished
    off = scenario.with_changes(loops_off=("fee",))
    on, found = dominance(*punished), dominance(off, run(off))
    fee, after = found.loops.index("fee"), found.time > off.policy_start + 1
    assert np.abs(on.scores[on.loops.index("fee"), after]).max() > 0.01
    assert np.all(found.scores[fee, after] == 0)


def test_the_shares_of_an_effects_causes_add_up_along_a_path(punished):
    scenario = punished[0].with_changes(end=2040, save_every="step")
    lever = next(iter(scenario.policies))
    one, baseline = alone(scenario, lever), scenario.baseline()
    traces = Trace(one, run(one)), Trace(baseline, run(baseline))
    path = strongest_path(*traces, lever, "smuggled_migrants", 2040)
    assert path.names[0] == lever and path.names[-1] == "smuggled_migrants"
    graph = KNOWN.model.causal_graph()
    for cause, effect in zip(path.names[1:], path.names[2:], strict=False):
        assert graph.has_edge(cause, effect)
    moment = traces[0].result.moment(2040)
    shares = {effect: shares_of_causes(*traces, effect, moment) for effect in path.names[1:]}
    assert path.shares == tuple(shares[effect][cause] for cause, effect in pairwise(path.names))
    sole = [effect for effect in path.names[2:] if len(shares[effect]) == 1]
    stocks = [effect for effect in path.names[1:] if KNOWN.model.variables[effect].kind == "stock"]
    assert len(sole) > 2 and len(stocks) > 0
    for effect in sole:
        assert sum(shares[effect].values()) == pytest.approx(1, rel=0.025 if effect in stocks else 1e-9)
    for stock in (*stocks, "people_at_border", "exploited"):  # of the last two, many large flows that nearly cancel
        flows = shares_of_causes(*traces, stock, moment)
        assert sum(flows.values()) == pytest.approx(1, rel=0.025)
    before, after = (trace.result.at("smuggled_migrants", 2040)[0] for trace in reversed(traces))
    assert path.changes[-1] == pytest.approx(after / before - 1)


def test_reasons_come_step_by_step_and_end_with_paths():
    state = State.opening("g8_2001").with_value("asylum_access", 0.9)
    steps = list(reasoning(state.scenario, "protection_gap", 2045.0, None, threading.Event()))
    assert steps[0].division is None and steps[0].loops is not None
    assert steps[-1].division is not None and steps[-1].paths[0].names[0] == "asylum_access"
    page = why_page.fragment(
        language("en"), state.looking(page="why", focus="protection_gap"), runs_of(state.scenario), steps[-1]
    )
    assert "why-sentence" in page and "loop-sentence" in page


def test_fewer_people_on_the_move_are_no_success_by_themselves():
    for name in ("smuggled_migrants", "irregular_entries", "irregular_residents"):
        assert why_page.better_of(name) == "neither"
    assert (why_page.better_of("deaths_in_transit"), why_page.better_of("victims_identified")) == ("lower", "higher")
