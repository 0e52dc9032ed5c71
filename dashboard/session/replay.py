"""Replay of the last change: before and after, four times, on the same axes, the history untouched."""

from __future__ import annotations

from collections.abc import Callable

from bokeh.document import Document
from bokeh.server.callbacks import TimeoutCallback

from pushpull.dashboard.compute.runs import Runs, runs_of
from pushpull.dashboard.state.state import State

TIMES = 4
MILLISECONDS = 800


class Replay:
    """Flips a page between two states, and ends on the latter; `show` is called whenever the other is to be shown."""

    def __init__(self, document: Document | None, show: Callable[[], None]):
        self._document, self._show = document, show
        self._left = 0
        self._callback: TimeoutCallback | None = None
        self._sides: dict[str, tuple[State, Runs]] = {}

    @property
    def is_on(self) -> bool:
        """Whether a replay is under way."""
        return self._left > 0

    @property
    def side(self) -> str:
        """ "before" or "after" while a replay is under way; else nothing."""
        return "" if not self.is_on else ("after", "before")[self._left % 2]

    @property
    def shown(self) -> tuple[State, Runs]:
        """The state that is to be shown while a replay is under way, and its runs."""
        return self._sides[self.side]

    def start(self, before: State, after: State, runs: Runs) -> None:
        """Begin, unless one is under way; `runs` are those of the state after. Raises RunBroke."""
        if self.is_on:
            return
        self._sides = {"before": (before, runs_of(before.scenario)), "after": (after, runs)}
        self._left = 2 * TIMES
        self.flip()

    def flip(self) -> None:
        """Show the other side and come back for the next, or end."""
        if not self.is_on:
            return
        self._callback = None
        self._left -= 1
        if not self.is_on:
            self._sides = {}
        elif self._document is not None:
            self._callback = self._document.add_timeout_callback(self.flip, MILLISECONDS)
        self._show()

    def stop(self) -> None:
        """End at once, on the state after."""
        if self._callback is not None and self._document is not None:
            self._document.remove_timeout_callback(self._callback)
        if self.is_on:
            self.forget()
            self._show()

    def forget(self) -> None:
        """End without showing anything: the tab is gone."""
        self._callback = None
        self._left, self._sides = 0, {}
