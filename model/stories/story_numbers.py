"""The numbers of a story, worked out from its runs, and how they stand in a sentence."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pushpull.catalogue import catalogue
from pushpull.evidence.measure_language import names_in, work_out
from pushpull.stories import placeholders
from pushpull.stories import story as parts
from pushpull.stories.story import Holds, Story, StoryNumber, StoryReading
from pushpull.stories.story_runs import StoryRuns
from pushpull.stories.story_words import say
from pushpull.wording.numbers import Numbers, numbers_of

TWENTY = 20
LOW, HIGH = 0.05, 0.95  # the quantiles of a range of simulations
SMALLEST_PERCENT = 0.001


@dataclass(frozen=True, eq=False)
class WorkedOut:
    """A number of a story, worked out: one for each simulation in `values`, and `value` in their middle. A chance has
    one value. `unit` is that of the model; that of a ratio is "1", as of a share."""

    number: StoryNumber
    values: np.ndarray
    unit: str

    @property
    def value(self) -> float:
        """The median of the simulations."""
        return float(np.median(self.values))

    @property
    def low(self) -> float:
        """What one simulation in 20 lies below."""
        return float(np.quantile(self.values, LOW))

    @property
    def high(self) -> float:
        """What one simulation in 20 lies above."""
        return float(np.quantile(self.values, HIGH))

    @property
    def borne_out(self) -> float | None:
        """How far simulations bear out what words say of it: the share in which it is so; of what they leave open, 1 or
        0. Not a number for a single run, None where words say nothing."""
        if self.number.is_open:
            return math.nan if math.isnan(self.value) else float(1 - parts.CLEAR < self.value < parts.CLEAR)
        if self.number.holds is None:
            return None
        return self._share_that(self.number.holds)

    def _share_that(self, holds: Holds) -> float:
        if len(self.values) < 2:
            return math.nan
        moved = self.values if holds.direction == parts.RISES else -self.values
        return float(((moved > 0) & (moved >= holds.by_at_least)).mean())


class StoryNumbers:
    """All numbers of a story from its runs, each worked out when it is first asked for."""

    def __init__(self, story: Story, runs: StoryRuns):
        self.story, self.runs = story, runs
        self._worked_out: dict[str, WorkedOut] = {}

    def __getitem__(self, name: str) -> WorkedOut:
        if name not in self._worked_out:
            self._worked_out[name] = self.work_out(self.story.numbers[name])
        return self._worked_out[name]

    def work_out(self, number: StoryNumber) -> WorkedOut:
        """Any number, whether the story has a name for it or not."""
        if number.chance_that:
            values = self[number.chance_that].values
            moved = values if number.direction == parts.RISES else -values
            chance = math.nan if len(values) < 2 else float((moved > number.beyond).mean())
            return WorkedOut(number, np.array([chance]), "1")
        if number.reading is None:
            values = work_out(number.measure, {name: self[name].values for name in names_in(number.measure)})
            return WorkedOut(number, np.broadcast_to(values, (self.runs.members,)), "1")
        after = self.runs.values(number.reading, number.within)
        if not number.than:
            return WorkedOut(number, after, unit_of(number.reading))
        before = self.runs.values(number.reading, number.than)
        with np.errstate(divide="ignore", invalid="ignore"):
            match number.form:
                case parts.DIFFERENCE:
                    return WorkedOut(number, after - before, unit_of(number.reading))
                case parts.RATIO:
                    return WorkedOut(number, after / before, "1")
                case _:
                    return WorkedOut(number, (after - before) / np.abs(before), "1")


def unit_of(reading: StoryReading) -> str:
    """The unit of what is read off: that of the variable, and over years of what comes in a year, the whole of it."""
    unit = catalogue().model.variables[reading.variable].unit
    return unit.removesuffix("/year") if reading.how == "sum" else unit


class Written:
    """Numbers as a language writes them, money in the currency of the corridor."""

    def __init__(self, language: str, currency: str, plain: bool = False):
        self.language = language
        self.numbers: Numbers = numbers_of(language, plain, currency)

    def text(self, worked_out: WorkedOut, way: str = placeholders.WHOLE, value: float | None = None) -> str:
        """A number, or another `value` of it, as it stands in a sentence."""
        value = worked_out.value if value is None else value
        write: Callable[[float, str, str], str] = {
            parts.LEVEL: self._level,
            parts.DIFFERENCE: self._difference,
            parts.RELATIVE: self._relative,
            parts.RATIO: self._ratio,
            parts.SHARE: self._share,
            parts.CHANCE: self._chance,
        }[worked_out.number.form]
        return write(value, worked_out.unit, way)

    def range(self, worked_out: WorkedOut) -> str:
        """A number with the range of its simulations."""
        value, low, high = (self.text(worked_out, value=each) for each in _middle_and_ends(worked_out))
        return say(self.language, "range", value=value, low=low, high=high) if len(worked_out.values) > 1 else value

    def level(self, value: float, unit: str) -> str:
        """An amount with its unit."""
        return self._level(value, unit, placeholders.WHOLE)

    def twenty(self, chance: float) -> str:
        """A share as so many of twenty simulations."""
        if not math.isfinite(chance):
            return self.numbers.share(chance)
        part = of_twenty(chance)
        return say(self.language, "of_many", self.numbers.form(part), part=part, whole=TWENTY)

    def _level(self, value: float, unit: str, way: str) -> str:
        return self.numbers.amount(value, unit) if way == placeholders.AMOUNT else self.numbers.full(value, unit)

    def _difference(self, value: float, unit: str, way: str) -> str:
        text = self.numbers.difference(abs(value) if way == placeholders.SIZE else value, unit)
        text = text.removeprefix("+") if way == placeholders.SIZE else text
        words = "" if way == placeholders.AMOUNT else self.numbers.amount_words(abs(value), unit)
        return f"{text} {words}".strip()

    def _relative(self, value: float, unit: str, way: str) -> str:
        size = abs(value)
        sign = "" if way == placeholders.SIZE or value == 0 else "+" if value > 0 else self.numbers.minus
        return sign + self._percent(size)

    def _percent(self, size: float) -> str:
        if size >= SMALLEST_PERCENT:
            return self.numbers.percent(size).removeprefix("+")
        return f"{self.numbers.figures(100 * size, 1)}{self.numbers.gap}%"

    def _ratio(self, value: float, unit: str, way: str) -> str:
        figures = self.numbers.figures(value, 2)
        return figures if way == placeholders.AMOUNT else say(self.language, "times", number=figures)

    def _share(self, value: float, unit: str, way: str) -> str:
        return self.numbers.share(value)

    def _chance(self, value: float, unit: str, way: str) -> str:
        return self.twenty(value) if way == placeholders.TWENTY else self.numbers.chance(value)


def of_twenty(chance: float) -> int:
    """How many of twenty simulations a share of them stands for."""
    return round(TWENTY * chance)


def _middle_and_ends(worked_out: WorkedOut) -> tuple[float, float, float]:
    return worked_out.value, worked_out.low, worked_out.high
