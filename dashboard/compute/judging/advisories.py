"""Advisories: combinations that are implausible or touch people's rights, each with its reason.

They come from the rules on levers, and from what the runs show. What an advisory says of an outcome is what the verdict
on it says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pushpull.analysis.stated_change import MATERIAL
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.judging.advisory_rules import (
    AT_THE_EDGE,
    CALCULATION,
    CLAIMS,
    MANY_AT_THE_EDGE,
    NOTABLE,
    ORDER,
    PLAUSIBILITY,
    RESULT,
    RULES,
    LeverTest,
)
from pushpull.dashboard.compute.judging.fewer_asking import share_of_the_fall
from pushpull.dashboard.compute.judging.lever_effects import LeverEffects
from pushpull.dashboard.compute.judging.outcome_verdicts import OutcomeVerdict, harms_that_rise
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.state.state import State
from pushpull.scenario.schedules import Constant


@dataclass(frozen=True)
class Claim:
    """What the whole package does to the outcome an advisory is about: the `direction` of its verdict, and by how much
    of itself the outcome would differ, were the lever of the advisory, or the one that works most against it, left as
    it is today."""

    outcome: str
    direction: int
    left_out: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Advisory:
    """A rule that applies: its kind, its key among the words, the levers and outcomes it is about; what it claims of an
    outcome, once there are simulations; and the share it tells of, where it tells of one."""

    kind: str
    key: str
    levers: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    claim: Claim | None = None
    share: float | None = None


class Settings:
    """The levers of a state, as rules ask about them."""

    def __init__(self, state: State):
        self.state = state
        self.cards = catalogue().levers

    def value(self, name: str) -> float:
        """What a lever comes to; the mean over routes."""
        return _mean(self.state.value(name))

    def moved(self, name: str) -> float:
        """How far a lever is moved from today, as a share of its range."""
        card = self.cards[name]
        return (self.value(name) - _mean(self.state.today[name])) / (card.high - card.low)

    def raised(self, name: str) -> bool:
        """Whether a lever is moved up on purpose: by a part of its range, or of what it is today if it is anything."""
        return self.moved(name) > NOTABLE or 1 + NOTABLE < self.ratio(name) < float("inf")

    def ratio(self, name: str) -> float:
        """What a lever comes to in multiples of today."""
        today = _mean(self.state.today[name])
        return self.value(name) / today if today else float("inf") if self.value(name) else 1.0

    def meets(self, condition: LeverTest) -> bool:
        """Whether a condition of a rule holds."""
        if condition.measure == "raised":
            return self.raised(condition.lever) == condition.holds
        if condition.measure == "at_once":
            return self.at_once(condition.lever) == condition.holds
        measures = {"value": self.value, "moved": self.moved, "ratio": self.ratio}
        return condition.admits(measures[condition.measure](condition.lever))

    def at_once(self, name: str) -> bool:
        """Whether a lever leaps at the policy start."""
        return isinstance(self.state.scenario.policies.get(name), Constant)

    def at_the_edge(self) -> list[str]:
        """The levers that are moved to the far end of their range."""
        share = {name: (self.value(name) - card.low) / (card.high - card.low) for name, card in self.cards.items()}
        return [name for name in self.cards if self.raised(name) and share[name] >= AT_THE_EDGE]


def advisories_of(
    state: State,
    verdicts: Mapping[str, OutcomeVerdict],
    runs: Runs | None = None,
    effects: LeverEffects | None = None,
) -> list[Advisory]:
    """Every advisory that applies: rights first, then what came of it, what is implausible, and how it was worked out
    where the runs of the state are given. `effects` are those of its levers, where they are known."""
    settings = Settings(state)
    advisories = [*_by_rule(settings), *_of_outcomes(state, verdicts, runs), *_of_the_run(state, runs)]
    claimed = [_with_claim(each, verdicts, effects, state.year) for each in advisories]
    return sorted(claimed, key=lambda each: ORDER.index(each.kind))


def makes_a_claim(state: State) -> bool:
    """Whether an advisory applies that claims something of an outcome; no run is needed to tell."""
    return any(each.key in CLAIMS for each in _by_rule(Settings(state)))


def _by_rule(settings: Settings) -> Iterator[Advisory]:
    if settings.state.scenario.corridor.out_of_date:
        yield Advisory(PLAUSIBILITY, "fit_out_of_date")
    if settings.state.scenario.policies:
        for rule in RULES:
            if all(settings.meets(condition) for condition in rule.conditions):
                yield Advisory(rule.kind, rule.key, rule.levers)
        edge = settings.at_the_edge()
        if len(edge) >= MANY_AT_THE_EDGE:
            yield Advisory(PLAUSIBILITY, "many_at_the_edge", tuple(edge))


def _of_outcomes(state: State, verdicts: Mapping[str, OutcomeVerdict], runs: Runs | None) -> Iterator[Advisory]:
    """What simulations bear out; one run bears out no warning of an outcome."""
    harms = tuple(harms_that_rise(verdicts))
    if harms and verdicts["smuggled_migrants"].direction < 0:
        yield Advisory(RESULT, "fewer_smuggled_more_harmed", (), harms)
    if runs is not None:
        share = share_of_the_fall(verdicts["protection_gap"], runs.yours, runs.baseline, state.year)
        if share is not None:
            yield Advisory(RESULT, "fewer_asking", (), ("protection_gap",), share=share)


def _of_the_run(state: State, runs: Runs | None) -> Iterator[Advisory]:
    idle = tuple(note.name for note in state.scenario.idle)
    if idle:
        yield Advisory(CALCULATION, "never_acts", idle)
    halvings = None if runs is None else runs.yours.halvings
    if halvings and halvings.since(state.scenario.policy_start):
        yield Advisory(CALCULATION, "moves_halved")


def _with_claim(
    advisory: Advisory, verdicts: Mapping[str, OutcomeVerdict], effects: LeverEffects | None, year: float
) -> Advisory:
    """An advisory with what the verdict says of the outcome it makes a claim about, and which lever does which half."""
    if advisory.key not in CLAIMS:
        return advisory
    lever, outcome = CLAIMS[advisory.key]
    if verdicts[outcome].is_provisional:
        return advisory
    left_out = {} if effects is None else effects.left_out(outcome, year)
    return replace(advisory, claim=Claim(outcome, verdicts[outcome].direction, tuple(_halves(lever, left_out))))


def _halves(lever: str, left_out: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """The lever said to make an outcome worse, and the one that makes it better most, with what leaving each out would
    do; none where both do little."""
    if lever not in left_out:
        return
    against = max(left_out, key=lambda name: left_out[name])
    counts = against != lever and left_out[against] >= MATERIAL
    if counts or abs(left_out[lever]) >= MATERIAL:
        yield lever, left_out[lever]
    if counts:
        yield against, left_out[against]


def _mean(value: float | Mapping[str, float]) -> float:
    return sum(value.values()) / len(value) if isinstance(value, Mapping) else value
