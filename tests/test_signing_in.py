"""Passwords: how they are kept, how often a wrong one may be tried, and where a visitor lands afterwards."""

import asyncio
import io
import json
import os
import stat
import subprocess
import sys
from http.cookies import SimpleCookie
from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushpull.dashboard.__main__ import main
from pushpull.dashboard.auth import passwords, shared_state
from pushpull.dashboard.auth.attempts import FIRST, FORGOTTEN, FREE, LONGEST, MOST_KEPT, Attempts, keys_of
from pushpull.dashboard.auth.shared_state import SECRET
from pushpull.dashboard.processes.workers import command
from pushpull.dashboard.server.sign_in import own_path
from pushpull.serve_options import ServeOptions
from tests.conftest import ROOT
from tests.visiting import PASSWORDS, RUNNING, Browser, password_file, server


@pytest.fixture
def guarded(tmp_path, monkeypatch):
    """What starts a server that knows three users."""
    monkeypatch.setenv("PUSHPULL_SCENARIOS", "off")
    monkeypatch.setenv("PUSHPULL_STATE", str(tmp_path / "state"))
    file = password_file(tmp_path)
    return lambda *options: server("--password-file", file, *options)


def told(*arguments, given=""):
    """Exit code and words of `pushpull password`."""
    done = subprocess.run(
        [sys.executable, "-m", "pushpull", "password", *map(str, arguments)],
        cwd=ROOT, input=given, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


# The file ------------------------------------------------------------------------------------------------------


def test_the_command_makes_a_file_of_hashes_that_only_its_owner_reads(tmp_path):
    file = tmp_path / "users.json"
    code, words = told(file, "José", given="correct horse\n")
    assert code == 0 and "is new" in words
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "correct horse" not in file.read_text() and "correct horse" not in words
    assert passwords.fits("correct horse", passwords.read(file)["José"])
    os.chmod(file, 0o644)
    assert told(file, "José", given="battery staple\n")[0] == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not passwords.fits("correct horse", passwords.read(file)["José"])
    assert told(file, "Zoë", given="a third one\n")[0] == 0
    assert told(file, "José", "--remove")[0] == 0
    assert list(passwords.read(file)) == ["Zoë"]
    assert [path.name for path in tmp_path.iterdir()] == ["users.json"]


@pytest.mark.parametrize(
    "arguments, given",
    [(["ana"], "short\n"), (["ana"], ""), ([" ana"], "long enough\n"), ([""], "long enough\n"),
     (["nobody", "--remove"], "")],
)  # fmt: skip
def test_what_the_command_refuses_leaves_the_file_as_it_was(tmp_path, arguments, given):
    file = password_file(tmp_path)
    before = file.read_bytes()
    code, words = told(file, *arguments, given=given)
    assert code == 2 and words.strip() and "Traceback" not in words
    assert file.read_bytes() == before


def test_a_password_that_is_typed_twice_must_be_the_same(tmp_path, monkeypatch, capsys):
    typed = iter(["one long password", "another password"])
    monkeypatch.setattr(passwords, "getpass", lambda prompt: next(typed))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    assert passwords.main([str(tmp_path / "users.json"), "ana"]) == 2
    assert "differ" in capsys.readouterr().err and not (tmp_path / "users.json").exists()


def test_a_disk_that_is_full_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    file = password_file(tmp_path)
    before = file.read_bytes()

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError):
        passwords.set_password(file, "ana", "another password")
    assert file.read_bytes() == before and [path.name for path in tmp_path.iterdir()] == ["users.json"]


@pytest.mark.parametrize(
    "content, word",
    [
        ('{"eva": "a plain password"}', "--hash-all"),
        ('{"eva": "$argon2id$v=19$m=65536,t=3,p=4$broken"}', "--hash-all"),
        (f'{{"eva": "$argon2id$v=19$m=4294967295,t=4294967295,p=1${"A" * 22}${"A" * 22}"}}', "--hash-all"),
        ('{"eva": 7}', "names and hashes"),
        ('["eva"]', "names and hashes"),
        ("{}", "nobody"),
        ('{"eva": "x"', "no JSON (line 1"),
        ("", "no JSON"),
        ("[" * 100_000, "no JSON"),
        (b"\xff\xfe", "no JSON"),
        ('{"eva": "x", "eva": "y"}', "twice"),
        ('{"Zo\u00eb": "HASH", "Zoe\u0308": "HASH"}', "twice"),
        ('{"": "HASH"}', "cannot be taken"),
        ('{"a\\nb": "HASH"}', "cannot be taken"),
    ],
    ids=range(14),
)  # fmt: skip
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_file_that_cannot_be_used_is_told_at_start(tmp_path, capsys, content, word, workers):
    file = tmp_path / "users.json"
    hash_ = password_file(tmp_path) and json.loads(file.read_text())["ana"]
    file.write_bytes(content if isinstance(content, bytes) else content.replace("HASH", hash_).encode())
    code = main(["--no-show", "--port", "0", "--workers", workers, "--password-file", str(file)])
    err = capsys.readouterr().err
    assert code == 2 and word in err and "plain password" not in err.replace("plain passwords", "")
    assert "Traceback" not in err


def test_plain_passwords_of_a_file_are_hashed_by_the_command_and_still_let_in(tmp_path):
    file = tmp_path / "users.json"
    kept = passwords.hashed("hashed before")
    file.write_text(json.dumps({"eva": "tiny", "leo": "leo's password", "mia": kept}), encoding="utf-8")
    code, words = told(file, "--hash-all")
    assert code == 0 and "tiny" not in words
    found = passwords.read(file)
    assert found["mia"] == kept
    assert passwords.fits("tiny", found["eva"]) and passwords.fits("leo's password", found["leo"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_folder_for_those_who_sign_out_that_cannot_be_written_is_told_at_start(tmp_path, capsys, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("PUSHPULL_STATE", str(tmp_path / "file"))
    monkeypatch.setenv("PUSHPULL_SCENARIOS", "off")
    monkeypatch.setattr("pushpull.dashboard.app.warm", lambda say: None)
    assert main(["--no-show", "--port", "0", "--password-file", str(password_file(tmp_path))]) == 2
    assert "PUSHPULL_STATE" in capsys.readouterr().err


def test_a_secret_that_can_be_guessed_is_refused(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("PUSHPULL_COOKIE_SECRET", "secret")
    monkeypatch.setenv("PUSHPULL_STATE", str(tmp_path / "state"))
    monkeypatch.setattr("pushpull.dashboard.app.warm", lambda say: None)
    assert main(["--no-show", "--port", "0", "--password-file", str(password_file(tmp_path))]) == 2
    assert "PUSHPULL_COOKIE_SECRET" in capsys.readouterr().err


def test_every_worker_gets_the_same_secret(monkeypatch):
    from pushpull.dashboard.processes import workers

    given, chosen = [], ServeOptions(port=5300, workers=3, sessions=5, password_file="users.json")

    class Ended:
        pid = 1

        def __init__(self, command, env=None, **_):
            given.append(env[SECRET])
            self.stdin = io.BytesIO()

        def poll(self):
            return workers.REFUSED

        def wait(self, *_):
            return 0

        def terminate(self):
            return None

    monkeypatch.delenv(SECRET, raising=False)
    monkeypatch.setattr(workers.subprocess, "Popen", Ended)
    monkeypatch.setattr(workers.signal, "signal", lambda *_: None)
    monkeypatch.setattr(workers.ports, "free", lambda _, first, count: list(range(first, first + count)))
    workers.run(chosen)
    assert len(given) >= 3 and len(set(given)) == 1 and len(given[0]) >= 32
    assert not any(given[0] in part for part in command(chosen, 5300))  # what others see in the list of processes


# Names and passwords as they are typed ---------------------------------------------------------------------------


def test_a_name_is_the_same_however_its_accents_are_typed(guarded):
    async def visit():
        async with guarded() as address:
            names = ("Ünal", "U\u0308nal", "Unal")
            return [(await Browser(address).sign_in(name, PASSWORDS["Ünal"])).code for name in names]

    assert asyncio.run(visit()) == [303, 303, 200]


@pytest.mark.parametrize(
    "name, password",
    [("ana", ""), ("", ""), ("ana", "x" * 100_000), ("ana", PASSWORDS["bob"]), ("ANA", PASSWORDS["ana"]),
     ("ana", PASSWORDS["ana"] + " "), ("ana\n", PASSWORDS["ana"] + "x"), ("a" * 5000, "long enough"),
     ("\x00", "long enough")],
    ids=range(9),
)  # fmt: skip
def test_nothing_but_the_right_password_lets_in(guarded, name, password):
    async def visit():
        async with guarded() as address:
            browser = Browser(address)
            answer = await browser.ask("/login", "POST", {"username": name, "password": password})
            return answer.code, browser.cookies, (await browser.ask("/health")).code

    code, cookies, health = asyncio.run(visit())
    assert code == 200 and cookies == {} and health == 200


def test_documents_are_for_those_who_may_see_the_simulator(guarded):
    async def visit():
        async with guarded() as address:
            stranger, known = Browser(address), Browser(address)
            await known.sign_in("ana")
            answers = [await each.ask("/help/en/index.html") for each in (stranger, known)]
            return [(each.code, each.headers.get("Location", "")) for each in answers], answers[1].body.decode()

    answers, page = asyncio.run(visit())
    assert answers[0][0] == 303 and answers[0][1].startswith("/login?next=") and answers[1] == (200, "")
    assert "<h1" in page and "own_fit.html" in page


# Wrong ones ------------------------------------------------------------------------------------------------------


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


def tries(attempts, keys, count):
    """How many of so many attempts at once are taken, and the wait after."""
    taken = 0
    for _ in range(count):
        if not attempts.wait(keys):
            attempts.begin(keys)
            taken += 1
    return taken, attempts.wait(keys)


def test_waits_grow_to_their_longest_and_are_forgotten():
    clock = Clock()
    attempts, keys = Attempts(clock), keys_of("eva", "192.0.2.1", None)
    assert tries(attempts, keys, 500)[0] == FREE["name"]
    waits = []
    for _ in range(12):
        waits.append(attempts.wait(keys))
        clock.now += waits[-1]
        assert tries(attempts, keys, 50)[0] == 1
    assert waits == sorted(waits) and waits[0] >= FIRST and waits[-1] == LONGEST["name"]
    clock.now += FORGOTTEN
    assert attempts.wait(keys) == 0


def test_one_address_cannot_try_many_names():
    attempts, taken = Attempts(Clock()), 0
    for number in range(300):
        taken += tries(attempts, keys_of(f"name {number}", "2001:db8::1:2:3:4", None), 1)[0]
        taken += tries(attempts, keys_of(f"name {number}", f"2001:db8::{number:x}:0:0:1", None), 1)[0]
    assert taken == FREE["address"]


def test_a_stranger_cannot_keep_a_user_out_of_a_browser_she_has_used_before():
    clock = Clock()
    attempts = Attempts(clock)
    for number in range(2000):
        tries(attempts, keys_of("eva", f"198.51.{number % 200}.{number // 200}", None), 3)
        clock.now += 1
    assert attempts.wait(keys_of("eva", "203.0.113.5", None)) <= LONGEST["name"]
    assert attempts.wait(keys_of("eva", "203.0.113.5", "a browser she has used")) == 0


def test_the_right_password_costs_nothing():
    attempts, keys = Attempts(Clock()), keys_of("eva", "192.0.2.1", None)
    for _ in range(1000):
        assert attempts.wait(keys) == 0
        attempts.begin(keys)
        attempts.was_right(keys)
    assert len(attempts) == 0


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=30))
def test_what_is_kept_of_attempts_is_bounded(pairs):
    attempts = Attempts(Clock())
    for name, address in pairs:
        attempts.begin(keys_of(name, address, None))
    assert len(attempts) <= 2 * len(pairs)


def test_a_flood_of_names_is_not_kept():
    attempts = Attempts(Clock())
    for number in range(MOST_KEPT):
        attempts.begin(keys_of(str(number), f"10.{number % 250}.{number // 250}.1", None))
    assert len(attempts) == MOST_KEPT


def test_after_many_wrong_passwords_even_the_right_one_waits_but_not_where_she_signed_in_before(guarded, caplog):
    async def visit():
        async with guarded() as address:
            RUNNING[-1]._tornado.settings["rules"].users.attempts = Attempts(Clock())  # time stands still
            known = Browser(address)
            await known.sign_in("bob")
            await known.ask("/logout")
            stranger = Browser(address)
            answers = await asyncio.gather(*(stranger.sign_in("bob", f"guess {n} of many") for n in range(60)))
            late = await stranger.sign_in("bob")
            other = await Browser(address).sign_in("ana")  # the same address, another name
            return [each.code for each in answers], late, other.code, (await known.sign_in("bob")).code

    codes, late, other, known = asyncio.run(visit())
    assert codes.count(303) == 0 and 0 < codes.count(200) <= FREE["name"] + 1
    assert late.code == 429 and int(late.headers["Retry-After"]) > 0
    assert b"Too many attempts" in late.body
    assert other == 303 and known == 303
    lines = [record.getMessage() for record in caplog.records if "wrong password" in record.getMessage()]
    assert len(lines) == codes.count(200) and all("'bob'" in line and "127.0.0.1" in line for line in lines)
    assert "guess" not in caplog.text


def test_behind_a_proxy_the_address_is_what_the_proxy_says_and_not_what_the_visitor_says(guarded, caplog):
    async def visit():
        async with guarded("--behind-proxy") as address:
            browser = Browser(address)
            headers = {"X-Forwarded-For": "6.6.6.6, 192.0.2.77", "X-Real-Ip": "6.6.6.7"}
            await browser.sign_in("bob", "not the right one", headers=headers)

    asyncio.run(visit())
    assert "from 192.0.2.77" in caplog.text and "6.6.6." not in caplog.text


def test_the_log_holds_one_line_whatever_the_name(guarded, caplog):
    async def visit():
        async with guarded() as address:
            await Browser(address).sign_in("eva\nwrong password for 'root' from 10.0.0.1\r\x1b[2J", "some password")

    asyncio.run(visit())
    (line,) = [record.getMessage() for record in caplog.records if "wrong password" in record.getMessage()]
    assert line.isprintable()


def test_an_unknown_name_takes_the_same_work_as_a_known_one(monkeypatch):
    done = []

    class Counting:
        def hash(self, text):
            return passwords.PasswordHasher().hash(text)

        def verify(self, stored, password):
            done.append(stored.split("$")[:4])
            raise passwords.VerificationError

    stored = passwords.hashed("some password")
    passwords.hash_of_nobody()
    monkeypatch.setattr(passwords, "HASHER", Counting())
    assert not passwords.fits("wrong", stored) and not passwords.fits("wrong", None)
    assert done[0] == done[1]


# Cookies and where to go -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("secure", [True, False])
def test_cookies_are_for_the_server_alone_and_travel_by_https_where_there_is_https(guarded, secure):
    async def visit():
        async with guarded("--behind-proxy", "--prefix", "/sim") as address:
            headers = {"X-Forwarded-Proto": "https" if secure else "http"}
            return await Browser(address).sign_in("ana", headers=headers)

    lines = asyncio.run(visit()).headers.get_list("Set-Cookie")
    assert len(lines) == 2
    for line in lines:
        ((_, cookie),) = SimpleCookie(line).items()
        assert cookie["httponly"] and cookie["samesite"] in ("Lax", "Strict") and cookie["path"] == "/sim"
        assert bool(cookie["secure"]) == secure


ELSEWHERE = [
    "//evil.example/", "///evil.example/", "////evil.example", "/\\evil.example", "\\\\evil.example",
    "/\t/evil.example", "https://evil.example/", "javascript:alert(1)", "http:evil.example", "/%2f/evil.example",
    "/..//evil.example",
    "/?state=1\r\nSet-Cookie: a=b", "/?\\", "/ /", "evil.example", "/logout", "/sim/../other", "/simulator/", "?x", "",
    "/sim//evil.example", "/?\u00e9", "/" + "?" + "x" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("wished", ELSEWHERE)
@pytest.mark.parametrize("prefix", ["", "/sim"])
def test_signing_in_leads_to_our_own_page_only(wished, prefix):
    assert own_path(wished, prefix) == f"{prefix}/"


@given(st.text(alphabet="/\\?.:%@#abc\t\n\r 2f", max_size=30) | st.text(max_size=20), st.sampled_from(["", "/sim"]))
def test_wherever_somebody_wishes_to_go_it_is_our_page(wished, prefix):
    found = own_path(wished, prefix)
    assert found.split("?")[0] == f"{prefix}/" and found.isascii() and found.isprintable() and "\\" not in found


@pytest.mark.parametrize("prefix", ["", "/sim"])
def test_a_link_survives_signing_in(guarded, prefix):
    query = "?state=3.abc_DEF-1&language=fr"

    async def visit():
        async with guarded(*(("--prefix", prefix) if prefix else ())) as address:
            browser = Browser(address)
            asked = await browser.ask(f"/{query}")
            assert asked.code == 302
            form = await browser.ask(asked.headers["Location"].removeprefix(prefix))
            assert "state=3.abc_DEF-1&amp;language=fr" in form.body.decode()
            wished = (await browser.sign_in("ana", form={"next": f"{prefix}/{query}"})).headers["Location"]
            return wished, (await browser.ask("/login?next=//evil.example/")).headers["Location"]

    assert asyncio.run(visit()) == (f"{prefix}/{query}", f"{prefix}/")


def test_what_is_asked_for_cannot_become_markup_of_the_form(guarded):
    async def visit():
        async with guarded() as address:
            return await Browser(address).ask("/login?next=" + "/%3F%22%3E%3Cscript%3Ealert(1)%3C/script%3E")

    assert b"<script>alert" not in asyncio.run(visit()).body


def test_old_marks_of_who_signed_out_are_removed(tmp_path):
    folder = tmp_path / "signed-out"
    signed_out = shared_state.SignedOut(folder)
    old, new = "0" * 32, "1" * 32
    signed_out.add(old)
    os.utime(folder / old, (1e9, 1e9))
    shared_state.SignedOut(folder).add(new)
    assert not (folder / old).exists() and new in shared_state.SignedOut(folder)


@given(st.integers(1, 2**32 - 1), st.integers(1, 2**32 - 1))
def test_addresses_of_four_numbers_are_kept_apart_at_a_socket_of_both_kinds(one, other):
    """Else whoever tries passwords from one of them lets everybody wait."""
    first, second = (keys_of("eva", f"::ffff:{IPv4Address(each)}", None) for each in (one, other))
    assert (first == second) == (one == other)
    assert first == keys_of("eva", str(IPv4Address(one)), None)


def test_signing_out_does_not_look_at_everybody_who_did_so_before(tmp_path, monkeypatch):
    held = shared_state.SignedOut(tmp_path / "out")
    held.add(f"{1:032x}")
    monkeypatch.setattr(shared_state.os, "scandir", lambda _: pytest.fail("every file was looked at"))
    for number in range(2, 6):
        held.add(f"{number:032x}")
    assert all(f"{number:032x}" in held for number in range(1, 6))


# What a visitor who is not known leaves ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/?language=fr", "/?state=garbage"])
def test_who_is_not_signed_in_is_sent_to_sign_in_and_leaves_no_traceback(guarded, caplog, path):
    async def visit():
        async with guarded() as address:
            return await Browser(address).ask(path)

    answer = asyncio.run(visit())
    assert answer.code == 302 and answer.headers["Location"].startswith("/login?next=")
    assert not [each for each in caplog.records if each.exc_info]
