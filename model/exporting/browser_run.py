"""A corridor as the numbers that a browser needs to run it: the frozen run, every path on its grid, and draws."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from pushpull.catalogue import catalogue
from pushpull.engine.browser.frozen_run import frozen
from pushpull.engine.codegen.layout import DOUBLES, SINGLE
from pushpull.engine.language.indices import NAMES
from pushpull.engine.runs.block import SavedBlock
from pushpull.engine.runs.result import WEIGHT
from pushpull.engine.runs.task import Task
from pushpull.engine.stepping.halving import PARTS, TOLD
from pushpull.engine.stepping.methods import STRIDES
from pushpull.preparation import integrator, names_to_keep, task_of
from pushpull.scenario import Scenario
from pushpull.scenario.resolve import column_paths
from pushpull.scenario.schedules import Span
from pushpull.shocks import Shocks

LAID_THERE = ("inputs", "bounds")  # what a browser works out for each setting


def browser_run(scenario: Scenario, keep: Iterable[str] | None = None, lanes: int = SINGLE) -> dict[str, Any]:
    """What `javascript/pocket/inputs.js` and `kernel.js` read of a corridor: plain values and numpy's arrays.

    The scenario's levers and context are not in it: they are laid over the corridor's own paths there, as any setting
    is (`changes`). Variables that are kept: the outcomes, if nothing else is asked for.
    """
    plain = scenario.baseline().with_changes(context=dict.fromkeys(scenario.context))
    task, engine = task_of(plain), integrator()
    block = SavedBlock(engine.selection(names_to_keep(keep), task), task, lanes)
    runner = engine.runner(task, lanes)
    run = frozen(runner.ready(task, block))
    return {
        "fields": list(run.fields),
        "doubles": list(DOUBLES),
        "room": run.room,
        "given": {name: array for name, array in run.given.items() if name not in LAID_THERE},
        "numbers": run.numbers,
        "grid": _grid(task),
        "turns": task.given.shared_turns,
        "paths": [[_written(span) for span in path] for _, _, path in _paths(plain)],
        "columns": _columns(plain),
        "shocks": _shocks(Shocks.of(plain, task)),
        "saved": {"times": task.times, "weight": WEIGHT, "names": _places(block)},
        "places": runner.machine.places["parameters"],
        "telling": {"names": list(TOLD), "parts": PARTS},
    }


def changes(scenario: Scenario) -> list[dict[str, Any]]:
    """The levers and context of a scenario as spans to be laid over a corridor's paths."""
    return [
        {"name": name, "member": member, "span": _written(span)}
        for name, by_member in scenario.spans.items()
        for member, span in by_member.items()
    ]


def _paths(scenario: Scenario) -> Iterable[tuple[str, str | None, Any]]:
    layout = integrator().layout
    return column_paths(scenario.corridor, catalogue(), layout.scalar_inputs, tuple(dict(layout.indexed_inputs)))


def _columns(scenario: Scenario) -> dict[str, dict[str, list[int]]]:
    columns: dict[str, dict[str, list[int]]] = {}
    for number, (name, member, _) in enumerate(_paths(scenario)):
        columns.setdefault(name, {}).setdefault(member or "", []).append(number)
    return columns


def _grid(task: Task) -> dict[str, Any]:
    return {
        "start": task.start,
        "steps": task.steps,
        "steps_per_year": task.steps_per_year,
        "policy_step": task.policy_step,
        "every": task.every,
        "stride": dataclasses.asdict(STRIDES[task.method]),
    }


def _written(span: Span) -> dict[str, Any]:
    """A span; a time without end is nothing."""
    return {
        "start": span.start if math.isfinite(span.start) else None,
        "stop": span.stop if math.isfinite(span.stop) else None,
        "times": [float(time) for time in span.times],
        "values": [float(value) for value in span.values],
        "jump": span.jump,
    }


def _shocks(shocks: Shocks | None) -> dict[str, Any] | None:
    if shocks is None:
        return None
    return {"knots": shocks.knots, "turns": shocks.turns, "columns": list(shocks.columns.values())}


def futures_of(scenario: Scenario, draws: Iterable[int]) -> np.ndarray | None:
    """How many times as many of each origin set out at the knots, in the future of each draw (draw, origin, knot)."""
    shocks = Shocks.of(scenario, task_of(scenario))
    if shocks is None:
        return None
    return np.array([[shocks.errors.factors(draw, origin, shocks.end) for origin in shocks.columns] for draw in draws])


def _places(block: SavedBlock) -> list[dict[str, Any]]:
    """Of each variable that is kept, where its numbers begin, over which (origin, population, route) they stand in a
    state, and whether they add up."""
    variables, names = catalogue().model.variables, block.selection.names
    ends = np.cumsum(block.members * block.times * block.selection.widths)
    return [
        {
            "name": name,
            "first": int(end - block.members * block.times * width),
            "shape": [1] * (len(NAMES) - len(block.selection.shapes[name])) + list(block.selection.shapes[name]),
            "adds_up": variables[name].across == "sum",
        }
        for name, end, width in zip(names, ends, block.selection.widths, strict=True)
    ]
