"""The words of the page in each language, and the model's own titles and meanings in it.

`locales/<language>.yaml` holds every word the dashboard says; `locales/model.<language>.yaml` the titles and meanings
of levers, outcomes, loops, packages and corridors, which the cards hold in English. No number is written there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from dashboard.numbers import Numbers
from model.catalogue import catalogue

FOLDER = Path(__file__).parent / "locales"
ENGLISH = "en"


class Language:
    """One language. `say("overview.verdict", year=...)` is a text with its values put in."""

    def __init__(self, code: str):
        self.code = code
        self.words = _read(f"{code}.yaml")
        self.model = {} if code == ENGLISH else _read(f"model.{code}.yaml")
        self.numbers = Numbers(self.words["numbers"])

    def say(self, key: str, **values: object) -> str:
        """The text of a dotted key; raises KeyError where there is none."""
        text = self.section(key)
        if not isinstance(text, str):
            raise KeyError(key)
        return text.format_map(values) if values else text

    def section(self, key: str) -> dict | list | str:
        """Whatever stands under a dotted key."""
        found = self.words
        for part in key.split("."):
            found = found[part]
        return found

    def join(self, parts: Iterable[str]) -> str:
        """A list in a sentence."""
        *first, last = list(parts) or [""]
        return f"{', '.join(first)} {self.words['and']} {last}" if first else last

    # What the model names --------------------------------------------------------------------------------------

    def title(self, name: str) -> str:
        """The title of an outcome, lever, driver or loop; of another variable, its name in words."""
        return self.of("titles", name, _english("title", name))

    def meaning(self, name: str) -> str:
        """What an outcome, lever, driver or loop is, in one sentence; of other variables, in English."""
        return self.of("meanings", name, _english("meaning", name))

    def fact(self, name: str, word: str) -> str:
        """What a card says of its range, cost or rights."""
        return self.of(word, name, getattr(catalogue().model.cards[name], word))

    def of(self, block: str, name: str, english: str) -> str:
        """A text of the model: that of the locale, else the English one."""
        return self.model.get(block, {}).get(name, english)

    def inside(self, title: str) -> str:
        """A title inside a sentence."""
        return title[:1].lower() + title[1:]


def _english(word: str, name: str) -> str:
    known = catalogue()
    for room in (known.outcomes, known.model.cards, known.loops):
        if name in room:
            found = room[name]
            return found.title if word == "title" else getattr(found, "meaning", None) or found.story
    if word == "title":
        return name.replace("_", " ").capitalize()
    return known.model.variables[name].declaration.meaning.split(" Source:")[0].split(" Assumption:")[0]


def _read(name: str) -> Mapping:
    return YAML(typ="safe", pure=True).load((FOLDER / name).read_text(encoding="utf-8"))


@cache
def language(code: str) -> Language:
    """A language, read once."""
    return Language(code)
