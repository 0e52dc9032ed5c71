"""Work behind the page gives way to levers, those of other visitors too."""

import queue
import time

import pytest
from bokeh.document import Document

from dashboard import background
from dashboard.background import JUST, QUIET, Background, Job, quiet_for


@pytest.fixture
def clock(monkeypatch):
    """A clock that is put on by hand."""
    now = [1000.0]
    monkeypatch.setattr(background.time, "monotonic", lambda: now[0])
    return now


def test_bands_wait_longer_the_more_visitors_move_levers_and_no_longer_for_their_own(clock):
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


def test_a_page_that_is_gone_holds_up_nobody():
    gone, here, found = Page(), Page(), []
    left = begun(gone, found, "never shown")
    gone.waiting.get(timeout=10)
    begun(here, found, "shown")
    assert here.waiting.empty()
    left.stop.set()
    here.waiting.get(timeout=10)()
    assert found == ["shown"]
