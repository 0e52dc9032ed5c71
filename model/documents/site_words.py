"""The words around documents: titles, labels of the reference, the contents and the search, in every language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pushpull.wording.bilingual import ENGLISH
from pushpull.wording.typography import typeset


def say(english: str, language: str) -> str:
    """A text in a language, found by its English; as it is where it has no other, as names have none."""
    return english if language == ENGLISH else _words(language).get(english, english)


@cache
def _words(language: str) -> Mapping[str, str]:
    from ruamel.yaml import YAML

    text = Path(__file__).with_name(f"site_words.{language}.yaml").read_text("utf-8")
    return {english: typeset(said, language) for english, said in YAML(typ="safe", pure=True).load(text).items()}
