"""Ensembles beyond memory and beyond one machine: the same bytes, whatever is killed on the way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import xarray
import zarr

from pushpull import Scenario, ensemble, run_ensemble
from pushpull.__main__ import main
from pushpull.analysis import ClusterFault, StoreFault, finished_members, gather, save_ensemble
from pushpull.analysis import blocks as in_blocks
from pushpull.analysis.blocks import run_blocks, spans
from pushpull.analysis.engine_calls import run_members
from pushpull.catalogue import catalogue
from pushpull.engine.runs.task import RunBroke
from pushpull.preparation import EVERYTHING

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120  # seconds


@pytest.fixture(scope="module")
def scenario():
    return Scenario.load("g8_2001").with_changes(start=2012, end=2015)


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(in_blocks, "MEMBERS_IN_A_BLOCK", 10)


def opened(path):
    return xarray.open_zarr(path, decode_times=False)


def same_as(result, path):
    """Whether a folder holds the numbers of an ensemble bit for bit, with all that goes with them."""
    with opened(path) as dataset:
        assert dataset["finished"].values.all() and dataset.sizes["member"] == result.members
        for name in (*result.kept, *result.given):
            own = result.dataset[name] if name in result.kept else result.dataset[name].isel(member=0)
            assert dataset[name].dims == own.dims and dataset[name].attrs == own.attrs
            if dataset[name].values.tobytes() != own.values.tobytes():
                return False
    return True


def folders(path):
    return sorted(each.name for each in path.iterdir())


# In blocks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "members, first, expected",
    [(250, 0, [(0, 100), (100, 200), (200, 250)]), (100, 0, [(0, 100)]), (250, 130, [(100, 200), (200, 250)])],
)
def test_members_come_in_blocks(members, first, expected):
    assert spans(members, first) == expected


def test_some_members_are_those_of_the_whole(scenario):
    whole, some = run_ensemble(scenario, 30, 2), run_members(scenario, 11, 30, 2)
    assert all((some.kept[name] == whole.kept[name][11:]).all() for name in whole.kept)


def test_blocks_make_the_ensemble_byte_for_byte(scenario, small_blocks):
    told = []
    whole, found = run_ensemble(scenario, 25, 3), gather(scenario, 25, 3, progress=lambda *at: told.append(at))
    assert all(found.kept[name].tobytes() == whole.kept[name].tobytes() for name in whole.kept)
    assert (found.provenance, found.members) == (whole.provenance, 25)
    assert told == [(10, 25), (20, 25), (25, 25)]


def test_a_member_that_breaks_is_named_by_its_own_number(scenario, small_blocks, monkeypatch):
    constants = ensemble.Draws.constants

    def with_a_hole(draws, first, last):
        made = constants(draws, first, last)
        if first <= 3 < last:
            made[3 - first] = np.nan
        return made

    monkeypatch.setattr(ensemble.Draws, "constants", with_a_hole)
    with pytest.raises(RunBroke, match="^member 23: "):
        list(run_blocks(scenario, [(20, 30)], 1))


# Into a folder ---------------------------------------------------------------------------------------------


def test_a_folder_holds_the_ensemble_byte_for_byte(scenario, small_blocks, tmp_path):
    told, path = [], tmp_path / "out.zarr"
    assert save_ensemble(scenario, path, 25, 3, progress=lambda *at: told.append(at)) == path
    assert same_as(run_ensemble(scenario, 25, 3), path)
    assert told == [(0, 25), (10, 25), (20, 25), (25, 25)] and folders(tmp_path) == ["out.zarr"]
    with opened(path) as dataset:
        assert dataset.attrs["members"] == 25 and dataset.attrs["model_hash"]
        assert dataset["smuggler_fee"].sel(route=scenario.routes[0]).dims == ("member", "time")


def test_a_folder_may_keep_everything(scenario, tmp_path):
    save_ensemble(scenario, tmp_path / "out.zarr", 3, 1, keep=EVERYTHING)
    result = run_ensemble(scenario, 3, 1, keep=EVERYTHING)
    assert set(result.kept) == set(catalogue().model.variables) and same_as(result, tmp_path / "out.zarr")


def test_an_interrupted_folder_opens_and_goes_on(scenario, small_blocks, tmp_path, monkeypatch):
    path, ran = tmp_path / "out.zarr", []

    def interrupt(done, whole):
        if done >= 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save_ensemble(scenario, path, 45, 1, progress=interrupt)
    assert finished_members(path) == (20, 45)
    with opened(path) as dataset:
        assert (
            np.isnan(dataset["public_cost"].values[20:]).all() and np.isfinite(dataset["public_cost"].values[:20]).all()
        )
    whole = ensemble.run_draws

    def counted(scenario, draws, *rest):
        ran.append(len(draws.values))
        return whole(scenario, draws, *rest)

    monkeypatch.setattr(ensemble, "run_draws", counted)
    save_ensemble(scenario, path, 45, 1)
    assert ran == [1, 10, 10, 5]  # one for what stays the same, then what was missing
    assert same_as(run_ensemble(scenario, 45, 1), path)


def test_a_block_that_was_written_but_not_told_is_written_again(scenario, small_blocks, tmp_path):
    path = tmp_path / "out.zarr"
    save_ensemble(scenario, path, 25, 1)
    group = zarr.open_group(str(path), mode="r+", use_consolidated=False)
    group["finished"][10:20] = False
    group["public_cost"][10:15] = -1.0
    partial, fresh = (path / "public_cost" / f"c.{name}.partial" for name in ("0123", "4567"))
    for each in (partial, fresh):
        each.write_bytes(b"half a chunk")
    os.utime(partial, (0, 0))
    save_ensemble(scenario, path, 25, 1)
    assert same_as(run_ensemble(scenario, 25, 1), path) and list(path.rglob("*.partial")) == [fresh]


def test_a_finished_folder_takes_more_members(scenario, small_blocks, tmp_path):
    path = tmp_path / "out.zarr"
    save_ensemble(scenario, path, 15, 1)
    save_ensemble(scenario, path, 38, 1)
    assert same_as(run_ensemble(scenario, 38, 1), path)
    with pytest.raises(StoreFault, match="begun for 38 members"):
        save_ensemble(scenario, path, 20, 1)


def test_a_folder_of_another_ensemble_is_left_as_it_is(scenario, tmp_path):
    path = tmp_path / "out.zarr"
    save_ensemble(scenario, path, 3, 1)
    for other, seed, keep, told in (
        (scenario.with_policy("balanced"), 1, None, "scenario"),
        (scenario, 2, None, "scenario and seed"),
        (scenario, 1, ["public_cost"], "kept variables"),
    ):
        with pytest.raises(StoreFault, match=f"another ensemble, which differs in {told}"):
            save_ensemble(other, path, 3, seed, keep)
    assert same_as(run_ensemble(scenario, 3, 1), path)
    (tmp_path / "mine.zarr").mkdir()
    (tmp_path / "file.zarr").write_text("mine")
    for name in ("mine.zarr", "file.zarr"):
        with pytest.raises(StoreFault, match="no folder of an ensemble"):
            save_ensemble(scenario, tmp_path / name, 3, 1)
    assert (tmp_path / "file.zarr").read_text() == "mine" and not list((tmp_path / "mine.zarr").iterdir())


def test_memory_does_not_grow_with_the_members(scenario, small_blocks, tmp_path):
    def peak(members):
        tracemalloc.start()
        try:
            save_ensemble(scenario, tmp_path / f"{members}.zarr", members, 1)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)  # what is made once
    assert peak(60) < 1.2 * peak(20)


def test_a_folder_that_cannot_be_begun_leaves_nothing(scenario, tmp_path, monkeypatch):
    from pushpull.analysis import store

    monkeypatch.setattr(store, "consolidate", lambda path: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(OSError, match="No space left"):
        save_ensemble(scenario, tmp_path / "out.zarr", 3, 1)
    assert folders(tmp_path) == []


def command(*arguments):
    return [sys.executable, "-m", "pushpull", *map(str, arguments)]


def wait_for(what, process=None):
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline and (process is None or process.poll() is None)
        time.sleep(0.02)


def members_there(path):
    try:
        return finished_members(path)[0]
    except StoreFault:
        return 0


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_killed_leaves_a_folder_that_goes_on_to_the_same_bytes(scenario, tmp_path, end):
    path = tmp_path / "out.zarr"
    arguments = command("run", "g8_2001", "--start", 2012, "--end", 2015, "--members", 650, "--seed", 4, "-o", path)
    process = subprocess.Popen(arguments, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: members_there(path) >= 100, process)
    process.send_signal(end)
    _, told = process.communicate(timeout=PATIENCE)
    done, whole = finished_members(path)
    assert 0 < done < whole == 650 and "Traceback" not in told
    if end == signal.SIGINT:
        assert process.returncode == 130 and f"holds {done:,} of 650 members" in told
    with opened(path) as dataset:
        assert dataset["finished"].values.sum() == done
    assert subprocess.run(arguments, cwd=ROOT, timeout=PATIENCE).returncode == 0
    assert same_as(run_ensemble(scenario, 650, 4), path)


# On a cluster ----------------------------------------------------------------------------------------------


@contextmanager
def a_cluster(folder, workers):
    """A scheduler and worker processes on this machine; gives the address and the workers."""
    file = folder / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": ROOT}
    own = ["--port", "0", "--host", "127.0.0.1", "--scheduler-file", file, "--no-dashboard"]
    with_it = ["--scheduler-file", file, "--no-nanny", "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1"]
    started = []

    def start(module, options):
        process = subprocess.Popen([sys.executable, "-m", f"distributed.cli.{module}", *map(str, options)], **quiet)
        started.append(process)
        return process

    try:
        start("dask_scheduler", own)
        wait_for(lambda: file.exists() and file.read_text().rstrip().endswith("}"), started[0])
        those = [start("dask_worker", [*with_it, "--local-directory", folder]) for _ in range(workers)]
        yield json.loads(file.read_text())["address"], those
    finally:
        for process in started:
            process.kill()
            process.wait()


@pytest.mark.slow
def test_a_cluster_gives_the_same_bytes_even_when_a_worker_dies(scenario, tmp_path, monkeypatch):
    with a_cluster(tmp_path, workers=2) as (address, workers):

        def kill_one(done, whole):
            if done and workers[0].poll() is None:
                workers[0].kill()

        found = gather(scenario, 350, 3, progress=kill_one, cluster=address)
        assert workers[0].wait(timeout=PATIENCE) and workers[1].poll() is None
        whole = run_ensemble(scenario, 350, 3)
        assert all(found.kept[name].tobytes() == whole.kept[name].tobytes() for name in whole.kept)

        path = tmp_path / "out.zarr"
        given = ("--start", 2012, "--end", 2015, "--members", 120, "--cluster", address, "--output", path)
        assert main(["run", "g8_2001", *map(str, given)]) == 0
        assert same_as(run_ensemble(scenario, 120), path)

        monkeypatch.setattr(in_blocks, "SECONDS_WITHOUT_WORKERS", 1)
        with pytest.raises(ClusterFault, match="lost all its workers"):
            gather(scenario, 250, 3, progress=lambda *at: workers[1].kill(), cluster=address)


def test_an_address_where_nobody_answers_is_told_in_one_line(scenario, monkeypatch, capsys):
    monkeypatch.setattr(in_blocks, "SECONDS_TO_ANSWER", 1)
    with pytest.raises(ClusterFault, match="no scheduler answers at tcp://127.0.0.1:9"):
        gather(scenario, 4, cluster="tcp://127.0.0.1:9")
    code = main(["run", "g8_2001", "--members", "4", "--cluster", "tcp://127.0.0.1:9", "--output", "-"])
    out, err = capsys.readouterr()
    assert (code, out, err) == (2, "", "--cluster: no scheduler answers at tcp://127.0.0.1:9\n")


def test_workers_of_another_model_are_refused(scenario):
    draws = ensemble.Draws.of(scenario, 2, 1)
    with pytest.raises(ClusterFault, match="another version of the model"):
        in_blocks.run_block(scenario, draws, range(2), None, "another")
