"""Files are written whole or not at all, under the user's umask, and never over another's."""

from __future__ import annotations

import errno
import json
import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import xarray

from pushpull import Scenario, run
from pushpull.analysis.store import save_ensemble
from pushpull.calibration.forecast import save_forecast
from pushpull.calibration.sampling import sample
from pushpull.commands import export
from pushpull.commands.application import call
from pushpull.files import atomic
from pushpull.files.atomic import NotWritten, numbered, write_new, write_whole
from pushpull.files.paths import shown
from pushpull.posterior import Posterior, posterior_of
from tests.spoiling import files_no_larger_than, umask
from tests.test_calibration import Line

BORDER = "us_southwest_border"
ENDINGS = ("csv", "nc", "json", "zarr", "yaml", "xmile", "html", "posterior.nc", "forecast.csv")
MORE_THAN_THE_DISK = 30_000  # bytes: every file here is larger


@pytest.fixture(scope="module")
def scenario():
    return Scenario.load(BORDER).with_changes(start=2043)


@pytest.fixture(scope="module")
def result(scenario):
    return run(scenario)


def write(kind, path, scenario, result):
    """Write a file of some kind as its own room does."""
    match kind:
        case "csv" | "nc" | "json":
            result.save(path)
        case "zarr":
            save_ensemble(scenario, path, 2, 1)
        case "yaml":
            scenario.save(path)
        case "xmile" | "html":
            code = call(["export", "xmile" if kind == "xmile" else "reference", "-o", str(path)])
            if code:
                raise OSError(errno.EFBIG, "told")
        case "posterior.nc":
            posterior_of(Scenario.load(BORDER).corridor).save(path)
        case "forecast.csv":
            save_forecast([{"fiscal_year": year, "unit": "x" * 99} for year in range(999)], path.parent)


def target(folder, kind):
    return folder / (f"out.{kind}" if "." not in kind else kind)


@pytest.mark.parametrize("kind", ENDINGS)
@pytest.mark.parametrize("mask", [0o077, 0o027])
def test_what_is_written_follows_the_umask(kind, mask, tmp_path, scenario, result):
    with umask(mask):
        write(kind, target(tmp_path, kind), scenario, result)
    found = list(tmp_path.rglob("*"))
    assert found
    for path in found:
        assert stat.S_IMODE(path.stat().st_mode) == (0o777 if path.is_dir() else 0o666) & ~mask, path


@pytest.mark.parametrize("kind", [kind for kind in ENDINGS if kind != "yaml"])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(kind, tmp_path, scenario, result):
    path = target(tmp_path, kind)
    if kind != "zarr":
        path.write_text("older")
    with files_no_larger_than(100 if kind == "zarr" else MORE_THAN_THE_DISK), pytest.raises(OSError) as fault:
        write(kind, path, scenario, result)
    assert fault.value.errno == errno.EFBIG
    assert [path.read_text() for path in tmp_path.iterdir()] == ([] if kind == "zarr" else ["older"])


def test_a_full_disk_leaves_an_old_scenario(tmp_path, scenario):
    path = tmp_path / "mine.yaml"
    path.write_text("older")
    with files_no_larger_than(50), pytest.raises(NotWritten, match="mine.yaml"):
        scenario.save(path)
    assert [each.read_text() for each in tmp_path.iterdir()] == ["older"]


@pytest.mark.parametrize("ending", ["csv", "nc", "json", "zarr", "xmile", "html"])
def test_a_command_tells_a_full_disk_in_one_line(ending, tmp_path, pushpull, monkeypatch):
    path = tmp_path / f"out.{ending}"
    run_it = ("run", BORDER, "--start", "2043", *(("--members", "3") if ending == "zarr" else ()))
    monkeypatch.setitem(export.EXPORTS, export.ExportKind.report, ((".html",), lambda ending, asked: "x" * 100_000))
    command = {"xmile": ("export", "xmile"), "html": ("export", "report")}.get(ending, run_it)
    with files_no_larger_than(100 if ending == "zarr" else MORE_THAN_THE_DISK):
        code, out, err = pushpull(*command, "-o", path)
    assert (code, out) == (2, "")
    assert err.splitlines() == [f"{path}: this cannot be written; file too large"]
    assert list(tmp_path.iterdir()) == []


def test_a_fit_on_a_full_disk_names_its_file(tmp_path):
    partial, line = tmp_path / "posterior.partial", Line()
    with files_no_larger_than(64), pytest.raises(NotWritten) as fault:
        from pushpull.calibration.sampling import find_mode

        sample(line, find_mode(line), draws=4, seed=1, partial=partial, key="mine")
    assert fault.value.filename == str(partial) and list(tmp_path.iterdir()) == []


def test_what_a_writer_raises_leaves_the_old_file(tmp_path):
    path = tmp_path / "out.txt"
    path.write_text("older")

    def write(part):
        part.write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(path, write)
    assert [each.read_text() for each in tmp_path.iterdir()] == ["older"]


def test_a_fault_of_a_library_that_the_disk_does_not_share_is_shown_as_it_is(tmp_path):
    def write(part):
        raise RuntimeError("a fault of ours")

    with pytest.raises(RuntimeError, match="a fault of ours"):
        write_whole(tmp_path / "out.nc", write)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"new", "new", lambda path: path.write_text("new")], ids=["bytes", "text", "call"])
def test_a_link_is_replaced_and_what_it_points_to_stays(tmp_path, content):
    mine, link = tmp_path / "mine.txt", tmp_path / "out.txt"
    mine.write_text("mine")
    for points_to in (mine, tmp_path / "nowhere"):
        link.unlink(missing_ok=True)
        link.symlink_to(points_to)
        write_whole(link, content)
        assert link.read_text() == "new" and not link.is_symlink() and mine.read_text() == "mine"


@pytest.mark.parametrize("rights", [0o600, 0o640, 0o664])
def test_a_file_that_is_replaced_keeps_its_rights(tmp_path, rights):
    path = tmp_path / "out.txt"
    path.write_text("older")
    path.chmod(rights)
    with umask(0o022):
        write_whole(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == rights


def test_no_part_is_ever_open_to_more_people_than_the_file(tmp_path):
    path, seen = tmp_path / "out.txt", []
    path.write_text("older")
    path.chmod(0o600)
    write_whole(path, lambda part: (seen.append(stat.S_IMODE(part.stat().st_mode)), part.write_text("new")))
    assert seen == [0o600]


@pytest.mark.parametrize("there", [None, 0o644, 0o600])
def test_a_private_file_is_its_owners_alone_from_the_first_byte_on(tmp_path, there):
    path, seen = tmp_path / "names.json", []
    if there is not None:
        path.write_text("older")
        path.chmod(there)
    with umask(0o000):
        write_whole(path, lambda part: (seen.append(part.stat().st_mode & 0o777), part.write_text("new")), private=True)
    assert seen == [0o600] and path.stat().st_mode & 0o777 == 0o600


def test_what_a_killed_process_left_half_written_goes_with_the_next_file(tmp_path):
    left, fresh, other = tmp_path / ".pushpull.01.part", tmp_path / ".pushpull.02.part", tmp_path / ".mine.part"
    for path in (left, fresh, other):
        path.write_text("half")
    for path in (left, other):
        os.utime(path, (0, 0))
    write_whole(tmp_path / "out.csv", "whole")
    assert set(tmp_path.iterdir()) == {fresh, other, tmp_path / "out.csv"}


def test_a_folder_of_a_fit_that_cannot_be_made_cannot_be_written(tmp_path, pushpull):
    (tmp_path / "file").write_text("")
    code, out, err = pushpull("fit", "--output", tmp_path / "file" / "below", "--draws", "10")
    assert (code, out) == (2, "")
    assert err.splitlines() == [f"{tmp_path}/file/below: this cannot be written; not a directory"]


def test_rules_of_writing_are_kept_in_one_place():
    """A file that is put in another's place, or made under a name of chance, is made there; but for a fit, which puts
    its two files in their places one right after the other."""
    home = Path(atomic.__file__).parent.parent
    words = ("os.replace", "mkstemp", "NamedTemporaryFile", "os.link(", "O_EXCL", "os.chmod")
    found = {
        path.name
        for room in (home, home.parent / "dashboard")
        for path in room.rglob("*.py")
        if any(word in path.read_text(encoding="utf-8") for word in words)
    }
    assert found == {"atomic.py", "fitting.py"}


def test_a_reader_sees_the_old_file_or_the_new_one(tmp_path):
    path, whole = tmp_path / "out.txt", {letter * 200_000 for letter in "ab"}
    path.write_text("a" * 200_000)
    over = threading.Event()

    def read():
        seen = set()
        while not over.is_set():
            seen.add(path.read_text())
        return seen

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read)
        try:
            for _ in range(30):
                for text in whole:
                    write_whole(path, text)
        finally:
            over.set()
        assert reading.result(60) <= whole


def without_links(*_):
    raise PermissionError(errno.EPERM, "this file system has no links")


@pytest.mark.parametrize("links", [True, False], ids=["with links", "without"])
def test_many_writers_of_one_name_lose_nothing(tmp_path, monkeypatch, links):
    if not links:
        monkeypatch.setattr(os, "link", without_links)
    ready = threading.Barrier(8)

    def write(number):
        ready.wait(60)
        return [write_new(tmp_path, numbered("mine", ".txt"), f"{number} {turn}") for turn in range(6)]

    with ThreadPoolExecutor(8) as pool:
        told = [path for paths in pool.map(write, range(8)) for path in paths]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted({path.name for path in told})
    assert {path.read_text() for path in told} == {f"{number} {turn}" for number in range(8) for turn in range(6)}


@pytest.mark.parametrize("taken", ["folder", "dangling link"])
def test_a_new_file_takes_the_place_of_nothing(tmp_path, taken):
    held = tmp_path / "mine.txt"
    held.mkdir() if taken == "folder" else held.symlink_to(tmp_path / "nowhere")
    assert write_new(tmp_path, numbered("mine", ".txt"), "new").name == "mine_2.txt"
    assert held.is_dir() or held.is_symlink()


def test_names_that_are_all_taken_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr(atomic, "MOST_NAMES", 3)
    for _ in range(3):
        write_new(tmp_path, numbered("mine", ".txt"), "")
    with pytest.raises(NotWritten, match="every name is taken"):
        write_new(tmp_path, numbered("mine", ".txt"), "")
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize("name", ["é" * 120 + ".csv", "a b'c\".csv", "-x.csv", "*[?].csv"])
def test_any_name_that_the_disk_takes_can_be_written(tmp_path, name):
    write_whole(tmp_path / name, "whole")
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_folder_that_is_missing_is_named_with_the_file(tmp_path):
    with pytest.raises(NotWritten) as fault:
        write_whole(tmp_path / "no" / "out.csv", "")
    assert fault.value.filename == str(tmp_path / "no" / "out.csv")


def test_paths_are_shown_from_the_current_folder_on_and_never_worked_out_against_another_drive(tmp_path, monkeypatch):
    inside, outside = tmp_path / "here", tmp_path / "..there"
    inside.mkdir()
    monkeypatch.chdir(inside)

    def other_drive(*_):
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    monkeypatch.setattr(os.path, "relpath", other_drive)
    assert shown(inside / "a" / "b.yaml") == os.path.join("a", "b.yaml")
    assert shown(inside / "..b.yaml") == "..b.yaml"
    assert shown(outside) == str(outside) and shown("a.yaml") == "a.yaml" and shown(inside) == str(inside)


def test_no_path_is_worked_out_against_another():
    """`os.path.relpath` has no answer between two drives of Windows."""
    home = Path(atomic.__file__).parent.parent
    paths = [path for room in ("model", "dashboard") for path in (home / room).rglob("*.py")]
    assert [path for path in paths if "relpath" in path.read_text(encoding="utf-8")] == []


def test_a_netcdf_file_tells_names_and_dates_as_the_conventions_ask(tmp_path, result):
    with xarray.open_dataset(result.save(tmp_path / "out.nc")) as found:
        for name in (*found.data_vars, "time", "date"):
            assert found[name].attrs["long_name"], name
        assert found["date"].attrs["standard_name"] == "time"
        dates = found["date"].values
        assert (dates[0].year, dates[0].month, dates[0].day, dates[0].calendar) == (2043, 1, 1, "360_day")
        years = [date.year + (date.month - 1) / 12 + (date.day - 1) / 360 for date in dates]
        assert years == pytest.approx(found["time"].values, abs=1e-9)
        assert found.attrs["Conventions"] == "CF-1.11"


def test_names_of_routes_are_told_to_readers_that_know_no_text_arrays(tmp_path, scenario):
    path = save_ensemble(scenario, tmp_path / "out.zarr", 2, 1)
    told = json.loads((path / "zarr.json").read_text())["attributes"]
    assert told["routes"] == list(scenario.routes) and told["populations"] == ["labour", "protection"]
    for array in path.glob("*/zarr.json"):
        codecs = json.loads(array.read_text())["codecs"]
        assert {"name": "zstd", "configuration": {"level": 0, "checksum": True}} in codecs


def test_a_posterior_is_written_and_read_as_it_was(tmp_path):
    posterior = posterior_of(Scenario.load(BORDER).corridor)
    again = Posterior.load(posterior.save(tmp_path / "posterior.nc"))
    assert (again.draws == posterior.draws).all() and again.provenance == posterior.provenance
