"""What a presenter does in a room, and what is told to the presenter alone."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from pushpull.dashboard.room.room_store import RoomFault, RoomFile, RoomTable, changed, group_of, spend, table_of
from pushpull.dashboard.room.room_values import written

MOST_GROUPS, MOST_SLIPS = 50, 300  # of a room, of a group


def put(rooms: RoomFile, code: str, slip: dict | None, phase: str, reveal: dict, link: str = "") -> None:
    """Put a slip on the table in a phase, or take away what lies there; `link` leads to the page that it is about."""
    with rooms.writing() as base:
        group = group_of(rooms, base, code)
        id_, round_ = (slip["id"], slip["round"]) if slip is not None else (None, None)
        if slip is not None:
            _keep_slip(base, code, group, slip, reveal)
            if link:
                _keep_link(base, code, group, slip, link)
        base.execute(
            "update groups set slip = ?, round = ?, phase = ? where code = ? and number = ?",
            (id_, round_, phase, code, group),
        )
        changed(base, code, is_seen=True)


def _keep_slip(base: sqlite3.Connection, code: str, group: int, slip: dict, reveal: dict) -> None:
    key, texts = (code, group, slip["id"], slip["round"]), (written(slip), written(reveal))
    held = base.execute(
        "select slip, reveal from slips where code = ? and number = ? and id = ? and round = ?", key
    ).fetchone()
    if held is not None and held[0] != texts[0]:
        # Answers are kept under what was asked: another question needs a round of its own once there are any.
        answered = "select 1 from answers where code = ? and number = ? and id = ? and round = ?"
        if base.execute(answered, key).fetchone() is not None and _kind_differs(held[0], slip):
            raise RoomFault(409, "other_slip")
    if held is None:
        query = "select count(*), coalesce(max(turn), 0) from slips where code = ? and number = ?"
        count, turn = base.execute(query, (code, group)).fetchone()
        if count >= MOST_SLIPS:
            raise RoomFault(413, "too_many_slips")
        spend(base, code, sum(map(len, texts)))
        base.execute("insert into slips values (?, ?, ?, ?, ?, ?, ?)", (*key, turn + 1, *texts))
    elif held != texts:
        spend(base, code, sum(map(len, texts)) - sum(map(len, held)))
        update = "update slips set slip = ?, reveal = ? where code = ? and number = ? and id = ? and round = ?"
        base.execute(update, (*texts, *key))


def _keep_link(base: sqlite3.Connection, code: str, group: int, slip: dict, link: str) -> None:
    key = (code, group, slip["id"], slip["round"])
    query = "select link from shown where code = ? and number = ? and id = ? and round = ?"
    (held,) = base.execute(query, key).fetchone() or ("",)
    if held != link:
        spend(base, code, len(link) - len(held))
        base.execute("insert or replace into shown values (?, ?, ?, ?, ?)", (*key, link))


def hide(rooms: RoomFile, code: str, seat: int, is_hidden: bool) -> None:
    """Hide the answer of a seat to what lies on the table, or show it again."""
    with rooms.writing() as base:
        group = group_of(rooms, base, code)
        change = changed(base, code, is_seen=False)
        base.execute(
            "update answers set hidden = ?, change = ? where code = ? and number = ? and seat = ? "
            "and (id, round) = (select slip, round from groups where code = ? and number = ?)",
            (is_hidden, change, code, group, seat, code, group),
        )


def shut(rooms: RoomFile, code: str, is_shut: bool) -> None:
    """Let nobody new in, or let them in again; who has a seat keeps it and comes back to it."""
    with rooms.writing() as base:
        group_of(rooms, base, code)
        words = "insert or ignore into shut values (?)" if is_shut else "delete from shut where code = ?"
        base.execute(words, (code,))
        changed(base, code, is_seen=False)


def offer_pocket(rooms: RoomFile, code: str, is_on: bool | None, offer: str | None) -> None:
    """Let phones open a simulator of their own with what an offer holds, or let them no more; what is None stays."""
    with rooms.writing() as base:
        group_of(rooms, base, code)
        held = base.execute("select is_on, offer from pocket where code = ?", (code,)).fetchone()
        before = (bool(held[0]), held[1]) if held else (True, "")
        now = (before[0] if is_on is None else is_on, before[1] if offer is None else offer)
        if held and now == before:
            return
        base.execute("insert or replace into pocket values (?, ?, ?)", (code, *now))
        changed(base, code, is_seen=True)


def new_group(rooms: RoomFile, code: str) -> None:
    """Begin anew with nobody seated and everybody let in; what was is kept, for `undo` and for the file."""
    with rooms.writing() as base:
        group = group_of(rooms, base, code)
        (last,) = base.execute("select max(number) from groups where code = ?", (code,)).fetchone()
        if last >= MOST_GROUPS:
            raise RoomFault(413, "too_many_groups")
        base.execute(
            "insert into groups (code, number, before, phase) values (?, ?, ?, 'waiting')", (code, last + 1, group)
        )
        base.execute("update rooms set grouped = ? where code = ?", (last + 1, code))
        base.execute("delete from shut where code = ?", (code,))
        changed(base, code, is_seen=True)


def undo(rooms: RoomFile, code: str) -> None:
    """Go back to the group before, as it was left; once, and not from the first."""
    with rooms.writing() as base:
        group = group_of(rooms, base, code)
        (before,) = base.execute("select before from groups where code = ? and number = ?", (code, group)).fetchone()
        if before is None:
            raise RoomFault(409, "nothing_to_undo")
        base.execute("update groups set before = null where code = ? and number = ?", (code, before))
        base.execute("update rooms set grouped = ? where code = ?", (before, code))
        changed(base, code, is_seen=True)


@dataclass(frozen=True)
class Seen:
    """What a presenter's page is told: a JSON text, what it was told `of` (group, slip and round), and up to which
    `change`."""

    text: str
    of: tuple[int, str | None, int | None]
    change: int


def seen(rooms: RoomFile, code: str, of: tuple = (), since: int = 0) -> Seen | None:
    """What is new to a page that was told of something up to a change: all of it where it was told of something else.

    None where the room has ended; raises RoomFault where there is none.
    """
    table = table_of(rooms, code)
    if table.ended:
        return None
    now = (table.group, table.slip_id, table.round)
    is_fresh = now != of
    seats, roles = _seated(rooms, table)
    told = {
        "code": code,
        "group": table.group,
        "can_undo": table.can_undo,
        "seats": seats,
        "shut": _is_shut(rooms, code),
        "pocket": _pocket(rooms, code),
        "roles": roles,
        "slip_id": table.slip_id,
        "round": table.round,
        "phase": table.phase,
        "fresh": is_fresh,
        "answers": _answers(rooms.reading(), table, 0 if is_fresh else since),
    }
    if is_fresh:
        told["slip"] = json.loads(table.slip) if table.slip else None
        told["rounds"] = _rounds(rooms.reading(), table)
    return Seen(written(told), now, table.change)


def _rounds(base: sqlite3.Connection, table: RoomTable) -> dict[str, int]:
    """The last round of each slip that the group has answered."""
    query = "select id, max(round) from answers where code = ? and number = ? group by id"
    return dict(base.execute(query, (table.code, table.group)).fetchall())


def _is_shut(rooms: RoomFile, code: str) -> bool:
    return rooms.reading().execute("select 1 from shut where code = ?", (code,)).fetchone() is not None


def _pocket(rooms: RoomFile, code: str) -> str:
    """Whether phones may open a simulator of their own: `on`, `off`, or `none` where there is nothing to open."""
    row = rooms.reading().execute("select is_on, offer from pocket where code = ?", (code,)).fetchone()
    return "none" if row is None or not row[1] else "on" if row[0] else "off"


def _answers(base: sqlite3.Connection, table: RoomTable, since: int = 0) -> list[dict[str, Any]]:
    """The answers to what lies on a table that came or changed after a `change`."""
    rows = base.execute(
        "select seat, value, hidden from answers where code = ? and number = ? and id = ? and round = ? and change > ? "
        "order by seat",
        (table.code, table.group, table.slip_id, table.round, since),
    )
    return [{"seat": seat, "value": json.loads(value), "hidden": bool(hidden)} for seat, value, hidden in rows]


def _seated(rooms: RoomFile, table: RoomTable) -> tuple[int, dict[str, int]]:
    """How many seats the group has, and how many in each role."""
    rows = rooms.reading().execute(
        "select role, count(*) from seats where code = ? and number = ? group by role", (table.code, table.group)
    )
    counts = dict(rows.fetchall())
    return sum(counts.values()), {role: count for role, count in counts.items() if role is not None}


def everything(rooms: RoomFile, code: str) -> dict[str, Any]:
    """All that a room holds, as plain values: each group with its seats, and its slips with their answers."""
    base = rooms.reading()
    group_of(rooms, base, code)
    groups = base.execute("select number from groups where code = ? order by number", (code,)).fetchall()
    return {"code": code, "groups": [_group(base, code, number) for (number,) in groups]}


def _group(base: sqlite3.Connection, code: str, number: int) -> dict[str, Any]:
    of_group = "where code = ? and number = ?"
    seats = base.execute(f"select seat, role from seats {of_group} order by seat", (code, number)).fetchall()
    asked = base.execute(
        "select id, round, slip, reveal, coalesce(link, '') from slips left join shown using (code, number, id, round) "
        f"{of_group} order by turn",
        (code, number),
    )

    def answers(id_: str, round_: int) -> list[dict[str, Any]]:
        return _answers(base, RoomTable(code, number, 0, 0, False, slip_id=id_, round=round_))

    return {
        "group": number,
        "seats": [{"seat": seat, "role": role} for seat, role in seats],
        "slips": [
            {"slip": json.loads(slip), "reveal": json.loads(reveal), "link": link, "answers": answers(id_, round_)}
            for id_, round_, slip, reveal, link in asked.fetchall()
        ],
    }


def _kind_differs(held: str, slip: dict) -> bool:
    """Whether answers to the slip that was kept need not be answers to the other."""
    old = json.loads(held)
    asked = ("kind", "low", "high", "time", "levers")
    names = [[each["name"] for each in entry.get("choices", [])] for entry in (old, slip)]
    return names[0] != names[1] or any(old.get(name) != slip.get(name) for name in asked)
