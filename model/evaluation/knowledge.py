"""What was known at a time: records up to then, and levers and drivers that stay as they were last seen."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection, Mapping

import numpy as np

from pushpull.calibration.plan import Plan
from pushpull.calibration.records import Record
from pushpull.scenario import Scenario
from pushpull.scenario.schedules import Amount, Span, TimePath

KNOWN, FROZEN, DRIVERS_FROZEN = "known", "frozen", "drivers_frozen"
POLICIES = (KNOWN, FROZEN, DRIVERS_FROZEN)
JUST = 1e-9


def plan_at(plan: Plan, time: float) -> Plan:
    """A plan that ends at a time, with what was recorded by then; records of which nothing was are left out."""
    records = [_until(record, time) for record in plan.records]
    return dataclasses.replace(plan, until=time, records=tuple(each for each in records if len(each.times)))


def between(record: Record, after: float, until: float) -> Record:
    """A record's values that lie after a time, and by another one at the latest."""
    return _some(record, (record.times > after + JUST) & (record.times <= until + JUST))


def ends_of(record: Record) -> np.ndarray:
    """The times at which the years or days that the values are of were over, shape (time,)."""
    return record.times + (0.0 if record.reading == "point" else 0.5)


def supposing(scenario: Scenario, time: float, policy: str) -> Scenario:
    """A scenario in which from a time on policy, or policy and drivers, stay as they were last seen.

    Drivers that are given as growth stay at the growth of the year before. `policy` is one of POLICIES.
    """
    if policy == KNOWN:
        return scenario
    corridor = scenario.corridor
    context = frozen(corridor.context, time) if policy == DRIVERS_FROZEN else corridor.context
    digest = f"{corridor.digest} {policy} from {time!r}"
    held = dataclasses.replace(corridor, digest=digest, policies=frozen(corridor.policies, time), context=context)
    return dataclasses.replace(scenario, corridor=held)


def frozen(paths: Mapping[str, TimePath | Mapping[str, TimePath]], time: float) -> dict:
    """Paths, by name and perhaps by route, that stay from a time on as they were last seen."""
    return {
        name: {route: freeze(each, time) for route, each in path.items()}
        if isinstance(path, Mapping)
        else freeze(path, time)
        for name, path in paths.items()
    }


def freeze(path: TimePath, time: float) -> TimePath:
    """A path that from a time on keeps the last value of it that was known: not one that leads on to a later point."""
    last = next(span for span in reversed(path) if span.start < time <= span.stop)
    known = [value for mark, value in zip(last.times, last.values, strict=True) if mark <= time + JUST]
    return (*path, Span(time, math.inf, (time,), (known[-1] if known else last.values[0],)))


def without(plan: Plan, parameters: Mapping[str, float], loops_off: Collection[str]) -> Plan:
    """A plan for a model in which some parameters have given values, whatever their range, and some loops are cut, in
    the history and in every published effect alike."""

    def changed(scenario: Scenario) -> Scenario:
        amounts = {name: Amount(value) for name, value in parameters.items()}
        loops = tuple(sorted({*scenario.loops_off, *loops_off}))
        return dataclasses.replace(scenario, parameters={**scenario.parameters, **amounts}, loops_off=loops)

    effects = []
    for effect in plan.effects:
        arms = {name: changed(arm) for name, arm in effect.experiment.arms.items()}
        effects.append(dataclasses.replace(effect, experiment=dataclasses.replace(effect.experiment, arms=arms)))
    unknowns = tuple(unknown for unknown in plan.unknowns if unknown.name not in parameters)
    return dataclasses.replace(plan, scenario=changed(plan.scenario), unknowns=unknowns, effects=tuple(effects))


def _until(record: Record, time: float) -> Record:
    return _some(record, ends_of(record) <= time + JUST)


def _some(record: Record, chosen: np.ndarray) -> Record:
    parts = {name: getattr(record, name)[chosen] for name in ("times", "values", "low", "high")}
    return dataclasses.replace(record, **parts)
