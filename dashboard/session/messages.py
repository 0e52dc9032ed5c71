"""What a browser may say in one message, whatever component says it."""

from __future__ import annotations

import math

from pushpull.dashboard.state.limits import LARGEST_UPLOAD, MOST_MOVES
from pushpull.dashboard.state.state import Refused

MOST_PARTS = 5_000  # values in a message: a schedule of as many years as a page takes, and as much again
DEEPEST = 16
LONGEST_TEXTS = 2 * LARGEST_UPLOAD  # letters of all texts together: a file to open, and little more
PICTURES = "pictures"  # the message whose texts may be longer; the pack holds them to a size of their own
SAFE = 2**53  # whole numbers below keep their last digit in a browser


def fits(message: dict) -> bool:
    """Whether a message is as small as one of our own page; looks at no more of it than it takes to tell."""
    parts, letters = 0, 0
    waiting: list[tuple[object, int]] = [(message, 0)]
    long_ones = isinstance(message.get(PICTURES), dict)
    while waiting:
        value, depth = waiting.pop()
        parts += 1
        if isinstance(value, dict | list | tuple | set):
            parts += len(value)
            if parts > MOST_PARTS or depth > DEEPEST:
                return False
            waiting += ((each, depth + 1) for each in (value.values() if isinstance(value, dict) else value))
            letters += sum(len(key) for key in value if isinstance(key, str)) if isinstance(value, dict) else 0
        elif isinstance(value, str):
            letters += 0 if long_ones else len(value)
        if letters > LONGEST_TEXTS or parts > MOST_PARTS:
            return False
    return True


def number(value: object) -> float:
    """A finite number, or a text of one; raises Refused for anything else."""
    if not isinstance(value, bool) and isinstance(value, int | float | str):
        try:
            found = float(value)
        except (OverflowError, ValueError):
            found = math.nan
        if math.isfinite(found):
            return found
    raise Refused("number", given=str(value)[:60] if isinstance(value, str | float) else type(value).__name__)


def turn(value: object) -> int:
    """The number of a turn of the levers; 0 for what is none."""
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return value if is_whole and 0 <= value < SAFE else 0


def moves(given: list) -> list[tuple[str, float | None, str | None]]:
    """The moves of levers in a message: a name, a value or None to unset it, and a route or None for all.

    Raises Refused where they are not of that kind, or more than there are levers.
    """
    if len(given) > MOST_MOVES:
        raise Refused("moves")
    found = []
    for each in given:
        name, route = (each.get("id"), each.get("route")) if isinstance(each, dict) else (None, None)
        if not isinstance(name, str) or not isinstance(route, str | None):
            raise Refused("moves")
        value = each.get("value")
        found.append((name, None if value is None else number(value), route))
    return found
