"""Entries of a calibration file, and the faults in them."""

from __future__ import annotations

from collections.abc import Iterable

from pushpull.files.faults import Fault, listed, nearest, quote
from pushpull.files.suggestions import TRUTHS, number_meant, proposed, year_meant
from pushpull.files.tree import Node
from pushpull.scenario.interpreter import EARLIEST, LATEST, YEARS


class Entries:
    """Reads plain entries of one file and gathers its faults."""

    def __init__(self, shown: str, faults: list[Fault]):
        self.shown, self.faults = shown, faults

    def mapping(self, node: Node, what: str, keys: tuple[str, ...], needed: tuple[str, ...]) -> dict[str, Node]:
        """The known entries of a mapping; faults for unknown and missing ones."""
        if not self.is_mapping(node, what):
            return {}
        for key in node.value:
            if key not in keys:
                self.fault(node.line_of(key), f"{what} knows no {quote(key)}", listed(keys), nearest(key, keys))
        meant = {nearest(key, keys) for key in node.value if key not in keys}
        for key in needed:
            if key not in node.value and key not in meant:  # a name that was mistyped has been told
                self.fault(node.line, f"{what} lacks {quote(key)}")
        return {key: child for key, child in node.value.items() if key in keys}

    def is_mapping(self, node: Node, what: str) -> bool:
        """Whether a node is a mapping; a fault where it is none."""
        if not node.is_mapping:
            self.fault(node.line, f"{what} is {node.kind()}", "a mapping")
        return node.is_mapping

    def number(
        self, node: Node, what: str, above: float, most: float = float("inf"), allowed: str = "", least: bool = False
    ) -> float | None:
        """A number above `above` (or from it on, with `least`) and not beyond `most`."""
        inside = node.is_number and (node.value > above or (least and node.value == above)) and node.value <= most
        if not inside:
            meant = number_meant(node.value, above, most) if isinstance(node.value, str) else ""
            self.fault(node.line, f"{what} is {node.kind()}", allowed or f"a number above {above:g}",
                       remedy=proposed(meant))  # fmt: skip
            return None
        return float(node.value)

    def year(self, node: Node, what: str) -> float | None:
        """A decimal year."""
        if node.is_number and EARLIEST <= node.value <= LATEST:
            return float(node.value)
        meant = year_meant(node.value, EARLIEST, LATEST) if node.is_number or isinstance(node.value, str) else ""
        self.fault(node.line, f"{what} is {node.kind()}", YEARS, remedy=proposed(meant))
        return None

    def choice(self, node: Node, what: str, allowed: Iterable[str]) -> str | None:
        """One of the words allowed."""
        allowed = tuple(allowed)
        if node.value not in allowed:
            self.fault(node.line, f"{what} is {node.kind()}", listed(allowed), nearest(str(node.value), allowed))
            return None
        return str(node.value)

    def truth(self, node: Node, what: str) -> bool | None:
        """True or false."""
        if not isinstance(node.value, bool):
            remedy = proposed(TRUTHS.get(str(node.value).lower(), ""))
            self.fault(node.line, f"{what} is {node.kind()}", "true or false", remedy=remedy)
            return None
        return node.value

    def fault(self, line: int | None, what: str, allowed: str = "", did_you_mean: str = "", remedy: str = "") -> None:
        """Note a fault of this file."""
        self.faults.append(Fault(self.shown, line, what, allowed, did_you_mean, remedy))
