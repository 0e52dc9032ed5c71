"""What chance alone would show of a number that the record says nothing of, given how many draws a fit kept.

The score of such a number is drawn from a standard normal. Its variance over the draws then follows a chi-squared law
and its mean a normal one, so some of many numbers look narrower or moved by luck. The levels here are those that the
luckiest of all numbers passes in one fit of twenty.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pushpull.posterior import Posterior
from pushpull.wording.phrases import Phrase

LEVEL = 0.05
FEW = 100  # draws: fewer leave five at each end of a 90 percent range, or less


@dataclass(frozen=True)
class ChanceLevels:
    """How far luck reaches in a fit: variance `explained`, variance `added` (both in parts of the prior's), `shift` in
    prior standard deviations, for the luckiest of `numbers` numbers over `draws` draws."""

    draws: int
    numbers: int
    explained: float
    added: float
    shift: float

    @classmethod
    def of(cls, posterior: Posterior) -> ChanceLevels:
        """The levels for a posterior's draws and numbers."""
        from scipy.special import chdtri, gammaincinv, ndtri  # late: it takes most of a second

        draws, numbers = posterior.scores.shape
        share = LEVEL / numbers
        return cls(
            draws=draws,
            numbers=numbers,
            explained=float(1 - 2 * gammaincinv((draws - 1) / 2, share) / draws),
            added=float(chdtri(draws - 1, share) / draws - 1),
            shift=float(-ndtri(share / 2) / np.sqrt(draws)),
        )

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


def beyond(posterior: Posterior) -> np.ndarray:
    """Which numbers the fit tells something of, shape (parameter,): narrower or moved farther than by luck."""
    level = ChanceLevels.of(posterior)
    return (posterior.contraction > level.explained) | (np.abs(posterior.shift) > level.shift)


def wider(posterior: Posterior) -> np.ndarray:
    """Which numbers spread more widely than before the fit, shape (parameter,), by more than luck would have it."""
    return -posterior.contraction > ChanceLevels.of(posterior).added
