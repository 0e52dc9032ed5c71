"""What a room is given of a question: a slip to answer on, and what is revealed afterwards, as plain values in both
languages and in the units in which people read them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pushpull.stories import story as parts
from pushpull.stories.answers import Answer, direction_of
from pushpull.stories.story import LANGUAGES, LineQuestion, Question, Story
from pushpull.stories.story_runs import StoryRuns
from pushpull.stories.story_words import say
from pushpull.stories.story_writing import KINDS
from pushpull.stories.telling import StepInWords
from pushpull.wording.numbers import is_share, numbers_of

PERCENT = "%"
MOVES = (parts.RISES, parts.HARDLY, parts.FALLS)
KNOWN_YEARS = 10  # drawn before the policy start, for a line to go on from
HEADROOM = 1.3  # of an axis above all that is known and that the model answers
FIGURES = 6
AXIS_STEPS = 100  # of a slider, at least


@dataclass(frozen=True)
class Scale:
    """How a number of the model is read: so many times its value, in a unit, of which both languages have a word."""

    times: float
    unit: Mapping[str, str]

    def shown(self, value: float) -> float:
        """A value as it is read."""
        return float(f"{self.times * value:.{FIGURES}g}")


def slip_of(story: Story, steps: Mapping[str, StepInWords], runs: StoryRuns) -> dict | None:
    """The slip of a step's question, from the step in each language; None where it asks nothing."""
    step = steps[LANGUAGES[0]]
    question, answer = step.step.question, step.answer
    if question is None or answer is None:
        return None
    slip: dict = {
        "id": f"{story.id}/{step.place}",
        "kind": KINDS[type(question)],
        "title": {code: each.title for code, each in steps.items()},
        "text": {code: each.question for code, each in steps.items()},
    }
    scale = _scale(answer, story.base.corridor.currency)
    match question:
        case parts.DirectionQuestion():
            slip["choices"] = [
                {"name": name, "title": {code: say(code, f"choose_{name}") for code in LANGUAGES}} for name in MOVES
            ]
        case parts.AmountQuestion():
            low, high = scale.shown(question.low), scale.shown(question.high)
            slip |= {"low": low, "high": high, "step": _step(high - low), "unit": dict(scale.unit)}
        case parts.LineQuestion():
            slip |= _line_slip(question, answer, scale, runs)
        case parts.ChoiceQuestion():
            # In the order of the file, which says nothing of the answer.
            slip["choices"] = [
                {"name": each.name, "title": {code: steps[code].choices[place].title for code in steps}}
                for place, each in enumerate(step.choices)
            ]
    return slip


def reveal_of(story: Story, steps: Mapping[str, StepInWords]) -> dict | None:
    """What the model answers to a step's question, for whoever has guessed; None where it asks nothing."""
    step = steps[LANGUAGES[0]]
    question, answer = step.step.question, step.answer
    if question is None or answer is None:
        return None
    scale = _scale(answer, story.base.corridor.currency)
    return _answered(question, answer, scale) | {
        "text": {code: each.answer_text for code, each in steps.items()},
        "after": {code: each.after for code, each in steps.items()},
    }


def _answered(question: Question, answer: Answer, scale: Scale) -> dict:
    dots = [scale.shown(each) for each in answer.twenty]
    match question:
        case parts.CountQuestion():
            return {"count": answer.count}
        case parts.LineQuestion():
            lines = {name: getattr(answer, name) for name in ("line", "line_low", "line_high")}
            years, time = _asked_years(question, answer), np.asarray(answer.time)
            there = {name: np.interp(years, time, line) for name, line in lines.items()}
            return {"time": years} | {name: [scale.shown(each) for each in line] for name, line in there.items()}
        case parts.ChoiceQuestion():
            return {"choice": answer.choice, "order": list(answer.order)}
    ends = {name: scale.shown(getattr(answer, name)) for name in ("value", "low", "high")}
    spread = ends | {"dots": dots, "unit": dict(scale.unit)}
    if isinstance(question, parts.DirectionQuestion):
        moves = [direction_of(each, question.margin) for each in answer.twenty]
        return {"choice": answer.choice, "moves": {name: moves.count(name) for name in MOVES}, **spread}
    return spread


def _scale(answer: Answer, currency: str) -> Scale:
    if is_share(answer.unit):
        return Scale(100.0, dict.fromkeys(LANGUAGES, PERCENT))
    return Scale(1.0, {code: numbers_of(code, currency=currency).unit(answer.unit) for code in LANGUAGES})


def _asked_years(question: LineQuestion, answer: Answer) -> list[int]:
    first = 0 if answer.time is None else math.ceil(answer.time[0] - 1e-6)
    return list(range(first, math.floor(question.until + 1e-6) + 1))


def _line_slip(question: LineQuestion, answer: Answer, scale: Scale, runs: StoryRuns) -> dict:
    time, values = runs.before(question.reading, KNOWN_YEARS)
    known = [[float(at), scale.shown(value)] for at, value in zip(time, np.median(values, axis=0), strict=True)]
    highest = max(float(np.max(np.asarray(answer.line_high))), max(value for _, value in known) / scale.times)
    top = _round_up(HEADROOM * scale.times * highest)
    axis = {"low": 0.0, "high": top, "step": _step(top), "unit": dict(scale.unit)}
    return {"time": _asked_years(question, answer), "known": known, **axis}


def _step(width: float) -> float:
    """The step of a slider: a one, two or five, at least AXIS_STEPS of them in its width."""
    power = 10.0 ** math.floor(math.log10(width / AXIS_STEPS))
    whole = max(each for each in (1, 2, 5) if each * power <= width / AXIS_STEPS * (1 + 1e-9))
    return float(f"{whole * power:.1g}")


def _round_up(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    return next(each * power for each in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if each * power >= value)
