"""Check files: what is wrong in one is said with its line; what each claim means; what the command prints."""

from __future__ import annotations

import contextlib
import dataclasses
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from pushpull.checking import Laboratory, judge
from pushpull.checking.check_files import read_checks
from pushpull.checking.expansion import base_of, scenarios_of, with_levers
from pushpull.checking.grammar import Window
from pushpull.commands.application import call
from pushpull.engine.runs.task import RunBroke
from pushpull.scenario import ScenarioFaults

LABORATORY = Laboratory()


def checks_of(text: str):
    """The checks of a file trial.yaml that holds the text."""
    with TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("trial.yaml").write_text(text, encoding="utf-8")
        return read_checks("trial.yaml")


def check_of(body: str):
    """The one check of a group in the smaller corridor, a few years long."""
    indented = "\n".join(f"      {line}" for line in body.strip("\n").splitlines())
    text = f"- describe: Trial\n  corridors: [g8_2001]\n  years: 4\n  tests:\n    - it: holds\n{indented}\n"
    (check,) = checks_of(text)
    return check


def holds(body: str) -> bool:
    return judge(check_of(body), LABORATORY).passed


def told(body: str) -> str:
    verdict = judge(check_of(body), LABORATORY)
    assert not verdict.passed
    return str(verdict)


def faults_of(text: str) -> list[str]:
    with pytest.raises(ScenarioFaults) as found:
        checks_of(text)
    return [str(fault) for fault in found.value.faults]


GROUP = "- describe: Trial\n  tests:\n    - it: holds\n"


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (
            "      outcomes: [smuggler_fees]\n      predicates: [{gte: 0}]",
            'trial.yaml:4: the outcome is "smuggler_fees"; allowed: an outcome or variable, such as those of '
            '`pushpull list outcomes`; did you mean "smuggler_fee"?',
        ),
        (
            "      outcomes: [smuggler_fee]\n      predicates:\n        - {gtee: 0}",
            'trial.yaml:6: the claim is of no known kind; .* did you mean "gte"?',
        ),
        (
            "      scenarios: [{with: border_controls, at: max}]\n      model: [units]",
            'trial.yaml:4: a name in with is "border_controls"; .* did you mean "border_control"?',
        ),
        (
            "      scenarios: [{with: border_control, at: 9}]\n      model: [units]",
            "trial.yaml:4: border_control is 9, outside its range; allowed: 0 to 4",
        ),
        (
            "      scenarios: [{with: border_control, at: maxx}]\n      model: [units]",
            'trial.yaml:4: at is "maxx"; allowed: min, max, default, a number, 2x; did you mean "max"?',
        ),
        ("      scenarios: [{with: border_control}]\n      model: [units]", 'trial.yaml:4: "with" lacks "at"'),
        ("      model: [unit]", 'trial.yaml:4: a name in model is "unit"; .* did you mean "units"?'),
        ("      outcomes: all", "trial.yaml:3: the check claims nothing; allowed: predicates, or model"),
        ("      predicates: [{gte: 0}]", 'trial.yaml:4: "gte" needs outcomes to look at'),
        (
            "      outcomes: all\n      predicates: [{effect: rises, against: others}]",
            'trial.yaml:5: against names no scenario "others"',
        ),
        (
            "      outcomes: [smuggler_fee@arizna]\n      predicates: [{gte: 0}]",
            'trial.yaml:4: smuggler_fee knows no route "arizna"',
        ),
        (
            "      ensemble: {members: 4, holds_in: 2}\n      outcomes: all\n      predicates: [{gte: 0}]",
            "trial.yaml:4: holds_in is 2; allowed: a number from 0.01 to 1",
        ),
        (
            "      ensemble: {members: 4, holds_in: 1}\n      predicates: [{conserved: people}]",
            'trial.yaml:5: "conserved" takes single runs',
        ),
        (
            "      predicates: [{effects_of: court_capacity, on: {smuggler_fee: grows}}]",
            'trial.yaml:4: the effect on smuggler_fee is "grows"; allowed: rises, falls',
        ),
        ("      describes: 1\n      model: [units]", 'trial.yaml:4: the check knows no "describes"'),
        (
            "      corridors: [g8_2001]\n      scenarios: [{policies: {border_control: {arizona: 2}}}]\n"
            "      outcomes: all\n      predicates: [{gte: 0}]",
            'trial.yaml:5: g8_2001: border_control has no route "arizona"',
        ),
    ],
)
def test_a_fault_is_told_with_its_line_and_what_is_allowed(lines, fault):
    import re

    found = faults_of(GROUP + lines)
    plain = re.escape(fault).replace(r"\.\*", ".*").replace(r"\ ", " ")
    assert any(re.match(plain, one) for one in found), found


def test_every_fault_is_told_at_once():
    found = faults_of(GROUP + "      outcomes: [nothing_such]\n      predicates: [{gte: much}]\n      years: -3")
    assert len(found) == 3


def test_the_matrix_is_three_runs_and_two_for_each_lever():
    check = check_of("scenarios: [{preset: matrix}]\noutcomes: all\npredicates: [{finite: true}]")
    scenarios = scenarios_of(check, "g8_2001")
    assert len(scenarios) == 3 + 2 * len(base_of("g8_2001").catalogue.levers)
    assert scenarios["border_control at max"] == with_levers(base_of("g8_2001", 4), {"border_control": "max"})


def test_bounds_say_scenario_value_and_time():
    said = told("scenarios: [{package: punitive}]\noutcomes: [public_concern]\npredicates: [{lte: 0.01, years: 3}]")
    assert "trial.yaml:5: Trial: holds" in said
    assert "g8_2001, punitive: public_concern is 0." in said and "(2030.00), wanted at most 0.01" in said


def test_a_bound_may_be_another_outcome_or_scenario():
    more = "scenarios: [{with: border_control, at: max}]\noutcomes: [smuggler_fee]\n"
    assert holds(more + "predicates: [{gt: {scenario: default}, years: [2, 4]}]")
    assert not holds(more + "predicates: [{lt: {scenario: default}, years: [2, 4]}]")
    assert holds("outcomes: [smuggled_migrants]\npredicates: [{lte: {outcome: irregular_entries}}]")
    assert not holds("outcomes: [irregular_entries]\npredicates: [{lt: {outcome: smuggled_migrants}}]")


def test_approx_and_eq_keep_to_their_tolerance():
    body = "scenarios: [{{with: border_control, at: max}}]\noutcomes: [smuggler_fee]\npredicates: [{}]"
    assert holds(body.format("{approx: {scenario: default}, relative: 10}"))
    assert not holds(body.format("{approx: {scenario: default}, relative: 0.0001}"))
    assert holds(body.format("{eq: {scenario: default}, time: {before_excl: 2026}}"))
    assert not holds(body.format("{eq: {scenario: default}}"))


@pytest.mark.parametrize(
    ("word", "true"),
    [("rises", False), ("falls", True), ("unchanged", False), ("moves", True), ("does_not_rise", True)],
)
def test_the_sign_of_an_effect_is_told(word, true):
    scenario = "scenarios: [{with: border_control, at: max}]"
    assert holds(f"{scenario}\noutcomes: [irregular_entries]\npredicates: [{{effect: {word}}}]") is true


def test_an_effect_has_a_size():
    body = "scenarios: [{{with: border_control, at: max}}]\noutcomes: [irregular_entries]\npredicates: [{}]"
    assert not holds(body.format("{effect: falls, by_at_least: 0.9}"))
    assert not holds(body.format("{effect: falls, by_at_most: 0.01}"))


def test_standing_still_is_not_monotone_rising():
    body = "outcomes: [destination_income]\npredicates: [{{monotone: {}, in: border_control}}]"
    assert holds(body.format("flat")) and holds(body.format("either"))
    assert not holds(body.format("rising")) and not holds(body.format("falling"))


def test_monotone_sees_a_turn():
    body = "outcomes: [smuggler_fee]\npredicates: [{{monotone: {}, in: border_control, over: [0, 1, 2]}}]"
    assert holds(body.format("rising"))
    assert "claimed: falling" in told(body.format("falling"))


def test_unaffected_names_the_lever_that_moves_it():
    body = "outcomes: [{}]\npredicates: [{{unaffected_by: border_control}}]"
    assert holds(body.format("destination_income"))
    assert "with border_control" in told(body.format("smuggler_fee"))


def test_ordering_is_strict():
    body = (
        "scenarios: [{{name: few, with: border_control, at: 0.5}}, {{name: many, with: border_control, at: 2}}]\n"
        "outcomes: [smuggler_fee]\npredicates: [{{ordered: [{}]}}]"
    )
    assert holds(body.format("few, default, many"))
    assert not holds(body.format("many, few")) and not holds(body.format("few, few"))


def test_step_halving_sees_a_coarse_euler():
    body = "scenarios: [{{method: {}, steps_per_year: {}}}]\noutcomes: all\npredicates: [{{step_halving: 0.001}}]"
    assert holds(body.format("rk4", 20)) and not holds(body.format("euler", 8))


def test_half_response_tells_the_years():
    body = (
        "scenarios: [{{with: border_control, at: max}}]\noutcomes: [smuggler_fee]\npredicates: [{{half_response: {}}}]"
    )
    assert holds(body.format("{after: border_capacity}")) and not holds(body.format("{between: [3.9, 4]}"))


def test_nothing_moves_when_nothing_is_changed():
    body = "scenarios: [{{name: a, with: {}, at: max}}]\noutcomes: [{}]\npredicates: [{{something_moves: 0.001}}]"
    assert holds(body.format("border_control", "smuggler_fee"))
    assert "idle" in told(body.format("border_control", "destination_income"))


def test_an_ensemble_holds_in_a_share_of_worlds():
    body = (
        "ensemble: {{members: 8, seed: 2, holds_in: {}}}\nscenarios: [{{with: border_control, at: max}}]\n"
        "outcomes: [irregular_entries]\npredicates: [{{effect: {}}}]"
    )
    assert holds(body.format(1, "falls"))
    assert "holds in 0.0% of 8 members" in told(body.format(0.5, "rises"))


def test_an_exception_that_is_no_longer_needed_turns_the_check_red():
    assert "no longer needed" in told('model: [units]\nexcept: {somewhere: "no reason"}')


def test_a_claim_that_looks_at_nothing_does_not_hold():
    check = dataclasses.replace(check_of("outcomes: all\npredicates: [{gte: 0}]"), outcomes=())
    assert not judge(check, LABORATORY).passed


def test_a_run_that_breaks_is_a_failure():
    class Broken(Laboratory):
        def run_each(self, scenarios, names):
            raise RunBroke("a value became nan in 2027.00")

    verdict = judge(check_of("outcomes: all\npredicates: [{finite: true}]"), Broken())
    assert "g8_2001, default: the run broke: a value became nan in 2027.00" in str(verdict)


def test_a_run_that_breaks_among_others_is_told_alone():
    class Brittle(Laboratory):
        def run_each(self, scenarios, names):
            if any("border_control" in scenario.policies for scenario in scenarios):
                raise RunBroke("a value became nan in 2027.00")
            return super().run_each(scenarios, names)

    text = "scenarios: [{for_each_lever: all, at: max}]\noutcomes: [smuggler_fee]\npredicates: [{finite: true}]"
    verdict = judge(check_of(text), Brittle())
    assert verdict.findings > 30 and len(verdict.failures) == 1
    assert "border_control at max: the run broke: a value became nan" in str(verdict)


def test_a_window_has_open_and_closed_ends():
    time = np.array([2025.75, 2026.0, 2026.25, 2027.0])
    assert Window(0, 1, since_policy=True).within(time, 2026.0).tolist() == [False, True, True, True]
    assert Window(2026, 2027, True, True).within(time, 0).tolist() == [False, False, True, False]
    assert Window(moment=0.3, since_policy=True).within(time, 2026.0).tolist() == [False, False, True, False]


def test_an_unexplained_surprise_is_told(tmp_path):
    (tmp_path / "known.yaml").write_text("kind: surprises\nsurprises: []\n")
    text = (
        "- describe: Trial\n  corridors: [g8_2001]\n  years: 4\n  tests:\n    - it: holds\n"
        "      outcomes: [people_exploited]\n      predicates:\n"
        "        - {no_surprise_beyond: known.yaml, points: 2, values: 3, seed: 1, threshold: 0.0001}\n"
    )
    (tmp_path / "trial.yaml").write_text(text)
    (check,) = read_checks(tmp_path / "trial.yaml")
    assert "does not explain it" in str(judge(check, LABORATORY))
    explained = "\n".join(
        f"  - {{lever: {lever}, outcomes: [people_exploited], what: {what}, why: known}}"
        for lever in base_of("g8_2001").catalogue.levers
        for what in ("turns", "flips")
    )
    (tmp_path / "known.yaml").write_text(f"kind: surprises\nsurprises:\n{explained}\n")
    (check,) = read_checks(tmp_path / "trial.yaml")
    assert judge(check, LABORATORY).passed


def test_an_explanation_without_a_reason_is_refused(tmp_path):
    (tmp_path / "known.yaml").write_text("kind: surprises\nsurprises:\n  - {lever: seasonal_share, what: turns}\n")
    (tmp_path / "trial.yaml").write_text(
        "- describe: Trial\n  tests:\n    - it: holds\n      outcomes: [people_exploited]\n"
        "      predicates: [{no_surprise_beyond: known.yaml}]\n"
    )
    with pytest.raises(ScenarioFaults, match=r'known.yaml:3: the surprise lacks "why"'):
        read_checks(tmp_path / "trial.yaml")


def written(tmp_path, bound: float) -> str:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "- describe: Concern\n  corridors: [g8_2001]\n  years: 1\n  tests:\n    - it: stays low\n"
        f"      outcomes: [public_concern]\n      predicates: [{{lte: {bound}}}]\n"
    )
    return str(path)


def test_the_command_passes_and_fails(tmp_path, capsys):
    assert call(["check", written(tmp_path, 1)]) == 0
    assert "pass  Concern: stays low" in capsys.readouterr().out
    assert call(["check", written(tmp_path, 0.01)]) == 1
    shown = capsys.readouterr()
    assert "FAIL" in shown.out and "g8_2001, default: public_concern is" in shown.out and "wanted at most" in shown.out
    assert "1 of 1 checks failed" in shown.err


def test_the_command_tells_bad_files_and_missing_ones(tmp_path, capsys):
    path = tmp_path / "mine.yaml"
    path.write_text("- describe: Concern\n  tests: []\n")
    assert call(["check", str(path)]) == 2
    assert "mine.yaml:2: tests is an empty list" in capsys.readouterr().err
    assert call(["check", str(tmp_path / "none.yaml")]) == 2
    assert "none.yaml" in capsys.readouterr().err
