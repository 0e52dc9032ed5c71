"""The simulations of one scenario to look into: outcomes of each, which are chosen, and what separates these."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import NamedTuple

import numpy as np

from pushpull import Scenario
from pushpull.analysis.stated_change import harms
from pushpull.analysis.targets import Target
from pushpull.dashboard.compute.compared import scenarios
from pushpull.dashboard.compute.indicators import shown_years
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import outcomes_for_cards
from pushpull.discovery import Condition, Discovery, ManyOutcomes, found_of, simulate
from pushpull.files.bounded_cache import MEGABYTE, Bounded

FIRST, FEW, MANY = 16, 100, 1000  # simulations after which the picture is drawn, and drawn again
AT_A_TIME = 100  # so that others' work goes in between
QUARTER = 0.25  # of the simulations: those whose change is highest, or lowest
BESIDE = ("smuggled_migrants", "public_cost")  # outcomes that stand in for one that is looked at already
PANELS = 3  # of each kind


def explored(language: Language, state: State) -> tuple[str, str, Scenario] | None:
    """The scenario whose simulations are looked into, with its key and its title: the one that is chosen, else that of
    the page, else the first beside the baseline; None where there is none."""
    others = [each for each in scenarios(language, state) if each[0] != "baseline"]
    chosen = [each for each in others if each[0] == state.view.explored]
    own = [each for each in others if each[2].digest == state.scenario.digest]
    return next(iter([*chosen, *own, *others]), None)


@cache
def read_ahead() -> None:
    """Read the statistics that find what separates simulations: once, in a thread, as their modules take a second or
    two."""
    threading.Thread(target=import_module, args=("scipy.stats",), daemon=True).start()


# Running them ---------------------------------------------------------------------------------------------------


def size_of(held: ManyOutcomes) -> int:
    """Bytes that simulations take."""
    outcomes = [*held.baseline.values(), *held.after.values()]
    return held.draws.values.nbytes + sum(each.nbytes for each in outcomes)


_HELD: Bounded[ManyOutcomes] = Bounded("simulations to explore", 32 * MEGABYTE, size_of)


def held_of(scenario: Scenario) -> ManyOutcomes | None:
    """The simulations of a scenario that have been run, as far as they have."""
    return _HELD.get(scenario.digest)


def is_complete(held: ManyOutcomes | None) -> bool:
    """Whether all are there: so many have been asked for, though draws that come again count once."""
    return held is not None and held.asked >= MANY


def exploring(scenario: Scenario, stop: threading.Event) -> Iterator[ManyOutcomes]:
    """The simulations of a scenario, some more at each step. Raises Stopped and RunBroke."""
    held = held_of(scenario)
    years = tuple(map(float, shown_years(scenario)))
    while held is None or held.asked < MANY:
        asked = FIRST if held is None else (held.asked // AT_A_TIME + 1) * AT_A_TIME
        held = simulate(scenario, outcomes_for_cards(), years, asked, held, stop)
        _HELD.put(scenario.digest, held)
        yield held


def drawn(held: ManyOutcomes) -> int:
    """How many of the simulations are drawn: the first, then few, until all are there."""
    there = held.simulations
    return there if is_complete(held) else min(there, FEW if there >= FEW else FIRST)


# What is looked at ----------------------------------------------------------------------------------------------


class Choice(NamedTuple):
    """Which simulations are chosen: of a scenario (its digest), so many of them `drawn`, by the change of an outcome in
    a year under a condition; or those that were `marked` by hand, by their places, where there are any."""

    digest: str
    drawn: int
    outcome: str
    year: float
    condition: str
    marked: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Separated:
    """What separates the chosen simulations from the others."""

    choice: Choice
    found: Discovery


def choice_of(scenario: Scenario, state: State, held: ManyOutcomes, marked: object) -> Choice:
    """What the view chooses; `marked` are simulations marked by hand in a picture of the same, where they are."""
    view = state.view
    plain = Choice(scenario.digest, drawn(held), view.focus, state.year, view.condition)
    is_same = isinstance(marked, Choice) and marked._replace(marked=()) == plain
    return marked if is_same and isinstance(marked, Choice) else plain


def chosen_in(held: ManyOutcomes, choice: Choice) -> np.ndarray:
    """Of the simulations that are drawn, which are chosen; a boolean for each."""
    chosen = np.zeros(choice.drawn, dtype=bool)
    if choice.marked:
        places = np.array(choice.marked)
        chosen[places[places < choice.drawn]] = True
        return chosen
    change = held.change_in(choice.outcome, choice.year)[: choice.drawn]
    if choice.condition == "highest":
        return change > np.quantile(change, 1 - QUARTER)
    if choice.condition == "lowest":
        return change < np.quantile(change, QUARTER)
    condition = Condition(Target(choice.outcome, 0.0, choice.year), choice.condition)
    before, after = (each[choice.outcome][:, : choice.drawn] for each in (held.baseline, held.after))
    return condition.chosen(held.years, before, after, held.policy.policy_start)


def separating(held: ManyOutcomes, choice: Choice, stop: threading.Event) -> Iterator[Separated]:
    """What separates the chosen simulations."""
    some = held.first(choice.drawn)
    yield Separated(choice, found_of(some.cases(choice.outcome, choice.year), chosen_in(held, choice)))


def outcomes_beside(outcome: str) -> list[str]:
    """The outcomes against which one is drawn: harm to people first."""
    return [name for name in (*harms(), *BESIDE) if name != outcome][:PANELS]


def inputs_shown(separated: Separated) -> list[str]:
    """The inputs against which the outcome is drawn: those of the limits that are named, then what separates most."""
    limits = [each.name for each in separated.found.limits]
    table = separated.found.separation
    return list(dict.fromkeys([*limits, *(table["input"] if len(table) else separated.found.cases.inputs.columns)]))[
        :PANELS
    ]
