"""What phones do in a room: they take a seat, a role, and answer."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from pushpull.dashboard.room import codes, slips
from pushpull.dashboard.room.room_store import RoomFault, RoomFile, RoomTable, changed, group_of, spend, table_of
from pushpull.dashboard.room.room_values import written

MOST_SEATS = 400  # of a group


@dataclass(frozen=True)
class Seat:
    """A phone's place in the group that is there now."""

    number: int
    role: str | None = None


def join(rooms: RoomFile, code: str, token: str | None, anew: bool = False) -> tuple[Seat, str]:
    """The seat of a phone and its token: that which it has, else a new one.

    Raises RoomFault where the room is not there, has ended, is full or takes nobody new, and for a phone of an earlier
    group that does not ask to join `anew`.
    """
    digest = codes.digest_of(token)
    held = seat_of(rooms, code, token)
    if held is not None and token is not None:
        return held, token
    with rooms.writing() as base:
        group = group_of(rooms, base, code)
        known = "select 1 from seats where code = ? and token = ?"
        is_known = digest is not None and base.execute(known, (code, digest)).fetchone() is not None
        if is_known and not anew:
            raise RoomFault(409, "new_group")
        if not is_known or token is None:
            token = codes.new_secret()
            digest = codes.digest_of(token)
        if base.execute("select 1 from shut where code = ?", (code,)).fetchone() is not None:
            raise RoomFault(403, "no_more_seats")
        query = "select count(*), coalesce(max(seat), 0) from seats where code = ? and number = ?"
        count, last = base.execute(query, (code, group)).fetchone()
        if count >= MOST_SEATS:
            _give_away(base, code, group)
        base.execute(
            "insert into seats (code, number, seat, token) values (?, ?, ?, ?)", (code, group, last + 1, digest)
        )
        changed(base, code, is_seen=False)
        return Seat(last + 1), token


def _give_away(base: sqlite3.Connection, code: str, group: int) -> None:
    """Take back the oldest seat whose phone never listened or answered; raises RoomFault where there is none."""
    query = (
        "select min(seat) from seats s where code = ? and number = ? "
        "and not exists (select 1 from came c where c.code = s.code and c.number = s.number and c.seat = s.seat)"
    )
    (seat,) = base.execute(query, (code, group)).fetchone()
    if seat is None:
        raise RoomFault(503, "full")
    base.execute("delete from seats where code = ? and number = ? and seat = ?", (code, group, seat))


def came(rooms: RoomFile, code: str, seat: Seat) -> None:
    """Note that the phone of a seat listens, so that the seat stays its own."""
    known = "select 1 from came where code = ? and number = (select grouped from rooms where code = ?) and seat = ?"
    if rooms.reading().execute(known, (code, code, seat.number)).fetchone() is None:
        with rooms.writing() as base:
            _note_that_it_came(base, code, group_of(rooms, base, code), seat)


def _note_that_it_came(base: sqlite3.Connection, code: str, group: int, seat: Seat) -> None:
    base.execute("insert or ignore into came values (?, ?, ?)", (code, group, seat.number))


def seat_of(rooms: RoomFile, code: str, token: str | None) -> Seat | None:
    """The seat of a token in the group that is there now; None where it has none."""
    digest = codes.digest_of(token)
    if digest is None:
        return None
    found = rooms.reading().execute(
        "select s.seat, s.role from seats s join rooms r on r.code = s.code and r.grouped = s.number "
        "where s.code = ? and s.token = ? and not r.ended",
        (code, digest),
    )
    row = found.fetchone()
    return None if row is None else Seat(*row)


def choose_role(rooms: RoomFile, code: str, token: str | None, role: object) -> None:
    """Let a seat take a role of the proposal on the table."""
    with rooms.writing() as base:
        seat, table = _seated(rooms, base, code, token)
        if not isinstance(role, str) or not table.slip or role not in slips.roles_of(json.loads(table.slip)):
            raise RoomFault(400, "not_taken")
        _take_role(base, table, seat, role)
        changed(base, code, is_seen=False)


def answer(rooms: RoomFile, code: str, token: str | None, slip_id: object, round_: object, value: object) -> None:
    """Keep the answer of a seat in place of the one before.

    Raises RoomFault where the slip is not on the table or not open, SlipFault where it is no answer to it.
    """
    with rooms.writing() as base:
        seat, table = _seated(rooms, base, code, token)
        if not table.slip or (slip_id, round_) != (table.slip_id, table.round) or table.phase != "open":
            raise RoomFault(409, "not_open")
        kept = slips.read_answer(json.loads(table.slip), value)
        text, key = written(kept), (code, table.group, table.slip_id, table.round, seat.number)
        where = "where code = ? and number = ? and id = ? and round = ? and seat = ?"
        held = base.execute(f"select value from answers {where}", key).fetchone()
        spend(base, code, len(text) - (len(held[0]) if held else 0))
        if isinstance(kept, dict):
            _take_role(base, table, seat, kept["role"])
        change = changed(base, code, is_seen=False)
        # What was hidden stays hidden: a new text is not shown unasked.
        base.execute(
            "insert into answers values (?, ?, ?, ?, ?, ?, 0, ?) "
            "on conflict do update set value = excluded.value, change = excluded.change",
            (*key, text, change),
        )


def _seated(rooms: RoomFile, base: sqlite3.Connection, code: str, token: str | None) -> tuple[Seat, RoomTable]:
    group = group_of(rooms, base, code)
    seat = seat_of(rooms, code, token)
    if seat is None:
        raise RoomFault(403, "no_seat")
    _note_that_it_came(base, code, group, seat)
    return seat, table_of(rooms, code)


def own_answer(rooms: RoomFile, table: RoomTable, seat: Seat) -> str:
    """What a seat answered to what lies on the table, as a JSON text: `null` where it has not."""
    found = rooms.reading().execute(
        "select value from answers where code = ? and number = ? and id = ? and round = ? and seat = ?",
        (table.code, table.group, table.slip_id, table.round, seat.number),
    )
    row = found.fetchone()
    return "null" if row is None else row[0]


def _take_role(base: sqlite3.Connection, table: RoomTable, seat: Seat, role: str) -> None:
    where = "where code = ? and number = ? and seat = ?"
    base.execute(f"update seats set role = ? {where}", (role, table.code, table.group, seat.number))
