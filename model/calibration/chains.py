"""From the ends of searches to draws of the posterior: chains of Metropolis and Hastings that run side by side.

Each chain begins where a search has ended and takes steps of three kinds in turn, in directions set by the slopes of
all values at some of these ends: along the directions that the record informs, led by the misfit where the chain stands
(Langevin); in the others, a part of a fresh draw from the prior (Crank and Nicolson); and by a part of the difference
between two ends of searches, which leads along bent ridges. Slopes only say which steps are worth trying; a step is
taken or not by what a run there shows, so that chains come to the posterior however the model bends. How long steps are
is found in the first third and then held; that third gives no draws.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pushpull.calibration.likelihood import SampledTarget
from pushpull.calibration.sampling import STEP, Mode, SamplingProgress, ScoreDraws, sample
from pushpull.files.atomic import write_whole
from pushpull.files.disk_cache import sealed, unsealed

CHAINS = 24  # at most
FEWEST_DRAWS = 4 * CHAINS  # for which chains are worth their runs
SEARCHES = 48  # at most, from whose ends chains begin and differences are taken
SLOPED = 12  # of these ends, at which slopes are found
STEPS = 4000  # of each chain
TUNED = 1 / 3  # part of the steps in which their lengths are found
AT_ONCE = 50  # steps between two savings
INFORMED = 0.1  # precision that the record adds to that of the prior, from which on it informs a direction
QUICK = 10  # steps in which a length moves by about what is missing of the acceptance that is sought


@dataclass(frozen=True)
class Geometry:
    """Directions (unknown, direction), the most informed first, the deviation along each and the middle of the ends of
    searches there, how many of them are informed, and the mean slopes (value, unknown)."""

    directions: np.ndarray
    deviations: np.ndarray
    middle: np.ndarray
    informed: int
    slopes: np.ndarray
    ends: np.ndarray


@dataclass(frozen=True)
class ChainPlaces:
    """Where chains stand (chain, unknown), the misfits there (chain, value), and half the sum of all squares."""

    scores: np.ndarray
    misfits: np.ndarray
    energy: np.ndarray


BackOverThere = Callable[[ChainPlaces], np.ndarray]  # the logarithm of how likely the step back is over the step there
Move = Callable[[Geometry, ChainPlaces, np.random.Generator, float], tuple[np.ndarray, BackOverThere]]


def walk(
    likelihood: SampledTarget,
    mode: Mode,
    draws: int,
    seed: int,
    partial: Path | None = None,
    key: str = "",
    progress: SamplingProgress | None = None,
    steps: int = STEPS,
    most_chains: int | None = None,
    searches: int = SEARCHES,
) -> ScoreDraws:
    """Draws of the posterior: where all chains are, side by side, and again at equal distances of steps.

    With `partial`, searches are saved there and chains beside it (`chains_beside`), and an interrupted call goes on
    where it stopped; `key` marks what they belong to.
    """
    chains = chains_of(draws, most_chains)
    ends = sample(likelihood, mode, max(chains, min(draws, searches)), seed, partial, key, progress).scores
    beside, key = None if partial is None else chains_beside(partial), f"{key} {draws} {steps} {chains}"
    run = _saved(beside, key) or _begun(likelihood, ends, chains, seed, progress)
    kept = _kept(steps, -(-draws // chains))
    while run.step < steps:
        if progress:
            progress("walking", run.step, steps)
        run = _went_on(likelihood, run, min(run.step + AT_ONCE, steps), steps, kept, seed)
        if beside is not None:
            write_whole(beside, _bytes(run, key))
    if progress:
        progress("walking", steps, steps)
    return ScoreDraws(run.drawn.reshape(-1, likelihood.unknowns)[:draws], run.misfit.reshape(-1)[:draws])


def usual_steps(draws: int) -> int:
    """How many steps chains take where nobody says: none for a few draws, with which a fit is looked at."""
    return STEPS if draws >= FEWEST_DRAWS else 0


def chains_of(draws: int, most: int | None = None) -> int:
    """How many chains give so many draws."""
    return min(draws, CHAINS if most is None else most)


def chains_beside(partial: Path) -> Path:
    """Where chains are saved as they go, beside the searches that they begin from."""
    return partial.with_name(f"{partial.stem}_chains{partial.suffix}")


def _kept(steps: int, states: int) -> set[int]:
    """After which steps the places of all chains are kept: at equal distances, the last one at the end."""
    first = int(TUNED * steps)
    return {steps - number * max((steps - first) // states, 1) for number in range(states)}


@dataclass(frozen=True)
class Run:
    """Chains under way: where they are, after which step, how long each kind of step is and how many were taken of
    those tried since lengths are held, and what was kept: scores (state, chain, unknown), misfits (state, chain)."""

    geometry: Geometry
    scores: np.ndarray
    step: int
    lengths: np.ndarray
    taken: np.ndarray
    drawn: np.ndarray
    misfit: np.ndarray


def _begun(
    likelihood: SampledTarget, ends: np.ndarray, chains: int, seed: int, progress: SamplingProgress | None
) -> Run:
    shape = geometry(likelihood, ends, min(SLOPED, len(ends)), progress)
    return Run(
        shape,
        ends[:chains],
        0,
        np.array([length for _, length, _ in MOVES]),
        np.zeros((len(MOVES), 2)),
        np.empty((0, chains, likelihood.unknowns)),
        np.empty((0, chains)),
    )


def geometry(
    likelihood: SampledTarget, ends: np.ndarray, sloped: int, progress: SamplingProgress | None = None
) -> Geometry:
    """Directions from the mean curvature at the first ends of searches, so many of them."""
    unknowns = likelihood.unknowns
    curvature, slopes = np.zeros((unknowns, unknowns)), np.zeros((len(likelihood.group), unknowns))
    for number, end in enumerate(ends[:sloped]):
        if progress:
            progress("looking for directions", number, sloped)
        steps = STEP * np.eye(unknowns)
        around = places_at(likelihood, np.concatenate([end + steps, end - steps])).misfits
        own = (around[:unknowns] - around[unknowns:]).T / (2 * STEP)
        own = np.where(np.isfinite(own), own, 0.0)
        curvature, slopes = curvature + own.T @ own / sloped, slopes + own / sloped
    values, directions = np.linalg.eigh(curvature)
    values, directions = np.maximum(values[::-1], 0.0), directions[:, ::-1]
    informed = max(int((values > INFORMED).sum()), 1)
    return Geometry(directions, 1 / np.sqrt(1 + values), ends.mean(axis=0) @ directions, informed, slopes, ends)


def places_at(likelihood: SampledTarget, scores: np.ndarray) -> ChainPlaces:
    """The misfits of scores and their energy, which is endless where a run breaks."""
    misfits = likelihood.deviations(likelihood.simulator.predictions(scores)) / likelihood.errors[likelihood.group]
    energy = 0.5 * ((misfits**2).sum(axis=1) + (scores**2).sum(axis=1))
    return ChainPlaces(scores, misfits, np.where(np.isfinite(energy), energy, np.inf))


def _led(
    shape: Geometry, here: ChainPlaces, rng: np.random.Generator, length: float
) -> tuple[np.ndarray, BackOverThere]:
    informed, deviations = shape.directions[:, : shape.informed], shape.deviations[: shape.informed]

    def drift(places: ChainPlaces) -> np.ndarray:
        gradient = (places.scores + places.misfits @ shape.slopes) @ informed
        return -0.5 * length**2 * deviations * gradient

    noise = rng.standard_normal((len(here.scores), shape.informed))
    step = drift(here) + length * noise

    def way(there: ChainPlaces) -> np.ndarray:
        back = (-step - drift(there)) / length
        return 0.5 * (noise**2).sum(axis=1) - 0.5 * (back**2).sum(axis=1)

    return here.scores + (deviations * step) @ informed.T, way


def _fresh(
    shape: Geometry, here: ChainPlaces, rng: np.random.Generator, length: float
) -> tuple[np.ndarray, BackOverThere]:
    others, deviations = shape.directions[:, shape.informed :], shape.deviations[shape.informed :]
    middle, part = shape.middle[shape.informed :], min(length, 1.0)
    before = (here.scores @ others - middle) / deviations
    after = np.sqrt(1 - part**2) * before + part * rng.standard_normal(before.shape)

    def way(there: ChainPlaces) -> np.ndarray:
        return 0.5 * (after**2).sum(axis=1) - 0.5 * (before**2).sum(axis=1)

    return here.scores + (deviations * (after - before)) @ others.T, way


def _across(
    shape: Geometry, here: ChainPlaces, rng: np.random.Generator, length: float
) -> tuple[np.ndarray, BackOverThere]:
    leading, ends = shape.directions[:, : rng.integers(shape.informed) + 1], shape.ends
    first, second = rng.integers(len(ends), size=(2, len(here.scores)))
    parts = length * np.exp(0.5 * rng.standard_normal(len(first)))
    steps = parts[:, None] * ((ends[first] - ends[second]) @ leading) @ leading.T
    return here.scores + steps, lambda there: np.zeros(len(first))


# What is done in turn, how long a step is at first, and what share of steps should be taken.
MOVES: tuple[tuple[Move, float, float], ...] = (
    (_led, 0.3, 0.5),
    (_fresh, 0.5, 0.35),
    (_across, 0.15, 0.25),
)
TURNS = (0, 2, 1, 2)


def _went_on(likelihood: SampledTarget, run: Run, until: int, steps: int, kept: set[int], seed: int) -> Run:
    """The chains some steps on; what is random in them hangs on the seed and the first of these steps alone."""
    rng = np.random.default_rng([seed, run.step, 1])
    here = places_at(likelihood, run.scores)
    lengths, taken = run.lengths.copy(), run.taken.copy()
    drawn, misfit = [], []
    for step in range(run.step, until):
        kind = TURNS[step % len(TURNS)]
        move, _, sought = MOVES[kind]
        scores, way = move(run.geometry, here, rng, lengths[kind])
        there = places_at(likelihood, scores)
        with np.errstate(invalid="ignore"):
            gain = here.energy - there.energy + way(there)
        goes = np.log(rng.random(len(gain))) < np.where(np.isfinite(gain), gain, -np.inf)
        here = ChainPlaces(*(_chosen(goes, *pair) for pair in zip(_parts(there), _parts(here), strict=True)))
        if step < TUNED * steps:
            lengths[kind] *= np.exp((goes.mean() - sought) / QUICK)
        else:
            taken[kind] += goes.sum(), len(goes)
        if step + 1 in kept:
            drawn.append(here.scores)
            misfit.append(0.5 * (here.misfits**2).sum(axis=1))
    return replace(
        run,
        scores=here.scores,
        step=until,
        lengths=lengths,
        taken=taken,
        drawn=np.concatenate([run.drawn, np.reshape(drawn, (-1, *here.scores.shape))]),
        misfit=np.concatenate([run.misfit, np.reshape(misfit, (-1, len(here.scores)))]),
    )


def _parts(places: ChainPlaces) -> tuple[np.ndarray, ...]:
    return places.scores, places.misfits, places.energy


def _chosen(goes: np.ndarray, there: np.ndarray, here: np.ndarray) -> np.ndarray:
    return np.where(goes.reshape(-1, *[1] * (here.ndim - 1)), there, here)


def _bytes(run: Run, key: str) -> bytes:
    file = io.BytesIO()
    shape = {f"shape_{name}": value for name, value in vars(run.geometry).items()}
    own = {name: value for name, value in vars(run).items() if name != "geometry"}
    np.savez(file, allow_pickle=False, **own, **shape)
    return sealed(key, file.getvalue())


def _saved(partial: Path | None, key: str) -> Run | None:
    """The chains that were saved under this key; None where the file is another's, damaged or not there."""
    content = unsealed(key, partial.read_bytes()) if partial is not None and partial.is_file() else None
    if content is None:
        return None
    with np.load(io.BytesIO(content), allow_pickle=False) as saved:
        found = {name: saved[name] for name in saved.files}
    shape = {name.removeprefix("shape_"): found.pop(name) for name in list(found) if name.startswith("shape_")}
    shape["informed"], found["step"] = int(shape["informed"]), int(found["step"])
    return Run(Geometry(**shape), **found)
