"""All documents as pages: each with the contents beside it, its own headings, its neighbours, and words to be found.

The same pages are served under Help and written by `pushpull export docs`; they fetch nothing but what lies beside.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from pushpull.catalogue import catalogue
from pushpull.documents.command_pages import Command, command_reference
from pushpull.documents.document_list import (
    KINDS,
    LANGUAGES,
    OF_NAMES,
    REFERENCE,
    TITLES_OF_KINDS,
    Document,
    documents,
    title_of,
)
from pushpull.documents.markdown_pages import MarkdownPage, PageSection, page_of
from pushpull.documents.name_pages import chapters_of, name_titles, names_html
from pushpull.documents.python_pages import python_reference
from pushpull.documents.scenario_format import scenario_reference
from pushpull.documents.site_words import say
from pushpull.documents.stated_numbers import StatedNumbers
from pushpull.wording import palette
from pushpull.wording.bilingual import ENGLISH, FRENCH
from pushpull.wording.templates import render

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
LEADS_OF_KINDS = {
    "tutorial": "Your first hour",
    "guide": "What to do, step by step",
    "reference": "Looked up, made from the code",
    "explanation": "Why it says what it says",
}
IN_ENGLISH = "This page stands in English alone."
IN_PART = "Names are in French where they have French ones; the rest is in English."
OTHER = {ENGLISH: FRENCH, FRENCH: ENGLISH}
LONGEST_TEXT = 4_000  # letters of a section that a search looks through


@dataclass(frozen=True)
class KindOfDocuments:
    """The documents of a kind with their titles, as contents list them."""

    title: str
    lead: str
    entries: tuple[tuple[str, str], ...]


class DocumentSite:
    """The pages of every language; what is made is kept. `commands` is the command line, for its reference."""

    def __init__(self, commands: Command):
        self._commands = commands
        self._made: dict[tuple[str, str], MarkdownPage] = {}

    def files(self) -> Iterator[tuple[str, str]]:
        """Every file of the site with its text, by its path."""
        yield "index.html", self.text("index.html")
        for name in ("site.css", "site.js"):
            yield name, self.text(name)
        for language in LANGUAGES:
            for name in ("index", *documents()):
                yield f"{language}/{name}.html", self.text(f"{language}/{name}.html")
            yield f"{language}/words.js", self.text(f"{language}/words.js")

    def text(self, path: str) -> str:
        """The text of one file of the site; raises KeyError where there is none of that path."""
        language, _, name = path.rpartition("/")
        if path == "site.css":
            return palette.style_sheet() + (TEMPLATES / "site.css").read_text(encoding="utf-8")
        if path == "site.js":
            return (TEMPLATES / "site.js").read_text(encoding="utf-8")
        if path == "index.html":
            return render(TEMPLATES, "languages.html.j2", languages=LANGUAGES)
        bare, ending = posixpath.splitext(name)
        if language not in LANGUAGES or (bare, ending) != ("words", ".js") and ending != ".html":
            raise KeyError(path)
        if ending == ".js":
            return f"window.pushpullWords = {json.dumps(list(self._words(language)), ensure_ascii=False)};\n"
        return self._index(language) if bare == "index" else self._document(documents()[bare], language)

    def contents(self, language: str) -> tuple[KindOfDocuments, ...]:
        """What there is, kind by kind."""
        return tuple(
            KindOfDocuments(
                say(TITLES_OF_KINDS[kind], language),
                say(LEADS_OF_KINDS[kind], language),
                tuple((each.id, title_of(each, language)) for each in documents().values() if each.kind == kind),
            )
            for kind in KINDS
        )

    # Pages -------------------------------------------------------------------------------------------------------

    def _index(self, language: str) -> str:
        title = say("Documents to learn from", language)
        return self._render("index", language, MarkdownPage(title, Markup(""), (PageSection("title", title, 1, ""),)))

    def _document(self, document: Document, language: str) -> str:
        page, names = self._page(document, language), list(documents())
        place = names.index(document.id)
        near = {"before": names[place - 1 : place][0:1], "after": names[place + 1 : place + 2]}
        neighbours = {
            word: (found[0], title_of(documents()[found[0]], language)) for word, found in near.items() if found
        }
        return self._render(document.id, language, page, _note(document, language), neighbours)

    def _render(
        self,
        name: str,
        language: str,
        made: MarkdownPage,
        note: str = "",
        neighbours: dict[str, tuple[str, str]] | None = None,
    ) -> str:
        return render(
            TEMPLATES,
            "page.html.j2",
            page=name,
            language=language,
            other=OTHER[language],
            made=made,
            headings=[each for each in made.sections if each.level == 2],
            note=say(note, language),
            spoken=ENGLISH if note == IN_ENGLISH else None,
            neighbours=neighbours or {},
            contents=self.contents(language),
            say=lambda text: say(text, language),
        )

    def _page(self, document: Document, language: str) -> MarkdownPage:
        key = document.id, language
        if key not in self._made:
            self._made[key] = self._new_page(document, language)
        return self._made[key]

    def _new_page(self, document: Document, language: str) -> MarkdownPage:
        if document.id in OF_NAMES:
            return _page_of_names(document.id, language)
        if document.file is not None:
            return page_of(filled(document, language), language, _leads_to)
        made = {
            "scenario_files": lambda: scenario_reference(catalogue()),
            "python": python_reference,
            "command_line": lambda: command_reference(self._commands),
        }
        return page_of(made[document.id](), ENGLISH, _leads_to)

    # Search ------------------------------------------------------------------------------------------------------

    def _words(self, language: str) -> Iterator[tuple[str, str, str, str]]:
        """What can be found: address, title of the page, title of the section, its text."""
        for document in documents().values():
            title, address = title_of(document, language), f"{document.id}.html"
            if document.id in OF_NAMES:
                for anchor, name, meaning in name_titles(document.id, language):
                    yield f"{address}#{anchor}", title, name, meaning
                continue
            for section in self._page(document, language).sections:
                yield f"{address}#{section.anchor}", title, section.title, section.text[:LONGEST_TEXT]


def _note(document: Document, language: str) -> str:
    """What stands above a document that is not whole in a language."""
    if language == ENGLISH or document.kind != REFERENCE:
        return ""
    return IN_PART if document.id in OF_NAMES else IN_ENGLISH


def filled(document: Document, language: str) -> str:
    """The Markdown of a written document with its numbers put in."""
    text = document.path(language).read_text(encoding="utf-8")
    if "{{" not in text:
        return text
    return _filler().from_string(text).render(_numbers(language).names)


@cache
def _numbers(language: str) -> StatedNumbers:
    return StatedNumbers(language)


@cache
def _filler() -> Environment:
    """What puts numbers into Markdown: `{{ levers }}`; nothing else in a text is special."""
    return Environment(undefined=StrictUndefined, keep_trailing_newline=True, comment_start_string="{{#")


def _page_of_names(name: str, language: str) -> MarkdownPage:
    title = say(OF_NAMES[name], language)
    sections = [PageSection("title", title, 1, "")]
    sections += [PageSection(each.id, each.title, 2, each.introduction) for each in chapters_of(name, language)]
    return MarkdownPage(title, names_html(name, language), tuple(sections))


def _leads_to(target: str) -> str:
    """Where a link of a text leads on the site: another document to its page, what is no document to nothing here."""
    if "://" in target or target.startswith(("#", "mailto:")):
        return target
    path, hash_, anchor = target.partition("#")
    name = _document_at(path)
    return f"{name}.html{hash_}{anchor}" if name else ""


@cache
def _document_at(path: str) -> str | None:
    """The document that a relative path of Markdown leads to: `own_fit.en.md`, or `../corridors/README.md`."""
    bare = posixpath.basename(path).removesuffix(".md").split(".")[0]
    if bare != "README":
        return bare if bare in documents() else None
    folder = posixpath.basename(posixpath.dirname(path))
    found = (each.id for each in documents().values() if each.file and each.file.parent.name == folder)
    return next(found, None)
