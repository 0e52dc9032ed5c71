"""The posterior of a few unknowns by another way: nested sampling, which knows no chains, no slopes and no searches."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from pushpull.calibration.chains import CHAINS, places_at, walk
from pushpull.calibration.judging_chains import of_each
from pushpull.calibration.likelihood import SampledTarget
from pushpull.calibration.sampling import SamplingProgress, find_mode

LIVE = 250  # points
LEFT = 0.1  # of the logarithm of the evidence, which may lie in what is not sampled yet
TOGETHER = 8  # runs
RESAMPLED = 100  # times, for what chance does to means and spreads
DRAWS = 20 * CHAINS
STEPS = 800
MEANS_APART = 0.15  # of a standard deviation, at most
SPREADS_APART = 0.15  # of it, at most


@dataclass(frozen=True)
class Moments:
    """Means and standard deviations (unknown,) and what chance makes of each, as standard deviations."""

    mean: np.ndarray
    spread: np.ndarray
    mean_error: np.ndarray
    spread_error: np.ndarray


@dataclass(frozen=True)
class UnknownBesideNested:
    """An unknown by chains and by nested sampling, in prior standard deviations; errors are those of chance."""

    name: str
    chains: tuple[float, float]
    chains_error: tuple[float, float]
    nested: tuple[float, float]
    nested_error: tuple[float, float]

    @property
    def means_apart(self) -> float:
        """How far the means lie apart, in standard deviations by nested sampling."""
        return abs(self.chains[0] - self.nested[0]) / self.nested[1]

    @property
    def spreads_apart(self) -> float:
        """By what part of the spread by nested sampling the two spreads differ."""
        return abs(self.chains[1] / self.nested[1] - 1)

    @property
    def agrees(self) -> bool:
        """Whether both lie within what is asked for."""
        return self.means_apart <= MEANS_APART and self.spreads_apart <= SPREADS_APART


def beside_nested(
    target: SampledTarget, names: tuple[str, ...], seed: int = 1, progress: SamplingProgress | None = None
) -> tuple[tuple[UnknownBesideNested, ...], int]:
    """Each unknown by chains and by nested sampling, and how many runs the latter took.

    Raises:
        ModuleNotFoundError: without the extra `judge`, which brings dynesty and arviz-stats.
    """
    by_chains = chain_moments(target, seed, progress)
    by_nested, runs = nested_moments(target, seed, progress=progress)
    rows = []
    for number, name in enumerate(names):
        pairs = [
            (float(first[number]), float(second[number]))
            for each in (by_chains, by_nested)
            for first, second in ((each.mean, each.spread), (each.mean_error, each.spread_error))
        ]
        rows.append(UnknownBesideNested(name, *pairs))
    return tuple(rows), runs


def chain_moments(
    target: SampledTarget, seed: int, progress: SamplingProgress | None = None, draws: int = DRAWS, steps: int = STEPS
) -> Moments:
    """What chains of the sampler say."""
    scores = walk(target, find_mode(target), draws, seed, progress=progress, steps=steps).scores
    by_chain = scores.reshape(-1, CHAINS, target.unknowns).transpose(1, 0, 2)
    errors = [of_each(by_chain, "mcse", {"method": method}) for method in ("mean", "sd")]
    return Moments(scores.mean(axis=0), scores.std(axis=0), *errors)


def nested_moments(
    target: SampledTarget, seed: int, live: int = LIVE, progress: SamplingProgress | None = None
) -> tuple[Moments, int]:
    """What nested sampling says, and how many runs it took."""
    import dynesty
    from dynesty.utils import resample_run
    from scipy.special import ndtri

    def log_likelihoods(scores: np.ndarray) -> np.ndarray:
        return 0.5 * (scores**2).sum(axis=1) - places_at(target, scores).energy

    rng = np.random.default_rng([seed, 5])
    together = RunTogether(log_likelihoods)

    def tell(results: Any, iteration: int, calls: int, **rest: Any) -> None:
        if progress and iteration % live == 0:
            left = live * target.unknowns * np.log1p(np.nan_to_num(results.delta_logz, posinf=1.0)) / 2
            progress("nested sampling", iteration, iteration + int(left) + 1)

    sampler = dynesty.NestedSampler(
        together, ndtri, target.unknowns, nlive=live, rstate=rng, pool=together, queue_size=TOGETHER
    )
    sampler.run_nested(dlogz=LEFT, print_progress=progress is not None, print_func=tell)
    found = sampler.results
    drawn = np.array([_moments(resample_run(found, rstate=rng)) for _ in range(RESAMPLED)])
    return Moments(*_moments(found), *drawn.std(axis=0)), int(np.sum(found.ncall))


def _moments(found: Any) -> tuple[np.ndarray, np.ndarray]:
    shares = found.importance_weights()
    mean = shares @ found.samples
    return mean, np.sqrt(shares @ (found.samples - mean) ** 2)


class RunTogether:
    """A pool of threads, and a function of one point whose calls from these threads are worked out together."""

    def __init__(self, work: Callable[[np.ndarray], np.ndarray]):
        self.work, self.lock = work, threading.Lock()
        self.busy, self.waiting = 0, list[tuple[np.ndarray, Future]]()

    def __call__(self, point: np.ndarray) -> float:
        """The function at a point, once every thread that is busy waits for it."""
        if not self.busy:
            return float(self.work(point[None])[0])
        answer: Future = Future()
        with self.lock:
            self.waiting.append((point, answer))
        self._work_where_all_wait()
        return answer.result()

    def map(self, function: Callable, items: Iterable) -> list:
        """The function of each item, in order."""

        def one(item: Any) -> Any:
            try:
                return function(item)
            finally:
                with self.lock:
                    self.busy -= 1
                self._work_where_all_wait()

        found: list = []
        items = list(items)
        with ThreadPoolExecutor(TOGETHER) as pool:
            for first in range(0, len(items), TOGETHER):
                some = items[first : first + TOGETHER]
                self.busy = len(some)
                found.extend(pool.map(one, some))
        return found

    def _work_where_all_wait(self) -> None:
        with self.lock:
            due = self.waiting if self.waiting and len(self.waiting) == self.busy else []
            self.waiting = [] if due else self.waiting
        if not due:
            return
        try:
            values = self.work(np.stack([point for point, _ in due]))
        except BaseException as fault:
            for _, answer in due:
                answer.set_exception(fault)
            return
        for (_, answer), value in zip(due, values, strict=True):
            answer.set_result(float(value))
