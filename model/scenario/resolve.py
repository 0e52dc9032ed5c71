"""From a scenario to the numbers the engine takes: inputs on the grid, parameters in their layout."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from pushpull.catalogue import Catalogue
from pushpull.engine.language.cards import Card
from pushpull.engine.runs.task import BEND, LEAP, Column, Inputs
from pushpull.files.bounded_cache import MEGABYTE, Bounded
from pushpull.scenario.corridor import Corridor
from pushpull.scenario.interpreter import Constants
from pushpull.scenario.schedules import Span, TimePath

V = TypeVar("V")
STRAIGHT = 1e-9  # a leap below this share of the value, or a change of slope below this share of it, is none
ROUNDING = 1e-13  # of a value


class Grid:
    """The steps of a run: each has its start, middle and end."""

    def __init__(self, start: float, end: float, steps_per_year: int):
        self.start = start
        self.steps_per_year = steps_per_year
        self.steps = round((end - start) * steps_per_year)
        halves = start + np.arange(2 * self.steps + 1) / (2 * steps_per_year)
        self.times = np.ascontiguousarray(np.stack([halves[:-1:2], halves[1::2], halves[2::2]], axis=1))

    def index(self, year: float, nearest: bool = True) -> int:
        """The step boundary nearest a year (or just before it), kept inside the run."""
        if math.isinf(year):
            return 0 if year < 0 else self.steps
        position = (year - self.start) * self.steps_per_year
        boundary = math.floor(position + 0.5) if nearest else math.floor(position + 1e-9)
        return min(max(boundary, 0), self.steps)

    def reach(self, span: Span) -> tuple[int, int, float]:
        """The steps on which a span acts, from the first to just before the last, and for what share of their time.

        A leap lands on the nearest boundary of a step. What is over in less than a step acts on the one in which its
        middle lies, in proportion, so that lever times time is what it was meant to be.
        """
        length = (span.stop - span.start) * self.steps_per_year
        if span.jump and length < 1 - 1e-9:
            middle = math.floor(((span.start + span.stop) / 2 - self.start) * self.steps_per_year)
            inside = 0 <= middle < self.steps
            return (middle, middle + 1, length) if inside else (0, 0, 0.0)
        return self.index(span.start, span.jump), self.index(span.stop), 1.0

    def around(self, span: Span) -> np.ndarray:
        """Steps, from the second on, at whose start the path may turn because of a span."""
        marks = list(self.reach(span)[:2])
        for time in span.times if len(span.values) > 1 else ():
            before = self.index(time, nearest=False)
            marks += [before, before + 1]
        return np.unique([mark for mark in marks if 0 < mark < self.steps]).astype(int)


def fill(column: np.ndarray, span: Span, grid: Grid, steps: tuple[int, int, float] | None = None) -> None:
    """Write a span into a column of shape (steps, 3), over the steps given or those between its nearest boundaries."""
    first, last, share = steps or (grid.index(span.start, span.jump), grid.index(span.stop), 1.0)
    if first >= last:
        return
    if share < 1:
        column[first:last] += share * (span.values[0] - column[first:last])
    elif len(span.values) == 1:
        column[first:last] = span.values[0]
    else:
        column[first:last] = np.interp(grid.times[first:last], span.times, span.values)


def fill_path(column: np.ndarray, path: TimePath, grid: Grid) -> None:
    """Write a whole path into a column."""
    for span in path:
        fill(column, span, grid)


@dataclass(frozen=True, eq=False)
class Ground:
    """A corridor's own levers and drivers on a grid: `block` (step, 3, column), their turns, and who has which
    columns. What spans make of its columns goes with it."""

    grid: Grid
    columns: dict[tuple[str, str | None], list[int]]
    block: np.ndarray
    turns: np.ndarray

    @cached_property
    def laid(self) -> Bounded[Column]:
        """Columns with a span laid over them, by both."""
        return Bounded("columns of a grid", COLUMNS_KEPT * self.block.nbytes, lambda held: held.values.nbytes)

    def inputs(self, spans: Mapping[str, Mapping[str | None, Span]]) -> Inputs:
        """The levers and drivers with the spans of a scenario laid over them, by name and route (or None)."""
        changed = {}
        for name, by_route in spans.items():
            for route, span in by_route.items():
                for column in self.columns.get((name, route), ()):
                    changed[column] = self.changed(column, span)
        return Inputs(self.block, self.turns, changed)

    def changed(self, column: int, span: Span) -> Column:
        """A column with a span laid over it."""
        return self.laid.get_or_make((column, span), lambda: self._laid(column, span))

    def _laid(self, column: int, span: Span) -> Column:
        values = self.block[:, :, column].copy()
        fill(values, span, self.grid, self.grid.reach(span))
        values.flags.writeable = False
        steps = self.grid.around(span)
        return Column(values, steps, turns_of(values, steps))


def turns_of(column: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """How a column (step, 3) turns at the start of some steps, from the second on: BEND, LEAP or zero."""
    first, last = column[steps, 0], column[steps - 1, 2]
    rise, rise_before = column[steps, 2] - first, last - column[steps - 1, 0]
    size, steepest = np.maximum(np.abs(first), np.abs(last)), np.maximum(np.abs(rise), np.abs(rise_before))
    bends = np.abs(rise - rise_before) > STRAIGHT * steepest + ROUNDING * size
    leaps = np.abs(first - last) > STRAIGHT * size
    return np.where(leaps, LEAP, np.where(bends, BEND, 0)).astype(np.int8)


def ground_of(
    corridor: Corridor,
    catalogue: Catalogue,
    end: float,
    scalar_names: tuple[str, ...],
    indexed_names: tuple[str, ...],
    steps_per_year: int,
) -> Ground:
    """A corridor's levers and context up to a year: columns for the scalars first, then for the others by
    route or origin.

    Of an array (step, 3, column), [n, 0] is the value just after the start of step n, [n, 1] at its middle, [n, 2] just
    before its end. Raises ValueError where a name among the scalars varies over an index.
    """
    key = ("inputs", corridor.digest, end, id(catalogue), scalar_names, indexed_names, steps_per_year)
    ground = _held(key)
    if ground is None:
        grid = Grid(corridor.start, end, steps_per_year)
        columns: dict[tuple[str, str | None], list[int]] = {}
        paths = list(column_paths(corridor, catalogue, scalar_names, indexed_names))
        block = np.empty((len(paths), grid.steps, 3)).transpose(1, 2, 0)  # a column lies together in memory
        for column, (name, member, path) in enumerate(paths):
            columns.setdefault((name, member), []).append(column)
            fill_path(block[:, :, column], path, grid)
        width = len(paths)
        turns = np.zeros(grid.steps, dtype=np.int8)
        for column in range(width):
            turns[1:] = np.maximum(turns[1:], turns_of(block[:, :, column], np.arange(1, grid.steps)))
        block.flags.writeable = False
        ground = _keep(key, Ground(grid, columns, block, turns), catalogue)
    return ground


def column_paths(
    corridor: Corridor, catalogue: Catalogue, scalar_names: tuple[str, ...], indexed_names: tuple[str, ...]
) -> Iterator[tuple[str, str | None, TimePath]]:
    """Of each column its lever or driver, whose it is, and how it moves: the scalars first, then the others by route
    or origin. Raises ValueError where a name among the scalars varies over an index."""
    for name in scalar_names:
        if card_of(catalogue, name).over:
            raise ValueError(f"{name} varies over an index; ask for it among the indexed names")
        yield name, None, corridor.path(name, catalogue)
    for name in indexed_names:
        over = card_of(catalogue, name).over
        for member in corridor.members[over or "route"]:
            yield name, member if over else None, corridor.path(name, catalogue, member)


def parameters(
    corridor: Corridor,
    catalogue: Catalogue,
    given: Mapping[str, Constants],
    names: tuple[str, ...],
    populations: tuple[str, ...],
) -> np.ndarray:
    """Parameters with the amounts `given` for some, shape (names, origins x populations x routes), in that order."""
    labels = {**corridor.members, "population": populations}
    whole = tuple(map(len, labels.values()))
    key = ("parameters", corridor.digest, id(catalogue), names, populations)
    held = _held(key)
    if held is None:
        rows = {name: number for number, name in enumerate(names)}
        block = np.empty((len(names), math.prod(whole)))
        for name, row in rows.items():
            over = catalogue.parameters[name].over
            if over is None:
                block[row] = corridor.parameter(name, catalogue)
                continue
            own = np.array([corridor.parameter(name, catalogue, key) for key in labels[over]])
            own = own.reshape([len(own) if index == over else 1 for index in labels])
            block[row] = np.broadcast_to(own, whole).ravel()
        block.flags.writeable = False
        held = _keep(key, (rows, block), catalogue)
    rows, block = held
    values = block.copy()
    for name, amounts in given.items():
        if name not in rows:
            continue
        row, over = values[rows[name]], catalogue.parameters[name].over
        if isinstance(amounts, dict):
            for label, amount in amounts.items():
                value = amount.resolved(corridor.parameter(name, catalogue, label))
                if over and label in labels[over]:
                    place: list[slice | int] = [slice(None)] * len(whole)
                    place[tuple(labels).index(over)] = labels[over].index(label)
                    row.reshape(whole)[tuple(place)] = value
        elif amounts.times_today:
            row *= amounts.value
        else:
            row[:] = amounts.value
    return values


def card_of(catalogue: Catalogue, name: str) -> Card:
    """The card of a lever or a context driver."""
    return catalogue.levers[name] if name in catalogue.levers else catalogue.context[name]


def _held(key: Hashable) -> Any:
    held = _BLOCKS.get(key)
    return held[1] if held is not None else None


def _keep(key: Hashable, value: V, catalogue: Catalogue) -> V:
    """The value, kept; the catalogue is kept beside it, so that its id, a part of the key, stays its own."""
    _BLOCKS.put(key, (catalogue, value))
    return value


def _size(held: tuple) -> int:
    block = held[1].block if isinstance(held[1], Ground) else held[1][1]
    return (1 + COLUMNS_KEPT) * block.nbytes


COLUMNS_KEPT = 2  # times the bytes of a grid, for its columns with spans laid over them
_BLOCKS: Bounded[tuple] = Bounded("grids of levers and context", 64 * MEGABYTE, _size)
