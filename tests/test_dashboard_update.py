"""What messages do to a state, without a page: `read`, `update`, and the history."""

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pushpull.catalogue import catalogue
from pushpull.dashboard import limits
from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.session import session as sessions
from pushpull.dashboard.session.effects import EFFECTS
from pushpull.dashboard.session.session import KINDS, Session
from pushpull.dashboard.state import messages, update
from pushpull.dashboard.state.examples import EXAMPLES
from pushpull.dashboard.state.links import permalink
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.messages import read
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.undo import History
from pushpull.dashboard.state.update import CHANGES, HISTORY_STEPS, StateChange
from pushpull.scenario import ScenarioFaults, policy_names

KNOWN = catalogue()
# One example of each kind of message as a component sends it; none may be read as another kind.
SAID = {
    "move_levers": {"moves": [{"id": "asylum_access", "route": None, "value": 0.7}], "turn": 3, "panel": "levers"},
    "set_schedule": {"schedule": {"id": "asylum_access", "route": None, "form": 0.6}, "panel": "levers"},
    "unset_panel": {"unset": True, "panel": "context"},
    "set_horizon": {"years": {"end": 2040}, "panel": "context"},
    "choose_package": {"package": "balanced"},
    "open_example": {"example": "work_permits"},
    "begin_round": {"begin_round": 1, "seats": 9},
    "sum_round": {
        "sum_round": 1,
        "seats": 9,
        "proposals": '[{"seat": 1, "value": {"role": "smugglers", "why": "By sea."}}]',
    },
    "keep_round": {"keep_round": 1, "seats": 9, "proposals": "[]", "roles": True},
    "list_stories": {"stories": True},
    "play_story": {"story": "weak_link"},
    "play_file": {"story_file": {"name": "mine.yaml", "text": "title: Mine"}},
    "ask_room": {"quick": "direction", "number": 7},
    "edit_story": {"draft": "{}", "wants": "check", "number": 1},
    "open_draft": {"draft_file": {"name": "mine.yaml", "text": "title: Mine"}},
    "reset": {"reset": "both"},
    "choose_formula": {"formula": "pull_deiana2021", "setting": "rescue_pull"},
    "switch_loop": {"loop": False, "name": "fee"},
    "open_corridor": {"corridor": "g8_2001"},
    "keep_beside": {"do": "keep"},
    "add_package": {"option": "punitive"},
    "begin_option": {"do": "new_option"},
    "add_moves": {"option_moves": [{"id": "asylum_access", "route": None, "value": 0.7}]},
    "drop_kept": {"unkeep": 0},
    "move_option": {"shift": 1, "place": 0},
    "edit_option": {"edit": 0},
    "rename": {"rename": "Double visas", "place": 0},
    "look": {"page": "evidence", "subject": "asylum_access"},
    "choose_language": {"language": "fr"},
    "show_year": {"year": "2035"},
    "ask_why": {"why": "public_cost"},
    "open_evidence": {"open": "asylum_access", "panel": "levers"},
    "trade_across": {"pair_across": "public_cost"},
    "trade_up": {"pair_up": "public_cost"},
    "show_loop": {"loop_shown": "fee"},
    "set_target": {"target_value": "500", "target": 0},
    "draw_simulations": {"simulations": "0123456789abcdef"},
    "mark_simulations": {"marked": [0, 3], "of": "0123456789abcdef"},
    "seek_package": {"seek": True},
    "keep_sought": {"keep_sought": True},
    "undo": {"do": "undo"},
    "redo": {"do": "redo"},
    "release": {"release": True, "panel": "levers"},
    "dismiss": {"dismiss": 0},
    "make_charts": {"charts": ["3", "focus", {}]},
    "set_theme": {"dark": True},
    "open_guide": {"guide": True},
    "replay": {"do": "replay"},
    "run_experiments": {"run": ["AAA01"]},
    "prepare_report": {"prepare": True},
    "visit": {"visit": "3.abc"},
    "make_short_link": {"do": "short_link"},
    "download": {"do": "save"},
    "save_in_folder": {"do": "folder"},
    "open_from_folder": {"folder": "mine.yaml"},
    "open_file": {"file": {"name": "mine.yaml", "text": "title: Mine"}},
    "tell_too_large": {"large": "mine.yaml"},
    "take_chart": {"take": "svg", "chart": "0", "asked": 1},
    "take_results": {"do": "results"},
    "make_pack": {"do": "brief"},
    "send_pack": {"pictures": {}},
}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_each_kind_of_message_is_read_from_what_is_sent_and_from_nothing_else(kind):
    assert [each.name for each in KINDS if each.read(SAID[kind.name]) is not None] == [kind.name]
    assert read(SAID[kind.name], KINDS).kind is kind


def test_every_kind_of_message_has_a_name_of_its_own():
    assert len({kind.name for kind in KINDS}) == len(KINDS) == len(SAID)
    assert (*CHANGES, *HISTORY_STEPS, *EFFECTS) == KINDS


def test_what_is_no_message_of_ours_is_read_as_none():
    for said in ({}, {"do": "nothing"}, {"package": "free_ice_cream"}, {"reset": 7}, {"language": None}, {"turn": 1}):
        assert read(said, KINDS) is None


# Random messages -------------------------------------------------------------------------------------------------

lever = st.sampled_from([*KNOWN.levers, *KNOWN.context])
route = st.sampled_from([None, "arizona", "nowhere"])
amount = st.floats(-1, 12, allow_nan=False) | st.none()
moves = st.lists(st.fixed_dictionaries({"id": lever, "route": route, "value": amount}), min_size=1, max_size=3)
forms = st.sampled_from(
    [0.5, {"ramp": {"from": 2028, "to": 2034, "value": 0.9}}, {"table": {"2030": 1, "2040": 0.2}}, {"step": 7}]
)
outcome = st.sampled_from([*KNOWN.outcomes, "nonsense"])
rivals = st.sampled_from([(name, each) for name, some in KNOWN.formulas.items() for each in (*some, "nonsense")])
years = st.integers(1980, 2300)
places = st.integers(-1, 3)


def one_entry(key, values):
    return values.map(lambda value: {key: value})


said_of_state = st.one_of(
    moves.map(lambda some: {"moves": some, "turn": 1}),
    one_entry("schedule", st.fixed_dictionaries({"id": lever, "route": route, "form": forms})),
    st.sampled_from([{"unset": True, "panel": panel} for panel in ("levers", "context")]),
    one_entry("years", one_entry("end", years) | one_entry("policy_start", years)),
    one_entry("package", st.sampled_from(["", *policy_names()])),
    one_entry("reset", st.sampled_from(["policies", "context", "both"])),
    one_entry("example", st.sampled_from([*EXAMPLES])),
    rivals.map(lambda pair: {"setting": pair[0], "formula": pair[1]}),
    st.fixed_dictionaries({"loop": st.booleans(), "name": st.sampled_from([*KNOWN.loops, "nonsense"])}),
    one_entry("corridor", st.sampled_from(["g8_2001", "us_southwest_border", "atlantis"])),
    st.sampled_from([{"do": "keep"}, {"unkeep": 0}, {"language": "fr"}, {"page": "compare", "way": "table"}]),
    one_entry("option", st.sampled_from(policy_names())),
    one_entry("edit", places) | st.fixed_dictionaries({"shift": st.sampled_from([-1, 1]), "place": places}),
    st.fixed_dictionaries({"rename": st.text(max_size=90), "place": places}),
    one_entry("year", st.integers(2000, 2060)),
    *(one_entry(key, outcome) for key in ("why", "open", "pair_across", "pair_up", "loop_shown", "focus")),
)
steps = st.sampled_from([{"do": "undo"}, {"do": "redo"}, {"release": True}])


def after(history, said):
    """The history after a message, and whether it was taken; refused, it is the history before."""
    message = read(said, KINDS)
    if message.kind in HISTORY_STEPS:
        return message.kind.case(history, *message.values)
    try:
        state = update.update(history.now, message)
    except (Refusal, ScenarioFaults):
        return history
    control = message.kind.control
    return history.going(state, control(*message.values) if control else None)


def check_valid(state):
    assert limits.exceeded(state.scenario) is None and len(state.kept) <= limits.MOST_KEPT_BESIDE
    assert state.scenario.policy_start < state.scenario.end
    assert state.scenario.policy_start <= state.year <= state.scenario.end
    assert all(each.corridor == state.base.corridor for each in (state.scenario, *state.kept))
    assert state.option is None or state.kept[state.option] == state.scenario
    json.dumps(state.view.plain())


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(said_of_state | steps, min_size=1, max_size=12))
def test_whatever_is_asked_the_state_is_one_that_a_link_brings_back(said):
    history = History(State.opening())
    for each in said:
        history = after(history, each)
        check_valid(history.now)
    assert open_link(history.now.link).state == history.now


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(said_of_state, min_size=1, max_size=10))
@example([{"years": {"policy_start": 1995}}, {"year": 2000}])  # a year that the first state does not have
def test_all_the_way_back_and_forth_again_ends_where_it_began(said):
    """But for the year that is looked at, which gives way to the last where a state on the way does not have it."""
    first = State.opening()
    history = History(first)
    for each in said:
        history = after(history, each)
    end, back = history.now, history
    for _ in history.past:
        back = back.undo()
    assert (back.now.scenario, back.now.package) == (first.scenario, first.package)
    assert (back.now.kept, back.now.option) == (first.kept, first.option)
    assert back.undo() == back and len(back.future) == len(history.past)
    forth = back
    for _ in back.future:
        forth = forth.redo()
    assert forth.now.view.year in (end.view.year, None)
    assert replace(forth.now, view=replace(forth.now.view, year=end.view.year)) == end and forth.redo() == forth


def test_a_year_that_a_step_back_leaves_outside_the_run_gives_way_to_the_last():
    history = History(State.opening())
    for said in ({"years": {"end": 2060}}, {"year": 2055}, {"do": "undo"}):
        history = after(history, said)
    check_valid(history.now)
    assert history.now.year == history.now.scenario.end


def test_a_step_back_to_another_corridor_leaves_what_is_kept_of_this_one():
    history = History(State.opening())
    for said in ({"corridor": "g8_2001"}, {"do": "keep"}, {"do": "undo"}):
        history = after(history, said)
    check_valid(history.now)
    assert not history.now.kept and open_link(history.now.link).state == history.now


@settings(max_examples=60, deadline=None)
@given(said_of_state)
def test_an_update_alters_nothing_and_is_the_same_each_time(said):
    state = State.opening().with_package("balanced")
    link, message = state.link, read(said, KINDS)

    def made():
        try:
            return update.update(state, message)
        except (Refusal, ScenarioFaults) as fault:
            return str(fault)

    assert made() == made() and replace(state).link == link


# How one adds a message ------------------------------------------------------------------------------------------


def test_a_message_is_added_by_one_record(monkeypatch):
    """The whole of it: how it is read, and its case. The session, the screen and the other messages stay as they are;
    some component then sends `{"halve": "asylum_access"}`."""

    def halve(state, name):
        return state.with_value(name, state.value(name) / 2)

    record = StateChange("halve", messages.entries(halve=messages.text), halve, runs_model=True)
    monkeypatch.setattr(sessions, "KINDS", (record, *KINDS))
    session = Session(State.opening())
    before = session.state.value("asylum_access")
    session.receive({"halve": "asylum_access"})
    assert session.state.value("asylum_access") == before / 2
    assert session.screen.levers.shown["settings"]["asylum_access"]["changed"]
    session.receive({"do": "undo"})
    assert session.state.value("asylum_access") == before


def test_a_setting_is_replaced_in_one_change(monkeypatch):
    """A slider moves through one change of the scenario, whatever was set under its name before."""
    from pushpull.scenario import Scenario

    state, made, changed = State.opening().with_value("border_control", 2.0, "arizona"), [], Scenario.with_changes
    monkeypatch.setattr(Scenario, "with_changes", lambda *it, **how: made.append(how) or changed(*it, **how))
    every = state.with_value("border_control", 1.5)
    assert len(made) == 1 and set(every.value("border_control").values()) == {1.5}
    assert state.with_value("border_control", None).scenario == State.opening().scenario and len(made) == 2


# Steps of the browser's history ----------------------------------------------------------------------------------


def test_each_step_has_a_number_of_its_own_and_the_moves_of_one_hand_have_one():
    history, numbers = History(State.opening()), []
    for said in (
        *({"moves": [{"id": "asylum_access", "route": None, "value": each}]} for each in (0.7, 0.8, 0.9)),
        {"page": "why"},
        {"page": "why"},
        {"do": "keep"},
        {"do": "undo"},
        {"do": "undo"},
        {"do": "redo"},
        {"release": True},
        {"moves": [{"id": "asylum_access", "route": None, "value": 0.9}]},
        {"moves": [{"id": "asylum_access", "route": None, "value": 1.0}]},
    ):
        history = after(history, said)
        numbers.append(history.step)
    assert numbers == [1, 1, 1, 2, 2, 3, 4, 5, 6, 6, 6, 7]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(said_of_state, min_size=1, max_size=8), st.data())
def test_wherever_the_browser_goes_back_the_state_is_the_one_of_then_and_the_way_leads_forth_again(said, data):
    history = History(State.opening())
    seen = [history.now]
    for each in said:
        history = after(history, each)
        seen.append(history.now)
    then = data.draw(st.sampled_from(seen))
    there = history.visiting(open_link(then.link).state)
    assert there.now == then and there.step == history.step and there.mover is None
    assert len(there.past) + len(there.future) == len(history.past)
    again = there.visiting(open_link(history.now.link).state)
    assert again.now == history.now
    assert len(again.past) + len(again.future) == len(history.past)


def test_a_visit_to_what_the_session_has_not_seen_is_a_step_back_to_where_it_was():
    history = History(State.opening()).going(State.opening().with_value("asylum_access", 0.7))
    there = history.visiting(State.opening("g8_2001"))
    assert there.now.opened == "g8_2001" and there.undo().now == history.now and there.step == history.step


def test_that_a_scenario_is_kept_is_told_until_the_next_change():
    session = Session(State.opening())
    session.receive({"do": "keep"})
    assert [each.good for each in session.notices] == [True]
    session.receive({"page": "why"})
    assert session.notices == ()


def test_a_page_goes_where_its_browser_went_and_says_what_of_it_is_not_known():
    session, first = Session(State.opening()), State.opening()
    session.receive({"moves": [{"id": "asylum_access", "route": None, "value": 0.7}]})
    session.receive({"language": "fr"})
    session.receive({"visit": first.link})
    assert session.state == first.looking(language="fr") and session.history.future and not session.notices
    session.receive({"visit": "3.nothing"})
    assert session.state.scenario == first.scenario and len(session.notices) == 1
    content = {"of": first.opened, "scenario": {"policies": {"asylum_access": 0.9, "moat_depth": 4}}}
    session.receive({"visit": permalink.encode(content)})
    assert session.state.value("asylum_access") == 0.9 and "moat_depth" in session.notices[0].summary


def test_the_toolbar_tells_the_browser_which_of_its_changes_was_heard_whatever_came_of_it():
    session, told = Session(State.opening()), []
    for number, said in enumerate(({"package": "balanced"}, {"years": {"end": 1900}}, {"page": "overview"}), 1):
        session.receive({**said, "heard": number})
        told.append(session.screen.toolbar.shown["heard"])
    session.receive({"package": "punitive", "heard": "many"})
    assert told == [1, 2, 3] and session.screen.toolbar.shown["heard"] == 3
