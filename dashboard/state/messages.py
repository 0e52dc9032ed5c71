"""What a browser may say in one message: how large it may be, how its numbers are read, and which kind it is.

A `Kind` of message is one record: how it is read from what a component sends, and its case. `state.update` holds those
that change the state or step through its history, `session.effects` those that touch files, downloads and work in the
background. A `Message` is a frozen value: its kind and what was said, read once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.limits import LARGEST_UPLOAD, MOST_MOVES

MOST_PARTS = 5_000  # values in a message: a schedule of as many years as a page takes, and as much again
DEEPEST = 16
LONGEST_TEXTS = 2 * LARGEST_UPLOAD  # letters of all texts together: a file to open, and little more
LONGEST_ADDRESS = 300
PICTURES = "pictures"  # the message whose texts may be longer; the pack holds them to a size of their own
SAFE = 2**53  # whole numbers below keep their last digit in a browser


def fits(message: Mapping) -> bool:
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


class OtherKind(Exception):
    """What was said is no message of this kind."""


Value = TypeVar("Value")
Parser = Callable[[object], object]  # a value from what was said; raises OtherKind, or Refusal where it makes no sense


@dataclass(frozen=True)
class Message:
    """What a browser has asked for: the kind, and the values that its case takes."""

    kind: Kind
    values: tuple = ()


@dataclass(frozen=True)
class Kind:
    """One kind of message: its name, how its values are read from what was said, and its case, which takes them."""

    name: str
    parse: Callable[[Mapping], tuple]  # raises OtherKind, or Refusal where the values make no sense
    case: Callable

    def read(self, said: Mapping) -> Message | None:
        """The message in what was said; None where it is of another kind. Raises Refusal where it makes no sense."""
        try:
            return Message(self, self.parse(said))
        except OtherKind:
            return None


def read(said: Mapping, kinds: Iterable[Kind]) -> Message | None:
    """The message in what was said, of the first kind that it is of; None where it is of none.

    Raises Refusal where it is larger than any of our own page, or makes no sense.
    """
    if not fits(said):
        raise Refusal("moves")
    return next((message for kind in kinds if (message := kind.read(said)) is not None), None)


# Parsers --------------------------------------------------------------------------------------------------------


def entries(**parsers: Parser) -> Callable[[Mapping], tuple]:
    """The values under these keys, all of which must be there."""

    def parse(said: Mapping) -> tuple:
        if not parsers.keys() <= said.keys():
            raise OtherKind
        return tuple(parser(said[key]) for key, parser in parsers.items())

    return parse


def says(**wanted: object) -> Callable[[Mapping], tuple]:
    """Nothing but that these values stand under these keys."""

    def parse(said: Mapping) -> tuple:
        if any(said.get(key) != value for key, value in wanted.items()):
            raise OtherKind
        return ()

    return parse


def of_type(*types: type[Value]) -> Callable[[object], Value]:
    """A value of one of these types."""

    def parse(value: object) -> Value:
        if not isinstance(value, types):
            raise OtherKind
        return value

    return parse


def one_of(choices: Callable[[], Iterable[str]]) -> Parser:
    """One of the texts that there are to choose from."""

    def parse(value: object) -> object:
        if not isinstance(value, str) or value not in choices():
            raise OtherKind
        return value

    return parse


text, flag, whole, mapping = of_type(str), of_type(bool), of_type(int), of_type(dict)


def anything(value: object) -> object:
    """Whatever it is."""
    return value


def address(value: object) -> str:
    """The address of a page, without what it asks for; empty for anything else."""
    if not isinstance(value, str) or len(value) > LONGEST_ADDRESS or not value.isprintable():
        return ""
    try:
        parts = urlsplit(value)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}{parts.path}" if parts.scheme in ("http", "https") and parts.netloc else ""


def year(value: object) -> float:
    """A year as a number, or as the text of one."""
    return number(of_type(int, float, str)(value))


def horizon(value: object) -> tuple[str, float]:
    """Which end of the years is moved, and to where."""
    match value:
        case {"end": int(end) | float(end)}:
            return "end", number(end)
        case {"policy_start": int(start) | float(start)}:
            return "policy_start", number(start)
    raise OtherKind


def schedule(value: object) -> tuple[str, object, str | None]:
    """A lever or driver, its schedule as a scenario file writes it, and a route or None for all."""
    match value:
        case {"id": str(name), "form": form, "route": None | str() as route}:
            return name, form, route
    raise OtherKind


def number(value: object) -> float:
    """A finite number, or a text of one; raises Refusal for anything else."""
    if not isinstance(value, bool) and isinstance(value, int | float | str):
        try:
            read = float(value)
        except (OverflowError, ValueError):
            read = math.nan
        if math.isfinite(read):
            return read
    raise Refusal("number", given=str(value)[:60] if isinstance(value, str | float) else type(value).__name__)


def moves(given: object) -> tuple[tuple[str, float | None, str | None], ...]:
    """The moves of levers in a message: a name, a value or None to unset it, and a route or None for all.

    Raises Refusal where they make no sense, or are more than there are levers.
    """
    if not isinstance(given, list):
        raise OtherKind
    if len(given) > MOST_MOVES:
        raise Refusal("moves")
    read = []
    for each in given:
        name, route = (each.get("id"), each.get("route")) if isinstance(each, dict) else (None, None)
        if not isinstance(name, str) or not isinstance(route, str | None):
            raise Refusal("moves")
        value = each.get("value")
        read.append((name, None if value is None else number(value), route))
    return tuple(read)


def turn(value: object) -> int:
    """The number of a turn of the levers; 0 for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < SAFE else 0
