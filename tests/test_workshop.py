"""Teams of a workshop: who moves what, what it costs, what a room proposes, and the scenarios that become of it."""

import itertools
import json
import re
import statistics
import string
from collections import Counter
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape

from pushpull import Scenario, run
from pushpull.catalogue import catalogue
from pushpull.dashboard.room.room_values import SlipFault
from pushpull.dashboard.room.slips import read_answer, read_reveal, read_slip
from pushpull.scenario import corridor_names
from pushpull.wording.phrases import in_language
from pushpull.workshop import (
    Proposal,
    RefusedProposal,
    Round,
    proposal_slip,
    read_proposal,
    read_workshop,
    roles_for,
    seated,
    teams_on,
)
from pushpull.workshop.prices import prices, setting
from pushpull.workshop.roles import OBSERVER, PEOPLE_FIRST
from pushpull.workshop.seats import FEWEST, MOST, left_to_presenter
from pushpull.workshop.sheets import sheets
from pushpull.workshop.spread_table import spread_table
from pushpull.workshop.workshop_words import LANGUAGES, words
from tests.test_words import BANNED

YEAR = 2037
LARGEST_SLIP = 60_000  # bytes
WORKSHOP = read_workshop()
CORRIDORS = [
    pytest.param(each, marks=pytest.mark.audit) if each == "us_southwest_border" else each for each in corridor_names()
]
ROLES = list(WORKSHOP.roles.values())
SEATS = st.integers(FEWEST, MOST)


@cache
def teams(corridor="g8_2001", seats=None):
    return teams_on(WORKSHOP, Scenario.load(corridor), YEAR, seats)


@cache
def slip_of_eight():
    return proposal_slip(teams())


def lever_of(role, name):
    return next(each for each in teams().levers[role] if each.name == name)


# Roles ---------------------------------------------------------------------------------------------------------


def test_every_lever_has_a_team_and_every_team_has_levers_and_money_or_a_reason_why_not():
    moved = {lever for role in ROLES for lever in role.levers}
    assert moved | set(WORKSHOP.left_out) == set(catalogue().levers)
    assert len(ROLES) == 8
    for role in ROLES:
        assert bool(role.levers) == (role.budget_share > 0) == (role.words_only is None), role.id
    assert {role.id for role in ROLES if role.words_only} == {"people_on_the_move", "smugglers"}


def texts_of_roles():
    for role in (*ROLES, WORKSHOP.observer):
        for key in ("title", "brief", "answers_for", "words_only"):
            if getattr(role, key) is not None:
                yield f"{key} of {role.id}", getattr(role, key)
    yield "title", WORKSHOP.title
    yield "budget_note", WORKSHOP.budget_note


TEXTS = dict(texts_of_roles()) | dict(words())


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_is_whole_in_both_languages(name):
    text = TEXTS[name]
    fields = [{field for _, field, _, _ in string.Formatter().parse(each) if field} for each in (text.en, text.fr)]
    assert fields[0] == fields[1]
    for code in LANGUAGES:
        pattern = re.compile(r"\b(" + "|".join(BANNED[code]) + r")\b", re.IGNORECASE)
        assert not pattern.search(text.into(code).replace("’", "'")) and not pattern.search(text.into(code))


def test_briefs_speak_to_the_team_and_answer_for_people():
    for role in ROLES:
        assert role.brief.en.startswith("You ") and role.brief.fr.startswith("Vous "), role.id
        for language, stems in (
            ("en", ("die|death", "exploit", "protect")),
            ("fr", ("meur|décès", "exploit", "protect")),
        ):
            said = role.answers_for.into(language).lower()
            assert all(re.search(stem, said) for stem in stems), (role.id, language)


# Seats ---------------------------------------------------------------------------------------------------------


@given(SEATS)
def test_every_role_is_seated_played_with_another_or_left_to_the_presenter(count):
    seats = seated(WORKSHOP, count)
    assert len(seats) == count
    played = [part.id for role in roles_for(WORKSHOP, count) for part in role.parts]
    left = [role.id for role in left_to_presenter(WORKSHOP, count)]
    assert sorted(played + left) == sorted(WORKSHOP.roles)
    assert {role.id for role in roles_for(WORKSHOP, count)} <= {role.id for role in seats}
    assert {lever for role in seats for lever in role.levers} == set(catalogue().levers)


@given(SEATS)
def test_no_role_has_two_seats_more_than_another_and_observers_are_no_more(count):
    seats = Counter(role.id for role in seated(WORKSHOP, count))
    observers = seats.pop(OBSERVER, 0)
    assert max(seats.values()) - min(seats.values()) <= 1 and observers <= min(seats.values())


@given(st.integers(len(ROLES), MOST), st.integers(len(ROLES), MOST))
def test_a_seat_keeps_its_role_when_others_come_in_later(few, many):
    few, many = sorted((few, many))
    assert seated(WORKSHOP, many)[:few] == seated(WORKSHOP, few)


def test_roles_played_together_have_the_levers_and_the_money_of_both():
    for count in range(FEWEST, len(ROLES)):
        for role in roles_for(WORKSHOP, count):
            assert set(role.levers) == {lever for part in role.parts for lever in part.levers}
            assert role.budget_share == pytest.approx(sum(part.budget_share for part in role.parts))
    with pytest.raises(ValueError, match="seats"):
        roles_for(WORKSHOP, 1)
    with pytest.raises(ValueError, match="seats"):
        roles_for(WORKSHOP, MOST + 1)


# Prices --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_budgets_are_shares_of_what_today_costs_and_buy_some_steps_of_every_lever(corridor):
    found = teams(corridor)
    result = run(found.base, keep=["public_cost"])
    until = (result.time >= found.base.policy_start) & (result.time <= YEAR)
    spent = np.trapezoid(result.total("public_cost")[0, until], result.time[until]) / (YEAR - found.base.policy_start)
    assert found.prices.today_cost == pytest.approx(spent, rel=0.01)  # years rather than quarters
    for role in found.roles:
        assert found.budgets[role.id] == pytest.approx(role.budget_share * found.prices.today_cost)
        for lever in found.levers[role.id]:
            assert lever.low <= lever.today <= lever.high and lever.cost_per_unit >= 0
            assert 4 * lever.step * lever.cost_per_unit <= found.budgets[role.id] * (1 + 1e-9), lever.name


@pytest.mark.parametrize("lever, card, times", [
    ("legal_labour_slots", "cost_per_slot", 2), ("victim_protection", "cost_per_victim", 1.5),
    ("ports_of_entry_places", "cost_per_appointment", 2), ("border_control", "cost_per_agent", 1.2),
])  # fmt: skip
def test_a_price_is_what_the_model_pays_by_the_card_of_the_lever_if_it_goes_a_step_up(lever, card, times):
    """Cost is linear in a card, and nothing else depends on it: what is paid by it shows where it is dearer."""
    base = teams().base
    years = np.arange(base.policy_start, YEAR + 1)
    dear = base.with_changes(parameters={card: base.today(card) * times})
    shown = lever_of(next(role.id for role in ROLES if lever in role.levers), lever)
    step = (shown.high - shown.low) / shown.scale / 20

    def by_card(value):
        policy = {"policies": {lever: setting(base, lever, value)}}
        costs = []
        for scenario in (base, dear):
            result = run(scenario.with_changes(policy), keep=["public_cost"])
            costs.append(np.interp(years, result.time, result.total("public_cost")[0]))
        return np.trapezoid((costs[1] - costs[0]) / (times - 1), years) / (years[-1] - years[0])

    today = shown.today / shown.scale
    expected = (by_card(today + step) - by_card(today)) / step
    assert prices(base, YEAR).per_unit[lever] == pytest.approx(expected, rel=1e-6)


@given(st.data())
def test_where_gateways_differ_all_go_the_same_part_of_their_way(data):
    base, lever = teams().base, lever_of("prosecutors_and_courts", "sentence_severity")
    value = data.draw(st.floats(lever.low, lever.high))
    made = setting(base, "sentence_severity", value)
    today = base.today("sentence_severity")
    assert np.mean(list(made.values())) == pytest.approx(value, abs=1e-9)
    assert all(lever.low <= each <= lever.high for each in made.values())
    order = sorted(made, key=today.get)
    assert all(made[low] <= made[high] for low, high in itertools.pairwise(order))
    assert setting(base, "sentence_severity", np.mean(list(today.values()))) == today


def test_prices_are_there_in_any_year_of_the_run_and_where_it_ends_as_policy_starts():
    base = teams().base
    assert prices(base, base.start).per_unit == prices(base, base.policy_start + 1).per_unit
    assert prices(base, base.start).outcomes != prices(base, YEAR).outcomes
    short = base.with_changes(end=base.policy_start)
    assert prices(short, short.end).today_cost > 0
    with pytest.raises(ValueError, match="outside"):
        prices(base, base.end + 1)


# Proposals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("corridor", CORRIDORS)
@pytest.mark.parametrize("seats", [2, 8, 200])
def test_the_slip_is_what_phones_are_promised(corridor, seats):
    found = teams(corridor, seats)
    slip = proposal_slip(found, 3)
    assert len(json.dumps(slip, allow_nan=False).encode()) <= LARGEST_SLIP
    assert slip["kind"] == "proposal" and slip["round"] == 3 and slip["currency"] == found.currency
    assert slip["title"] == {"en": "Round 3", "fr": "Tour 3"}
    assert set(slip["levers"]) == set(slip["budget"]) == {*(role.id for role in found.roles), OBSERVER}
    assert len(slip["seats"]) == seats and set(slip["seats"]) <= set(slip["roles"])
    assert [each["name"] for each in slip["choices"]] == list(slip["roles"]) == list(slip["levers"])
    assert read_slip(slip) == slip
    for choice in slip["choices"]:
        assert slip["roles"][choice["name"]]["title"] == choice["title"]
    for lever in (each for levers in slip["levers"].values() for each in levers):
        assert set(lever) == {"name", "title", "low", "high", "step", "today", "unit", "cost_per_unit"}
        assert lever["low"] <= lever["today"] <= lever["high"] and lever["step"] > 0
        assert set(lever["title"]) == set(lever["unit"]) == {"en", "fr"}
        assert lever["title"]["en"] == catalogue().levers[lever["name"]].title != lever["title"]["fr"]


MOVERS = [role for role in ROLES if role.levers]


@st.composite
def moves(draw, role):
    """Some levers of a role, each anywhere on its scale."""
    levers = teams().levers[role.id]
    chosen = draw(st.lists(st.sampled_from(levers), unique_by=lambda each: each.name, max_size=4))
    return {each.name: draw(st.floats(each.low, each.high) | st.just(each.today)) for each in chosen}


@given(st.data())
def test_a_proposal_is_taken_as_it_is_exactly_if_the_budget_is_enough_for_it(data):
    role = data.draw(st.sampled_from(MOVERS))
    values = data.draw(moves(role))
    levers = {each.name: each for each in teams().levers[role.id]}
    cost = sum(levers[name].cost_per_unit * (value - levers[name].today) for name, value in values.items())
    beyond = cost - teams().budgets[role.id]
    answer = {"role": role.id, "values": values, "why": " because\n"}
    if beyond > 1.0:
        with pytest.raises(RefusedProposal, match="over the budget of"):
            read_proposal(teams(), 4, answer)
        with pytest.raises(SlipFault, match="over the budget of"):
            read_answer(slip_of_eight(), answer)
    elif beyond < -1.0:
        assert read_answer(slip_of_eight(), answer)["values"] == values
        moved = {name: value for name, value in values.items() if value != levers[name].today}
        assert read_proposal(teams(), 4, answer) == Proposal(4, role.id, moved, "because")


def test_a_proposal_over_budget_is_refused_with_the_sentence_that_says_by_how_much():
    lever = lever_of("interior_ministry", "document_security")
    budget = teams().budgets["interior_ministry"]
    value = lever.today + (budget + 123e6) / lever.cost_per_unit
    with pytest.raises(RefusedProposal) as refused:
        read_proposal(teams(), 1, {"role": "interior_ministry", "values": {"document_security": value}})
    sentence = refused.value.sentence
    english, french = (re.sub("[\u00a0\u202f]", " ", in_language(sentence, code)) for code in LANGUAGES)
    assert english == "this is USD 123 m a year over the budget of USD 428 m a year"
    assert french == "cela dépasse de 123 M USD par an le budget de 428 M USD par an"


def test_what_is_taken_off_one_lever_pays_for_another():
    more = lever_of("interior_ministry", "document_security")
    less = lever_of("interior_ministry", "border_control")
    dear = {"document_security": 100.0}
    assert more.cost(100) > teams().budgets["interior_ministry"]
    with pytest.raises(RefusedProposal):
        read_proposal(teams(), 1, {"role": "interior_ministry", "values": dear})
    assert -less.cost(0.5) > 0
    assert read_proposal(teams(), 1, {"role": "interior_ministry", "values": {**dear, "border_control": 0.5}})


ASYLUM = {"role": "aid_agencies", "values": {"asylum_access": 60}}


@pytest.mark.parametrize("answer, said", [
    (None, "names a role"), ([], "names a role"), ({"values": {}}, "names a role"),
    ({**ASYLUM, "seat": 3}, "names a role"),
    ({"role": "nobody"}, "no such role"), ({"role": ["aid_agencies"]}, "no such role"),
    ({**ASYLUM, "values": [1]}, "by their names"), ({**ASYLUM, "why": "x" * 141}, "at most 140"),
    ({**ASYLUM, "why": 5}, "140"),
    ({**ASYLUM, "values": {"border_control": 1}}, "does not move that lever"),
    ({"role": "smugglers", "values": {"asylum_access": 60}}, "moves no levers"),
    ({"role": "observer", "values": {"asylum_access": 60}}, "moves no levers"),
    *(({**ASYLUM, "values": {"asylum_access": value}}, "Access to asylum is no number")
      for value in (True, "60", None, float("nan"), float("inf"), 10**400)),
    *(({**ASYLUM, "values": {"asylum_access": value}}, "Access to asylum lies outside 0 to 100")
      for value in (-1, 100.5)),
])  # fmt: skip
def test_what_is_no_proposal_is_refused_in_one_sentence_in_both_languages(answer, said):
    with pytest.raises(RefusedProposal) as refused:
        read_proposal(teams(), 1, answer)
    english, french = (in_language(refused.value.sentence, code) for code in LANGUAGES)
    assert said in english and french != english and "\n" not in english


def test_those_who_move_nothing_answer_in_words():
    for role in ("smugglers", "people_on_the_move", "observer"):
        found = read_proposal(teams(), 7, {"role": role, "values": {}, "why": "We go by the south.\u0007"})
        assert found == Proposal(7, role, {}, "We go by the south.")


# Rounds --------------------------------------------------------------------------------------------------------


@st.composite
def rounds(draw):
    """A round in which some seats, several of a role among them, moved some levers, whatever it costs."""
    roles = draw(st.lists(st.sampled_from(MOVERS), min_size=1, max_size=12))
    proposals = []
    for seat, role in enumerate(roles, 1):
        levers = {each.name: each for each in teams().levers[role.id]}
        values = {name: value for name, value in draw(moves(role)).items() if value != levers[name].today}
        proposals.append(Proposal(seat, role.id, values))
    return Round(teams(), draw(st.integers(1, 9)), tuple(proposals))


@settings(max_examples=40)
@given(rounds())
def test_min_median_and_max_are_those_of_all_seats_of_the_roles_that_moved_a_lever(found):
    spreads = {spread.lever.name: spread for spread in found.spreads}
    assert set(spreads) == {name for each in found.proposals for name in each.values}
    for name, spread in spreads.items():
        touching = {each.role for each in found.proposals if name in each.values}
        pooled = [each.values.get(name, spread.lever.today) for each in found.proposals if each.role in touching]
        assert (spread.low, spread.high) == (min(pooled), max(pooled))
        assert spread.middle == statistics.median(pooled)
        assert [each.role.id for each in spread.touched] == [role.id for role in ROLES if role.id in touching]
        assert sum(each.seats for each in spread.touched) == len(pooled)
        assert sum(each.moved for each in spread.touched) == sum(name in each.values for each in found.proposals)
    for role in MOVERS:
        own = [each.values for each in found.proposals if each.role == role.id]
        for name, value in found.values_of(role).items():
            today = lever_of(role.id, name).today
            assert value == statistics.median(each.get(name, today) for each in own)


@settings(max_examples=40)
@given(rounds())
def test_a_round_costs_what_its_medians_cost_and_says_how_far_that_is_over_all_budgets(found):
    prices_of = {spread.lever.name: spread.lever for spread in found.spreads}
    cost = sum(prices_of[name].cost_per_unit * (value - prices_of[name].today) for name, value in found.values.items())
    money = sum(teams().budgets[role] for role in {each.role for each in found.proposals})
    assert found.cost == pytest.approx(cost, abs=1)
    assert found.over == pytest.approx(max(0, cost - money), abs=1)
    assert ("exceed it" in found.cost_sentences.en) == (found.over > 0) == ("dépasser" in found.cost_sentences.fr)


def test_medians_of_proposals_within_their_budget_may_exceed_it_together_and_that_is_said():
    budget, levers = (
        teams().budgets["interior_ministry"],
        ("document_security", "detection_technology", "border_control"),
    )
    half = {name: lever_of("interior_ministry", name) for name in levers}
    up = {name: each.today + 0.45 * budget / each.cost_per_unit for name, each in half.items()}
    answers = [{name: up[name] for name in levers if name != left} for left in levers]
    proposals = [
        read_proposal(teams(), seat, {"role": "interior_ministry", "values": each})
        for seat, each in enumerate(answers, 1)
    ]
    found = Round(teams(), 1, proposals)
    assert found.values == pytest.approx(up) and found.over == pytest.approx(0.35 * budget)


@settings(max_examples=20)
@given(rounds())
def test_scenarios_of_a_round_read_back_the_same_and_hold_its_medians(found):
    made = {None: found.scenario("en"), **found.scenarios_of_roles("en")}
    assert set(made) == {None} | {each.role for each in found.proposals if each.values}
    for role, scenario in made.items():
        again = Scenario.from_text(scenario.to_yaml())
        assert again.digest == scenario.digest and again.title == scenario.title
        values = found.values if role is None else found.values_of(WORKSHOP.roles[role])
        for name, value in values.items():
            lever = teams().lever(name)
            assert (name in again.policies) == (value != lever.today)
            of_routes = again.value_at(name, again.policy_start + 1)
            mean = np.mean(list(of_routes.values())) if isinstance(of_routes, dict) else of_routes
            assert mean * lever.scale == pytest.approx(value, rel=1e-9, abs=1e-9)
        assert set(again.policies) <= set(values)


def test_scenarios_are_called_by_round_and_role():
    moved = Proposal(1, "aid_agencies", {"asylum_access": 60.0})
    found = Round(teams(), 2, (moved, Proposal(2, "smugglers", {}, "No matter.")))
    titles = {"en": ("Round 2", "Round 2: Aid and refugee agencies"),
              "fr": ("Tour 2", "Tour 2\u00a0: Organismes d'aide et de protection des réfugiés")}  # fmt: skip
    for code in LANGUAGES:
        named = found.scenario(code), found.scenarios_of_roles(code)["aid_agencies"]
        assert tuple(each.title for each in named) == titles[code]
        assert all(each.digest == found.scenario("en").digest for each in named)
    assert found.scenario("en").policies["asylum_access"].amounts[0].value == 0.6


def test_the_reveal_and_the_table_name_roles_and_no_seats():
    proposals = [
        Proposal(31, "aid_agencies", {"asylum_access": 60.0}),
        Proposal(47, "interior_ministry", {"asylum_access": 40.0}),
    ]
    found = Round(teams(), 1, proposals)
    revealed = read_reveal(found.reveal())
    (line,) = revealed["levers"]
    assert (line["name"], line["low"], line["middle"], line["high"]) == ("asylum_access", 40, 50, 60)
    assert line["touched"] == ["interior_ministry", "aid_agencies"]
    for code in LANGUAGES:
        table = spread_table(found, code)
        titles = [WORKSHOP.roles[name].title.into(code) for name in line["touched"]]
        assert all(escape(title.replace("'", "’" if code == "fr" else "'")) in table for title in titles)
        assert not re.search(r"\b(31|47)\b", table + json.dumps(revealed))
    assert "<table" not in spread_table(Round(teams(), 1, ()), "en")


# Pages to print ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_card_has_people_first_and_every_form_every_lever(code):
    page = sheets(teams(), code, ("cards",))
    titles = {"en": [catalogue().outcomes[name].title for name in PEOPLE_FIRST],
              "fr": ["Décès pendant le trajet", "Personnes exploitées", "Refus de protection injustifiés"]}  # fmt: skip
    cards = page.split('<section class="page')[2:]
    assert len(cards) == len(ROLES) + 1
    assert all(card.index(escape(title)) < len(card) for card in cards for title in titles[code])
    forms = sheets(teams(), code, ("forms",)).split('<section class="page')[1:]
    for role, form in zip((*ROLES, WORKSHOP.observer), forms, strict=True):
        assert form.count('class="box"') == (2 * len(role.levers) + 1 if role.levers else 0)
    assert sheets(teams(), code, ("results",), 2).count('class="page"') == 4
