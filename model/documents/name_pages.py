"""The reference of the model's names as parts of pages: outcomes, levers and context, equations with parameters,
sources. French has the names and meanings that exist; what is said in English alone is marked as English."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from markupsafe import Markup, escape

from pushpull.catalogue import catalogue
from pushpull.descriptions import title_of
from pushpull.documents.site_words import say
from pushpull.reporting.reference import chapters
from pushpull.reporting.reference_page import ReferenceChapter, ReferenceEntry, chapters_html
from pushpull.wording.bilingual import ENGLISH
from pushpull.wording.markup import element
from pushpull.wording.model_texts import model_texts

PAGE_OF_CHAPTER = {
    "outcomes": "outcomes",
    "levers": "levers",
    "context": "levers",
    "loops": "equations",
    "settings": "equations",
    "sources": "sources",
}
IN_OTHER_LANGUAGES = {"range reason": "range_reason", "cost": "cost", "rights": "rights"}  # facts, and their blocks


@cache
def _pages() -> dict[str, tuple[ReferenceChapter, ...]]:
    pages: dict[str, tuple[ReferenceChapter, ...]] = {}
    for chapter in chapters(catalogue()):
        page = PAGE_OF_CHAPTER.get(chapter.id, "equations")
        pages[page] = (*pages.get(page, ()), chapter)
    return pages


@cache
def _page_of_entry() -> dict[str, str]:
    return {entry.id: page for page, some in _pages().items() for chapter in some for entry in chapter.entries}


def chapters_of(page: str, language: str) -> tuple[ReferenceChapter, ...]:
    """The chapters of a page of the reference in a language."""
    return tuple(
        replace(
            chapter,
            title=say(chapter.title, language),
            introduction=_introduction(chapter, language),
            entries=tuple(_entry_in(entry, language) for entry in chapter.entries),
        )
        for chapter in _pages()[page]
    )


def names_html(page: str, language: str) -> Markup:
    """The entries of a page of the reference in a language."""
    every = [chapter for some in _pages().values() for chapter in some]
    homes = _page_of_entry()
    return chapters_html(
        chapters_of(page, language),
        every,
        lambda anchor: f"#{anchor}" if homes[anchor] == page else f"{homes[anchor]}.html#{anchor}",
        lambda text: say(text, language),
    )


def _introduction(chapter: ReferenceChapter, language: str) -> str:
    """What stands below the title of a chapter; of a sector, how many equations and parameters it has."""
    if not chapter.id.startswith("sector_"):
        return say(chapter.introduction, language)
    cards = sum(entry.kind == "parameter" for entry in chapter.entries)
    return say("{equations} equations, {parameters} parameters", language).format(
        equations=len(chapter.entries) - cards, parameters=cards
    )


def _entry_in(entry: ReferenceEntry, language: str) -> ReferenceEntry:
    if language == ENGLISH:
        return entry
    name = entry.id.removeprefix("outcome_").removeprefix("loop_")
    texts = model_texts(language)
    title = texts["loop_titles"].get(name) if entry.id.startswith("loop_") else None
    title = title or texts["titles"].get(name)
    is_named = entry.title == entry.id  # a name of files: it stays, with its title beside it
    shown = f"{entry.title} · {title}" if title and is_named else title or entry.title
    block = "stories" if entry.id.startswith("loop_") else "meanings"
    meaning = texts[block].get(name) or (_in_english(entry.meaning) if entry.meaning else "")
    return replace(entry, title=shown, meaning=meaning, facts=tuple(_facts(entry, name, language)))


def _facts(entry: ReferenceEntry, name: str, language: str) -> Iterator[tuple[str, str]]:
    texts = model_texts(language)
    for label, text in entry.facts:
        block = IN_OTHER_LANGUAGES.get(label)
        if block:
            yield label, texts.get(block, {}).get(name, text)
        elif label == "range":
            yield label, text.replace(" to ", say(" to ", language))
        else:
            yield label, say(text, language)


def _in_english(text: str) -> Markup:
    return element("span", escape(text), lang=ENGLISH)


def name_titles(page: str, language: str) -> Iterator[tuple[str, str, str]]:
    """The id, title and meaning of each entry of a page, to be found by their words."""
    for chapter in chapters_of(page, language):
        for entry in chapter.entries:
            named = title_of(catalogue(), entry.id) if entry.title == entry.id and entry.kind != "setting" else ""
            yield entry.id, f"{entry.title} {named}".strip(), Markup(entry.meaning).striptags()
