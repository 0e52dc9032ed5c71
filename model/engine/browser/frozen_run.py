"""A run before it begins, as numbers that another memory can hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pushpull.engine.codegen.layout import DOUBLES, FIELDS, NUMBERS, POINTERS
from pushpull.engine.machine.loader import Workspace

# What a kernel writes before it reads it, so that its size alone is told.
ROOM = (
    *("settled", "driven", "levels", "held", "off", "values", "row", "seen", "stages", "trial"),
    *("begun", "ended", "pieced", "out"),
)


@dataclass(frozen=True)
class FrozenRun:
    """The fields of a run (`engine.codegen.layout.FIELDS`): of those that point to memory either how many doubles of
    room they take, all zero, or what stands there; of the others the number."""

    room: dict[str, int]
    given: dict[str, np.ndarray]
    numbers: dict[str, float]

    @property
    def fields(self) -> tuple[str, ...]:
        """All fields in their order."""
        return FIELDS


def frozen(space: Workspace) -> FrozenRun:
    """What a memory that is ready for a run holds (`Runner.ready`)."""
    fields = dict(zip(FIELDS, space.fields.tolist(), strict=True))
    numbers = dict(zip(FIELDS, space.fields.view(float).tolist(), strict=True))
    held = {name: space.given[name] for name in POINTERS if name in space.given}
    return FrozenRun(
        room={name: int(array.size) for name, array in held.items() if name in ROOM},
        given={name: array.copy() for name, array in held.items() if name not in ROOM},
        numbers={name: fields[name] for name in NUMBERS} | {name: numbers[name] for name in DOUBLES},
    )
