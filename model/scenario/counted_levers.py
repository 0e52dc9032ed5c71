"""Levers told as a multiple of today's, and how many agents of a gateway or places to hold people one is.

The number is the model's own, a parameter that a corridor or a scenario states. Where neither does, there is none.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pushpull.scenario.scenario import Scenario

COUNTED = {"border_control": "reference_patrol_agents", "detention_capacity": "detention_places"}


def count_of(scenario: Scenario, lever: str) -> tuple[float, ...] | None:
    """How many agents or places one is, in all, or one number a route where the lever is set by route; None where the
    lever counts nothing, or where nobody states a number."""
    parameter = COUNTED.get(lever)
    if parameter is None or not _is_stated(scenario, parameter):
        return None
    members = scenario.corridor.members
    values = scenario.resolve_parameters((parameter,), members["population"])[0]
    by_route = values.reshape(len(members["origin"]), len(members["population"]), -1)[0, 0]
    is_by_route = scenario.catalogue.levers[lever].over == "route"
    return tuple(map(float, by_route)) if is_by_route else (float(by_route[0]),)


def is_assumed(scenario: Scenario, lever: str) -> bool:
    """Whether the number is an assumption: no series of the corridor moves the lever, and no note of the parameter says
    where the number comes from."""
    note = scenario.corridor.notes.get(COUNTED[lever], "Assumption")
    given = scenario.corridor.policies.get(lever)
    paths = given.values() if isinstance(given, Mapping) else [given] if given else []
    return note.startswith("Assumption") and not any(len(span.times) > 1 for path in paths for span in path)


def overall(scenario: Scenario, lever: str, values: Mapping[str, float]) -> float:
    """One value for all routes: the mean, weighted by what one is on each where the lever counts things."""
    weights = count_of(scenario, lever)
    return float(np.average(list(values.values()), weights=weights))


def _is_stated(scenario: Scenario, parameter: str) -> bool:
    return parameter in scenario.corridor.parameters or parameter in scenario.parameters
