"""Nothing is lost, and everything can be taken along: the user's folder, earlier links, the evidence pack."""

import base64
import io
import json
import os
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from bokeh.document import Document

from pushpull import Scenario, run
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.runs import runs_of
from pushpull.dashboard.export.brief import brief
from pushpull.dashboard.export.brief_content import brief_content
from pushpull.dashboard.export.evidence_pack import packing
from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.session.effects import look_at_file
from pushpull.dashboard.session.session import Session
from pushpull.dashboard.state.links import permalink
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import outcomes_for_cards
from pushpull.dashboard.storage import user_folder
from pushpull.wording.palette import LIGHT

DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="  # one pixel


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv(user_folder.FOLDER, str(tmp_path))
    return tmp_path


def moved():
    return State.opening("g8_2001").with_value("asylum_access", 0.9)


def saved(place, state):
    return user_folder.save(place, state.file_name, state.to_yaml())


def test_a_saved_scenario_is_a_file_that_gives_the_same_numbers(place):
    first, second = saved(place, moved()), saved(place, moved())
    assert first.name == "g8_2001_own.yaml" and second.name == "g8_2001_own_2.yaml"
    assert Scenario.load(first).digest == moved().scenario.digest
    assert set(user_folder.listing(place).names) == {first.name, second.name}
    assert [path.name for path in place.iterdir() if path.suffix != ".yaml"] == []


@pytest.mark.parametrize(
    "name", ["../secret.yaml", "/etc/passwd", "..", "", "a/b.yaml", "missing.yaml", ".hidden.yaml"]
)
def test_a_name_that_is_not_of_the_folder_is_refused(place, name):
    (place.parent / "secret.yaml").write_text("title: no")
    with pytest.raises(Refusal):
        user_folder.read(place, name)


def test_each_user_who_signed_in_has_a_folder_of_their_own(place, monkeypatch):
    assert user_folder.folder("../ana@example.org") == place / user_folder.folder_name("../ana@example.org")
    monkeypatch.setenv(user_folder.FOLDER, "off")
    assert user_folder.folder("ana") is None and user_folder.listing(None).names == ()


def look(session):
    """Look at the open file until it has stood still from one look to the next."""
    look_at_file(session)
    look_at_file(session)


def test_a_page_looks_at_the_disk_only_while_a_file_is_open(place):
    document = Document()
    session = Session(moved(), document=document)
    assert not document.session_callbacks
    for _ in range(2):
        session.receive({"do": "folder"})
        assert [each.period for each in document.session_callbacks] == [1000]
    session.watch = None
    assert not document.session_callbacks


def test_a_file_that_changes_on_disk_is_read_again_and_faults_stand_beside_the_last_good_state(place):
    session = Session(moved())
    session.receive({"do": "folder"})
    (path,) = place.iterdir()
    text = path.read_text(encoding="utf-8")
    look(session)
    assert session.state == moved()
    path.write_text(text.replace("0.9", "0.75"), encoding="utf-8")
    look(session)
    assert session.state.value("asylum_access") == 0.75
    path.write_text(text.replace("asylum_access", "asylum_acess") + "# longer\n", encoding="utf-8")
    look(session)
    assert session.state.value("asylum_access") == 0.75
    assert len(session.notices) == 1 and "asylum_access" in session.notices[0].lines[0]
    path.unlink()
    look(session)
    assert session.state.value("asylum_access") == 0.75


def watched(place):
    """A session that has just saved and looked at its file, and the file."""
    session = Session(moved())
    session.receive({"do": "folder"})
    look(session)
    return session, next(place.glob("*.yaml"))


def test_a_file_that_is_gone_is_told_once_and_read_when_it_is_back(place):
    session, path = watched(place)
    text = path.read_text(encoding="utf-8")
    path.unlink()
    look(session)
    (told,) = session.notices
    assert path.name in told.summary and "no longer" in told.summary
    session.notices = ()
    look(session)
    assert session.notices == ()
    path.write_text(text.replace("0.9", "0.6"), encoding="utf-8")
    look(session)
    assert session.state.value("asylum_access") == 0.6


def test_a_file_that_is_renamed_is_followed_under_its_new_name(place):
    session, path = watched(place)
    path.rename(place / "visas.yaml")
    look(session)
    (told,) = session.notices
    assert path.name in told.summary and "visas.yaml" in told.summary
    look(session)
    (place / "visas.yaml").write_text(moved().to_yaml().replace("0.9", "0.55"), encoding="utf-8")
    look(session)
    assert session.state.value("asylum_access") == 0.55


@pytest.mark.parametrize("in_place", [True, False], ids=["written to", "replaced"])
def test_a_change_that_leaves_size_and_time_as_they_were_is_seen(place, in_place):
    session, path = watched(place)
    facts, text = path.stat(), path.read_text(encoding="utf-8")
    other = path if in_place else place / "other.tmp"
    other.write_text(text.replace("0.9", "0.7"), encoding="utf-8")
    os.utime(other, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    if not in_place:
        os.replace(other, path)
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (facts.st_size, facts.st_mtime_ns)
    look(session)
    assert session.state.value("asylum_access") == 0.7


def test_a_file_that_is_being_written_is_not_read_before_it_stands_still(place):
    session, path = watched(place)
    whole = path.read_text(encoding="utf-8").replace("0.9", "0.65")
    for share in (0.3, 0.6, 0.9):
        path.write_text(whole[: int(share * len(whole))], encoding="utf-8")
        look_at_file(session)
        assert session.notices[0].good and session.state == moved()
    path.write_text(whole, encoding="utf-8")
    look(session)
    assert session.state.value("asylum_access") == 0.65


def test_a_file_that_is_only_touched_leaves_unsaved_changes_alone(place):
    session, path = watched(place)
    session.go(session.state.with_value("asylum_access", 0.3))
    path.touch()
    os.utime(path, ns=(0, 0))
    look(session)
    assert session.state.value("asylum_access") == 0.3


def test_no_save_is_lost_when_several_save_the_same_scenario_at_once(place):
    state, ready = moved(), threading.Barrier(8)

    def save(number):
        ready.wait(60)
        return [saved(place, state) for _ in range(5)]

    with ThreadPoolExecutor(8) as pool:
        told = [path for paths in pool.map(save, range(8)) for path in paths]
    assert len(set(told)) == 40 and set(told) == set(place.iterdir())
    assert {path.read_text(encoding="utf-8") for path in told} == {state.scenario.to_yaml()}


def test_a_file_of_the_folder_opens_and_a_folder_that_cannot_be_written_is_said(place, monkeypatch):
    path = saved(place, moved())
    session = Session(State.opening())
    session.receive({"folder": path.name})
    assert session.state.scenario == moved().scenario
    session.receive({"folder": "../x.yaml"})
    assert session.state.scenario == moved().scenario and len(session.notices) == 1
    (place / "blocked").write_text("a file where a folder should be")
    session.folder = place / "blocked"
    session.receive({"do": "folder"})
    assert not session.notices[0].good and "blocked" in session.notices[0].summary


@pytest.mark.parametrize("tab, page, part", [("routes", "outcomes", "routes"), ("recorded", "outcomes", "recorded")])
def test_a_link_of_the_first_version_opens_with_a_report(tab, page, part):
    content = {"of": "g8_2001", "scenario": {"policies": {"asylum_access": 0.9}}, "view": {"tab": tab, "year": 2035}}
    old = "1." + permalink.encode(content).partition(".")[2]
    state, told = open_link(old)[:2]
    assert state.scenario == moved().scenario
    assert (state.view.page, state.view.part, state.view.year) == (page, part, 2035)
    assert told == ["version", "tabs"]
    for code in ("en", "fr"):
        assert all(language(code).say(f"migrated.{key}") for key in told)
    assert open_link(state.link)[:2] == (state, [])


SITE = "https://policy.example/simulator/"


@pytest.fixture(scope="module")
def pack():
    state = moved()
    (made,) = packing(language("en"), state, runs_of(state.scenario), None, threading.Event(), site=SITE)
    return zipfile.ZipFile(io.BytesIO(base64.b64decode(made.finished(dict.fromkeys(made.drawings, DOT)))))


def test_the_pack_holds_every_chart_twice_and_pictures_that_stand_by_themselves(pack):
    for name in outcomes_for_cards():
        assert f"charts/{name}.png" in pack.namelist()
        drawing = ElementTree.fromstring(pack.read(f"charts/{name}.svg"))
        assert drawing.tag.endswith("svg")
        text = pack.read(f"charts/{name}.svg").decode()
        assert LIGHT.yours in text and "var(" not in text
        assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
        words = " ".join(each.text or "" for each in drawing.iter("{http://www.w3.org/2000/svg}text"))
        assert catalogue().outcomes[name].title in words and "Corridor: " in words and date.today().isoformat() in words


def test_the_numbers_of_the_pack_come_again_from_its_scenario(pack, tmp_path):
    path = tmp_path / "scenario.yaml"
    path.write_bytes(pack.read("scenario.yaml"))
    result = run(Scenario.load(path))
    table = pd.read_csv(io.BytesIO(pack.read("data/yours.csv")), keep_default_na=False)
    told = table[(table["variable"] == "protection_gap") & (table["route"] == "")]["value"].to_numpy()
    assert np.array_equal(told, result.total("protection_gap")[0])
    metadata = json.loads(pack.read("data/metadata.json"))
    assert metadata["scenario_hash"] == result.provenance["scenario_hash"]
    assert metadata["model_hash"] == result.provenance["model_hash"]
    assert metadata["link"].startswith(f"{SITE}?state=")
    assert open_link(metadata["link"].partition("=")[2]).state.scenario.digest == moved().scenario.digest


def briefed(state, code="en"):
    words = language(code, state.scenario.corridor.currency)
    made = brief_content(words, state, runs_of(state.scenario), None, threading.Event(), date(2026, 11, 1))
    return brief(made, {})


def test_the_brief_names_the_corridor_gateways_formulas_parameters_and_loops_that_are_off():
    state = State.opening().with_value("border_control", 2.0, "california").with_loop("deterrence", False)
    state = state.with_formula("rescue_effect", "pull_deiana2021")
    scenario = state.scenario.with_settings(["take_up=0.5"]).with_changes(title="My own")
    state = state.with_scenario(scenario)
    told = briefed(state)
    for words in (
        "Southwest border of the United States",
        "California 2, Arizona 1",
        "Some pull",
        "Take up",
        "Loop off: ",
    ):
        assert words in told, words


def test_the_brief_says_what_is_set_what_it_does_and_that_the_corridor_is_illustrative(pack):
    brief = pack.read("brief.html").decode()
    for words in ("Access to asylum", "90 %".replace(" ", "\u00a0"), "Round numbers for teaching", "do not read"):
        assert words in brief.replace(" %", "\u00a0%"), words
    assert "<script" not in brief and "http" not in brief.replace("http://www.w3.org/2000/svg", "").replace(SITE, "")
