"""How far a corridor is to be trusted, from what is stored beside it: its evaluation, the scores of published effects,
and its latest record beside the model without any change of policy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from pushpull import Result
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.evaluations import evaluations_of, is_of_today
from pushpull.dashboard.compute.runs import cached_run
from pushpull.evaluation.judgement import judgement, main_measure
from pushpull.evidence.stored_scores import stored_scores
from pushpull.evidence.verdicts import WITHIN, WRONG
from pushpull.files.faults import Fault, ScenarioFaults
from pushpull.scenario import Scenario
from pushpull.scenario.series import RecordedSeries

OLDEST = 10  # years before policy starts: a record from before says nothing of the present
HALF_A_YEAR = 0.5


@dataclass(frozen=True)
class BesideRecord:
    """The latest recorded value of an outcome, and what the model has there: at that time, or in the year around it."""

    outcome: str
    title: str
    time: float
    is_yearly: bool
    recorded: float
    model: float

    @property
    def ratio(self) -> float:
        """How far the model lies above the record, as a share of it; NaN where the record is zero."""
        return self.model / self.recorded - 1 if self.recorded else float("nan")


@dataclass(frozen=True)
class PastForecasts:
    """What forecasts from past years came to: the measure, the share of values that the 90 percent ranges held, the
    mean error of the worst forecast, and whether they are of today's model."""

    measure: str
    held: float
    worst: float
    is_of_today: bool


@dataclass(frozen=True)
class EffectCounts:
    """How many published effects were tested, how many lie in their range, how many have the wrong sign, and whether
    that is of today's model."""

    tested: int
    within: int
    wrong: int
    is_of_today: bool


@dataclass(frozen=True)
class Trust:
    """All of it for one corridor; `faults` say what cannot be read of what is stored."""

    corridor: str
    illustrative: bool
    forecasts: PastForecasts | None
    effects: EffectCounts | None
    present: tuple[BesideRecord, ...]
    faults: tuple[Fault, ...] = ()


def trust_in(base: Scenario) -> Trust:
    """How far the corridor of a plain scenario is to be trusted."""
    faults: list[Fault] = []
    forecasts, effects = None, None
    try:
        forecasts = _forecasts(base)
    except ScenarioFaults as found:
        faults.append(found.faults[0])
    try:
        effects = _effects(base)
    except ScenarioFaults as found:
        faults.append(found.faults[0])
    corridor = base.corridor
    present = tuple(beside_record(base, cached_run(base.baseline())))
    return Trust(corridor.digest, corridor.illustrative, forecasts, effects, present, tuple(faults))


def beside_record(base: Scenario, run: Result) -> Iterable[BesideRecord]:
    """The latest record of each outcome that has one of recent years, beside the run, in the order of the corridor."""
    known = catalogue()
    for name, series in base.corridor.recorded.items():
        found = _latest(series)
        if found is None or found[0] < base.policy_start - OLDEST:
            continue
        time, value, title = found
        outcome = known.outcomes[name]
        is_yearly = outcome.unit.endswith("/year")
        model = _level(run, outcome.observed_as or name, time, is_yearly)
        yield BesideRecord(name, title, time, is_yearly, value, model)


def _latest(series: Iterable[RecordedSeries]) -> tuple[float, float, str] | None:
    """Time, value and title of the latest record: that of the whole corridor, or the sum of its routes where it is
    recorded by route alone."""
    some = [each for each in series if len(each.times)]
    whole = [each for each in some if each.route is None]
    if whole:
        latest = max(whole, key=lambda each: float(each.times[-1]))
        return float(latest.times[-1]), float(latest.values[-1]), latest.title
    common = set.intersection(*(set(each.times.tolist()) for each in some)) if some else set()
    if not common:
        return None
    time = max(common)
    return time, float(sum(each.values[each.times == time][0] for each in some)), some[0].title


def _level(run: Result, name: str, time: float, is_yearly: bool) -> float:
    values = run.total(name)[0]
    if not is_yearly:
        return float(np.interp(time, run.time, values))
    inside = run.time[np.abs(run.time - time) < HALF_A_YEAR]
    times = np.array([time - HALF_A_YEAR, *inside, time + HALF_A_YEAR])
    return float(np.trapezoid(np.interp(times, run.time, values), times))


def _forecasts(base: Scenario) -> PastForecasts | None:
    evaluations = evaluations_of(base)
    measure = main_measure(evaluations[-1]) if evaluations else None
    if measure is None or measure not in base.catalogue.model.variables:
        return None
    found = judgement(evaluations[-1], measure)
    if found is None:
        return None
    return PastForecasts(measure, found.in_nine_tenths, found.worst["mape"], is_of_today(base, evaluations[-1]))


def _effects(base: Scenario) -> EffectCounts | None:
    stored = stored_scores()
    if stored is None or not stored.scores:
        return None
    counts = [score["verdict"] for score in stored.scores.values()]
    is_current = stored.are_of_today(base.corridor)
    return EffectCounts(len(counts), counts.count(WITHIN), counts.count(WRONG), is_current)
