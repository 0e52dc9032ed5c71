"""Scenario and corridor files: reading, checking, changing, resolving, writing."""

from .checking import Heading, check, heading, notes
from .corridor import Corridor, Route
from .faults import Fault, ScenarioFaults
from .fit_in_force import FitInForce, OutOfDateFit
from .library import corridor_names, policy_names, scenario_names
from .remarks import remarks
from .scenario import Scenario
from .schema import scenario_schema, schema_text
from .series import RecordedSeries
from .summary import Summary, summary
from .versions import SCHEMA_VERSION, Note

__all__ = [
    "Corridor",
    "Fault",
    "FitInForce",
    "Heading",
    "Note",
    "OutOfDateFit",
    "SCHEMA_VERSION",
    "RecordedSeries",
    "Route",
    "Scenario",
    "Summary",
    "ScenarioFaults",
    "check",
    "corridor_names",
    "heading",
    "notes",
    "policy_names",
    "remarks",
    "scenario_names",
    "scenario_schema",
    "schema_text",
    "summary",
]
