"""Blanks at which no line breaks: before the high signs of French, between a number and its sign."""

from __future__ import annotations

import re

from pushpull.wording.numbers import GAP, NARROW

_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_PERCENT = re.compile(r"(?<=\d) (?=%)")
_OF_LANGUAGE = {"fr": ((re.compile(r" (?=[;!?])"), NARROW), (re.compile(r" (?=[:»])|(?<=«) "), GAP))}


def held_together(text: str, code: str) -> str:
    """A text of a language as it is shown, written with the blanks of a keyboard."""
    for pattern, blank in ((_PERCENT, GAP), (_THOUSANDS, NARROW), *_OF_LANGUAGE.get(code, ())):
        text = pattern.sub(blank, text)
    return text
