"""From a plan to draws: the most likely numbers, then one search for each draw.

A draw is a randomised maximum of likelihood: the most likely numbers for a record disturbed by its own errors and a
prior disturbed by its own spread. For a model that is linear in its numbers such draws come from the posterior
exactly; for ours, bent as it is, they do so nearly. Each draw meets the record about as closely as its errors allow.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pushpull.calibration.likelihood import SampledTarget
from pushpull.ensemble import processors
from pushpull.files.atomic import write_whole
from pushpull.files.disk_cache import sealed, unsealed

STEP = 0.05  # of a standard normal score, for slopes
STEPS = 40  # of a search, at most
CLIMBS = 8  # fresh slopes on the way to the mode, at most
FARTHEST = 3.0  # prior standard deviations: no search leaves what a prior allows at all
NEARER = 0.8  # part of the way from the middle of the priors to where a search ended, at which another begins
LENIENT = 3.0  # times its error that a value may be off at first, so that a search is not led to the ends of priors
ENOUGH = 1e-3  # part of the misfit that a step must gain

SamplingProgress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Mode:
    """The most likely coordinates, the square root of the covariance of the density there, and the slopes of all
    values (value, unknown) there, in units of their errors."""

    point: np.ndarray
    root: np.ndarray
    slopes: np.ndarray
    misfit: float


@dataclass(frozen=True)
class ScoreDraws:
    """Scores (draw, unknown) and, for each draw, half the squared misfit to the record as it stands."""

    scores: np.ndarray
    misfit: np.ndarray


def find_mode(
    likelihood: SampledTarget,
    progress: SamplingProgress | None = None,
    start: np.ndarray | None = None,
    from_plan: bool = True,
) -> Mode:
    """The most likely coordinates: the closer of two searches, from where the plan says and from `start`, or if none
    is given from where the first one ended, drawn nearer to the middle of the priors. There may be other summits.

    Without `from_plan`, from `start` alone. Raises ArithmeticError where no search can begin.
    """
    spread = likelihood.errors[likelihood.group]
    if progress:
        progress("looking for the most likely numbers", 0, 1)
    ends = []
    if (from_plan or start is None) and _is_finite(likelihood, likelihood.start, spread):
        point, _ = _climb(likelihood, likelihood.start, LENIENT * spread)
        ends.append(_climb(likelihood, point, spread))
    again = start if start is not None else NEARER * ends[0][0] if ends else None
    if again is not None and _is_finite(likelihood, again, spread):
        ends.append(_climb(likelihood, again, spread))
    if not ends:
        raise ArithmeticError("the numbers that the search starts from give no finite run")
    point, cost = min(ends, key=lambda end: end[1])
    slopes = _slopes(likelihood, point, spread)
    values, vectors = np.linalg.eigh(slopes.T @ slopes)
    root = vectors / np.sqrt(1 + np.maximum(values, 0))
    return Mode(point, root, slopes, cost)


def _is_finite(likelihood: SampledTarget, point: np.ndarray, spread: np.ndarray) -> bool:
    return bool(np.all(np.isfinite(_misfit(likelihood, point[None], spread))))


def _climb(likelihood: SampledTarget, point: np.ndarray, spread: np.ndarray) -> tuple[np.ndarray, float]:
    """Search from a point, with fresh slopes whenever the corrected ones lead no further."""
    cost = np.inf
    for _ in range(CLIMBS):
        before, slopes = cost, _slopes(likelihood, point, spread)
        point, cost = _descend(likelihood, point, np.zeros(len(point)), np.zeros(len(spread)), slopes, spread)
        if before - cost < 5 * ENOUGH * cost:
            break
    return point, cost


def _misfit(likelihood: SampledTarget, points: np.ndarray, spread: np.ndarray) -> np.ndarray:
    return likelihood.deviations(likelihood.simulator.predictions(points)) / spread


def _cost(residual: np.ndarray, point: np.ndarray) -> float:
    return 0.5 * float(residual @ residual + point @ point)


def _slopes(likelihood: SampledTarget, point: np.ndarray, spread: np.ndarray) -> np.ndarray:
    ahead = _misfit(likelihood, point + STEP * np.eye(len(point)), spread)
    behind = _misfit(likelihood, point - STEP * np.eye(len(point)), spread)
    slopes = (ahead - behind) / (2 * STEP)
    return np.where(np.isfinite(slopes), slopes, 0.0).T


def sample(
    likelihood: SampledTarget,
    mode: Mode,
    draws: int,
    seed: int,
    partial: Path | None = None,
    key: str = "",
    progress: SamplingProgress | None = None,
) -> ScoreDraws:
    """Search for every draw; with `partial`, save as they come and go on where an interrupted call stopped.

    `key` marks what the partial file belongs to: with another key, or where it is damaged, it is begun anew. Every
    draw has a seed of its own, so that it does not depend on the draws before it.
    """
    drawn = _read_partial(partial, key, likelihood.unknowns)
    spread = likelihood.errors[likelihood.group]
    at_once = processors()
    with ThreadPoolExecutor(at_once) as pool:
        while len(drawn) < draws:
            if progress:
                progress("drawing", len(drawn), draws)
            numbers = range(len(drawn), min(len(drawn) + at_once, draws))
            drawn.extend(pool.map(lambda number: _draw(likelihood, mode, [seed, number], spread), numbers))
            if partial is not None:
                write_whole(partial, _saved(key, drawn))
    if progress:
        progress("drawing", draws, draws)
    scores = np.stack(drawn[:draws])
    return ScoreDraws(scores, 0.5 * (_misfit(likelihood, scores, spread) ** 2).sum(axis=1))


def disturbances(likelihood: SampledTarget, seed: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """Where the priors of a draw have their middle, shape (unknown,), and by how many of its errors each value of its
    record is off, shape (value,); `seed` is that of the fit, and the number of the draw."""
    rng = np.random.default_rng(list(seed))
    return rng.standard_normal(likelihood.unknowns), rng.standard_normal(len(likelihood.group))


def _draw(likelihood: SampledTarget, mode: Mode, seed: list[int], spread: np.ndarray) -> np.ndarray:
    centre, noise = disturbances(likelihood, seed)
    # Where a model linear in its numbers would have its draw; a search mends what bends.
    point = mode.point + mode.root @ (mode.root.T @ (centre - mode.slopes.T @ noise))
    point = np.clip(point, -FARTHEST, FARTHEST)
    if not np.all(np.isfinite(_misfit(likelihood, point[None], spread))):
        point = mode.point.copy()
    return _descend(likelihood, point, centre, noise, mode.slopes, spread)[0]


def _descend(
    likelihood: SampledTarget,
    point: np.ndarray,
    centre: np.ndarray,
    noise: np.ndarray,
    slopes: np.ndarray,
    spread: np.ndarray,
) -> tuple[np.ndarray, float]:
    """Levenberg-Marquardt from a point, with slopes that are corrected after each step by what it showed (Broyden)."""

    def residual_at(point: np.ndarray) -> np.ndarray:
        return _misfit(likelihood, point[None], spread)[0] + noise

    residual = residual_at(point)
    slopes, cost, damping, idle = slopes.copy(), _cost(residual, point - centre), 0.1, 0
    for _ in range(STEPS):
        curvature = slopes.T @ slopes + (1 + damping) * np.eye(len(point))
        step = -np.linalg.solve(curvature, slopes.T @ residual + point - centre)
        step = np.clip(point + step, -FARTHEST, FARTHEST) - point
        if not step.any():
            break
        ahead = residual_at(point + step)
        if not np.all(np.isfinite(ahead)):
            damping *= 10
            continue
        slopes += np.outer(ahead - residual - slopes @ step, step) / (step @ step)
        gain = cost - _cost(ahead, point + step - centre)
        if gain > 0:
            point, residual, cost, damping = point + step, ahead, cost - gain, max(damping / 3, 1e-3)
        else:
            damping *= 4
        idle = 0 if gain > ENOUGH * cost else idle + 1
        if idle == 4:
            break
    return point, cost


def _saved(key: str, drawn: list[np.ndarray]) -> bytes:
    file = io.BytesIO()
    np.save(file, np.stack(drawn), allow_pickle=False)
    return sealed(key, file.getvalue())


def _read_partial(partial: Path | None, key: str, unknowns: int) -> list[np.ndarray]:
    """The draws that were saved under this key; none where the file is another's, damaged or not there."""
    if partial is None or not partial.is_file():
        return []
    content = unsealed(key, partial.read_bytes())
    return [] if content is None else list(np.load(io.BytesIO(content), allow_pickle=False).reshape(-1, unknowns))
