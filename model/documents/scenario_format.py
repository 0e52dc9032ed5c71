"""The reference of scenario files, as Markdown, from their schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from pushpull.catalogue import Catalogue
from pushpull.scenario import schema_text
from pushpull.scenario.schedules import MEANINGS

FORMS = {
    "number": "0.8",
    "times_today": "{times_today: 1.5}",
    "step": "{step: {year: 2030, value: 0.8}}",
    "ramp": "{ramp: {from: 2027, to: 2031, value: 0.8}}",
    "pulse": "{pulse: {from: 2028, to: 2030, value: 0.8}}",
    "table": "{table: {2027: 0.5, 2036: 0.8}}",
}
LEAD = """\
# Scenario files

A scenario is a YAML file: what is asked of a corridor. `pushpull validate FILE` tells every fault with its line, and
`pushpull export schema -o scenario.schema.json` writes the schema that this page is made from, for editors that
complete as one types.

```yaml scenario.yaml
schema_version: 4
title: More seasonal work, and courts that keep up
question: Do matched work permits and certainty of conviction work better together?
corridor: us_southwest_border
policies:
  legal_labour_slots: {ramp: {from: 2027, to: 2031, value: {times_today: 2}}}
  slot_demand_match: 0.8
context:
  conflict_intensity: {table: {2027: 27.5, 2036: 20}}
```"""


def scenario_reference(catalogue: Catalogue) -> str:
    """Every key of a scenario file, and the forms in which a lever or driver moves, as Markdown."""
    schema = json.loads(schema_text(catalogue))
    parts = [LEAD, "## Keys"]
    parts += ["\n".join(["| key | what it takes | meaning |", "|---|---|---|", *_rows(schema)])]
    parts += ["## How a lever or driver moves", _forms()]
    return "\n\n".join(parts) + "\n"


def _forms() -> str:
    rows = [f"| `{FORMS[form]}` | {meaning} |" for form, meaning in MEANINGS.items()]
    return "\n".join(["| form | what it does |", "|---|---|", *rows])


def _rows(schema: Mapping) -> Iterator[str]:
    required = schema.get("required", ())
    for key, entry in schema["properties"].items():
        must = " (required)" if key in required else ""
        yield f"| `{key}`{must} | {_takes(entry)} | {entry.get('description', '')} |"
        if key in ("horizon", "ensemble", "integration"):
            for inner, each in entry["properties"].items():
                yield f"| `{key}: {{{inner}: ...}}` | {_takes(each)} | {each.get('description', '')} |"
        elif key == "formulas":
            for inner, each in entry["properties"].items():
                yield f"| `{key}: {{{inner}: ...}}` | {_takes(each)} | `{each.get('default', '')}` if not given |"


def _takes(entry: Mapping) -> str:
    if "const" in entry:
        return f"`{entry['const']}`"
    if "enum" in entry:
        return ", ".join(f"`{each}`" for each in entry["enum"])
    if "$ref" in entry:
        return f"a {entry['$ref'].rpartition('/')[2]}"
    if entry.get("type") == "array":
        return f"a list of: {_takes(entry['items'])}"
    if entry.get("type") == "object":
        count = len(entry.get("properties", ()))
        return f"any of {count} names"
    kind = {"string": "text", "integer": "a whole number", "number": "a number"}[entry["type"]]
    ends = [entry[end] for end in ("minimum", "maximum") if end in entry]
    return f"{kind}, {ends[0]} to {ends[1]}" if len(ends) == 2 else kind
