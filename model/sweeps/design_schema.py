"""The JSON schema of a design file, so that editors complete and check as one types."""

from __future__ import annotations

import json

from pushpull.catalogue import Catalogue
from pushpull.engine.language.cards import Card
from pushpull.scenario.draft import MOST_MEMBERS
from pushpull.scenario.schema import DIALECT, object_of
from pushpull.sweeps import design_reader as limits
from pushpull.sweeps.designs import MOST_POINTS, SCALES

BY_NAME = {"$ref": "#/$defs/by_name"}


def design_schema(catalogue: Catalogue) -> dict:
    """The schema of everything a design file may say."""
    cards = {**catalogue.levers, **catalogue.context, **catalogue.parameters}
    points = {"type": "integer", "minimum": 1, "maximum": MOST_POINTS}
    listed = {
        "type": "object",
        "minProperties": 1,
        "maxProperties": MOST_POINTS,
        "additionalProperties": _names("number"),
    }
    properties = {
        "schema_version": {"const": limits.SCHEMA_VERSION},
        "title": {"type": "string", "minLength": 1, "maxLength": limits.LONGEST_TITLE},
        "design": {
            "enum": list(limits.KINDS),
            "description": "Every combination of levels, a Latin hypercube, or points by their names.",
        },
        "vary": {"type": "object", "description": "What is varied, each NAME or NAME@ROUTE.", "minProperties": 1},
        "points": {"description": "How many (latin_hypercube), or each by its name with what it sets (list)."},
        "simulations": {
            "type": "integer",
            "minimum": 1,
            "maximum": MOST_MEMBERS,
            "description": "How many are run of each point; one run without it.",
        },
        "seed": {"type": "integer", "minimum": 0, "maximum": limits.LARGEST_SEED},
    }
    return {
        "$schema": DIALECT,
        "title": "Design of a Pushpull sweep",
        **object_of({key: properties[key] for key in limits.KEYS}, required=limits.NEEDED),
        "oneOf": [
            _kind(limits.GRID, vary=_names("array", "object", required=limits.RANGE_KEYS[:3])),
            _kind(
                limits.HYPERCUBE, vary=_names("object", required=limits.RANGE_KEYS[:2], without="steps"), points=points
            ),
            _kind(limits.LIST, points=listed),
        ],
        "$defs": {
            "steps": {"type": "integer", "minimum": limits.FEWEST_STEPS, "maximum": limits.MOST_STEPS},
            "scale": {"enum": list(SCALES), "description": "Whether steps are of even distance or of even ratio."},
            "by_name": {
                "type": "object",
                "patternProperties": {_pattern(name, card): _card(card) for name, card in cards.items()},
                "additionalProperties": False,
            },
        },
    }


def _kind(kind: str, **properties: dict) -> dict:
    absent = [key for key in ("vary", "points") if key not in properties]
    return {
        "properties": {"design": {"const": kind}, **properties, **dict.fromkeys(absent, False)},
        "required": list(limits.NEEDED_BY[kind]),
    }


def _names(*types: str, required: tuple[str, ...] = (), without: str = "") -> dict:
    """Names of cards with values of some types; `required` and `without` are of those that are ranges."""
    each: dict = {"type": list(types)}
    if required:
        each["required"] = list(required)
    if without:
        each["properties"] = {without: False}
    return {**BY_NAME, "additionalProperties": each}


def _pattern(name: str, card: Card) -> str:
    return f"^{name}(@.+)?$" if card.over else f"^{name}$"


def _card(card: Card) -> dict:
    """What a number, a list of numbers and a range of a card must be; which of them it is, the kind of design says."""
    number = {"type": "number", "minimum": card.low, "maximum": card.high}
    return {
        "description": f"{card.title} ({card.unit})",
        "minimum": card.low,
        "maximum": card.high,
        "items": number,
        "minItems": 1,
        "properties": {
            "from": number,
            "to": number,
            "steps": {"$ref": "#/$defs/steps"},
            "scale": {"$ref": "#/$defs/scale"},
        },
        "additionalProperties": False,
    }


def design_schema_text(catalogue: Catalogue) -> str:
    """The schema as the text of a JSON file."""
    return json.dumps(design_schema(catalogue), indent=1, ensure_ascii=False) + "\n"
