"""What a text was probably meant to say where a number or a year is asked for; it is proposed, and never taken."""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
from collections.abc import Iterable

from pushpull.wording.phrases import Phrase

_NUMBER = re.compile(r"[-+]?(\d[\d.,'\u2019_ ]*|[.,]\d+)(e[-+]?\d{1,3})?\Z", re.IGNORECASE)
_GROUPED = re.compile(r"[1-9]\d{0,2}( \d{3})+\Z")
_COULD_BE_EITHER = re.compile(r"[1-9]\d{0,2}[.,]\d{3}\Z")
_SIZES = {
    **dict.fromkeys(("k", "thousand"), 1e3),
    **dict.fromkeys(("m", "mio", "million", "millions"), 1e6),
    **dict.fromkeys(("bn", "billion", "md", "mds", "milliard", "milliards"), 1e9),
}
_SIZED = re.compile(rf"(.*\d)\s*({'|'.join(_SIZES)})\Z", re.IGNORECASE)
_TIMES = re.compile(r"(?:(.*\d)\s*(?:x|\u00d7|times(?: today)?)|[x\u00d7]\s*(\d.*))\Z", re.IGNORECASE)
_PERCENT = re.compile(r"(.*\d)\s*(?:%|percent|per cent)\Z", re.IGNORECASE)
_FRACTION = re.compile(r"(\d{1,6})\s?[/\u2044]\s?(\d{1,6})\Z")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[T ].*)?\Z")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\Z")
_QUARTER = re.compile(r"(\d{4})[- ]?Q([1-4])\Z", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(rf"(?:(\d{{1,2}})\.? )?({'|'.join(_MONTHS)})[a-z]*\.?,? (\d{{4}})\Z", re.IGNORECASE)
TRUTHS = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


def plain(value: float) -> str:
    """A number as a file writes it: no exponent where none is needed."""
    if float(value).is_integer() and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.10g}"


def either(texts: Iterable[str]) -> str:
    """The texts, of which one is meant; nothing where there is none."""
    said, *others = [*texts] or [""]
    for each in others:
        said = Phrase("{before} or {last}", before=said, last=each)
    return said


def proposed(meant: str) -> str:
    """The question at the end of a fault, or nothing."""
    return Phrase("did you mean {meant}?", meant=meant) if meant else ""


def number_meant(text: str, low: float = -math.inf, high: float = math.inf, unit: str = "", times: bool = False) -> str:
    """What a text that is no number may mean as one from `low` to `high`, as a file writes it; empty if nothing.

    Where it may mean two numbers, both are told. `times` says whether a multiple of today's value is allowed.
    """
    bare = unicodedata.normalize("NFKC", text[:60]).replace("\u2212", "-").strip()
    if unit and unit != "1" and bare.endswith(unit):
        bare = bare.removesuffix(unit).strip()
    multiple = _TIMES.match(bare)
    if multiple:
        factors = readings(multiple[1] or multiple[2])
        return f"{{times_today: {plain(factors[0])}}}" if times and factors else ""
    some = [value for value in _numbers(bare) if math.isfinite(value)]
    inside = [value for value in some if low <= value <= high]
    return either(dict.fromkeys(map(plain, inside or some)))


def sized_number(text: str) -> float | None:
    """The number of a text such as 14bn or 2.5 million, where it has one reading; None for any other text."""
    sized = _SIZED.match(text.strip())
    found = [value * _SIZES[sized[2].lower()] for value in readings(sized[1])] if sized else []
    return found[0] if len(found) == 1 else None


def share_meant(value: float, low: float, high: float, unit: str) -> str:
    """The share that a percentage outside the range of a share may mean, as a file writes it; empty if none."""
    share = value / 100
    return plain(share) if unit == "1" and high <= 1 < value <= 100 and low <= share <= high else ""


def year_meant(given: str | float, low: float, high: float) -> str:
    """The decimal year that a date, a month, a quarter or a year of two digits may mean; empty if none."""
    if not isinstance(given, str):
        return plain(2000 + given) if 0 <= given < 100 and float(given).is_integer() else ""
    bare = unicodedata.normalize("NFKC", given[:60]).strip()
    year = _date(bare)
    if year is None:
        inside = [value for value in readings(bare) if low <= value <= high]
        return plain(inside[0]) if inside else ""
    return f"{round(year, 4)!r}" if low <= year <= high else ""


def readings(text: str) -> list[float]:
    """The numbers that a text may stand for, whatever signs part its thousands and its decimals: none, one or two."""
    bare = text.strip()
    if not _NUMBER.match(bare):
        return []
    sign = -1 if bare[0] == "-" else 1
    body, power, exponent = re.sub("^[-+]", "", bare).lower().partition("e")
    digits = re.sub("['\u2019_]", " ", body)
    scale = power + exponent if power else ""
    return [sign * float(each + scale) for each in _digits(digits.strip())]


def _digits(body: str) -> list[str]:
    marks = re.findall("[.,]", body)
    if not marks:
        return _whole(body)
    last = marks[-1]
    before, _, after = body.rpartition(last)
    fraction = [f"{whole or 0}.{after or 0}" for whole in _whole(before) or ([""] if not before else [])]
    fraction = fraction if after.isdigit() or not after else []
    if len(set(marks)) == 2:
        if marks.count(last) > 1:
            return []
        other = "," if last == "." else "."
        return (
            [f"{whole}.{after or 0}" for whole in _whole(before.replace(other, " "))]
            if not after or after.isdigit()
            else []
        )
    if len(marks) > 1:
        return _whole(body.replace(last, " "))
    if _COULD_BE_EITHER.match(body):
        return [body.replace(last, ""), *fraction] if last == "," else [*fraction, body.replace(last, "")]
    return fraction


def _whole(text: str) -> list[str]:
    """The digits of a whole number, whose thousands blanks may part."""
    return [text.replace(" ", "")] if text.isdigit() or _GROUPED.match(text) else []


def _numbers(bare: str) -> list[float]:
    fraction = _FRACTION.match(bare)
    if fraction:
        return [int(fraction[1]) / int(fraction[2])] if int(fraction[2]) else []
    percent = _PERCENT.match(bare)
    if percent:
        percents = readings(percent[1])
        return [*(round(value / 100, 12) for value in percents), *percents]
    sized = _SIZED.match(bare)
    if sized:
        return [value * _SIZES[sized[2].lower()] for value in readings(sized[1])]
    return readings(bare)


def _date(bare: str) -> float | None:
    """A date as a decimal year; None where it is none, or nobody knows which number is the month."""
    if date := _YEAR_FIRST.match(bare):
        return _decimal(int(date[1]), int(date[2]), int(date[3] or 1))
    if date := _QUARTER.match(bare):
        return int(date[1]) + (int(date[2]) - 1) / 4
    if date := _MONTH.match(bare):
        return _decimal(int(date[3]), _MONTHS.index(date[2].lower()) + 1, int(date[1] or 1))
    if date := _YEAR_LAST.match(bare):
        first, second, year = (int(each) for each in date.groups())
        if first > 12 or first == second:
            return _decimal(year, second, first)
        return _decimal(year, first, second) if second > 12 else None
    return None


def _decimal(year: int, month: int, day: int) -> float | None:
    try:
        date = datetime.date(year, month, day)
    except ValueError:
        return None
    first, next_ = datetime.date(year, 1, 1), datetime.date(year + 1, 1, 1) if year < 9999 else None
    return None if next_ is None else year + (date - first).days / (next_ - first).days
