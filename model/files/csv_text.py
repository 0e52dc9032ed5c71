"""Text in a CSV file: quoted where it must be, and never a formula for the spreadsheet that opens it."""

from __future__ import annotations

import re

# A spreadsheet works out what begins so, even behind blanks; the last four are the same signs in full width.
_BEGINS_A_FORMULA = re.compile(r"\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_A_NUMBER = re.compile(r"\s*[+\-]?\s?[\d.,'\u00a0\u202f ]*\d\s?[%\w\u00a0 ]*\Z")
_QUOTED = re.compile('[",\r\n]')


def plain_text(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula; numbers stay as they
    are."""
    if _BEGINS_A_FORMULA.match(text) and not _A_NUMBER.match(text):
        return f"'{text}"
    return text


def text_cell(text: str) -> str:
    """The text as a cell of a CSV file."""
    shown = plain_text(text)
    if _QUOTED.search(shown):
        return '"' + shown.replace('"', '""') + '"'
    return shown
