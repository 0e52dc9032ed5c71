"""The units in which the page shows the values of a card: percent rather than shares."""

from __future__ import annotations

from pushpull.dashboard.i18n.texts import Language
from pushpull.engine.language.cards import Card
from pushpull.wording.numbers import GAP


def range_sentence(language: Language, card: Card) -> str:
    """The range of a card in the units its control shows, with its reason."""
    scale, unit = shown_unit(language, card)
    ends = [language.numbers.number(end * scale) for end in (card.low, card.high)]
    reason = language.fact(card.id, "range_reason")
    high = f"{ends[1]}{GAP}{unit}" if unit else ends[1]
    return language.say("levers.range_told", low=ends[0], high=high, reason=reason).strip()


def shown_unit(language: Language, card: Card) -> tuple[float, str]:
    """The scale and the words of the unit a control shows."""
    own = language.texts("levers.units_of")
    if card.id in own:
        return 1.0, own[card.id]
    if card.unit in ("1", "1/year") and max(abs(card.low), abs(card.high)) <= 1:
        return 100.0, "%" if card.unit == "1" else language.say("levers.percent_a_year")
    return 1.0, language.numbers.unit(card.unit) if card.unit != "1" else ""
