"""From a density to draws: the most likely place, the shape of the density there, and Markov chains around it.

The chains are emcee's Metropolis-Hastings with a preconditioned Crank-Nicolson proposal (Cotter and others 2013;
Rudolf and Sprungk 2018 for the shifted and scaled form). Its rate of acceptance does not fall with the number of
unknowns, some two hundred here, of which the record informs few directions.
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
CHUNK = 25  # steps of the chains between two saves
STRIDES = (0.9, 0.65, 0.45, 0.3, 0.2, 0.12)
FARTHER, LONGEST = 2.5, 0.9  # strides along what the record hardly touches, against those along what it informs
WANTED_ACCEPTANCE = 0.23
LEAST_INFORMATION = 0.05  # curvature along a direction, against the prior's, from which the record informs it
SETTLING_STEPS = 0.3  # share of the steps in which the stride still adapts; they are put aside afterwards

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Summit:
    """The most likely coordinates, and the square root of the covariance of the density there."""

    place: np.ndarray
    root: np.ndarray
    misfit: float


@dataclass(frozen=True)
class Chains:
    """States (step, chain, dimension) as distances from the summit, in units of its spread."""

    states: np.ndarray
    log_density: np.ndarray
    accepted: float
    stride: float


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
    chains: int,
    steps: int,
    seed: int,
    partial: Path | None = None,
    key: str = "",
    progress: Progress | None = None,
    start: np.ndarray | None = None,
) -> Chains:
    """Run Markov chains from around the summit; with `partial`, save as they go and go on where they stopped.

    `start` holds coordinates (chain, dimension) to start from instead; `key` marks what the partial file belongs to:
    a file with another key is put aside and begun anew.
    """
    import emcee

    informed = target.unknowns

    def density(states: np.ndarray) -> np.ndarray:
        return target.log_density(coordinates_of(states, summit, informed))

    resumed = _read_partial(partial, key, chains, target.dimensions)
    if resumed is None:
        rng = np.random.RandomState(seed)
        state = rng.standard_normal((chains, target.dimensions)) * 0.5 if start is None else states_of(start, summit)
        stride, log_density, state = _find_stride(density, state, rng)
        history, logs, accepted = [], [], 0
    else:
        stride, log_density, state, history, logs, accepted, rng = resumed

    led = np.append(np.linalg.norm(summit.root, axis=0) < 1 / np.sqrt(1 + LEAST_INFORMATION),
                    np.zeros(target.dimensions - informed, dtype=bool))  # fmt: skip

    def propose(states: np.ndarray, random) -> tuple[np.ndarray, np.ndarray]:
        """A step along what the record informs, or a longer one along what it hardly touches."""
        along, far = (led, stride) if random.uniform() < 0.5 else (~led, min(LONGEST, FARTHER * stride))
        moved = states.copy()
        noise = random.standard_normal((len(states), along.sum()))
        moved[:, along] = np.sqrt(1 - far**2) * states[:, along] + far * noise
        return moved, 0.5 * ((moved**2).sum(axis=1) - (states**2).sum(axis=1))

    sampler = emcee.EnsembleSampler(
        chains, target.dimensions, density, moves=emcee.moves.MHMove(propose), vectorize=True
    )
    current = emcee.State(state, log_prob=log_density, random_state=rng.get_state())
    done = len(history) * CHUNK
    counted = sum(CHUNK for chunk in range(len(history)) if chunk * CHUNK >= SETTLING_STEPS * steps)
    while done < steps:
        if progress:
            progress("sampling", done, steps)
        current = sampler.run_mcmc(current, CHUNK, skip_initial_state_check=True)
        history.append(sampler.get_chain().astype(np.float32))
        logs.append(sampler.get_log_prob())
        taken = int(sampler.backend.accepted.sum())
        if done < SETTLING_STEPS * steps:
            stride *= 0.87 if taken < WANTED_ACCEPTANCE * CHUNK * chains else 1.1 if stride < 0.85 else 1.0
        else:
            accepted += taken
            counted += CHUNK
        sampler.reset()
        done += CHUNK
        if partial is not None:
            _write_partial(partial, key, stride, current, history, logs, accepted)
    if progress:
        progress("sampling", steps, steps)
    return Chains(np.concatenate(history), np.concatenate(logs), accepted / max(counted * chains, 1), stride)


def coordinates_of(states: np.ndarray, summit: Summit, informed: int) -> np.ndarray:
    """Standard normal scores of chain states: the unknowns around the summit, the errors' scores as they are."""
    return np.concatenate([summit.place + states[..., :informed] @ summit.root.T, states[..., informed:]], axis=-1)


def states_of(coordinates: np.ndarray, summit: Summit) -> np.ndarray:
    """The chain states of coordinates: the inverse of `coordinates_of`."""
    informed = len(summit.place)
    states = np.linalg.solve(summit.root, (coordinates[..., :informed] - summit.place).T).T
    return np.concatenate([states, coordinates[..., informed:]], axis=-1)


def reshape(summit: Summit, chains: Chains, dimensions: int) -> Summit:
    """The summit moved and reshaped to what settled chains show, in the directions that the record informs.

    The curvature at the mode says which directions these are; how far the density reaches along them, bent as it is,
    the second half of the chains tells better.
    """
    states = chains.states[len(chains.states) // 2 :].reshape(-1, dimensions)[:, : len(summit.place)].astype(float)
    informed = np.linalg.norm(summit.root, axis=0) < 1 / np.sqrt(1 + LEAST_INFORMATION)
    moved = np.where(informed, states.mean(axis=0), 0.0)
    spread = np.eye(len(summit.place))
    some = np.ix_(informed, informed)
    spread[some] = np.linalg.cholesky(np.atleast_2d(np.cov(states[:, informed].T)) + 0.05 * np.eye(informed.sum()))
    return Summit(summit.place + summit.root @ moved, summit.root @ spread, summit.misfit)


def _find_stride(density: Callable, state: np.ndarray, rng: np.random.RandomState):
    """The longest stride that is accepted often enough, tried for a few steps each; the states move on meanwhile."""
    log_density = density(state)
    for stride in STRIDES:
        kept, tries = 0, 12
        for _ in range(tries):
            moved = np.sqrt(1 - stride**2) * state + stride * rng.standard_normal(state.shape)
            ahead = density(moved)
            factor = 0.5 * ((moved**2).sum(axis=1) - (state**2).sum(axis=1))
            taken = np.log(rng.uniform(size=len(state))) < ahead - log_density + factor
            state, log_density = np.where(taken[:, None], moved, state), np.where(taken, ahead, log_density)
            kept += int(taken.sum())
        if kept >= WANTED_ACCEPTANCE * tries * len(state):
            break
    return stride, log_density, state


def _write_partial(partial: Path, key: str, stride, current, history, logs, accepted) -> None:
    name, keys, place, has_gauss, gauss = current.random_state
    content = {
        "key": np.array(key),
        "stride": stride,
        "state": current.coords,
        "log_density": current.log_prob,
        "history": np.stack(history),
        "logs": np.stack(logs),
        "accepted": accepted,
        "keys": keys,
        "generator": np.array([place, has_gauss]),
        "gauss": gauss,
    }
    write_whole(partial, lambda path: _save_npz(path, content))


def _save_npz(path: Path, content: dict) -> None:
    with path.open("wb") as file:
        np.savez(file, **content)


def _read_partial(partial: Path | None, key: str, chains: int, dimensions: int):
    if partial is None or not partial.exists():
        return None
    with np.load(partial, allow_pickle=False) as content:
        if str(content["key"]) != key or content["state"].shape != (chains, dimensions):
            return None
        rng = np.random.RandomState()
        place, has_gauss = (int(number) for number in content["generator"])
        rng.set_state(("MT19937", content["keys"], place, has_gauss, float(content["gauss"])))
        return (
            float(content["stride"]),
            content["log_density"],
            content["state"],
            list(content["history"]),
            list(content["logs"]),
            int(content["accepted"]),
            rng,
        )
