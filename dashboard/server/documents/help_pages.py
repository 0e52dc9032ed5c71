"""`/help/...`: the documents as pages, made when they are first asked for, outside of any session."""

from __future__ import annotations

import asyncio
import mimetypes
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from tornado.web import HTTPError

from pushpull.dashboard.server.sign_in import AuthPage

if TYPE_CHECKING:
    from pushpull.documents.document_site import DocumentSite

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_making = asyncio.Lock()


@cache
def site() -> DocumentSite:
    """The documents of this process; what makes them is read when the first one is asked for."""
    from pushpull import command_line
    from pushpull.documents.document_site import DocumentSite

    return DocumentSite(command_line())


@cache
def text_of(path: str) -> str:
    """One file of the documents, kept once it is made; raises KeyError where there is none of that path."""
    return site().text(path)


class HelpPages(AuthPage):
    """A page of the documents, or its style, script and index of words, for those who may see the simulator."""

    async def get(self, path: str) -> None:
        """Answer with it; numbers in it are worked out in another thread, one page at a time."""
        rules = self.settings["rules"]
        if rules.users is not None and rules.users.user_of(self) is None:
            return self.redirect(f"{self.get_login_url()}?{urlencode({'next': f'{rules.prefix}/'})}", status=303)
        try:
            async with _making:
                text = await asyncio.to_thread(text_of, path)
        except KeyError:
            raise HTTPError(404) from None
        kind = "text/javascript" if path.endswith(".js") else mimetypes.guess_type(path)[0]
        self.set_header("Content-Type", f"{kind}; charset=utf-8")
        self.set_header("Content-Security-Policy", POLICY)
        self.set_header("Cache-Control", "no-cache")  # asked for anew, and answered with 304 where it is the same
        self.finish(text)

    head = get


PATTERN = (r"/help/((?:(?:en|fr)/)?[a-z_]+\.(?:html|css|js))", HelpPages)
