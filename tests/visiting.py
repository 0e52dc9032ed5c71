"""Servers in this process, and visitors who speak HTTP and Bokeh's protocol to them as browsers do, or as attackers."""

import asyncio
import contextlib
import json
import re
from functools import cache
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from bokeh.util.token import get_session_id, get_token_payload
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect

from pushpull.dashboard import app
from pushpull.dashboard.__main__ import arguments
from pushpull.dashboard.auth.passwords import hashed, write
from pushpull.dashboard.processes import ports
from pushpull.dashboard.processes.capacity import PLACES
from pushpull.dashboard.server.serve import server_of
from tests.bench.dashboard_client import TOKEN, Visitor, bokeh_value

PASSWORDS = {"ana": "rivers run to the sea", "bob": "seven blue bicycles", "Ünal": "a third long secret"}


@cache
def _hashes():
    return {name: hashed(password) for name, password in PASSWORDS.items()}


RUNNING = []


def password_file(folder):
    """A file that knows three users."""
    path = folder / "users.json"
    write(path, _hashes())
    return path


@contextlib.asynccontextmanager
async def server(*options, **named):
    """A server on the running loop; its address."""
    (port,) = ports.free("127.0.0.1", 0, 1)
    chosen = arguments(["--no-show", "--port", str(port), *map(str, options)])
    found = server_of(chosen, port)
    found.start()
    RUNNING.append(found)
    try:
        yield f"http://127.0.0.1:{port}{chosen.prefix}"
    finally:
        for session in PLACES.sessions():
            app.leave(session)
        RUNNING.remove(found)
        found.stop(wait=False)


def sessions():
    """Every session that the servers hold."""
    return [each for found in RUNNING for context in found._tornado.applications.values() for each in context.sessions]


def rules():
    """What the handlers of each server go by."""
    return [found._tornado.settings["rules"] for found in RUNNING]


def connections():
    """Every connection of a tab that the servers hold open, on their side."""
    return [connection for each in rules() for connection in each.connections]


def said(name, entries):
    """An event of a user as Bokeh writes it."""
    content = {"type": "event", "name": name, "values": {"type": "map", "entries": entries}}
    return {"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": content}


class Browser:
    """Keeps cookies, and sends what it is told to."""

    def __init__(self, address):
        self.address, self.cookies = address, {}
        self.host = address.split("/")[2]
        self.origin = f"http://{self.host}"

    async def ask(self, path="/", method="GET", form=None, headers=None, cookies=None):
        """The answer to a request, redirects not followed."""
        sent = {"Host": self.host, **(headers or {})}
        jar = self.cookies if cookies is None else cookies
        if jar:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        body = urlencode(form) if form is not None else None
        request = HTTPRequest(
            self.address + path, method, sent, body, follow_redirects=False, request_timeout=60,
            allow_nonstandard_methods=True,
        )  # fmt: skip
        answer = await AsyncHTTPClient(force_instance=True).fetch(request, raise_error=False)
        for line in answer.headers.get_list("Set-Cookie"):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
                if not morsel.value:
                    del self.cookies[name]
        return answer

    async def sign_in(self, name, password=None, **named):
        """The answer to a name and a password."""
        form = {"username": name, "password": password or PASSWORDS.get(name, ""), **named.pop("form", {})}
        return await self.ask("/login", "POST", form, **named)

    async def token(self, path="/", **named):
        """The token of a new page."""
        answer = await self.ask(path, **named)
        assert answer.code == 200, answer.code
        return TOKEN.search(answer.body).group(1).decode()

    async def connect(self, token, headers=None, cookies=None):
        """A tab, or the exception with which its connection is refused."""
        jar = self.cookies if cookies is None else cookies
        sent = {"Origin": self.origin, "Host": self.host, **(headers or {})}
        if jar:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        request = HTTPRequest(self.address.replace("http", "ws", 1) + "/ws", headers=sent)
        connection = await websocket_connect(request, subprotocols=["bokeh", token], max_message_size=100_000_000)
        tab = Tab(connection)
        await tab.hear(tab.heard_of("ACK"))
        document = tab.heard_of("PULL-DOC-REPLY")
        await tab.send_message("PULL-DOC-REQ", {})
        content = json.loads(await tab.hear(document))["doc"]
        tab.roots = {root["attributes"].get("name"): root for root in content["roots"]}
        tab.levers = tab.roots["levers"]["id"]
        tab.text = json.dumps(content)
        await tab.tell("document_ready", [])
        return tab

    async def open(self, path="/"):
        """A page and its connection."""
        return await self.connect(await self.token(path))


class Tab(Visitor):
    """A connection that sends any message to any component and hears of the change."""

    async def send(self, component, message):
        """Send a message, and hear the text of the next change of the page."""
        answer = self.heard_of("PATCH-DOC")
        await self.tell("data_event", [["model", {"id": self.roots[component]["id"]}], ["data", bokeh_value(message)]])
        return await self.hear(answer)

    async def closed(self):
        """Wait until the server has closed the connection."""
        done, _ = await asyncio.wait({self._listening}, timeout=120)
        assert done, "the connection is still open"
        assert isinstance(self._listening.exception(), ConnectionError)

    @property
    def is_open(self):
        return not self._listening.done()


def payload(token):
    """Session and content of a token."""
    return get_session_id(token), get_token_payload(token)


def directives(answer):
    """The content security policy of an answer, by directive."""
    parts = [part.split() for part in answer.headers["Content-Security-Policy"].split(";")]
    return {name: values for name, *values in parts}


def plain(body):
    """Visible text of a page, roughly."""
    return re.sub(r"<[^>]+>", " ", body.decode())
