"""Names of files on Windows and elsewhere: drives, backslashes, names of devices and case, tried with `ntpath`."""

import ntpath
import posixpath
import shlex
import subprocess
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pushpull.dashboard.storage import file_names
from pushpull.dashboard.storage.user_folder import folder_name
from pushpull.files.atomic import is_part, numbered
from pushpull.files.paths import as_argument, leads_out, without_last_separator
from pushpull.scenario.library import CORRIDOR_FILE, CORRIDOR_ID, id_in

DEVICES = [
    "con",
    "prn",
    "aux",
    "nul",
    "conin$",
    "conout$",
    *(f"{port}{n}" for port in ("com", "lpt") for n in "123²³¹"),
]
# What leads elsewhere on one system or another, in any order.
PIECES = st.lists(
    st.sampled_from(["..", ".", "a", "B.yaml", "/", "\\", ":", "C:", "c", " ", "~", "?", "con"]), max_size=8
)
NAMES = PIECES.map("".join) | st.text(max_size=30)
FLAVOURS = {"posix": (PurePosixPath, posixpath, "/home/me/plans"), "windows": (PureWindowsPath, ntpath, r"D:\me\plans")}


@pytest.mark.parametrize("flavour, module, folder", FLAVOURS.values(), ids=FLAVOURS)
@given(name=NAMES)
@example("C:a.yaml")
@example(".:a")
@example("\\a.yaml")
@example("a/../../b.yaml")
def test_what_does_not_lead_out_lies_in_the_folder(flavour, module, folder, name):
    if not leads_out(flavour(name)):
        whole = module.normpath(flavour(folder) / name)
        assert flavour(whole).is_relative_to(flavour(folder))


@pytest.mark.parametrize(
    "name", ["C:a.yaml", "C:\\a.yaml", "\\a.yaml", "..\\a.yaml", "b\\..\\..\\a.yaml", "\\\\host\\share\\a"]
)
def test_drives_roots_and_steps_up_lead_out_on_windows(name):
    assert leads_out(PureWindowsPath(name))


@given(NAMES)
@example("plans\\old.yaml")
@example("NUL.tar.gz")
@example("C:plan")
def test_a_name_given_to_a_new_file_is_one_file_of_its_folder_on_windows(text):
    name = file_names.safe(f"{text}.yaml")
    path = PureWindowsPath(name)
    assert (path.anchor, path.parts) == ("", (name,)) and not path.is_reserved()
    assert ntpath.normpath(name) == name and ntpath.basename(name) == name


@given(NAMES)
def test_a_name_that_is_taken_names_one_file_of_its_folder_on_every_system(text):
    if file_names.fault_of(text) is None:
        for flavour in (PurePosixPath, PureWindowsPath):
            assert (flavour(text).anchor, flavour(text).parts) == ("", (text,))
        assert not PureWindowsPath(text).is_reserved()


@pytest.mark.parametrize("shape", ["{}", "{}.yaml", "{}.a.yaml", "{} .yaml"])
def test_devices_of_windows_are_neither_taken_nor_given_however_they_are_written(shape):
    written = [each for device in DEVICES for each in (device, device.upper(), device.title())]
    for name in map(shape.format, written):
        assert file_names.fault_of(name) == "name_device"
        assert file_names.fault_of(file_names.safe(name)) is None


@given(st.text(min_size=1, max_size=60))
@example("con")
@example("..")
@example("C:\\Users\\me")
def test_a_users_folder_is_one_folder_on_every_system(user):
    name = folder_name(user)
    for flavour in (PurePosixPath, PureWindowsPath):
        assert flavour(name).parts == (name,) and not flavour(name).anchor
    assert not PureWindowsPath(name).is_reserved()


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_folders_of_two_users_differ_also_where_case_does_not_count(one, other):
    same = ntpath.normcase(folder_name(one)) == ntpath.normcase(folder_name(other))
    assert not same or file_names.unicodedata.normalize("NFC", one) == file_names.unicodedata.normalize("NFC", other)


def test_numbered_names_differ_also_where_case_does_not_count():
    names = [name for name, _ in zip(numbered("Plan", ".yaml"), range(20), strict=False)]
    assert len({ntpath.normcase(name) for name in names}) == 20


@given(st.from_regex(CORRIDOR_ID, fullmatch=True))
def test_the_id_in_a_path_of_a_corridor_is_seen_with_either_separator(name):
    for flavour, between in ((PurePosixPath, "/"), (PureWindowsPath, "\\"), (PureWindowsPath, "/")):
        folder = between.join(("corridors", name))
        assert id_in(folder, flavour) == id_in(folder + between + CORRIDOR_FILE, flavour) == name
        assert id_in(folder + between, flavour) == name


@pytest.mark.parametrize(
    "text, windows, left",
    [
        ("a/b/", False, "a/b"),
        ("a\\b\\", False, "a\\b\\"),
        ("a\\b\\", True, "a\\b"),
        ("a/b/", True, "a/b"),
        ("/", False, "."),
    ],
)
def test_a_separator_at_the_end_is_not_shown(text, windows, left):
    assert without_last_separator(text, windows) == left


@pytest.mark.parametrize("path", [r"C:\Users\Ana Li\strait", "C:\\plans", "plain", "a b", "it's"])
def test_a_path_in_a_command_is_one_word_of_the_shell_that_reads_it(path):
    assert shlex.split(as_argument(path, windows=False)) == [path]
    assert as_argument(path, windows=True) == (f'"{path}"' if " " in path else path)
    assert subprocess.list2cmdline(["pushpull", path]) == f"pushpull {as_argument(path, windows=True)}"


def test_a_part_that_is_being_written_is_no_name_that_anybody_gives():
    assert is_part(".pushpull.a1.part") and file_names.fault_of(".pushpull.a1.part") == "name_dot"
