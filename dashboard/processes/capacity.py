"""How many tabs a process takes: those that are connected, and those that have just been sent the page.

A tab that has gone takes no place, though its session may be there for a moment yet: otherwise each tab would count
twice when it comes back. A tab that waits is promised a place before it asks for the page, so that it never leaves what
it shows for a page that says that the server is full.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from bokeh.application.application import SessionContext

SECONDS_PROMISED = 15  # within which a tab that waited is to ask for its page
MOST_PROMISED, PART_PROMISED = 32, 4  # at once: so many, and one in so many of all places
SECONDS_TO_CONNECT = 20  # for which a page that has been sent holds its place; it may still connect later


class Closing(Protocol):
    """A session, as far as a place needs to know it."""

    def close(self) -> None:
        """Drop what is under way."""


class Places:
    """The sessions of a process, and whether there is room for one more."""

    def __init__(self, most: int = 200, clock: Callable[[], float] = time.monotonic):
        self.most = most
        self._clock = clock
        self._held: dict[Closing, tuple[SessionContext | None, float]] = {}
        self._arriving = 0
        self._promised: list[float] = []

    def take(self, session: Closing, context: SessionContext | None) -> None:
        """Hold a place for a session."""
        self._held[session] = (context, self._clock())

    def leave(self, session: Closing) -> None:
        """Give up the place of a session that is no more."""
        self._held.pop(session, None)

    @contextmanager
    def arriving(self) -> Iterator[None]:
        """While a page is being made for somebody, who has a place already."""
        self._arriving += 1
        try:
            yield
        finally:
            self._arriving -= 1

    def sessions(self) -> list[Closing]:
        """The sessions there are, those whose tab is gone among them."""
        return list(self._held)

    def taken(self) -> int:
        """How many places are taken."""
        return sum(self._counts(*each) for each in self._held.values())

    def full(self) -> bool:
        """Whether there is no room for one more."""
        return self.taken() + self._arriving + len(self._promises()) >= self.most

    def promise(self) -> bool:
        """Hold a place for a tab that waits and asks for its page now; False where there is no room, or so many wait
        for theirs that whoever only asks could keep everybody else out."""
        most = min(MOST_PROMISED, max(1, self.most // PART_PROMISED))
        if self.full() or len(self._promised) >= most:
            return False
        self._promised.append(self._clock())
        return True

    def redeem(self) -> bool:
        """Give up a place that was held for somebody who is here now; False where none is."""
        if not self._promises():
            return False
        self._promised.pop(0)
        return True

    def _promises(self) -> list[float]:
        """When each place was promised that is still held."""
        since = self._clock() - SECONDS_PROMISED
        self._promised = [moment for moment in self._promised if moment > since]
        return self._promised

    def _counts(self, context: SessionContext | None, since: float) -> bool:
        session = getattr(context, "session", None)
        if session is None or session.connection_count > 0:
            return True
        return not session.expiration_requested and self._clock() - since < SECONDS_TO_CONNECT


PLACES = Places()
