"""Where things stand in a real Chromium: the moved lever and its chart in one view, and nothing jumps."""

import pytest

from pushpull.dashboard.i18n.texts import LANGUAGES, Language
from pushpull.dashboard.state.state import State
from tests.browser.sheet import close_sheet, open_sheet
from tests.browser.test_dashboard import change, held, open_group, quiet, slider, visit
from tests.conftest import local_page
from tests.few_simulations import FEW

SIZES = ((1280, 720), (1280, 800), (1440, 900), (1920, 1080), (390, 844))
IN_AUDIT = ((1280, 800), (1440, 900), (1920, 1080))  # of the wide ones the smallest is the hardest
MOST_SHIFT = 4  # pixels
# The boxes of what stands still, those in shadow roots among them.
BOXES = """() => {
  const still = "#head, .tabs, .strip, .card, .main-chart > .tools, .main-chart figure, .main-chart h3";
  const find = (root) => [...root.querySelectorAll("*")].flatMap((each) => [
    ...(each.matches(still) ? [each] : []),
    ...(each.shadowRoot ? find(each.shadowRoot) : [])]);
  return find(document).map((each) => each.getBoundingClientRect())
    .map(({x, y, width, height}) => [x, y, width, height]);
}"""
# The changes on cards of which a part is cut, once they are judged in these words.
CUT = """(changes, words) => changes.filter((each) => {
  if (words) each.querySelector(".judged").lastChild.data = words;
  return each.scrollHeight > each.clientHeight + 1 || each.scrollWidth > each.clientWidth + 1;
}).map((each) => each.textContent)"""
SHIFTS = """() => { window.shifts = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => entry.sources.forEach((source) => {
    const far = Math.max(Math.abs(source.currentRect.y - source.previousRect.y),
      Math.abs(source.currentRect.x - source.previousRect.x));
    const seen = source.previousRect.height && source.currentRect.height && source.previousRect.y < innerHeight;
    if (seen) window.shifts = Math.max(window.shifts, far);
  }))).observe({type: "layout-shift"}); }"""


def inside(page, box):
    view = page.viewport_size
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= view["height"] + 1 and box["x"] >= 0


def chart(page):
    """The main chart that is shown; that of the difference where both are."""
    return page.locator(".main-chart figure:visible").first


@pytest.mark.slow
@pytest.mark.parametrize(
    "size",
    [pytest.param(size, marks=pytest.mark.audit if size in IN_AUDIT else []) for size in SIZES],
    ids=lambda size: "x".join(map(str, size)),
)
def test_the_moved_lever_and_its_chart_are_in_one_view_and_nothing_jumps(chromium, dashboard_server, size):
    width, height = size
    with local_page(chromium, width, has_touch=width < 900) as page, quiet(page):
        page.set_viewport_size({"width": width, "height": height})
        visit(page, dashboard_server)
        assert page.locator("#head").bounding_box()["height"] <= 72
        handle = slider(page, "Punitive", "Detection technology")
        handle.scroll_into_view_if_needed()
        handle.focus()
        change(page, lambda: page.keyboard.press("PageUp"), "smuggled_migrants")
        page.wait_for_timeout(500)
        page.evaluate(SHIFTS)
        before = page.evaluate(BOXES)
        boxes = []
        for key in ("PageUp", "End", "Home", "PageUp"):
            change(page, lambda key=key: page.keyboard.press(key), "smuggled_migrants")
            assert inside(page, handle.bounding_box()), (key, handle.bounding_box())
            assert inside(page, chart(page).locator(".plot").bounding_box()), (key, chart(page).bounding_box())
            boxes.append(page.evaluate(BOXES))
        page.wait_for_timeout(1500)
        boxes.append(page.evaluate(BOXES))
        for after in boxes:
            assert len(after) == len(before)
            moved = [
                abs(one - other) for pair in zip(before, after, strict=True) for one, other in zip(*pair, strict=True)
            ]
            assert max(moved) <= MOST_SHIFT
        assert page.evaluate("window.shifts") <= MOST_SHIFT
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_chart_of_the_difference_is_that_of_the_runs_then_that_of_the_simulations(page, dashboard_server):
    with quiet(page):
        visit(page, f"{dashboard_server}/?language=en")
        assert page.locator(".main-chart button[data-chart=difference]").is_disabled()
        page.locator(".main-chart [data-choose=ranges]").click()
        handle = slider(page, "Punitive", "Border control")
        handle.focus()
        change(page, lambda: page.keyboard.press("End"), "middle", "difference")
        page.locator("#figure-difference").wait_for()
        time, middle = held(page, "middle", "difference")
        all_years, yours = held(page, "protection_gap")
        expected = (yours - held(page, "protection_gap", "baseline")[1])[all_years >= 2027]
        assert time[0] == 2027 and middle == pytest.approx(expected)
        page.locator("[data-card=deaths_in_transit]").click()
        page.locator("#figure-difference[data-outcome=deaths_in_transit]").wait_for()
        assert "difference from the baseline" in page.locator("#figure-difference h3").inner_text()
        page.locator(".main-chart [data-choose=ranges]").click()
        page.wait_for_function("""() => {
          const held = window.Bokeh.documents[0].get_model_by_name("difference").data;
          return held.time.length && Number.isFinite(Array.from(held.p95).at(-1));
        }""")
        low, high = (held(page, edge, "difference")[1] for edge in ("p5", "p95"))
        middle = held(page, "middle", "difference")[1]
        assert ((low <= middle) & (middle <= high)).all()
        page.locator(".main-chart button[data-chart=levels]").click()
        page.locator("#figure-main").wait_for()
        page.locator("[data-why]").click()
        page.locator("#why-sentence").wait_for()
        assert "deaths in transit" in page.locator("#why-sentence").inner_text().lower()


def test_from_1600_pixels_on_difference_and_levels_stand_side_by_side(chromium, dashboard_server):
    with local_page(chromium, 1680) as page, quiet(page):
        visit(page, dashboard_server)
        one, other = (page.locator(f"#figure-{name}").bounding_box() for name in ("difference", "main"))
        assert one["y"] == other["y"] and one["x"] + one["width"] < other["x"]


def test_a_group_opens_where_a_package_moves_levers_in_it(page, dashboard_server):
    with quiet(page):
        visit(page, dashboard_server)
        group = page.locator("details.group[data-group=punitive]")
        assert group.get_attribute("open") is None
        slider(page, "Punitive", "Detection technology").focus()  # that it was moved by hand before makes no difference
        change(page, lambda: page.keyboard.press("End"), "smuggled_migrants")
        change(page, lambda: page.locator("[data-do=undo]").click(), "smuggled_migrants")
        group.locator("summary").first.click()
        assert group.get_attribute("open") is None
        packages = page.get_by_role("combobox", name="Policy package")
        change(page, lambda: packages.select_option("punitive"), "smuggled_migrants")
        page.wait_for_function("""() => [...document.querySelectorAll("#levers *")].some((each) =>
          each.shadowRoot?.querySelector("details.group[data-group=punitive][open]"))""")
        assert page.locator("details.group[data-group=preventive]").get_attribute("open") is None


def test_a_word_finds_a_lever_and_an_outcome(page, dashboard_server):
    with quiet(page):
        visit(page, dashboard_server)
        box = page.get_by_role("searchbox", name="Find a lever or an outcome")
        box.fill("asylum access")
        page.locator("#found button").first.wait_for()
        assert page.locator("#found button").first.inner_text().startswith("Access to asylum")
        box.press("Enter")
        active = """() => {
          let found = document.activeElement;
          while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
          return found.dataset.lever;
        }"""
        page.wait_for_function(f"({active})() === 'asylum_access'")
        assert inside(page, slider(page, "Remedial", "Access to asylum").bounding_box())
        box.fill("DÉATHS transit")
        page.locator("#found button", has_text="Deaths in transit").click()
        page.locator("#figure-main[data-outcome=deaths_in_transit]").wait_for()
        box.fill("zzzz")
        page.get_by_text("Nothing has that name.").wait_for()


def touch(client, kind, *point):
    points = [{"x": point[0], "y": point[1]}] if point else []
    client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def swipe(client, start, steps):
    """A finger that comes down, goes by these steps and is lifted."""
    x, y = start
    touch(client, "touchStart", x, y)
    for dx, dy in steps:
        x, y = x + dx, y + dy
        touch(client, "touchMove", x, y)
    touch(client, "touchEnd")


def test_on_a_phone_scrolling_moves_no_slider_and_a_finger_along_it_does(chromium, dashboard_server):
    with local_page(chromium, 390, has_touch=True, is_mobile=True) as page, quiet(page):
        page.set_viewport_size({"width": 390, "height": 844})
        visit(page, dashboard_server)
        assert not page.locator("#levers").is_visible()
        open_sheet(page)
        handle = slider(page, "Remedial", "Protection of victims")
        handle.scroll_into_view_if_needed()
        page.wait_for_timeout(400)
        client = page.context.new_cdp_session(page)
        before = held(page, "people_exploited")[1].tolist()
        box = handle.bounding_box()
        middle = (box["x"] + 0.7 * box["width"], box["y"] + box["height"] / 2)
        place, shown = (
            page.locator("#levers").evaluate("(side) => side.scrollTop"),
            handle.get_attribute("aria-valuetext"),
        )
        swipe(client, middle, [(0, -12)] * 8)
        page.wait_for_timeout(700)
        assert page.locator("#levers").evaluate("(side) => side.scrollTop") > place + 40
        assert handle.get_attribute("aria-valuetext") == shown
        assert held(page, "people_exploited")[1].tolist() == before
        box = handle.bounding_box()
        start = (box["x"] + 0.3 * box["width"], box["y"] + box["height"] / 2)
        change(page, lambda: swipe(client, start, [(10, 1)] * 10), "people_exploited")
        assert handle.get_attribute("aria-valuetext") != shown
        close_sheet(page)
        assert not page.locator("#levers").is_visible()
        open_group(page, "Preventive")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_says_all_of_a_change_whatever_is_said_of_it(page, dashboard_server, language):
    """At the narrowest of the wide sizes, for a package that moves most of what there is, with every verdict."""
    page.set_viewport_size({"width": 1280, "height": 720})
    visit(page, f"{dashboard_server}/?state={State.opening().with_package('balanced').looking(language=language).link}")
    page.locator(".card .chance", has_text=str(FEW[-1])).first.wait_for(state="attached")
    say = Language(language).say
    for size in (".small", ":not(.small)"):
        changes = page.locator(f".cards{size} .card .change:has(.judged)")
        changes.first.wait_for()
        for word in ("so_far", "one_run", "better", "worse", *(["neither", "fewer"] if size == ".small" else [])):
            assert changes.evaluate_all(CUT, say(f"overview.short_verdicts.{word}")) == [], (size, word)
    assert page.locator(".card .change").evaluate_all(CUT, None) == []
