"""Why an outcome changed, worked out in the background: the levers' shares, their paths, the loops that lead."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from pushpull import Scenario
from pushpull.analysis import Attribution, Shares, attribute
from pushpull.analysis.dominance import Dominance, dominance
from pushpull.analysis.links import Trace
from pushpull.analysis.pathways import Path, alone, strongest_path
from pushpull.analysis.players import Player
from pushpull.analysis.shapley import MOST_PLAYERS
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.runs import cached_run, lent_run

PATHS = 3


@dataclass(frozen=True, eq=False)
class Reasons:
    """What is known so far. `division` is None where nothing differs from the reference."""

    division: Attribution | None = None
    loops: Dominance | None = None
    paths: tuple[Path, ...] = ()
    focus: str = ""
    year: float = 0.0


def reference_of(scenario: Scenario) -> Scenario:
    """What a scenario is held against: its baseline, or things as they stand where assumptions are changed too, so
    that what policy does and what assumptions do stand apart."""
    plain = scenario.baseline()
    unset = {
        block: dict.fromkeys(getattr(scenario, block))
        for block in ("context", "parameters", "formulas")
        if getattr(scenario, block)
    }
    return plain.with_changes(unset, loops_off=()) if unset or scenario.loops_off else plain


def reasoning(
    scenario: Scenario, focus: str, year: float, known: Reasons | None, stop: threading.Event
) -> Iterator[Reasons]:
    """The loops, then the division between groups of levers, then between levers, then the strongest paths."""
    reasons = known or Reasons()
    reference = reference_of(scenario)
    if reasons.loops is None:
        reasons = replace(reasons, loops=dominance(scenario, lent_run(scenario)))
        yield reasons
    if scenario.policies or reference != scenario:
        if reasons.division is None:
            groups = grouped(scenario)
            if 1 < len(groups) < len(scenario.policies):
                reasons = replace(reasons, division=attribute(scenario, reference, players=groups, stop=stop))
                yield reasons
            if len(scenario.policies) <= MOST_PLAYERS or reasons.division is None:
                reasons = replace(reasons, division=attribute(scenario, reference, stop=stop))
                yield reasons
        reasons = replace(reasons, paths=tuple(paths(scenario, reasons, focus, year)), focus=focus, year=year)
        yield reasons


def grouped(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """The levers of a scenario by their group, for a first answer."""
    levers = catalogue().levers
    groups: dict[str, list[str]] = {}
    for name in scenario.policies:
        groups.setdefault(levers[name].group, []).append(name)
    return {group: tuple(names) for group, names in groups.items()}


def ranked(shares: Shares) -> list[tuple[Player, float]]:
    """The players from the one that does most, either way, to the one that does least."""
    order = np.argsort(-np.abs(shares.shares), kind="stable")
    return [(shares.players[index], float(shares.shares[index])) for index in order]


def paths(scenario: Scenario, reasons: Reasons, focus: str, year: float) -> Iterator[Path]:
    """The strongest path of each of the levers that do most; of a group, of its lever that does most alone."""
    if reasons.division is None:
        return
    baseline = scenario.baseline()
    plain = Trace(baseline, lent_run(baseline))
    for player, _ in ranked(reasons.division.of(focus, at=year))[:PATHS]:
        levers = [name for name in player.names if name in scenario.policies]
        if not levers:
            continue
        runs = {name: alone(scenario, name) for name in levers}
        index = plain.result.moment(year)
        before = plain.result.total(focus)[0, index]
        lever = max(levers, key=lambda name: abs(cached_run(runs[name]).total(focus)[0, index] - before))
        path = strongest_path(Trace(runs[lever], lent_run(runs[lever])), plain, lever, focus, year)
        if path is not None:
            yield path
