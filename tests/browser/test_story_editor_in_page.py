"""The editor of stories in a real Chromium: two steps taken from the page, a question, a file, and the story played."""

import json

import pytest

from pushpull.dashboard.state.state import State
from pushpull.stories import story_from_text
from tests.browser.access import grave_faults
from tests.browser.measures import faults
from tests.browser.test_dashboard import quiet, visit
from tests.conftest import local_page

EDITOR = "#story-editor"
BESIDE = """(box) => [document.querySelector("main").getBoundingClientRect().right,
  document.querySelector(box).getBoundingClientRect().left]"""
KEPT = "() => JSON.parse(localStorage.getItem('pushpull_story_draft'))"


def entry(page, *place):
    return page.locator(f"{EDITOR} [data-place='{'/'.join(map(str, place))}']")


def act(page, name, step=None):
    within = EDITOR if step is None else f"{EDITOR} [data-step='{step}']"
    page.locator(f"{within} [data-act={name}]").first.click()


def checked(page, faults):
    """Wait until the last change has been checked, with so many faults."""
    page.wait_for_function(
        "([box, count]) => document.querySelector(box).dataset.faults === String(count)", arg=[EDITOR, faults]
    )


def begin(page, address, language):
    """Open the editor on a page that works out little beside."""
    visit(page, f"{address}/?state={State.opening('g8_2001').looking(ranges=False, language=language).link}")
    page.locator("[data-write-story]").click()


def write(page, language, **texts):
    for place, text in texts.items():
        entry(page, *place.split("__"), language).fill(text)


def test_a_story_is_written_from_the_page_kept_saved_opened_and_played(chromium, dashboard_server, tmp_path):
    with local_page(chromium, 1440) as page, quiet(page):
        begin(page, dashboard_server, "fr")
        write(page, "fr", title="Deux portes", audience="La salle", claim="Tout se déplace.")
        act(page, "add")
        page.locator(f"{EDITOR} [data-step='0'][open]").wait_for()
        write(page, "fr", steps__0__title="Aujourd'hui", steps__0__text="Voici la situation : 133 décès.")
        page.locator(f"{EDITOR} [data-fault='steps/0/text/fr'] .wrong").wait_for()
        assert "133" in page.locator(f"{EDITOR} [data-fault='steps/0/text/fr']").inner_text()
        # A number in its place: chosen, and written by its name.
        entry(page, "steps", 0, "text", "fr").fill("Voici la situation :")
        page.locator(f"{EDITOR} [data-step='0'] .picking summary").first.click()
        entry(page, "steps", 0, "text", "what").select_option("level")
        entry(page, "steps", 0, "text").select_option("deaths_in_transit")
        act(page, "put", 0)
        assert entry(page, "steps", 0, "text", "fr").input_value() == "Voici la situation : {deaths_in_transit}"
        # Another step, from the page as it is by now.
        page.locator("select[data-choice=package]").select_option("punitive")
        page.locator("button[data-chart=levels]").click()
        page.wait_for_function("() => document.querySelector('.main-chart').dataset.chart === 'levels'")
        act(page, "add")
        page.locator(f"{EDITOR} [data-step='1'][open]").wait_for()
        write(page, "fr", steps__1__title="Plus de contrôles", steps__1__text="Les contrôles sont renforcés.")
        entry(page, "steps", 1, "question", "kind").select_option("direction")
        write(page, "fr", steps__1__question__text="Et les décès ?", steps__1__after="Voilà la réponse.")
        entry(page, "steps", 1, "question", "number").select_option("deaths_in_transit")
        checked(page, 0)
        # A reload loses nothing; a step that is removed comes back.
        before = page.evaluate(KEPT)
        visit(page, page.url)
        page.locator("[data-write-story]").click()
        checked(page, 0)
        page.locator(f"{EDITOR} [data-step='0'] summary").first.click()
        act(page, "remove", 0)
        assert len(page.evaluate(KEPT)["steps"]) == 1
        page.locator(f"{EDITOR} [data-step='0'] summary").first.click()
        write(page, "fr", steps__0__title="Davantage de contrôles")  # what is written meanwhile stays
        act(page, "undo")
        before["steps"][1]["title"]["fr"] = "Davantage de contrôles"
        assert page.evaluate(KEPT) == before
        # The file is a story, and opens again as the same draft.
        with page.expect_download() as saved:
            act(page, "save")
        path = tmp_path / saved.value.suggested_filename
        saved.value.save_as(path)
        story = story_from_text(path.read_text(encoding="utf-8"))
        assert path.name == "Deux portes.yaml" and story.in_one_language == 9
        assert [step.setting for step in story.steps] == ["today", "punitive"]
        assert story.steps[1].shows.drawn == "levels" and story.settings["punitive"].packages == ("punitive",)
        act(page, "new")
        page.locator(f"{EDITOR} input[type=file]").set_input_files(path)
        page.locator(f"{EDITOR} [data-step='1']").wait_for(state="attached")
        assert json.dumps(page.evaluate(KEPT), sort_keys=True) == json.dumps(before, sort_keys=True)
        # Played at once; what the model makes of the question is told afterwards.
        act(page, "play")
        page.locator(".story-column .progress").wait_for()
        page.wait_for_function("() => !document.querySelector('.story-column > .hint')")
        page.keyboard.press("ArrowRight")
        page.locator(".desk .ask").wait_for()
        page.keyboard.press("r")
        page.locator(".answers[data-revealed=true]").wait_for()
        for _ in range(2):
            page.keyboard.press("Escape")
        page.locator(f"{EDITOR} .is-clear, {EDITOR} .is-unclear").first.wait_for(state="attached")
        page.locator(f"{EDITOR}:visible").wait_for()
        # From the presenter's menu one comes back to the page and its editor.
        page.keyboard.press("f")
        page.locator(".stage-tools [data-act=write]").press("Enter")
        page.wait_for_function("() => !('staged' in document.body.dataset)")
        assert page.evaluate("document.activeElement.matches('#story-editor h2')")


IN_AUDIT = [
    pytest.param(1920, "en", "light", marks=pytest.mark.audit),
    pytest.param(1280, "en", "dark", marks=pytest.mark.audit),
]


@pytest.mark.parametrize(("width", "language", "theme"), [(1280, "fr", "dark"), *IN_AUDIT])
def test_everyone_can_use_the_editor_and_the_page_beside_it(chromium, dashboard_server, width, language, theme):
    with local_page(chromium, width, color_scheme=theme) as page, quiet(page):
        begin(page, dashboard_server, language)
        page.locator("select[data-choice=package]").select_option("punitive")
        act(page, "add")
        page.locator(f"{EDITOR} [data-step='0'][open]").wait_for()
        entry(page, "steps", 0, "question", "kind").select_option("amount")
        page.locator(f"{EDITOR} .picking summary").first.click()
        page.locator(f"{EDITOR} [data-fault='steps/0/question/text'] .missing, {EDITOR} .missing").first.wait_for()
        assert grave_faults(page) == []
        assert [each for each in faults(page).get("small", []) if "summary" in each] == []
        beside = page.evaluate(BESIDE, EDITOR)
        assert beside[0] <= beside[1] + 1 and page.evaluate("document.body.scrollWidth <= innerWidth")
        page.set_viewport_size({"width": 880, "height": 900})
        assert not page.locator(EDITOR).is_visible() and page.locator("[data-write-story]:visible").count() == 0
