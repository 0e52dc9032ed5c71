"""A story as a file: what `read_story` reads back the same."""

from __future__ import annotations

import io
from collections.abc import Mapping

from ruamel.yaml import YAML

from pushpull.stories import story as parts
from pushpull.stories.step_reader import STEP_KEYS, question_head
from pushpull.stories.story import (
    LEVEL,
    RELATIVE,
    TODAY,
    Question,
    Showing,
    Story,
    StoryNumber,
    StoryReading,
    StoryStep,
)
from pushpull.stories.story_reader import KEYS, SCHEMA_VERSION

WIDTH = 120
KINDS: dict[type[Question], str] = {
    parts.DirectionQuestion: "direction",
    parts.AmountQuestion: "amount",
    parts.CountQuestion: "count",
    parts.LineQuestion: "line",
    parts.RankQuestion: "rank",
    parts.LeverQuestion: "lever",
}


def yaml_of(story: Story) -> str:
    """The story as the text of a file."""
    return text_of(mapping_of(story))


def text_of(mapping: Mapping) -> str:
    """Plain values in the form of a story, whole or not, as the text of a file: entries in the order of the form."""
    whole = _in_order(mapping, KEYS)
    if isinstance(whole.get("steps"), list):
        whole["steps"] = [_in_order(each, STEP_KEYS) if isinstance(each, dict) else each for each in whole["steps"]]
    yaml = YAML()
    yaml.width = WIDTH
    yaml.default_flow_style = False
    out = io.StringIO()
    yaml.dump(whole, out)
    return out.getvalue()


def _in_order(mapping: Mapping, keys: tuple[str, ...]) -> dict:
    return {key: mapping[key] for key in (*keys, *(each for each in mapping if each not in keys)) if key in mapping}


def mapping_of(story: Story) -> dict:
    """The story as plain values in the form of its file."""
    return {
        "schema_version": SCHEMA_VERSION,
        "title": story.title.to_mapping(),
        "corridor": story.corridor,
        "audience": story.audience.to_mapping(),
        "minutes": story.minutes,
        "claim": story.claim.to_mapping(),
        "year": story.year,
        "settings": {name: each.to_mapping() for name, each in story.settings.items()},
        "numbers": {name: _number(each) for name, each in story.numbers.items()},
        "steps": [_step(each) for each in story.steps],
    }


def _reading(reading: StoryReading) -> dict:
    content: dict = {"of": reading.variable}
    if reading.route:
        content["route"] = reading.route
    if reading.at is not None:
        content["at"] = reading.at
    if reading.over is not None:
        content |= {"over": list(reading.over), "how": reading.how}
    return content


def _number(number: StoryNumber) -> dict:
    content: dict = {}
    if number.chance_that:
        content = {"chance_that": number.chance_that, "direction": number.direction}
        content |= {"beyond": number.beyond} if number.beyond else {}
        return content | ({"open": True} if number.is_open else {})
    if number.reading is not None:
        content = {**_reading(number.reading), "in": number.within}
        content |= {"than": number.than} if number.than else {}
    else:
        content = {"is": number.measure}
    if number.form not in (LEVEL, RELATIVE) or number.than or number.measure:
        content["as"] = number.form
    if number.holds is not None:
        content["holds"] = {"direction": number.holds.direction, "by_at_least": number.holds.by_at_least}
    return content


def _step(step: StoryStep) -> dict:
    content: dict = {"title": step.title.to_mapping()}
    if step.setting != TODAY:
        content["setting"] = step.setting
    if step.options:
        content["options"] = list(step.options)
    if step.shows != Showing():
        content["shows"] = {name: each for name, each in vars(step.shows).items() if each}
    if step.hides:
        content["hides"] = list(step.hides)
    content["text"] = step.text.to_mapping()
    if step.question is not None:
        content["question"] = _question(step.question)
    for name, text in (("after", step.after), ("notes", step.notes)):
        if text is not None:
            content[name] = text.to_mapping()
    return content


def _question(question: Question) -> dict:
    content: dict = {"kind": KINDS[type(question)], "text": question.text.to_mapping()}
    if "margin" in question_head(content["kind"]):
        content["margin"] = question.margin
    match question:
        case parts.AmountQuestion():
            return content | {"number": question.number, "low": question.low, "high": question.high}
        case parts.DirectionQuestion() | parts.CountQuestion():
            return content | {"number": question.number}
        case parts.LineQuestion():
            reading = {key: each for key, each in _reading(question.reading).items() if key in ("of", "route")}
            return content | reading | {"in": question.within, "until": question.until}
        case parts.ChoiceQuestion():
            return content | {"choices": list(question.choices), **_reading(question.reading), "first": question.first}
    raise TypeError(f"not a question: {question!r}")
