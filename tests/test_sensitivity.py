"""Sensitivity: what an outcome hangs on is found, and what it does not hang on is not."""

from __future__ import annotations

import numpy as np
import pytest

from pushpull import Scenario
from pushpull.analysis import sensitivity
from pushpull.analysis.sobol import REST, marginal_of, rank_correlations, saltelli_points, variance_shares
from pushpull.catalogue import catalogue
from pushpull.ensemble import Draws
from pushpull.posterior import posterior_of

# What is made once for all of them takes long, so they stay on one worker.
pytestmark = pytest.mark.xdist_group("sensitivity")

BUDGET = {"screened": 64, "foremost": 3, "points": 16}


@pytest.fixture(scope="module")
def unfitted():
    return Scenario.load("g8_2001").with_changes(start=2005, end=2015)


@pytest.fixture(scope="module")
def costs(unfitted):
    return sensitivity(unfitted, ["public_cost", "deaths_in_transit"], seed=1, **BUDGET)


def test_deaths_hang_on_the_danger_of_the_way(costs):
    assert "danger_level" in set(costs.screening[costs.screening["outcome"] == "deaths_in_transit"]["parameter"][:5])
    indices = costs.of("deaths_in_transit").set_index("parameter")
    assert indices.loc["danger_level", "total"] > 0.1


def test_every_outcome_has_its_factors_and_the_rest_with_intervals(costs):
    for outcome in costs.outcomes:
        rows = costs.of(outcome)
        assert len(rows) == BUDGET["foremost"] + 1 and REST in set(rows["title"])
        assert (rows["first_low"] <= rows["first_high"]).all() and (rows["total_low"] <= rows["total_high"]).all()
        assert np.isfinite(rows[["first", "total"]].to_numpy(dtype=float)).all()
        assert rows["total"].is_monotonic_decreasing
    assert costs.runs == BUDGET["screened"] + BUDGET["points"] * (BUDGET["foremost"] + 3)


def test_harm_to_people_is_listed_before_costs(costs):
    assert costs.outcomes == ("deaths_in_transit", "public_cost")


def test_the_same_seed_finds_the_same(unfitted, costs):
    again = sensitivity(unfitted, ["public_cost", "deaths_in_transit"], seed=1, **BUDGET)
    assert again.indices.equals(costs.indices) and again.screening.equals(costs.screening)


def test_a_difference_hangs_on_what_the_policy_works_through(unfitted):
    policy, told = unfitted.with_settings(["border_control=2x"]), []
    found = sensitivity(
        policy, "smuggler_fee", baseline=unfitted, year=2012, **BUDGET, progress=lambda *at: told.append(at)
    )
    assert found.screening.iloc[0]["outcome"] == "smuggler_fee" and found.year == 2012
    assert told == sorted(told) and told[-1] == (found.runs, found.runs)


def test_what_the_scenario_sets_itself_moves_nothing(unfitted):
    name = "danger_level"
    held = unfitted.with_changes(parameters={name: unfitted.today(name)})
    found = sensitivity(held, "deaths_in_transit", **BUDGET)
    row = found.screening.set_index("parameter").loc[name]
    assert row["rank_correlation"] == 0 and name not in set(found.indices["parameter"])


def test_rank_correlations_are_those_of_scipy():
    from scipy.stats import spearmanr

    rng = np.random.default_rng(1)
    drawn = rng.random((50, 4))
    numbers = np.stack([np.exp(3 * drawn[:, 1]) + rng.random(50), np.ones(50)])
    found = rank_correlations(drawn, numbers)
    expected = [spearmanr(drawn[:, column], numbers[0]).statistic for column in range(4)]
    assert found[0] == pytest.approx(expected) and (found[1] == 0).all()


def test_shares_of_the_variance_are_those_worked_out_by_hand():
    """The function of Ishigami and Homma, whose indices are known in closed form."""
    rng, points = np.random.default_rng(0), 4096
    one, other, third = (2 * np.pi * saltelli_points(points, 3, rng) - np.pi).T
    numbers = np.sin(one) + 7 * np.sin(other) ** 2 + 0.1 * third**4 * np.sin(one)
    a, b = 7, 0.1
    alone = [(1 + b * np.pi**4 / 5) ** 2 / 2, a**2 / 8, 0]
    both = b**2 * np.pi**8 * (1 / 18 - 1 / 50)
    variance = sum(alone) + both
    first, total = variance_shares(numbers[None], points, rng)[:, :, 0]
    assert first[0] == pytest.approx(np.array(alone) / variance, abs=0.01)
    assert total[0] == pytest.approx(np.array([alone[0] + both, alone[1], both]) / variance, abs=0.01)
    for estimate, low, high in (first, total):
        assert (low < estimate).all() and (estimate < high).all()


def test_a_fitted_parameter_is_drawn_from_its_posterior():
    border = Scenario.load("us_southwest_border")
    posterior, draws = posterior_of(border.corridor), Draws.of(border, 4, 1)
    column = next(place for place, card in enumerate(draws.cards) if card.id in posterior.parameters)
    own = posterior.draws[:, posterior.parameters.index(draws.cards[column].id)]
    ends = marginal_of(border, draws, column)(np.array([0.0, 0.5, 1.0]))
    assert ends == pytest.approx([own.min(), np.median(own), own.max()])


@pytest.mark.parametrize(
    "given, told",
    [
        ({"points": 12}, "power of two"),
        ({"screened": 1}, "at least 20 members"),
        ({"screened": 19}, "at least 20 members"),
        ({"foremost": 0}, "at least one"),
        ({"year": 1900}, "the year lies from 2005 to 2015"),
    ],
)
def test_budgets_and_years_that_cannot_be_are_refused(unfitted, given, told):
    with pytest.raises(ValueError, match=told):
        sensitivity(unfitted, "public_cost", **{**BUDGET, **given})
    assert "danger_level" in catalogue().parameters
