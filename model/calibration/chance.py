"""What chance alone would show of a number that the record says nothing of, given how many draws a fit kept.

The score of such a number is drawn from a standard normal. Its variance over the draws then follows a chi-squared law
and its mean a normal one, so some of many numbers look narrower or moved by luck. The levels here are those that the
luckiest of all numbers passes in one fit of twenty. Draws of a chain resemble each other: they count as the
independent ones that they are worth.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec

import numpy as np

from pushpull.calibration.judging_chains import FEWEST_EACH, of_each
from pushpull.posterior import Posterior
from pushpull.wording.phrases import Phrase

LEVEL = 0.05
FEW = 100  # draws: fewer leave five at each end of a 90 percent range, or less
FEWEST_WORTH = 2.0  # independent draws: a mean and a spread


@dataclass(frozen=True)
class ChanceLevels:
    """How far luck reaches in a fit: variance `explained`, variance `added` (both in parts of the prior's), `shift` in
    prior standard deviations, for the luckiest of `numbers` numbers over `draws` draws that are worth `effective`
    independent ones, as those of a usual number are."""

    draws: int
    numbers: int
    effective: float
    explained: float
    added: float
    shift: float

    @classmethod
    def of(cls, posterior: Posterior) -> ChanceLevels:
        """The levels for a posterior's draws and numbers."""
        draws, numbers = posterior.scores.shape
        usual = np.median(effective_draws(posterior))
        levels = (float(level) for level in _levels(usual, numbers))
        return cls(draws, numbers, float(usual), *levels)

    @property
    def few(self) -> str:
        """A sentence where the draws are too few to read ranges off; else nothing."""
        if self.draws >= FEW:
            return ""
        return Phrase(
            "{draws} draws are few: the ends of a 90 % range rest on {at_ends} of them, and only what the record tells "
            "very clearly can be told from chance; --draws 400 is usual",
            draws=self.draws,
            at_ends=max(1, round(self.draws / 20)),
        )


def _levels(draws: np.ndarray, numbers: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Variance explained, variance added and shift that the luckiest of so many numbers passes in one fit of twenty,
    for each count of independent draws."""
    from scipy.special import chdtri, gammaincinv, ndtri  # late: it takes most of a second

    share = LEVEL / numbers
    explained = 1 - 2 * gammaincinv((draws - 1) / 2, share) / draws
    added = chdtri(draws - 1, share) / draws - 1
    return explained, added, -ndtri(share / 2) / np.sqrt(draws)


@lru_cache(maxsize=8)
def effective_draws(posterior: Posterior) -> np.ndarray:
    """How many independent draws those of each number are worth, shape (parameter,), for its mean or for its spread,
    whichever are fewer.

    Ends of searches are all independent. Of chains it is worked out by arviz-stats; without it, or with too few draws
    of each, only chains are independent.
    """
    draws, numbers = posterior.scores.shape
    chains = int(posterior.provenance.get("chains", 0))
    if not chains:
        return np.full(numbers, float(draws))
    each = draws // chains
    worth = np.full((1, numbers), float(chains))
    if each >= FEWEST_EACH and find_spec("arviz_stats") is not None:
        by_chain = posterior.scores[: chains * each].reshape(each, chains, -1).transpose(1, 0, 2)
        worth = np.array([of_each(by_chain, "ess", {"method": method}) for method in ("mean", "sd")])
    worth = np.where(np.isfinite(worth), worth, chains).min(axis=0)
    return np.clip(worth, FEWEST_WORTH, draws)


def beyond(posterior: Posterior) -> np.ndarray:
    """Which numbers the fit tells something of, shape (parameter,): narrower or moved farther than by luck."""
    explained, _, shift = _levels(effective_draws(posterior), posterior.scores.shape[1])
    return (posterior.contraction > explained) | (np.abs(posterior.shift) > shift)


def wider(posterior: Posterior) -> np.ndarray:
    """Which numbers spread more widely than before the fit, shape (parameter,), by more than luck would have it."""
    _, added, _ = _levels(effective_draws(posterior), posterior.scores.shape[1])
    return -posterior.contraction > added
