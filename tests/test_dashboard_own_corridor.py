"""A corridor of one's own on the page: in the menu, from Files, by link, in words, and never another's."""

import json

import pytest

from pushpull.dashboard.export.reports import report_on
from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.session.session import Session
from pushpull.dashboard.state.links import permalink
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.state import State
from pushpull.dashboard.storage import corridors
from pushpull.dashboard.view_model import toolbar
from pushpull.scenario import heading, scenario_names

from . import own_corridor
from .own_corridor import CORRIDOR, SCENARIO, changed

ENGLISH = language("en")
SHIPPED = ["eu_external_border", "us_southwest_border", "g8_2001"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A user's folder with a corridor and a scenario in it; the server stands elsewhere."""
    monkeypatch.setenv("PUSHPULL_SCENARIOS", str(tmp_path / "mine"))
    monkeypatch.chdir(tmp_path)
    own_corridor.write(tmp_path / "mine")
    return tmp_path / "mine"


def homes(folder):
    return corridors.homes(folder)


def menu(state):
    return toolbar.corridor_choices(ENGLISH, state)


def test_the_menu_lists_shipped_corridors_first_and_then_ones_own(folder):
    shown = menu(State.opening(homes=homes(folder)))
    assert [name for name, _ in shown] == [*SHIPPED, "strait"]
    assert shown[-1][1] == "The strait (yours)"
    assert [name for name, _ in menu(State.opening())] == SHIPPED


def test_ones_own_corridor_opens_and_moves_like_any_other(folder):
    session = Session(State.opening(homes=homes(folder)))
    session.receive({"corridor": "strait"})
    assert session.state.scenario.corridor.title == "The strait"
    (notice,) = session.notices
    assert "Numbers of its place that this corridor sets: 5 of 117" in notice.lines[0]
    assert list(session.screen.levers.groups)
    session.go(session.state.with_value("border_control", 2.0, "west"))
    session.go(session.state.with_package("balanced"))
    assert session.state.scenario.policies and session.state.opened == "strait"
    session.receive({"reset": "both"})
    assert session.state.scenario == session.state.base and not session.state.scenario.policies
    session.receive({"do": "undo"})
    assert session.state.package == "balanced"


@pytest.mark.parametrize("page", ["overview", "outcomes", "compare", "why", "evidence"])
def test_every_page_shows_ones_own_corridor(folder, page):
    state = State.opening("strait", homes=homes(folder)).with_value("asylum_access", 0.9).looking(page=page)
    session = Session(state)
    assert session.screen.shell.shown["title"] == "The strait" and session.notices == ()


def test_a_scenario_of_ones_own_corridor_opens_from_files(folder):
    state = State.opening(homes=homes(folder)).with_file(SCENARIO, "returns.yaml")
    assert (state.opened, state.scenario.title) == ("strait", "Twice as many returns")
    assert state.base.corridor == state.scenario.corridor and not state.base.policies


def test_a_corridor_of_an_earlier_version_says_so_on_the_page(folder):
    old = changed(CORRIDOR, "schema_version: 2", "schema_version: 1")
    own_corridor.write(folder, changed(old, "scale: 1000}", "divide_by: 2011.5, scale: 9e4}"))
    session = Session(State.opening(homes=homes(folder)))
    session.receive({"file": {"name": "returns.yaml", "text": SCENARIO}})
    (notice,) = session.notices
    assert notice.good and any("{value_in: 2011.5}" in line for line in notice.lines)


def test_a_link_brings_ones_own_corridor_back(folder):
    state = State.opening("strait", homes=homes(folder)).with_value("border_control", 2.0, "west")
    state = state.keeping(state.scenario.with_changes(title="Kept"))
    back, told = open_link(state.link, homes(folder))[:2]
    assert (back, told) == (state, [])
    assert back.scenario.digest == state.scenario.digest


def test_a_link_says_which_corridor_is_missing(folder):
    text = State.opening("strait", homes=homes(folder)).link
    with pytest.raises(Refusal, match="'strait', a corridor of its maker's own"):
        open_link(text)


def test_a_link_says_that_the_files_of_the_corridor_are_others_now(folder):
    text = State.opening("strait", homes=homes(folder)).with_value("border_control", 2.0).link
    own_corridor.write(folder, changed(CORRIDOR, "initial_attempts: 90000", "initial_attempts: 90001"))
    state, told = open_link(text, homes(folder))[:2]
    assert told == ["own_corridor"]
    assert state.scenario.today("initial_attempts") == 90001


def test_a_link_to_a_faulty_corridor_tells_its_faults(folder):
    text = State.opening("strait", homes=homes(folder)).link
    own_corridor.write(folder, changed(CORRIDOR, ", scale: 0.01}", "}"))
    with pytest.raises(Refusal) as found:
        open_link(text, homes(folder))
    assert any("scale: 0.01" in str(each) for each in found.value.faults)


def test_a_faulty_corridor_stays_in_the_menu_and_tells_its_faults_when_it_is_chosen(folder):
    own_corridor.write(folder, "title: [\n")
    session = Session(State.opening(homes=homes(folder)))
    assert menu(session.state)[-1] == ["strait", "strait (yours)"]
    session.receive({"corridor": "strait"})
    (notice,) = session.notices
    assert "'strait' was not opened" in notice.summary and notice.lines
    assert session.state.opened == "us_southwest_border"


def test_an_edit_of_the_corridor_never_changes_what_is_open(folder):
    state = State.opening("strait", homes=homes(folder))
    own_corridor.write(folder, changed(CORRIDOR, "title: The strait", "title: Another"))
    assert state.with_value("asylum_access", 0.9).reset().scenario.corridor.title == "The strait"
    assert State.opening("strait", homes=homes(folder)).scenario.corridor.title == "Another"


def test_the_menu_reads_a_file_once_for_each_time_it_is_written(folder, monkeypatch):
    read = []
    monkeypatch.setattr(corridors, "heading", lambda file: read.append(file) or heading(file))
    for text in (CORRIDOR + "# touched\n", "title: [\n"):
        own_corridor.write(folder, text)
        read.clear()
        for _ in range(3):
            menu(State.opening(homes=homes(folder)))
        assert len(read) == 1


@pytest.mark.parametrize(
    "old, new",
    [
        ("title: The strait", 'title: "The <b>strait</b>"'),
        ("title: Western crossing", 'title: "<img src=x>"'),
        ("title: Bodies found", 'title: "a <script>"'),
        ('"Detections over', '"<iframe> over'),
    ],
)
def test_texts_of_ones_own_corridor_are_plain_text(folder, old, new):
    own_corridor.write(folder, changed(CORRIDOR, old, new))
    with pytest.raises(Refusal) as found:
        State.opening("strait", homes=homes(folder))
    assert any("holds markup" in str(each) for each in found.value.faults)
    with pytest.raises(Refusal):
        State.opening(homes=homes(folder)).with_file(SCENARIO, "returns.yaml")
    assert "<" not in menu(State.opening(homes=homes(folder)))[-1][1]


def test_a_route_named_as_a_shipped_one_keeps_its_own_title_in_french(folder):
    text = CORRIDOR.replace("middle", "south")
    own_corridor.write(folder, changed(text, "title: Middle crossing", "title: Passage du sud"))
    french = language("fr")
    route = State.opening("strait", homes=homes(folder)).scenario.corridor.routes["south"]
    assert french.of("routes", "south", route.title) == "Passage du sud"
    shipped = State.opening("g8_2001").scenario.corridor.routes["south"]
    assert french.of("routes", "south", shipped.title) != shipped.title


# Whose corridors ------------------------------------------------------------------------------------------------


def test_a_server_for_many_shows_nobody_the_corridors_of_its_own_folders(folder, monkeypatch):
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PUSHPULL_SCENARIOS", "off")
    nowhere = corridors.homes(None)
    assert nowhere == () and [name for name, _ in menu(State.opening(homes=nowhere))] == list(
        dict(menu(State.opening()))
    )
    with pytest.raises(Refusal):
        State.opening("strait", homes=nowhere)
    with pytest.raises(Refusal, match="was not loaded"):
        State.opening(homes=nowhere).with_file(SCENARIO, "returns.yaml")
    with pytest.raises(Refusal):
        open_link(permalink.encode({"of": "strait"}), nowhere)
    crossed = {"of": "g8_2001", "scenario": {"corridor": "strait"}}
    with pytest.raises(Refusal):
        open_link(permalink.encode(crossed), nowhere)


def test_a_signed_in_user_sees_the_corridors_of_their_own_folder_only(folder, monkeypatch):
    monkeypatch.chdir(folder)
    own_corridor.write(folder / "anna")
    bob = folder / "bob"
    bob.mkdir()
    assert corridors.own_names(corridors.homes(folder / "anna")) == ["strait"]
    assert corridors.own_names(corridors.homes(bob)) == []
    with pytest.raises(Refusal):
        State.opening("strait", homes=corridors.homes(bob))


def test_the_server_of_one_user_also_looks_where_it_was_started(folder, tmp_path, monkeypatch):
    monkeypatch.delenv("PUSHPULL_SCENARIOS")
    monkeypatch.chdir(folder)
    assert corridors.own_names(corridors.homes(tmp_path / "documents")) == ["strait"]


def test_a_corridor_that_leads_out_of_the_folder_is_neither_read_nor_named(folder, tmp_path):
    secret = own_corridor.write(tmp_path / "elsewhere", changed(CORRIDOR, "The strait", "A secret"))
    home = tmp_path / "eve"
    (home / "corridors" / "strait").mkdir(parents=True)
    (home / "corridors" / "strait" / "corridor.yaml").symlink_to(secret / "corridor.yaml")
    assert "secret" not in json.dumps(menu(State.opening(homes=corridors.homes(home))))
    with pytest.raises(Refusal):
        State.opening("strait", homes=corridors.homes(home))


def test_many_corridors_are_listed_up_to_a_bound(folder):
    for place in range(60):
        (folder / "corridors" / f"c{place}").mkdir()
        (folder / "corridors" / f"c{place}" / "corridor.yaml").write_text("{", encoding="utf-8")
    assert len(menu(State.opening(homes=homes(folder)))) == len(scenario_names()) + corridors.MOST_OWN


def test_a_corridor_by_the_name_of_a_shipped_one_never_stands_in_for_it(folder):
    (folder / "corridors" / "strait").rename(folder / "corridors" / "g8_2001")
    file = folder / "corridors" / "g8_2001" / "corridor.yaml"
    file.write_text(CORRIDOR.replace("id: strait", "id: g8_2001"), encoding="utf-8")
    assert State.opening("g8_2001", homes=homes(folder)).scenario == State.opening("g8_2001").scenario
    with pytest.raises(Refusal) as found:
        State.opening(homes=homes(folder)).with_file(changed(SCENARIO, "strait", "g8_2001"), "returns.yaml")
    assert any("2 corridors" in str(each) for each in found.value.faults)


def test_the_report_on_a_corridor_without_a_fit_says_so(folder):
    base = State.opening("strait", homes=homes(folder)).base
    (told,) = report_on(base, ENGLISH)
    assert ENGLISH.say("evidence.no_fit") in told
