"""Plain-Python evaluation of the same equations: the kernel's judge, and the witness when a run breaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from pushpull.engine.codegen.layout import POPULATIONS, Layout
from pushpull.engine.language.declare import population
from pushpull.engine.language.graph import Model, Variable
from pushpull.engine.runs.methods import Tableau


def unpack(row: np.ndarray, over: tuple[str, ...], routes: int) -> np.ndarray:
    """A kernel row as an array over (population, route), of length one along an index it does not vary over."""
    block = row.reshape(POPULATIONS, routes)
    return block[: POPULATIONS if "population" in over else 1, : routes if "route" in over else 1]


def pack(array: np.ndarray, row: np.ndarray, over: tuple[str, ...], routes: int) -> None:
    """Write an array over (population, route) into a kernel row."""
    unpack(row, over, routes)[...] = array


@dataclass(frozen=True)
class PlainEvaluator:
    """Evaluates every equation by calling the declared functions."""

    model: Model
    layout: Layout
    routes: int

    def variables(
        self, levels, inputs, constants, formulas, held, off
    ) -> Iterator[tuple[str, np.ndarray, Mapping[str, np.ndarray]]]:
        """Yield name, value and the values known so far, in evaluation order; stocks' net flows come last."""
        known = self._given(levels, inputs, constants)
        chosen = dict(zip(self.layout.settings, formulas, strict=True))
        frozen = {
            (loop.cause, loop.effect): number for number, loop in enumerate(self.model.loops.values()) if off[number]
        }
        for name in (*self.layout.values, *self.layout.stocks):
            variable = self.model.variables[name]
            arguments = []
            equation = variable.equations[chosen.get(variable.setting, 0)]
            for cause in equation.arguments:
                if (cause, name) in frozen:
                    arguments.append(unpack(held[frozen[cause, name]], self.model.over(cause), self.routes))
                else:
                    arguments.append(known[cause])
            value = equation.declaration.function(*arguments)
            if variable.kind != "stock":
                known[name] = np.broadcast_to(value, self._shape(variable))
            yield name, value, known

    def slopes_at(self, levels, inputs, constants, formulas, held, off, routes, values, slopes) -> None:
        """The kernel's `slopes_at`, in plain Python."""
        del routes
        for name, value, _ in self.variables(levels, inputs, constants, formulas, held, off):
            stock = self.model.variables[name].kind == "stock"
            array = slopes[self.layout.stocks.index(name)] if stock else values[self.layout.values.index(name)]
            pack(value, array, self.model.over(name), self.routes)

    def hold_causes(self, levels, values, held) -> None:
        """The kernel's `hold_causes`, in plain Python."""
        for number, loop in enumerate(self.model.loops.values()):
            stock = loop.cause in self.layout.stocks
            rows, names = (levels, self.layout.stocks) if stock else (values, self.layout.values)
            held[number] = rows[names.index(loop.cause)]

    def _shape(self, variable: Variable) -> tuple[int, int]:
        return (POPULATIONS if variable.peopled else 1, self.routes if variable.routed else 1)

    def _given(self, levels, inputs, constants) -> dict[str, np.ndarray]:
        known = {}
        for rows, names in ((levels, self.layout.stocks), (constants, self.layout.constants)):
            for row, name in zip(rows, names, strict=True):
                known[name] = unpack(row, self.model.over(name), self.routes)
        scalars = len(self.layout.scalar_inputs)
        for column, name in enumerate(self.layout.scalar_inputs):
            known[name] = inputs[column].reshape(1, 1)
        for number, name in enumerate(self.layout.routed_inputs):
            first = scalars + number * self.routes
            known[name] = inputs[first : first + self.routes].reshape(1, self.routes)
        return known


NEARLY = 1e-6  # of the least level: what the kernel finds below it may be just above it in plain Python


def explain_break(
    evaluator: PlainEvaluator,
    known_method: Tableau,
    levels,
    ends,
    constants,
    formulas,
    held,
    off,
    time: float,
    length: float,
    routes: tuple[str, ...],
    least,
) -> str:
    """Replay one move, or a piece of one, between the inputs at its ends, every stage, and name the first value that
    is not finite, with its causes; or, where it is to blame or all else is finite, the stock that falls below its least
    level, with its flows."""
    slopes = np.zeros((len(known_method.weights), *levels.shape))
    values = np.zeros((len(evaluator.layout.values), levels.shape[1]))
    for stage, share in enumerate(known_method.times):
        with np.errstate(all="ignore"):
            inputs = ends[0] + share * (ends[1] - ends[0]) if share else ends[0]
            state = levels + length * np.tensordot(known_method.parts[stage, :stage], slopes[:stage], 1)
            steps = evaluator.variables(state, inputs, constants, formulas, held, off)
            for name, value, known in steps:
                array = np.broadcast_to(value, np.shape(value))
                if not np.all(np.isfinite(array)):
                    if (fallen := _fallen(state, least)) is not None:
                        *_, (_, _, known) = evaluator.variables(levels, ends[0], constants, formulas, held, off)
                        return _negative(evaluator, *fallen, levels, state, known, time + share * length, routes)
                    return _broken(evaluator, name, array, known, time + share * length, stage + 1, routes)
            evaluator.slopes_at(state, inputs, constants, formulas, held, off, len(routes), values, slopes[stage])
    with np.errstate(all="ignore"):
        after = levels + length * np.tensordot(known_method.weights, slopes, 1)
    if (fallen := _fallen(after, least, NEARLY)) is not None:
        *_, (_, _, known) = evaluator.variables(levels, ends[0], constants, formulas, held, off)
        return _negative(evaluator, *fallen, levels, after, known, time + length, routes)
    return f"a level left the range of numbers in the step from {time:.2f}; every variable was finite before it"


def _fallen(levels, least, room: float = 0.0) -> tuple[int, int] | None:
    """The row and element of the level that is farthest below its least, if any is, or comes as near as `room`."""
    with np.errstate(all="ignore"):
        below = np.where(np.isfinite(least) & np.isfinite(levels), (levels - least) / np.abs(least), np.inf)
    row, element = np.unravel_index(below.argmin(), below.shape)
    return (int(row), int(element)) if below[row, element] < room else None


def _broken(evaluator, name, array, known, time, stage, routes) -> str:
    at = tuple(int(place[0]) for place in np.nonzero(~np.isfinite(array)))
    variable = evaluator.model.variables[name]
    where = f"[{routes[at[-1]]}]" if variable.routed else ""
    first = f"{name}{where} became {array[at]} in {time:.2f} (stage {stage}); its causes then were"
    return "\n".join([first, *_causes(variable, known, at[-2] if array.ndim > 1 else 0, at[-1], routes)])


def _negative(evaluator, row, element, levels, after, known, time, routes) -> str:
    variable = evaluator.model.variables[evaluator.layout.stocks[row]]
    person, place = divmod(element, len(routes))
    labels = [population.labels[person]] if variable.peopled else []
    labels += [routes[place]] if variable.routed else []
    where = f"[{', '.join(labels)}]" if labels else ""
    fell = f"from {levels[row, element]:.6g} to {after[row, element]:.6g} {variable.unit}"
    first = f"{variable.name}{where} cannot be negative and fell {fell} in {time:.2f}, however short the step"
    return "\n".join([f"{first}; its flows then were", *_causes(variable, known, person, place, routes)])


def _causes(variable, known, person, place, routes) -> list[str]:
    found = []
    for cause in variable.arguments:
        level = np.broadcast_to(known[cause], (POPULATIONS, len(routes)))[person, place]
        found.append(f"    {cause} = {level:.6g}")
    return found
