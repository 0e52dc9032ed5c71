"""How the app is served: from one machine for its user, or from a small server for many."""

from __future__ import annotations

import json
import os
import secrets
import signal
from argparse import Namespace

import panel as pn
from bokeh.server.server import Server
from bokeh.server.urls import per_app_patterns
from bokeh.settings import settings
from panel.io.server import WSHandler
from tornado.ioloop import PeriodicCallback
from tornado.web import RequestHandler

from dashboard import app, doors, memory, shelf
from model.running import model_digest

LARGEST_MESSAGE = 20_000_000  # bytes from a browser: the pictures of an evidence pack, and little more
MILLISECONDS_UNUSED = 60_000  # a tab that is gone is kept so long, in case its connection comes back
MILLISECONDS_BETWEEN_CHECKS = 10_000
SECONDS_OF_A_TOKEN = 86_400


class Health(RequestHandler):
    """`/health`: 200 and a line of JSON while the process answers, 503 once it holds as many sessions as it may."""

    def initialize(self, most: int) -> None:
        """Take the number of sessions that may be open."""
        self.most = most

    def get(self) -> None:
        """Answer."""
        count = app.open_sessions()
        full = count >= self.most
        self.set_status(503 if full else 200)
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        status = "full" if full else "ok"
        self.write(json.dumps({"status": status, "sessions": count, "model": model_digest()[:12]}))


class Connection(WSHandler):
    """The connection of a tab: what the server says goes out at once.

    Without, each part of a message waits for the browser to acknowledge the part before, 40 ms at every move (Nagle's
    algorithm beside delayed acknowledgements; Tornado warns of it at `set_nodelay`).
    """

    def open(self) -> None:
        """Take the connection."""
        self.set_nodelay(True)
        super().open()


def server_of(chosen: Namespace, port: int, origins: list[str]) -> Server:
    """A server that does not run yet."""
    signing_in: dict[str, object] = {}
    if chosen.password_file:
        secret = os.environ.get("PUSHPULL_COOKIE_SECRET") or secrets.token_hex(32)
        signing_in = {"basic_auth": chosen.password_file, "cookie_secret": secret}
    if chosen.for_many and not os.environ.get(shelf.FOLDER):
        os.environ[shelf.FOLDER] = shelf.OFF  # a folder of the server is nobody's own
    app.limit(chosen.sessions)
    with doors.templates() as pages:
        return _served(chosen, port, origins, {**signing_in, **pages} if signing_in else {})


def _served(chosen: Namespace, port: int, origins: list[str], signing_in: dict[str, object]) -> Server:
    per_app_patterns[:] = [
        (path, Connection if handler is WSHandler else handler, *rest) for path, handler, *rest in per_app_patterns
    ]
    settings.perform_document_validation = False  # tests look through the page; every visitor would wait for it
    return pn.serve(
        app.open_session,
        port=port,
        address=chosen.address,
        websocket_origin=origins,
        show=False,
        start=False,
        title="Pushpull",
        verbose=False,
        root_path=chosen.prefix or None,
        prefix=chosen.prefix or "",
        extra_patterns=[(r"/health", Health, {"most": chosen.sessions})],
        websocket_max_message_size=LARGEST_MESSAGE,
        unused_session_lifetime_milliseconds=MILLISECONDS_UNUSED,
        check_unused_sessions_milliseconds=MILLISECONDS_BETWEEN_CHECKS,
        session_token_expiration=SECONDS_OF_A_TOKEN,
        use_xheaders=chosen.behind_proxy,
        **signing_in,
    )


def run_until_told(server: Server) -> None:
    """Serve until SIGINT or SIGTERM, then close what is open and let the process end."""

    def stop(*_: object) -> None:
        server.io_loop.add_callback_from_signal(server.io_loop.stop)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    memory.settle()
    PeriodicCallback(app.TIDYING.tidy, memory.MILLISECONDS).start()
    server.start()
    try:
        server.io_loop.start()
    finally:
        app.close_all()
        server.stop(wait=False)
