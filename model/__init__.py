"""Pushpull: an interactive system-dynamics simulator of push-pull migration policy.

from pushpull import Scenario, run, compare, sweep
"""

from typing import TYPE_CHECKING

from pushpull.first_use import fetched_on_first_use

if TYPE_CHECKING:
    from pushpull.comparison import compare
    from pushpull.engine.runs.result import Result
    from pushpull.ensemble import run_ensemble
    from pushpull.scenario import Scenario
    from pushpull.simulation import run
    from pushpull.sweeps import sweep

__all__ = ["Result", "Scenario", "compare", "run", "run_ensemble", "sweep"]

_HOMES = {
    "engine.runs.result": ("Result",),
    "commands.application": ("command_line",),  # for the page, which stands beside the commands
    "scenario": ("Scenario",),
    "comparison": ("compare",),
    "simulation": ("run",),
    "ensemble": ("run_ensemble",),
    "sweeps": ("sweep",),
}

__getattr__, __dir__ = fetched_on_first_use(__name__, _HOMES)
