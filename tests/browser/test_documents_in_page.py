"""Documents in a real Chromium: found under Help, searched by words, read by keyboard, small, dark and in French."""

from pushpull.documents.document_list import documents
from tests.browser.access import grave_faults
from tests.browser.test_dashboard import quiet, visit
from tests.conftest import local_page


def width_beyond(page):
    """By how much a page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def test_help_lists_every_document_and_opens_it_beside_the_simulator(chromium, dashboard_server):
    with local_page(chromium) as page, quiet(page):
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        visit(page, dashboard_server)
        assert not [url for url in asked if "/help/" in url], "what Help holds is fetched when it is opened"
        page.locator("#open-help").click()
        links = page.locator("#help .documents a")
        links.nth(len(documents()) - 1).wait_for()
        assert links.count() == len(documents())
        with page.expect_popup() as opened:
            links.filter(has_text="A fit of your own").click()
        document = opened.value
        document.locator("h1", has_text="A fit of your own").wait_for()
        assert grave_faults(document) == []
        document.locator("a.other").click()
        document.locator("h1", has_text="Un calage à soi").wait_for()
        assert page.locator("#help[open]").is_visible()


def test_a_word_is_found_by_keyboard_on_a_small_dark_screen(chromium, dashboard_server):
    with local_page(chromium, 360, color_scheme="dark") as page, quiet(page):
        page.goto(f"{dashboard_server}/help/fr/how_it_is_fitted.html")
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        assert width_beyond(page) <= 0 and not page.locator(".contents ul").first.is_visible()
        page.keyboard.press("/")
        page.keyboard.type("deces trajet")
        page.locator("#found a").first.wait_for()
        assert width_beyond(page) <= 0
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/outcomes.html#outcome_deaths_in_transit")
        assert page.locator("#outcome_deaths_in_transit").is_visible() and width_beyond(page) <= 0
        page.goto(f"{dashboard_server}/help/en/own_fit.html?q=zzzz")
        page.locator("#found", has_text="Nothing found").wait_for()
        page.keyboard.press("Escape")
        assert not page.locator("#found").is_visible()


def test_what_is_no_document_is_not_there(chromium, dashboard_server):
    with local_page(chromium) as page:
        for path in ("en/nothing.html", "de/index.html", "en/own_fit.md", "../server/serve.py"):
            assert page.request.get(f"{dashboard_server}/help/{path}").status == 404, path
        answer = page.request.get(f"{dashboard_server}/help/site.js")
        assert answer.ok and "script-src 'self'" in answer.headers["content-security-policy"]
