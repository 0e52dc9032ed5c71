"""Scenario and corridor files: reading, checking, changing, resolving, writing."""

from .checking import Heading, check, heading
from .corridor import Corridor, Route
from .faults import Fault, ScenarioFaults
from .library import corridor_names, policy_names, scenario_names
from .scenario import Scenario
from .schema import scenario_schema, schema_text
from .series import RecordedSeries

__all__ = [
    "Corridor",
    "Fault",
    "Heading",
    "RecordedSeries",
    "Route",
    "Scenario",
    "ScenarioFaults",
    "check",
    "corridor_names",
    "heading",
    "policy_names",
    "scenario_names",
    "scenario_schema",
    "schema_text",
]
