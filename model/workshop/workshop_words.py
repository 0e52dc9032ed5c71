"""The words of a workshop around what its roles and the model say: `words.yaml`, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from pushpull.wording.bilingual import Bilingual
from pushpull.wording.typography import typeset

LANGUAGES = ("en", "fr")


@cache
def words() -> Mapping[str, Bilingual]:
    """Every text by its name, set for print."""
    from ruamel.yaml import YAML

    texts = YAML(typ="safe", pure=True).load(Path(__file__).with_name("words.yaml").read_text("utf-8"))
    return {name: Bilingual(*(typeset(said[code], code) for code in LANGUAGES)) for name, said in texts.items()}


def word(language: str, key: str, **given: object) -> str:
    """A text of a language with what is given put in its places."""
    return words()[key].into(language).format(**given)


def both(key: str, **given: object) -> Bilingual:
    """A text in both languages with what is given put in its places; what is bilingual, in the language of the text."""
    made = []
    for code in LANGUAGES:
        put_in = {name: each.into(code) if isinstance(each, Bilingual) else each for name, each in given.items()}
        made.append(word(code, key, **put_in))
    return Bilingual(*made)


def joined(titles: Sequence[str], language: str) -> str:
    """Titles one after the other, as a sentence lists them, all but the first with a small letter."""
    first, *rest = titles
    small = [first, *(each[:1].lower() + each[1:] for each in rest)]
    return small[0] if len(small) == 1 else word(language, "and", first=", ".join(small[:-1]), last=small[-1])
