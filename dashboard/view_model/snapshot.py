"""A snapshot: everything that one picture of the page rests on, computed once for each repaint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from pushpull.analysis import Paired
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.i18n.notices import Notice
from pushpull.dashboard.state.state import State
from pushpull.dashboard.storage.user_folder import Listing


@dataclass(frozen=True, eq=False)
class PageSnapshot:
    """What is shown: a state, its numbers, and what the page tells besides.

    `seen` is the state whose runs are shown, which during a replay may be the one before; `replaying` then says which
    side it is. `ensemble` is None until simulations have been run. `is_moving` holds while a hand is on a slider.
    `turns` are those of the panels that were answered last, by the panel's name; `folder` lists the user's own files.
    `step` is the number of the step of the history, for the browser's own, and `heard` that of its last change.
    """

    state: State
    seen: State
    runs: Runs
    ensemble: Paired | None
    findings: Mapping[str, object]
    comparison_is_ready: bool
    notices: tuple[Notice, ...]
    turns: tuple[tuple[str, int], ...]
    can_undo: bool
    can_redo: bool
    step: int
    heard: int
    folder: Listing | None
    dark: bool
    is_moving: bool
    replaying: str

    @property
    def axes_are_fixed(self) -> bool:
        """Whether axes stay where they are, as while a hand moves a slider."""
        return self.is_moving or self.replaying != ""

    def changes(self, before: PageSnapshot | None) -> set[str]:
        """The fields that differ from those of another snapshot; all where there is none. What is large counts as the
        same only where it is the very same object."""
        names = [each.name for each in fields(self)]
        if before is None:
            return set(names)
        return {name for name in names if not _same(getattr(self, name), getattr(before, name))}


def _same(one: object, other: object) -> bool:
    small = isinstance(one, bool | int | str | tuple | Listing)
    return one is other or (small and one == other)
