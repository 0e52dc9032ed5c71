"""Files may be named in any script; what leads elsewhere or shows otherwise than it reads is refused, and said."""

import os
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.session.session import Session
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import LANGUAGES
from pushpull.dashboard.storage import file_names, user_folder
from pushpull.scenario import ScenarioFaults, check

TAKEN = [
    *("Frontière élargie.yaml", "l'an prochain.yaml", "visas, agents.yaml", "plan [2].yaml", "plan (copy).YAML"),
    *("θάλασσα.yml", "計画.YML", "خطة.yaml", "план & бюджет.yaml", "a=b+c;d!.yaml", "100%.yaml"),
    *(
        "very..dotted.yaml",
        "_draft.yaml",
        "~mine.yaml",
        "e\u0301te\u0301.yaml",
        "\U0001f6a2.yaml",
        "कार्य\u200dक्रम.yaml",
    ),
]
REFUSED = {
    "name_empty": ["", "   "],
    "name_long": ["x" * 130 + ".yaml", "計" * 100 + ".yaml"],
    "name_separator": ["a/b.yaml", "..\\a.yaml", "C:a.yaml", "a.yaml:hidden.yaml", "<b>.yaml"],
    "name_dot": [".a.yaml", "..yaml"],
    "name_unseen": [
        "a\nb.yaml",
        "lmay\u202e.yaml",
        "a\u200b.yaml",
        "a\u2066b.yaml",
        "\ufeffa.yaml",
        "a.yaml ",
        "a\x7f.yaml",
    ],
    "name_device": ["con.yaml", "Lpt1.yml", "NUL.a.yaml", "com\u00b9.yaml", "aux .yaml"],
}


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv(user_folder.FOLDER, str(tmp_path))
    return tmp_path


def opened():
    return State.opening("g8_2001").with_value("asylum_access", 0.8)


def test_a_file_with_a_name_in_any_script_is_offered_and_opens(place):
    for name in TAKEN:
        (place / name).write_text(opened().to_yaml(), encoding="utf-8")
    assert set(user_folder.listing(place).names) == set(TAKEN) and not user_folder.listing(place).left_out
    for name in TAKEN:
        session = Session(State.opening())
        session.receive({"folder": name})
        assert session.state.scenario == opened().scenario, name
        assert State.opening().with_file(opened().to_yaml(), name).scenario == opened().scenario


@pytest.mark.parametrize("reason, name", [(reason, name) for reason, names in REFUSED.items() for name in names])
def test_a_dangerous_name_is_refused_with_its_reason_in_both_languages(place, reason, name):
    for act in (lambda: user_folder.read(place, name), lambda: State.opening().with_file(opened().to_yaml(), name)):
        with pytest.raises(Refusal) as caught:
            act()
        for code in LANGUAGES:
            assert language(code).say(f"refused.{reason}") in caught.value.told(language(code))


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot hold such names")
def test_files_that_are_not_offered_are_counted_with_the_reason(place):
    (place / "plan.yaml").write_text(opened().to_yaml(), encoding="utf-8")
    for name in ("notes.docx", "table.csv", ".hidden.yaml", "con.yaml", "two\nlines.yaml"):
        (place / name).write_text("x")
    (place / "a folder.yaml").mkdir()
    (place / "gone.yaml").symlink_to(place / "nowhere")
    (place / "linked.yaml").symlink_to(__file__)
    found = user_folder.listing(place)
    assert found.names == ("plan.yaml",)
    assert found.left_out == {"name_ending": 2, "name_dot": 1, "name_device": 1, "name_unseen": 1, "elsewhere": 1}
    for code in LANGUAGES:
        session = Session(opened().looking(language=code))
        note = session.screen.toolbar.shown["folder_note"]
        assert all(
            language(code).say(f"left_out.{reason}", count=count) in note for reason, count in found.left_out.items()
        )


def test_files_beyond_those_shown_are_counted_too(place):
    for number in range(user_folder.MOST_SHOWN + 3):
        (place / f"plan {number}.yaml").write_text("x")
    found = user_folder.listing(place)
    assert len(found.names) == user_folder.MOST_SHOWN and found.left_out == {"older": 3}


def test_nothing_is_said_where_everything_is_offered(place):
    user_folder.save(place, opened().file_name, opened().to_yaml())
    assert Session(opened()).screen.toolbar.shown["folder_note"] == ""


@given(st.text(max_size=300))
@settings(max_examples=120, deadline=None)
@example("\u00a0")
@example("con . ")
@example("a" * 118 + " .b")
def test_a_name_that_is_written_is_one_that_is_read_and_that_windows_takes(text):
    name = file_names.safe(f"{text}.yaml")
    assert file_names.fault_in_folder(name) is None, name
    assert not set(name) & set('<>:"/\\|?*') and not name.removesuffix(".yaml").endswith((" ", "."))
    assert file_names.safe(name) == name


@given(st.text(st.characters(categories=("L", "N", "Mn")), min_size=1, max_size=60))
def test_letters_of_every_script_are_taken(stem):
    assume(len(f"{stem}.yaml".encode()) <= file_names.LONGEST_BYTES)
    assume(not file_names.DEVICES.match(stem))
    assert file_names.fault_in_folder(f"{stem}.yaml") is None


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16"])
def test_a_file_in_another_encoding_is_refused_by_the_page_and_the_command_line_alike(place, encoding):
    text = opened().scenario.with_changes(title="Frontière sûre", question="Où ?").to_yaml()
    (place / "old.yaml").write_bytes(text.encode(encoding))
    (told,) = check(place / "old.yaml")
    assert "not UTF-8" in told.what
    as_browsers_read_it = text.encode(encoding).decode("utf-8", "replace")
    for act in (
        lambda: opened().with_file(user_folder.read(place, "old.yaml")[1], "old.yaml"),
        lambda: opened().with_file(as_browsers_read_it, "old.yaml"),
    ):
        with pytest.raises(Refusal) as caught:
            act()
        (line,) = map(str, caught.value.faults)
        assert line == str(told).replace(str(place / "old.yaml"), "old.yaml")


def test_a_package_in_another_encoding_is_refused_too():
    text = "schema_version: 4\nkind: policy\ntitle: Plus sûr\npolicies: {asylum_access: 0.9}\n"
    with pytest.raises(Refusal) as caught:
        opened().with_file(text.encode("latin-1").decode("utf-8", "replace"), "old.yaml")
    assert str(caught.value.faults[0]).startswith("old.yaml:3: the file is not UTF-8")


def test_accents_in_utf8_are_read_everywhere(place):
    text = opened().scenario.with_changes(title="Frontière sûre").to_yaml()
    assert opened().with_file(text, "a.yaml").scenario.title == "Frontière sûre"
    with pytest.raises(ScenarioFaults):
        State.opening().scenario.from_text(text.replace("û", "\ufffd"))


def test_a_folder_of_many_files_is_looked_through_once_for_many_who_ask_together(tmp_path, monkeypatch):
    for number in range(user_folder.MANY_FILES + 5):
        (tmp_path / f"plan_{number}.yaml").write_text("title: x")
    monkeypatch.setattr(user_folder.time, "monotonic", lambda: 1000.0)
    looked = []
    whole = Path.iterdir
    monkeypatch.setattr(Path, "iterdir", lambda place: looked.append(place) or whole(place))
    first = user_folder.listing(tmp_path)
    assert [user_folder.listing(tmp_path) for _ in range(5)] == [first] * 5 and len(looked) == 1
    (tmp_path / "newer.yaml").write_text("title: y")
    os.utime(tmp_path, (2e9, 2e9))  # as a later clock would have it
    assert "newer.yaml" in user_folder.listing(tmp_path).names
    monkeypatch.setattr(user_folder.time, "monotonic", lambda: 1000.0 + 2 * user_folder.SECONDS_LISTED)
    assert user_folder.listing(tmp_path) and len(looked) == 3
