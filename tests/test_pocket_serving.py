"""The simulator on people's own phones: what a room offers, what is built for it and when, and what is refused."""

import asyncio
import gzip
import time

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPRequest

from pushpull.dashboard.components.base import JAVASCRIPT
from pushpull.dashboard.room.pocket_offer import LARGEST_OFFER, offer_of
from pushpull.dashboard.room.room_values import SlipFault
from pushpull.dashboard.server.pocket import built_pages
from pushpull.dashboard.server.rooms.rates import Rate
from pushpull.dashboard.state.links import permalink
from tests.room_visitors import close_doors, in_a_room
from tests.visiting import RUNNING, Browser, password_file, server

US, EU = "us_southwest_border", "eu_external_border"
POLICIES = {"border_control": 2.0}
PAGE = (
    '<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; script-src &#39;sha256-x&#39;">'
    + "A page. " * 20_000
)


def link(of=US, **more):
    content = {"of": of, "scenario": {"policies": POLICIES}, "view": {"language": "en", "year": 2035}, **more}
    return permalink.encode(content)


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    monkeypatch.setenv("PUSHPULL_SCENARIOS", "off")
    monkeypatch.setenv("PUSHPULL_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("PUSHPULL_CACHE", str(tmp_path / "cache"))


class Builder:
    """In the place of the process that builds a page: how often it was asked for what, and when it is done."""

    def __init__(self):
        self.asked, self.is_ready, self.fault = [], True, None

    def __call__(self, corridors):
        self.asked.append(corridors)
        while not self.is_ready:
            time.sleep(0.01)
        if self.fault:
            raise self.fault
        return PAGE.encode()


@pytest.fixture
def builder(monkeypatch):
    made = Builder()
    monkeypatch.setattr(built_pages.PageBuilder, "build", lambda _, corridors: made(corridors))
    return made


async def offered(lead, phone):
    """The phone's own address of the page, once the room offers it."""
    await phone.hear()
    assert (await lead.call("pocket", link=link()))[0] == 200
    await phone.until(lambda name, told: name == "pocket" and told)
    return f"/room/{lead.code}/pocket/{US}.html"


async def built(comer, path, **headers):
    """The answer once it is no longer that the page is being built."""
    while (answer := await comer.get(path, headers)).code == 202:
        await asyncio.sleep(0.02)
    return answer


# What is offered ------------------------------------------------------------------------------------------------------


def test_phones_hear_what_the_presenter_has_set_in_their_language_until_it_is_turned_off():
    async def act(_, lead, phone):
        await lead.hear()
        await offered(lead, phone)
        told, _ = await phone.until(lambda name, told: name == "pocket" and told)
        assert told["corridor"] == US
        for code, text in told["links"].items():
            content, version = permalink.decode(text)
            assert content["scenario"]["policies"] == POLICIES and version == permalink.VERSION
            assert content["view"] == {"year": 2035, "language": code}
        tables = sum(name == "table" for name, _, _ in phone.heard)
        assert (await lead.call("pocket", on=False))[0] == 200
        await phone.until(lambda name, told: name == "pocket" and told is None)
        await lead.until(lambda name, told: name == "room" and told["pocket"] == "off")
        await lead.call("pocket", link=link(EU))  # what is set meanwhile turns nothing on
        assert (await lead.call("pocket", on=True))[0] == 200
        await phone.until(lambda name, told: name == "pocket" and told and told["corridor"] == EU)
        assert sum(name == "table" for name, _, _ in phone.heard) == tables  # a question that is being answered stays

    in_a_room(act)


def test_only_a_link_of_a_shipped_corridor_is_offered_and_none_that_is_too_large():
    assert offer_of("", [US]) == offer_of(link("my_corridor"), [US]) == offer_of(link(own={"a": 1}), [US]) == ""
    noise = {"title": "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(LARGEST_OFFER))}
    assert offer_of(link(scenario=noise), [US]) == ""
    assert "kept" not in permalink.decode(offer_of(link(kept=[{}]), [US]).split('"en":"')[1].split('"')[0])[0]
    for strange in (None, 7, ["3.x"], "3.notalink", "nonsense", "9" * 100_000):
        with pytest.raises(SlipFault):
            offer_of(strange, [US])


# What is sent ---------------------------------------------------------------------------------------------------------


def test_a_page_is_built_once_for_all_who_ask_and_kept_for_the_next_server(builder):
    async def act(_, lead, phone):
        path = await offered(lead, phone)
        builder.is_ready = False
        answers = [await each.get(path, {"Accept-Language": "fr"}) for each in (phone, phone, lead)]
        assert [each.code for each in answers] == [202] * 3
        body = answers[0].body.decode()
        assert "Le simulateur est en" in body and "location.reload" in body
        assert answers[0].headers["Cache-Control"] == "no-store"
        builder.is_ready = True
        answer = await built(phone, path)
        assert answer.code == 200 and answer.body.decode() == PAGE
        assert (await phone.get(path)).code == 200

    async def later(_, lead, phone):
        assert (await built(phone, await offered(lead, phone))).body.decode() == PAGE

    in_a_room(act)
    assert builder.asked == [(US,)]
    in_a_room(later)
    assert builder.asked == [(US,)]


def test_the_page_goes_out_compressed_says_what_it_may_load_and_is_not_sent_twice(builder):
    async def act(_, lead, phone):
        path = await offered(lead, phone)
        answer = await built(phone, path)
        headers = answer.headers
        assert headers["Cache-Control"] == "no-cache" and headers["Vary"] == "Accept-Encoding"
        policy = headers["Content-Security-Policy"]
        assert policy == "default-src 'none'; script-src 'sha256-x'; frame-ancestors 'none'"
        again = await phone.get(path, {"If-None-Match": headers["Etag"]})
        assert again.code == 304 and not again.body
        packed = gzip.compress(PAGE.encode(), built_pages.LEVEL, mtime=0)
        for accepted, method, sent in (("gzip", "GET", packed), ("br", "GET", PAGE.encode()), ("gzip", "HEAD", b"")):
            asked = HTTPRequest(lead.address + path, method, {"Accept-Encoding": accepted}, decompress_response=False)
            answer = await AsyncHTTPClient(force_instance=True).fetch(asked)
            assert answer.body == sent and answer.headers.get("Content-Encoding") == (
                "gzip" if accepted == "gzip" else None
            )
            assert int(answer.headers["Content-Length"]) == len(sent or packed)

    in_a_room(act)


def test_who_is_offered_nothing_is_told_so_and_nothing_is_built(builder):
    async def act(_, lead, phone):
        path = await offered(lead, phone)
        await lead.call("pocket", on=False)
        await phone.until(lambda name, told: name == "pocket" and told is None)
        refused = await phone.get(path)
        assert refused.code == 403 and b"does not offer" in refused.body and b"reload" not in refused.body
        assert (await phone.get(path.replace(lead.code, "23456789"))).code == 404
        await lead.call("pocket", on=True)
        await phone.until(lambda name, told: name == "pocket" and told and phone.heard[-2][1] is None)
        for strange in ("nowhere", "pushpull_", "US"):
            assert (await phone.get(path.replace(US, strange))).code == 404
        await lead.call("end")
        await phone.until(lambda name, _: name == "ended")
        assert (await phone.get(path)).code == 410
        assert builder.asked == []

    in_a_room(act)


def test_one_address_is_sent_so_many_pages_and_no_more(builder):
    async def act(_, lead, phone):
        path = await offered(lead, phone)
        await built(phone, path)
        RUNNING[-1]._tornado.settings["rates"].pages = Rate(0, 3)
        codes = [(await phone.get(path)).code for _ in range(5)]
        assert codes == [200] * 3 + [429] * 2
        refused = await phone.get(path, {"Accept-Language": "fr"})
        assert b"reload" in refused.body and "Etag" not in refused.headers

    in_a_room(act)


def test_a_page_that_cannot_be_built_is_told_and_not_tried_for_everybody(builder, monkeypatch):
    async def act(_, lead, phone):
        path = await offered(lead, phone)
        builder.fault = built_pages.NotBuilt("no memory")
        for _ in range(3):
            answer = await built(phone, path)
            assert answer.code == 503 and b"could not be prepared" in answer.body
        assert len(builder.asked) == 1
        builder.fault = None
        monkeypatch.setattr(built_pages, "SECONDS_BETWEEN_TRIES", 0.0)
        assert (await built(phone, path)).code == 200

    in_a_room(act)


def test_the_file_has_an_address_of_its_own_and_a_browser_that_takes_it_waits(builder, tmp_path):
    async def visit():
        async with server() as address:
            taken = await Browser(address).ask("/pocket/pushpull.html?take")
            assert taken.code == 200 and taken.body.decode() == PAGE
            assert taken.headers["Content-Disposition"] == 'attachment; filename="pushpull.html"'
            plain = await Browser(address).ask("/pocket/pushpull.html")
            assert plain.code == 200 and "Content-Disposition" not in plain.headers
            assert (await Browser(address).ask("/pocket/nowhere.html?take")).code == 404
            builder.fault = OSError("no room left")
            refused = await Browser(address).ask(f"/pocket/{US}.html?take")
            assert refused.code == 503 and "Content-Disposition" not in refused.headers
            close_doors()
        async with server("--password-file", password_file(tmp_path)) as address:
            stranger = await Browser(address).ask(f"/pocket/{US}.html?take")
            assert stranger.code == 303 and "/login" in stranger.headers["Location"]
            close_doors()

    asyncio.run(visit())
    assert builder.asked == [built_pages.CORRIDORS, (US,)]
    assert "pocket/pushpull.html?take" in (JAVASCRIPT / "toolbar.js").read_text(encoding="utf-8")


def test_another_installation_is_another_page(builder, monkeypatch):
    for digest in ("one", "one", "another"):
        monkeypatch.setattr(built_pages, "installed_digest", lambda digest=digest: digest)
        pages = built_pages.BuiltPages()
        assert gzip.decompress(pages.page(US).result(20).packed).decode() == PAGE
        pages.close()
    assert builder.asked == [(US,)] * 2
