"""Visitors who come through a proxy: they keep its cookies, come back when their connection ends, and save files.

Every move and every save ends in one of four ways: `answered`, `told` (the server or the proxy said that it could not),
`ended` (the connection was closed under it, which the browser sees and says), or `lost`: nothing came within
`PATIENCE` seconds, and nothing said why. What is lost without a word is a fault.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClosedError, websocket_connect

from tests.bench.dashboard_client import TOKEN, Visitor

PATIENCE = 60  # seconds
PAUSE = 5  # seconds between two moves of a visitor
SAVED = re.compile(r'summary\\":\s*\\"([^"\\]*)')
ENDED = (http.client.HTTPException, ConnectionError, OSError, StreamClosedError, WebSocketClosedError)


class Refused(RuntimeError):
    """An answer that says no: its status."""


def ask(address: str, path: str, host: str, cookies: dict[str, str]) -> tuple[int, bytes]:
    """Status and body of a page, under the name by which browsers know the server; cookies are kept."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=PATIENCE)
    try:
        held = "; ".join(f"{name}={value}" for name, value in cookies.items())
        connection.request("GET", path, headers={"Host": host, **({"Cookie": held} if held else {})})
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie", []):
            cookies.update({name: morsel.value for name, morsel in SimpleCookie(line).items()})
        return answer.status, answer.read()
    finally:
        connection.close()


class Guest(Visitor):
    """A visitor who comes by the name of the server, through its proxy."""

    @classmethod
    async def enter(cls, address: str, host: str, cookies: dict[str, str], path: str = "/") -> Guest:
        """Open the page and its connection; raises Refused where the page is not given."""
        status, page = await asyncio.to_thread(ask, address, path, host, cookies)
        if status != 200:
            raise Refused(str(status))
        held = "; ".join(f"{name}={value}" for name, value in cookies.items())
        headers = {"Host": host, "Origin": f"http://{host}", **({"Cookie": held} if held else {})}
        request = HTTPRequest(
            address.replace("http", "ws") + "/ws", headers=headers, connect_timeout=PATIENCE, request_timeout=PATIENCE
        )
        token = TOKEN.search(page).group(1).decode()
        connection = await websocket_connect(request, subprotocols=["bokeh", token], max_message_size=100_000_000)
        connection.protocol.set_nodelay(True)
        guest = cls(connection)
        await guest.hear(guest.heard_of("ACK"))
        document = guest.heard_of("PULL-DOC-REPLY")
        await guest.send_message("PULL-DOC-REQ", {})
        roots = json.loads(await guest.hear(document))["doc"]["roots"]
        named = {root["attributes"].get("name"): root["id"] for root in roots}
        guest.levers, guest.toolbar = named["levers"], named["toolbar"]
        await guest.tell("document_ready", [])
        return guest

    async def save(self) -> str:
        """Save the scenario in the folder of the server; the sentence that the page then shows."""
        self.said = asyncio.get_running_loop().create_future()
        event = [["model", {"id": self.toolbar}], ["data", {"type": "map", "entries": [["do", "folder"]]}]]
        await self.tell("data_event", event)
        return await self.hear(self.said)

    async def _message(self):
        kind, content = await super()._message()
        told = SAVED.search(content) if kind == "PATCH-DOC" else None
        if told and getattr(self, "said", None) is not None and not self.said.done():
            self.said.set_result(told.group(1))
        return kind, content


@dataclass
class Record:
    """What came of everything that was asked."""

    ways: Counter = field(default_factory=Counter)
    moves: list[tuple[float, float]] = field(default_factory=list)  # when, on the clock; seconds spent
    sentences: list[tuple[float, str]] = field(default_factory=list)
    silences: list[str] = field(default_factory=list)

    def add(self, what: str, way: str) -> None:
        """Count one ask."""
        self.ways[what, way] += 1
        if way == "lost":
            self.silences.append(f"{time.strftime('%H:%M:%S')} {what}")


async def stay(number: int, address: str, host: str, until: float, record: Record, saves: bool) -> None:
    """One visitor from the first page to the end: a move each `PAUSE` seconds, now and then a save; comes back at once
    when the connection ends, as the page does."""
    luck, cookies = random.Random(number), {}
    await asyncio.sleep(PAUSE * luck.random())
    guest, turn = None, 0
    while time.monotonic() < until:
        if guest is None:
            guest = await _come_in(address, host, cookies, record)
            if guest is None:
                await asyncio.sleep(1 + luck.random())
                continue
        turn += 1
        begun = time.monotonic()
        try:
            if saves and turn % 12 == number % 12:
                record.sentences.append((begun, await asyncio.wait_for(guest.save(), PATIENCE)))
                record.add("save", "answered")
            else:
                value = round(0.2 + 0.6 * luck.random(), 6)
                await asyncio.wait_for(guest.move(value), PATIENCE)
                record.moves.append((begun, time.monotonic() - begun))
                record.add("move", "answered")
        except TimeoutError:
            record.add("move", "lost")
            guest.leave()
            guest = None
            continue
        except (*ENDED, RuntimeError) as ended:
            record.add("move", "told" if isinstance(ended, RuntimeError) else "ended")
            guest.leave()
            guest = None
            continue
        await asyncio.sleep(max(0.0, PAUSE - (time.monotonic() - begun)) * (0.8 + 0.4 * luck.random()))
    if guest is not None:
        guest.leave()


async def _come_in(address: str, host: str, cookies: dict[str, str], record: Record) -> Guest | None:
    """The visitor inside, or None where the server says that it cannot now."""
    try:
        guest = await asyncio.wait_for(Guest.enter(address, host, cookies), PATIENCE)
    except TimeoutError:
        record.add("page", "lost")
    except Refused:
        record.add("page", "told")
    except (*ENDED, HTTPClientError, RuntimeError):
        record.add("page", "ended")
    else:
        record.add("page", "answered")
        return guest
    return None
