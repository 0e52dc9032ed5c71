"""Docstrings of the model taken apart: a meaning for everybody, then where the form comes from."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARK = re.compile(r"\s(?=(?:Source|Assumption)s?: )")


@dataclass(frozen=True)
class Docstring:
    """A docstring taken apart: what a variable means, and the source or assumption behind its form ("" for none)."""

    meaning: str
    source: str


def docstring(text: str) -> Docstring:
    """The parts of a docstring, parted at the first `Source:` or `Assumption:`; the latter keeps its word."""
    meaning, *rest = _MARK.split(text, maxsplit=1)
    return Docstring(meaning, rest[0].removeprefix("Source: ").rstrip(".") if rest else "")
