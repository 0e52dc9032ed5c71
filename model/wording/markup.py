"""HTML built from Python: whatever is not markup already is escaped, so no title or file can become markup."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from markupsafe import Markup, escape

EMPTY = ("br", "input", "hr", "meta", "link", "circle", "line", "path", "rect", "polyline", "polygon", "ellipse")


def element(tag: str, *children: object, **attributes: object) -> Markup:
    """An element. `class_` and `for_` lose their bar, other bars become dashes; None and False are left out."""
    written = "".join(
        f' {_name(name)}="{escape(value if value is not True else "")}"'
        for name, value in attributes.items()
        if value is not None and value is not False
    )
    if tag in EMPTY and not children:
        return Markup(f"<{tag}{written}/>")
    return Markup(f"<{tag}{written}>{together(children)}</{tag}>")


def together(children: Iterable[object]) -> Markup:
    """Pieces one after the other; lists and tuples are opened, None is left out."""
    parts = []
    for child in children:
        if child is None or child is False:
            continue
        parts.append(together(child) if isinstance(child, (list, tuple)) else escape(child))
    return Markup("").join(parts)


def table(heads: Iterable[object], rows: Iterable[Iterable[object]], caption: str = "", **attributes: object) -> Markup:
    """A table whose first column heads its rows."""
    body = [
        element("tr", element("th", first, scope="row"), [_cell(cell) for cell in rest])
        for first, *rest in map(list, rows)
    ]
    return element(
        "table",
        element("caption", caption) if caption else None,
        element("thead", element("tr", [element("th", head, scope="col") for head in heads])),
        element("tbody", body),
        **attributes,
    )


def _cell(cell: object) -> object:
    return cell if isinstance(cell, Markup) and cell.startswith("<td") else element("td", cell)


def send(**message: object) -> str:
    """A message for the attribute `data-send`: what the session gets when the element is chosen."""
    return json.dumps(message)


def choice(
    label: str, key: str, entries: Iterable[tuple[str, str]], chosen: str, langs: Mapping[str, str | None] | None = None
) -> Markup:
    """A labelled list to choose from; it sends `{key: value}`. `langs` tells the language of titles in another one."""
    spoken = langs or {}
    options = [
        element("option", title, value=name, selected=name == chosen, lang=spoken.get(name)) for name, title in entries
    ]
    return element(
        "label", label, " ", element("select", options, data_choose=key, id=f"choose-{key}"), class_="choice"
    )


def buttons(label: str, key: str, entries: Iterable[tuple[str, str]], chosen: str) -> Markup:
    """A row of buttons of which one is pressed; it sends `{key: value}`."""
    made = [
        element(
            "button",
            title,
            type="button",
            id=f"{key}-{name}",
            data_send=send(**{key: name}),
            aria_pressed=str(name == chosen).lower(),
        )  # fmt: skip
        for name, title in entries
    ]
    return element("div", made, class_="segments", role="group", aria_label=label)


def _name(name: str) -> str:
    return name.rstrip("_").replace("_", "-")
