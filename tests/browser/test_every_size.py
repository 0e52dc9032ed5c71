"""Every page at every size, in both themes and languages, enlarged, in colours of the system, still, and by keyboard."""

import io

import pytest
from PIL import Image

from pushpull.dashboard.i18n.texts import LANGUAGES, language
from tests.browser.access import THEMES, grave_faults
from tests.browser.measures import faults, focus, moving
from tests.browser.sheet import close_sheet, open_sheet
from tests.browser.test_dashboard import open_group, quiet, visit
from tests.browser.test_layout import SIZES
from tests.browser.walking import VIEWS, Walked, begin
from tests.conftest import local_page

ENLARGED, NARROW = (640, 400), (320, 640)  # 1280x800 at 200 %, and the width of WCAG 1.4.10
ALL = (*SIZES, ENLARGED, NARROW)
FEW = ((1280, 720), ENLARGED, (390, 844), NARROW)
TELLING = ("overview", "routes", "diagram", "table", "why", "contested", "scoreboard")  # one of each kind of page
MOST_STOPS = 120  # of the keyboard in one page
# Of what is chosen and what is not: how they look where the system imposes its colours.
LOOKS = """() => {
  const all = (root) => [...root.querySelectorAll("*")].flatMap((each) =>
    [each, ...(each.shadowRoot ? all(each.shadowRoot) : [])]);
  const found = all(document).filter((each) => each.checkVisibility());
  const look = (selector, kept) => {
    const first = found.find((each) => each.matches(selector));
    if (!first) throw new Error(`there is no ${selector}`);
    const style = getComputedStyle(first);
    return kept.map((name) => style[name]).join();
  };
  const border = ["borderBottomColor", "borderLeftColor", "borderBottomStyle", "outlineStyle", "outlineColor",
    "backgroundColor", "color"];
  return [["[role=tab][aria-selected=true]", "[role=tab][aria-selected=false]"],
    [".segments [aria-pressed=true]", ".segments [aria-pressed=false]"],
    [".card:has([aria-pressed=true])", ".card:has([aria-pressed=false])"],
    [".lever.changed", ".lever:not(.changed)"]].map(([one, other]) => [one, look(one, border), look(other, border)]);
}"""


def resize(page, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate("window.scrollTo(0, 0)")
    page.wait_for_timeout(350)


def go(page, click, there):
    """Open a view; the widest page shows everything that is clicked."""
    page.set_viewport_size({"width": 1280, "height": 720})
    page.locator(click).click()
    page.locator(there).first.wait_for(timeout=60_000)


def walk_through(page, views, sizes, folder=None, name=""):
    """What is amiss in each view at each size; where there is a folder, a picture of each is left in it."""
    found = {}
    for view, click, there in VIEWS:
        if view not in views:
            continue
        go(page, click, there)
        for size in sizes:
            resize(page, size)
            if folder is not None:
                picture = "-".join((view.replace(" ", "_"), "x".join(map(str, size)), name))
                page.screenshot(path=folder / f"{picture}.png")
            found[view, size] = faults(page)
            if view == "overview" and size[0] <= 900:
                open_sheet(page)
                page.wait_for_timeout(350)
                found[f"{view}, sheet open", size] = faults(page)
                close_sheet(page)
    return found


def amiss(found):
    return {where: each for where, each in found.items() if each}


@pytest.mark.slow
def test_all_can_be_read_and_hit_at_200_percent_on_a_phone_and_at_320_pixels(chromium, dashboard_server):
    """Nothing beyond the edge, nothing cut, nothing under something else, nothing too small, no scrolling two ways."""
    with local_page(chromium, 1280) as page, quiet(page):
        begin(page, dashboard_server, "fr", Walked())
        found = walk_through(page, TELLING, FEW)
    assert len(found) == len(TELLING) * len(FEW) + 3
    assert amiss(found) == {}


@pytest.mark.audit
@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("code", LANGUAGES)
def test_every_view_at_every_size_leaves_a_picture_and_has_no_fault(
    chromium, dashboard_server, tmp_path_factory, code, theme
):
    """The pictures are to be looked at: where they lie is printed."""
    folder = tmp_path_factory.mktemp(f"pictures_{code}_{theme}")
    print(f"pictures: {folder}")
    with local_page(chromium, 1280, color_scheme=theme) as page, quiet(page):
        begin(page, dashboard_server, code, Walked())
        found = walk_through(page, [name for name, *_ in VIEWS], ALL, folder, f"{code}-{theme}")
        for size in (ENLARGED, NARROW):
            resize(page, size)
            found["axe", size] = grave_faults(page)
    assert amiss(found) == {}
    assert len(list(folder.iterdir())) == len(VIEWS) * len(ALL)


def press_through(page):
    """What the keyboard reaches after the tab that is open, one after the other."""
    page.locator("[role=tab][aria-selected=true]").focus()
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = focus(page)
        if stop is None:
            return
        yield stop
    raise AssertionError("the keyboard does not come out of the page")


def unseen_stops(page, views, size):
    """Stops of the keyboard that show no ring, or lie under something."""
    unseen = {}
    for view, click, there in VIEWS:
        if view in views:
            go(page, click, there)
            resize(page, size)
            stops = list(press_through(page))
            assert len(stops) > 2, (view, stops)
            unseen[view, size] = [stop["name"] for stop in stops if not stop["is_seen"] or not stop["has_ring"]]
    return amiss(unseen)


@pytest.mark.slow
def test_the_keyboard_shows_where_it_is_and_nothing_lies_over_it(chromium, dashboard_server):
    with local_page(chromium, 1280) as page, quiet(page):
        visit(page, f"{dashboard_server}/?language=en")
        assert unseen_stops(page, ("diagram", "why"), (1280, 720)) == {}
        assert unseen_stops(page, ("overview",), (390, 844)) == {}
        open_sheet(page)
        assert [stop["name"] for stop in press_through(page) if not stop["is_seen"] or not stop["has_ring"]] == []


@pytest.mark.audit
@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("size", [(1280, 720), ENLARGED, NARROW], ids=lambda size: "x".join(map(str, size)))
def test_the_keyboard_shows_where_it_is_in_every_view(chromium, dashboard_server, size):
    with local_page(chromium, 1280) as page, quiet(page):
        begin(page, dashboard_server, "fr", Walked())
        assert unseen_stops(page, [name for name, *_ in VIEWS], size) == {}


def test_what_is_chosen_shows_in_colours_of_the_system_and_nothing_moves_by_itself(chromium, dashboard_server):
    with local_page(chromium, 1280, forced_colors="active", reduced_motion="reduce") as page, quiet(page):
        begin(page, dashboard_server, "en", Walked())
        for what, chosen, other in page.evaluate(LOOKS):
            assert chosen != other, what
        open_group(page, "Remedial")
        track = page.locator("[data-control=return_publicity] .track").first
        track.scroll_into_view_if_needed()
        colours = Image.open(io.BytesIO(track.screenshot())).convert("RGB").getcolors(100_000)
        assert max(count for count, _ in colours) < 0.97 * sum(count for count, _ in colours), "rail and thumb are seen"
        assert moving(page) == []
        page.locator("#tab-compare").click()
        page.locator("#way-table").click()
        page.locator("#panel-compare #figure-table").wait_for()
        words = language("en").section("overview")["verdicts"]
        page.locator("#figure-table td small:is(.better, .worse)").first.wait_for()
        told = page.locator("#figure-table td small:is(.better, .worse)").all_inner_texts()
        assert all(each.endswith((words["better"], words["worse"])) for each in told), told


def test_the_scenario_is_named_in_the_head(page, dashboard_server):
    with quiet(page):
        visit(page, f"{dashboard_server}/?language=en")
        page.locator("[data-choice=package]").select_option("remedial")
        page.locator("[data-menu=name] > summary").click()
        page.locator("[data-choice=name]").fill("Courts first")
        page.locator("[data-choice=name]").press("Enter")
        page.wait_for_function("document.title.startsWith('Courts first')")
        assert not page.locator("[data-choice=name]").is_visible()
        assert page.locator("[data-choice=package] option:checked").inner_text() == "Courts first"
        assert page.locator("[data-legend-yours]").first.inner_text() == "Courts first"
        page.locator("[data-menu=name] > summary").click()
        assert page.locator("[data-choice=name]").input_value() == "Courts first"
        page.locator("[data-choice=name]").fill("")
        page.locator("[data-do=name]").click()
        page.wait_for_function("!document.title.startsWith('Courts first')")
        assert page.locator("[data-choice=package]").input_value() == "remedial"
