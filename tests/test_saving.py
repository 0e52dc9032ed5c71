"""How often a result holds a state: a quarter of a year unless a scenario or a command asks for months or steps."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
import xarray
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pushpull import Scenario, run
from pushpull.analysis import attribute, paired
from pushpull.analysis.store import StoreFault, save_ensemble
from pushpull.catalogue import catalogue
from pushpull.commands.run import Every
from pushpull.engine.stepping.methods import METHODS, SAVE_EVERY
from pushpull.ensemble import run_ensemble
from pushpull.exporting.xmile import xmile_text
from pushpull.preparation import task_of
from pushpull.scenario import SCHEMA_VERSION, ScenarioFaults

BORDER = "us_southwest_border"
STATES = {"quarter": 4, "month": 12, "step": 48}
CLOSE = 5e-6  # of the largest value: more states make the steps between them shorter


@pytest.fixture(scope="module")
def base():
    return Scenario.load(BORDER).with_changes(start=2040, policies={"border_control": 1.5})


@pytest.mark.parametrize("every, states", STATES.items())
@pytest.mark.parametrize("method", METHODS)
def test_a_result_holds_a_state_as_often_as_is_asked_for(base, every, states, method):
    chosen = base.with_changes(save_every=every, method=method)
    result, usual = run(chosen), run(base.with_changes(method=method))
    assert result.time == pytest.approx(2040 + np.arange(5 * states + 1) / states, abs=1e-9)
    for name in catalogue().outcomes:
        found, known = result.total(name)[0, :: states // 4], usual.total(name)[0]
        assert np.abs(found - known).max() <= CLOSE * np.abs(known).max(), name


def test_a_quarter_is_what_nothing_asked_for_gives(base):
    asked = base.with_changes(save_every="quarter")
    assert asked == base and asked.digest == base.digest and "save_every" not in asked.to_yaml()
    assert base.with_changes(save_every="month").with_changes(save_every=None) == base


def test_a_month_is_told_apart_in_digest_and_file_and_read_back(base):
    monthly = base.with_changes(save_every="month")
    assert monthly.digest != base.digest
    again = Scenario.from_text(monthly.to_yaml())
    assert again.save_every == "month" and again.digest == monthly.digest


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.sampled_from([4, 12, 24, 36, 48, 60, 96]), every=st.sampled_from(list(SAVE_EVERY)), years=st.integers(1, 5)
)
def test_saved_times_lie_evenly_from_the_start_to_the_end(base, steps, every, years):
    if every == "month" and steps % 12:
        return
    task = task_of(base.with_changes(steps_per_year=steps, save_every=every, start=1990, end=2040 + years))
    times, states = task.times, SAVE_EVERY[every] or steps
    assert times == pytest.approx(task.start + np.arange(len(times)) / states, abs=1e-9)
    assert times[-1] == 2040 + years and set(task.saved_steps) <= set(task.bounds)


@pytest.mark.parametrize(
    "block, told, allowed",
    [
        ({"save_every": "week"}, "save_every", "quarter, month, step"),
        ({"save_every": 12}, "save_every", "quarter, month, step"),
        ({"save_every": "month", "steps_per_year": 50}, "no whole months", "multiple of 12"),
        ({"save_every": "step", "steps_per_year": 1000}, "55,000 states", "16,000"),
        ({"saveper": "month"}, "saveper", "save_every"),
    ],
)
def test_what_cannot_be_saved_is_refused_with_what_is_allowed(block, told, allowed):
    given = json.dumps({"method": "rk4", **block})
    text = f"schema_version: {SCHEMA_VERSION}\ntitle: A\nextends: {BORDER}\nintegration: {given}\n"
    with pytest.raises(ScenarioFaults) as fault:
        Scenario.from_text(text, "mine.yaml")
    (line,) = str(fault.value).splitlines()
    assert line.startswith("mine.yaml:4: ") and told in line and allowed in line


def test_the_command_takes_what_a_file_takes(pushpull, tmp_path):
    assert [one.value for one in Every] == list(SAVE_EVERY)
    code, out, err = pushpull("run", BORDER, "--every", "fortnight")
    assert (code, out) == (2, "") and all(word in err for word in ("--every", *SAVE_EVERY))
    file = tmp_path / "coarse.yaml"
    Scenario.load(BORDER).with_changes(steps_per_year=50, method="rk4").save(file)
    code, out, err = pushpull("run", file, "--every", "month")
    assert (code, out) == (2, "") and err.startswith("--every: ") and "multiple of 12" in err


def times_of(path):
    match path.suffix:
        case ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                return sorted({float(row["time"]) for row in csv.DictReader(file)})
        case ".json":
            return json.loads(path.read_text())["time"]
        case ".nc":
            with xarray.open_dataset(path) as dataset:
                return dataset["time"].values.tolist()
    with xarray.open_zarr(path) as dataset:
        return dataset["time"].values.tolist()


@pytest.mark.parametrize("ending", ["csv", "nc", "json", "zarr"])
@pytest.mark.parametrize("members", [1, 3])
def test_every_format_carries_months(pushpull, tmp_path, ending, members):
    if ending == "zarr" and members == 1:
        return
    path = tmp_path / f"out.{ending}"
    several = () if members == 1 else ("--members", members)
    code, _, err = pushpull("run", BORDER, "--start", "2043", "--every", "month", *several, "-o", path)
    assert code == 0, err
    assert times_of(path) == pytest.approx(2043 + np.arange(25) / 12, abs=1e-9)


def test_without_the_option_rows_stay_four_a_year(pushpull, tmp_path):
    assert pushpull("run", BORDER, "--start", "2043", "-o", tmp_path / "out.csv")[0] == 0
    assert times_of(tmp_path / "out.csv") == pytest.approx(2043 + np.arange(9) / 4, abs=1e-9)


def test_an_xmile_file_says_months_in_the_words_of_stella_and_nothing_else_changes(base):
    plain, monthly = xmile_text(base), xmile_text(base.with_changes(save_every="month"))
    (specs,) = [line for line in monthly.splitlines() if "<sim_specs" in line]
    assert "save_interval=" in specs and "http://iseesystems.com/XMILE" in monthly
    assert "save_interval" not in plain
    without = [line for line in monthly.splitlines() if "sim_specs" not in line and "<xmile" not in line]
    assert without == [line for line in plain.splitlines() if "sim_specs" not in line and "<xmile" not in line]


def test_a_page_keeps_months_in_its_link_and_its_file(base):
    from pushpull.dashboard.state.links.opened_link import open_link
    from pushpull.dashboard.state.state import State

    text = base.with_changes(save_every="month").to_yaml()
    state = State.opening(BORDER).with_file(text, "mine.yaml")
    assert open_link(state.link)[:2] == (state, [])
    assert Scenario.from_text(state.to_yaml()).save_every == "month"


def test_members_of_an_ensemble_are_those_run_alone(base):
    monthly = base.with_changes(save_every="month")
    many, fewer = run_ensemble(monthly, 9, 1), run_ensemble(monthly, 2, 1)
    for name in catalogue().outcomes:
        assert (many.total(name)[:2] == fewer.total(name)).all()
    assert len(many.time) == 61


def test_a_policy_and_its_baseline_are_saved_alike(base):
    monthly = base.with_changes(save_every="month")
    with pytest.raises(ValueError, match="same years in the same steps"):
        paired(monthly, base.baseline(), members=2)
    with pytest.raises(ValueError, match="save_every"):
        attribute(monthly, base.baseline())
    assert len(paired(monthly, monthly.baseline(), members=2).time) == 61


def test_a_folder_begun_by_quarters_is_not_gone_on_with_by_months(base, tmp_path):
    path = save_ensemble(base, tmp_path / "out.zarr", 2, 1)
    with pytest.raises(StoreFault, match="another ensemble"):
        save_ensemble(base.with_changes(save_every="month"), path, 2, 1)
