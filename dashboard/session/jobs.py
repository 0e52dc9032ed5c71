"""Work that takes longer than a move may: done in threads, step by step, and dropped at the next move.

All sessions of a process share the threads, and a job gives way after each of its steps, so that one user's heavy
ensemble delays nobody's lever. The threads have a lower priority than the page where the system allows it, and the more
people move levers at a time, the longer a job waits for its user to pause. What is found is shown one find after the
other, with room for moves between them.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar
from weakref import WeakKeyDictionary

from bokeh.document import Document

from pushpull.analysis import Stopped

QUIET = 0.12  # seconds without a move before work begins, and as many more for each other session that has just moved
JUST = 5.0  # seconds
NICENESS = 10
SECONDS_TO_NOTICE = 0.1  # that a find is no longer wanted
SECONDS_TO_SHOW = 5.0  # after which a find does not hold up others any more
log = logging.getLogger(__name__)
_showing = threading.Lock()  # held from when a find is handed to its page until it stands there

Found = TypeVar("Found")
Steps = Callable[[threading.Event], Iterator[Found]]


def _step_back() -> None:
    """Give this thread, and those it starts, a lower priority; only Linux has one for each thread."""
    if hasattr(os, "setpriority") and hasattr(threading, "get_native_id"):
        try:
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        except OSError as refused:
            log.debug("work keeps its priority: %s", refused)


@cache
def pool() -> ThreadPoolExecutor:
    """The threads of this process."""
    return ThreadPoolExecutor(3, thread_name_prefix="pushpull-work", initializer=_step_back)


last_moves: WeakKeyDictionary[Background, float] = WeakKeyDictionary()


def quiet_for(session: Background) -> float:
    """Seconds that a session must be quiet before its work begins; notes that it has moved."""
    now = time.monotonic()
    last_moves[session] = now
    others = sum(now - moved < JUST for each, moved in last_moves.items() if each is not session)
    return QUIET * (1 + others)


class Background:
    """The jobs of one session, at most one of a kind; while it is `waiting`, they are noted and do not begin.

    `tell` hears whether there is work, whenever that changes.
    """

    def __init__(self, document: Document, waiting: bool = False, tell: Callable[[bool], None] = lambda busy: None):
        self._document = document
        self._jobs: dict[str, Job] = {}
        self._waiting = waiting
        self._tell, self._busy = tell, False

    def begin(self) -> None:
        """Begin the jobs that wait, and all others when they come: the page can be shown things from now on."""
        self._waiting = False
        for job in self._jobs.values():
            self._begin_later(job)
        self._look()

    def _look(self) -> None:
        """Tell whether there is work, if that has changed."""
        busy = not self._waiting and any(not job.over for job in self._jobs.values())
        if busy != self._busy:
            self._busy = busy
            self._tell(busy)

    def start(
        self, kind: str, steps: Steps[Found], take: Callable[[Found], None], fail: Callable[[Exception], None]
    ) -> None:
        """Run `steps` once all is quiet, in the place of the job of that kind before it.

        `take` gets what each step yields, `fail` what goes wrong; both are called where the session lives.
        """
        self._drop(kind)
        job = Job(self._document, steps, take, fail, self._look)
        self._jobs[kind] = job
        if not self._waiting:
            self._begin_later(job)
        self._look()

    def _begin_later(self, job: Job) -> None:
        timer = threading.Timer(quiet_for(self), job.go_on)
        timer.daemon = True
        timer.start()

    def cancel(self, kind: str) -> None:
        """Drop the job of a kind; nothing more comes from it."""
        self._drop(kind)
        self._look()

    def _drop(self, kind: str) -> None:
        job = self._jobs.pop(kind, None)
        if job is not None:
            job.stop.set()

    def close(self) -> None:
        """Drop every job."""
        last_moves.pop(self, None)
        for kind in list(self._jobs):
            self._drop(kind)


class Job:
    """One piece of work: an iterator that is moved on by one step at a time; `ended` is called where the session lives
    once it is `over`."""

    def __init__(
        self, document: Document, steps: Steps, take: Callable, fail: Callable, ended: Callable[[], None] | None = None
    ):
        self.stop = threading.Event()
        self.over = False
        self._document, self._take, self._fail, self._ended = document, take, fail, ended
        self._steps = steps(self.stop)

    def go_on(self) -> None:
        """Queue the next step."""
        if not self.stop.is_set():
            pool().submit(self._step)

    def _step(self) -> None:
        if self.stop.is_set():
            return
        try:
            found = next(self._steps)
        except (StopIteration, Stopped):
            self._end()
            return
        except Exception as fault:
            # It happens in a thread: the session is told, and says so on its page.
            self._hand(self._fail, fault)
            self._end()
            return
        if self._hand(self._take, found):
            self.go_on()

    def _end(self) -> None:
        self.over = True
        if self._ended is not None and not self.stop.is_set():
            self._document.add_next_tick_callback(self._ended)

    def _hand(self, receive: Callable, found: object) -> bool:
        """Give a find to its session, and wait a while until it has been shown or is no longer wanted.

        One at a time in the process: were all finds of many sessions handed over at once, every move of a lever would
        wait behind them. A document that is gone drops what it is given, so the wait has an end. A page that is slow,
        as one is that does not read what it is sent, keeps others waiting once: False says that the job goes on by
        itself when its find has been shown.
        """
        done, deciding, is_late = threading.Event(), threading.Lock(), False

        def deliver() -> None:
            try:
                if not self.stop.is_set():
                    receive(found)
            finally:
                with deciding:
                    done.set()
                if is_late:
                    self.go_on()

        with _showing:
            if not self.stop.is_set():
                self._document.add_next_tick_callback(deliver)
                deadline = time.monotonic() + SECONDS_TO_SHOW
                while not (self.stop.is_set() or done.wait(SECONDS_TO_NOTICE)):
                    if time.monotonic() > deadline:
                        log.warning("a page has not shown what was found for it within %g s", SECONDS_TO_SHOW)
                        with deciding:
                            is_late = not done.is_set()
                        break
        return not is_late
