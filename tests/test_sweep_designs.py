"""The file of a sweep's design: what it says, every fault at its line, and its schema."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from ruamel.yaml import YAML

from pushpull import Scenario, sweep
from pushpull.__main__ import main
from pushpull.catalogue import catalogue
from pushpull.files.faults import ScenarioFaults
from pushpull.sweeps import grid, latin_hypercube, listed, read_sweep_design
from pushpull.sweeps.design_reader import sweep_design_from_text
from pushpull.sweeps.design_schema import design_schema, design_schema_text

SCHEMA = Path(__file__).parent.parent / "scenarios" / "schema" / "design.schema.json"
README = (Path(__file__).parent.parent / "scenarios" / "sweeps" / "README.md").read_text(encoding="utf-8")
SCENARIO = Scenario.load("g8_2001").with_changes(start=2005, end=2015)

GRID = """schema_version: 1
title: Control in the south, and rescue
design: grid
vary:
  border_control@south: {from: 0.5, to: 2, steps: 4}
  rescue_capacity: [0, 0.5, 1]
  scarcity_elasticity: {from: 0.3, to: 0.9, steps: 2, scale: log}
simulations: 20
seed: 7
"""
HYPERCUBE = """schema_version: 1
design: latin_hypercube
vary:
  border_control: {from: 0.5, to: 2}
  scarcity_elasticity: {from: 0.3, to: 0.9, scale: log}
points: 40
seed: 3
"""
LIST = """schema_version: 1
design: list
points:
  as it is: {}
  stricter: {border_control: 2}
  south alone: {border_control@south: 2, rescue_capacity: 0.5}
"""
APART = LIST.replace("stricter: {border_control: 2}", "stricter: {border_control@north: 2}")


def test_a_file_says_the_same_as_the_functions():
    made = sweep_design_from_text(GRID, scenario=SCENARIO)
    levels = {
        "border_control@south": [0.5, 1, 1.5, 2],
        "rescue_capacity": [0, 0.5, 1],
        "scarcity_elasticity": [0.3, 0.9],
    }
    assert made.digest == grid(SCENARIO, levels).digest and (made.simulations, made.seed) == (20, 7)
    made = sweep_design_from_text(HYPERCUBE, scenario=SCENARIO)
    ranges = {"border_control": (0.5, 2), "scarcity_elasticity": (0.3, 0.9)}
    assert made.digest == latin_hypercube(SCENARIO, ranges, 40, 3, log=["scarcity_elasticity"]).digest
    made = sweep_design_from_text(APART, scenario=SCENARIO)
    points = {
        "as it is": {},
        "stricter": {"border_control@north": 2},
        "south alone": {"border_control@south": 2, "rescue_capacity": 0.5},
    }
    assert made.digest == listed(SCENARIO, points).digest and np.isnan(made.values[0]).all()


# Each case: the file, what is changed, into what, the line that is at fault, and words that the fault says.
CASES = {
    "a version there is not": (GRID, "schema_version: 1", "schema_version: 2", 1, "a whole number from 1 to 1"),
    "a kind there is not": (GRID, "design: grid", "design: gird", 3, 'did you mean "grid"?'),
    "a word there is not": (GRID, "simulations:", "simulation:", 8, 'did you mean "simulations"?'),
    "a name there is not": (GRID, "rescue_capacity:", "rescue_capcity:", 6, 'did you mean "rescue_capacity"?'),
    "an outcome": (GRID, "rescue_capacity:", "deaths_in_transit:", 6, "an outcome cannot be set"),
    "a route there is not": (GRID, "@south", "@suoth", 5, 'border_control has no route "suoth"'),
    "a level outside its range": (GRID, "[0, 0.5, 1]", "[0, 0.5, 7]", 6, "rescue_capacity is 7, outside its range"),
    "a level that is none": (GRID, "[0, 0.5, 1]", "[0, a half, 1]", 6, 'the text "a half"'),
    "a decimal comma": (GRID, "to: 2,", "to: '1,5',", 5, "did you mean 1.5?"),
    "no levels": (GRID, "[0, 0.5, 1]", "[]", 6, "an empty list"),
    "ends that are turned": (GRID, "from: 0.5, to: 2", "from: 2, to: 0.5", 5, "this is no range"),
    "no steps": (GRID, ", steps: 4", "", 5, 'lacks "steps"'),
    "one step": (GRID, "steps: 4", "steps: 1", 5, "a whole number from 2"),
    "a scale there is not": (GRID, "scale: log", "scale: logarithmic", 7, "linear, log"),
    "a log scale from zero": (
        HYPERCUBE, "{from: 0.5, to: 2}", "{from: 0, to: 2, scale: log}", 4, "above 0 on the scale log"),
    "more points than run": (GRID, "steps: 4", "steps: 9000", 4, None),
    "points of a grid": (GRID, "simulations: 20", "points: 20", 8, 'kind grid has no "points"'),
    "no points": (HYPERCUBE, "points: 40\n", "", 1, 'kind latin_hypercube lacks "points"'),
    "points that are no number": (HYPERCUBE, "points: 40", "points: many", 6, 'the text "many"'),
    "steps of a hypercube": (HYPERCUBE, "to: 2}", "to: 2, steps: 4}", 4, 'knows no "steps"'),
    "what is varied in a list": (APART, "design: list\n", "design: list\nvary: {}\n", 3, 'kind list has no "vary"'),
    "a point that is no mapping": (APART, "as it is: {}", "as it is: 2", 4, "the point as it is is the number 2"),
    "a list that sets one number twice": (LIST, "as it is: {}", "as it is: {}", 4, "set the same number"),
    "too many simulations": (GRID, "simulations: 20", "simulations: 2000000", 8, "a whole number from 1 to 100000"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_each_fault_of_a_design_names_its_line_and_what_to_do(case):
    text, old, new, line, said = CASES[case]
    assert text.count(old) == 1, old
    if said is None:
        text, said = text.replace("[0, 0.5, 1]", "{from: 0, to: 1, steps: 20}"), "the design has 360,000 points"
    with pytest.raises(ScenarioFaults) as found:
        sweep_design_from_text(text.replace(old, new), "own.yaml", SCENARIO)
    faults = [fault for fault in found.value.faults if said in str(fault)]
    assert len(faults) == 1, str(found.value)
    assert faults[0].file == "own.yaml" and abs((faults[0].line or 0) - line) <= 1
    assert faults[0].in_language("fr") != str(faults[0])


def test_every_fault_comes_at_once():
    text = GRID.replace("rescue_capacity: [0, 0.5, 1]", "rescue_capcity: [0]").replace("to: 2", "to: 20")
    with pytest.raises(ScenarioFaults) as found:
        sweep_design_from_text(text.replace("seed: 7", "seed: -1"), "own.yaml", SCENARIO)
    assert [fault.line for fault in found.value.faults] == [5, 6, 9]


def test_without_a_scenario_any_route_passes():
    assert len(sweep_design_from_text(GRID.replace("@south", "@of_mine"))) == 24


def test_a_file_of_another_kind_is_told_for_what_it_is(tmp_path, capsys):
    with pytest.raises(ScenarioFaults, match="this is a policy package, not the design of a sweep"):
        sweep_design_from_text("schema_version: 4\nkind: policy\ntitle: x\npolicies: {}\n")
    path = tmp_path / "mine.yaml"
    path.write_text(GRID, encoding="utf-8")
    assert main(["run", str(path)]) == 2
    assert "this is the design of a sweep, not a scenario" in capsys.readouterr().err


def test_the_published_schema_is_up_to_date_and_takes_what_the_reader_takes():
    stale = "stale: pushpull export design-schema -o scenarios/schema/design.schema.json"
    assert SCHEMA.read_text(encoding="utf-8") == design_schema_text(catalogue()), stale
    validator = jsonschema.Draft202012Validator(design_schema(catalogue()))
    for text in (GRID, HYPERCUBE, LIST):
        assert list(validator.iter_errors(content_of(text))) == []
    for case in set(CASES) - {"a route there is not", "ends that are turned", "a log scale from zero",
                              "more points than run", "a list that sets one number twice"}:  # fmt: skip
        text, old, new, *_ = CASES[case]
        assert list(validator.iter_errors(content_of(text.replace(old, new)))) != [], case


def content_of(text):
    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(text)))


def test_the_examples_of_the_readme_are_read(tmp_path):
    blocks = [part.split("```")[0] for part in README.split("```yaml\n")[1:]]
    assert len(blocks) == 3
    kinds = [sweep_design_from_text(block, scenario=Scenario.load("us_southwest_border")) for block in blocks]
    assert [len(each) for each in kinds] == [12, 200, 3]


def test_validate_and_sweep_take_the_file(tmp_path, capsys):
    path = tmp_path / "mine.yaml"
    path.write_text(LIST.replace("border_control: 2}", "rescue_capacity: 1}"), encoding="utf-8")
    assert main(["validate", str(path)]) == 0 and "fine" in capsys.readouterr().out
    found = sweep(SCENARIO, path, keep="deaths_in_transit")
    assert found["name"].values.tolist() == ["as it is", "stricter", "south alone"]
    assert read_sweep_design(path, SCENARIO).names == tuple(found["name"].values)
    path.write_text(GRID.replace("@south", "@suoth"), encoding="utf-8")
    command = ["sweep", "g8_2001", "--design", str(path), "-o", str(tmp_path / "out.zarr"), "--language", "fr"]
    assert main(command) == 2
    assert f"{path}:5\u00a0: border_control" in capsys.readouterr().err
