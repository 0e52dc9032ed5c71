"""What a check may claim of a run, or of runs held against each other."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from pushpull.checking.claim import Finding, Predicate, Subject
from pushpull.checking.expansion import DEFAULT, with_levers
from pushpull.checking.grammar import AFTER_POLICY, ALWAYS, LeverPosition, Window
from pushpull.checking.quantities import EACH, OutcomeCurve, curve_of, curves_of

SMALLEST = 1e-6
ROUNDING = 1e-12  # of a level: what is left of one that stands still when it is averaged over routes and origins
TINY = 1e-300
INHERIT = "inherit"
SIGNS = ("rises", "falls", "unchanged", "moves", "does_not_rise", "does_not_fall")
DIRECTIONS = ("rising", "falling", "flat", "either")


@dataclass(frozen=True)
class Reference:
    """What a value is held against: a number, or an outcome of the same or another scenario, times a factor."""

    number: float | None = None
    outcome: str | None = None
    scenario: str = INHERIT
    times: float = 1.0

    def values(self, subject: Subject, outcome: str, window: Window) -> np.ndarray | float:
        """The number, or values over (member, time)."""
        if self.number is not None:
            return self.number
        scenario = subject.scenario if self.scenario == INHERIT else subject.named(self.scenario)
        curve = curve_of(subject.result(scenario), scenario, self.outcome or outcome, window)
        return self.times * curve.values

    def __str__(self) -> str:
        if self.number is not None:
            return f"{self.number:.6g}"
        factor = "" if self.times == 1 else f"{self.times:g} times "
        elsewhere = "" if self.scenario == INHERIT else f" of {self.scenario}"
        return f"{factor}{self.outcome or 'the same'}{elsewhere}"


BOUNDS = {
    "gt": ("above", lambda value, bound, slack: bound - slack - value, True),
    "gte": ("at least", lambda value, bound, slack: bound - slack - value, False),
    "lt": ("below", lambda value, bound, slack: value - bound - slack, True),
    "lte": ("at most", lambda value, bound, slack: value - bound - slack, False),
    "eq": ("exactly", lambda value, bound, slack: abs(value - bound) - slack, False),
    "approx": ("about", lambda value, bound, slack: abs(value - bound) - slack, False),
}


@dataclass(frozen=True)
class Bounds(Predicate):
    """gt, gte, lt, lte, eq and approx, at every saved time of the window or for one measure of it."""

    bounds: Mapping[str, Reference] = field(default_factory=dict)
    tolerance: float = 0.0
    relative: float = 0.0
    window: Window = ALWAYS
    measure: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Outcomes that stand as bounds."""
        return tuple(reference.outcome for reference in self.bounds.values() if reference.outcome)

    def judge(self, subject: Subject) -> Iterator[Finding]:
        """A finding for each bound and curve."""
        result = subject.result()
        for outcome in subject.outcomes:
            for curve in curves_of(result, subject.scenario, outcome, self.window):
                for word, reference in self.bounds.items():
                    yield self._finding(subject, outcome, curve, word, reference)

    def _finding(self, subject: Subject, outcome: str, curve: OutcomeCurve, word: str, reference: Reference) -> Finding:
        said, excess_of, strict = BOUNDS[word]
        values, bound = curve.values, reference.values(subject, outcome, self.window)
        if self.measure:
            values = curve.measured(self.measure)[:, None]
            if np.ndim(bound):
                bound = dataclasses.replace(curve, values=bound).measured(self.measure)[:, None]
        slack = self.tolerance + self.relative * np.abs(bound)
        excess = np.where(np.isfinite(values), excess_of(values, bound, slack), np.inf)
        broken = excess >= 0 if strict else excess > 0
        member, moment = np.unravel_index(int(np.argmax(excess)), excess.shape)
        when = f"{self.measure} of the window" if self.measure else f"{curve.time[moment]:.2f}"
        wanted = f"{said} {reference}" + (f" within {slack_said(self)}" if self.tolerance or self.relative else "")
        words = f"{curve.label} is {values[member, moment]:.6g} ({when}), wanted {wanted}"
        return Finding(curve.label, ~broken.any(axis=1), words)


def slack_said(bounds: Bounds) -> str:
    """The tolerance in words."""
    parts = [f"{bounds.tolerance:g}"] if bounds.tolerance else []
    return " + ".join(parts + ([f"{bounds.relative:g} of it"] if bounds.relative else []))


@dataclass(frozen=True)
class Possible(Predicate):
    """finite, non_negative: what every number of a run must be."""

    finite: bool = True
    non_negative: bool = False
    tolerance: float = 0.0

    def judge(self, subject: Subject) -> Iterator[Finding]:
        """A finding for each outcome; where it does not hold, one for each element."""
        result = subject.result()
        for outcome in subject.outcomes:
            if "@" not in outcome and "[" not in outcome and self._good(result.array(outcome)).all():
                yield Finding(outcome, np.ones(result.members, dtype=bool), "")
                continue
            name = outcome if "@" in outcome or "[" in outcome else f"{outcome}@{EACH}"
            for curve in curves_of(result, subject.scenario, name, ALWAYS):
                good = self._good(curve.values)
                member, moment = np.unravel_index(int(np.argmin(good)), good.shape)
                words = f"{curve.label} is {curve.values[member, moment]:.6g} in {curve.time[moment]:.2f}"
                yield Finding(curve.label, good.all(axis=1), words)

    def _good(self, values: np.ndarray) -> np.ndarray:
        good = np.isfinite(values)
        return good & (values >= -self.tolerance) if self.non_negative else good


def relative_change(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """The change against what was there before, same shape; against what is there now where nothing was before."""
    size = np.where(before == 0, np.abs(after), np.abs(before))
    return (after - before) / np.maximum(size, TINY)


def sign_holds(word: str, change: np.ndarray, least: float, most: float = math.inf) -> np.ndarray:
    """Whether a relative change is of the sign claimed, shape (member,)."""
    within = np.abs(change) <= most
    return {
        "rises": change > least,
        "falls": change < -least,
        "unchanged": np.abs(change) <= least,
        "moves": np.abs(change) > least,
        "does_not_rise": change <= least,
        "does_not_fall": change >= -least,
    }[word] & within


def _sign_finding(label: str, word: str, before: np.ndarray, after: np.ndarray, least: float, most: float) -> Finding:
    change = relative_change(before, after)
    holds = sign_holds(word, change, least, most)
    worst = int(np.argmin(holds)) if not holds.all() else 0
    wanted = word.replace("_", " ")
    words = f"{label} goes from {before[worst]:.6g} to {after[worst]:.6g} ({change[worst]:+.3%}), claimed: {wanted}"
    words += f" by more than {least:.3%}" if least > SMALLEST and word != "unchanged" else ""
    words += f" by at most {most:.3%}" if most < math.inf else ""
    return Finding(label, holds, words)


@dataclass(frozen=True)
class EffectOfScenario(Predicate):
    """The sign and size of what a scenario changes, against another."""

    effect: str = "moves"
    against: str = DEFAULT
    by_at_least: float = SMALLEST
    by_at_most: float = math.inf
    window: Window = AFTER_POLICY
    measure: str = "mean"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        """A finding for each curve."""
        other = subject.named(self.against)
        if other == subject.scenario:
            return
        for outcome in subject.outcomes:
            pairs = zip(
                curves_of(subject.result(other), other, outcome, self.window),
                curves_of(subject.result(), subject.scenario, outcome, self.window),
                strict=True,
            )
            for before, after in pairs:
                measured = before.measured(self.measure), after.measured(self.measure)
                yield _sign_finding(after.label, self.effect, *measured, self.by_at_least, self.by_at_most)


@dataclass(frozen=True)
class EffectsOfLever(Predicate):
    """The declared sign of one lever on several outcomes, from one position to another."""

    lever: str = ""
    on: Mapping[str, str] = field(default_factory=dict)
    ambiguous: Mapping[str, str] = field(default_factory=dict)
    start: LeverPosition = "min"
    to: LeverPosition = "max"
    by_at_least: float = SMALLEST
    window: Window = AFTER_POLICY
    measure: str = "mean"

    @property
    def names(self) -> tuple[str, ...]:
        """The outcomes declared on."""
        return tuple(self.on)

    def judge(self, subject: Subject) -> Iterator[Finding]:
        """A finding for each outcome whose sign is declared."""
        low, high = (with_levers(subject.scenario, {self.lever: position}) for position in (self.start, self.to))
        for outcome, word in self.on.items():
            before, after = (
                curve_of(subject.result(scenario), scenario, outcome, self.window).measured(self.measure)
                for scenario in (low, high)
            )
            yield _sign_finding(outcome, word, before, after, self.by_at_least, math.inf)


@dataclass(frozen=True)
class Monotone(Predicate):
    """The outcome moves one way only as a lever moves over its range; standing still is neither rising nor falling."""

    direction: str = "either"
    lever: str = ""
    over: tuple[float, ...] = ()
    steps: int = 5
    tolerance: float = SMALLEST
    window: Window = AFTER_POLICY
    measure: str = "mean"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        """A finding for each outcome."""
        card = subject.scenario.catalogue.levers[self.lever]
        values = self.over or tuple(np.linspace(card.low, card.high, self.steps).tolist())
        for outcome in subject.outcomes:
            curve = np.stack([self._measured(subject, outcome, value) for value in values], axis=1)
            moves = np.diff(curve, axis=1) / np.maximum(np.abs(curve).max(axis=1, keepdims=True), TINY)
            wrong = {
                "rising": np.maximum(-moves, 0),
                "falling": np.maximum(moves, 0),
                "flat": np.abs(moves),
                "either": np.minimum(
                    np.maximum(moves, 0).max(axis=1, keepdims=True), np.maximum(-moves, 0).max(axis=1, keepdims=True)
                ),
            }[self.direction].max(axis=1)
            flat = np.abs(moves).max(axis=1) <= self.tolerance
            if self.direction in ("rising", "falling"):
                wrong = np.where(flat, np.inf, wrong)
            member = int(np.argmax(wrong))
            shape = ", ".join(
                f"{number:.5g} at {value:.4g}" for number, value in zip(curve[member], values, strict=True)
            )
            words = f"{outcome} in {self.lever}: {shape}; claimed: {self.direction}"
            yield Finding(outcome, wrong <= self.tolerance, words)

    def _measured(self, subject: Subject, outcome: str, value: float) -> np.ndarray:
        scenario = with_levers(subject.scenario, {self.lever: value})
        return curve_of(subject.result(scenario), scenario, outcome, self.window).measured(self.measure)


@dataclass(frozen=True)
class UnaffectedBy(Predicate):
    """The outcome is the same at both ends of each lever."""

    levers: tuple[str, ...] = ()
    tolerance: float = 0.0

    def judge(self, subject: Subject) -> Iterator[Finding]:
        """A finding for each lever and curve."""
        for lever in self.levers:
            low, high = (with_levers(subject.scenario, {lever: end}) for end in ("min", "max"))
            for outcome in subject.outcomes:
                pairs = zip(
                    curves_of(subject.result(low), low, outcome, ALWAYS),
                    curves_of(subject.result(high), high, outcome, ALWAYS),
                    strict=True,
                )
                for curve, other in pairs:
                    apart = np.abs(relative_change(curve.values, other.values))
                    member, moment = np.unravel_index(int(np.argmax(apart)), apart.shape)
                    words = (
                        f"{curve.label} moves by {apart[member, moment]:.3%} in {curve.time[moment]:.2f} with {lever}"
                    )
                    yield Finding(curve.label, (apart <= self.tolerance).all(axis=1), words)


@dataclass(frozen=True)
class Ordered(Predicate):
    """The outcome rises from one named scenario to the next."""

    order: tuple[str, ...] = ()
    by_at_least: float = 0.0
    window: Window = AFTER_POLICY
    measure: str = "mean"
    every_scenario: ClassVar[bool] = False

    def judge(self, subject: Subject) -> Iterator[Finding]:
        """A finding for each outcome."""
        for outcome in subject.outcomes:
            values = []
            for name in self.order:
                scenario = subject.named(name)
                curve = curve_of(subject.result(scenario), scenario, outcome, self.window)
                values.append(curve.measured(self.measure))
            steps = np.stack(
                [relative_change(before, after) for before, after in zip(values, values[1:], strict=False)]
            )
            holds = (steps > self.by_at_least).all(axis=0)
            worst = int(np.argmin(steps.min(axis=0)))
            said = ", ".join(f"{name} {value[worst]:.6g}" for name, value in zip(self.order, values, strict=True))
            yield Finding(outcome, holds, f"{outcome}: {said}; claimed: each above the one before")


@dataclass(frozen=True)
class SomethingMoves(Predicate):
    """At least one of the outcomes moves against another scenario, or what was changed is idle."""

    by_at_least: float = SMALLEST
    against: str = DEFAULT

    def judge(self, subject: Subject) -> Iterator[Finding]:
        """One finding."""
        other = subject.named(self.against)
        if other == subject.scenario:
            return
        largest, most = "", np.zeros(1)
        for outcome in subject.outcomes:
            pairs = zip(
                curves_of(subject.result(other), other, outcome, AFTER_POLICY),
                curves_of(subject.result(), subject.scenario, outcome, AFTER_POLICY),
                strict=True,
            )
            for before, after in pairs:
                size = np.maximum(np.abs(before.values).max(axis=1), TINY)
                moved = np.abs(after.values - before.values).max(axis=1) / size
                if moved.max() > most.max():
                    largest, most = after.label, np.maximum(most, moved)
        words = f"idle: the largest move is {most.max():.2e} of {largest or 'nothing'}, wanted {self.by_at_least:g}"
        yield Finding(largest, most > self.by_at_least, words)


@dataclass(frozen=True)
class StepHalving(Predicate):
    """Twice the steps change no value by more than a share of its range over time."""

    largest: float = 1e-3

    def judge(self, subject: Subject) -> Iterator[Finding]:
        """A finding for each element of each outcome."""
        scenario = subject.scenario
        fine = scenario.with_changes(steps_per_year=2 * subject.steps_per_year(scenario))
        for outcome in subject.outcomes:
            name = outcome if "@" in outcome or "[" in outcome else f"{outcome}@{EACH}"
            pairs = zip(
                curves_of(subject.result(), scenario, name, ALWAYS),
                curves_of(subject.result(fine), fine, name, ALWAYS),
                strict=True,
            )
            for coarse, finer in pairs:
                extent = np.ptp(finer.values, axis=1, keepdims=True)
                level = np.maximum(np.abs(finer.values).max(axis=1, keepdims=True), TINY)
                size = np.where(extent > ROUNDING * level, extent, level)
                _, both, also = np.intersect1d(coarse.time.round(6), finer.time.round(6), return_indices=True)
                apart = np.zeros_like(coarse.values)
                apart[:, both] = np.abs(coarse.values[:, both] - finer.values[:, also]) / size
                member, moment = np.unravel_index(int(np.argmax(apart)), apart.shape)
                words = (
                    f"{coarse.label} moves by {apart[member, moment]:.2e} of its range in {coarse.time[moment]:.2f} "
                    f"when the step is halved, wanted at most {self.largest:g}"
                )
                yield Finding(coarse.label, (apart <= self.largest).all(axis=1), words)


@dataclass(frozen=True)
class Conserved(Predicate):
    """Nobody appears or goes missing, but for who crosses the edge of the model."""

    tolerance: float = 1e-9
    single_runs: ClassVar[bool] = True

    def judge(self, subject: Subject) -> Iterator[Finding]:
        """One finding."""
        from pushpull.engine.proofs.conservation import boundary_total, people_total

        result = subject.result()
        people = people_total(result)
        drift = np.abs(people - people[:, :1] - boundary_total(result)) / people[:, :1]
        moment = int(np.argmax(drift[0]))
        words = f"{drift[0, moment]:.2e} of all people are missing or too many in {result.time[moment]:.2f}"
        yield Finding("people", (drift <= self.tolerance).all(axis=1), words)


@dataclass(frozen=True)
class HalfResponse(Predicate):
    """How long after the policy start half of the largest change against another scenario is there."""

    between: tuple[float, float] | None = None
    after: str | None = None
    against: str = DEFAULT
    window: Window = AFTER_POLICY

    @property
    def names(self) -> tuple[str, ...]:
        """The outcome that must come first."""
        return (self.after,) if self.after else ()

    def judge(self, subject: Subject) -> Iterator[Finding]:
        """A finding for each outcome; no change at all is no response."""
        if subject.named(self.against) == subject.scenario:
            return
        for outcome in subject.outcomes:
            years = self._years(subject, outcome)
            holds, said = np.isfinite(years), []
            if self.between:
                holds &= (years >= self.between[0]) & (years <= self.between[1])
                said.append(f"between {self.between[0]:g} and {self.between[1]:g}")
            if self.after:
                first = self._years(subject, self.after)
                holds &= years > first
                said.append(f"after {self.after}")
            worst = int(np.argmin(holds))
            words = f"{outcome} has half of its response after {years[worst]:.2f} years, wanted {' and '.join(said)}"
            if self.after:
                words += f" ({first[worst]:.2f} years)"
            yield Finding(outcome, holds, words)

    def _years(self, subject: Subject, outcome: str) -> np.ndarray:
        other, scenario = subject.named(self.against), subject.scenario
        before = curve_of(subject.result(other), other, outcome, self.window)
        after = curve_of(subject.result(), scenario, outcome, self.window)
        response = np.abs(after.values - before.values)
        largest = response.max(axis=1, keepdims=True)
        first = np.argmax(response >= largest / 2, axis=1)
        rows = zip(response, largest[:, 0] / 2, first, strict=True)
        years = np.array([_crossing(after.time, *row) for row in rows]) - scenario.policy_start
        return np.where(largest[:, 0] > SMALLEST * np.abs(before.values).max(axis=1), years, np.nan)


def _crossing(time: np.ndarray, response: np.ndarray, level: float, row: int) -> float:
    """When a response first reaches a level, by a straight line between saved times."""
    if row == 0 or response[row] == response[row - 1]:
        return time[row]
    share = (level - response[row - 1]) / (response[row] - response[row - 1])
    return time[row - 1] + share * (time[row] - time[row - 1])
