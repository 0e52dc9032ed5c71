"""How the app is served: from one machine for its user, or from a small server for many."""

from __future__ import annotations

import logging
import os
import secrets
import signal
from functools import partial
from pathlib import Path

import panel as pn
from bokeh.server.server import Server
from bokeh.server.urls import per_app_patterns
from bokeh.server.views.metadata_handler import MetadataHandler
from bokeh.settings import settings
from tornado.ioloop import PeriodicCallback

from pushpull.dashboard import app
from pushpull.dashboard.auth import passwords, shared_state
from pushpull.dashboard.limits import LARGEST_MESSAGE
from pushpull.dashboard.processes import logs, memory, open_files
from pushpull.dashboard.processes.capacity import PLACES
from pushpull.dashboard.server import short_link_page, sign_in
from pushpull.dashboard.server.connection import Connection, end_what_is_over, let_closed_tabs_be
from pushpull.dashboard.server.documents import help_pages
from pushpull.dashboard.server.guard import Rules, guard
from pushpull.dashboard.server.health import Health
from pushpull.dashboard.server.hosts import Hosts
from pushpull.dashboard.server.page_handler import PageHandler
from pushpull.dashboard.server.pocket import pocket_handlers
from pushpull.dashboard.server.rooms import opening_rooms
from pushpull.dashboard.server.scripts import javascript
from pushpull.dashboard.session.opening import OpenAside
from pushpull.dashboard.state.links.permalink import LARGEST_HEADERS
from pushpull.dashboard.storage import user_folder
from pushpull.dashboard.storage.earlier_folders import move_old_folders
from pushpull.serve_options import ServeOptions

log = logging.getLogger(__name__)

LARGEST_FORM = 200_000  # bytes of a form: the name, the password and the page to go on to
SECONDS_TO_ASK = 60  # for which a connection may be open without a whole request
MILLISECONDS_UNUSED = 60_000  # within which a page that has been sent is to connect
MILLISECONDS_BETWEEN_CHECKS = 10_000
MILLISECONDS_BETWEEN_CLEANINGS = 1000  # of sessions that are over, as those whose tab is gone are at once
SECONDS_OF_A_TOKEN = 86_400
SHORTEST_SECRET = 32  # letters
SECONDS_TO_COME_BACK = 10  # for those who were there before a restart, undisturbed by what only some pages need


class Unprepared(Exception):
    """What the server needs is not there; the message says what, and what to do."""


def users_of(options: ServeOptions) -> sign_in.PasswordAuth | None:
    """Who may sign in, by the password file; None where everybody may come in. Raises Unprepared."""
    if not options.password_file:
        return None
    try:
        file = passwords.PasswordFile(Path(options.password_file).resolve())
    except passwords.PasswordFault as fault:
        raise Unprepared(f"--password-file: {fault}") from None
    if os.name == "posix" and file.path.stat().st_mode & 0o077:
        log.warning("%s can be read by others on this machine; chmod 600 keeps the hashes to yourself", file.path)
    folder = shared_state.state_folder() / "signed-out"
    try:
        signed_out = shared_state.SignedOut(folder)
    except OSError as fault:
        raise Unprepared(
            f"who signs out is kept in {folder}, which cannot be written ({fault.strerror or fault}); name another "
            f"folder by {shared_state.STATE}"
        ) from None
    secret = os.environ.get(shared_state.SECRET) or secrets.token_hex(32)
    if len(secret) < SHORTEST_SECRET:
        raise Unprepared(
            f"{shared_state.SECRET} has {len(secret)} letters; allowed: {SHORTEST_SECRET} or more, made by chance"
        )
    return sign_in.PasswordAuth(file, signed_out, secret, options.prefix)


def _move_old_folders(home: Path, users: sign_in.PasswordAuth) -> None:
    try:
        for line in move_old_folders(home, users.file.hashes):
            log.warning(line)
    except OSError as fault:
        log.error("folders that users had before in %s stay where they are: %s", home, fault.strerror or fault)


def server_of(options: ServeOptions, port: int) -> Server:
    """A server that does not run yet; raises Unprepared."""
    users = users_of(options)
    home = user_folder.folder(among_many=options.for_many)
    if users is not None and home is not None:
        _move_old_folders(home, users)
    logs.keep_short()
    PLACES.most = options.sessions
    hosts = Hosts(options.address, port, options.allow_origin, options.behind_proxy)
    settings.perform_document_validation = False  # tests look through the page; every visitor would wait for it
    # Of what Bokeh serves for each app, the script that puts it into pages of other sites is left out.
    per_app_patterns[:] = [(r"/ws", Connection), (r"/metadata", MetadataHandler), (r"/?", PageHandler)]
    signing_in = {"auth_provider": users, "cookie_secret": users.secret} if users is not None else {}
    server = pn.serve(
        app.open_session,
        port=port,
        address=options.address,
        show=False,
        start=False,
        title="Pushpull",
        verbose=False,
        root_path=options.prefix or None,
        prefix=options.prefix or "",
        extra_patterns=[
            (r"/health", Health),
            *javascript.PATTERNS,
            help_pages.PATTERN,
            short_link_page.PATTERN,
            pocket_handlers.PATTERN,
            *opening_rooms.PATTERNS,
        ],
        websocket_max_message_size=LARGEST_MESSAGE,
        unused_session_lifetime_milliseconds=MILLISECONDS_UNUSED,
        check_unused_sessions_milliseconds=MILLISECONDS_BETWEEN_CLEANINGS,
        session_token_expiration=SECONDS_OF_A_TOKEN,
        use_xheaders=options.behind_proxy,
        http_server_kwargs={
            "max_body_size": LARGEST_FORM,
            "max_header_size": LARGEST_HEADERS,
            "idle_connection_timeout": SECONDS_TO_ASK,
            "body_timeout": SECONDS_TO_ASK,
        },
        include_headers=[],  # the token stands in the page, where every script could read what only the server may
        include_cookies=[],
        **signing_in,
    )
    for context in server._tornado.applications.values():
        context.application.add(OpenAside())
    rooms = opening_rooms.RoomsOfServer(options, port)
    server._tornado.settings.update(rooms=rooms, **rooms.settings)
    guard(server._tornado, Rules(hosts, users, options.for_many, options.prefix))
    return server


def run_until_told(server: Server) -> None:
    """Serve until SIGINT or SIGTERM, then close what is open and let the process end."""

    def stop(*_: object) -> None:
        server.io_loop.add_callback_from_signal(server.io_loop.stop)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    open_files.allow_many()
    PeriodicCallback(app.TIDYING.tidy, memory.MILLISECONDS).start()
    rules = server._tornado.settings["rules"]
    PeriodicCallback(partial(end_what_is_over, rules), MILLISECONDS_BETWEEN_CHECKS).start()
    let_closed_tabs_be(server.io_loop.asyncio_loop)
    server.start()
    rooms = opening_rooms.rooms_of(server)
    PeriodicCallback(rooms.tidy, opening_rooms.MILLISECONDS_BETWEEN_TIDYINGS).start()
    server.io_loop.call_later(SECONDS_TO_COME_BACK, app.prepare)
    joined_at = rooms.begin()
    if joined_at is not None:
        print(f"Phones in the same network join at {joined_at}", flush=True)
    try:
        server.io_loop.start()
    finally:
        rooms.end()
        app.close_all()
        server.stop(wait=False)
