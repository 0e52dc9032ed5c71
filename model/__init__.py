"""Pushpull: an interactive system-dynamics simulator of push-pull migration policy.

from pushpull import Scenario, run, compare, sweep
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pushpull.comparison import compare
    from pushpull.engine.runs.result import Result
    from pushpull.ensemble import run_ensemble
    from pushpull.scenario import Scenario
    from pushpull.simulation import run
    from pushpull.sweeps import sweep

__all__ = ["Result", "Scenario", "compare", "run", "run_ensemble", "sweep"]

# Each is fetched when it is first asked for, so that a command that runs nothing starts at once.
_HOMES = {
    "Result": "pushpull.engine.runs.result",
    "command_line": "pushpull.commands.application",  # for the page, which stands beside the commands
    "Scenario": "pushpull.scenario",
    "compare": "pushpull.comparison",
    "run": "pushpull.simulation",
    "run_ensemble": "pushpull.ensemble",
    "sweep": "pushpull.sweeps",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
