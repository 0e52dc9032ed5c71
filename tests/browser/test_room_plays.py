"""A presenter and two phones: a question of a story with its reasons, and a round in which teams propose."""

import re

from tests.browser.access import grave_faults_in
from tests.browser.test_room import code, phone_page, presenter  # noqa: F401  # a fixture
from tests.browser.test_story_letters import LETTERS
from tests.browser.test_story_player import LETTERS_OF_A_ROOM, STORY, at, column

STAGE, OVERFLOWS = "#stage", "() => ((desk) => desk.scrollHeight > desk.clientHeight)(document.querySelector('.desk'))"
HEIGHT = "() => [...document.querySelectorAll('.ask :is(label, button, textarea)')].map((each) => each.offsetHeight)"


def send(phone):
    phone.locator("#send").tap()
    phone.locator("#state[data-kind=sent]").wait_for()


def test_a_room_guesses_explains_and_proposes(chromium, dashboard_server, presenter):  # noqa: F811
    address = f"{dashboard_server}/room/{code(presenter)}"
    with phone_page(chromium, "en-GB") as one, phone_page(chromium, "fr-FR") as other:
        for phone in (one, other):
            phone.goto(address)
        presenter.keyboard.press("j")
        presenter.keyboard.press("s")
        presenter.locator(f".story[data-story={STORY}]").click()
        at(presenter, 1, "page")
        assert one.get_by_text("You are in.").is_visible()
        presenter.keyboard.press("ArrowRight")
        at(presenter, 2, "desk")
        for phone, place in ((one, 0), (other, 2)):
            phone.locator(".ask label").nth(place).tap()
            send(phone)
        presenter.get_by_text("2 of 2 answered").wait_for()
        # A question in between: then the room is at the story's again, with what it answered.
        presenter.keyboard.press("q")
        presenter.locator("[data-quick=line]").press("Enter")
        one.locator(".ask[data-kind=line]").wait_for()
        presenter.get_by_text("0 of 2 answered").wait_for()
        assert not any(grave_faults_in(presenter, STAGE).values())
        presenter.keyboard.press("Escape")
        presenter.get_by_text("2 of 2 answered").wait_for()
        one.locator("#state[data-kind=sent]").wait_for()
        # Neither who opened the question nor who closed it shows what was answered; then the room, then the model.
        assert presenter.locator(".answers .bar").count() == 0
        presenter.keyboard.press("ArrowRight")
        one.get_by_text("Answers are closed.").wait_for()
        assert presenter.locator(".answers .bar").count() == 0
        presenter.keyboard.press("w")
        for phone, text in ((one, "They go round it"), (other, "<b>On contourne</b>")):
            phone.locator(".ask textarea").fill(text)
            send(phone)
        presenter.locator(".reasons li").nth(1).wait_for()
        assert presenter.locator(".reasons").inner_text().split("\n") == ["They go round it", "<b>On contourne</b>"]
        size = presenter.viewport_size
        presenter.set_viewport_size({**size, "height": 180})  # of reasons there may be more than a screen holds
        assert presenter.evaluate(OVERFLOWS) and not any(grave_faults_in(presenter, STAGE).values())
        presenter.locator(".desk").focus()
        presenter.keyboard.press("End")
        presenter.wait_for_function("() => document.querySelector('.desk').scrollTop > 0")
        presenter.set_viewport_size(size)
        presenter.keyboard.press("w")
        presenter.keyboard.press("ArrowRight")
        presenter.locator(".answers .bar").first.wait_for()
        assert presenter.locator(".answers .votes b").all_inner_texts() == ["1", "0", "1"]
        assert "The model's answer" not in column(presenter) and one.locator("#reveal svg, #reveal .dots").count() == 0
        presenter.keyboard.press("r")
        presenter.locator(".answers tr.model").wait_for()
        one.get_by_text(re.compile("it rises")).wait_for()
        other.get_by_text(re.compile("hausse")).first.wait_for()
        presenter.keyboard.press("r")  # taken back, on phones too
        one.get_by_text(re.compile("it rises")).wait_for(state="detached")
        # The same story once more: the group begins with no answers, and those before stay in the file of the room.
        presenter.keyboard.press("s")
        presenter.locator(f".story[data-story={STORY}]").click()
        at(presenter, 1, "page")
        presenter.keyboard.press("ArrowRight")
        at(presenter, 2, "desk")
        presenter.get_by_text("0 of 2 answered").wait_for()
        one.locator(".ask label").nth(1).tap()
        send(one)
        presenter.get_by_text("1 of 2 answered").wait_for()
        # Teams: each its role, its levers and its budget.
        presenter.keyboard.press("Escape")
        presenter.keyboard.press("t")
        for phone in (one, other):
            phone.locator(".roles button").first.tap()
            phone.locator(".proposal summary").wait_for()
            assert not any(grave_faults_in(phone, None).values())
            assert min(phone.evaluate(HEIGHT)) >= 44
        levers = one.locator(".proposal input[type=range]")
        levers.nth(1).focus()
        one.keyboard.press("ArrowRight")
        before = one.locator(".proposal output").nth(1).inner_text()
        for place in range(levers.count()):  # everything at once costs more than any budget
            levers.nth(place).focus()
            one.keyboard.press("End")
        one.locator(".spent[data-over=true]").wait_for()
        one.locator("#send").tap()
        one.locator("#state").get_by_text("over the budget").wait_for()
        for place in range(levers.count()):
            one.locator(".lever .plain").nth(place).tap()
        levers.nth(1).focus()
        one.keyboard.press("ArrowRight")
        assert one.locator(".proposal output").nth(1).inner_text() == before
        send(one)
        other.locator(".proposal textarea").fill("Rien ne change")
        send(other)
        presenter.get_by_text("2 of 2 proposed").wait_for()
        presenter.keyboard.press("ArrowRight")
        presenter.wait_for_timeout(500)
        presenter.keyboard.press("ArrowRight")
        row = presenter.locator(".proposals tbody tr")
        row.first.wait_for()
        presenter.reload()  # the round goes on where it was, and the phones with it
        presenter.get_by_text("2 of 2 proposed").wait_for()
        row.first.wait_for()
        assert other.locator("#state[data-kind=closed]").is_visible() and other.locator("#reveal table").count() == 0
        assert row.count() == 1 and before.split("\u00a0")[0] in row.locator("td").nth(2).inner_text()
        presenter.keyboard.press("ArrowRight")
        head = presenter.get_by_role("rowheader").or_(presenter.get_by_role("columnheader"))
        other.locator("#reveal table").wait_for()
        presenter.keyboard.press("ArrowRight")
        head.filter(has_text="A: Round 1").first.wait_for()
        seen = [each for each in presenter.evaluate(LETTERS) if not each[1].startswith(("An option", "Next round"))]
        assert min(seen)[0] >= LETTERS_OF_A_ROOM[1280], sorted(seen)[:5]
        presenter.reload()
        presenter.locator("[data-act=each_role]").click()  # as an option it stands once
        head.filter(has_text="B: Round 1").first.wait_for()
        presenter.locator("[data-act=another]").click()
        one.get_by_text("Round 2").wait_for()
        presenter.reload()
        presenter.get_by_text("0 of 2 proposed").wait_for()
        assert one.get_by_text("Round 2").is_visible()
        presenter.keyboard.press("Escape")
        presenter.wait_for_function("() => document.body.dataset.story === 'false'")
        one.get_by_text("You are in.").wait_for()
