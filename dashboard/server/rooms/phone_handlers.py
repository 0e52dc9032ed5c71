"""What phones ask for: the page, a seat, what lies on the table, and to answer it."""

from __future__ import annotations

from functools import partial
from hashlib import sha256

from pushpull.dashboard.room import codes, phone_page, phone_seats
from pushpull.dashboard.room.phone_seats import Seat
from pushpull.dashboard.room.room_store import RoomFault, RoomTable
from pushpull.dashboard.server.rooms.room_requests import SEAT_COOKIE, Events, RoomRequest
from pushpull.dashboard.server.security import policy_of_phone


def told_to_phones(table: RoomTable) -> str:
    """What lies on the table as phones are told it: the answer of the model in the last phase alone."""
    slip, reveal = table.slip or "null", (table.reveal if table.phase == "revealed" else "") or "null"
    return f'{{"group":{table.group},"phase":"{table.phase}","slip":{slip},"reveal":{reveal}}}'


class PhonePage(RoomRequest):
    """The page of a phone: where a code is typed, and of a room; it is the same for everybody."""

    def get(self, text: str = "") -> None:
        """Send the page, by the address that its cookies go by."""
        prefix, code = self.settings["rules"].prefix, codes.code_of(text)
        if text and code is not None and text != code:
            return self.redirect(f"{prefix}/room/{code}")
        page, script = phone_page.page(prefix, self.asked_language())
        self.set_header("Content-Security-Policy", policy_of_phone(script))
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-cache")
        self.finish(page)

    head = get


class Join(RoomRequest):
    """A seat for a phone, or the one it has."""

    async def post(self, text: str) -> None:
        """Give a seat."""
        await self.refusing(partial(self._join, text))

    async def _join(self, text: str) -> None:
        code, anew, token = self.code(text), self.body().get("anew") is True, self.get_cookie(SEAT_COOKIE)
        held = await self.listening.do(phone_seats.seat_of, code, token)
        if held is None:
            self.allow(self.rates.joins)
        else:
            self.allow(self.rates.returns, key_of(token))
        seat, new = await self.listening.do(phone_seats.join, code, token, anew)
        self.give_cookie(SEAT_COOKIE, code, new)
        self.answer(seat=seat.number, role=seat.role)


class SentAnswer(RoomRequest):
    """The answer of a phone to what lies on the table, or the role it takes."""

    async def post(self, text: str) -> None:
        """Take an answer."""
        await self.refusing(partial(self._take, text))

    async def _take(self, text: str) -> None:
        token = self.get_cookie(SEAT_COOKIE)
        self.allow(self.rates.sent_by_address)
        self.allow(self.rates.sent_by_seat, key_of(token))
        code, sent = self.code(text), self.body()
        if set(sent) == {"role"}:
            await self.listening.do(phone_seats.choose_role, code, token, sent["role"])
        elif set(sent) == {"slip", "round", "value"}:
            await self.listening.do(phone_seats.answer, code, token, sent["slip"], sent["round"], sent["value"])
        else:  # such as one that names a seat
            raise RoomFault(400, "not_taken")
        self.answer(taken=True)


class PhoneEvents(Events):
    """What a phone hears: what lies on the table, and what it answered."""

    _seat: Seat | None = None
    _group = _told = 0
    _table = _pocket = ""  # as the phone was told them

    async def admit(self, code: str) -> str:
        """Those who have a seat."""
        self._seat = await self.listening.do(phone_seats.seat_of, code, self.get_cookie(SEAT_COOKIE))
        if self._seat is None:
            await self.listening.table(code)  # or there is no such room
            raise RoomFault(403, "no_seat")
        key = key_of(self.get_cookie(SEAT_COOKIE))
        self.allow(self.rates.returns, key)
        await self.listening.do(phone_seats.came, code, self._seat)
        return key

    async def tell(self, code: str) -> bool:
        """The table where it changed, and what a simulator of its own opens with; the end of the room; that another
        group has begun."""
        table = await self.listening.table(code)
        if table.ended:
            self.event("ended", "{}")
            return True
        if table.table_change == self._told:
            return False
        if table.group != self._group:
            self._group = table.group
            self._seat = await self.listening.do(phone_seats.seat_of, code, self.get_cookie(SEAT_COOKIE))
        self._told = table.table_change
        if self._seat is None:
            self._table = ""
            self.event("new_group", "{}")
            return False
        if told_to_phones(table) != self._table:
            self._table = told_to_phones(table)
            own = await self.listening.do(phone_seats.own_answer, table, self._seat) if table.slip else "null"
            self.event("own", f'{{"seat":{self._seat.number},"given":{own}}}')
            self.event("table", self._table)
        if table.pocket != self._pocket:
            self._pocket = table.pocket
            self.event("pocket", table.pocket or "null")
        return False


def key_of(token: str | None) -> str:
    """What stands for a token where it is not to be kept."""
    return sha256((token or "").encode("utf-8", "surrogatepass")).hexdigest()
