"""The JSON schema of story files, so that editors complete and check as one types."""

from __future__ import annotations

import json

from pushpull.catalogue import Catalogue
from pushpull.scenario.library import policy_names
from pushpull.scenario.schema import DIALECT, object_of
from pushpull.stories import story as parts
from pushpull.stories.parts_reader import HOW, LONGEST_TEXT, LONGEST_TITLE, MOST_PACKAGES, MOST_SETTINGS
from pushpull.stories.step_reader import MOST_OPTIONS, NOT_NEEDED, QUESTIONS, question_head
from pushpull.stories.story_reader import KEYS, MOST_MINUTES, MOST_STEPS, SCHEMA_VERSION

NAME = {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$"}
SCENARIO = "scenario.schema.json"  # which lies beside it, and says what levers and context may be set to
YEAR = {"$ref": f"{SCENARIO}#/$defs/year"}
TEXT, TITLE = {"$ref": "#/$defs/text"}, {"$ref": "#/$defs/title"}
AMOUNT = {"type": "number", "minimum": 0}


def story_schema(catalogue: Catalogue) -> dict:
    """The schema of everything a story may say."""
    properties = {
        "schema_version": {"const": SCHEMA_VERSION},
        "title": TITLE,
        "corridor": {"type": "string", "description": "The id of a corridor."},
        "audience": {**TEXT, "description": "For whom it is."},
        "minutes": {"type": "integer", "minimum": 1, "maximum": MOST_MINUTES},
        "claim": {**TEXT, "description": "What of the policy text it is about."},
        "year": {**YEAR, "description": "The year that numbers are of where they say nothing else."},
        "settings": {
            "type": "object",
            "propertyNames": {**NAME, "not": {"const": parts.TODAY}},
            "additionalProperties": _setting(),
            "maxProperties": MOST_SETTINGS,
            "description": f"What is set, by a name; {parts.TODAY} is what stands with nothing changed.",
        },
        "numbers": {
            "type": "object",
            "propertyNames": NAME,
            "additionalProperties": {"$ref": "#/$defs/number"},
            "description": "Every number of a sentence, by the name that stands in braces in a text.",
        },
        "steps": {"type": "array", "items": {"$ref": "#/$defs/step"}, "minItems": 1, "maxItems": MOST_STEPS},
    }
    return {
        "$schema": DIALECT,
        "title": "Pushpull story",
        **object_of({key: properties[key] for key in KEYS}, required=KEYS),
        "$defs": {
            "title": _both(LONGEST_TITLE),
            "text": _both(LONGEST_TEXT),
            "variable": {"enum": list(catalogue.model.variables), "description": "An outcome or variable."},
            "number": _number(),
            "question": {"oneOf": [_question(kind) for kind in QUESTIONS]},
            "step": _step(catalogue),
        },
    }


def _both(longest: int) -> dict:
    text = {"type": "string", "minLength": 1, "maxLength": longest}
    return {**object_of(dict.fromkeys(parts.LANGUAGES, text)), "minProperties": 1}


def _setting() -> dict:
    packages = {
        "type": "array",
        "items": {"enum": policy_names()},
        "minItems": 1,
        "maxItems": MOST_PACKAGES,
        "description": "Policy packages, laid over each other in this order.",
    }
    as_in_a_scenario = {word: {"$ref": f"{SCENARIO}#/properties/{word}"} for word in ("policies", "context")}
    blocks = {"packages": packages, **as_in_a_scenario}
    return {**object_of({"title": TITLE, **blocks}, required=["title"]), "minProperties": 2}


def _reading() -> dict:
    return {
        "of": {"$ref": "#/$defs/variable"},
        "route": {"type": "string", "description": "One route; all of them if not said."},
        "at": {**YEAR, "description": "The year; that of the story if not said."},
        "over": {"type": "array", "items": YEAR, "minItems": 2, "maxItems": 2, "description": "From year to year."},
        "how": {"enum": list(HOW), "description": "What is taken over the years."},
    }


def _number() -> dict:
    holds = object_of(
        {"direction": {"enum": list(parts.DIRECTIONS)}, "by_at_least": AMOUNT},
        f"What the words say of it; it is to hold in {parts.CLEAR:.0%} of simulations.",
        ["direction", "by_at_least"],
    )
    setting = {**NAME, "description": f"A setting, or {parts.TODAY}."}
    read_off = {**_reading(), "in": setting, "than": setting, "as": {"enum": list(parts.FORMS)}, "holds": holds}
    worked_out = {
        "is": {"type": "string", "description": "Arithmetic over numbers that are read off runs."},
        "as": {"enum": list(parts.WORKED_OUT_FORMS)},
        "holds": holds,
    }
    chance = {
        "chance_that": {**NAME, "description": "A number; this is the share of simulations in which it moves so."},
        "direction": {"enum": list(parts.DIRECTIONS)},
        "beyond": {**AMOUNT, "description": "By more than this."},
        "open": {"type": "boolean", "description": "The words leave it open: neither nine of ten nor one of ten."},
    }
    return {
        "oneOf": [
            object_of(read_off, required=["of"]),
            object_of(worked_out, required=["is"]),
            object_of(chance, required=["chance_that", "direction"]),
        ]
    }


def _question(kind: str) -> dict:
    own = {
        **_reading(),
        "number": {**NAME, "description": "The number that is asked for."},
        "low": {"type": "number", "description": "Where the slider begins."},
        "high": {"type": "number", "description": "Where the slider ends."},
        "in": NAME,
        "until": YEAR,
        "choices": {"type": "array", "items": NAME, "minItems": 2, "description": "Settings."},
        "first": {"enum": [parts.LOWEST, parts.HIGHEST]},
    }
    head = {
        "kind": {"const": kind},
        "text": TEXT,
        "margin": {**AMOUNT, "description": "What the answer must clear in nine simulations of ten."},
    }
    properties = {
        **{key: head[key] for key in question_head(kind)},
        **{key: own[key] for key in QUESTIONS[kind]},
    }
    return object_of(properties, required=[key for key in properties if key not in NOT_NEEDED])


def _step(catalogue: Catalogue) -> dict:
    shows = object_of(
        {
            "page": {"enum": list(parts.PAGES)},
            "part": {"enum": list(parts.PARTS)},
            "outcome": {"enum": [name for name in catalogue.outcomes if name != parts.SHARES]},
            "drawn": {"enum": list(parts.DRAWN)},
            "way": {"enum": list(parts.WAYS)},
            "year": YEAR,
        }
    )
    return object_of(
        {
            "title": TITLE,
            "setting": NAME,
            "options": {"type": "array", "items": NAME, "minItems": 1, "maxItems": MOST_OPTIONS},
            "shows": shows,
            "hides": {"type": "array", "items": {"enum": list(parts.HIDEABLE)}, "minItems": 1},
            "text": {**TEXT, "description": "What is said, before any answer is shown."},
            "question": {"$ref": "#/$defs/question"},
            "after": {**TEXT, "description": "What to say once it is answered."},
            "notes": {**TEXT, "description": "For the presenter alone."},
        },
        required=["title", "text"],
    )


def story_schema_text(catalogue: Catalogue) -> str:
    """The schema as the text of a JSON file."""
    return json.dumps(story_schema(catalogue), indent=1, ensure_ascii=False) + "\n"
