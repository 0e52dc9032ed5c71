"""Draws by chains, on targets whose posterior is known, and what is said of whether chains have met."""

import dataclasses

import numpy as np
import pytest

from pushpull.calibration import chains
from pushpull.calibration.chains import CHAINS, chains_beside, walk
from pushpull.calibration.judged_draws import digest_of, read_judgement, save_judgement
from pushpull.calibration.judging_chains import judge_chains
from pushpull.calibration.sampling import ScoreDraws, find_mode, sample
from pushpull.posterior import FILE as POSTERIOR
from tests.test_calibration import Line
from tests.test_judging import Toy, bent, linear

DRAWS = 20 * CHAINS


def drawn(likelihood, steps=900, draws=DRAWS):
    return walk(likelihood, find_mode(likelihood), draws, 1, steps=steps)


@pytest.fixture
def searches_ended_elsewhere(monkeypatch):
    def moved(*given):
        ends = sample(*given)
        return ScoreDraws(ends.scores + 1.0, ends.misfit)

    monkeypatch.setattr(chains, "sample", moved)


def test_chains_come_to_the_known_posterior_from_wherever_they_begin(searches_ended_elsewhere):
    line = Line()
    found, deviation = drawn(line).scores, np.sqrt(np.diag(line.covariance))
    assert found.shape == (DRAWS, 12)
    assert np.all(np.abs(found.mean(axis=0) - line.mean) < 0.17 * deviation)
    np.testing.assert_allclose(found.std(axis=0), deviation, rtol=0.13)


@pytest.mark.parametrize("by", [0.4, 1.5])
def test_draws_of_a_bent_model_are_those_of_its_posterior_where_ends_of_searches_are_not(by):
    likelihood = bent(by)
    grid = np.stack(np.meshgrid(*[np.linspace(-4, 4, 301)] * 2), axis=-1).reshape(-1, 2)
    density = np.exp(-chains.places_at(likelihood, grid).energy)
    density /= density.sum()
    middle = density @ grid
    spread = np.sqrt(density @ (grid - middle) ** 2)
    found = drawn(likelihood).scores
    assert np.all(np.abs(found.mean(axis=0) - middle) < 0.15 * spread)
    np.testing.assert_allclose(found.std(axis=0), spread, rtol=0.12)
    if by > 1:
        ends = sample(likelihood, find_mode(likelihood), DRAWS, seed=1).scores
        assert (np.abs(ends.mean(axis=0) - middle) / spread).max() > 0.15


def test_within_a_recorded_range_all_is_as_likely_as_the_prior_says_and_where_runs_break_nothing_is():
    def model(points):
        return np.where(points > 1.5, np.nan, points)

    likelihood = Toy(model, 1, 1)
    likelihood.deviations = lambda shown: np.where(shown < 0, shown / 0.01, 0 * shown)
    found = drawn(likelihood).scores[:, 0]
    assert found.max() <= 1.5 and found.min() > -0.1
    grid = np.linspace(0, 1.5, 1000)
    density = np.exp(-0.5 * grid**2)
    assert found.mean() == pytest.approx(density @ grid / density.sum(), abs=0.06)


def test_chains_that_were_stopped_go_on_to_the_same_draws(tmp_path):
    line, partial = Line(), tmp_path / "posterior.partial"
    mode = find_mode(line)
    whole = walk(line, mode, 48, 7, steps=200).scores
    told = []

    def stop(what, done, steps):
        if what == "walking" and done >= 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        walk(line, mode, 48, 7, partial, "one", stop, 200)
    resumed = walk(line, mode, 48, 7, partial, "one", lambda *at: told.append(at), 200)
    assert [done for what, done, _ in told if what == "walking"][0] == 100
    np.testing.assert_array_equal(resumed.scores, whole)
    chains_beside(partial).write_bytes(chains_beside(partial).read_bytes()[:-9])
    np.testing.assert_array_equal(walk(line, mode, 48, 7, partial, "one", steps=200).scores, whole)
    assert not np.array_equal(walk(line, mode, 48, 8, partial, "another", steps=200).scores, whole)


def test_chains_that_have_not_met_are_told_from_those_that_have():
    likelihood = linear()
    short, long = (judge_chains(likelihood, drawn(likelihood, steps).scores, CHAINS, steps) for steps in (30, 900))
    assert long.trusted and long.r_hat < 1.1 < 1.5 < short.r_hat and not short.trusted
    assert short.unsettled == 4 and short.bulk < 0.5 * long.bulk
    assert len(long.worst) == 4 and abs(long.drift) < 3
    assert dataclasses.replace(long, bulk_median=long.draws + 9.0).usual == long.draws
    assert dataclasses.replace(long, bulk_median=long.draws - 9.0).usual == long.draws - 9


def test_misfits_that_still_fall_are_told():
    likelihood = linear()
    ends = drawn(likelihood).scores
    falling = ends + np.linspace(2, 0, len(ends))[:, None]
    assert judge_chains(likelihood, falling, CHAINS, 1200).drift < -5


def test_too_few_draws_of_a_chain_say_nothing():
    with pytest.raises(ValueError, match="at least four"):
        judge_chains(linear(), np.zeros((3 * CHAINS, 4)), CHAINS, 10)


def test_a_judgement_of_chains_belongs_to_its_draws(tmp_path):
    (tmp_path / POSTERIOR).write_bytes(b"draws")
    judged = judge_chains(linear(), np.random.default_rng(1).normal(size=(40, 4)), 2, 5, "another's")
    save_judgement(judged, tmp_path)
    assert read_judgement(tmp_path) is None
    own = dataclasses.replace(judged, posterior=digest_of(tmp_path))
    save_judgement(own, tmp_path)
    assert read_judgement(tmp_path) == own
