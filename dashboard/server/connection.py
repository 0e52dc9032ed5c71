"""The connection of a tab."""

from __future__ import annotations

import asyncio
import logging

from bokeh.protocol.message import Message
from panel.io.server import WSHandler
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError
from tornado.websocket import WebSocketClosedError

from pushpull.dashboard.auth.visitor import visitor_of
from pushpull.dashboard.processes.capacity import PLACES
from pushpull.dashboard.server.guard import Guard, Rules
from pushpull.dashboard.server.incoming import Foreign, Incoming
from pushpull.dashboard.server.page_handler import no_room
from pushpull.dashboard.server.tokens import payload_of, sound_token

log = logging.getLogger(__name__)

ENDED = 4401  # the code of a connection whose user is signed out
FULL, FOREIGN, GONE = 1013, 1008, 1001  # the protocol's own codes: come again, against the rules, gone away
MOST_UNANSWERED = 4  # times that a tab is asked whether it is there, each 37 s as Bokeh does


class Connection(Guard, WSHandler):
    """The connection of a tab, for the user whom its session was made for.

    What the server says goes out at once. Without, each part of a message waits for the browser to acknowledge the part
    before, 40 ms at every move (Nagle's algorithm beside delayed acknowledgements; Tornado warns of it at
    `set_nodelay`).
    """

    def __init__(self, *args: object, **named: object):
        super().__init__(*args, **named)
        self._incoming = Incoming()
        self._asked = 0  # whether the tab is there, since it last answered

    async def prepare(self) -> None:
        """Refuse a connection of another site's page or without a sound token; note who asks."""
        rules, headers = self.settings["rules"], self.request.headers
        origin = headers.get("Origin")
        if origin is not None and not rules.hosts.admits_origin(origin, rules.hosts.named(headers)):
            raise HTTPError(403, reason="The page of another site asks for a connection")
        self.request.visitor = rules.visitor(self)
        protocols = [each.strip() for each in headers.get("Sec-WebSocket-Protocol", "").split(",")]
        if len(protocols) != 2 or protocols[0] != "bokeh" or not sound_token(protocols[1]):
            raise HTTPError(403, reason="The page is too old or not of this server")
        if no_room() and not self._is_known(protocols[1]):
            raise HTTPError(503, reason="The server is full")
        await super().prepare()

    def _is_known(self, token: str) -> bool:
        """Whether the token's session is there already."""
        id_ = payload_of(token)["session_id"]
        return any(session.id == id_ for session in self.application_context.sessions)

    def check_origin(self, origin: str) -> bool:
        """The same rule again, for what Tornado takes for another origin."""
        hosts = self.settings["rules"].hosts
        return hosts.admits_origin(origin, hosts.named(self.request.headers))

    def open(self, *args: object, **named: object) -> None:
        """Take the connection."""
        self.set_nodelay(True)
        self.settings["rules"].connections.add(self)
        super().open(*args, **named)

    def on_close(self) -> None:
        """Forget the connection, and let the session go: a page that lost its connection comes back as a new one."""
        self.settings["rules"].connections.discard(self)
        session = self.connection.session if self.connection is not None else None
        super().on_close()
        if session is not None and session.connection_count == 0:
            session.request_expiration()

    async def _async_open(self, token: str) -> None:
        """Go on where the session is this user's, and the tab still there."""
        context, session_id = self.application_context, payload_of(token)["session_id"]
        if no_room() and not self._is_known(token):  # many came at once
            return self.close(FULL, "the server is full")
        with PLACES.arriving():
            session = await context.create_session_if_needed(session_id, self.request, token)
        if visitor_of(session.document).user != self.request.visitor.user:
            log.warning("a connection of %.80r to the session of another user was refused", self.request.visitor.user)
            self.close(ENDED, "the session is another user's")
        elif self.ws_connection is not None:
            await super()._async_open(token)

    async def on_message(self, fragment: str | bytes) -> None:
        """Take a part of a message, unless the tab that sent it is gone or not let in yet."""
        if self.connection is not None and self.ws_connection is not None:
            await super().on_message(fragment)

    async def _receive(self, fragment: str | bytes) -> Message | None:
        """A whole message, unless it is one that no page of ours sends."""
        try:
            return self._incoming.take(fragment, self.connection.protocol)
        except Foreign as fault:
            log.warning("a connection that sent %s was closed", fault)
            self.close(FOREIGN, "not a message of the page")
            return None

    def ping(self, data: str | bytes = b"") -> None:
        """Ask whether the tab is there, unless it is known to be gone; one that has not answered for long is closed,
        and with it goes what waits to be written to it."""
        if self.ws_connection is None:
            return
        self._asked += 1
        if self._asked > MOST_UNANSWERED:
            self.close(GONE, "no answer")
        else:
            super().ping(data)

    def on_pong(self, data: bytes) -> None:
        """Note that the tab is there."""
        self._asked = 0
        super().on_pong(data)

    async def send_message(self, message: Message) -> None:
        """Send a message; what went wrong stands in the log alone, as it may name places on the server's disk."""
        if message.msgtype == "ERROR":
            message.content.update(text="the message was not taken", traceback=None)
        await super().send_message(message)

    def is_over(self) -> bool:
        """Whether the user has signed out, left the password file or got another password, or the day is over."""
        users = self.settings["rules"].users
        return users is not None and users.user_of(self) != self.request.visitor.user


def end_what_is_over(rules: Rules) -> None:
    """Close a server's connections of those who are no longer signed in."""
    for each in [each for each in rules.connections if each.is_over()]:
        each.close(ENDED, "signed out")


def let_closed_tabs_be(loop: asyncio.AbstractEventLoop) -> None:
    """Leave out of the log what could not be written as the tab has been closed: nobody waits for it."""

    def handle(loop: asyncio.AbstractEventLoop, context: dict) -> None:
        if isinstance(context.get("exception"), WebSocketClosedError | StreamClosedError):
            log.debug("not written, as the tab is closed: %s", context.get("message"))
        else:
            loop.default_exception_handler(context)

    loop.set_exception_handler(handle)
