"""What stands around a picture: its title, a summary, its numbers as a table, and a menu to take it along."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from markupsafe import Markup

from pushpull.dashboard.i18n.texts import Language
from pushpull.wording.markup import element, table
from pushpull.wording.numbers import DASH, is_share

KINDS = ("svg", "png", "csv", "xlsx", "copy_picture", "copy_table")  # in which a chart is taken along
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
    """The menu of one chart: its picture and its data, as files and for the clipboard."""
    entries = [
        element("button", language.say(f"exports.menu.{kind}"), type="button", data_take=kind) for kind in KINDS
    ]
    name = language.say("pair", name=language.say("page.menu"), value=title)
    return element(
        "details", element("summary", "\u22ef", aria_label=name, title=name), element("div", entries), class_="take"
    )


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
    record, whose times and values `record` holds."""
    columns, say = list(columns), language.say
    recorded = dict(zip(record["time"], record["value"], strict=True)) if record else {}
    saved = {round(float(year), 3): index for index, year in enumerate(time)}
    years = {
        year
        for year, index in saved.items()
        if abs(year - round(year)) < WHOLE or abs(year - start) < WHOLE or index == len(time) - 1
    }
    found = {round(year, 3): value for year, value in recorded.items()}
    rows = []
    for year in sorted(years | found.keys()):
        index = saved.get(year)
        cells = [amount(language, math.nan if index is None else float(row[index]), unit) for _, row in columns]
        cells += [amount(language, found.get(year, math.nan), unit)] if record else []
        shown = element("span", language.numbers.year(year), data_value=f"{year:.10g}")
        rows.append([[shown, _note(say("exports.policy_start"))] if abs(year - start) < WHOLE else shown, *cells])
    heads = [say("page.year"), *(head for head, _ in columns), *([say("charts.legend_history")] if record else [])]
    beside = "%" if is_share(unit) else language.numbers.unit(unit)
    return table(heads, rows, title, class_="numbers", data_unit=beside, data_start=f"{start:.10g}")


def _note(words: str) -> Markup:
    return element("small", " ", words)


def amount(language: Language, value: float, unit: str) -> Markup:
    """An amount as a cell of a table, with the bare number for those who take the table along; shares in percent."""
    if not math.isfinite(value):
        return element("td", DASH, data_value="")
    bare = 100 * value if is_share(unit) else value
    return element("td", language.numbers.amount(value, unit), data_value=f"{bare:.5g}")


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
