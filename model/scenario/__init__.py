"""Scenario and corridor files: reading, checking, changing, resolving, writing."""

from .corridor import Corridor, Route
from .faults import Fault, ScenarioFaults
from .library import corridor_names, policy_names, scenario_names
from .scenario import Scenario
from .series import RecordedSeries

__all__ = [
    "Corridor",
    "Fault",
    "RecordedSeries",
    "Route",
    "Scenario",
    "ScenarioFaults",
    "corridor_names",
    "policy_names",
    "scenario_names",
]
