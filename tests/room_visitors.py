"""Those who come to a room, as HTTP clients: a presenter and phones, each with its own cookies, and what they hear."""

import asyncio
import json
import time
from http.cookies import SimpleCookie

from tornado.httpclient import AsyncHTTPClient
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from pushpull.dashboard.server.rooms import opening_rooms
from tests.visiting import RUNNING, server

JSON = {"Content-Type": "application/json"}
SAID = {"en": "Does it rise?", "fr": "Cela augmente-t-il ?"}
QUESTION = {"id": "story/1", "round": 1, "kind": "direction", "title": SAID, "text": SAID,
            "choices": [{"name": name, "title": SAID} for name in ("up", "down", "same")]}  # fmt: skip
REASON = {"id": "story/2", "round": 1, "kind": "why", "title": SAID, "text": SAID}


class Comer:
    """Somebody with cookies, who asks and listens at one address."""

    def __init__(self, address, code=""):
        self.address, self.code, self.cookies, self.heard = address, code, {}, []
        self._listening = self._came = None

    def _headers(self, **more):
        origin = "/".join(self.address.split("/")[:3])
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Origin": origin, **({"Cookie": cookie} if cookie else {}), **more}

    async def post(self, path, sent=None, headers=None, body=None):
        """Status and JSON of the answer to what is sent."""
        client = SimpleAsyncHTTPClient(force_instance=True)
        text = body if body is not None else json.dumps({} if sent is None else sent)
        answer = await client.fetch(
            self.address + path, method="POST", headers={**self._headers(), **JSON, **(headers or {})}, body=text,
            raise_error=False, request_timeout=30,
        )  # fmt: skip
        for line in answer.headers.get_list("Set-Cookie"):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        try:
            return answer.code, json.loads(answer.body or b"null")
        except ValueError:
            return answer.code, None

    async def get(self, path, headers=None):
        """The answer to a request."""
        client = AsyncHTTPClient(force_instance=True)
        return await client.fetch(self.address + path, headers=self._headers(**(headers or {})), raise_error=False,
                                  follow_redirects=False)  # fmt: skip

    # What is heard ------------------------------------------------------------------------------------------------

    async def listen(self, path):
        """Hear events from now on; gives once the first has come."""
        self._came, first, rest = asyncio.Event(), asyncio.Event(), bytearray()

        def take(chunk):
            rest.extend(chunk)
            while b"\n\n" in rest:
                event, _, left = bytes(rest).partition(b"\n\n")
                rest[:] = left
                fields = dict(line.split(": ", 1) for line in event.decode().splitlines())
                if "event" in fields:
                    self.heard.append((fields["event"], json.loads(fields["data"]), time.time()))
                    first.set()
                    self._came.set()

        client = SimpleAsyncHTTPClient(force_instance=True, max_body_size=10**9)
        self._listening = asyncio.ensure_future(client.fetch(
            self.address + path, headers=self._headers(), streaming_callback=take, request_timeout=0, raise_error=False
        ))  # fmt: skip
        waiting = asyncio.ensure_future(first.wait())
        await asyncio.wait([self._listening, waiting], timeout=20, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        return self._listening.result().code if self._listening.done() else 200

    async def until(self, wanted, seconds=10):
        """Wait until an event is as wanted, be it one that came already; what it told, and when it came."""
        end, seen = time.monotonic() + seconds, 0
        while True:
            for name, told, moment in self.heard[seen:]:
                if wanted(name, told):
                    return told, moment
            seen = len(self.heard)
            self._came.clear()
            await asyncio.wait_for(self._came.wait(), end - time.monotonic())

    def leave(self):
        """Hear no more."""
        if self._listening is not None:
            self._listening.cancel()


class Lead(Comer):
    """The presenter of a room."""

    @classmethod
    async def of_a_new_room(cls, address):
        """A presenter who has made a room."""
        lead = cls(address)
        status, told = await lead.post("/room")
        assert status == 200, (status, told)
        lead.code = told["code"]
        return lead

    async def call(self, do, **more):
        """Status of a call, and what it told."""
        return await self.post(f"/room/{self.code}/presenter", {"do": do, **more})

    async def put(self, slip=QUESTION, phase="open", reveal=None):
        """Put a slip on the table."""
        status, told = await self.call("put", slip=slip, phase=phase, reveal=reveal)
        assert status == 200, (status, told)

    async def hear(self):
        """Hear what happens in the room."""
        return await self.listen(f"/room/{self.code}/presenter")

    def answers(self):
        """Every answer heard so far, by seat: its value, and when it came."""
        found = {}
        for name, told, moment in self.heard:
            if name == "room":
                found |= {each["seat"]: (each["value"], moment) for each in told["answers"]}
        return found


class Phone(Comer):
    """A phone in a room."""

    @classmethod
    async def seated(cls, address, code):
        """A phone that has joined."""
        phone = cls(address, code)
        status, told = await phone.join()
        assert status == 200, (status, told)
        phone.seat = told["seat"]
        return phone

    async def join(self, **more):
        """Take a seat."""
        return await self.post(f"/room/{self.code}/join", more)

    async def answer(self, value, slip=QUESTION, **more):
        """Answer a slip."""
        return await self.post(
            f"/room/{self.code}/answer", {"slip": slip["id"], "round": slip["round"], "value": value, **more}
        )

    async def hear(self):
        """Hear what lies on the table."""
        return await self.listen(f"/room/{self.code}/events")


def in_a_room(act, *options):
    """Do an act with a server's address, the presenter of a room and a phone in it."""

    async def visit():
        async with server(*options) as address:
            lead = await Lead.of_a_new_room(address)
            phone = await Phone.seated(address, lead.code)
            try:
                return await act(address, lead, phone)
            finally:
                lead.leave()
                phone.leave()
                close_doors()

    return asyncio.run(visit())


def close_doors():
    """Let nobody into the rooms of the servers that run."""
    for found in RUNNING:
        opening_rooms.rooms_of(found).end()
