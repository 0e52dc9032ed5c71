"""What is saved of many simulations, in one stretch of memory."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np

from pushpull.engine.codegen.layout import Cells
from pushpull.engine.language.graph import Model
from pushpull.engine.language.indices import INDICES, Extent
from pushpull.engine.language.rows import Layout, shapes
from pushpull.engine.runs.task import Task
from pushpull.engine.stepping.halving import Halvings, room_to_tell


class Selection:
    """The variables that are saved of a simulation of that extent, and where a machine has their numbers."""

    def __init__(self, model: Model, layout: Layout, names: Sequence[str], whole: Extent):
        self.layout, self.names = layout, tuple(names)
        self.shapes = shapes(model, self.names, whole)
        self._sources: dict[int, np.ndarray] = {}

    @cached_property
    def widths(self) -> np.ndarray:
        """How many numbers each variable has in a state, (name)."""
        return np.array([math.prod(shape) for shape in self.shapes.values()], dtype=np.int64)

    def sources(self, machine: Cells) -> np.ndarray:
        """Where a machine has the first lane's numbers of these variables, one behind the other, (number)."""
        if machine.lanes not in self._sources:
            self._sources[machine.lanes] = machine.sources(self.layout, self.names)
        return self._sources[machine.lanes]


class SavedBlock(Mapping[str, np.ndarray]):
    """What is saved of so many `members`: for every selected variable an array (member, time, [origin,]
    population, route), of length one along what it does not vary over, made when it is asked for.

    The saved states of a task are its `times`, without the first `skipped`. `told` (member, one of
    `engine.stepping.halving.TOLD`) receives what was shortened in each member. `room` gives an array of so many
    doubles.
    """

    def __init__(
        self,
        selection: Selection,
        task: Task,
        members: int = 1,
        skipped: int = 0,
        room: Callable[[int], np.ndarray] = np.empty,
    ):
        self.selection, self.members, self.skipped = selection, members, skipped
        self.times = len(task.saved_steps) - skipped
        self.start, self.steps_per_year = task.start, task.steps_per_year
        self.numbers = room(int(members * self.times * selection.widths.sum()))
        self.told = room_to_tell(members)
        self._plans: dict[int, dict[str, np.ndarray]] = {}

    def halvings(self, rows: Sequence[int] | np.ndarray | slice = slice(None)) -> Halvings:
        """Where moves through time were shortened, of all members or of some in that order."""
        return Halvings.of(self.told[rows], self.start, self.steps_per_year)

    def copies(self, machine: Cells) -> dict[str, np.ndarray]:
        """For every number that is saved of a state, where a machine has it and where it goes: the fields `sources`,
        `targets`, `widths` and `strides` of `engine.codegen.layout`."""
        if machine.lanes not in self._plans:
            widths = self.selection.widths
            each = np.repeat(widths, widths)
            within = np.arange(len(each)) - np.repeat(np.cumsum(widths) - widths, widths)
            self._plans[machine.lanes] = {
                "sources": self.selection.sources(machine),
                "targets": np.repeat(self._firsts, widths) + within,
                "widths": each,
                "strides": each * self.times,
            }
        return self._plans[machine.lanes]

    @cached_property
    def _firsts(self) -> np.ndarray:
        """Where the numbers of each variable begin, (name)."""
        widths = self.selection.widths
        return (np.cumsum(widths) - widths) * self.members * self.times

    @cached_property
    def _first_of(self) -> dict[str, int]:
        return dict(zip(self.selection.names, self._firsts.tolist(), strict=True))

    def __getitem__(self, name: str) -> np.ndarray:
        first, shape = self._first_of[name], (self.members, self.times, *self.selection.shapes[name])
        return self.numbers[first : first + math.prod(shape)].reshape(shape)

    def __contains__(self, name: object) -> bool:
        return name in self._first_of

    def __iter__(self) -> Iterator[str]:
        return iter(self.selection.names)

    def __len__(self) -> int:
        return len(self.selection.names)


class MemberOfBlock(Mapping[str, np.ndarray]):
    """What is saved of one member of a block; the arrays are those of the block, with this member alone."""

    def __init__(self, block: SavedBlock, member: int):
        self._block, self._member = block, slice(member, member + 1)

    def __getitem__(self, name: str) -> np.ndarray:
        return self._block[name][self._member]

    def __contains__(self, name: object) -> bool:
        return name in self._block

    def __iter__(self) -> Iterator[str]:
        return iter(self._block)

    def __len__(self) -> int:
        return len(self._block)


def as_rows(arrays: Mapping[str, np.ndarray], names: Sequence[str], whole: Extent) -> np.ndarray:
    """Arrays (member, time, [origin,] population, route) of these variables as the engine has them, (member, time, row,
    element), with zero where a variable does not vary; raise KeyError where one of them is missing."""
    first = next(iter(arrays.values()))
    rows = np.zeros((*first.shape[:2], len(names), *whole))
    for row, name in enumerate(names):
        block = arrays[name]
        block = block.reshape(*block.shape[:2], *(1,) * (len(INDICES) + 2 - block.ndim), *block.shape[2:])
        own = tuple(slice(count) for count in block.shape[2:])
        rows[:, :, row][(slice(None), slice(None), *own)] = block
    return rows.reshape(*rows.shape[:3], -1)
