"""Text in a CSV file: quoted where it must be, and never a formula for the spreadsheet that opens it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

Cell = str | float | None  # None, and what is no number, is an empty cell

# A spreadsheet works out what begins so, even behind blanks; the last four are the same signs in full width.
_BEGINS_A_FORMULA = re.compile(r"\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_A_NUMBER = re.compile(r"\s*[+\-]?\s?[\d.,'\u00a0\u202f ]*\d\s?[%\w\u00a0 ]*\Z")
_QUOTED = re.compile('[",;\r\n]')
MARK = "\ufeff"  # by which spreadsheets know UTF-8, and accents come out right


def is_like_a_formula(text: str) -> bool:
    """Whether a spreadsheet would take the text for a formula."""
    return bool(_BEGINS_A_FORMULA.match(text) and not _A_NUMBER.match(text))


def plain_text(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula; numbers stay as they
    are."""
    return f"'{text}" if is_like_a_formula(text) else text


def text_cell(text: str) -> str:
    """The text as a cell of a CSV file."""
    shown = plain_text(text)
    if _QUOTED.search(shown):
        return '"' + shown.replace('"', '""') + '"'
    return shown


def spreadsheet_text(rows: Iterable[Sequence[Cell]], decimal: str = ".") -> str:
    """Rows as a CSV file for the spreadsheets of a language: its decimal sign, and semicolons where that is a comma."""
    separator = ";" if decimal == "," else ","
    lines = (separator.join(_cell(cell, decimal) for cell in row) for row in rows)
    return MARK + "".join(f"{line}\r\n" for line in lines)


def digits(value: float, decimal: str = ".") -> str:
    """A number in full, without exponent and without thousands; nothing for what is no number."""
    if not math.isfinite(value):
        return ""
    text = format(Decimal(repr(float(value))), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return ("0" if text == "-0" else text).replace(".", decimal)


def _cell(cell: Cell, decimal: str) -> str:
    if cell is None:
        return ""
    return text_cell(cell) if isinstance(cell, str) else digits(cell, decimal)
