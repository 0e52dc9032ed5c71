"""A page whose connection does not come about, is lost, or finds the server full; and what is set meanwhile."""

import random

import pytest
from playwright.sync_api import expect

from pushpull.catalogue import catalogue
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.links.permalink import LONGEST_LINK
from pushpull.dashboard.state.state import State
from tests.browser.access import grave_faults
from tests.browser.test_dashboard import open_group, slider, visit
from tests.conftest import free_port, local_page, serving

IN_SIGHT = """() => {
  const {top, bottom, height} = document.getElementById("connection").getBoundingClientRect();
  return height > 0 && top >= 0 && bottom <= window.innerHeight;
}"""


NOTHING_OVER_THE_HEAD = """() => {
  const {left, top, height} = document.getElementById("head").getBoundingClientRect();
  return document.elementFromPoint(left + 5, top + height / 2).closest("#head") !== null;
}"""


def exact(page, title):
    return page.get_by_role("textbox", name=f"{title}, exact value")


def long_state(letters):
    """The largest state whose link has no more letters: year by year for one lever after another, kept beside it."""
    dice, state = random.Random(2), State.opening()
    while True:
        for lever in catalogue().levers.values():
            table = {year: round(dice.uniform(*lever.range), 12) for year in range(2027, 2046)}
            larger = state.with_schedule(lever.id, {"table": table}, None)
            if len(larger.link) > letters:
                return state
            state = larger
        larger = state.keeping(state.named())
        if len(larger.link) > letters:
            return state
        state = larger


@pytest.mark.parametrize(
    "code, hangs, words",
    [
        ("en", False, ("it could not connect to the simulator", "Open it without the settings of this link")),
        ("fr", True, ("la connexion au simulateur n’a pas pu", "Ouvrir sans les réglages de ce lien")),
    ],
)
def test_a_page_that_cannot_connect_says_so_within_ten_seconds_in_its_language(
    chromium, dashboard_server, code, hangs, words
):
    """Whether the connection is refused, as by a proxy that knows none, or nobody ever answers it."""
    state = State.opening().with_value("asylum_access", 0.75).looking(language=code)
    with local_page(chromium) as page:
        page.route_web_socket("**/ws*", lambda socket: None if hangs else socket.close(code=1011))
        page.goto(f"{dashboard_server}/?state={state.link}")
        told = page.locator("#unconnected")
        told.wait_for(timeout=10_000)
        assert words[0] in told.inner_text()
        assert grave_faults(page) == []
        assert page.get_by_role("link", name=words[1]).get_attribute("href") == f"?language={code}"


def test_a_page_that_is_refused_once_comes_again_by_itself_with_its_state(chromium, dashboard_server):
    """As where its token has run out, or another worker has taken over."""
    state = State.opening().with_value("asylum_access", 0.75)
    refused = []

    def once(socket):
        if refused:
            socket.connect_to_server()
        else:
            refused.append(socket.url)
            socket.close(code=1011)

    with local_page(chromium) as page:
        page.route_web_socket("**/ws*", once)
        visit(page, f"{dashboard_server}/?state={state.link}")
        assert refused and not page.locator("#unconnected").is_visible()
        open_group(page, "Remedial")
        assert exact(page, "Access to asylum").input_value() == "75"


def listen_at(page):
    """The connections that a page makes, and a list to put those in whose messages the server is not to hear."""
    sockets, unheard = [], []

    def pass_on(socket):
        server = socket.connect_to_server()
        sockets.append(socket)
        socket.on_message(lambda message: None if socket in unheard else server.send(message))

    page.route_web_socket("**/ws*", pass_on)
    return sockets, unheard


def test_a_reload_at_once_loses_no_choice_of_a_package_that_nobody_has_heard_of(chromium, dashboard_server):
    with local_page(chromium) as page:
        sockets, unheard = listen_at(page)
        visit(page, dashboard_server)
        unheard.append(sockets[-1])
        page.locator("[data-choice=package]").select_option("balanced")
        page.reload()
        page.wait_for_selector("html[data-ready=true]")
        expect(page.locator("[data-choice=package]")).to_have_value("balanced")
        page.wait_for_function("() => !window.pushpull.unheard.length")


def test_a_page_that_lost_its_server_stays_until_a_place_is_held_for_it(chromium, dashboard_server):
    """Whether the server is full meanwhile, or one must sign in again."""
    sockets, answers = [], ["full", "signed_out"]

    def pass_on(socket):
        sockets.append(socket)
        socket.connect_to_server()

    def answer(route):
        if not answers:
            return route.continue_()
        status = answers[0]
        route.fulfill(status={"full": 503, "signed_out": 401}[status], json={"status": status})

    with local_page(chromium) as page:
        page.route_web_socket("**/ws*", pass_on)
        page.route("**/health?enter", answer)
        visit(page, dashboard_server)
        page.evaluate("window.stays = true")
        sockets[0].close(code=1011)
        page.get_by_text("the server is full").wait_for()
        answers.pop(0)
        page.get_by_role("link", name="Sign in").wait_for()
        assert page.evaluate("window.stays") and page.locator("#corridor-title").is_visible()
        answers.pop(0)
        page.wait_for_function("() => !window.stays && document.documentElement.dataset.ready === 'true'")
        assert page.evaluate("document.cookie").count("pushpull_place") == 0


def test_a_word_stands_where_the_page_is_to_come_in_its_language(chromium, dashboard_server):
    with local_page(chromium) as page:
        page.route_web_socket("**/ws*", lambda socket: None)
        page.goto(f"{dashboard_server}/?language=fr")
        page.get_by_text("Chargement du simulateur").wait_for()
        assert grave_faults(page) == []
    with local_page(chromium) as page:
        visit(page, dashboard_server)
        assert not page.get_by_text("Loading the simulator").is_visible()


def test_a_reload_at_once_loses_nothing(chromium, dashboard_server):
    """Neither what the server has answered, nor a move it has not heard of."""
    with local_page(chromium) as page:
        sockets, unheard = listen_at(page)
        visit(page, dashboard_server)
        for key, value, hears in (("End", "100", True), ("Home", "0", False)):
            slider(page, "Remedial", "Access to asylum").focus()
            unheard += [] if hears else [sockets[-1]]
            page.keyboard.press(key)
            page.reload()
            page.wait_for_selector("html[data-ready=true]")
            page.wait_for_function("() => !window.pushpull.unanswered.levers().length")
            open_group(page, "Remedial")
            assert exact(page, "Access to asylum").input_value() == value, (key, hears)


def test_a_long_link_opens_and_what_is_too_long_is_told_and_not_written(page, dashboard_server):
    state = long_state(LONGEST_LINK)
    assert 0.8 * LONGEST_LINK < len(state.link) <= LONGEST_LINK < len(state.keeping(state.named()).link)
    visit(page, f"{dashboard_server}/?state={state.link}")
    page.wait_for_function("link => window.pushpull.address().includes(link)", arg=state.link)
    assert not page.get_by_text("longer than an address can hold").is_visible()
    before = page.url
    page.locator("[data-menu=files] summary").click()
    page.locator("[data-do=keep]").click()
    page.get_by_text("longer than an address can hold").wait_for()
    assert page.locator("[data-do=link]").is_disabled() and page.url == before
    assert grave_faults(page) == []
    page.locator("[data-choice=language]").select_option("fr")
    assert page.locator("[data-choice=language]").input_value() == "en"
    with page.expect_download() as caught:
        page.locator("[data-do=save-long]").click()
    assert caught.value.suggested_filename.endswith(".yaml")


def test_a_lost_connection_is_told_in_sight_and_the_move_made_without_it_is_made_again(chromium, tmp_path):
    port = free_port()
    with local_page(chromium) as page:
        with serving("-m", "pushpull.dashboard", log=tmp_path / "first.txt", port=port) as address:
            visit(page, address)
            slider(page, "Remedial", "Access to asylum").focus()
            page.keyboard.press("End")
            page.wait_for_function("() => window.location.search.includes('state=')")
            page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        page.wait_for_function(IN_SIGHT)
        assert "Connection lost" in page.locator("#connection").inner_text()
        assert page.locator(".connection-state").inner_text() == "Connection lost"
        assert grave_faults(page) == []
        slider(page, "Remedial", "Access to asylum").focus()
        page.keyboard.press("Home")
        page.keyboard.press("PageUp")
        page.locator("[data-do=theme]").click()
        assert "was not applied" in page.locator("#connection").inner_text()
        page.locator("[data-choice=package]").select_option("punitive")  # in the place of what was moved before
        slider(page, "Remedial", "Access to asylum").focus()
        page.keyboard.press("Home")
        page.keyboard.press("PageUp")
        page.get_by_role("tab", name="Compare").click()
        page.evaluate("window.scrollTo(0, 0)")
        assert page.evaluate(NOTHING_OVER_THE_HEAD)
        with serving("-m", "pushpull.dashboard", log=tmp_path / "second.txt", port=port):
            page.get_by_text("what you set in the meantime has been applied").wait_for()
            page.wait_for_function("() => !window.pushpull.unanswered.levers().length")
            page.wait_for_function("() => !window.pushpull.unheard.length")
            open_group(page, "Remedial")  # the package opened its own groups
            assert exact(page, "Access to asylum").input_value() == "10"
            page.wait_for_function("() => window.pushpull.address() === window.location.href")
            link = page.evaluate("new URLSearchParams(window.location.search).get('state')")
            wanted = State.opening().with_package("punitive").with_value("asylum_access", 0.1)
            assert open_link(link).state == wanted.looking(page="compare")
            assert page.locator(".connection-state").inner_text() in ("Connected", "Calculating…")
