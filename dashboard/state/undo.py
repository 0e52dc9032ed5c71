"""Steps back and forth through the states of a session."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from pushpull.dashboard.state.state import State


@dataclass(frozen=True)
class History:
    """The state of a session, and those before and after it; never altered, each step gives another.

    `mover` is the control whose moves are one step as long as they follow one another.
    """

    now: State
    past: tuple[State, ...] = ()
    future: tuple[State, ...] = ()
    mover: str | None = None

    DEEPEST: ClassVar[int] = 200

    def going(self, state: State, mover: str | None = None) -> History:
        """With a new state; one after the other by the same mover (a slider) is one step."""
        if _settings(state) == _settings(self.now):
            return replace(self, now=state)
        past = self.past
        if mover is None or mover != self.mover:
            # A fresh copy: what has been worked out of a state, its link above all, is not kept for each step.
            past = (*past[1 - self.DEEPEST :], replace(self.now))
        return History(state, past, (), mover)

    def undo(self) -> History:
        """One step back; what is looked at stays as it is."""
        if not self.past:
            return self
        return History(self._seen(self.past[-1]), self.past[:-1], (*self.future, self.now))

    def redo(self) -> History:
        """One step forth again."""
        if not self.future:
            return self
        return History(self._seen(self.future[-1]), (*self.past, self.now), self.future[:-1])

    def settled(self) -> History:
        """With the moves by one control at an end: the next is a step of its own."""
        return self if self.mover is None else replace(self, mover=None)

    @property
    def before(self) -> State | None:
        """The state before the last step, as it is looked at now; None at the beginning."""
        return self._seen(self.past[-1]) if self.past else None

    def _seen(self, state: State) -> State:
        """A state of the history under the view of now."""
        return replace(state, view=self.now.view)


def _settings(state: State) -> tuple:
    """What of a state is set rather than looked at: a step through the history changes some of it."""
    return state.scenario, state.package, state.kept, state.option
