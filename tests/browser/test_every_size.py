"""Every page at every size, in both themes and languages, enlarged, in colours of the system, and by keyboard."""

import io

import pytest
from PIL import Image

from pushpull.dashboard.i18n.texts import LANGUAGES, language
from tests.browser.access import THEMES, grave_faults
from tests.browser.measures import faults, focus, moving
from tests.browser.sheet import open_sheet
from tests.browser.test_dashboard import open_group, quiet, visit
from tests.browser.test_layout import SIZES
from tests.browser.walking import ENLARGED, NARROW, PHONE, VIEWS, Walked, begin, measure, resize
from tests.conftest import local_page

ALL = (*SIZES, ENLARGED, NARROW)
EACH = tuple(name for name, *_ in VIEWS)
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


def opened(page, views):
    """Open these views one after the other; a wide page shows everything that is clicked."""
    for name, click, there in VIEWS:
        if name in views or click.startswith("#tab"):
            page.set_viewport_size({"width": 1280, "height": 720})
            page.locator(click).click()
        if name in views:
            page.locator(there).first.wait_for()
            yield name


def amiss(found):
    return {where: each for where, each in found.items() if each}


# A page with one fault of each kind, and what is none: a cut text with a title, a small link within a text, a table.
PLANTED = """<body style="margin: 0; font: 16px sans-serif"><main>
  <p id="far" style="width: 900px">beyond</p>
  <p style="width: 60px; overflow: hidden; white-space: nowrap">cut without a title</p>
  <p style="width: 60px; overflow: hidden; white-space: nowrap" title="cut with a title">cut with a title</p>
  <button style="position: absolute; top: 300px; left: 20px">under</button>
  <div style="position: absolute; top: 290px; left: 0; width: 200px; height: 60px; background: white"></div>
  <p style="margin-top: 20px"><button class="one" style="width: 14px; height: 14px; padding: 0"></button><button
    class="two" style="width: 14px; height: 14px; padding: 0"></button></p>
  <p>words and <a href="#far">a link</a> and words</p>
  <div style="width: 200px; overflow: auto"><p style="width: 400px">two ways</p></div>
  <div style="width: 200px; overflow: auto"><table style="width: 400px"><tr><td>a table</td></tr></table></div>
  <table style="width: 30px; table-layout: fixed; overflow-wrap: break-word"><tr><td>unreadable</td></tr></table>
  <div style="margin-top: 200px; height: 60px; overflow: auto">
    <button style="display: block; height: 90px">scrolled</button></div>
  <button style="height: 30px">below it</button>
</main></body>"""


def test_each_kind_of_fault_is_found_where_there_is_one(chromium):
    with local_page(chromium, 640) as page:
        page.set_content(PLANTED)
        found = faults(page)
    assert found["beyond"] == ["the page is 900 wide in 640", 'p.far "beyond"']
    assert found["cut"] == ['p. "cut without a title" across', 'td. "unreadable" broken']
    assert found["covered"] == ['button. "under" lies under div. ""']
    assert [each.split()[0] for each in found["small"]] == ["button.one", "button.two"]
    assert found["ways"] == ['div. "two ways"']


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
        seen = Walked()
        begin(page, dashboard_server, code, seen)

        def leave_picture(view, size):
            page.screenshot(path=folder / f"{view.replace(' ', '_')}-{size[0]}x{size[1]}.png")

        for view in opened(page, EACH):
            measure(page, seen, view, ALL, leave_picture)
            seen.faults[view, NARROW] = grave_faults(page)
    assert len(seen.measured) >= len(VIEWS) * len(ALL) and len(seen.faults) == len(VIEWS)
    assert amiss(seen.measured | seen.faults) == {}
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
    for view in opened(page, views):
        resize(page, size)
        stops = list(press_through(page))
        assert len(stops) > 2, (view, stops)
        unseen[view, size] = [stop["name"] for stop in stops if not stop["is_seen"] or not stop["has_ring"]]
    return amiss(unseen)


@pytest.mark.slow
def test_the_keyboard_shows_where_it_is_and_nothing_lies_over_it(chromium, dashboard_server):
    with local_page(chromium, 1280) as page, quiet(page):
        visit(page, f"{dashboard_server}/?language=en")
        assert unseen_stops(page, ("diagram",), (1280, 720)) == {}
        assert unseen_stops(page, ("overview",), PHONE) == {}
        page.locator("#tab-overview").click()
        resize(page, PHONE)
        open_sheet(page)
        assert [stop["name"] for stop in press_through(page) if not stop["is_seen"] or not stop["has_ring"]] == []


@pytest.mark.audit
@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("size", [(1280, 720), ENLARGED, NARROW], ids=lambda size: "x".join(map(str, size)))
def test_the_keyboard_shows_where_it_is_in_every_view(chromium, dashboard_server, size):
    with local_page(chromium, 1280) as page, quiet(page):
        begin(page, dashboard_server, "fr", Walked())
        assert unseen_stops(page, EACH, size) == {}


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
