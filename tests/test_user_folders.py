"""Folders of users: each has one that nobody else has, old ones go to whom they belong beyond doubt."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushpull.dashboard.auth.visitor import Visitor
from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.session.session import Session
from pushpull.dashboard.state.state import State
from pushpull.dashboard.storage import user_folder
from pushpull.dashboard.storage.earlier_folders import move_old_folders, old_name
from pushpull.dashboard.storage.user_folder import folder_name

ALIKE = [
    ("mary.sue", "mary_sue"), ("mary sue", "mary-sue"), ("王芳", "Ольга"), ("مريم", "user"), ("Åsa", "sa"),
    ("Zoë", "Zoe"), ("x" * 70, "x" * 71), ("Paul", "paul"), ("straße", "STRASSE"), ("o'neil", "o_neil"),
    ("guest", "gu est"),
]  # fmt: skip


@pytest.mark.parametrize("one, other", ALIKE)
def test_names_that_look_alike_have_folders_apart(one, other):
    assert folder_name(one).casefold() != folder_name(other).casefold()


@given(st.text(min_size=1, max_size=80), st.text(min_size=1, max_size=80))
def test_two_users_never_share_a_folder(one, other):
    same = unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
    assert (folder_name(one).casefold() == folder_name(other).casefold()) == same


@given(st.text(min_size=1, max_size=300))
def test_a_folder_is_one_plain_name_that_every_disk_takes(user):
    name = folder_name(user)
    assert name.isascii() and len(name) < 100 and name.replace("_", "").replace("-", "").isalnum()
    assert "-" in name  # which no folder of earlier versions had
    assert folder_name(unicodedata.normalize("NFD", user)) == folder_name(unicodedata.normalize("NFC", user))


def laid(home, *folders):
    for name in folders:
        (home / name).mkdir()
        (home / name / "plan.yaml").write_text(f"# of {name}", encoding="utf-8")


def kept(home):
    return {path.parent.name: path.read_text(encoding="utf-8")[5:] for path in home.rglob("plan.yaml")}


def test_an_old_folder_moves_to_its_only_user_and_no_other(tmp_path):
    laid(tmp_path, "mary_sue", "user", "lena", "archive")
    told = move_old_folders(tmp_path, ["mary.sue", "mary_sue", "王芳", "Ольга", "lena"])
    assert kept(tmp_path) == {
        "mary_sue": "mary_sue", "user": "user", "archive": "archive", folder_name("lena"): "lena",
    }  # fmt: skip
    assert len(told) == 3 and any("'mary.sue'" in line and "'mary_sue'" in line for line in told)


def test_an_old_folder_is_nobodys_later_when_one_of_two_users_has_gone(tmp_path):
    laid(tmp_path, "mary_sue")
    move_old_folders(tmp_path, ["mary.sue", "mary_sue"])
    assert move_old_folders(tmp_path, ["mary.sue"]) == []
    assert kept(tmp_path) == {"mary_sue": "mary_sue"}


def test_nothing_of_a_users_new_folder_is_lost_to_an_old_one(tmp_path):
    laid(tmp_path, "lena", folder_name("lena"))
    (line,) = move_old_folders(tmp_path, ["lena"])
    assert "left" in line and kept(tmp_path) == {name: name for name in ("lena", folder_name("lena"))}


@pytest.mark.parametrize("user", ["mary.sue", "王芳", "x" * 200, "_", "a/../b"])
def test_old_folders_are_found_by_the_name_they_had(tmp_path, user):
    laid(tmp_path, old_name(user))
    move_old_folders(tmp_path, [user])
    assert list(kept(tmp_path)) == [folder_name(user)]


def test_of_two_workers_that_begin_together_one_moves_a_folder_and_neither_fails(tmp_path, monkeypatch):
    laid(tmp_path, "lena")
    rename = Path.rename

    def raced(path, target):
        rename(path, target)
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", raced)
    move_old_folders(tmp_path, ["lena"])
    assert kept(tmp_path) == {folder_name("lena"): "lena"}


def test_a_link_is_not_followed_out_of_a_users_folder(tmp_path):
    mine, others = tmp_path / "mine", tmp_path / "others"
    laid(tmp_path, "mine", "others")
    (mine / "within.yaml").symlink_to(mine / "plan.yaml")
    (mine / "out.yaml").symlink_to(others / "plan.yaml")
    (mine / "up.yaml").symlink_to("../others/plan.yaml")
    (mine / "loop.yaml").symlink_to("loop.yaml")
    (mine / "folder").symlink_to(others, target_is_directory=True)
    assert set(user_folder.listing(mine).names) == {"plan.yaml", "within.yaml"}
    for name in ("out.yaml", "up.yaml", "loop.yaml", "folder/plan.yaml", "../others/plan.yaml"):
        with pytest.raises(Refusal):
            user_folder.read(mine, name)
    assert user_folder.read(mine, "within.yaml")[1] == "# of mine"


def test_a_users_folder_may_itself_lie_elsewhere(tmp_path):
    laid(tmp_path, "disk")
    (tmp_path / "home").symlink_to(tmp_path / "disk", target_is_directory=True)
    assert user_folder.listing(tmp_path / "home").names == ("plan.yaml",)
    assert user_folder.save(tmp_path / "home", "mine.yaml", State.opening().to_yaml()).is_file()


@pytest.mark.parametrize("among_many", [True, False])
def test_a_user_among_many_saves_no_more_files_than_a_folder_may_hold(tmp_path, monkeypatch, among_many):
    monkeypatch.setenv("PUSHPULL_SCENARIOS", str(tmp_path))
    monkeypatch.setattr(user_folder, "MOST_FILES", 4)
    session = Session(State.opening(), Visitor("eva", among_many=among_many))
    for _ in range(7):
        session.receive({"do": "folder"})
    assert len(list(session.folder.iterdir())) == (4 if among_many else 7)
    (notice,) = session.notices
    assert notice.good is not among_many and (("4 files" in notice.summary) is among_many)
