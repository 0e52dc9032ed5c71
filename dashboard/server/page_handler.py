"""The page of the simulator, as a browser asks for it."""

from __future__ import annotations

from bokeh.server.session import ServerSession
from panel.io.server import DocHandler
from tornado.web import HTTPError, authenticated

from pushpull.dashboard.auth import auth_pages
from pushpull.dashboard.i18n.texts import LANGUAGES
from pushpull.dashboard.processes.capacity import PLACES
from pushpull.dashboard.server import security
from pushpull.dashboard.server.guard import Guard
from pushpull.dashboard.server.health import SECONDS_TO_RETRY
from pushpull.dashboard.session.opening import QUEUE

PLACE_COOKIE = "pushpull_place"  # of a tab for which `/health?enter` held a place


def no_room() -> bool:
    """Whether a tab that is new here had better come again: every place is taken, or many wait already."""
    return PLACES.full() or QUEUE.full()


class PageHandler(Guard, DocHandler):
    """The page of the simulator, for a visitor who walks here and not for a picture or script of another site."""

    _token = ""

    def prepare(self):
        """Note who asks."""
        sent = self.request.headers
        if sent.get("Sec-Fetch-Site") == "cross-site" and sent.get("Sec-Fetch-Mode", "navigate") != "navigate":
            raise HTTPError(403, reason="Another site asks for the page")
        self.request.visitor = self.settings["rules"].visitor(self)
        return super().prepare()

    @authenticated
    async def get(self, *args: object, **named: object) -> None:
        """Send the page, or for the time being the one that waits for room; whoever is not known signs in first."""
        is_awaited = self.get_cookie(PLACE_COOKIE) is not None and PLACES.redeem()
        if self.get_cookie(PLACE_COOKIE) is not None:
            self.clear_cookie(PLACE_COOKIE)
        if no_room() and not is_awaited:
            return self._turn_away()
        # What the address holds is read from the request at hand (`pushpull.dashboard.app`) and stays out of the token,
        # which goes through a header of the connection and would not get through with a long link in it.
        self.request.arguments.clear()
        with PLACES.arriving():
            await super().get(*args, **named)

    def _turn_away(self) -> None:
        """Say that there is no room now."""
        wished = self.get_query_argument("language", "")
        page, script = auth_pages.full(wished if wished in LANGUAGES else "")
        self.set_status(503)
        self.set_header("Retry-After", str(SECONDS_TO_RETRY))
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Content-Security-Policy", security.policy_of_form(script, asks=True))
        super().write(page)

    async def get_session(self) -> ServerSession:
        """Open a session."""
        session = await super().get_session()
        self._token = session.token
        return session

    def write(self, chunk: str | bytes | dict) -> None:
        """Write the page, and mark the scripts in it that may run."""
        if isinstance(chunk, str):
            host = self.settings["rules"].hosts.named(self.request.headers)
            chunk, policy = security.with_policy(chunk, self._token, host)
            self.set_header("Content-Security-Policy", policy)
        super().write(chunk)
