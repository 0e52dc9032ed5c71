"""The currency in which the money of a corridor is written.

Equations, cards and stored files count money in one unit, `MONEY`, which is its name inside the model. What shows the
money of a corridor writes the corridor's currency in its place; no amount is converted. Where a figure of a card, in
dollars, so stands for another currency, it is said to be taken at par.
"""

from __future__ import annotations

import re

MONEY = "USD"
CURRENCIES = {MONEY: "dollars", "EUR": "euros", "GBP": "pounds", "CAD": "Canadian dollars"}  # with their English names
_OF_MONEY = re.compile(rf"{MONEY}(?=[/*]|$)")  # but no text such as "USD a passage", which says dollars and means them


def is_money(unit: str) -> bool:
    """Whether amounts of a unit of the model are amounts of money."""
    return _OF_MONEY.match(unit) is not None


def in_currency(unit: str, currency: str) -> str:
    """A unit of the model as it is written where money is of that currency."""
    return _OF_MONEY.sub(currency, unit)


def taken_at_par(currency: str) -> str:
    """What is said of a figure of a card in a corridor of that currency; nothing where they are the same."""
    return "" if currency == MONEY else f"a figure in {CURRENCIES[MONEY]}, taken at par"
