"""What stands around a picture: its title, a summary, its numbers as a table, and a menu to take it along."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from markupsafe import Markup

from pushpull.dashboard.i18n.texts import Language
from pushpull.wording.markup import element, table

EVERY = 5  # years between the rows of a table


def figure(
    language: Language,
    name: str,
    title: str,
    unit: str,
    drawing: Markup,
    summary: str = "",
    data: Markup | None = None,
    legend: Markup | None = None,
    wide: bool = False,
) -> Markup:
    """A figure that says in words what it shows."""
    return element(
        "figure",
        element("figcaption", element("h3", title, element("small", unit) if unit else None)),
        menu(language, title),
        legend,
        drawing,
        element("p", summary, class_="summary") if summary else None,
        numbers(language, f"data-{name}", data) if data is not None else None,
        class_="chart wide" if wide else "chart",
        id=f"figure-{name}",
        aria_label=title,
    )


def menu(language: Language, title: str) -> Markup:
    """The menu of one chart: its picture and its data."""
    entries = [
        element("button", language.say(f"page.save_{kind}"), type="button", data_take=kind)
        for kind in ("svg", "png", "csv")
    ]
    name = language.say("pair", name=language.say("page.menu"), value=title)
    return element(
        "details", element("summary", "\u22ef", aria_label=name, title=name), element("div", entries), class_="take"
    )


def how(language: Language, content: Markup) -> Markup:
    """How something is calculated, to be opened."""
    return element("details", element("summary", language.say("entry.equation")), content, class_="how")


def numbers(language: Language, name: str, data: Markup) -> Markup:
    """The numbers of a picture, to be opened."""
    return element(
        "details",
        element("summary", language.say("page.data")),
        element("div", data, class_="table", tabindex="0"),
        class_="data",
        id=name,
    )


def over_years(
    language: Language,
    title: str,
    time: np.ndarray,
    columns: Iterable[tuple[str, Sequence[float] | np.ndarray]],
    unit: str,
) -> Markup:
    """A table of series, a row every fifth year and one for the last."""
    columns = list(columns)
    rows = [index for index, year in enumerate(time) if abs(year % EVERY) < 1e-6 or index == len(time) - 1]
    say = language.numbers
    return table(
        [language.say("page.year"), *(head for head, _ in columns)],
        [
            [say.year(float(time[row])), *(say.amount(float(values[row]), unit) for _, values in columns)]
            for row in rows
        ],
        title,
        class_="numbers",
    )


def key(entries: Sequence[tuple[str, str, tuple[int, ...]]]) -> Markup:
    """A legend: for each line its title, its colour and its dash."""
    return element(
        "ul",
        [
            element(
                "li",
                element(
                    "svg",
                    element(
                        "line", x1="0", x2="28", y1="4", y2="4",
                        style=f"stroke: var(--{colour}); stroke-width: 2.4; "
                        f"stroke-dasharray: {' '.join(map(str, dash)) or 'none'}",
                    ),
                    width="28", height="8", aria_hidden="true",
                ),
                title,
            )
            for title, colour, dash in entries
        ],
        class_="legend",
    )  # fmt: skip


def swatches(entries: Sequence[tuple[str, str]]) -> Markup:
    """A legend of areas: for each its title and its look."""
    boxes = [
        element("li", element("svg", element("rect", width="14", height="10", style=look), width="14", height="10",
                              aria_hidden="true"), title)
        for title, look in entries
    ]  # fmt: skip
    return element("ul", boxes, class_="legend")
