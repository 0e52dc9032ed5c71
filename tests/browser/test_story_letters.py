"""What a story shows, measured in every phase of its steps: letters for a room, and all of it in sight."""

import pytest

from pushpull.stories import read_story, story_names
from pushpull.stories.room_steps import stored_room_steps
from tests.browser.access import grave_faults_in
from tests.browser.measures import faults
from tests.browser.test_dashboard import quiet, visit
from tests.browser.test_stage import AXES, AXIS, NUMBER
from tests.conftest import local_page

SIZES = ((1280, 720), (1920, 1080))
MOST_PHASES = 40
IN_TURN = "weak_link"  # shares, lines and a table

# Pixels of every text that is seen, with its beginning; svg is drawn at a scale of its own.
LETTERS = """() => [...document.querySelectorAll("#stage *, main *")].flatMap((each) => {
  const is_seen = each.checkVisibility({visibilityProperty: true, opacityProperty: true});
  if (!is_seen || each.closest(".unseen, .bk-Figure, #notices")) return [];
  const texts = [...each.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data.trim());
  const text = texts.join(" ").trim(), box = each.getBoundingClientRect();
  if (!text || box.width < 2 || box.height < 2) return [];
  const matrix = each.ownerSVGElement ? each.getScreenCTM() : null;
  const scale = matrix ? Math.hypot(matrix.a, matrix.b) : each.currentCSSZoom ?? 1;
  return [[Math.round(10 * scale * parseFloat(getComputedStyle(each).fontSize)) / 10, text.slice(0, 60)]];
})"""
# What does not fit: boxes with more in them than they show, and text beyond the edge of the screen.
OUTSIDE = """() => [...document.querySelectorAll("#stage :is(.story-column, .picture, .picture *, .desk)")]
.filter((each) => {
  if (!each.checkVisibility() || each.closest("svg, .unseen")) return false;
  const box = each.getBoundingClientRect(), is_inline = getComputedStyle(each).display === "inline";
  return box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < 0 || box.top < 0
    || (!is_inline && (each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1));
}).map((each) => `${each.className || each.tagName} ${each.textContent.slice(0, 40)}: `
  + `${each.scrollWidth}x${each.scrollHeight} in ${each.clientWidth}x${each.clientHeight}`)"""
NOW = "() => [document.body.dataset.stage, document.querySelector('.story-column').innerText].join()"
IS_TOLD = "() => document.querySelector('.story-column h2') && !document.querySelector('.story-column > .hint')"
# What a step shows is there once the server has opened its page: its chart, or its picture.
IS_SHOWN = """() => ({
  desk: true,
  page: document.body.dataset.pictured === "true",
  chart: document.querySelector("#panel-overview:not([hidden]) .main-chart figure:not([hidden])"),
})[document.body.dataset.stage]"""
NUMBERS = """() => [...document.querySelectorAll(".picture :is(.number, .changes td:nth-child(2) b)")]
  .map((each) => parseFloat(getComputedStyle(each).fontSize))"""


def begin(page, address, story, language="en"):
    visit(page, f"{address}/?language={language}")
    page.keyboard.press("f")
    page.keyboard.press("s")
    page.locator(f".story[data-story={story}]").press("Enter")


def phases(page):
    """Every phase of a story, from its first step on, by the keyboard alone."""
    before = ""
    for _ in range(MOST_PHASES):
        page.wait_for_function(IS_TOLD)
        page.wait_for_function(IS_SHOWN)
        now = page.evaluate(NOW)
        if now == before:
            return
        before = now
        yield page.evaluate("() => document.body.dataset.stage")
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(150)
    raise AssertionError("the story does not end")


def too_small(page, width):
    return [each for each in page.evaluate(LETTERS) if each[0] < AXES[width]]


LOOKS = (("fr", "dark"), ("en", "light"))
EVERY = [
    pytest.param(name, *look, marks=[] if (name, look) == (IN_TURN, LOOKS[0]) else pytest.mark.audit)
    for name in story_names()
    for look in LOOKS
]


@pytest.mark.parametrize(("story", "language", "theme"), EVERY)
def test_every_step_is_read_from_the_last_row(chromium, dashboard_server, story, language, theme):
    pictures, broken = 0, []
    with local_page(chromium, SIZES[0][0]) as page, quiet(page):
        page.on("pageerror", lambda fault: broken.append(str(fault)))
        page.emulate_media(color_scheme=theme)
        begin(page, dashboard_server, story, language)
        for stage in phases(page):
            assert broken == []
            for width, height in SIZES:
                page.set_viewport_size({"width": width, "height": height})
                page.wait_for_timeout(120)
                where = (page.locator(".story-column .progress").inner_text(), stage, width)
                assert too_small(page, width) == [], where
                assert page.evaluate(OUTSIDE) == [], where
                assert not faults(page).keys() & {"beyond", "cut"}, where
                if stage == "chart":
                    assert page.evaluate(AXIS) >= AXES[width], where
                if stage == "page":
                    assert min(page.evaluate(NUMBERS)) >= NUMBER, where
            if stage == "page":
                pictures += 1
                assert not any(grave_faults_in(page, "#stage").values()), where
        assert pictures == sum("picture" in step for step in stored_room_steps(read_story(story)))
