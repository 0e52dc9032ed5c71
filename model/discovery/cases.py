"""Simulations as a table: what was drawn for each of them, and what came out without and with the policy."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from pushpull.analysis.engine_calls import Line, run_draws, run_tasks
from pushpull.analysis.members import values_of
from pushpull.catalogue import catalogue
from pushpull.descriptions import title_of
from pushpull.engine.runs.result import Result, nearest_time
from pushpull.engine.runs.task import Task
from pushpull.ensemble import Draws, Progress, name_and_member
from pushpull.files.faults import Fault, ScenarioFaults, nearest, quote
from pushpull.preparation import task_of
from pushpull.scenario import Scenario
from pushpull.scenario.forecast_errors import SHOCKS
from pushpull.shocks import Shocks

GIVEN_AS = "--vary"


@dataclass(frozen=True, eq=False)
class Cases:
    """Simulations of a policy and its baseline, each with its own draw.

    `inputs` has a row for each simulation and a column for each number that differs between them: parameters by their
    ids (with `@` and the origin, route or population whose own it is), levers that were varied, and
    `departure_shocks@ORIGIN`, how many times as many set out as the structure says, in the geometric mean of the years
    up to the one that is asked about. `titles` and `units` say what they are. `baseline` and `policy` hold the outcome
    over (time, simulation). Futures come in pairs that mirror each other: `pairs` says of each simulation to which its
    future belongs.
    """

    inputs: pd.DataFrame
    titles: Mapping[str, str]
    units: Mapping[str, str]
    time: np.ndarray
    baseline: np.ndarray
    policy: np.ndarray
    pairs: np.ndarray

    def change_in(self, year: float) -> np.ndarray:
        """By how much the policy moves the outcome in a year, in its unit, of each simulation."""
        at = nearest_time(self.time, year)
        return self.policy[at] - self.baseline[at]


def run_cases(
    policy: Scenario,
    line: Line,
    year: float,
    *,
    simulations: int,
    vary: Mapping[str, tuple[float, float]] | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Cases:
    """Run a policy and its baseline with so many draws and keep one outcome.

    `vary` names levers and the range, in their units, from which each simulation of the policy has a level of its own
    from the policy start on, in a Latin hypercube. Without it, draws that come again, since a fit has left fewer than
    are asked for, count once.

    Raises:
        ScenarioFaults: for levers there are not, and ranges outside their cards'.
        Stopped: soon after `stop` is set.
        RunBroke: where a simulation breaks.
    """
    seed = policy.seed if seed is None else seed
    ranges = checked_ranges(vary or {})
    draws = Draws.of(policy, simulations, seed)
    if not ranges:
        draws = draws.some(_distinct(draws))
    levels = _levels(ranges, len(draws.values), seed)
    policies = [partial(_with_levels, policy, dict(zip(ranges, row, strict=True))) for row in levels]
    tell = _two_parts(progress)
    before = run_draws(policy.baseline(), draws, line.outcome, tell(0), stop)
    baseline = values_of(before, line).T
    if ranges:
        tasks = [partial(_task, make, draws, row) for row, make in enumerate(policies)]
        read: Callable[[Result], np.ndarray] = partial(values_of, line=line)
        after = run_tasks(policy, tasks, read, line.outcome, tell(1), stop).T
    else:
        after = values_of(run_draws(policy, draws, line.outcome, tell(1), stop), line).T
    inputs, titles, units = _inputs(policy, draws, year)
    for column, name in enumerate(ranges):
        inputs[name], titles[name] = levels[:, column], title_of(catalogue(), name)
        units[name] = catalogue().levers[name].unit
    return _table(inputs, titles, units, before.time, (baseline, after), draws)


def _table(
    inputs: Mapping[str, np.ndarray],
    titles: Mapping[str, str],
    units: Mapping[str, str],
    time: np.ndarray,
    sides: tuple[np.ndarray, np.ndarray],
    draws: Draws,
) -> Cases:
    """Simulations with the inputs that differ between them, and an outcome before and after."""
    moving = [name for name, values in inputs.items() if np.ptp(values) > 0]
    numbers = np.arange(len(draws.values)) if draws.futures is None else draws.futures
    return Cases(pd.DataFrame(inputs)[moving], titles, units, time, *sides, numbers // 2)


@dataclass(frozen=True, eq=False)
class ManyOutcomes:
    """Simulations of a policy and its baseline of which several outcomes are kept, in some years.

    `baseline` and `after` hold for each outcome an array (year, simulation), in its unit. Of the draws that were
    `asked` for, those that come again are here once.
    """

    policy: Scenario
    draws: Draws
    asked: int
    years: np.ndarray
    baseline: Mapping[str, np.ndarray]
    after: Mapping[str, np.ndarray]

    @property
    def simulations(self) -> int:
        """How many there are."""
        return len(self.draws.values)

    def first(self, count: int) -> ManyOutcomes:
        """The first so many of them."""
        sides = ({name: values[:, :count] for name, values in side.items()} for side in (self.baseline, self.after))
        return ManyOutcomes(self.policy, self.draws.some(range(count)), self.asked, self.years, *sides)

    def change_in(self, outcome: str, year: float) -> np.ndarray:
        """By how much the policy moves an outcome in the year nearest to one, of each simulation."""
        at = nearest_time(self.years, year)
        return self.after[outcome][at] - self.baseline[outcome][at]

    def cases(self, outcome: str, year: float) -> Cases:
        """The same as cases of one outcome."""
        inputs, titles, units = _inputs(self.policy, self.draws, year)
        sides = (self.baseline[outcome], self.after[outcome])
        return _table(inputs, titles, units, self.years, sides, self.draws)


def simulate(
    policy: Scenario,
    outcomes: Sequence[str],
    years: Sequence[float],
    simulations: int,
    held: ManyOutcomes | None = None,
    stop: threading.Event | None = None,
) -> ManyOutcomes:
    """Run a policy and its baseline with so many draws; those that are `held` of the same are not run again.

    Raises Stopped soon after `stop` is set, and RunBroke where a simulation breaks.
    """
    draws = Draws.of(policy, simulations, policy.seed)
    draws = draws.some(_distinct(draws))
    first = 0 if held is None else held.simulations
    new = draws.some(range(first, len(draws.values)))
    sides: list[Mapping[str, np.ndarray]] = []
    for scenario in (policy.baseline(), policy):
        result = None if first == len(draws.values) else run_draws(scenario, new, outcomes, None, stop)
        sides.append({} if result is None else _in_years(result, outcomes, years))
    if held is not None:
        sides = [_joined(*each) for each in zip((held.baseline, held.after), sides, strict=True)]
    return ManyOutcomes(policy, draws, simulations, np.array(years), *sides)


def _in_years(result: Result, outcomes: Sequence[str], years: Sequence[float]) -> dict[str, np.ndarray]:
    places = [nearest_time(result.time, year) for year in years]
    return {name: result.total(name)[:, places].T for name in outcomes}


def _joined(before: Mapping[str, np.ndarray], new: Mapping[str, np.ndarray]) -> Mapping[str, np.ndarray]:
    return {name: np.concatenate([before[name], values], axis=1) for name, values in new.items()} or before


def checked_ranges(vary: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """The ranges of levers; raises ScenarioFaults with every fault at once."""
    levers, faults = catalogue().levers, []
    for name, (low, high) in vary.items():
        if name not in levers:
            message = f"there is no lever {quote(name)}"
            allowed = "a lever of `pushpull list levers`"
            faults.append(Fault(GIVEN_AS, None, message, allowed, nearest(name, list(levers))))
            continue
        least, most = levers[name].range
        if not least <= low < high <= most:
            message = f"{name}: from {low:g} to {high:g} is no range of it"
            faults.append(Fault(GIVEN_AS, None, message, f"from {least:g} to {most:g}, the lower end first"))
    if faults:
        raise ScenarioFaults(faults)
    return dict(vary)


def _distinct(draws: Draws) -> list[int]:
    """The rows of the draws that differ, each where it comes first."""
    futures = np.zeros(len(draws.values)) if draws.futures is None else draws.futures
    rows = np.column_stack([draws.values, futures])
    return sorted(np.unique(rows, axis=0, return_index=True)[1].tolist())


def _levels(ranges: Mapping[str, tuple[float, float]], count: int, seed: int) -> np.ndarray:
    """Levels of the varied levers: an array (simulation, lever)."""
    if not ranges:
        return np.empty((count, 0))
    from scipy.stats import qmc

    low, high = np.array(list(ranges.values())).T
    return qmc.scale(qmc.LatinHypercube(len(ranges), rng=np.random.default_rng(seed)).random(count), low, high)


def _with_levels(policy: Scenario, levels: Mapping[str, float]) -> Scenario:
    return policy.with_settings([f"{name}={float(level)!r}" for name, level in levels.items()])


def _task(make: Callable[[], Scenario], draws: Draws, row: int) -> Task:
    scenario, constants = make(), draws.constants(row, row + 1)[0]
    task = task_of(scenario)
    shocks = None if draws.futures is None else Shocks.of(scenario, task)
    if shocks is None or draws.futures is None:
        return dataclasses.replace(task, constants=constants)
    return shocks.task_of(int(draws.futures[row]), constants)


def _two_parts(progress: Progress | None) -> Callable[[int], Progress | None]:
    """Progress of the baseline's simulations, then of the policy's, as one."""

    def part(number: int) -> Progress | None:
        return progress and (lambda done, whole: progress(number * whole + done, 2 * whole))

    return part


def _inputs(
    scenario: Scenario, draws: Draws, year: float
) -> tuple[dict[str, np.ndarray], dict[str, str], dict[str, str]]:
    """What differs between draws, by name; its titles and units."""
    inputs, titles, units = {}, {}, {}
    for column, (name, card, (_, free)) in enumerate(zip(draws.names, draws.cards, draws.elements, strict=True)):
        if free.any():  # what the scenario itself sets does not move
            inputs[name], units[name] = draws.values[:, column], card.unit
            titles[name] = _of(card.title, name_and_member(name)[1])
    errors = scenario.corridor.forecast_errors
    if draws.futures is not None and errors is not None and SHOCKS not in scenario.context and year > errors.since:
        for origin in tuple(errors.yearly)[: 1 if errors.together else None]:
            factors = [errors.factors(int(future), origin, year) for future in draws.futures]
            name = SHOCKS if errors.together else f"{SHOCKS}@{origin}"
            inputs[name], units[name] = np.exp(np.log(factors).mean(axis=1)), "1"
            titles[name] = _of(
                "Departures as a multiple of what the structure says", None if errors.together else origin
            )
    return inputs, titles, units


def _of(title: str, member: str | None) -> str:
    return title if member is None else f"{title}, {member.replace('_', ' ')}"
