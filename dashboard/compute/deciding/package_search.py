"""The search for a package that meets targets, step by step: how far it is, and what it has found."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from pushpull import Scenario
from pushpull.analysis.goal_seek import Sought, Tried, seeking
from pushpull.analysis.targets import Target
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.target_slots import targets_of
from pushpull.engine.runs.task import RunBroke

MEMBERS = 50  # simulations of each package that is tried
MOST_LEVERS = 8  # of a search: with more, it takes too long for a page
SECONDS_BETWEEN = 0.5  # that it tells how far it is


class PackageQuestion(NamedTuple):
    """What is sought: from which baseline (its digest), the targets, the share of simulations, the levers."""

    baseline: str
    targets: tuple[Target, ...]
    share: float
    levers: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Search:
    """A search so far: packages `tried` of about so many, `found` at its end, or that it was `stopped` before."""

    question: PackageQuestion
    tried: Tried
    found: Sought | None = None
    stopped: bool = False

    @property
    def is_running(self) -> bool:
        """Whether it goes on."""
        return self.found is None and not self.stopped

    def ended(self) -> Search:
        """The same, stopped before its end."""
        return replace(self, stopped=True)


def question_of(state: State) -> PackageQuestion:
    """What the view asks for."""
    view = state.view
    levers = view.sought[:MOST_LEVERS]
    return PackageQuestion(
        state.scenario.baseline().digest, targets_of(view.targets, state.scenario), float(view.share), levers
    )


def searching(baseline: Scenario, question: PackageQuestion, stop: threading.Event) -> Iterator[Search]:
    """The search, which gives way a few times a second and then says how far it is. Raises Stopped and
    RunBroke."""
    search, last = Search(question, Tried(0, 1)), 0.0
    steps = seeking(
        baseline, question.targets, question.levers or None, question.share, MEMBERS, baseline.seed, stop=stop
    )
    try:
        for step in steps:
            if isinstance(step, Sought):
                yield replace(search, found=step)
            elif time.monotonic() - last > SECONDS_BETWEEN:
                search, last = replace(search, tried=step), time.monotonic()
                yield search
    except RunBroke:
        yield search.ended()
        raise
