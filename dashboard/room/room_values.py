"""Plain values that a browser sends to a room: opened, checked for what no page of ours sends, and written again."""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NoReturn

LONGEST_WHY = 140
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")  # signs that steer, or are none
_JOINER = "\u200d"  # within a picture of several people
_MARKS = ("Mn", "Me")  # that stand over or under a letter
MOST_MARKS = 4  # of one letter, more than any language needs; a pile would cover the lines around


class SlipFault(ValueError):
    """A slip or an answer that is not taken; the message says why in one plain sentence.

    `told` says it in every language, where whoever answered can mend it.
    """

    def __init__(self, sentence: str, told: Mapping[str, str] | None = None):
        super().__init__(sentence)
        self.told = told


def opened(text: bytes | str) -> Any:
    """A JSON text opened; raises SlipFault for what is none, NaN and Infinity among it."""

    def refuse(name: str) -> NoReturn:
        raise SlipFault(f"{name} is not a number.")

    try:
        return json.loads(text, parse_constant=refuse)
    except SlipFault:
        raise
    except (ValueError, RecursionError):
        raise SlipFault("This is not JSON.") from None


def written(value: object) -> str:
    """A plain value as a JSON text; raises SlipFault where it holds what is no number."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (ValueError, TypeError, RecursionError):
        raise SlipFault("A number of it is not finite.") from None


def size_of(value: object) -> int:
    """The bytes of a plain value as JSON; raises SlipFault where it cannot be written."""
    try:
        return len(written(value).encode())
    except UnicodeEncodeError:
        raise SlipFault("A text of it holds half a letter.") from None


def plain(text: object, most: int = LONGEST_WHY) -> str:
    """A text that somebody typed, on one line, without signs that are not seen or pile up; raises SlipFault where it is
    too long."""
    if not isinstance(text, str):
        raise SlipFault("A text is wanted.")
    if len(text) > 20 * most:
        raise SlipFault(f"The text is longer than {most} letters.")
    seen = (sign for sign in " ".join(text.split()) if sign == _JOINER or unicodedata.category(sign) not in _UNSEEN)
    kept = "".join(_without_piles(seen)).strip()
    if len(kept) > most:
        raise SlipFault(f"The text is longer than {most} letters.")
    return kept


def _without_piles(signs: Iterable[str]) -> Iterator[str]:
    marks = 0
    for sign in signs:
        marks = marks + 1 if unicodedata.category(sign) in _MARKS else 0
        if marks <= MOST_MARKS:
            yield sign


def number(value: object, low: float, high: float) -> float:
    """A finite number from `low` to `high`; raises SlipFault."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SlipFault("A number is wanted.")
    if isinstance(value, float) and not math.isfinite(value) or not low <= value <= high:
        raise SlipFault(f"The number is not within {low:g} to {high:g}.")
    return value
