"""Whether a fit can begin: the numbers it starts from run, and can be held against every fitted record."""

from __future__ import annotations

import numpy as np

from pushpull.calibration.likelihood import Likelihood
from pushpull.calibration.plan import FILE, Plan
from pushpull.engine.runs.task import RunBroke
from pushpull.files.faults import Fault, ScenarioFaults, quote
from pushpull.simulation import run
from pushpull.wording.phrases import Phrase

APART = 1000.0  # times: so far off lies another unit or another quantity, not another number


def check_start(likelihood: Likelihood) -> None:
    """Raise ScenarioFaults, with a line for each record, where the model cannot be held against what was recorded."""
    plan = likelihood.plan
    shown = f"{plan.scenario.corridor.id}/{FILE}"
    values = likelihood.simulator.predictions(likelihood.start[None])[0]
    if np.all(np.isnan(values)):
        raise ScenarioFaults(
            [Fault(shown, None, Phrase("the numbers that the search starts from cannot be run{why}", why=_why(plan)))]
        )
    faults, first = [], 0
    for record in plan.records:
        mine = values[first : first + len(record.times)]
        first += len(record.times)
        if not record.fitted:
            continue
        if not np.all(np.isfinite(mine)) or np.any(mine <= 0):
            year = record.times[np.argmin(np.where(np.isfinite(mine), mine, -np.inf))]
            message = Phrase(
                "{label}: at the start of the search {variable} is not above zero in {year:g}",
                label=record.label,
                variable=record.variable,
                year=year,
            )
            faults.append(
                Fault(shown, None, message, Phrase("fitted: false, or numbers of the corridor that lie nearer"))
            )
            continue
        apart = float(np.exp(np.mean(np.log(mine) - np.log(np.sqrt(record.low * record.high)))))
        if max(apart, 1 / apart) > APART:
            recorded = Phrase(
                "recorded are about {median:.3g} ({unit})", median=np.median(record.values), unit=quote(record.unit)
            )
            message = Phrase(
                "{label}: {recorded}, the model has about {median:.3g} ({variable})",
                label=record.label,
                recorded=recorded,
                median=np.median(mine),
                variable=record.variable,
            )
            faults.append(
                Fault(shown, None, message, Phrase("a record of the same quantity, or a scale that makes it so"))
            )
    for effect, value in zip(plan.effects, values[first:], strict=True):
        if not np.isfinite(value):
            message = Phrase("{id}: the numbers that the search starts from give no effect", id=effect.experiment.id)
            faults.append(Fault(shown, None, message))
    if faults:
        raise ScenarioFaults(faults)


def _why(plan: Plan) -> str:
    try:
        run(plan.scenario.with_changes(end=plan.until))
    except RunBroke as fault:
        return f": {fault}"
    except ScenarioFaults:
        return ""
    return ""
