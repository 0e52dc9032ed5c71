"""Up to three targets, as a view holds them and a link writes them: each may still lack its value."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, replace

from pushpull.analysis.targets import Target
from pushpull.dashboard.i18n.notices import Refusal
from pushpull.files.suggestions import plain, readings, sized_number
from pushpull.scenario import Scenario
from pushpull.wording.numbers import is_share

SLOTS = 3
NOTHING = ("",) * SLOTS
AT_MOST, AT_LEAST = "<=", ">="
UNKNOWN = "?"
LONGEST = 24  # letters of a value that is typed
RAISED_OR_PART = "No"  # Unicode's category of powers and fractions, which would be taken for digits of a plain number
PARTS = ("outcome", "side", "value", "year")
_TEXT = re.compile(r"(?P<outcome>\w+)(?P<side><=|>=)(?P<value>\S+) in (?P<year>\S+)")


@dataclass(frozen=True)
class TargetSlot:
    """An outcome that is to be at most, or at least, a `value` (in its unit; None until there is one) in a year."""

    outcome: str
    side: str
    value: float | None
    year: float

    def __str__(self) -> str:
        value = UNKNOWN if self.value is None else f"{self.value:.12g}"
        return f"{self.outcome}{self.side}{value} in {self.year:.10g}"

    @classmethod
    def parse(cls, text: str) -> TargetSlot | None:
        """The slot that a text says; None where it says none."""
        match = _TEXT.fullmatch(text)
        if match is None:
            return None
        value = None if match["value"] == UNKNOWN else finite(match["value"])
        year = finite(match["year"])
        if year is None or (value is None and match["value"] != UNKNOWN):
            return None
        return cls(match["outcome"], match["side"], value, year)

    def target(self) -> Target | None:
        """The target, once it is whole."""
        return None if self.value is None else Target(self.outcome, self.value, self.year, self.side == AT_LEAST)


def finite(text: str) -> float | None:
    """The finite number of a text; None where it is none."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def slots_of(texts: tuple[str, ...]) -> list[TargetSlot | None]:
    """The slots, each with its target or None."""
    return [TargetSlot.parse(text) for text in texts]


def targets_of(texts: tuple[str, ...], scenario: Scenario) -> tuple[Target, ...]:
    """The whole targets of the years that a scenario reports, each once."""
    found = [slot.target() for slot in slots_of(texts) if slot is not None]
    inside = [each for each in found if each is not None and scenario.policy_start <= each.year <= scenario.end]
    return tuple(dict.fromkeys(inside))


def with_part(texts: tuple[str, ...], place: int, part: str, given: str, better: str, year: float, unit: str) -> tuple:
    """The targets with a part of one of them as it was `given`; a first outcome makes a target of that `year`, on the
    side that is `better` for people. Values of shares are given in percent.

    Raises Refusal for a value that is no number.
    """
    held = TargetSlot.parse(texts[place])
    if part == "outcome":
        side = AT_LEAST if better == "higher" else AT_MOST
        made = TargetSlot(given, side, None, held.year if held else year) if given else None
    elif held is None:
        made = None
    elif part == "value":
        made = replace(held, value=value_of(given, unit))
    elif part == "year":
        made = replace(held, year=finite(given) or held.year)
    else:
        made = replace(held, side=given) if given in (AT_MOST, AT_LEAST) else held
    return (*texts[:place], "" if made is None else str(made), *texts[place + 1 :])


def value_of(given: str, unit: str) -> float | None:
    """The value that is typed, in the outcome's unit: 500, 1 400, 14bn, or percent of a share; None for nothing.

    Raises Refusal for what is no number, or has a power or a fraction in one letter, and for 1,400, which may mean two.
    """
    if len(given) > LONGEST:
        raise Refusal("number", given=given[:LONGEST] + "\u2026")
    if any(unicodedata.category(letter) == RAISED_OR_PART for letter in given):
        raise Refusal("number", given=given)
    bare = unicodedata.normalize("NFKC", given).replace("\u2212", "-").strip()
    if is_share(unit):
        bare = bare.removesuffix("%").strip()
    if not bare:
        return None
    sized = sized_number(bare)
    found = [each for each in (readings(bare) if sized is None else [sized]) if math.isfinite(each)]
    if not found:
        raise Refusal("number", given=given)
    if len(found) > 1:
        raise Refusal("two_readings", given=given, first=plain(found[0]), second=plain(found[1]))
    return found[0] / 100 if is_share(unit) else found[0]
