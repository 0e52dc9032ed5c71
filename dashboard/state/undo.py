"""Steps back and forth through the states of a session."""

from __future__ import annotations

from dataclasses import replace

from pushpull.dashboard.state.state import State


class History:
    """The states of a session; moves of one control count as one step."""

    DEEPEST = 200

    def __init__(self, state: State):
        self.now = state
        self._before: list[State] = []
        self._after: list[State] = []
        self._mover: str | None = None

    def go(self, state: State, mover: str | None = None) -> None:
        """Take a new state; one after the other by the same mover (a slider) is one step."""
        if state.scenario != self.now.scenario or state.package != self.now.package:
            if mover is None or mover != self._mover:
                # A fresh copy: what has been worked out of a state, its link above all, is not kept for each step.
                self._before = [*self._before[1 - self.DEEPEST :], replace(self.now)]
            self._mover, self._after = mover, []
        self.now = state

    def undo(self) -> State:
        """One step back; what is looked at stays as it is."""
        return self._step(self._before, self._after)

    def redo(self) -> State:
        """One step forth again."""
        return self._step(self._after, self._before)

    @property
    def can(self) -> tuple[bool, bool]:
        """Whether there is a step back, and one forth."""
        return bool(self._before), bool(self._after)

    @property
    def before(self) -> State | None:
        """The state before the last step, which a replay flips back to; None at the beginning."""
        return self._before[-1] if self._before else None

    def settle(self) -> None:
        """End a run of moves by one control: the next is a step of its own."""
        self._mover = None

    def _step(self, source: list[State], target: list[State]) -> State:
        if source:
            target.append(self.now)
            self.now = replace(source.pop(), view=self.now.view, kept=self.now.kept)
            self._mover = None
        return self.now
