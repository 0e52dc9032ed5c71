"""Whether the sampler draws what it says: true numbers among the draws that it makes for records of the model's own.

Numbers drawn from the priors make a record, errors as the likelihood states them are added, and the sampler is asked
for the numbers. Where its draws are those of the posterior, a true number has every rank among them equally often
(Talts and others 2018, simulation-based calibration). Too many at the ends: ranges too narrow; in the middle: too wide;
on one side: off to the other.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pushpull.calibration.chains import walk
from pushpull.calibration.few_unknowns import FewUnknowns
from pushpull.calibration.sampling import find_mode
from pushpull.ensemble import Progress
from pushpull.files.atomic import write_whole
from pushpull.files.disk_cache import sealed, unsealed

RECORDS = 100
CHAINS = 4
STEPS = 400
DRAWS = 40  # of each record, far apart in the chains
SEARCHES = 8
MOST_REDRAWN = 100  # draws from the priors, one after another, whose runs break
BAND = 0.95  # chance that right draws of every unknown stay within their envelopes
SIMULATIONS = 2000  # of an envelope
RANGE = 0.9
SEED_OF_TIES = 3


@dataclass(frozen=True)
class RanksInRecords:
    """Ranks of true numbers (record, unknown), from none of `draws` below to all, and how many draws from the priors
    were drawn again because their runs break: the likelihood is zero there, so that they are not of the prior."""

    ranks: np.ndarray
    draws: int
    redrawn: int


def rank_in_records(
    target: FewUnknowns,
    records: int = RECORDS,
    seed: int = 1,
    partial: Path | None = None,
    key: str = "",
    progress: Progress | None = None,
    draws: int = DRAWS,
    steps: int = STEPS,
    chains: int = CHAINS,
) -> RanksInRecords:
    """Make records and rank the numbers that made them; with `partial`, each is saved as it comes, and an interrupted
    call goes on where it stopped. `key` marks what the partial file belongs to.

    Raises ArithmeticError where runs of the prior break over and over.
    """
    key = f"{key} {seed} {draws} {steps} {chains}"
    rows = _saved(partial, key, target.unknowns)
    while len(rows) < records:
        if progress:
            progress(len(rows), records)
        rows.append(_ranked(target, [seed, len(rows)], draws, steps, chains))
        if partial is not None:
            write_whole(partial, _bytes(key, rows))
    if progress:
        progress(records, records)
    table = np.array(rows[:records])
    return RanksInRecords(table[:, :-1], draws, int(table[:, -1].sum()))


def _ranked(target: FewUnknowns, seed: list[int], draws: int, steps: int, chains: int) -> np.ndarray:
    """The ranks of one record, shape (unknown,), and how many draws from the priors it took more than one."""
    rng = np.random.default_rng([*seed, 4])
    truth, shown, redrawn = _drawn_from_priors(target, rng)
    made = target.held_against(shown + target.errors[target.group] * rng.standard_normal(len(shown)))
    mode = find_mode(made)
    drawn = walk(made, mode, draws, _number(seed), steps=steps, most_chains=chains, searches=SEARCHES)
    return np.append((drawn.scores < truth).sum(axis=0), redrawn)


def _drawn_from_priors(target: FewUnknowns, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, int]:
    """Scores whose run is whole, the values that it shows, and how many were drawn before whose runs break."""
    for number in range(MOST_REDRAWN):
        truth = rng.standard_normal(target.unknowns)
        shown = target.values(target.predictions(truth[None]))[0]
        if np.all(np.isfinite(shown)):
            return truth, shown, number
    raise ArithmeticError(f"{MOST_REDRAWN} draws from the priors, one after another, break their runs")


def _number(seed: list[int]) -> int:
    return int(np.random.SeedSequence(seed).generate_state(1)[0])


@dataclass(frozen=True)
class UnknownInRecords:
    """An unknown over all records: its ranks, how many of 90 percent ranges hold the true number, whether its ranks
    leave the envelope that right draws keep, the mean place among the draws (right: 0.5) and the chance of ranks as
    uneven as these over fifths (chi-square)."""

    name: str
    ranks: tuple[int, ...]
    held: float
    outside: bool
    place: float
    chance: float


def judged_ranks(found: RanksInRecords, names: tuple[str, ...]) -> tuple[UnknownInRecords, ...]:
    """What ranks say of each unknown: envelopes for distribution functions as Säilynoja and others (2022) draw them,
    so wide that right draws of all unknowns stay within theirs in 19 of 20 judgements.

    Raises:
        ModuleNotFoundError: without the extra `judge`, which brings arviz-stats and arviz-base.
    """
    from arviz_stats.ecdf_utils import ecdf_pit
    from scipy.stats import chisquare

    rng = np.random.default_rng(SEED_OF_TIES)
    places = (found.ranks + rng.random(found.ranks.shape)) / (found.draws + 1)
    level = 1 - (1 - BAND) / len(names)
    judged = []
    for column, name in enumerate(names):
        own = places[:, column]
        _, reached, low, high = ecdf_pit(own, level, SIMULATIONS)
        fifths = np.bincount(np.minimum((5 * own).astype(int), 4), minlength=5)
        judged.append(
            UnknownInRecords(
                name=name,
                ranks=tuple(int(rank) for rank in found.ranks[:, column]),
                held=float(np.mean(np.abs(own - 0.5) <= RANGE / 2)),
                outside=bool(np.any((reached < low) | (reached > high))),
                place=float(own.mean()),
                chance=float(chisquare(fifths).pvalue),
            )
        )
    return tuple(judged)


def _bytes(key: str, rows: list[np.ndarray]) -> bytes:
    file = io.BytesIO()
    np.save(file, np.array(rows, dtype=np.int64), allow_pickle=False)
    return sealed(key, file.getvalue())


def _saved(partial: Path | None, key: str, unknowns: int) -> list[np.ndarray]:
    content = unsealed(key, partial.read_bytes()) if partial is not None and partial.is_file() else None
    return [] if content is None else list(np.load(io.BytesIO(content), allow_pickle=False).reshape(-1, unknowns + 1))
