"""Sweeps: every point is its own run bit for bit, whatever stops a sweep on the way."""

from __future__ import annotations

import re

import numpy as np
import pytest
import xarray
import zarr
from hypothesis import given
from hypothesis import strategies as st

import pushpull
from pushpull import Scenario, run, run_ensemble, sweep
from pushpull.__main__ import main
from pushpull.analysis import Stopped, StoreFault
from pushpull.commands.cluster_runs import STOPPED
from pushpull.engine.runs.task import RunBroke
from pushpull.files.faults import ScenarioFaults
from pushpull.preparation import EVERYTHING
from pushpull.sweeps import finished_points, grid, latin_hypercube, listed, open_sweep, point_runs
from pushpull.sweeps.designs import MOST_POINTS

LEVERS = {"border_control@south": [0.5, 1.5], "rescue_capacity": [0.0, 0.5, 1.0]}


SCENARIO = Scenario.load("g8_2001").with_changes(start=2005, end=2015)


@pytest.fixture
def scenario():
    return SCENARIO


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(point_runs, "RUNS_IN_A_BATCH", 2)


def assert_same(found: xarray.Dataset, result, point: int) -> None:
    """A point of a sweep holds what a run of its scenario gives, bit for bit, with units and meanings."""
    own = found.isel(point=point)
    for name in result.kept:
        assert own[name].dims == result.dataset[name].dims and own[name].attrs == result.dataset[name].attrs
        assert own[name].values.tobytes() == np.ascontiguousarray(result.dataset[name].values).tobytes(), name


# Designs -------------------------------------------------------------------------------------------------------


def test_a_grid_holds_every_combination_once_and_the_last_input_changes_fastest(scenario):
    design = grid(scenario, LEVERS)
    assert design.values.tolist() == [[0.5, 0], [0.5, 0.5], [0.5, 1], [1.5, 0], [1.5, 0.5], [1.5, 1]]
    assert design.names[4] == "border_control@south=1.5, rescue_capacity=0.5"


numbers = st.floats(0, 1, allow_subnormal=False)


@given(st.lists(st.lists(numbers, min_size=1, max_size=4), min_size=1, max_size=3))
def test_any_grid_is_the_product_of_its_levels(levels):
    scenario = SCENARIO
    names = ["rescue_capacity", "asylum_access", "governance_support"]
    design = grid(scenario, dict(zip(names, levels, strict=False)))
    assert len(design) == np.prod([len(each) for each in levels]) == len(design.values)
    for column, own in enumerate(levels):
        assert {*design.values[:, column]} == {*own}
    assert all(design.scenario(scenario, point) for point in range(min(len(design), 3)))


@given(st.integers(1, 60), st.integers(0, 2**32), numbers, st.floats(0.01, 1))
def test_a_hypercube_has_one_point_in_each_stratum_of_each_input(points, seed, low, width):
    scenario, ends = SCENARIO, (0.9 * low, min(0.9 * low + width, 1.0))
    ranges = {"rescue_capacity": ends, "asylum_access": (0.1, 1.0)}
    design = latin_hypercube(scenario, ranges, points, seed, log=["asylum_access"])
    shares = (design.values[:, 0] - ends[0]) / (ends[1] - ends[0])
    logs = np.log(design.values[:, 1] / 0.1) / np.log(10)
    for column in (shares, logs):
        strata = np.floor(np.clip(column, 0, 1) * points * (1 - 1e-12) + 1e-7)
        assert sorted(np.minimum(strata, points - 1)) == list(range(points))
    assert (latin_hypercube(scenario, ranges, points, seed, log=["asylum_access"]).values == design.values).all()


def test_a_list_leaves_what_a_point_does_not_name(scenario):
    points = {
        "as it is": {},
        "more rescue": {"rescue_capacity": 0.5},
        "two": {"border_control": 2, "rescue_capacity": 0},
    }
    found = sweep(scenario, listed(scenario, points), keep="deaths_in_transit")
    assert found["name"].values.tolist() == list(points)
    assert_same(found, run(scenario, keep="deaths_in_transit"), 0)
    assert_same(
        found, run(scenario.with_settings(["border_control=2", "rescue_capacity=0"]), keep="deaths_in_transit"), 2
    )
    assert np.isnan(found["border_control"].values).tolist() == [True, True, False]


@pytest.mark.parametrize(
    "levels, said",
    [
        ({}, "the design varies nothing"),
        ({"rescue_capacity": []}, "the design varies nothing"),
        ({"border_contrl": [1]}, 'did you mean "border_control"?'),
        ({"rescue_capacity": [2]}, "rescue_capacity is 2, outside its range; allowed: 0 to 1"),
        ({"rescue_capacity": [np.nan]}, "outside its range"),
        ({"deaths_in_transit": [1]}, "an outcome cannot be set"),
        ({"border_control@nowhere": [1]}, 'border_control has no route "nowhere"; allowed: north'),
        ({"conflict_prevention@south": [1]}, 'so "@south" says nothing'),
        ({"border_control": [1], "border_control@south": [1]}, "set the same number"),
        ({"rescue_capacity": np.linspace(0, 1, 400), "asylum_access": np.linspace(0, 1, 400)}, "160,000 points"),
    ],
)
def test_what_no_grid_is_made_of_is_told(scenario, levels, said):
    with pytest.raises(ScenarioFaults, match=re.escape(said)):
        grid(scenario, levels)


def test_no_more_points_than_a_sweep_runs(scenario):
    for points in (0, MOST_POINTS + 1):
        with pytest.raises(ScenarioFaults, match="points"):
            latin_hypercube(scenario, {"rescue_capacity": (0, 1)}, points)
    with pytest.raises(ScenarioFaults, match="this is no range"):
        latin_hypercube(scenario, {"rescue_capacity": (1, 0)}, 5)


# Points --------------------------------------------------------------------------------------------------------


def test_every_point_is_a_run_of_its_own_scenario_bit_for_bit(scenario):
    told = []
    found = sweep(scenario, LEVERS, progress=lambda *at: told.append(at))
    assert dict(found.sizes) | {"point": 6, "time": 41} == dict(found.sizes) and "member" not in found.dims
    for point in range(6):
        settings = found.attrs["settings"]
        values = [float(found[column][point]) for column in found.attrs["inputs"]]
        own = scenario.with_settings([f"{label}={value!r}" for label, value in zip(settings, values, strict=True)])
        assert_same(found, run(own, keep=None), point)
    assert told == [(0, 6), (6, 6)]
    again = Scenario.from_text(found.attrs["scenario"])
    assert again.digest == scenario.with_changes(members=1).digest == found.attrs["scenario_hash"]


def test_parameters_and_drivers_are_varied_too_and_each_point_is_an_ensemble(scenario, small_batches):
    levels = {"scarcity_elasticity": [0.4, 0.9], "conflict_intensity": [1.5]}
    found = sweep(scenario, levels, simulations=5, seed=3, keep=["deaths_in_transit", "smuggler_fee"])
    assert found["deaths_in_transit"].dims == ("point", "member", "time")
    for point, value in enumerate((0.4, 0.9)):
        own = scenario.with_settings([f"scarcity_elasticity={value}", "conflict_intensity=1.5"])
        assert_same(found, run_ensemble(own, 5, 3, keep=["deaths_in_transit", "smuggler_fee"]), point)


@pytest.mark.audit
def test_a_sweep_may_keep_everything(scenario):
    found = sweep(scenario, {"rescue_capacity": [0.5]}, keep=EVERYTHING)
    assert_same(found, run(scenario.with_settings(["rescue_capacity=0.5"])), 0)


def test_a_point_that_does_not_fit_together_is_named(scenario):
    levels = {f"initial_route_share@{route}": [0.9] for route in scenario.routes}
    with pytest.raises(ScenarioFaults, match="the point initial_route_share@.*: initial_route_share of all routes"):
        sweep(scenario, levels)


def test_a_point_that_breaks_is_named_and_the_others_are_kept(scenario, small_batches, tmp_path, monkeypatch):
    whole = point_runs.run_each

    def broken(scenarios, keep):
        if any(each.policies["rescue_capacity"].value.value == 0.5 for each in scenarios):
            raise RunBroke("a level became inf")
        return whole(scenarios, keep)

    def broken_one(scenario, keep):
        return broken([scenario], keep)[0]

    monkeypatch.setattr(point_runs, "run_each", broken)
    monkeypatch.setattr(point_runs, "run", broken_one)
    with pytest.raises(RunBroke, match="the point rescue_capacity=0.5: a level became inf"):
        sweep(scenario, {"rescue_capacity": [0, 0.1, 0.2, 0.5]}, tmp_path / "out.zarr")
    assert finished_points(tmp_path / "out.zarr") == (2, 4)


# Stopped and taken up ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("simulations", [1, 2])
def test_what_was_stopped_goes_on_and_ends_as_if_nothing_had_happened(
    scenario, small_batches, tmp_path, monkeypatch, simulations
):
    path, ran, chosen = tmp_path / "out.zarr", [], {"simulations": simulations, "keep": "public_cost"}

    def interrupt(done, whole):
        if done >= 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(scenario, LEVERS, path, **chosen, progress=interrupt)
    there = finished_points(path)[0]
    assert there == 2 and np.isnan(open_sweep(path)["public_cost"].values[2:]).all()
    whole = point_runs.run_points
    monkeypatch.setattr(
        point_runs,
        "run_points",
        lambda base, design, keep, span: (ran.extend(span), whole(base, design, keep, span))[1],
    )
    found = sweep(scenario, LEVERS, path, **chosen)
    assert ran == [2, 3, 4, 5]
    xarray.testing.assert_identical(found, sweep(scenario, LEVERS, **chosen))
    xarray.testing.assert_identical(found, open_sweep(path).drop_vars("finished").load())
    ran.clear()
    sweep(scenario, LEVERS, path, **chosen)
    assert ran == []


def test_a_batch_that_was_damaged_is_run_again(scenario, small_batches, tmp_path):
    path = tmp_path / "out.zarr"
    before = sweep(scenario, LEVERS, path, keep="public_cost")
    (next((path / "public_cost" / "c").iterdir()) / "0").write_bytes(b"rot")
    xarray.testing.assert_identical(sweep(scenario, LEVERS, path, keep="public_cost"), before)


def test_a_sweep_stops_when_it_is_told_to(scenario, small_batches, tmp_path):
    import threading

    stop = threading.Event()
    with pytest.raises(Stopped):
        sweep(scenario, LEVERS, tmp_path / "out.zarr", stop=stop, progress=lambda done, _: done and stop.set())
    assert finished_points(tmp_path / "out.zarr") == (2, 6)


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"seed": 4}, "scenario, seed or simulations"),
        ({"simulations": 3}, "scenario, seed or simulations"),
        ({"keep": "public_cost"}, "kept variables"),
        ({"design": {"rescue_capacity": [0.2]}}, "design"),
    ],
)
def test_another_sweep_is_not_written_over_one_there_is(scenario, tmp_path, changes, said):
    path = tmp_path / "out.zarr"
    sweep(scenario, {"rescue_capacity": [0.1]}, path, keep="deaths_in_transit")
    asked = {"design": {"rescue_capacity": [0.1]}, "keep": "deaths_in_transit", **changes}
    with pytest.raises(StoreFault, match=f"another sweep, which differs in .*{said}"):
        sweep(scenario, asked.pop("design"), path, **asked)


def test_what_is_no_sweep_is_told(scenario, tmp_path):
    zarr.open_group(str(tmp_path / "other.zarr"), mode="w")
    for name in ("other.zarr", "nothing.zarr"):
        with pytest.raises(StoreFault, match="no folder of a sweep|no such folder"):
            open_sweep(tmp_path / name)
    with pytest.raises(StoreFault, match="no folder of a sweep"):
        sweep(scenario, {"rescue_capacity": [0.1]}, tmp_path / "other.zarr")


@pytest.mark.audit
def test_workers_of_a_cluster_make_the_same_sweep(scenario, small_batches):
    from distributed import LocalCluster

    with LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None) as cluster:
        found = sweep(scenario, LEVERS, cluster=cluster.scheduler_address)
    xarray.testing.assert_identical(found, sweep(scenario, LEVERS))


# The command ---------------------------------------------------------------------------------------------------

SHORT = ["g8_2001", "--end", "2010", "--keep", "deaths_in_transit"]


def test_the_command_writes_a_folder_or_one_file(tmp_path, capsys):
    folder, file = tmp_path / "out.zarr", tmp_path / "out.nc"
    vary = ["--vary", "border_control@south=0.5:1.5:3", "--vary", "rescue_capacity=0,1"]
    assert main(["sweep", *SHORT, *vary, "-o", str(folder)]) == 0
    out, err = capsys.readouterr()
    assert "6 points; in 2010 they reach:" in out and "Deaths in transit" in out and f"wrote {folder}" in err
    assert main(["sweep", *SHORT, *vary, "-o", str(file)]) == 0
    assert sorted(each.name for each in tmp_path.iterdir()) == ["out.nc", "out.zarr"]
    with xarray.open_dataset(file, decode_times=False) as one:
        other = open_sweep(folder)
        assert one["border_control_south"].values.tolist() == [0.5, 0.5, 1, 1, 1.5, 1.5]
        assert one["deaths_in_transit"].values.tobytes() == other["deaths_in_transit"].values.tobytes()
        assert one["name"].values.tolist() == other["name"].values.tolist()


def test_a_command_that_is_stopped_says_what_to_type(tmp_path, capsys, monkeypatch, small_batches):
    write, path = pushpull.sweeps.sweep_store.SweepStore.write, tmp_path / "out.nc"

    def write_one(store, span, batch):
        write(store, span, batch)
        raise KeyboardInterrupt

    command = ["sweep", *SHORT, "--vary", "rescue_capacity=0:1:5", "-o", str(path)]
    with monkeypatch.context() as patch:
        patch.setattr(pushpull.sweeps.sweep_store.SweepStore, "write", write_one)
        assert main(command) == STOPPED
    unfinished = tmp_path / "out.unfinished.zarr"
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == f"stopped; {unfinished} holds 2 of 5 points, and the same command goes on from there"
    assert main(command) == 0 and not unfinished.exists()
    with xarray.open_dataset(path, decode_times=False) as found:
        assert np.isfinite(found["deaths_in_transit"].values).all() and found.sizes["point"] == 5


@pytest.mark.parametrize(
    "arguments, said",
    [
        ([], "sweep: it takes either --vary or --design"),
        (["--vary", "rescue_capacity=0:1:3", "--design", "x.yaml"], "sweep: it takes either --vary or --design"),
        (["--vary", "rescue_capacity=0:1"], '--vary: "rescue_capacity=0:1" gives no levels; allowed: NAME[@ROUTE]'),
        (["--vary", "rescue_capacity=1:0:3"], "the lower end first"),
        (["--vary", "rescue_capacity=0:1:1"], "gives no levels"),
        (["--vary", "rescue_capacity"], "gives no levels"),
        (["--vary", "border_control=0,5:2:3"], "did you mean 0.5?"),
        (["--vary", "rescue_capacity=0:2:3"], "--vary: rescue_capacity is 2, outside its range; allowed: 0 to 1"),
        (["--vary", "rescue_capcity=0:1:3"], 'did you mean "rescue_capacity"?'),
        (["--vary", "border_control@weast=0:1:3"], 'border_control has no route "weast"'),
        (["--vary", "rescue_capacity=0:1:3", "--vary", "rescue_capacity=0,1"], "stands twice"),
        (["--vary", "rescue_capacity=0:1:3", "--keep", "deaths"], 'there is no variable "deaths"'),
        (["--vary", "rescue_capacity=0:1:3", "-o", "out.json"], "allowed: a name that ends in .zarr, .nc, .csv"),
        (["--vary", "rescue_capacity=0:1:3", "--seed", "-1"], "--seed"),
        (["--design", "nothing.yaml"], "nothing.yaml: there is no such file"),
    ],
)
def test_what_no_sweep_is_made_of_is_one_line(arguments, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    where = [] if "-o" in arguments else ["-o", "out.zarr"]
    assert main(["sweep", "g8_2001", *arguments, *where]) == 2
    out, err = capsys.readouterr()
    assert out == "" and said in err and len(err.splitlines()) == 1 and list(tmp_path.iterdir()) == []
