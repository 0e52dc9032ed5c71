"""Numbers as tables write them: with a decimal comma or point, thousands parted by anything, percent signs."""

from __future__ import annotations

from collections.abc import Iterable

from pushpull.files.suggestions import plain, readings
from pushpull.scenario.series_rows import NOTHING
from pushpull.wording.phrases import Phrase

COMMA, POINT = "comma", "point"
WHICH_SIGN = Phrase("--decimal comma or --decimal point")
MARKS = {COMMA: ",", POINT: "."}


def is_nothing(value: str | float) -> bool:
    """Whether a cell says that there is no value."""
    return isinstance(value, str) and value.strip().lower() in NOTHING


def decimal_sign(values: Iterable[str | float]) -> str:
    """The decimal sign that the texts of a column show where each has one reading; nothing where none does, or two."""
    found = set()
    for value in values:
        if not isinstance(value, str):
            continue
        bare = _bare(value)
        marks = [mark for mark in ",." if mark in bare]
        read = readings(bare)
        if len(read) != 1 or not marks:
            continue
        last = max(marks, key=bare.rfind)
        parts_thousands = bare.count(last) > 1 or (len(marks) == 1 and read[0] == _without(bare, last))
        other = next(mark for mark in MARKS.values() if mark != last)
        found.add(other if parts_thousands else last)
    return next(name for name, mark in MARKS.items() if mark in found) if len(found) == 1 else ""


def number(value: str | float, decimal: str = "") -> float | tuple[str, str, str]:
    """The number of a cell; or what is wrong, what is allowed and what to do."""
    if isinstance(value, float):
        return value
    read = readings(_bare(value))
    if len(read) == 1:
        return read[0]
    if len(read) == 2 and decimal:
        bare = _bare(value)
        as_decimal = float(bare.replace(MARKS[decimal], ".")) if MARKS[decimal] in bare else None
        return as_decimal if as_decimal is not None else max(read, key=abs)
    if len(read) == 2:
        both = Phrase("{before} or {last}", before=plain(read[0]), last=plain(read[1]))
        what = Phrase('the value "{text}" may be {both}', text=value, both=both)
        return what, WHICH_SIGN, ""
    return (
        Phrase('the value is "{text}"', text=value[:40]),
        Phrase("a number, or an empty cell where there is none"),
        "",
    )


def is_percent(value: str | float) -> bool:
    """Whether a cell bears a percent sign."""
    return isinstance(value, str) and value.rstrip().endswith("%")


def _without(bare: str, mark: str) -> float | None:
    """The number that the text is without a sign that parts its digits; None where others part them, too."""
    digits = bare.replace(mark, "")
    return float(digits) if digits.lstrip("+-").isdigit() else None


def _bare(text: str) -> str:
    bare = "".join(" " if mark in "\u00a0\u202f\u2009" else mark for mark in text).replace("\u2212", "-").strip()
    return bare[:-1].rstrip() if bare.endswith("%") else bare
