"""What stands around a picture: its title, a summary, its numbers as a table, and a menu to take it along."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from markupsafe import Markup

from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.state.state import State
from pushpull.wording.markup import element, table
from pushpull.wording.numbers import DASH, is_share

KINDS = ("svg", "png", "csv", "xlsx", "copy_picture", "copy_table")  # in which a chart is taken along
PICTURES = ("svg", "png", "copy_picture")
FIRST_COLUMN, COLUMN = 130, 90  # pixels below which words of such a column break
WHOLE = 1e-3  # years: a time so near to a whole year is one


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
    subject: str = "",
) -> Markup:
    """A figure that says in words what it shows; `subject` is what the page says of it elsewhere, as a heading of
    several. A wide drawing keeps its size on a narrow page, where one scrolls along it."""
    return element(
        "figure",
        element("figcaption", element("h3", title, element("small", unit) if unit else None)),
        menu(language, title, KINDS if data is not None else PICTURES),
        legend,
        element("div", drawing, class_="across", tabindex="0", role="group", aria_label=title) if wide else drawing,
        element("p", summary, class_="summary") if summary else None,
        numbers(language, f"data-{name}", data) if data is not None else None,
        class_="chart wide" if wide else "chart",
        id=f"figure-{name}",
        aria_label=title,
        data_subject=subject or None,
    )


def menu(language: Language, title: str, kinds: Sequence[str] = KINDS) -> Markup:
    """The menu of one chart: its picture and its data, as files and for the clipboard."""
    entries = [element("button", language.say(f"exports.menu.{kind}"), type="button", data_take=kind) for kind in kinds]
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
    start: float,
    record: Mapping[str, Sequence[float]] | None = None,
) -> Markup:
    """A table of series: a row every year, one for the policy start, one for the last, and one for each time of the
    record, whose times and values `record` holds.

    The browser writes it out where it is opened: a page of such tables would weigh more than its charts.
    """
    columns, say = list(columns), language.say
    saved = {round(float(year), 3): index for index, year in enumerate(time)}
    found = dict(zip((round(year, 3) for year in record["time"]), record["value"], strict=True)) if record else {}
    years = {
        year
        for year, index in saved.items()
        if abs(year - round(year)) < WHOLE or abs(year - start) < WHOLE or index == len(time) - 1
    }
    scale = 100.0 if is_share(unit) else 1.0
    rows = []
    for year in sorted(years | found.keys()):
        index = saved.get(year)
        cells = [math.nan if index is None else float(row[index]) for _, row in columns]
        cells += [found.get(year, math.nan)] if found else []
        rows.append([year, *(_figures(scale * value) for value in cells)])
    content = {
        "heads": [say("page.year"), *(head for head, _ in columns), *([say("charts.legend_history")] if found else [])],
        "rows": rows,
        "unit": "%" if is_share(unit) else language.numbers.unit(unit),
        "start": start,
        "note": say("exports.policy_start"),
    }
    return element("table", element("caption", title), class_="numbers", data_table=json.dumps(content))


def _figures(value: float) -> float | None:
    """A number to five figures, as JSON has it; None where it is none."""
    if not math.isfinite(value):
        return None
    shown = float(f"{value:.5g}")
    return int(shown) if shown.is_integer() else shown


def along(heads: Sequence[object], rows: Iterable[Iterable[object]], caption: str) -> Markup:
    """A table that keeps its columns as wide as their words: where there is no room for all, one scrolls along it."""
    narrowest = f"min-width: {FIRST_COLUMN + COLUMN * (len(heads) - 1)}px"
    return element("div", table(heads, rows, caption, style=narrowest), class_="scroll", tabindex="0")


def amount(language: Language, value: float, unit: str) -> Markup:
    """An amount with its unit as a cell of a table."""
    return cell(language.numbers.full(value, unit) if math.isfinite(value) else DASH, value)


def cell(words: str, value: float) -> Markup:
    """A number in words as a cell of a table, with the bare number for those who take the table along."""
    return element("td", words, data_value=f"{value:.5g}" if math.isfinite(value) else "")


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


def run_names(language: Language, state: State, is_inside: bool = False) -> dict[str, str]:
    """What the two runs of a page are called, by their colours: yours by its name, where it has one. Words of the page
    begin small where they stand inside others; a name that somebody gave stays as it is."""
    words = {colour: language.say(colour) for colour in ("baseline", "yours")}
    named = state.shown_name(language)
    words = {colour: language.inside(each) for colour, each in words.items()} if is_inside else words
    return words if named == language.say("yours") else words | {"yours": named}
