"""A whole story of five questions, played by keys alone before a full room. Figures stand in README.md beside this."""

import json
import os
import time
from contextlib import ExitStack

import psutil
import pytest
from ruamel.yaml import YAML

from pushpull.dashboard.compute import stories
from pushpull.stories import story_from_text
from tests.audit.crowd import BY_HAND, Crowd
from tests.audit.test_room import ANSWERS_CAME, MEGABYTE, STORIES, p95, process_at, room, settle
from tests.bench.test_dashboard_speed import REPAINTED
from tests.browser.test_room import code
from tests.browser.test_story_player import at
from tests.conftest import local_page, serving

MOVES = 30  # of a lever, at each question whose page is the overview
ELSEWHERE = (4, 5)  # the steps that show the page on which options are compared
IS_OPEN = "(link) => (window.pushpull.address() ?? '').includes(link)"
SECONDS_TO_ANSWER = 3.0
REVEALED = """new MutationObserver(() => {
  const is_shown = document.getElementById("state")?.dataset.kind === "revealed";
  window.revealed = is_shown ? window.revealed ?? Date.now() / 1000 : null;
}).observe(document, {attributes: true, childList: true, subtree: true})"""


def five_questions():
    """A story with a question of each kind but one, from those of two shipped ones on the same corridor."""
    yaml = YAML(typ="safe")
    story, other = (yaml.load((STORIES / f"{name}.yaml").read_text()) for name in ("weak_link", "together_over_time"))
    (line,) = [step for step in other["steps"] if step.get("question", {}).get("kind") == "line"]
    for part, names in (
        ("settings", ["together"]),
        ("numbers", ["together_early", "together_exploited", "exploited_early"]),
    ):
        story[part] |= {name: other[part][name] for name in names}
    story["steps"].append(line)
    text = json.dumps(story)  # which is YAML too
    story_from_text(text, "five.yaml")
    asked = [step["question"]["kind"] for step in story["steps"] if "question" in step]
    assert asked == ["direction", "count", "rank", "amount", "line"]
    return text


def begin(page, text, process):
    """Open the story from its file, and wait until all of it is worked out."""
    page.keyboard.press("s")
    file = {"name": "five.yaml", "mimeType": "text/yaml", "buffer": text.encode()}
    page.locator(".story-list input[type=file]").set_input_files(file)
    at(page, 1, "page")
    assert page.locator(".story-list:visible").count() == 0
    settle(process)


def moved(page, place):
    """Milliseconds from a move of a lever to its repaint, where the page of a step shows the levers' charts."""
    if place in ELSEWHERE:
        return []
    page.wait_for_function("() => document.querySelector('[role=tab][aria-selected=true]').dataset.page === 'overview'")
    return [page.evaluate(REPAINTED, 5 + 7 * move % 90) for move in range(MOVES)]


def links_of(text):
    """Where the steps of a story lead."""
    return [step["links"]["en"] for step in stories.opened(story_from_text(text, "five.yaml"))["steps"]]


def played_alone(chromium, address, text, process):
    """The moves of a lever at each question of the story, with no room."""
    spent = []
    with local_page(chromium, 1280) as page:
        page.goto(f"{address}/")
        page.wait_for_selector("html[data-ready=true]")
        page.keyboard.press("f")
        begin(page, text, process)
        for place, link in enumerate(links_of(text)[1:], 2):
            page.keyboard.press("ArrowRight")
            at(page, place, "desk")
            page.wait_for_function(IS_OPEN, arg=link)
            spent += moved(page, place)
            page.keyboard.press("ArrowRight")
            page.locator(".answers[data-revealed=true]").wait_for()
            page.keyboard.press("ArrowRight")
            at(page, place, "page" if place in ELSEWHERE else "chart")
        leave(page)
    return spent


def leave(page):
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.body.dataset.story === 'false'")


class Asked:
    """One question before all phones, and when each of them sent, was counted and saw the answer."""

    def __init__(self, page, crowd, phones):
        self.page, self.crowd, self.phones = page, crowd, phones
        self.count = len(crowd.phones) + len(phones)
        page.wait_for_function("() => window.room.phase === 'open' && window.room.slip?.id === window.room.slip_id")
        self.slip = page.evaluate("window.room.slip")

    def answered(self, place=None):
        """Seconds from each phone's answer to the presenter's count, and the lever's moves meanwhile, at a step."""
        page, crowd, slip = self.page, self.crowd, self.slip
        crowd.heard(slip, "open")
        answering, sent = crowd.answer(slip, within=SECONDS_TO_ANSWER), {}
        spent = moved(page, place) if place is not None else []
        for seat, phone in enumerate(self.phones, self.count - len(self.phones) + 1):
            BY_HAND[slip["kind"]](phone)
            sent[seat] = time.time()
            phone.get_by_role("button", name="Send", exact=True).click()
        sent |= {seat: begun for seat, (begun, _) in answering.result(60).items()}
        page.get_by_text(f"{self.count} of {self.count} answered").wait_for()
        came = page.evaluate("(id) => window.came[id]", slip["id"])
        return [came[str(seat)] - begun for seat, begun in sent.items()], spent

    def _is_in(self, phase):
        """Wait for the presenter's page, whose requests go by way of this thread: phones are waited for after it."""
        self.page.wait_for_function("(phase) => window.room.phase === phase", arg=phase)

    def revealed(self):
        """Seconds from the key to the answer on each phone."""
        for _ in range(2):
            self.page.keyboard.press("ArrowRight")
        self._is_in("half")
        self.crowd.heard(self.slip, "half")
        begun = time.time()
        self.page.keyboard.press("ArrowRight")
        self._is_in("revealed")
        heard = self.crowd.heard(self.slip, "revealed")
        for phone in self.phones:
            phone.wait_for_function("() => window.revealed")
        return [moment - begun for moment in (*heard, *(phone.evaluate("window.revealed") for phone in self.phones))]


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("count, browsers, most", [(40, 5, 1.0), (200, 0, 2.0)])
def test_a_whole_story_of_five_questions_is_played_before_a_full_room(chromium, tmp_path, count, browsers, most):
    kept = {"PUSHPULL_SCENARIOS": str(tmp_path / "scenarios"), "PUSHPULL_STATE": str(tmp_path / "state")}
    figures, text = {"phones": count, "of them Chromium": browsers}, five_questions()
    counted, shown, together = [], [], []
    with serving("-m", "pushpull", "dashboard", log=tmp_path / "log.txt", environment=kept) as address:
        process = process_at(int(address.rsplit(":", 1)[1]))
        alone = played_alone(chromium, address, text, process)
        with room(chromium, address, ANSWERS_CAME) as page, ExitStack() as open_:
            begin(page, text, process)
            before = process.memory_info().rss
            crowd = Crowd(address, code(page))
            figures["seat, p95 s"] = p95(crowd.come(count - browsers))
            phones = [open_.enter_context(local_page(chromium, 360, is_mobile=True)) for _ in range(browsers)]
            for phone in phones:
                phone.add_init_script(REVEALED)
                phone.goto(f"{address}/room/{code(page)}")
                phone.get_by_text("You are in.").wait_for()
            page.wait_for_function("(count) => window.room.seats === count", arg=count)
            figures["memory, MB a phone"] = (process.memory_info().rss - before) / MEGABYTE / count
            for place, link in enumerate(links_of(text)[1:], 2):
                page.keyboard.press("ArrowRight")
                at(page, place, "desk")
                page.wait_for_function(IS_OPEN, arg=link)
                asked = Asked(page, crowd, phones)
                for figure, found in zip((counted, together), asked.answered(place), strict=True):
                    figure += found
                if place == 2:
                    page.keyboard.press("w")
                    page.wait_for_function("() => window.room.slip?.kind === 'why'")
                    counted += Asked(page, crowd, phones).answered()[0]
                    page.keyboard.press("w")
                    page.wait_for_function("() => window.room.slip?.kind !== 'why'")
                shown += asked.revealed()
                page.keyboard.press("ArrowRight")
                at(page, place, "page" if place in ELSEWHERE else "chart")
            leave(page)
            figures["memory at the end, MB a phone"] = (process.memory_info().rss - before) / MEGABYTE / count
            crowd.go()
        alone += played_alone(chromium, address, text, process)  # in the same spell, before and after
    figures |= {
        "answers": len(counted),
        "answer to the presenter's count, p95 s": p95(counted),
        "longest, s": max(counted),
    }
    figures |= {"reveal to the phones, p95 s": p95(shown), "the longest, s": max(shown), "moves": len(together)}
    figures |= {"lever to repaint alone, p95 ms": p95(alone), "in the room, p95 ms": p95(together)}
    figures |= {"load of the machine": os.getloadavg()[0], "of its cores": psutil.cpu_count()}
    print(json.dumps(figures, indent=1))
    assert len(counted) == 6 * count and len(shown) == 5 * count
    assert figures["answer to the presenter's count, p95 s"] <= most
    assert figures["reveal to the phones, p95 s"] <= most
    assert figures["memory, MB a phone"] <= 0.2
    assert len(alone) == 2 * len(together) == 2 * 3 * MOVES and p95(together) <= 1.5 * p95(alone)
