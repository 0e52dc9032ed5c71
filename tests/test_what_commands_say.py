"""What the commands say beside their numbers, so that nobody is surprised by them."""

import json

import pytest

from pushpull import Scenario, run
from pushpull.__main__ import main
from pushpull.catalogue import catalogue
from pushpull.commands import run as command
from pushpull.comparison import assumptions_apart
from pushpull.scenario import check, remarks

PAST = "schema_version: 4\ntitle: T\ncorridor: us_southwest_border\nhorizon: {policy_start: 1998}\npolicies:\n"


def written(folder, text):
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "setting",
    [
        "border_control: {times_today: 1.5}",
        "enforced_return: {ramp: {from: 2000, to: 2003, value: {times_today: 2}}}",
        "border_control: {arizona: {pulse: {from: 1999, to: 2004, value: {times_today: 2}}}}",
    ],
)
def test_a_multiple_that_takes_the_place_of_a_recorded_path_is_told(setting, tmp_path, capsys):
    path = written(tmp_path, PAST + f"  {setting}\n")
    (remark,) = remarks(Scenario.load(path))
    assert remark.line == 6 and setting.partition(":")[0] in remark.what and "times_today" in remark.what
    assert not check(path)
    for words in (["validate", str(path)], ["run", str(path), "--end", "1999"]):
        assert main(words) == 0
        assert "path of its own" in capsys.readouterr().err


@pytest.mark.parametrize(
    "setting",
    [
        "border_control: 1.5",
        "border_control: {table: {1998: {times_today: 1}, 2010: {times_today: 2}}}",
        "slot_demand_match: {times_today: 1.1}",
    ],
)
def test_nothing_is_told_where_no_path_is_lost(setting, tmp_path):
    assert remarks(Scenario.load(written(tmp_path, PAST + f"  {setting}\n"))) == []


def test_a_multiple_on_the_command_line_is_told_once(capsys):
    assert main(["run", "us_southwest_border", "--set", "asylum_access=1.2x", "--end", "2027"]) == 0
    assert "path of its own" not in capsys.readouterr().err


def test_a_comparison_says_when_assumptions_differ_beside_policy(tmp_path, capsys):
    text = "schema_version: 4\ntitle: Other\ncorridor: g8_2001\npolicies: {asylum_access: 0.9}\n"
    mixed = written(tmp_path, text + "formulas: {rescue_effect: pull_deiana2021}\nloops_off: [fee]\n")
    assert main(["compare", "g8_2001", str(mixed)]) == 0
    told = capsys.readouterr().out
    assert "policy and assumptions together (formulas: rescue_effect; loops_off: fee)" in told
    assert "before the policy start differ too" in told
    assert main(["compare", "g8_2001", str(mixed), "--json"]) == 0
    (other,) = json.loads(capsys.readouterr().out)["others"]
    assert other["assumptions_apart"] == {"formulas": ["rescue_effect"], "loops_off": ["fee"]}


def test_a_comparison_of_policies_alone_says_nothing_of_assumptions(capsys):
    assert main(["compare", "g8_2001", "--set", "asylum_access=0.9"]) == 0
    assert "assumptions" not in capsys.readouterr().out


def test_context_alone_is_told_as_assumption():
    plain = Scenario.load("g8_2001")
    changed = plain.with_settings(["conflict_intensity=2x", "take_up=0.5"])
    assert assumptions_apart(plain, changed) == {"context": ["conflict_intensity"], "parameters": ["take_up"]}
    assert assumptions_apart(changed, changed) == {}


def test_a_large_table_of_text_is_told_before_and_after(tmp_path, capsys, monkeypatch):
    result = run(Scenario.load("g8_2001"))
    assert result.rows_in_csv == sum(piece.count("\n") for piece in result.csv()) - 1
    monkeypatch.setattr(command, "MANY_ROWS", result.rows_in_csv - 1)
    target = tmp_path / "all.csv"
    assert main(["run", "g8_2001", "-o", str(target)]) == 0
    told = capsys.readouterr().err
    assert f"{result.rows_in_csv:,} rows" in told and ".nc" in told
    assert 0.6 < result.rows_in_csv * command.BYTES_A_ROW / target.stat().st_size < 1.6


def test_a_small_table_is_written_without_a_word(tmp_path, capsys):
    assert main(["run", "g8_2001", "-o", str(tmp_path / "all.json")]) == 0
    assert capsys.readouterr().err.strip() == f"wrote {tmp_path / 'all.json'}"


def test_variables_and_formulas_can_be_listed(capsys):
    assert main(["list", "variables", "--corridor", "g8_2001", "--json"]) == 0
    variables = json.loads(capsys.readouterr().out)
    assert [each["id"] for each in variables] == list(catalogue().model.variables)
    assert all(each["meaning"] and "today" in each for each in variables)
    assert main(["list", "formulas", "--json"]) == 0
    formulas = json.loads(capsys.readouterr().out)
    wanted = {name: setting for setting, names in catalogue().formulas.items() for name in names}
    assert {each["id"]: each["setting"] for each in formulas} == wanted and len(formulas) == len(wanted)
    assert {each["id"] for each in formulas if each["default"]} == {names[0] for names in catalogue().formulas.values()}
    for what in ("variables", "formulas"):
        assert main(["list", what]) == 0
        assert capsys.readouterr().out.strip()


def test_explain_says_what_the_forms_of_a_lever_do(capsys):
    assert main(["explain", "court_capacity", "--corridor", "g8_2001"]) == 0
    told = capsys.readouterr().out
    for words in ("times_today:", "ramp:", "falls back", "jumps to the first value"):
        assert words in told
    assert main(["explain", "fee_adjustment_time", "--corridor", "g8_2001"]) == 0
    assert "times_today:" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "option, given, meant",
    [
        ("--end", "2035,5", "2035.5"),
        ("--end", "2035-07-01", "2035.4959"),
        ("--members", "2,000", "2000"),
        ("--seed", "3.5", ""),
        ("--start", "soon", ""),
    ],
)
def test_an_option_that_is_no_number_is_refused_in_our_words_with_what_was_meant(option, given, meant, capsys):
    for words in ([option, given], [f"{option}={given}"]):
        assert main(["run", "g8_2001", *words]) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith(f'{option}: "{given}" is no number here; allowed: a') and "parse" not in line
        assert (f"did you mean {meant}" in line) if meant else "did you mean" not in line


@pytest.mark.parametrize(
    "target, meant", [("500,000 in 2035", "500000"), ("1_000 in 2035", "1000"), ("40% in 2035", "0.4")]
)
def test_a_target_that_is_no_number_is_refused_with_what_was_meant(target, meant, capsys):
    words = ["compare", "g8_2001", "balanced", "--members", "4", "--target", f"protection_gap<={target}"]
    assert main(words) == 2
    assert f"did you mean {meant}" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words, told",
    [
        (["run", "g8_2001", "--every", "Months"], '--every: "Months" is no choice here; allowed: quarter, month, step; '
                                                  'did you mean "month"?'),
        (["export", "xmlie"], 'export: "xmlie" is no choice here; allowed: schema, story-schema, workshop-schema, '
                              'design-schema, docs, reference, report, xmile, page; did you mean "xmile"?'),
        (["export", "report", "g8_2001"], "SCENARIO: only xmile takes this; a report takes --corridor"),
        (["export", "page", "g8_2001", "--seed", "2", "-o", "page.html"], "--seed: a page does not take this"),
        (["export", "xmile", "g8_2001", "us_southwest_border"], "us_southwest_border: only a page takes more than one"),
        (["run", "g8_2001", "-o", "Run.CSV"], 'did you mean "Run.csv"?'),
        (["run", "g8_2001", "-o", ""], "--output: this cannot be written"),
        (["run", "g8_2001", "-o", "n" * 300 + ".csv"], "this cannot be written; file name too long"),
    ],
)  # fmt: skip
def test_what_cannot_be_chosen_or_written_is_told_in_the_words_of_every_fault(words, told, capsys):
    assert main(words) == 2
    said = capsys.readouterr().err
    assert told in said and len(said.splitlines()) == 1


def test_a_multiple_of_nothing_is_told_since_it_changes_nothing(tmp_path, capsys):
    text = "schema_version: 4\ntitle: T\ncorridor: g8_2001\npolicies:\n  penalty_harmonisation: {times_today: 3}\n"
    path = written(tmp_path, text)
    assert main(["validate", str(path)]) == 0
    assert "mine.yaml:5: penalty_harmonisation is 0 in 2027, and times_today of 0 is 0" in capsys.readouterr().err
    assert remarks(Scenario.load(written(tmp_path, text.replace("{times_today: 3}", "0.3")))) == []
