"""Numbers of a corridor tried otherwise than its file says: the same scenario, with a corridor that differs in them."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping

from pushpull.engine.language.cards import Card
from pushpull.scenario import Scenario
from pushpull.scenario.schedules import constant_path

Number = float | Mapping[str, float]


def card_of(scenario: Scenario, name: str) -> Card:
    """The card of a lever, a driver or a parameter."""
    known = scenario.catalogue
    return next(cards[name] for cards in (known.parameters, known.levers, known.context) if name in cards)


def number_of(scenario: Scenario, name: str) -> Number:
    """What a corridor says of a name at its policy start: one number, or one for each member of its index."""
    value = scenario.today(name)
    return dict(value) if isinstance(value, Mapping) else value


def with_numbers(scenario: Scenario, numbers: Mapping[str, Number]) -> Scenario:
    """The scenario in a corridor with other numbers, each held to nothing but its place; drivers become constant."""
    corridor, known = scenario.corridor, scenario.catalogue
    blocks: dict[str, dict] = {
        "parameters": dict(corridor.parameters),
        "policies": dict(corridor.policies),
        "context": dict(corridor.context),
    }
    for name, number in numbers.items():
        if name in known.parameters:
            blocks["parameters"][name] = number
            continue
        block = blocks["policies" if name in known.levers else "context"]
        if isinstance(number, Mapping):
            block[name] = {key: constant_path(value) for key, value in number.items()}
        else:
            block[name] = constant_path(number)
    digest = hashlib.sha256(repr((corridor.digest, sorted(numbers.items()))).encode()).hexdigest()
    moved = dataclasses.replace(
        corridor,
        digest=digest,
        parameters=blocks["parameters"],
        policies=blocks["policies"],
        context=blocks["context"],
    )
    return dataclasses.replace(scenario, corridor=moved)


def held(value: float, card: Card) -> float:
    """The value, or the end of the card's range that is nearer."""
    return min(max(value, card.low), card.high)


def each_of(number: Number, change: Callable[[float], float]) -> Number:
    """A number, or each number of a mapping, changed."""
    return {key: change(value) for key, value in number.items()} if isinstance(number, Mapping) else change(number)
