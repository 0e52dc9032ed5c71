"""Excel workbooks: numbers are numbers, and every text stays text."""

from __future__ import annotations

import io
import math
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pushpull.files.csv_text import Cell, is_like_a_formula

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

LONGEST_NAME, LONGEST_TEXT = 31, 32_000  # of a sheet and of a cell, in the units of UTF-16 that Excel counts
WIDEST, WIDEST_HEAD = 44, 18  # of a column, in letters
LINE = 15.0  # points, of a row with one line
THOUSANDS = 1000.0  # from here on, they are parted
MADE = datetime(1980, 1, 1)  # workbooks of the same rows are the same, byte for byte
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # in no XML
_UNWRITABLE_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, its rows, and whether the first row heads them."""

    name: str
    rows: Sequence[Sequence[Cell]]
    is_headed: bool = True


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """The content of an .xlsx file; names of sheets are cut and told apart as Excel demands."""
    import xlsxwriter  # late: a quarter of a second, for which a page that writes no file need not wait

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"created": MADE})
        looks = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "parted": book.add_format({"num_format": "#,##0"}),
            "guarded": book.add_format({"quote_prefix": True}),
            "long": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        taken: set[str] = set()
        for sheet in sheets:
            _fill(book.add_worksheet(_name(sheet.name, taken)), sheet, looks)
    return content.getvalue()


def _fill(page: Worksheet, sheet: Sheet, looks: dict) -> None:
    widths: dict[int, int] = {}
    wrapped: dict[int, list[tuple[int, str]]] = {}  # texts of more than one line, by their row
    for number, row in enumerate(sheet.rows):
        is_head = sheet.is_headed and number == 0
        for place, cell in enumerate(row):
            if cell is None or (not isinstance(cell, str) and not math.isfinite(cell)):
                continue
            if isinstance(cell, str):
                is_long = len(cell) > WIDEST
                look = (
                    looks["guarded"]
                    if is_like_a_formula(cell)
                    else looks["long"]
                    if is_long or not sheet.is_headed
                    else None
                )
                page.write_string(number, place, _text(cell), looks["head"] if is_head else look)
                if is_head or is_long:
                    wrapped.setdefault(number, []).append((place, cell))
            else:
                parted = place > 0 and abs(cell) >= THOUSANDS
                page.write_number(number, place, cell, looks["parted"] if parted else None)
            length = len(cell) if isinstance(cell, str) else 12
            widths[place] = max(widths.get(place, 9), min(length + 1, WIDEST_HEAD if is_head else WIDEST))
    for place, width in widths.items():
        page.set_column(place, place, width)
    for number, texts in wrapped.items():  # not every program works out how high a row must be
        lines = max(len(textwrap.wrap(text, widths[place] - 1)) for place, text in texts)
        page.set_row(number, LINE * max(lines, 1))
    page.set_landscape()
    if sheet.is_headed:
        page.freeze_panes(1, 1)
        page.repeat_rows(0)
        page.repeat_columns(0)


def _text(text: str) -> str:
    """A text as a cell can hold it: with plain ends of lines, without what no XML holds."""
    return _cut(_UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")), LONGEST_TEXT)


def _cut(text: str, most: int) -> str:
    return text.encode("utf-16-le", "ignore")[: 2 * most].decode("utf-16-le", "ignore")


def _name(wanted: str, taken: set[str]) -> str:
    plain = _UNWRITABLE_NAME.sub(" ", _text(wanted)).strip("' ") or "Sheet"
    if plain.lower() == "history":  # Excel keeps that name for itself
        plain = f"{plain} 1"
    name, number = _cut(plain, LONGEST_NAME).strip("' "), 1
    while name.lower() in taken:
        number += 1
        end = f" {number}"
        name = _cut(plain, LONGEST_NAME - len(end)).strip("' ") + end
    taken.add(name.lower())
    return name
