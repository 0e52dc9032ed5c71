"""A modeller's own folder in a real Chromium: their corridor in the menu, their scenario under Files, a link."""

import pytest

from tests import own_corridor
from tests.browser.test_dashboard import quiet
from tests.conftest import local_page, serving


@pytest.fixture(scope="module")
def mine(tmp_path_factory):
    """The address of the dashboard of a modeller who has a corridor of their own."""
    home = tmp_path_factory.mktemp("mine")
    own_corridor.write(home)
    with serving(
        "-m", "pushpull", "dashboard", log=home / "log.txt", environment={"PUSHPULL_SCENARIOS": str(home)}
    ) as address:
        yield address


def settled(page, act):
    """Do something and wait until the address, which follows the state, is another."""
    before = page.url
    act()
    page.wait_for_function("before => location.href !== before", arg=before)


def heading_of(page, title):
    page.get_by_role("heading", level=1, name=title).wait_for()


def test_ones_own_corridor_opens_from_the_menu_from_files_and_by_link(chromium, mine):
    with local_page(chromium) as page, quiet(page):
        page.goto(mine)
        page.wait_for_selector("html[data-ready=true]")
        page.wait_for_function("new URL(location.href).searchParams.has('state')")
        corridors = page.locator("select[data-choice=corridor]")
        settled(page, lambda: corridors.select_option("strait"))
        heading_of(page, "The strait")
        settled(page, lambda: corridors.select_option("g8_2001"))
        heading_of(page, "A G8 destination in 2001 (illustrative)")
        page.locator("details[data-menu=files] > summary").click()
        settled(page, lambda: page.get_by_role("button", name="returns.yaml").click())
        heading_of(page, "The strait")
        address = page.url
    with local_page(chromium) as other, quiet(other):
        other.goto(address)
        other.wait_for_selector("html[data-ready=true]")
        heading_of(other, "The strait")
        other.get_by_text("Numbers of its place that this corridor sets: 5 of 117").wait_for()
