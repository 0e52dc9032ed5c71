"""The rows of names: where the numbers of a run stand in numpy's arrays.

An array has a row for each name and in it an element for each population and route.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pushpull.engine.language.graph import Model
from pushpull.engine.language.words import LABELS

POPULATIONS = len(LABELS)


@dataclass(frozen=True)
class Layout:
    """The rows of the arrays outside, by name."""

    stocks: tuple[str, ...]
    values: tuple[str, ...]
    constants: tuple[str, ...]
    scalar_inputs: tuple[str, ...]
    routed_inputs: tuple[str, ...]
    settings: tuple[str, ...]
    loops: tuple[str, ...]

    @classmethod
    def of(cls, model: Model) -> Layout:
        """The layout of a model."""
        return cls(
            stocks=tuple(variable.name for variable in model.stocks),
            values=model.order,
            constants=tuple(model.parameters),
            scalar_inputs=tuple(name for name, card in model.inputs.items() if not card.over),
            routed_inputs=tuple(name for name, card in model.inputs.items() if card.over),
            settings=tuple(model.formulas),
            loops=tuple(model.loops),
        )


def shapes(model: Model, names: Iterable[str], routes: int) -> dict[str, tuple[int, int]]:
    """Populations and routes over which each variable is kept."""
    overs = {name: model.over(name) for name in names}
    return {
        name: (POPULATIONS if "population" in over else 1, routes if "route" in over else 1)
        for name, over in overs.items()
    }
