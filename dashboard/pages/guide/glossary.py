"""The words of the page: each with its meaning on hover and focus where it stands, and all of them as a list."""

from __future__ import annotations

import unicodedata

from markupsafe import Markup

from pushpull.dashboard.i18n.texts import Language
from pushpull.wording.markup import element


def terms(language: Language) -> dict[str, tuple[str, str]]:
    """Every term with its title and meaning."""
    found = {}
    for name in language.section("glossary_terms"):
        key = f"glossary_terms.{name}"
        found[name] = (language.say(f"{key}.title"), language.say(f"{key}.meaning"))
    return found


def term(name: str, words: str) -> Markup:
    """Words of the page that are a term: a button that says its meaning where it is pointed at or focused."""
    return element("button", words, type="button", class_="term", aria_describedby=f"term-{name}")


def meanings(language: Language) -> Markup:
    """The meanings that terms anywhere on the page are described by; out of sight."""
    spans = [element("span", meaning, id=f"term-{name}") for name, (_, meaning) in terms(language).items()]
    return element("div", spans, hidden=True)


def glossary(language: Language) -> Markup:
    """All terms as a list."""
    entries = sorted(terms(language).values(), key=lambda entry: _without_accents(entry[0]))
    rows = [element("div", element("dt", title), element("dd", meaning)) for title, meaning in entries]
    return element("dl", rows, class_="terms")


def _without_accents(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(each))
