"""Where phones come in beside a simulator that its machine alone may use.

The simulator stays at the loopback address. Phones come by a listener of their own, at every network of this machine,
as it may change its network in the middle; there the pages of rooms are and nothing else: no simulator, and none of the
presenter's calls.
"""

from __future__ import annotations

import logging
from typing import Any

from tornado.web import Application

from pushpull.dashboard.components.base import DIGEST_OF_MODULES, JAVASCRIPT
from pushpull.dashboard.processes import ports
from pushpull.dashboard.room import addresses
from pushpull.dashboard.room.phone_page import MODULES as PHONE_MODULES
from pushpull.dashboard.server.guard import NotFound, Rules
from pushpull.dashboard.server.hosts import Hosts
from pushpull.dashboard.server.pocket import pocket_handlers
from pushpull.dashboard.server.rooms import phone_handlers as phones
from pushpull.dashboard.server.rooms.phone_server import PhoneServer
from pushpull.dashboard.server.scripts.javascript import Modules

EVERY_NETWORK = "0.0.0.0"
LARGEST_HEADERS, LARGEST_BODY = 16_000, 32_000  # bytes
SECONDS_TO_ASK = 60
PORTS_TRIED = 10
log = logging.getLogger(__name__)

PHONES = [
    (r"/room/?", phones.PhonePage),
    (r"/room/([^/]{1,40})/join", phones.Join),
    (r"/room/([^/]{1,40})/answer", phones.SentAnswer),
    (r"/room/([^/]{1,40})/events", phones.PhoneEvents),
    pocket_handlers.OF_ROOMS,
    (r"/room/([^/]{1,40})/?", phones.PhonePage),
]
MODULES = rf"/javascript/{DIGEST_OF_MODULES}/((?:{'|'.join(PHONE_MODULES)})\.js)"


class Door:
    """The listener for phones; opened with the first room, or where one is left from before."""

    def __init__(self, first_port: int, address: str = "", **settings: Any):
        self.port: int | None = None
        self._first, self._address, self._settings = first_port, address, settings
        self._server: PhoneServer | None = None

    def open(self) -> bool:
        """Open the door, which may be open already; whether it is."""
        if self._server is not None:
            return True
        address, port = self._address or EVERY_NETWORK, self._free_port()
        application = Application(
            [*PHONES, (MODULES, Modules, {"path": str(JAVASCRIPT)})],
            default_handler_class=NotFound,
            default_handler_args={"status_code": 404},
            rules=Rules(Hosts(address, port, [])),
            **self._settings,
        )
        server = PhoneServer(
            application, max_body_size=LARGEST_BODY, max_header_size=LARGEST_HEADERS,
            idle_connection_timeout=SECONDS_TO_ASK, body_timeout=SECONDS_TO_ASK,
        )  # fmt: skip
        try:
            server.listen(port, address)
        except OSError as fault:
            log.error("phones cannot come in at port %s: %s", port, fault.strerror or fault)
            return False
        self._server, self.port = server, port
        return True

    def _free_port(self) -> int:
        """The same port every time, so that phones come back to it; another one where it is taken."""
        for port in range(self._first, self._first + PORTS_TRIED):
            try:
                return ports.free(self._address or EVERY_NETWORK, port, 1)[0]
            except ports.NoPort:
                continue
        return ports.free(self._address or EVERY_NETWORK, 0, 1)[0]

    def addresses(self) -> list[str]:
        """The addresses by which phones come, the likeliest first."""
        return [self._address] if self._address else addresses.of_the_room()

    def close(self) -> None:
        """Let nobody in."""
        if self._server is not None:
            self._server.stop()
            self._server = None
