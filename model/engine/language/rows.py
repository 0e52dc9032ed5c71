"""The rows of names: where the numbers of a run stand in numpy's arrays.

An array has a row for each name and in it an element for each origin, population and route.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pushpull.engine.language.graph import Model
from pushpull.engine.language.indices import NAMES, Extent, shape


@dataclass(frozen=True)
class Layout:
    """The rows of the arrays outside, by name. `indexed_inputs` are levers and context that vary over an index, each
    with its name."""

    stocks: tuple[str, ...]
    values: tuple[str, ...]
    constants: tuple[str, ...]
    scalar_inputs: tuple[str, ...]
    indexed_inputs: tuple[tuple[str, str], ...]
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
            indexed_inputs=tuple((name, card.over) for name, card in model.inputs.items() if card.over),
            settings=tuple(model.formulas),
            loops=tuple(model.loops),
        )

    def columns(self, whole: Extent) -> dict[str, slice]:
        """Where the numbers of each lever and context driver stand in a row of inputs: those over no index first."""
        counts, columns = dict(zip(NAMES, whole, strict=True)), {}
        for number, name in enumerate(self.scalar_inputs):
            columns[name] = slice(number, number + 1)
        last = len(self.scalar_inputs)
        for name, index in self.indexed_inputs:
            columns[name] = slice(last, last + counts[index])
            last += counts[index]
        return columns


def shapes(model: Model, names: Iterable[str], whole: Extent) -> dict[str, tuple[int, ...]]:
    """The shape in which each variable is kept."""
    return {name: shape(model.over(name), whole) for name in names}
