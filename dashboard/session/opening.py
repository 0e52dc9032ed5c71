"""What a page opens with, made beside the page: to read a link and to run what it holds takes longer than a move.

Bokeh awaits the hooks of its applications before it makes a session, wherever the session comes from: a page that is
asked for, or a connection that is made anew. `OpenAside` uses that to read the link of the address and to run its
scenario in a thread, so that meanwhile everybody's levers answer. At most `MOST_WAITING` links wait for a thread;
others are asked to come again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import parse_qs
from weakref import WeakKeyDictionary

from bokeh.application.application import SessionContext
from bokeh.application.handlers.lifecycle import LifecycleHandler
from bokeh.document import Document

from pushpull.dashboard.auth.visitor import NOBODY, Visitor, visitor_of
from pushpull.dashboard.compute.made_with import Made, moved_since, read_made
from pushpull.dashboard.compute.runs import Runs, runs_of
from pushpull.dashboard.i18n.notices import Notice, Refusal
from pushpull.dashboard.i18n.texts import Language, language
from pushpull.dashboard.i18n.texts import wished as spoken
from pushpull.dashboard.limits import shortened
from pushpull.dashboard.shipped import FIRST, FIRST_IN
from pushpull.dashboard.state.links import salvage
from pushpull.dashboard.state.links.opened_link import OTHER_FILES, open_link
from pushpull.dashboard.state.links.permalink import LATER
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.update import about_corridor
from pushpull.dashboard.state.view import View
from pushpull.dashboard.storage import corridors, user_folder
from pushpull.engine.runs.task import RunBroke

THREADS = 2
MOST_WAITING = 32
SECONDS_BETWEEN_PAGES = 0.1
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Opening:
    """The state a page opens with, its runs, and what is to be said of it."""

    state: State
    runs: Runs
    notices: tuple[Notice, ...] = ()


def opening_of(given: str, wished: str, visitor: Visitor = NOBODY) -> Opening:
    """The opening of a link text for a visitor, in the language that is wished; the first corridor of that language as
    it stands where the text is empty, refused or does not run."""
    homes = corridors.homes(user_folder.folder(visitor.user, visitor.among_many))
    first = FIRST_IN.get(wished[:2], FIRST)
    state, notices = State.opening(first, homes=homes), []
    if asked := spoken(wished):
        state = state.looking(language=asked)
    words, made = language(state.view.language), None
    if given:
        try:
            state, changed, left_out, link_made = open_link(given, homes)
            made = read_made(link_made)
            words = language(state.view.language)
            more = words.say("notices.more_lines")
            lines = [words.say(f"migrated.{key}") for key in changed]
            otherwise = list(shortened(words.faults(state.renewals), more))
            if lines or otherwise:
                summary = words.say("migrated.summary")
                if set(changed) <= {OTHER_FILES, LATER} and not otherwise:
                    summary, lines = lines[0], lines[1:]
                notices = [Notice(summary, (*lines, *otherwise), good=True)]
            if left_out:
                notices.append(Notice(salvage.sentence(left_out, words)))
            notices += filter(None, [about_corridor(state)])
        except Refusal as refused:
            notices = [_refused(refused.told(words), words, words.faults(refused.faults))]
    try:
        runs = runs_of(state.scenario)
        return Opening(state, runs, (*notices, *_about_made(made, state, runs, words)))
    except RunBroke as broke:
        # The corridor itself runs, if it is shipped; one of the user's own may be what broke.
        plain = state.reset() if corridors.is_shipped(state.base) else State.opening(first, homes=homes)
        state = replace(plain, view=View(language=words.tag))
        told = Notice(words.say("notices.run_broke"), quoted=tuple(str(broke).splitlines()[:1]))
        return Opening(state, runs_of(state.scenario), (told,))


def _about_made(made: Made | None, state: State, runs: Runs, words: Language) -> Iterator[Notice]:
    """What is told of a link that was made with another model or corridor."""
    moved = None if made is None else moved_since(made, state, runs)
    if made is None or moved is None:
        return
    words = words.counting(state.scenario.corridor.currency)
    made_on, year = made.day, words.numbers.year(state.year)
    key, month = "brief.first" if made_on.day == 1 else "brief.day", words.say(f"months.m{made_on.month}")
    day = words.say(key, day=made_on.day, month=month, year=made_on.year)
    lines = [
        words.say(
            "versions.one",
            outcome=words.title(each.outcome.id),
            then=words.numbers.amount(each.baseline, each.outcome.unit),
            now=words.numbers.amount(each.value, each.outcome.unit),
        )
        for each in moved
    ]
    key = "versions.link_moved" if moved else "versions.link_same"
    yield Notice(words.say(key, day=day, year=year), tuple(lines), good=True)


def _refused(told: str, words: Language, lines: Iterable[str] = ()) -> Notice:
    """The notice of a link that cannot be opened."""
    return Notice.shortened(words, f"{told} {words.say('notices.link_falls_back')}", lines)


def safe_opening_of(given: str, wished: str, visitor: Visitor = NOBODY) -> Opening:
    """The same, and never an empty page: what nobody thought of is told in the log, and to the visitor as a link that
    cannot be opened."""
    try:
        return opening_of(given, wished, visitor)
    except Exception:
        log.exception("a link of %d letters could not be opened", len(given))
        return fallen_back(wished, visitor)


def fallen_back(wished: str, visitor: Visitor = NOBODY) -> Opening:
    """The opening of an address whose link cannot be opened."""
    opening = opening_of("", wished, visitor)
    words = language(opening.state.view.language)
    return Opening(opening.state, opening.runs, (_refused(words.say("refused.link"), words),))


# Beside the page ------------------------------------------------------------------------------------------------


class Queue:
    """Threads that make openings, and how many wait for one."""

    def __init__(self, most: int = MOST_WAITING):
        self.most = most
        self.waiting = 0

    def full(self) -> bool:
        """Whether so many wait that others had better come again."""
        return self.waiting >= self.most

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """While one waits."""
        self.waiting += 1
        try:
            yield
        finally:
            self.waiting -= 1


QUEUE = Queue()


@cache
def pool() -> ThreadPoolExecutor:
    """The threads of this process that make openings."""
    return ThreadPoolExecutor(THREADS, thread_name_prefix="pushpull-opening")


def close() -> None:
    """Drop the openings that wait, so that the process can end; the next makes threads anew."""
    pool().shutdown(wait=False, cancel_futures=True)
    pool.cache_clear()


_made: WeakKeyDictionary[Document, Opening] = WeakKeyDictionary()


class OpenAside(LifecycleHandler):
    """Makes what a session opens with before the session is made, and lets one page be made at a time.

    Making a page keeps everybody waiting for a moment. Were all that arrive together made one right after the other,
    those who are there would wait for all of them; so there is room for their levers between two.
    """

    def __init__(self) -> None:
        super().__init__()
        self._making = asyncio.Lock()

    async def on_session_created(self, session_context: SessionContext) -> None:
        """Wait for the opening; nobody else does."""
        given, wished = argument(session_context, "state"), argument(session_context, "language")
        document = session_context._document  # type: ignore[attr-defined]  # no public way leads to it before it is served
        visitor = visitor_of(document)
        with QUEUE.one_more():
            loop = asyncio.get_running_loop()
            _made[document] = await loop.run_in_executor(pool(), safe_opening_of, given, wished, visitor)
            await self._making.acquire()
        # The page is made in this same step of the loop, by whoever awaited this.
        loop.call_soon(loop.call_later, SECONDS_BETWEEN_PAGES, self._making.release)


def opening_for(document: Document | None) -> Opening:
    """The opening that was made for a document, or that of its address where none was."""
    made = _made.pop(document, None) if document is not None else None
    if made is not None:
        return made
    context = document.session_context if document is not None else None
    visitor = visitor_of(document)
    return safe_opening_of(argument(context, "state"), argument(context, "language"), visitor)


def argument(context: SessionContext | None, name: str) -> str:
    """What the address says under a name: of the page, or of a connection that is made anew with it.

    The request at hand tells, or the token that the page was sent with, where it holds what the page was asked for.
    """
    request = getattr(context, "request", None)
    told = (getattr(request, "arguments", None) or {}).get(name)
    if told:
        return told[0].decode("utf-8", "replace") if isinstance(told[0], bytes) else str(told[0])
    return parse_qs(getattr(request, "query", None) or "", errors="replace").get(name, [""])[0]
