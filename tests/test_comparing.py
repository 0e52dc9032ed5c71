"""Comparisons: differences are exact, paired, and say which way is better for people."""

from __future__ import annotations

import numpy as np
import pytest

from pushpull import Scenario, compare, run, run_ensemble
from pushpull.catalogue import catalogue
from pushpull.comparison import differences
from pushpull.scenario import scenario_names


@pytest.fixture(scope="module", params=scenario_names())
def scenario(request):
    return Scenario.load(request.param)


@pytest.fixture(scope="module")
def border():
    return Scenario.load("us_southwest_border")


def row(comparison, outcome, measure="end", route=""):
    table = comparison.of(outcome)
    return table[(table["measure"] == measure) & (table["route"] == route)].iloc[0]


def test_a_scenario_compared_with_itself_differs_by_exactly_zero(scenario):
    table = compare(scenario, scenario).table
    assert set(table["outcome"]) == set(catalogue().outcomes)
    assert (table["difference"] == 0).all() and (table["relative"] == 0).all()


def test_an_ensemble_compared_with_itself_differs_by_exactly_zero(border):
    table = compare(border, border, members=4).table
    numbers = table[["difference", "difference_p5", "difference_p95", "relative"]].to_numpy(dtype=float)
    assert (numbers == 0).all()
    assert table["improved"].isna().all() and table["increased"].isna().all()


def test_differences_are_those_of_the_two_runs(border):
    policy = border.with_policy("balanced")
    before, after = run(border), run(policy)
    comparison = compare(border, policy)
    since = before.time >= border.policy_start
    for outcome in ("smuggled_migrants", "public_cost"):
        change = after.total(outcome)[0] - before.total(outcome)[0]
        assert row(comparison, outcome)["difference"] == change[-1]
        means = [result.total(outcome)[0, since].mean() for result in (before, after)]
        assert row(comparison, outcome, "mean")["difference"] == means[1] - means[0]


def test_a_routed_outcome_has_its_total_and_every_route(border):
    comparison = compare(border, border.with_policy("one_gateway_crackdown"))
    assert set(comparison.of("smuggler_fee")["route"]) == {"", *border.routes}
    shares = [row(comparison, "route_share", route=route)["difference"] for route in border.routes]
    assert sum(shares) == pytest.approx(0, abs=1e-12) and max(shares) > 0


def test_results_and_scenarios_may_be_mixed(border):
    assert compare(run(border), border).table["difference"].abs().max() == 0
    one, other = run_ensemble(border, 3), run_ensemble(border.with_policy("punitive"), 3)
    assert compare(one, other).members == 3


def test_results_that_cannot_be_paired_are_refused(border):
    with pytest.raises(ValueError, match="one number of members"):
        compare(run(border), run_ensemble(border, 3))
    with pytest.raises(ValueError, match="share one seed"):
        compare(run_ensemble(border, 3, 1), run_ensemble(border, 3, 2))
    with pytest.raises(ValueError, match="at least one other"):
        compare(border)


def test_members_are_paired_in_one_world(border):
    """The spread of the differences is far smaller than that of the outcome itself."""
    comparison = compare(border, border.with_settings(["court_capacity=1.1x"]), members=24)
    found = row(comparison, "irregular_residents")
    spread = np.subtract(*np.quantile(comparison.reference.total("irregular_residents")[:, -1], [0.95, 0.05]))
    assert abs(found["difference_p95"] - found["difference_p5"]) < 0.1 * spread


def test_improved_counts_the_members_that_move_the_better_way():
    before, after = np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.5, 2.5, 2.0, 4.0])
    assert differences(before, after, "lower")["improved"] == 0.5
    assert differences(before, after, "higher")["improved"] == 0.25
    assert differences(before, after, "neither")["improved"] is None
    assert differences(before, after, "neither")["increased"] == 0.25
    assert differences(before, before, "lower")["improved"] is None


def test_the_median_difference_is_taken_member_by_member():
    found = differences(np.array([1.0, 10.0, 100.0]), np.array([2.0, 9.0, 101.0]), "lower")
    assert (found["difference"], found["difference_p5"]) == (1.0, pytest.approx(-0.8))


def test_a_relative_difference_from_zero_is_left_open():
    assert differences(np.array([0.0]), np.array([2.0]), "lower")["relative"] is None
    assert differences(np.array([0.0]), np.array([0.0]), "lower")["relative"] == 0
    assert differences(np.array([-2.0]), np.array([-1.0]), "lower")["relative"] == 0.5


def test_scenarios_are_compared_over_the_years_they_share(border):
    comparison = compare(border, border.with_changes(start=2030, end=2040))
    assert (comparison.mean_from, comparison.end) == (2030.0, 2040.0)
    assert (comparison.table["difference"] == 0).all()


def test_equal_titles_are_told_apart(border):
    labels = compare(border, border, border).labels
    assert len(set(labels)) == 3
    assert compare(border, border, labels=["now", "then"]).labels == ("now", "then")


def test_a_comparison_shows_itself_as_text_and_as_a_table_of_a_notebook(border):
    comparison = compare(border, border.with_policy("preventive"))
    assert "smuggled_migrants" in str(comparison)
    assert comparison._repr_html_().startswith("<table")
