"""Whatever has become of the cache, a command gives the numbers of an empty one, without a traceback."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).parent.parent
pytestmark = pytest.mark.slow
COMMAND = ("run", "g8_2001", "--start", "2044", "--output", "-")


def answer(cache):
    """Standard output and errors of a command in a process of its own."""
    environment = {**os.environ, "PUSHPULL_CACHE": str(cache)}
    command = [sys.executable, "-m", "pushpull", *COMMAND]
    process = subprocess.run(command, cwd=HOME, env=environment, capture_output=True, text=True, timeout=120)
    assert process.returncode == 0, process.stderr
    assert "Traceback" not in process.stderr
    return process.stdout, process.stderr.splitlines()


@pytest.fixture(scope="module")
def warm(tmp_path_factory):
    """A cache that a run has filled, and what that run gave."""
    folder = tmp_path_factory.mktemp("warm") / "cache"
    return folder, answer(folder)[0]


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_whole_cache_gives_the_same_numbers_without_a_word_and_stays_as_it_is(warm):
    folder, expected = warm
    before = contents(folder)
    assert answer(folder) == (expected, [])
    assert contents(folder) == before


def half(path, others):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flipped(path, others):
    content = bytearray(path.read_bytes())
    content[len(content) * 2 // 3] ^= 4
    path.write_bytes(content)


def empty_mapping(path, others):
    path.write_text("{}")


def random_bytes(path, others):
    path.write_bytes(bytes(range(256)) * 4)


def of_another(path, others):
    shutil.copy(others[path.name], path)


@pytest.mark.parametrize(
    "spoil",
    [half, flipped, of_another, *(pytest.param(one, marks=pytest.mark.audit) for one in (empty_mapping, random_bytes))],
)
def test_every_file_of_the_cache_damaged_at_once(warm, tmp_path, spoil):
    whole, expected = warm
    folder = shutil.copytree(whole, tmp_path / "cache")
    names = sorted(path.name for path in whole.iterdir())
    others = {name: whole / other for name, other in zip(names, names[1:] + names[:1], strict=True)}
    for path in folder.iterdir():
        spoil(path, others)
    found, told = answer(folder)
    assert found == expected and len(told) <= 1
    assert contents(folder) == contents(whole), "the cache is whole again, byte for byte"


@pytest.mark.parametrize(
    "place", ["file/below", *(pytest.param(one, marks=pytest.mark.audit) for one in ("file", "/proc/pushpull"))]
)
def test_a_cache_that_cannot_be_made_is_told_in_one_line_beside_the_numbers(warm, tmp_path, place):
    (tmp_path / "file").write_text("")
    found, told = answer(tmp_path / place)
    assert found == warm[1]
    assert sum("cannot be written" in line for line in told) == 1
