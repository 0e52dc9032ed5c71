"""Scenario and corridor files: reading, checking, changing, resolving, writing."""

from pushpull.files.faults import Fault, ScenarioFaults
from pushpull.scenario.corridor import Corridor, Route
from pushpull.scenario.fit_in_force import FitInForce, OutOfDateFit
from pushpull.scenario.library import corridor_names, policy_names, scenario_names
from pushpull.scenario.migrations import SCHEMA_VERSION, Note
from pushpull.scenario.remarks import remarks
from pushpull.scenario.scenario import Scenario
from pushpull.scenario.schema import scenario_schema, schema_text
from pushpull.scenario.series import RecordedSeries
from pushpull.scenario.summary import CorridorSummary, corridor_summary
from pushpull.scenario.validation import Heading, check, heading, notes

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
    "CorridorSummary",
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
    "corridor_summary",
]
