"""Faults of a file: where, what, what is allowed, and the nearest name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from pushpull.wording.phrases import ENGLISH, Phrase, in_language
from pushpull.wording.typography import GAP, NARROW

LONGEST_LIST = 12
LONGEST_QUOTE = 60
KEPT = (GAP, NARROW)  # signs of print that a language needs


@dataclass(frozen=True)
class Fault:
    """One thing wrong in one place; `str` gives the line a person reads. `did_you_mean` is the name nearest to the one
    given, `remedy` what to do in words."""

    file: str
    line: int | None
    what: str
    allowed: str = ""
    did_you_mean: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        return self.in_language(ENGLISH)

    def in_language(self, language: str) -> str:
        """The line in a language, such as `fr`; what a user wrote and the names of files stay as they are."""
        where = in_language(self.file, language) + ("" if self.line is None else f":{self.line}")
        return _printable(in_language(Phrase("{where}: {what}", where=where, what=self.told(language)), language))

    def told(self, language: str) -> str:
        """The same without its place, for whoever shows it there."""
        parts: list[str] = [self.what]
        if self.allowed:
            parts.append(Phrase("allowed: {allowed}", allowed=self.allowed))
        if self.did_you_mean:
            parts.append(Phrase('did you mean "{name}"?', name=self.did_you_mean))
        if self.remedy:
            parts.append(self.remedy)
        return _printable(in_language(Phrase("; "), language).join(in_language(part, language) for part in parts))


def _printable(line: str) -> str:
    return "".join(mark if mark.isprintable() or mark in KEPT else "?" for mark in line)


class ScenarioFaults(ValueError):
    """Every fault of a file and of the files it rests on, at once: `faults`, in the order of their lines."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults = sorted(dict.fromkeys(faults), key=lambda fault: (fault.file, fault.line or 0))
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type[ScenarioFaults], tuple[list[Fault]]]:
        return (type(self), (self.faults,))


def quote(value: object) -> str:
    """The value in double quotes: on one line, printable and not long."""
    text = value if isinstance(value, str) else str(value)
    if len(text) > LONGEST_QUOTE:
        text = text[: LONGEST_QUOTE - 3] + "..."
    text = "".join(mark if mark.isprintable() else mark.encode("unicode_escape").decode() for mark in text)
    return Phrase('"{text}"', text=text)


def nearest(name: object, names: Iterable[str]) -> str:
    """The one name that begins as the one given, or else that most like it, or nothing when none is near."""
    names, given = list(names), re.sub(r"[\s-]+", "_", str(name)[:200].strip().lower())
    matches = get_close_matches(given, names, n=1, cutoff=0.6)
    begun = [each for each in names if len(given) >= 3 and each.startswith(given)]
    return begun[0] if len(begun) == 1 else matches[0] if matches else ""


def listed(names: Iterable[str], many: str = "") -> str:
    """The names one after the other; a long list becomes `many`."""
    names = list(names)
    if many and len(names) > LONGEST_LIST:
        return many
    return ", ".join(names)
