"""Steps back and forth through the states of a session."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from pushpull.dashboard.state.state import State


@dataclass(frozen=True)
class History:
    """The state of a session, and those before and after it; never altered, each step gives another.

    `mover` is the control whose moves are one step as long as they follow one another. `step` counts the steps of any
    kind, of what is looked at too: a browser keeps an entry of its own history for each.
    """

    now: State
    past: tuple[State, ...] = ()
    future: tuple[State, ...] = ()
    mover: str | None = None
    step: int = 0

    DEEPEST: ClassVar[int] = 200

    def going(self, state: State, mover: str | None = None) -> History:
        """With a new state; one after the other by the same mover (a slider) is one step."""
        if _is_same(state, self.now):
            return replace(self, now=state, step=self.step + (state != self.now))
        if mover is not None and mover == self.mover:
            return replace(self, now=state, future=())
        # A fresh copy: what has been worked out of a state, its link above all, is not kept for each step.
        past = (*self.past[1 - self.DEEPEST :], replace(self.now))
        return History(state, past, (), mover, self.step + 1)

    def visiting(self, state: State, mover: str | None = None) -> History:
        """At a state to which the browser went back or forth, as it was then, its view too.

        Where it is one of those before or after, the way there is undone or made again; else it is a step of its own.
        The browser has gone there by itself, so `step` stays.
        """
        ways = [
            (number, walk)
            for walk, states in ((History.undo, self.past), (History.redo, self.future))
            for number, each in enumerate(reversed(states), 1)
            if _is_same(each, state)
        ]
        history = self
        if not _is_same(state, self.now):
            number, walk = min(ways, key=lambda way: way[0], default=(0, History.undo))
            for _ in range(number):
                history = walk(history)
            history = history if number else self.going(state)
        return replace(history, now=state, mover=mover, step=self.step)

    def undo(self) -> History:
        """One step back; what is looked at stays as it is."""
        if not self.past:
            return self
        return History(self._seen(self.past[-1]), self.past[:-1], (*self.future, self.now), None, self.step + 1)

    def redo(self) -> History:
        """One step forth again."""
        if not self.future:
            return self
        return History(self._seen(self.future[-1]), (*self.past, self.now), self.future[:-1], None, self.step + 1)

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


def _is_same(one: State, other: State) -> bool:
    """Whether two states differ at most in what is looked at."""
    return _settings(one) == _settings(other)


def _settings(state: State) -> tuple:
    """What of a state is set rather than looked at: a step through the history changes some of it."""
    return state.scenario, state.package, state.kept, state.option
