"""The scenarios held side by side: yours, packages over your context, and those kept or loaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pushpull import Result, Scenario
from pushpull.dashboard.compute.runs import as_things_stand, outcome_run
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.state.packages import package_heading
from pushpull.dashboard.state.state import State
from pushpull.engine.runs.task import RunBroke
from pushpull.scenario import ScenarioFaults

COLOURS = 8
MOST_PACKAGES = 64  # over scenarios that were compared last


@dataclass(frozen=True, eq=False)
class Entry:
    """One scenario of a comparison: what it is called, its run, and its colour on every chart."""

    key: str
    title: str
    scenario: Scenario
    result: Result
    colour: str


def entries(language: Language, state: State) -> list[Entry]:
    """The baseline first, then yours if it differs, packages, and what is kept; one that does not run is left out."""
    compared: list[Entry] = []
    for key, title, scenario in scenarios(language, state):
        colour = key if key in ("baseline", "yours") else f"scenario-{len(compared) % COLOURS}"
        try:
            compared.append(Entry(key, title, scenario, outcome_run(scenario), colour))
        except RunBroke:
            continue
    return compared


def needed(language: Language, state: State) -> list[Scenario]:
    """The scenarios that a comparison runs."""
    held = [scenario for _, _, scenario in scenarios(language, state)]
    return [each for one in held for each in four(one).values()] if state.view.way == "effects" else held


def scenarios(language: Language, state: State) -> Iterator[tuple[str, str, Scenario]]:
    """A key, a title and a scenario for each that is compared."""
    plain = state.scenario.baseline()
    yield "baseline", language.say("baseline"), plain
    if state.scenario.policies:
        yield "yours", language.say("yours"), state.scenario
    for name in state.view.compared:
        try:
            scenario = _with_package(plain, name)
        except ScenarioFaults:
            continue  # the package starts before this corridor's policy does
        yield f"package:{name}", language.of("packages", name, package_heading(name).title), scenario
    for index, scenario in enumerate(state.kept):
        yield f"kept:{index}", scenario.title, scenario


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
