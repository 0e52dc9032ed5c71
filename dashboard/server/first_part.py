"""The part of the page that is the same for everybody who reads its language: it goes out before a session is made.

To make a session takes the server about as long as a browser takes to read the scripts: with the first part sent at
once, both are done side by side, and the word that stands where the page is to come is there without a wait. The first
page in a language at an address is sent whole, and what stands in it before `END` is kept for the next.
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


def kept(alike: str) -> str | None:
    """The first part of pages that are alike, such as those of a language; None before one of them was made."""
    return _kept.get(alike)


def keep(alike: str, page: str) -> None:
    """Keep the first part of a page for those that are alike."""
    first, end, _ = page.partition(END)
    if end:
        _kept[alike] = _ROOT.sub(_PLACE, first)


def rest(page: str, alike: str) -> tuple[str, str]:
    """What a page holds beyond its first part: a script for its places, and the remaining text.

    Raises ValueError where its first part is not the one that is kept.
    """
    first, _, remaining = page.partition(END)
    if _ROOT.sub(_PLACE, first) != _kept.get(alike):
        raise ValueError(f"the first part of the page {alike!r} is not what was sent")
    return _TELL.format(told=json.dumps([found.group("id", "model") for found in _ROOT.finditer(first)])), remaining
