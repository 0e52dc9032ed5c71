"""Pieces of a page: paragraphs, tables, figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def paragraph(text: str, kind: str = "") -> str:
    """A paragraph of plain text."""
    return f'<p class="{kind}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"


def table(id: str, columns: Sequence[str], rows: Iterable[Sequence[str]], numbers: Iterable[int] = (), kind="") -> str:
    """A table of plain texts; `numbers` are the columns set to the right. It scrolls where it is too wide."""
    right = set(numbers)

    def cell(place: int, text: str) -> str:
        label = escape(columns[place], quote=True)
        side = ' class="n"' if place in right else ""
        return f'<td{side} data-label="{label}">{escape(text)}</td>'

    head = "".join(
        f'<th scope="col"{" class=" + chr(34) + "n" + chr(34) if place in right else ""}>{escape(column)}</th>'
        for place, column in enumerate(columns)
    )
    body = "\n".join("<tr>" + "".join(cell(place, text) for place, text in enumerate(row)) + "</tr>" for row in rows)
    return (
        f'<div class="wide {kind}" tabindex="0" role="region" aria-label="{escape(id, quote=True)}">'
        f'<table id="{id}"><thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>'
    )


def figure(drawing: str, title: str, notes: Sequence[str] = ()) -> str:
    """A drawing with its heading above and its notes below."""
    below = "".join(f"<span>{escape(note)}</span>" for note in notes)
    return f"<figure><figcaption><b>{escape(title)}</b></figcaption>{drawing}<figcaption>{below}</figcaption></figure>"
