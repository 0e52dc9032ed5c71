"""Two workers behind a real nginx that is set up as the README says, word for word."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from pushpull.dashboard.auth.passwords import set_password
from pushpull.dashboard.state.links.permalink import LONGEST_LINK
from pushpull.dashboard.state.state import State
from tests.audit.nginx import NGINX, proxied, upstreams
from tests.bench.dashboard_client import TOKEN, Visitor, page_and_cookies
from tests.conftest import ROOT, free_port, local_page

pytestmark = [
    pytest.mark.skipif(NGINX is None, reason="no nginx on this machine: the proxy block of the README is not tried"),
    pytest.mark.browser,
    pytest.mark.slow,
]
TABS_PER_WORKER = 40
VISITORS = 40
SECONDS = 120


@contextmanager
def workers(log, name, *options, **environment):
    """Two workers as the README starts them, reached under a name; their process and their ports."""
    command = [sys.executable, "-m", "pushpull", "dashboard", "--no-show", "--behind-proxy", "--port", "0"]
    command += ["--workers", "2", "--sessions", str(TABS_PER_WORKER), "--allow-origin", name, *options]
    with open(log, "wb") as errors:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True, env={**os.environ, **environment}
        )
    try:
        said = next(line for line in process.stdout if line.startswith("All "))
        yield process, [int(port) for port in re.findall(r"\d+", said.partition("ports")[2].partition(" of ")[0])]
    finally:
        process.terminate()
        process.wait(SECONDS)
        process.stdout.close()


@pytest.fixture(scope="module")
def behind(tmp_path_factory):
    """Address of the proxy, its folder, the ports of its workers, and their process."""
    folder = tmp_path_factory.mktemp("behind")
    port = free_port()
    with workers(folder / "log.txt", f"127.0.0.1:{port}") as (process, ports):
        with proxied(ports, folder / "nginx", port) as address:
            yield address, folder / "nginx", ports, process


def health(port):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/health", timeout=SECONDS) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        return json.load(refused)


def test_forty_visitors_from_one_address_are_spread_over_both_workers(behind):
    address, _, ports, _ = behind

    async def all_come():
        visitors = []
        for _ in range(VISITORS // 4):
            visitors += await asyncio.gather(*(Visitor.arrive(address) for _ in range(4)))
        counts = [(await asyncio.to_thread(health, port))["sessions"] for port in ports]
        await asyncio.gather(*(visitor.move(0.9) for visitor in visitors))
        for visitor in visitors:
            visitor.leave()
        return counts

    counts = in_a_loop(all_come())
    assert sum(counts) == VISITORS
    assert min(counts) >= VISITORS // 5, counts


def test_the_page_its_files_and_its_connection_reach_one_worker(behind, chromium):
    address, folder, _, _ = behind
    begun = len(upstreams(folder))
    with local_page(chromium) as page:
        page.goto(f"{address}/?language=fr")
        page.wait_for_selector("html[data-ready=true]")
    answered = upstreams(folder)[begun:]
    assert {path for _, _, path in answered} >= {"/", "/static/js/bokeh.min.js"}
    assert len({port for port, _, _ in answered}) == 1
    assert all(status in (101, 200, 304) for _, status, _ in answered)


@pytest.mark.parametrize("letters", [4_000, 8_200, 24_000, LONGEST_LINK])
def test_links_of_every_length_that_is_written_open(behind, chromium, letters):
    address = behind[0]
    state = State.opening("g8_2001").with_value("asylum_access", 0.9)
    with local_page(chromium) as page:
        # What fills the address is an argument of nobody, so that the state is not what is long.
        fill = "x" * (letters - len(state.link))
        page.goto(f"{address}/?state={state.link}&fill={fill}")
        page.wait_for_selector("html[data-ready=true]")
        page.wait_for_function("link => window.pushpull.address().endsWith(link)", arg=state.link)


def children(process):
    found = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True)
    return [int(each) for each in found.stdout.split()]


def wait_for_both(process, ports, meanwhile=lambda: None):
    deadline = time.monotonic() + SECONDS
    while len(children(process)) < 2 or not all(map(_answers, ports)):
        assert time.monotonic() < deadline and process.poll() is None
        meanwhile()
        time.sleep(0.05)


def test_a_killed_worker_comes_back_behind_the_proxy_and_no_request_fails(behind):
    """What it held goes to the other one for the time being."""
    address, folder, ports, process = behind
    begun = len(upstreams(folder))
    os.kill(children(process)[0], signal.SIGKILL)
    asked = []
    wait_for_both(process, ports, lambda: asked.append(_status(f"{address}/health")))
    assert asked and set(asked) == {200}
    assert {status for _, status, _ in upstreams(folder)[begun:]} <= {101, 200}


def test_forty_old_tokens_connect_after_both_workers_were_killed_and_have_their_state(behind):
    address, _, ports, process = behind
    state = State.opening("g8_2001").with_value("asylum_access", 0.9)
    query = f"?state={state.link}"
    pages = [page_and_cookies(f"{address}/{query}") for _ in range(VISITORS)]
    for pid in children(process):
        os.kill(pid, signal.SIGKILL)
    wait_for_both(process, ports)

    async def all_come_back():
        come = (Visitor.come_back(address, query, TOKEN.search(page).group(1).decode(), has) for page, has in pages)
        visitors = await asyncio.gather(*come)
        for visitor in visitors:
            await visitor.move(0.8)
            assert state.link in visitor.document
            visitor.leave()
        return len(visitors)

    assert in_a_loop(all_come_back()) == VISITORS


def in_a_loop(coroutine):
    """Run it in a thread of its own, as Playwright may have a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def _status(address):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=SECONDS) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code


def _answers(port):
    try:
        return health(port)["status"]
    except OSError:
        return None


def test_signing_in_leads_on_to_the_longest_link(tmp_path, chromium):
    set_password(tmp_path / "users.json", "ana", "a long secret")
    state = State.opening("g8_2001").with_value("asylum_access", 0.9)
    fill = "x" * (LONGEST_LINK - len(state.link))
    options = ("--password-file", str(tmp_path / "users.json"))
    port, kept = free_port(), str(tmp_path / "state")
    with workers(tmp_path / "log.txt", f"127.0.0.1:{port}", *options, PUSHPULL_STATE=kept) as (_, ports):
        with proxied(ports, tmp_path / "nginx", port) as address, local_page(chromium) as page:
            page.goto(f"{address}/?state={state.link}&fill={fill}")
            page.get_by_label("Name").fill("ana")
            page.get_by_label("Password").fill("a long secret")
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_selector("html[data-ready=true]")
            page.wait_for_function("link => window.pushpull.address().endsWith(link)", arg=state.link)
            assert page.get_by_role("link", name="Sign out").is_visible()
