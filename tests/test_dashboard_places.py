"""Who has a place in a process, what `/health` says, and what goes through the headers of a connection."""

import asyncio
import json
import urllib.error
import urllib.request

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from pushpull.dashboard.processes.capacity import MOST_PROMISED, SECONDS_PROMISED, SECONDS_TO_CONNECT, Places
from pushpull.dashboard.state.links.permalink import LARGEST_HEADERS, LONGEST_LINE, LONGEST_LINK
from pushpull.dashboard.state.state import State
from tests.bench.dashboard_client import TOKEN, Visitor


class Tab:
    """What Bokeh knows of a session's connection."""

    def __init__(self):
        self.session = self
        self.connection_count = 0
        self.expiration_requested = False

    def connect(self):
        self.connection_count = 1

    def go(self):
        self.connection_count = 0
        self.expiration_requested = True


@given(st.lists(st.tuples(st.sampled_from(["open", "connect", "go", "wait"]), st.integers(0, 30)), max_size=60))
@settings(max_examples=60)
def test_places_are_those_of_tabs_that_are_there_or_may_be_soon(steps):
    now, tabs, sent = [0.0], [], {}
    places = Places(5, clock=lambda: now[0])
    for what, number in steps:
        if what == "open":
            tabs.append(Tab())
            sent[tabs[-1]] = now[0]
            places.take(tabs[-1], tabs[-1])
        elif what == "wait":
            now[0] += number
        elif tabs:
            getattr(tabs[number % len(tabs)], what)()
        there = sum(
            bool(tab.connection_count) or (not tab.expiration_requested and now[0] - sent[tab] < SECONDS_TO_CONNECT)
            for tab in tabs
        )
        assert places.taken() == there
        assert places.full() == (there >= 5)
    for tab in tabs:
        places.leave(tab)
    assert places.taken() == 0 and places.sessions() == []


def test_a_page_that_is_being_made_has_its_place_already():
    places = Places(1)
    with places.arriving():
        assert places.full()
    assert not places.full()


def test_a_session_that_is_being_made_counts():
    places, making = Places(1), Tab()
    making.session = None
    places.take("one", making)
    assert places.full()


def test_a_promised_place_is_held_for_a_while_and_given_to_one():
    now = [0.0]
    places = Places(8, clock=lambda: now[0])
    assert places.promise() and places.promise() and not places.promise() and places.taken() == 0
    assert places.redeem() and places.redeem() and not places.redeem()
    assert places.promise()
    now[0] += SECONDS_PROMISED
    assert not places.redeem() and places.promise()
    alone = Places(1)
    assert alone.promise() and alone.full() and not alone.promise()


@pytest.mark.parametrize(("most", "promised"), [(10_000, MOST_PROMISED), (40, 10), (3, 1)])
def test_whoever_only_asks_cannot_keep_everybody_else_out(most, promised):
    places = Places(most)
    assert [places.promise() for _ in range(promised + 1)] == [True] * promised + [False]
    assert not places.full()


# With a server ---------------------------------------------------------------------------------------------


def health(address):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address}/health", timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def page_of(address, query=""):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{address}/{query}", timeout=60) as answer:
        return answer.read()


async def connected(address, token, query=""):
    """A connection by a token, as a browser's; it has been acknowledged."""
    request = HTTPRequest(f"{address.replace('http', 'ws')}/ws{query}", headers={"Origin": address})
    connection = await websocket_connect(request, subprotocols=["bokeh", token], max_message_size=100_000_000)
    frames = [await connection.read_message() for _ in range(3)]
    assert json.loads(frames[0])["msgtype"] == "ACK"
    return connection


def test_health_makes_no_session_and_a_tab_that_has_gone_takes_no_place(dashboard_server):
    before = health(dashboard_server)[1]["sessions"]
    for _ in range(5):
        assert health(dashboard_server)[0] == 200
    assert health(dashboard_server)[1]["sessions"] == before

    async def come_and_go():
        for _ in range(3):
            visitor = await Visitor.arrive(dashboard_server)
            assert health(dashboard_server)[1]["sessions"] == before + 1
            visitor.leave()
            await asyncio.wait_for(at_most(before), 30)

    async def at_most(count):
        while (await asyncio.to_thread(health, dashboard_server))[1]["sessions"] > count:
            await asyncio.sleep(0.01)

    asyncio.run(come_and_go())


def test_no_layer_is_asked_for_more_than_it_carries():
    """The first line of every request that a link makes, and all headers, the largest cookie among them."""
    link = "3." + "A" * (LONGEST_LINK - 2)
    paths = ("/?state=", "/ws?state=", "/login?next=%3Fstate%3D")
    lines = [f"GET /a/prefix{path}{link} HTTP/1.1\r\n" for path in paths]
    assert max(map(len, lines)) < LONGEST_LINE
    assert LONGEST_LINE + 5 * 4096 < LARGEST_HEADERS


def test_the_longest_link_goes_through_and_its_token_stays_short(dashboard_server):
    """What it holds is no state, which the page says; here it matters that every layer lets it through."""
    query = "?state=3." + "A" * (LONGEST_LINK - 2)
    token = TOKEN.search(page_of(dashboard_server, query)).group(1).decode()
    short = TOKEN.search(page_of(dashboard_server)).group(1).decode()
    assert len(token) < 600 and abs(len(token) - len(short)) < 16

    async def connect():
        (await connected(dashboard_server, token, query)).close()

    asyncio.run(connect())


def test_a_connection_made_anew_with_an_old_token_has_the_state_of_the_address(dashboard_server):
    """As after a restart: the session of the token is not there."""
    state = State.opening("g8_2001").with_value("asylum_access", 0.9)
    token = TOKEN.search(page_of(dashboard_server)).group(1).decode()

    async def document(query):
        connection = await connected(dashboard_server, token, query)
        for frame in ({"msgid": "1", "msgtype": "PULL-DOC-REQ"}, {}, {}):
            await connection.write_message(json.dumps(frame))
        header, _, content = [await connection.read_message() for _ in range(3)]
        connection.close()
        assert json.loads(header)["msgtype"] == "PULL-DOC-REPLY"
        return content

    async def come_back():
        await asyncio.wait_for(at_first(), 60)
        return await document(f"?state={state.link}")

    async def at_first():
        before = (await asyncio.to_thread(health, dashboard_server))[1]["sessions"]
        (await connected(dashboard_server, token)).close()
        while (await asyncio.to_thread(health, dashboard_server))[1]["sessions"] >= before:
            await asyncio.sleep(0.01)
        # What is over is removed within a second or so; until then the session is the old one.
        while state.link not in await document(f"?state={state.link}"):
            await asyncio.sleep(0.2)

    assert state.link in asyncio.run(come_back())
