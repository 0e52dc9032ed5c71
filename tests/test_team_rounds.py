"""Rounds on the page: what phones propose becomes options whose levers stand where the room's medians stand."""

import json
import statistics

import pytest

from pushpull.dashboard.compute.stories.team_rounds import kept, round_of, teams_of
from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.limits import MOST_KEPT_BESIDE
from pushpull.dashboard.room.slips import SlipFault, read_answer, read_slip
from pushpull.dashboard.session.session import KINDS
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.messages import read
from pushpull.dashboard.state.state import State
from pushpull.workshop import proposal_slip

CORRIDOR = "g8_2001"  # illustrative, and soon run


@pytest.fixture(scope="module")
def state():
    return State.opening(CORRIDOR)


@pytest.fixture(scope="module")
def teams(state):
    return teams_of(state, 9)


def affordable(teams, role, place=0, part=0.5):
    """A value of a role's lever that takes half of its budget, at most."""
    lever = [each for each in teams.levers[role] if each.cost_per_unit > 0][place]
    most = min(lever.high, lever.today + part * teams.budgets[role] / lever.cost_per_unit)
    return lever.name, most


def proposals(teams, role, *parts):
    return [
        (seat, {"role": role, "values": dict([affordable(teams, role, part=part)]), "why": ""})
        for seat, part in enumerate(parts, 1)
    ]


def test_a_room_too_small_to_tell_has_every_role_and_a_larger_one_those_of_its_seats(state):
    assert len(teams_of(state, 0).roles) == len(teams_of(state, 9).roles) == 8
    assert len(teams_of(state, 3).roles) < 8 and teams_of(state, 3) is teams_of(state, 3)


def test_the_medians_of_a_room_become_an_option_that_a_link_brings_back(state, teams):
    given = proposals(teams, "aid_agencies", 0.1, 0.2, 0.6)
    summed, refused = round_of(teams, 2, [*given, (4, {"role": "smugglers", "why": "By the next gateway."})])
    name = next(iter(given[0][1]["values"]))
    middle = statistics.median(each["values"][name] for _, each in given)
    held = kept(state, summed, of_roles=False)
    assert refused == 0 and [each.title for each in held.kept] == ["Round 2"]
    lever = teams.lever(name)
    value = held.with_scenario(held.kept[0]).value(name)
    values = list(value.values()) if isinstance(value, dict) else [value]  # of each route
    assert values == pytest.approx([middle / lever.scale] * len(values))
    assert open_link(held.link).state == held
    french = kept(state.looking(language="fr"), summed, of_roles=True)
    assert len(french.kept) == 1 and french.kept[0].title.startswith("Tour 2")


def test_what_cannot_be_taken_is_counted_and_changes_nothing(teams):
    good = proposals(teams, "aid_agencies", 0.3)
    name, _ = affordable(teams, "aid_agencies")
    bad = [
        (7, {"role": "nobody"}), (8, {"role": "aid_agencies", "values": {name: float("nan")}}), (9, {}),
        (10, {"role": "aid_agencies", "values": {"border_control": 2}}),
    ]  # fmt: skip
    summed, refused = round_of(teams, 1, [*good, *bad])
    assert refused == len(bad) and summed.values == round_of(teams, 1, good)[0].values


def test_more_options_than_a_page_holds_are_refused_whole(state, teams):
    summed, _ = round_of(teams, 1, proposals(teams, "aid_agencies", 0.3))
    full = state
    for _ in range(MOST_KEPT_BESIDE):
        full = full.keeping(full.scenario)
    with pytest.raises(Refusal):
        kept(full, summed, of_roles=False)


def test_phones_take_the_form_and_a_room_takes_no_more_than_the_budget(teams):
    slip = read_slip(json.loads(json.dumps(proposal_slip(teams, 3))))
    name, value = affordable(teams, "interior_ministry", part=0.9)
    lever = teams.lever(name)
    answer = {"role": "interior_ministry", "values": {name: value}, "why": " Because. "}
    assert read_answer(slip, answer) == answer | {"why": "Because."}
    over = lever.today + 1.1 * teams.budgets["interior_ministry"] / lever.cost_per_unit
    if over <= lever.high:
        with pytest.raises(SlipFault, match="over the budget"):
            read_answer(slip, answer | {"values": {name: over}})
    dearest = max(teams.levers["interior_ministry"], key=lambda each: each.cost(each.high))
    assert dearest.cost(dearest.high) > teams.budgets["interior_ministry"]
    with pytest.raises(SlipFault, match="over the budget"):
        read_answer(slip, answer | {"values": {dearest.name: dearest.high}})


def test_what_a_full_room_proposes_is_one_message(teams):
    value = {"role": "interior_ministry", "values": {each.name: 1 for each in teams.levers["interior_ministry"]}}
    proposals = [{"seat": seat, "value": value} for seat in range(1, 401)]
    message = read({"sum_round": 1, "seats": 400, "proposals": json.dumps(proposals)}, KINDS)
    assert message.kind.name == "sum_round" and len(message.values[2]) == 400


@pytest.mark.parametrize("proposals", ["[", "{}", "[" * 100_000, "[1]", '[{"seat": "1", "value": {}}]', [], None])
def test_proposals_that_are_none_are_no_message(proposals):
    assert read({"sum_round": 1, "seats": 9, "proposals": proposals}, KINDS) is None
