"""Which numbers of a corridor matter: how far a tenth more of one moves what people judge a policy by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from pushpull.engine.language.cards import Card
from pushpull.engine.runs.result import Result
from pushpull.engine.runs.task import RunBroke
from pushpull.own_corridor.corridor_numbers import Number, card_of, each_of, held, number_of, with_numbers
from pushpull.scenario import Scenario
from pushpull.simulation import run, run_each

JUDGED_BY = ("irregular_entries", "deaths_in_transit", "irregular_residents", "protection_gap")
A_TENTH = 0.1
AT_ONCE = 64  # runs held in memory


def importance(scenario: Scenario, names: Iterable[str]) -> dict[str, float]:
    """By name, the share by which a tenth more of its number moves one of four outcomes over the whole run: entries,
    deaths, residents, protection denied; of the four the largest. The most important come first.

    A tenth more of zero is zero, so what the corridor has none of comes last; a number at the upper end of its range is
    moved down. Raises RunBroke where the corridor does not run as it is.
    """
    base = _sums(run(scenario, keep=JUDGED_BY))
    tried = [(name, with_numbers(scenario, {name: _more(scenario, name)})) for name in dict.fromkeys(names)]
    found: dict[str, float] = {}
    for begin in range(0, len(tried), AT_ONCE):
        some = tried[begin : begin + AT_ONCE]
        for (name, _), sums in zip(some, _all_sums([each for _, each in some]), strict=True):
            found[name] = float(np.max(np.abs(sums - base) / np.maximum(np.abs(base), 1e-9)))
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _all_sums(scenarios: list[Scenario]) -> list[np.ndarray]:
    try:
        return [_sums(result) for result in run_each(scenarios, keep=JUDGED_BY)]
    except RunBroke:  # one of them: then each by itself, and one that breaks matters most of all
        return [_sums_or_most(each) for each in scenarios]


def _sums_or_most(scenario: Scenario) -> np.ndarray:
    try:
        return _sums(run(scenario, keep=JUDGED_BY))
    except RunBroke:
        return np.full(len(JUDGED_BY), np.inf)


def _sums(result: Result) -> np.ndarray:
    return np.array([result.total(name)[0].sum() for name in JUDGED_BY])


def _more(scenario: Scenario, name: str) -> Number:
    card, number = card_of(scenario, name), number_of(scenario, name)
    if card.sums_to is not None and isinstance(number, Mapping):
        return _shifted(number, card.sums_to)
    return each_of(number, lambda value: _a_tenth_more(value, card))


def _a_tenth_more(value: float, card: Card) -> float:
    step = A_TENTH * abs(value)
    return value + step if value + step <= card.high else held(value - step, card)


def _shifted(shares: Mapping[str, float], whole: float) -> Number:
    """Shares of which the first is a tenth more, and the others are less in proportion."""
    first, *others = shares
    more = min(shares[first] * (1 + A_TENTH), whole)
    rest = sum(shares[key] for key in others)
    return {first: more} | {key: shares[key] * (whole - more) / rest if rest else shares[key] for key in others}
