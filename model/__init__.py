"""Pushpull: an interactive system-dynamics simulator of push-pull migration policy."""

from model.engine.result import Result
from model.running import run
from model.scenario import Scenario

__all__ = ["Result", "Scenario", "run"]
