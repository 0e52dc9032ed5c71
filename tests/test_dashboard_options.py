"""Names that users give, and options side by side: named, moved, removed, and edited in place."""

import unicodedata

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pushpull import Scenario
from pushpull.dashboard.compute.compared import entries, options_of
from pushpull.dashboard.export.colophon import colophon_of, scenario_name
from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.i18n.texts import LANGUAGES, language
from pushpull.dashboard.pages import compare_page, options_panel
from pushpull.dashboard.session.session import Session
from pushpull.dashboard.state import policy_options
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.packages import LONGEST_NAME, cleaned, unlike
from pushpull.dashboard.state.state import State
from pushpull.dashboard.view_model import page, toolbar

ENGLISH = language("en")
CORRIDOR = "us_southwest_border"
NAMED = 'schema_version: 4\ntitle: "{title}"\ncorridor: us_southwest_border\npolicies: {{asylum_access: {value}}}\n'


def titles(state, words=ENGLISH):
    return [state.title_of(words, each) for each in state.kept]


def session_with(*packages):
    session = Session(State.opening())
    for name in packages:
        session.receive({"option": name})
    assert not [each for each in session.notices if not each.good]
    return session


# Names -----------------------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=200))
@example("ضعف التأشيرات")
@example("\u202eevil\u2066 name\x00\n\t of  two\u2028lines")
@example("Deux fois plus de permis : l'option « B »")
@example("yes")
@example("1e3")
@example("👩‍👩‍👧 &amp; < 5 %")
def test_any_name_comes_back_from_link_and_file(text):
    state = State.opening().with_value("asylum_access", 0.9)
    try:
        named = policy_options.renamed(state, -1, text)
    except Refusal as refused:
        assert refused.key == "name_markup" and "<" in text or "&#" in text or "javascript:" in text.lower()
        return
    assert len(named.name) <= LONGEST_NAME and named.name == cleaned(named.name)
    assert not any(unicodedata.category(mark) in ("Cc", "Cs", "Zl", "Zp") for mark in named.name)
    kept = named.keeping(named.named())
    assert open_link(kept.link).state == kept
    assert Scenario.from_text(named.to_yaml()).title == named.scenario.title


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "<b>x", "a </title>", "javascript:alert(1)", "&#60;b"])
def test_markup_is_no_name(text):
    session = Session(State.opening())
    session.receive({"rename": text, "place": -1})
    assert session.state.name == "" and not session.notices[0].good


def test_what_looks_like_markup_and_is_none_is_escaped_wherever_it_is_shown():
    state = policy_options.renamed(State.opening().with_value("asylum_access", 0.9), -1, 'Less "than" & < 5 %')
    state = state.keeping(state.named()).looking(page="compare", way="table")
    shown = str(compare_page.fragment(ENGLISH, state))
    assert "Less &#34;than&#34; &amp; &lt; 5 %" in shown and 'Less "than"' not in shown


def test_the_title_of_a_file_is_the_name_everywhere():
    state = State.opening().with_file(NAMED.format(title="Double visas", value=0.9), "double.yaml")
    assert state.name == "Double visas" and state.file_name == "Double visas.yaml"
    session = Session(state)
    shown = page.shown(ENGLISH, session.snapshot())
    assert (shown["name"], shown["yours"]) == ("Double visas", "Double visas")
    colophon = colophon_of(ENGLISH, session.state)
    assert scenario_name(ENGLISH, session.state) == colophon.stem == "Double visas"
    taken = session.screen.taken("csv", "main", colophon)["save"]
    assert taken["name"].startswith("Double visas_") and "Double visas (" in taken["text"].splitlines()[0]
    assert ["own", "Double visas"] in toolbar.shown(ENGLISH, session.snapshot())["packages"]
    assert "Double visas" in [each.title for each in entries(ENGLISH, state)]
    session.receive({"do": "keep"})
    assert titles(session.state) == ["Double visas"]
    assert titles(open_link(session.state.link).state) == ["Double visas"]


def test_two_files_keep_their_names_side_by_side():
    session = Session(State.opening())
    for title, value in (("Double visas", 0.9), ("5,000 more agents", 0.8)):
        text = NAMED.format(title=title, value=value)
        session.receive({"file": {"name": "mine.yaml", "text": text}})
        session.receive({"do": "keep"})
    assert titles(session.state) == ["Double visas", "5,000 more agents"]
    headings = [each.title for each in options_of(ENGLISH, session.state)]
    assert headings == ["A: Double visas", "B: 5,000 more agents"]


def test_a_name_that_nobody_gave_says_which_levers_move_in_the_language_of_the_page():
    state = State.opening().with_value("asylum_access", 0.9)
    for code in LANGUAGES:
        words = language(code)
        named = state.looking(language=code).named().title
        assert named == words.title("asylum_access")
        more = state.with_value("court_capacity", 9000).with_value("employer_sanctions", 0.5).looking(language=code)
        assert words.say("overview.and_others", count=1) in more.named().title
        assert State.opening().with_package("balanced").looking(language=code).named().title == words.of(
            "packages", "balanced", "Balanced"
        )


def test_a_name_given_stays_when_levers_move_and_goes_with_another_package():
    state = policy_options.renamed(State.opening(), -1, "Mine").with_value("asylum_access", 0.9)
    assert state.name == "Mine"
    assert state.with_package("balanced").name == ""
    assert policy_options.renamed(state, -1, "  ").name == ""


def test_no_two_options_bear_one_name():
    state = policy_options.renamed(State.opening().with_value("asylum_access", 0.9), -1, "Mine")
    for _ in range(3):
        state = state.keeping(state.scenario)
    assert titles(state) == ["Mine", "Mine (2)", "Mine (3)"]
    assert unlike("x" * LONGEST_NAME, {"x" * LONGEST_NAME}).endswith(" (2)")
    assert len(unlike("x" * LONGEST_NAME, {"x" * LONGEST_NAME})) <= LONGEST_NAME


# Options ---------------------------------------------------------------------------------------------------------


def test_a_package_is_an_option_by_one_click_on_the_page():
    session = session_with("punitive")
    assert "punitive" not in session.state.view.compared
    assert session.state.kept[0].policies == State.opening().with_package("punitive").scenario.policies
    shown = options_panel.fragment(ENGLISH, session.state)
    assert 'id="name-0"' in shown and 'id="option-edit-0"' in shown and 'id="unkeep-0"' in shown


def test_an_option_that_nobody_named_speaks_the_language_of_the_page():
    state = session_with("punitive").state.with_value("asylum_access", 0.9)
    state = state.keeping(state.scenario)
    edited = policy_options.editing(state, 0).with_value("border_control", 1.1)
    for code in LANGUAGES:
        words = language(code)
        package = words.of("packages", "punitive", "Punitive")
        assert titles(state, words) == [package, words.title("asylum_access")]
        assert titles(edited, words)[0] == words.say("toolbar.changed", title=package)
    assert titles(state) != titles(state, language("fr"))


def test_an_option_that_is_edited_takes_every_move_and_the_others_none():
    session = session_with("punitive", "balanced")
    session.receive({"edit": 1})
    assert session.state.scenario == session.state.kept[1]
    session.receive({"moves": [{"id": "asylum_access", "route": None, "value": 0.77}], "turn": 1, "panel": "levers"})
    session.receive({"years": {"end": 2040}})
    assert session.state.kept[1].policies["asylum_access"] == session.state.scenario.policies["asylum_access"]
    assert session.state.kept[1].end == 2040 and session.state.kept[0].end != 2040
    session.receive({"edit": -1})
    session.receive({"moves": [{"id": "asylum_access", "route": None, "value": 0.66}], "turn": 2, "panel": "levers"})
    assert session.state.value("asylum_access") == 0.66
    assert policy_options.editing(session.state, 1).value("asylum_access") == 0.77
    assert titles(session.state) == ["Punitive", "Balanced, changed"]


def test_another_package_in_an_option_that_is_edited_leaves_its_name_and_a_reset_leaves_the_option():
    session = session_with("punitive")
    before = session.state.kept
    session.receive({"edit": 0})
    session.receive({"reset": "both"})
    assert session.state.kept == before and session.state.option is None
    session.receive({"edit": 0})
    session.receive({"package": "balanced"})
    assert titles(session.state) == ["Balanced"]  # nobody named it otherwise
    session.receive({"rename": "Hard line", "place": 0})
    session.receive({"package": "punitive"})
    session.receive({"package": "balanced"})
    assert titles(session.state) == ["Hard line"]
    assert session.state.kept[0].policies == State.opening().with_package("balanced").scenario.policies


@pytest.mark.parametrize("edited", [None, 0, 1, 2])
@pytest.mark.parametrize(
    "place, by, order", [(0, 1, "bac"), (2, -1, "acb"), (0, 9, "bca"), (1, 0, "abc"), (2, -9, "cab")]
)
def test_moving_an_option_keeps_every_option_and_the_one_that_is_edited(edited, place, by, order):
    state = State.opening()
    for name in "abc":
        state = state.keeping(state.scenario.with_changes(title=name))
    if edited is not None:
        state = policy_options.editing(state, edited)
    moved = policy_options.moved(state, place, by)
    assert titles(moved) == list(order)
    assert (moved.option is None) == (edited is None)
    if edited is not None:
        assert moved.kept[moved.option].title == "abc"[edited] == moved.scenario.title


@pytest.mark.parametrize("gone, edited", [(0, 1), (1, 1), (2, 1)])
def test_removing_an_option_leaves_the_one_that_is_edited_or_ends_it(gone, edited):
    state = State.opening()
    for name in "abc":
        state = state.keeping(state.scenario.with_changes(title=name))
    left = policy_options.without(policy_options.editing(state, edited), gone)
    assert titles(left) == [name for place, name in enumerate("abc") if place != gone]
    assert left.option == (None if gone == edited else titles(left).index("b"))


def test_an_option_that_was_removed_comes_back_by_a_step_back():
    session = session_with("punitive", "balanced")
    session.receive({"unkeep": 0})
    assert titles(session.state) == ["Balanced"]
    session.receive({"do": "undo"})
    assert titles(session.state) == ["Punitive", "Balanced"]


def test_the_settings_of_the_page_stand_once_where_they_are_an_option():
    session = session_with("punitive", "balanced")
    session.receive({"edit": 0})
    found = entries(ENGLISH, session.state.looking(compared=()))
    assert [each.key for each in found] == ["baseline", "kept:0", "kept:1"]
    assert [each.is_current for each in found] == [False, True, False]
    session.receive({"edit": -1})
    assert [each.key for each in entries(ENGLISH, session.state)].count("yours") == 0


def test_an_option_keeps_its_colour_whatever_else_is_compared():
    state = session_with("punitive", "balanced").state
    many = state.with_value("asylum_access", 0.9).looking(compared=["preventive", "remedial"])
    for each in (state.looking(compared=()), many):
        assert {entry.key: entry.colour for entry in entries(ENGLISH, each)}.items() >= {
            "kept:0": "scenario-0", "kept:1": "scenario-1",
        }.items()  # fmt: skip


def test_a_link_says_which_option_is_edited():
    state = policy_options.editing(session_with("punitive", "balanced").state, 1)
    opened = open_link(state.link).state
    assert opened == state and opened.option == 1


@pytest.mark.parametrize("option", [True, -1, 7, "0", None, 1.0])
def test_a_link_whose_edited_option_is_none_opens_without(option):
    from pushpull.dashboard.state.links import permalink

    content = {"of": "g8_2001", "kept": [{"title": "One"}], "option": option}
    state = open_link(permalink.encode(content)).state
    assert state.option is None and titles(state) == ["One"]
