"""Markdown as HTML, by markdown-it; headings get anchors, links to other Markdown files lead to their pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML, RendererProtocol
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup
from mdit_py_plugins.anchors import anchors_plugin

from pushpull.wording.typography import typeset

AFTER_THE_TITLE = 3  # tokens of a heading: where it opens, its words, where it closes


@dataclass(frozen=True)
class PageSection:
    """A heading with what stands below it until the next one, as words to be found."""

    anchor: str
    title: str
    level: int
    text: str


@dataclass(frozen=True)
class MarkdownPage:
    """A document as a page: its title, the HTML below it, and its sections, the one of the title first."""

    title: str
    html: Markup
    sections: tuple[PageSection, ...]


def page_of(text: str, language: str, leads_to: Callable[[str], str]) -> MarkdownPage:
    """The page of a Markdown text that begins with its title, set for print in its language; `leads_to` turns the
    target of each link, into nothing where it is on no page."""
    tokens = _reader().parse(text)
    for token in tokens:
        _dress(token.children or [], language, leads_to)
    sections = tuple(_sections(tokens))
    html = _reader().renderer.render(tokens[AFTER_THE_TITLE:], _reader().options, {})
    return MarkdownPage(sections[0].title, Markup(html), sections)


@cache
def _reader() -> MarkdownIt:
    """The reader of CommonMark with tables; HTML in a text is shown as it is typed."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table").use(anchors_plugin, max_level=4)
    reader.add_render_rule("table_open", lambda *_: '<div class="scroll" tabindex="0">\n<table>\n')
    reader.add_render_rule("table_close", lambda *_: "</table>\n</div>\n")
    for form in ("fence", "code_block"):
        reader.add_render_rule(form, _reached_by_keys(form))
    return reader


def _dress(line: list[Token], language: str, leads_to: Callable[[str], str]) -> None:
    """Set a line: texts with the signs of print, links with where they lead; one that leads nowhere is plain words."""
    leads = True
    for token in line:
        if token.type == "text":
            token.content = typeset(token.content, language)
        elif token.type == "link_open":
            target = leads_to(str(token.attrs["href"]))
            token.attrs["href"], leads = target, bool(target)
        token.hidden = token.type in ("link_open", "link_close") and not leads


def _reached_by_keys(form: str) -> Callable[..., str]:
    """What renders code so that it can be scrolled by keyboard."""

    def rendered(self: RendererProtocol, tokens: list[Token], index: int, options: OptionsDict, env: dict) -> str:
        return getattr(RendererHTML, form)(self, tokens, index, options, env).replace("<pre", '<pre tabindex="0"', 1)

    return rendered


def _sections(tokens: list[Token]) -> Iterator[PageSection]:
    """The sections of a text; what comes before its first heading belongs to that one."""
    current = PageSection("", "", 1, "")
    words: list[str] = []
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            if current.title:
                yield replace(current, text=" ".join(words))
                words = []
            anchor, heading = str(token.attrs.get("id", "")), tokens[index + 1]
            current = PageSection(anchor, _plain(heading), int(token.tag[1]), "")
        elif token.type == "inline" and tokens[index - 1].type != "heading_open":
            words.append(_plain(token))
        elif token.type in ("fence", "code_block"):
            words.append(token.content)
    yield replace(current, text=" ".join(words))


def _plain(token: Token) -> str:
    """The words of a line without its marks."""
    parts = (child.content if child.type in ("text", "code_inline") else " " for child in token.children or ())
    return " ".join("".join(parts).split())
