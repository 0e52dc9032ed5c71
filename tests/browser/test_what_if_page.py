"""A what-if page is one file: a slider moves its lines without a server, and nothing is asked of the internet."""

import numpy as np
import pytest

from pushpull import Scenario, plotting, run
from tests.conftest import local_page

DEATHS, BORDER = "deaths_in_transit", "border_control"
LARGEST = 3_000_000  # bytes of a page of 25 settings

LINE = """
(name) => {
  const source = Bokeh.documents[0].roots()[0].select_one_by_name?.(name) ?? Bokeh.documents[0].get_model_by_name(name)
  return Array.from(source.get("set") ?? source.data.set)
}
"""


@pytest.fixture(scope="module")
def scenario():
    return Scenario.load("us_southwest_border").with_changes(start=2025)


def test_a_slider_moves_the_line_of_a_file_that_needs_no_server(chromium, scenario, tmp_path):
    levers = [BORDER, "rescue_capacity"]
    path = plotting.what_if_page(scenario, levers, [DEATHS], tmp_path / "what_if.html", steps=5, language="fr")
    assert path.stat().st_size < LARGEST
    with local_page(chromium, 1280, offline=True) as page:
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        page.get_by_text("Et si ?").first.wait_for()
        assert asked == [path.as_uri()]
        assert page.locator("html").get_attribute("lang") == "fr"
        today = page.evaluate(LINE, DEATHS)
        assert np.allclose(today, run(scenario).total(DEATHS)[0], rtol=1e-6)
        handle = page.locator(".noUi-handle").first
        handle.focus()
        for _ in range(4):
            page.keyboard.press("ArrowRight")
        strict = run(scenario.with_settings([f"{BORDER}=4"])).total(DEATHS)[0]
        moved = page.evaluate(LINE, DEATHS)
        assert np.allclose(moved, strict, rtol=1e-6) and not np.allclose(moved, today, rtol=1e-3)
        page.get_by_role("button").click()
        assert np.allclose(page.evaluate(LINE, DEATHS), today)
        assert asked == [path.as_uri()]
