"""What the ways to compare that help to decide work out in the background, and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from pushpull.analysis.goal_seek import CHOSEN, Tried, expected_tries
from pushpull.dashboard.compute.deciding import exploration, page_choice
from pushpull.dashboard.compute.deciding.exploration import Separated
from pushpull.dashboard.compute.deciding.package_search import Search, question_of, searching
from pushpull.dashboard.compute.deciding.page_choice import PageChoice
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.session.jobs import Steps
from pushpull.dashboard.state.state import State

SIMULATIONS, SEPARATED, PICTURED, MARKED = "simulations", "separated", "pictured", "marked"
ROBUST, SEARCH = "robust", "search"


class Workbench(Protocol):
    """What holds findings, and has them worked out."""

    language: Language
    findings: Mapping[str, object]

    def begin(self, kind: str, steps: Steps, then: Callable[[], None] = lambda: None) -> None:
        """Begin work whose results stay true when the scenario changes; `then` follows each of them."""

    def learn(self, kind: str, found: object) -> None:
        """Keep what was found, and have it shown."""

    def drop(self, kind: str) -> None:
        """Let no more come from work of a kind."""


def decide(worker: Workbench, state: State) -> None:
    """Begin what the way to compare needs, and drop what it needs no more."""
    way = state.view.way if state.view.page == "compare" else ""
    if way:
        exploration.read_ahead()
    if way == "explore":
        _explore(worker, state)
    else:
        worker.drop(SIMULATIONS)
        worker.drop(SEPARATED)
    if way == "robust":
        _choose(worker, state)
    else:
        worker.drop(ROBUST)
    held = worker.findings.get(SEARCH)
    if isinstance(held, Search) and held.is_running and held.question != question_of(state):
        stop_search(worker)


def _explore(worker: Workbench, state: State) -> None:
    looked_at = exploration.explored(worker.language, state)
    if looked_at is None:
        return
    scenario = looked_at[2]
    held = exploration.held_of(scenario)
    if not exploration.is_complete(held):
        worker.begin(SIMULATIONS, lambda stop: exploration.exploring(scenario, stop), lambda: separate(worker, state))
    separate(worker, state)


def separate(worker: Workbench, state: State) -> None:
    """Work out what separates the simulations that are chosen, where some are there, unless that has been done."""
    looked_at = exploration.explored(worker.language, state)
    held = exploration.held_of(looked_at[2]) if looked_at is not None else None
    if held is None:
        return
    choice = exploration.choice_of(held.policy, state, held, worker.findings.get(MARKED))
    known = worker.findings.get(SEPARATED)
    if not isinstance(known, Separated) or known.choice != choice:
        worker.begin(SEPARATED, lambda stop: exploration.separating(held, choice, stop))


def _choose(worker: Workbench, state: State) -> None:
    baseline, packages, _ = page_choice.packages_of(worker.language, state)
    if not packages:
        return
    key, known = page_choice.key_of(baseline, packages, state), worker.findings.get(ROBUST)
    if not isinstance(known, PageChoice) or known.key != key or not known.is_complete:
        worker.begin(ROBUST, lambda stop: page_choice.choosing(baseline, packages, key, stop))


def begin_search(worker: Workbench, state: State) -> None:
    """Look for a package that meets the targets of the view."""
    question, baseline = question_of(state), state.scenario.baseline()
    if question.targets:
        worker.learn(SEARCH, Search(question, Tried(0, expected_tries(len(question.levers) or CHOSEN))))
        worker.begin(SEARCH, lambda stop: searching(baseline, question, stop))


def stop_search(worker: Workbench) -> None:
    """Stop the search; what was run is kept, so that it goes on from there when it is begun again."""
    worker.drop(SEARCH)
    held = worker.findings.get(SEARCH)
    if isinstance(held, Search) and held.is_running:
        worker.learn(SEARCH, held.ended())
