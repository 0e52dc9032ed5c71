"""The scenarios held side by side: yours, the options, and packages over your context."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pushpull import Result, Scenario
from pushpull.dashboard.compute.runs import as_things_stand, outcome_run
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.state import policy_options
from pushpull.dashboard.state.packages import package_heading
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import COMPUTED
from pushpull.engine.runs.task import RunBroke
from pushpull.scenario import ScenarioFaults

COLOURS = 8
OF_THE_PAGE = ("baseline", "yours")  # scenarios with a colour of their own on every page
MOST_PACKAGES = 64  # over scenarios that were compared last


@dataclass(frozen=True, eq=False)
class Entry:
    """One scenario of a comparison: what it is called, its run, its colour on every chart, and whether its settings are
    those that the page shows."""

    key: str
    title: str
    scenario: Scenario
    result: Result
    colour: str
    is_current: bool = False


def entries(language: Language, state: State) -> list[Entry]:
    """The baseline first, then yours if it differs, options, and packages; one that does not run is left out."""
    compared: list[Entry] = []
    others = 0  # so that an option keeps its colour when yours comes or goes
    for key, title, scenario in scenarios(language, state):
        colour = key if key in OF_THE_PAGE else colour_of_option(others)
        others += key not in OF_THE_PAGE
        is_current = key != "baseline" and scenario.digest == state.scenario.digest
        try:
            compared.append(Entry(key, title, scenario, outcome_run(scenario), colour, is_current))
        except RunBroke:
            continue
    return compared


def colour_of_option(place: int) -> str:
    """The colour of the option at a place, whatever else is compared."""
    return f"scenario-{place % COLOURS}"


def options_of(language: Language, state: State) -> list[Entry]:
    """What there is to choose between: yours where it is no option, and the options. What does not run is left out."""
    only = state.looking(compared=())
    return [each for each in entries(language, only) if each.key != "baseline"]


def needed(language: Language, state: State) -> list[Scenario]:
    """The scenarios that a comparison runs."""
    if state.view.way in COMPUTED:
        return []  # what is needed there is run by itself
    held = [scenario for _, _, scenario in scenarios(language, state)]
    return [each for one in held for each in four(one).values()] if state.view.way == "effects" else held


def scenarios(language: Language, state: State) -> Iterator[tuple[str, str, Scenario]]:
    """A key, a title and a scenario for each that is compared. What is the same stands there once: as an option where
    it is one, else as the package that it is."""
    plain = state.scenario.baseline()
    yield "baseline", language.say("baseline"), plain
    beside = [
        (f"kept:{place}", policy_options.title_of(language, state, place), option)
        for place, option in enumerate(state.kept)
    ]
    held = {option.digest for option in state.kept}
    for name in state.view.compared:
        try:
            scenario = _with_package(plain, name)
        except ScenarioFaults:
            continue  # the package starts before this corridor's policy does
        if scenario.digest not in held:
            beside.append((f"package:{name}", language.of("packages", name, package_heading(name).title), scenario))
            held.add(scenario.digest)
    if state.scenario.policies and state.scenario.digest not in held:
        yield "yours", state.shown_name(language), state.scenario
    yield from beside


@lru_cache(MOST_PACKAGES)
def _with_package(plain: Scenario, name: str) -> Scenario:
    """A package over a scenario, whose file is read once and not each time that the page is shown."""
    return plain.with_policy(name)


def shared(one: Result, other: Result) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The times that both report, and their places in each."""
    first, second = np.round(one.time, 6), np.round(other.time, 6)
    times, here, there = np.intersect1d(first, second, assume_unique=True, return_indices=True)
    return times, here, there


def difference(entry: Entry, reference: Entry, outcome: str) -> tuple[np.ndarray, np.ndarray]:
    """Times, and an outcome less that of the reference."""
    times, here, there = shared(entry.result, reference.result)
    return times, entry.result.total(outcome)[0][here] - reference.result.total(outcome)[0][there]


def four(scenario: Scenario) -> dict[str, Scenario]:
    """Policy and assumptions apart: neither changed, assumptions alone, policy alone, both."""
    unset = {
        block: dict.fromkeys(getattr(scenario, block))
        for block in ("parameters", "formulas")
        if getattr(scenario, block)
    }
    plain = scenario.baseline()
    neither = (as_things_stand(scenario) or plain).with_changes(unset, loops_off=())
    return {
        "neither": neither,
        "assumptions": plain,
        "policy": neither.with_changes(policies=dict(scenario.policies)),
        "both": scenario,
    }
