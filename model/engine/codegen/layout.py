"""Where every number of a run stands inside a kernel: the one place that says so.

Outside, in numpy, an array has a row for each name and in it an element for each origin, population and route
(`engine.language.rows.Layout`). Inside, a kernel has arrays of cells, one for each number of a run that there really
is (`Memory`): a name that does not vary over routes takes one cell and not one for each. How wide a cell is, and how
many cells fill a vector, is the kernel's `Form`. A machine gets all its arrays by one pointer, to the FIELDS.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from pushpull.engine.language.graph import Model
from pushpull.engine.language.indices import IN_REGISTERS, NAMES, Extent, parts
from pushpull.engine.language.rows import Layout

WIDTH = 4  # doubles in a vector
LINE = 8  # doubles in a line of the processor's cache
SINGLE, SIDE_BY_SIDE = 1, WIDTH  # runs at a time

# What a machine is given: every field is eight bytes, in this order. Arrays of levels, slopes and values hold a cell
# for each number there is; `size` counts the doubles of one of levels, a multiple of four.
POINTERS = {
    "parameters": "of these runs, as Memory lays them out",
    "inputs": "levers and context at the start and the end of every move (move, 2, column, lane)",
    "formulas": "for every setting, the number of the formula in force",
    "cut": "for every loop, one where it is to be cut from the policy step on",
    "settled": "terms that are worked out once a run",
    "driven": "terms that are worked out when levers or context have changed",
    "levels": "at the start of the move; stands right behind `values`",
    "held": "the causes of the loops as they stood when these were cut",
    "off": "for every loop, one where it is cut now",
    "values": "of every variable that is no stock",
    "row": "levers and context within a move",
    "seen": "levers and context from which `driven` was worked out",
    "stages": "slopes, stage by stage, each of `size`",
    "trial": "levels within the move, and at its end",
    "broke": "of every lane the move in which it broke, then the saved state that was no number; -1 where none",
    "sources": "where each number that is kept stands among values and levels",
    "targets": "where the first of its numbers goes in `out`",
    "widths": "how far apart two times of it lie in `out`",
    "strides": "how far apart two members of it lie in `out`",
    "out": "what is kept",
    "balanced": "cells of the stocks that start balanced",
    "bounds": "the steps at which moves begin, and the end",
    "least": "for every cell of levels the level that is too low",
    "slack": "for every cell of levels what is tolerated of an error beside a level of zero",
    "begun": "levers and context at the start of a piece of a move",
    "ended": "levers and context at its end",
    "pieced": "levels at the start of a piece",
    "told": "what was shortened: see engine.stepping.halving.TOLD (what, lane)",
}
NUMBERS = {
    "columns": "doubles in a row of inputs",
    "moves": "of the march",
    "method": "its place in engine.stepping.methods.STEPPERS",
    "policy_step": "the step at which loops are cut; -1 for never",
    "every": "steps from one saved state to the next",
    "size": "doubles in an array of levels",
    "copies": "numbers that are kept of a state",
    "member": "of the first lane",
    "live": "lanes whose numbers are kept",
    "skipped": "saved states at the start that are not kept",
    "balancing": "how many cells are balanced",
    "tries": "at most, to balance them",
    "value_size": "doubles in `values`",
    "usual": "one while no loop is cut and no rival formula is chosen",
}
DOUBLES = {
    "time_step": "in years",
    "pace": "years a try, of balancing",
}
FIELDS = (*POINTERS, *NUMBERS, *DOUBLES)
CellKey = tuple[int, int] | int


@dataclass(frozen=True)
class Form:
    """How terms lie in registers and in memory: `lanes` runs side by side, of a corridor with so many members of each
    index.

    *One run*: a routed term is vectors of four routes, the last route filling what is left over; a plain term is one
    number. *Four runs*: every lane of a vector is a run of its own, and a routed term is one vector for each route. A
    cell is what memory holds of a plain term, or of one route.
    """

    extent: Extent
    lanes: int

    @property
    def routes(self) -> int:
        """Routes, the last index."""
        return self.extent[-1]

    @property
    def cell(self) -> int:
        """Doubles in a cell."""
        return self.lanes

    def cells(self, routed: bool) -> int:
        """Cells of a term: in one run, routes are rounded up to whole vectors."""
        if not routed:
            return 1
        return self.routes if self.lanes > 1 else -(-self.routes // WIDTH) * WIDTH

    def is_vector(self, routed: bool) -> bool:
        """Whether a register of a term is a vector."""
        return routed or self.lanes > 1

    def registers(self, routed: bool) -> int:
        """Registers that a term takes."""
        return self.cells(routed) if self.lanes > 1 else max(self.cells(routed) // WIDTH, 1)

    def stride(self, routed: bool) -> int:
        """Doubles from one register's place in memory to the next."""
        return WIDTH if self.is_vector(routed) else 1


class Offsets:
    """How far into an array things stand, in doubles: names by row and population, terms by their identity
    (`CellKey`)."""

    def __init__(self, form: Form):
        self.form, self.size = form, 0
        self.offsets: dict[CellKey, int] = {}

    def add(self, key: CellKey, routed: bool) -> int:
        """How far a thing stands, behind all others where it is new."""
        if key not in self.offsets:
            self.offsets[key] = self.size
            self.size += self.form.cells(routed) * self.form.cell
        return self.offsets[key]


class Memory:
    """Where a kernel's arrays hold the parameters, levels, values and held causes of a model, for one form, and the
    terms that are kept between functions."""

    def __init__(self, model: Model, layout: Layout, form: Form):
        self.model, self.layout, self.form = model, layout, form
        self.names: Mapping[str, tuple[str, ...]] = {
            "parameters": layout.constants,
            "levels": layout.stocks,
            "values": layout.values,
            "held": tuple(loop.cause for loop in model.loops.values()),
        }
        self.arrays = {
            array: Offsets(form) for array in ("parameters", "settled", "driven", "levels", "held", "values")
        }
        for array, names in self.names.items():
            for row, name in enumerate(names):
                for part in range(self.parts(name)):
                    self.arrays[array].add((row, part), self.routed(name))

    def parts(self, name: str) -> int:
        """Places at which a name is written out: origins times populations, where it varies over them."""
        return parts(self.model.over(name), self.form.extent)

    def routed(self, name: str) -> bool:
        """Whether a name varies over routes."""
        return IN_REGISTERS in self.model.over(name)

    def elements(self, array: str) -> list[int]:
        """Of every cell of an array, its place in the flat (row, element) array outside.

        Routes beyond the last, which round one run up to whole vectors, repeat the last.
        """
        whole, elements = self.form.extent, []
        places = np.arange(math.prod(whole)).reshape(whole)
        for row, name in enumerate(self.names[array]):
            over = self.model.over(name)
            chosen = tuple(slice(count if index in over else 1) for index, count in zip(NAMES, whole, strict=True))
            firsts = places[chosen][..., 0].ravel()
            cells = np.minimum(np.arange(self.form.cells(self.routed(name))), self.form.routes - 1)
            elements += (row * places.size + firsts[:, None] + cells).ravel().tolist()
        return elements

    @property
    def sizes(self) -> dict[str, int]:
        """Doubles in every array, rounded up to whole vectors."""
        return {array: -(-max(cells.size, 1) // WIDTH) * WIDTH for array, cells in self.arrays.items()}

    @property
    def description(self) -> dict:
        """What a loaded machine must know, in words JSON has."""
        places = {array: self.elements(array) for array in self.names}
        return {"extent": self.form.extent, "lanes": self.form.lanes, "places": places, "sizes": self.sizes}


@dataclass(frozen=True, eq=False)
class Cells:
    """Between the arrays outside and those of a loaded kernel, whose Memory described itself so.

    `places` gives for every cell of an array its place in the flat (row, element) array outside; `real` the cells
    that are not there only to fill a vector. `sizes` are in doubles.
    """

    extent: Extent
    lanes: int
    places: Mapping[str, np.ndarray]
    real: Mapping[str, np.ndarray]
    sizes: Mapping[str, int]

    @property
    def elements(self) -> int:
        """Elements of a row outside."""
        return math.prod(self.extent)

    def rows(self, array: str) -> np.ndarray:
        """The row outside of every cell of an array."""
        return self.places[array] // self.elements

    def cells(self, array: str, outside: np.ndarray) -> np.ndarray:
        """Numbers of up to as many runs as there are lanes (run, row, element), as memory holds them; the last run is
        on all lanes that are left over."""
        flat = outside.reshape(len(outside), -1)[:, self.places[array]]
        if len(flat) < self.lanes:
            flat = np.concatenate([flat, np.repeat(flat[-1:], self.lanes - len(flat), axis=0)])
        memory = aligned(self.sizes[array])
        memory[: flat.size] = flat.T.ravel()
        return memory

    def outside(self, array: str, memory: np.ndarray, target: np.ndarray, lane: int = 0) -> None:
        """Write what memory holds of a run into a target (row, element)."""
        real = self.real[array]
        target.reshape(-1)[self.places[array][real]] = memory[real * self.lanes + lane]

    def sources(self, layout: Layout, names: Iterable[str]) -> np.ndarray:
        """Where the numbers of these variables of the first lane stand among values and, behind them, levels."""
        found = [np.zeros(0, dtype=np.int64)]
        for name in names:
            stock = name in layout.stocks
            array, rows = ("levels", layout.stocks) if stock else ("values", layout.values)
            real = self.real[array]
            own = real[self.rows(array)[real] == rows.index(name)]
            found.append((self.sizes["values"] if stock else 0) + own * self.lanes)
        return np.concatenate(found).astype(np.int64)


def aligned(size: int) -> np.ndarray:
    """So many zeros that start where a line of the processor's cache does: vectors across two lines are slow."""
    room = np.zeros(size + LINE)
    first = -room.ctypes.data // room.itemsize % LINE
    return room[first : first + size]
