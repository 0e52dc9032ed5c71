"""Changes of a session's state that may take long: made beside the page, so that nobody waits.

What rests on what the page shows waits meanwhile, in its order: while the page is on its way to another state, whoever
asks something of it, keeps it or moves a lever means the state that comes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Protocol

from pushpull.dashboard.compute.runs import runs_of
from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.limits import MOST_MOVES
from pushpull.dashboard.session.effects import Effect
from pushpull.dashboard.session.jobs import Background
from pushpull.dashboard.state.messages import Message
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.undo import History
from pushpull.dashboard.state.update import update

MOVES = "change"  # the kind of work that makes the changes of messages
Way = Callable[[History, State, str | None], History]  # to a new state in the history


class ChangingPage(Protocol):
    """A session, as far as changes beside it need one."""

    @property
    def state(self) -> State:
        """The state of the session."""

    def take(self, state: State, *, way: Way) -> None:
        """Go to a state; raises RunBroke and leaves all as it was where it does not run."""

    def refuse(self, fault: Exception) -> None:
        """Tell why something cannot be done."""


class ChangesBeside:
    """The changes under way beside a page, at most one of a kind, and the messages that wait for them."""

    def __init__(self, page: ChangingPage, background: Background | None):
        self._page, self._background = page, background
        self._under_way: set[str] = set()
        self._moves: list[Message] = []  # which the change under way makes, in their order
        self._waiting: list[tuple[Message, Callable[[], None]]] = []

    def make(
        self,
        kind: str,
        change: Callable[[State], State],
        then: Callable[[], None],
        otherwise: Callable[[], None] = lambda: None,
        way: Way = History.going,
    ) -> None:
        """Go to the state that `change` makes of this one, in the place of the change of that kind before it.

        `then` follows where it is taken, `otherwise` where it is not. Should the page have moved on meanwhile, it is
        made anew.
        """
        before = self._page.state

        def steps(stop: threading.Event) -> Iterator[State]:
            state = change(before)
            runs_of(state.scenario)  # what is kept of it is there when the page asks
            yield state

        def take(state: State) -> None:
            if self._page.state is not before:
                self.make(kind, change, then, otherwise, way)
                return
            try:
                self._page.take(state, way=way)
                then()
            except Exception as fault:
                fail(fault)
            else:
                self._end(kind)

        def fail(fault: Exception) -> None:
            try:
                otherwise()
                self._page.refuse(fault)
            finally:
                self._end(kind)

        if self._background is not None:
            self._under_way.add(kind)
            self._background.start(kind, steps, take, fail)
            return
        try:
            take(change(before))
        except Exception as fault:
            fail(fault)

    def move(self, message: Message) -> None:
        """Make the change of a message, after all that wait; raises Refusal where these are too many."""
        if len(self._moves) >= MOST_MOVES:
            raise Refusal("moves")
        self._moves.append(message)
        moves = tuple(self._moves)

        def all_of(state: State) -> State:
            for each in moves:
                state = update(state, each)
            return state

        def taken() -> None:
            del self._moves[: len(moves)]

        self.make(MOVES, all_of, taken, self._moves.clear)

    # What waits ---------------------------------------------------------------------------------------------

    def hold_up(self, message: Message) -> bool:
        """Whether a message is to wait: it rests on a state that is on its way, or comes after others that wait."""
        kind = message.kind
        if isinstance(kind, Effect) and kind.at_once:
            return False
        return bool(self._waiting) or self._comes_first(message)

    def wait(self, message: Message, act: Callable[[], None]) -> None:
        """Act on a message once nothing holds it up any more; raises Refusal where too many wait."""
        if len(self._waiting) >= MOST_MOVES:
            raise Refusal("moves")
        self._waiting.append((message, act))

    def _comes_first(self, message: Message) -> bool:
        """Whether a change under way is to be there before a message is looked at.

        Moves of levers go on top of each other, and one way to another page takes the place of that before.
        """
        kind = message.kind
        if not isinstance(kind, Effect):
            return bool(self._under_way - {MOVES})
        return bool(self._under_way) and not kind.replaces_page

    def _end(self, kind: str) -> None:
        """A change is there, or has failed: what waited for it goes on."""
        self._under_way.discard(kind)
        while self._waiting and not self._comes_first(self._waiting[0][0]):
            self._waiting.pop(0)[1]()
