"""Work behind the page gives way to levers, those of other visitors too."""

import queue
import time
import weakref
from threading import Event
from types import SimpleNamespace

import pytest
from bokeh.document import Document

from pushpull.dashboard import app
from pushpull.dashboard.compute.ensembles import STAGES, refining
from pushpull.dashboard.session import jobs as background
from pushpull.dashboard.session.jobs import JUST, QUIET, Background, Job, quiet_for
from pushpull.dashboard.session.session import Session
from pushpull.dashboard.state.state import State
from pushpull.dashboard.view_model.controls import PANELS


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """No session of another test, which may still be there, has moved."""
    monkeypatch.setattr(background, "last_moves", weakref.WeakKeyDictionary())


@pytest.fixture
def clock(monkeypatch):
    """A clock that is put on by hand."""
    now = [1000.0]
    monkeypatch.setattr(background.time, "monotonic", lambda: now[0])
    return now


def test_ranges_wait_longer_the_more_visitors_move_levers_and_no_longer_for_their_own(clock):
    own, *others = (Background(Document()) for _ in range(5))
    assert [quiet_for(own) for _ in range(3)] == [QUIET] * 3
    for other in others:
        quiet_for(other)
    assert quiet_for(own) == QUIET * 5
    others[0].close()
    assert quiet_for(own) == QUIET * 4
    clock[0] += JUST
    assert quiet_for(own) == QUIET


class Page:
    """A document whose page shows a find only when the test says so."""

    def __init__(self):
        self.waiting = queue.Queue()

    def add_next_tick_callback(self, shown):
        self.waiting.put(shown)


def begun(page, found, *finds):
    job = Job(page, lambda stop: iter(finds), found.append, found.append)
    job.go_on()
    return job


def test_finds_are_shown_one_after_the_other_with_room_between():
    """Else the moves of all would wait behind the finds of all."""
    pages, found = [Page() for _ in range(3)], []
    jobs = [begun(page, found, "first", "second") for page in pages]
    shown, deadline = 0, time.monotonic() + 60
    while shown < 6:
        assert time.monotonic() < deadline
        waiting = [page.waiting for page in pages if page.waiting.qsize()]
        assert len(waiting) <= 1
        if waiting:
            waiting[0].get()()
            shown += 1
    assert found.count("first") == found.count("second") == len(jobs)


@pytest.mark.parametrize("tells", [True, False])
def test_a_page_that_is_gone_holds_up_the_others_for_a_while_at_most(tells, monkeypatch):
    """It says that it is gone, or drops what it is given and says nothing."""
    monkeypatch.setattr(background, "SECONDS_TO_SHOW", 60.0 if tells else 0.3)
    gone, here, found = Page(), Page(), []
    left = begun(gone, found, "never shown")
    gone.waiting.get(timeout=120)
    begun(here, found, "shown")
    if tells:
        left.stop.set()
    here.waiting.get(timeout=120)()
    assert found == ["shown"]


def test_a_page_that_does_not_read_keeps_others_waiting_once_and_not_at_each_find(monkeypatch):
    monkeypatch.setattr(background, "SECONDS_TO_SHOW", 0.2)
    slow, here, found = Page(), Page(), []
    begun(slow, found, "first", "second", "third")
    first = slow.waiting.get(timeout=120)
    begun(here, found, "shown")
    here.waiting.get(timeout=120)()
    assert found == ["shown"] and slow.waiting.empty()
    first()
    for _ in range(2):
        slow.waiting.get(timeout=120)()
    assert found == ["shown", "first", "second", "third"]


def test_work_waits_until_the_page_can_be_shown_things(clock):
    page, found = Page(), []
    waiting = Background(page, waiting=True)
    waiting.start("ensemble", lambda stop: iter(["dropped"]), found.append, found.append)
    waiting.start("ensemble", lambda stop: iter(["shown"]), found.append, found.append)
    assert page.waiting.empty() and quiet_for(Background(Page())) == QUIET, "it has not moved"
    waiting.begin()
    page.waiting.get(timeout=120)()
    assert found == ["shown"]


def test_whether_there_is_work_is_told_when_it_changes_and_only_then():
    page, told, found = Page(), [], []
    work = Background(page, waiting=True, tell=told.append)
    work.start("ensemble", lambda stop: iter(["first"]), found.append, found.append)
    assert told == []
    work.begin()
    work.start("ensemble", lambda stop: iter(["second"]), found.append, found.append)
    assert told == [True]
    for _ in range(2):  # the find, and that there is no more
        page.waiting.get(timeout=120)()
    assert found == ["second"] and told == [True, False]

    def fails(stop):
        raise ValueError("no luck")
        yield

    work.start("pack", fails, found.append, found.append)
    work.start("reasons", lambda stop: iter(["never"]), found.append, found.append)
    work.cancel("reasons")
    for _ in range(2):
        page.waiting.get(timeout=120)()
    assert str(found[-1]) == "no luck" and told == [True, False, True, False]


def test_a_process_can_end_while_a_replay_is_on(monkeypatch):
    """Every session drops its work, whatever it shows."""
    beside, seen = Background(Document()), []
    session = Session(State.opening().with_package("balanced"), background=beside)
    session.go(session.state.with_package("punitive"))

    def steps(stop):
        seen.append(stop)
        return iter(["find"])

    beside.start("ensemble", steps, lambda found: None, lambda fault: None)
    session.receive({"do": "replay"})
    assert session.replay.is_on
    ended = []
    monkeypatch.setattr(session.screen, "repaint", lambda frame: pytest.fail("a page that is gone was drawn"))
    monkeypatch.setattr(app.PLACES, "sessions", lambda: [session])
    monkeypatch.setattr(app, "pool", lambda: SimpleNamespace(shutdown=lambda **how: ended.append(how)))
    app.close_all()
    assert seen[0].is_set() and not session.replay.is_on and len(ended) == 1


def test_simulations_that_are_known_are_shown_all_at_once():
    scenario = State.opening().scenario
    stages = [found.members for found in refining(scenario, Event())]
    assert stages[-1] == STAGES[-1] and [found.members for found in refining(scenario, Event())] == [STAGES[-1]]


def test_what_rests_on_a_page_that_is_on_its_way_to_another_waits_for_that():
    """Whoever asks, saves, keeps or moves right after a step of a story means the page of that step."""
    page, told, saved = Page(), [], []
    before = State.opening().looking(ranges=False)
    session = Session(before.with_package("punitive"), background=Background(page))
    session.screen.shell.send, session.send = told.append, saved.append
    session.receive({"visit": before.link})
    for said in (
        {"quick": "direction", "number": 1},
        {"do": "save"},
        {"do": "keep"},
        {"moves": [{"id": "border_control", "value": 2}], "turn": 1, "panel": PANELS[0]},
        {"visit": before.with_package("balanced").link},
        {"do": "save"},
    ):
        session.receive(said)
    session.receive({"dark": True})
    assert session.dark and not told and not saved and session.turns[PANELS[0]] == 0
    deadline = time.monotonic() + 60
    while len(saved) < 2 or not told:
        assert time.monotonic() < deadline
        page.waiting.get(timeout=60)()
    assert "Move a lever or choose a package first" in str(told[0]), "nothing is moved on the page of the step"
    first, second = (each["save"]["text"] for each in saved)
    assert first == before.to_yaml()
    assert second == before.with_package("balanced").to_yaml()
    moved = session.history.before
    assert session.turns[PANELS[0]] == 1 and len(moved.kept) == 1 and moved.kept[0].to_yaml() == before.to_yaml()
    assert moved.scenario != before.scenario, "the lever was moved on the page of the step"


def test_a_page_on_its_way_gives_way_to_the_next_one_and_a_way_that_leads_nowhere_holds_up_nothing():
    page = Page()
    before = State.opening().looking(ranges=False)
    session = Session(before, background=Background(page))
    session.receive({"visit": before.with_package("punitive").link})
    session.receive({"file": {"name": "none.yaml", "text": "title: [1"}})
    session.receive({"visit": before.with_package("balanced").link})
    session.receive({"do": "keep"})
    deadline = time.monotonic() + 60
    while not session.state.kept:
        assert time.monotonic() < deadline
        page.waiting.get(timeout=60)()
    assert [each.package for each in (session.state, session.history.before)] == ["balanced", "balanced"]
