"""A room under attack: what a stranger in the same network may try at the port for phones, an ordinary room beside it.

The server begins with as few open files as systems give that give few."""

import asyncio
import csv
import io
import json
import os
import re
import resource
import subprocess
import sys
import time
import zipfile
from contextlib import contextmanager

import psutil
import pytest

from pushpull.dashboard.room.codes import ALPHABET
from pushpull.dashboard.server.rooms.phone_server import MOST_CONNECTIONS
from tests.audit.test_proxy import in_a_loop
from tests.conftest import ROOT, free_port, tail, wait_until_it_answers
from tests.room_visitors import QUESTION, REASON, Lead, Phone

FEW_FILES = 256
SECONDS = 30


@contextmanager
def attacked(folder):
    """A server that begins with few open files: its address, the address for phones, its process and its log."""
    port, log = free_port(), folder / "log.txt"
    environment = {"PUSHPULL_SCENARIOS": "off", "PUSHPULL_STATE": str(folder / "state")}
    line = [sys.executable, "-m", "pushpull", "dashboard", "--room", "--no-show", "--port", str(port)]
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with open(log, "wb") as output:
        server = subprocess.Popen(
            [*line, "--room-address", "127.0.0.1"], cwd=ROOT, env={**os.environ, **environment}, stdout=output,
            stderr=subprocess.STDOUT, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (FEW_FILES, hard)),
        )  # fmt: skip
    try:
        wait_until_it_answers(server, f"http://127.0.0.1:{port}", log)
        inside = re.search(r"http://127\.0\.0\.1:\d+(?=/room)", log.read_text()).group()
        yield f"http://127.0.0.1:{port}", inside, psutil.Process(server.pid), log
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with attacked(tmp_path_factory.mktemp("attacked")) as found:
        yield found


async def connected(inside, text, number=2):
    """A connection of a stranger, whose address is none of those who belong there, with bytes sent by it."""
    host, port = inside.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port), local_addr=(f"127.0.0.{number}", 0))
    writer.write(text.encode("latin-1"))
    return reader, writer


async def raw(inside, text, number=2):
    """What comes back to bytes that a stranger sends."""
    reader, writer = await connected(inside, text, number)
    try:
        return (await asyncio.wait_for(reader.read(65536), 10)).decode("latin-1")
    except OSError:
        return ""
    finally:
        writer.close()


async def join(inside, code, number=2):
    """Status of a stranger who joins, and the cookie."""
    host = inside.removeprefix("http://")
    asked = (
        f"POST /room/{code}/join HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nConnection: close\r\n"
    )
    told = await raw(inside, f"{asked}Content-Length: 2\r\n\r\n{{}}", number)
    found = re.search(r"pushpull_seat=[\w-]+", told)
    return told.split()[1], found and found.group()


async def room_goes_on(lead, phone):
    """Seconds that an ordinary room needs for a question, an answer and the reveal."""
    begun, round_ = time.monotonic(), 1 + sum(name == "room" for name, *_ in lead.heard)
    slip = {**QUESTION, "round": round_}
    await lead.put(slip)
    await phone.until(lambda name, told: name == "table" and (told["slip"] or {}).get("round") == round_, SECONDS)
    assert (await phone.answer("up", slip))[0] == 200
    await lead.until(lambda name, told: name == "room" and told["round"] == round_ and told["answers"], SECONDS)
    await lead.put(slip, phase="revealed", reveal={"choice": "up"})
    await phone.until(
        lambda name, told: name == "table" and told["reveal"] and told["slip"]["round"] == round_, SECONDS
    )
    return time.monotonic() - begun


async def ordinary(address, inside):
    lead = await Lead.of_a_new_room(address)
    phone = await Phone.seated(inside, lead.code)
    assert [await lead.hear(), await phone.hear()] == [200, 200]
    return lead, phone


def test_a_thousand_connections_that_listen_and_as_many_that_send_nothing_leave_the_room_as_quick(server):
    address, inside, process, _ = server

    async def act():
        lead, phone = await ordinary(address, inside)
        figures = {"alone, s": await room_goes_on(lead, phone)}
        other = await Lead.of_a_new_room(address)
        host = inside.removeprefix("http://")
        cookies = [(await join(inside, other.code))[1] for _ in range(130)]
        before, held, statuses = process.memory_info().rss, [], {}
        for number in range(1000):
            asked = f"GET /room/{other.code}/events HTTP/1.1\r\nHost: {host}\r\nCookie: {cookies[number % 130]}\r\n\r\n"
            reader, writer = await connected(inside, asked)
            try:
                line = (await asyncio.wait_for(reader.readline(), 10)).decode()
            except OSError:
                line = ""
            status = line.split()[1] if line else "closed"
            statuses[status] = statuses.get(status, 0) + 1
            held.append(writer)
        figures |= {"listening": statuses, "MB more": (process.memory_info().rss - before) / 2**20}
        for number in range(1000):  # a request that never ends
            asked = "POST /room/ABCDEF/answer HTTP/1.1\r\nContent-Length: 9999\r\n" if number % 2 else ""
            held.append((await connected(inside, asked))[1])
        await asyncio.sleep(1)
        figures["open files"] = process.num_fds()
        figures["meanwhile, s"] = await room_goes_on(lead, phone)
        for writer in held:
            writer.close()
        await asyncio.sleep(2)
        late = await Phone.seated(inside, lead.code)
        assert await late.hear() == 200
        figures["open files afterwards"] = process.num_fds()
        for each in (lead, phone, late):
            each.leave()
        return figures

    figures = in_a_loop(act())
    print(json.dumps(figures, indent=1))
    assert figures["listening"]["200"] <= 600 and figures["open files"] < MOST_CONNECTIONS + 200
    assert figures["meanwhile, s"] < max(3 * figures["alone, s"], 2.0) and figures["open files afterwards"] < 200


def test_what_no_client_sends_is_refused_and_forges_no_line_of_the_log(server):
    address, inside, process, log = server
    host = inside.removeprefix("http://")

    async def act():
        lead, phone = await ordinary(address, inside)
        old = dict(phone.cookies)
        await lead.put(REASON)
        post = f"POST /room/{lead.code}/answer HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        smuggled, empty = "0\r\n\r\nGET / HTTP/1.1\r\n\r\n", "Content-Length: 2\r\n\r\n{}"
        upgraded = "Upgrade: websocket\r\nConnection: Upgrade"
        attacks = {
            "two lengths": f"{post}Content-Length: 2\r\nContent-Length: 5\r\n\r\n{{}}",
            "a length and pieces": f"{post}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{smuggled}",
            "a length below zero": f"{post}Content-Length: -1\r\n\r\n",
            "a gigabyte": f"{post}Content-Length: 1000000000\r\n\r\n{{",
            "headers without end": f"{post}Cookie: {'a' * 70_000}\r\n\r\n",
            "another host": "GET /room HTTP/1.1\r\nHost: attacker.example\r\n\r\n",
            "no host": "GET /room HTTP/1.1\r\n\r\n",
            "two hosts": f"GET /room HTTP/1.1\r\nHost: {host}\r\nHost: attacker.example\r\n\r\n",
            "a proxy": f"GET http://attacker.example/ HTTP/1.1\r\nHost: {host}\r\n\r\n",
            "up the folders": f"GET /room/../../../../etc/passwd HTTP/1.1\r\nHost: {host}\r\n\r\n",
            "up the folders, hidden": f"GET /room/..%2f..%2f..%2fetc%2fpasswd/events HTTP/1.1\r\nHost: {host}\r\n\r\n",
            "up from the scripts": f"GET /javascript/x/../../../../etc/passwd HTTP/1.1\r\nHost: {host}\r\n\r\n",
            "a line of the log": f"GET /room/%0d%0aFORGED%20line/events?%0aFORGED HTTP/1.1\r\nHost: {host}\r\n\r\n",
            "a line in a header": f"{post}User-Agent: a\rFORGED\r\nContent-Length: 2\r\n\r\n{{}}",
            "not a protocol": "\x00\x01\x02\x16\x03\x01 FORGED\nFORGED\n\n",
            "the simulator's line": f"GET /ws HTTP/1.1\r\nHost: {host}\r\n{upgraded}\r\n\r\n",
            "a hidden slash": f"GET /room/{lead.code}%2fpresenter/file HTTP/1.1\r\nHost: {host}\r\n\r\n",
            "a body of another method": f"OPTIONS /room/{lead.code}/answer HTTP/1.1\r\nHost: {host}\r\n{empty}",
            "a head of what is heard": f"HEAD /room/{lead.code}/events HTTP/1.1\r\nHost: {host}\r\n\r\n",
            "a packed body": f"{post}Content-Encoding: gzip\r\n{empty}",
            "a presenter's call": f"POST /room/{lead.code}/presenter HTTP/1.1\r\nHost: {host}\r\n{empty}",
        }  # fmt: skip
        answers = {}
        for name, text in attacks.items():
            answers[name] = (await raw(inside, text)).partition("\r\n")[0]
        for name, line in answers.items():
            assert line == "" or re.match(r"HTTP/1.1 (4\d\d|200)", line), (name, line)
        assert all("200" not in line for name, line in answers.items() if not name.startswith("up the")), answers
        # Cookies of before: after a new group, and in another room.
        other = await Lead.of_a_new_room(address)
        assert (await phone.answer("=1+1", REASON))[0] == 200
        await lead.call("new_group")
        replay = Phone(inside, lead.code)
        replay.cookies = dict(old)
        assert (await replay.answer("again", REASON))[0] == 403 and await replay.hear() == 403
        replay.code, replay.cookies = other.code, dict(old)
        assert (await replay.answer("again", REASON))[0] == 403
        lead_of_other = Lead(address, lead.code)
        lead_of_other.cookies = dict(other.cookies)
        assert (await lead_of_other.call("end"))[0] == 403
        # Numbers and depths.
        path = f"/room/{other.code}/answer"
        for body in ('{"slip":' * 5000, '{"slip":"a","round":' + "9" * 9000 + ',"value":1}', '{"a":1}' * 1000,
                     '{"slip":"a","round":1,"value":1e999}', '{"slip":"a","round":1,"value":-Infinity}'):  # fmt: skip
            status, _ = await replay.post(path, body=body)
            assert status in (400, 403, 409), (body[:30], status)
        # What is taken away holds no formula.
        taken = await lead.get(f"/room/{lead.code}/file")
        with zipfile.ZipFile(io.BytesIO(taken.body)) as archive:
            (table,) = [name for name in archive.namelist() if name.endswith(".csv")]
            cells = [cell for row in csv.reader(archive.read(table).decode("utf-8-sig").splitlines()) for cell in row]
        assert "'=1+1" in cells and not any(cell[:1] in "=@+" for cell in cells if cell)
        for each in (lead, phone):
            each.leave()
        return answers

    answers = in_a_loop(act())
    print(json.dumps(answers, indent=1))
    lines = tail(log, 400).splitlines()
    assert not any(line.lstrip().startswith("FORGED") for line in lines), lines
    assert "Traceback" not in "\n".join(lines)


def test_who_takes_every_seat_keeps_nobody_out(server):
    address, inside, *_ = server

    async def act():
        lead, phone = await ordinary(address, inside)
        statuses = {}
        for number in range(3, 5):  # more than all seats
            for _ in range(260):
                status, _ = await join(inside, lead.code, number)
                statuses[status] = statuses.get(status, 0) + 1
        late = await Phone.seated(inside, lead.code)
        assert await late.hear() == 200 and await room_goes_on(lead, phone) < SECONDS
        assert (await lead.call("shut", shut=True))[0] == 200
        refused, told = await Phone(address, lead.code).join()
        assert (refused, told["refused"]) == (403, "no_more_seats")
        assert (await late.join())[1]["seat"] == late.seat
        for each in (lead, phone, late):
            each.leave()
        return statuses

    statuses = in_a_loop(act())
    print(statuses)
    assert statuses["429"] >= 10 and set(statuses) == {"200", "429"}


def test_codes_that_are_tried_are_soon_refused(server):
    _, inside, *_ = server

    async def act():
        tried = [each * 6 for each in ALPHABET] * 4
        return [(await Phone(inside, code).join())[0] for code in tried]

    statuses = in_a_loop(act())
    print({status: statuses.count(status) for status in set(statuses)})
    assert set(statuses) == {404, 429} and statuses.count(429) >= 20 and statuses[-1] == 429
