"""Schedules: how a lever or a context driver moves over time.

A *schedule* is what a file says (a constant, a step, a ramp, a pulse, a table of years). A *span* is what it
means: from one year to another these points, linear between them and held outside. A *time path* is a list of spans
in which a later span covers an earlier one. Every value, grid and chart derives from spans.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

Where = tuple[str, int | None]
NOWHERE: Where = ("", None)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, or a number of times today's value."""

    value: float
    times_today: bool = False
    where: Where = field(default=NOWHERE, compare=False, repr=False)

    def resolved(self, today: float) -> float:
        """The number itself."""
        return self.value * today if self.times_today else self.value


@dataclass(frozen=True, slots=True)
class Span:
    """Points that hold from `start` until `stop`; `jump` when the value may leap at the start. `seen_at` is the time at
    which its value could first be seen, where that is not the time of its points."""

    start: float
    stop: float
    times: Sequence[float]
    values: Sequence[float]
    jump: bool = True
    seen_at: float | None = field(default=None, compare=False, repr=False)

    def at(self, time: float) -> float:
        """The value at a time inside the span."""
        if len(self.values) == 1:
            return float(self.values[0])
        return float(np.interp(time, self.times, self.values))


TimePath = tuple[Span, ...]
Before = Callable[[float], float]


def constant_path(value: float) -> TimePath:
    """The same value at all times."""
    return (Span(-math.inf, math.inf, (0.0,), (value,)),)


def points_path(times: Sequence[float], values: Sequence[float]) -> TimePath:
    """Linear between the points, held before the first and after the last."""
    return (Span(-math.inf, math.inf, tuple(times), tuple(values)),)


def growth_path(times: Sequence[float], values: Sequence[float]) -> TimePath:
    """Log growth a year, constant between points and zero outside them; it is seen when the later point is."""
    spans = list(constant_path(0.0))
    for (early, low), (late, high) in pairwise(zip(times, values, strict=True)):
        spans.append(Span(early, late, (early,), (math.log(high / low) / (late - early),), seen_at=late))
    return tuple(spans)


def value_at(path: TimePath, time: float) -> float:
    """The value at a time; where the path leaps, the value just after."""
    for span in reversed(path):
        if span.start <= time < span.stop:
            return span.at(time)
    raise ValueError(f"the path says nothing about {time}")


def value_before(path: TimePath, time: float) -> float:
    """The value just before a time."""
    for span in reversed(path):
        if span.start < time <= span.stop:
            return span.at(time)
    raise ValueError(f"the path says nothing before {time}")


def breakpoints(path: TimePath, start: float, end: float) -> tuple[np.ndarray, np.ndarray]:
    """Times and values that draw the path with straight lines; a leap stands as two points at one time."""
    marks = {start, end}
    for span in path:
        marks.update(mark for mark in (span.start, span.stop, *span.times) if start < mark < end)
    times: list[float] = []
    values: list[float] = []
    for mark in sorted(marks):
        before = value_before(path, mark) if mark > start else None
        after = value_at(path, mark) if mark < end else None
        for value in dict.fromkeys(number for number in (before, after) if number is not None):
            times.append(mark)
            values.append(value)
    return np.array(times), np.array(values)


@dataclass(frozen=True, slots=True)
class Constant:
    """One value from the policy start on."""

    value: Amount
    where: Where = field(default=NOWHERE, compare=False, repr=False)

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """Every amount the schedule holds."""
        return (self.value,)

    @property
    def first_year(self) -> float | None:
        """The year of its earliest effect, when it names one."""
        return None

    def span(self, policy_start: float, today: float, before: Before) -> Span:
        """What the schedule means."""
        return Span(policy_start, math.inf, (policy_start,), (self.value.resolved(today),))


@dataclass(frozen=True, slots=True)
class Step:
    """A new value from a year on."""

    year: float
    value: Amount
    where: Where = field(default=NOWHERE, compare=False, repr=False)

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """Every amount the schedule holds."""
        return (self.value,)

    @property
    def first_year(self) -> float:
        """The year of its earliest effect."""
        return self.year

    def span(self, policy_start: float, today: float, before: Before) -> Span:
        """What the schedule means."""
        return Span(self.year, math.inf, (self.year,), (self.value.resolved(today),))


@dataclass(frozen=True, slots=True)
class Ramp:
    """A straight line from the value just before `start` to a new value at `end`, held after."""

    start: float
    end: float
    value: Amount
    where: Where = field(default=NOWHERE, compare=False, repr=False)

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """Every amount the schedule holds."""
        return (self.value,)

    @property
    def first_year(self) -> float:
        """The year of its earliest effect."""
        return self.start

    def span(self, policy_start: float, today: float, before: Before) -> Span:
        """What the schedule means."""
        values = (before(self.start), self.value.resolved(today))
        return Span(self.start, math.inf, (self.start, self.end), values, jump=False)


@dataclass(frozen=True, slots=True)
class Pulse:
    """A value from one year to another; before and after, what it was."""

    start: float
    end: float
    value: Amount
    where: Where = field(default=NOWHERE, compare=False, repr=False)

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """Every amount the schedule holds."""
        return (self.value,)

    @property
    def first_year(self) -> float:
        """The year of its earliest effect."""
        return self.start

    def span(self, policy_start: float, today: float, before: Before) -> Span:
        """What the schedule means."""
        return Span(self.start, self.end, (self.start,), (self.value.resolved(today),))


@dataclass(frozen=True, slots=True)
class Table:
    """Values at years: linear between them, held after the last, as it was before the first."""

    years: tuple[float, ...]
    values: tuple[Amount, ...]
    where: Where = field(default=NOWHERE, compare=False, repr=False)

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """Every amount the schedule holds."""
        return self.values

    @property
    def first_year(self) -> float:
        """The year of its earliest effect."""
        return self.years[0]

    def span(self, policy_start: float, today: float, before: Before) -> Span:
        """What the schedule means."""
        return Span(self.years[0], math.inf, self.years, tuple(value.resolved(today) for value in self.values))


Schedule = Constant | Step | Ramp | Pulse | Table
SCHEDULES = (Constant, Step, Ramp, Pulse, Table)

# What each schedule does, for schemas, references and help.
MEANINGS = {
    "number": "From the policy start on it is that number, and stays it.",
    "times_today": "A multiple of the value at the policy start. From then on it is constant: a lever with a path of "
    "its own after that loses the path; a table keeps one.",
    "step": "Until the year it is what it was; from the year on it is the value.",
    "ramp": "A straight line from the value just before `from`, which is today's where nothing else moves it, to the "
    "value at `to`; held from then on.",
    "pulse": "The value from one year to another; then it falls back to what it would have been without.",
    "table": "Straight lines between the years given, and the last value held. Until the first year it is what it was, "
    "and then it jumps to the first value; to begin where it stands, give today's value first.",
}
