"""Stored evaluations of a corridor, read once for each state of their file."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pushpull.calibration.plan import read_plan
from pushpull.evaluation.stored import FILE, stored_evaluations
from pushpull.files.atomic import stamp
from pushpull.scenario import Scenario

KEPT = 8


def evaluations_of(scenario: Scenario) -> tuple[dict, ...]:
    """The evaluations beside a scenario's corridor, the base line first; none where none was made.

    Raises ScenarioFaults where their file cannot be read.
    """
    path = scenario.corridor.folder / FILE
    state = stamp(path)
    return () if state is None else _read(path, state)


def is_of_today(scenario: Scenario, evaluation: dict) -> bool:
    """Whether an evaluation is of today's model, corridor and plan."""
    return read_plan(scenario).digest == evaluation["model"]


@lru_cache(maxsize=KEPT)
def _read(path: Path, state: tuple[int, ...]) -> tuple[dict, ...]:
    return tuple(stored_evaluations(path.parent))
