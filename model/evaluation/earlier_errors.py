"""What forecasts from earlier years were off, as the ranges of a later one carry it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from pushpull.evaluation.knowledge import KNOWN
from pushpull.scenario.forecast_errors import ForecastErrors, variance

SOON = 0.5  # years until what the structure misses has set in, where nothing starts from the record


@dataclass(frozen=True)
class AssumedErrors:
    """What ranges carry before any forecast has been judged: standard deviations of logarithms, `yearly` and `lasting`
    (see `ForecastErrors`), with the weight of one forecast; `of` is the variable by origin that tells how far off one
    was, `ahead` the years ahead that count; `together` says that one
    future is above or below for all origins."""

    of: str
    ahead: int
    yearly: float
    lasting: float
    why: str = ""
    together: bool = False


def forecast_errors(
    assumed: AssumedErrors,
    origins: Iterable[str],
    by_year: Iterable[Mapping],
    known_by: int,
    since: float,
    sets_in_over: float = SOON,
) -> ForecastErrors:
    """How far forecasts were off that were made in years before `known_by` of years up to it, as standard deviations.

    Of each forecast of an origin, the mean square of its logarithmic errors, each over its assumed variance, has the
    weight of one, as the assumption has; the assumed deviations are moved by the root of the mean over all of them.
    """
    squares: dict[str, dict[int, list[float]]] = {origin: {} for origin in origins}
    for row in by_year:
        ahead = row["year"] - row["origin_year"]
        is_known = row["origin_year"] < known_by and row["year"] <= known_by and ahead <= assumed.ahead
        if row["measure"] != assumed.of or row["policy"] != KNOWN or row["group"] not in squares or not is_known:
            continue
        error = math.log(row["recorded"] / row["p50"]) ** 2
        part = error / float(variance(np.array(ahead), assumed.yearly, assumed.lasting))
        squares[row["group"]].setdefault(row["origin_year"], []).append(part)
    factors = {
        origin: math.sqrt((1 + sum(float(np.mean(each)) for each in forecasts.values())) / (1 + len(forecasts)))
        for origin, forecasts in squares.items()
    }
    return ForecastErrors(
        since,
        sets_in_over,
        {origin: assumed.yearly * factor for origin, factor in factors.items()},
        {origin: assumed.lasting * factor for origin, factor in factors.items()},
        assumed.together,
    )
