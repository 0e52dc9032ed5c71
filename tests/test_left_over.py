"""What a fit leaves over of the last years: it brings the present to the record, fades, and no fit reads it."""

from __future__ import annotations

import dataclasses
import shutil

import numpy as np
import pytest

from pushpull import Scenario, run
from pushpull.calibration.plan import read_plan
from pushpull.calibration.start_from_record import MOST, LeftOver, left_over, paths
from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.pages import forecasts_page
from pushpull.dashboard.state.state import State
from pushpull.files.faults import ScenarioFaults
from pushpull.scenario.left_over import DECISIONS, LEFT_OVER, left_over_by_year
from pushpull.scenario.schedules import value_at

CORRIDOR = "us_southwest_border"
LEFT_OUT = {"left_over": "left_out"}


@pytest.fixture(scope="module")
def border():
    return Scenario.load(CORRIDOR)


def year(result, variable, middle, **part):
    values = result.total(variable, **part)[0]
    inside = (result.time >= middle - 0.5 - 1e-9) & (result.time <= middle + 0.5 + 1e-9)
    return np.trapezoid(values[inside], result.time[inside]) / np.ptp(result.time[inside])


def test_the_present_starts_from_the_record(border):
    asked, result = read_plan(border).left_over, run(border)
    for time, recorded in zip(asked.times, asked.all, strict=True):
        assert year(result, "apprehensions_recorded", time) == pytest.approx(recorded, rel=0.2), time
    last = year(result, "apprehensions_recorded", asked.times[-1])
    assert last == pytest.approx(asked.all[-1], rel=0.1)
    without = year(run(border.with_changes(formulas=LEFT_OUT)), "apprehensions_recorded", asked.times[-1])
    assert abs(last - asked.all[-1]) < abs(without - asked.all[-1])
    pending = asked.pending
    assert np.interp(pending.time, result.time, result.total(pending.of)[0]) == pytest.approx(pending.value, rel=0.01)


def test_one_setting_leaves_it_out(border):
    switched = run(border.with_changes(formulas=LEFT_OUT))
    corridor = dataclasses.replace(border.corridor, context=border.corridor.own_context, digest="none", left_over={})
    without = run(dataclasses.replace(border, corridor=corridor))
    for name in ("apprehensions_recorded", "irregular_residents", "claims_pending_courts"):
        assert np.allclose(switched.total(name), without.total(name), rtol=1e-6), name  # steps turn elsewhere


def test_it_is_in_no_fit(border):
    plan = read_plan(border)
    assert border.corridor.left_over and not plan.scenario.corridor.left_over
    assert LEFT_OVER not in plan.scenario.corridor.context and DECISIONS not in plan.scenario.corridor.context


def test_it_fades_and_was_nothing_before(border):
    asked = read_plan(border).left_over
    for path in (*border.corridor.left_over[LEFT_OVER].values(), border.corridor.left_over[DECISIONS]):
        assert value_at(path, 2005) == value_at(path, asked.begins - 0.6) == 1
        ends = asked.ends + asked.fades_over
        assert value_at(path, ends + 0.1) == value_at(path, 2045) == pytest.approx(1, abs=1e-5)
        last, half = (
            abs(np.log(value_at(path, time))) for time in (asked.times[-1], asked.ends + asked.fades_over / 2)
        )
        assert half == pytest.approx(last / 2, abs=0.02 * max(last, 1))


def test_a_run_that_meets_the_record_has_nothing_left_over(border):
    scenario = read_plan(border).scenario
    result = run(dataclasses.replace(scenario, end=2012.0))
    times, origins = np.array([2008.25, 2009.25]), tuple(scenario.corridor.origins)
    shown = np.array(
        [[year(result, "apprehensions_by_origin", time, origin=each) for time in times] for each in origins]
    )
    asked = LeftOver("apprehensions_by_origin", times, shown.sum(axis=0), shown, 5.0)
    for path in left_over(scenario, asked)[LEFT_OVER].values():
        assert np.allclose(path[-1].values, 1, atol=1e-6)


def test_no_factor_leaves_its_range():
    asked = LeftOver("x", np.array([2020.25, 2021.25]), np.ones(2), np.ones((1, 2)), 2.0)
    (span,) = paths(("here",), asked, np.array([[100.0, -100.0]]))["here"]
    assert max(span.values) == pytest.approx(np.exp(MOST), rel=1e-5) and min(span.values) >= np.exp(-MOST) * (1 - 1e-5)
    assert np.allclose(np.asarray(span.times) * 48, np.round(np.asarray(span.times) * 48))


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("  of: apprehensions_by_origin\n  series", "  of: deaths_recorded\n  series", "of of left_over"),
        ("mexico: apprehensions_mexico\n", "mexico: aprehensions_mexico\n", "the series of mexico"),
        ("since: 2020.75\n", "since: 2040\n", "holds no year since 2040"),
        ("fades_over: 5", "fades_over: 0", "fades_over of left_over"),
        ("series: court_pending_trac}\n  why", "series: court_pending}\n  why", "series of pending"),
        ("{series: apprehensions, of:", "{series: aprehensions, of:", 'no series "aprehensions"'),
    ],
)
def test_faults_of_the_plan_are_told(border, tmp_path, old, new, words):
    folder = tmp_path / CORRIDOR
    shutil.copytree(border.corridor.folder, folder)
    path = folder / "calibration.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ScenarioFaults) as told:
        read_plan(dataclasses.replace(border, corridor=dataclasses.replace(border.corridor, folder=folder)))
    assert [fault for fault in told.value.faults if words in fault.what and fault.line], told.value


@pytest.mark.parametrize("code", ["en", "fr"])
def test_the_page_shows_it_with_its_size(border, code):
    words, state = language(code), State.opening(CORRIDOR)
    page = str(forecasts_page.left_over(words, state))
    factors = left_over_by_year(border.corridor)
    assert words.numbers.number(factors["mexico"][2026], 2) in page and ">2031<" in page
    assert words.say("left_over.off") not in page
    assert words.say("left_over.off") in str(
        forecasts_page.left_over(words, state.with_formula("left_over", "left_out"))
    )
    assert forecasts_page.left_over(words, State.opening("g8_2001")) == ""
