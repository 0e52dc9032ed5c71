"""What a check file says, once it is read: checks, scenarios to run, windows of time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from pushpull.checking.claim import Predicate

PRESETS = ("default", "all_min", "all_max", "each_min", "each_max", "matrix")
ENDS = ("min", "max", "default")

LeverPosition = str | float
"""Where a lever stands: an end of its range, today's value ("default"), a number, or "2x" of today's."""


@dataclass(frozen=True)
class Window:
    """A stretch of time; in calendar years, or in years since the policy start."""

    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False
    high_open: bool = False
    since_policy: bool = False
    moment: float | None = None

    def within(self, time: np.ndarray, policy_start: float) -> np.ndarray:
        """Which of the saved times lie inside, shape (time,); a moment is the saved time nearest to it."""
        shift = policy_start if self.since_policy else 0.0
        if self.moment is not None:
            chosen = np.zeros(len(time), dtype=bool)
            chosen[int(np.argmin(np.abs(time - shift - self.moment)))] = True
            return chosen
        years, slack = time - shift, 1e-9
        after = years > self.low + slack if self.low_open else years >= self.low - slack
        before = years < self.high - slack if self.high_open else years <= self.high + slack
        return after & before


ALWAYS = Window()
AFTER_POLICY = Window(low=0.0, since_policy=True)


@dataclass(frozen=True)
class Ensemble:
    """Draws of the parameters, and the share of them in which a check must hold."""

    members: int
    seed: int = 1
    holds_in: float = 1.0


@dataclass(frozen=True)
class ScenarioEntry:
    """One entry of `scenarios`; it may stand for many runs, and is `called` by what it sets if it has no name.

    `pairs` are levers with their positions, set together; `each` are levers (or, as `each_block` says, drivers or
    parameters) moved one by one, each to every position of `each_at`. `loops_off` and `formulas` may be the word
    "each".
    """

    line: int | None = None
    name: str = ""
    called: str = ""
    preset: str = "default"
    package: str | None = None
    pairs: tuple[tuple[str, LeverPosition], ...] = ()
    each: tuple[str, ...] = ()
    each_at: tuple[LeverPosition, ...] = ()
    each_block: str = "policies"
    blocks: Mapping[str, Mapping] = field(default_factory=dict)
    loops_off: tuple[str, ...] | str = ()
    formulas: Mapping[str, str] | str = field(default_factory=dict)
    integration: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Check:
    """One `it` of a check file. `excepted` are places where the claim need not hold, each with the reason."""

    file: str
    line: int | None
    describe: str
    it: str
    corridors: tuple[str, ...]
    years: float | None = None
    ensemble: Ensemble | None = None
    scenarios: tuple[ScenarioEntry, ...] = (ScenarioEntry(),)
    outcomes: tuple[str, ...] = ()
    predicates: tuple[Predicate, ...] = ()
    model: tuple[str, ...] = ()
    excepted: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What is claimed, in a line."""
        return f"{self.describe}: {self.it}"
