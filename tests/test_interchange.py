"""What is written for other programs is what they read: netCDF by its conventions, Excel, Parquet, experiments."""

from __future__ import annotations

import json
import tarfile

import netCDF4
import numpy as np
import openpyxl
import pandas as pd
import pytest

from pushpull import Scenario, compare, run, run_ensemble, sweep
from pushpull.__main__ import main
from pushpull.catalogue import catalogue
from pushpull.engine.runs.cf_file import cf_dataset, read_cf, udunits
from pushpull.exporting.experiments import IDS, experiments_of, salib_sample, save_experiments
from pushpull.files import frames
from pushpull.files.frames import CannotHold, check_size, write_frame
from pushpull.sweeps import latin_hypercube
from tests.cf_rules import broken_rules

SHORT = Scenario.load("g8_2001").with_changes(start=2008, end=2010)
KEEP = ["deaths_in_transit", "smuggler_fee", "public_cost"]
RANGES = {"border_control@south": (0.5, 2), "scarcity_elasticity": (0.3, 0.9)}


@pytest.fixture(scope="module")
def swept():
    return sweep(SHORT, latin_hypercube(SHORT, RANGES, 30), simulations=2, keep=KEEP)


@pytest.fixture(scope="module")
def files(tmp_path_factory, swept):
    """A netCDF file of each kind there is."""
    folder = tmp_path_factory.mktemp("netcdf")
    run(SHORT).save(folder / "run.nc")
    run_ensemble(SHORT, 3).save(folder / "ensemble.nc")
    swept.pushpull.save(folder / "sweep.nc")
    compare(SHORT, SHORT.with_policy("balanced"), members=2).save(folder / "comparison.nc")
    return folder


# netCDF --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["run", "ensemble", "sweep", "comparison"])
def test_a_netcdf_file_keeps_the_rules_of_the_conventions(files, kind):
    assert broken_rules(files / f"{kind}.nc") == []


@pytest.mark.parametrize(
    "spoil, section",
    [
        (lambda file: file.delncattr("Conventions") or file.setncattr("Conventions", "CF-1.4"), "2.6.1"),
        (lambda file: file["smuggler_fee"].setncattr("units", "USD/person"), "3.1"),
        (lambda file: file["smuggler_fee"].setncattr("long_name", " "), "3.2"),
        (lambda file: file["date"].setncattr("calendar", "standard"), "4.4"),
        (lambda file: file["time"].__setitem__(1, 3000.0), "5"),
        (lambda file: file.createVariable("route", str, ("route",)).setncattr("long_name", "route"), "6.1"),
        (lambda file: file.createVariable("bad-name", "f8", ("time",)).setncattr("long_name", "bad"), "2.3"),
    ],
)
def test_a_file_that_breaks_a_rule_is_found(tmp_path, spoil, section):
    path = run(SHORT, keep="smuggler_fee").save(tmp_path / "run.nc")
    with netCDF4.Dataset(path, "a") as file:
        spoil(file)
    assert section in {each.partition(":")[0] for each in broken_rules(path)}


def test_a_file_read_back_is_the_dataset_it_was(files):
    result = run(SHORT)
    found = read_cf(files / "run.nc")
    for name, array in result.dataset.variables.items():
        assert found[name].dims == array.dims and found[name].values.tolist() == array.values.tolist(), name
        assert found[name].attrs.get("units") == array.attrs.get("units"), name
    assert found["smuggler_fee"].sel(route="south").dims == ("time",)


def test_every_unit_of_the_model_has_one_that_udunits_knows():
    model = catalogue().model
    for unit in {each.unit for each in (*model.variables.values(), *model.cards.values())}:
        assert set(udunits(unit)) <= set("0123456789e-. yearmonth"), unit
    cases = ("person/year", "USD/person/year/year", "person", "per_1000/year", "year", "decimal year", "1/month")
    assert [udunits(each) for each in cases] == ["year-1", "year-2", "1", "1e-3 year-1", "year", "year", "month-1"]


def test_the_dataset_in_memory_keeps_its_own_units():
    dataset = run(SHORT, keep="smuggler_fee").dataset
    before = dict(dataset["smuggler_fee"].attrs)
    cf_dataset(dataset)
    assert dict(dataset["smuggler_fee"].attrs) == before and before["units"] == "USD/person"


# Tables --------------------------------------------------------------------------------------------------------


def test_a_run_in_excel_has_a_row_for_each_time_and_member_and_says_what_all_is(tmp_path):
    result = run_ensemble(SHORT, 2, keep=KEEP)
    book = openpyxl.load_workbook(result.save(tmp_path / "run.xlsx"))
    assert book.sheetnames == ["values", "variables", "provenance"]
    heads, units, *rows = book["values"].iter_rows(values_only=True)
    assert len(rows) == 2 * len(result.time)
    column = heads.index("smuggler_fee, south")
    assert units[column] == "USD/person"
    fees = [row[column] for row in rows]
    np.testing.assert_allclose(
        fees, result.by_route("smuggler_fee")[:, :, 2].ravel(), rtol=1e-15
    )  # Excel keeps 16 digits
    facts = dict(row[:2] for row in book["provenance"].iter_rows(values_only=True))
    assert facts["scenario_hash"] == result.provenance["scenario_hash"]


def test_a_table_of_a_sweep_holds_every_number_once_with_what_its_point_sets(swept, tmp_path):
    table = pd.read_csv(swept.pushpull.save(tmp_path / "sweep.csv"), keep_default_na=False)
    deaths = table[table["variable"] == "deaths_in_transit"]
    assert len(deaths) == swept["deaths_in_transit"].size
    assert deaths["value"].tolist() == swept["deaths_in_transit"].values.ravel().tolist()
    own = deaths[deaths["point"] == 4]["border_control_south"].unique()
    assert own == float(swept["border_control_south"][4]) and set(deaths["unit"]) == {"person/year"}


def test_a_comparison_is_saved_as_its_table_and_as_outcomes_by_scenario(files, tmp_path):
    made = compare(SHORT, SHORT.with_policy("balanced"), members=2)
    table = pd.read_csv(made.save(tmp_path / "made.csv"), keep_default_na=False)
    assert list(table.columns) == list(made.table.columns) and len(table) == len(made.table)
    sheet = openpyxl.load_workbook(made.save(tmp_path / "made.xlsx")).active
    assert sheet.max_row == len(made.table) + 1
    found = read_cf(files / "comparison.nc")
    assert found["scenario"].values.tolist() == list(made.labels)
    own = found["deaths_in_transit"].sel(scenario=made.labels[1]).values
    assert own.tolist() == made.results[1].total("deaths_in_transit").tolist()
    with pytest.raises(ValueError, match="one corridor"):
        compare(SHORT, Scenario.load("us_southwest_border")).save(tmp_path / "both.nc")


def test_no_text_of_a_table_is_a_formula(tmp_path):
    path = write_frame(pd.DataFrame({"name": ["=1+1", 'a "b", c'], "value": [1.5, np.nan]}), tmp_path / "out.csv")
    assert path.read_text() == 'name,value\n\'=1+1,1.5\n"a ""b"", c",\n'


def test_what_excel_cannot_hold_is_told():
    with pytest.raises(CannotHold, match="too many for a sheet of Excel; it holds 1,048,576 rows"):
        check_size(2_000_000, 3)


def test_parquet_without_its_package_is_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(frames, "find_spec", lambda name: None)
    assert main(["run", "g8_2001", "-o", str(tmp_path / "run.parquet")]) == 2
    err = capsys.readouterr().err
    assert err.endswith("run.parquet: a .parquet file needs the package pyarrow, which the extra `parquet` brings\n")


@pytest.mark.audit
@pytest.mark.skipif(frames.find_spec("pyarrow") is None, reason="the extra parquet is not installed")
def test_parquet_holds_the_tidy_table(swept, tmp_path):
    result = run(SHORT, keep=KEEP)
    found = pd.read_parquet(result.save(tmp_path / "run.parquet"))
    assert found["value"].tolist() == result.table()["value"].tolist() and list(found.columns) == list(result.table())
    assert len(pd.read_parquet(swept.pushpull.save(tmp_path / "sweep.parquet"))) == len(swept.pushpull.table())


# Experiments ---------------------------------------------------------------------------------------------------


def test_experiments_of_a_sweep_are_its_points_and_members(swept):
    experiments, outcomes = experiments_of(swept)
    assert list(experiments.columns) == ["border_control_south", "scarcity_elasticity", *IDS] and len(experiments) == 60
    assert list(outcomes) == ["deaths_in_transit", "public_cost"]  # a fee does not add up over routes
    assert outcomes["public_cost"].shape == (60, 9)
    np.testing.assert_array_equal(outcomes["public_cost"][7], swept["public_cost"].values[3, 1])
    assert experiments["scenario"][7] == 1 and experiments["policy"][7] == str(swept["name"].values[3])
    own = run_ensemble(swept.pushpull.scenario(3), 2, 1, keep=KEEP)
    np.testing.assert_array_equal(outcomes["deaths_in_transit"][6:8], own.total("deaths_in_transit"))
    with pytest.raises(KeyError, match="does not add up"):
        experiments_of(swept, ["smuggler_fee"])


def test_experiments_of_an_ensemble_are_its_draws():
    result = run_ensemble(SHORT, 4, keep=KEEP)
    experiments, outcomes = experiments_of(result, ["deaths_in_transit"], year=2010)
    assert len(experiments) == 4 and len(experiments.columns) > 100
    np.testing.assert_array_equal(outcomes["deaths_in_transit"], result.at("deaths_in_transit", 2010))
    with pytest.raises(ValueError, match="one run is no experiment"):
        experiments_of(run(SHORT))


def test_the_archive_has_the_form_of_ema_workbench(swept, tmp_path):
    """The layout of `save_results` of EMA Workbench 2.5: experiments.csv, a file for each outcome, metadata.json."""
    experiments, outcomes = experiments_of(swept)
    outcomes["at_the_end"] = outcomes["public_cost"][:, -1]
    outcomes["by_route"] = swept["smuggler_fee"].values.reshape(60, 9, 3)
    path = save_experiments(experiments, outcomes, tmp_path / "sweep.tar.gz")
    with tarfile.open(path) as archive:
        assert set(archive.getnames()) == {
            "experiments.csv", "metadata.json", "deaths_in_transit.csv", "public_cost.csv", "at_the_end.cls",
            "by_route.npy",
        }  # fmt: skip
        facts = json.load(archive.extractfile("metadata.json"))
        pd.testing.assert_frame_equal(
            pd.read_csv(archive.extractfile("experiments.csv")), experiments, check_dtype=False
        )
        series = pd.read_csv(archive.extractfile("public_cost.csv"), header=None).to_numpy()
    np.testing.assert_array_equal(series, outcomes["public_cost"])
    assert facts["version"] == 0.1 and facts["experiments"]["policy"] == "object"
    assert ["ScalarOutcome", "at_the_end", "at_the_end.cls"] in facts["outcomes"]
    assert ["ArrayOutcome", "by_route", "by_route.npy"] in facts["outcomes"]


def test_salib_takes_a_sweep_and_finds_what_moves_it(swept):
    pawn = pytest.importorskip("SALib.analyze.pawn", reason="the extra explore is not installed")
    problem, sample, outcome = salib_sample(swept, "deaths_in_transit", 2010)
    assert problem["names"] == ["border_control_south", "scarcity_elasticity"] and problem["bounds"][1] == [0.3, 1.0]
    assert sample.shape == (60, 2) and outcome.shape == (60,)
    indices = pawn.analyze(problem, sample, outcome, S=5, print_to_console=False)
    assert indices["names"] == problem["names"] and 0 <= min(indices["median"]) <= max(indices["median"]) <= 1


def test_the_command_of_a_sweep_writes_what_others_read(tmp_path, capsys):
    for ending, opened in (("csv", pd.read_csv), ("tar.gz", lambda path: tarfile.open(path).getnames())):
        path = tmp_path / f"out.{ending}"
        keep = ["--end", "2010", "--keep", "deaths_in_transit"]
        assert main(["sweep", "g8_2001", *keep, "--vary", "rescue_capacity=0,1", "-o", str(path)]) == 0
        assert len(opened(path)) > 2
    assert sorted(each.name for each in tmp_path.iterdir()) == ["out.csv", "out.tar.gz"]


def test_a_sweep_read_back_from_netcdf_has_the_same_experiments(swept, files):
    again = read_cf(files / "sweep.nc")
    pd.testing.assert_frame_equal(again.pushpull.experiments()[0], swept.pushpull.experiments()[0], check_dtype=False)
    assert again.pushpull.scenario(2).digest == swept.pushpull.scenario(2).digest


# Models of other programs --------------------------------------------------------------------------------------

VENSIM = "{UTF-8}\npopulation = INTEG(births, 100)\n\t~ person\n\t~ |\n"
XMILE = '<?xml version="1.0"?>\n<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"></xmile>\n'


@pytest.mark.parametrize(
    "name, content, what",
    [
        ("theirs.mdl", VENSIM, "a model of Vensim"),
        ("theirs.vpmx", "\0\1", "a model of Vensim"),
        ("theirs.txt", VENSIM, "a model of Vensim"),
        ("theirs.xmile", XMILE, "a model in XMILE"),
        ("theirs.stmx", XMILE, "a model in XMILE"),
        ("theirs.xml", XMILE, "a model in XMILE"),
        ("theirs.yaml", XMILE, "a model in XMILE"),
        ("theirs.xml", "<html/>", "an XML file"),
    ],
)
def test_a_model_of_another_program_is_refused_in_one_sentence(name, content, what, tmp_path, capsys):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    sentence = f"this is {what}; Pushpull runs its own model and reads no other; allowed: a scenario of it, a file that"
    commands = (["run", str(path)], ["validate", str(path)], ["compare", "g8_2001", str(path)])
    others = (
        ["sweep", str(path), "--vary", "rescue_capacity=0,1", "-o", str(tmp_path / "out.zarr")],
        ["run", "g8_2001", "--policy", str(path)],
        ["explore", str(path), "--where", "deaths_in_transit rises in 2035"],
        ["export", "xmile", str(path)],
        ["seek", "public_cost<=1bn in 2035", "--corridor", str(path), "--levers", "rescue_capacity"],
    )
    for command in (*commands, *others) if name == "theirs.mdl" else commands[:1]:
        assert main(command) == 2, command
        out, err = capsys.readouterr()
        assert out == "" and len(err.splitlines()) == 1 and sentence in err, (command, err)
        assert "writes XMILE, and nothing here reads it" in err
