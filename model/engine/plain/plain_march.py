"""The march through time in plain Python: the judge of its compiled twin, `engine.codegen.kernel_march`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from pushpull.engine.runs.halving import NOTHING_TOLD, PARTS, TOLERANCE
from pushpull.engine.runs.methods import Tableau


class Slopes(Protocol):
    """What works out slopes and values: see `engine.plain.evaluator.PlainEvaluator`."""

    def slopes_at(self, levels, inputs, constants, formulas, held, off, routes, values, slopes) -> None: ...

    def hold_causes(self, levels, values, held) -> None: ...


@dataclass(frozen=True, eq=False)
class Setting:
    """What stays the same through a run; `least` and `slack` (stock, 1) as `engine.runs.halving.limits` has them."""

    evaluator: Slopes
    constants: np.ndarray
    formulas: np.ndarray
    routes: int
    least: np.ndarray
    slack: np.ndarray


@dataclass(eq=False)
class March:
    """A run on its way: `levels` (stock, element) are advanced in place, `told` as in `engine.runs.halving.TOLD`."""

    setting: Setting
    levels: np.ndarray
    values: np.ndarray
    held: np.ndarray
    off: np.ndarray
    told: dict[str, int] = field(default_factory=lambda: dict(NOTHING_TOLD))

    def slopes(self, levels: np.ndarray, inputs: np.ndarray) -> np.ndarray:
        """Slopes of levels under inputs; `values` are written on the way."""
        setting, found = self.setting, np.zeros_like(levels)
        given = (setting.constants, setting.formulas, self.held, self.off, setting.routes, self.values)
        setting.evaluator.slopes_at(levels, inputs, *given, found)
        return found

    def step(
        self, levels: np.ndarray, first: np.ndarray, last: np.ndarray, length: float, known: Tableau
    ) -> tuple[np.ndarray, bool, bool]:
        """Levels at the end of a step between inputs, whether they are impossible, and whether too far off."""
        slopes = [self.slopes(levels, first)]
        for stage in range(1, len(known.weights)):
            state = levels + length * _weighed(known.parts[stage, :stage], slopes)
            slopes.append(self.slopes(state, first + known.times[stage] * (last - first)))
        found = levels + length * _weighed(known.weights, slopes)
        impossible = not np.isfinite(found.sum()) or bool((found < self.setting.least).any())
        if known.error is None:
            return found, impossible, False
        if known.looks_on:
            slopes.append(self.slopes(found, last))
        off = np.abs(length * _weighed(known.error, slopes))
        allowed = TOLERANCE * np.maximum(np.abs(levels), np.abs(found)) + self.setting.slack
        return found, impossible, not bool((off <= allowed).all())

    def move(self, first: np.ndarray, last: np.ndarray, length: float, known: Tableau, step: int) -> bool:
        """Go on by a move between inputs, in pieces where it fails as a whole; False where the run breaks, with
        `levels` those at the start of the piece that failed."""
        found, impossible, far_off = self.step(self.levels, first, last, length, known)
        if not (impossible or far_off):
            self.levels[:] = found
            return True
        place, piece, smallest, coarse = 0, PARTS // 2, PARTS, False
        self._take(self.levels)
        while place < PARTS:
            share, stop = place / PARTS, (place + piece) / PARTS
            begun, ended = first + share * (last - first), first + stop * (last - first)
            found, impossible, far_off = self.step(self.levels, begun, ended, length * (piece / PARTS), known)
            if piece > 1 and (impossible or far_off):
                piece //= 2
            elif impossible:
                self.told |= {"stopped_at": place, "stopped_by": piece}
                return False
            else:
                self._take(found)
                smallest, coarse = min(smallest, piece), coarse or far_off
                place += piece
                piece = place & -place
        self._tell(step, smallest, coarse)
        return True

    def _take(self, levels: np.ndarray) -> None:
        """Take levels over, and make nothing of what rounding has left below zero."""
        self.levels[:] = np.where((levels < 0) & (self.setting.least > -1), 0.0, levels)

    def _tell(self, step: int, smallest: int, coarse: bool) -> None:
        told = self.told
        told["first"] = step if told["first"] < 0 else told["first"]
        told |= {"halved": told["halved"] + 1, "last": step, "coarse": told["coarse"] + coarse}
        told["smallest"] = min(told["smallest"], smallest)


def march(
    setting: Setting,
    levels: np.ndarray,
    inputs: np.ndarray,
    cut: np.ndarray,
    time_step: float,
    bounds: np.ndarray,
    method: Callable[[int], Tableau],
    policy_step: int,
    every: int,
    values: np.ndarray,
    saved_levels: np.ndarray,
    saved_values: np.ndarray,
) -> tuple[int, Mapping[str, int]]:
    """Integrate move by move; return -1, or the move in which the run broke, and what is told of its halvings.

    levels (stocks, elements) is advanced in place; inputs (steps, 3, columns) hold the start, middle and end of each
    step, and are straight between the ends of a move; bounds (moves + 1) are the steps at which moves begin; method
    gives the `engine.runs.methods.Tableau` of a move of so many steps; saved_* receive the state at every `every`-th
    step and the last.
    """
    held = np.zeros((cut.size, levels.shape[1]))
    own = March(setting, levels, values, held, np.zeros(cut.size, dtype=np.uint8))
    saved = 0
    for move in range(bounds.size - 1):
        step, stop = int(bounds[move]), int(bounds[move + 1])
        first, last = inputs[step, 0], inputs[stop - 1, 2]
        if step == policy_step:
            own.slopes(levels, inputs[max(step - 1, 0), 2])
            setting.evaluator.hold_causes(levels, values, held)
            own.off[:] = cut
        if step % every == 0:
            own.slopes(levels, first)
            saved_levels[saved], saved_values[saved] = levels, values
            saved += 1
        if not own.move(first, last, (stop - step) * time_step, method(stop - step), step):
            return move, own.told
    own.slopes(levels, inputs[bounds[-1] - 1, 2])
    saved_levels[saved], saved_values[saved] = levels, values
    return -1, own.told


def _weighed(weights: np.ndarray, slopes: list[np.ndarray]) -> np.ndarray:
    """The weighed sum of slopes, in the order of the stages."""
    found = np.zeros_like(slopes[0])
    for weight, slope in zip(weights, slopes, strict=True):
        found += weight * slope
    return found
