"""The presenter's view in a real Chromium: sizes for a room, keys, a window that follows, and nothing else."""

import pytest

from pushpull.dashboard.state.state import State
from tests.browser.access import grave_faults
from tests.browser.test_dashboard import change, quiet, visit
from tests.conftest import local_page

NUMBER, AXES = 48, {1280: 19, 1920: 28}  # pixels, at least
STAGE = "#stage"
# What is seen of the page beside the stage, the levers and the chart.
SEEN = """() => [...document.querySelectorAll(
    "#head, .tabs, .headline, .main-chart > .tools, .thirds, .question, .finder")]
  .filter((each) => each.getClientRects().length).map((each) => each.className || each.id)"""
AXIS = """() => Math.min(...["figure-difference", "figure-main"].flatMap((id) => {
  const chart = Bokeh.documents[0].get_model_by_name(id.replace("figure-", "chart_"));
  return [...chart.below, ...chart.left].map((each) => parseFloat(each.major_label_text_font_size));
}))"""
LETTERS = """(wanted) => [...document.querySelectorAll(wanted)].filter((each) => each.getClientRects().length)
  .map((each) => parseFloat(getComputedStyle(each).fontSize))"""
DEEPEST = """() => { let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found.id; }"""
COVERED = (
    "() => [...document.querySelectorAll('.cover')].some((each) => each.getClientRects().length > 0 && !each.hidden)"
)


TOLD = "() => document.querySelector('#stage .said .value').innerText"
# Told later by `window.grew`: that there was a picture with the number and with lines that were not whole yet.
GROWS = f"""(told) => {{
  const grows = () => ({TOLD})() === told && ({COVERED})();
  const look = () => {{ if (grows()) window.grew = true; else requestAnimationFrame(look); }};
  look();
}}"""


PUNITIVE = State.opening().with_package("punitive").looking(ranges=False).link  # whose number stays as it is


def begin(page, address):
    visit(page, f"{address}/?state={PUNITIVE}")
    page.keyboard.press("f")
    page.locator(f"{STAGE}:visible").wait_for()
    page.wait_for_function(TOLD)


def number(page):
    return page.locator(f"{STAGE} .said .value").inner_text()


@pytest.mark.parametrize(
    "size",
    [pytest.param((1280, 720), marks=pytest.mark.audit), (1920, 1080)],
    ids=lambda size: "x".join(map(str, size)),
)
def test_one_chart_fills_the_screen_in_letters_for_a_room(chromium, dashboard_server, size):
    width, height = size
    with local_page(chromium, width) as page, quiet(page):
        page.set_viewport_size({"width": width, "height": height})
        begin(page, dashboard_server)
        assert page.evaluate(SEEN) == []
        assert min(page.evaluate(LETTERS, f"{STAGE} .value")) >= NUMBER
        title, told = (page.locator(f"{STAGE} .said {each}").bounding_box() for each in ("h2", ".value"))
        assert title["y"] + title["height"] <= told["y"] + 1
        assert page.evaluate(AXIS) >= AXES[width]
        figure = page.locator(".main-chart figure:visible")
        assert figure.count() == 1
        box = figure.bounding_box()
        assert box["width"] > 0.6 * width and box["height"] > 0.6 * height
        pinned = page.locator("#levers [data-pin]:visible")
        assert 3 <= pinned.count() <= 5 and page.locator("#levers .lever:visible").count() == pinned.count()
        last = pinned.last.bounding_box()
        assert last["y"] + last["height"] <= height  # all of them without scrolling
        page.keyboard.press("c")
        values = page.evaluate(LETTERS, f"{STAGE} .large .value")
        assert len(values) == 4 and min(values) >= NUMBER
        assert page.locator(".large h3").first.inner_text().startswith("Protection wrongly denied")
        assert not page.evaluate("document.documentElement.scrollHeight > innerHeight + 1")
        assert grave_faults(page) == []


def test_a_presenter_needs_the_keys_alone(chromium, dashboard_server):
    with local_page(chromium, 1280) as page, quiet(page):
        begin(page, dashboard_server)
        told, plot = number(page), page.locator(".main-chart figure:visible").bounding_box()
        page.keyboard.press("r")
        assert number(page) == "?" and page.evaluate(COVERED)
        assert page.locator(f"{STAGE} .change").inner_text() == ""
        page.evaluate(GROWS, told)
        page.keyboard.press("r")
        page.wait_for_function("window.grew")
        page.wait_for_function("() => [...document.querySelectorAll('.cover')].every((each) => each.hidden)")
        page.keyboard.press("0")
        assert number(page).startswith("baseline")
        page.keyboard.press("0")
        assert number(page) == told
        page.keyboard.press("b")
        page.locator(f"{STAGE} .blank").wait_for()
        page.keyboard.press("b")
        page.keyboard.press("?")
        page.get_by_role("dialog", name="Keys").wait_for()
        assert grave_faults(page) == []
        page.keyboard.press("Escape")
        page.keyboard.press("2")
        lever = page.evaluate(DEEPEST)
        assert lever and lever == page.locator("#levers [data-pin] input[type=range]:visible").nth(1).get_attribute(
            "id"
        )
        change(page, lambda: page.keyboard.press("Home"), "smuggled_migrants")
        assert page.locator(".main-chart figure:visible").bounding_box() == plot
        title = page.locator("#stage-title").inner_text()
        page.keyboard.press("Escape")  # from the lever back to the stage
        page.keyboard.press("ArrowRight")
        page.wait_for_function("(old) => document.getElementById('stage-title').innerText !== old", arg=title)
        page.keyboard.press("Escape")
        assert not page.locator(STAGE).is_visible() and page.locator("#head").is_visible()
        assert page.evaluate(AXIS) == 12 and not page.evaluate(COVERED)
        page.locator("#find").focus()
        page.keyboard.type("fee")  # letters that are typed are letters
        assert not page.locator(STAGE).is_visible() and page.locator("#find").input_value() == "fee"


def test_the_presenter_chooses_levers_and_they_stay(chromium, dashboard_server):
    with local_page(chromium, 1280) as page, quiet(page):
        begin(page, dashboard_server)
        page.keyboard.press("p")
        chooser = page.get_by_role("dialog", name="Levers beside the chart")
        ticked = [box.get_attribute("value") for box in chooser.locator("input:checked").all()]
        for lever in ticked[1:]:
            chooser.locator(f"[value={lever}]").uncheck()
        assert chooser.locator("input:checked").is_disabled()  # one stays
        chooser.locator("input:not(:checked)").last.check()
        page.keyboard.press("Escape")
        page.reload()
        page.wait_for_selector("html[data-ready=true]")
        page.keyboard.press("f")
        page.locator(f"{STAGE}:visible").wait_for()
        assert page.locator("#levers [data-pin]:visible").count() == 2


def test_a_second_window_follows(chromium, dashboard_server):
    with local_page(chromium, 1280) as page, quiet(page):
        begin(page, dashboard_server)
        second = page.context.new_page()
        second.set_viewport_size({"width": 1280, "height": 720})
        second.goto(page.url + "#follow")
        second.locator(f"{STAGE}:visible").wait_for()
        assert second.locator("#levers").bounding_box() is None
        page.keyboard.press("b")
        second.locator(f"{STAGE} .blank").wait_for()
        page.keyboard.press("b")
        title = page.locator("#stage-title").inner_text()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("(old) => document.getElementById('stage-title').innerText !== old", arg=title)
        new = page.locator("#stage-title").inner_text()
        second.wait_for_function("(new_) => document.getElementById('stage-title').innerText === new_", arg=new)
        page.keyboard.press("1")
        change(page, lambda: page.keyboard.press("End"), "smuggled_migrants")
        told = number(page)
        second.wait_for_function("(told) => document.querySelector('#stage .said .value').innerText === told", arg=told)


def test_two_presenters_do_not_answer_each_other_and_a_chart_that_comes_is_covered(chromium, dashboard_server):
    with local_page(chromium, 1280) as page, quiet(page):
        begin(page, dashboard_server)
        other = page.context.new_page()
        begin(other, dashboard_server)
        page.evaluate(
            "window.told = 0; new BroadcastChannel('pushpull_stage').addEventListener('message', () => window.told++)"
        )
        other.keyboard.press("b")
        page.wait_for_function("window.told")
        other.wait_for_timeout(1000)
        assert 1 <= page.evaluate("window.told") <= 3  # a black screen is told once, and not back and forth
        assert not page.locator(f"{STAGE} .blank").is_visible()
        other.close()
        page.keyboard.press("r")
        for shown in ("figure-main", "figure-difference"):
            page.keyboard.press("l")
            page.locator(f"#{shown}:visible").wait_for()
            page.wait_for_timeout(500)
            box, plot = (page.locator(f"#{shown} {part}").bounding_box() for part in (".cover", ".plot"))
            assert (
                box
                and box["height"] > 0.7 * plot["height"]
                and box["x"] + box["width"] >= plot["x"] + 0.95 * plot["width"]
            )
