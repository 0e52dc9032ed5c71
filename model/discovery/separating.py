"""Which inputs separate some of the simulations from the others, and the halves in which to look and to judge."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import ks_2samp

COLUMNS = ("input", "distance", "chance", "median_chosen", "median_others")


def halves(count: int) -> tuple[np.ndarray, np.ndarray]:
    """The simulations to look in, and those to judge by what was found there, as rows.

    Draws come in pairs whose futures mirror each other, so pairs stay together.
    """
    rows = np.arange(count)
    first = rows // 2 % 2 == 0
    return rows[first], rows[~first]


def separation(inputs: pd.DataFrame, chosen: Sequence[bool] | np.ndarray) -> pd.DataFrame:
    """By which inputs the chosen simulations differ from the others, the farthest first.

    A row for each input: `distance` between its two distributions (Kolmogorov and Smirnov's, zero to one), `chance`
    that two samples of one distribution lie as far apart, and its `median_chosen` and `median_others`. Source:
    Hornberger and Spear (1981), An approach to the preliminary analysis of environmental systems, Journal of
    Environmental Management 12.
    """
    chosen = np.asarray(chosen, dtype=bool)
    rows = []
    for name in inputs.columns:
        values = inputs[name].to_numpy()
        test = ks_2samp(values[chosen], values[~chosen])
        medians = (float(np.median(values[chosen])), float(np.median(values[~chosen])))
        rows.append((name, float(test.statistic), float(test.pvalue), *medians))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.sort_values("distance", ascending=False, kind="stable").reset_index(drop=True)
