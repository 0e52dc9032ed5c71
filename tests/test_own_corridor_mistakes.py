"""Mistakes of a newcomer with a corridor: each told once, for what it is, with a remedy that works."""

import os
import re
import shlex

import pytest

from pushpull.calibration.plan import read_plan
from pushpull.evidence.experiment_files import read_experiment
from pushpull.scenario import Scenario, ScenarioFaults, check, corridor_in

from . import own_corridor
from .own_corridor import CORRIDOR, SERIES, changed


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PUSHPULL_SCENARIOS", raising=False)
    return tmp_path


def faults(home, corridor=CORRIDOR, series=SERIES):
    folder = own_corridor.write(home, corridor, series)
    return check(folder / "corridor.yaml")


def only(found):
    assert len(found) == 1, [str(each) for each in found]
    return str(found[0])


# A file in the place of another --------------------------------------------------------------------------------

PLAN = "schema_version: 1\nuntil: 2009\nseries:\n  drowned: {of: deaths_in_transit, error: 0.2, fitted: true, why: x}\n"


@pytest.mark.parametrize(
    "name, told",
    [
        ("corridors/strait/calibration.yaml", "this is a calibration plan, not"),
        ("corridors/strait/series.csv", "a .csv file is no"),
        ("corridors/strait/SOURCES.md", "a .md file is no"),
        ("finding.yaml", "this is an experiment, not"),
        ("checks.yaml", "this is a file of checks, not"),
    ],
)
@pytest.mark.parametrize("command", [("run",), ("run", "strait", "--policy"), ("list", "levers", "--corridor")])
def test_a_file_in_the_place_of_another_is_told_for_what_it_is_and_nothing_else(pushpull, home, command, name, told):
    folder = own_corridor.write(home)
    (folder / "calibration.yaml").write_text(PLAN, encoding="utf-8")
    (home / "finding.yaml").write_text("id: A1\nclaim: c\npublished: {estimate: 1}\n", encoding="utf-8")
    (home / "checks.yaml").write_text("- describe: d\n  tests: []\n", encoding="utf-8")
    code, _, said = pushpull(*command, name)
    lines = [line for line in said.splitlines() if not line.startswith("the corridor strait sets")]
    assert code == 2 and len(lines) == 1 and told in lines[0], said


def test_a_corridor_is_no_policy_package(pushpull, home):
    own_corridor.write(home)
    code, _, said = pushpull("run", "strait", "--policy", "corridors/strait/corridor.yaml")
    assert code == 2 and "this is a corridor, not a policy package" in said and len(said.splitlines()) == 2


def test_the_name_of_a_file_without_its_ending_brings_the_file(pushpull, home):
    own_corridor.write(home)
    (home / "twice.yaml").write_text(own_corridor.SCENARIO, encoding="utf-8")
    assert 'did you mean "twice.yaml"?' in pushpull("run", "twice")[2]


def test_sources_are_checked_with_their_corridor(pushpull, home):
    folder = own_corridor.write(home)
    assert pushpull("validate", str(folder / "SOURCES.md"))[0] == 0


def test_what_is_told_of_a_thin_corridor_is_told_once_with_a_command_that_works(pushpull, home):
    wide = home / "with a blank"
    own_corridor.write(wide)
    place = str(wide / "corridors" / "strait")
    said = pushpull("compare", place, place)[2]
    assert said.count("sets") == 1
    words = shlex.split(re.search("`pushpull (.*)`", said)[1])
    assert words == ["validate", os.path.relpath(place)] and pushpull(*words)[0] == 0


# One fault, one message ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("routes:\n", "routes: [west, east]\nrotes:\n", "routes is a list"),
        ("  west: {title: Western crossing, busiest: true}", "  7: {title: Seven}", '"7" cannot name a route'),
        ("{series: returned, scale: 1000}", "{series: returned, scael: 1000}", 'did you mean "scale"'),
        ("transform: growth", "transform: percent", 'transform of origin_growth is "percent"'),
        ("{series: drowned, title", "{serie: drowned, title", 'did you mean "series"'),
        ("middle: 0.3, east: 0.2}", "middle: 0.3, east: 20%}", "did you mean 0.2?"),
        ("{series: returned, scale: 1000}", "returned", "did you mean {series: returned}?"),
        ("[{series: drowned, title: Bodies found}]", "drowned", "did you mean {series: drowned}?"),
        ("scale: 1000", "scale: 0", "a number other than zero"),
        ("  initial_attempts: 90000", "  initial_attempts: 90 k", "allowed: a number or {value"),
    ],
)
def test_one_mistake_is_told_once(home, old, new, words):
    found = faults(home, changed(CORRIDOR, old, new))
    if "rotes" in new:
        assert words in str(found[0]) and len(found) == 2  # and the name that is not known
    else:
        assert words in only(found)


@pytest.mark.parametrize("word", ["value", "series", "labour"])
def test_a_word_of_the_files_names_no_route(home, word):
    text = CORRIDOR.replace("middle:", f"{word}:")
    assert f'"{word}" cannot name a route, as it is a word of these files' in str(faults(home, text)[0])


# Plans and experiments -----------------------------------------------------------------------------------------

WHOLE_PLAN = """\
schema_version: 1
until: 2009
priors:
  initial_attempts: {times: [0.5, 2], why: nobody counted}
series:
  drowned: {of: deaths_recorded, error: 0.2, tolerance: 40, fitted: true, why: a count}
"""


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("until: 2009", "until: 2008-07-01", "did you mean 2008.4973?"),
        ("until: 2009", "until: 1980", "until is 1980; allowed: a year within the horizon of the corridor, 2000 to"),
        ("until: 2009", "until: 2000.8", "drowned has no value both from 2000.5 on and to 2000.3"),
        ("[0.5, 2]", "[50%, 200%]", "did you mean [0.5, 2]?"),
        ("[0.5, 2]", "[0.5, 2], start: 3", "start of initial_attempts is 3; allowed: a number from 0.5 to 2"),
        ("times: [0.5, 2]", "times: [0.5, 2], range: [1, 2]", "gives both times and range"),
        ("{times: [0.5, 2], why: nobody counted}", "", "the prior of initial_attempts is nothing"),
        ("error: 0.2", "error: 20%", "did you mean 0.2?"),
        ("error: 0.2", "eror: 0.2", 'did you mean "error"?'),
        ("tolerance: 40", "tolerance: 40 %", "did you mean 40?"),
        ("fitted: true", "fitted: yes", "did you mean true?"),
        ("error: 0.2", "error: 0.2, since: 2001-01", "did you mean 2001.0?"),
    ],
)
def test_one_mistake_in_a_plan_is_told_once_with_what_was_meant(home, old, new, words):
    folder = own_corridor.write(home)
    (folder / "calibration.yaml").write_text(changed(WHOLE_PLAN, old, new), encoding="utf-8")
    with pytest.raises(ScenarioFaults) as told:
        read_plan(Scenario.of_corridor(corridor_in(folder)))
    assert words in only(told.value.faults)


EXPERIMENT = """\
id: PIER
title: A second pier
claim: A pier turned boats away.
published: {estimate: -12, unit: "% change", source: "Harbour master, report of 2003", quality: B}
sign: negative
consensus: single
band: {high: 0, reason: "the sign alone"}
use: tested
corridor: strait
worlds:
  plain: {policy_start: 2002, end: 2004}
quantities:
  now: {of: irregular_arrivals, in: plain, over: [2002, 2004], route: west}
measure: 1 / (now - now)
measured_in: "% change"
"""


def test_a_measure_without_a_number_is_judged_without_a_warning_of_the_library(home, pushpull, recwarn):
    folder = own_corridor.write(home)
    (folder / "evidence").mkdir()
    (folder / "evidence" / "PIER.yaml").write_text(EXPERIMENT, encoding="utf-8")
    code, out, _ = pushpull("evidence", "PIER", "--corridor", "strait", "--members", "2")
    assert code == 0 and "wrong sign" in out
    assert [each for each in recwarn if issubclass(each.category, RuntimeWarning)] == []


def test_an_experiment_on_a_corridor_that_is_not_there_brings_ones_own(home):
    folder = own_corridor.write(home)
    (folder / "evidence").mkdir()
    path = folder / "evidence" / "PIER.yaml"
    path.write_text(changed(EXPERIMENT, "corridor: strait", "corridor: starit"), encoding="utf-8")
    with pytest.raises(ScenarioFaults) as told:
        read_experiment(path)
    assert 'did you mean "strait"?' in str(told.value)
