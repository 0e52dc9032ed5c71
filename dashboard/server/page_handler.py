"""The page of the simulator, as a browser asks for it."""

from __future__ import annotations

from bokeh.server.session import ServerSession
from panel.io.server import DocHandler, server_html_page_for_session
from tornado.web import HTTPError, authenticated

from pushpull.dashboard.auth import auth_pages
from pushpull.dashboard.i18n.texts import ENGLISH, LANGUAGES
from pushpull.dashboard.i18n.texts import wished as spoken
from pushpull.dashboard.processes.capacity import PLACES
from pushpull.dashboard.server import first_part, security
from pushpull.dashboard.server.guard import Guard
from pushpull.dashboard.server.health import SECONDS_TO_RETRY
from pushpull.dashboard.session.opening import QUEUE

WEBGL = "bokeh-gl"  # no chart is drawn with it
PLACE_COOKIE = "pushpull_place"  # of a tab for which `/health?enter` held a place


def no_room() -> bool:
    """Whether a tab that is new here had better come again: every place is taken, or many wait already."""
    return PLACES.full() or QUEUE.full()


class PageHandler(Guard, DocHandler):
    """The page of the simulator, for a visitor who walks here and not for a picture or script of another site."""

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
            await self._send()

    async def _send(self) -> None:
        """Send the page: what is the same for everybody first, where the address tells in which language."""
        is_plain = not self.get_query_argument("state", "")
        code = spoken(self.get_query_argument("language", "")) or ENGLISH
        nonce = security.new_nonce()
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header(
            "Content-Security-Policy",
            security.policy_of_page(nonce, self.settings["rules"].hosts.named(self.request.headers)),
        )
        alike = f"{code} {self.request.path}"  # scripts are named from where the page is
        begun = first_part.kept(alike) if is_plain else None
        if begun is not None:
            self.write(security.marked(begun, "", nonce))
            await self.flush()
        session = await self.get_session()
        page = self._page(session)
        if begun is None:
            if is_plain:
                first_part.keep(alike, page)
            self.write(security.marked(page, session.token, nonce))
            return
        script, remaining = first_part.rest(page, alike)
        self.write(f'<script nonce="{nonce}">{script}</script>')
        self.write(security.marked(remaining, session.token, nonce))

    def _page(self, session: ServerSession) -> str:
        """The page of a session as Panel writes it, without the script that no chart needs."""
        resources, document = self.application.resources(), session.document
        return server_html_page_for_session(
            session,
            resources=resources.clone(components=[each for each in resources.components if each != WEBGL]),
            title=document.title,
            template=document.template,
            template_variables=document.template_variables,
        )

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
