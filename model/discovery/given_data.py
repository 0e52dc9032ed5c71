"""Sensitivity from simulations as they are: how far the distribution of a number moves with each input (PAWN)."""

from __future__ import annotations

import numpy as np
import pandas as pd

SLICES = 10
SHUFFLED = 20  # inputs without any effect, made by shuffling, that say what chance alone gives
COLUMNS = ("input", "median", "most", "beyond_chance")


def given_data_sensitivity(inputs: pd.DataFrame, numbers: np.ndarray, seed: int = 0) -> pd.DataFrame:
    """How far the distribution of `numbers`, one for each simulation, moves from slice to slice of each input.

    A row for each input, the strongest first: the `median` and the `most` over ten slices of the distance of Kolmogorov
    and Smirnov, zero to one, and whether the median is `beyond_chance`, larger than that of any of twenty shuffled
    inputs. Inputs may depend on each other, as a fit's draws do; what one owes to another is then not told apart.
    Source: Pianosi and Wagener (2018), Distribution-based sensitivity analysis from a generic input-output sample,
    Environmental Modelling & Software 108.

    Raises:
        ModuleNotFoundError: without the extra `explore`, which brings SALib.
    """
    from SALib.analyze import pawn

    rng = np.random.default_rng(seed)
    noise = np.stack([rng.permutation(len(numbers)) for _ in range(SHUFFLED)], axis=1)
    names = list(inputs.columns)
    problem = {"num_vars": len(names) + SHUFFLED, "names": [*names, *(f"shuffled {n}" for n in range(SHUFFLED))]}
    found = pawn.analyze(problem, np.column_stack([inputs.to_numpy(dtype=float), noise]), numbers, S=SLICES)
    medians, most = np.asarray(found["median"]), np.asarray(found["maximum"])
    beyond = medians[: len(names)] > medians[len(names) :].max()
    rows = zip(names, medians[: len(names)], most[: len(names)], beyond, strict=True)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.sort_values("median", ascending=False, kind="stable").reset_index(drop=True)
