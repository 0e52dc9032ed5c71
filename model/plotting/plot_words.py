"""What plots say, in English or French: titles and units of what is drawn, and the words around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from pushpull.catalogue import catalogue
from pushpull.descriptions import title_of
from pushpull.engine.language.cards import Card
from pushpull.scenario.corridor import Corridor
from pushpull.wording.bilingual import Bilingual
from pushpull.wording.model_texts import file_texts, text_in
from pushpull.wording.money import MONEY, in_currency
from pushpull.wording.numbers import Numbers, is_share, numbers_of
from pushpull.wording.typography import typeset

LANGUAGES = ("en", "fr")


@dataclass(frozen=True)
class PlotWords:
    """The words of one language, with money in a currency; raises ValueError for a language that plots do not speak."""

    code: str = LANGUAGES[0]
    currency: str = MONEY

    def __post_init__(self) -> None:
        if self.code not in LANGUAGES:
            raise ValueError(f"plots speak {' and '.join(map(repr, LANGUAGES))}; not {self.code!r}")

    @cached_property
    def numbers(self) -> Numbers:
        """How numbers are written."""
        return numbers_of(self.code, currency=self.currency)

    def say(self, key: str, **given: object) -> str:
        """A text of `words.yaml` with what is given put in its places."""
        return _words()[key].into(self.code).format(**given)

    def title(self, name: str) -> str:
        """The title of an outcome, a card or a loop; of another variable, its name in words."""
        loop = catalogue().loops.get(name)
        own = text_in(self.code, "titles", name, title_of(catalogue(), name))
        return text_in(self.code, "loop_titles", name, own) if loop else own

    def in_files(self, text: str) -> str:
        """What a file of a shipped corridor says, in this language; any other text as it is."""
        return file_texts(self.code).get(text, text)

    def member(self, name: str) -> str:
        """A route or an origin of which a parameter is."""
        english = name.replace("_", " ")
        return text_in(self.code, "routes", name, text_in(self.code, "origins", name, english))

    def titled(self, title: str) -> str:
        """A title of the model in this language, where English alone is at hand; any other text as it is."""
        return text_in(self.code, "titles", _names_by_title().get(title, ""), title)

    def unit(self, unit: str) -> str:
        """A unit in words."""
        return self.numbers.unit(unit)

    def axis_unit(self, unit: str) -> str:
        """A unit as it stands at an axis, on which shares are written in percent."""
        return self.say("share") if is_share(unit) else self.unit(unit)

    def lever_unit(self, card: Card) -> str:
        """A unit of a lever or a driver as it stands at an axis; of some it is so many times today's."""
        return (
            self.say(card.id) if card.id in _words() else self.axis_unit(self.lever_scale(card)) or self.say("number")
        )

    def lever_scale(self, card: Card) -> str:
        """The unit in which numbers of a lever or a driver are written: nothing for multiples, which are no shares."""
        is_multiple = is_share(card.unit) and max(abs(card.low), abs(card.high)) > 1
        return "" if is_multiple else in_currency(card.unit, self.currency)

    def difference_unit(self, unit: str) -> str:
        """What a difference is counted in."""
        return self.say("points") if is_share(unit) else self.say("difference_of", unit=self.unit(unit))

    def corridor(self, corridor: Corridor) -> str:
        """The title of a corridor."""
        return text_in(self.code, "corridors", corridor.id, corridor.title)

    def route(self, corridor: Corridor | None, name: str) -> str:
        """The title of a route."""
        english = corridor.routes[name].title if corridor and name in corridor.routes else name.replace("_", " ")
        return text_in(self.code, "routes", name, english)


@cache
def _words() -> Mapping[str, Bilingual]:
    """Every text by its name, set for print."""
    from ruamel.yaml import YAML

    texts = YAML(typ="safe", pure=True).load(Path(__file__).with_name("words.yaml").read_text("utf-8"))
    return {name: Bilingual(*(typeset(said[code], code) for code in LANGUAGES)) for name, said in texts.items()}


@cache
def _names_by_title() -> Mapping[str, str]:
    """The outcomes, cards and loops by their English titles."""
    known = catalogue()
    titles = {name: card.title for name, card in known.model.cards.items()}
    titles |= {name: loop.title for name, loop in known.loops.items()}
    titles |= {name: outcome.title for name, outcome in known.outcomes.items()}
    return {title: name for name, title in titles.items()}
