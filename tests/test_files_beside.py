"""`pushpull validate CORRIDOR` looks at the files beside it too: each fault of each file, with file and line."""

import os
import shutil
from pathlib import Path

import pytest

from pushpull.commands.files_beside import faults_beside
from pushpull.scenario import corridor_in, load_corridor
from pushpull.scenario.library import corridor_names

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "scenarios" / "corridors"
EUROPE, BORDER = "eu_external_border", "us_southwest_border"


@pytest.fixture
def own(tmp_path, monkeypatch):
    """The folder of a copy of a shipped corridor, as corridor of one's own in the current folder."""
    monkeypatch.chdir(tmp_path)

    def copied(name):
        return Path(shutil.copytree(SHIPPED / name, tmp_path / "corridors" / name))

    return copied


def spoil(path, old, new):
    """Put `new` in the place of the first `old`; the line in which it stands."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} does not say {old}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize("name", corridor_names())
def test_what_lies_beside_shipped_corridors_is_whole(name):
    assert faults_beside(load_corridor(name)) == []


@pytest.mark.parametrize(
    ("corridor", "file", "old", "new", "said"),
    [
        (EUROPE, "seasons.yaml", "january: ", "january: 1", "add up to"),
        (EUROPE, "seasons.yaml", "years:", "yeers:", 'did you mean "years"?'),
        (EUROPE, "events.csv", "2016-03-20,,deal", "2016-03-20,,dealing", 'there is no kind "dealing"'),
        (EUROPE, "events.csv", "date,until,kind", "day,until,kind", "not those of a file of events"),
        (EUROPE, "calibration.yaml", "journey_time:", "jorney_time:", 'did you mean "journey_time"?'),
        (EUROPE, "calibration.yaml", "by: route", "by: rout", "rout"),
        (EUROPE, "evaluation.yaml", "made_in: [", "made_in: [1850, ", "1850"),
        (EUROPE, "recorded_monthly.csv", ",A,", ",E,", 'quality is "E"'),
        (EUROPE, "policy_coding.csv", "2015-11-29", "2015-11-31", 'end is "2015-11-31"'),
        (EUROPE, "policy_coding_second.csv", ",B,", ",F,", 'quality is "F"'),
        (BORDER, "drivers.csv", "mid_year", "middle", 'timing is "middle"'),
        (BORDER, "recorded.csv", "2024.9167", "soon", 'time is "soon"'),
        (BORDER, "policy_events.csv", ",353,345,374,", ",353,380,374,", "share is 353, outside low 380 to high 374"),
        (BORDER, "policy_events.csv", ",all,mexico,", ",all,mexiko,", 'did you mean "mexico"?'),
    ],
)
def test_a_spoiled_copy_is_told_with_file_and_line(own, pushpull, corridor, file, old, new, said):
    folder = own(corridor)
    line = spoil(folder / file, old, new)
    code, out, err = pushpull("validate", folder)
    assert code == 2 and ": fine" not in out
    lines = [told for told in err.splitlines() if told.startswith(f"{corridor}/{file}:")]
    assert any(said in told for told in lines), err
    if "add up to" not in said:
        assert any(told.startswith(f"{corridor}/{file}:{line}: ") for told in lines), err


def test_faults_of_several_files_are_told_at_once(own):
    folder = own(EUROPE)
    spoil(folder / "seasons.yaml", "years:", "yeers:")
    spoil(folder / "events.csv", "2016-03-20,,deal", "2016-03-20,,dealing")
    spoil(folder / "policy_coding.csv", "2015-11-29", "2015-11-31")
    files = {fault.file for fault in faults_beside(corridor_in(folder))}
    assert files == {f"{EUROPE}/{name}" for name in ("seasons.yaml", "events.csv", "policy_coding.csv")}


def test_evidence_beside_an_own_corridor_is_read(own, pushpull):
    folder = own(EUROPE)
    (folder / "evidence").mkdir()
    shutil.copy(ROOT / "scenarios" / "evidence" / "HAR03.yaml", folder / "evidence")
    assert faults_beside(corridor_in(folder)) == []
    line = spoil(folder / "evidence" / "HAR03.yaml", "of: deaths_by_route", "of: deaths_by_rout")
    code, _, err = pushpull("validate", folder)
    assert code == 2 and f"{EUROPE}/evidence/HAR03.yaml:{line}: " in err


@pytest.mark.parametrize("file", ["evaluation.json", "forecast.csv"])
def test_what_commands_wrote_is_read_too(own, file):
    folder = own(EUROPE)
    (folder / file).write_text("{", encoding="utf-8")
    assert [os.path.basename(fault.file) for fault in faults_beside(corridor_in(folder))] == [file]


@pytest.mark.parametrize("file", ["events.csv", "policy_coding.csv"])
def test_a_file_beside_a_corridor_may_be_checked_alone(own, pushpull, file):
    folder = own(EUROPE)
    assert pushpull("validate", folder / file)[0] == 0
    spoil(folder / file, "2015", "MMXV")
    code, _, err = pushpull("validate", folder / file)
    assert code == 2 and "MMXV" in err


def test_a_repeated_id_and_a_period_that_ends_before_it_starts_are_refused(own):
    folder = own(EUROPE)
    line = spoil(folder / "policy_coding.csv", "TC002,", "TC001,")
    later = spoil(folder / "policy_coding.csv", "2014-10-01,2015-11-29", "2014-10-01,2013-11-29")
    told = [str(fault) for fault in faults_beside(corridor_in(folder))]
    assert any(f":{line}: id " in fault and "stands in line" in fault for fault in told)
    assert any(f":{later}: end is 2013-11-29" in fault for fault in told) and len(told) == 2


def test_a_scenario_of_a_corridor_is_checked_without_what_lies_beside(own, pushpull, tmp_path):
    folder = own(EUROPE)
    spoil(folder / "events.csv", "2016-03-20,,deal", "2016-03-20,,dealing")
    scenario = tmp_path / "mine.yaml"
    scenario.write_text("schema_version: 4\ntitle: Mine\ncorridor: eu_external_border\n", encoding="utf-8")
    assert pushpull("validate", scenario)[0] == 0
