"""A first visit in a real Chromium: the panel, the questions, the tour, help and the meaning of words."""

from contextlib import suppress

import pytest
from playwright.sync_api import TimeoutError

from pushpull.catalogue import catalogue
from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.state.examples import EXAMPLES
from pushpull.dashboard.state.state import State
from tests.browser.access import grave_faults, grave_faults_in
from tests.browser.test_dashboard import at, change, held, quiet, slider, visit
from tests.conftest import local_page

WAY_OUT = "#guide [data-guide=close]"
STILL = (
    State.opening().looking(ranges=False, language="en").link
)  # no simulations come, so that the page stays as it is


def arrive(page, address):
    """Open the page and wait for the panel."""
    visit(page, address)
    page.locator("#guide").wait_for()


def focused(page):
    return page.evaluate("document.activeElement.id")


def is_inside(page, box):
    view = page.viewport_size
    return box["x"] >= 0 and box["y"] >= 0 and box["x"] + box["width"] <= view["width"] + 1 and (
        box["y"] + box["height"] <= view["height"] + 1
    )  # fmt: skip


def test_the_panel_comes_on_a_first_visit_and_never_again_once_it_is_closed(chromium, dashboard_server):
    with local_page(chromium, 1280, first_visit=True) as page, quiet(page):
        arrive(page, dashboard_server)
        assert grave_faults(page) == []
        page.locator(WAY_OUT).first.click()
        assert not page.locator("#guide").is_visible() and focused(page) == "open-help"
        for address in (dashboard_server, f"{dashboard_server}/?language=fr"):
            visit(page, address)
            page.wait_for_timeout(800)
            assert not page.locator("#guide").is_visible()


def test_it_stays_through_a_change_of_language_and_is_not_for_links(chromium, dashboard_server):
    with local_page(chromium, 1280, first_visit=True) as page, quiet(page):
        visit(page, f"{dashboard_server}/?guide=off")
        page.wait_for_timeout(500)
        assert not page.locator("#guide").is_visible()
    with local_page(chromium, 1280, first_visit=True) as page, quiet(page):
        arrive(page, dashboard_server)
        page.locator("[data-choice=language]").select_option("fr")
        page.locator("html[lang=fr][data-ready=true]").wait_for()
        page.locator("#guide", has_text=language("fr").say("guide.try")).wait_for()
        address = page.url
        assert "state=" in address
    with local_page(chromium, 1280, first_visit=True) as page, quiet(page):
        visit(page, address)
        page.wait_for_timeout(500)
        assert not page.locator("#guide").is_visible()


def test_nothing_moves_for_it_and_it_gives_way_to_a_lever(chromium, dashboard_server):
    place = "() => document.querySelector('.main-chart').getBoundingClientRect().y + scrollY"
    with local_page(chromium, 1280, first_visit=True) as page, quiet(page):
        arrive(page, dashboard_server)
        with_it = page.evaluate(place)
        handle = slider(page, "Preventive", "Governance support")
        handle.focus()
        change(page, lambda: page.keyboard.press("PageUp"), "protection_gap")
        assert not page.locator("#guide").is_visible()
        assert page.evaluate(place) == with_it


# Without a browser each question is tried in every corridor.
@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name == "border_staff" else pytest.mark.audit) for name in EXAMPLES]
)
def test_a_question_opens_its_setting_and_its_page(chromium, dashboard_server, name):
    with local_page(chromium, 1280, first_visit=True) as page, quiet(page):
        arrive(page, dashboard_server)
        view = EXAMPLES[name].view
        change(page, page.locator(f"#guide [data-example={name}]").click, view["focus"])
        page.locator(f"#tab-{view['page']}[aria-selected=true]").wait_for()
        assert not page.locator("#guide").is_visible()
        assert at(page, view["focus"], 2045) != at(page, view["focus"], 2045, "baseline")
        assert len(held(page, view["focus"])[0]) > 0 and view["focus"] in catalogue().outcomes


@pytest.mark.parametrize("width, height", [pytest.param(1280, 720, marks=pytest.mark.audit), (390, 844)])
def test_the_tour_goes_by_keyboard_and_is_found_again(chromium, dashboard_server, width, height):
    with local_page(chromium, width, first_visit=True) as page, quiet(page):
        page.set_viewport_size({"width": width, "height": height})
        arrive(page, dashboard_server)
        page.locator("#guide [data-guide=tour]").focus()
        page.keyboard.press("Enter")
        words, box = language("en").section("guide.steps"), page.locator("#tour")
        steps = [name for name, each in words.items() if isinstance(each, dict)]
        for number, name in enumerate(steps, 1):
            page.locator("#tour h2", has_text=words[name]["title"]).wait_for()
            assert focused(page) == "tour-title"
            assert box.locator("p").first.inner_text() == f"Step {number} of {len(steps)}"
            page.wait_for_timeout(150)
            assert is_inside(page, box.bounding_box()), (name, box.bounding_box())
            assert grave_faults_in(page, "#tour") == {"light": [], "dark": []}
            if number < len(steps):
                page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowLeft")
        page.locator("#tour h2", has_text=words[steps[-2]]["title"]).wait_for()
        page.keyboard.press("Escape")
        assert not box.is_visible() and focused(page) == "open-help"
        page.keyboard.press("Enter")
        page.locator("#help[open]").wait_for()
        page.locator("#help [data-guide=tour]").click()
        assert box.is_visible() and not page.locator("#help").is_visible()
        page.locator("#tour .close").click()
        assert not box.is_visible() and page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("code", ["fr", pytest.param("en", marks=pytest.mark.audit)])
def test_help_holds_all_of_it_and_the_head_stays_one_row(chromium, dashboard_server, code):
    with local_page(chromium, 1280) as page, quiet(page):
        visit(page, f"{dashboard_server}/?language={code}")
        assert page.locator("#head").bounding_box()["height"] <= 56
        page.locator("#open-help").click()
        terms = language(code).section("glossary_terms")
        page.locator("#help .terms").wait_for()
        assert page.locator("#help dt").count() == len(terms)
        assert page.locator("#help table.numbers tbody tr").count() >= 3
        assert grave_faults(page) == []
        page.keyboard.press("Escape")
        assert not page.locator("#help").is_visible() and focused(page) == "open-help"


def test_the_meaning_of_a_word_stands_beside_it_where_it_is_pointed_at_or_focused(page, dashboard_server):
    with quiet(page):
        visit(page, f"{dashboard_server}/?state={STILL}")
        word, told = page.locator("#panel-overview .legend .term", has_text="Baseline"), page.locator("#meaning-told")
        meaning = language("en").say("glossary_terms.baseline.meaning")
        word.focus()
        told.wait_for()
        assert told.inner_text() == meaning
        assert (
            page.evaluate(
                "document.getElementById(document.activeElement.getAttribute('aria-describedby')).textContent"
            )
            == meaning
        )
        page.keyboard.press("Escape")
        assert not told.is_visible()
        word.blur()
        for _ in range(20):  # a page that is still being laid out may move away from under the pointer
            page.mouse.move(2, 2)
            word.hover()
            with suppress(TimeoutError):
                told.wait_for(timeout=3000)
                break
        assert is_inside(page, told.bounding_box())
        page.mouse.move(2, 2)
        told.wait_for(state="hidden")
