"""What the presenter's page alone may ask for: to make a room, to lead it, and to take everything away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from pushpull.dashboard.i18n.texts import LANGUAGES, language
from pushpull.dashboard.room import addresses, codes, presenter_calls, room_file, room_making
from pushpull.dashboard.room.pocket_offer import offer_of
from pushpull.dashboard.room.room_store import RoomFault, RoomFile
from pushpull.dashboard.room.room_values import SlipFault, written
from pushpull.dashboard.room.slips import PHASES, read_reveal, read_slip
from pushpull.dashboard.server.pocket.built_pages import PAGES
from pushpull.dashboard.server.rooms.phone_handlers import PhonePage
from pushpull.dashboard.server.rooms.room_requests import PRESENTER_COOKIE, Events, RoomRequest
from pushpull.dashboard.state.links.permalink import LONGEST_LINK

LARGEST_CALL = 150_000  # bytes: a slip, and what is revealed of it


def join_sites(request: RoomRequest) -> list[str]:
    """The addresses under which phones find the rooms of this server, the likeliest first."""
    rules, door = request.settings["rules"], request.settings["door"]
    if door is not None and door.port:
        return [f"http://{each}:{door.port}/" for each in door.addresses()]
    site = rules.visitor(request).site
    name = rules.hosts.named(request.request.headers)
    host, _, port = name.rpartition(":") if name.rpartition(":")[2].isdigit() else (name, "", "")
    if addresses.is_reachable(host) or not rules.hosts.everywhere:
        return [site]
    return [site.replace(name, f"{each}:{port}" if port else each, 1) for each in addresses.of_the_room()]


def place_of_room(code: str, sites: list[str]) -> dict[str, Any]:
    """Where phones find a room: each address with its drawing, and whether others than this machine reach the first."""
    found = [f"{site}room/{code}" for site in sites]
    host = sites[0].split("/")[2].rpartition(":")[0] or sites[0].split("/")[2]
    return {
        "places": [{"address": each, "qr": codes.drawing_of(each)} for each in found],
        "reachable": addresses.is_reachable(host),
    }


class RoomMaking(PhonePage):
    """`/room`: the page where a code is typed; to make a room asks for what the simulator's page itself asks for."""

    async def post(self, text: str = "") -> None:
        """Make a room, whose secret the browser keeps."""
        await self.refusing(self._make)

    async def _make(self) -> None:
        users = self.settings["rules"].users
        if users is not None and users.user_of(self) is None:
            raise RoomFault(403, "sign_in")
        self.body()
        self.allow(self.rates.rooms)
        if self.settings["door"] is not None:
            self.settings["door"].open()
        code, secret = await self.listening.do(room_making.make)
        self.give_cookie(PRESENTER_COOKIE, code, secret)
        self.answer(code=code)


class OfPresenter(RoomRequest):
    """A request that the presenter's secret alone allows."""

    async def presented(self, text: str) -> str:
        """The code of the room; raises RoomFault for whoever is not its presenter."""
        code = self.code(text)
        if not await self.listening.do(room_making.is_presenter, code, self.get_cookie(PRESENTER_COOKIE)):
            await self.listening.table(code)  # or there is no such room
            raise RoomFault(403, "not_presenter")
        return code


def _put(rooms: RoomFile, code: str, sent: dict[str, Any]) -> None:
    slip = read_slip(sent["slip"]) if sent.get("slip") is not None else None
    phase = sent.get("phase", "waiting") if slip is not None else "waiting"
    if phase not in PHASES:
        raise SlipFault("There is no such phase.")
    link = sent.get("link", "")
    if not isinstance(link, str) or len(link) > LONGEST_LINK:
        raise SlipFault("A link is a text.")
    presenter_calls.put(rooms, code, slip, phase, read_reveal(sent.get("reveal")), link)


def _hide(rooms: RoomFile, code: str, sent: dict[str, Any]) -> None:
    seat, is_hidden = sent.get("seat"), sent.get("hidden")
    if isinstance(seat, bool) or not isinstance(seat, int) or not 0 < seat < 10_000 or not isinstance(is_hidden, bool):
        raise SlipFault("A seat is hidden or not.")
    presenter_calls.hide(rooms, code, seat, is_hidden)


def _shut(rooms: RoomFile, code: str, sent: dict[str, Any]) -> None:
    is_shut = sent.get("shut")
    if not isinstance(is_shut, bool):
        raise SlipFault("A room is shut or not.")
    presenter_calls.shut(rooms, code, is_shut)


def _pocket(rooms: RoomFile, code: str, sent: dict[str, Any]) -> None:
    is_on, link = sent.get("on"), sent.get("link")
    if is_on is not None and not isinstance(is_on, bool):
        raise SlipFault("A simulator is offered or not.")
    presenter_calls.offer_pocket(rooms, code, is_on, None if link is None else offer_of(link, PAGES))


CALLS: dict[str, Callable[[RoomFile, str, dict[str, Any]], None]] = {
    "hello": lambda *_: None,  # whether the room is still there
    "put": _put,
    "hide": _hide,
    "shut": _shut,
    "pocket": _pocket,
    "new_group": lambda rooms, code, _: presenter_calls.new_group(rooms, code),
    "undo": lambda rooms, code, _: presenter_calls.undo(rooms, code),
    "end": lambda rooms, code, _: room_making.end(rooms, code),
}


class PresenterEvents(OfPresenter, Events):
    """What the presenter's page hears, and what it has done in the room."""

    is_presenter = True
    retry = 400  # of two or three windows, on which a room waits
    _of: tuple = ()
    _change = 0

    async def admit(self, code: str) -> str:
        """The presenter alone."""
        await self.presented(code)
        return "presenter"

    async def tell(self, code: str) -> bool:
        """Who is there and what they answered: all of it at first and for another question, then what is new."""
        if not self._change:
            place = await asyncio.to_thread(lambda: place_of_room(code, join_sites(self)))
            self.event("place", written(place))
        seen = await self.listening.do(presenter_calls.seen, code, self._of, self._change)
        if seen is None:
            self.event("ended", "{}")
            return True
        self._of, self._change = seen.of, seen.change
        self.event("room", seen.text)
        return False

    async def post(self, text: str) -> None:
        """Do what the presenter says."""
        await self.refusing(partial(self._call, text))

    async def _call(self, text: str) -> None:
        code, sent = await self.presented(text), self.body(LARGEST_CALL)
        self.allow(self.rates.calls, code)
        act = CALLS.get(str(sent.get("do")))
        if act is None:
            raise SlipFault("There is no such call.")
        await self.listening.do(act, code, sent)
        self.answer(taken=True)


class TakenAway(OfPresenter):
    """All that a room holds, as one file."""

    async def get(self, text: str) -> None:
        """Hand it over."""
        await self.refusing(partial(self._hand_over, text))

    async def _hand_over(self, text: str) -> None:
        code = await self.presented(text)
        wished = self.get_query_argument("language", "")[:2]
        words = language(wished if wished in LANGUAGES else LANGUAGES[0])
        held = await self.listening.do(presenter_calls.everything, code)
        content = await asyncio.to_thread(room_file.packed, held, words)
        name = f"{words.say('room.file')}_{code}_{date.today().isoformat()}.zip"
        self.set_header("Content-Type", "application/zip")
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.set_header("Cache-Control", "no-store")
        self.finish(content)
