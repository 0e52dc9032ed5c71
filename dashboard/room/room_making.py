"""Rooms begin and end."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from pushpull.dashboard.room import codes
from pushpull.dashboard.room.room_store import RoomFault, RoomFile, changed, group_of

SECONDS_OF_A_ROOM = 86_400.0
MOST_ROOMS = 200


def make(rooms: RoomFile) -> tuple[str, str]:
    """Code and secret of a new room; raises RoomFault where there are too many."""
    tidy(rooms)
    with rooms.writing() as base:
        (count,) = base.execute("select count(*) from rooms where not ended").fetchone()
        if count >= MOST_ROOMS:
            raise RoomFault(503, "too_many_rooms")
        code, secret = _fresh(base), codes.new_secret()
        ends = rooms.now() + SECONDS_OF_A_ROOM
        base.execute("insert into rooms (code, secret, ends) values (?, ?, ?)", (code, codes.digest_of(secret), ends))
        base.execute("insert into groups (code, number, phase) values (?, 1, 'waiting')", (code,))
    return code, secret


def tidy(rooms: RoomFile) -> None:
    """Remove the rooms whose day is over; a file that is not there is not made."""
    if not rooms.file.exists():
        return
    with rooms.writing() as base:
        for (code,) in base.execute("select code from rooms where ends < ?", (rooms.now(),)).fetchall():
            _remove(base, code)
            base.execute("delete from rooms where code = ?", (code,))


def any_open(rooms: RoomFile) -> bool:
    """Whether there is a room that has not ended; a file that is not there is not made."""
    if not rooms.file.exists():
        return False
    open_ = "select 1 from rooms where not ended and ends >= ?"
    return rooms.reading().execute(open_, (rooms.now(),)).fetchone() is not None


def is_presenter(rooms: RoomFile, code: str, secret: str | None) -> bool:
    """Whether a secret is that of a room which has not ended."""
    digest = codes.digest_of(secret)
    found = rooms.reading().execute("select secret from rooms where code = ? and not ended", (code,)).fetchone()
    return digest is not None and found is not None and found[0] == digest


def end(rooms: RoomFile, code: str, is_over: bool = False) -> None:
    """End a room, whose day may be over, and remove what it holds; raises RoomFault where it has ended."""
    with rooms.writing() as base:
        if not is_over:
            group_of(rooms, base, code)
        _remove(base, code)
        base.execute("update rooms set ended = 1, secret = x'' where code = ?", (code,))
        changed(base, code, is_seen=True)


def changes(rooms: RoomFile, wanted: Iterable[str]) -> dict[str, tuple[int, int]]:
    """`change` and `table_change` of rooms; one whose day is over is ended meanwhile."""
    found = {}
    for code in wanted:
        row = rooms.reading().execute("select change, table_change, ended, ends from rooms where code = ?", (code,))
        for change, table_change, ended, ends in row.fetchall():
            if not ended and ends < rooms.now():
                end(rooms, code, is_over=True)
                change, table_change = change + 1, table_change + 1
            found[code] = (change, table_change)
    return found


def _remove(base: sqlite3.Connection, code: str) -> None:
    for table in ("answers", "seats", "slips", "groups", "came", "shown", "shut", "pocket"):
        base.execute(f"delete from {table} where code = ?", (code,))


def _fresh(base: sqlite3.Connection) -> str:
    """A code that no room has."""
    while True:
        code = codes.new_code()
        if base.execute("select 1 from rooms where code = ?", (code,)).fetchone() is None:
            return code
