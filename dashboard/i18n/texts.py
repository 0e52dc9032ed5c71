"""The words of the page in each language, and the model's own titles and meanings in it.

A folder a language, `locales/<code>/`: `page.yaml` holds every word the dashboard says. What the cards hold in English
stands beside it in the other languages: `meanings.yaml` what variables are; `sources.yaml` what equations say of where
their form comes from. All other names and texts of the model, and published effects, stand in `pushpull.wording`
(`model_texts`), where commands and the report read them too.
How numbers and units are written stands in `pushpull.wording`, as `numbers` among the words. Equations and citations
stay English. No number is written there but those the English texts hold.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from copy import copy
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from pushpull import descriptions
from pushpull.catalogue import catalogue
from pushpull.dashboard.shipped import shipped
from pushpull.files.faults import Fault
from pushpull.scenario import scenario_names
from pushpull.scenario.migrations import Note
from pushpull.wording.model_texts import finding_texts, model_texts
from pushpull.wording.money import MONEY
from pushpull.wording.numbers import FORMS, numbers_of, signs_of
from pushpull.wording.typography import typeset

FOLDER = Path(__file__).parent.parent / "locales"
ENGLISH = "en"
LANGUAGES = (ENGLISH, "fr")
VARIANTS = {"fr-CA": "fr"}  # ways to write a language: the words that differ, and numbers of their own
OF_PLACES = ("routes", "origins", "notes")


class Language:
    """One language. `say("overview.verdict", year=...)` is a text with its values put in."""

    def __init__(self, tag: str):
        """The language of a tag: `code` is that of its words, which a variant such as `fr-CA` shares."""
        self.code, self.tag = VARIANTS.get(tag, tag), tag
        self.words: dict[str, object] = {**_read(self.code, "page"), "numbers": signs_of(tag)}
        self.model = {} if self.code == ENGLISH else _model_in(self.code)
        self.numbers = numbers_of(tag)
        self.findings = finding_texts(self.code)
        if tag in VARIANTS:
            own = _read(tag, "page")
            self.model = _over(_typeset(self.model, tag), own.pop("model"))
            self.findings = _typeset(self.findings, tag)
            self.words = _over(_typeset(self.words, tag), own)

    def counting(self, currency: str) -> Language:
        """The same language, whose numbers write money in that currency."""
        if currency == self.numbers.currency:
            return self
        other = copy(self)
        other.numbers = numbers_of(self.tag, currency=currency)
        return other

    def say(self, key: str, **values: object) -> str:
        """The text of a dotted key, with `count` in the form of that number; raises KeyError where there is none."""
        text = self._under(key)
        if isinstance(text, dict) and set(text) == FORMS and isinstance(count := values.get("count"), int | float):
            text = text[self.numbers.form(count)]
        if not isinstance(text, str):
            raise KeyError(key)
        return text.format_map(values) if values else text

    def faults(self, faults: Iterable[Fault | Note]) -> list[str]:
        """What faults of files, or remarks on them, say: a line each."""
        return [fault.in_language(self.code) for fault in faults]

    def section(self, key: str) -> dict[str, object]:
        """The entries under a dotted key, texts and sections within; raises KeyError where there are none."""
        block = self._under(key)
        if not isinstance(block, dict):
            raise KeyError(key)
        return block

    def texts(self, key: str) -> dict[str, str]:
        """The texts among the entries under a dotted key; raises KeyError where there are none."""
        return {name: text for name, text in self.section(key).items() if isinstance(text, str)}

    def _under(self, key: str) -> object:
        block: object = self.words
        for part in key.split("."):
            if not isinstance(block, dict):
                raise KeyError(key)
            block = block[part]
        return block

    @property
    def signs(self) -> dict[str, Any]:
        """What a browser must know to read and write numbers: locale, decimal, thousands, and what is singular."""
        signs = signs_of(self.tag)
        return {name: signs[name] for name in ("locale", "decimal", "thousands", "one_below_two")}

    def join(self, parts: Iterable[str]) -> str:
        """A list in a sentence."""
        *first, last = list(parts) or [""]
        return f"{', '.join(first)} {self.say('and')} {last}" if first else last

    def in_order(self, title: str) -> tuple[str, str]:
        """What titles are sorted by: letters first, then their accents, as in the dictionaries of the language."""
        plain = unicodedata.normalize("NFD", title.casefold().replace("œ", "oe").replace("æ", "ae"))
        return "".join(sign for sign in plain if not unicodedata.combining(sign)), title

    # What the model names --------------------------------------------------------------------------------------

    def title(self, name: str) -> str:
        """The title of an outcome, lever, driver or loop; of a parameter or another variable, its name in words."""
        return self.of("titles", name, descriptions.title_of(catalogue(), name))

    def meaning(self, name: str) -> str:
        """What an outcome, lever, driver or other variable is, in one sentence; see also `meant`."""
        return self.of("meanings", name, _english_meaning(name))

    def loop_title(self, loop: str) -> str:
        """The title of a loop; a variable of the same name may have its own."""
        return self.of("loop_titles", loop, self.of("titles", loop, catalogue().loops[loop].title))

    def story(self, loop: str) -> str:
        """What a loop does, in one sentence; a variable of the same name has its own meaning."""
        return self.of("stories", loop, catalogue().loops[loop].story)

    def source(self, text: str) -> str:
        """Where an equation or a card says that it comes from; bare keys of references are the same everywhere."""
        return self.of("sources", text, text)

    def fact(self, name: str, word: str) -> str:
        """What a card says of its range, cost or rights."""
        return self.of(word, name, getattr(catalogue().model.cards[name], word))

    def of(self, block: str, name: str, english: str) -> str:
        """A text of the model: that of the locale, else the English one. A route or an origin of one's own corridor
        that bears the name of a shipped one keeps its own words."""
        if block in OF_PLACES and english not in _shipped_texts()[block].get(name, ()):
            return english
        return self.model.get(block, {}).get(name, english)

    def finding(self, name: str, word: str, english: str) -> str:
        """What a published effect says of itself: the text of the locale, else the English one."""
        return self.findings.get(name, {}).get(word, english)

    def stays(self, block: str, name: str) -> str | None:
        """`en` where a text of the model is English on a page of another language, for the attribute `lang`."""
        return None if self.code == ENGLISH or name in self.model.get(block, {}) else ENGLISH

    @property
    def quoting(self) -> str | None:
        """`en` on a page of another language, for the attribute `lang` of what is quoted in English."""
        return None if self.code == ENGLISH else ENGLISH

    def inside(self, title: str) -> str:
        """A title inside a sentence."""
        return title[:1].lower() + title[1:]


@cache
def _shipped_texts() -> dict[str, dict[str, set[str]]]:
    """The English titles and notes of the routes and origins of shipped corridors."""
    texts: dict[str, dict[str, set[str]]] = {block: {} for block in OF_PLACES}
    for name in scenario_names():
        corridor = shipped(name).corridor
        for block, places in (("routes", corridor.routes), ("origins", corridor.origins)):
            for place in places.values():
                texts[block].setdefault(place.id, set()).add(place.title)
                texts["notes"].setdefault(place.id, set()).add(place.note)
    return texts


def meant(name: str, formulas: Mapping[str, str]) -> str:
    """The name of a variable's meaning under the formulas in force: under a rival to the default, `name/formula`."""
    variable = catalogue().model.variables[name]
    equation = variable.under(formulas)
    return name if equation is variable.equations[0] else f"{name}/{equation.declaration.formula}"


def _english_meaning(name: str) -> str:
    model = catalogue().model
    for entries in (catalogue().outcomes, model.cards):
        if name in entries:
            return entries[name].meaning
    name, _, formula = name.partition("/")
    variable = model.variables[name]
    return descriptions.docstring_of(variable, variable.under({variable.setting or "": formula})).meaning


def _model_in(code: str) -> dict:
    """The texts of the model in a language, names of all its variables and parameters among them."""
    texts = dict(model_texts(code))
    return texts | {
        "meanings": {**_read(code, "meanings"), **texts["meanings"]},
        "sources": _read(code, "sources"),
    }


def _read(code: str, name: str) -> dict:
    text = (FOLDER / code / f"{name}.yaml").read_text(encoding="utf-8")
    words = _typeset(YAML(typ="safe", pure=True).load(text), code)
    if not isinstance(words, dict):
        raise TypeError(f"{code}/{name}.yaml holds no words by their names")
    return words


def _over(words: Mapping, own: Mapping) -> dict:
    """The words of a language with those of a variant in their places."""
    return {
        key: _over(each, own[key]) if isinstance(own.get(key), dict) else own.get(key, each)
        for key, each in words.items()
    }


def _typeset(words: Any, code: str) -> Any:
    """The same texts with the signs that print has for them: see `pushpull.wording.typography`."""
    if isinstance(words, dict):
        return {key: _typeset(each, code) for key, each in words.items()}
    if isinstance(words, list):
        return [_typeset(each, code) for each in words]
    return typeset(words, code) if isinstance(words, str) else words


def wished(text: str) -> str:
    """The language that is asked for, or its variant, whatever a mail puts behind it; empty where there is none."""
    variant = next((tag for tag in VARIANTS if text[: len(tag)].replace("_", "-").lower() == tag.lower()), "")
    return variant or (text[:2] if text[:2] in LANGUAGES else "")


def language(code: str, currency: str = MONEY) -> Language:
    """A language or variant, read once, whose numbers write money in that currency."""
    return _languages(code).counting(currency)


@cache
def _languages(code: str) -> Language:
    return Language(code)
