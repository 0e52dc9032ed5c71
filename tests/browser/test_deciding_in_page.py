"""In a browser: simulations marked in one picture are marked in all and told, and a search for a package is begun."""

import pytest

from pushpull.dashboard.state.state import State
from tests.browser.test_dashboard import visit

pytestmark = pytest.mark.browser

MARKED = """() => window.Bokeh.documents.flatMap((held) => {
  const source = held.get_model_by_name("simulations");
  return source ? [[held.roots().length, source.selected.indices.length, source.get_length()]] : [];
})"""


def test_simulations_are_marked_told_and_a_package_is_sought(page, dashboard_server):
    state = State.opening("g8_2001").with_package("punitive")
    state = state.looking(page="compare", way="explore", focus="deaths_in_transit", condition="rises")
    visit(page, f"{dashboard_server}/?state={state.link}")
    page.locator("#simulations-5 canvas").first.wait_for(state="attached")
    page.wait_for_function("() => !document.querySelector('#explore > .hint')")  # all simulations are there
    page.wait_for_function(f"() => ({MARKED})().length === 1 && ({MARKED})()[0][2] > 100")
    ((plots, of_menu, simulations),) = page.evaluate(MARKED)
    assert plots == 6 and 0 < of_menu < simulations
    by_menu = page.locator("#explore-sentence").inner_text()
    assert "the policy raises deaths in transit in 2045" in by_menu

    page.locator("#simulations-3").scroll_into_view_if_needed()
    box = page.locator("#simulations-3").bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 160, steps=4)
    page.mouse.up()
    page.wait_for_function(
        "() => document.querySelector('#explore-sentence').textContent.toLowerCase().includes('marked')"
    )
    ((_, marked, _),) = page.evaluate(MARKED)
    assert marked != of_menu

    page.locator("#choose-condition").select_option("lowest")  # what the keyboard does
    page.wait_for_function("() => document.querySelector('#explore-sentence').textContent.includes('lowest quarter')")
    page.locator("#way-seek").click()
    page.wait_for_function("() => window.Bokeh.documents.length === 1")
    page.locator("#target-outcome-0").select_option("deaths_in_transit")
    page.locator("#target-value-0").fill("1700")
    page.locator("#target-value-0").press("Enter")
    page.locator("#seek-begin:not([disabled])").click()
    page.locator("#seek-stop").click()
    page.locator("#seek [role=status]", has_text="Stopped").wait_for()


def test_pictures_that_come_when_nobody_looks_any_more_are_put_away(page, dashboard_server):
    """The page's fixture holds that it raised nothing."""
    state = State.opening("g8_2001").with_package("punitive").looking(page="compare", way="explore")
    visit(page, f"{dashboard_server}/?state={state.link}")
    page.locator("#simulations-5 canvas").first.wait_for(state="attached")
    page.evaluate("""() => {
      const {embed} = window.Bokeh, real = embed.embed_items;
      embed.embed_items = (...given) => {
        document.querySelector("[data-simulations]").remove();
        window.gone = true;
        return real(...given);
      };
    }""")
    page.locator("#choose-condition").select_option("lowest")
    page.wait_for_function("() => window.gone")
    page.wait_for_timeout(600)  # what was on its way has come
