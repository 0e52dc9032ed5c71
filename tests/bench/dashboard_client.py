"""A visitor without a browser: opens the page and its connection, moves a lever, and hears the page change."""

import json
import re
import time
import urllib.request
from itertools import count

from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

TOKEN = re.compile(rb'"token":\s*"([^"]+)"')


class Visitor:
    """One session, by the protocol that Bokeh's own client speaks."""

    def __init__(self, connection, levers):
        self._connection, self._levers, self._numbers = connection, levers, count(1)

    @classmethod
    async def arrive(cls, address):
        """Open the page, its connection and its document."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        page = opener.open(address).read()
        token = TOKEN.search(page).group(1).decode()
        request = HTTPRequest(address.replace("http", "ws") + "/ws", headers={"Origin": address})
        connection = await websocket_connect(request, subprotocols=["bokeh", token], max_message_size=100_000_000)
        visitor = cls(connection, None)
        await visitor._receive("ACK")
        await visitor._send("PULL-DOC-REQ", {})
        document = await visitor._receive("PULL-DOC-REPLY")
        visitor._levers = _find_levers(document["doc"])
        return visitor

    async def move(self, value):
        """Move a lever; seconds until the page hears of the change."""
        data = {"moves": [{"id": "asylum_access", "route": None, "value": value}], "turn": 1, "panel": "levers"}
        event = {
            "kind": "MessageSent",
            "msg_type": "bokeh_event",
            "msg_data": {
                "type": "event",
                "name": "data_event",
                "values": {"type": "map", "entries": [["model", {"id": self._levers}], ["data", _plain(data)]]},
            },
        }
        begun = time.perf_counter()
        await self._send("PATCH-DOC", {"events": [event]})
        await self._receive("PATCH-DOC")
        return time.perf_counter() - begun

    def leave(self):
        """Close the connection."""
        self._connection.close()

    async def _send(self, kind, content):
        header = {"msgid": str(next(self._numbers)), "msgtype": kind}
        for frame in (header, {}, content):
            await self._connection.write_message(json.dumps(frame))

    async def _receive(self, kind):
        """The content of the next message of a kind."""
        while True:
            header = json.loads(await self._connection.read_message())
            metadata, content = [await self._connection.read_message() for _ in range(2)]
            del metadata
            for _ in range(2 * header.get("num_buffers", 0)):
                await self._connection.read_message()
            if header["msgtype"] == "ERROR":
                raise RuntimeError(content)
            if header["msgtype"] == kind:
                return json.loads(content)


def _plain(value):
    """A value as Bokeh writes it: a mapping is a list of its pairs."""
    if isinstance(value, dict):
        return {"type": "map", "entries": [[key, _plain(each)] for key, each in value.items()]}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _find_levers(document):
    """The id of the model that holds the levers."""
    for root in document["roots"]:
        if root.get("attributes", {}).get("name") == "levers" or '"panel", "levers"' in json.dumps(root):
            return root["id"]
    raise LookupError("the document holds no levers")
