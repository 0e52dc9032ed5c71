"""How many tabs a process takes: those that are connected, and those that have just been sent the page.

A tab that has gone takes no place, though its session may be there for a moment yet: otherwise each tab would count
twice when it comes back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from bokeh.application.application import SessionContext

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
        return self.taken() + self._arriving >= self.most

    def _counts(self, context: SessionContext | None, since: float) -> bool:
        session = getattr(context, "session", None)
        if session is None or session.connection_count > 0:
            return True
        return not session.expiration_requested and self._clock() - since < SECONDS_TO_CONNECT


PLACES = Places()
