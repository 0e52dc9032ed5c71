"""What is set acts, however short it is; and what begins after the run ends is told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pushpull import Scenario, run
from pushpull.dashboard.compute.indicators import changes
from pushpull.dashboard.compute.judging.advisories import advisories_of
from pushpull.dashboard.compute.judging.advisory_rules import CALCULATION
from pushpull.dashboard.compute.judging.outcome_verdicts import verdicts
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.pages import overview_page
from pushpull.dashboard.state.state import State
from pushpull.engine.stepping.halving import Halvings
from pushpull.preparation import integrator, task_of
from tests.engine.trials import baseline

BORDER = "us_southwest_border"
FILE = """\
schema_version: 4
title: What acts
corridor: g8_2001
horizon: {{start: 2000, end: {end}}}
policies:
  court_capacity: {form}
"""


def set_to(form: dict, lever: str = "enforced_return", **more) -> Scenario:
    return baseline(BORDER).with_changes(policies={lever: form}, **more)


def lever_years(scenario: Scenario, lever: str = "enforced_return") -> float:
    """What a scenario adds to a lever, times the years for which it does."""
    column = integrator().layout.scalar_inputs.index(lever)
    task, usual = task_of(scenario), task_of(scenario.baseline())
    return float((task.inputs[:, 1, column] - usual.inputs[:, 1, column]).sum() * task.time_step)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(start=st.floats(2027, 2044), days=st.floats(0.05, 7.5), value=st.floats(0, 1e6))
def test_a_pulse_of_days_does_in_proportion_what_it_was_meant_to_do(start, days, value):
    end = start + days / 365.25
    scenario = set_to({"pulse": {"from": start, "to": end, "value": value}})
    meant = (value - scenario.today("enforced_return")) * (end - start)
    assert lever_years(scenario) == pytest.approx(meant, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("steps", [1, 4, 12, 48, 365])
@pytest.mark.parametrize("length", [0.001, 0.03, 0.2])
def test_a_short_pulse_acts_on_every_grid(steps, length):
    pulse = {"pulse": {"from": 2033.4, "to": 2033.4 + length, "value": 900_000}}
    scenario = set_to(pulse, steps_per_year=steps)
    meant = (900_000 - scenario.today("enforced_return")) * length
    shares = 1e-9 if length * steps < 1 else 1 / (length * steps)
    assert lever_years(scenario) == pytest.approx(meant, rel=shares)
    assert not scenario.idle


def test_a_pulse_of_a_day_changes_the_run_a_little_and_one_of_a_week_more():
    usual = run(baseline(BORDER), keep=None).total("effective_returns")
    moved = []
    for days in (1, 6):
        pulse = {"pulse": {"from": 2031.3, "to": 2031.3 + days / 365, "value": 1_200_000}}
        moved.append(np.abs(run(set_to(pulse), keep=None).total("effective_returns") - usual).max())
    assert 0 < moved[0] < moved[1] == pytest.approx(6 * moved[0], rel=0.3)


def test_a_short_pulse_on_one_gateway_leaves_the_others_alone():
    pulse = {"arizona": {"pulse": {"from": 2030.0007, "to": 2030.0011, "value": 4}}}
    scenario = baseline(BORDER).with_changes(policies={"border_control": pulse})
    changed = task_of(scenario).inputs - task_of(scenario.baseline()).inputs
    assert np.count_nonzero(changed.any(axis=(0, 1))) == 1


def test_a_short_pulse_in_the_last_days_of_a_run_acts():
    pulse = {"pulse": {"from": 2044.991, "to": 2044.999, "value": 900_000}}
    assert lever_years(set_to(pulse)) > 0


LATE = {
    "a step": "{step: {year: 2031, value: 9000}}",
    "a ramp": "{ramp: {from: 2040, to: 2050, value: 9000}}",
    "a pulse": "{pulse: {from: 2035.5, to: 2036, value: 9000}}",
    "a table": "{table: {2032: 9000, 2034: 8000}}",
    "the very end": "{step: {year: 2030, value: 9000}}",
}


@pytest.mark.parametrize("form", LATE.values(), ids=LATE)
def test_what_begins_after_the_run_ends_is_told_with_its_line(form, tmp_path, pushpull):
    path = tmp_path / "late.yaml"
    path.write_text(FILE.format(form=form, end=2030), encoding="utf-8")
    for command in (("validate", path), ("run", path), ("compare", path, "balanced")):
        code, _, err = pushpull(*command)
        assert code == 0
        assert "late.yaml:6: court_capacity changes in 20" in err and "never acts" in err, command


@pytest.mark.parametrize("form", [one for name, one in LATE.items() if name != "the very end"])
def test_a_longer_run_lets_it_act_and_says_nothing(form, tmp_path, pushpull):
    path = tmp_path / "late.yaml"
    path.write_text(FILE.format(form=form, end=2060), encoding="utf-8")
    assert "never acts" not in pushpull("validate", path)[2]
    path.write_text(FILE.format(form=form, end=2030), encoding="utf-8")
    assert "never acts" not in pushpull("run", path, "--end", 2060)[2]
    assert "never acts" in pushpull("run", path)[2]


def test_a_driver_that_never_acts_is_told_too():
    late = {"labour_demand": {"step": {"year": 2041, "value": 0}}}
    scenario = baseline("g8_2001").with_changes(end=2040, context=late)
    assert [note.name for note in scenario.idle] == ["labour_demand"]
    assert np.array_equal(run(scenario).levels, run(baseline("g8_2001").with_changes(end=2040)).levels)


def test_what_is_set_to_what_it_is_today_is_not_said_to_be_idle():
    scenario = baseline(BORDER)
    assert scenario.with_changes(policies={"asylum_access": scenario.today("asylum_access")}).idle == ()


def test_the_page_tells_what_never_acts_and_what_was_shortened():
    late = State(BORDER, set_to({"step": {"year": 2044.999, "value": 0}}))
    warned = {each.key: each for each in advisories_of(late, nothing_moved())}
    assert warned["never_acts"].levers == ("enforced_return",) and warned["never_acts"].kind == CALCULATION
    usual = run(baseline(BORDER))
    assert "moves_halved" not in {each.key for each in advisories_of(late, nothing_moved(), Runs(usual, usual))}
    strained = {"conflict_intensity": 400, "political_climate": 3.5, "destination_growth": -0.08}
    shortened = run(baseline(BORDER).with_changes(context=strained, policies={"slot_demand_match": 0}))
    assert isinstance(shortened.halvings, Halvings) and shortened.halvings
    warned = [each for each in advisories_of(late, nothing_moved(), Runs(shortened, usual)) if each.kind == CALCULATION]
    assert [each.key for each in warned] == ["never_acts", "moves_halved"]
    for code in ("en", "fr"):
        told = [overview_page.advisory_in_words(language(code), each) for each in warned]
        assert all(each["what"] and each["why"] and each["label"] for each in told)


def nothing_moved():
    usual = run(baseline(BORDER), keep=None)
    return verdicts(changes(usual, usual, 2035), None, 2035)
