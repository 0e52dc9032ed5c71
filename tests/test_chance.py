"""How far luck reaches in draws of chains, which resemble each other."""

import importlib.util

import numpy as np
import pytest

from pushpull.calibration import chance
from pushpull.calibration.chance import ChanceLevels, beyond, effective_draws
from pushpull.posterior import Posterior

CHAINS, EACH, NUMBERS = 24, 16, 40


def posterior(scores, provenance):
    draws, numbers = scores.shape
    return Posterior((), scores, np.ones(draws), np.ones(numbers), scores, (), np.empty((draws, 0)), provenance)


def of_chains(alike, seed=0):
    """Draws from the prior, each as like the one before it in its chain as said."""
    rng = np.random.default_rng(seed)
    places = [rng.standard_normal((CHAINS, NUMBERS))]
    while len(places) < EACH:
        places.append(alike * places[-1] + np.sqrt(1 - alike**2) * rng.standard_normal((CHAINS, NUMBERS)))
    return posterior(np.concatenate(places), {"chains": CHAINS})


def test_draws_that_resemble_each_other_are_worth_fewer():
    worth = [np.median(effective_draws(of_chains(alike))) for alike in (0, 0.5, 0.9)]
    assert worth[0] > 0.9 * CHAINS * EACH and worth[1] < 0.6 * worth[0] and worth[2] < 0.25 * worth[0]
    near, far = (ChanceLevels.of(of_chains(alike)) for alike in (0.9, 0))
    assert near.shift > 1.8 * far.shift and near.explained > 1.5 * far.explained and near.added > 1.5 * far.added


def test_luck_of_chains_is_seldom_taken_for_what_the_record_says():
    fits = [of_chains(0.9, seed) for seed in range(10)]
    by_count = sum(beyond(posterior(fit.scores, {})).sum() for fit in fits)
    assert sum(beyond(fit).sum() for fit in fits) < 0.1 * by_count


def test_ends_of_searches_are_all_independent():
    scores = of_chains(0.9).scores
    np.testing.assert_array_equal(effective_draws(posterior(scores, {})), CHAINS * EACH)


@pytest.mark.parametrize("kept, found", [(3, True), (EACH, False)])
def test_where_it_cannot_be_worked_out_chains_alone_are_independent(kept, found, monkeypatch):
    monkeypatch.setattr(chance, "find_spec", importlib.util.find_spec if found else lambda name: None)
    few = posterior(of_chains(0.5).scores[: kept * CHAINS], {"chains": CHAINS})
    np.testing.assert_array_equal(effective_draws(few), CHAINS)


@pytest.mark.parametrize("draws", [10, 20, 40])
def test_fewer_draws_of_chains_are_of_many_chains(draws):
    """Draws at equal distances would be of one chain in eight, and of half of them, where distances are 8 and 10."""
    whole = posterior(np.repeat(np.tile(np.arange(CHAINS), EACH)[:, None], 2, axis=1).astype(float), {"chains": CHAINS})
    few = whole.thinned(draws)
    assert len(few.draws) == len(few.errors) == draws and few.weights.sum() == pytest.approx(1)
    np.testing.assert_array_equal(few.draws, whole.draws[whole.choose(draws, 1)])
    assert len(np.unique(few.draws)) > 0.75 * CHAINS * (1 - (1 - 1 / CHAINS) ** draws)
    with pytest.raises(ValueError, match="has 384"):
        whole.thinned(385)
