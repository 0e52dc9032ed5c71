"""The JSON schema of scenario files and policy packages, so that editors complete and check as one types."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from pushpull.catalogue import Catalogue
from pushpull.engine.language.cards import Card
from pushpull.engine.stepping.methods import METHODS, SAVE_EVERY
from pushpull.files.reader import EARLIEST, LATEST
from pushpull.scenario.draft import MOST_MEMBERS, MOST_STEPS
from pushpull.scenario.interpreter import BUSIEST, FORM_WORDS, POPULATIONS, in_range
from pushpull.scenario.migrations import SCHEMA_VERSION
from pushpull.scenario.schedules import MEANINGS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
HORIZON = {
    "start": "The first year that is reported",
    "end": "The last year",
    "policy_start": "The year from which policies may act",
}


def scenario_schema(catalogue: Catalogue) -> dict:
    """The schema of everything a scenario or a policy package may say, with ids, ranges and meanings."""
    definitions: dict[str, dict] = {"year": {"type": "number", "minimum": EARLIEST, "maximum": LATEST}}
    for cards in (catalogue.levers, catalogue.context):
        for card in cards.values():
            definitions |= _schedule_definitions(card)
    return {
        "$schema": DIALECT,
        "title": "Pushpull scenario or policy package",
        "type": "object",
        "properties": _properties(catalogue),
        "required": ["schema_version"],
        "additionalProperties": False,
        "if": {"required": ["kind"]},
        "then": {
            "description": "A policy package: it sets policies only and applies to any corridor.",
            "required": ["title", "policies"],
            "propertyNames": {"enum": ["schema_version", "kind", "title", "question", "policies"]},
        },
        "else": {"oneOf": [{"required": ["corridor", "title"]}, {"required": ["extends"]}]},
        "$defs": definitions,
    }


def _properties(catalogue: Catalogue) -> dict:
    parameters = {name: _parameter(card) for name, card in catalogue.parameters.items()}
    formulas = {
        name: {"enum": list(names), "default": names[0], "description": f"Rival formulas for {name}."}
        for name, names in catalogue.formulas.items()
    }
    year = {"$ref": "#/$defs/year"}
    return {
        "schema_version": {"const": SCHEMA_VERSION},
        "kind": {"const": "policy", "description": "Marks a policy package."},
        "title": {"type": "string", "minLength": 1, "maxLength": 200},
        "question": {"type": "string", "minLength": 1, "maxLength": 5000, "description": "In plain words."},
        "corridor": {"type": "string", "description": "The id of a corridor."},
        "extends": {
            "type": "string",
            "description": "A scenario file of this folder, or a shipped scenario.",
        },
        "horizon": object_of({name: {**year, "description": meaning} for name, meaning in HORIZON.items()}),
        "policies": object_of(_settings(catalogue.levers), "What policy moves, from the policy start on."),
        "context": object_of(_settings(catalogue.context), "What policy does not move, from the policy start on."),
        "parameters": object_of(parameters, "How the world responds, for the whole run."),
        "formulas": object_of(formulas, "Which of several rival formulas holds."),
        "loops_off": {
            "type": "array",
            "items": {"enum": list(catalogue.loops)} if catalogue.loops else False,
            "description": "Feedback loops frozen at the policy start.",
        },
        "ensemble": object_of(
            {
                "members": {"type": "integer", "minimum": 1, "maximum": MOST_MEMBERS},
                "seed": {"type": "integer", "minimum": 0, "maximum": 2**53},
            }
        ),
        "integration": object_of(
            {
                "method": {"enum": list(METHODS)},
                "steps_per_year": {"type": "integer", "minimum": 1, "maximum": MOST_STEPS},
                "save_every": {"enum": list(SAVE_EVERY), "description": "How often a result holds a state."},
            }
        ),
    }


def object_of(properties: Mapping[str, object], description: str = "", required: Iterable[str] = ()) -> dict:
    """The schema of a mapping with these entries and no others."""
    schema = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    if required:
        schema["required"] = list(required)
    if description:
        schema["description"] = description
    return schema


def _settings(cards: Mapping) -> dict:
    return {name: {"$ref": f"#/$defs/{name}", "description": _hover(card)} for name, card in cards.items()}


def _hover(card: Card) -> str:
    """What an editor shows: meaning, unit and range."""
    meaning = " ".join(str(card.meaning).split())
    return f"{card.title}. {meaning} Unit: {card.unit}. Range: {in_range(card)}."


def _number(card: Card) -> dict:
    return {"type": "number", "minimum": card.low, "maximum": card.high}


def _amount(card: Card) -> dict:
    """A number, a multiple of today's value, or a number that names its unit."""
    times = object_of({"times_today": {"type": "number", "minimum": 0}}, MEANINGS["times_today"], ["times_today"])
    with_unit = object_of({"value": _number(card), "unit": {"const": card.unit}}, required=["value"])
    return {"anyOf": [_number(card), times, with_unit]}


def _schedule_definitions(card: Card) -> dict:
    """The definitions of one lever or context driver: amount, form and, where routed, either per route."""
    year, amount = {"$ref": "#/$defs/year"}, {"$ref": f"#/$defs/{card.id}.amount"}
    keys = ["from", "to", "value"]
    ramp, pulse = (
        object_of({"from": year, "to": year, "value": amount}, MEANINGS[word], keys) for word in ("ramp", "pulse")
    )
    step = object_of({"year": year, "value": amount}, MEANINGS["step"], ["year", "value"])
    table = {
        "type": "object",
        "description": MEANINGS["table"],
        "patternProperties": {r"^[0-9]{4}(\.[0-9]*)?$": amount},
        "additionalProperties": False,
        "minProperties": 1,
    }
    schedules = {"step": step, "ramp": ramp, "pulse": pulse, "table": table}
    forms = [object_of({word: body}, required=[word]) for word, body in schedules.items()]
    form = {"anyOf": [amount, *forms]}
    if card.over not in ("route", "origin"):
        return {f"{card.id}.amount": _amount(card), card.id: form}
    routed = {
        "type": "object",
        "description": f"One setting for each {card.over} named"
        + (f"; {BUSIEST} means the corridor's busiest." if card.over == "route" else "."),
        "propertyNames": {"not": {"enum": list(FORM_WORDS)}},
        "additionalProperties": {"$ref": f"#/$defs/{card.id}.form"},
        "minProperties": 1,
    }
    either = {"anyOf": [{"$ref": f"#/$defs/{card.id}.form"}, routed]}
    return {f"{card.id}.amount": _amount(card), f"{card.id}.form": form, card.id: either}


def _parameter(card: Card) -> dict:
    schema = _amount(card)
    if card.over in ("route", "origin"):
        keys = {"propertyNames": {"not": {"enum": list(FORM_WORDS)}}, "additionalProperties": _amount(card)}
        schema["anyOf"].append({"type": "object", "minProperties": 1, **keys})
    elif card.over == "population":
        keyed = object_of({name: _amount(card) for name in POPULATIONS})
        schema["anyOf"].append({**keyed, "minProperties": 1})
    return {**schema, "description": _hover(card)}


def schema_text(catalogue: Catalogue) -> str:
    """The schema as the text of a JSON file."""
    return json.dumps(scenario_schema(catalogue), indent=1, ensure_ascii=False) + "\n"
