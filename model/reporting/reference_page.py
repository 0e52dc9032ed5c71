"""The reference as HTML or Markdown: every name leads to its entry, and nothing is fetched from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup, escape

from pushpull.wording import palette
from pushpull.wording.markup import element
from pushpull.wording.templates import render

TEMPLATES = Path(__file__).parent / "templates"
PLAIN_FACTS = ("value", "unit", "range", "for every", "quality", "group")  # their words lead nowhere
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True)
class ReferenceEntry:
    """One name: its heading, what it means, its equations, plain facts, and the names it is joined to."""

    id: str
    title: str
    kind: str
    meaning: str
    equations: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class ReferenceChapter:
    """A chapter of the reference."""

    id: str
    title: str
    introduction: str
    entries: tuple[ReferenceEntry, ...] = ()


def html_page(title: str, introduction: str, chapters: tuple[ReferenceChapter, ...]) -> str:
    """One page that stands by itself."""
    return render(
        TEMPLATES,
        "reference.html.j2",
        title=title,
        introduction=introduction,
        chapters=chapters,
        light=palette.variables(palette.LIGHT),
        dark=palette.variables(palette.DARK),
        **_filters(_anchors(chapters), "#{}".format, str),
    )


def chapters_html(
    chapters: Iterable[ReferenceChapter],
    every: Iterable[ReferenceChapter],
    leads_to: Callable[[str], str],
    say: Callable[[str], str],
) -> Markup:
    """Some chapters as part of another page. `every` holds all that names may lead to, `leads_to` the address of an
    entry by its id, `say` the words around what entries hold."""
    return Markup(
        render(TEMPLATES, "reference_entries.html.j2", chapters=chapters, **_filters(_anchors(every), leads_to, say))
    )


def _filters(anchors: Mapping[str, str], leads_to: Callable[[str], str], say: Callable[[str], str]) -> dict:
    """What the template of entries writes texts with."""
    linked = _linker(anchors, lambda word, anchor: element("a", word, href=leads_to(anchor)), escape)

    def fact(label: str, text: str) -> Markup:
        if label == "url" and text.startswith(("http://", "https://")):
            return element("a", text, href=text, rel="noreferrer")
        return escape(text) if label in PLAIN_FACTS else Markup(linked(text))

    return {"linked": lambda text: Markup(linked(text)), "fact": fact, "say": say}


def markdown_page(title: str, introduction: str, chapters: tuple[ReferenceChapter, ...]) -> str:
    """The same as Markdown, with an anchor before every entry."""
    linked = _linker(_anchors(chapters), lambda word, anchor: f"[{word}](#{anchor})", str)
    values = {"title": title, "introduction": introduction, "chapters": chapters, "linked": linked}
    return render(TEMPLATES, "reference.md.j2", **values)


def _anchors(chapters: Iterable[ReferenceChapter]) -> dict[str, str]:
    """Where a word leads: names to themselves, source keys and settings to their entries."""
    anchors: dict[str, str] = {}
    for chapter in chapters:
        for entry in chapter.entries:
            anchors.setdefault(entry.id.removeprefix("source_").removeprefix("setting_"), entry.id)
    return anchors


def _linker(
    anchors: Mapping[str, str], link: Callable[[str, str], str], plain: Callable[[str], str]
) -> Callable[[str], str]:
    """Turns a text into one in which every name that has an anchor is a link."""

    def linked(text: str) -> str:
        parts, end = [], 0
        for word in _WORD.finditer(text):
            if word.group() in anchors:
                parts += [plain(text[end : word.start()]), link(word.group(), anchors[word.group()])]
                end = word.end()
        return "".join([*parts, plain(text[end:])])

    return linked
