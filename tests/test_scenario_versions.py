"""Files of earlier versions load, run, and say what of them is read otherwise."""

import base64
import json
import zlib

import pytest

from dashboard.state import State
from model.__main__ import main
from model.scenario import SCHEMA_VERSION, Scenario, ScenarioFaults, notes
from model.scenario.versions import EARLIER

OLD = """\
schema_version: 1
title: An old one
corridor: g8_2001
policies:
  enforced_return: {times_today: 1.5}
parameters:
  attempts_per_agent: 400
  generation_time: 28
  take_up: 0.5
integration: {steps_per_year: 24}
"""
OLD_PACKAGE = "schema_version: 1\nkind: policy\ntitle: Old\npolicies: {enforced_return: {times_today: 2}}\n"
TOLD = (
    (1, "version 1; it was read as version 2"),
    (5, "enforced_return: a part of it now serves the border"),
    (7, "attempts_per_agent was left out"),
    (8, "generation_time was left out"),
    (10, "method: rk4 was added"),
)


def told_of(scenario):
    return [(note.line, note.what) for note in scenario.notes]


def test_an_old_file_loads_and_tells_what_changed_with_lines():
    scenario = Scenario.from_text(OLD, "old.yaml")
    found = told_of(scenario)
    assert len(found) == len(TOLD)
    for (line, words), (at, what) in zip(TOLD, found, strict=True):
        assert at == line and words in what
    assert dict(scenario.parameters).keys() == {"take_up"}
    assert (scenario.method, scenario.steps_per_year) == ("rk4", 24)
    assert str(scenario.notes[0]).startswith("old.yaml:1: ")


def test_an_old_file_means_what_the_same_file_of_today_means():
    today = OLD.replace("schema_version: 1", f"schema_version: {SCHEMA_VERSION}")
    for gone in ("  attempts_per_agent: 400\n", "  generation_time: 28\n"):
        today = today.replace(gone, "")
    today = today.replace("{steps_per_year", "{method: rk4, steps_per_year")
    new, old = Scenario.from_text(today), Scenario.from_text(OLD)
    assert (new, new.digest, new.notes) == (old, old.digest, ())


def test_an_old_file_that_says_nothing_old_says_so():
    scenario = Scenario.from_text("schema_version: 1\ntitle: T\ncorridor: g8_2001\n")
    assert [what for _, what in told_of(scenario)][1:] == ["nothing in it had to change"]


def test_what_is_wrong_in_an_old_file_is_refused_as_ever():
    with pytest.raises(ScenarioFaults) as caught:
        Scenario.from_text(OLD.replace("take_up", "take_upp"), "old.yaml")
    (fault,) = caught.value.faults
    assert (fault.line, fault.did_you_mean) == (9, "take_up")
    with pytest.raises(ScenarioFaults):
        Scenario.from_text(OLD.replace("schema_version: 1", f"schema_version: {SCHEMA_VERSION}"))


def test_what_is_written_is_of_todays_version_and_has_nothing_left_to_tell(tmp_path):
    path = Scenario.from_text(OLD).save(tmp_path / "new.yaml")
    again = Scenario.load(path)
    assert f"schema_version: {SCHEMA_VERSION}\n" in path.read_text(encoding="utf-8")
    assert again.notes == () and again == Scenario.from_text(OLD)


def test_the_command_line_tells_of_old_files_and_packages(tmp_path, capsys):
    (tmp_path / "old.yaml").write_text(OLD, encoding="utf-8")
    (tmp_path / "package.yaml").write_text(OLD_PACKAGE, encoding="utf-8")
    assert main(["validate", str(tmp_path / "old.yaml"), str(tmp_path / "package.yaml")]) == 0
    told = capsys.readouterr()
    assert told.out.count(": fine") == 2
    assert len(told.err.splitlines()) == len(TOLD) + 2
    assert main(["run", "g8_2001", "--policy", str(tmp_path / "package.yaml"), "--end", "2027"]) == 0
    assert "package.yaml:4: enforced_return: a part of it" in capsys.readouterr().err
    assert [each.line for each in notes(tmp_path / "package.yaml")] == [1, 4]


def test_a_chain_of_files_tells_of_each(tmp_path):
    (tmp_path / "below.yaml").write_text(OLD, encoding="utf-8")
    above = f"schema_version: {SCHEMA_VERSION}\ntitle: Above\nextends: below.yaml\n"
    (tmp_path / "above.yaml").write_text(above, encoding="utf-8")
    found = Scenario.load(tmp_path / "above.yaml").notes
    assert {note.file.rsplit("/", 1)[-1] for note in found} == {"below.yaml"} and len(found) == len(TOLD)


def old_link(scenario):
    packed = zlib.compress(json.dumps({"of": "g8_2001", "scenario": scenario}).encode())
    return f"2.{base64.urlsafe_b64encode(packed).decode().rstrip('=')}"


def test_an_old_link_opens_and_tells_what_its_scenario_says_otherwise():
    state, _ = State.from_link_told(old_link({"parameters": {"sharing_ceiling": 0.5, "take_up": 0.5}}))
    assert len(state.renewals) == 1 and "sharing_ceiling was left out" in state.renewals[0]
    assert State.from_link(state.link).renewals == []
    quiet, changed = State.from_link_told(old_link({"policies": {"asylum_access": 0.9}}))
    assert (quiet.renewals, changed) == ([], [])


def test_a_package_laid_over_an_old_file_tells_only_of_itself():
    state = State.opening("g8_2001").with_file(OLD, "old.yaml")
    assert len(state.scenario.notes) == len(TOLD)
    assert len(state.with_file(OLD_PACKAGE, "package.yaml").scenario.notes) == 2


def test_every_version_before_todays_can_be_read():
    assert EARLIER == tuple(range(1, SCHEMA_VERSION))
