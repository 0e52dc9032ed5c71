"""A robust choice between the packages of a comparison, by few simulations, then by as many as the overview takes."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pushpull import Scenario
from pushpull.analysis import RobustChoice, robust_choice
from pushpull.analysis.package_choice import USUAL, check_alike
from pushpull.analysis.targets import Target
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute import ensembles
from pushpull.dashboard.compute.compared import scenarios
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.target_slots import targets_of


class ChoiceKey(NamedTuple):
    """What a choice depends on: the baseline and the packages by their keys and digests, the outcomes, the targets and
    the year."""

    packages: tuple[tuple[str, str], ...]
    outcomes: tuple[str, ...]
    targets: tuple[Target, ...]
    year: float


@dataclass(frozen=True, eq=False)
class PageChoice:
    """A choice that has been worked out; its packages go by their keys in the comparison."""

    key: ChoiceKey
    found: RobustChoice

    @property
    def is_complete(self) -> bool:
        """Whether it rests on as many simulations as the overview takes."""
        return self.found.members >= ensembles.STAGES[-1]


def packages_of(language: Language, state: State) -> tuple[Scenario, dict[str, Scenario], list[str]]:
    """The baseline, the packages of the comparison that it can be held against by their keys, and the titles of those
    that differ from it in more than policy."""
    (_, _, baseline), *others = scenarios(language, state)
    packages, apart = {}, []
    for key, title, scenario in others:
        try:
            check_alike(baseline, scenario, title)
            packages[key] = scenario
        except ValueError:
            apart.append(title)
    return baseline, packages, apart


def key_of(baseline: Scenario, packages: Mapping[str, Scenario], state: State) -> ChoiceKey:
    """What the choice depends on that the view asks for."""
    named = [("baseline", baseline), *packages.items()]
    asked = [state.view.focus] if catalogue().outcomes[state.view.focus].better != "neither" else []
    return ChoiceKey(
        tuple((key, scenario.digest) for key, scenario in named),
        tuple(dict.fromkeys((*asked, *USUAL))),
        targets_of(state.view.targets, state.scenario),
        state.year,
    )


def choosing(
    baseline: Scenario, packages: Mapping[str, Scenario], key: ChoiceKey, stop: threading.Event
) -> Iterator[PageChoice]:
    """The choice by few simulations, then by as many as the overview takes. Raises Stopped and RunBroke."""
    for members in (ensembles.MEMBERS, ensembles.STAGES[-1]):
        found = robust_choice(
            baseline, packages, key.outcomes, key.targets, members, baseline.seed, key.year, stop=stop
        )
        yield PageChoice(key, found)
