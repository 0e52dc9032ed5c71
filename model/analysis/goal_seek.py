"""What it would take: the smallest change of levers that meets targets in a share of simulations, or comes nearest."""

from __future__ import annotations

import functools
import math
import threading
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from pushpull.analysis.asking import ASKING, IN_NEED, part_of_the_fall, share_asking
from pushpull.analysis.engine_calls import Line, run_draws
from pushpull.analysis.kept_points import KeptPoints
from pushpull.analysis.least_change import (
    FEWEST_ROUNDS,
    HALVINGS,
    POINTS_A_LEVER,
    ROUNDS_A_LEVER,
    LeastChange,
    Trials,
    Try,
    to_try,
)
from pushpull.analysis.lever_space import LeverMove, LeverSpace
from pushpull.analysis.members import Members, values_of
from pushpull.analysis.package_choice import numbers_of
from pushpull.analysis.stated_change import GETS_BETTER, GETS_WORSE, MATERIAL, MAY_GET_WORSE, StatedChange, harms
from pushpull.analysis.targets import Target, check_targets, read_targets
from pushpull.catalogue import catalogue
from pushpull.engine.runs.result import Result, nearest_time
from pushpull.ensemble import Draws, Progress
from pushpull.scenario import Scenario
from pushpull.simulation import run

SHARE = 0.8  # of simulations in which targets are to be met together
CHOSEN = 5  # levers, where none are named: those that help most, each alone
FEW = 25  # simulations of each lever alone, to choose them by
PROTECTED = "no more of "


@dataclass(frozen=True, eq=False)
class Sought:
    """What a search has found: `position` in `space`, as a `scenario`, and what it does in simulations.

    `is_attained` says whether all targets are met at once in a share `share` of simulations. `met` are shares of
    simulations, target by target, and `all_met` that of all at once; `before` and `all_before` the same with no new
    measures. `least` is for each target the least by which it was missed in that share of simulations by any package
    tried, relative to its value, zero or less where one met it. `forbidding` names the targets that stand in the way.
    `changes` say of every outcome how it moves from the baseline, on average from policy start on; harm comes first.
    `fewer_asking` is by what share fewer of those in need of protection set out or ask, where much of a fall in denials
    is owed to that; else zero.
    """

    space: LeverSpace
    position: np.ndarray
    scenario: Scenario
    is_attained: bool
    share: float
    members: int
    seed: int
    names: tuple[str, ...]
    met: np.ndarray
    before: np.ndarray
    all_met: float
    all_before: float
    least: np.ndarray
    forbidding: tuple[str, ...]
    changes: tuple[StatedChange, ...]
    fewer_asking: float
    tried: int
    runs: int

    @property
    def moves(self) -> tuple[LeverMove, ...]:
        """What is moved, the farthest first; nothing where targets are met as things stand."""
        return self.space.moves(self.position)

    @property
    def change(self) -> float:
        """How large the change is: parts of ranges, added up."""
        return self.space.change(self.position)

    @property
    def worse(self) -> tuple[StatedChange, ...]:
        """The harms to people that clearly get worse."""
        return tuple(each for each in self.changes if each.outcome.id in harms() and each.word == GETS_WORSE)

    @property
    def may_be_worse(self) -> tuple[StatedChange, ...]:
        """The harms to people that may get worse."""
        return tuple(each for each in self.changes if each.outcome.id in harms() and each.word == MAY_GET_WORSE)


@dataclass
class PackageRuns:
    """The targets of a question, and by how much each simulation of a package misses them; what is run is kept, and on
    disk too, so that a search that was stopped goes on, and another share of the same question is answered at once."""

    space: LeverSpace
    targets: tuple[Target, ...]
    members: int
    seed: int
    protect: bool = False
    stop: threading.Event | None = None
    runs: int = 0
    asked: int = 0  # packages, those that were known already among them

    def __post_init__(self) -> None:
        self.draws = Draws.of(self.space.scenario, self.members, self.seed)
        protected = harms() if self.protect else ()
        self.keep = tuple(dict.fromkeys((*(each.outcome for each in self.targets), *protected)))
        self.names = (*map(str, self.targets), *(PROTECTED + each for each in protected))
        self.protected = protected
        levers = [(axis.label, axis.limits) for axis in self.space.axes]
        question = (self.space.scenario.digest, self.names, self.members, self.seed, levers)
        self.known = KeptPoints("seek", question)
        self._baseline: Result | None = None

    @property
    def baseline(self) -> Result:
        """The members with no new measures."""
        if self._baseline is None:
            self._baseline = self._run(self.space.scenario)
        return self._baseline

    def excess(self, position: np.ndarray) -> np.ndarray:
        """By how much each target is missed, relative to its value: (target, simulation), zero or less where met."""
        known = self.known.get(position)
        if known is not None:
            return known
        result = self._run(self.space.at(position))
        start = self.space.scenario.policy_start
        rows = [
            excess_of(target, result.time, values_of(result, Line(target.outcome, target.route)).T, start)
            for target in self.targets
        ]
        return self.known.add(position, np.stack([*rows, *(self._growth(name, result) for name in self.protected)]))

    def _growth(self, name: str, result: Result) -> np.ndarray:
        """By how much more than a material part a harm grows, on average from policy start on."""
        since = result.time >= self.space.scenario.policy_start - 1e-6
        before, after = (each.total(name)[:, since].mean(axis=1) for each in (self.baseline, result))
        return (after - before) / max(float(np.median(before)), 1e-9) - MATERIAL

    def _run(self, scenario: Scenario) -> Result:
        self.runs += self.members
        return run_draws(scenario, self.draws, self.keep, None, self.stop)


def excess_of(target: Target, time: np.ndarray, values: np.ndarray, policy_start: float) -> np.ndarray:
    """By how much a target is missed in each member, as a part of its value, given the outcome over (time, member);
    zero or less where it is met (see `Target.met`)."""
    last = nearest_time(time, target.year)
    first = min(int(np.searchsorted(time, policy_start - 1e-6)), last) if target.by else last
    sign = -1.0 if target.above else 1.0
    scale = abs(target.value) or max(float(np.median(np.abs(values))), 1e-9)
    return (sign * (values[first : last + 1] - target.value) / scale).min(axis=0)


def missing(excess: np.ndarray, share: float) -> float:
    """By how much targets are missed together where the best share of simulations is looked at: zero or less where all
    are met at once in that share of them. `excess` is (target, simulation)."""
    worst = np.sort(excess.max(axis=0))
    return float(worst[max(math.ceil(share * len(worst) - 1e-9), 1) - 1])


class Tried(NamedTuple):
    """How many packages a search has tried, and about how many it will."""

    done: int
    whole: int


def seek(
    scenario: Scenario,
    targets: Iterable[str | Target],
    levers: Sequence[str] | None = None,
    share: float = SHARE,
    members: int | None = None,
    seed: int | None = None,
    protect: bool = False,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Sought:
    """Find the smallest change of levers from a scenario that meets targets at once in a share of its simulations.

    Moves are measured as parts of the levers' ranges and added up (see `LeverSpace.change`). Where no levers are named,
    those that help most by themselves are taken. With `protect`, no harm to people may grow by more than is material.
    Where no package meets the targets, the one that misses them by least is given, and which of them stand in the way.
    The same seed gives the same answer; what was run is kept, so that a search that was stopped goes on.

    Raises:
        ValueError: for no target, and a share that is none.
        ScenarioFaults: for targets and levers that there are not.
        Stopped, RunBroke: as `pushpull.analysis.paired`.
    """
    for step in seeking(scenario, targets, levers, share, members, seed, protect, stop):
        if isinstance(step, Sought):
            return step
        if progress:
            progress(*step)
    raise AssertionError("a search ends with an answer")


def seeking(
    scenario: Scenario,
    targets: Iterable[str | Target],
    levers: Sequence[str] | None = None,
    share: float = SHARE,
    members: int | None = None,
    seed: int | None = None,
    protect: bool = False,
    stop: threading.Event | None = None,
) -> Iterator[Tried | Sought]:
    """The same search step by step, for who does other work in between: how far it is after each package, at last what
    it has found."""
    wanted = read_targets(targets, scenario.end)
    if not wanted:
        raise ValueError("there is nothing to seek without a target")
    if not 0 < share <= 1:
        raise ValueError("a share of simulations is more than 0, and at most 1")
    check_targets(wanted, scenario.routes, scenario.start, scenario.end)
    scenario = scenario.with_changes(members=members, seed=seed)
    count, seed = scenario.members, scenario.seed
    runs = 0
    if levers is None:
        levers, runs = yield from _helpful_levers(scenario, wanted, share, min(FEW, count), stop)
    packages = PackageRuns(LeverSpace.of(scenario, levers), wanted, count, seed, protect, stop)
    packages.runs += runs
    low, high = packages.space.ends
    try:
        points = to_try(packages.space.start, seed, None, low, high)
        found = yield from _answered(points, lambda position: missing(packages.excess(position), share), packages)
        position = _tidy(packages, found, share)
        for place in range(len(packages.names)) if not found.is_attained and len(packages.names) > 1 else ():
            if min(missing(each[[place]], share) for _, each in packages.known) > 0:
                by_itself = functools.partial(_missing_alone, packages, share, place)
                yield from _answered(to_try(packages.space.start, seed, 6, low, high), by_itself, packages)
    finally:
        packages.known.store()
    yield _answer(packages, position, share)


def _answered(points: Trials, attempt: Try, packages: PackageRuns) -> Generator[Tried, None, LeastChange]:
    """Try the points of a search, and tell after each how many packages have been tried."""
    try:
        position = next(points)
        while True:
            shortfall = attempt(position)
            packages.asked += 1
            yield Tried(packages.asked, max(packages.asked + 1, expected_tries(len(packages.space.axes))))
            position = points.send(shortfall)
    except StopIteration as ended:
        return ended.value


def _missing_alone(packages: PackageRuns, share: float, row: int, position: np.ndarray) -> float:
    return missing(packages.excess(position)[[row]], share)


def expected_tries(levers: int) -> int:
    """About how many packages a search tries, for a progress bar."""
    sampled = 2 ** math.ceil(math.log2(POINTS_A_LEVER * levers))
    return 1 + 2 * levers + sampled + max(FEWEST_ROUNDS, ROUNDS_A_LEVER * levers) + HALVINGS * 3


def helpful_levers(
    scenario: Scenario,
    targets: tuple[Target, ...],
    share: float,
    members: int,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> tuple[tuple[str, ...], int]:
    """The levers that bring targets nearest, each moved alone to the better end of its range; and how many runs."""
    steps = _helpful_levers(scenario, targets, share, members, stop)
    try:
        while True:
            tried = next(steps)
            if progress:
                progress(*tried)
    except StopIteration as ended:
        return ended.value


def _helpful_levers(
    scenario: Scenario, targets: tuple[Target, ...], share: float, members: int, stop: threading.Event | None
) -> Generator[Tried, None, tuple[tuple[str, ...], int]]:
    space = LeverSpace.of(scenario, scenario.catalogue.levers)
    packages = PackageRuns(space, targets, members, scenario.seed, stop=stop)
    best: dict[str, float] = {}
    for place, axis in enumerate(space.axes):
        for end in (0.0, 1.0):
            position = space.start
            if position[place] != end:
                position[place] = end
                best[axis.name] = min(best.get(axis.name, np.inf), missing(packages.excess(position), share))
        yield Tried(place + 1, len(space.axes))
    packages.known.store()
    return tuple(sorted(best, key=lambda name: best[name])[:CHOSEN]), packages.runs


def _tidy(packages: PackageRuns, found: LeastChange, share: float) -> np.ndarray:
    """The position with round moves where these do as well."""
    rounded = packages.space.rounded(found.position)
    return rounded if missing(packages.excess(rounded), share) <= max(found.shortfall, 0.0) else found.position


def _answer(packages: PackageRuns, position: np.ndarray, share: float) -> Sought:
    space, count, cards = packages.space, packages.members, catalogue().outcomes
    excess, before = packages.excess(position), packages.excess(space.start)
    least = np.array(
        [
            min(missing(each[[row]], share) for _, each in packages.known) for row in range(len(packages.names))
        ]
    )  # fmt: skip
    is_attained = missing(excess, share) <= 0
    names = [name for name, outcome in cards.items() if outcome.better != "neither" and not outcome.adds_up_to_one]
    ordered = [*harms(), *(name for name in names if name not in harms())]
    reached = replace(space.at(position), title=_title(packages), question=_question(packages, share))
    sides = [Members(each, packages.seed, ordered) for each in (space.scenario, reached)]
    for side in sides:
        side.grow(count, None, packages.stop)
    changes = [
        StatedChange.of(cards[name], *(numbers_of(side, name, count, None) for side in sides)) for name in ordered
    ]
    return Sought(
        space=space,
        position=position,
        scenario=reached,
        is_attained=is_attained,
        share=share,
        members=count,
        seed=packages.seed,
        names=packages.names,
        met=(excess <= 0).mean(axis=1),
        before=(before <= 0).mean(axis=1),
        all_met=float((excess <= 0).all(axis=0).mean()),
        all_before=float((before <= 0).all(axis=0).mean()),
        least=least,
        forbidding=() if is_attained else _forbidding(packages.names, least, excess, share),
        changes=tuple(changes),
        fewer_asking=_fewer_asking(space.scenario, reached, changes[ordered.index("protection_gap")]),
        tried=len(packages.known),
        runs=packages.runs + 2 * count,
    )


def _fewer_asking(before: Scenario, after: Scenario, denials: StatedChange) -> float:
    """By what share fewer people in need ask in a single run, on average from policy start on; zero where denials do
    not clearly fall, or little of their fall is owed to it."""
    if denials.word != GETS_BETTER:
        return 0.0
    means = []
    for scenario in (before, after):
        result = run(scenario, keep=(*IN_NEED, *ASKING))
        first = int(np.searchsorted(result.time, scenario.policy_start - 1e-6))
        means.append(float(np.mean([share_asking(result, index) for index in range(first, len(result.time))])))
    asking = means[1] / means[0] if means[0] > 0 else 1.0
    return 0.0 if part_of_the_fall(1 + denials.ratio, asking) is None else 1 - asking


def _forbidding(names: tuple[str, ...], least: np.ndarray, excess: np.ndarray, share: float) -> tuple[str, ...]:
    """The targets that no package tried meets even by themselves; where there is none, those that are missed."""
    alone = [name for name, short in zip(names, least, strict=True) if short > 0]
    missed = [name for row, name in enumerate(names) if missing(excess[[row]], share) > 0]
    return tuple(alone or missed or names)


def _title(packages: PackageRuns) -> str:
    return f"{packages.space.scenario.title}: sought"[:120]


def _question(packages: PackageRuns, share: float) -> str:
    return f"What would it take for {' and '.join(packages.names)} in {share:.0%} of simulations?"
