"""What a unit in words measures, as far as that can be told: shares, percent, money, counts, rates, times.

Units of a series are free text ("persons a year", "% of the labour force", "deaths per 100 000"). A unit that none of
the patterns knows is of no known kind and is never at odds with another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SHARE, PERCENT, MONEY, COUNT, RATE, TIME = "a share", "percent", "money", "a count", "a rate", "a time"

_GAPS = re.compile(r"(?<=\d)[,. _\u00a0\u202f](?=\d{3}(?!\d))")
_PER_TIME = re.compile(r"(?:/\s*|\bper\s+|\ban?\s+|\beach\s+|\bby\s+)(year|yr|annum|quarter|month|week|day)\b")
_ADVERBS = {"yearly": "year", "annual": "year", "annually": "year", "p.a.": "year", "monthly": "month",
            "weekly": "week", "daily": "day", "quarterly": "quarter"}  # fmt: skip
_PER_MANY = re.compile(r"(?:\bper|/)[ _]*(\d+ ?k?|thousand|million|hundred thousand)\b")
_WORDS_OF_SIZE = {"hundred": 100.0, "thousand": 1e3, "thousands": 1e3, "million": 1e6, "millions": 1e6,
                  "billion": 1e9, "billions": 1e9}  # fmt: skip
_PERCENT = re.compile(r"%|\bper ?cent\b|\bpercentages?\b|\bpct\b")
_PER_MILLE = re.compile(r"‰|\bper ?mill?e\b|\bpermill?e\b")
_SHARE = re.compile(r"(1$|shares?\b|fractions?\b|proportions?\b|ratios?\b|probabilit(y|ies)\b|dimensionless\b)")
_INDEX = re.compile(r"\b(index|score|standard deviations?)\b")
_CURRENCIES = {"USD": r"\busd\b|\bdollars?\b|\$", "EUR": r"\beur\b|\beuros?\b|€", "GBP": r"\bgbp\b|\bpounds\b|£"}
_TIMES = {"year": 1.0, "month": 1 / 12, "week": 7 / 365.25, "day": 1 / 365.25}
_COUNTED = re.compile(
    r"\b(persons?|people|migrants?|refugees?|seekers?|claimants?|residents?|workers?|victims?|offenders?|smugglers?|"
    r"agents?|officers?|officials?|investigators?|households?|deaths?|bod(?:y|ies)|arrivals?|entr(?:y|ies)|"
    r"crossings?|attempts?|departures?|apprehensions?|detections?|interdictions?|interceptions?|events?|cases?|"
    r"claims?|applications?|decisions?|orders?|removals?|returns?|arrests?|prosecutions?|convictions?|verdicts?|"
    r"visas?|permits?|slots?|admissions?|jobs?|vacancies|openings?|places?|passages?|displacements?)\b"
)


@dataclass(frozen=True, slots=True)
class Measure:
    """What a unit measures: its kind ("" where unknown), how many it counts at once, and the time it is per."""

    kind: str
    size: float = 1.0
    per: str = ""
    many: float = 1.0
    currency: str = ""


def measure(unit: str) -> Measure:
    """What a unit in words measures."""
    text = _GAPS.sub("", unit.strip().lower())
    per = _PER_TIME.search(text)
    time = {"yr": "year", "annum": "year"}.get(per[1], per[1]) if per else ""
    time = time or next((short for word, short in _ADVERBS.items() if word in text.split()), "")
    bare = _PER_TIME.sub("", text).strip()
    if _PERCENT.search(text):
        return Measure(PERCENT, per=time)
    if _SHARE.match(bare) or (not bare and text.startswith("1")):
        return Measure(SHARE, per=time)
    currency = next((name for name, pattern in _CURRENCIES.items() if re.search(pattern, text)), "")
    size = next((held for word, held in _WORDS_OF_SIZE.items() if re.search(rf"(?<!per ){word}\b", text)), 1.0)
    if text.startswith(("1000 ", "1000s")):
        size = 1e3
    if currency:
        return Measure(MONEY, size, time, currency=currency)
    if _PER_MILLE.search(text):
        return Measure(RATE, 1.0, time, 1e3)
    many = _PER_MANY.search(bare)
    if many:
        return Measure(RATE, 1.0, time, _number(many[1]))
    if _INDEX.search(text):
        return Measure("")
    duration = re.match(r"(?:mean |median )?(year|month|week|day)s?\b", bare)
    if duration:
        return Measure(TIME, _TIMES[duration[1]])
    return Measure(COUNT, size, time) if _COUNTED.search(bare) else Measure("", size, time)


def _number(text: str) -> float:
    words = {"hundred thousand": 1e5, **_WORDS_OF_SIZE}
    if text in words:
        return words[text]
    return float(text.replace("k", "").strip()) * (1e3 if text.endswith("k") else 1.0)


def at_odds(given: str, wanted: str, instant: bool = False) -> tuple[bool, str]:
    """Whether values in a unit cannot stand as they are for those in another, and the scale that was perhaps meant.

    `instant` says that the values stood at a moment, so that they are no amounts of a whole year.
    """
    if given.strip() == wanted.strip():
        return False, ""
    from_, to = measure(given), measure(wanted)
    if not from_.kind or not to.kind:
        return False, ""
    if from_.kind is PERCENT and to.kind is SHARE:
        return True, "scale: 0.01"
    if from_.kind != to.kind:
        if {from_.kind, to.kind} == {RATE, SHARE} or {from_.kind, to.kind} == {RATE, PERCENT}:
            return True, f"scale: {to.many / from_.many:g}"
        return True, ""
    if from_.currency != to.currency:
        return True, "scale: the rate of exchange"
    factor = from_.size / to.size * (to.many / from_.many)
    if from_.per != to.per and from_.per and to.per:
        times = {**_TIMES, "quarter": 0.25}
        factor *= times[to.per] / times[from_.per]
    elif from_.per != to.per and from_.kind in (COUNT, MONEY) and (from_.per or instant):
        return True, ""
    return (False, "") if abs(factor - 1) < 1e-9 else (True, f"scale: {factor:.4g}")
