"""Rooms as they are served: what phones and the presenter hear, what is refused, and where phones come in."""

import asyncio
import json

import pytest
from tornado.httpclient import AsyncHTTPClient

from pushpull.dashboard.__main__ import arguments
from pushpull.dashboard.room import addresses, phone_page, phone_seats
from pushpull.dashboard.server.rooms import listening, opening_rooms
from pushpull.dashboard.server.rooms.rates import Rate
from pushpull.dashboard.state.links.permalink import LONGEST_LINK
from tests.room_visitors import QUESTION, REASON, Lead, Phone, close_doors, in_a_room
from tests.visiting import RUNNING, Browser, directives, password_file, server

MILLION = "a" * 1_000_000


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    monkeypatch.setenv("PUSHPULL_SCENARIOS", "off")
    monkeypatch.setenv("PUSHPULL_STATE", str(tmp_path / "state"))


def test_answers_reach_the_presenter_and_the_reveal_reaches_phones_but_not_before():
    async def act(address, lead, phone):
        other = await Phone.seated(address, lead.code)
        assert [await each.hear() for each in (lead, phone, other)] == [200] * 3
        reveal = {"choice": "down", "text": {"en": "secret until then", "fr": ""}}
        await lead.put(reveal=reveal)
        for each in (phone, other):
            table, _ = await each.until(lambda name, told: name == "table" and told["phase"] == "open")
            assert table["slip"] == QUESTION and table["reveal"] is None
        assert (await phone.answer("up"))[0] == 200 and (await other.answer("down"))[0] == 200
        await lead.until(lambda name, told: name == "room" and len(lead.answers()) == 2)
        assert {seat: value for seat, (value, _) in lead.answers().items()} == {1: "up", 2: "down"}
        for phase in ("closed", "half", "revealed"):
            await lead.put(phase=phase, reveal=reveal)
            table, _ = await phone.until(lambda name, told, phase=phase: name == "table" and told["phase"] == phase)
            assert table["reveal"] == (reveal if phase == "revealed" else None)
        own = [told for name, told, _ in phone.heard if name == "own"]
        assert own[-1] == {"seat": 1, "given": "up"}
        assert not any(
            "answers" in json.dumps(told) for _, told, _ in phone.heard
        )  # what others say is the presenter's

    in_a_room(act)


def test_a_phone_comes_back_to_its_seat_and_hears_of_a_new_group_and_of_the_end():
    async def act(address, lead, phone):
        await lead.put()
        await phone.answer("same")
        assert (await phone.join())[1] == {"seat": 1, "role": None}
        await phone.hear()
        own, _ = await phone.until(lambda name, _: name == "own")
        assert own == {"seat": 1, "given": "same"}
        await lead.call("new_group")
        await phone.until(lambda name, _: name == "new_group")
        assert (await phone.join())[0] == 409 and (await phone.answer("up"))[0] == 403
        await lead.call("undo")
        await phone.until(
            lambda name, told: name == "table" and told["group"] == 1 and phone.heard[-3][0] == "new_group"
        )
        taken = await lead.get(f"/room/{lead.code}/file?language=fr")
        assert (
            taken.code == 200 and taken.body[:2] == b"PK" and "pushpull_salle" in taken.headers["Content-Disposition"]
        )
        assert (await lead.call("end"))[0] == 200
        await phone.until(lambda name, _: name == "ended")
        assert (await phone.join())[0] == 410 and (await lead.call("hello"))[0] == 403

    in_a_room(act)


def test_a_room_is_found_from_any_worker():
    async def visit():
        async with server() as first, server() as second:
            lead = await Lead.of_a_new_room(first)
            phone = await Phone.seated(second, lead.code)
            await lead.hear()
            await phone.hear()
            await lead.put()
            await phone.until(lambda name, told: name == "table" and told["phase"] == "open")
            await phone.answer("up")
            await lead.until(lambda name, _: name == "room" and lead.answers())
            lead.address = second
            assert (await lead.call("hello"))[0] == 200
            phone.address = first
            assert (await phone.join())[1]["seat"] == phone.seat
            lead.leave(), phone.leave(), close_doors()

    asyncio.run(visit())


def test_no_phone_makes_the_presenters_calls_or_hears_what_the_presenter_hears():
    async def act(address, lead, phone):
        await lead.put(phase="closed")
        stranger = await Lead.of_a_new_room(address)
        calls = {"put": {"slip": QUESTION, "phase": "open"}, "hide": {"seat": 1, "hidden": True}, "new_group": {},
                 "undo": {}, "end": {}, "hello": {}, "shut": {"shut": True}}  # fmt: skip
        cookies = [{}, phone.cookies, {"pushpull_presenter": "x" * 32}, {"pushpull_presenter": ""},
                   {"pushpull_presenter": phone.cookies["pushpull_seat"]}, stranger.cookies,
                   {"pushpull_presenter": "' or 1=1 --"}]  # fmt: skip
        for cookie in cookies:
            forger = Lead(address, lead.code)
            for do, more in calls.items():
                forger.cookies = dict(cookie)
                assert (await forger.call(do, **more))[0] == 403
            assert await forger.hear() == 403
            assert (await forger.get(f"/room/{lead.code}/file")).code == 403
        assert (await phone.answer("up"))[0] == 409  # still closed, and still there

    in_a_room(act)


def test_no_phone_answers_for_another_seat():
    async def act(address, lead, phone):
        other = await Phone.seated(address, lead.code)
        await lead.put()
        await lead.hear()
        assert (await phone.answer("up"))[0] == 200
        for forged in ({"seat": 1}, {"token": phone.cookies["pushpull_seat"]}):
            assert (await other.answer("down", **forged))[0] == 400
        forger = Phone(address, lead.code)
        for cookie in ({}, {"pushpull_seat": "1"}, {"pushpull_seat": "a" * 32}, lead.cookies):
            forger.cookies = dict(cookie)
            assert (await forger.answer("down"))[0] == 403 and await forger.hear() == 403
        elsewhere = await Lead.of_a_new_room(address)
        phone.code = elsewhere.code  # a seat of one room is none of another
        assert (await phone.answer("down"))[0] == 403
        await asyncio.sleep(3 * listening.SECONDS_BETWEEN_LOOKS)
        assert {seat: value for seat, (value, _) in lead.answers().items()} == {1: "up"}

    in_a_room(act)


def test_what_is_no_answer_is_refused_in_a_sentence_and_the_room_goes_on():
    async def act(address, lead, phone):
        path = f"/room/{lead.code}/answer"
        await lead.put()
        bodies = ['{"slip":"story/1","round":1,"value":NaN}', "[]", "null", "", "{", '{"role":{"a":1}}', "[" * 9000,
                  '{"slip":"story/1","round":1,"value":"\\ud800"}', '{"slip":["a"],"round":{},"value":"up"}',
                  '{"slip":"story/1","round":1e999,"value":"up"}', '{"slip":"story/1","round":1}',
                  b"\xff\xfe"]  # fmt: skip
        for body in bodies:
            code, told = await phone.post(path, body=body)
            assert (code, told["refused"]) in ((400, "not_taken"), (409, "not_open")), (body, code, told)
        assert (await phone.post(path, body=json.dumps({"value": "a" * 20_000})))[0] == 413
        assert (await phone.post(path, body=MILLION))[0] in (400, 413, 599)  # closed before it is read
        for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
            assert (await phone.post(path, {"role": "x"}, headers={"Content-Type": kind}))[0] == 415
        assert (await phone.answer("up"))[0] == 200
        assert (await lead.call("put", slip={**QUESTION, "kind": "quiz"}))[0] == 400
        assert (await lead.call("put", slip=QUESTION, phase="shut"))[0] == 400
        for link in (1, ["a"], "a" * (LONGEST_LINK + 1)):
            assert (await lead.call("put", slip=QUESTION, phase="open", link=link))[0] == 400
        assert (await lead.call("fly"))[0] == 400 and (await lead.call("hide", seat="1", hidden=True))[0] == 400

    in_a_room(act)


def test_a_script_in_an_answer_stays_text_and_no_page_of_a_room_runs_others():
    async def act(address, lead, phone):
        await lead.put(REASON)
        await lead.hear()
        script = "<script>alert(1)</script>"
        assert (await phone.answer(script, REASON))[0] == 200
        await lead.until(lambda name, _: name == "room" and lead.answers())
        assert lead.answers()[1][0] == script
        page = await phone.get(f"/room/{lead.code}")
        policy = directives(page)
        assert policy["default-src"] == ["'none'"] and "'unsafe-inline'" not in policy["script-src"]
        assert page.headers["X-Frame-Options"] == "DENY" and page.headers["X-Content-Type-Options"] == "nosniff"
        events = await phone.get(f"/room/{lead.code}/presenter")
        assert events.code == 403 and events.headers["Content-Type"] == "application/json"
        assert (await phone.get("/room/<script>")).code == 200  # the page where a code is typed, with nothing of it
        assert b"<script>x" not in (await phone.get("/room/%3Cscript%3Ex")).body

    in_a_room(act)


@pytest.mark.parametrize("headers", [
    {"Origin": "http://attacker.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"}, {"Host": "attacker.example"},
], ids=str)  # fmt: skip
def test_no_other_site_speaks_for_a_phone_or_the_presenter(headers):
    async def act(address, lead, phone):
        await lead.put()
        sent_by_hand = {"slip": "story/1", "round": 1, "value": "up"}
        for comer, path, sent in (
            (phone, "answer", sent_by_hand),
            (phone, "join", {}),
            (lead, "presenter", {"do": "end"}),
        ):
            assert (await comer.post(f"/room/{lead.code}/{path}", sent, headers=headers))[0] == 403
        assert (await lead.post("/room", headers=headers))[0] == 403

    in_a_room(act)


def test_cookies_are_of_one_room_and_no_script_reads_them():
    async def visit():
        async with server("--prefix", "/simulator") as address:
            browser = Browser(address)
            made = await browser.ask("/room", "POST", {}, {"Content-Type": "application/json"})
            assert made.code == 400  # a form is no JSON
            lead = await Lead.of_a_new_room(address)
            answer = await AsyncHTTPClient(force_instance=True).fetch(
                f"{address}/room/{lead.code}/join",
                method="POST",
                body="{}",
                headers={"Content-Type": "application/json"},
            )
            (cookie,) = answer.headers.get_list("Set-Cookie")
            close_doors()
            return lead.code, cookie

    code, cookie = asyncio.run(visit())
    assert f"Path=/simulator/room/{code}" in cookie and "HttpOnly" in cookie and "SameSite=Strict" in cookie


def test_a_flood_is_refused():
    async def flood(address, lead, phone):
        await lead.put()
        for act in (lambda: phone.answer("up"), phone.join):
            codes = [(await act())[0] for _ in range(50)]
            assert codes.count(200) >= 10 and codes.count(429) >= 10
        assert (await (await Phone.seated(address, lead.code)).answer("up"))[0] == 200  # others go on

    in_a_room(flood)


def test_joins_without_end_and_codes_that_are_tried_are_refused(monkeypatch):
    async def act(address, lead, phone):
        monkeypatch.setattr(phone_seats, "MOST_SEATS", 5)
        others = [await Phone.seated(address, lead.code) for _ in range(4)]
        assert {await each.hear() for each in (phone, *others)} == {200}
        seen = [(await Phone(address, lead.code).join())[0] for _ in range(8)]
        assert seen == [503] * 8 and (await phone.join())[0] == 200
        for each in others:
            each.leave()
        guesses = [(await Phone(address, "VVVVVV").join())[0] for _ in range(70)]
        assert guesses[0] == 404 and guesses[-1] == 429

    in_a_room(act)


def test_of_one_address_so_many_listen_and_the_presenter_always_does(monkeypatch):
    monkeypatch.setattr(listening, "MOST_OF_A_PLACE", 2)

    async def act(address, lead, phone):
        other = await Phone.seated(address, lead.code)
        assert [await each.hear() for each in (phone, phone, other, lead)] == [200, 200, 503, 200]
        await lead.put()
        await phone.until(lambda name, told: name == "table" and told["phase"] == "open")

    in_a_room(act)


def test_a_presenter_lets_nobody_new_in_and_who_is_there_stays():
    async def act(address, lead, phone):
        await lead.hear()
        assert (await lead.call("shut", shut="yes"))[0] == 400 and (await lead.call("shut", shut=True))[0] == 200
        await lead.until(lambda name, told: name == "room" and told["shut"])
        status, told = await Phone(address, lead.code).join()
        assert (status, told["refused"]) == (403, "no_more_seats")
        assert (await phone.join())[1]["seat"] == 1 and await phone.hear() == 200
        assert (await lead.call("shut", shut=False))[0] == 200
        assert (await Phone.seated(address, lead.code)).seat == 2
        await lead.call("shut", shut=True)
        await lead.call("new_group")  # lets everybody in again
        assert (await Phone(address, lead.code).join())[0] == 200

    in_a_room(act)


def test_what_is_allowed_comes_back_with_time():
    now = [0.0]
    rate = Rate(2, 3, lambda: now[0])
    assert [rate.allows("a") for _ in range(5)] == [True] * 3 + [False] * 2 and rate.allows("b")
    now[0] = 1.0
    assert [rate.allows("a") for _ in range(3)] == [True, True, False]


def test_to_make_a_room_asks_for_what_the_page_asks_for_and_joining_does_not(tmp_path):
    async def visit():
        async with server("--password-file", password_file(tmp_path)) as address:
            lead = Lead(address)
            assert (await lead.post("/room"))[0] == 403
            browser = Browser(address)
            await browser.sign_in("ana")
            lead.cookies = dict(browser.cookies)
            status, told = await lead.post("/room")
            assert status == 200
            phone = await Phone.seated(address, told["code"])
            assert (await phone.get(f"/room/{told['code']}")).code == 200

    asyncio.run(visit())


def test_phones_come_in_by_a_door_behind_which_there_is_nothing_but_their_pages():
    async def act(address, lead, phone):
        (found,) = RUNNING
        door = opening_rooms.rooms_of(found).door
        inside = f"http://127.0.0.1:{door.port}"
        visitor = await Phone.seated(inside, lead.code)
        await visitor.hear()
        await lead.put()
        await visitor.until(lambda name, told: name == "table" and told["phase"] == "open")
        assert (await visitor.answer("up"))[0] == 200
        page = await visitor.get(f"/room/{lead.code}")
        modules = [line.split('"')[3] for line in page.body.decode().splitlines() if "modulepreload" in line]
        assert len(modules) == len(phone_page.MODULES) and {(await visitor.get(each)).code for each in modules} == {200}
        closed = ("/", "/ws", "/health", "/login", "/metadata", "/static/js/bokeh.min.js", "/s/abc",
                  f"/room/{lead.code}/presenter", f"/room/{lead.code}/file",
                  modules[0].replace("phone/phone", "page"))  # fmt: skip
        forger = Lead(inside, lead.code)
        forger.cookies = dict(lead.cookies)
        assert {(await forger.get(path)).code for path in closed} == {404}
        assert (await forger.call("end"))[0] in (404, 405) and (await forger.post("/room"))[0] == 405
        assert (await forger.get("/room", headers={"Host": "attacker.example"})).code == 403

    in_a_room(act)


def test_the_presenter_is_told_an_address_that_phones_reach(monkeypatch):
    monkeypatch.setattr(addresses, "of_the_room", lambda: ["192.168.7.12", "10.0.0.5"])

    async def act(address, lead, phone):
        await lead.hear()
        place, _ = await lead.until(lambda name, _: name == "place")
        (found,) = RUNNING
        port = getattr(opening_rooms.rooms_of(found).door, "port", None) or address.rsplit(":", 1)[1]
        assert [each["address"] for each in place["places"]] == [
            f"http://{each}:{port}/room/{lead.code}" for each in ("192.168.7.12", "10.0.0.5")
        ]
        assert place["reachable"] and place["places"][0]["qr"].startswith("<svg")

    in_a_room(act)
    in_a_room(act, "--address", "0.0.0.0", "--workers", "1")


def test_behind_a_proxy_phones_come_by_the_name_that_it_has():
    async def act(address, lead, phone):
        await lead.listen(f"/room/{lead.code}/presenter")
        place, _ = await lead.until(lambda name, _: name == "place")
        return place

    place = in_a_room(act, "--behind-proxy", "--allow-origin", "maps.example.org")
    assert not place["reachable"]  # asked at the loopback address, past the proxy


def test_addresses_are_those_of_the_room_and_never_loopback_while_there_is_another():
    held = [("lo", "127.0.0.1"), ("docker0", "172.17.0.1"), ("tun0", "10.8.0.2"), ("eth0", "169.254.3.4"),
            ("wlan0", "192.168.1.23"), ("eth1", "10.0.0.9")]  # fmt: skip
    assert addresses.in_order(held, "192.168.1.23") == ["192.168.1.23", "10.0.0.9", "172.17.0.1", "10.8.0.2"]
    assert addresses.in_order(held, "10.8.0.2")[:2] == ["192.168.1.23", "10.0.0.9"]  # an office far away
    assert addresses.in_order([("lo", "127.0.0.1")], None) == []
    for name, reaches in {
        "127.0.0.1": False,
        "localhost": False,
        "::1": False,
        "192.168.1.2": True,
        "a.org": True,
    }.items():
        assert addresses.is_reachable(name) == reaches


def test_the_command_line_says_where_phones_come_in():
    assert arguments(["--room"]).has_door and not arguments(["--room", "--address", "0.0.0.0"]).has_door
    assert not arguments(["--workers", "2"]).has_door and not arguments(["--allow-origin", "a.org"]).has_door
