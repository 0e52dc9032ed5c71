"""Marks on the scale of a lever: today, the lowest and the highest of the corridor's past, and the shipped packages.

A lever that is set by route has marks for all routes together, where its routes are alike or are counted together, and
marks for each route.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pushpull.dashboard.state.levers import forms_of, value
from pushpull.dashboard.state.packages import policies_of
from pushpull.dashboard.state.state import State
from pushpull.scenario import policy_names
from pushpull.scenario.counted_levers import overall
from pushpull.scenario.schedules import TimePath, value_at

LOW, HIGH, PACKAGE = "low", "high", "package"
ALL_ROUTES = None


@dataclass(frozen=True)
class Mark:
    """A setting of a lever that has a name: its kind, its value in the model's unit, and the year (of the past) or the
    package that it comes from."""

    kind: str
    value: float
    year: float = math.nan
    package: str = ""


def marks_of(state: State, lever: str) -> dict[str | None, tuple[Mark, ...]]:
    """The marks of a lever for all routes together (under None), and for each where it is set by route."""
    today = state.today[lever]
    keys = (ALL_ROUTES, *(today if isinstance(today, Mapping) else ()))
    return {key: (*_past(state, lever, key), *_packages(state, lever, key)) for key in keys}


def past(state: State, lever: str, route: str | None = ALL_ROUTES) -> list[tuple[float, float]]:
    """The years and settings of a lever that the corridor's series holds until policy starts; none where it has no
    series. Over all routes it is their mean, weighted where the lever counts things."""
    given = state.scenario.corridor.policies.get(lever)
    if isinstance(given, Mapping):
        paths: Mapping[str, TimePath] = (
            given if route is ALL_ROUTES else {route: given[route]} if route in given else {}
        )
    else:
        paths = {} if given is None else {"": given}
    start = state.scenario.policy_start
    times = sorted({time for path in paths.values() for time in _times(path) if time <= start})
    if isinstance(given, Mapping) and route is ALL_ROUTES:
        members = state.scenario.corridor.members["route"]
        if set(paths) != set(members):
            return []
        return [
            (time, overall(state.scenario, lever, {each: value_at(paths[each], time) for each in members}))
            for time in times
        ]
    return [(time, value_at(path, time)) for path in paths.values() for time in times]


def _times(path: TimePath) -> Iterator[float]:
    for span in path:
        if len(span.times) > 1:
            yield from map(float, span.times)


def _past(state: State, lever: str, route: str | None) -> list[Mark]:
    points = past(state, lever, route)
    values = [value for _, value in points]
    if not values or min(values) == max(values):
        return []
    ends = ((LOW, min(values)), (HIGH, max(values)))
    return [Mark(kind, end, next(math.floor(time) for time, value in points if value == end)) for kind, end in ends]


def _packages(state: State, lever: str, route: str | None) -> list[Mark]:
    found = []
    for package in policy_names():
        values = _settings(state, lever, package)
        if route is not ALL_ROUTES:
            setting = values.get(route)
        else:
            setting = next(iter(values.values())) if len(set(values.values())) == 1 else None
        if setting is not None:
            found.append(Mark(PACKAGE, setting, package=package))
    return found


def _settings(state: State, lever: str, package: str) -> Mapping[str | None, float | None]:
    """What a package sets a lever to at the end of its schedule, by route where it is set by route; None where the
    package leaves it alone."""
    laid = replace(state.scenario.baseline(), policies=policies_of(package, state.scenario))
    values = value(laid, state.today, lever)
    by_route: dict[str | None, float] = dict(values.items() if isinstance(values, Mapping) else [(ALL_ROUTES, values)])
    forms = forms_of(laid, state.today, lever)
    return {route: by_route[route] if form is not None else None for route, form in forms.items()}
