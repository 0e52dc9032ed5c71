"""What is the same for everybody goes out before a session is made; what belongs to one session comes after it."""

import asyncio
import json
import re

import pytest
from tornado.httpclient import AsyncHTTPClient

from pushpull.dashboard.html.page_shell import frame_script
from pushpull.dashboard.i18n.texts import LANGUAGES
from pushpull.dashboard.server import first_part
from pushpull.dashboard.server.first_part import END
from pushpull.dashboard.server.page_handler import PageHandler
from pushpull.dashboard.state.state import State
from tests.visiting import Browser, server

PLACE = re.compile(r"<div data-root")
TOLD = re.compile(r"\{(?: *\n)?  const places .*?\n  (\[\[.*?\]\])\.forEach", re.DOTALL)


@pytest.fixture(autouse=True)
def nothing_kept():
    first_part.forget()
    yield
    first_part.forget()


async def pages(*paths, options=()):
    """The answers to these paths, one after the other."""
    async with server(*options) as address:
        return [await Browser(address).ask(path) for path in paths]


def nonce_of(answer):
    return answer.headers["Content-Security-Policy"].split("'nonce-")[1].split("'")[0]


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_later_page_has_the_places_of_the_first_and_tells_each_its_model(code):
    whole, later = asyncio.run(pages(*[f"/?language={code}"] * 2))
    texts = [answer.body.decode() for answer in (whole, later)]
    places = re.findall(r"<div id=\"([\w-]+)\" data-root-id=\"(\w+)\"", texts[0])
    assert len(places) >= 5 and not PLACE.search(texts[0])
    told = json.loads(TOLD.search(texts[1]).group(1))
    assert len(PLACE.findall(texts[1])) == len(told) == len(places)
    roots = json.loads(re.search(r"\"roots\":(\{.*?\})", texts[1]).group(1))  # which Bokeh draws
    assert {model: place for place, model in told} == roots
    for answer, text in zip((whole, later), texts, strict=True):
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8" and frame_script(code) in text
        scripts = re.findall(r"<script(?![^>]* src=)(?![^>]*application/json)[^>]*>", text)
        assert len(scripts) >= 4 and all(nonce_of(answer) in script for script in scripts)
        assert text.rstrip().endswith("</html>")
    assert nonce_of(whole) != nonce_of(later)


def test_each_page_is_of_its_own_session():
    first, second, third = (answer.body.decode() for answer in asyncio.run(pages("/", "/", "/")))
    tokens = {re.search(r"\"token\":\"([^\"]+)\"", text).group(1) for text in (first, second, third)}
    assert len(tokens) == 3
    shared = second[: second.index("const places")]
    assert not any(token in shared for token in tokens)


def test_the_first_part_is_sent_before_a_session_is_made(monkeypatch):
    async def visit():
        made, came, plain = asyncio.Event(), asyncio.Event(), PageHandler.get_session

        async def waits(self):
            await asyncio.wait_for(made.wait(), 30)
            return await plain(self)

        async with server() as address:
            await Browser(address).ask("/")
            monkeypatch.setattr(PageHandler, "get_session", waits)
            parts = []

            def hear(part):
                parts.append(part)
                came.set()

            answer = AsyncHTTPClient(force_instance=True).fetch(address + "/", streaming_callback=hear)
            await asyncio.wait_for(came.wait(), 30)
            before = b"".join(parts).decode()
            made.set()
            await answer
            return before, b"".join(parts).decode()

    before, whole = asyncio.run(visit())
    assert "panel.min.js" in before and "</html>" not in before and '"token"' not in before
    assert whole.startswith(before) and '"token"' in whole


def test_a_link_whose_language_is_not_told_is_sent_whole():
    french = State.opening().looking(language="fr").link
    plain, linked, again = asyncio.run(pages("/", f"/?state={french}", f"/?state={french}"))
    for answer in (linked, again):
        text = answer.body.decode()
        assert frame_script("fr") in text and not PLACE.search(text)
    assert frame_script("en") in plain.body.decode()


def test_a_page_under_a_prefix_is_whole_with_and_without_a_stroke():
    for answer in asyncio.run(pages("/", "", "/", "", options=("--prefix", "/sim"))):
        assert answer.code in (200, 301, 302) and (answer.code != 200 or answer.body.rstrip().endswith(b"</html>"))


def test_a_first_part_that_is_not_the_one_sent_is_refused():
    page = f'<p>one</p><div id="a-1" data-root-id="p7" class="x"></div>{END}<script>draw()</script>'
    first_part.keep("en", page)
    script, remaining = first_part.rest(page.replace("p7", "p9").replace("a-1", "b-2"), "en")
    assert '[["b-2", "p9"]]' in script and remaining == "<script>draw()</script>"
    with pytest.raises(ValueError, match="'en' is not what was sent"):
        first_part.rest(page.replace("one", "two"), "en")
    assert first_part.kept("fr") is None
