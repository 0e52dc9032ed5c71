"""A model whose variables differ by origin, written in XMILE: two other simulators find what our own run finds."""

from __future__ import annotations

import dataclasses
import warnings
from xml.etree import ElementTree

import numpy as np

from pushpull.exporting.expressions import element
from pushpull.exporting.scalar_entries import ScenarioNumbers, VariableEntries, card_entries
from pushpull.exporting.xmile import file_text
from tests.engine.test_origins import MODEL, START, STEPS_PER_YEAR, TRAVEL_TIME, YEARS, result_of, task_of
from tests.xmile_judges import Simlin

PEOPLE, RATES, SHARES = [1000.0, 300.0], [1.0, 0.2], [0.75, 0.25]


def numbers_of(task) -> ScenarioNumbers:
    """The numbers of a run of the toy, under the names of the elements that hold them."""
    given = {
        "people_at_start": lambda at: PEOPLE[task.origins.index(at.origin)],
        "leaving_rate": lambda at: RATES[task.origins.index(at.origin)],
        "way_share": lambda at: SHARES[task.routes.index(at.route)],
        "travel_time": lambda at: TRAVEL_TIME,
    }
    rest = {"formulas": {}, "saves_per_year": STEPS_PER_YEAR, "policy_step": -1, "inputs": {}, "balanced": {}}
    numbers = ScenarioNumbers(
        model=MODEL, routes=task.routes, origins=task.origins, start=START, stop=START + YEARS,
        steps_per_year=STEPS_PER_YEAR, constants={}, **rest,
    )  # fmt: skip
    for name, value in given.items():
        for position in numbers.writer().positions(MODEL.over(name)):
            numbers.constants[element(name, MODEL.over(name), position)] = value(position)
    return numbers


def xmile_of(numbers: ScenarioNumbers) -> str:
    written = VariableEntries(numbers, numbers.writer())
    entries = [entry for variable in MODEL.variables.values() for entry in written.of(variable)]
    entries += card_entries(numbers)
    header = ElementTree.Element("header")
    for word in ("name", "vendor", "product"):
        ElementTree.SubElement(header, word).text = "toy"
    return file_text(header, "euler", numbers, entries)


def test_pysd_and_simlin_keep_two_origins_apart_as_our_run_does(tmp_path):
    import pysd

    task = dataclasses.replace(task_of(PEOPLE, RATES, SHARES), method="euler")
    result, numbers = result_of(task), numbers_of(task)
    ours = {}
    for name in MODEL.variables:
        over = MODEL.over(name)
        columns = result.array(name)[0].reshape(len(result.time), -1).T
        places = numbers.writer().positions(over)
        ours |= {element(name, over, at): column for at, column in zip(places, columns, strict=True)}
    assert "on_the_way_village1_way0" in ours and len(ours) == 21
    text = xmile_of(numbers)
    simlin = Simlin(text, tmp_path)
    assert not simlin.complaints
    (tmp_path / "toy.xmile").write_text(text, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = pysd.read_xmile(str(tmp_path / "toy.xmile"))
        theirs = model.run(return_columns=list(ours), return_timestamps=result.time, progress=False)
    for name, column in ours.items():
        scale = np.abs(column).max() + 1e-9
        assert np.abs(simlin.series(result.time, name) - column).max() <= 1e-9 * scale, name
        assert np.abs(theirs[name].to_numpy() - column).max() <= 1e-9 * scale, name
