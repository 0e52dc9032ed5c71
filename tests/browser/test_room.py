"""A room in real browsers: a presenter's page and two phones, one question from the code to the reveal."""

import numpy as np
import pytest

from pushpull import run
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import outcomes_for_cards
from tests.browser.access import grave_faults, grave_faults_in
from tests.browser.test_dashboard import quiet, visit
from tests.conftest import local_page
from tests.room_visitors import QUESTION

WIDTH = 360
REVEAL = {"choice": "down", "text": {"en": "It falls by 8 %", "fr": "Cela diminue de 8 %"}, "after": QUESTION["text"]}
CALL = """async ([code, sent]) => (await fetch(`room/${code}/presenter`, {method: "POST",
  headers: {"Content-Type": "application/json"}, body: JSON.stringify(sent)})).status"""
HEARS = "window.addEventListener('pushpull:room', ({detail}) => { window.room = detail; })"
OWN_RUN = """async () => {
  const calculator = await pushpull.page._calculator();
  while (!calculator.one) await new Promise((go) => setTimeout(go, 20));
  return Object.fromEntries(Object.entries(calculator.one).map(([name, values]) => [name, Array.from(values)]));
}"""
TARGETS = """() => [...document.querySelectorAll("button, label:has(input), textarea")]
  .filter((each) => each.getClientRects().length).map((each) => each.getBoundingClientRect().height)"""


@pytest.fixture(scope="module")
def presenter(chromium, dashboard_server):
    with local_page(chromium, 1280) as page, quiet(page):
        page.add_init_script(HEARS)
        visit(page, f"{dashboard_server}/#room")
        page.locator(".room-large .code").wait_for()
        yield page
        if page.evaluate("localStorage.pushpull_room"):
            assert page.evaluate(CALL, [code(page), {"do": "end"}]) == 200


def code(page):
    return page.evaluate("localStorage.pushpull_room")


def put(page, **sent):
    assert page.evaluate(CALL, [code(page), {"do": "put", "slip": QUESTION, **sent}]) == 200


PATROLS = {"name": "patrols", "title": {"en": "Patrols", "fr": "Patrouilles"}, "low": 0, "high": 4, "step": 0.1,
           "today": 1, "cost_per_unit": 100, "unit": {"en": "times today", "fr": "fois"}}  # fmt: skip
PROPOSAL = {"id": "workshop/1", "round": 1, "kind": "proposal", "title": QUESTION["title"], "currency": "EUR",
            "choices": [{"name": "ministry", "title": {"en": "Ministry", "fr": "Ministère"}}],
            "levers": {"ministry": [PATROLS]}, "budget": {"ministry": 200}}  # fmt: skip


def propose(phone):
    """Take a role, propose what the budget does not hold, and then what it holds."""
    phone.get_by_role("button", name="Ministère").tap()
    lever = phone.get_by_role("slider", name="Patrouilles")
    lever.press("End")
    phone.get_by_role("button", name="Envoyer").tap()
    phone.locator("#state[data-kind=note]").wait_for()
    lever.press("Home")
    lever.press("ArrowRight")
    phone.get_by_role("button", name="Envoyer").tap()
    phone.locator("#state[data-kind=sent]").wait_for()
    assert not any(grave_faults_in(phone, None).values()) and phone.evaluate("document.body.scrollWidth") == WIDTH


def phone_page(chromium, language):
    return local_page(chromium, WIDTH, is_mobile=True, has_touch=True, locale=language)


def test_two_phones_answer_by_one_thumb_and_see_the_models_answer(chromium, dashboard_server, presenter):
    assert not presenter.evaluate("localStorage.length && Object.values(localStorage).join().includes('secret')")
    assert "127.0.0.1" not in presenter.locator(".room-large .address").inner_text()
    with phone_page(chromium, "en-GB") as one, phone_page(chromium, "fr-FR") as other:
        one.goto(f"{dashboard_server}/room")
        assert grave_faults(one) == []
        one.locator("#code").fill(code(presenter).lower())
        one.get_by_role("button", name="Join").tap()
        one.get_by_text("You are in.").wait_for()
        other.goto(f"{dashboard_server}/room/{code(presenter)}")
        other.get_by_text("Vous y êtes.").wait_for()
        put(presenter, phase="open")
        for phone, send in ((one, "Send"), (other, "Envoyer")):
            phone.locator(".ask label").nth(1).tap()
            assert (
                min(phone.evaluate(TARGETS)) >= 44 and phone.evaluate("document.documentElement.scrollWidth") == WIDTH
            )
            assert not any(grave_faults_in(phone, None).values())
            phone.get_by_role("button", name=send, exact=True).tap()
            phone.locator("#state[data-kind=sent]").wait_for()
        presenter.wait_for_function("() => window.room.answers.length === 2")
        one.reload()
        one.locator("#state[data-kind=sent]").wait_for()
        assert one.locator(".ask input:checked").get_attribute("value") == "down"
        assert presenter.evaluate("window.room.seats") == 2  # the same seat
        put(presenter, phase="closed")
        other.get_by_text("Les réponses sont closes.").wait_for()
        put(presenter, phase="revealed", reveal=REVEAL)
        one.get_by_text("It falls by 8 %").wait_for()
        other.get_by_text("Cela diminue de 8 %").wait_for()
        assert not any(grave_faults_in(other, None).values())
        other.get_by_role("button", name="English").tap()
        other.get_by_text("It falls by 8 %").wait_for()
        put(presenter, slip=PROPOSAL, phase="open")
        other.get_by_role("button", name="Français").tap()
        propose(other)
        presenter.wait_for_function("() => window.room.answers[0]?.value.values.patrols === 0.1")
        assert presenter.evaluate("window.room.roles") == {"ministry": 1}
        assert presenter.locator("#stage:visible").count() == 1  # whatever phones do, the screen stays as it was


def test_a_phone_opens_the_simulator_with_what_the_presenter_has_set_and_runs_it_without_the_server(
    chromium, dashboard_server, presenter
):
    state = State.opening("g8_2001").with_package("balanced")
    visit(presenter, f"{dashboard_server}/?state={state.link}#room")
    presenter.locator(".room-large .code").wait_for()
    with phone_page(chromium, "fr-FR") as phone:
        phone.goto(f"{dashboard_server}/room/{code(presenter)}")
        link = phone.get_by_role("link", name="Essayez sur votre téléphone")
        link.wait_for()
        for _ in range(300):  # the presenter's settings come after the room, once a second at most
            offered = open_link(link.get_attribute("href").split("state=")[1]).state
            if offered.scenario.policies == state.scenario.policies:
                break
            phone.wait_for_timeout(100)
        assert not any(grave_faults_in(phone, None).values()) and phone.evaluate("document.body.scrollWidth") == WIDTH
        with phone.expect_popup() as opened:
            link.tap()
        page = opened.value
        page.locator(".plot svg").wait_for()
        phone.context.set_offline(True)
        values = page.evaluate(OWN_RUN)
        assert page.locator("html").get_attribute("lang") == "fr"
        phone.context.set_offline(False)
        result = run(state.scenario)
        for name in outcomes_for_cards():
            assert np.allclose(values[name], result.total(name)[0], rtol=1e-8), name
        presenter.get_by_role("button", name="Take the simulator off phones").click()
        phone.locator("#try").wait_for(state="hidden")


def test_the_strip_with_the_code_covers_nothing_and_the_presenter_leads_from_the_screen(
    chromium, dashboard_server, presenter
):
    assert grave_faults(presenter) == []
    put(presenter, slip=None)
    with phone_page(chromium, "en-GB") as phone:
        phone.goto(f"{dashboard_server}/room/{code(presenter)}")
        phone.get_by_text("You are in.").wait_for()
        presenter.keyboard.press("Escape")
        strip = presenter.locator(".room-strip")
        box, plot = strip.bounding_box(), presenter.locator(".main-chart figure:visible").bounding_box()
        assert plot["y"] + plot["height"] <= box["y"] + 1 and box["y"] + box["height"] <= 900
        assert strip.inner_text().replace("\u2009", "").count(code(presenter)) == 1
        presenter.keyboard.press("c")
        assert presenter.locator("#stage .large").last.bounding_box()["y"] < box["y"]
        presenter.reload()
        presenter.wait_for_selector("html[data-ready=true]")
        presenter.keyboard.press("f")
        strip.get_by_text("Phones here:").wait_for(timeout=30_000)
        presenter.keyboard.press("j")
        presenter.get_by_role("button", name="New group").click()
        phone.get_by_text("A new group has begun.").wait_for()
        presenter.get_by_role("button", name="Back to the group before").click()
        phone.get_by_text("You are in.").wait_for()
        presenter.get_by_role("button", name="No more seats").click()
        strip.get_by_text("nobody new").wait_for()
        with phone_page(chromium, "en-GB") as late:
            late.goto(phone.url)
            late.locator("#state", has_text="nobody new in at the moment").wait_for()
            assert late.get_by_text("You are in.").count() == 0
            presenter.get_by_role("button", name="Let more in").click()
            late.get_by_text("You are in.").wait_for()  # by itself
        with presenter.expect_download() as taken:
            presenter.get_by_role("link", name="Take everything away").click()
        assert taken.value.suggested_filename.endswith(".zip")
        presenter.get_by_role("button", name="End the room").click()
        presenter.get_by_role("button", name="End it and delete all answers").click()
        phone.get_by_text("The room has ended.").wait_for()
        presenter.get_by_role("button", name="Open a room").wait_for()
