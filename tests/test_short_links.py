"""Short links: kept in a database, bounded, never removed without a word, open to those who may see the page."""

import asyncio
import json
import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest

from pushpull.dashboard.auth import shared_state
from pushpull.dashboard.auth.visitor import Visitor
from pushpull.dashboard.compute.made_with import made_now
from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.i18n.texts import LANGUAGES, language
from pushpull.dashboard.session.page_links import Allowance
from pushpull.dashboard.session.session import Session
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.state import State
from pushpull.dashboard.storage import short_links
from pushpull.dashboard.storage.short_links import ALPHABET, DAY, LinksUnavailable, ShortLinks, code_of
from tests.visiting import Browser, password_file, server

MOVED = State.opening().with_value("asylum_access", 0.7)


class Clock:
    now = 1_800_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def links(tmp_path, clock):
    return ShortLinks(tmp_path / "state" / "short_links.sqlite", clock)


@pytest.fixture(autouse=True)
def own_state(tmp_path, monkeypatch):
    monkeypatch.setenv(shared_state.STATE, str(tmp_path / "shared"))


def test_a_code_leads_to_its_link_and_the_same_link_of_the_same_user_has_one_code(links):
    code = links.keep(MOVED.link, "ana").code
    assert links.find(code).link == MOVED.link and links.keep(MOVED.link, "ana").code == code
    assert links.keep(MOVED.link, "bob").code != code
    assert links.keep(State.opening().link, "ana").code != code


@pytest.mark.parametrize("written", ["{}", "{}.", "<{}>", "({}),", " {} ", "{}\u201d"])
def test_a_code_is_found_whatever_a_mail_puts_around_it_and_in_large_letters_too(links, written):
    code = links.keep(MOVED.link).code
    assert links.find(written.format(code)).link == links.find(written.format(code.upper())).link == MOVED.link


@pytest.mark.parametrize("text", ["", "a", "2" * 11, "0" * 10, "oilaeuy234", "../../etc", "' or 1=1 --", "\ud800" * 10])
def test_what_is_no_code_finds_nothing_and_makes_no_file(links, tmp_path, text):
    assert code_of(text) is None and links.find(text) is None
    assert links.find(ALPHABET[:10]) is None and not (tmp_path / "state").exists()


def test_codes_hold_no_letters_that_look_alike():
    assert not set("0o1li") & set(ALPHABET) and len(set(ALPHABET)) == len(ALPHABET)


def test_the_own_link_unused_for_longest_makes_room_and_is_named_and_remembered(links, clock, monkeypatch):
    monkeypatch.setattr(short_links, "MOST_OF_A_USER", 3)
    codes = []
    for number in range(3):
        codes.append(links.keep(f"3.{number}", "ana").code)
        clock.now += 2 * DAY
    other = links.keep("3.other", "bob").code
    assert links.find(codes[0]).link == "3.0"  # used again
    clock.now += DAY
    kept = links.keep("3.new", "ana")
    assert [each.code for each in kept.removed] == [codes[1]] and re.fullmatch(r"\d{4}-\d\d-\d\d", kept.removed[0].day)
    gone = links.find(codes[1])
    assert not gone.link and gone.moment == clock.now
    assert all(links.find(code).link for code in (codes[0], codes[2], other, kept.code))


def test_a_large_link_makes_room_by_its_size(links, monkeypatch):
    monkeypatch.setattr(short_links, "LETTERS_OF_A_USER", 1000)
    first = [links.keep(f"{number}" * 400, "ana").code for number in (1, 2)]
    assert [each.code for each in links.keep("3" * 900, "ana").removed] == first


def test_links_of_others_that_are_in_use_stay_and_one_more_is_refused_in_words(links, clock, monkeypatch):
    monkeypatch.setattr(short_links, "MOST", 2)
    old, young = links.keep("3.old", "bob").code, None
    clock.now += 20 * DAY
    young = links.keep("3.young", "bob").code
    for code in LANGUAGES:
        with pytest.raises(Refusal) as refused:
            links.keep("3.more", "ana")
        assert "30" in refused.value.told(language(code))
    assert links.find(old).link and links.find(young).link  # and the first has been used
    clock.now += 29 * DAY
    links.find(young)
    clock.now += 2 * DAY
    kept = links.keep("3.more", "ana")
    assert kept.removed == () and not links.find(old).link and links.find(young).link


def test_what_is_remembered_of_removed_links_is_bounded(links, clock, monkeypatch):
    monkeypatch.setattr(short_links, "MOST_OF_A_USER", 1)
    monkeypatch.setattr(short_links, "MOST_REMEMBERED", 2)
    codes = []
    for number in range(6):
        codes.append(links.keep(f"3.{number}", "ana").code)
        clock.now += 1
    assert [links.find(code) is None for code in codes] == [True, True, True, False, False, False]


def test_workers_that_keep_links_at_once_lose_none(tmp_path):
    def keep(number):
        return ShortLinks(tmp_path / "links.sqlite").keep(f"3.{number}", f"user {number % 3}").code

    with ThreadPoolExecutor(6) as pool:
        codes = list(pool.map(keep, range(40)))
    assert [ShortLinks(tmp_path / "links.sqlite").find(code).link for code in codes] == [f"3.{n}" for n in range(40)]


@pytest.mark.parametrize("spoil", ["damage", "folder"])
def test_a_database_that_cannot_be_had_is_one_fault(links, tmp_path, spoil):
    file = tmp_path / "state" / "short_links.sqlite"
    if spoil == "damage":
        file.parent.mkdir()
        file.write_bytes(b"no database " * 1000)
    else:
        file.mkdir(parents=True)
    for act in (lambda: links.keep("3.x"), lambda: links.find(ALPHABET[:10])):
        with pytest.raises(LinksUnavailable):
            act()


def test_a_visitor_among_many_makes_so_many_in_an_hour_and_one_alone_as_many_as_he_likes(clock):
    allowance, ana = Allowance(2, clock), Visitor("ana", among_many=True)
    for visitor in (ana, ana, Visitor(place="192.0.2.1", among_many=True), *[Visitor()] * 9):
        allowance.take(visitor)
    with pytest.raises(Refusal, match="the limit is 2 an hour"):
        allowance.take(ana)
    clock.now += 3600
    allowance.take(ana)


# The page ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def told():
    """A session, and what it hands to the browser."""
    session, sent = Session(State.opening()), []
    session.send = sent.append
    session.receive({"moves": [{"id": "asylum_access", "route": None, "value": 0.7}]})
    return session, sent


def test_the_page_makes_a_short_link_to_what_it_shows(told):
    session, sent = told
    session.receive({"do": "short_link"})
    (message,) = sent
    opened = open_link(shared_state.short_links().find(message["copy"].removeprefix("s/")).link)
    assert opened.state == session.state and opened.left_out == []
    assert opened.made == made_now(session.state, session.computation.runs)
    assert not session.notices


def test_the_page_names_the_links_that_made_room(told, monkeypatch):
    session, sent = told
    session.visitor = Visitor("ana")
    monkeypatch.setattr(short_links, "MOST_OF_A_USER", 1)
    session.receive({"do": "short_link"})
    session.receive({"page": "why"})
    session.receive({"do": "short_link"})
    (notice,) = session.notices
    assert notice.good and sent[0]["copy"] in notice.lines[0] and sent[1]["copy"] not in notice.lines[0]


def test_the_page_says_where_a_short_link_cannot_be_kept_and_names_no_place_on_the_disk(told, tmp_path):
    session, sent = told
    (tmp_path / "shared" / "short_links.sqlite").mkdir(parents=True)
    session.receive({"do": "short_link"})
    assert sent == [{"copy": ""}]
    assert session.notices[0].summary == language("en").say("short_links.not_kept")
    assert str(tmp_path) not in json.dumps([each.summary for each in session.notices])


# The server --------------------------------------------------------------------------------------------------------


def asked(path, *options):
    """The answer to a request of a server."""

    async def ask():
        async with server(*options) as address:
            return await Browser(address).ask(path)

    return asyncio.run(ask())


@pytest.mark.parametrize("prefix", ["", "/sim"])
def test_a_short_link_leads_to_the_full_one_and_is_not_kept_by_browsers(prefix):
    code = shared_state.short_links().keep(MOVED.link).code
    answer = asked(f"/s/{code}", *(["--prefix", prefix] if prefix else []))
    assert answer.code == 303 and answer.headers["Location"] == f"{prefix}/?state={MOVED.link}"
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_unknown_code_is_told_in_every_language_with_a_way_to_the_start():
    answer = asked(f"/s/{ALPHABET[:10]}")
    assert answer.code == 404
    text = unescape(answer.body.decode())
    for code in LANGUAGES:
        assert language(code).say("short_links.unknown") in text and language(code).say("short_links.start") in text
    assert text.count('href="../"') == len(LANGUAGES)


def test_a_code_that_was_removed_is_told_with_the_day(monkeypatch):
    monkeypatch.setattr(short_links, "MOST_OF_A_USER", 1)
    code = shared_state.short_links().keep("3.a", "ana").code
    (gone,) = shared_state.short_links().keep("3.b", "ana").removed
    answer = asked(f"/s/{code}")
    assert answer.code == 404 and language("en").say("short_links.removed", day=gone.day) in unescape(
        answer.body.decode()
    )


def test_a_damaged_database_is_told_and_stops_nothing_else(tmp_path):
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "short_links.sqlite").write_bytes(b"no database " * 1000)
    answer = asked(f"/s/{ALPHABET[:10]}")
    assert answer.code == 503 and language("en").say("short_links.unavailable") in unescape(answer.body.decode())
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(tmp_path / "shared" / "short_links.sqlite").execute("select 1 from links")


@pytest.mark.parametrize("prefix", ["", "/sim"])
def test_who_is_not_signed_in_learns_nothing_and_is_led_on_after_signing_in(tmp_path, prefix):
    code = shared_state.short_links().keep(MOVED.link).code
    options = ["--password-file", password_file(tmp_path), *(["--prefix", prefix] if prefix else [])]
    answers = [asked(f"/s/{each}", *options) for each in (code, ALPHABET[:10])]
    wanted = f"{prefix}/login?next={prefix.replace('/', '%2F')}%2Fs%2F"
    assert [each.headers["Location"] for each in answers] == [wanted + code, wanted + ALPHABET[:10]]

    async def sign_in():
        async with server(*options) as address:
            browser = Browser(address)
            there = await browser.sign_in("ana", form={"next": f"{prefix}/s/{code}"})
            return there, await browser.ask(f"/s/{code}")

    there, answer = asyncio.run(sign_in())
    assert there.headers["Location"] == f"{prefix}/s/{code}"
    assert answer.headers["Location"] == f"{prefix}/?state={MOVED.link}"
