"""What a check looks at: a named variable, on which route, of whom, over which time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pushpull.checking.grammar import Window
from pushpull.engine.language.declare import population
from pushpull.engine.runs.result import Result
from pushpull.scenario import Scenario

NAME = re.compile(r"(?P<name>[a-z][a-z0-9_]*)(@(?P<route>[a-z][a-z0-9_]*))?(\[(?P<who>[a-z]+)\])?\Z")
EACH, BUSIEST, OTHERS = "each", "busiest", "others"
MEASURES = ("mean", "end", "max", "min")


@dataclass(frozen=True)
class OutcomeCurve:
    """One curve: values over (member, time) at the times of the window."""

    label: str
    time: np.ndarray
    values: np.ndarray

    def measured(self, measure: str) -> np.ndarray:
        """One number for each member, shape (member,)."""
        if measure == "end":
            return self.values[:, -1]
        return getattr(self.values, measure)(axis=1)


def curves_of(result: Result, scenario: Scenario, outcome: str, window: Window) -> Iterator[OutcomeCurve]:
    """The curves an outcome stands for: one, or with `@each` one for every route and population."""
    chosen = window.within(result.time, scenario.policy_start)
    for label, values in _parts(result, scenario, outcome):
        yield OutcomeCurve(label, result.time[chosen], values[:, chosen])


def curve_of(result: Result, scenario: Scenario, outcome: str, window: Window) -> OutcomeCurve:
    """The one curve of an outcome that stands for one."""
    (curve,) = curves_of(result, scenario, outcome, window)
    return curve


def parts_of(outcome: str) -> re.Match[str]:
    """The parts of an outcome as a claim writes it: `name`, `route` and `who`; raises ValueError where it is none."""
    parts = NAME.match(outcome)
    if parts is None:
        raise ValueError(f"{outcome!r} is no name of an outcome")
    return parts


def _parts(result: Result, scenario: Scenario, outcome: str) -> Iterator[tuple[str, np.ndarray]]:
    parts = parts_of(outcome)
    name, route, who = parts["name"], parts["route"], parts["who"]
    if route is None and who is None:
        yield name, result.total(name)
        return
    block = result.across_origins(name)
    summed = _summed(result, name)
    if route == EACH:
        for person in range(block.shape[2]):
            for column in range(block.shape[3]):
                yield _label(name, result, block, person, column), block[:, :, person, column]
        return
    people = slice(None) if who is None else slice(population.labels.index(who), population.labels.index(who) + 1)
    columns = _columns(result, scenario, route)
    part = block[:, :, people][:, :, :, columns]
    yield outcome, part.sum(axis=(2, 3)) if summed else part.mean(axis=(2, 3))


def _columns(result: Result, scenario: Scenario, route: str | None) -> list[int]:
    busiest = scenario.corridor.busiest
    if route is None:
        return list(range(len(result.routes)))
    if route == OTHERS:
        return [column for column, name in enumerate(result.routes) if name != busiest]
    return [result.routes.index(busiest if route == BUSIEST else route)]


def _summed(result: Result, name: str) -> bool:
    variable = result.model.variables.get(name)
    return variable is not None and variable.across == "sum"


def _label(name: str, result: Result, block: np.ndarray, person: int, column: int) -> str:
    route = f"@{result.routes[column]}" if block.shape[3] > 1 else ""
    return name + route + (f"[{population.labels[person]}]" if block.shape[2] > 1 else "")
