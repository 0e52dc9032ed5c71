"""The command line on what is not known: ranges, chances, targets, folders and clusters."""

from __future__ import annotations

import json

import pytest
import xarray

from pushpull import Scenario, run_ensemble
from pushpull.catalogue import catalogue

BORDER = "us_southwest_border"


def compared(pushpull, *arguments):
    code, out, _ = pushpull("compare", BORDER, *arguments, "--json")
    assert code == 0
    return json.loads(out)


def test_an_ensemble_shows_ranges_chances_targets_and_whether_it_has_settled(pushpull):
    target = ("--target", "deaths_in_transit<=600 in 2035", "--target", "smuggler_fee@arizona >= 1 by 2040")
    code, out, _ = pushpull("compare", BORDER, "balanced", "--members", 6, "--start", 2024, *target)
    assert code == 0
    assert all(words in out for words in ("50 % range", "90 % range", "improves", "% up", "share of the draws targets"))
    assert "not settled: this needs at least 40 members; 6 have been run" in out
    assert "deaths_in_transit<=600 in 2035" in out and "smuggler_fee@arizona>=1 by 2040" in out


def test_harm_to_people_stands_first_in_every_list(pushpull):
    people = [outcome.title for outcome in list(catalogue().outcomes.values())[:3]]
    assert all(outcome.people for outcome in list(catalogue().outcomes.values())[:3])
    for command in (("run", BORDER), ("compare", BORDER, "balanced"), ("compare", BORDER, "balanced", "--members", 2)):
        out = pushpull(*command)[1]
        places = [out.index(title) for title in (*people, "Smuggled migrants", "Recorded apprehensions")]
        assert places == sorted(places)


def test_chances_of_targets_are_those_of_the_ensemble(pushpull):
    content = compared(pushpull, "punitive", "balanced", "--members", 8, "--target", "deaths_in_transit<=900@2035")
    scenario = Scenario.load(BORDER)
    assert [each["scenario"] for each in content["targets"]] == [each["label"] for each in content["others"]]
    for each, policy in zip(content["targets"], ("punitive", "balanced"), strict=True):
        result = run_ensemble(scenario.with_policy(policy), 8)
        assert each["chance"] == (result.at("deaths_in_transit", 2035) <= 900).mean()
        assert (each["outcome"], each["value"], each["year"]) == ("deaths_in_transit", 900, 2035)
    assert [each["settled"] for each in content["settling"]] == [False, False]


def test_a_single_run_meets_a_target_or_not(pushpull):
    code, out, _ = pushpull("compare", BORDER, "balanced", "--target", "public_cost<=1@2035")
    assert code == 0 and "not met" in out
    assert "  met" in pushpull("compare", BORDER, "balanced", "--target", "public_cost>=1@2035")[1]


def test_a_scenario_against_itself_bets_on_nothing(pushpull):
    content = compared(pushpull, BORDER, "--members", 3)
    assert {(row["difference"], row["improved"], row["increased"]) for row in content["outcomes"]} == {(0, None, None)}


def test_other_years_and_corridors_are_compared_without_a_word_on_settling(pushpull):
    content = compared(pushpull, "g8_2001", "--members", 2, "--target", "deaths_in_transit<=300@2014")
    assert content["settling"] == [] and len(content["targets"]) == 1


def test_a_zarr_folder_is_streamed_and_says_what_it_holds(pushpull, tmp_path):
    path = tmp_path / "out.zarr"
    run = ("run", "g8_2001", "--policy", "balanced", "--start", 2012, "--members", 5, "--output", path)
    assert pushpull(*run)[2].endswith(f"wrote {path}\n")
    assert pushpull(*run)[2].endswith(f"wrote {path}\n")
    result = run_ensemble(Scenario.load("g8_2001").with_policy("balanced").with_changes(start=2012), 5)
    with xarray.open_zarr(path, decode_times=False) as dataset:
        assert (dataset["deaths_in_transit"].values == result["deaths_in_transit"].values).all()
    code, out, err = pushpull(*run, "--keep", "public_cost")
    assert (code, out) == (2, "") and "differs in kept variables" in err


def test_a_zarr_folder_keeps_what_is_named(pushpull, tmp_path):
    path = tmp_path / "out.zarr"
    names = ("public_cost", "potential_labour_migrants")
    options = [option for name in names for option in ("--keep", name)]
    assert pushpull("run", "g8_2001", "--members", 2, "--start", 2014, *options, "--output", path)[0] == 0
    with xarray.open_zarr(path, decode_times=False) as dataset:
        assert set(names) <= set(dataset) and "smuggler_fee" not in dataset


def test_more_members_than_a_fit_has_draws_are_told_to_repeat_them(pushpull, tmp_path):
    from pushpull.analysis.members import distinct_draws

    scenario = Scenario.load(BORDER)
    distinct = distinct_draws(scenario, 10_000)
    if distinct == 10_000:
        pytest.skip("every member of this corridor has a draw of its own")
    path = tmp_path / "out.zarr"
    given = ("--start", 2044.75, "--members", distinct + 1, "--keep", "public_cost", "--output", path)
    code, _, err = pushpull("run", BORDER, *given)
    assert code == 0 and f"the fit of this corridor has {distinct} draws; more members repeat them" in err


@pytest.mark.parametrize(
    "arguments, lines",
    [
        (["run", BORDER, "--output", "out.zarr"], ["a .zarr folder holds an ensemble; allowed: --members N"]),
        (["run", BORDER, "--cluster", "tcp://127.0.0.1:9"], ["--cluster: one run needs no cluster"]),
        (["run", BORDER, "--members", "3", "--keep", "traffic", "-o", "out.csv"], ["allowed: --output NAME.zarr"]),
        (
            ["run", BORDER, "--members", "3", "--keep", "trafic", "--keep", "x", "-o", "out.zarr"],
            ['did you mean "traffic"?', '"x"'],
        ),
        (["compare", BORDER, "balanced", "--target", "deaths"], ['"deaths" is no target; allowed: OUTCOME[@ROUTE]<=']),
        (
            ["compare", BORDER, "balanced", "--target", "death_in_transit<=3@2035", "--target", "public_cost<=1@1066"],
            ['did you mean "deaths_in_transit"?', "allowed: a year from 1990 to 2045"],
        ),
    ],
)
def test_every_fault_is_one_line_on_stderr_and_nothing_is_written(pushpull, tmp_path, monkeypatch, arguments, lines):
    monkeypatch.chdir(tmp_path)
    code, out, err = pushpull(*arguments)
    assert (code, out) == (2, "") and "Traceback" not in err
    told = err.splitlines()
    assert len(told) == len(lines)
    assert all(any(words in line for line in told) for words in lines)
    assert list(tmp_path.iterdir()) == []
