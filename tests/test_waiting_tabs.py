"""Tabs that wait: each is let in by itself, in the place that was held for it, and by nothing that others send."""

import asyncio
import json

import pytest

from pushpull.dashboard.processes.capacity import MOST_PROMISED, PLACES
from tests.visiting import Browser, password_file, server

HELD = {"pushpull_place": "held"}


@pytest.fixture(autouse=True)
def no_promises():
    yield
    while PLACES.redeem():
        pass


def status(answer):
    return answer.code, json.loads(answer.body)["status"]


def test_a_place_is_held_for_a_tab_that_waited_and_for_no_other():
    async def visit():
        async with server("--sessions", "2") as address:
            first, waiting, new = (Browser(address) for _ in range(3))
            tab = await first.open()
            assert status(await waiting.ask("/health?enter")) == (200, "ok")
            assert status(await new.ask("/health?enter")) == status(await new.ask("/health")) == (503, "full")
            turned_away = await new.ask("/")
            waiting.cookies = dict(HELD)
            let_in = await waiting.ask("/")
            again = await waiting.ask("/", cookies=HELD)
            return tab.is_open, turned_away.code, let_in.code, again.code, waiting.cookies

    is_open, *codes, cookies = asyncio.run(visit())
    assert is_open and codes == [503, 200, 503] and "pushpull_place" not in cookies


def test_who_is_not_signed_in_holds_no_place_and_is_told_so(tmp_path):
    async def visit():
        async with server("--sessions", "2", "--password-file", password_file(tmp_path)) as address:
            stranger, ana = Browser(address), Browser(address)
            told = [status(await stranger.ask("/health?enter")) for _ in range(4)]
            plain = status(await stranger.ask("/health"))
            await ana.sign_in("ana")
            return told, plain, status(await ana.ask("/health?enter"))

    assert asyncio.run(visit()) == ([(401, "signed_out")] * 4, (200, "ok"), (200, "ok"))


def test_the_word_while_a_page_comes_stands_before_the_scripts_that_it_waits_for():
    async def visit():
        async with server() as address:
            return (await Browser(address).ask("/?language=fr")).body.decode()

    page = asyncio.run(visit())
    assert page.index("Chargement du simulateur") < page.index("bokeh.min.js") < page.index("</body>")


def test_pages_of_other_sites_and_many_requests_hold_few_places():
    async def visit():
        async with server("--sessions", "200") as address:
            browser = Browser(address)
            for _ in range(MOST_PROMISED + 5):
                await browser.ask("/health?enter", headers={"Sec-Fetch-Site": "cross-site"})
            foreign = PLACES.promise() and PLACES.redeem() and not PLACES.redeem()
            codes = [(await browser.ask("/health?enter")).code for _ in range(MOST_PROMISED + 3)]
            return foreign, codes, (await browser.ask("/health")).code

    foreign, codes, health = asyncio.run(visit())
    assert foreign and codes == [200] * MOST_PROMISED + [503] * 3 and health == 200
