"""A fit, an ensemble or an input that is damaged is told in one line, or made anew; no number changes unseen."""

from __future__ import annotations

import hashlib
import shutil
import types
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import zarr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pushpull import Scenario, ensemble
from pushpull.analysis import blocks, store
from pushpull.analysis.store import StoreFault, finished_members, save_ensemble
from pushpull.calibration import fitting
from pushpull.calibration.sampling import find_mode, sample
from pushpull.ensemble import run_ensemble
from pushpull.files.atomic import NotWritten, write_whole
from pushpull.posterior import posterior_of
from pushpull.reporting.findings import read_forecast
from pushpull.scenario import ScenarioFaults
from pushpull.scenario.calibrated import stated_posterior, with_digests
from pushpull.scenario.library import shipped_folder
from tests.spoiling import damages, files_no_larger_than
from tests.test_calibration import Line

BORDER = "us_southwest_border"
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def own(tmp_path):
    """A corridor of one's own, fitted: its folder; the scenario file lies two folders above."""
    folder = tmp_path / "corridors" / BORDER
    shutil.copytree(shipped_folder() / "corridors" / BORDER, folder)
    shutil.copy(shipped_folder() / f"{BORDER}.yaml", tmp_path / "own.yaml")
    return folder


def scenario_of(folder):
    return Scenario.load(folder.parent.parent / "own.yaml")


@QUICK
@given(damage=damages())
def test_a_damaged_posterior_is_never_drawn_from(own, damage):
    path, whole = own / "posterior.nc", (shipped_folder() / "corridors" / BORDER / "posterior.nc").read_bytes()
    spoiled = damage(whole)
    path.write_bytes(spoiled)
    corridor = scenario_of(own).corridor
    if spoiled == whole:
        assert posterior_of(corridor) is not None
        return
    with pytest.raises(ScenarioFaults) as told:
        posterior_of(corridor)
    (line,) = str(told.value).splitlines()
    assert "posterior.nc: cannot be read; " in line and "pushpull fit --corridor" in line


def test_two_fits_of_one_corridor_at_once_leave_the_files_of_one(tmp_path, monkeypatch):
    class Drawn(bytes):
        def save(self, path):
            return write_whole(path, bytes(self))

    def text(plan, simulator, posterior, content):
        return with_digests("", f"parameters:\n  departure_rate: {len(posterior)}\n", content)

    monkeypatch.setattr(fitting, "calibrated_text", text)
    target = types.SimpleNamespace(simulator=None)
    with ThreadPoolExecutor(2) as pool:
        writing = [
            pool.submit(fitting.write_fit, None, target, Drawn(b"x" * (1 + number % 2)), tmp_path)
            for number in range(60)
        ]
        for each in writing:
            each.result()
    drawn, numbers = (tmp_path / "posterior.nc").read_bytes(), (tmp_path / "calibrated.yaml").read_text("utf-8")
    assert stated_posterior(tmp_path) == hashlib.sha256(drawn).hexdigest()
    assert f"departure_rate: {len(drawn)}" in numbers
    assert sorted(path.name for path in tmp_path.iterdir()) == ["calibrated.yaml", "posterior.nc"]


@QUICK
@given(damage=damages())
def test_damaged_calibrated_numbers_are_never_run_with(own, damage):
    path, shipped = own / "calibrated.yaml", shipped_folder() / "corridors" / BORDER / "calibrated.yaml"
    path.write_bytes(damage(shipped.read_bytes()))
    try:
        found = scenario_of(own).corridor
    except ScenarioFaults:
        return
    assert found.parameters == Scenario.load(BORDER).corridor.parameters  # a remark was hit


def test_lines_that_end_as_windows_ends_them_are_the_same_numbers(own):
    path = own / "calibrated.yaml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert scenario_of(own).corridor.parameters == Scenario.load(BORDER).corridor.parameters


def folder_instead(path):
    path.unlink()
    path.mkdir()


def unreadable(path):
    """In the place of a file that the system finds and does not let anybody read, whoever runs this."""
    memory = Path("/proc/self/mem")
    if not memory.exists():
        pytest.skip("no file that nobody can read")
    path.unlink()
    path.symlink_to(memory)


def dangling(path):
    path.unlink()
    path.symlink_to("nowhere")


@pytest.mark.parametrize("spoil", [folder_instead, unreadable, dangling])
@pytest.mark.parametrize("name", ["posterior.nc", "calibrated.yaml", "corridor.yaml", "series.csv"])
def test_a_file_of_a_corridor_that_is_no_file_is_told_in_one_line(own, pushpull, name, spoil):
    spoil(own / name)
    code, out, err = pushpull("run", own.parent.parent / "own.yaml", "--members", "2")
    assert (code, out) == (2, "")
    (line,) = err.splitlines()
    assert (name in line or "lies outside the scenario folder" in line) and "written" not in line


@pytest.mark.parametrize("content", [b"", b"CDF\x01" + b"\0" * 40, b"\x89HDF\r\n\x1a\n", b"PK\x03\x04", b"title: x\n"])
@pytest.mark.parametrize("stated", [True, False], ids=["beside its digest", "alone"])
def test_every_command_says_that_a_posterior_cannot_be_read(own, pushpull, content, stated):
    (own / "posterior.nc").write_bytes(content)
    if not stated:
        (own / "calibrated.yaml").unlink()
    file = own.parent.parent / "own.yaml"
    for command in (("run", file, "--members", "2"), ("compare", file, "--policy", "balanced", "--members", "2")):
        code, out, err = pushpull(*command)
        assert (code, out) == (2, ""), err
        *before, line = err.splitlines()
        assert all("calibrated.yaml is gone" in each for each in before) and len(before) == (not stated)
        assert "posterior.nc: cannot be read; " in line


def test_a_posterior_that_is_gone_is_told_with_the_numbers(own, pushpull):
    command = ("run", own.parent.parent / "own.yaml", "--members", "2")
    assert pushpull(*command)[0] == 0  # whatever it says where the model is compiled first
    (own / "posterior.nc").unlink()
    code, out, err = pushpull(*command)
    assert (code, out != "") == (0, True)
    (line,) = err.splitlines()
    assert "posterior.nc is gone" in line
    assert posterior_of(scenario_of(own).corridor) is None


def test_the_posterior_of_another_fit_is_told(own):
    other = posterior_of(Scenario.load(BORDER).corridor)
    other.save(own / "posterior.nc")
    content = (own / "posterior.nc").read_bytes()
    assert posterior_of(scenario_of(own).corridor) is not None
    (own / "posterior.nc").write_bytes(content + b"\0")
    with pytest.raises(ScenarioFaults, match="not as `pushpull fit` wrote it"):
        posterior_of(scenario_of(own).corridor)


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "variable,unit,fiscal_year\nx,1,none\n", "\0", "variable\nx\n"])
def test_a_damaged_forecast_is_told_in_one_line(tmp_path, text):
    path = tmp_path / "forecast.csv"
    path.write_text(text)
    with pytest.raises(ScenarioFaults) as told:
        read_forecast(path)
    (line,) = str(told.value).splitlines()
    assert "forecast.csv: cannot be read; " in line


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damage=damages())
def test_a_damaged_part_of_a_fit_is_begun_anew(tmp_path, damage):
    line, partial = Line(), tmp_path / "posterior.partial"
    mode = find_mode(line)
    whole = sample(line, mode, draws=6, seed=1).scores
    sample(line, mode, draws=3, seed=1, partial=partial, key="mine")
    partial.write_bytes(damage(partial.read_bytes()))
    assert (sample(line, mode, draws=6, seed=1, partial=partial, key="mine").scores == whole).all()


# Ensembles in a Zarr folder ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small():
    return Scenario.load(BORDER).with_changes(start=2044)


@pytest.fixture(scope="module")
def shipped_store(small, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "MEMBERS_IN_A_BLOCK", 2)
        patch.setattr(store, "MEMBERS_IN_A_BLOCK", 2)
        return save_ensemble(small, tmp_path_factory.mktemp("whole") / "out.zarr", 4, 1)


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(blocks, "MEMBERS_IN_A_BLOCK", 2)
    monkeypatch.setattr(store, "MEMBERS_IN_A_BLOCK", 2)


@pytest.mark.slow
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damage=damages(), data=st.data())
def test_a_damaged_folder_is_refused_in_one_line_or_mended(small, shipped_store, small_blocks, tmp_path, damage, data):
    path = tmp_path / "out.zarr"
    shutil.rmtree(path, ignore_errors=True)
    shutil.copytree(shipped_store, path)
    files = sorted(each for each in path.rglob("*") if each.is_file() and each.name != "zarr.json")
    heads = sorted(each for each in path.rglob("zarr.json"))
    hit = data.draw(st.sampled_from(files) | st.sampled_from(heads))
    hit.write_bytes(damage(hit.read_bytes()))
    try:
        save_ensemble(small, path, 4, 1)
    except StoreFault as fault:
        assert hit.name == "zarr.json" and "\n" not in str(fault) and "written" not in str(fault)
        return
    assert same(zarr.open_group(str(path), mode="r", use_consolidated=False), shipped_store)


def same(group, other):
    other = zarr.open_group(str(other), mode="r", use_consolidated=False)
    return all(group[name][...].tolist() == other[name][...].tolist() for name in other.array_keys())


def test_a_block_whose_file_is_gone_is_run_again(small, shipped_store, small_blocks, tmp_path):
    path = shutil.copytree(shipped_store, tmp_path / "out.zarr")
    for chunk in (path / "public_cost" / "c").rglob("*"):
        if chunk.is_file():
            chunk.unlink()
    save_ensemble(small, path, 4, 1)
    assert same(zarr.open_group(str(path), mode="r"), shipped_store) and finished_members(path) == (4, 4)


def test_a_folder_begun_by_another_at_the_same_moment_is_gone_on_with(small, shipped_store, tmp_path, monkeypatch):
    path, create = tmp_path / "out.zarr", store.create_store

    def late(*given):
        save_ensemble(small, tmp_path / "first.zarr", 4, 1)
        (tmp_path / "first.zarr").rename(path)
        create(*given)

    calls = iter([late])
    monkeypatch.setattr(store, "create_store", lambda *given: next(calls, create)(*given))
    save_ensemble(small, path, 4, 1)
    assert finished_members(path) == (4, 4) and list(tmp_path.iterdir()) == [path]


def test_an_ensemble_for_which_the_disk_has_no_room_ends_in_a_line(small, tmp_path, monkeypatch, pushpull):
    monkeypatch.setattr(ensemble, "LARGEST_IN_MEMORY", 1000)
    with files_no_larger_than(2000):
        with pytest.raises(NotWritten, match="File too large"):
            run_ensemble(small, 4, scratch=tmp_path)
        code, _, err = pushpull("run", BORDER, "--start", "2044", "--members", "4", "-o", tmp_path / "out.csv")
    assert (code, err) == (2, f"{tmp_path}: this cannot be written; file too large\n")
    assert np.isfinite(run_ensemble(small, 2, scratch=tmp_path).total("public_cost")).all()


# Inputs that cannot be read ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command", [("run",), ("validate",), ("compare", BORDER), ("check",), ("run", BORDER, "--policy")], ids=" ".join
)
@pytest.mark.parametrize("spoil", [folder_instead, unreadable, dangling])
def test_an_input_that_cannot_be_read_is_told_in_one_line(tmp_path, pushpull, command, spoil):
    path = Path(tmp_path / "mine.yaml")
    path.write_text("title: x")
    spoil(path)
    code, out, err = pushpull(*command, path)
    assert (code, out) == (2, "")
    (line,) = err.splitlines()
    assert "mine.yaml" in line and "written" not in line and "Traceback" not in line


def test_a_check_file_of_a_folder_that_is_no_text_is_told(tmp_path, pushpull):
    (tmp_path / "one.yaml").write_bytes(b"\xff\xfe kind")
    code, _, err = pushpull("check", tmp_path)
    assert code == 2 and "one.yaml" in err and "UTF-8" in err
