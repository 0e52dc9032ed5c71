"""What a sum buys: each lever as far as the sum takes it, ranked by what it does for an outcome, harms beside it."""

import threading

import pytest
from markupsafe import escape

from pushpull import run
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.levers_for_a_sum import (
    BESIDE,
    CLOSE,
    SumRanking,
    bought,
    key_of,
    mean_cost,
    ranking,
)
from pushpull.dashboard.i18n.texts import LANGUAGES, language
from pushpull.dashboard.pages import sum_table
from pushpull.dashboard.state import policy_options
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import SUMS

SUM, DEATHS = 1e9, "deaths_in_transit"


@pytest.fixture(scope="module")
def state():
    return State.opening("g8_2001").looking(page="compare", way="sum", focus=DEATHS)


@pytest.fixture(scope="module")
def found(state):
    """What one run of each lever says, and what few simulations say."""
    baseline = state.scenario.baseline()
    key = key_of(baseline, state.view.spend, DEATHS, state.year, state.view.valued)
    kinds: list[SumRanking] = []
    for each in ranking(baseline, key, threading.Event()):
        if each not in kinds:
            kinds.append(each)
        if len(kinds) == 2:
            return kinds
    raise AssertionError("no ranking with simulations")


def test_each_lever_spends_the_sum_or_stands_at_an_end_of_its_scale(state, found):
    baseline = state.scenario.baseline()
    plain = run(baseline)
    assert {each.lever for each in found[0].moves} == set(catalogue().levers)
    assert any(not each.is_end for each in found[0].moves) and any(each.is_end for each in found[0].moves)
    for move in found[0].moves:
        moved = run(move.scenario)
        cost = float(mean_cost(moved, baseline)[0] - mean_cost(plain, baseline)[0])
        assert cost == pytest.approx(move.cost, rel=1e-6, abs=1.0)
        assert set(move.scenario.policies) == {move.lever}
        if move.is_end:
            assert cost <= SUM * (1 + CLOSE)
        else:
            assert cost == pytest.approx(SUM, rel=CLOSE)
        assert move.reached[DEATHS] == pytest.approx(moved.total(DEATHS)[0][moved.moment(state.year)], rel=1e-9)


def test_the_way_that_is_shown_does_more_for_the_outcome_than_the_other(state, found):
    baseline, deaths = state.scenario.baseline(), []
    for move in found[0].moves[:8]:
        card = catalogue().model.cards[move.lever]
        for end in (card.low, card.high):
            other = run(baseline.with_changes({"policies": {move.lever: end}}))
            if mean_cost(other, baseline)[0] - mean_cost(run(baseline), baseline)[0] <= SUM:
                deaths.append((move.reached[DEATHS], other.total(DEATHS)[0][other.moment(state.year)]))
    assert deaths and all(shown <= other * (1 + 1e-9) for shown, other in deaths)


@pytest.mark.parametrize("stage", [0, 1], ids=["one run", "simulations"])
def test_what_lowers_deaths_most_stands_first_and_nothing_that_rises_is_hidden(state, found, stage):
    order = [found[stage].verdicts[each.lever] for each in found[stage].ranked()]
    places = [(each[DEATHS].direction, each[DEATHS].difference) for each in order]
    assert places == sorted(places) and places[0][0] == -1
    assert {each[DEATHS].is_provisional for each in order} == {stage == 0}
    for code in LANGUAGES:
        words = language(code)
        shown = sum_table.fragment(words, state, found[stage])
        assert all(escape(words.title(name)) in shown for name in (*BESIDE, *catalogue().levers))
        first = found[stage].ranked()[0]
        told = sum_table.sentence(words, state, found[stage], found[stage].ranked())
        assert words.title(first.lever) in told
        for name in BESIDE:
            if name != DEATHS and found[stage].verdicts[first.lever][name].direction > 0:
                assert words.title(name) in told


def test_a_ranking_of_other_settings_is_not_shown(state, found):
    for other in (state.looking(spend=SUMS[0]), state.looking(focus="public_concern"), state.in_year(2030)):
        assert 'id="running"' in sum_table.fragment(language("en"), other, found[1])
    moved = state.with_value("labour_demand", 0.06)
    assert 'id="running"' in sum_table.fragment(language("en"), moved, found[1])
    assert "figure-sum" in sum_table.fragment(language("en"), state.with_value("asylum_access", 0.9), found[1])


def test_a_row_becomes_an_option_with_just_that_lever(state, found):
    for move in found[0].moves:
        moves = [(each["id"], each["value"], each["route"]) for each in sum_table.moves_of(move)]
        if len(state.kept) < 3:
            state = policy_options.with_moves(state.with_value("asylum_access", 0.9), moves)
            assert state.kept[-1].digest == move.scenario.digest


def test_a_lever_is_bought_for_any_outcome_and_more_of_it_for_a_larger_sum(state):
    baseline = state.scenario.baseline()
    cost = {}
    for amount in (3e8, 3e9):
        moves, plain = bought(baseline, amount, "legal_admissions", 2030.0)
        assert set(plain) == {"legal_admissions", *BESIDE}
        cost[amount] = {each.lever: each.cost for each in moves}
        assert all(each.cost <= amount * (1 + CLOSE) for each in moves)
    assert cost[3e9]["origin_job_creation"] > 5 * cost[3e8]["origin_job_creation"] > 0


@pytest.mark.parametrize("quarters", [0, 1])
def test_a_run_that_ends_as_policy_starts_is_ranked_too(state, quarters):
    plain = state.scenario.baseline()
    short = plain.with_changes(end=plain.policy_start + quarters / 4)
    moves, reached = bought(short, SUM, DEATHS, short.end)
    assert len(moves) == len(catalogue().levers) and reached[DEATHS] > 0
    assert all(each.cost <= (1 + CLOSE) * SUM for each in moves)
