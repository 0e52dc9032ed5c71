"""A tab says what our page says and nothing else, at a cost that is seen before a message is opened."""

import asyncio
import itertools
import json
import logging
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from bokeh.document import Document
from bokeh.protocol import Protocol
from bokeh.util.token import generate_jwt_token, generate_session_id
from hypothesis import given
from hypothesis import strategies as st
from tornado.httpclient import HTTPClientError

from pushpull.dashboard.app import open_sessions
from pushpull.dashboard.limits import LARGEST_MESSAGE
from pushpull.dashboard.processes import logs
from pushpull.dashboard.processes.capacity import PLACES
from pushpull.dashboard.server import serve
from pushpull.dashboard.server.connection import MOST_UNANSWERED
from pushpull.dashboard.server.incoming import LONGEST_MIXED, MOST_NESTED, Foreign, Incoming, is_costly
from pushpull.dashboard.session import opening
from tests.bench.dashboard_client import bokeh_value
from tests.visiting import Browser, connections, said, server

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
SIZE = {"kind": "ModelChanged", "model": {"id": "p1"}, "attr": "inner_width", "new": 240}
OBJECT = {"type": "object", "name": "Div", "id": "p9", "attributes": {"text": "mine"}}


def taken(content, kind="PATCH-DOC", incoming=None):
    incoming = incoming or Incoming()
    head = json.dumps({"msgid": "7", "msgtype": kind})
    assert incoming.take(head, Protocol()) is None and incoming.take("{}", Protocol()) is None
    return incoming.take(content if isinstance(content, str) else json.dumps(content), Protocol())


@given(PLAIN)
def test_what_a_user_does_comes_through_whole(data):
    event = said("data_event", [["model", {"id": "p1"}], ["data", bokeh_value(data)]])
    message = taken({"events": [event]})
    assert message.content == {"events": [event]} and message.header["msgid"] == "7"


def test_of_other_events_nothing_is_left():
    others = [
        SIZE,
        {"kind": "ModelChanged", "model": {"id": "p1"}, "attr": "shown_text", "new": "{}"},
        {"kind": "RootAdded", "model": OBJECT},
        {"kind": "TitleChanged", "title": "mine"},
        {"kind": "ColumnsStreamed", "model": {"id": "p1"}, "attr": "data", "data": {"x": [1] * 1000}, "rollover": None},
        {"kind": "MessageSent", "msg_type": "custom", "msg_data": 1},
        said("button_click", []),
    ]
    ready = said("document_ready", [])
    assert taken({"events": [*others, ready, *others]}).content == {"events": [ready]}


@pytest.mark.parametrize("made", [OBJECT, {"type": "bytes", "data": "QQ=="}, {"type": "symbol", "name": "x"}])
def test_no_message_makes_models_or_bytes(made):
    with pytest.raises(Foreign):
        taken({"events": [said("data_event", [["model", {"id": "p1"}], ["data", [made]]])]})


@pytest.mark.parametrize("kind", ["PUSH-DOC", "PULL-DOC-REPLY", "SERVER-INFO-REQ", "ACK", "", None, [], 4])
def test_no_other_kind_of_message_is_taken(kind):
    with pytest.raises(Foreign):
        taken({"doc": {"roots": []}, "events": []}, kind)


@pytest.mark.parametrize("content", ["[]", "{}", "null", "[" * 100_000, '{"events": 3}', '{"events": [1]}', "{", ""])
def test_what_is_no_message_is_told_as_such(content):
    with pytest.raises(Foreign):
        taken(content)


def test_a_document_is_asked_for_once():
    incoming = Incoming()
    assert taken("{}", "PULL-DOC-REQ", incoming).msgtype == "PULL-DOC-REQ"
    with pytest.raises(Foreign):
        taken("{}", "PULL-DOC-REQ", incoming)


def test_more_values_than_a_message_may_hold_are_refused():
    with pytest.raises(Foreign):
        taken({"events": [said("data_event", [["data", [0] * MOST_NESTED]])]})


@pytest.mark.parametrize("mixed", ["[", "{", "1,", '"",', "\\u0041", '"a":'])
def test_a_long_message_of_many_small_parts_costs_too_much(mixed):
    assert is_costly(mixed * (LONGEST_MIXED // len(mixed) + 1))


def test_pictures_of_every_outcome_fit():
    assert not is_costly(json.dumps({f"outcome {number}": "QUJD" * 200_000 for number in range(20)}))
    assert is_costly("Q" * (LARGEST_MESSAGE + 1))


# At a server ------------------------------------------------------------------------------------------------------


async def is_heard(tab):
    """Whether the server takes what a tab says."""
    taken = tab.heard_of("OK")
    await tab.tell("data_event", [["model", {"id": tab.roots["shell"]["id"]}], ["data", bokeh_value({"page": "why"})]])
    return await tab.hear(taken) is not None


@pytest.mark.parametrize(
    "frames",
    [
        ['{"msgid": "1", "msgtype": "PATCH-DOC", "num_buffers": 900}', "{}", b"x" * 3_000_000],
        ['{"msgid": "1", "msgtype": "PATCH-DOC"}', "m" * 2_000_000, "{}"],
        ['{"msgid": "1", "msgtype": "PUSH-DOC"}', "{}", json.dumps({"doc": {"roots": [], "title": "", "config": {}}})],
    ],
    ids=["buffers", "metadata", "another document"],
)
def test_a_tab_that_says_something_else_is_closed_and_others_go_on(frames):
    async def visit():
        async with server() as address:
            bad, good = await Browser(address).open(), await Browser(address).open()
            for frame in frames:
                await bad.connection.write_message(frame, binary=isinstance(frame, bytes))
            await bad.closed()
            return bad.connection.close_code, await is_heard(good)

    assert asyncio.run(visit()) == (1008, True)


def test_a_browser_sets_nothing_in_the_page_but_by_what_its_user_does():
    async def visit():
        async with server() as address:
            tab = await Browser(address).open()
            (held,) = PLACES.sessions()
            before = held.screen.toolbar.shown_text
            done = tab.heard_of("OK")
            event = {"kind": "ModelChanged", "model": {"id": tab.roots["toolbar"]["id"]}, "attr": "name", "new": "mine"}
            await tab.send_message("PATCH-DOC", {"events": [event]})
            await tab.hear(done)
            return before == held.screen.toolbar.shown_text and held.screen.toolbar.name != "mine"

    assert asyncio.run(visit())


def test_connections_that_come_all_at_once_take_no_more_places_than_there_are():
    async def connect(address, token):
        try:
            return await Browser(address).connect(token)
        except (HTTPClientError, ConnectionError):
            return None

    async def visit():
        async with server("--sessions", "3") as address:
            tokens = [generate_jwt_token(generate_session_id(), expiration=600) for _ in range(12)]
            found = await asyncio.gather(*(connect(address, each) for each in tokens))
            return sum(each is not None for each in found), PLACES.taken(), open_sessions()

    let_in, taken_places, there = asyncio.run(visit())
    assert let_in == taken_places == there == 3


def test_between_two_pages_that_are_made_everybody_else_has_a_turn(monkeypatch):
    opened, passes, turns, count = [], itertools.count(), [], 6
    monkeypatch.setattr(opening, "safe_opening_of", lambda *_: opened.append(1))
    monkeypatch.setattr(opening, "pool", lambda: threads)
    monkeypatch.setattr(opening, "SECONDS_BETWEEN_PAGES", 0)

    async def others():
        while True:
            turns.append(next(passes))
            await asyncio.sleep(0)

    async def arrive(aside):
        await aside.on_session_created(SimpleNamespace(_document=Document()))
        while len(opened) < count:  # a page takes so long that all others could be made meanwhile
            time.sleep(0.01)
        time.sleep(0.05)
        return len(turns)

    async def visit():
        beside, aside = asyncio.create_task(others()), opening.OpenAside()
        try:
            return await asyncio.gather(*(arrive(aside) for _ in range(count)))
        finally:
            beside.cancel()

    with ThreadPoolExecutor(count) as threads:
        made = asyncio.run(visit())
    assert len(set(made)) == count, made


def test_a_tab_that_no_longer_answers_is_closed_and_one_that_does_is_kept(monkeypatch):
    async def visit():
        async with server() as address:
            gone, here = await Browser(address).open(), await Browser(address).open()
            answer = type(gone.connection.protocol)._handle_message

            def unheard(protocol, opcode, data):
                return None if protocol is gone.connection.protocol and opcode == 9 else answer(protocol, opcode, data)

            monkeypatch.setattr(type(gone.connection.protocol), "_handle_message", unheard)
            for _ in range(2 * MOST_UNANSWERED):
                for each in connections():
                    each.ping(b"1")
                assert await is_heard(here)
            await gone.closed()
            return await is_heard(here), len(connections())

    assert asyncio.run(visit()) == (True, 1)


def test_a_connection_that_never_asks_is_closed(monkeypatch):
    monkeypatch.setattr(serve, "SECONDS_TO_ASK", 0.2)

    async def visit():
        async with server() as address:
            host, port = address.removeprefix("http://").split(":")
            named = b"HTTP/1.1\r\nHost: localhost\r\n"
            for each in (b"", b"GET / " + named + b"X-Slow:", b"POST / " + named + b"Content-Length: 90\r\n\r\nabc"):
                reader, writer = await asyncio.open_connection(host, int(port))
                writer.write(each)
                await asyncio.wait_for(reader.read(), 30)
                writer.close()

    asyncio.run(visit())


# The log ----------------------------------------------------------------------------------------------------------


@given(st.text(min_size=1), st.sampled_from(logs.OF_VISITORS))
def test_nothing_a_visitor_sends_makes_a_line_of_the_log_or_steers_a_terminal(text, name):
    try:
        raise ValueError(f"\x1b[31m{text}\u009b2J\r\n2026-11-27 ERROR all is lost")
    except ValueError:
        record = logging.LogRecord(name, logging.ERROR, "", 1, "at fault: %s\x1b[0m\n", (text,), sys.exc_info())
    assert logs.shorten(record)
    first, *others = logging.Formatter("%(message)s").format(record).split("\n")
    assert first.isprintable() and others
    assert all(line.startswith("  ") and line.isprintable() for line in others)
