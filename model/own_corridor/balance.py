"""Where a run starts out of balance: levels that would change fast at once, and numbers with which they would not.

A level is a stock that a number of the corridor states for the start (`initial_vacancies`). Out of balance, what comes
into it and what goes out differ, in a year, by more than a fifth of what is there. The numbers proposed leave all else
as it is; attempts meet what the corridor states by the rates at which people set out. How many live somewhere is
counted by somebody, so it is never proposed: of people in need and people who plan, the rate at which others join is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from pushpull.engine.language.cards import Card
from pushpull.engine.language.indices import AXIS, population
from pushpull.engine.proofs.conservation import signed_flows
from pushpull.engine.runs.result import Result
from pushpull.engine.runs.task import RunBroke
from pushpull.own_corridor.corridor_numbers import Number, held, number_of, with_numbers
from pushpull.scenario import Scenario
from pushpull.simulation import run
from pushpull.stated_start import LENGTH

FAST = 0.2  # of a level, a year
NEAR = 0.1  # of the attempts that are stated
FEW = 1.0  # people, jobs or cases, below which a level is nothing
PASSES, ROUNDS, GENTLY, FURTHEST = 3, 40, 0.5, 4.0
COUNTED = ("person", "job", "case", "offender")
RATES = {"labour": "departure_rate", "protection": "base_flight_rate"}
AT_ONCE = "direct_flight_share"  # of those driven out, who set out without waiting: one number for all origins
JOINED_BY = {
    "initial_people_in_need": "base_displacement_rate",
    "initial_potential_labour_migrants": "wish_formation_rate",
}
KEPT = ("initial_residents", "initial_overstayers", "initial_permanent_workers", "initial_refugees")
ATTEMPTS = "crossing_attempts"


@dataclass(frozen=True)
class Level:
    """What a number states of a level at the start, and what enters and leaves it a year; `key` is an origin, a
    population or None."""

    name: str
    key: str | None
    unit: str
    level: float
    entering: float
    leaving: float

    @property
    def is_fast(self) -> bool:
        """Whether it changes by more than a fifth a year, at once."""
        gap = abs(self.entering - self.leaving)
        return gap > FAST * max(self.level, FEW) and gap > NEAR * max(self.entering, self.leaving)


@dataclass(frozen=True)
class ProposedNumber:
    """Another number for a name of the corridor: what it is today, and what it may be instead."""

    name: str
    today: Number
    proposed: Number


@dataclass(frozen=True)
class Balance:
    """Levels that are out of balance, attempts as stated and as the run has them, and what is proposed; `remaining`
    are the levels that are still out of balance with that."""

    fast: tuple[Level, ...]
    stated_attempts: float
    attempts: float
    proposals: tuple[ProposedNumber, ...]
    remaining: tuple[Level, ...]
    attempts_then: float


def balance(scenario: Scenario) -> Balance:
    """How a scenario's corridor starts, and with which numbers it would start in balance; raises RunBroke."""
    plain = scenario.baseline()
    start = plain.corridor.start
    plain = plain.with_changes(start=start, end=min(plain.end, start + LENGTH))
    watched = _watched(plain)
    result = run(plain)
    levels = tuple(_levels(plain, result, watched))
    fast = tuple(level for level in levels if level.is_fast)
    stated, attempts = plain.corridor.parameter("initial_attempts", plain.catalogue), _attempts(result).sum()
    rates = abs(attempts - stated) > NEAR * stated
    moved: set[tuple[str, str | None]] = set()
    numbers: dict[str, Number] = {}
    for _ in range(PASSES):
        fast_then = (level for level in _levels(plain, result, watched) if level.is_fast and level.name not in KEPT)
        more = {(level.name, level.key) for level in fast_then} - moved
        if not more and (numbers or not rates):
            break
        moved |= more
        numbers = {name: _of_members(plain, name) for name in _names(moved, rates)} | numbers
        numbers, result = _balanced(plain, result, watched, moved, numbers, rates)
    today = {name: _of_members(plain, name) for name in numbers}
    numbers = {name: _rounded(_inside(plain, name, number, today[name])) for name, number in numbers.items()}
    then, attempts_then = levels, attempts
    try:
        result = run(with_numbers(plain, numbers))
        then, attempts_then = tuple(_levels(plain, result, watched)), _attempts(result).sum()
    except RunBroke:
        numbers = {}
    remaining = tuple(level for level in then if level.is_fast)
    proposals = tuple(
        ProposedNumber(name, today[name], number) for name, number in numbers.items() if number != _rounded(today[name])
    )
    return Balance(fast, float(stated), float(attempts), proposals, remaining, float(attempts_then))


def _names(moved: set[tuple[str, str | None]], rates: bool) -> list[str]:
    """The numbers by which levels are moved, and attempts where they are."""
    names = sorted({JOINED_BY.get(name, name) for name, _ in moved})
    return [*names, *RATES.values(), AT_ONCE] if rates else names


def _balanced(
    scenario: Scenario,
    result: Result,
    watched: Mapping[str, tuple[str, ...]],
    moved: set[tuple[str, str | None]],
    numbers: dict[str, Number],
    rates: bool,
) -> tuple[dict[str, Number], Result]:
    """The numbers after many small steps, each from the run that the step before makes; and the last run."""
    for _ in range(ROUNDS):
        changed = _moved(scenario, result, watched, moved, numbers)
        if rates:
            changed = _with_rates(scenario, result, changed)
        try:
            result = run(with_numbers(scenario, changed))
        except RunBroke:
            break
        numbers = changed
    return numbers, result


def _watched(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """By the number that states them, the stocks whose levels it sets at the start."""
    model, watched = scenario.catalogue.model, {}
    stocks = [each for each in model.variables.values() if each.kind == "stock"]
    for name, card in scenario.catalogue.parameters.items():
        if not name.startswith("initial_") or card.unit not in COUNTED:
            continue
        found = tuple(
            stock.name
            for stock in stocks
            if stock.unit == card.unit and re.search(rf"\b{name}\b", str(stock.declaration.initial))
        )
        if found:
            watched[name] = found
    return watched


def _levels(scenario: Scenario, result: Result, watched: Mapping[str, tuple[str, ...]]) -> Iterator[Level]:
    """Every level that a number states, by the members of its index where it has some."""
    model = scenario.catalogue.model
    for name, stocks in watched.items():
        card = scenario.catalogue.parameters[name]
        signs: Counter = Counter()
        for stock in stocks:
            for flow in signed_flows(model, model.variables[stock]):
                signs[flow.flow, flow.part, flow.into] += flow.sign
        keys = _keys(scenario, card)
        held_there = np.sum([_by_key(result.array(stock)[0, 0], card, keys) for stock in stocks], axis=0)
        sums = {1: np.zeros(len(keys)), -1: np.zeros(len(keys))}
        for (flow, part, into), sign in signs.items():
            if sign:
                sums[int(np.sign(sign))] += abs(sign) * _flow(result, flow, part, into, card, keys)
        for place, key in enumerate(keys):
            yield Level(name, key, card.unit, *(float(each[place]) for each in (held_there, sums[1], sums[-1])))


def _keys(scenario: Scenario, card: Card) -> tuple[str | None, ...]:
    return tuple(scenario.corridor.members[card.over]) if card.over else (None,)


def _by_key(block: np.ndarray, card: Card, keys: tuple[str | None, ...]) -> np.ndarray:
    if card.over is None or len(keys) == 1:
        return np.array([block.sum()])
    by = np.moveaxis(block, AXIS[card.over], 0)
    return by.reshape(len(by), -1).sum(axis=1)


def _flow(
    result: Result, name: str, part: str | None, into: str | None, card: Card, keys: tuple[str | None, ...]
) -> np.ndarray:
    """What a flow moves a year at the start, by the keys of the card of its stock."""
    block = result.array(name)[0, 0]
    if part is not None:
        block = np.take(block, [population.labels.index(part)], axis=AXIS["population"])
    if card.over != "population":
        return _by_key(block, card, keys)
    return np.array([block.sum() if key == into else 0.0 for key in keys])


def _attempts(result: Result) -> np.ndarray:
    """Attempts a year at the start, of shape (origin, population)."""
    block = result.array(ATTEMPTS)[0, 0]
    return block.reshape(-1, *block.shape[-2:]).sum(axis=-1)


def _moved(scenario: Scenario, result: Result, watched: Mapping, moved: set, numbers: Mapping[str, Number]) -> dict:
    """The numbers with each level that is out of balance a step nearer to where as much enters as leaves."""
    new = {name: dict(number) if isinstance(number, Mapping) else number for name, number in numbers.items()}
    for level in _levels(scenario, result, watched):
        if (level.name, level.key) not in moved:
            continue
        name = JOINED_BY.get(level.name, level.name)
        ratio = _step(level.entering, level.leaving)
        whole = new[name]
        card, is_own = scenario.catalogue.parameters[name], name == level.name

        def nearer(before: float, level: Level = level, ratio: float = ratio, is_own: bool = is_own) -> float:
            if not is_own:
                return before / ratio
            return level.entering if level.level < FEW else before * ratio

        if isinstance(whole, dict):  # the level's own member, or all where it has none
            for key in (level.key,) if level.key is not None else tuple(whole):
                whole[key] = held(nearer(whole[key]), card)
        else:
            new[name] = held(nearer(whole), card)
    return new


def _inside(scenario: Scenario, name: str, number: Number, today: Number) -> Number:
    """The number of a level where it lies inside the range of its card, and today's where the search ended at an end
    of it; of a rate the number as it is."""
    card = scenario.catalogue.parameters[name]
    if name in (*RATES.values(), AT_ONCE):
        return number
    if not isinstance(number, Mapping):
        return number if card.low < number < card.high else today
    assert isinstance(today, Mapping)
    return {key: value if card.low < value < card.high else today[key] for key, value in number.items()}


def _of_members(scenario: Scenario, name: str) -> Number:
    """A number, of a rate of origins one for each where there are several."""
    number, origins = number_of(scenario, name), tuple(scenario.corridor.origins)
    if name not in (*RATES.values(), *JOINED_BY.values()):
        return number
    return number if isinstance(number, Mapping) or len(origins) == 1 else dict.fromkeys(origins, number)


def _with_rates(scenario: Scenario, result: Result, numbers: dict[str, Number]) -> dict[str, Number]:
    """The numbers with the rates at which people set out a step nearer to the attempts that are stated."""
    corridor, known, attempts = scenario.corridor, scenario.catalogue, _attempts(result)
    stated = corridor.parameter("initial_attempts", known)
    for place, kind in enumerate(population.labels):
        name = RATES[kind]
        card, rate = known.parameters[name], numbers[name]
        mix = corridor.parameter("population_mix", known, kind)
        for row, origin in enumerate(corridor.origins):
            wanted = stated * mix * corridor.parameter("initial_attempt_share", known, origin)
            ratio = _step(wanted, attempts[row, place])
            if isinstance(rate, dict):
                rate[origin] = held(rate[origin] * ratio, card)
            else:
                rate = held(_of_all(rate) * ratio, card)
        numbers[name] = rate
        if kind == "protection":
            ratio = _step(stated * mix, attempts[:, place].sum())
            numbers[AT_ONCE] = held(_of_all(numbers[AT_ONCE]) * ratio, known.parameters[AT_ONCE])
    return numbers


def _of_all(number: Number) -> float:
    """A number that is one for all members."""
    assert not isinstance(number, Mapping)
    return number


def _step(wanted: float, there: float) -> float:
    """The factor that leads a part of the way from what is there to what is wanted."""
    return min(max((max(wanted, 1e-9) / max(there, 1e-9)) ** GENTLY, 1 / FURTHEST), FURTHEST)


def _rounded(number: Number) -> Number:
    if isinstance(number, Mapping):
        return {key: float(f"{value:.3g}") for key, value in number.items()}
    return float(f"{number:.3g}")
