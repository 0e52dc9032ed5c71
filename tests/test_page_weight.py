"""What a first visit weighs on its way, and how files that are the same for everybody go out."""

import asyncio
import gzip
import re
import urllib.error
import urllib.request
from urllib.parse import urljoin

import pytest

from pushpull.dashboard.components.base import DIGEST_OF_MODULES, JAVASCRIPT, SCRIPT_OF_COMPONENTS
from tests.visiting import server

HEAVIEST = 1_000_000  # bytes of all scripts of a first visit; what its document holds comes on top
SOURCE = re.compile(r'<script[^>]* src="([^"]+)"')
STAGE = f"javascript/{DIGEST_OF_MODULES}/room/stage.js"


def ask(address, **headers):
    """Status, headers and bytes as they are sent; headers by name, their hyphens written as lines below."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with opener.open(urllib.request.Request(address, headers=sent), timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers, refused.read()


@pytest.fixture(scope="module")
def answers():
    """What a browser is sent for the page and each of its scripts, and for one of them in every way to ask."""
    ways = {
        "gzip": {"Accept_Encoding": "deflate, GZIP;q=0.5"},
        "plain": {},
        "refused": {"Accept_Encoding": "gzip; q=0, br"},
        "part": {"Accept_Encoding": "gzip", "Range": "bytes=0-99"},
    }

    async def visit():
        async with server() as address:
            _, _, page = await asyncio.to_thread(ask, f"{address}/")
            sources = [
                urljoin(f"{address}/", each) for each in re.findall(r'<script[^>]* src="([^"]+)"', page.decode())
            ]
            own = urljoin(f"{address}/", SCRIPT_OF_COMPONENTS)
            assert f'href="{SCRIPT_OF_COMPONENTS}"' in page.decode()
            every = {each: await asyncio.to_thread(ask, each, Accept_Encoding="gzip") for each in (*sources, own)}
            one = {name: await asyncio.to_thread(ask, f"{address}/{STAGE}", **sent) for name, sent in ways.items()}
            tag = one["gzip"][1]["ETag"]
            one["known"] = await asyncio.to_thread(ask, f"{address}/{STAGE}", Accept_Encoding="gzip", If_None_Match=tag)
            return every, one

    return asyncio.run(visit())


def test_all_scripts_of_a_first_visit_are_sent_compressed_and_weigh_less_than_a_megabyte(answers):
    every, _ = answers
    assert sum("/static/" in address for address in every) >= 4
    for address, (status, headers, body) in every.items():
        assert status == 200 and int(headers["Content-Length"]) == len(body), address
        assert headers["Content-Encoding"] == "gzip" or len(body) < 1000, address
        assert headers["X-Content-Type-Options"] == "nosniff"
    weight = sum(len(body) for _, _, body in every.values())
    assert weight < HEAVIEST, weight


def test_who_does_not_understand_it_or_asks_for_a_part_is_sent_the_file(answers):
    _, one = answers
    text = (JAVASCRIPT / "room" / "stage.js").read_bytes()
    assert gzip.decompress(one["gzip"][2]) == text == one["plain"][2] == one["refused"][2]
    assert (one["part"][0], one["part"][2]) == (206, text[:100])
    assert all(one[name][1]["Content-Encoding"] is None for name in ("plain", "refused", "part"))
    assert all(one[name][1]["Vary"] == "Accept-Encoding" for name in ("gzip", "plain"))
    assert (one["known"][0], one["known"][2]) == (304, b"")
    assert one["gzip"][1]["ETag"] != one["plain"][1]["ETag"]
