"""The reader that every kind of file is read with: plain values out of nodes, and every fault on the way.

What a scenario, a corridor, a plan of a fit, an experiment or a check may say is written in a subclass beside it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from pushpull.files.faults import Fault, listed, nearest, quote
from pushpull.files.suggestions import TRUTHS, number_meant, plain, proposed, year_meant
from pushpull.files.tree import Node
from pushpull.wording.phrases import Phrase

EARLIEST, LATEST = 1900, 2200  # years that a file may name
YEARS = Phrase("a year from {earliest:g} to {latest:g}", earliest=EARLIEST, latest=LATEST)
MOST_GUESSES = 50  # faults to which the nearest name is looked for; it takes longer than to read the line


class Reader:
    """Reads the nodes of one file and gathers its faults in `faults`.

    Each method takes a node and `what` it is, in words that begin a fault ("title", "year of border_control"), and
    returns the value, or None (of several: those that are whole) after it has noted what is wrong.
    """

    def __init__(self, file: str, faults: list[Fault]):
        self.file, self.faults = file, faults

    def fault(self, line: int | None, what: str, allowed: str = "", did_you_mean: str = "", remedy: str = "") -> None:
        """Note a fault of this file."""
        self.faults.append(Fault(self.file, line, what, allowed, did_you_mean, remedy))

    def guess(self, name: object, names: Iterable[str]) -> str:
        """The name most like the one given, or nothing where none is near or there are many faults before."""
        return nearest(name, names) if len(self.faults) < MOST_GUESSES else ""

    # Several values ----------------------------------------------------------------------------------------

    def is_mapping(self, node: Node, what: str, allowed: str = Phrase("a mapping")) -> bool:
        """Whether a node is a mapping; a fault where it is none."""
        if not node.is_mapping:
            self.fault(
                node.line, Phrase("{what} is {kind}", what=what, kind=node.kind()), allowed, remedy=_to_mapping(node)
            )
        return node.is_mapping

    def mapping(self, node: Node, what: str, names: Iterable[str], needed: Iterable[str] = ()) -> dict[str, Node]:
        """The entries of a mapping that bear one of the names; faults for other ones and for needed ones that lack."""
        names = tuple(names)
        if not self.is_mapping(node, what, Phrase("a mapping with {names}", names=listed(names))):
            return {}
        strange = [key for key in node.value if key not in names]
        for key in strange:
            self.unknown(node.line_of(key), key, what, names)
        meant = {nearest(key, names) for key in strange} if needed else ()
        for key in needed:
            if key not in node.value and key not in meant:  # a name that was mistyped has been told
                self.fault(node.line, Phrase("{what} lacks {key}", what=what, key=quote(key)))
        return {key: child for key, child in node.value.items() if key in names}

    def unknown(self, line: int | None, key: object, what: str, names: tuple[str, ...]) -> None:
        """A fault for an entry of a mapping that bears none of the names."""
        self.fault(
            line,
            Phrase("{what} knows no {key}", what=what, key=quote(key)),
            listed(names),
            self.guess(key, names),
            odd_blanks(key),
        )

    def items(self, node: Node, what: str, allowed: str) -> list[Node]:
        """The items of a list that is not empty."""
        if not isinstance(node.value, list) or not node.value:
            kind = Phrase("an empty list") if node.value == [] else node.kind()
            self.fault(
                node.line,
                Phrase("{what} is {kind}", what=what, kind=kind),
                Phrase("a list of {allowed}", allowed=allowed),
            )
            return []
        return node.value

    def names(self, node: Node, what: str, names: Iterable[str]) -> tuple[str, ...]:
        """A list of some of the names."""
        names = tuple(names)
        many = Phrase("one of the {count} names known", count=len(names))
        chosen = (
            self.choice(item, Phrase("a name in {what}", what=what), names, many)
            for item in self.items(node, what, Phrase("names"))
        )
        return tuple(name for name in chosen if name is not None)

    # One value ---------------------------------------------------------------------------------------------

    def text(self, node: Node, what: str, longest: int) -> str | None:
        """A text of at most `longest` characters that is not blank."""
        if not isinstance(node.value, str) or not node.value.strip():
            unquoted = node.is_number or isinstance(node.value, bool)
            remedy = Phrase("put quotes around it") if unquoted else ""
            self.fault(
                node.line, Phrase("{what} is {kind}", what=what, kind=node.kind()), Phrase("text"), remedy=remedy
            )
            return None
        if len(node.value) > longest:
            self.fault(
                node.line,
                Phrase("{what} is too long", what=what),
                Phrase("at most {most} characters", most=longest),
            )
            return None
        return node.value

    def choice(self, node: Node, what: str, names: Iterable[str], many: str = "") -> str | None:
        """One of the names; `many` says what is allowed where they are too many to list."""
        names = tuple(names)
        if isinstance(node.value, str) and node.value in names:
            return node.value
        guess = self.guess(node.value, names) if isinstance(node.value, str) else ""
        given = quote(node.value) if isinstance(node.value, str) else node.kind()
        self.fault(
            node.line,
            Phrase("{what} is {given}", what=what, given=given),
            listed(names, many) or Phrase("none, there are none"),
            guess,
        )
        return None

    def truth(self, node: Node, what: str) -> bool | None:
        """True or false."""
        if isinstance(node.value, bool):
            return node.value
        remedy = proposed(TRUTHS.get(str(node.value).lower(), ""))
        self.fault(
            node.line, Phrase("{what} is {kind}", what=what, kind=node.kind()), Phrase("true or false"), remedy=remedy
        )
        return None

    def number(self, node: Node, what: str, allowed: str = Phrase("a finite number"), meant: str = "") -> float | None:
        """A finite number; `meant` is what a text in its place probably means."""
        if not node.is_number:
            if isinstance(node.value, str):
                meant = meant or number_meant(node.value)
            self.fault(
                node.line, Phrase("{what} is {kind}", what=what, kind=node.kind()), allowed, remedy=proposed(meant)
            )
            return None
        try:
            value = float(node.value)
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            self.fault(node.line, Phrase("{what} is not finite ({value})", what=what, value=value), allowed)
            return None
        return value

    def between(self, node: Node, what: str, low: float, high: float, allowed: str = "") -> float | None:
        """A number from `low` to `high`."""
        allowed = allowed or Phrase("a number from {low:g} to {high:g}", low=low, high=high)
        meant = number_meant(node.value, low, high) if isinstance(node.value, str) else ""
        value = self.number(node, what, allowed, meant)
        if value is not None and not low <= value <= high:
            self.fault(node.line, Phrase("{what} is {value}", what=what, value=plain(value)), allowed)
            return None
        return value

    def above_zero(self, node: Node, what: str, high: float = math.inf, allowed: str = "") -> float | None:
        """A number above zero, up to `high`."""
        return self.between(node, what, math.ulp(0.0), high, allowed or Phrase("a number above 0"))

    def whole(self, node: Node, what: str, low: int, high: int) -> int | None:
        """A whole number from `low` to `high`."""
        allowed = Phrase("a whole number from {low} to {high}", low=low, high=high)
        value = self.number(node, what, allowed)
        if value is None:
            return None
        if value != int(value) or not low <= int(node.value) <= high:
            self.fault(node.line, Phrase("{what} is {value}", what=what, value=node.value), allowed)
            return None
        return int(node.value)

    def year(self, node: Node, what: str) -> float | None:
        """A decimal year."""
        meant = year_meant(node.value, EARLIEST, LATEST) if isinstance(node.value, str) else ""
        value = self.number(node, what, YEARS, meant)
        if value is not None and not EARLIEST <= value <= LATEST:
            remedy = proposed(year_meant(value, EARLIEST, LATEST))
            self.fault(node.line, Phrase("{what} is {value}", what=what, value=plain(value)), YEARS, remedy=remedy)
            return None
        return value


def _to_mapping(node: Node) -> str:
    """What turns a value into the mapping that was probably meant."""
    if isinstance(node.value, list):
        return Phrase('leave out the "-" before each name')
    if isinstance(node.value, str) and re.match(r"\w+:\S", node.value):
        return Phrase("put a blank after the colon")
    if isinstance(node.value, str) and re.match(r"\w+(\s*=\s*|\s+)\S", node.value):
        return Phrase("write name: value, with a colon and a blank")
    return ""


def odd_blanks(key: object) -> str:
    """What mends a name that begins with blanks which are no indent, as text processors and web pages write them."""
    return Phrase("indent by plain blanks") if isinstance(key, str) and key != key.lstrip() else ""
