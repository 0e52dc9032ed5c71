"""The cache: whatever has become of it, the same numbers come out and nothing stops."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pushpull.engine.integrator import Integrator
from pushpull.engine.language.cards import read_table
from pushpull.engine.language.declare import flow, stock
from pushpull.engine.language.indices import extent, population
from pushpull.engine.machine import kernels, loader
from pushpull.engine.machine.kernels import load_kernel
from pushpull.engine.runs.task import Inputs, Task
from pushpull.files import disk_cache
from pushpull.files.disk_cache import read_entry, sealed, unsealed, write_entry
from tests.engine.trials import small_model
from tests.spoiling import damages, files_no_larger_than, umask

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TABLE = "wind: {unit: m/s, values: [1.5, 2, -3e-7], calm: false}\nnobody: null\n"


@flow("person/year")
def leaving(town, rate):
    """Some of those who live there leave each year."""
    return town * rate


@stock("person", initial="1000")
def town(leaving):
    """Those who live there."""
    return -leaving


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The cache of a machine on which nothing has run yet."""
    monkeypatch.setenv("PUSHPULL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(loader, "REFUSALS_SAID", set())
    monkeypatch.setattr(disk_cache, "TIDIED", set())
    return tmp_path / "cache"


def numbers(rate=0.1, said=None):
    """What a run of the small model gives in a process of its own, as it were."""
    model = small_model(leaving, town, cards={"rate": rate})
    engine = Integrator(model, load_kernel(model, said))
    constants = np.full((len(engine.layout.constants), len(population.labels)), rate)
    nothing = Inputs(np.zeros((96, 3, 1)), np.zeros(96, dtype=np.int8))
    none = np.array([], dtype=np.int64)
    task = Task(("north",), 2000.0, nothing, constants, none, none.astype(np.uint8), 48, 48, "dop853")
    _, levels, values = engine.run(task)
    return levels.tobytes() + values.tobytes()


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """The numbers of an empty cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUSHPULL_CACHE", str(tmp_path_factory.mktemp("empty")))
        return numbers()


def the_kernel(folder):
    (path,) = folder.glob("kernel_*")
    return path


@QUICK
@given(damage=damages(), name=st.text(min_size=1, max_size=9), content=st.binary(max_size=200))
def test_what_was_sealed_opens_whole_or_not_at_all(damage, name, content):
    entry = sealed(name, content)
    assert unsealed(name, entry) == content
    spoiled = damage(entry)
    assert unsealed(name, spoiled) == (content if spoiled == entry else None)
    assert unsealed(name + "x", entry) is None


@pytest.mark.slow
@QUICK
@given(damage=damages())
def test_a_damaged_kernel_gives_the_numbers_of_an_empty_cache(folder, damage, expected):
    if not folder.exists():
        numbers()
    path = the_kernel(folder)
    path.write_bytes(damage(path.read_bytes()))
    said = []
    assert numbers(said=said.append) == expected
    assert len(said) <= 1 and unsealed(path.name, path.read_bytes()) is not None


@QUICK
@given(damage=damages())
def test_a_damaged_table_reads_as_the_file_says(folder, damage):
    source = folder.parent / "table.yaml"
    source.write_text(TABLE)
    said = {"wind": {"unit": "m/s", "values": [1.5, 2, -3e-7], "calm": False}, "nobody": None}
    assert read_table(source) == said
    (path,) = folder.glob("table_*")
    path.write_bytes(damage(path.read_bytes()))
    assert read_table(source) == said
    assert read_table(source) == said


def test_an_entry_of_another_model_under_this_name_counts_as_absent(folder):
    numbers(0.1)
    kernel = the_kernel(folder)
    kept = kernel.read_bytes()
    kernel.unlink()
    small = small_model(leaving, town, cards={"rate": 0.1})
    load_kernel(small).machine(extent(route=3))
    other = the_kernel(folder)
    other.write_bytes(kept)
    made = load_kernel(small).machine(extent(route=3))
    assert made.extent == (1, 2, 3) and other.read_bytes() != kept


def test_a_change_of_compiler_makes_a_kernel_of_its_own(folder, monkeypatch, expected):
    numbers()
    monkeypatch.setattr(loader.llvmlite, "__version__", "0.0.1")
    assert numbers() == expected
    assert len(list(folder.glob("kernel_*"))) == 2


def test_all_that_makes_machine_code_is_in_its_name(folder, monkeypatch, tmp_path):
    """A changed file of the engine makes a kernel of its own, wherever in it the file lies."""
    copy = tmp_path / "engine"
    shutil.copytree(kernels.ENGINE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(kernels, "ENGINE", copy)
    model = small_model(leaving, town, cards={"rate": 0.1})
    digests = {load_kernel(model).digest}
    for path in sorted(copy.rglob("*.py")):
        path.write_text(path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
        digests.add(load_kernel(model).digest)
    assert len(digests) == 1 + len(list(copy.rglob("*.py")))


def test_other_coefficients_make_a_kernel_of_their_own(folder, monkeypatch, expected):
    numbers()
    monkeypatch.setattr(loader.importlib.metadata, "version", lambda name: "0.0.1")
    assert numbers() == expected
    assert len(list(folder.glob("kernel_*"))) == 2


BESIDE = """
import sys
from tests.engine.test_cache import numbers
sys.stdin.readline()  # both begin at once
said = []
sys.stdout.write(f"{numbers(said=said.append).hex()} {len(said)}")
"""


def test_two_processes_that_compile_at_once_give_the_numbers_of_one(folder, expected):
    command = [sys.executable, "-c", BESIDE]
    given = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    both = [subprocess.Popen(command, **given) for _ in range(2)]
    for process in both:
        process.stdin.write("\n")
        process.stdin.flush()
    for process in both:
        found, said = process.communicate()[0].split()
        assert bytes.fromhex(found) == expected and int(said) <= 1 and process.returncode == 0
    said = []
    assert numbers(said=said.append) == expected and said == []
    assert [path.name for path in folder.iterdir()] == [the_kernel(folder).name]


def test_of_many_kernels_those_used_last_stay(folder, monkeypatch):
    now = time.time()
    for number in range(disk_cache.KINDS["kernel_*"] + 8):
        write_entry(f"kernel_{number}", b"code")
        os.utime(folder / f"kernel_{number}", (now - 60 * number, now - 60 * number))
    monkeypatch.setattr(disk_cache, "TIDIED", set())
    write_entry("table_1", b"")
    kept = {path.name for path in folder.glob("kernel_*")}
    assert kept == {f"kernel_{number}" for number in range(disk_cache.KINDS["kernel_*"])}


def unmakeable(folder, patch):
    folder.write_text("a file where the folder should be")


def below_a_file(folder, patch):
    folder.parent.joinpath("file").write_text("")
    patch.setenv("PUSHPULL_CACHE", str(folder.parent / "file" / "cache"))


def name_too_long(folder, patch):
    patch.setenv("PUSHPULL_CACHE", str(folder / ("x" * 300)))


def of_the_system(folder, patch):
    patch.setenv("PUSHPULL_CACHE", "/proc/pushpull")


def a_loop_of_links(folder, patch):
    folder.symlink_to(folder)


@pytest.mark.parametrize("spoil", [unmakeable, below_a_file, name_too_long, of_the_system, a_loop_of_links])
def test_a_cache_that_cannot_be_used_costs_time_and_one_line(folder, spoil, expected, monkeypatch):
    spoil(folder, monkeypatch)
    said = []
    assert numbers(said=said.append) == numbers(said=said.append) == expected
    refusals = [line for line in said if "cannot be written" in line]
    assert len(refusals) == 1 and "\n" not in refusals[0]
    source = folder.parent / "table.yaml"
    source.write_text(TABLE)
    assert read_table(source)["nobody"] is None


def test_a_user_without_a_home_has_no_cache_and_gets_no_folder_where_they_are(folder, monkeypatch, tmp_path, expected):
    monkeypatch.delenv("PUSHPULL_CACHE")
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda name: f"~/.cache/{name}")
    monkeypatch.chdir(tmp_path)
    assert numbers() == expected
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_nothing_behind_in_the_cache(folder, expected):
    with files_no_larger_than(100):
        assert numbers() == expected
        assert write_entry("table_x", b"y" * 200).endswith("file too large")
    assert list(folder.iterdir()) == []


def test_what_was_left_by_a_killed_process_or_long_unused_is_removed(folder):
    folder.mkdir()
    long_ago = time.time() - 200 * 24 * 3600
    left = [folder / ".pushpull.0123.part", folder / "tmpabc.part", folder / "kernel_0.o", folder / "table_0.json"]
    others = [folder / "notes.txt", folder / "kernel_1", folder / ".pushpull.4567.part"]
    for path in (*left, *others):
        path.write_text("")
    for path in (*left, others[0]):
        os.utime(path, (long_ago, long_ago))
    write_entry("table_1", b"")
    assert set(folder.iterdir()) == {*others, folder / "table_1"}


def test_an_entry_that_is_read_stays(folder, monkeypatch):
    write_entry("table_1", b"read")
    long_ago = time.time() - 200 * 24 * 3600
    os.utime(folder / "table_1", (long_ago, long_ago))
    assert read_entry("table_1") == b"read"
    monkeypatch.setattr(disk_cache, "TIDIED", set())
    write_entry("table_2", b"")
    assert read_entry("table_1") == b"read"


def test_an_entry_of_a_folder_that_can_only_be_read_is_read(folder, monkeypatch):
    write_entry("table_1", b"read")
    long_ago = time.time() - 30 * 24 * 3600
    os.utime(folder / "table_1", (long_ago, long_ago))

    def refused(*_):
        raise PermissionError(30, "Read-only file system")

    monkeypatch.setattr(os, "utime", refused)
    monkeypatch.setattr(os, "open", refused)
    assert write_entry("table_1", b"other").endswith("read-only file system")
    assert read_entry("table_1") == b"read"


def test_many_at_once_keep_and_read_one_entry(folder):
    content = os.urandom(200_000)

    def work(number):
        write_entry("table_1", content)
        return read_entry("table_1")

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(work, range(40))) == {content}
    assert [path.name for path in folder.iterdir()] == ["table_1"]


@pytest.mark.parametrize("mask, allowed", [(0o077, 0o600), (0o022, 0o644), (0o002, 0o664)])
def test_entries_follow_the_umask(folder, mask, allowed):
    with umask(mask):
        write_entry("table_1", b"")
    assert (folder / "table_1").stat().st_mode & 0o777 == allowed
