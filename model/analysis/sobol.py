"""Which of the uncertain parameters an outcome hangs on: a screening by ranks, then Sobol indices of the foremost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pushpull.analysis.engine_calls import Line, run_draws
from pushpull.analysis.members import known_outcomes, values_of
from pushpull.catalogue import catalogue
from pushpull.descriptions import title_of
from pushpull.engine.runs.result import Result
from pushpull.ensemble import Draws, Progress, name_and_member, value_at_quantile
from pushpull.plot_accessor import PlotAccessor
from pushpull.posterior import posterior_of
from pushpull.scenario import Scenario

REST = "all others together"
SCREENED, FOREMOST, POINTS = 256, 6, 64
FEWEST_SCREENED = 20  # with fewer, ranks agree by chance
CONFIDENCE = 0.9
RESAMPLES = 200
NAMED = ("outcome", "parameter", "title", "rank_correlation")
COLUMNS = (*NAMED, "first", "first_low", "first_high", "total", "total_low", "total_high")


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """What the variance of outcomes hangs on.

    `screening` has a row for each outcome and uncertain parameter: the rank correlation (Spearman) over the screened
    members, strongest first. `indices` has a row for each outcome and factor: of the variance, `first` is the share due
    to it alone and `total` that in which it has a part at all, each with a 90 percent interval by bootstrap. The last
    factor is all other parameters together. Small shares may come out a little below zero, as estimates do.
    """

    outcomes: tuple[str, ...]
    year: float | None
    screening: pd.DataFrame
    indices: pd.DataFrame
    runs: int
    scenario: Scenario | None = None

    plot = PlotAccessor()

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

    Raises:
        KeyError: for outcomes there are not.
        ValueError: for counts that cannot be, and a year that is not reported.
        Stopped: soon after `stop` is set.
        RunBroke: where a run breaks.
    """
    names, seed = known_outcomes(outcomes), scenario.seed if seed is None else seed
    _check(screened, foremost, points)
    drawn = Draws.of(scenario, screened, seed)
    pool = drawn.with_values(drawn.values)  # what shocks do is no parameter's
    foremost = min(foremost, len(pool.cards))
    sides = (scenario,) if baseline is None else (scenario, baseline)
    runs = len(sides) * (screened + points * (foremost + 3))
    done = [0]

    def measured(draws: Draws) -> np.ndarray:
        """One number for each outcome and draw, shape (outcome, member)."""
        numbers = []
        for side in sides:

            def report(part: int, whole: int) -> None:
                if progress:
                    progress(done[0] + part, runs)

            result = run_draws(side, draws, names, report, stop)
            done[0] += len(draws.values)
            numbers.append(np.stack([_number(values_of(result, Line(name)), result, year) for name in names]))
        return numbers[0] if baseline is None else numbers[0] - numbers[1]

    is_open = np.array([free.any() for _, free in pool.elements])  # what the scenario itself sets does not move
    correlations = np.where(is_open, rank_correlations(pool.values, measured(pool)), 0.0)
    chosen = np.sort(np.argsort(-np.abs(correlations).max(axis=0), kind="stable")[:foremost])
    marginals = [marginal_of(scenario, pool, column) for column in chosen]

    def numbers_at(quantiles: np.ndarray) -> np.ndarray:
        """The numbers at quantiles (point, factor): the foremost parameters, and the member that gives the others."""
        rows = np.minimum((quantiles[:, -1] * screened).astype(int), screened - 1)
        values = pool.values[rows]
        for column, marginal, at in zip(chosen, marginals, quantiles.T, strict=False):
            values[:, column] = marginal(at)
        return measured(pool.with_values(values))

    rng = np.random.default_rng(seed)
    numbers = numbers_at(saltelli_points(points, foremost + 1, rng))
    labels = [pool.names[column] for column in chosen]
    return Sensitivity(
        outcomes=names,
        year=year,
        screening=_screening(names, pool, correlations),
        indices=_indices(names, labels, correlations[:, chosen], variance_shares(numbers, points, rng)),
        runs=done[0],
        scenario=scenario,
    )


def saltelli_points(points: int, factors: int, rng: np.random.Generator) -> np.ndarray:
    """Saltelli's quantiles (point, factor): A, B, and for each factor A with that factor as in B."""
    from scipy.stats.qmc import Sobol

    both = Sobol(2 * factors, bits=64, rng=rng).random(points)
    first, second = both[:, :factors], both[:, factors:]
    mixed = [np.where(np.arange(factors) == factor, second, first) for factor in range(factors)]
    return np.concatenate([first, second, *mixed])


def variance_shares(numbers: np.ndarray, points: int, rng: np.random.Generator) -> np.ndarray:
    """First and total shares of the variance of numbers (outcome, point of the design), and their intervals.

    An array (first or total, estimate or low or high, outcome, factor), by bootstrap over the points.
    """
    from scipy.stats import sobol_indices

    blocks = numbers.reshape(len(numbers), -1, points)

    def estimate(chosen: np.ndarray) -> np.ndarray:
        first, second, *mixed = blocks[:, :, chosen].transpose(1, 0, 2)
        with np.errstate(invalid="ignore", divide="ignore"):  # of what does not vary no share is explained
            indices = sobol_indices(func={"f_A": first, "f_B": second, "f_AB": np.stack(mixed)}, n=points)
        return np.reshape([indices.first_order, indices.total_order], (2, len(numbers), -1))

    whole = estimate(np.arange(points))
    again = [estimate(rng.integers(points, size=points)) for _ in range(RESAMPLES)]
    ends = np.quantile(again, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2], axis=0)
    return np.stack([whole, *ends], axis=1)


def _check(screened: int, foremost: int, points: int) -> None:
    if screened < FEWEST_SCREENED:
        raise ValueError(f"a screening by ranks needs at least {FEWEST_SCREENED} members; {screened} are asked for")
    if foremost < 1:
        raise ValueError("there is at least one foremost parameter")
    if points < 2 or points & (points - 1):
        raise ValueError(f"the points are a power of two, from 2 on; {points} is none")


def _number(values: np.ndarray, result: Result, year: float | None) -> np.ndarray:
    """One number for each member from values over (member, time)."""
    if year is not None:
        if not result.time[0] <= year <= result.time[-1]:
            raise ValueError(f"the year lies from {result.time[0]:g} to {result.time[-1]:g}")
        return values[:, result.moment(year)]
    since = result.time >= min(float(result.provenance["policy_start"]), result.time[-1]) - 1e-6
    return values[:, since].mean(axis=1)


def marginal_of(scenario: Scenario, pool: Draws, column: int) -> Callable[[np.ndarray], np.ndarray]:
    """Values of a drawn parameter at quantiles: by its card, or by its posterior draws where a fit has estimated it."""
    card, name, posterior = pool.cards[column], pool.names[column], posterior_of(scenario.corridor)
    if posterior is None or name not in posterior.parameters:
        return lambda quantile: value_at_quantile(card, quantile)
    ordered = np.sort(posterior.draws[:, posterior.parameters.index(name)])
    return lambda quantile: np.quantile(ordered, quantile)


def rank_correlations(drawn: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Spearman's correlation of every outcome with every drawn parameter: (outcome, parameter); zero if constant."""
    from scipy.stats import rankdata

    parameters, outcomes = (
        ranks - ranks.mean(axis=0) for ranks in (rankdata(drawn, axis=0), rankdata(numbers.T, axis=0))
    )
    sizes = np.sqrt((outcomes**2).sum(axis=0))[:, None] * np.sqrt((parameters**2).sum(axis=0))
    return np.divide(outcomes.T @ parameters, sizes, out=np.zeros(sizes.shape), where=sizes > 0)


def _titled(title: str, label: str) -> str:
    """A parameter's title, with the origin, population or route of which a fit has estimated it."""
    member = name_and_member(label)[1]
    return title if member is None else f"{title}, {member.replace('_', ' ')}"


def _screening(names: tuple[str, ...], pool: Draws, correlations: np.ndarray) -> pd.DataFrame:
    rows = []
    for name, own in zip(names, correlations, strict=True):
        for column in np.argsort(-np.abs(own), kind="stable"):
            card = pool.cards[column]
            label, title = pool.names[column], _titled(card.title, pool.names[column])
            rows.append({"outcome": name, "parameter": label, "title": title, "rank_correlation": own[column]})
    return pd.DataFrame(rows, columns=list(NAMED))


def _indices(names: Sequence[str], labels: Sequence[str], correlations: np.ndarray, shares: np.ndarray) -> pd.DataFrame:
    rows = []
    for row, name in enumerate(names):
        for factor, label in enumerate([*labels, ""]):
            known = _titled(title_of(catalogue(), name_and_member(label)[0]), label) if label else REST
            title, correlation = known, correlations[row, factor] if label else np.nan
            rows.append([name, label, title, correlation, *shares[:, :, row, factor].ravel()])
    return pd.DataFrame(rows, columns=list(COLUMNS))
