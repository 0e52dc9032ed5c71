"""Numbers in the reference and in tables of the command line, which are English, as the page writes them."""

from __future__ import annotations

from collections.abc import Callable

from pushpull.wording.numbers import numbers_of


def given(value: float | None) -> str:
    """A number that a card or a file states: of less than a million, no whole digit is lost."""
    return numbers_of("en").given(value)


def accepted_range(low: float | None, high: float | None, number: Callable[[float], str]) -> str:
    """A range in words, open where an end is None, with its numbers as `number` writes them; "" where both are."""
    if low is None:
        return "" if high is None else f"at most {number(high)}"
    return f"at least {number(low)}" if high is None else f"{number(low)} to {number(high)}"
