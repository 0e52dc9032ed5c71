"""A session is its user's alone: whatever a browser sends but the signed cookie says nothing of who somebody is."""

import asyncio
import json
import os
import re

import pytest
from bokeh.server.contexts import ApplicationContext
from bokeh.util.token import generate_jwt_token, generate_session_id
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.web import create_signed_value
from tornado.websocket import websocket_connect

from pushpull.dashboard import app
from pushpull.dashboard.auth.passwords import remove, set_password
from pushpull.dashboard.auth.visitor import Visitor
from pushpull.dashboard.server import sign_in
from pushpull.dashboard.server.connection import end_what_is_over
from pushpull.dashboard.session.session import Session
from pushpull.dashboard.state.state import State
from pushpull.dashboard.storage import user_folder
from tests.visiting import PASSWORDS, Browser, connections, password_file, payload, rules, said, server, sessions

CHOSEN = "C" * 44


@pytest.fixture
def guarded(tmp_path, monkeypatch):
    """What starts a server that knows three users, each with a folder."""
    monkeypatch.setenv("PUSHPULL_SCENARIOS", str(tmp_path / "scenarios"))
    monkeypatch.setenv("PUSHPULL_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("PUSHPULL_COOKIE_SECRET", "0123456789abcdef" * 4)
    monkeypatch.setattr(app, "TIDYING", app.Tidying(lambda: 1))
    file = password_file(tmp_path)
    return lambda *options: server("--password-file", file, *options)


async def signed_in(address, name):
    browser = Browser(address)
    assert (await browser.sign_in(name)).code == 303
    return browser


def saved(tmp_path):
    """The folders of users that hold a file."""
    return {path.parent.name for path in (tmp_path / "scenarios").rglob("*.yaml")}


CHOOSING = [
    (f"/?bokeh-session-id={CHOSEN}", {}),
    (f"/?state=x&bokeh-session-id={CHOSEN}&bokeh-session-id={CHOSEN}", {}),
    (f"/?Bokeh-Session-ID={CHOSEN}", {}),
    ("/", {"Bokeh-Session-Id": CHOSEN}),
    ("/", {"bokeh-session-id": CHOSEN}),
    (f"/?bokeh-token={generate_jwt_token(CHOSEN)}", {}),
    ("/?bokeh-absolute-url=https://evil.example/", {}),
    (f"/metadata?bokeh-session-id={CHOSEN}", {}),
]


def test_nobody_chooses_a_session_or_where_scripts_come_from(guarded):
    async def visit():
        async with guarded() as address:
            ana = await signed_in(address, "ana")
            answers = [await ana.ask(path, headers=headers) for path, headers in CHOOSING]
            return answers, app.open_sessions()

    answers, count = asyncio.run(visit())
    assert {answer.code for answer in answers} == {403} and count == 0
    assert not any(b"evil.example" in answer.body for answer in answers)


def test_a_session_in_the_body_of_a_request_is_refused_too(guarded):
    async def visit():
        async with guarded() as address:
            ana = await signed_in(address, "ana")
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            return await ana.ask("/", form={"bokeh-session-id": CHOSEN}, headers=form)

    assert asyncio.run(visit()).code == 403


def test_the_page_hands_out_no_script_for_other_sites(guarded):
    async def visit():
        async with guarded() as address:
            ana = await signed_in(address, "ana")
            return await ana.ask("/autoload.js?bokeh-autoload-element=here")

    assert asyncio.run(visit()).code in (403, 404)


def test_nobody_joins_the_session_of_another_user(guarded, tmp_path):
    async def visit():
        async with guarded() as address:
            ana, bob = await signed_in(address, "ana"), await signed_in(address, "bob")
            token = await ana.token()
            tab = await ana.connect(token)
            with pytest.raises(ConnectionError):
                await bob.connect(token)
            assert tab.is_open
            await tab.send("toolbar", {"do": "folder"})
            again = await ana.connect(token)  # the same user may come back
            assert again.is_open

    asyncio.run(visit())
    assert saved(tmp_path) == {user_folder.folder_name("ana")}


@pytest.mark.parametrize("cookies", [{}, {"is_guest": "1"}, {"user": "ana"}, {"pushpull_user": "ana"}], ids=str)
def test_what_a_token_says_of_its_user_counts_for_nothing(guarded, tmp_path, cookies):
    async def visit():
        async with guarded() as address:
            bob = await signed_in(address, "bob")
            forged = generate_jwt_token(
                generate_session_id(), extra_payload={"headers": {}, "cookies": cookies, "arguments": {}}
            )
            tab = await bob.connect(forged)
            await tab.send("toolbar", {"do": "folder"})

    asyncio.run(visit())
    assert saved(tmp_path) == {user_folder.folder_name("bob")}


def signed(name, value, secret="0123456789abcdef" * 4):
    return {name: create_signed_value(secret, name, value).decode()}


NOT_OF_A_SIGN_IN = [
    {"none": ""},
    {"is_guest": "1"},
    {"pushpull_user": "ana"},
    signed("user", "ana"),
    signed("pushpull_user", f'["ana", "{"0" * 32}", "2"]', secret="x" * 64),
    signed("pushpull_user", f'["ana", "{"0" * 32}", "2"]'),
    *(signed("pushpull_user", value) for value in ('{"ana": 1}', "[[], {}, 3]", "7", "")),
]


def test_no_cookie_but_that_of_a_sign_in_opens_a_page_or_a_connection(guarded):
    async def visit():
        async with guarded() as address:
            ana, found = await signed_in(address, "ana"), []
            token = await ana.token()
            for cookies in NOT_OF_A_SIGN_IN:
                page = await ana.ask("/", cookies=cookies)
                with pytest.raises(HTTPClientError) as refused:
                    await ana.connect(token, cookies=cookies)
                found.append((page.code, "/login?next=" in page.headers["Location"], refused.value.code))
            return found

    assert set(asyncio.run(visit())) == {(302, True, 403)}


def test_the_token_in_the_page_holds_no_cookie_and_no_header(guarded):
    async def visit():
        async with guarded() as address:
            ana = await signed_in(address, "ana")
            answer = await ana.ask("/", headers={"X-Secret-Of-A-Proxy": "do not tell"})
            return answer, await ana.token(headers={"X-Secret-Of-A-Proxy": "do not tell"}), ana.cookies

    answer, token, cookies = asyncio.run(visit())
    _, content = payload(token)
    assert content["headers"] == {} and content["cookies"] == {}
    assert len(cookies) == 2 and not any(value.encode() in answer.body for value in cookies.values())


@pytest.mark.parametrize("dark", [True, False])
def test_the_page_has_the_theme_chosen_last(guarded, dark):
    async def visit():
        async with guarded() as address:
            ana = await signed_in(address, "ana")
            ana.cookies["pushpull_theme"] = "dark" if dark else "light"
            return (await ana.open()).text

    assert bool(re.search(r'dark\\+":true', asyncio.run(visit()))) == dark


PROTOCOLS = [[], ["bokeh"], ["other", "x"], ["bokeh", "x", "y"]]
NO_TOKENS = ["", "x", "e30", "AAAA.BBBB", "\u00c3\u00bc", generate_jwt_token("short"), "9" * 3000]


def test_a_connection_without_a_sound_token_is_refused_without_a_traceback(guarded, caplog):
    async def visit():
        async with guarded() as address:
            ana, codes = await signed_in(address, "ana"), []
            jar = "; ".join(f"{name}={value}" for name, value in ana.cookies.items())
            for protocols in [*PROTOCOLS, *(["bokeh", token] for token in NO_TOKENS)]:
                request = HTTPRequest(address.replace("http", "ws") + "/ws", headers={"Cookie": jar})
                with pytest.raises(HTTPClientError) as refused:
                    await websocket_connect(request, subprotocols=protocols)
                codes.append(refused.value.code)
            return codes

    assert set(asyncio.run(visit())) == {403}
    assert not [record for record in caplog.records if record.exc_info]


def test_a_token_that_has_run_out_or_unpacks_to_too_much_is_refused(guarded, caplog):
    async def visit():
        async with guarded() as address:
            ana = await signed_in(address, "ana")
            for token in (
                generate_jwt_token(generate_session_id(), expiration=-1),
                generate_jwt_token(generate_session_id(), extra_payload={"headers": {"x": "0" * 20_000_000}}),
            ):
                with pytest.raises(HTTPClientError) as refused:
                    await ana.connect(token)
                assert refused.value.code == 403

    asyncio.run(visit())
    assert not [record for record in caplog.records if record.exc_info]


# Out again -----------------------------------------------------------------------------------------------------


def test_a_cookie_from_before_signing_out_opens_nothing_at_any_worker(guarded):
    async def visit():
        async with guarded() as one, guarded() as two:
            ana, elsewhere = await signed_in(one, "ana"), await signed_in(one, "ana")
            kept, token = dict(ana.cookies), await ana.token()
            other = Browser(two)
            assert (await other.ask("/", cookies=kept)).code == 200  # signed in at every worker
            tab, stays = await ana.connect(token), await elsewhere.open()
            assert (await ana.ask("/logout")).code == 200 and "pushpull_user" not in ana.cookies
            await tab.closed()
            assert stays.is_open
            for browser in (ana, other):
                assert (await browser.ask("/", cookies=kept)).code == 302
                with pytest.raises(HTTPClientError):
                    await browser.connect(token, cookies=kept)
            assert (await elsewhere.ask("/")).code == 200  # another sign-in of hers is not touched

    asyncio.run(visit())


@pytest.mark.parametrize("what", ["removed", "another password", "the same password set anew"])
def test_who_goes_from_the_file_or_gets_a_new_password_is_out(guarded, tmp_path, what):
    async def visit():
        async with guarded() as address:
            ana, bob = await signed_in(address, "ana"), await signed_in(address, "bob")
            token = await ana.token()
            tab, other = await ana.connect(token), await bob.open()
            file = tmp_path / "users.json"
            if what == "removed":
                remove(file, "ana")
            else:
                set_password(file, "ana", PASSWORDS["ana"] if "same" in what else "quite another one")
            assert (await ana.ask("/")).code == 302
            with pytest.raises(HTTPClientError):
                await ana.connect(token)
            end_what_is_over(*rules())  # as the server does every ten seconds
            await tab.closed()
            assert other.is_open and (await bob.ask("/")).code == 200

    asyncio.run(visit())


def test_a_sign_in_ends_after_its_day_in_open_tabs_too(guarded, monkeypatch):
    async def visit():
        async with guarded() as address:
            ana = await signed_in(address, "ana")
            tab = await ana.open()
            monkeypatch.setattr(sign_in, "DAYS", -1)  # as if the day were over
            end_what_is_over(*rules())
            await tab.closed()
            return (await ana.ask("/")).code

    assert asyncio.run(visit()) == 302


def test_a_file_that_breaks_while_the_server_runs_lets_the_same_people_in(guarded, tmp_path, caplog):
    async def visit():
        async with guarded() as address:
            ana = await signed_in(address, "ana")
            (tmp_path / "users.json").write_text("{half", encoding="utf-8")
            return await ana.ask("/")

    assert asyncio.run(visit()).code == 200
    assert "at fault" in caplog.text


def test_another_site_can_neither_sign_a_visitor_in_nor_out(guarded):
    async def visit():
        async with guarded() as address:
            ana = await signed_in(address, "ana")
            foreign = await ana.ask("/logout", headers={"Sec-Fetch-Site": "cross-site"})
            assert (await ana.ask("/")).code == 200
            mallory = Browser(address)
            answers = [
                await mallory.sign_in("bob", headers={"Origin": "https://evil.example"}),
                await mallory.sign_in("bob", headers={"Origin": "null"}),
                await mallory.sign_in("bob", headers={"Sec-Fetch-Site": "cross-site"}),
            ]
            own = await mallory.sign_in("bob", headers={"Origin": mallory.origin, "Sec-Fetch-Site": "same-origin"})
            return foreign.code, [each.code for each in answers], own.code

    assert asyncio.run(visit()) == (403, [403, 403, 403], 303)


def test_a_page_is_made_for_who_comes_and_not_for_a_picture_on_another_site(guarded):
    async def visit():
        async with guarded() as address:
            ana = await signed_in(address, "ana")
            ask = lambda mode: ana.ask("/", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": mode})  # noqa: E731
            return [(await ask(mode)).code for mode in ("no-cors", "cors", "navigate")]

    assert asyncio.run(visit()) == [403, 403, 200]


# What is told --------------------------------------------------------------------------------------------------


def test_a_server_for_many_names_no_place_of_its_own(guarded, tmp_path):
    async def visit():
        async with guarded() as address:
            ana = await signed_in(address, "ana")
            tab = await ana.open()
            good = await tab.send("toolbar", {"do": "folder"})
            place = tmp_path / "scenarios" / user_folder.folder_name("ana")
            for path in place.iterdir():
                path.unlink()
            place.rmdir()
            place.write_text("in the way", encoding="utf-8")
            return good, await tab.send("toolbar", {"do": "folder"}), tab.text

    good, bad, page = asyncio.run(visit())
    assert "your folder" in good and "your folder" in bad
    assert not any(str(tmp_path) in text for text in (good, bad, page))


@pytest.mark.parametrize("among_many", [True, False])
def test_work_that_fails_names_no_place_of_a_server_for_many(among_many):
    session = Session(State.opening(), Visitor("ana" if among_many else None, among_many=among_many))
    session.tell_failed_work(PermissionError(13, "Permission denied", "/srv/pushpull/cache/kernel.o"))
    assert ("/srv" in str(session.notices)) != among_many


def test_what_goes_wrong_is_told_without_places_in_files(guarded):
    async def visit():
        async with guarded() as address:
            ana = await signed_in(address, "ana")
            tab = await ana.open()
            error = tab.heard_of("ERROR")
            await tab.tell("data_event", [["model", {"id": "nowhere"}], ["data", {"type": "map", "entries": []}]])
            with pytest.raises(RuntimeError) as told:
                await tab.hear(error)
            return str(told.value)

    told = asyncio.run(visit())
    assert "Traceback" not in told and ".py" not in told and os.sep + "site-packages" not in told


@pytest.mark.parametrize(
    "content, told",
    [
        ({"events": "do not keep " * 100_000}, "was closed"),
        ({"events": [said("data_event", [["model", {"id": "do not keep " * 20_000}], ["data", 1]])]}, "PATCH-DOC"),
    ],
    ids=["no message", "no such model"],
)
def test_a_message_at_fault_does_not_fill_the_log(guarded, caplog, content, told):
    frames = ['{"msgid": "1", "msgtype": "PATCH-DOC"}', "{}", json.dumps(content)]

    async def visit():
        async with guarded() as address:
            tab = await (await signed_in(address, "ana")).open()
            error = tab.heard_of("ERROR")
            for frame in frames:
                await tab.connection.write_message(frame)
            with pytest.raises((RuntimeError, ConnectionError)):
                await tab.hear(error)

    asyncio.run(visit())
    lines = [record.getMessage() for record in caplog.records]
    assert any(told in line for line in lines) and max(map(len, lines)) < 1000


ASKING = ('{"msgid": "1", "msgtype": "PULL-DOC-REQ"}', "{}", "{}")


def test_a_tab_that_goes_before_its_session_is_made_takes_no_place_nor_a_traceback(guarded, caplog, monkeypatch):
    make = ApplicationContext.create_session_if_needed

    async def visit():
        async with guarded() as address:
            ana = await signed_in(address, "ana")
            token, begun, gone = await ana.token(), asyncio.Event(), asyncio.Event()

            async def slow(*arguments):
                begun.set()
                await gone.wait()
                return await make(*arguments)

            monkeypatch.setattr(ApplicationContext, "create_session_if_needed", slow)
            coming = asyncio.ensure_future(ana.connect(token))
            await begun.wait()
            (connection,) = connections()
            coming.cancel()
            connection.close()
            while connections():
                await asyncio.sleep(0.01)
            gone.set()
            monkeypatch.setattr(ApplicationContext, "create_session_if_needed", make)
            await (await ana.open()).move(0.4)
            return sorted(session.connection_count for session in sessions()), list(caplog.records)

    counts, records = asyncio.run(asyncio.wait_for(visit(), 120))
    assert counts == [0, 1]
    assert not [record for record in records if record.exc_info or "Traceback" in record.getMessage()]


def test_a_message_that_comes_after_its_tab_has_gone_is_dropped_without_a_traceback(guarded, caplog):
    async def visit():
        async with guarded() as address:
            tab = await (await signed_in(address, "ana")).open()
            (connection,) = connections()
            tab.leave()
            while connections():
                await asyncio.sleep(0.01)
            for frame in ASKING:
                await connection.on_message(frame)
            connection.ping(b"1")
            return list(caplog.records)

    records = asyncio.run(asyncio.wait_for(visit(), 120))
    assert not [record for record in records if record.exc_info or record.levelname == "ERROR"]
