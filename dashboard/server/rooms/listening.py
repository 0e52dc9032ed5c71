"""Who listens in this process to what happens in rooms.

All workers write into one database, and each looks at it some times a second while anybody listens to it: so a phone
may be at any worker, and one that ends takes nothing with it. Whoever listens is woken and reads what is there then.
Nothing is queued for a phone that is slow: it gets the last state once it has taken the one before.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Concatenate, ParamSpec, TypeVar

from pushpull.dashboard.room import room_making
from pushpull.dashboard.room.room_store import RoomFault, RoomFile, RoomTable, table_of

SECONDS_BETWEEN_LOOKS = 0.1
MOST_LISTENERS = 2_000  # of a process
MOST_OF_A_PLACE = 600  # of one address, behind which a whole school may be
MOST_OF_A_KEY = 8  # tabs of one phone, or of the presenter; the oldest goes
P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger(__name__)


class Listener:
    """Somebody who is told that a room changed."""

    def __init__(self, key: str, place: str | None):
        self.key, self.place, self.is_over = key, place, False
        self._changed = asyncio.Event()

    def wake(self) -> None:
        """Tell that something changed."""
        self._changed.set()

    def leave(self) -> None:
        """Tell that there is nothing more to hear."""
        self.is_over = True
        self._changed.set()

    async def change(self, seconds: float) -> bool:
        """Wait for a change, at most so long; whether there was one."""
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except TimeoutError:
            return False
        self._changed.clear()
        return True


class Listening:
    """The rooms of a server as this process reads and writes them, in one thread beside the page's."""

    def __init__(self, rooms: RoomFile):
        self.rooms = rooms
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="rooms")
        self._listeners: dict[str, list[Listener]] = {}
        self._seen: dict[str, tuple[int, int]] = {}
        self._tables: dict[str, RoomTable] = {}
        self._looking: asyncio.Task | None = None

    def close(self) -> None:
        """Let all who listen go, and the database."""
        for each in [each for some in self._listeners.values() for each in some]:
            each.leave()
        self._thread.submit(self.rooms.close)
        self._thread.shutdown(wait=False)

    async def do(self, act: Callable[Concatenate[RoomFile, P], R], *given: P.args, **named: P.kwargs) -> R:
        """What an act in the rooms gives; raises what it raises, and RoomFault where the database cannot be had."""
        try:
            return await asyncio.wrap_future(self._thread.submit(act, self.rooms, *given, **named))
        except (sqlite3.Error, OSError) as fault:
            log.error("rooms cannot be read or written: %s", fault)
            raise RoomFault(503, "unavailable") from fault

    @contextmanager
    def listener(self, code: str, key: str, place: str | None) -> Iterator[Listener]:
        """Somebody who listens to a room meanwhile; raises RoomFault where too many do, or too many of one place.

        A presenter, whose place is None, is let in whoever else is there.
        """
        others = [each.place for some in self._listeners.values() for each in some]
        if place is not None and (len(others) >= MOST_LISTENERS or others.count(place) >= MOST_OF_A_PLACE):
            raise RoomFault(503, "full")
        here, mine = self._listeners.setdefault(code, []), Listener(key, place)
        alike = [each for each in here if each.key == key]
        for each in alike[: max(len(alike) + 1 - MOST_OF_A_KEY, 0)]:
            each.leave()
        here.append(mine)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            yield mine
        finally:
            here.remove(mine)
            if not here and self._listeners.get(code) is here:
                del self._listeners[code]
                self._seen.pop(code, None)
                self._tables.pop(code, None)

    async def table(self, code: str) -> RoomTable:
        """What phones of a room see now: read once for all who listen to it. Raises RoomFault where it is not there."""
        table = self._tables.get(code)
        if table is None:
            table = await self.do(table_of, code)
            if code in self._listeners and self._seen.get(code, (0, table.table_change))[1] <= table.table_change:
                self._tables[code] = table
        return table

    async def _look(self) -> None:
        """Look what changed as long as anybody listens, and wake those who do."""
        while self._listeners:
            try:
                found = await self.do(room_making.changes, list(self._listeners))
            except RoomFault:
                found = {}
            for code, change in found.items():
                if self._seen.get(code) == change:
                    continue
                if self._seen.get(code, (0, 0))[1] != change[1]:
                    self._tables.pop(code, None)
                self._seen[code] = change
                for each in self._listeners.get(code, []):
                    each.wake()
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
