"""The command line keeps its contract: what it writes, what it refuses, and how it ends."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray

from pushpull import Scenario, run, simulation
from pushpull.__main__ import main
from pushpull.catalogue import catalogue
from pushpull.dashboard.__main__ import arguments
from pushpull.engine.runs.task import RunBroke
from pushpull.scenario import policy_names, scenario_names
from pushpull.serve_options import ServeOptions

BORDER = "us_southwest_border"
COLUMNS = ["time", "variable", "route", "member", "value", "unit"]
KNOWN = catalogue()


def read_csv(source):
    return pd.read_csv(source, keep_default_na=False)


def started(*arguments, **more):
    """The command as a process of its own."""
    command = [sys.executable, "-m", "pushpull", *map(str, arguments)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=Path(__file__).parent.parent, **{**pipes, **more})


def line_on(stream):
    """The next line that is not about compiling the model on this machine."""
    return next((line for line in stream if not line.startswith("Compiling")), "")


def lines_of_a_fault(answer):
    """The lines on stderr of a command that refuses what it was given, with nothing else to show for it."""
    code, out, err = answer
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    return err.splitlines()


# run -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("run") / "out.csv"
    assert main(["run", BORDER, "--output", str(path)]) == 0
    return read_csv(path)


def test_a_csv_has_the_promised_columns_and_every_variable_lever_driver_and_outcome(table):
    assert list(table.columns) == COLUMNS
    names = {*KNOWN.model.variables, *KNOWN.levers, *KNOWN.context, *KNOWN.outcomes}
    assert names <= set(table["variable"])
    assert table["value"].map(np.isfinite).all() and set(table["member"]) == {0}


def test_a_csv_has_four_rows_a_year_at_decimal_years(table):
    times = table[(table["variable"] == "irregular_residents") & (table["route"] == "")]["time"]
    assert (times.to_numpy() == np.arange(1990, 2045.25, 0.25)).all()


def test_a_routed_variable_has_a_row_for_each_route_and_its_total(table):
    routes = Scenario.load(BORDER).routes
    late = table[table["time"] == 2040.0]
    for name in ("smuggler_fee", "route_share", "border_control", "traffic"):
        assert set(late[late["variable"] == name]["route"]) == {"", *routes}
    values = {name: late[late["variable"] == name].set_index("route")["value"] for name in ("traffic", "smuggler_fee")}
    traffic, fee = values["traffic"], values["smuggler_fee"]
    assert traffic[""] == pytest.approx(traffic[list(routes)].sum())
    assert fee[""] == pytest.approx(np.average(fee[list(routes)], weights=traffic[list(routes)]))


def test_units_are_those_of_the_catalogue(table):
    units = table.groupby("variable")["unit"].first()
    assert units["smuggler_fee"] == "USD/person" and units["border_control"] == "1"


@pytest.mark.parametrize("ending", ["csv", "nc", "json"])
def test_every_format_holds_the_numbers_of_python_bit_for_bit(pushpull, tmp_path, ending):
    path = tmp_path / f"out.{ending}"
    code, out, err = pushpull("run", "g8_2001", "--policy", "balanced", "--output", path)
    size = " (18 MB)" if ending == "csv" else ""
    assert (code, out, but_for_waiting(err)) == (0, "", f"wrote {path}{size}\n")
    result = run(Scenario.load("g8_2001").with_policy("balanced"))
    assert (last_values(path, ending)["public_cost"] == result.total("public_cost")[0]).all()
    assert list(tmp_path.iterdir()) == [path]


def but_for_waiting(told):
    """What was said on stderr, without the line that a slow machine adds while it writes."""
    return "".join(line for line in told.splitlines(keepends=True) if not line.startswith("writing "))


def last_values(path, ending):
    """Totals over time by name, from a file of any format."""
    if ending == "csv":
        table = read_csv(path)
        return dict(iter(table[table["route"] == ""].groupby("variable")["value"]))
    if ending == "json":
        content = json.loads(path.read_text())
        return {name: np.array(entry["total"][0]) for name, entry in content["variables"].items()}
    with xarray.open_dataset(path, decode_times=False) as dataset:
        names = [name for name, array in dataset.items() if array.dims == ("time",)]
        return {name: dataset[name].to_numpy() for name in names}


def random_command(number):
    """A random scenario as options of the command line."""
    random = np.random.default_rng(number)
    corridor = scenario_names()[number % len(scenario_names())]
    options = ["--policy", random.choice(policy_names())] if number % 3 else []
    cards = [card for card in KNOWN.model.cards.values() if card.sums_to is None]
    cards = [card for card in cards if (card.over, card.unit) != ("origin", "person")]  # each origin has its own
    for card in random.choice(len(cards), size=4, replace=False):
        card = cards[card]
        low, high = (card.low, card.high) if card.kind != "parameter" else (0.9 * card.value, 1.1 * card.value)
        value = min(max(random.uniform(low, high), card.low), card.high)
        options += ["--set", f"{card.id}={value!r}"]
    return corridor, options


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_the_command_line_and_python_agree_bit_for_bit_on_random_scenarios(pushpull, tmp_path, ending):
    for number in range(0, 24, 2) if ending == "csv" else range(1, 24, 2):
        corridor, options = random_command(number)
        path = tmp_path / f"{number}.{ending}"
        code, _, err = pushpull("run", corridor, *options, "--start", "2036", "--output", path)
        assert code == 0, err
        scenario = Scenario.load(corridor).with_changes(start=2036)
        for option, value in zip(options[::2], options[1::2], strict=True):
            scenario = scenario.with_policy(value) if option == "--policy" else scenario.with_settings([value])
        result, found = run(scenario), last_values(path, ending)
        for name in result.variables:
            assert (np.asarray(found[name]) == result.total(name)[0]).all(), (corridor, options, name)
        path.unlink()


def test_dash_writes_csv_to_stdout_and_nothing_else(pushpull):
    code, out, err = pushpull("run", BORDER, "--start", "2040", "--output", "-")
    assert (code, err) == (0, "")
    assert list(read_csv(io.StringIO(out)).columns) == COLUMNS


def test_without_output_there_is_a_readable_table_of_every_outcome(pushpull):
    code, out, err = pushpull("run", BORDER, "--policy", "punitive")
    assert (code, err) == (0, "")
    assert all(outcome.title in out for outcome in KNOWN.outcomes.values())
    assert all(year in out for year in ("2027", "2032", "2045"))


def test_an_illustrative_corridor_says_so(pushpull):
    lists = (("list", "levers", "--corridor", "g8_2001"), ("explain", "public_cost", "--corridor", "g8_2001"))
    for command in (("run", "g8_2001"), ("compare", "g8_2001", "balanced"), *lists):
        assert "ILLUSTRATIVE" in pushpull(*command)[1]
    assert "ILLUSTRATIVE" not in pushpull("run", BORDER)[1]


def test_set_takes_levers_drivers_and_parameters(pushpull, tmp_path):
    card = next(card for card in KNOWN.parameters.values() if card.over is None and card.value != card.low)
    settings = ("border_control@arizona=2", "conflict_intensity=1.5x", f"{card.id}={card.low!r}")
    options = [option for text in settings for option in ("--set", text)]
    assert pushpull("run", BORDER, *options, "--output", tmp_path / "out.json")[0] == 0
    content = json.loads((tmp_path / "out.json").read_text())
    scenario = Scenario.load(BORDER).with_settings(settings)
    times, control = content["time"], content["variables"]["border_control"]["by_route"][0]
    arizona = content["routes"].index("arizona")
    after = times.index(scenario.policy_start)
    assert control[after][arizona] == 2 and control[after - 1][arizona] != 2
    assert content["variables"]["public_cost"]["total"][0] == run(scenario).total("public_cost")[0].tolist()


@pytest.mark.parametrize("name", [BORDER, f"scenarios/{BORDER}.yaml", f"./scenarios/{BORDER}.yaml"])
def test_shipped_files_are_found_by_name_and_by_path_from_any_folder(pushpull, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    policy = name.replace(BORDER, "policies/punitive") if "/" in name else "punitive"
    assert pushpull("run", name, "--policy", policy)[0] == 0


def test_start_and_end_crop_the_report_without_moving_a_number(pushpull, tmp_path, table):
    path = tmp_path / "late.csv"
    assert pushpull("run", BORDER, "--start", "2030", "--end", "2032.5", "--output", path)[0] == 0
    late = read_csv(path)
    assert (late["time"].min(), late["time"].max()) == (2030.0, 2032.5)
    same = table[(table["time"] >= 2030) & (table["time"] <= 2032.5)]
    assert late.equals(same.reset_index(drop=True))


def test_members_make_an_ensemble_and_a_seed_makes_it_again(pushpull, tmp_path):
    paths = [tmp_path / f"{name}.csv" for name in ("one", "same", "other")]
    for path, seed in zip(paths, (5, 5, 6), strict=True):
        options = ("--members", 3, "--seed", seed, "--start", 2040, "--output", path)
        assert pushpull("run", BORDER, *options)[0] == 0
    one, same, other = (path.read_bytes() for path in paths)
    assert one == same != other
    table = read_csv(paths[0])
    assert list(table.columns) == COLUMNS and set(table["member"]) == {0, 1, 2}
    assert set(KNOWN.model.variables) <= set(table["variable"])


def test_an_ensemble_of_netcdf_has_members_units_and_provenance(pushpull, tmp_path):
    path = tmp_path / "out.nc"
    assert pushpull("run", BORDER, "--members", 3, "--start", 2040, "--output", path)[0] == 0
    with xarray.open_dataset(path, decode_times=False) as dataset:
        assert dataset["smuggler_fee"].dims == ("member", "time", "route")
        assert dataset["smuggler_fee"].attrs["unit"] == "USD/person"
        assert dataset.attrs["members"] == 3 and dataset.attrs["scenario_hash"]


def test_an_ensemble_without_output_shows_medians_and_ranges(pushpull):
    code, out, _ = pushpull("run", BORDER, "--members", 4)
    assert code == 0 and "4 members" in out and " to " in out


# What is refused -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments, lines",
    [
        (["run", "nope"], ['nope: there is no scenario "nope"']),
        (["run", "nope.yaml"], ["nope.yaml: there is no such file"]),
        (["run", BORDER, "--policy", "nope"], ['nope: there is no policy package "nope"']),
        (["run", BORDER, "--policy", f"scenarios/{BORDER}.yaml"], ["this is a scenario"]),
        (["run", BORDER, "--set", "border_contrl=1"], ['did you mean "border_control"?']),
        (["run", BORDER, "--set", "border_control@arizonia=1"], ['did you mean "arizona"?']),
        (["run", BORDER, "--set", "court_capacity@arizona=1"], ['NAME=VALUE; did you mean "court_capacity=1"?']),
        (["run", BORDER, "--set", "border_control=9"], ["allowed: 0 to 4"]),
        (["run", BORDER, "--set", "border_control"], ["is no setting"]),
        (["run", BORDER, "--set", "border_control=nan"], ["border_control"]),
        (["run", BORDER, "--set", "a=1", "--set", "b=1", "--policy", "c"], ['"c"', '"a"', '"b"']),
        (["run", BORDER, "--start", "1980"], ["--start: "]),
        (["run", BORDER, "--end", "1980"], ["--end: "]),
        (["run", BORDER, "--end", "nan"], ["--end: "]),
        (["run", BORDER, "--start", "2040", "--end", "2030"], ["starts in 2040"]),
        (["run", BORDER, "--members", "0"], ["--members: "]),
        (["run", BORDER, "--members", "many"], ["--members"]),
        (["run", BORDER, "--seed", "-1"], ["--seed: "]),
        (
            ["run", BORDER, "--output", "out.txt"],
            ["allowed: a name that ends in .csv, .nc, .json, .xlsx, .parquet or .zarr"],
        ),
        (["run", BORDER, "--output", "no/such/folder/out.csv"], ["there is no folder no/such/folder"]),
        (["run", BORDER, "--colour", "red"], ["--colour"]),
        (["run"], ["Missing argument 'SCENARIO'"]),
        (["rum"], ["No such command 'rum'"]),
        (["compare", BORDER], ["there is nothing to compare with"]),
        (["compare", "nope", "nada", "--policy", "nil"], ['"nope"', '"nada"']),
        (["compare", "us_southwest_bordr"], ['did you mean "us_southwest_border"?']),
        (["compare", "us_southwest_bordr", "punitive"], ['did you mean "us_southwest_border"?']),
        (["compare", BORDER, "punitve"], ['no scenario or policy package "punitve"']),
        (["compare", BORDER, "balansed"], ['did you mean "balanced"?']),
        (["list", "levrs"], ['list: there is no list "levrs"; allowed: levers, outcomes,']),
        (["list", "leavers"], ['did you mean "levers"?']),
        (["list", "levers", "--corridor", "nope"], ["--corridor: there is no corridor"]),
        (["explain", "smugler_fee"], ['did you mean "smuggler_fee"']),
        (["explain", "border-control"], ['did you mean "border_control"']),
        (["explain", "zzzzzz"], ["there is nothing called"]),
        (["export", "schema", "-o", "out.txt"], ["allowed: a name that ends in .json"]),
        (["export", "novel", "-o", "out.txt"], ["novel"]),
        (["dashboard", "--port", "99999"], ["--port"]),
        (["validate"], ["Missing argument"]),
    ],
    ids=lambda value: " ".join(value) if value and " " not in value[0] else "",
)
def test_every_fault_is_one_line_on_stderr_and_nothing_is_written(pushpull, tmp_path, monkeypatch, arguments, lines):
    monkeypatch.chdir(tmp_path)
    found = lines_of_a_fault(pushpull(*arguments))
    assert len(found) == len(lines)
    for line in lines:
        assert any(line in each for each in found), found
    assert list(tmp_path.iterdir()) == []


def test_a_faulty_run_leaves_an_older_file_as_it_was(pushpull, tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("older")
    lines_of_a_fault(pushpull("run", BORDER, "--set", "border_control=9", "--output", path))
    assert path.read_text() == "older" and list(tmp_path.iterdir()) == [path]


def test_an_output_that_is_a_folder_is_refused(pushpull, tmp_path):
    (tmp_path / "out.csv").mkdir()
    assert "folder" in lines_of_a_fault(pushpull("run", BORDER, "-o", tmp_path / "out.csv"))[0]


def test_a_disk_that_refuses_is_told_in_one_line(pushpull, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pushpull.engine.runs.result.Result._write_csv", full)
    found = lines_of_a_fault(pushpull("run", BORDER, "--output", tmp_path / "out.csv"))
    assert found == [f"{tmp_path}/out.csv: this cannot be written; no space left on device"]
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_breaks_ends_with_one_and_says_where(pushpull, tmp_path, monkeypatch):
    def broken(_):
        raise RunBroke("smuggler_fee became inf in 2011.00")

    monkeypatch.setattr(simulation, "run", broken)
    code, out, err = pushpull("run", BORDER, "--output", tmp_path / "out.csv")
    assert (code, out, err) == (1, "", "the run broke: smuggler_fee became inf in 2011.00\n")
    assert list(tmp_path.iterdir()) == []


def test_a_fault_of_ours_is_not_hidden(pushpull, monkeypatch):
    def ours(_):
        raise ValueError("a mistake in the program")

    monkeypatch.setattr(simulation, "run", ours)
    with pytest.raises(ValueError, match="a mistake in the program"):
        pushpull("run", BORDER)


# compare ---------------------------------------------------------------------------------------------------


def differences(out):
    return pd.DataFrame(json.loads(out)["outcomes"])


def test_a_scenario_compared_with_itself_differs_by_exactly_zero(pushpull):
    code, out, err = pushpull("compare", BORDER, BORDER, "--json")
    assert (code, err) == (0, "")
    table = differences(out)
    assert (table["difference"] == 0).all() and set(table["outcome"]) == set(KNOWN.outcomes)


def test_without_another_the_changed_scenario_is_held_against_the_plain_one(pushpull):
    code, out, _ = pushpull("compare", BORDER, "--policy", "punitive", "--set", "court_capacity=2x", "--json")
    assert code == 0
    table = differences(out).set_index(["outcome", "route", "measure"])
    plain = Scenario.load(BORDER)
    change = plain.with_policy("punitive").with_settings(["court_capacity=2x"])
    expected = run(change).total("public_cost")[0, -1] - run(plain).total("public_cost")[0, -1]
    assert table.loc[("public_cost", "", "end"), "difference"] == expected


def test_policies_and_settings_change_every_other(pushpull):
    code, out, _ = pushpull("compare", BORDER, BORDER, "preventive", "--set", "asylum_access=1", "--json")
    assert code == 0
    content = json.loads(out)
    assert len(content["others"]) == 2
    table = differences(out)
    cases = table[(table["outcome"] == "claims_pending_courts") & (table["measure"] == "end")]
    assert len(cases) == 2 and (cases["difference"] > 0).all()


def test_packages_may_stand_in_the_place_of_scenarios(pushpull):
    code, out, _ = pushpull("compare", BORDER, "preventive", "punitive")
    assert code == 0 and "Preventive" in out and "Punitive" in out


def test_a_comparison_shows_the_end_year_and_the_mean(pushpull):
    code, out, _ = pushpull("compare", BORDER, "balanced", "--end", "2040")
    assert code == 0 and "2040" in out and "mean 2027–2040" in out


def test_an_ensemble_is_compared_member_by_member(pushpull):
    code, out, _ = pushpull("compare", BORDER, "balanced", "--members", 4, "--json")
    assert code == 0
    table = differences(out)
    assert (table["difference_p5"] <= table["difference"]).all()
    assert (table["difference"] <= table["difference_p95"]).all()
    assert table.set_index("better").loc["lower", "improved"].between(0, 1).all()
    shown = pushpull("compare", BORDER, "balanced", "--members", 4)[1]
    assert "90 % range" in shown and "improves" in shown


# validate --------------------------------------------------------------------------------------------------


def test_fine_files_are_said_to_be_fine(pushpull):
    code, out, err = pushpull("validate", BORDER, "punitive", "scenarios/g8_2001.yaml")
    assert (code, err) == (0, "")
    assert out.splitlines() == [f"{BORDER}: fine", "punitive: fine", "scenarios/g8_2001.yaml: fine"]


def test_every_fault_of_every_file_is_told_with_its_line(pushpull, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("one.yaml").write_text(
        f"schema_version: 4\ntitle: One\ncorridor: {BORDER}\npolicies:\n  border_contrl: 2\n  court_capacity: -1\n"
    )
    Path("two.yaml").write_text("schema_version: 4\ntitle: Two\ncorridor: nowhere\n")
    Path("three.yaml").write_text(f"schema_version: 4\ntitle: Three\ncorridor: {BORDER}\n")
    code, out, err = pushpull("validate", "one.yaml", "two.yaml", "three.yaml")
    assert (code, out) == (2, "three.yaml: fine\n")
    places = [line.split(": ")[0] for line in err.splitlines()]
    assert places == ["one.yaml:5", "one.yaml:6", "two.yaml:3"]
    assert 'did you mean "border_control"?' in err


# dashboard, signals, pipes ---------------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a process does not take the place of another")
def test_the_dashboard_takes_the_place_of_the_command(monkeypatch):
    called = []

    def take_the_place(path, command, environment):
        called.append((command, environment))
        raise SystemExit(0)  # what is here before would not go on

    monkeypatch.setattr(os, "execve", take_the_place)
    with contextlib.suppress(SystemExit):
        main(["dashboard", "--port", "5010", "--address", "0.0.0.0", "--no-show"])
    ((command, environment),) = called
    assert (
        command[:4] == [sys.executable, "-P", "-m", "pushpull.dashboard"] and environment["PATH"] == os.environ["PATH"]
    )
    asked = arguments(command[4:])
    assert asked == ServeOptions(port=5010, address="0.0.0.0", no_show=True)
    if sys.platform == "linux":
        assert environment["PYTHONMALLOC"] == os.environ.get("PYTHONMALLOC", "malloc")


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
@pytest.mark.parametrize("end, code, ending", [(signal.SIGINT, 130, "csv"), (signal.SIGTERM, 143, "nc")])
def test_an_ensemble_that_is_stopped_leaves_no_file(tmp_path, end, code, ending):
    process = started("run", BORDER, "--members", 20000, "--start", 2044, "-o", tmp_path / f"out.{ending}")
    assert "Running" in line_on(process.stderr)  # progress is told after a second
    process.send_signal(end)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (code, "")
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
def test_stopping_while_the_file_is_written_leaves_no_file(tmp_path):
    process = started("run", BORDER, "--members", 60, "-o", tmp_path / "out.csv")
    deadline = time.monotonic() + 120
    while not list(tmp_path.iterdir()) and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130 and "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="pipes as POSIX has them")
def test_a_reader_that_has_had_enough_is_no_fault():
    process = started("run", BORDER, "--output", "-")
    assert process.stdout.readline() == ",".join(COLUMNS) + "\n"
    process.stdout.close()
    assert process.wait(timeout=120) == 141
    assert line_on(process.stderr) == ""


@pytest.mark.skipif(os.name != "posix", reason="pipes as POSIX has them")
@pytest.mark.parametrize(
    "command, reader",
    [
        pytest.param(command, reader, marks=[] if (place + turn) % 2 else pytest.mark.audit)
        for turn, reader in enumerate((">&-", "| true"))
        for place, command in enumerate(
            ("list levers", "list levers --json", "validate g8_2001", "run g8_2001 -o -", "--help", "--version")
        )
    ],
)
def test_a_command_whose_output_nobody_reads_ends_quietly(command, reader):
    shell = f"set -o pipefail; {sys.executable} -m pushpull {command} {reader}"
    home = Path(__file__).parent.parent
    ended = subprocess.run(["bash", "-c", shell], cwd=home, capture_output=True, text=True, timeout=120)
    assert (ended.returncode, ended.stdout, ended.stderr) == (141, "", "")


@pytest.mark.skipif(os.name != "posix", reason="streams as POSIX has them")
def test_a_command_that_says_nothing_on_a_closed_stdout_does_its_work(tmp_path):
    shell = f"{sys.executable} -m pushpull run g8_2001 -o {tmp_path}/out.csv >&-"
    home = Path(__file__).parent.parent
    ended = subprocess.run(["bash", "-c", shell], cwd=home, capture_output=True, text=True, timeout=120)
    assert (ended.returncode, but_for_waiting(ended.stderr)) == (0, f"wrote {tmp_path}/out.csv (18 MB)\n")
    assert list(read_csv(tmp_path / "out.csv").columns) == COLUMNS


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
def test_an_output_that_is_full_is_told_in_one_line():
    with open("/dev/full", "w") as full:
        process = started("list", "levers", "--json", stdout=full)
        _, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (2, "this cannot be written; no space left on device\n")


def test_the_version_is_told(pushpull):
    code, out, _ = pushpull("--version")
    assert code == 0 and out.startswith("pushpull 0.")


@pytest.mark.slow
def test_the_first_compile_is_announced_and_stdout_stays_pure(tmp_path):
    environment = {**os.environ, "PUSHPULL_CACHE": str(tmp_path)}
    process = started("list", "outcomes", "--json", env=environment)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0 and "Compiling the model" in err
    assert len(json.loads(out)) == len(KNOWN.outcomes)
