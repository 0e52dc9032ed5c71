"""From a plan to draws: the most likely numbers, then one search for each draw.

A draw is a randomised maximum of likelihood: the most likely numbers for a record disturbed by its own errors and a
prior disturbed by its own spread. For a model that is linear in its numbers such draws come from the posterior
exactly; for ours, bent as it is, they do so nearly. Each draw meets the record about as closely as its errors allow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .likelihood import Target
from .writing import write_whole

STEP = 0.05  # of a standard normal score, for slopes
SEARCH_STEPS = 30
DRAW_STEPS = 6
TRIES = 6  # dampings tried before a search gives up

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Summit:
    """The most likely coordinates, and the square root of the covariance of the density there."""

    place: np.ndarray
    root: np.ndarray
    misfit: float


@dataclass(frozen=True)
class Draws:
    """Scores (draw, unknown) and, for each draw, half the squared misfit to the record as it stands."""

    scores: np.ndarray
    misfit: np.ndarray


def find_summit(target: Target, progress: Progress | None = None, start: np.ndarray | None = None) -> Summit:
    """Levenberg-Marquardt on the misfit and the prior together; slopes by differences, all runs at once."""
    place = np.zeros(target.unknowns) if start is None else start.copy()
    spread = target.errors[target.group]
    residual = _misfit(target, place[None], spread)[0]
    if not np.all(np.isfinite(residual)):
        raise ArithmeticError("the corridor's own numbers give no finite run to start the fit from")
    cost, damping = _cost(residual, place), 1.0
    slopes = np.zeros((len(residual), len(place)))
    for number in range(SEARCH_STEPS):
        if progress:
            progress("looking for the most likely numbers", number, SEARCH_STEPS)
        slopes = _slopes(target, place, residual, spread)
        moved = False
        for _ in range(8):
            gradient = slopes.T @ residual + place
            curvature = slopes.T @ slopes + (1 + damping) * np.eye(len(place))
            trial = place - np.linalg.solve(curvature, gradient)
            shown = _misfit(target, trial[None], spread)[0]
            if np.all(np.isfinite(shown)) and _cost(shown, trial) < cost:
                gain = cost - _cost(shown, trial)
                place, residual, cost = trial, shown, _cost(shown, trial)
                damping, moved = max(damping / 3, 1e-3), True
                break
            damping *= 4
        if not moved or gain < 1e-3 * max(cost, 1.0):
            break
    slopes = _slopes(target, place, residual, spread)
    values, vectors = np.linalg.eigh(slopes.T @ slopes)
    root = vectors / np.sqrt(1 + np.maximum(values, 0))
    return Summit(place, root, cost)


def _misfit(target: Target, places: np.ndarray, spread: np.ndarray) -> np.ndarray:
    return target.deviations(target.simulator.predictions(places)) / spread


def _cost(residual: np.ndarray, place: np.ndarray) -> float:
    return 0.5 * float(residual @ residual + place @ place)


def _slopes(target: Target, place: np.ndarray, residual: np.ndarray, spread: np.ndarray) -> np.ndarray:
    ahead = _misfit(target, place + STEP * np.eye(len(place)), spread)
    behind = _misfit(target, place - STEP * np.eye(len(place)), spread)
    slopes = (ahead - behind) / (2 * STEP)
    return np.where(np.isfinite(slopes), slopes, 0.0).T


def sample(
    target: Target,
    summit: Summit,
    draws: int,
    seed: int,
    partial: Path | None = None,
    key: str = "",
    progress: Progress | None = None,
) -> Draws:
    """Search for every draw; with `partial`, save as they come and go on where an interrupted call stopped.

    `key` marks what the partial file belongs to: a file with another key is put aside and begun anew. Every draw has
    a seed of its own, so that it does not depend on the draws before it.
    """
    found = _read_partial(partial, key, target.unknowns)
    spread = target.errors[target.group]
    while len(found) < draws:
        if progress:
            progress("drawing", len(found), draws)
        found.append(_draw(target, summit, np.random.default_rng([seed, len(found)]), spread))
        if partial is not None:
            write_whole(partial, lambda path: _save(path, key, found))
    if progress:
        progress("drawing", draws, draws)
    scores = np.stack(found[:draws])
    return Draws(scores, 0.5 * (_misfit(target, scores, spread) ** 2).sum(axis=1))


def _draw(target: Target, summit: Summit, rng: np.random.Generator, spread: np.ndarray) -> np.ndarray:
    centre = rng.standard_normal(target.unknowns)
    noise = rng.standard_normal(len(spread))
    place = summit.place + summit.root @ rng.standard_normal(target.unknowns)

    def residual_at(places: np.ndarray) -> np.ndarray:
        return _misfit(target, places, spread) + noise

    residual = residual_at(place[None])[0]
    if not np.all(np.isfinite(residual)):
        place = summit.place.copy()
        residual = residual_at(place[None])[0]
    cost, damping = _cost(residual, place - centre), 0.1
    for _ in range(DRAW_STEPS):
        shown = residual_at(place + STEP * np.eye(len(place)))
        slopes = np.where(np.isfinite(shown), (shown - residual) / STEP, 0.0).T
        gradient, curvature = slopes.T @ residual + place - centre, slopes.T @ slopes + np.eye(len(place))
        for _ in range(TRIES):
            trial = place - np.linalg.solve(curvature + damping * np.eye(len(place)), gradient)
            ahead = residual_at(trial[None])[0]
            if np.all(np.isfinite(ahead)) and _cost(ahead, trial - centre) < cost:
                place, residual, cost = trial, ahead, _cost(ahead, trial - centre)
                damping = max(damping / 4, 1e-3)
                break
            damping *= 4
        else:
            break
    return place


def _save(path: Path, key: str, found: list[np.ndarray]) -> None:
    with path.open("wb") as file:
        np.savez(file, key=np.array(key), scores=np.stack(found))


def _read_partial(partial: Path | None, key: str, unknowns: int) -> list[np.ndarray]:
    if partial is None or not partial.exists():
        return []
    with np.load(partial, allow_pickle=False) as content:
        same = str(content["key"]) == key and content["scores"].shape[1] == unknowns
        return list(content["scores"]) if same else []
