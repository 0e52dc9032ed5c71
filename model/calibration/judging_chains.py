"""How far draws of chains can be trusted: whether chains that began apart have met.

Draws of one chain are kept at equal distances of steps. Where every chain has gone over the whole posterior, draws of
one chain are spread as those of all, and R-hat, which compares the two, is near one; what draws of one chain have in
common makes it larger, and them worth fewer (Vehtari and others, rank-normalised split R-hat and effective draws).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import numpy as np

from pushpull.calibration.judging import ValuesLeftOut, left_out
from pushpull.calibration.likelihood import Likelihood

TRUSTED = 1.1  # a larger R-hat of any number: chains have not met
SETTLED = 1.05
FEWEST_EACH = 4  # draws of a chain
WORST = 5  # numbers that are named
ENDS = (0.05, 0.95)  # quantiles by which the ends are judged
MEASURES = (("rhat", {"method": "rank"}), ("ess", {"method": "bulk"}), ("ess", {"method": "tail", "prob": ENDS}))


@dataclass(frozen=True)
class ChainJudgement:
    """What R-hat and effective draws say of chains.

    `r_hat` is the largest of all unknown numbers, `unsettled` how many of them have more than is settled, `worst` the
    names of the largest, `bulk` and `tail` how many independent draws those of the number with the fewest are worth
    for its middle and for its ends, `bulk_median` for the middle of a usual number, `first` and `last` the mean half
    squared misfit when the first and the last draw of each chain were kept, `drift` their difference over what chance
    makes of it. `posterior` is the SHA-256 of the file of draws.
    """

    posterior: str
    made: str
    draws: int
    unknowns: int
    values: int
    chains: int
    steps: int
    r_hat: float
    unsettled: int
    worst: tuple[str, ...]
    bulk: float
    tail: float
    bulk_median: float
    first: float
    last: float
    drift: float
    records: tuple[ValuesLeftOut, ...]

    @property
    def trusted(self) -> bool:
        return self.r_hat < TRUSTED

    @property
    def usual(self) -> float:
        """How many independent draws those of a usual number are worth, at most as many as there are."""
        return min(self.bulk_median, float(self.draws))


def judge_chains(
    likelihood: Likelihood,
    scores: np.ndarray,
    chains: int,
    steps: int,
    posterior: str = "",
    names: tuple[str, ...] = (),
) -> ChainJudgement:
    """Judge draws (draw, unknown), in each of which places of all chains side by side follow each other; what is left
    over at the end is not looked at.

    Raises:
        ValueError: for fewer than four draws of each chain, or fewer than two chains.
        ModuleNotFoundError: without the extra `judge`, which brings arviz-stats.
    """
    each = len(scores) // chains
    if chains < 2 or each < FEWEST_EACH:
        raise ValueError("chains are judged by at least four draws of each of at least two")
    scores = scores[: chains * each]
    spread = likelihood.errors[likelihood.group]
    misfits = likelihood.deviations(likelihood.simulator.predictions(scores)) / spread
    halves = 0.5 * (misfits**2).sum(axis=1).reshape(each, chains)
    moved = halves[-1] - halves[0]
    by_chain = scores.reshape(each, chains, -1).transpose(1, 0, 2)
    r_hats, bulks, tails = (of_each(by_chain, *measure) for measure in MEASURES)
    order = np.argsort(-r_hats)
    named = names or tuple(str(number) for number in range(likelihood.unknowns))
    return ChainJudgement(
        posterior=posterior,
        made=datetime.date.today().isoformat(),
        draws=len(scores),
        unknowns=likelihood.unknowns,
        values=len(likelihood.group),
        chains=chains,
        steps=steps,
        r_hat=float(r_hats.max()),
        unsettled=int((r_hats > SETTLED).sum()),
        worst=tuple(named[number] for number in order[:WORST]),
        bulk=float(bulks.min()),
        tail=float(tails.min()),
        bulk_median=float(np.median(bulks)),
        first=float(halves[0].mean()),
        last=float(halves[-1].mean()),
        drift=float(moved.mean() / (moved.std(ddof=1) / np.sqrt(chains))),
        records=left_out(likelihood, scores),
    )


def of_each(by_chain: np.ndarray, name: str, choices: dict) -> np.ndarray:
    """A measure of every unknown, from draws (chain, draw, unknown)."""
    from arviz_stats.base import array_stats

    measure: Any = getattr(array_stats, name)
    return np.asarray(measure(by_chain, chain_axis=0, draw_axis=1, **choices))
