"""Stories written in the page: what a step takes over from a state, and every fault of a draft at its entry."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pushpull.catalogue import catalogue
from pushpull.dashboard import limits
from pushpull.dashboard.compute import stories
from pushpull.dashboard.compute.stories.recording import recorded
from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.session.session import Session
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import CHARTS, LANGUAGES, PAGES, PARTS, PEOPLE, WAYS
from pushpull.files.faults import ScenarioFaults
from pushpull.scenario import policy_names, scenario_names
from pushpull.stories import read_story, story_from_text, story_names
from pushpull.stories.story_draft import DraftFaults, draft_from_text, story_of
from pushpull.stories.story_writing import mapping_of, text_of
from tests.test_dashboard_round_trips import schedules
from tests.test_story_files import CASES, changed

KNOWN = catalogue()
SOMETIMES = st.sampled_from([False, True])
TEXT = {"en": "Look.", "fr": "Regardez."}


def draft_of(state, *more):
    """A story of the step that a state makes, and those of others, as the editor writes it."""
    draft = {"schema_version": 1, "title": TEXT, "audience": TEXT, "minutes": 5, "claim": TEXT}
    draft |= {"settings": {}, "numbers": {}, "steps": []}
    for each in (state, *more):
        made = recorded(each, draft)
        draft |= {"corridor": made.corridor, "year": draft.get("year", made.year)}
        draft["settings"] = {**draft["settings"], **made.settings}
        draft["steps"] = [*draft["steps"], {"title": TEXT, "text": TEXT, **made.step}]
    return draft_from_text(json.dumps(draft))


def opened(draft, place=0, language="en"):
    """The state of the page that opens at a step of a story, through its file and its link."""
    story = story_from_text(text_of(draft))
    assert story == story_of(draft, "story")
    return open_link(stories.opened(story)["steps"][place]["links"][language]).state


@st.composite
def states(draw):
    """A state of all that a step can hold: package, levers, schedules, context, options, and what is looked at."""
    state = State.opening(draw(st.sampled_from(scenario_names())))
    state = state.with_package(draw(st.none() | st.sampled_from(policy_names())))
    if draw(SOMETIMES):
        state = state.keeping(state.named())
    cards = [*KNOWN.levers.values(), *KNOWN.context.values()]
    for card in draw(st.lists(st.sampled_from(cards), max_size=6, unique_by=lambda card: card.id)):
        route = (
            draw(st.none() | st.sampled_from(list(state.scenario.corridor.routes))) if card.over == "route" else None
        )
        state = state.with_value(card.id, draw(st.floats(card.low, card.high)), route)
    if draw(SOMETIMES):
        state = state.with_schedule(*draw(schedules(state.scenario.policy_start)))
    choices = {"page": PAGES, "part": PARTS, "way": WAYS, "drawn": CHARTS, "language": LANGUAGES, "focus": PEOPLE}
    view = {name: draw(st.sampled_from(each)) for name, each in choices.items()}
    return state.looking(compared=(), **view).in_year(draw(st.sampled_from([2032.0, 2037.0])))


def without_titles(scenario):
    return {word: each for word, each in scenario.to_mapping().items() if word not in ("title", "question")}


@settings(max_examples=25, deadline=None)
@given(state=states())
def test_what_a_step_takes_from_a_page_is_what_it_opens(state):
    view = state.view
    draft = draft_of(state)
    back = opened(draft, language=view.language)
    assert without_titles(back.scenario) == without_titles(state.scenario)
    assert [without_titles(each) for each in back.kept] == [without_titles(each) for each in state.kept]
    seen = {"page", "focus", {"overview": "drawn", "outcomes": "part", "compare": "way"}.get(view.page, "page")}
    assert {name: getattr(back.view, name) for name in seen} == {name: getattr(view, name) for name in seen}
    assert back.year == state.year and back.opened == state.opened and back.view.language == view.language
    if state.package and not state.is_own and state.scenario.policies:
        assert back.package == state.package


def test_a_setting_that_is_there_is_taken_again_under_its_name():
    state = State.opening().with_package("punitive")
    other = state.looking(page="outcomes", part="recorded").in_year(2033)
    draft = draft_of(state, State.opening(), other, state.with_value("border_control", 2.0))
    assert list(draft["settings"]) == ["punitive", "punitive_changed"]
    assert [step.get("setting", "today") for step in draft["steps"]] == [
        "punitive",
        "today",
        "punitive",
        "punitive_changed",
    ]
    assert draft["settings"]["punitive_changed"]["packages"] == ["punitive"]
    assert draft["steps"][2]["shows"] == {"page": "outcomes", "outcome": PEOPLE[0], "part": "recorded", "year": 2033.0}


def test_settings_that_would_be_called_the_same_are_told_apart():
    states_ = [State.opening().with_value("border_control", value) for value in (1.5, 2.0, 3.0)]
    titles = [each["title"]["fr"] for each in draft_of(*states_)["settings"].values()]
    assert titles[1:] == [f"{titles[0]} – B", f"{titles[0]} – C"]


def test_a_name_that_was_given_stands_in_the_language_of_the_page():
    state = State.opening().with_value("border_control", 2.0).looking(language="fr")
    state = state.with_scenario(state.scenario.with_changes(title="Deux fois plus"))
    draft = draft_of(state)
    assert draft["settings"] == {
        "deux_fois_plus": {"title": {"fr": "Deux fois plus"}, "policies": {"border_control": 2.0}}
    }
    story = story_of(draft, "own")
    assert story.in_one_language == 1 and story.setting_title("deux_fois_plus", "en") == "Deux fois plus"


def test_packages_that_the_page_compares_stand_beside_it():
    state = State.opening().looking(page="compare", compared=("punitive", "preventive"))
    assert len(draft_of(state)["steps"][0]["options"]) == 2


def test_what_a_story_cannot_hold_is_told():
    state = State.opening()
    assert recorded(state, {}).left_out == ()
    assert recorded(state.with_horizon(end=2040.0), {}).left_out == ("years",)
    assert recorded(state.with_loop("fee", False), {}).left_out == ("assumptions",)
    assert recorded(state.looking(page="evidence", subject="border_control"), {}).left_out == ("details",)
    kept = state
    for _ in range(4):
        kept = kept.keeping(kept.named())
    assert recorded(kept, {}).left_out == ("options",)
    with pytest.raises(Refusal):
        recorded(state, {"corridor": "g8_2001"})
    with pytest.raises(Refusal):
        recorded(replace(state, opened="mine"), {})


# Faults at their entries ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", story_names())
def test_a_draft_of_a_shipped_story_is_that_story(name):
    story = read_story(name)
    assert story_of(draft_from_text(json.dumps(mapping_of(story))), name) == story


def plain(text):
    from ruamel.yaml import YAML

    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(text)))


@pytest.mark.parametrize(
    "case", ["a lever out of range", "a number written out", "a question about a level", "a route there is not"]
)
def test_a_draft_tells_the_faults_of_its_file_at_their_entries(case):
    pair, line, words = CASES[case]
    text = changed(pair)
    with pytest.raises(ScenarioFaults) as of_file:
        story_from_text(text)
    with pytest.raises(DraftFaults) as of_draft:
        story_of(plain(text), "story")
    told = [each.fault.told("en") for each in of_draft.value.faults]
    assert sorted(told) == sorted(each.told("en") for each in of_file.value.faults)
    (place,) = {each.place for each in of_draft.value.faults if all(word in each.fault.told("en") for word in words)}
    assert (
        place
        == {
            "a lever out of range": ("settings", "less", "policies", "border_control"),
            "a number written out": ("steps", 1, "text", "en"),
            "a question about a level": ("steps", 1, "question", "number"),
            "a route there is not": ("numbers", "fee_more", "route"),
        }[case]
    )


def test_what_is_not_written_yet_is_missing_at_its_own_entry():
    draft = draft_of(State.opening())
    del draft["claim"], draft["steps"][0]["text"]
    draft["steps"][0]["question"] = {"kind": "line", "of": "deaths_in_transit", "in": "today", "margin": 0.1}
    with pytest.raises(DraftFaults) as found:
        story_of(draft, "story")
    missing = {each.place for each in found.value.faults if each.is_missing}
    step = ("steps", 0)
    assert missing == {
        ("claim",),
        (*step, "text"),
        (*step, "question", "text"),
        (*step, "question", "until"),
        (*step, "after"),
    }


@pytest.mark.parametrize(
    "text", ["", "[]", "3", "{", "[" * 100_000, json.dumps({"steps": [0] * 20_000}), '{"a": "\\ud800"}']
)
def test_what_is_no_draft_is_refused(text):
    with pytest.raises(ScenarioFaults):
        draft_from_text(text)


# What a page asks for --------------------------------------------------------------------------------------------


@pytest.fixture
def session(monkeypatch):
    """A session without a document, and what it sends to its browser."""
    session, sent = Session(State.opening().with_package("punitive").looking(language="fr")), []
    monkeypatch.setattr(session.screen.shell, "send", sent.append)
    monkeypatch.setattr(session, "send", sent.append)
    return session, sent


def test_a_page_checks_takes_shows_and_saves(session):
    session, sent = session
    draft = {"settings": {}, "numbers": {}, "steps": []}

    def ask(wants, number=0):
        sent.clear()
        session.receive({"draft": json.dumps(draft), "wants": wants, "number": number})
        (answer,) = sent
        return answer

    taken = ask("step", -1)["draft_recorded"]
    assert taken["number"] == -1 and taken["step"]["setting"] in taken["settings"]
    draft |= {
        "corridor": taken["corridor"],
        "year": taken["year"],
        "settings": taken["settings"],
        "steps": [taken["step"]],
    }
    checked = ask("check", 7)["draft_checked"]
    assert checked["number"] == 7 and checked["levels"]["deaths_in_transit"] > 0
    assert {tuple(each["place"]) for each in checked["faults"] if each["missing"]} >= {("title",), ("steps", 0, "text")}
    state = open_link(ask("show")["draft_link"]).state
    assert without_titles(state.scenario) == without_titles(session.state.scenario) and state.package == "punitive"
    assert "Il manque" in ask("play")["draft_fault"][0]
    draft["steps"][0]["text"] = {"fr": "Un texte avec 12 décès."}
    (fault,) = [each for each in ask("check")["draft_checked"]["faults"] if each["place"][-1] == "fr"]
    assert fault["text"].startswith("text (étape 1) (fr) : ") or "12" in fault["text"]
    saved = ask("save")["save"]
    assert saved["name"].endswith(".yaml") and plain(saved["text"])["steps"][0]["text"] == draft["steps"][0]["text"]
    sent.clear()
    session.receive({"draft_file": {"name": "mien.yaml", "text": saved["text"]}})
    assert sent[0]["draft_opened"]["steps"] == draft["steps"]
    sent.clear()
    session.receive({"draft": " " * (limits.LARGEST_UPLOAD + 1), "wants": "check", "number": 0})
    assert list(sent[0]) == ["draft_fault"]


@pytest.mark.parametrize(
    "draft", ["[]", '{"steps": 3, "settings": []}', '{"steps": [{"options": [[]]}], "settings": {"a": 3}}']
)
def test_whatever_a_browser_sends_is_answered(session, draft):
    session, sent = session
    for wants in ("check", "step", "show", "play", "save"):
        sent.clear()
        session.receive({"draft": draft, "wants": wants, "number": 99})
        assert len(sent) == 1 and session.notices == (), wants
