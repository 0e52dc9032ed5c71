"""What every answer of the server has in common.

`guard` puts `Guard` before every handler of the server, whoever wrote it, so that no answer goes out unguarded. Who a
visitor is comes from the signed cookie of the request at hand and from nothing else that a browser sends.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from panel.io.server import ComponentResourceHandler
from tornado.web import Application, ErrorHandler, HTTPError, RequestHandler, StaticFileHandler
from tornado.websocket import WebSocketHandler

from pushpull.dashboard.auth.attempts import place_of
from pushpull.dashboard.auth.visitor import Visitor
from pushpull.dashboard.server import security
from pushpull.dashboard.server.hosts import Hosts
from pushpull.dashboard.server.scripts.compressed import Compressed

THEME_COOKIE = "pushpull_theme"
OF_BOKEH = "bokeh-"  # arguments that choose a session, or where the page's scripts come from


class Users(Protocol):
    """Who is signed in; `pushpull.dashboard.server.sign_in` knows."""

    def user_of(self, handler: RequestHandler) -> str | None:
        """The user of a request, from its signed cookie; None where nobody is signed in."""


@dataclass(frozen=True)
class Rules:
    """What the handlers of a server go by, and its open connections; `users` is None where nobody signs in."""

    hosts: Hosts
    users: Users | None = None
    among_many: bool = False
    prefix: str = ""
    connections: set[WebSocketHandler] = field(default_factory=set, repr=False, compare=False)

    def visitor(self, handler: RequestHandler) -> Visitor:
        """Who sends a request."""
        user = self.users.user_of(handler) if self.users is not None else None
        dark = handler.get_cookie(THEME_COOKIE) == "dark"
        host, scheme = self.hosts.named(handler.request.headers), "https" if is_secure(handler) else "http"
        site = f"{scheme}://{host}{self.prefix}/"
        return Visitor(user, dark, self.among_many, site, place_of(address_of(handler)))


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


class FromOwnPage(Guard):
    """The same, before a handler that takes what a page of this server sends."""

    def prepare(self):
        """Refuse what another site sends in a visitor's name."""
        rules, headers = self.settings["rules"], self.request.headers
        origin = headers.get("Origin")
        if self.request.method == "POST" and origin is not None:
            if not rules.hosts.admits_origin(origin, rules.hosts.named(headers)):
                raise HTTPError(403, reason="The page of another site sends this")
        if self.request.method == "POST" and headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
            raise HTTPError(403, reason="The page of another site sends this")
        return super().prepare()


class NotFound(Guard, ErrorHandler):
    """Whatever there is no handler for."""


def guard(application: Application, rules: Rules) -> None:
    """Put `Guard` before each handler of an application that has it not yet, and `Compressed` before those of files.

    What loads components by the name of any Python module is taken away; the page needs none of it.
    """
    application.settings.update(rules=rules, default_handler_class=NotFound, default_handler_args={"status_code": 404})
    router = application.wildcard_router
    router.rules[:] = [rule for rule in router.rules if rule.target is not ComponentResourceHandler]
    for rule in router.rules:
        if not issubclass(rule.target, Guard):
            is_plain_file = issubclass(rule.target, StaticFileHandler) and not issubclass(rule.target, Compressed)
            before = (Guard, Compressed) if is_plain_file else (Guard,)
            name = f"Guarded{rule.target.__name__}"
            rule.target = type(name, (*before, rule.target), {"__doc__": rule.target.__doc__})
