"""`/room/CODE/pocket/NAME.html`: the pocket page for the phones of a room; `/pocket/NAME.html`: the same as a file."""

from __future__ import annotations

import asyncio
import gzip
from functools import cache, partial
from pathlib import Path
from urllib.parse import urlencode

from tornado.http1connection import HTTP1Connection
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError

from pushpull.dashboard.html.page_shell import theme_script
from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.room.phone_page import STYLES
from pushpull.dashboard.room.room_store import RoomFault
from pushpull.dashboard.server.pocket.built_pages import PAGES, BuiltPage, BuiltPages, NotBuilt
from pushpull.dashboard.server.rooms.room_requests import SECONDS_TO_TAKE, RoomRequest
from pushpull.dashboard.server.security import policy_of_form
from pushpull.wording import palette
from pushpull.wording.templates import render

FOLDER = Path(__file__).parent
PIECE = 65_536  # bytes sent before the next are read: a phone that is slow holds no more of the server's memory
SECONDS_TO_FIND = 0.5  # for a page that was built before; whoever would wait longer is told
SECONDS_BEFORE_LOOKING_AGAIN = 3
_LOOK_AGAIN = f"setTimeout(() => location.reload(), {SECONDS_BEFORE_LOOKING_AGAIN * 1000} * (1 + Math.random() / 2));"


class PocketPage(RoomRequest):
    """A pocket page, for whoever was sent to it by a room; while it is built a page that says so and looks again."""

    async def get(self, text: str, name: str) -> None:
        """Send it."""
        await self.refusing(partial(self._send, text, name))

    head = get

    async def _send(self, text: str, name: str) -> None:
        code = self.code(text)
        table = await self.listening.table(code)
        if table.ended:
            raise RoomFault(410, "ended")
        if not table.pocket:
            raise RoomFault(403, "no_simulator")
        await self.send_page(name)

    async def send_page(self, name: str) -> None:
        """Send the page of that name, or say that it is being built."""
        if name not in PAGES:
            raise HTTPError(404)
        pages: BuiltPages = self.settings["pocket_pages"]
        asked = pages.page(name)
        await asyncio.wait([asyncio.wrap_future(asked)], timeout=SECONDS_TO_FIND)
        if not asked.done():
            self.allow(self.rates.sent_by_address)
            return self.tell(202, "room.phone.building", looks_again=True)
        try:
            await self.send_built(asked.result())
        except NotBuilt:
            raise RoomFault(503, "no_simulator_built") from None

    async def send_built(self, page: BuiltPage) -> None:
        """Send a page in pieces, or that the browser has it already."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Content-Security-Policy", f"{page.policy}; frame-ancestors 'none'")
        self.set_header("Cache-Control", "no-cache")  # asked for anew, and answered with 304 where it is the same
        self.set_header("Vary", "Accept-Encoding")
        self.set_header("Etag", page.etag)
        if self.check_etag_header():
            self.allow(self.rates.sent_by_address)
            self.set_status(304)
            return await self.finish()
        self.allow(self.rates.pages)
        content = page.packed
        if "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
        else:
            content = gzip.decompress(content)
        self.set_header("Content-Length", str(len(content)))
        if self.request.method == "HEAD":
            return await self.finish()
        try:
            for start in range(0, len(content), PIECE):
                self.write(content[start : start + PIECE])
                await asyncio.wait_for(self.flush(), SECONDS_TO_TAKE)
            await self.finish()
        except (StreamClosedError, TimeoutError):
            if isinstance(self.request.connection, HTTP1Connection):
                self.request.connection.close()

    def refuse(self, status: int, key: str, *_: object) -> None:
        """Answer with a page that says why there is no simulator."""
        self.tell(status, f"room.refused.{key}", looks_again=status in (429, 503))

    def tell(self, status: int, key: str, looks_again: bool) -> None:
        """Answer with one sentence, on a page that looks again by itself or not."""
        text, script = _told(self.asked_language(), key, looks_again)
        self.set_status(status)
        for name in ("Etag", "Content-Encoding", "Content-Length", "Content-Disposition"):
            self.clear_header(name)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Content-Security-Policy", policy_of_form(script))
        self.set_header("Cache-Control", "no-store")
        self.finish(text)


class PocketFile(PocketPage):
    """A pocket page at an address of its own, for those who may see the simulator; with `?take` as a file, for which a
    browser waits until it is built."""

    async def get(self, name: str) -> None:  # type: ignore[override]
        """Send it."""
        await self.refusing(partial(self._hand_out, name))

    head = get  # type: ignore[assignment]

    async def _hand_out(self, name: str) -> None:
        rules = self.settings["rules"]
        if rules.users is not None and rules.users.user_of(self) is None:
            self.redirect(f"{self.get_login_url()}?{urlencode({'next': f'{rules.prefix}/'})}", status=303)
            return
        if name in PAGES and "take" in self.request.arguments:
            self.allow(self.rates.sent_by_address)
            self.set_header("Content-Disposition", f'attachment; filename="{name}.html"')
            await asyncio.wait([asyncio.wrap_future(self.settings["pocket_pages"].page(name))])
        await self.send_page(name)


@cache
def _told(code: str, key: str, looks_again: bool) -> tuple[str, str]:
    """The page of a sentence, and the script in it."""
    script = theme_script(code) + (_LOOK_AGAIN if looks_again else "")
    style = palette.style_sheet() + "".join(path.read_text(encoding="utf-8") for path in STYLES)
    text = language(code).say(key)
    return render(FOLDER, "waiting.html.j2", code=code, script=script, style=style, text=text), script


OF_ROOMS = (r"/room/([^/]{1,40})/pocket/([a-z0-9_]{1,40})\.html", PocketPage)
PATTERN = (r"/pocket/([a-z0-9_]{1,40})\.html", PocketFile)
