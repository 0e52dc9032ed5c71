"""A walk through every page and every view in it, in any language; what is seen on the way is kept."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle, repeat

from playwright.sync_api import TimeoutError  # noqa: A004

from tests.browser.access import THEMES, grave_faults_in
from tests.browser.measures import faults
from tests.browser.sheet import close_sheet, open_sheet
from tests.browser.test_dashboard import visit

# Name, what is clicked, and what then stands there.
VIEWS = (
    ("overview", "#tab-overview", "#panel-overview #figure-0"),
    ("gallery", "#tab-outcomes", "#panel-outcomes #part-gallery"),
    ("routes", "#part-routes", "#panel-outcomes #gateways"),
    ("factors", "#part-factors", "#panel-outcomes #figure-factor-stay"),
    ("who is returned", "#part-returned", "#panel-outcomes #returned"),
    ("recorded", "#part-recorded", "#panel-outcomes #figure-recorded-interdictions"),
    ("diagram", "#part-diagram", "#panel-outcomes #figure-loop"),
    ("multiples", "#tab-compare", "#panel-compare #figure-multiple-yours"),
    ("difference", "#way-difference", "#panel-compare #figure-multiple-yours"),
    ("table", "#way-table", "#panel-compare #figure-table"),
    ("trade-off", "#way-tradeoff", "#panel-compare #figure-tradeoff"),
    ("parallel axes", "#way-parallel", "#panel-compare #figure-parallel"),
    ("levers compared", "#way-levers", "#panel-compare #figure-levers"),
    ("for a given sum", "#way-sum", "#panel-compare #figure-sum"),
    ("policy or assumption", "#way-effects", "#panel-compare #effects-sentence"),
    ("simulations", "#way-explore", "#panel-compare #simulations-5 canvas"),
    ("robust choice", "#way-robust", "#panel-compare #figure-robust"),
    ("find a package", "#way-seek", "#panel-compare #seek-begin"),
    ("why", "#tab-why", "#panel-why ol.path"),
    ("what is known of an outcome", "#tab-evidence", "#panel-evidence .how"),
    ("contested", "#subject-contested", "#panel-evidence #page-formula-decline_berthiaume2021"),
    ("report", "#subject-report", "#panel-evidence #prepare"),
    ("what changed", "#subject-changes", "#panel-evidence #figure-versions"),
    ("forecasts", "#subject-forecasts", "#panel-evidence .forecasts figure:nth-child(3)"),
    ("scoreboard", "#subject-scoreboard", "#panel-evidence table.evidence tr:nth-child(60)"),
)
TICKS = [0, 0.25, 1234.5, 56789, 1.25e6, 3.4e9]
LEVER = "governance_support"  # one published effect is about it
PHONE, ENLARGED, NARROW = (390, 844), (640, 400), (320, 640)  # 1280x800 at 200 %, and the width of WCAG 1.4.10
WHILE_A_CHART_FOLLOWS = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"
ON_A_PHONE = ("overview", "gallery", "routes", "diagram", "multiples", "table", "why", "what is known of an outcome")
_OPEN = """(selector) => {
  const open = (root) => {
    root.querySelectorAll("details").forEach((each) => { each.open = true; });
    root.querySelectorAll("*").forEach((each) => { if (each.shadowRoot) open(each.shadowRoot); });
  };
  open(document.querySelector(selector));
}"""
# Every text and every attribute that is read out, with the language it is marked with.
_TEXTS = """() => {
  const found = new Set();
  const language = (node) => {
    for (let each = node; each; each = each.parentElement ?? each.getRootNode().host)
      if (each.getAttribute?.("lang")) return each.getAttribute("lang");
    return "";
  };
  const keep = (element, text) => { if (text?.trim()) found.add(JSON.stringify([language(element), text.trim()])); };
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (["SCRIPT", "STYLE", "CODE"].includes(element.tagName) || element.closest("head")) continue;
      for (const name of ["aria-label", "aria-valuetext", "title", "alt", "placeholder", "label"])
        keep(element, element.getAttribute(name));
      for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) keep(element, node.data);
      if (element.shadowRoot) walk(element.shadowRoot);
    }
  };
  walk(document);
  return [...found].map((each) => JSON.parse(each));
}"""
_AXES = """(values) => [...document.querySelectorAll("figure[data-place]")]
  .map((figure) => window.Bokeh.documents[0].get_model_by_name("chart_" + figure.dataset.place)).filter(Boolean)
  .flatMap((chart) => chart.left[0].formatter.doFormat(values, {loc: 0}))"""
_ALL_STAND = "() => [...document.querySelectorAll('.thirds .plot')].every((plot) => plot.childElementCount)"
_TOOLTIPS = """() => {
  const find = (root) => [...root.querySelectorAll("*")].flatMap((each) => [
    ...(each.matches(".bk-tooltip-content") ? [each] : []), ...(each.shadowRoot ? find(each.shadowRoot) : [])]);
  return find(document).map((each) => each.textContent.trim()).filter(Boolean);
}"""


@dataclass
class Walked:
    """What was seen: grave faults by view and theme, what cannot be read or hit by view and size, texts with the
    language they are marked with, what the console said, the labels of the charts' axes, what a chart tells where one
    points at it, and the themes in which the views to come are looked at."""

    faults: dict = field(default_factory=dict)
    measured: dict = field(default_factory=dict)
    texts: set = field(default_factory=set)
    said: list = field(default_factory=list)
    axes: list = field(default_factory=list)
    hovered: list = field(default_factory=list)
    themes: Iterator = field(default_factory=lambda: repeat(THEMES))


def begin(page, address, code, seen):
    """Open the page in a language, with a package that has advisories and with a changed assumption."""
    page.on("console", lambda told: seen.said.append(told.text) if told.type in ("error", "warning") else None)
    visit(page, f"{address}/?language={code}")
    page.locator("[data-choice=package]").select_option("publicity_only")
    page.locator("section.advisories").wait_for()
    open_sheet(page)
    page.locator("#loops > summary").click()
    page.locator("#loop-fee").click()
    close_sheet(page)


def walk_on_a_phone(page, address, code, in_turn=False):
    """Go through the pages and their widest views in one language and one theme; measure each at every size, or at one
    of them in turn, the first at all."""
    seen = Walked(themes=repeat(["dark"]))
    begin(page, address, code, seen)
    sizes = cycle([size] for size in (NARROW, ENLARGED, PHONE)) if in_turn else repeat((ENLARGED, NARROW, PHONE))
    for name, click, there in VIEWS:
        if name in ON_A_PHONE:
            go(page, click)
            page.locator(there).first.wait_for()
            look(page, seen, name, there.split()[0])
            measure(page, seen, name, (ENLARGED, NARROW, PHONE) if name == VIEWS[0][0] else next(sizes))
            resize(page, PHONE)
    return seen


def walk(page, address, code, in_turn=False):
    """Go through every view in one language and look at each in both themes, or in one of them in turn."""
    seen = Walked(themes=cycle([theme] for theme in THEMES) if in_turn else repeat(THEMES))
    begin(page, address, code, seen)
    for name, click, there in VIEWS:
        page.locator(click).click()
        page.locator(there).first.wait_for()
        look(page, seen, name, there.split()[0])
        if name == "overview":
            look_at_charts(page, seen)
    page.locator("#choose-subject").select_option(LEVER)
    page.locator("#run-some").click()
    page.locator("table.evidence td", has_text="\u2013").first.wait_for()
    look(page, seen, "what is known of a lever", "#panel-evidence")
    bad = {"name": "mine.yaml", "mimeType": "application/yaml", "buffer": b"policies: {border_controll: 2}\n"}
    page.locator(".actions > input[type=file]").set_input_files(bad)
    page.get_by_role("alert").first.wait_for()
    look(page, seen, "a refused file", "#notices")
    for menu in ("reset", "files"):
        page.locator(f"[data-menu={menu}] summary").click()
        look(page, seen, f"the menu {menu}", "header")
        page.locator(f"[data-menu={menu}] summary").click()  # an open one may cover the next
    page.evaluate(_OPEN, "aside")
    look(page, seen, "every control open", "aside")
    page.locator("#tab-overview").click()
    page.evaluate(_OPEN, "main")
    look(page, seen, "every table and menu open", "#panel-overview")
    return seen


def go(page, click):
    """Click what opens a view; a narrow page has a list in the place of the buttons for ways to compare."""
    if click.startswith("#way-") and page.locator("#choose-way").is_visible():
        page.locator("#choose-way").select_option(click.removeprefix("#way-"))
    else:
        page.locator(click).click()


def resize(page, size):
    """Give the page another size, to which its charts come after it."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate("window.scrollTo(0, 0)")
    page.wait_for_timeout(300)
    with suppress(TimeoutError):
        page.wait_for_function(WHILE_A_CHART_FOLLOWS, timeout=30_000)


def measure(page, seen, name, sizes, leave_picture=None):
    """Measure the page at these sizes, with the sheet of levers open too where it lies over the overview."""
    for size in sizes:
        resize(page, size)
        if leave_picture is not None:
            leave_picture(name, size)
        seen.measured[name, size] = faults(page)
        if name == "overview" and page.locator("#sheet").is_visible():
            open_sheet(page)
            page.wait_for_timeout(300)
            seen.measured["overview, sheet open", size] = faults(page)
            close_sheet(page)


def look(page, seen, name, room):
    """Look at a room of the page in the themes whose turn it is, and keep the texts of the whole page."""
    for theme, found in grave_faults_in(page, room, next(seen.themes)).items():
        seen.faults[name, theme] = found
    seen.texts |= {tuple(each) for each in page.evaluate(_TEXTS)}


def look_at_charts(page, seen):
    """Keep what is written on axes and where one points at a chart, and the texts of the whole page."""
    seen.hovered = [hovered(page, place) for place in ("0", "2")]  # they are in sight, and so all are made
    page.wait_for_function(_ALL_STAND)
    seen.axes = page.evaluate(_AXES, TICKS)
    seen.texts |= {tuple(each) for each in page.evaluate(_TEXTS)}


def hovered(page, place):
    """What a chart tells where one points at it.

    A chart that draws the range of its simulations meanwhile takes its tooltip away: one points again, as readers do.
    """
    plot = page.locator(f"#figure-{place} .plot")
    plot.scroll_into_view_if_needed()
    for _ in range(20):
        box = plot.bounding_box()
        for part in (0.7, 0.8):
            page.mouse.move(box["x"] + part * box["width"], box["y"] + 0.5 * box["height"])
        try:
            told = page.wait_for_function(f"() => ({_TOOLTIPS})().join(' ')", timeout=2_000).json_value()
        except TimeoutError:
            told = ""
        page.mouse.move(0, 0)
        if told:
            return told
    raise AssertionError(f"figure {place} tells nothing where one points at it")
