"""What packages are worth when nobody knows which simulation comes true: metrics of robust choice, and no more.

Arrays are (package, simulation), one number each, of one outcome; package k meets the same draw and future in each
column, so that regret is taken simulation by simulation. A metric turns performance into regret, or into whether
targets are met, looks at some of the simulations, and sums them up. Source: McPhail, Maier, Kwakkel, Giuliani,
Castelletti and Westra (2018), Robustness metrics: How are they calculated, when should they be used and why do they
give different results?, Earth's Future, doi:10.1002/2017EF000649.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

ATTITUDES = (0.0, 0.25, 0.5, 0.75, 1.0)  # from the pessimist, who sees the worst simulation alone, to the optimist
MOST_REGRET = 0.9  # the quantile of regret that is shown beside its largest


@dataclass(frozen=True, eq=False)
class Robustness:
    """How packages fare by one outcome; arrays over packages, in the outcome's unit where nothing else is said.

    `regret` (package, simulation) is how far each is from the best package of that simulation, zero or more;
    `share_best` is the share of simulations in which no package is better. `scores` (attitude, package) are Hurwicz's
    mixtures of the best and the worst simulation, `ranks` the places they give, 1 the best; equals share a place.
    """

    better: str
    attitudes: tuple[float, ...]
    expected: np.ndarray
    best: np.ndarray
    worst: np.ndarray
    regret: np.ndarray
    regret_p90: np.ndarray
    largest_regret: np.ndarray
    share_best: np.ndarray
    scores: np.ndarray
    ranks: np.ndarray

    @property
    def least_regret(self) -> int:
        """The package whose largest regret is least: the choice by minimax regret; the first of equals."""
        return int(np.argmin(self.largest_regret))


def robustness(values: np.ndarray, better: str, attitudes: Sequence[float] = ATTITUDES) -> Robustness:
    """The metrics of values (package, simulation) of an outcome that is better "lower" or "higher".

    Raises:
        ValueError: for an outcome of which neither way is better, an attitude outside 0 to 1, and no simulation.
    """
    if not all(0 <= each <= 1 for each in attitudes):
        raise ValueError("an attitude lies from 0, the pessimist, to 1, the optimist")
    losses = losses_of(values, better)
    best, worst = losses.min(axis=1), losses.max(axis=1)
    weights = np.array(attitudes)[:, None]
    scores = weights * best + (1 - weights) * worst
    regret = losses - losses.min(axis=0)
    sign = -1.0 if better == "higher" else 1.0
    return Robustness(
        better=better,
        attitudes=tuple(attitudes),
        expected=values.mean(axis=1),
        best=sign * best,
        worst=sign * worst,
        regret=regret,
        regret_p90=np.quantile(regret, MOST_REGRET, axis=1),
        largest_regret=regret.max(axis=1),
        share_best=(regret == 0).mean(axis=1),
        scores=sign * scores,
        ranks=ranks_of(scores),
    )


def losses_of(values: np.ndarray, better: str) -> np.ndarray:
    """Values of which less is better, whichever way is; raises ValueError where neither is, or nothing is there."""
    if better not in ("lower", "higher"):
        raise ValueError("where neither way is better, no package is")
    if values.ndim != 2 or not values.size:
        raise ValueError("values are of packages and simulations, one of each at least")
    return values if better == "lower" else -values


def ranks_of(losses: np.ndarray) -> np.ndarray:
    """Places along the last axis, 1 for the least loss; equals share the better place."""
    return 1 + (losses[..., None, :] < losses[..., :, None]).sum(axis=-1)


def shares_met(met: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of (package, target, simulation) truths, the share of simulations in which each target is met, and in which all
    are at once (satisficing): arrays (package, target) and (package,)."""
    return met.mean(axis=-1), met.all(axis=1).mean(axis=-1)


def domination(values: Sequence[np.ndarray], better: Sequence[str]) -> np.ndarray:
    """In what share of simulations the package of a row is at least as good as that of a column by every outcome, and
    better by one: an array (package, package). `values` hold an array (package, simulation) for each outcome."""
    losses = np.stack([losses_of(each, way) for each, way in zip(values, better, strict=True)])
    own, other = losses[:, :, None], losses[:, None, :]
    return ((own <= other).all(axis=0) & (own < other).any(axis=0)).mean(axis=-1)
