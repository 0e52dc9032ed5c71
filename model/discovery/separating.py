"""Which inputs separate some of the simulations from the others, and the halves in which to look and to judge."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

COLUMNS = ("input", "distance", "chance", "median_chosen", "median_others")


def halves(pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The simulations to look in, and those to judge by what was found there, as rows.

    Futures that mirror each other stay together, and a draw that comes again stays with itself: `pairs` gives the
    number of each simulation's.
    """
    first = pairs % 2 == 0
    return np.flatnonzero(first), np.flatnonzero(~first)


def separation(inputs: pd.DataFrame, chosen: Sequence[bool] | np.ndarray) -> pd.DataFrame:
    """By which inputs the chosen simulations differ from the others, the farthest first.

    A row for each input: `distance` between its two distributions (Kolmogorov and Smirnov's, zero to one), `chance`
    that two samples of one distribution lie as far apart, and its `median_chosen` and `median_others`. Source:
    Hornberger and Spear (1981), An approach to the preliminary analysis of environmental systems, Journal of
    Environmental Management 12.
    """
    from scipy.stats import ks_2samp

    chosen = np.asarray(chosen, dtype=bool)
    rows = []
    for name in inputs.columns:
        values = inputs[name].to_numpy()
        test = ks_2samp(values[chosen], values[~chosen])
        medians = (float(np.median(values[chosen])), float(np.median(values[~chosen])))
        rows.append((name, float(test.statistic), float(test.pvalue), *medians))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.sort_values("distance", ascending=False, kind="stable").reset_index(drop=True)
