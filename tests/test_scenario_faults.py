"""Every fault of a scenario file is refused with one clear line that names its place."""

from __future__ import annotations

import os
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pushpull.scenario import Scenario, ScenarioFaults, check, load_corridor
from tests.scenario_fakes import CORRIDOR, SCENARIO, SERIES, fake_catalogue, write_corridor

CATALOGUE = fake_catalogue()


@pytest.fixture
def folder(tmp_path):
    write_corridor(tmp_path)
    return tmp_path


def faults_of(folder: Path, text: str | bytes, name: str = "test.yaml"):
    content = text if isinstance(text, bytes) else text.encode("utf-8")
    (folder / name).write_bytes(content)
    return faults_at(folder / name)


def faults_at(path: Path):
    with pytest.raises(ScenarioFaults) as found:
        Scenario.load(path, CATALOGUE)
    for fault in found.value.faults:
        assert "\n" not in str(fault) and len(str(fault)) < 1000
    return found.value.faults


# Each case: the text after the first three lines, the line of the fault, and words that the fault must say.
CASES = {
    "an unknown key": ("polices: {}", 4, ['no "polices"', 'did you mean "policies"?']),
    "an unknown lever": (
        "policies:\n  border_contrl: 2",
        5,
        ['"border_contrl"', 'did you mean "border_control"?'],
    ),
    "an unknown driver": ("context: {conflict_intensty: 2}", 4, ['did you mean "conflict_intensity"?']),
    "an unknown parameter": (
        "parameters: {fee_elastcity: 1}",
        4,
        ['did you mean "fee_elasticity"?', "fee_adj"],
    ),
    "a driver among policies": ("policies: {conflict_intensity: 2}", 4, ["context driver", "under context:"]),
    "a lever among parameters": ("parameters: {border_control: 2}", 4, ["is a lever", "under policies:"]),
    "an unknown route": (
        "policies: {border_control: {nrth: 2}}",
        4,
        ["north, south", 'did you mean "north"?'],
    ),
    "a routed scalar": (
        "policies: {court_capacity: {north: 7000}}",
        4,
        ["court_capacity", "times_today, step"],
    ),
    "a misspelt form": ("policies: {court_capacity: {rampp: 1}}", 4, ['no "rampp"', 'did you mean "ramp"?']),
    "two forms": (
        "policies: {court_capacity: {step: {year: 2030, value: 1}, pulse: {from: 2030, to: 2031, value: 1}}}",
        4,
        ["2 schedules", "one schedule"],
    ),
    "text for a number": ("policies: {court_capacity: many}", 4, ['the text "many"', "a number"]),
    "a quoted number": ("policies: {court_capacity: '7000'}", 4, ['the text "7000"', "a number"]),
    "truth for a number": ("policies: {court_capacity: true}", 4, ["true or false", "a number"]),
    "nothing for a number": ("policies: {court_capacity: }", 4, ["nothing", "a number"]),
    "a list for a number": ("policies: {court_capacity: [1, 2]}", 4, ["a list", "a number"]),
    "not a number": ("policies: {court_capacity: .nan}", 4, ["not finite (nan)"]),
    "infinity": ("policies: {court_capacity: -.inf}", 4, ["not finite (-inf)"]),
    "a number beyond all": ("policies: {court_capacity: 1e999}", 4, ["not finite (inf)"]),
    "a giant whole number": (f"policies: {{court_capacity: {'9' * 5000}}}", 4, ["not finite (inf)"]),
    "a value out of range": (
        "policies: {court_capacity: 70000}",
        4,
        ["outside its range", "0 to 60000 case/year"],
    ),
    "a multiple out of range": (
        "policies: {court_capacity: {times_today: 100}}",
        4,
        ["100 times today's 5000", "0 to 60000 case/year"],
    ),
    "a negative multiple": ("policies: {court_capacity: {times_today: -1}}", 4, ["times_today", "from 0"]),
    "a parameter out of range": ("parameters: {fee_elasticity: -1}", 4, ["outside its range", "0 to 3"]),
    "a wrong unit": (
        "policies: {court_capacity: {value: 7000, unit: person/year}}",
        4,
        ['"person/year"', 'allowed: "case/year"'],
    ),
    "a unit without value": ("policies: {court_capacity: {unit: case/year}}", 4, ["gives no value"]),
    "a year before the policy start": (
        "policies: {court_capacity: {step: {year: 2020, value: 1}}}",
        4,
        ["2020, before the policy start", "2026 or later"],
    ),
    "years out of order": (
        "policies:\n  court_capacity:\n    table:\n      2030: 1\n      2028: 2",
        8,
        ["out of order: 2028 follows 2030"],
    ),
    "a year that is none": (
        "policies: {court_capacity: {table: {soon: 1}}}",
        4,
        ['"soon"', "a year from 1900"],
    ),
    "a year far away": (
        "policies: {court_capacity: {step: {year: 20300, value: 1}}}",
        4,
        ["20300", "to 2200"],
    ),
    "an empty table": ("policies: {court_capacity: {table: {}}}", 4, ["empty"]),
    "an empty form": ("policies: {court_capacity: {}}", 4, ["an empty mapping"]),
    "a ramp backwards": (
        "policies: {court_capacity: {ramp: {from: 2030, to: 2028, value: 1}}}",
        4,
        ["from 2030 to 2028", "after 2030"],
    ),
    "a pulse of no length": (
        "policies: {court_capacity: {pulse: {from: 2030, to: 2030, value: 1}}}",
        4,
        ["from 2030 to 2030"],
    ),
    "a ramp without its end": (
        "policies: {court_capacity: {ramp: {from: 2030, value: 1}}}",
        4,
        ['lacks "to"'],
    ),
    "a route twice": (
        "policies: {border_control: {north: 1, busiest_route: 2}}",
        4,
        ["sets north twice (north and busiest_route)"],
    ),
    "a lever twice": (
        "policies:\n  court_capacity: 1\n  court_capacity: 2",
        6,
        ["written twice (first on line 5)"],
    ),
    "an unknown setting": ("formulas: {development: hump}", 4, ["development_response"]),
    "an unknown formula": (
        "formulas: {development_response: bump}",
        4,
        ["hump, decline", 'did you mean "hump"?'],
    ),
    "an unknown loop": ("loops_off: [netwrk]", 4, ['did you mean "network"?']),
    "loops as text": ("loops_off: network", 4, ["a list of loop ids"]),
    "no members": ("ensemble: {members: 0}", 4, ["members is 0", "from 1 to"]),
    "half a member": ("ensemble: {members: 2.5}", 4, ["members is 2.5", "a whole number"]),
    "an unknown method": ("integration: {method: rk5}", 4, ["rk4, euler", 'did you mean "rk4"?']),
    "an end before the start": ("horizon: {start: 2040, end: 2030}", 4, ["an end after 2040"]),
    "a start before the corridor's": ("horizon: {start: 1980}", 4, ["before the corridor", "1990 or later"]),
    "a policy start outside": ("horizon: {policy_start: 2050}", 4, ["policy start 2050", "before 2045"]),
    "a policy start after an early end": ("horizon: {end: 2010, policy_start: 2050}", 4, ["before 2045"]),
    "an unknown year of the horizon": ("horizon: {finish: 2050}", 4, ["start, end, policy_start"]),
    "policies as a list": ("policies: [border_control]", 4, ["policies is a list"]),
    "a second corridor by extends": ("extends: other.yaml", 4, ["both corridor and extends"]),
    "an anchor": ("policies: &all {court_capacity: 1}", 4, ["an anchor (&all)"]),
    "an alias": ("policies: *all", 4, ["an alias"]),
    "a Python tag": ("policies: !!python/object/apply:os.system [echo]", 4, ["a tag"]),
    "any tag": ("policies: !!float 1", 4, ["a tag"]),
    "a mapping as key": ("policies: {? {a: 1} : 2}", 4, ["a key is a mapping"]),
    "a second document": ("---\ntitle: Two", 4, ["a second document"]),
    "not YAML at all": ("policies: {court_capacity: 1", 4, ["a bracket is not closed"]),
    "a tab": ("policies:\n\tcourt_capacity: 1", 5, ["a tab", "use spaces"]),
    "half a character": ('question: "\\ud800"', 4, ["half a character"]),
    "a very long title": (f"question: {'a' * 6000}", 4, ["too long", "5000 characters"]),
    "an unknown population": ("parameters: {urge_to_leave: {labor: 1}}", 4, ['did you mean "labour"?']),
    "a route for a population": ("parameters: {urge_to_leave: {north: 1}}", 4, ["labour, protection"]),
    "a mapping for one number": ("parameters: {fee_elasticity: {north: 1}}", 4, ["is one number"]),
}


@pytest.mark.parametrize("case", CASES)
def test_a_scenario_is_refused_for(case, folder):
    text, line, words = CASES[case]
    faults = faults_of(folder, SCENARIO + text + "\n")
    told = [str(fault) for fault in faults]
    assert any(all(word in each for word in words) for each in told), told
    if line is not None:
        place = f"{folder}/test.yaml:{line}: "
        assert any(each.startswith(place) and words[0] in each for each in told), told
    assert len(faults) == 1, told


@pytest.mark.parametrize(
    "text, words",
    [
        ("title: T\ncorridor: two_gates\n", 'lacks "schema_version"'),
        (
            "schema_version: 5\ntitle: T\ncorridor: two_gates\n",
            "schema_version is the number 5; allowed: the number 4, or 1, or 2, or 3",
        ),
        ("schema_version: 1.0\ntitle: T\ncorridor: two_gates\n", "schema_version"),
        ("schema_version: 4\ncorridor: two_gates\n", 'lacks "title"'),
        ("schema_version: 4\ntitle: T\n", 'lacks "corridor"'),
        ("schema_version: 4\ntitle: T\ncorridor: two_gate\n", 'did you mean "two_gates"?'),
        ("schema_version: 4\ntitle: T\ncorridor: ../two_gates\n", "no corridor id"),
        ("schema_version: 4\ntitle: T\ncorridor: [1]\n", "corridor is a list"),
        ("schema_version: 4\ntitle: 7\ncorridor: two_gates\n", "title is the number 7"),
        ("- 1\n- 2\n", "the scenario is a list"),
        ("just text\n", "the scenario is the text"),
        ("kind: policy\npolicies: {}\n", "this is a policy package"),
    ],
)
def test_the_head_of_a_scenario_is_checked(text, words, folder):
    assert any(words in str(fault) for fault in faults_of(folder, text))


def test_every_fault_of_a_file_and_what_it_extends_is_told_at_once(folder):
    (folder / "below.yaml").write_text(SCENARIO + "policies:\n  court_capacity: -1\n  nothing: 2\n")
    text = (
        "schema_version: 4\n"
        "extends: below.yaml\n"
        "titel: Child\n"
        "policies:\n"
        "  border_control: {nrth: 2, south: 9}\n"
        "  seasonal_share: {step: {year: 2000, value: 0.5}}\n"
        "  enforced_return: {times_today: 50}\n"
        "parameters:\n"
        "  fee_elasticity: .nan\n"
        "loops_off: [x]\n"
    )
    places = [(fault.file, fault.line) for fault in faults_of(folder, text)]
    below, above = str(folder / "below.yaml"), str(folder / "test.yaml")
    assert places == [
        (below, 5),
        (below, 6),
        (above, 3),
        (above, 5),
        (above, 5),
        (above, 6),
        (above, 7),
        (above, 9),
        (above, 10),
    ]


# Files that are no scenario ----------------------------------------


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "the file is empty"),
        (b"  \n\n", "the file is empty"),
        (b"# only a remark\n", "the file is empty"),
        (b"title: \xff\xfe\n", "not UTF-8"),
        (b"title: a\0b\n", "binary"),
        (bytes(range(256)), ""),
        (b"\x1f\x8b\x08\x00" + b"\0" * 50, ""),
        (b"[" * 20_000, "nested too deeply"),
        (b"{a: " * 20_000, "nested too deeply"),
        (b"- " * 20_000, "nested too deeply"),
        (b"a: [" + b"1," * 30_000 + b"]", "too many entries"),
        (b"a: !" + b"x" * 900_000, "a tag (!) is used"),
        (b"%TAG ! " + b"x" * 900_000, "a directive (%) is used"),
        (b"a: " + b"x" * 2_000_000, "too large (2 MB); allowed: at most 1 MB"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused(content, words, folder):
    (fault,) = faults_of(folder, content)
    assert words in str(fault)


def test_a_yaml_bomb_is_refused(folder):
    bomb = "a: &a [x, x, x]\n" + "".join(f"{n}: &{n} [*{o}, *{o}, *{o}]\n" for o, n in pairwise("abcdefghi"))
    (fault,) = faults_of(folder, bomb)
    assert fault.line == 1 and "anchor" in fault.what


def test_a_file_of_50_megabytes_is_refused_unread(folder, monkeypatch):
    path = folder / "huge.yaml"
    with open(path, "wb") as file:
        file.truncate(50_000_000)

    def refuse(*given, **named):
        raise AssertionError("the file was opened")

    monkeypatch.setattr("pushpull.files.tree.open", refuse, raising=False)
    (fault,) = faults_at(path)
    assert str(fault) == f"{path}: the file is too large (50 MB); allowed: at most 1 MB"


def test_what_is_no_plain_file_is_refused(folder):
    os.mkfifo(folder / "pipe.yaml")
    (folder / "folder.yaml").mkdir()
    for name, words in (
        ("pipe.yaml", "not a file"),
        ("folder.yaml", "not a file"),
        ("none.yaml", "no such file"),
    ):
        (fault,) = faults_at(folder / name)
        assert words in fault.what


def test_an_unknown_name_brings_the_nearest():
    with pytest.raises(ScenarioFaults, match='did you mean "us_southwest_border"'):
        Scenario.load("us_southwest_boarder", CATALOGUE)


# Extends ----------------------------------------


@pytest.mark.parametrize(
    "target", ["../outside.yaml", "sub/../../outside.yaml", "/etc/passwd", "~/x.yaml", "link.yaml"]
)
def test_extends_may_not_leave_the_folder(target, folder):
    home = folder / "home"
    home.mkdir()
    (home / "sub").mkdir()
    (folder / "outside.yaml").write_text(SCENARIO)
    (home / "link.yaml").symlink_to(folder / "outside.yaml")
    (fault,) = faults_of(home, f"schema_version: 4\ntitle: T\nextends: {target}\n")
    assert fault.line == 3 and "leaves the scenario folder" in fault.what


def test_a_corridor_may_not_be_a_link_out_of_the_folder(folder):
    home = folder / "home"
    (home / "corridors").mkdir(parents=True)
    (home / "corridors" / "two_gates").symlink_to(folder / "corridors" / "two_gates")
    (fault,) = faults_of(home, SCENARIO)
    assert fault.line == 3 and "outside the scenario folder" in fault.what


def test_extends_may_not_go_round_in_a_circle(folder):
    (folder / "a.yaml").write_text("schema_version: 4\ntitle: A\nextends: b.yaml\n")
    (folder / "b.yaml").write_text("schema_version: 4\ntitle: B\nextends: a.yaml\n")
    (fault,) = faults_at(folder / "a.yaml")
    assert "circle" in fault.what and fault.file.endswith("b.yaml") and fault.line == 3
    (fault,) = faults_of(folder, "schema_version: 4\ntitle: T\nextends: test.yaml\n")
    assert "circle" in fault.what


def test_a_chain_of_extends_has_an_end(folder):
    for number in range(30):
        (folder / f"c{number}.yaml").write_text(f"schema_version: 4\ntitle: C\nextends: c{number + 1}.yaml\n")
    faults = faults_at(folder / "c0.yaml")
    assert any("too long" in fault.what for fault in faults)


def test_extends_names_what_there_is(folder):
    (folder / "base.yaml").write_text(SCENARIO)
    (fault,) = faults_of(folder, "schema_version: 4\ntitle: T\nextends: bass.yaml\n")
    assert fault.did_you_mean == "base.yaml"


def test_a_corridor_file_is_checked_from_within_its_folder(folder, monkeypatch):
    monkeypatch.chdir(folder / "corridors" / "two_gates")
    assert check("corridor.yaml", CATALOGUE) == []
    assert [str(fault) for fault in check("", CATALOGUE)] == ['"": the name is not a path']


def test_an_uploaded_text_reaches_no_file():
    with pytest.raises(ScenarioFaults, match="extends names"):
        Scenario.from_text("schema_version: 4\ntitle: T\nextends: base.yaml\n", catalogue=CATALOGUE)


# Changes, packages, corridors ----------------------------------------


@pytest.fixture
def base(folder) -> Scenario:
    (folder / "base.yaml").write_text(SCENARIO)
    return Scenario.load(folder / "base.yaml", CATALOGUE)


@pytest.mark.parametrize(
    "setting, words",
    [
        ("border_contrl=1", 'did you mean "border_control"'),
        ("border_control@nrth=1", 'did you mean "north"'),
        ("border_control=9", "0 to 4"),
        ("border_control=9x", "9 times today's 1"),
        ("border_control", "NAME=VALUE"),
        ("border_control@=1", "NAME=VALUE"),
        ("border_control=", "gives no number"),
        ("border_control=many", "gives no number"),
        ("border_control=nan", "gives no number"),
        ("border_control=.nan", "not finite"),
        ("court_capacity@north=7000", "court_capacity"),
    ],
)
def test_a_faulty_setting_is_refused(setting, words, base):
    with pytest.raises(ScenarioFaults) as found:
        base.with_settings([setting])
    (fault,) = found.value.faults
    assert str(fault).startswith("--set: ") and words in str(fault)


def test_all_faulty_settings_are_told_at_once(base):
    with pytest.raises(ScenarioFaults) as found:
        base.with_settings(["a=1", "b=1", "fee_elasticity=9", "court_capacity=100x"])
    assert len(found.value.faults) == 4


def test_a_faulty_change_is_refused(base):
    with pytest.raises(ScenarioFaults) as found:
        base.with_changes(policies={"border_contrl": 1}, parameter={}, end=1980, loops_off=["x"])
    told = [str(fault) for fault in found.value.faults]
    assert len(told) == 4 and all(each.startswith("change: ") for each in told)


def test_a_policy_start_after_a_policys_year_is_refused_with_the_policys_place(folder):
    text = SCENARIO + "policies: {court_capacity: {step: {year: 2028, value: 1}}}\n"
    (folder / "test.yaml").write_text(text)
    run = Scenario.load(folder / "test.yaml", CATALOGUE)
    with pytest.raises(ScenarioFaults, match=r"test.yaml:4: court_capacity changes in 2028.*2030 or later"):
        run.with_changes(policy_start=2030)


@pytest.mark.parametrize(
    "text, words",
    [
        ("schema_version: 4\nkind: policy\ntitle: P\n", 'lacks "policies"'),
        ("schema_version: 4\ntitle: P\npolicies: {}\n", 'lacks "kind"'),
        ("schema_version: 4\nkind: polcy\ntitle: P\npolicies: {}\n", 'did you mean "policy"'),
        ("schema_version: 4\nkind: policy\ntitle: P\npolicies: {}\ncontext: {}\n", 'no "context"'),
        ("schema_version: 4\nkind: policy\ntitle: P\npolicies: {border_control: {nrth: 1}}\n", "north"),
        (SCENARIO, "a scenario, not a policy package"),
    ],
)
def test_a_faulty_policy_package_is_refused(text, words, folder, base):
    (folder / "package.yaml").write_text(text)
    with pytest.raises(ScenarioFaults) as found:
        base.with_policy(folder / "package.yaml")
    assert any(words in str(fault) for fault in found.value.faults)
    if "kind" in text:
        assert any(words in str(fault) for fault in check(folder / "package.yaml", CATALOGUE))


def test_a_package_finds_no_busiest_route_where_none_is_marked(folder):
    write_corridor(folder, CORRIDOR.replace(", busiest: true", ""))
    (folder / "base.yaml").write_text(SCENARIO)
    with pytest.raises(ScenarioFaults, match="no busiest route; allowed: north, south"):
        Scenario.load(folder / "base.yaml", CATALOGUE).with_policy("one_gateway_crackdown")


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("series: agents, divide_by: last", "series: agent, divide_by: last", 'did you mean "agents"'),
        ("divide_by: last", "divide_by: lst", "first, last, {value_in: year} or a number"),
        ("court_capacity: 5000", "court_capacty: 5000", 'did you mean "court_capacity"'),
        ("court_capacity: 5000", "court_capacity: {times_today: 2}", "relative to today"),
        ("court_capacity: 5000", "court_capacity: {series: agents}", "one per route"),
        ("court_capacity: 5000", "court_capacity: {series: removals, divide_by: 0}", "divided by zero"),
        ("{north: 2, south: 1.25}", "{north: 2, souht: 1.25}", 'did you mean "south"'),
        ("id: two_gates", "id: other", "the folder's name, two_gates"),
        ("start: 1990, end: 2045", "start: 2050, end: 2045", "an end after 2050"),
        ("start: 1990, ", "", 'lacks "start"'),
        ("title: Two gates", "titel: Two gates", 'did you mean "title"'),
        ("illustrative: true", "currency: YEN", 'currency is "YEN"; allowed: USD, EUR, GBP, CAD'),
        ("at: last", "at: never", "first, last or a year"),
        ("series: apprehensions,", "series: apprehension,", 'did you mean "apprehensions"'),
        ("apprehensions_recorded:", "apprehensions_record:", 'did you mean "apprehensions_recorded"'),
        ("notes: {court_capacity", "notes: {court_capacit", 'did you mean "court_capacity"'),
        ("south: {title: South gate}", "ramp: {title: South gate}", "cannot name a route"),
        ("south: {title: South gate}", "south: {title: South gate, busiest: true}", "a second route"),
        ("transform: growth", "transform: grwth", 'did you mean "growth"'),
    ],
)
def test_a_faulty_corridor_is_refused_with_its_line(old, new, words, folder):
    assert old in CORRIDOR
    write_corridor(folder, CORRIDOR.replace(old, new))
    line = CORRIDOR[: CORRIDOR.index(old)].count("\n") + 1
    faults = faults_of(folder, SCENARIO)
    told = [(str(fault), fault.line) for fault in faults if fault.file.endswith("corridor.yaml")]
    assert any(words in text and place == line for text, place in told), faults


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("north,500", "nrth,500", 'did you mean "north"'),
        ("north,500", "north,many", 'value is "many"'),
        ("north,500", "north,nan", 'value is "nan"'),
        ("1992.75,north", ",north", 'time is ""'),
        ("500,person,", "500,", "the row has 9 cells"),
    ],
)
def test_a_faulty_series_is_refused_with_its_line(old, new, words, folder):
    write_corridor(folder, CORRIDOR, SERIES.replace(old, new, 1))
    faults = faults_of(folder, SCENARIO)
    assert any(words in str(f) and f.file.endswith("series.csv") and f.line == 2 for f in faults), faults


def test_a_driver_may_not_have_two_values_at_one_time(folder):
    series = SERIES.replace("2010,fiscal_year_mean,2010.25", "1995,fiscal_year_mean,1995.25")
    lines = series.splitlines()
    lines[6] = lines[6].replace("made_up", "another")
    write_corridor(folder, CORRIDOR, "\n".join(lines))
    (fault,) = faults_of(folder, SCENARIO)
    assert "two values at 1995.25 (series.csv, lines 6 and 7)" in fault.what


def test_an_unknown_corridor_brings_the_nearest(folder):
    with pytest.raises(ScenarioFaults, match='did you mean "two_gates"'):
        load_corridor("two_gats", CATALOGUE, folder)


# Anything at all ----------------------------------------

PIECES = st.sampled_from(
    [
        "policies",
        "border_control",
        "ramp",
        "table",
        "north",
        ": ",
        "{",
        "}",
        "[",
        "]",
        ",",
        "\n",
        "  ",
        "- ",
        "2030",
    ]
    + [
        "1",
        "-",
        ".nan",
        "~",
        "true",
        "'",
        '"',
        "&a",
        "*a",
        "!!str",
        "|",
        ">",
        "%",
        "?",
        "#",
        "@",
        "`",
        "\t",
        "\\",
        "é",
    ]
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=60))
def test_whatever_a_file_says_it_loads_or_is_refused_in_lines(text, folder):
    (folder / "any.yaml").write_bytes((SCENARIO + text).encode("utf-8", "surrogatepass"))
    try:
        Scenario.load(folder / "any.yaml", CATALOGUE)
    except ScenarioFaults as found:
        assert found.faults and all("\n" not in str(fault) for fault in found.faults)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200))
def test_whatever_bytes_a_file_holds_it_is_refused_in_lines(content, folder):
    (folder / "any.yaml").write_bytes(content)
    assert faults_at(folder / "any.yaml")


def test_numbers_fitted_to_other_cards_are_refused_with_the_way_out(folder):
    where = next(folder.rglob("corridor.yaml")).parent
    (where / "calibrated.yaml").write_text("parameters:\n  fee_elasticity: 9\n", encoding="utf-8")
    way_out, fault = faults_of(folder, SCENARIO)
    assert fault.file.endswith("calibrated.yaml") and fault.line == 2
    assert re.search("remove it, then `pushpull fit --corridor .* --again`", way_out.allowed)
