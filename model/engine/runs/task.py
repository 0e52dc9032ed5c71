"""What a run needs, as numbers."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from pushpull.engine.language.indices import Extent, extent, origin
from pushpull.engine.stepping.halving import PARTS
from pushpull.engine.stepping.methods import STRIDES, Stride
from pushpull.files.bounded_cache import MEGABYTE, Bounded

SAVES_PER_YEAR = 4
BEND, LEAP = 1, 2
SHARED_ENDS: Bounded[tuple[np.ndarray, ...]] = Bounded(  # each keeps what it is of alive
    "ends of moves", 32 * MEGABYTE, lambda held: sum(each.nbytes for each in held)
)
_BOUNDS: Bounded[np.ndarray] = Bounded("bounds of moves", 8 * MEGABYTE, lambda held: 2 * held.nbytes)


class RunBroke(ArithmeticError):
    """A value stopped being finite, or a stock that cannot be negative fell below zero however short the step; the
    message names it, when, and its causes."""


@dataclass(frozen=True, eq=False)
class Break:
    """Where one member broke: in a `piece` of a `move` from a `place` within it, both in parts of
    `engine.stepping.halving.PARTS`, from `levels` (stock, element; None where they are lost); or, if `saved` is given,
    in the saved state of that number, whose levels are finite and some of whose values are not."""

    member: int = 0
    move: int = 0
    place: int = 0
    piece: int = PARTS
    levels: np.ndarray | None = None
    saved: int | None = None


class Broke(ArithmeticError):
    """Simulations that broke, not yet explained: see `engine.integrator.Integrator.explanation`."""

    def __init__(self, breaks: Sequence[Break]):
        super().__init__(f"members {', '.join(str(each.member) for each in breaks)} broke")
        self.breaks = tuple(breaks)

    @property
    def members(self) -> tuple[int, ...]:
        """Their numbers in the block."""
        return tuple(each.member for each in self.breaks)


@dataclass(frozen=True, eq=False)
class Column:
    """One lever or driver: `values` (step, 3), and the steps at whose start it may turn with how it does there."""

    values: np.ndarray
    steps: np.ndarray
    kinds: np.ndarray


@dataclass(frozen=True, eq=False)
class Inputs:
    """Levers and context over a grid of steps.

    `shared` (step, 3, column) holds them at the start, middle and end of each step and `shared_turns` how one of them
    turns at the start of each step, BEND, LEAP or zero; `changed` holds those columns that are different.
    """

    shared: np.ndarray
    shared_turns: np.ndarray
    changed: Mapping[int, Column] = field(default_factory=dict)

    @cached_property
    def turns(self) -> np.ndarray:
        """How one of them turns at the start of each step. A turn counts even where a changed column levels it."""
        turns = self.shared_turns.copy()
        for column in self.changed.values():
            turns[column.steps] = np.maximum(turns[column.steps], column.kinds)
        return turns

    def with_columns(self, other: Inputs, columns: Iterable[int]) -> Inputs:
        """The same with some columns as another has them, over the same grid."""
        changed = dict(self.changed)
        for column in columns:
            changed.pop(column, None)
            if column in other.changed:
                changed[column] = other.changed[column]
            elif other.shared is not self.shared:
                every = np.arange(len(other.shared_turns))
                changed[column] = Column(other.shared[:, :, column], every, other.shared_turns)
        return Inputs(self.shared, self.shared_turns, changed)

    @cached_property
    def whole(self) -> np.ndarray:
        """All of them, (step, 3, column)."""
        whole = self.shared.copy()
        for number, column in self.changed.items():
            whole[:, :, number] = column.values
        return whole

    def at(self, steps: np.ndarray, parts: np.ndarray) -> np.ndarray:
        """All of them at the start (part 0), middle (1) or end (2) of some steps, (step, column)."""
        rows = self.shared[steps, parts]
        for number, column in self.changed.items():
            rows[:, number] = column.values[steps, parts]
        return rows

    def ends(self, bounds: np.ndarray) -> np.ndarray:
        """All of them at the start and the end of each move, (move, 2, column)."""
        places, shared = self._shared_ends(bounds)
        ends = shared.copy()
        for number, column in self.changed.items():
            ends[:, number] = column.values.ravel()[places]
        return ends.reshape(len(bounds) - 1, 2, shared.shape[1])

    def _shared_ends(self, bounds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where the starts and ends of moves stand in a column, and what is shared there, (start or end, column)."""
        key = (id(self.shared), bounds.tobytes())
        entry = SHARED_ENDS.get(key)
        if entry is None or entry[0] is not self.shared:
            columns = self.shared.transpose(2, 0, 1).reshape(self.shared.shape[2], 3 * len(self.shared))
            places = np.stack([3 * bounds[:-1], 3 * bounds[1:] - 1], axis=1).ravel()
            entry = (self.shared, places, np.ascontiguousarray(columns.take(places, axis=1).T))
            SHARED_ENDS.put(key, entry)
        return entry[1], entry[2]

    def first(self, steps: int) -> Inputs:
        """The same over the first steps alone."""
        changed = {}
        for number, column in self.changed.items():
            own = column.steps < steps
            changed[number] = Column(column.values[:steps], column.steps[own], column.kinds[own])
        return Inputs(self.shared[:steps], self.shared_turns[:steps], changed)


@dataclass(frozen=True)
class Task:
    """Everything a run needs, as numbers: see `pushpull.engine.plain.plain_march` for the shapes."""

    routes: tuple[str, ...]
    start: float
    given: Inputs
    constants: np.ndarray
    formulas: np.ndarray
    cut: np.ndarray
    policy_step: int
    steps_per_year: int
    method: str
    saves_per_year: int = SAVES_PER_YEAR
    origins: tuple[str, ...] = (origin.alone,)

    @property
    def extent(self) -> Extent:
        """How many members each index has."""
        return extent(origin=len(self.origins), route=len(self.routes))

    @property
    def steps(self) -> int:
        """Number of steps."""
        return self.given.shared.shape[0]

    @property
    def inputs(self) -> np.ndarray:
        """Levers and context, (step, 3, column)."""
        return self.given.whole

    def first(self, steps: int) -> Task:
        """The same run, ended after so many steps."""
        return dataclasses.replace(self, given=self.given.first(steps))

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
        marks = self.given.turns.copy()
        marks[0] = LEAP
        if 0 <= self.policy_step < self.steps:
            marks[self.policy_step] = LEAP
        quarter = max(self.steps_per_year // SAVES_PER_YEAR, 1)
        key = (marks.tobytes(), self.every, quarter, STRIDES[self.method])
        return _BOUNDS.get_or_make(key, lambda: _bounds(*key))

    @property
    def kind(self) -> tuple[bytes, ...]:
        """What tasks of one corridor and horizon must have in common to be marched side by side."""
        how = f"{self.method} {self.policy_step} {self.every}".encode()
        return (how, self.bounds.tobytes(), self.formulas.tobytes(), self.cut.tobytes())

    def move_from(self, step: int) -> int:
        """The number of the move that begins at a step, of the last if the run ends there."""
        return min(int(np.searchsorted(self.bounds, step)), len(self.bounds) - 2)

    @property
    def every(self) -> int:
        """Steps from one saved state to the next: a quarter of a year, if nothing else is asked for."""
        return max(self.steps_per_year // self.saves_per_year, 1)


def _bounds(marks: bytes, every: int, quarter: int, stride: Stride) -> np.ndarray:
    """Where moves begin, and the end, from the turns of every step; a state is saved at every `every`-th."""
    turns, steps = np.frombuffer(marks, dtype=np.int8), len(marks)
    cuts = np.unique(np.concatenate([np.arange(0, steps, every), np.flatnonzero(turns), [steps]]))
    starts, lengths = cuts[:-1], np.diff(cuts)
    leaps = np.flatnonzero(turns == LEAP)
    since = starts - leaps[np.searchsorted(leaps, starts, side="right") - 1]
    longest = np.where(since < quarter, stride.soon, stride.quiet)
    longest[(since >= quarter) & (since < SAVES_PER_YEAR * quarter)] = stride.later
    longest[starts < SAVES_PER_YEAR * quarter] = stride.first
    pieces = -(-lengths // longest)
    number = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    inner = np.repeat(starts, pieces) + np.repeat(lengths, pieces) * number // np.repeat(pieces, pieces)
    bounds = np.append(inner, steps)
    bounds.flags.writeable = False
    return bounds
