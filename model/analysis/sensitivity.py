"""Which of the uncertain parameters an outcome hangs on: a screening by ranks, then Sobol indices of the foremost."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.analysis.batches import Line, run_draws
from model.analysis.growing import known_outcomes, values_of
from model.analysis.players import title_of
from model.calibration.posterior import posterior_of
from model.engine.result import Result
from model.ensemble import Draws, Progress, value_at_quantile
from model.scenario import Scenario

REST = "all others together"
SCREENED, FOREMOST, POINTS = 256, 6, 64
CONFIDENCE = 0.9
COLUMNS = ("outcome", "parameter", "title", "rank_correlation", "first", "first_low", "first_high")
TOTAL_COLUMNS = ("total", "total_low", "total_high")


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """What the variance of outcomes hangs on.

    `screening` has a row for each outcome and uncertain parameter: the rank correlation (Spearman) over the screened
    members, strongest first. `indices` has a row for each outcome and factor: of the variance, `first` is the share due
    to it alone and `total` that in which it has a part at all, each with a 90 percent interval by bootstrap. The last
    factor is all other parameters together. Small shares may come out a little below nought, as estimates do.
    """

    outcomes: tuple[str, ...]
    year: float | None
    screening: pd.DataFrame
    indices: pd.DataFrame
    runs: int

    def of(self, outcome: str) -> pd.DataFrame:
        """The indices of one outcome, the largest total first."""
        rows = self.indices[self.indices["outcome"] == outcome]
        return rows.sort_values("total", ascending=False, kind="stable").reset_index(drop=True)


def sensitivity(
    scenario: Scenario,
    outcomes: Iterable[str] | str,
    baseline: Scenario | None = None,
    year: float | None = None,
    screened: int = SCREENED,
    foremost: int = FOREMOST,
    points: int = POINTS,
    seed: int | None = None,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Sensitivity:
    """Screen every uncertain parameter over `screened` members, then find Sobol indices of the `foremost`.

    What is explained is the outcome in a `year` (the mean since the policy start if None), or with a `baseline` the
    difference to it. The foremost are those whose rank correlation with any of the outcomes is strongest; the others
    move together as one more factor. That takes `screened` and `points` x (`foremost` + 3) runs, twice with a baseline;
    `points` is a power of two.

    Parameters are drawn from their cards. Of one that a fit has estimated, the distribution is that of its posterior
    draws by itself: Sobol indices want independent factors, so what the fit says of two parameters jointly is kept
    among the others only. Source: Saltelli and others (2010), Variance based sensitivity analysis of model output.
    Raises KeyError for outcomes there are not, ValueError for counts that cannot be, Stopped and RunBroke as `paired`.
    """
    names, seed = known_outcomes(outcomes), scenario.seed if seed is None else seed
    _check(screened, foremost, points)
    pool = Draws.of(scenario, screened, seed)
    foremost = min(foremost, len(pool.cards))
    sides = (scenario,) if baseline is None else (scenario, baseline)
    runs = len(sides) * (screened + points * (foremost + 3))
    done = [0]

    def measured(draws: Draws) -> np.ndarray:
        """One number for each outcome and draw."""
        found = []
        for side in sides:

            def report(part: int, whole: int) -> None:
                if progress:
                    progress(done[0] + part, runs)

            result = run_draws(side, draws, names, report, stop)
            done[0] += len(draws.values)
            found.append(np.stack([_number(values_of(result, Line(name)), result, year) for name in names]))
        return found[0] if baseline is None else found[0] - found[1]

    is_open = np.array([free.any() for _, free in pool.places])  # what the scenario itself sets does not move
    correlations = np.where(is_open, _rank_correlations(pool.values, measured(pool)), 0.0)
    chosen = np.sort(np.argsort(-np.abs(correlations).max(axis=0), kind="stable")[:foremost])
    marginals = [_marginal(scenario, pool, column) for column in chosen]
    from scipy.stats import sobol_indices, uniform

    def outcome_at(quantiles: np.ndarray) -> np.ndarray:
        """The numbers at quantiles (factor, point): the foremost parameters, and the member that gives the others."""
        rows = np.minimum((quantiles[-1] * screened).astype(int), screened - 1)
        values = pool.values[rows]
        for column, marginal, at in zip(chosen, marginals, quantiles, strict=False):
            values[:, column] = marginal(at)
        return measured(dataclasses.replace(pool, values=values))

    rng = np.random.default_rng(seed)
    distributions = [uniform()] * (foremost + 1)
    found = sobol_indices(func=outcome_at, n=points, dists=distributions, rng=rng)
    spread = found.bootstrap(confidence_level=CONFIDENCE)
    labels = [pool.cards[column].id for column in chosen]
    return Sensitivity(
        outcomes=names,
        year=year,
        screening=_screening(names, pool, correlations),
        indices=_indices(names, labels, correlations[:, chosen], found, spread),
        runs=done[0],
    )


def _check(screened: int, foremost: int, points: int) -> None:
    if screened < 3:
        raise ValueError("a screening takes at least 3 members")
    if foremost < 1:
        raise ValueError("there is at least one foremost parameter")
    if points < 2 or points & (points - 1):
        raise ValueError(f"the points are a power of two, from 2 on; {points} is none")


def _number(values: np.ndarray, result: Result, year: float | None) -> np.ndarray:
    """One number for each member from values over (member, time)."""
    if year is not None:
        if not result.time[0] <= year <= result.time[-1]:
            raise ValueError(f"the year lies from {result.time[0]:g} to {result.time[-1]:g}")
        return values[:, np.abs(result.time - year).argmin()]
    since = result.time >= min(float(result.provenance["policy_start"]), result.time[-1]) - 1e-6
    return values[:, since].mean(axis=1)


def _marginal(scenario: Scenario, pool: Draws, column: int) -> Callable[[np.ndarray], np.ndarray]:
    """Values of a drawn parameter at quantiles: by its card, or by its posterior draws where a fit has estimated it."""
    card, posterior = pool.cards[column], posterior_of(scenario.corridor)
    if posterior is None or card.id not in posterior.parameters:
        return lambda quantile: value_at_quantile(card, quantile)
    ordered = np.sort(posterior.draws[:, posterior.parameters.index(card.id)])
    return lambda quantile: np.quantile(ordered, quantile)


def _rank_correlations(drawn: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Spearman's correlation of every outcome with every drawn parameter: (outcome, parameter); nought if constant."""
    from scipy.stats import rankdata

    one, other = (ranks - ranks.mean(axis=0) for ranks in (rankdata(drawn, axis=0), rankdata(numbers.T, axis=0)))
    sizes = np.sqrt((other**2).sum(axis=0))[:, None] * np.sqrt((one**2).sum(axis=0))
    return np.divide(other.T @ one, sizes, out=np.zeros(sizes.shape), where=sizes > 0)


def _screening(names: tuple[str, ...], pool: Draws, correlations: np.ndarray) -> pd.DataFrame:
    rows = []
    for name, own in zip(names, correlations, strict=True):
        for column in np.argsort(-np.abs(own), kind="stable"):
            card = pool.cards[column]
            rows.append({"outcome": name, "parameter": card.id, "title": card.title, "rank_correlation": own[column]})
    return pd.DataFrame(rows, columns=list(COLUMNS[:4]))


def _indices(names, labels, correlations, found, spread) -> pd.DataFrame:
    rows = []
    for place, name in enumerate(names):
        for factor, label in enumerate([*labels, ""]):
            at = (place, factor) if np.ndim(found.first_order) > 1 else factor
            titled = {"title": title_of(label), "rank_correlation": correlations[place, factor]} if label else {}
            rows.append(
                {
                    "outcome": name,
                    "parameter": label,
                    "title": REST,
                    "rank_correlation": np.nan,
                    **titled,
                    "first": found.first_order[at],
                    "first_low": spread.first_order.confidence_interval.low[at],
                    "first_high": spread.first_order.confidence_interval.high[at],
                    "total": found.total_order[at],
                    "total_low": spread.total_order.confidence_interval.low[at],
                    "total_high": spread.total_order.confidence_interval.high[at],
                }
            )
    return pd.DataFrame(rows, columns=list(COLUMNS + TOTAL_COLUMNS))
