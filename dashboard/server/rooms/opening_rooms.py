"""The rooms of a server: the handlers that it adds, what they share, and the door for phones."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import suppress
from typing import Any

from bokeh.server.server import Server

from pushpull.dashboard.auth.shared_state import state_folder
from pushpull.dashboard.room import room_making
from pushpull.dashboard.room.room_store import RoomFault, RoomFile
from pushpull.dashboard.server.pocket.built_pages import BuiltPages
from pushpull.dashboard.server.rooms import presenter_handlers as presenters
from pushpull.dashboard.server.rooms.door import PHONES, Door
from pushpull.dashboard.server.rooms.listening import Listening
from pushpull.dashboard.server.rooms.room_requests import Rates
from pushpull.serve_options import ServeOptions

PATTERNS: list[tuple] = [
    (r"/room/?", presenters.RoomMaking),
    (r"/room/([^/]{1,40})/presenter", presenters.PresenterEvents),
    (r"/room/([^/]{1,40})/file", presenters.TakenAway),
    *PHONES[1:],
]
MILLISECONDS_BETWEEN_TIDYINGS = 3_600_000
log = logging.getLogger(__name__)


class RoomsOfServer:
    """The rooms of one process."""

    def __init__(self, options: ServeOptions, port: int):
        self.listening = Listening(RoomFile(state_folder() / "rooms.sqlite"))
        shared: dict[str, Any] = {"listening": self.listening, "rates": Rates(), "pocket_pages": BuiltPages()}
        self.door = Door(port + 1, options.room_address, **shared) if options.has_door else None
        self.settings = {**shared, "door": self.door}
        self._wants_room = options.room

    def begin(self) -> str | None:
        """Let phones in where a room is wanted or left from before; the address they are told, if they come apart."""
        if self.door is None or not (self._wants_room or self._any_left()):
            return None
        return f"http://{self.door.addresses()[0]}:{self.door.port}/room" if self.door.open() else None

    def _any_left(self) -> bool:
        try:
            room_making.tidy(self.listening.rooms)
            return room_making.any_open(self.listening.rooms)
        except (sqlite3.Error, OSError) as fault:
            log.error("rooms cannot be read: %s", fault)
            return False

    async def tidy(self) -> None:
        """Remove the rooms whose day is over."""
        with suppress(RoomFault):
            await self.listening.do(room_making.tidy)

    def end(self) -> None:
        """Let everybody go."""
        if self.door is not None:
            self.door.close()
        self.settings["pocket_pages"].close()
        self.listening.close()


def rooms_of(server: Server) -> RoomsOfServer:
    """The rooms of a server that was set up with them."""
    return server._tornado.settings["rooms"]
