"""Scenario discovery: boxes, what separates simulations, and what is told of them."""

import json

import numpy as np
import pandas as pd
import prim
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushpull import Scenario
from pushpull.commands.application import call
from pushpull.discovery import (
    Cases,
    Condition,
    discover,
    find_boxes,
    found_in,
    given_data_sensitivity,
    run_cases,
    separation,
)
from pushpull.discovery.separating import halves
from pushpull.files.faults import ScenarioFaults

CORNER = {"a": (0.7, None), "b": (None, 0.4)}


def corner(seed, cases=800, inputs=5, wrong=0.0):
    """Cases of which those in a corner of two inputs are of interest, a share of them told wrongly."""
    rng = np.random.default_rng(seed)
    values = rng.random((cases, inputs))
    return values, ((values[:, 0] > 0.7) & (values[:, 1] < 0.4)) ^ (rng.random(cases) < wrong)


def ring(seed):
    rng = np.random.default_rng(seed)
    values = rng.random((700, 4))
    noise = 0.1 * rng.normal(size=700)
    return values, (values[:, 0] - 0.5) ** 2 + (values[:, 1] - 0.3) ** 2 + noise < 0.05


def steps(seed):
    values = np.round(np.random.default_rng(seed).random((900, 3)) * 20) / 20
    return values, values[:, 0] + values[:, 1] > 1.3


@pytest.mark.parametrize(
    "inputs, of_interest",
    [corner(1), corner(2, wrong=0.1), ring(3), steps(4)],
    ids=["corner", "noisy", "ring", "steps"],
)
def test_boxes_on_the_way_are_those_of_the_package_prim(inputs, of_interest):
    names = [f"input {number}" for number in range(inputs.shape[1])]
    theirs = prim.Prim(pd.DataFrame(inputs, columns=names), of_interest).find_box()
    own, on_the_way = find_boxes(inputs, of_interest), theirs.peeling_trajectory
    assert len(own) == len(on_the_way) > 10
    for figure in ("coverage", "density", "mass"):
        np.testing.assert_allclose([getattr(box, figure) for box in own], on_the_way[figure], rtol=1e-12)
    for number, box in enumerate(own[1:], start=1):
        theirs.select(number)
        limited = [names[column] for column in box.restricted]
        np.testing.assert_allclose(box.limits[box.restricted], theirs.limits.loc[limited, ["min", "max"]], rtol=1e-12)
        assert len(theirs.limits) == len(limited)


@given(seed=st.integers(0, 10_000), shift=st.floats(-5, 5), scale=st.floats(0.01, 100))
def test_a_box_does_not_hang_on_the_units_of_its_inputs(seed, shift, scale):
    inputs, of_interest = corner(seed, cases=200, inputs=3, wrong=0.05)
    own, other = find_boxes(inputs, of_interest), find_boxes(shift + scale * inputs, of_interest)
    assert own[-1].coverage == pytest.approx(other[-1].coverage, abs=0.02)
    assert all(later.density >= earlier.density for earlier, later in zip(own, own[1:], strict=False))
    assert all(box.mass >= 0.05 for box in own)


@pytest.mark.parametrize("of_interest", [np.zeros(50, dtype=bool), np.ones(50, dtype=bool)])
def test_where_all_cases_are_alike_there_is_no_box_to_find(of_interest):
    with pytest.raises(ValueError, match="some cases"):
        find_boxes(np.random.default_rng(0).random((50, 2)), of_interest)


def cases_of(inputs, of_interest):
    """Simulations in which an outcome rises by half where it is so, and stays elsewhere."""
    table = pd.DataFrame(inputs, columns=list("abcdefgh")[: inputs.shape[1]])
    names = {name: f"Input {name}" for name in table}
    baseline = np.ones((2, len(inputs)))
    after = np.stack([baseline[0], np.where(of_interest, 1.5, 1.0)])
    return Cases(
        table,
        names,
        dict.fromkeys(names, "1"),
        np.array([2030.0, 2035.0]),
        baseline,
        after,
        np.arange(len(inputs)) // 2,
    )


RISES = Condition.parse("deaths_in_transit rises in 2035")


def test_what_was_planted_is_found_and_told_with_figures_of_the_other_half():
    inputs, of_interest = corner(5, cases=2000, inputs=8)
    found = found_in(cases_of(inputs, of_interest), RISES, 2030)
    assert {(each.name, each.above) for each in found.limits} == {("a", True), ("b", False)}
    by_name = {each.name: each.value for each in found.limits}
    assert by_name["a"] == pytest.approx(0.7, abs=0.03) and by_name["b"] == pytest.approx(0.4, abs=0.03)
    assert found.coverage > 0.9 and found.density > 0.9
    assert "input a above 0.7" in found.sentence and "input b below 0.4" in found.sentence
    assert set(found.separation["input"][:2]) == {"a", "b"}


def test_of_what_chance_makes_nothing_is_told():
    rng = np.random.default_rng(6)
    told = [found_in(cases_of(rng.random((400, 8)), rng.random(400) < 0.5), RISES, 2030).limits for _ in range(20)]
    assert sum(map(bool, told)) <= 2  # one in twenty is what the threshold lets through


def test_futures_that_mirror_each_other_are_in_one_half():
    scenario = Scenario.load("us_southwest_border").with_policy("punitive")
    line = Condition.parse("deaths_in_transit rises in 2030").line
    cases = run_cases(scenario, line, 2030, simulations=60)
    looked_in, judged_by = halves(cases.pairs)
    assert sorted([*looked_in, *judged_by]) == list(range(60)) and len(looked_in) and len(judged_by)
    assert not set(cases.pairs[looked_in]) & set(cases.pairs[judged_by])
    mirrored = np.log(cases.inputs["departure_shocks@mexico"].to_numpy())
    for pair in np.unique(cases.pairs):
        (own, *others) = np.flatnonzero(cases.pairs == pair)
        assert all(mirrored[other] == pytest.approx(-mirrored[own]) for other in others)


def test_figures_are_of_simulations_that_no_limit_was_found_in():
    inputs, of_interest = corner(7, cases=800, inputs=4)
    spoilt = of_interest.copy()
    judged = np.arange(800) // 2 % 2 == 1
    spoilt[judged] = np.random.default_rng(8).random(judged.sum()) < 0.5
    found = found_in(cases_of(inputs, spoilt), RISES, 2030)
    assert found.limits and found.density == pytest.approx(0.5, abs=0.12)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("deaths_in_transit rises in 2035", "what"),
        ("deaths_in_transit <= 500 in 2035", "what"),
        ("deaths_in_transit goes up", "--where: "),
        ("deaths_in_transt rises in 2035", 'did you mean "deaths_in_transit"'),
        ("deaths_in_transit rises in soon", "the year"),
        ("deaths_in_transit rises in 1990", "a year from"),
        ("deaths_in_transit <= many in 2035", "--where: "),
    ],
)
def test_a_selection_is_read_or_refused_in_one_line(text, expected):
    scenario = Scenario.load("g8_2001")
    try:
        Condition.parse(text).check(scenario)
        assert expected == "what"
    except ScenarioFaults as refused:
        assert expected in str(refused) and "\n" not in str(refused) and str(refused).startswith("--where: ")


def test_each_simulation_has_a_level_of_its_own_and_the_run_is_that_of_the_level():
    scenario = Scenario.load("g8_2001")
    line = Condition.parse("deaths_in_transit rises in 2030").line
    cases = run_cases(scenario, line, 2030, simulations=40, vary={"border_control": (1.0, 3.0)})
    levels = np.sort(cases.inputs["border_control"])
    assert np.all(np.abs(levels - (1 + (np.arange(40) + 0.5) / 20)) <= 1 / 40 + 1e-9)  # a Latin hypercube
    row = int(np.argmax(cases.inputs["border_control"]))
    level = float(cases.inputs["border_control"].iloc[row])
    alone = run_cases(scenario.with_settings([f"border_control={level!r}"]), line, 2030, simulations=40)
    np.testing.assert_allclose(cases.policy[:, row], alone.policy[:, row], rtol=1e-9)
    np.testing.assert_allclose(cases.baseline, alone.baseline, rtol=1e-9)


def test_the_lever_that_moves_an_outcome_is_found_among_everything_that_is_drawn():
    found = discover(
        Scenario.load("g8_2001"),
        "apprehensions_recorded rises in 2035",
        simulations=200,
        vary={"border_control": (0.2, 3)},
    )
    assert found.separation["input"][0] == "border_control"
    assert [(each.name, each.above) for each in found.limits][:1] == [("border_control", True)]
    strongest = given_data_sensitivity(found.cases.inputs, found.cases.change_in(2035))
    assert strongest["input"][0] == "border_control" and strongest["beyond_chance"][0]


def test_inputs_without_effect_do_not_stand_out_and_one_with_effect_does():
    rng = np.random.default_rng(9)
    inputs = pd.DataFrame(rng.random((500, 10)), columns=[f"x{number}" for number in range(10)])
    found = given_data_sensitivity(inputs, inputs["x3"].to_numpy() ** 2 + 0.2 * rng.random(500))
    assert found["input"][0] == "x3" and found["beyond_chance"][0] and found["beyond_chance"].sum() <= 3
    parted = separation(inputs, inputs["x3"] > 0.8)
    assert parted["input"][0] == "x3" and parted["chance"][0] < 1e-6 < parted["chance"][3]


def test_the_command_tells_the_sentence_and_the_same_as_json(capsys):
    asked = ["explore", "g8_2001", "--where", "apprehensions_recorded rises in 2035", "--vary", "border_control=0.2:3"]
    assert call([*asked, "--members", "80", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert call([*asked, "--members", "80"]) == 0
    shown = capsys.readouterr().out
    assert told["sentence"] in shown.replace("\n", " ") and told["simulations"] == 80
    assert 0 <= told["share"] <= 1 and told["separation"][0]["input"] == "border_control"


@pytest.mark.parametrize(
    "given, expected",
    [
        (["--vary", "border_control"], "--vary: "),
        (["--vary", "border_contrl=1:2"], 'did you mean "border_control"'),
        (["--vary", "border_control=3:1"], "lower end first"),
        (["--vary", "border_control=0:99"], "from 0 to"),
        ([], "no policy to look into"),
    ],
)
def test_what_cannot_be_varied_is_refused_in_one_line(given, expected, capsys):
    assert call(["explore", "g8_2001", "--where", "deaths_in_transit rises in 2035", *given]) == 2
    said = [line for line in capsys.readouterr().err.splitlines() if line.strip()]
    assert expected in said[-1]
