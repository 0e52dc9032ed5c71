"""What the tests share: a real browser and a running dashboard."""

import faulthandler
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
# The first is Chromium without what draws windows: the same pages in three quarters of its time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# The presenter's view asks for the whole screen and shows the same without it; who has it cannot be given another size.
NO_SCREEN_TO_FILL = "Element.prototype.requestFullscreen = () => Promise.reject(new Error('not allowed'));"
LOCAL = {"127.0.0.1", "localhost"}
SECONDS_TO_START = 120
MANY = 20
BROWSER = "browser_"  # how groups of tests that open a browser begin
# When a phase of a test is late beyond its `timeout`, as what hangs takes no signal, its process is ended.
SECONDS_BEYOND = 120
LIMIT, STDERR = pytest.StashKey(), pytest.StashKey()

# A shell may have us ignore an interrupt, and what we start would ignore it too; the tests that interrupt need it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says how busy the machine is, and nothing of the model. The examples of a property are the
# same in every run, so that a change is judged by what it does; PUSHPULL_NEW_EXAMPLES=1 looks for others, as does
# `make audit`.
settings.register_profile("same_examples", deadline=None, derandomize=True)
settings.register_profile("new_examples", deadline=None, print_blob=True)
settings.load_profile("new_examples" if os.environ.get("PUSHPULL_NEW_EXAMPLES") else "same_examples")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Mark what opens a browser, and keep each file of it on one worker; a worker starts one dashboard for all of them.

    Workers are handed the longest first: what opens a browser, other groups, what is slow. Of a file with many quick
    tests all go to one worker, as to hand them out takes longer than they do; single tests come last and even it out.
    """
    ungrouped = Counter()
    for item in items:
        if "browser" in item.path.relative_to(ROOT).parts or "chromium" in item.fixturenames:
            item.add_marker(pytest.mark.browser)
        if item.get_closest_marker("browser") or "dashboard_server" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group(f"{BROWSER}{item.path.stem}"))
        if not item.get_closest_marker("xdist_group") and not item.get_closest_marker("slow"):
            ungrouped[item.path] += 1
    if not getattr(config.option, "loadgroup", False):  # not a worker
        return

    def turn(item):
        group, count = item.get_closest_marker("xdist_group"), ungrouped[item.path]
        if group:
            return 0 if group.args[0].startswith(BROWSER) else 1, 0
        if item.get_closest_marker("slow"):
            return 2, 0
        return (3, -count) if count >= MANY else (4, 0)

    items.sort(key=turn)
    for item in items:
        if turn(item)[0] == 3:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session):
    """Keep hold of the stderr that no test captures."""
    with session.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        session.config.stash[STDERR] = os.dup(2)


@pytest.hookimpl(tryfirst=True)
def pytest_timeout_set_timer(item, settings):
    """Note the limit of a test; the alarm itself is set by pytest-timeout."""
    item.stash[LIMIT] = settings


def limited(item):
    """Let a phase of a test take its whole `timeout`, whatever the phases and tries before it took.

    By itself pytest-timeout sets one alarm for a test with all its phases and tries, so that a second hang in it (the
    test tried again, its fixtures taken down) would last for ever. What no alarm ends is ended with its process after
    `SECONDS_BEYOND` more, every stack printed.
    """
    settings, hook = item.stash.get(LIMIT, None), item.config.hook
    if not settings:
        return (yield)
    hook.pytest_timeout_cancel_timer(item=item)
    hook.pytest_timeout_set_timer(item=item, settings=settings)
    faulthandler.dump_traceback_later(settings.timeout + SECONDS_BEYOND, exit=True, file=item.config.stash[STDERR])
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()
        hook.pytest_timeout_cancel_timer(item=item)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item):
    return (yield from limited(item))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item):
    return (yield from limited(item))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item):
    return (yield from limited(item))


@pytest.fixture
def pushpull(capsys):
    """Run a command in this process; gives (exit code, stdout, stderr)."""
    from pushpull.__main__ import main

    def command(*arguments):
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        return code, *capsys.readouterr()

    return command


# Not for the whole session: while Playwright runs, nothing else on the thread may start an event loop.
@pytest.fixture(scope="module")
def chromium():
    """A headless Chromium with an empty profile, as a Playwright browser."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        missing = "no Chromium on this machine (looked for " + ", ".join(BROWSERS) + ")"
        if os.environ.get("PUSHPULL_REQUIRE_BROWSER"):
            pytest.fail(missing + ", and PUSHPULL_REQUIRE_BROWSER is set")
        pytest.skip(missing)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=1000 * SECONDS_TO_START)  # as every other wait; five seconds is little on a busy machine
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """A fresh page that may ask nothing of the internet and raise no error in its scripts."""
    with local_page(chromium) as page:
        yield page


@contextmanager
def local_page(chromium, width=1440, first_visit=False, **options):
    """A page in a context of its own that may ask nothing of the internet and raise no error in its scripts; of someone
    who was here before, unless it is a first visit."""
    foreign, errors = [], []

    def keep_local(route):
        if urlsplit(route.request.url).hostname in LOCAL:
            route.fallback()
        else:
            foreign.append(route.request.url)
            route.abort()

    context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
    context.set_default_timeout(1000 * SECONDS_TO_START)
    context.add_init_script(NO_SCREEN_TO_FILL)
    if not first_visit:
        context.add_init_script("try { localStorage.setItem('pushpull_guide', 'closed'); } catch {}")
    context.route(lambda url: urlsplit(url).scheme in {"http", "https"}, keep_local)
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    assert not foreign, f"the page asked the internet for {foreign}"
    assert not errors, f"the page raised {errors}"


@pytest.fixture(scope="session")
def dashboard_server(tmp_path_factory):
    """The address of a dashboard started as a user would start it, with fewer simulations behind its pages."""
    folder = tmp_path_factory.mktemp("dashboard")
    own_folder = {"PUSHPULL_SCENARIOS": str(folder / "scenarios"), "PUSHPULL_STATE": str(folder / "state")}
    with serving("-m", "tests.few_simulations", log=folder / "log.txt", environment=own_folder) as address:
        yield address


@contextmanager
def serving(*command, log, environment=None, port=None):
    """Run a Python command that takes --port, --address and --no-show until its page answers; then end it."""
    port = port or free_port()
    address = f"http://127.0.0.1:{port}"
    options = ("--port", str(port), "--address", "127.0.0.1", "--no-show")
    with open(log, "wb") as output:
        server = subprocess.Popen(
            [sys.executable, *command, *options],
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until_it_answers(server, address, log)
        yield address
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until_it_answers(server, address, log):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail(f"the dashboard ended with {server.returncode} before it answered:\n{tail(log)}")
        try:
            opener.open(address, timeout=SECONDS_TO_START).close()
            return
        except urllib.error.HTTPError as error:
            pytest.fail(f"the dashboard answered {error.code} at {address}:\n{tail(log)}")
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the dashboard did not answer within {SECONDS_TO_START} s:\n{tail(log)}")


def tail(log, lines=40):
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
