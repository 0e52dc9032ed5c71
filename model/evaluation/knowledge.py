"""What was known at a time: records up to then, and levers and drivers that stay as they were last seen."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection, Mapping

import numpy as np

from pushpull.calibration.plan import Plan
from pushpull.calibration.records import Record
from pushpull.scenario import Scenario
from pushpull.scenario.schedules import Amount, Span, TimePath, constant_path

KNOWN, FROZEN, DRIVERS_FROZEN = "known", "frozen", "drivers_frozen"
POLICIES = (KNOWN, FROZEN, DRIVERS_FROZEN)
RULES = "rules"  # the group of the drivers that are policy: laws, courts and transit states
JUST = 1e-9


def plan_at(plan: Plan, time: float) -> Plan:
    """A plan that ends at a time, with what was recorded by then, and with levers and drivers as they were last seen by
    then; records of which nothing was are left out."""
    records = [_until(record, time) for record in plan.records]
    kept = tuple(each for each in records if len(each.times))
    return dataclasses.replace(plan, scenario=supposing(plan.scenario, time, DRIVERS_FROZEN), until=time, records=kept)


def between(record: Record, after: float, until: float) -> Record:
    """A record's values that lie after a time, and by another one at the latest."""
    return _some(record, (record.times > after + JUST) & (record.times <= until + JUST))


def ends_of(record: Record) -> np.ndarray:
    """The times at which the years or days that the values are of were over, shape (time,)."""
    return record.times + (0.0 if record.reading == "point" else 0.5)


def supposing(scenario: Scenario, time: float, policy: str) -> Scenario:
    """A scenario in which policy, or policy and drivers, stay as they were last seen by a time, or at the value of
    their card where they were not; `policy` is one of POLICIES."""
    if policy == KNOWN:
        return scenario
    corridor, cards = scenario.corridor, {**scenario.catalogue.levers, **scenario.catalogue.context}

    def frozen(paths: Mapping[str, TimePath | Mapping[str, TimePath]]) -> dict:
        return {
            name: {route: freeze(each, time, cards[name].value) for route, each in path.items()}
            if isinstance(path, Mapping)
            else freeze(path, time, cards[name].value)
            for name, path in paths.items()
        }

    every = corridor.context
    rules = {name: path for name, path in every.items() if cards[name].group == RULES}
    context = frozen(every) if policy == DRIVERS_FROZEN else {**every, **frozen(rules)}
    digest = f"{corridor.digest} {policy} from {time!r}"
    held = dataclasses.replace(corridor, digest=digest, policies=frozen(corridor.policies), context=context)
    return dataclasses.replace(scenario, corridor=held)


def freeze(path: TimePath, time: float, unseen: float) -> TimePath:
    """A path that from its last point seen by a time on keeps the value of that point: it does not lead on to a later
    one, before that time or after it. Growth is seen when the later of its two years is. Where no point is seen by then
    it is `unseen`, all the time."""
    seen = (_last_seen(span, time) for span in reversed(path))
    point = next((point for point in seen if point is not None), None)
    if point is None:
        return constant_path(unseen)
    return (*path, Span(point[0], math.inf, point[:1], point[1:]))


def _last_seen(span: Span, time: float) -> tuple[float, float] | None:
    """Since when a span's last value seen by a time holds, and that value; nothing where none could be seen or the span
    is over by then."""
    if span.seen_at is not None:
        return (span.seen_at, span.values[0]) if span.seen_at <= time + JUST else None
    points = [point for point in zip(span.times, span.values, strict=True) if point[0] <= time + JUST]
    if not points or not span.start < time <= span.stop:
        return None
    return max(points[-1][0], span.start), points[-1][1]


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
    unknowns = tuple(unknown for unknown in plan.unknowns if unknown.prior.id not in parameters)
    return dataclasses.replace(plan, scenario=changed(plan.scenario), unknowns=unknowns, effects=tuple(effects))


def _until(record: Record, time: float) -> Record:
    return _some(record, ends_of(record) <= time + JUST)


def _some(record: Record, chosen: np.ndarray) -> Record:
    parts = {name: getattr(record, name)[chosen] for name in ("times", "values", "low", "high")}
    return dataclasses.replace(record, **parts)
