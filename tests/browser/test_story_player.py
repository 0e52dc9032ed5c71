"""A story in a real Chromium: played by keys alone, guessed at and revealed, undone, and left as it was found."""

import pytest

from pushpull.dashboard.state.state import State
from pushpull.stories import read_story
from pushpull.stories.room_steps import stored_room_steps
from tests.browser.access import grave_faults
from tests.browser.test_dashboard import quiet, visit
from tests.browser.test_stage import LETTERS
from tests.conftest import local_page

STORY = "weak_link"
BEFORE = State.opening().with_package("punitive").looking(ranges=False).link
LETTERS_OF_A_ROOM = {1280: 19, 1920: 28}  # pixels, at least


def begin(page, address, language="en"):
    visit(page, f"{address}/?state={BEFORE}&language={language}")
    page.locator("[data-stories]").click()
    page.locator(f".story[data-story={STORY}]").wait_for()
    page.locator(f".story[data-story={STORY}]").press("Enter")
    page.locator(".story-column .progress").wait_for()
    at(page, 1, "page")


def at(page, place, stage):
    """Wait until a step is there, as that part of the view shows it."""
    page.wait_for_function(
        """([place, stage]) => document.body.dataset.stage === stage
          && document.querySelector('.story-column .progress').textContent.includes(` ${place} `)
          && !document.querySelector('.story-column > .hint')""",
        arg=[place, stage],
    )


def column(page):
    return page.locator(".story-column").inner_text().replace("\u00a0", " ").replace("\u202f", " ")


def test_a_whole_story_is_played_by_keyboard_alone_and_left_as_it_was_found(chromium, dashboard_server):
    steps, story = stored_room_steps(read_story(STORY)), read_story(STORY)
    with local_page(chromium, 1920) as page, quiet(page):
        page.set_viewport_size({"width": 1920, "height": 1080})
        begin(page, dashboard_server)
        assert steps[0]["title"]["en"] in column(page) and "ILLUSTRATIVE" in column(page).upper()
        # A direction: chosen, revealed, the reveal undone, asked again.
        page.keyboard.press("ArrowRight")
        at(page, 2, "desk")
        assert steps[1]["question"]["en"] in column(page)
        assert "The model's answer" not in column(page) and page.locator(".main-chart:visible").count() == 0
        page.locator(".ask input").first.focus()
        page.keyboard.press("ArrowDown")  # the arrows are the answer's while a hand is there
        assert page.locator(".ask input:checked").get_attribute("value") == "hardly"
        page.keyboard.press("Escape")
        page.keyboard.press("r")
        page.locator(".answers[data-revealed=true] tr.model").wait_for()
        assert page.locator(".answers tr.own").inner_text().startswith("Hardly changes")
        assert page.locator(".answers tr.model .dots i.filled").count() == steps[1]["reveal"]["moves"]["rises"]
        assert steps[1]["reveal"]["text"]["en"].replace("\u00a0", " ") in column(page)
        page.keyboard.press("r")
        page.locator(".ask input:checked").wait_for()  # undone, and what was answered is still there
        assert "The model's answer" not in column(page)
        page.keyboard.press("a")
        page.wait_for_function(
            "() => document.querySelectorAll('.ask input').length && !document.querySelector('.ask input:checked')"
        )
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        at(page, 2, "chart")  # the page itself, whose lines grow
        page.wait_for_function("() => document.querySelector('#stage-title').innerText.includes('2037')")
        # How many of twenty, an order, an amount: each with keys.
        page.keyboard.press("ArrowRight")
        at(page, 3, "desk")
        page.locator(".ask input[type=range]").focus()
        page.keyboard.press("Home")
        assert page.locator(".ask output").inner_text() == "0 of 20" and page.locator(".ask .dots .filled").count() == 0
        page.keyboard.press("Escape")
        page.keyboard.press(" ")
        page.locator(".answers .twenty").wait_for()
        page.keyboard.press(" ")
        at(page, 3, "chart")
        page.keyboard.press(" ")
        at(page, 4, "desk")
        page.locator(".ask .order li:nth-child(3) button").first.press("Enter")
        assert page.locator(".ask .order li").nth(1).inner_text().startswith("The crackdown with common penalties")
        page.keyboard.press("Escape")
        page.keyboard.press("r")
        page.locator(".answers tr.model").wait_for()
        page.keyboard.press("ArrowRight")
        at(page, 4, "page")
        shown = page.locator(".picture .number").all_inner_texts()
        assert [each.replace("\u00a0", " ") in column(page) for each in shown] == [True] * 3  # as the text says
        page.keyboard.press("ArrowRight")
        at(page, 5, "desk")
        page.keyboard.press("ArrowLeft")
        at(page, 4, "page")  # back is the last of the step before
        page.keyboard.press("ArrowRight")
        page.keyboard.press("r")
        page.locator(".answers circle.simulation").first.wait_for()
        assert page.locator(".answers circle.simulation").count() == 20
        # Left by Escape: the page is as it was before the story.
        page.keyboard.press("Escape")
        page.wait_for_function(
            "() => document.body.dataset.story === 'false' && document.body.dataset.stage === 'chart'"
        )
        page.keyboard.press("Escape")
        page.wait_for_function("(link) => new URL(location.href).searchParams.get('state') === link", arg=BEFORE)
        assert page.locator("#corridor-title").inner_text() != story.setting_title("crackdown", "en")


@pytest.mark.parametrize(
    ("width", "language", "theme"),
    [(1280, "fr", "dark"), pytest.param(1920, "en", "light", marks=pytest.mark.audit)],
)
def test_letters_are_for_a_room_and_nothing_is_out_of_reach(chromium, dashboard_server, width, language, theme):
    with local_page(chromium, width) as page, quiet(page):
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": width * 9 // 16})
        begin(page, dashboard_server, language)
        least = LETTERS_OF_A_ROOM[width]
        for stage in ("page", "desk", "desk", "chart"):
            texts = page.evaluate(LETTERS, ".story-column > :is(p:not(.progress, .hint, .source), h2)")
            assert min(texts) >= least, stage
            assert page.evaluate("() => document.querySelector('.story-column').scrollHeight <= innerHeight")
            if stage == "desk":
                asked = page.evaluate(LETTERS, ".desk :is(.ask label, .answers th)")
                assert asked and min(asked) >= least
                assert grave_faults(page) == []
            page.keyboard.press("ArrowRight")
            page.wait_for_timeout(300)


def test_a_page_that_is_loaded_anew_goes_on_where_the_story_was(chromium, dashboard_server):
    with local_page(chromium, 1280) as page, quiet(page):
        begin(page, dashboard_server)
        page.keyboard.press("ArrowRight")
        at(page, 2, "desk")
        page.locator(".ask input").first.check()
        page.keyboard.press("Escape")
        page.keyboard.press("r")
        page.locator(".answers tr.model").wait_for()
        page.reload()
        page.locator(".answers tr.model").wait_for()
        at(page, 2, "desk")
        assert page.locator(".answers tr.own").inner_text().startswith("Rises")
        page.keyboard.press("ArrowLeft")
        page.locator(".ask input:checked").wait_for()
        page.keyboard.press("Escape")  # out of the story, to what was there before it
        page.wait_for_function("() => document.body.dataset.story === 'false'")
        page.wait_for_function("(link) => new URL(location.href).searchParams.get('state') === link", arg=BEFORE)
        page.reload()
        page.wait_for_function("() => document.documentElement.dataset.ready === 'true'")
        assert page.evaluate("document.body.dataset.story !== 'true'")


def test_a_second_window_tells_the_story_and_not_the_notes(chromium, dashboard_server):
    with local_page(chromium, 1280) as page, quiet(page):
        begin(page, dashboard_server)
        notes = stored_room_steps(read_story(STORY))[0]["notes"]["en"]
        page.keyboard.press("i")
        page.get_by_text(notes[:40]).wait_for()
        with page.expect_popup() as opened:
            page.keyboard.press("n")
        second = opened.value
        second.locator(".story-column h2").wait_for(timeout=60_000)
        assert notes[:40] not in second.locator(".story-column").inner_text()
        page.bring_to_front()
        page.keyboard.press("ArrowRight")
        second.locator(".desk .answers").wait_for()
        page.locator(".ask input").first.check()
        page.keyboard.press("Escape")
        page.keyboard.press("r")
        second.locator(".answers tr.model").wait_for()
        second.close()


def test_a_story_of_ones_own_takes_the_place_of_the_list(chromium, dashboard_server):
    shows = "{page: overview, outcome: deaths_in_transit}"
    steps = f"[{{title: {{en: If nothing changes}}, shows: {shows}, text: {{en: Look at the line.}}}}]"
    text = f"""{{schema_version: 1, corridor: g8_2001, year: 2037, minutes: 5, title: {{en: Mine}},
      audience: {{en: Me}}, claim: {{en: Nothing changes.}}, settings: {{}}, numbers: {{}}, steps: {steps}}}"""
    with local_page(chromium, 1280) as page, quiet(page):
        visit(page, f"{dashboard_server}/?state={BEFORE}")
        page.locator("[data-stories]").click()
        file = {"name": "mine.yaml", "mimeType": "text/yaml", "buffer": text.encode()}
        page.locator(".story-list input[type=file]").set_input_files(file)
        page.get_by_text("Look at the line.").wait_for()
        assert page.locator(".story-list").is_hidden()
        page.keyboard.press("Escape")
        page.wait_for_function("() => document.body.dataset.story === 'false'")


def test_a_question_is_asked_without_a_story(chromium, dashboard_server):
    plain = State.opening("g8_2001").looking(ranges=False)
    with local_page(chromium, 1280) as page, quiet(page):
        visit(page, f"{dashboard_server}/?state={plain.link}")
        page.keyboard.press("f")
        page.keyboard.press("q")
        page.locator("[data-quick=direction]").press("Enter")  # nothing is moved, so there is no change to ask about
        page.get_by_text("Move a lever or choose a package first").wait_for()
        assert not grave_faults(page)
        page.locator("[data-quick=line]").press("Enter")
        at(page, 1, "desk")
        assert f"how does it go on until {plain.year:.0f}?" in column(page)
        for key in ("ArrowRight", "ArrowUp"):
            page.locator(".ask svg").press(key)
        page.keyboard.press("Escape")
        page.keyboard.press("r")
        page.locator(".answers[data-revealed=true]").wait_for()
        assert "The model's answer" in column(page)
        page.keyboard.press("Escape")
        page.wait_for_function("() => document.body.dataset.story === 'false'")


def test_a_question_in_between_comes_back_to_the_story_where_it_was(chromium, dashboard_server):
    with local_page(chromium, 1280) as page, quiet(page):
        begin(page, dashboard_server)
        page.keyboard.press("q")
        page.locator("[data-quick=direction]").press(
            "Enter"
        )  # about the step, to which the server comes later: nothing is moved
        page.get_by_text("Move a lever or choose a package first").wait_for()
        page.locator("[data-quick=line]").press("Enter")
        page.locator(".ask svg").wait_for()
        page.keyboard.press("r")
        for _ in range(2):  # past the chart, the story goes on
            page.locator(".story-column .answer").wait_for()
            page.keyboard.press("ArrowRight")
        at(page, 1, "page")
        assert stored_room_steps(read_story(STORY))[0]["title"]["en"] in column(page)
        page.keyboard.press("ArrowRight")
        at(page, 2, "desk")
        page.locator(".ask input").first.check()
        page.keyboard.press("Escape")
        page.keyboard.press("q")
        page.locator("[data-quick=line]").press("Enter")
        page.locator(".ask svg").wait_for()
        page.reload()
        page.locator(".story-column .progress").get_by_text("1 of 1").wait_for()
        page.keyboard.press("Escape")
        at(page, 2, "desk")
        assert page.locator(".ask input:checked").get_attribute("value") == "rises"
        page.keyboard.press("Escape")
        page.wait_for_function("() => document.body.dataset.story === 'false'")
        page.wait_for_function("(link) => new URL(location.href).searchParams.get('state') === link", arg=BEFORE)


def test_a_file_that_is_no_story_is_told_over_the_story(chromium, dashboard_server):
    with local_page(chromium, 1280) as page, quiet(page):
        begin(page, dashboard_server)
        page.keyboard.press("s")
        file = {"name": "mine.yaml", "mimeType": "text/yaml", "buffer": b"title: [1"}
        page.locator(".story-list input[type=file]").set_input_files(file)
        page.locator(".story-list .faults p").first.wait_for()
        page.keyboard.press("Escape")
        at(page, 1, "page")
