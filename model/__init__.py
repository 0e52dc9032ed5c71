"""Pushpull: an interactive system-dynamics simulator of push-pull migration policy.

from model import Scenario, run, compare
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.comparing import compare
    from model.engine.result import Result
    from model.ensemble import run_ensemble
    from model.running import run
    from model.scenario import Scenario

__all__ = ["Result", "Scenario", "compare", "run", "run_ensemble"]

# Each is fetched when it is first asked for, so that a command that runs nothing starts at once.
_HOMES = {
    "Result": "model.engine.result",
    "Scenario": "model.scenario",
    "compare": "model.comparing",
    "run": "model.running",
    "run_ensemble": "model.ensemble",
}


def __getattr__(name: str):
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
