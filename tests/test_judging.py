"""Draws of a fit judged by importance weights, on models whose posterior is known."""

import hashlib
import types

import numpy as np
import pytest

from pushpull.calibration.judged_draws import read_judgement, save_judgement
from pushpull.calibration.judging import DrawJudgement, judge, left_out, weigh
from pushpull.calibration.sampling import find_mode, sample
from pushpull.posterior import FILE as POSTERIOR


class Toy:
    """Values of a model of a few numbers beside a record of zeros: what a likelihood of a plan is, without a plan."""

    def __init__(self, model, unknowns, values):
        self.unknowns, self.errors, self.group = unknowns, np.array([1.0]), np.zeros(values, dtype=int)
        self.start = np.zeros(unknowns)
        self.simulator = types.SimpleNamespace(predictions=model)
        self.plan = types.SimpleNamespace(fitted=[types.SimpleNamespace(label="a record")], effects=[])

    def deviations(self, predictions):
        return predictions


def linear(seed=0, unknowns=4, values=9):
    rng = np.random.default_rng(seed)
    slopes, ends = rng.normal(size=(unknowns, values)), 0.5 * rng.normal(size=values)
    return Toy(lambda points: points @ slopes + ends, unknowns, values)


def bent(by, values=9):
    slopes = np.random.default_rng(1).normal(size=(2, values))
    return Toy(lambda points: (points + by * points**3) @ slopes + 1.0, 2, values)


def drawn(likelihood, draws=60):
    return sample(likelihood, find_mode(likelihood), draws, seed=1).scores


def test_draws_of_a_linear_model_are_exact_and_all_weigh_the_same():
    likelihood = linear()
    scores = drawn(likelihood)
    weights = [weigh(likelihood, point).weight for point in scores]
    assert np.std(weights) < 0.05  # but for where a search ends
    judged = judge(likelihood, scores)
    assert judged.trusted and judged.effective > 0.95 * judged.draws


def test_a_search_that_was_stopped_short_is_told():
    likelihood = linear()
    scores = drawn(likelihood, 30)
    ended, moved = (judge(likelihood, points, seed=1).short for points in (scores, scores + 0.3))
    assert ended < 0.01 < 0.3 < moved


@pytest.mark.parametrize("by", [0.1, 0.4])
def test_weights_bring_the_draws_of_a_bent_model_to_its_posterior(by):
    likelihood = bent(by)
    scores = drawn(likelihood, 150)
    grid = np.stack(np.meshgrid(*[np.linspace(-3, 3, 201)] * 2), axis=-1).reshape(-1, 2)
    density = np.exp(-0.5 * (likelihood.simulator.predictions(grid) ** 2).sum(axis=1) - 0.5 * (grid**2).sum(axis=1))
    truth = density @ grid / density.sum()
    logs = np.array([weigh(likelihood, point).weight for point in scores])
    shares = np.exp(logs - logs.max()) / np.exp(logs - logs.max()).sum()
    apart = np.abs(shares @ scores - truth)
    spread = np.sqrt(density @ (grid - truth) ** 2 / density.sum())
    assert np.all(apart < 0.35 * spread)


def test_a_value_that_the_others_do_not_foresee_is_told():
    likelihood = linear(values=9)
    strange = Toy(lambda points: likelihood.simulator.predictions(points) + 8.0 * (np.arange(9) == 4), 4, 9)
    scores = drawn(likelihood)
    usual, odd = left_out(likelihood, scores)[0], left_out(strange, scores)[0]
    assert usual.values == 9 and odd.expected < usual.expected - 1


def test_a_judgement_belongs_to_its_draws(tmp_path):
    (tmp_path / POSTERIOR).write_bytes(b"draws")
    assert read_judgement(tmp_path) is None
    likelihood = linear()
    judged = judge(likelihood, drawn(likelihood, 30), seed=1, posterior="another's")
    save_judgement(judged, tmp_path)
    assert read_judgement(tmp_path) is None
    own = DrawJudgement(**{**judged.__dict__, "posterior": hashlib.sha256(b"draws").hexdigest()})
    save_judgement(own, tmp_path)
    assert read_judgement(tmp_path) == own
