"""Scenario and corridor files: reading, checking, changing, resolving, writing.

The way of a file from `Scenario.load` to the numbers of a run:

    Scenario.load(path or name)                  scenario.py
      loading.load                               loading.py         every fault of all files is raised at once
        library.find, find_extended              library.py         the file, and what it extends
        files.tree.read_tree                     files/tree.py      YAML -> nodes that know their line
        migrations.renewed                       migrations.py      a file of an earlier version, as of today
        corridor_loading.corridor_in             corridor_loading.py
          CorridorReader -> SettingsReader       *_reader.py        routes, series, today's settings
          fitted_numbers.with_calibrated         fitted_numbers.py  numbers of a fit in the place of its own
        draft.lay, for each file                 draft.py           by an Interpreter (interpreter.py) of nodes
        draft_checks.checked                     draft_checks.py    years, ranges and shares of the whole
      Scenario, frozen                           with_... make a Draft of it, lay changes over it, check it again
    Scenario.resolve_inputs, .resolve_parameters resolve.py         schedules -> spans (schedules.py) -> arrays
"""

from pushpull.files.faults import Fault, ScenarioFaults
from pushpull.scenario.corridor import Corridor, Route
from pushpull.scenario.corridor_loading import corridor_in, load_corridor
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
    "corridor_in",
    "corridor_names",
    "heading",
    "load_corridor",
    "notes",
    "policy_names",
    "remarks",
    "scenario_names",
    "scenario_schema",
    "schema_text",
    "corridor_summary",
]
