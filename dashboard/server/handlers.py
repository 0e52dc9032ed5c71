"""What every answer of the server has in common, the page, and the connection of a tab.

`guard` puts `Guard` before every handler of the server, whoever wrote it, so that no answer goes out unguarded. Who a
visitor is comes from the signed cookie of the request at hand and from nothing else that a browser sends.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
import zlib
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass, field
from typing import Protocol

from bokeh.protocol.message import Message
from bokeh.server.session import ServerSession
from panel.io.server import ComponentResourceHandler, DocHandler, WSHandler
from tornado.iostream import StreamClosedError
from tornado.web import Application, ErrorHandler, HTTPError, RequestHandler, authenticated
from tornado.websocket import WebSocketClosedError

from pushpull.dashboard.auth import auth_pages
from pushpull.dashboard.auth.visitor import Visitor, visitor_of
from pushpull.dashboard.i18n.texts import LANGUAGES
from pushpull.dashboard.server import security
from pushpull.dashboard.server.capacity import PLACES
from pushpull.dashboard.server.health import SECONDS_TO_RETRY
from pushpull.dashboard.server.hosts import Hosts
from pushpull.dashboard.server.incoming import Foreign, Incoming
from pushpull.dashboard.session.opening import QUEUE

log = logging.getLogger(__name__)

THEME_COOKIE = "pushpull_theme"
OF_BOKEH = "bokeh-"  # arguments that choose a session, or where the page's scripts come from
LARGEST_TOKEN = 1_000_000  # bytes, unpacked
_SESSION_ID = re.compile(r"[A-Za-z0-9]{44}\Z")  # as Bokeh makes them
ENDED = 4401  # the code of a connection whose user is signed out
FULL, FOREIGN, GONE = 1013, 1008, 1001  # the protocol's own codes: come again, against the rules, gone away
MOST_UNANSWERED = 4  # times that a tab is asked whether it is there, each 37 s as Bokeh does


class Users(Protocol):
    """Who is signed in; `pushpull.dashboard.auth.sign_in` knows."""

    def user_of(self, handler: RequestHandler) -> str | None:
        """The user of a request, from its signed cookie; None where nobody is signed in."""


@dataclass(frozen=True)
class Rules:
    """What the handlers of a server go by, and its open connections; `users` is None where nobody signs in."""

    hosts: Hosts
    users: Users | None = None
    among_many: bool = False
    prefix: str = ""
    connections: set[Connection] = field(default_factory=set, repr=False, compare=False)

    def visitor(self, handler: RequestHandler) -> Visitor:
        """Who sends a request."""
        user = self.users.user_of(handler) if self.users is not None else None
        return Visitor(user, handler.get_cookie(THEME_COOKIE) == "dark", self.among_many)


def is_secure(handler: RequestHandler) -> bool:
    """Whether the browser speaks to the server, or to the proxy before it, by https."""
    rules: Rules = handler.settings["rules"]
    told = handler.request.headers.get("X-Forwarded-Proto") if rules.hosts.behind_proxy else None
    return (told.split(",")[-1].strip() if told else handler.request.protocol) == "https"


def address_of(handler: RequestHandler) -> str:
    """The visitor's address: behind a proxy the one it says it was asked from, whatever else the visitor sent."""
    rules: Rules = handler.settings["rules"]
    told = handler.request.headers.get("X-Forwarded-For") if rules.hosts.behind_proxy else None
    return (told.split(",")[-1].strip() if told else handler.request.remote_ip) or ""


def no_room() -> bool:
    """Whether a tab that is new here had better come again: every place is taken, or many wait already."""
    return PLACES.full() or QUEUE.full()


class Guard:
    """Before a handler: the headers of every answer, and what no request may hold."""

    def set_default_headers(self) -> None:
        """Say what a browser may do with the answer."""
        super().set_default_headers()
        for name, value in security.HEADERS.items():
            self.set_header(name, value)
        self.clear_header("Server")

    def prepare(self):
        """Refuse a request that names another server, or that brings a session of its own choice."""
        rules, request = self.settings["rules"], self.request
        if not rules.hosts.admits(rules.hosts.named(request.headers)):
            raise HTTPError(403, reason="This server has another name, see --allow-origin")
        chosen = any(name.lower().startswith(OF_BOKEH) for name in request.arguments)
        if chosen or "Bokeh-Session-Id" in request.headers:
            raise HTTPError(403, reason="The server chooses the session")
        return super().prepare()

    def get_login_url(self) -> str:
        """Where to sign in."""
        return f"{self.settings['rules'].prefix}/login"


class Page(Guard, DocHandler):
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
        if no_room():
            return self._turn_away()
        # What the address holds is read from the request at hand (`dashboard.app`) and stays out of the token, which
        # goes through a header of the connection and would not get through with a long link in it.
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
        id_ = _read(token)["session_id"]
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
        context, session_id = self.application_context, _read(token)["session_id"]
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


def sound_token(token: str) -> bool:
    """Whether a token can be read, holds a session that the server could have chosen, and has not run out."""
    try:
        found = _read(token)
        return bool(_SESSION_ID.match(found["session_id"])) and found["session_expiry"] > time.time()
    except (ValueError, TypeError, KeyError, NotBase64, zlib.error, RecursionError):
        return False


def _read(token: str) -> dict:
    """What a token says of its session; raises where it is none or unpacks to too much."""
    plain = json.loads(_of_base64(token))
    packed = plain.get("__bk__zlib_")
    if packed is not None:
        opener = zlib.decompressobj()
        json.loads(opener.decompress(_of_base64(packed), LARGEST_TOKEN))
        if not opener.eof:
            raise ValueError("the token is too large")
    return plain


def _of_base64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class NotFound(Guard, ErrorHandler):
    """Whatever there is no handler for."""


def guard(application: Application, rules: Rules) -> None:
    """Put `Guard` before each handler of an application that has it not yet.

    What loads components by the name of any Python module is taken away; the page needs none of it.
    """
    application.settings.update(rules=rules, default_handler_class=NotFound, default_handler_args={"status_code": 404})
    router = application.wildcard_router
    router.rules[:] = [rule for rule in router.rules if rule.target is not ComponentResourceHandler]
    for rule in router.rules:
        if not issubclass(rule.target, Guard):
            rule.target = type(f"Guarded{rule.target.__name__}", (Guard, rule.target), {"__doc__": rule.target.__doc__})
