"""What a run needs, as numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from model.engine.methods import STRIDES

SAVES_PER_YEAR = 4
BEND, LEAP = 1, 2


class RunBroke(ArithmeticError):
    """A value stopped being finite; the message names it, when, and its causes."""


@dataclass(frozen=True)
class Task:
    """Everything a run needs, as numbers: see `model.engine.march` for the shapes.

    `turns` marks the steps at whose start an input bends or leaps: BEND, LEAP or nought for each.
    """

    routes: tuple[str, ...]
    start: float
    inputs: np.ndarray
    turns: np.ndarray
    constants: np.ndarray
    formulas: np.ndarray
    cut: np.ndarray
    policy_step: int
    steps_per_year: int
    method: str

    @property
    def steps(self) -> int:
        """Number of steps."""
        return self.inputs.shape[0]

    @property
    def time_step(self) -> float:
        """Length of a step, in years."""
        return 1.0 / self.steps_per_year

    @property
    def saved_steps(self) -> np.ndarray:
        """Steps at whose start a state is saved; the last is the end of the run."""
        return np.append(np.arange(0, self.steps, self.every), self.steps)

    @property
    def times(self) -> np.ndarray:
        """Times of the saved states, in years."""
        return self.start + self.saved_steps * self.time_step

    @cached_property
    def bounds(self) -> np.ndarray:
        """Steps at which the march begins a move, and the end: moves are short after a leap, and cut at every bend,
        at the policy start and where a state is saved. They depend on when inputs turn and not on how far."""
        stride = STRIDES[self.method]
        marks = np.array(self.turns[: self.steps])
        marks[0] = LEAP
        if 0 <= self.policy_step < self.steps:
            marks[self.policy_step] = LEAP
        saved = self.saved_steps
        cuts = np.unique(np.concatenate([saved, np.flatnonzero(marks)]))
        starts, lengths = cuts[:-1], np.diff(cuts)
        leaps = np.flatnonzero(marks == LEAP)
        since = starts - leaps[np.searchsorted(leaps, starts, side="right") - 1]
        longest = np.where(since < self.every, stride.soon, stride.quiet)
        longest[(since >= self.every) & (since < SAVES_PER_YEAR * self.every)] = stride.later
        pieces = -(-lengths // longest)
        number = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        inner = np.repeat(starts, pieces) + np.repeat(lengths, pieces) * number // np.repeat(pieces, pieces)
        return np.append(inner, self.steps)

    def move_from(self, step: int) -> int:
        """The number of the move that begins at a step, of the last if the run ends there."""
        return min(int(np.searchsorted(self.bounds, step)), len(self.bounds) - 2)

    @property
    def every(self) -> int:
        """Steps from one saved state to the next: a quarter of a year."""
        return max(self.steps_per_year // SAVES_PER_YEAR, 1)
