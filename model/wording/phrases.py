"""Texts in the language of whoever reads them: `phrases.<language>.yaml` holds each beside its English.

A fault of a file is English, as code and Python API are, until it is shown: `in_language(text, "fr")` is the French.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pushpull.wording.bilingual import Bilingual
from pushpull.wording.numbers import numbers_of
from pushpull.wording.typography import typeset

ENGLISH = "en"


class Phrase(str):
    """An English text that knows its template and what is put in, so that another language can say it.

    `Phrase("{what} is too long", what="title")` is the text "title is too long". What is put in may be a phrase itself,
    or bilingual; any other text stays as it is in every language: names, and what a user wrote.
    """

    template: str
    values: Mapping[str, Any]

    def __new__(cls, template: str, **values: Any) -> Phrase:
        phrase = super().__new__(cls, template.format_map(values))
        phrase.template, phrase.values = template, values
        return phrase

    def __reduce__(self) -> tuple[Callable[..., Phrase], tuple[str, Mapping[str, Any]]]:
        return _again, (self.template, self.values)


def _again(template: str, values: Mapping[str, Any]) -> Phrase:
    return Phrase(template, **values)


def in_language(text: str, code: str) -> str:
    """A phrase in a language; any other text, and one that the language lacks, as it is."""
    if code == ENGLISH or not isinstance(text, Phrase):
        return str(text)
    template = phrases_of(code).get(text.template, text.template)
    return _Filling(code).vformat(template, (), {name: _put_in(each, code) for name, each in text.values.items()})


def _put_in(value: Any, code: str) -> Any:
    if isinstance(value, Bilingual):
        return value.into(code)
    return in_language(value, code) if isinstance(value, str) else value


@cache
def phrases_of(code: str) -> Mapping[str, str]:
    """The phrases of a language by their English templates."""
    from ruamel.yaml import YAML

    text = Path(__file__).with_name(f"phrases.{code}.yaml").read_text("utf-8")
    phrases = YAML(typ="safe", pure=True).load(text)
    return {english: typeset(said, code) for english, said in phrases.items()}


class _Filling(string.Formatter):
    """Puts values in: numbers written as `,` or as `f` with the signs of the language, others with those of a file."""

    def __init__(self, code: str):
        self.numbers = numbers_of(code)

    def format_field(self, value: Any, format_spec: str) -> Any:
        text = super().format_field(value, format_spec)
        if format_spec.endswith("f"):
            return text.replace(".", self.numbers.decimal)
        return text.replace(",", self.numbers.thousands) if format_spec.endswith(",") else text
