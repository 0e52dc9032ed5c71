"""What of the presenter's page a phone's own simulator opens with: the corridor, and a link in every language."""

from __future__ import annotations

from collections.abc import Container

from pushpull.dashboard.i18n.texts import LANGUAGES
from pushpull.dashboard.room.room_values import SlipFault, written
from pushpull.dashboard.state.links import permalink

LARGEST_OFFER = 12_000  # letters
LOOKED_AT = ("focus", "drawn", "year", "chosen", "valued")  # of the view, what the pocket page has too


def offer_of(link: object, corridors: Container[str]) -> str:
    """The corridor and the links as a JSON text; empty where phones cannot open what the link of a page holds, as a
    corridor of somebody's own. Raises SlipFault for what is no link."""
    if not isinstance(link, str):
        raise SlipFault("A link is a text.")
    if not link:
        return ""
    try:
        content, _ = permalink.renewed(*permalink.decode(link))
    except permalink.LinkFault:
        raise SlipFault("This is no link of a page.") from None
    corridor, view = content.get("of"), content.get("view")
    if not isinstance(corridor, str) or corridor not in corridors or "own" in content:
        return ""
    kept = {name: content[name] for name in ("of", "scenario", "package") if name in content}
    seen = {name: view[name] for name in LOOKED_AT if name in view} if isinstance(view, dict) else {}
    links = {code: permalink.encode({**kept, "view": {**seen, "language": code}}) for code in LANGUAGES}
    offer = written({"corridor": corridor, "links": links})
    return offer if len(offer) <= LARGEST_OFFER else ""
