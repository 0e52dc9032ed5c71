"""Under which names the server answers, and what every answer says to the browser."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tornado.httpclient import HTTPClientError

from pushpull.dashboard.__main__ import arguments
from pushpull.dashboard.server.guard import Guard
from pushpull.dashboard.server.hosts import Hosts
from pushpull.dashboard.server.security import marked, new_nonce, policy_of_page
from tests.visiting import RUNNING, Browser, directives, password_file, server

PATHS = ("/", "/ws", "/health", "/metadata", "/static/js/bokeh.min.js", "/static/extensions/panel/panel.min.js",
         "/favicon.ico", "/nowhere", "/login", "/logout")  # fmt: skip


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    monkeypatch.setenv("PUSHPULL_SCENARIOS", "off")
    monkeypatch.setenv("PUSHPULL_STATE", str(tmp_path / "state"))


def port_of(browser):
    return browser.host.split(":")[1]


FOREIGN = [
    "attacker.example", "127.0.0.1.attacker.example", "localhost.attacker.example", "", "203.0.113.7", "[2001:db8::1]",
    "127.0.0.1@attacker.example", "a b", "\u00e9.example",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS[:7])
def test_a_page_under_a_foreign_name_gets_nothing(path):
    """A name of an attacker may point at this machine; browsers then take his page for one of ours."""

    async def visit():
        async with server() as address:
            browser = Browser(address)
            named = [f"{host}:{port_of(browser)}".encode().decode("latin-1") for host in FOREIGN]
            return [await browser.ask(path, headers={"Host": each}) for each in named]

    for answer in asyncio.run(visit()):
        assert answer.code in (400, 403) and b"token" not in answer.body


def test_no_foreign_name_opens_a_connection_whatever_its_origin():
    async def visit():
        async with server() as address:
            browser = Browser(address)
            token, codes = await browser.token(), []
            for host in ("attacker.example", "192.0.2.55"):
                here = f"{host}:{port_of(browser)}"
                for sent in ({"Host": here, "Origin": f"http://{here}"},
                             {"Host": here, "Origin": f"http://{here}", "Sec-Fetch-Site": "same-origin"},
                             {"Host": here, "Origin": browser.origin}):  # fmt: skip
                    with pytest.raises(HTTPClientError) as refused:
                        await browser.connect(token, headers=sent)
                    codes.append(refused.value.code)
            return codes

    assert set(asyncio.run(visit())) == {403}


ELSEWHERE = [
    "http://attacker.example", "https://127.0.0.1", "http://127.0.0.1:1", "null", "file://", "http://localhost:1",
    "http://[::1", "http://127.0.0.1@attacker.example",
]  # fmt: skip


@pytest.mark.parametrize("origin", ELSEWHERE)
def test_a_page_of_another_origin_opens_no_connection(origin):
    async def visit():
        async with server() as address:
            browser, codes = Browser(address), []
            token = await browser.token()
            for site in (None, "same-origin", "none", "cross-site"):
                headers = {"Origin": origin} | ({"Sec-Fetch-Site": site} if site else {})
                with pytest.raises(HTTPClientError) as refused:
                    await browser.connect(token, headers=headers)
                codes.append(refused.value.code)
            return codes

    assert asyncio.run(visit()) == [403] * 4


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.8.9.10", "[::1]", "localhost."])
def test_the_names_of_this_machine_work_at_any_port_of_a_tunnel(host):
    async def visit():
        async with server() as address:
            browser = Browser(address)
            for port in (port_of(browser), "8080"):
                here = {"Host": f"{host}:{port}", "Origin": f"http://{host}:{port}"}
                tab = await browser.connect(await browser.token(headers={"Host": here["Host"]}), headers=here)
                assert tab.is_open

    asyncio.run(visit())


def test_the_page_opens_by_any_address_of_the_network_where_it_is_served_there():
    """By one rule of ours, so whatever Tornado thinks of origins."""
    hosts = Hosts("0.0.0.0", 5006, [])
    for host in ("192.168.7.12:5006", "10.1.2.3:5006", "[fe80::1]:5006", "localhost:5006"):
        assert hosts.admits(host) and hosts.admits_origin(f"http://{host}", host)
    assert not hosts.admits("attacker.example:5006")
    assert not hosts.admits_origin("http://192.168.7.13:5006", "192.168.7.12:5006")
    one = Hosts("192.168.7.12", 5006, [])
    assert one.admits("192.168.7.12:5006") and one.admits("127.0.0.1") and not one.admits("192.168.7.13:5006")


def test_a_server_at_every_address_is_used_by_its_network_address():
    async def visit():
        async with server("--address", "0.0.0.0") as address:
            browser = Browser(address.replace("127.0.0.1", "127.0.0.2"))
            return (await browser.open()).is_open

    # Only ours, as nobody else can reach it: 127.0.0.2 is an address of this machine alone.
    assert asyncio.run(visit())


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "sim.example.org", "Origin": "https://sim.example.org"},
        {"Host": "sim.example.org", "Origin": "http://sim.example.org"},
        {"Host": "sim.example.org:443", "Origin": "https://sim.example.org"},
        {"Host": "127.0.0.1:5006", "X-Forwarded-Host": "sim.example.org", "Origin": "https://sim.example.org"},
        {"Host": "backend", "X-Forwarded-Host": "a.example, sim.example.org", "Origin": "https://sim.example.org"},
        {"Host": "sim.example.org", "Origin": "https://other.example.org:8443"},
    ],
    ids=range(6),
)
def test_behind_a_proxy_the_allowed_names_work(headers):
    async def visit():
        options = ("--behind-proxy", "--allow-origin", "Sim.Example.org", "--allow-origin", "other.example.org:8443")
        async with server(*options) as address:
            browser = Browser(address)
            named = {name: value for name, value in headers.items() if name != "Origin"}
            return (await browser.connect(await browser.token(headers=named), headers=headers)).is_open

    assert asyncio.run(visit())


@pytest.mark.parametrize(
    "headers, options",
    [
        ({"Host": "evil.example", "Origin": "https://evil.example"}, ("--behind-proxy", "--allow-origin", "sim.org")),
        ({"Host": "127.0.0.1", "X-Forwarded-Host": "evil.example"}, ("--behind-proxy", "--allow-origin", "sim.org")),
        ({"Host": "sim.org", "Origin": "https://sim.org:8443"}, ("--behind-proxy", "--allow-origin", "sim.org")),
        ({"Host": "evil.example", "X-Forwarded-Host": "localhost", "Origin": "https://evil.example"}, ()),
        ({"Host": "evil.sim.org", "Origin": "https://evil.sim.org"}, ("--allow-origin", "sim.org")),
    ],
    ids=range(5),
)
def test_behind_a_proxy_no_other_name_works(headers, options):
    async def visit():
        async with server(*options) as address:
            browser = Browser(address)
            token = await browser.token()
            with pytest.raises(HTTPClientError) as refused:
                await browser.connect(token, headers=headers)
            return refused.value.code

    assert asyncio.run(visit()) == 403


@pytest.mark.parametrize("host", ["https://sim.example.org", "sim.example.org/", "*", "a b", "sim.example.org:port"])
def test_what_is_no_name_is_told_at_start(host, capsys):
    with pytest.raises(SystemExit) as end:
        arguments(["--allow-origin", host])
    told = capsys.readouterr().err
    assert end.value.code == 2 and "--allow-origin" in told
    assert ("did you mean sim.example.org?" in told) == ("org/" in host or "//" in host)


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_breaks_the_rule(host, origin):
    hosts = Hosts("127.0.0.1", 5006, ["sim.example.org"])
    assert hosts.admits(host) in (True, False)
    assert not hosts.admits_origin(origin, "127.0.0.1:5006") or "127.0.0.1:5006" in origin


# Headers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("signing_in", [True, False])
def test_every_answer_says_what_a_browser_may_do_with_it(tmp_path, signing_in):
    async def visit():
        async with server(*(("--password-file", password_file(tmp_path)) if signing_in else ())) as address:
            browser = Browser(address)
            answers = {path: await browser.ask(path) for path in PATHS}
            if signing_in:
                await browser.sign_in("ana")
                answers |= {f"signed in {path}": await browser.ask(path) for path in PATHS}
            answers["refused"] = await browser.ask("/", headers={"Host": "evil.example"})
            answers["not a method"] = await browser.ask("/", "DELETE")
            return answers

    for path, answer in asyncio.run(visit()).items():
        sent = answer.headers
        assert sent["X-Content-Type-Options"] == "nosniff", path
        assert sent["X-Frame-Options"] == "DENY", path
        assert sent["Referrer-Policy"] == "same-origin", path
        policy = directives(answer)
        assert policy["default-src"] == ["'none'"] and policy["frame-ancestors"] == ["'none'"], path
        assert policy["base-uri"] == ["'none'"], path
        assert "'unsafe-inline'" not in policy.get("script-src", []), path
        assert "Server" not in sent, path


def test_no_handler_of_the_server_is_without_the_guard():
    async def visit():
        async with server():
            application = RUNNING[-1]._tornado
            targets = [rule.target for rule in application.wildcard_router.rules]
            return [*targets, application.settings["default_handler_class"]]

    found = asyncio.run(visit())
    assert len(found) > 5 and [each for each in found if not issubclass(each, Guard)] == []


def test_no_python_module_is_loaded_because_a_visitor_names_it():
    async def visit():
        async with server() as address:
            answers = [await Browser(address).ask(f"/components/{name}/a/b/c") for name in ("this", "panel.widgets")]
            return [each.code for each in answers]

    import sys

    sys.modules.pop("this", None)
    assert asyncio.run(visit()) == [404, 404] and "this" not in sys.modules


def test_a_script_that_came_in_from_outside_is_not_marked_as_ours():
    foreign = '<script>alert(1)</script><script type="text/javascript">steal()</script>'
    nonce = new_nonce()
    page = marked(f"<title>{foreign}</title><script>draw('secret-token')</script>", "secret-token", nonce)
    assert page.count(nonce) == 1 and foreign in page and f'<script nonce="{nonce}">draw' in page
    assert nonce in policy_of_page(nonce, "a:1") and nonce != new_nonce()


def test_a_monitor_that_names_no_host_reaches_health():
    async def visit():
        async with server() as address:
            _, _, place = address.partition("//")
            reader, writer = await asyncio.open_connection(*place.split(":"))
            writer.write(b"GET /health HTTP/1.0\r\n\r\n")
            status = await reader.readline()
            writer.close()
            return status

    assert b" 200 " in asyncio.run(visit())


def test_a_monitor_on_this_machine_reaches_health_behind_a_proxy_too():
    async def visit():
        async with server("--behind-proxy", "--allow-origin", "sim.example.org") as address:
            return (await Browser(address).ask("/health")).code

    assert asyncio.run(visit()) == 200
