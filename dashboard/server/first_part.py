"""The part of the page that is the same for everybody who reads its language: it goes out before a session is made.

To make a session takes the server about as long as a browser takes to read the scripts: with the first part sent at
once, both are done side by side, and the word that stands where the page is to come is there without a wait. The first
page that is asked for in a language is sent whole, and what stands in it before `END` is kept for the next.
"""

from __future__ import annotations

import json
import re

END = "<!-- what follows belongs to one session -->"
_ROOT = re.compile(r"<div id=\"(?P<id>[\w-]+)\" data-root-id=\"(?P<model>\w+)\"")
_PLACE = "<div data-root"
# The places of the first part are told which model each shows, in the order they stand in.
_TELL = """{{
  const places = document.querySelectorAll("div[data-root]");
  {told}.forEach(([id, model], at) => {{ places[at].id = id; places[at].dataset.rootId = model; }});
}}"""

_kept: dict[str, str] = {}


def forget() -> None:
    """Keep nothing: the next page in each language is sent whole again."""
    _kept.clear()


def kept(language: str) -> str | None:
    """The first part of the page in a language; None before a page was made in it."""
    return _kept.get(language)


def keep(language: str, page: str) -> None:
    """Keep the first part of a page that was made in a language."""
    first, end, _ = page.partition(END)
    if end:
        _kept[language] = _ROOT.sub(_PLACE, first)


def rest(page: str, language: str) -> tuple[str, str]:
    """What a page holds beyond its first part: a script for its places, and the remaining text.

    Raises ValueError where its first part is not the one that is kept for the language.
    """
    first, _, remaining = page.partition(END)
    if _ROOT.sub(_PLACE, first) != _kept.get(language):
        raise ValueError(f"the first part of the page in {language!r} is not what was sent")
    return _TELL.format(told=json.dumps([found.group("id", "model") for found in _ROOT.finditer(first)])), remaining
