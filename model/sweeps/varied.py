"""What a sweep varies: a lever, a driver or a parameter, of all routes, origins or populations or of one of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pushpull.catalogue import Catalogue
from pushpull.engine.language.cards import Card
from pushpull.files.faults import listed, nearest, quote
from pushpull.files.suggestions import plain
from pushpull.scenario import Scenario
from pushpull.scenario.interpreter import in_range, within
from pushpull.scenario.library import Refused
from pushpull.scenario.settable_names import BLOCKS, what_it_is
from pushpull.wording.phrases import Phrase


@dataclass(frozen=True)
class VariedInput:
    """One input of a sweep: the card `name`, of one route, origin or population by its name where `key` is given.

    A value is set as `--set` sets it: of a lever or a driver from the policy start on, of a parameter for the whole
    run. `block` says where in a scenario it stands; `low` and `high` bound it, in `unit`.
    """

    name: str
    key: str | None
    block: str
    low: float
    high: float
    unit: str
    title: str

    @property
    def label(self) -> str:
        """The input as a setting names it: NAME or NAME@ROUTE."""
        return self.name if self.key is None else f"{self.name}@{self.key}"

    @property
    def column(self) -> str:
        """The input as a variable of a file or a column of a table names it."""
        return self.name if self.key is None else f"{self.name}_{self.key}"


def varied_input(label: str, catalogue: Catalogue, members: Mapping[str, Sequence[str]] | None = None) -> VariedInput:
    """The input that a label NAME or NAME@ROUTE means; raises Refused.

    `members` are those of every index of the corridor; where none are given, any name passes for one of them.
    """
    name, at, key = (part.strip() for part in label.partition("@"))
    cards = {block: getattr(catalogue, each.cards) for block, each in BLOCKS.items()}
    block = next((block for block, known in cards.items() if name in known), None)
    if block is None:
        use = what_it_is(name, catalogue)
        if use is not None:
            raise Refused(use.sentence, use.allowed())
        names = [each for known in cards.values() for each in known]
        allowed = Phrase("a lever, a context driver or a parameter")
        raise Refused(Phrase("there is nothing called {name}", name=quote(name)), allowed, nearest(name, names))
    card: Card = cards[block][name]
    if at and card.over is None:
        message = Phrase("{name} is one value for all routes, so {at} says nothing", name=name, at=quote(at + key))
        raise Refused(message, name)
    if at and members is not None and key not in members[card.over or ""]:
        own = members[card.over or ""]
        message = Phrase("{name} has no {over} {key}", name=name, over=Phrase(card.over or ""), key=quote(key))
        raise Refused(message, listed(own), nearest(key, own))
    return VariedInput(name, key if at else None, block, card.low, card.high, card.unit, card.title)


def check_value(varied: VariedInput, value: float, catalogue: Catalogue) -> None:
    """Raise Refused for a value that is not finite or lies outside the card's range."""
    card = getattr(catalogue, BLOCKS[varied.block].cards)[varied.name]
    if not math.isfinite(value) or not within(value, card):
        message = Phrase("{what} is {value}, outside its range", what=varied.label, value=plain(value))
        raise Refused(message, in_range(card))


def check_apart(inputs: Sequence[VariedInput]) -> None:
    """Raise Refused where two of the inputs set the same number."""
    for place, each in enumerate(inputs):
        for other in inputs[:place]:
            if each.name == other.name and (each.key == other.key or None in (each.key, other.key)):
                raise Refused(
                    Phrase("{one} and {other} set the same number", one=quote(other.label), other=quote(each.label)),
                    Phrase("each number once"),
                )


def with_values(scenario: Scenario, values: Mapping[VariedInput, float]) -> Scenario:
    """The scenario with inputs set; one that is not a number stays as the scenario has it. Raises ScenarioFaults."""
    blocks: dict[str, dict] = {}
    for varied, value in values.items():
        if math.isnan(value):
            continue
        block = blocks.setdefault(varied.block, {})
        if varied.key is None:
            block[varied.name] = float(value)
        else:
            block.setdefault(varied.name, {})[varied.key] = float(value)
    return scenario.with_changes(blocks) if blocks else scenario
