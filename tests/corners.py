"""Settings at the ends of their ranges, run side by side: what becomes of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pushpull import Scenario
from pushpull.catalogue import catalogue
from pushpull.engine.runs.block import SavedBlock
from pushpull.engine.runs.task import Broke, RunBroke, Task
from pushpull.engine.stepping.halving import Halvings, least_level
from pushpull.preparation import integrator, task_of

SETTINGS = {**catalogue().levers, **catalogue().context}
# By `strongest`, below: those that move the outcomes farthest when they stand alone at either end of their range.
STRONGEST = (
    "labour_demand", "conflict_intensity", "destination_growth", "environmental_stress", "border_control",
    "enforced_return", "legal_labour_slots", "political_climate", "origin_growth", "asylum_access",
)  # fmt: skip


@dataclass(frozen=True)
class Fate:
    """What became of one run: why it was refused, if it was; its lowest stock in units of what is too low."""

    refused: str
    lowest: float
    where: str


def scenario_with(corridor: str, end: float, settings: Mapping[str, float]) -> Scenario:
    """A corridor's baseline with levers and context drivers set."""
    known = catalogue()
    policies = {name: value for name, value in settings.items() if name in known.levers}
    context = {name: value for name, value in settings.items() if name in known.context}
    return Scenario.load(corridor).baseline().with_changes(end=end, policies=policies, context=context)


def tasks_with(corridor: str, end: float, settings: Iterable[Mapping[str, float]]) -> list[Task]:
    """A task for each of the settings."""
    return [task_of(scenario_with(corridor, end, one)) for one in settings]


def random_settings(rng: np.random.Generator, corners: bool) -> dict[str, float]:
    """Every lever and context driver at one end of its range or, with `corners` false, anywhere within."""
    return {name: float(_drawn(card.range, rng, corners)) for name, card in SETTINGS.items()}


def all_corners(names: Sequence[str]) -> Iterator[dict[str, float]]:
    """Every way to put these settings to either end of their ranges."""
    for number in range(2 ** len(names)):
        yield {name: SETTINGS[name].range[number >> place & 1] for place, name in enumerate(names)}


def with_random_parameters(task: Task, rng: np.random.Generator, corners: bool) -> Task:
    """A task with every element of every parameter drawn from its card; shares of a whole are left as they are."""
    constants, names = task.constants.copy(), integrator().layout.constants
    for row, name in enumerate(names):
        if name != "initial_route_share":
            card = catalogue().parameters[name]
            constants[row] = _drawn(card.range, rng, corners)
    return dataclasses.replace(task, constants=constants)


def _drawn(ends: tuple[float, float], rng: np.random.Generator, corners: bool) -> float:
    return ends[rng.integers(2)] if corners else rng.uniform(*ends)


def fates(tasks: Sequence[Task]) -> tuple[list[Fate], Halvings]:
    """What becomes of tasks of one corridor and horizon, run side by side where they are alike."""
    engine, kinds = integrator(), {}
    stocks = [stock.name for stock in engine.model.stocks if not stock.declaration.signed]
    for place, task in enumerate(tasks):
        kinds.setdefault(task.kind, []).append(place)
    found: dict[int, Fate] = {}
    told = []
    for places in kinds.values():
        runner = engine.runner(tasks[places[0]])
        for at in range(0, len(places), runner.lanes):
            some = places[at : at + runner.lanes]
            block = SavedBlock(engine.selection(stocks, tasks[some[0]]), tasks[some[0]], len(some))
            broken: tuple[int, ...] = ()
            try:
                runner.run([tasks[place] for place in some], block)
            except Broke as broke:
                broken = broke.members
            told.append(block.told)
            for lane, place in enumerate(some):
                if lane in broken:
                    found[place] = Fate(why_refused(tasks[place]), 0.0, "")
                else:
                    found[place] = _lowest({name: block[name][lane] for name in stocks})
    return [found[place] for place in range(len(tasks))], Halvings.of(
        np.concatenate(told), tasks[0].start, tasks[0].steps_per_year
    )


def why_refused(task: Task) -> str:
    """The message with which a run is refused; raises AssertionError where it is not, run by itself."""
    try:
        integrator().run(task)
    except RunBroke as fault:
        return str(fault)
    raise AssertionError("a run was refused beside others and not by itself")


def _lowest(levels: Mapping[str, np.ndarray]) -> Fate:
    """How near the lowest stock comes to what is too low, and which it is; one or more is too low."""
    variables = integrator().model.variables
    least = {name: least_level(variables[name].unit, signed=False) for name in levels}
    share = {name: float(level.min()) / least[name] for name, level in levels.items()}
    worst = max(share, key=share.get)
    finite = all(np.isfinite(level).all() for level in levels.values())
    return Fate("", share[worst] if finite else np.inf, worst)


def strongest(count: int, year: float = 2035.0) -> list[str]:
    """The levers and drivers that move outcomes farthest, each alone at the end of its range where it moves them more:
    by the change in a year as a share of the larger figure, a mean over outcomes and both corridors."""
    from pushpull import run

    reach = dict.fromkeys(SETTINGS, 0.0)
    for corridor in ("us_southwest_border", "g8_2001"):
        before = run(Scenario.load(corridor).baseline(), keep=None)
        at = before.moment(year)
        for name, card in SETTINGS.items():
            moved = []
            for value in card.range:
                after = run(scenario_with(corridor, Scenario.load(corridor).end, {name: value}), keep=None)
                pairs = ((before.total(one)[0, at], after.total(one)[0, at]) for one in catalogue().outcomes)
                moved.append(np.mean([abs(two - one) / max(abs(one), abs(two), 1e-9) for one, two in pairs]))
            reach[name] += max(moved) / 2
    return sorted(reach, key=reach.get, reverse=True)[:count]
