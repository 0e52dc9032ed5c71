"""How the simulator is served."""

import asyncio
import gc
import re
import socket

import pytest
from panel.io.server import WSHandler
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClosedError

from pushpull.dashboard.__main__ import arguments
from pushpull.dashboard.components.base import MODULES
from pushpull.dashboard.components.bundle import bundled_together
from pushpull.dashboard.components.parts import COMPONENTS
from pushpull.dashboard.server.connection import Connection, let_closed_tabs_be
from pushpull.dashboard.server.scripts import javascript
from pushpull.dashboard.server.serve import server_of
from pushpull.dashboard.session.opening import OpenAside
from tests.page_modules import IMPORTED, modules
from tests.visiting import Browser, connections, server


def test_what_is_said_to_a_tab_goes_out_at_once():
    """Without, every move of a lever waits 40 ms for an acknowledgement."""

    async def visit():
        async with server() as address:
            tab = await Browser(address).open()
            (connection,) = connections()
            at_once = connection.ws_connection.stream.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            tab.leave()
            while connections():
                await asyncio.sleep(0.01)
            return at_once

    assert asyncio.run(asyncio.wait_for(visit(), 60))


class Tab(Connection):
    """A connection without a server; what reaches Bokeh is noted."""

    def __init__(self, connection, ws_connection):
        self.connection, self.ws_connection = connection, ws_connection


@pytest.mark.parametrize("let_in, there", [(False, True), (True, False), (False, False), (True, True)])
def test_messages_of_a_tab_that_is_not_let_in_or_has_gone_are_left_alone(monkeypatch, let_in, there):
    heard = []

    async def take(self, fragment):
        heard.append(fragment)

    monkeypatch.setattr(WSHandler, "on_message", take)
    tab = Tab(object() if let_in else None, object() if there else None)
    asyncio.run(tab.on_message("header"))
    assert heard == (["header"] if let_in and there else [])


@pytest.mark.parametrize("fault, is_told", [(WebSocketClosedError(), False), (StreamClosedError(), False),
                                            (ValueError("a fault of ours"), True)])  # fmt: skip
def test_a_tab_that_closes_leaves_no_traceback_and_a_fault_does(caplog, fault, is_told):
    async def fail():
        raise fault

    async def nobody_waits_for_it():
        let_closed_tabs_be(asyncio.get_running_loop())
        task = asyncio.ensure_future(fail())
        await asyncio.wait([task])
        del task
        gc.collect()

    asyncio.run(nobody_waits_for_it())
    assert ("Task exception was never retrieved" in caplog.text) == is_told


def test_links_are_opened_beside_the_page_wherever_a_session_comes_from():
    made = server_of(arguments(["--no-show"]), 0)
    try:
        (context,) = made._tornado.applications.values()
        assert any(isinstance(each, OpenAside) for each in context.application.handlers)
    finally:
        made.stop(wait=False)


def test_the_modules_of_the_page_are_served_and_kept_until_one_changes():
    folder = MODULES.removeprefix(".")

    async def visit():
        async with server("--prefix", "/simulator") as address:
            visitor = Browser(address)
            asked = ["components.js", *modules(), "none.js", "..%2Fhtml%2Farrival.js", "../html/arrival.js"]
            return [await visitor.ask(folder + name) for name in asked]

    *answers, none, beside, above = asyncio.run(visit())
    together = bundled_together({each.__name__: f"{each.script}.js" for each in COMPONENTS})
    for answer, text in zip(answers, [together, *modules().values()], strict=True):
        assert (answer.code, answer.body.decode()) == (200, text)
        assert answer.headers["Cache-Control"].endswith("immutable")
        assert answer.headers["Content-Type"].startswith("text/javascript")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert [each.code for each in (none, beside, above)] == [404, 404, 404]


def test_what_a_module_imports_is_there_and_no_module_is_idle():
    imported = {name: set(IMPORTED.findall(text)) for name, text in modules().items()}
    assert all(names <= modules().keys() for names in imported.values())
    shown = {f"{each.script}.js" for each in COMPONENTS}
    assert len(shown) == 4
    reached, waiting = set(), list(shown)
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting += imported[name] - reached
    assert reached == modules().keys()


def test_modules_are_served_under_the_digest_of_this_version_alone():
    """What a browser keeps for ever must be what the digest in its address says."""
    ours, patterns = MODULES.removeprefix("."), [each[0] for each in javascript.PATTERNS]
    assert any(re.fullmatch(each, f"{ours}page.js") for each in patterns)
    other = ours[:-2] + ("0" if ours[-2] != "0" else "1") + "/"
    for address in (f"{other}page.js", "/javascript/0/page.js", f"{ours}../page.js", f"{ours}page.css"):
        assert not any(re.fullmatch(each, address) for each in patterns), address
