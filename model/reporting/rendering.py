"""Reference pages as HTML or Markdown: names lead to their entries, nothing is fetched from elsewhere."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pushpull.reporting.reference import Entry, Section

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
STYLE = """
:root { color-scheme: light dark; --line: #8884; --faint: #8881; --link: light-dark(#0b57a4, #8ab8ef); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
a { color: var(--link); text-decoration: none; } a:hover, a:focus { text-decoration: underline; }
nav ul { columns: 16rem; padding-left: 1.2rem; }
section { border-top: 1px solid var(--line); margin-top: 2.5rem; }
article { margin: 1.2rem 0; padding: .6rem .9rem; background: var(--faint); border-radius: 6px; }
article:target { outline: 2px solid var(--link); }
h3 { margin: 0; font-size: 1rem; overflow-wrap: anywhere; }
.kind { font-weight: normal; opacity: .7; font-size: .85rem; margin-left: .5rem; }
pre { overflow-x: auto; margin: .5rem 0; padding: .5rem; background: var(--faint); white-space: pre-wrap; }
dl { display: grid; grid-template-columns: 11rem 1fr; gap: .1rem .8rem; }
dl { margin: .4rem 0 0; font-size: .9rem; }
dt { opacity: .7; } dd { margin: 0; overflow-wrap: anywhere; } p { margin: .3rem 0; }
"""


def html_page(title: str, introduction: str, sections: Iterable[Section]) -> str:
    """One page that stands by itself."""
    sections = tuple(sections)
    anchors = _anchors(sections)
    link = _linker(anchors, lambda word, anchor: f'<a href="#{anchor}">{html.escape(word)}</a>', html.escape)
    contents = "".join(f'<li><a href="#{one.id}">{html.escape(one.title)}</a></li>' for one in sections)
    parts = [
        "<!DOCTYPE html>\n<html lang=en>\n<head>\n<meta charset=utf-8>",
        '<meta name=viewport content="width=device-width, initial-scale=1">',
        f"<title>{html.escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>",
        f"<h1>{html.escape(title)}</h1>\n<p>{html.escape(introduction)}</p>\n<nav><ul>{contents}</ul></nav>",
    ]
    for section in sections:
        parts.append(f"<section id={section.id}>\n<h2>{html.escape(section.title)}</h2>")
        parts.append(f"<p>{html.escape(section.introduction)}</p>")
        parts += [_html_entry(entry, link) for entry in section.entries]
        parts.append("</section>")
    return "\n".join([*parts, "</body>\n</html>\n"])


def _html_entry(entry: Entry, link: Callable[[str], str]) -> str:
    lines = [f'<article id="{entry.id}">']
    lines.append(f"<h3>{html.escape(entry.title)}<span class=kind>{html.escape(entry.kind)}</span></h3>")
    if entry.meaning:
        lines.append(f"<p>{html.escape(entry.meaning)}</p>")
    lines += [f"<pre>{link(equation)}</pre>" for equation in entry.equations]
    facts = [(label, _html_fact(label, text, link)) for label, text in entry.facts]
    facts += [(label, ", ".join(map(link, names))) for label, names in entry.links]
    if facts:
        lines.append(
            "<dl>" + "".join(f"<dt>{html.escape(label)}</dt><dd>{text}</dd>" for label, text in facts) + "</dl>"
        )
    return "\n".join([*lines, "</article>"])


def _html_fact(label: str, text: str, link: Callable[[str], str]) -> str:
    if label == "url" and text.startswith(("http://", "https://")):
        return f'<a href="{html.escape(text)}" rel=noreferrer>{html.escape(text)}</a>'
    return html.escape(text) if label in ("value", "unit", "range", "for every", "quality", "group") else link(text)


def markdown_page(title: str, introduction: str, sections: Iterable[Section]) -> str:
    """The same as Markdown, with an anchor before every entry."""
    sections = tuple(sections)
    link = _linker(_anchors(sections), lambda word, anchor: f"[{word}](#{anchor})", lambda text: text)
    parts = [f"# {title}", introduction, "\n".join(f"- [{one.title}](#{one.id})" for one in sections)]
    for section in sections:
        parts += [f'<a id="{section.id}"></a>\n\n## {section.title}', section.introduction]
        parts += [_markdown_entry(entry, link) for entry in section.entries]
    return "\n\n".join(parts) + "\n"


def _markdown_entry(entry: Entry, link: Callable[[str], str]) -> str:
    parts = [f'<a id="{entry.id}"></a>\n\n### {entry.title}', f"*{entry.kind}*"]
    if entry.meaning:
        parts.append(entry.meaning)
    parts += [f"```\n{equation}\n```" for equation in entry.equations]
    facts = [f"- {label}: {text}" for label, text in entry.facts]
    facts += [f"- {label}: {', '.join(map(link, names))}" for label, names in entry.links]
    if facts:
        parts.append("\n".join(facts))
    return "\n\n".join(parts)


def _anchors(sections: Iterable[Section]) -> dict[str, str]:
    """Where a word leads: names to themselves, source keys and settings to their entries."""
    anchors: dict[str, str] = {}
    for section in sections:
        for entry in section.entries:
            anchors.setdefault(entry.id.removeprefix("source_").removeprefix("setting_"), entry.id)
    return anchors


def _linker(
    anchors: dict[str, str], link: Callable[[str, str], str], plain: Callable[[str], str]
) -> Callable[[str], str]:
    """Turns a text into one in which every known name is a link."""

    def linked(text: str) -> str:
        parts, place = [], 0
        for found in _WORD.finditer(text):
            if found.group() in anchors:
                parts += [plain(text[place : found.start()]), link(found.group(), anchors[found.group()])]
                place = found.end()
        return "".join([*parts, plain(text[place:])])

    return linked
