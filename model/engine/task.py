"""What a run needs, as numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SAVES_PER_YEAR = 4


class RunBroke(ArithmeticError):
    """A value stopped being finite; the message names it, when, and its causes."""


@dataclass(frozen=True)
class Task:
    """Everything a run needs, as numbers: see `model.engine.march` for the shapes."""

    routes: tuple[str, ...]
    start: float
    inputs: np.ndarray
    constants: np.ndarray
    formulas: np.ndarray
    cut: np.ndarray
    policy_step: int
    steps_per_year: int
    euler: bool

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

    @property
    def every(self) -> int:
        """Steps from one saved state to the next: a quarter of a year."""
        return max(self.steps_per_year // SAVES_PER_YEAR, 1)
