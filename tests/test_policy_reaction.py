"""Politics that answers concern: off it changes nothing, on it tightens control and access to asylum after a surge."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from pushpull import Result, Scenario, run
from pushpull.catalogue import catalogue
from pushpull.equations import policy_reaction as equations
from pushpull.preparation import integrator, task_of
from pushpull.scenario.reaction_years import ACTIVE
from tests.engine.trials import CORRIDORS, baseline

CONCERN = {"policy_reaction": "concern"}
ORDERED, GRANTED = "border_control_ordered", "asylum_access_granted"
LEVER_OF = {ORDERED: "border_control", GRANTED: "asylum_access"}
CLOSE = {"rtol": 1e-9, "atol": 1e-12}


def surge(*settings: str) -> Scenario:
    """Violence tripled at every origin of the illustrative corridor, whose procedures are half open."""
    return baseline("g8_2001").with_settings(["conflict_intensity=3x", *settings])


@cache
def answered(*settings: str) -> Result:
    return run(surge(*settings).with_changes(formulas=CONCERN))


@cache
def unanswered() -> Result:
    return run(surge())


def over_time(result: Result, name: str) -> np.ndarray:
    """A variable of a single run, (time, all else)."""
    values = np.asarray(result.array(name))
    return np.moveaxis(values, 1, 0).reshape(len(result.time), -1)


def in_all(result: Result, name: str, year: float) -> float:
    return float(over_time(result, name)[np.searchsorted(result.time, year)].sum())


def assert_same(one: Result, other: Result) -> None:
    for name in catalogue().outcomes:
        np.testing.assert_allclose(one.array(name), other.array(name), err_msg=name, **CLOSE)


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_off_by_default_levers_stay_as_they_are_set_and_the_stocks_rest(corridor):
    result = run(baseline(corridor).with_policy("balanced"))
    named = run(baseline(corridor).with_policy("balanced").with_changes(formulas={"policy_reaction": "none"}))
    assert np.array_equal(result.levels, named.levels) and np.array_equal(result.values, named.values)
    for name, lever in LEVER_OF.items():
        assert np.array_equal(result.array(name), result.array(lever)), name
    assert not over_time(result, "political_pressure").any()
    assert not over_time(result, "usual_concern_change").any()


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_the_years_of_the_record_are_as_they_were(corridor):
    scenario = baseline(corridor).with_settings(["conflict_intensity=3x"])
    off, on = run(scenario), run(scenario.with_changes(formulas=CONCERN))
    before = off.time <= scenario.policy_start
    for name in catalogue().outcomes:
        np.testing.assert_allclose(over_time(on, name)[before], over_time(off, name)[before], err_msg=name, **CLOSE)
    assert not over_time(on, "political_pressure")[before].any()
    if corridor == "g8_2001":  # on the southwest border concern falls even then
        assert over_time(on, "political_pressure")[-1] > 0


def test_concern_that_does_not_rise_moves_nothing():
    assert equations.usual_concern_change(0.4, 0.4, 0, 0.25) == 0
    for concern in (0.4, 0.3, 0.0):
        assert equations.political_pressure_change(1, concern, 0.4, 0, 1.5) == 0
    scenario = baseline("us_southwest_border").with_changes(end=2035)
    off, on = run(scenario), run(scenario.with_changes(formulas=CONCERN))
    start = np.searchsorted(off.time, scenario.policy_start)
    concern = over_time(off, "public_concern")
    assert concern[start:].max() < over_time(on, "usual_concern")[-1] + 1e-3, "it rises after all: choose another case"
    assert over_time(on, "political_pressure").max() < 1e-3
    for name in catalogue().outcomes:
        size = np.abs(over_time(off, name)).max()
        np.testing.assert_allclose(on.array(name), off.array(name), rtol=1e-3, atol=1e-3 * size, err_msg=name)


def test_a_surge_ends_with_more_control_and_less_access_and_more_people_are_harmed():
    for year in (2030, 2035, 2045):
        ordered, set_to = (in_all(answered(), name, year) for name in (ORDERED, "border_control"))
        assert ordered > 1.03 * set_to, year
        assert in_all(answered(), GRANTED, year) < 0.95 * in_all(answered(), "asylum_access", year), year
        for harm in ("protection_gap", "deaths_in_transit"):
            assert in_all(answered(), harm, year) > 1.03 * in_all(unanswered(), harm, year), (harm, year)


def test_control_alone_lets_fewer_in_and_kills_more_and_closed_procedures_feed_smugglers():
    control, access = answered("access_reaction=0"), answered("control_reaction=0")
    for year in (2035, 2045):
        entries, deaths, gap = (
            [in_all(each, name, year) for each in (unanswered(), control, access)]
            for name in ("irregular_entries", "deaths_in_transit", "protection_gap")
        )
        assert entries[1] < 0.99 * entries[0] < 1.05 * entries[0] < entries[2]
        assert deaths[1] > 1.05 * deaths[0]
        assert gap[2] > 1.1 * gap[0]


def test_apprehensions_after_a_surge_are_fewer_as_fewer_present_themselves():
    stopped = [in_all(each, "apprehensions_recorded", 2035) for each in (unanswered(), answered())]
    alone = in_all(answered("access_reaction=0"), "apprehensions_recorded", 2035)
    assert stopped[1] < stopped[0] < alone


def test_politics_answers_with_delay_and_within_bounds():
    slow, fast = answered("reaction_time=4"), answered("reaction_time=0.5")
    assert 0 < in_all(slow, "political_pressure", 2029) < 0.6 * in_all(fast, "political_pressure", 2029)
    strong = answered("control_reaction=6", "access_reaction=12")
    control, access = (over_time(strong, name) / over_time(strong, lever) for name, lever in LEVER_OF.items())
    assert (control >= 1).all() and (control <= 7).all() and control.max() > 1.3
    assert (access > 0).all() and (access <= 1).all() and access.min() < 0.7


def test_calm_lets_go_and_loosens_nothing():
    violence = {"table": {2027: 150, 2030: 150, 2031: 5, 2045: 5}}
    on = run(baseline("g8_2001").with_changes(context={"conflict_intensity": violence}, formulas=CONCERN))
    pressure = over_time(on, "political_pressure")[:, 0]
    most = pressure.argmax()
    assert on.time[most] < 2034 and pressure[-1] < 0.2 * pressure[most]
    assert (pressure >= 0).all()


def test_a_scenario_may_say_from_when_on_politics_answers():
    violence = {"conflict_intensity": {"table": {2027: 50, 2035: 50, 2036: 150, 2045: 150}}}
    waiting = {ACTIVE: {"table": {2027: 0, 2034.99: 0, 2035: 1}}}
    later = run(baseline("g8_2001").with_changes(context={**violence, **waiting}, formulas=CONCERN))
    pressure = over_time(later, "political_pressure")[:, 0]
    assert not pressure[later.time < 2034.9].any() and pressure[-1] > 0.01
    alone = run(surge(f"{ACTIVE}=1"))
    assert_same(alone, unanswered())


def test_both_loops_cut_leave_levers_as_they_are_set():
    cut = run(surge().with_changes(formulas=CONCERN, loops_off=["crackdown", "closed_door"]))
    assert_same(cut, unanswered())


# Each slope under this formula is that of plain Python in every run of the tests: tests/engine/test_kernel.py.
@pytest.mark.audit
def test_plain_python_finds_the_same():
    task = task_of(surge().with_changes(formulas=CONCERN, end=2031))
    engine = integrator()
    for kernel, plain in zip(engine.run(task), engine.run_plainly(task), strict=True):
        size = np.abs(plain).max(axis=0, keepdims=True)
        np.testing.assert_allclose(kernel, plain, rtol=1e-7, atol=1e-7 * size.max())


def test_an_ensemble_does_not_draw_how_politics_reacts():
    cards = ("control_reaction", "access_reaction", "reaction_time", "usual_concern_time")
    assert all(catalogue().parameters[name].distribution == "fixed" for name in cards)
