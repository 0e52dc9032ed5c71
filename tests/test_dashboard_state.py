"""The dashboard's state: every change, to a link and back, to a file and back, and the model's own numbers."""

import random

import numpy as np
import pytest

from pushpull import Scenario, run
from pushpull.catalogue import catalogue
from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.session.session import Session
from pushpull.dashboard.state.links import permalink
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.undo import History
from pushpull.scenario import ScenarioFaults, policy_names, scenario_names

KNOWN = catalogue()


def moves(seed, count=None):
    """Random moves of levers and context on a random corridor, as a browser sends them."""
    chance = random.Random(seed)
    name = chance.choice(scenario_names())
    cards = [*KNOWN.levers.values(), *KNOWN.context.values()]
    routes = list(State.opening(name).scenario.corridor.routes)
    found = []
    for card in chance.sample(cards, count or chance.randint(1, 12)):
        value = chance.uniform(card.low, card.high)
        route = chance.choice([None, *routes]) if card.over == "route" else None
        found.append({"id": card.id, "route": route, "value": value})
    return name, chance.choice([None, None, *policy_names()]), found


def moved(seed):
    name, package, changes = moves(seed)
    state = State.opening(name).with_package(package)
    for change in changes:
        state = state.with_value(change["id"], change["value"], change["route"])
    return state


def test_a_fresh_state_is_the_shipped_scenario_and_its_own_baseline():
    for name in scenario_names():
        state = State.opening(name)
        assert state.scenario == Scenario.load(name) == state.scenario.baseline()
        assert not state.is_own


@pytest.mark.parametrize("part", range(3))
def test_random_states_show_the_numbers_python_gives(part):
    session = Session(State.opening())
    for seed in range(10 * part, 10 * part + 10):
        name, package, changes = moves(seed)
        session.receive({"corridor": name})
        session.receive({"package": package or ""})
        session.receive({"moves": changes, "turn": seed, "panel": "levers"})
        assert session.notices == ()
        scenario = Scenario.from_text(session.state.to_yaml())
        for source, expected in (("yours", scenario), ("baseline", scenario.baseline())):
            result = run(expected)
            shown = getattr(session.screen.sources, source).data
            for outcome in KNOWN.outcomes:
                assert np.array_equal(shown[outcome], result.total(outcome)[0]), (seed, source, outcome)


def test_a_link_carries_parameters_formulas_loops_and_years():
    setting = next(iter(KNOWN.formulas))
    parameter = next(each for each in KNOWN.parameters.values() if each.over is None)
    scenario = State.opening().scenario.with_changes(
        parameters={parameter.id: parameter.high},
        formulas={setting: KNOWN.formulas[setting][-1]},
        loops_off=[next(iter(KNOWN.loops))],
        policies={"border_control": {"table": {2027: 1, 2030.5: 2}}},
        end=2050,
        seed=7,
    )
    state = State.opening().with_scenario(scenario)
    assert open_link(state.link).state == state
    assert set(state.beyond) == {parameter.id}


def test_a_file_of_history_alone_is_not_for_the_dashboard():
    text = State.opening().scenario.with_changes(end=2010).to_yaml()
    with pytest.raises(Refusal, match="end in 2010, before any policy starts in 2027"):
        State.opening().with_file(text, "history.yaml")


@pytest.mark.parametrize("code, name", [("en", "court capacity"), ("fr", "capacité des tribunaux")])
def test_a_policy_start_behind_what_is_set_is_refused_in_the_language_of_the_page(code, name):
    state = State.opening().with_schedule("court_capacity", {"step": {"year": 2028, "value": 9000}})
    assert state.with_horizon(policy_start=2028.0).scenario.policy_start == 2028
    with pytest.raises(Refusal) as caught:
        state.with_horizon(policy_start=2028.5)
    told = caught.value.told(language(code))
    assert "2028.5" in told.replace(",", ".") and name in told and "court_capacity" not in told
    assert caught.value.faults == ()


def test_a_link_that_keeps_too_many_scenarios_says_that_they_are_too_many():
    content = {"of": "us_southwest_border", "kept": [{"title": f"Number {each}"} for each in range(40)]}
    with pytest.raises(Refusal, match="No more than 12"):
        open_link(permalink.encode(content))


def test_reset_gives_back_exactly_the_baseline():
    for seed in range(20):
        state = moved(seed)
        assert state.reset().scenario == Scenario.load(state.opened)


def test_a_lever_moved_back_to_today_is_not_set():
    state = State.opening()
    for name, today in state.today.items():
        value = today if isinstance(today, float) else next(iter(today.values()))
        card = KNOWN.levers.get(name) or KNOWN.context[name]
        there = state.with_value(name, card.high if value != card.high else card.low)
        assert there.is_changed(name)
        assert there.with_value(name, None).scenario == state.scenario
        if isinstance(today, float):
            assert there.with_value(name, today).scenario == state.scenario


def test_a_lever_of_one_route_leaves_the_others_as_they_are():
    state = State.opening("g8_2001")
    there = state.with_value("sentence_severity", 3.5, "south")
    assert there.value("sentence_severity") == {**state.value("sentence_severity"), "south": 3.5}
    assert there.with_value("sentence_severity", None, "south").scenario == state.scenario


def test_moving_a_lever_of_a_package_keeps_the_years_of_its_ramp():
    state = State.opening().with_package("punitive")
    ramp = state.scenario.policies["detection_technology"]
    there = state.with_value("detection_technology", 0.9)
    now = there.scenario.policies["detection_technology"]
    assert (now.start, now.end, now.value.value) == (ramp.start, ramp.end, 0.9)
    assert there.is_own and not state.is_own


def test_a_package_replaces_the_levers_and_keeps_the_context():
    state = State.opening().with_value("conflict_intensity", 60.0).with_value("asylum_access", 0.9)
    there = state.with_package("punitive")
    assert there.scenario.context == state.scenario.context
    assert there.scenario.policies == State.opening().with_package("punitive").scenario.policies
    assert there.with_package(None).scenario.policies == {}


def test_a_value_out_of_range_is_refused():
    with pytest.raises(ScenarioFaults, match="outside its range"):
        State.opening().with_value("border_control", 99.0)
    with pytest.raises(Refusal, match="no route"):
        State.opening().with_value("border_control", 2.0, "atlantis")


def test_steps_back_and_forth_and_one_slider_is_one_step():
    first = State.opening()
    history = History(first)
    for value in (0.6, 0.7, 0.8):
        history = history.going(first.with_value("asylum_access", value), "asylum_access")
    history = history.going(history.now.with_value("border_control", 2.0), "border_control")
    back = history.undo()
    assert back.now.value("asylum_access") == 0.8
    assert back.undo().now == first and back.undo().undo() == back.undo()
    again = back.undo().redo()
    assert again.now.value("asylum_access") == 0.8 and again.past and again.future


@pytest.mark.parametrize(
    "text",
    ["garbage", "1.", "1.####", "2.abcd", "", "../../etc/passwd", "1." + "A" * 100_000]
    + [permalink.encode(content) for content in ({}, {"of": "atlantis"}, {"of": []}, {"of": {"a": 1}})]
    + [permalink.encode({"of": "g8_2001", "scenario": scenario}) for scenario in ([], {"title": ""}, {"policies": 3})]
    + [permalink.encode({"of": "g8_2001", "package": package}) for package in (5, {})],
)
def test_a_garbage_link_is_refused_with_one_message(text):
    with pytest.raises(Refusal, match="The link cannot be opened"):
        open_link(text)


def test_a_link_that_was_cut_short_is_refused():
    whole = moved(3).link
    for length in range(len(whole)):
        with pytest.raises(Refusal):
            open_link(whole[:length])


def test_a_link_that_unpacks_without_end_is_refused():
    bomb = permalink.encode({"of": "x" * 5_000_000})
    assert len(bomb) < permalink.LONGEST_LINK
    with pytest.raises(Refusal):
        open_link(bomb)


@pytest.mark.parametrize("view", [7, [], {"page": 9}, {"chosen": [None, {}]}, {"year": 1800}, {"year": "soon"}])
def test_a_view_that_makes_no_sense_is_left_out(view):
    state = open_link(permalink.encode({"of": "g8_2001", "view": view})).state
    assert state.scenario == Scenario.load("g8_2001")
    assert state.view.page == "overview" and state.view.year is None


def test_files_with_faults_are_refused_with_every_fault():
    state = moved(1)
    text = State.opening().to_yaml() + "policies: {border_controll: 2, asylum_access: 7}\n"
    with pytest.raises(Refusal) as caught:
        state.with_file(text, "mine.yaml")
    assert len(caught.value.faults) == 2
    assert all(each.file == "mine.yaml" for each in caught.value.faults)


@pytest.mark.parametrize("title", ["<script>alert(1)</script>", "<b>x", "a </title>", "javascript:alert(1)"])
def test_markup_in_a_title_is_refused(title):
    text = State.opening().scenario.with_changes(title=title).to_yaml()
    with pytest.raises(Refusal) as caught:
        State.opening().with_file(text, "mine.yaml")
    assert "markup" in caught.value.faults[0].what
    scenario = State.opening().scenario.with_changes(title=title)
    with pytest.raises(Refusal, match="link cannot be opened"):
        open_link(State.opening().with_scenario(scenario).link)


@pytest.mark.parametrize("name", ["../../etc/passwd.yaml", "", "a/b.yaml", "a\\b.yaml", "<i>.yaml", "a" * 200])
def test_the_name_of_no_plain_file_is_refused(name):
    with pytest.raises(Refusal, match="its name is not valid"):
        State.opening().with_file(State.opening().to_yaml(), name)


def test_a_file_larger_than_its_most_entries_need_is_refused():
    with pytest.raises(Refusal, match="larger than 100 kB"):
        State.opening().with_file("#" * 100_001, "large.yaml")


def test_a_file_of_another_corridor_opens_that_corridor():
    state = State.opening().with_file(State.opening("g8_2001").to_yaml(), "g8.yaml")
    assert state.opened == "g8_2001"
    assert state.scenario == State.opening("g8_2001").scenario


def test_a_policy_package_file_is_laid_over_the_corridor_that_is_open():
    text = "schema_version: 4\nkind: policy\ntitle: Mine\npolicies: {asylum_access: 0.9}\n"
    state = State.opening("g8_2001").with_file(text, "mine.yaml")
    assert state.value("asylum_access") == 0.9
    with pytest.raises(Refusal) as caught:
        state.with_file(text.replace("asylum_access", "asylum_acess"), "mine.yaml")
    assert (caught.value.faults[0].file, caught.value.faults[0].line) == ("mine.yaml", 4)
