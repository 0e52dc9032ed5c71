"""Times as tables write them: a year, a fiscal year, a month, a quarter, a date; where each stands in decimal years."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

from pushpull.files.reader import EARLIEST, LATEST
from pushpull.files.suggestions import proposed, year_meant
from pushpull.scenario.series_rows import AS_DATED, TIMINGS
from pushpull.wording.phrases import Phrase

YEAR, FISCAL, MONTH, QUARTER, DATE = "year", "fiscal", "month", "quarter", "date"
FIRST_OF_FISCAL = 10  # October, as the fiscal year of the United States
MONTHS = {  # by their first letters, in English and in French, without accents
    1: ("jan", "janv"), 2: ("feb", "fev", "fevr"), 3: ("mar", "mars"), 4: ("apr", "avr", "avril"), 5: ("may", "mai"),
    6: ("jun", "juin"), 7: ("jul", "juil"), 8: ("aug", "aou", "aout"), 9: ("sep", "sept"), 10: ("oct",),
    11: ("nov",), 12: ("dec",),
}  # fmt: skip
_YEAR = re.compile(r"((?:19|20|21)\d{2})(?:\.0)?(?:\s*\(?[a-z*]\)?)?\Z")
_FISCAL = re.compile(r"(?:fy|fiscal year|exercice|ef)\s*'?((?:19|20|21)\d{2}|\d{2})\Z")
_SPAN = re.compile(r"(?:fy\s*)?((?:19|20|21)\d{2})\s*[/\u2013-]\s*(\d{4}|\d{2})\Z")
_YEAR_MONTH = re.compile(r"((?:19|20|21)\d{2})\s*[-/.m ]\s*(\d{1,2})\Z")
_MONTH_YEAR = re.compile(r"(\d{1,2})\s*[-/.]\s*((?:19|20|21)\d{2})\Z")
_QUARTER = re.compile(
    r"(?:((?:19|20|21)\d{2})\s*[-/ ]?\s*[qt]\s*([1-4])|[qt]\s*([1-4])\s*[-/ ]?\s*((?:19|20|21)\d{2}))\Z"
)
_NAMED = re.compile(r"(?:([a-z]{3,10})\.?[\s\-/,]*((?:19|20|21)?\d{2})|((?:19|20|21)\d{2})[\s\-/,]*([a-z]{3,10})\.?)\Z")
_DATE = re.compile(r"((?:19|20|21)\d{2})-(\d{1,2})-(\d{1,2})\Z")


@dataclass(frozen=True)
class Moment:
    """When a value was: its kind, the year it counts as, the month where it has one, and where it stands."""

    kind: str
    year: int
    timing: str
    time: float
    month: int = 0


def moment(
    value: str | float, timing: str = "", fiscal_start: int = 0, monthly: bool = False
) -> Moment | tuple[str, str, str]:
    """When a cell says a value was; or what is wrong, what is allowed and what to do.

    `timing` is how years stand (of `TIMINGS`); `fiscal_start` is the month in which fiscal years begin, where it is
    known; `monthly` says that 2009-10 is October, as others of its column are months.
    """
    text = f"{value:g}" if isinstance(value, float) else value
    bare = unicodedata.normalize("NFKD", text.strip().lower()).encode("ascii", "ignore").decode()
    if match := _YEAR.match(bare):
        return _of_year(int(match[1]), timing)
    if match := _FISCAL.match(bare):
        return _fiscal(_whole_year(match[1]), fiscal_start or FIRST_OF_FISCAL)
    if (match := _SPAN.match(bare)) and _follows(match[1], match[2]) and not (monthly and _YEAR_MONTH.match(bare)):
        if not fiscal_start:
            what = Phrase("the year {text} begins in a month that nobody says", text=text)
            return what, Phrase("--fiscal-start with the month, such as --fiscal-start 7"), ""
        return _fiscal(int(match[1]) + 1, fiscal_start) if fiscal_start > 1 else _of_year(int(match[1]), timing)
    if match := _DATE.match(bare):
        return _of_date(bare, int(match[1]), int(match[2]), int(match[3])) or _no_time(text)
    if match := _YEAR_MONTH.match(bare):
        return _of_month(int(match[1]), int(match[2])) or _no_time(text)
    if match := _MONTH_YEAR.match(bare):
        return _of_month(int(match[2]), int(match[1])) or _no_time(text)
    if match := _QUARTER.match(bare):
        year, quarter = int(match[1] or match[4]), int(match[2] or match[3])
        return Moment(QUARTER, year, AS_DATED, round(year + (quarter - 0.5) / 4, 4))
    if match := _NAMED.match(bare):
        month = month_named(match[1] or match[4])
        if month:
            return _of_month(_whole_year(match[2] or match[3]), month) or _no_time(text)
    return _no_time(text)


def is_time(value: str | float) -> bool:
    """Whether a cell reads as a time."""
    if isinstance(value, float) and not (value.is_integer() and EARLIEST <= value <= LATEST):
        return False
    return isinstance(moment(value, fiscal_start=1), Moment)


def is_month(value: str | float) -> bool:
    """Whether a cell is a month in digits that can be no year of two halves, as 2009-03 is."""
    bare = f"{value}".strip()
    match = _YEAR_MONTH.match(bare.lower())
    return match is not None and 1 <= int(match[2]) <= 12 and not _follows(match[1], match[2])


def month_named(word: str) -> int:
    """The month that a word names in English or French, cut short or not; 0 where it names none."""
    bare = unicodedata.normalize("NFKD", word.strip().lower()).encode("ascii", "ignore").decode().rstrip(".")
    if bare.isdigit():
        return int(bare) if 1 <= int(bare) <= 12 else 0
    return next((month for month, short in MONTHS.items() if bare in short or bare.startswith(_longest(short))), 0)


def in_month(year: int, month: int) -> Moment | None:
    """The middle of a month; None where there is no such month."""
    return _of_month(year, month)


def _follows(first: str, second: str) -> bool:
    """Whether a second year, of two digits or four, is the one after the first."""
    return int(second) == (int(first) + 1) % (100 if len(second) <= 2 else 10_000)


def _of_date(text: str, year: int, month: int, day: int) -> Moment | None:
    """A date where it stands; the first of a month is that month, as spreadsheets write it."""
    if day == 1:
        return _of_month(year, month)
    time = year_meant(text, EARLIEST, LATEST)
    return Moment(DATE, year, AS_DATED, float(time), month) if time else None


def _longest(short: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each for each in short if len(each) >= 3)


def _whole_year(text: str) -> int:
    year = int(text)
    return year if year >= 100 else (2000 if year < 70 else 1900) + year


def _of_year(year: int, timing: str) -> Moment:
    timing = timing or "calendar_year_mean"
    return Moment(YEAR, year, timing, round(year + TIMINGS.get(timing, 0.5), 4))


def _fiscal(year: int, start: int) -> Moment:
    """The mean of a fiscal year that ends in `year`: that of the United States by its own word, others by their
    middle."""
    if start == FIRST_OF_FISCAL:
        return Moment(FISCAL, year, "fiscal_year_mean", year + TIMINGS["fiscal_year_mean"])
    middle = round(year - 1 + (start - 1) / 12 + 0.5, 4)
    return Moment(FISCAL, math.floor(middle), AS_DATED, middle)


def _of_month(year: int, month: int) -> Moment | None:
    return Moment(MONTH, year, AS_DATED, round(year + (month - 0.5) / 12, 4), month) if 1 <= month <= 12 else None


def _no_time(text: str) -> tuple[str, str, str]:
    allowed = Phrase(
        "a year (2021), a fiscal year (FY2021, 2020/21), a quarter (2021-Q2) or a month (2021-03, mars 2021)"
    )
    return Phrase("the time is {text}", text=f'"{text}"'), allowed, proposed(year_meant(text, EARLIEST, LATEST))
