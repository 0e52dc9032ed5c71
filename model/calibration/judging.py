"""How far ends of searches can be trusted as draws: by importance weights, and by leaving out one value at a time.

A draw is the end of a search in a disturbed problem: for a model linear in its numbers, a draw of the posterior, for
ours nearly one. A search that ends in θ has been led there by a disturbance c of the prior and ε of the record
with c = θ + Jᵀ(r + ε), J the slopes of the misfits r. Summed up over every ε, searches end in θ with the density
√det H · exp(-gᵀH⁻¹g / 2), with g = θ + Jᵀr and H = 1 + JᵀJ. What the posterior says of θ, over this, is the weight that
the draw should have had. Where all weights are nearly one, searches that reach their ends are as good as exact draws;
where few carry all, they are not, and the shape k of the tail of the weights says so (Vehtari and others, Pareto
smoothed importance sampling). Bends of second order are left out of H.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np

from pushpull.calibration.likelihood import Likelihood
from pushpull.calibration.sampling import FARTHEST, disturbances
from pushpull.ensemble import Progress

DRAWS = 100
FEWEST_DRAWS = 25
STEP = 0.02  # of a standard normal score, ahead and behind, for slopes
TRUSTED = 0.7  # a larger k: weights whose sums do not settle, however many draws there are
AT_THE_END = 1e-6  # of a score: a number that a search has taken to the end of what its prior allows


@dataclass(frozen=True)
class ValuesLeftOut:
    """A record whose values are each left out in turn: of how many, what `expected` logarithm of density the others
    give to one of them in the mean, and how many have a k beyond what is trusted."""

    record: str
    values: int
    expected: float
    untrusted: int


@dataclass(frozen=True)
class DrawJudgement:
    """What importance weights say of the draws.

    `k` is the shape of the tail of the weights (0.7 and more: not to be trusted), `effective` how many equal draws they
    are worth, `spread` the standard deviation of the logarithms of the weights, `short` by how much one more step
    of a search would lower half its squared misfit, in the median, `at_the_end` the mean share of numbers at an end of
    what their priors allow, `records` what leaving out one value at a time comes to. `posterior` is the
    SHA-256 of the file of draws.
    """

    posterior: str
    made: str
    draws: int
    unknowns: int
    values: int
    k: float
    effective: float
    spread: float
    short: float
    at_the_end: float
    records: tuple[ValuesLeftOut, ...]

    @property
    def trusted(self) -> bool:
        return self.k < TRUSTED


def judge(
    likelihood: Likelihood,
    scores: np.ndarray,
    seed: int | None = None,
    posterior: str = "",
    progress: Progress | None = None,
) -> DrawJudgement:
    """Judge draws given as standard normal scores (draw, unknown), the first ones that `seed` gave.

    For each draw the slopes of everything by every unknown number are found, which takes minutes.

    Raises:
        ModuleNotFoundError: without the extra `judge`, which brings arviz-stats.
    """
    from arviz_stats.base import array_stats

    weighed = []
    for number, point in enumerate(scores):
        weighed.append(weigh(likelihood, point, None if seed is None else (seed, number)))
        if progress:
            progress(number + 1, len(scores))
    weights = np.array([each.weight for each in weighed])
    smooth, k = array_stats.psislw(weights - weights.max())
    shares = np.exp(smooth - np.max(smooth))
    return DrawJudgement(
        posterior=posterior,
        made=datetime.date.today().isoformat(),
        draws=len(scores),
        unknowns=likelihood.unknowns,
        values=len(likelihood.group),
        k=float(k),
        effective=float(shares.sum() ** 2 / (shares**2).sum()),
        spread=float(weights.std()),
        short=float(np.median([each.short for each in weighed])),
        at_the_end=float((np.abs(scores) > FARTHEST - AT_THE_END).mean()),
        records=left_out(likelihood, scores),
    )


@dataclass(frozen=True)
class Weighed:
    """Of one draw the logarithm of its weight, but for what is the same for all, and how far its search was from its
    end: by how much one more step would lower its misfit, half a square."""

    weight: float
    short: float


def weigh(likelihood: Likelihood, point: np.ndarray, seed: tuple[int, int] | None = None) -> Weighed:
    """Weigh a draw; numbers at the ends of what their priors allow are taken as given.

    `seed` is that of the draw and its number, from which its search was disturbed; without it, that is not asked.
    """
    spread = likelihood.errors[likelihood.group]
    free = np.abs(point) < FARTHEST - AT_THE_END
    steps = STEP * np.eye(len(point))[free]
    ahead, behind, here = (
        likelihood.deviations(likelihood.simulator.predictions(points)) / spread
        for points in (point + steps, point - steps, point[None])
    )
    slopes = (ahead - behind) / (2 * STEP)
    slopes = np.where(np.isfinite(slopes), slopes, 0.0)  # (unknown, value)
    residual = here[0]
    curvature = np.eye(len(slopes)) + slopes @ slopes.T
    _, volume = np.linalg.slogdet(curvature)
    posterior = -0.5 * (residual @ residual + point @ point)
    weight = posterior - 0.5 * volume + _half_step(curvature, point[free] + slopes @ residual)
    short = float("nan")
    if seed is not None:
        centre, noise = disturbances(likelihood, seed)
        short = _half_step(curvature, point[free] - centre[free] + slopes @ (residual + noise))
    return Weighed(float(weight), short)


def _half_step(curvature: np.ndarray, gradient: np.ndarray) -> float:
    """By how much a whole step down lowers what is half a square."""
    return float(0.5 * gradient @ np.linalg.solve(curvature, gradient))


def left_out(likelihood: Likelihood, scores: np.ndarray) -> tuple[ValuesLeftOut, ...]:
    """Each fitted record and effect, its values left out one at a time."""
    from arviz_stats.base import array_stats

    spread = likelihood.errors[likelihood.group]
    misfits = likelihood.deviations(likelihood.simulator.predictions(scores)) / spread  # (draw, value)
    densities = -0.5 * misfits**2 - np.log(spread) - 0.5 * np.log(2 * np.pi)
    smooth, ks = array_stats.psislw(-densities.T)  # over the draws, for each value
    expected = np.logaddexp.reduce(smooth + densities.T, axis=1) - np.logaddexp.reduce(smooth, axis=1)
    names = (
        *(record.label for record in likelihood.plan.fitted),
        *(effect.experiment.id for effect in likelihood.plan.effects),
    )
    found = []
    for number, name in enumerate(names):
        own = likelihood.group == number
        found.append(
            ValuesLeftOut(
                name, int(own.sum()), float(expected[own].mean()), int((np.asarray(ks)[own] >= TRUSTED).sum())
            )
        )
    return tuple(found)
