"""Files of earlier versions load, run, and say what of them is read otherwise."""

import base64
import json
import zlib

import pytest

from pushpull.__main__ import main
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.state import State
from pushpull.scenario import SCHEMA_VERSION, Scenario, ScenarioFaults, notes
from pushpull.scenario.migrations import EARLIER

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
  stay_weight: 0.04
  deportee_remigration_share: {labour: 0.6, protection: 0.6}
integration: {steps_per_year: 24}
"""
OLD_PACKAGE = "schema_version: 1\nkind: policy\ntitle: Old\npolicies: {enforced_return: {times_today: 2}}\n"
TOLD = (
    (1, "version 1; it was read as version 4"),
    (5, "a part of it now serves the border"),
    (7, "attempts_per_agent was left out"),
    (8, "generation_time was left out"),
    (10, "stay_weight was left out: 0.04 lies outside its range of today, 0.3 to 0.8"),
    (11, "deportee_remigration_share was left out: it is now the share without fear"),
    (12, "method: rk4 was added"),
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
    left_out = ("attempts_per_agent", "generation_time", "stay_weight", "deportee_remigration_share")
    today = "".join(line for line in today.splitlines(True) if not line.strip().startswith(left_out))
    today = today.replace("{steps_per_year", "{method: rk4, steps_per_year")
    new, old = Scenario.from_text(today), Scenario.from_text(OLD)
    assert (new, new.digest, new.notes) == (old, old.digest, ())


def test_an_old_file_that_says_nothing_old_says_so():
    scenario = Scenario.from_text("schema_version: 1\ntitle: T\ncorridor: g8_2001\n")
    assert [what for _, what in told_of(scenario)][1:] == ["nothing in the file had to change"]


def test_what_is_wrong_in_an_old_file_is_refused_as_ever():
    with pytest.raises(ScenarioFaults) as caught:
        Scenario.from_text(OLD.replace("take_up", "take_upp"), "old.yaml")
    (fault,) = caught.value.faults
    assert (fault.line, fault.did_you_mean) == (9, "take_up")
    with pytest.raises(ScenarioFaults):
        Scenario.from_text(OLD.replace("schema_version: 1", f"schema_version: {SCHEMA_VERSION}"))


# Ranges some parameters had while version 1 was written, as far as they have been left since.
ONCE = {
    "deportee_remigration_share": (0.25, 0.75), "stay_weight": (0.02, 0.05), "crossing_time": (0.15, 0.4),
    "retry_time": (0.15, 0.4), "slot_rivalry": (0.12, 0.27), "profit_sensitivity": (0.6, 2.2),
    "unmatched_use": (0.03, 0.25), "local_fill_rate": (1.3, 2.6), "wish_duration": (4, 9),
    "remoteness_cost": (0.1, 2.6), "identification_gain": (8, 25),
}  # fmt: skip


@pytest.mark.parametrize("name", ONCE)
def test_an_old_file_loads_with_a_parameter_at_either_end_of_its_old_range(name):
    for value in ONCE[name]:
        text = f"schema_version: 1\ntitle: T\ncorridor: g8_2001\nparameters: {{{name}: {value}}}\n"
        scenario = Scenario.from_text(text)
        assert (name in scenario.parameters) != any(note.name == name for note in scenario.notes)


@pytest.mark.parametrize("version", [1, SCHEMA_VERSION])
def test_steps_of_an_old_file_keep_the_method_of_the_file_it_extends(version, tmp_path):
    below = f"schema_version: {version}\ntitle: B\ncorridor: g8_2001\nintegration: {{method: euler}}\n"
    (tmp_path / "below.yaml").write_text(below, encoding="utf-8")
    above = "schema_version: 1\ntitle: A\nextends: below.yaml\nintegration: {steps_per_year: 48}\n"
    (tmp_path / "above.yaml").write_text(above, encoding="utf-8")
    scenario = Scenario.load(tmp_path / "above.yaml")
    assert (scenario.method, scenario.steps_per_year) == ("euler", 48)
    assert not any(note.name for note in scenario.notes)


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
    assert "package.yaml:4: enforced_return: where inland_return_share" in capsys.readouterr().err
    assert [each.line for each in notes(tmp_path / "package.yaml")] == [1, 4]


def test_a_chain_of_files_tells_of_each(tmp_path):
    (tmp_path / "below.yaml").write_text(OLD, encoding="utf-8")
    above = f"schema_version: {SCHEMA_VERSION}\ntitle: Above\nextends: below.yaml\n"
    (tmp_path / "above.yaml").write_text(above, encoding="utf-8")
    found = Scenario.load(tmp_path / "above.yaml").notes
    assert {note.file.rsplit("/", 1)[-1] for note in found} == {"below.yaml"} and len(found) == len(TOLD)


SECOND = """\
schema_version: 2
title: One of the second version
corridor: g8_2001
parameters:
  network_strength: 1.9
  growth_sensitivity: 10
  choice_sharpness: 5
  wish_formation_rate: 0.005
  initial_people_at_home: 9.0e+7
  take_up: 0.5
integration: {steps_per_year: 24}
"""
OF_SECOND = (
    (1, "version 2; it was read as version 4"),
    (5, "network_strength was left out: network_sensitivity is its successor"),
    (6, "growth_sensitivity was left out: openings follow homes begun"),
    (7, "choice_sharpness was left out: 5 lies outside its range of today, 1 to 2.5"),
    (8, "wish_formation_rate was left out: it is now the chance of a young person"),
    (9, "initial_people_at_home was left out: it no longer counts the young"),
)


def test_a_file_of_the_second_version_tells_what_is_read_otherwise_and_keeps_its_method():
    scenario = Scenario.from_text(SECOND, "second.yaml")
    assert dict(scenario.parameters).keys() == {"take_up"}
    assert scenario.method == Scenario.load("g8_2001").method
    for (line, words), (at, what) in zip(OF_SECOND, told_of(scenario), strict=True):
        assert at == line and words in what


THIRD = """\
schema_version: 3
title: Third
corridor: g8_2001
policies: {asylum_access: 0.6, court_capacity: 2000}
parameters:
  office_response: 0.5
  departure_rate: 2
  take_up: 0.5
"""
OF_THIRD = (
    (1, "version 3; it was read as version 4"),
    (4, "asylum_access: it is now the share let into a procedure of those whom release_share lets go"),
    (6, "office_response was left out: asylum offices decide what asylum_decision_capacity lets them"),
    (7, "departure_rate was left out: each origin now has its own"),
)


def test_a_file_of_the_third_version_tells_what_is_of_each_origin_now():
    scenario = Scenario.from_text(THIRD, "third.yaml")
    assert dict(scenario.parameters).keys() == {"take_up"}
    assert dict(scenario.policies).keys() == {"asylum_access", "court_capacity"}
    for (line, words), (at, what) in zip(OF_THIRD, told_of(scenario), strict=True):
        assert at == line and words in what


@pytest.mark.parametrize("name", ["network_strength", "growth_sensitivity", "wish_formation_rate"])
def test_what_the_second_version_said_otherwise_so_did_the_first(name):
    text = f"schema_version: 1\ntitle: T\ncorridor: g8_2001\nparameters: {{{name}: 0.05}}\n"
    assert [note.name for note in Scenario.from_text(text).notes] == ["", name]


def old_link(scenario):
    packed = zlib.compress(json.dumps({"of": "g8_2001", "scenario": scenario}).encode())
    return f"2.{base64.urlsafe_b64encode(packed).decode().rstrip('=')}"


def test_an_old_link_opens_and_tells_what_its_scenario_says_otherwise():
    state, _ = open_link(old_link({"parameters": {"sharing_ceiling": 0.5, "take_up": 0.5}}))[:2]
    assert len(state.renewals) == 1 and "sharing_ceiling was left out" in str(state.renewals[0])
    assert open_link(state.link).state.renewals == []
    quiet, changed = open_link(old_link({"policies": {"court_capacity": 900}}))[:2]
    assert (quiet.renewals, changed) == ([], [])


def test_a_package_laid_over_an_old_file_tells_only_of_itself():
    state = State.opening("g8_2001").with_file(OLD, "old.yaml")
    assert len(state.scenario.notes) == len(TOLD)
    over = state.with_file(OLD_PACKAGE, "package.yaml").scenario
    assert [(note.file, note.line) for note in over.notes] == [("package.yaml", 1), ("package.yaml", 4)]


def test_every_version_before_todays_can_be_read():
    assert EARLIER == tuple(range(1, SCHEMA_VERSION))
