"""What the words of the language do to units.

A rule takes a word's name and its arguments as quantities (of any unit library whose quantities have `units` and
`dimensionless`), and gives the units to which the arguments are brought and the unit of the result; it raises
UnitFault where they do not go together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

UnitRule = Callable[[str, Sequence[Any]], tuple[list[Any], Any]]


class UnitFault(ValueError):
    """An expression cannot be worked out in its causes' units."""


def is_zero(quantity: Any) -> bool:
    """True for a literal zero, which has any unit."""
    return bool(quantity.dimensionless and np.ndim(quantity.magnitude) == 0 and quantity.magnitude == 0)


def written(unit: Any) -> str:
    """A unit as it is written in messages."""
    return f"{unit:~P}" or "1"


def pure(name: str, quantities: Sequence[Any]) -> tuple[list[Any], Any]:
    """Numbers without a unit, in and out."""
    for quantity in quantities:
        if not quantity.dimensionless:
            raise UnitFault(f"{name} of a number in {written(quantity.units)}")
    none = quantities[0].units ** 0
    return [none] * len(quantities), none


def alike(name: str, quantities: Sequence[Any]) -> tuple[list[Any], Any]:
    """Quantities of one unit, which the result has too; a literal zero goes with any."""
    units = [quantity.units for quantity in quantities if not is_zero(quantity)]
    for unit in units[1:]:
        if unit.dimensionality != units[0].dimensionality:
            raise UnitFault(f"{name} of {written(units[0])} and {written(unit)}")
    unit = units[0] if units else quantities[0].units ** 0
    return [unit] * len(quantities), unit


def unchanged(name: str, quantities: Sequence[Any]) -> tuple[list[Any], Any]:
    """Any units; the result has that of the first."""
    return [quantity.units for quantity in quantities], quantities[0].units


def ratio(name: str, quantities: Sequence[Any]) -> tuple[list[Any], Any]:
    """Any units; the result has the first over the second."""
    return [quantity.units for quantity in quantities], quantities[0].units / quantities[1].units
