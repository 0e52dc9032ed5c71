"""Numbers as people of a language read them: 14,300 or 14 300, 1.23 million, USD 3.4 bn, 46 %.

One formatter for the page, the report, the reference and the command line. `numbers.<language>.json` holds the signs
and words of a language:

- `locale`: the name under which browsers know the language's numbers
- `thousands`, `decimal`: the signs between the digits
- `one_below_two`: whether a noun is singular with all that is less than two, as in French, or with 1 alone
- `large`, `large_money`: words for one and for several of a size, for people and for money
- `of_large`: how a unit follows such a word, before a consonant and before a vowel
- `short`: what an axis writes for a size
- `money`, `points`: an amount of money, and a difference of shares
- `tiny`: a rise and a fall too small to write
- `nearly`: a probability that is not quite 0, and one that is not quite 1, though rounding makes them so
- `unknown`: what is no number
- `units`: the units of the model in words
- `symbols`: what is written for a currency, where that is not its code

The file of a variant, such as `fr-CA`, holds what differs from its language.

Units and points whose words depend on the number stand there as `one` and `other`.

Money stands there in the unit of the model, and is written in a currency (see `pushpull.wording.money`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pushpull.wording.money import MONEY, in_currency, is_money
from pushpull.wording.typography import GAP

MINUS = "\u2212"
DASH = "\u2013"  # stands in a table where there is no number
MOST_FIGURES = 9
GIVEN_FIGURES = 6
SMALLEST_IN_FULL = 1e-6
VOWELS = "aàâeéèêiîoôuyœ"
ONE, OTHER = "one", "other"
FORMS = {ONE, OTHER}


def is_share(unit: str) -> bool:
    """Whether amounts of the unit are read as percent."""
    return unit == "1"


def is_count(unit: str) -> bool:
    """Whether amounts of the unit are counted one by one: people, cases, jobs, also in a year."""
    return unit.removesuffix("/year") in ("person", "case", "job")


@cache
def signs_of(code: str) -> Mapping:
    """The signs and words of a language, as its file holds them; raises FileNotFoundError where it has none."""
    own = json.loads(Path(__file__).with_name(f"numbers.{code}.json").read_text("utf-8"))
    spoken, _, variant = code.partition("-")
    return {**signs_of(spoken), **own} if variant else own


@cache
def numbers_of(code: str, plain: bool = False, currency: str = MONEY) -> Numbers:
    """How a language writes numbers, and money in a currency; `plain` with the minus sign and the blank of a keyboard,
    for terminals."""
    return Numbers(signs_of(code), *(("-", " ") if plain else (MINUS, GAP)), currency)


def _counted(value: float, unit: str) -> float:
    """A value as it is written: what is counted, in whole numbers."""
    return round(value) if is_count(unit) and math.isfinite(value) else value


def _rounded(value: float, figures: int) -> float:
    """A finite number to that many figures."""
    return float(f"{value:.{figures - 1}e}")


class Numbers:
    """How a language writes numbers, and money in a currency; `signs` are those of its file."""

    def __init__(self, signs: Mapping, minus: str = MINUS, gap: str = GAP, currency: str = MONEY):
        self.thousands, self.decimal = signs["thousands"], signs["decimal"]
        self.minus, self.gap, self.currency = minus, gap, currency
        self._large = tuple((float(size), words) for size, words in signs["large"].items())
        self._money = tuple((float(size), words) for size, words in signs["large_money"].items())
        self._symbol = signs.get("symbols", {}).get(currency, currency)
        self._money_form = signs["money"].replace(MONEY, self._symbol).replace(GAP, gap)
        self._points = signs["points"]
        self._unknown, self._tiny, self._nearly = signs["unknown"], signs["tiny"], signs["nearly"]
        self._one_below_two = signs["one_below_two"]
        self._units = {
            unit: words.replace(MONEY, self._symbol) if is_money(unit) else words
            for unit, words in signs["units"].items()
        }
        self._short = signs["short"]
        self._of, self._of_vowel = signs["of_large"]

    def form(self, value: float, figures: int = 3) -> str:
        """Whether a noun beside a value, as it is written, stands in the singular (`one`) or not (`other`)."""
        if not math.isfinite(value):
            return OTHER
        written = abs(_rounded(value, figures))
        return ONE if written == 1 or (self._one_below_two and written < 2) else OTHER

    def unit(self, unit: str, value: float = math.inf) -> str:
        """A unit in plain words, as they stand beside a value; without one, in the plural."""
        words = self._units.get(unit) or in_currency(unit, self.currency)
        return words if isinstance(words, str) else words[self.form(value)]

    def unit_beside(self, unit: str) -> str:
        """A unit as it stands beside a title: nothing for a share, which is written in percent."""
        return "" if is_share(unit) else self.unit(unit)

    def number(self, value: float, figures: int = 3) -> str:
        """A number with its thousands, to that many figures; millions and more in words."""
        return self._in_words(value, figures, self._large)

    def _in_words(self, value: float, figures: int, large: tuple) -> str:
        for scale, (singular, plural) in large:
            if math.isfinite(value) and abs(value) >= scale * (1 - 0.5 * 10**-figures):
                text = self.figures(value / scale, figures)
                return f"{text}{self.gap}{singular if abs(_rounded(value / scale, figures)) < 2 else plural}"
        return self.figures(value, figures)

    def figures(self, value: float, figures: int) -> str:
        """The bare digits of a number, to that many figures."""
        if not math.isfinite(value):
            return self._unknown
        size = abs(value)
        if size == 0:
            return "0"
        if size < SMALLEST_IN_FULL:
            return f"{value:.{figures - 1}e}".replace("-", self.minus).replace(".", self.decimal)
        decimals = figures - 1 - math.floor(math.log10(size))
        rounded = round(size, decimals)
        text = f"{rounded:,.{max(decimals, 0)}f}" if rounded < 10**figures else f"{rounded:,.0f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        signed = (self.minus if value < 0 and text != "0" else "") + text
        return signed.replace(",", "\0").replace(".", self.decimal).replace("\0", self.thousands)

    def published(self, value: float) -> str:
        """A number with every figure that was published."""
        return self.figures(value, MOST_FIGURES)

    def amount(self, value: float, unit: str) -> str:
        """A value as it stands alone on a card: 46 %, USD 3.4 bn, 14,300; what is counted, in whole numbers."""
        if is_share(unit):
            return f"{self.figures(100 * value, 3)}{self.gap}%"
        if is_money(unit):
            sign = self.minus if value < 0 else ""
            return sign + self._money_form.format(self._in_words(abs(value), 3, self._money))
        return self.number(_counted(value, unit))

    def short(self, value: float, unit: str) -> str:
        """A value in as few letters as an axis has room for: 46 %, 3.4bn, 14k."""
        if is_share(unit):
            return f"{self.figures(100 * value, 3)}{self.gap}%"
        for scale, word in self._short.items():
            if abs(value) >= float(scale):
                return self.figures(value / float(scale), 3) + word
        return self.figures(value, 3)

    def amount_words(self, value: float, unit: str) -> str:
        """What follows an amount: people a year; nothing for a percentage; as the language joins it to a million."""
        value = _counted(value, unit)
        words = "" if is_share(unit) else self.unit(unit, value).removeprefix(self._symbol).strip()
        in_words = math.isfinite(value) and self.number(abs(value)).rpartition(self.gap)[2].isalpha()
        if not words or not in_words or is_money(unit):
            return words
        return (self._of_vowel if words[0].lower() in VOWELS else self._of).format(words)

    def full(self, value: float, unit: str) -> str:
        """A value with its unit in words."""
        return f"{self.amount(value, unit)} {self.amount_words(value, unit)}".strip()

    def difference(self, value: float, unit: str) -> str:
        """A difference with its sign; shares differ in percentage points."""
        if not math.isfinite(value):
            return self._unknown
        if value == 0 or (is_count(unit) and round(value) == 0):
            return "0"
        sign = "+" if value > 0 else self.minus
        if is_share(unit):
            points = self._points[self.form(100 * value, 2)]
            return points.format(f"{sign}{self.figures(100 * abs(value), 2)}")
        return sign + self.amount(abs(value), unit)

    def percent(self, ratio: float) -> str:
        """A relative difference with its sign; nothing where it means nothing."""
        if not math.isfinite(ratio) or ratio == 0:
            return ""
        size = abs(100 * ratio)
        if size < 0.1:
            rise, fall = self._tiny
            return (rise if ratio > 0 else fall).format(f"0{self.decimal}1{self.gap}%")
        text = f"{size:.1f}".replace(".", self.decimal) if size < 10 else self.figures(float(f"{size:.0f}"), 9)
        return f"{'+' if ratio > 0 else self.minus}{text}{self.gap}%"

    def share(self, share: float) -> str:
        """A share in whole percent; it may be below zero or above one."""
        if not math.isfinite(share):
            return self._unknown
        whole = round(100 * share)
        return f"{self.minus if whole < 0 else ''}{abs(whole)}{self.gap}%"

    def chance(self, share: float) -> str:
        """A probability in whole percent, which is never below 0 or above 100, and neither unless it is certain."""
        if not math.isfinite(share):
            return self.share(share)
        least, most = self._nearly
        if 0 < share and round(100 * share, 9) <= 0.5:
            return least.format(self.share(0.01))
        if share < 1 and round(100 * share, 9) >= 99.5:
            return most.format(self.share(0.99))
        return self.share(min(max(share, 0.0), 1.0))

    def cell(self, value: float | None, figures: int = 3) -> str:
        """A number as a cell of a table: a dash where there is none."""
        return DASH if value is None or not math.isfinite(value) else self.number(value, figures)

    def given(self, value: float | None) -> str:
        """A number that a card or a file states, as a cell: below a million, no whole digit is lost."""
        digits = len(f"{abs(value):.0f}") if value is not None and math.isfinite(value) else 0
        return self.cell(value, min(max(digits, 3), GIVEN_FIGURES))

    def year(self, value: float) -> str:
        """A year, with its fraction where it has one."""
        return f"{value:.10g}".replace(".", self.decimal)
