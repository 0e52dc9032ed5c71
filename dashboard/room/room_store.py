"""The rooms of a server, in a database that all its workers share and that outlives them.

A room has groups, one after the other; each begins with nothing on the table and nobody seated, and the one before is
kept, so that a new group can be taken back. A seat is a number, known by a token of which the digest alone is kept. A
seat that never listened, as of a program that takes all it can get, is given away once there is no other; a presenter
may let nobody new in. Nothing is kept that says who somebody is: no name, no address, no moment. A room ends after a
day or at a word, and all of it is then removed but its code, so that phones are told.

Every change raises a room's `change`, and those that phones see its `table_change`: whoever listens looks at these.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LETTERS_OF_A_ROOM = 20_000_000
SECONDS_TO_WAIT = 5.0  # for another worker that writes
_TABLES = """
create table if not exists rooms (
  code text primary key, secret blob not null, ends real not null, ended integer not null default 0,
  grouped integer not null default 1, letters integer not null default 0, change integer not null default 1,
  table_change integer not null default 1) without rowid;
create table if not exists groups (
  code text not null, number integer not null, before integer, slip text, round integer, phase text not null,
  primary key (code, number)) without rowid;
create table if not exists slips (
  code text not null, number integer not null, id text not null, round integer not null, turn integer not null,
  slip text not null, reveal text not null, primary key (code, number, id, round)) without rowid;
create table if not exists seats (
  code text not null, number integer not null, seat integer not null, token blob not null, role text,
  primary key (code, number, seat), unique (code, number, token)) without rowid;
create table if not exists answers (
  code text not null, number integer not null, id text not null, round integer not null, seat integer not null,
  value text not null, hidden integer not null default 0, change integer not null,
  primary key (code, number, id, round, seat)) without rowid;
create table if not exists came (
  code text not null, number integer not null, seat integer not null, primary key (code, number, seat)) without rowid;
create table if not exists shown (
  code text not null, number integer not null, id text not null, round integer not null, link text not null,
  primary key (code, number, id, round)) without rowid;
create table if not exists shut (code text primary key) without rowid;
create table if not exists pocket (code text primary key, is_on integer not null, offer text not null) without rowid;
"""


class RoomFault(Exception):
    """What a room does not do: an HTTP status, and a key of the words under `room.refused`."""

    def __init__(self, status: int, key: str):
        super().__init__(key)
        self.status, self.key = status, key


@dataclass(frozen=True)
class RoomTable:
    """What lies on the table of a room: slip, reveal and what phones open in a simulator of their own (`pocket`) are
    JSON texts, empty where there is nothing."""

    code: str
    group: int
    change: int
    table_change: int
    ended: bool
    phase: str = "waiting"
    slip_id: str | None = None
    round: int | None = None
    slip: str = ""
    reveal: str = ""
    can_undo: bool = False
    pocket: str = ""


class RoomFile:
    """The database of rooms, which is made when it is needed. Used by one thread at a time."""

    def __init__(self, file: Path, now: Callable[[], float] = time.time):
        self.file, self.now = file, now
        self._base: sqlite3.Connection | None = None

    def close(self) -> None:
        """Let the file go."""
        if self._base is not None:
            self._base.close()
            self._base = None

    def reading(self) -> sqlite3.Connection:
        """The database, for a question."""
        if self._base is None:
            self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            base = sqlite3.connect(self.file, SECONDS_TO_WAIT, isolation_level=None, check_same_thread=False)
            base.execute("pragma journal_mode = wal")
            base.execute("pragma synchronous = normal")  # what is written outlives this process, however that ends
            base.execute("pragma secure_delete = on")  # what is removed is gone from the file
            base.executescript(_TABLES)
            self._base = base
        return self._base

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The database, for changes that are made together or not at all."""
        base = self.reading()
        base.execute("begin immediate")
        try:
            yield base
        except BaseException:
            base.execute("rollback")
            raise
        base.execute("commit")


def table_of(rooms: RoomFile, code: str) -> RoomTable:
    """What lies on the table; raises RoomFault where there is no such room."""
    found = rooms.reading().execute(
        "select r.grouped, r.change, r.table_change, r.ended, g.phase, g.slip, g.round, g.before, s.slip, s.reveal, "
        "case when p.is_on then p.offer end "
        "from rooms r left join groups g on g.code = r.code and g.number = r.grouped "
        "left join slips s on s.code = r.code and s.number = g.number and s.id = g.slip and s.round = g.round "
        "left join pocket p on p.code = r.code where r.code = ?",
        (code,),
    )
    row = found.fetchone()
    if row is None:
        raise RoomFault(404, "no_room")
    group, change, table_change, ended, phase, slip_id, round_, before, slip, reveal, pocket = row
    if ended:
        return RoomTable(code, group, change, table_change, True)
    texts, can_undo = (slip or "", reveal or ""), before is not None
    return RoomTable(code, group, change, table_change, False, phase, slip_id, round_, *texts, can_undo, pocket or "")


def group_of(rooms: RoomFile, base: sqlite3.Connection, code: str) -> int:
    """The group that is there; raises RoomFault where the room is not, or has ended."""
    row = base.execute("select grouped, ended, ends from rooms where code = ?", (code,)).fetchone()
    if row is None:
        raise RoomFault(404, "no_room")
    group, ended, ends = row
    if ended or ends < rooms.now():
        raise RoomFault(410, "ended")
    return group


def spend(base: sqlite3.Connection, code: str, letters: int) -> None:
    """Count what a room keeps; raises RoomFault where it would be too much."""
    (held,) = base.execute("select letters from rooms where code = ?", (code,)).fetchone()
    if held + letters > LETTERS_OF_A_ROOM:
        raise RoomFault(413, "room_is_full")
    base.execute("update rooms set letters = ? where code = ?", (held + letters, code))


def changed(base: sqlite3.Connection, code: str, is_seen: bool) -> int:
    """Raise a room's `change`, and where phones see it their `table_change`; the new `change`."""
    base.execute(
        "update rooms set change = change + 1, table_change = table_change + ? where code = ?", (int(is_seen), code)
    )
    (change,) = base.execute("select change from rooms where code = ?", (code,)).fetchone()
    return change
