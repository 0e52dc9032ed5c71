"""All that a report tells, gathered from the fit, the forecast and the published effects."""

from __future__ import annotations

import csv
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pushpull.calibration.fee import FeeShares, fee_shares
from pushpull.calibration.fit_scores import SeriesFit, score_history
from pushpull.calibration.forecast import CALENDAR, FISCAL, PERCENTILES
from pushpull.calibration.forecast import FILE as FORECAST
from pushpull.calibration.freshness import is_current
from pushpull.calibration.plan import Plan, read_plan
from pushpull.ensemble import Progress, run_ensemble
from pushpull.evaluation.stored import stored_evaluations
from pushpull.evidence.experiment_files import Experiment, own_experiments, read_experiment, read_experiments
from pushpull.evidence.stored_scores import scoreboard
from pushpull.evidence.verdicts import Scoreboard
from pushpull.files.atomic import reason
from pushpull.files.faults import Fault, ScenarioFaults, quote
from pushpull.files.paths import shown
from pushpull.posterior import FILE as POSTERIOR
from pushpull.posterior import Posterior, posterior_of
from pushpull.scenario import Scenario
from pushpull.scenario.corridor import Corridor
from pushpull.scenario.library import corridor_names, renewal, shipped_folder
from pushpull.wording.phrases import Phrase

ProgressBar = Callable[..., AbstractContextManager[Progress]]


class NoFit(Exception):
    """The corridor has no fit, or one that no longer goes with the model."""


@dataclass(frozen=True)
class Fan:
    """A quantity over years: `PERCENTILES` of each, shape (percentile, year)."""

    name: str
    unit: str
    years: np.ndarray
    percentiles: np.ndarray

    def at(self, percentile: int) -> np.ndarray:
        """One percentile, one of `PERCENTILES`, shape (year,)."""
        return self.percentiles[PERCENTILES.index(percentile)]


@dataclass(frozen=True)
class Findings:
    """What a report tells. `forecast` is None where there is no forecast file; `guided` and `fee` where the fit spans
    too few years to show them; `evaluations` are those stored beside the corridor, the base line first, and
    `evaluations_fault` says why they cannot be read."""

    scenario: Scenario
    plan: Plan
    posterior: Posterior
    current: bool
    fits: tuple[SeriesFit, ...]
    guided: Fan | None
    fee: FeeShares | None
    forecast: tuple[Fan, ...] | None
    board: Scoreboard
    members: int
    seed: int
    evaluations: tuple[dict, ...] = ()
    evaluations_fault: Fault | None = None


def gather(scenario: Scenario, members: int, seed: int, progress: ProgressBar) -> Findings:
    """Run what a report needs; raises NoFit, and ScenarioFaults where the plan is faulty."""
    posterior = posterior_of(scenario.corridor)
    if posterior is None:
        raise NoFit(no_fit(scenario.corridor))
    plan = read_plan(scenario)
    if set(plan.names) - set(posterior.parameters):
        what = "the fit is out of date: it does not know every number of the plan"
        raise NoFit(f"{what}; run {renewal(scenario.corridor.folder)}")
    with progress("holding the fit against the record", "steps"):
        fits = score_history(plan, posterior)
    with progress("following the share of guided crossings") as tell:
        guided = guided_share(scenario, members, seed, int(plan.until), tell)
    with progress("splitting the rise in fees", "steps"):
        fee = fee_shares(scenario, plan.until, members, seed)
    with progress("reproducing published effects", "experiments") as tell:
        board = scoreboard(experiments_for(scenario.corridor), members, seed, tell)
    evaluations, fault = _evaluations(scenario)
    return Findings(
        scenario=scenario,
        plan=plan,
        posterior=posterior,
        current=is_current(plan, posterior),
        fits=fits,
        guided=guided,
        fee=fee,
        forecast=read_forecast(scenario.corridor.folder / FORECAST),
        board=board,
        members=members,
        seed=seed,
        evaluations=evaluations,
        evaluations_fault=fault,
    )


def _evaluations(scenario: Scenario) -> tuple[tuple[dict, ...], Fault | None]:
    """The stored evaluations, or why they cannot be read: the rest of a report does not hang on them."""
    try:
        return tuple(stored_evaluations(scenario.corridor.folder)), None
    except ScenarioFaults as faults:
        return (), faults.faults[0]


def experiments_for(corridor: Corridor) -> list[Experiment]:
    """The experiments a report holds the model against: the shipped ones beside a shipped corridor, else those that lie
    with the corridor, since the shipped ones are on others."""
    if corridor.folder.resolve().is_relative_to(shipped_folder().resolve()):
        return read_experiments()
    own = own_experiments(corridor.folder)
    return [read_experiment(path, f"{corridor.id}/evidence/{path.name}") for path in own.values()]


def no_fit(corridor: Corridor) -> str:
    """What to say of a corridor that has not been fitted: which ones have been."""
    fitted = [name for name in corridor_names() if (shipped_folder() / "corridors" / name / POSTERIOR).exists()]
    fitted_ones = f"fitted: {', '.join(fitted)}" if fitted else "no corridor is; `pushpull fit` makes a fit"
    return f"--corridor: {quote(corridor.id)} has not been fitted, so there is nothing to report; {fitted_ones}"


def guided_share(
    scenario: Scenario, members: int, seed: int, last: int, progress: Progress | None = None
) -> Fan | None:
    """Share of those who cross irregularly that a smuggler guided, in each calendar year up to `last`; None
    where there is none after the first."""
    corridor = scenario.corridor
    history = scenario.baseline().with_changes(end=last + 1, policy_start=corridor.start)
    result = run_ensemble(history, members, seed, keep=("smuggled_migrants", "irregular_entries"), progress=progress)
    years = np.arange(int(corridor.start) + 1, last + 1)
    if not len(years):
        return None
    share = np.stack(
        [
            _mean(result.total("smuggled_migrants"), result.time, year)
            / _mean(result.total("irregular_entries"), result.time, year)
            for year in years.tolist()
        ]
    )
    return Fan("guided crossings", "share of arrivals", years + 0.5, np.percentile(share, PERCENTILES, axis=1))


def _mean(values: np.ndarray, times: np.ndarray, year: int) -> np.ndarray:
    inside = (times >= year - 1e-9) & (times <= year + 1 + 1e-9)
    return np.trapezoid(values[:, inside], times[inside], axis=1)


def read_forecast(path: Path) -> tuple[Fan, ...] | None:
    """The stored forecast, a fan for each variable; None where there is no such file. Raises ScenarioFaults where it
    cannot be read."""
    if not path.exists():
        return None
    try:
        return _fans(path)
    except (OSError, ValueError, LookupError, TypeError, csv.Error) as fault:
        why = reason(fault) if isinstance(fault, OSError) else Phrase("it is no forecast of a fit")
        what = Phrase("cannot be read; {why}", why=why)
        way_out = Phrase("a new one ({command}), or no such file", command=renewal(path.parent))
        raise ScenarioFaults([Fault(shown(path), None, what, way_out)]) from fault


def _fans(path: Path) -> tuple[Fan, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows:
        raise ValueError("no row")
    fans = []
    for name in dict.fromkeys(row["variable"] for row in rows):
        these = [row for row in rows if row["variable"] == name]
        years = np.array([float(row[FISCAL] if FISCAL in row else row[CALENDAR]) for row in these])
        edges = np.array([[float(row[f"p{each}"]) for row in these] for each in PERCENTILES])
        fans.append(Fan(name, these[0]["unit"], years, edges))
    return tuple(fans)
