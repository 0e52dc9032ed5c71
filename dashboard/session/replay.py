"""Replay of the last change: before and after, four times, on the same axes, the history untouched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bokeh.document import Document

from pushpull.dashboard.compute.runs import Runs, runs_of
from pushpull.dashboard.state.state import State

if TYPE_CHECKING:
    from pushpull.dashboard.session.session import Session

TIMES = 4
MILLISECONDS = 800


class Replay:
    """Flips a session between the state before its last step and the one after, and ends on the latter."""

    def __init__(self, session: Session, document: Document | None):
        self._session, self._document = session, document
        self._left = 0
        self._callback = None
        self._states: tuple[State, State] | None = None
        self._runs: tuple[Runs, Runs] | None = None

    @property
    def is_on(self) -> bool:
        """Whether a replay is under way."""
        return self._left > 0

    @property
    def shows(self) -> str:
        """ "before" or "after" while a replay is under way; else nothing."""
        return "" if not self.is_on else ("after", "before")[self._left % 2]

    @property
    def state(self) -> State:
        """The state that is on the page."""
        if not self.is_on:
            return self._session.state
        return self._states[0 if self.shows == "before" else 1]

    def start(self) -> None:
        """Begin, unless there is nothing to go back to."""
        before = self._session.history.before
        if before is None or self.is_on or before.base.corridor != self._session.state.base.corridor:
            return
        self._states = (before, self._session.state)
        self._runs = (runs_of(before.scenario), self._session.runs)
        self._left = 2 * TIMES
        self._flip()

    def stop(self) -> None:
        """End at once, on the state after."""
        if self._callback is not None and self._document is not None:
            self._document.remove_timeout_callback(self._callback)
        self._callback = None
        if self.is_on:
            self._left = 0
            self._session.flip(self._runs[1])

    def forget(self) -> None:
        """End without showing anything: the tab is gone."""
        self._callback = None
        self._left = 0

    def _flip(self) -> None:
        """Show the one side and come back for the other."""
        if not self.is_on:
            return
        self._callback = None
        self._left -= 1
        if self._left <= 0:
            self._left = 0
            self._session.flip(self._runs[1])
            self._session.show()
            return
        self._session.flip(self._runs[0 if self.shows == "before" else 1])
        if self._document is not None:
            self._callback = self._document.add_timeout_callback(self._flip, MILLISECONDS)
