"""Every equation by calling its function: slow, and the judge of the kernel; it also names what broke."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from pushpull.engine.language.graph import Model
from pushpull.engine.language.indices import INDICES, Extent, shape
from pushpull.engine.language.rows import Layout
from pushpull.engine.language.words import namespace
from pushpull.engine.runs.task import Task


def unpack(row: np.ndarray, over: tuple[str, ...], whole: Extent) -> np.ndarray:
    """A row (element) of a name that varies over these indices, as an array ([origin,] population, route), of length
    one along an index over which it does not."""
    chosen = tuple(slice(None) if index.name in over else 0 if index.alone else slice(1) for index in INDICES)
    return row.reshape(whole)[chosen]


def pack(array: np.ndarray, row: np.ndarray, over: tuple[str, ...], whole: Extent) -> None:
    """Write an array ([origin,] population, route) into a row (element)."""
    unpack(row, over, whole)[...] = array


@dataclass(frozen=True, eq=False)
class Conditions:
    """All that the equations are evaluated under at one moment, in the order of the kernel's `Layout`.

    levels (stock, element); inputs (column) are levers and context; constants (parameter, element); formulas (setting)
    number the rival formula in force; off (loop) says which loops are cut, and held (loop, element) at which cause each
    of these stands. An element is a population of an origin on a route.
    """

    levels: np.ndarray
    inputs: np.ndarray
    constants: np.ndarray
    formulas: np.ndarray
    held: np.ndarray
    off: np.ndarray

    @classmethod
    def of(cls, task: Task, levels: np.ndarray, inputs: np.ndarray) -> Conditions:
        """Those of a task with every loop on."""
        loops = len(task.cut)
        held, off = np.zeros((loops, levels.shape[1])), np.zeros(loops, dtype=np.uint8)
        return cls(levels, inputs, task.constants, task.formulas, held, off)


@dataclass(frozen=True)
class PlainEvaluator:
    """Evaluates the equations of a model on so many members of each index."""

    model: Model
    layout: Layout
    extent: Extent

    def variables(self, conditions: Conditions) -> Iterator[tuple[str, np.ndarray, Mapping[str, np.ndarray]]]:
        """Yield name, value and all values so far by name, each ([origin,] population, route), in the order of
        evaluation; net flows of stocks come last."""
        by_name = self._given(conditions)
        chosen = dict(zip(self.layout.settings, conditions.formulas, strict=True))
        loops = zip(self.model.loops.values(), conditions.held, conditions.off, strict=True)
        frozen = {(loop.cause, loop.effect): cause for loop, cause, is_off in loops if is_off}
        for name in (*self.layout.values, *self.layout.stocks):
            variable = self.model.variables[name]
            equation = variable.equations[chosen.get(variable.setting, 0) if variable.setting is not None else 0]
            arguments = [
                unpack(frozen[cause, name], self.model.over(cause), self.extent)
                if (cause, name) in frozen
                else by_name[cause]
                for cause in equation.arguments
            ]
            value = np.asarray(equation.declaration.function(*arguments), dtype=float)
            if variable.kind != "stock":
                by_name[name] = np.broadcast_to(value, shape(self.model.over(name), self.extent))
            yield name, value, by_name

    def evaluate(self, conditions: Conditions, unwritten: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
        """Values (row, element) and slopes (stock, element), `unwritten` where a variable does not vary."""
        values = np.full((len(self.layout.values), conditions.levels.shape[1]), unwritten)
        slopes = np.full_like(conditions.levels, unwritten)
        rows = {name: row for names, rows in self._rows(slopes, values) for name, row in zip(names, rows, strict=True)}
        for name, value, _ in self.variables(conditions):
            pack(value, rows[name], self.model.over(name), self.extent)
        return values, slopes

    def causes_of_loops(self, levels: np.ndarray, values: np.ndarray) -> np.ndarray:
        """The cause of the cut link of every loop, (loop, element), from levels (stock, element) and values."""
        rows = {name: row for names, rows in self._rows(levels, values) for name, row in zip(names, rows, strict=True)}
        causes = [rows[loop.cause] for loop in self.model.loops.values()]
        return np.array(causes).reshape(len(causes), levels.shape[1])

    def stated_levels(self, task: Task) -> np.ndarray:
        """Stocks as their initial expressions state them, (stock, element)."""
        levels = np.zeros((len(self.layout.stocks), math.prod(self.extent)))
        by_name = {**namespace(), **self._given(Conditions.of(task, levels, task.inputs[0, 0]))}
        for stock, row in zip(self.model.stocks, levels, strict=True):
            level = eval(stock.declaration.initial, {"__builtins__": {}}, by_name)  # noqa: S307  ours, and unit-checked
            pack(level, row, self.model.over(stock.name), self.extent)
        return levels

    def _rows(self, levels: np.ndarray, values: np.ndarray) -> tuple[tuple[tuple[str, ...], np.ndarray], ...]:
        return ((self.layout.stocks, levels), (self.layout.values, values))

    def _given(self, conditions: Conditions) -> dict[str, np.ndarray]:
        """Levels, parameters, levers and context by name, each ([origin,] population, route)."""
        by_name = {}
        for rows, names in ((conditions.levels, self.layout.stocks), (conditions.constants, self.layout.constants)):
            for row, name in zip(rows, names, strict=True):
                by_name[name] = unpack(row, self.model.over(name), self.extent)
        for name, columns in self.layout.columns(self.extent).items():
            own = shape(self.model.over(name), self.extent)
            by_name[name] = conditions.inputs[columns].reshape(own)
        return by_name
