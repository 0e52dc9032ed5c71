"""What differs between simulations, in the words of the page."""

from __future__ import annotations

from pushpull.catalogue import catalogue
from pushpull.dashboard.charts.number_formats import kind_of
from pushpull.dashboard.i18n.shown_units import shown_unit
from pushpull.dashboard.i18n.texts import Language
from pushpull.ensemble import name_and_member
from pushpull.scenario import Corridor
from pushpull.scenario.forecast_errors import SHOCKS
from pushpull.wording.numbers import is_share

COUNT = "count"


def title_of_input(language: Language, corridor: Corridor, name: str) -> str:
    """An input's title, with the origin, the gateway or the population whose own it is."""
    own, member = name_and_member(name)
    title = language.say("explore.shocks") if own == SHOCKS else language.title(own)
    return (
        title
        if member is None
        else language.say("explore.of_member", title=title, of=_member(language, corridor, member))
    )


def _member(language: Language, corridor: Corridor, member: str) -> str:
    for block, places in (("routes", corridor.routes), ("origins", corridor.origins)):
        if member in places:
            return language.of(block, member, places[member].title)
    return language.of("titles", member, member.replace("_", " "))


def value_of_input(language: Language, name: str, value: float, unit: str) -> str:
    """A value of an input with its unit, as the page writes it: shares in percent."""
    own, _ = name_and_member(name)
    card = catalogue().model.cards.get(own)
    if card is None:
        return language.numbers.number(value) if unit == "1" else language.numbers.full(value, unit)
    scale, words = shown_unit(language, card, value)
    number = language.numbers.number(value * scale)
    return f"{number}{language.numbers.gap}{words}" if words else number


def kind_of_input(name: str) -> str:
    """How a chart writes an input's values (see `kind_of`): where its controls are in percent, so."""
    card = catalogue().model.cards.get(name_and_member(name)[0])
    in_percent = card is not None and abs(card.low) <= 1 and abs(card.high) <= 1
    return kind_of(card.unit) if card is not None and (in_percent or not is_share(card.unit)) else COUNT
