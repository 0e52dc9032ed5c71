"""The indices a variable may vary over: one record each, in the order in which arrays and names have them.

An array has an axis for each of them, of length one along what its name does not vary over. An index that a corridor
need not have, such as the origin, is an axis of what varies over it alone; such indices come first. So axes are counted
from the back (AXIS).

A new index is written here; what works out numbers is a view of this table. What has labels names them apart: tasks and
results (`Task.extent`, `Result`), breaks and exported models, and the reader of corridors.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

Extent = tuple[int, ...]  # how many members each index has, in the order of INDICES


@dataclass(frozen=True)
class Index:
    """Something a variable varies over. `labels` is empty where the corridor decides; `alone` is then the one member of
    an index that a corridor need not have."""

    name: str
    labels: tuple[str, ...] = ()
    alone: str = ""


origin = Index("origin", alone="all")
population = Index("population", ("labour", "protection"))
route = Index("route")
INDICES = (origin, population, route)
NAMES = tuple(index.name for index in INDICES)
AXIS = {name: place - len(NAMES) for place, name in enumerate(NAMES)}
# A kernel writes out every member of an index, but for the last: its members lie in registers side by side.
WRITTEN_OUT, IN_REGISTERS = NAMES[:-1], NAMES[-1]


def extent(**counts: int) -> Extent:
    """How many members each index has: `extent(route=5)` is of one origin, both populations and five routes."""
    return tuple(len(index.labels) or counts.get(index.name, 1) for index in INDICES)


def shape(over: Collection[str], whole: Extent) -> tuple[int, ...]:
    """The shape of an array of a name that varies over some indices, by their names."""
    counts = zip(INDICES, whole, strict=True)
    return tuple(count if index.name in over else 1 for index, count in counts if index.name in over or not index.alone)


def parts(over: Collection[str], whole: Extent) -> int:
    """How many numbers, or vectors over routes, a kernel writes out for a name."""
    return math.prod(count for name, count in zip(WRITTEN_OUT, whole, strict=False) if name in over)


def members(whole: Extent) -> Mapping[str, tuple]:
    """Of each index that a kernel writes out its members: labels, or numbers where the corridor names them."""
    return {
        index.name: index.labels or tuple(range(count))
        for index, count in zip(INDICES, whole, strict=True)
        if index.name in WRITTEN_OUT
    }
