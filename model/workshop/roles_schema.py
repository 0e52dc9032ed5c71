"""The JSON schema of a file of roles, so that editors complete and check as one types."""

from __future__ import annotations

import json

from pushpull.catalogue import Catalogue
from pushpull.scenario.schema import DIALECT, object_of
from pushpull.stories.story import SHARES
from pushpull.workshop import roles_reader as limits
from pushpull.workshop.roles import OBSERVER, WAYS_TO_AIM
from pushpull.workshop.workshop_words import LANGUAGES

TEXT, TITLE = {"$ref": "#/$defs/text"}, {"$ref": "#/$defs/title"}
ROLE_NAME = {"type": "string", "pattern": "^[a-z][a-z_]*$", "not": {"const": OBSERVER}}


def roles_schema(catalogue: Catalogue) -> dict:
    """The schema of everything a file of roles may say."""
    levers = {"enum": list(catalogue.levers)}
    aim = object_of(
        {
            "outcome": {"enum": [name for name in catalogue.outcomes if name != SHARES]},
            "direction": {"enum": list(WAYS_TO_AIM)},
        },
        required=limits.AIM_KEYS,
    )
    of_a_role: dict[str, dict] = {
        "title": TITLE,
        "brief": {**TEXT, "description": "Who one is, in the voice of the role."},
        "answers_for": {**TEXT, "description": "What the role answers for: deaths, exploitation, protection."},
        "aims": {"type": "array", "items": aim, "minItems": 1, "maxItems": limits.MOST_AIMS},
        "levers": {
            "type": "array",
            "items": levers,
            "minItems": 1,
            "maxItems": limits.MOST_LEVERS,
            "uniqueItems": True,
        },
        "budget_share": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "description": "What it may spend a year beyond today, as a share of what today's policy costs a year.",
        },
        "words_only": {**TEXT, "description": "Why the role moves no lever and answers in words."},
    }
    role = object_of({key: of_a_role[key] for key in limits.ROLE_KEYS}, required=limits.NEEDED)
    ways = [
        {"required": ["levers", "budget_share"], "not": {"required": ["words_only"]}},
        {"required": ["words_only"], "not": {"anyOf": [{"required": [key]} for key in ("levers", "budget_share")]}},
    ]
    merge = object_of({"role": ROLE_NAME, "with": ROLE_NAME}, required=limits.MERGE_KEYS)
    seating = object_of(
        {
            "presenter": {"type": "array", "items": ROLE_NAME},
            "merges": {"type": "array", "items": merge, "minItems": 1},
        },
        "What becomes of roles where there are fewer seats than roles, in this order.",
        limits.SEATING_KEYS,
    )
    properties = {
        "schema_version": {"const": limits.SCHEMA_VERSION},
        "title": TITLE,
        "budget_note": {**TEXT, "description": "What is assumed of budgets."},
        "observer": object_of({key: of_a_role[key] for key in limits.OBSERVER_KEYS}, required=limits.OBSERVER_KEYS),
        "seating": seating,
        "left_out": {
            "type": "object",
            "propertyNames": levers,
            "additionalProperties": TEXT,
            "description": "Levers that no role moves, each with the reason.",
        },
        "roles": {
            "type": "object",
            "propertyNames": ROLE_NAME,
            "additionalProperties": {**role, "oneOf": ways},
            "minProperties": limits.FEWEST_SEATS,
            "maxProperties": limits.MOST_ROLES,
        },
    }
    return {
        "$schema": DIALECT,
        "title": "Roles of a Pushpull workshop",
        **object_of({key: properties[key] for key in limits.KEYS}, required=limits.KEYS),
        "$defs": {"title": _both(limits.LONGEST_TITLE), "text": _both(limits.LONGEST_TEXT)},
    }


def _both(longest: int) -> dict:
    text = {"type": "string", "minLength": 1, "maxLength": longest}
    return object_of(dict.fromkeys(LANGUAGES, text), required=LANGUAGES)


def roles_schema_text(catalogue: Catalogue) -> str:
    """The schema as the text of a JSON file."""
    return json.dumps(roles_schema(catalogue), indent=1, ensure_ascii=False) + "\n"
