"""Whom a page is made for."""

from __future__ import annotations

from dataclasses import dataclass

from bokeh.document import Document


@dataclass(frozen=True)
class Visitor:
    """Who asks for a page: the user who is signed in, the theme last chosen, and whether the server is for many.

    `site` is the address of the page as the visitor's browser knows it, `place` where the visitor's own belongs.

    It is made from the request at hand alone. What Panel keeps as `pn.state.user` and `pn.state.cookies` comes from a
    token that the browser hands over, and anybody can write one.
    """

    user: str | None = None
    dark: bool = False
    among_many: bool = False
    site: str = ""
    place: str = ""


NOBODY = Visitor()


def visitor_of(document: Document | None) -> Visitor:
    """Whom a document was made for."""
    context = document.session_context if document is not None else None
    request = getattr(context, "request", None)
    return getattr(request, "visitor", None) or NOBODY
