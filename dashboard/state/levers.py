"""The settings of levers and context drivers in a scenario: what each comes to, and the scenario with another.

A setting is a form (a constant or a schedule), or one for each route. Where it is not set, today's value holds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from pushpull.catalogue import catalogue
from pushpull.dashboard.i18n.notices import Refusal
from pushpull.files.bounded_cache import MEGABYTE, Bounded
from pushpull.scenario import Scenario
from pushpull.scenario.schedules import Constant, Pulse, Ramp, Schedule, Step, Table

LeverValue = float | Mapping[str, float]  # one value, or one for each route
Today = Mapping[str, LeverValue]

_TODAY: Bounded[dict[str, LeverValue]] = Bounded("today's values", 2 * MEGABYTE, lambda held: len(repr(held)))


def values_today(scenario: Scenario) -> dict[str, LeverValue]:
    """Today's value of every lever and context driver: at the policy start, before any policy."""
    names = (*catalogue().levers, *catalogue().context)
    key = (scenario.corridor.digest, scenario.policy_start)
    return _TODAY.get_or_make(key, lambda: {name: scenario.today(name) for name in names})


def with_value(scenario: Scenario, today: Today, name: str, value: float | None, route: str | None = None) -> Scenario:
    """The scenario with a lever or driver set to a value from the policy start on, for all routes or one.

    A schedule keeps its years and aims at the new value. None, or today's value, unsets the name. Raises Refusal for a
    route there is not, and ScenarioFaults where the value is out of range.
    """
    forms: dict[str | None, object | None] = {**forms_of(scenario, today, name)}
    for key in forms if route is None else (route,):
        if key not in forms:
            raise Refusal("route", name=str(key)[:60])
        forms[key] = None if value is None or value == _at(today, name, key) else _aimed(forms[key], value)
    return _with_forms(scenario, name, forms)


def with_schedule(scenario: Scenario, today: Today, name: str, form: object, route: str | None = None) -> Scenario:
    """The scenario with a lever or driver on a schedule as a scenario file writes it, for all routes or one.

    Raises Refusal for a name or route there is not, and ScenarioFaults where the schedule makes no sense.
    """
    if name not in today:
        raise Refusal("lever", name=str(name)[:60])
    if route is None:
        return _with_setting(scenario, name, form)
    forms = forms_of(scenario, today, name)
    if route not in forms:
        raise Refusal("route", name=str(route)[:60])
    return _with_forms(scenario, name, {**forms, route: form})


def value(scenario: Scenario, today: Today, name: str) -> LeverValue:
    """What a lever or driver is set to (the aim of its schedule), per route where it varies."""
    values = {
        key: _at(today, name, key) if form is None else form.amounts[-1].resolved(_at(today, name, key))
        for key, form in forms_of(scenario, today, name).items()
    }
    return values[None] if None in values else {key: each for key, each in values.items() if key is not None}


def schedule(scenario: Scenario, today: Today, name: str) -> object | None:
    """The form of the first route that has one other than a constant."""
    forms = (form for form in forms_of(scenario, today, name).values() if form is not None)
    return next((form for form in forms if not isinstance(form, Constant)), None)


def first_year(scenario: Scenario, today: Today, name: str) -> float:
    """The year in which a lever or driver begins to move by a schedule of its own; infinite where it has none."""
    years = (form.first_year for form in forms_of(scenario, today, name).values() if form is not None)
    return min((year for year in years if year is not None), default=math.inf)


def forms_of(scenario: Scenario, today: Today, name: str) -> dict[str | None, Schedule | None]:
    """A form, or None where nothing is set, for each route or under None."""
    setting = scenario.policies.get(name, scenario.context.get(name))
    routes = today[name]
    if isinstance(routes, Mapping):
        return {route: setting.get(route) if isinstance(setting, Mapping) else setting for route in routes}
    return {None: None if isinstance(setting, Mapping) else setting}


def _with_forms(scenario: Scenario, name: str, forms: Mapping[str | None, object | None]) -> Scenario:
    """The scenario with these forms for a name, and none where all of them are None."""
    given = {key: form for key, form in forms.items() if form is not None}
    if not given:
        return _with_setting(scenario, name, None)
    return _with_setting(scenario, name, given[None] if None in given else given)


def _with_setting(scenario: Scenario, name: str, setting: object | None) -> Scenario:
    block = "policies" if name in catalogue().levers else "context"
    return scenario.with_changes({block: {name: setting}}, replacing=True)


def _at(today: Today, name: str, route: str | None) -> float:
    setting = today[name]
    if not isinstance(setting, Mapping):
        return setting
    if route is None:
        raise KeyError(f"{name} differs by route")
    return setting[route]


def _aimed(form: object | None, value: float) -> object:
    """A form with the same years that comes to a value; a table of years gives way to a constant."""
    match form:
        case Step():
            return {"step": {"year": form.year, "value": value}}
        case Ramp() | Pulse():
            word = "ramp" if isinstance(form, Ramp) else "pulse"
            return {word: {"from": form.start, "to": form.end, "value": value}}
        case None | Constant() | Table():
            return value
    raise TypeError(f"not a form: {form!r}")
