"""The Pareto front of some levers: the packages of which none is better by every outcome (pymoo's NSGA-II searches)."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pushpull.analysis.engine_calls import run_draws
from pushpull.analysis.kept_points import KeptPoints
from pushpull.analysis.lever_space import LeverSpace
from pushpull.analysis.package_choice import chosen_outcomes
from pushpull.analysis.stated_change import GETS_WORSE, MAY_GET_WORSE, NO_CHANGE, StatedChange, harms
from pushpull.catalogue import catalogue
from pushpull.engine.runs.result import Result, nearest_time
from pushpull.ensemble import Draws, Progress
from pushpull.scenario import Scenario

PACKAGES = 1000
POPULATION, AT_A_TIME = 60, 20
MOST_FOR_ALL_CORNERS = 5  # levers: half of the first packages
Losses = Callable[[np.ndarray], np.ndarray]
WORDS = (NO_CHANGE, MAY_GET_WORSE, GETS_WORSE)


class NoOptimiser(ImportError):
    """pymoo, of the optional extra `optimise`, is not installed."""


@dataclass(frozen=True, eq=False)
class Front:
    """Packages of which none is better by every outcome: `positions` (package, lever) in `space`, `values` (package,
    outcome) in the outcomes' units, each the mean over simulations; in the order of the first outcome.

    `harms` names for each package the harms to people that clearly get worse, `may_harm` those that may. `baseline` are
    the values with no new measures, `tried` is how many packages the search has run.
    """

    space: LeverSpace
    outcomes: tuple[str, ...]
    positions: np.ndarray
    values: np.ndarray
    baseline: np.ndarray
    harms: tuple[tuple[str, ...], ...]
    may_harm: tuple[tuple[str, ...], ...]
    members: int
    seed: int
    year: float | None
    tried: int

    def scenario(self, number: int, title: str = "") -> Scenario:
        """The package with that number, from 1 on, as a scenario with a title of its own."""
        if not 1 <= number <= len(self.positions):
            raise ValueError(f"the front has the packages 1 to {len(self.positions)}")
        own = f"{self.space.scenario.title}: package {number} of a Pareto front"[:200]
        return replace(self.space.at(self.positions[number - 1]), title=title or own)

    @property
    def table(self) -> pd.DataFrame:
        """A row for each package: its number, the outcomes, where each lever is set, the harms that get worse."""
        rows = []
        for number, position in enumerate(self.positions):
            levers = {
                axis.label: float(np.mean([*axis.values(float(place)).values()]))
                for axis, place in zip(self.space.axes, position, strict=True)
            }
            marks = {"raises": ", ".join(self.harms[number]), "may_raise": ", ".join(self.may_harm[number])}
            outcomes = dict(zip(self.outcomes, map(float, self.values[number]), strict=True))
            rows.append({"package": number + 1, **outcomes, **levers, **marks})
        return pd.DataFrame(rows)

    def _repr_html_(self) -> str:
        return self.table.to_html(index=False, float_format="{:.4g}".format)


class FrontRuns:
    """What each package comes to: a row of the outcomes' means and, for each harm, its place among `WORDS`."""

    def __init__(
        self,
        space: LeverSpace,
        outcomes: tuple[str, ...],
        members: int,
        seed: int,
        year: float | None,
        stop: threading.Event | None = None,
    ):
        self.space, self.outcomes, self.year, self.stop = space, outcomes, year, stop
        self.draws = Draws.of(space.scenario, members, seed)
        self.keep = tuple(dict.fromkeys((*outcomes, *harms())))
        levers = [(axis.label, axis.limits) for axis in space.axes]
        self.known = KeptPoints("pareto", (space.scenario.digest, outcomes, members, seed, year, levers))
        self._before: Result | None = None

    def row(self, position: np.ndarray) -> np.ndarray:
        """The row of one package."""
        known = self.known.get(position)
        return self.known.add(position, self._worked_out(position)) if known is None else known

    def _worked_out(self, position: np.ndarray) -> np.ndarray:
        if self._before is None:
            self._before = run_draws(self.space.scenario, self.draws, self.keep, None, self.stop)
        after = run_draws(self.space.at(position), self.draws, self.keep, None, self.stop)
        cards = catalogue().outcomes
        words = [
            StatedChange.of(cards[name], self._numbers(self._before, name), self._numbers(after, name)).word
            for name in harms()
        ]
        places = [WORDS.index(word) if word in WORDS else 0 for word in words]
        return np.array([*(self._numbers(after, name).mean() for name in self.outcomes), *places])

    def _numbers(self, result: Result, name: str) -> np.ndarray:
        values = result.total(name)
        if self.year is not None:
            return values[:, nearest_time(result.time, self.year)]
        return values[:, result.time >= self.space.scenario.policy_start - 1e-6].mean(axis=1)


def pareto(
    scenario: Scenario,
    outcomes: Iterable[str],
    levers: Sequence[str],
    packages: int = PACKAGES,
    members: int | None = None,
    seed: int | None = None,
    year: float | None = None,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Front:
    """Search the packages of some levers for those of which none is better by every outcome, by means over simulations
    in a year (of the years from policy start on if None). What was run is kept, and a search that was stopped goes on.

    Raises:
        NoOptimiser: where pymoo is not installed.
        ValueError, KeyError: for outcomes that cannot be judged, or that there are not.
        ScenarioFaults: for levers there are not.
        Stopped, RunBroke: as `pushpull.analysis.paired`.
    """
    names = chosen_outcomes(outcomes)
    scenario = scenario.with_changes(members=members, seed=seed)
    space = LeverSpace.of(scenario, levers)
    runs = FrontRuns(space, names, scenario.members, scenario.seed, year, stop)
    signs = np.array([-1.0 if catalogue().outcomes[name].better == "higher" else 1.0 for name in names])
    asked = [0]

    def losses(points: np.ndarray) -> np.ndarray:
        rows = []
        for point in points:
            rows.append(runs.row(point)[: len(names)] * signs)
            asked[0] += 1
            if progress:
                progress(asked[0], packages)
        return np.array(rows)

    try:
        losses(space.start[None])
        search(losses, len(names), space.ends, packages - 1, scenario.seed)
    finally:
        runs.known.store()
    points, rows = (np.array(each) for each in zip(*runs.known, strict=True))
    front = undominated(rows[:, : len(names)] * signs)
    order = front[np.argsort(rows[front, 0], kind="stable")]
    marks = rows[:, len(names) :]

    def named(place: int, word: str) -> tuple[str, ...]:
        return tuple(name for name, mark in zip(harms(), marks[place], strict=True) if WORDS[int(mark)] == word)

    return Front(
        space=space,
        outcomes=names,
        positions=points[order],
        values=rows[order, : len(names)],
        baseline=runs.row(space.start)[: len(names)],
        harms=tuple(named(place, GETS_WORSE) for place in order),
        may_harm=tuple(named(place, MAY_GET_WORSE) for place in order),
        members=scenario.members,
        seed=scenario.seed,
        year=year,
        tried=len(runs.known),
    )


def search(losses: Losses, outcomes: int, ends: tuple[np.ndarray, np.ndarray], packages: int, seed: int) -> None:
    """Ask for the losses (package, outcome) of so many packages (package, lever) between two ends, always nearer to
    those of which none is better by every one of them; whoever answers keeps them."""
    try:
        from pymoo.algorithms.moo.nsga2 import NSGA2
        from pymoo.config import Config
        from pymoo.core.evaluator import Evaluator
        from pymoo.core.problem import Problem
        from pymoo.operators.sampling.lhs import LHS
        from pymoo.problems.static import StaticProblem
    except ImportError as fault:
        raise NoOptimiser("a Pareto front needs pymoo: install the extra `optimise`") from fault
    Config.warnings["not_compiled"] = False
    problem = Problem(n_var=len(ends[0]), n_obj=outcomes, xl=ends[0], xu=ends[1])
    first = np.concatenate([corners(*ends)[:POPULATION], LHS().do(problem, POPULATION, seed=seed).get("X")])
    method = NSGA2(pop_size=POPULATION, n_offsprings=AT_A_TIME, sampling=first[:POPULATION])
    method.setup(problem, seed=seed, verbose=False)
    left = packages
    while left > 0:
        asked = method.ask()
        points = asked.get("X")[:left]
        answers = losses(points)
        left -= len(points)
        if len(points) == len(asked):
            Evaluator().eval(StaticProblem(problem, F=answers), asked)
            method.tell(infills=asked)


def corners(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Every package (package, lever) that has each lever at an end, where these are few; else each lever's ends alone,
    with the others low."""
    if len(low) <= MOST_FOR_ALL_CORNERS:
        return np.array([*itertools.product(*zip(low, high, strict=True))])
    return np.where(np.eye(len(low), dtype=bool), high, low)


def undominated(losses: np.ndarray) -> np.ndarray:
    """Which rows of losses (package, outcome) no other row is as good as by all of them and better by one."""
    as_good = (losses[:, None] <= losses[None]).all(axis=2)
    better = (losses[:, None] < losses[None]).any(axis=2)
    return np.flatnonzero(~(as_good & better).any(axis=0))


def hypervolume(losses: np.ndarray, reference: np.ndarray) -> float:
    """How much of the room between a reference and nothing at all some losses (package, outcome) dominate."""
    from pymoo.indicators.hv import HV

    return float(HV(ref_point=reference)(losses))
