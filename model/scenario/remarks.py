"""What a whole scenario means that its author may not expect; told, and never refused."""

from __future__ import annotations

from collections.abc import Mapping

from pushpull.scenario.migrations import Note
from pushpull.scenario.scenario import Scenario
from pushpull.scenario.schedules import Pulse, Schedule, Table, breakpoints
from pushpull.wording.phrases import Phrase

ROUNDING = 1e-9


def remarks(scenario: Scenario) -> list[Note]:
    """The remarks on a scenario, each with the place of the setting it is about."""
    notes = []
    for name, setting in (*scenario.policies.items(), *scenario.context.items()):
        schedules = setting.items() if isinstance(setting, Mapping) else [(None, setting)]
        for route, schedule in schedules:
            if _multiplies_nothing(scenario, name, route, schedule):
                file, line = schedule.where
                message = Phrase(
                    "{name} is 0 in {policy_start:g}, and times_today of 0 is 0: give a number",
                    name=name,
                    policy_start=scenario.policy_start,
                )
                notes.append(Note(file or Phrase("the scenario"), line, message))
                break
            if _flattens(scenario, name, route, schedule):
                file, line = schedule.where
                of = Phrase("{name} of {route}", name=name, route=route) if route else name
                message = Phrase(
                    "{of} moves along a path of its own after {policy_start:g}; times_today puts a "
                    "multiple of its value in {policy_start:g} in the place of that path; a table keeps its shape",
                    of=of,
                    policy_start=scenario.policy_start,
                )
                notes.append(Note(file or Phrase("the scenario"), line, message))
                break
    return notes


def _multiplies_nothing(scenario: Scenario, name: str, route: str | None, schedule: Schedule) -> bool:
    """Whether a multiple of today's value is one of zero wherever it holds."""
    today = scenario.today(name)
    if isinstance(today, Mapping):
        today = today[route] if route is not None else max(today.values(), key=abs)
    return today == 0 and any(amount.times_today and amount.value != 1 for amount in schedule.amounts)


def _flattens(scenario: Scenario, name: str, route: str | None, schedule: Schedule) -> bool:
    """Whether a multiple of today's value replaces a path that would move while it lasts."""
    if isinstance(schedule, Table) or not any(amount.times_today for amount in schedule.amounts):
        return False
    today = scenario.today(name)
    keys = [route] if route is not None else list(today) if isinstance(today, Mapping) else [None]
    start = scenario.policy_start if schedule.first_year is None else schedule.first_year
    end = min(schedule.end, scenario.end) if isinstance(schedule, Pulse) else scenario.end
    if start >= end:
        return False
    for each in keys:
        _, values = breakpoints(scenario.corridor.path(name, scenario.catalogue, each), start, end)
        if values.max() - values.min() > ROUNDING * abs(values).max():
            return True
    return False
