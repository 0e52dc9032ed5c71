"""The units in which the page shows the values of a card: percent rather than shares."""

from __future__ import annotations

import math

from pushpull.dashboard.i18n.texts import Language
from pushpull.engine.language.cards import Card
from pushpull.wording.typography import GAP


def range_sentence(language: Language, card: Card) -> str:
    """The range of a card in the units its control shows, with its reason."""
    scale, _ = shown_unit(language, card)
    reason = language.fact(card.id, "range_reason")
    low, high = language.numbers.number(card.low * scale), in_words(language, card, card.high * scale)
    return language.say("levers.range_told", low=low, high=high, reason=reason).strip()


def in_words(language: Language, card: Card, shown: float) -> str:
    """A value of a card, in the unit its control shows, with the words of that unit."""
    unit = shown_unit(language, card, shown)[1]
    return f"{language.numbers.number(shown)}{GAP}{unit}" if unit else language.numbers.number(shown)


def shown_unit(language: Language, card: Card, shown: float = math.inf) -> tuple[float, str]:
    """The scale and the words of the unit a control shows, in the form of a shown value; without one, in the plural."""
    own = language.section("levers.units_of")
    if card.id in own:
        return 1.0, language.say(f"levers.units_of.{card.id}", count=shown)
    if card.unit in ("1", "1/year") and max(abs(card.low), abs(card.high)) <= 1:
        return 100.0, "%" if card.unit == "1" else language.say("levers.percent_a_year")
    return 1.0, language.numbers.unit(card.unit, shown) if card.unit != "1" else ""
