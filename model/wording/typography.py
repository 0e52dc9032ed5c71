"""Signs of print in running text: gaps at which no line breaks, and apostrophes; texts are typed without them."""

from __future__ import annotations

import re

GAP = "\u00a0"  # keeps a number and its sign on one line
NARROW = "\u202f"  # the same between thousands
APOSTROPHE = "\u2019"
_EVERYWHERE = ((re.compile(r"(?<=\d) (?=%)"), GAP), (re.compile(r"(?<=\d) (?=\d{3}(?!\d))"), NARROW))
# An apostrophe between letters, or between a letter and what is put in; code quotes with it, and is left alone.
_ELIDED = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_]|[{«<\"]|\d)")
_IN_FRENCH = ((re.compile(r" (?=[:»])|(?<=«) "), GAP), (_ELIDED, APOSTROPHE))
_OF_A_LANGUAGE = {
    "fr": ((re.compile(r" (?=[;!?])"), NARROW), *_IN_FRENCH),
    "fr-CA": ((re.compile(rf"[ {NARROW}](?=[;!?])"), ""), (re.compile(rf"{NARROW}(?=\d)"), GAP), *_IN_FRENCH),
}


def typeset(text: str, code: str) -> str:
    """The text of a language, such as `fr`, with the signs that print has for it."""
    for sign, printed in (*_EVERYWHERE, *_OF_A_LANGUAGE.get(code, ())):
        text = sign.sub(printed, text)
    return text
