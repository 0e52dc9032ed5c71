"""What each lever does for a given sum of public money a year: how far the sum moves it, and what that changes.

A lever is moved alone, up or down from today's value, until public cost is that much higher a year than in the
baseline, on average from policy start to the end of the run; where the whole of its scale costs less, or saves money,
it is moved to its end. Of both ways the one stands that does more for the outcome that is asked about.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from pushpull import Result, Scenario
from pushpull.analysis import Paired
from pushpull.analysis.engine_calls import run_tasks
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute import ensembles
from pushpull.dashboard.compute.indicators import Change, moment, shown_years
from pushpull.dashboard.compute.judging.outcome_verdicts import OutcomeVerdict, verdicts
from pushpull.dashboard.state.levers import LeverValue, values_today
from pushpull.engine.runs.task import Task
from pushpull.preparation import task_of

COST = "public_cost"
BESIDE = ("deaths_in_transit", "protection_gap", "people_exploited", "smuggled_migrants")  # what is shown in any case
CLOSE = 0.01  # of the sum: as near as the cost of a setting comes to it
MOST_TRIES = 12  # of a setting, until its cost is that close
BETTER_SIGN = {
    "higher": 1,
    "lower": -1,
    "neither": -1,
}  # where neither way is better, what lowers the outcome stands first


class Key(NamedTuple):
    """What a ranking depends on: the baseline by its digest, the sum, the outcome and the year that are asked about,
    and the outcomes that are judged by choice."""

    baseline: str
    amount: str
    outcome: str
    year: float
    valued: tuple[str, ...]


@dataclass(frozen=True)
class BoughtMove:
    """A lever moved alone as far as the sum takes it: to `value`, in the model's unit, where each route has one of its
    own by its name; what that costs a year more than the baseline; and whether it stands at an end of its scale."""

    lever: str
    value: LeverValue
    scenario: Scenario = field(repr=False)
    cost: float
    is_end: bool
    reached: Mapping[str, float]  # the outcomes of its run, in the year that is asked about


@dataclass(frozen=True)
class SumRanking:
    """The moves that a sum buys, the one that does most for the outcome first, and the verdicts on each: of one run,
    then of simulations."""

    key: Key
    moves: tuple[BoughtMove, ...]
    verdicts: Mapping[str, Mapping[str, OutcomeVerdict]]
    members: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether it rests on as many simulations as the overview takes."""
        return self.members >= ensembles.STAGES[-1]

    def ranked(self) -> list[BoughtMove]:
        """First what makes the outcome clearly better, the most of it first; then what does not change it clearly; last
        what makes it worse."""
        outcome = self.key.outcome
        better = BETTER_SIGN[catalogue().outcomes[outcome].better]

        def place(move: BoughtMove) -> tuple[int, float]:
            verdict = self.verdicts[move.lever][outcome]
            return -better * verdict.direction, -better * verdict.difference

        return sorted(self.moves, key=place)


def key_of(baseline: Scenario, amount: str, outcome: str, year: float, valued: Sequence[str]) -> Key:
    """What a ranking of these depends on."""
    return Key(baseline.digest, amount, outcome, year, tuple(valued))


def ranking(baseline: Scenario, key: Key, stop: threading.Event) -> Iterator[SumRanking]:
    """What the sum buys of each lever, by one run of each, then by few simulations, then by as many as the overview
    takes; the same ranking again after each lever. Raises Stopped and RunBroke."""
    moves, plain = bought(baseline, float(key.amount), key.outcome, key.year, stop)
    found = SumRanking(key, tuple(moves), {each.lever: _judged(each, plain, None, key) for each in moves})
    yield found
    years = tuple(map(float, shown_years(baseline)))
    for members in (ensembles.STAGES[0], ensembles.STAGES[-1]):
        more = {}
        for move in found.ranked():
            pairs = ensembles.simulated(move.scenario, years, members, stop).paired
            more[move.lever] = _judged(move, plain, pairs, key)
            yield found  # others may go first; the table moves once all are there
        found = replace(found, verdicts={**found.verdicts, **more}, members=members)
        yield found


def _judged(move: BoughtMove, plain: Mapping[str, float], pairs: Paired | None, key: Key) -> dict[str, OutcomeVerdict]:
    known = catalogue().outcomes
    changes = {name: Change(known[name], value, plain[name]) for name, value in move.reached.items()}
    return verdicts(changes, pairs, key.year, key.valued)


# How far a sum takes a lever ------------------------------------------------------------------------------------


@dataclass
class _Way:
    """One way of a lever from today to an end of its scale. `part` of the way is tried next; `bought` is the last part
    tried that the sum paid for, at that `cost` and with those outcomes `reached`. `low` and `high` are parts with what
    they cost beyond the sum, one below and one above zero."""

    lever: str
    today: LeverValue
    end: float
    part: float = 1.0
    bought: float = 0.0
    cost: float = np.nan
    reached: Mapping[str, float] = field(default_factory=dict)
    low: tuple[float, float] = (0.0, 0.0)
    high: tuple[float, float] = (1.0, 0.0)
    is_done: bool = False

    def value(self, part: float) -> LeverValue:
        """What the lever is set to at a part of the way, on each route."""
        if not isinstance(self.today, Mapping):
            return self._at(part, self.today)
        return {route: self._at(part, today) for route, today in self.today.items()}

    def _at(self, part: float, today: float) -> float:
        return self.end if part == 1.0 else today + part * (self.end - today)

    def take(self, cost: float, reached: Mapping[str, float], amount: float) -> None:
        """Learn what this part of the way costs, and choose the next: by false position, which keeps the sum between a
        part that costs less and one that costs more, the stale end halved (Illinois)."""
        beyond = cost - amount
        if beyond <= CLOSE * amount:
            self.bought, self.cost, self.reached = self.part, cost, reached
        if abs(beyond) <= CLOSE * amount or (self.part == 1.0 and beyond < 0):
            self.is_done = True
            return
        if self.part == 1.0:
            self.low, self.high = (0.0, -amount), (1.0, beyond)
        elif beyond > 0:
            self.low, self.high = (self.low[0], self.low[1] / 2), (self.part, beyond)
        else:
            self.low, self.high = (self.part, beyond), (self.high[0], self.high[1] / 2)
        (start, below), (end, above) = self.low, self.high
        self.part = start - below * (end - start) / (above - below)


def bought(
    baseline: Scenario, amount: float, outcome: str, year: float, stop: threading.Event | None = None
) -> tuple[list[BoughtMove], Mapping[str, float]]:
    """Each lever as far as the sum takes it, the way that does more for the outcome in the year, and the outcomes of
    the baseline in that year; a lever that has no setting but today's is left out."""
    names = tuple(dict.fromkeys((outcome, *BESIDE)))
    today = values_today(baseline)
    plain = _measured(baseline, [lambda: task_of(baseline)], names, year, stop)[0]
    cards = catalogue().model.cards
    ways = [
        _Way(name, today[name], end)
        for name in catalogue().levers
        for end in (cards[name].low, cards[name].high)
        if any(value != end for value in _values(today[name]))
    ]
    for _ in range(MOST_TRIES):
        tried = [each for each in ways if not each.is_done]
        if not tried:
            break
        tasks = [_task(baseline, each.lever, each.value(each.part)) for each in tried]
        for way, (cost, *reached) in zip(tried, _measured(baseline, tasks, names, year, stop), strict=True):
            way.take(cost - plain[0], dict(zip(names, map(float, reached), strict=True)), amount)
    better = BETTER_SIGN[catalogue().outcomes[outcome].better]
    found: dict[str, _Way] = {}
    for way in filter(lambda each: each.bought, ways):
        if way.lever not in found or better * way.reached[outcome] > better * found[way.lever].reached[outcome]:
            found[way.lever] = way
    moves = [_move(baseline, way) for way in found.values()]
    return moves, dict(zip(names, map(float, plain[1:]), strict=True))


def _move(baseline: Scenario, way: _Way) -> BoughtMove:
    value = way.value(way.bought)
    scenario = _set(baseline, way.lever, value)
    return BoughtMove(way.lever, value, scenario, float(way.cost), way.bought == 1.0, way.reached)


def _values(value: LeverValue) -> Sequence[float]:
    return list(value.values()) if isinstance(value, Mapping) else [value]


def _set(baseline: Scenario, name: str, value: LeverValue) -> Scenario:
    setting = dict(value) if isinstance(value, Mapping) else value
    return baseline.with_changes({"policies": {name: setting}}, replacing=True)


def _task(baseline: Scenario, name: str, value: LeverValue) -> Callable[[], Task]:
    return lambda: task_of(_set(baseline, name, value))


def _measured(
    baseline: Scenario,
    tasks: Sequence[Callable[[], Task]],
    outcomes: Sequence[str],
    year: float,
    stop: threading.Event | None,
) -> np.ndarray:
    """Of each run the public cost a year, on average from policy start to the end, and the outcomes in the year."""

    def read(result: Result) -> np.ndarray:
        index = moment(result.time, year)
        reached = [result.total(name)[:, index] for name in outcomes]
        return np.stack([mean_cost(result, baseline), *reached], axis=-1)

    return run_tasks(baseline, tasks, read, {COST, *outcomes}, stop=stop)


def mean_cost(result: Result, scenario: Scenario) -> np.ndarray:
    """Public cost a year of each member, on average from policy start to the end of the run; at the end of a run that
    ends as policy starts."""
    since = result.time >= scenario.policy_start
    time, cost = result.time[since], result.total(COST)[:, since]
    if len(time) < 2:
        return cost[:, -1]
    return np.trapezoid(cost, time, axis=1) / (time[-1] - time[0])
