"""A visitor without a browser: opens the page and its connection, moves a lever, and hears the page change."""

import asyncio
import json
import re
import time
import urllib.request
from itertools import count

from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

TOKEN = re.compile(rb'"token":\s*"([^"]+)"')
CHANGED = re.compile(r'"attr": ?"(\w+)"')
TURN = re.compile(r'\\"turn\\":(\d+)')  # inside a JSON text inside the message
PATIENCE = 60  # seconds


class Visitor:
    """One session, by the protocol that Bokeh's own client speaks; whatever the server says is read as it comes.

    Every wait ends with TimeoutError after `PATIENCE` seconds, and what the server calls an error is raised.
    """

    def __init__(self, connection):
        self.connection, self._numbers, self._turns = connection, count(1), count(1)
        self.levers = self.document = ""
        self._waiting: dict[object, asyncio.Future] = {}
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def arrive(cls, address, query=""):
        """Open the page, its connection and its document, as the browser does until the page can be used."""
        page, cookies = await asyncio.to_thread(page_and_cookies, f"{address}/{query}")
        return await cls.come_back(address, query, TOKEN.search(page).group(1).decode(), cookies)

    @classmethod
    async def come_back(cls, address, query, token, cookies=""):
        """Open a connection with the token of a page, and pull its document."""
        headers = {"Origin": address, "Cookie": cookies}
        request = HTTPRequest(f"{address.replace('http', 'ws')}/ws{query}", headers=headers, request_timeout=PATIENCE)
        connection = await websocket_connect(request, subprotocols=["bokeh", token], max_message_size=100_000_000)
        connection.protocol.set_nodelay(True)  # as browsers do
        visitor = cls(connection)
        await visitor.hear(visitor.heard_of("ACK"))
        document = visitor.heard_of("PULL-DOC-REPLY")
        await visitor.send_message("PULL-DOC-REQ", {})
        visitor.document = await visitor.hear(document)
        visitor.levers = _find_levers(json.loads(visitor.document)["doc"])
        await visitor.tell("document_ready", [])
        return visitor

    async def move(self, value):
        """Move a lever; seconds until the page hears of the change."""
        turn = next(self._turns)
        data = {"moves": [{"id": "asylum_access", "route": None, "value": value}], "turn": turn, "panel": "levers"}
        begun = time.perf_counter()
        answer = self.heard_of(turn)
        await self.tell("data_event", [["model", {"id": self.levers}], ["data", bokeh_value(data)]])
        await self.hear(answer)
        return time.perf_counter() - begun

    def leave(self):
        """Close the connection."""
        self._listening.cancel()
        self.connection.close()

    def heard_of(self, what):
        """A future of what is said next under a kind of message, or under the number of a turn."""
        self._waiting[what] = asyncio.get_running_loop().create_future()
        return self._waiting[what]

    async def hear(self, answer):
        """What an answer says; raises what ended the listening, or TimeoutError."""
        either = {answer, self._listening}
        done, _ = await asyncio.wait(either, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        if not done:
            raise TimeoutError(f"the server has said nothing for {PATIENCE} s")
        return answer.result() if answer in done else self._listening.result()

    async def tell(self, event, entries):
        """Tell the page of an event, as its scripts do."""
        values = {"type": "map", "entries": entries}
        content = {"type": "event", "name": event, "values": values}
        message = {"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": content}
        await self.send_message("PATCH-DOC", {"events": [message]})

    async def send_message(self, kind, content):
        """Send a message of some kind."""
        header = {"msgid": str(next(self._numbers)), "msgtype": kind}
        for frame in (header, {}, content):
            await self.connection.write_message(json.dumps(frame))

    async def _listen(self):
        while True:
            kind, content = await self._message()
            if kind == "ERROR":
                raise RuntimeError(content)
            if kind == "PATCH-DOC" and CHANGED.findall(content) == ["working"]:  # no answer to anything
                continue
            turns = map(int, TURN.findall(content)) if kind == "PATCH-DOC" else ()
            for what in (kind, *turns):
                if what in self._waiting:
                    self._waiting.pop(what).set_result(content)

    async def _message(self):
        """The kind and the text of the next message, without its buffers."""
        header = json.loads(await self._frame())
        await self._frame()
        content = await self._frame()
        for _ in range(2 * header.get("num_buffers", 0)):
            await self._frame()
        return header["msgtype"], content

    async def _frame(self):
        frame = await self.connection.read_message()
        if frame is None:
            raise ConnectionError("the server closed the connection")
        return frame


def page_and_cookies(address):
    """A page, and the cookies that came with it, by which a proxy knows the worker."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(address, timeout=PATIENCE) as answer:
        cookies = [each.partition(";")[0] for each in answer.headers.get_all("Set-Cookie") or ()]
        return answer.read(), "; ".join(cookies)


def bokeh_value(value):
    """A value as Bokeh writes it: a mapping is a list of its pairs."""
    if isinstance(value, dict):
        return {"type": "map", "entries": [[key, bokeh_value(each)] for key, each in value.items()]}
    return [bokeh_value(each) for each in value] if isinstance(value, list) else value


def _find_levers(document):
    """The id of the model that holds the levers."""
    for root in document["roots"]:
        if root["attributes"].get("name") == "levers":
            return root["id"]
    raise LookupError("the document holds no levers")
