"""A page that several tests share: to load one takes longer than most tests take with it."""

import pytest

from pushpull.dashboard.state.state import State
from tests.conftest import local_page

# What marks the address is gone from it once the page is there.
GO = """(link) => {
  window.history.pushState(null, "", `?state=${link}&under_way`);
  window.dispatchEvent(new PopStateEvent("popstate"));
}"""
IS_THERE = "(link) => window.pushpull.address().endsWith(`?state=${link}`)"


@pytest.fixture(scope="module")
def loaded_page(chromium, dashboard_server):
    """A page that is loaded once for the tests of a module that share it."""
    from tests.browser.test_dashboard import visit

    with local_page(chromium) as page:
        visit(page, dashboard_server)
        yield page


@pytest.fixture
def page(request, chromium):
    """A fresh page; where a test is marked `shared_page`, one as another test left it, set back to begin with.

    Then the page shows what a fresh one does. What of it is open may differ, and what can be undone.
    """
    if not request.node.get_closest_marker("shared_page"):
        with local_page(chromium) as page:
            yield page
        return
    page = request.getfixturevalue("loaded_page")
    set_back(page)
    yield page


def set_back(page):
    """Go where a page begins, as the browser's own Back does: settings, corridor and all that one may choose to see."""
    begin = State.opening().link
    page.evaluate(GO, begin)
    page.wait_for_function(IS_THERE, arg=begin)
    page.wait_for_function("() => !window.pushpull.unanswered.levers().length")
    page.evaluate("document.activeElement?.blur(); window.scrollTo(0, 0)")
