"""How a run starts against what is stated of its start: numbers whose cards name the variable they speak of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pushpull.engine.language.cards import Card
from pushpull.engine.language.indices import AXIS
from pushpull.scenario import Corridor, Scenario
from pushpull.simulation import run
from pushpull.wording.money import in_currency
from pushpull.wording.phrases import ENGLISH, Phrase, in_language

NEAR = 0.1  # of a number
NEAR_SHARE = 0.05  # of the whole
LENGTH = 1.0  # years that are run to see the start


@dataclass(frozen=True)
class Gap:
    """A number as the corridor states it, and what the run starts with; `key` is a route, a population or None."""

    name: str
    key: str | None
    variable: str
    unit: str
    stated: float
    starts: float

    def __str__(self) -> str:
        return self.in_language(ENGLISH)

    def in_language(self, language: str) -> str:
        """The gap in a language, such as `fr`."""
        of = Phrase("{name} of {key}", name=self.name, key=self.key) if self.key else self.name
        words = Phrase(
            "{of}: {stated}{unit} is stated, the run starts with {starts}{apart}, see {variable}",
            of=of,
            stated=_number(self.stated),
            unit="" if self.unit == "1" else f" {self.unit}",
            starts=_number(self.starts),
            apart=f" ({self.starts / self.stated - 1:+.0%})" if self.stated else "",
            variable=self.variable,
        )
        return in_language(words, language)


def _number(value: float) -> str:
    return Phrase("{number:,}", number=round(value)) if abs(value) >= 1000 else f"{value:.3g}"


def gaps(scenario: Scenario) -> list[Gap]:
    """Where the start of a scenario's run is further than a tenth (of a share, a twentieth of the whole) from what is
    stated of it; raises RunBroke."""
    plain = scenario.baseline()
    plain = plain.with_changes(start=plain.corridor.start, end=min(plain.end, plain.corridor.start + LENGTH))
    result = run(plain)
    gaps = []
    for card in plain.catalogue.parameters.values():
        if not card.starts:
            continue
        block = result.array(card.starts)[0, 0]  # ([origin,] population, route) at the first moment
        keys, values = _by_key(card, block, plain.corridor)
        whole = sum(values) or 1.0
        for key, value in zip(keys, values, strict=True):
            stated = plain.corridor.parameter(card.id, plain.catalogue, key)
            starts = float(value / whole * card.sums_to if card.sums_to is not None else value)
            near = NEAR_SHARE if card.sums_to is not None else NEAR * abs(stated)
            if abs(starts - stated) > near:
                unit = in_currency(card.unit, plain.corridor.currency)
                gaps.append(Gap(card.id, key, card.starts, unit, stated, starts))
    return gaps


def _by_key(card: Card, block: np.ndarray, corridor: Corridor) -> tuple[tuple, np.ndarray]:
    if card.over is None:
        return (None,), np.array([block.sum()])
    by = np.moveaxis(block, AXIS[card.over], 0)
    return corridor.members[card.over], by.reshape(len(by), -1).sum(axis=1)
