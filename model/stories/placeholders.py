"""Places in a text of a story where a number goes: `{name}`, `{name:size}` without its sign, `{name:amount}` without
its unit, `{name:twenty}` as so many of twenty simulations."""

from __future__ import annotations

import re
from collections.abc import Callable

WHOLE, SIZE, AMOUNT, TWENTY = "", "size", "amount", "twenty"
WAYS_TO_WRITE = (SIZE, AMOUNT, TWENTY)
_PLACE = re.compile(r"\{([^{}]*)\}")
_DIGITS = re.compile(r"(?<![A-Za-z\d])\d+(?:[.,]\d+)?")
_YEAR = re.compile(r"(?:19|20|21)\d\d\Z")


def places_in(text: str) -> list[tuple[str, str]]:
    """The numbers that a text has places for, each with how it is written there."""
    return [(name.strip(), way.strip()) for name, _, way in (each.partition(":") for each in _PLACE.findall(text))]


def filled(text: str, written: Callable[[str, str], str]) -> str:
    """The text with what `written` gives for each name and way in its place."""

    def put(match: re.Match[str]) -> str:
        ((name, way),) = places_in(match.group())
        return written(name, way)

    return _PLACE.sub(put, text)


def stray_brace(text: str) -> bool:
    """Whether a brace stands in a text that belongs to no place."""
    return bool(re.search(r"[{}]", _PLACE.sub("", text)))


def written_numbers(text: str) -> list[str]:
    """The numbers that stand in a text as digits, other than years."""
    return [each for each in _DIGITS.findall(_PLACE.sub("", text)) if not _YEAR.match(each)]
