"""Rounds in which teams of a room propose: the form of a corridor, and what the proposals of a room come to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pushpull.dashboard.i18n.texts import language as words_of
from pushpull.dashboard.limits import MOST_KEPT_BESIDE
from pushpull.dashboard.state.state import State
from pushpull.scenario import Scenario
from pushpull.workshop import Proposal, RefusedProposal, Round, Teams, read_proposal, read_workshop, teams_on
from pushpull.workshop.seats import FEWEST, MOST

KEPT_TEAMS = 4  # a corridor, a year and a number of seats each


@lru_cache(KEPT_TEAMS)
def _teams(base: Scenario, year: float, seats: int | None) -> Teams:
    return teams_on(read_workshop(), base, year, seats)


def teams_of(state: State, seats: int) -> Teams:
    """The teams of a room of so many phones, on the corridor of a state; every role where there are too few to tell.

    It runs the model once for each lever, the first time. Raises RunBroke.
    """
    return _teams(state.scenario.baseline(), state.year, min(seats, MOST) if seats >= FEWEST else None)


def round_of(teams: Teams, number: int, answers: Sequence[tuple[int, object]]) -> tuple[Round, int]:
    """A round from what seats answered, and how many of these could not be taken."""
    taken: list[Proposal] = []
    for seat, answer in answers:
        try:
            taken.append(read_proposal(teams, seat, answer))
        except RefusedProposal:
            continue
    return Round(teams, number, taken), len(answers) - len(taken)


def kept(state: State, given: Round, of_roles: bool) -> State:
    """The state with the room's proposal as one more option, or with one for each role that moved a lever; raises
    Refusal where there are too many."""
    language = words_of(state.view.language).code
    scenarios = list(given.scenarios_of_roles(language).values()) if of_roles else [given.scenario(language)]
    for scenario in scenarios[:MOST_KEPT_BESIDE]:
        state = state.keeping(scenario)
    return state
