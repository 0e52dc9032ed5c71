"""What all requests of rooms have in common: cookies, bodies, refusals, and how often they may come."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from tornado.http1connection import HTTP1Connection
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError, RequestHandler

from pushpull.dashboard.auth.attempts import place_of
from pushpull.dashboard.i18n.texts import LANGUAGES
from pushpull.dashboard.room import codes
from pushpull.dashboard.room.room_store import RoomFault
from pushpull.dashboard.room.room_values import SlipFault, opened
from pushpull.dashboard.server.guard import FromOwnPage, address_of, is_secure
from pushpull.dashboard.server.rooms.listening import Listener, Listening
from pushpull.dashboard.server.rooms.rates import Rate

SEAT_COOKIE, PRESENTER_COOKIE = "pushpull_seat", "pushpull_presenter"
DAYS_OF_A_COOKIE = 2
SECONDS_BETWEEN_BEATS = 10.0  # by which a phone hears that the connection stands
SECONDS_TO_TAKE = 40.0  # what is sent, before a phone that does not is let go
LARGEST_OF_A_PHONE = 16_000  # bytes of a request
log = logging.getLogger(__name__)


class Rates:
    """How often phones and presenters of one server may ask for what. A whole room may come by one address."""

    def __init__(self) -> None:
        self.rooms = Rate(1 / 60, 20)  # made, by address
        self.joins = Rate(1, 250)  # by address: a school at once, and the room of a flooder is not full
        self.wrong_codes = Rate(0.5, 60)  # by address
        self.sent_by_address = Rate(100, 1000)
        self.sent_by_seat = Rate(2, 20)
        self.returns = Rate(1, 30)  # of a seat that comes back, or listens anew
        self.calls = Rate(20, 200)  # by room
        self.pages = Rate(2, 400)  # simulators for phones, by address: a school at once


class RoomRequest(FromOwnPage, RequestHandler):
    """A request that has to do with a room."""

    @property
    def listening(self) -> Listening:
        """The rooms, and who listens to them."""
        return self.settings["listening"]

    @property
    def rates(self) -> Rates:
        """How often what may be asked for."""
        return self.settings["rates"]

    @property
    def place(self) -> str:
        """Where the request comes from."""
        return place_of(address_of(self))

    def prepare(self):
        """Refuse what is no JSON of a page of this server, so that no form of another site passes for it."""
        if self.request.method == "POST":
            kind = self.request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            if kind != "application/json":
                raise HTTPError(415, reason="JSON is wanted")
        return super().prepare()

    def asked_language(self) -> str:
        """The language that the browser asks for first, of those there are."""
        wanted = self.request.headers.get("Accept-Language", "")[:200].lower().split(",")
        return next((code[:2] for code in map(str.strip, wanted) if code[:2] in LANGUAGES), LANGUAGES[0])

    def code(self, text: str) -> str:
        """The code of the address; raises RoomFault for what is none, and for one who tries many."""
        if self.rates.wrong_codes.is_spent(self.place):
            raise RoomFault(429, "too_many")
        code = codes.code_of(text)
        if code is None:
            raise RoomFault(404, "no_room")
        return code

    def allow(self, rate: Rate, key: str | None = None) -> None:
        """Raises RoomFault where something is asked for too often."""
        if not rate.allows(key if key is not None else self.place):
            raise RoomFault(429, "too_many")

    def body(self, most: int = LARGEST_OF_A_PHONE) -> dict[str, Any]:
        """What was sent; raises SlipFault for what is no object of JSON, and RoomFault for what is too large."""
        if len(self.request.body) > most:
            raise RoomFault(413, "not_taken")
        found = opened(self.request.body)
        if not isinstance(found, dict):
            raise SlipFault("A JSON object is wanted.")
        return found

    def give_cookie(self, name: str, code: str, secret: str) -> None:
        """Let the browser show a secret at the addresses of one room, and no script read it."""
        self.set_cookie(
            name, secret, path=f"{self.settings['rules'].prefix}/room/{code}", expires_days=DAYS_OF_A_COOKIE,
            httponly=True, samesite="Strict", secure=is_secure(self),
        )  # fmt: skip

    def answer(self, **told: object) -> None:
        """Answer with JSON."""
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps(told, ensure_ascii=False))

    def refuse(self, status: int, key: str, sentence: str = "", told: Mapping[str, str] | None = None) -> None:
        """Answer with a refusal: a key of the words under `room.refused`, and a sentence for who writes programs."""
        self.set_status(status)
        if status in (429, 503):
            self.set_header("Retry-After", "2")
        self.answer(refused=key, sentence=sentence, told=told)

    async def refusing(self, act: Callable[[], Awaitable[None]]) -> None:
        """Do an act, and tell in words where it is refused."""
        try:
            await act()
        except RoomFault as fault:
            if fault.key == "no_room":
                self.rates.wrong_codes.allows(self.place)
            self.refuse(fault.status, fault.key)
        except SlipFault as fault:
            self.refuse(400, "not_taken", str(fault), fault.told)
        except UnicodeEncodeError:
            self.refuse(400, "not_taken", "A text of it holds half a letter.")


class Events(RoomRequest):
    """A connection over which the server tells what changes, for as long as the browser listens."""

    retry = 1000  # milliseconds after which a browser whose connection ended comes again
    is_presenter = False
    _listener: Listener | None = None

    async def get(self, text: str) -> None:
        """Tell what is there, and then each change."""
        await self.refusing(partial(self._begin, text))

    async def _begin(self, text: str) -> None:
        code = self.code(text)
        key = await self.admit(code)
        with self.listening.listener(code, key, None if self.is_presenter else self.place) as self._listener:
            await self._tell_all(code, self._listener)

    async def _tell_all(self, code: str, listener: Listener) -> None:
        self.set_header("Content-Type", "text/event-stream; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Accel-Buffering", "no")  # or a proxy would wait for more to send
        self.write(f"retry: {self.retry}\n\n")
        try:
            is_over = await self.tell(code)
            while not is_over:
                await asyncio.wait_for(self.flush(), SECONDS_TO_TAKE)
                if not await listener.change(SECONDS_BETWEEN_BEATS):
                    self.event("beat", "{}")
                elif listener.is_over:
                    return
                else:
                    is_over = await self.tell(code)
        except RoomFault:  # the headers are out: the browser comes again
            return
        except (StreamClosedError, TimeoutError):
            if isinstance(self.request.connection, HTTP1Connection):
                self.request.connection.close()

    def on_connection_close(self) -> None:
        """The browser has gone."""
        if self._listener is not None:
            self._listener.leave()

    def event(self, name: str, data: str) -> None:
        """Write an event; `data` is JSON on one line."""
        self.write(f"event: {name}\ndata: {data}\n\n")

    async def admit(self, code: str) -> str:
        """Who listens, as a key; raises RoomFault for whoever may not."""
        raise NotImplementedError

    async def tell(self, code: str) -> bool:
        """Write what is new for this listener; whether nothing more will come."""
        raise NotImplementedError
