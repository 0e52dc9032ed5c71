"""The futures of draws: after the record, departures differ from one simulation to the next as forecasts were off."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pushpull import run
from pushpull.analysis.members import Members
from pushpull.analysis.pairing import paired
from pushpull.ensemble import Draws, run_ensemble
from pushpull.evaluation.earlier_errors import AssumedErrors, forecast_errors
from pushpull.scenario import Scenario, ScenarioFaults
from pushpull.scenario.forecast_errors import LARGEST, ForecastErrors, read_forecast_errors, text_of, variance

BORDER, SINCE = "us_southwest_border", 2026.75
ASSUMED = AssumedErrors("apprehensions_by_origin", 5, 0.15, 0.3)


def with_errors(scenario, errors):
    corridor = dataclasses.replace(
        scenario.corridor, forecast_errors=errors, digest=f"{scenario.corridor.digest} {errors!r}"
    )
    return dataclasses.replace(scenario, corridor=corridor)


@pytest.fixture(scope="module")
def border():
    return Scenario.load(BORDER).with_changes(end=2034)


@pytest.fixture(scope="module")
def errors(border):
    origins = tuple(border.corridor.origins)
    return ForecastErrors(SINCE, 5.0, dict.fromkeys(origins, 0.3), dict.fromkeys(origins, 0.6))


@pytest.fixture(scope="module")
def plain(border):
    return run_ensemble(with_errors(border, None), 16, 3)


@pytest.fixture(scope="module")
def shocked(border, errors):
    return run_ensemble(with_errors(border, errors), 16, 3)


def test_up_to_the_end_of_the_record_nothing_is_moved(plain, shocked):
    known = plain.time <= SINCE + 1e-9
    for name in plain.kept:
        np.testing.assert_allclose(shocked.total(name)[:, known], plain.total(name)[:, known], rtol=1e-6, err_msg=name)


def test_after_it_simulations_spread_further(plain, shocked):
    late = np.abs(plain.time - 2032).argmin()

    def spread(result):
        return np.log(result.total("apprehensions_recorded")[:, late]).std()

    assert spread(shocked) > 2 * spread(plain)


def test_a_single_run_meets_none(border, errors):
    one, other = (run(with_errors(border, each), keep="irregular_entries") for each in (None, errors))
    assert (one.total("irregular_entries") == other.total("irregular_entries")).all()


def test_whoever_sets_the_driver_meets_none(border, errors, plain):
    own = with_errors(border, errors).with_changes(context={"departure_shocks": 1})
    result = run_ensemble(own, 4, 3)
    np.testing.assert_allclose(result.total("irregular_entries"), plain.total("irregular_entries")[:4], rtol=1e-9)


def test_a_policy_and_its_baseline_share_each_future(border, errors):
    base = with_errors(border, errors)
    policy = base.with_changes(policies={"rescue_capacity": 0.0})  # today's value: no policy at all
    pairs = paired(policy, base, members=8, keep=["irregular_entries"])
    (line,) = [each for each in pairs.pairs if not each.route]
    assert np.abs(pairs.pairs[line].difference.median).max() == 0


def test_a_larger_ensemble_goes_on_where_a_smaller_one_ended(border, errors, shocked):
    again = run_ensemble(with_errors(border, errors), 6, 3)
    assert (again.total("deaths_in_transit") == shocked.total("deaths_in_transit")[:6]).all()
    members = Members(with_errors(border, errors), 3, ["deaths_in_transit"])
    members.grow(5)
    members.grow(16)
    (line,) = [each for each in members.lines if not each.route]
    assert (members.values(line, 16).T == shocked.total("deaths_in_transit")).all()


def test_a_draw_that_comes_again_meets_the_same_future(border, errors):
    draws = Draws.of(with_errors(border, errors), 4, 1)
    assert draws.futures is not None
    assert (draws.some([2, 0]).futures == draws.futures[[2, 0]]).all()
    assert draws.with_values(draws.values).futures is None
    assert Draws.of(with_errors(border, None), 4, 1).futures is None


@settings(max_examples=60, deadline=None)
@given(
    draw=st.integers(0, 500), yearly=st.floats(0, 2), lasting=st.floats(0, 2), over=st.floats(0.5, 20),
    end=st.floats(2027, 2060),
)  # fmt: skip
def test_futures_come_in_mirrored_pairs_that_begin_at_one(draw, yearly, lasting, over, end):
    errors = ForecastErrors(SINCE, over, {"near": yearly, "far": yearly}, {"near": lasting, "far": lasting})
    one, other = (errors.factors(2 * draw + side, "near", end) for side in (0, 1))
    assert one[0] == other[0] == 1
    assert np.allclose(one * other, 1)
    assert np.abs(np.log(one)).max() <= LARGEST + 1e-9
    longer = errors.factors(2 * draw, "near", end + 5)
    assert (longer[: len(one)] == one).all(), "a longer horizon is another future"
    if yearly + lasting > 0.01:
        assert not np.allclose(one, errors.factors(2 * draw, "far", end)), "origins share a future"


def test_they_spread_as_the_errors_say():
    errors = ForecastErrors(SINCE, 0.5, {"all": 0.2}, {"all": 0.4})
    logarithms = np.log([errors.factors(draw, "all", 2036) for draw in range(0, 8000, 2)])
    ahead = errors.knots(2036)[1:] - SINCE
    # A walk of years gains its first half a year ahead in whole.
    expected = np.sqrt(variance(np.ceil(ahead), 0.2, 0.4))
    np.testing.assert_allclose(logarithms[:, 1:].std(axis=0), expected, rtol=0.06)


def test_a_file_reads_as_it_was_written(errors):
    again = read_forecast_errors(text_of(errors, "evaluation 3").encode(), "here", tuple(errors.yearly))
    assert again == errors


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("yearly: {a: 0.3, b: 0.3}", "yearly: {a: 0.3}"), "b"),
        (("lasting: {a", "lasting: {x: 1, a"), "x"),
        (("since: 2026.75", "since: never"), "since"),
        (("a: 0.6", "a: -1"), "lasting of a"),
        (("sets_in_over: 5", "sets_in_over: 0"), "sets_in_over"),
        (("sets_in_over: 5", "until: 5"), "until"),
    ],
)
def test_faults_of_a_file_are_told_with_their_line(change, told):
    written = text_of(ForecastErrors(SINCE, 5, {"a": 0.3, "b": 0.3}, {"a": 0.6, "b": 0.6}), "a test")
    assert change[0] in written
    with pytest.raises(ScenarioFaults, match=told):
        read_forecast_errors(written.replace(*change).encode(), "errors.yaml", ("a", "b"))


def row(made, year, recorded, forecast=100.0, group="near", policy="known"):
    about = {"origin_year": made, "year": year, "measure": ASSUMED.of, "group": group, "policy": policy}
    return {**about, "recorded": recorded, "p50": forecast}


def test_before_any_forecast_the_assumption_stands():
    errors = forecast_errors(ASSUMED, ["near"], [], 2008, 2008.75)
    assert (errors.yearly["near"], errors.lasting["near"]) == (ASSUMED.yearly, ASSUMED.lasting)


def test_only_what_was_known_by_then_counts():
    known = [row(2002, 2003, 300.0)]
    later = [row(2002, 2009, 1e6), row(2008, 2009, 1e6), row(2002, 2003, 1e6, policy="frozen")]
    one, other = (forecast_errors(ASSUMED, ["near"], rows, 2008, 2008.75) for rows in (known, known + later))
    assert one == other
    assert one.lasting["near"] > ASSUMED.lasting


def test_each_forecast_weighs_as_much_as_the_assumption():
    expected = float(variance(np.array(1), ASSUMED.yearly, ASSUMED.lasting))
    rows = [row(2002, 2003, 100 * np.exp(np.sqrt(7 * expected)))]  # a square seven times the assumed one
    errors = forecast_errors(ASSUMED, ["near", "far"], rows, 2005, 2005.75)
    assert errors.lasting["near"] == pytest.approx(2 * ASSUMED.lasting)
    assert errors.lasting["far"] == ASSUMED.lasting


def test_forecasts_that_were_closer_narrow_the_ranges():
    rows = [row(made, made + 1, 100.0) for made in (2000, 2001, 2002)]
    assert forecast_errors(ASSUMED, ["near"], rows, 2008, 2008.75).lasting["near"] == ASSUMED.lasting / 2


def test_what_the_page_says_of_ranges_holds_for_nine_futures_in_ten():
    errors = ForecastErrors(SINCE, 0.5, {"all": 0.2}, {"all": 0.4})
    reach, at = errors.reach(5)["all"], int(np.flatnonzero(errors.knots(2036) == SINCE + 4.5)[0])
    futures = np.array([errors.factors(draw, "all", 2036)[at] for draw in range(8000)])
    assert np.mean((futures < reach) & (futures > 1 / reach)) == pytest.approx(0.9, abs=0.025)
