"""What the model answers to the questions of a story, and how clear it is about it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from pushpull.stories import story as parts
from pushpull.stories.story import Question, Story
from pushpull.stories.story_numbers import HIGH, LOW, TWENTY, StoryNumbers, Written, of_twenty, unit_of
from pushpull.stories.story_runs import StoryRuns
from pushpull.stories.story_words import say


@dataclass(frozen=True, eq=False)
class Answer:
    """An answer. `clear` is the share of simulations that give the same one by the margin of the question (not a number
    for a single run). What else it holds depends on the kind of question:

    - direction: `choice` (rises, falls, hardly), and `value`, with the range of 90 % of simulations, `low` to `high`;
    - amount: `value`, `low`, `high`; both: `twenty` values that stand for all simulations, each for a twentieth;
    - count: `value`, the share of simulations, and `count`, of twenty;
    - line: `time`, with `line`, `line_low` and `line_high` over it, and the last of each as value, low and high;
    - rank and lever: `order`, settings from the first on (of which `choice` is the first), `values` of each.
    """

    clear: float
    value: float = math.nan
    low: float = math.nan
    high: float = math.nan
    unit: str = "1"
    choice: str = ""
    count: int | None = None
    twenty: tuple[float, ...] = ()
    order: tuple[str, ...] = ()
    values: tuple[float, ...] = ()
    time: np.ndarray | None = None
    line: np.ndarray | None = None
    line_low: np.ndarray | None = None
    line_high: np.ndarray | None = None

    @property
    def is_clear(self) -> bool:
        """Whether nine simulations of ten agree."""
        return self.clear >= parts.CLEAR


def answer_to(question: Question, story: Story, runs: StoryRuns, numbers: StoryNumbers) -> Answer:
    """The answer to a question of a story."""
    match question:
        case parts.DirectionQuestion():
            return _direction(question, numbers)
        case parts.AmountQuestion():
            return _amount(question, numbers)
        case parts.CountQuestion():
            chance = numbers[question.number].value
            clear = chance if math.isnan(chance) else max(chance, 1 - chance)
            count = None if math.isnan(chance) else of_twenty(chance)
            return Answer(clear, chance, count=count)
        case parts.LineQuestion():
            return _line(question, story, runs)
        case parts.ChoiceQuestion():
            return _choice(question, runs)
    raise TypeError(f"not a question: {question!r}")


def _direction(question: parts.DirectionQuestion, numbers: StoryNumbers) -> Answer:
    asked = numbers[question.number]
    moves = np.array([direction_of(value, question.margin) for value in asked.values])
    choice = direction_of(asked.value, question.margin)
    twenty = _twenty(asked.values)
    return Answer(_share(moves == choice), asked.value, asked.low, asked.high, asked.unit, choice, twenty=twenty)


def direction_of(value: float, margin: float) -> str:
    """Whether a number rises, falls or hardly moves, by a margin."""
    return parts.HARDLY if abs(value) < margin or value == 0 else parts.RISES if value > 0 else parts.FALLS


def _amount(question: parts.AmountQuestion, numbers: StoryNumbers) -> Answer:
    asked = numbers[question.number]
    clear = _share(_beyond(asked.values, question.margin, asked.value))
    return Answer(clear, asked.value, asked.low, asked.high, asked.unit, twenty=_twenty(asked.values))


def _line(question: parts.LineQuestion, story: Story, runs: StoryRuns) -> Answer:
    time, values = runs.line(question.reading, question.within, question.until)
    reference = values[:, 0]
    if question.within != parts.TODAY:
        reference = runs.line(question.reading, parts.TODAY, question.until)[1][:, -1]
    moved = (values[:, -1] - reference) / np.abs(reference)
    low, middle, high = (np.quantile(values, at, axis=0) for at in (LOW, 0.5, HIGH))
    return Answer(
        clear=_share(_beyond(moved, question.margin, float(np.median(moved)))),
        value=float(middle[-1]),
        low=float(low[-1]),
        high=float(high[-1]),
        unit=unit_of(question.reading),
        time=time,
        line=middle,
        line_low=low,
        line_high=high,
    )


def _choice(question: parts.ChoiceQuestion, runs: StoryRuns) -> Answer:
    sign = 1.0 if question.first == parts.LOWEST else -1.0
    values = {name: runs.values(question.reading, name) for name in question.choices}
    order = sorted(values, key=lambda name: sign * float(np.median(values[name])))
    step = question.margin * np.abs(runs.values(question.reading, parts.TODAY))
    pairs = list(zip(order, order[1:], strict=False))
    if isinstance(question, parts.LeverQuestion):
        pairs = [(order[0], other) for other in order[1:]]
    apart = [sign * (values[later] - values[earlier]) >= step for earlier, later in pairs]
    middles = tuple(float(np.median(values[name])) for name in order)
    unit = unit_of(question.reading)
    return Answer(
        _share(np.all(apart, axis=0)), middles[0], unit=unit, choice=order[0], order=tuple(order), values=middles
    )


def _beyond(values: np.ndarray, margin: float, middle: float) -> np.ndarray:
    """In which simulations a number lies on the side of the middle one, by a margin."""
    moved = np.sign(middle) * values
    return (moved >= margin) & (moved > 0)


def _twenty(values: np.ndarray) -> tuple[float, ...]:
    return tuple(float(each) for each in np.quantile(values, (np.arange(TWENTY) + 0.5) / TWENTY))


def _share(which: np.ndarray) -> float:
    return float(which.mean()) if len(which) > 1 else math.nan


def answer_text(answer: Answer, question: Question, story: Story, numbers: StoryNumbers, written: Written) -> str:
    """An answer in words, with how many simulations agree."""
    language = written.language
    match question:
        case parts.DirectionQuestion():
            text = f"{say(language, answer.choice)}, {written.range(numbers[question.number])}"
        case parts.AmountQuestion():
            text = written.range(numbers[question.number])
        case parts.CountQuestion():
            return written.twenty(answer.value)
        case parts.LineQuestion():
            ends = {word: written.level(getattr(answer, word), answer.unit) for word in ("value", "low", "high")}
            text = say(language, "range", **ends) if not math.isnan(answer.clear) else ends["value"]
        case _:
            pairs = zip(answer.order, answer.values, strict=True)
            named = ((story.setting_title(name, language), written.level(value, answer.unit)) for name, value in pairs)
            text = say(language, "and_then").join(
                say(language, "named", name=name, value=value) for name, value in named
            )
    if math.isnan(answer.clear):
        return text
    return say(language, "clear", answer=text, share=written.numbers.chance(answer.clear))
