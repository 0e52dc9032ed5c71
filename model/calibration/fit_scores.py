"""How well a posterior meets the record: errors, Theil's shares and how often the ranges hold what was recorded.

Theil's inequality shares are used as Sterman (1984) applied them to simulations.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pushpull.calibration.plan import FILE, Plan
from pushpull.calibration.records import Record
from pushpull.calibration.simulate import Simulator
from pushpull.files.faults import Fault, ScenarioFaults
from pushpull.posterior import Posterior
from pushpull.scenario.library import renewal

RANGE = (5.0, 95.0)
HALF = (25.0, 75.0)
NOISE_SEED = 20
ROUNDING = 1e-8  # of the largest recorded value


@dataclass(frozen=True)
class SeriesFit:
    """A recorded series beside the model: median and 90 percent range at each recorded time, and how far they agree.

    `low` and `high` are the range of what would be recorded: the draws' spread together with the scatter that the
    record shows about their median, or the plan's error where that is larger. `half_low` and `half_high` bound the
    inner 50 percent of the same. `inner_low` and `inner_high` are the 90 percent range of the draws alone. `mape` is
    in percent; `theil` holds bias, variation and covariation, which add up to one.
    """

    record: Record
    median: np.ndarray
    low: np.ndarray
    high: np.ndarray
    inner_low: np.ndarray
    inner_high: np.ndarray
    half_low: np.ndarray | None = None
    half_high: np.ndarray | None = None

    @property
    def target(self) -> np.ndarray:
        """What the median is held against, shape (time,): the record, or the nearest point of its range."""
        return np.clip(self.median, self.record.low, self.record.high) if self.record.is_range else self.record.values

    @property
    def mape(self) -> float:
        """Mean absolute percentage error of the median."""
        return float(100 * np.mean(np.abs(self.median / self.target - 1)))

    @property
    def rmspe(self) -> float:
        """Root of the mean squared percentage error of the median."""
        return float(100 * np.sqrt(np.mean((self.median / self.target - 1) ** 2)))

    @property
    def r_squared(self) -> float | None:
        """Square of the correlation of median and record; None for fewer than three values."""
        if len(self.median) < 3 or np.ptp(self.median) == 0 or np.ptp(self.record.values) == 0:
            return None
        return float(np.corrcoef(self.median, self.record.values)[0, 1] ** 2)

    @property
    def theil(self) -> dict[str, float] | None:
        """Shares of the mean squared error: unequal means, unequal variation, unequal timing; None if it is zero."""
        return theil_shares(self.median, self.target)

    @property
    def coverage(self) -> float:
        """Share of recorded values (or ranges) that the 90 percent range meets."""
        return float(np.mean(self.covered))

    @property
    def covered(self) -> np.ndarray:
        """Which recorded values (or ranges) the 90 percent range meets."""
        return (self.record.high >= self.low) & (self.record.low <= self.high)

    @property
    def within_tolerance(self) -> bool | None:
        """Whether the error of the median is within the plan's tolerance; None where the plan states none."""
        return None if self.record.tolerance is None else self.mape <= self.record.tolerance


def theil_shares(simulated: np.ndarray, actual: np.ndarray) -> dict[str, float] | None:
    """Theil's inequality shares of the mean squared error: bias, variation, covariation; None where nothing but
    rounding is left of the error."""
    error = simulated - actual
    square = float(np.mean(error**2))
    if square <= (ROUNDING * np.abs(actual).max()) ** 2:
        return None
    variation = float((np.std(simulated) - np.std(actual)) ** 2)
    return {
        "bias": float(error.mean() ** 2 / square),
        "variation": variation / square,
        "covariation": (float(np.var(error)) - variation) / square,
    }


def score_history(plan: Plan, posterior: Posterior) -> tuple[SeriesFit, ...]:
    """Run every draw of the posterior over the recorded years and hold it against every record of the plan."""
    simulator = Simulator(plan)
    columns = [posterior.parameters.index(name) for name in plan.names]
    predictions = simulator.predictions(posterior.scores[:, columns])
    predictions = predictions[~np.isnan(predictions).all(axis=1)]
    if not len(predictions):
        shown, message = f"{plan.scenario.corridor.id}/{FILE}", "every draw of the fit breaks with the numbers of today"
        raise ScenarioFaults([Fault(shown, None, message, f"a new fit: {renewal(plan.scenario.corridor.folder)}")])
    rng = np.random.default_rng(NOISE_SEED)
    fits, first = [], 0
    for record in plan.records:
        shown = predictions[:, first : first + len(record.times)]
        first += len(record.times)
        error = np.full((len(shown), 1), max(record.error, _scatter(record, np.nanmedian(shown, axis=0))))
        noisy = shown * np.exp(error * rng.standard_normal(shown.shape))
        low, high = np.nanpercentile(noisy, RANGE, axis=0)
        inner_low, inner_high = np.nanpercentile(shown, RANGE, axis=0)
        halves = np.nanpercentile(noisy, HALF, axis=0)
        fits.append(SeriesFit(record, np.nanmedian(shown, axis=0), low, high, inner_low, inner_high, *halves))
    return tuple(fits)


def _scatter(record: Record, median: np.ndarray) -> float:
    """Root mean square of the logarithms by which the record lies off the median (or the median outside its range)."""
    target = np.clip(median, record.low, record.high) if record.is_range else record.values
    there = median > 0
    return float(np.sqrt(np.mean(np.log(median[there] / target[there]) ** 2))) if there.any() else 0.0


def coverage_of_grade(fits: tuple[SeriesFit, ...], grade: str = "A") -> tuple[float, int]:
    """Share of the recorded values of a grade that the 90 percent ranges meet, over all fitted series, and how many."""
    covered = [fit.covered for fit in fits if fit.record.quality == grade and fit.record.fitted]
    together = np.concatenate(covered) if covered else np.empty(0)
    return (float(together.mean()) if len(together) else float("nan")), len(together)
