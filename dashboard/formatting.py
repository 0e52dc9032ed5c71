"""Numbers as people read them: 14,300, 1.23 million, USD 3.4 bn, 46 %."""

from __future__ import annotations

import math

MINUS = "\u2212"
GAP = "\u00a0"  # keeps a number and its sign on one line
LARGE = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
LARGE_MONEY = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"))
UNIT_WORDS = {
    "person": "people",
    "person/year": "people a year",
    "job": "jobs",
    "job/year": "jobs a year",
    "case": "cases",
    "case/year": "cases a year",
    "official": "officials",
    "year": "years",
    "USD/year": "USD a year",
    "USD/person": "USD a person",
    "USD": "USD",
    "1": "share",
    "1/year": "a year",
    "per_100k/year": "a year per 100,000",
    "per_1000/year": "a year per 1,000",
}


def unit_words(unit: str) -> str:
    """A unit in plain words."""
    return UNIT_WORDS.get(unit, unit)


def is_share(unit: str) -> bool:
    """Whether amounts of the unit are read as percent."""
    return unit == "1"


def number(value: float, figures: int = 3, large: tuple[tuple[float, str], ...] = LARGE) -> str:
    """A number with its thousands, to that many figures; millions and more in words."""
    if not math.isfinite(value):
        return "not known"
    size = abs(value)
    for scale, word in large:
        if size >= scale * (1 - 0.5 * 10**-figures):
            return f"{_figures(value / scale, figures)} {word}"
    return _figures(value, figures)


def _figures(value: float, figures: int) -> str:
    size = abs(value)
    if size == 0:
        return "0"
    places = figures - 1 - math.floor(math.log10(size))
    rounded = round(size, places)
    text = f"{rounded:,.{max(places, 0)}f}" if rounded < 10**figures else f"{rounded:,.0f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return (MINUS if value < 0 and text != "0" else "") + text


def amount(value: float, unit: str) -> str:
    """A value as it stands alone on a card: 46 %, USD 3.4 bn, 14,300."""
    if is_share(unit):
        return f"{_figures(100 * value, 3)}{GAP}%"
    if unit.startswith("USD"):
        sign = MINUS if value < 0 else ""
        return f"{sign}USD {number(abs(value), large=LARGE_MONEY)}"
    return number(value)


def amount_words(unit: str) -> str:
    """What follows the amount: people a year; nothing for a percentage."""
    if is_share(unit):
        return ""
    return unit_words(unit).removeprefix("USD").strip()


def difference(value: float, unit: str) -> str:
    """A difference with its sign; shares differ in percentage points."""
    if value == 0:
        return "0"
    sign = "+" if value > 0 else MINUS
    if is_share(unit):
        return f"{sign}{_figures(100 * abs(value), 2)} points"
    return sign + amount(abs(value), unit)


def percent(ratio: float) -> str:
    """A relative difference with its sign; nothing where it means nothing."""
    if not math.isfinite(ratio) or ratio == 0:
        return ""
    size = abs(100 * ratio)
    if size < 0.1:
        return f"less than 0.1{GAP}%"
    text = f"{size:.1f}" if size < 10 else f"{size:,.0f}"
    return f"{'+' if ratio > 0 else MINUS}{text}{GAP}%"


def year(value: float) -> str:
    """A year, with its fraction where it has one."""
    return f"{value:.10g}"
