"""Scenario files and policy packages of earlier versions: read as this version would write them, and told.

A version ends when a file of it would be refused, or would mean something else. Corridors have versions of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from .faults import Fault
from .reading import Node

SCHEMA_VERSION = 2
_KEY = "schema_version"

# Parameters of version 1 that the model no longer has, each with what stands in its place.
_GONE = {
    "attempts_per_agent": "patrols search at random, and most of what they find does not depend on how many come",
    "sharing_ceiling": "how far effort follows the traffic is part of international_cooperation",
    "weakness_sharpness": "how sharply the least strict route counts is part of its equation",
    "initial_mobilised_share": "initial_plans_made is its successor and counts plans otherwise",
    "generation_time": "no equation asks how long a generation lasts",
}
# Names of version 1 that mean something else now.
_OTHERWISE = {
    ("policies", "enforced_return"): "a part of it now serves the border and does not lower the number of residents; "
    "how large a part, inland_return_share says",
    ("parameters", "deportee_remigration_share"): "it is now the share without fear of being returned again; fewer "
    "come back where returns are believed",
}


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that a file of an earlier version no longer says, or says otherwise; `str` gives the line a person
    reads. `name` is the entry it is about, and empty where it is about the file as a whole."""

    file: str
    line: int | None
    what: str
    name: str = ""

    def __str__(self) -> str:
        return str(Fault(self.file, self.line, self.what))


def renewed(node: Node, shown: str) -> tuple[Node, list[Note]]:
    """The tree of a file as this version would write it, and what was changed for that.

    A file that names no earlier version is left as it is.
    """
    given = node.value.get(_KEY) if node.is_mapping else None
    step = None if given is None or type(given.value) is not int else _STEPS.get(given.value)
    if step is None:
        return node, []
    changed, notes = step(node, shown)
    if not notes:
        notes = [Note(shown, given.line, "nothing in it had to change")]
    first = Note(shown, given.line, f"the file is of version {given.value}; it was read as version {SCHEMA_VERSION}")
    version = replace(given, value=SCHEMA_VERSION)
    return replace(changed, value={**changed.value, _KEY: version}), [first, *notes]


def _from_first(node: Node, shown: str) -> tuple[Node, list[Note]]:
    """From version 1: parameters that are gone, meanings that moved, steps that were of the classical method."""
    blocks, notes = dict(node.value), []
    for block, name in _OTHERWISE:
        held = blocks.get(block)
        if held is not None and held.is_mapping and name in held.value:
            notes.append(Note(shown, held.line_of(name), f"{name}: {_OTHERWISE[block, name]}", name))
    parameters = blocks.get("parameters")
    if parameters is not None and parameters.is_mapping:
        kept = {name: child for name, child in parameters.value.items() if name not in _GONE}
        gone = [name for name in parameters.value if name in _GONE]
        notes += [Note(shown, parameters.line_of(name), f"{name} was left out: {_GONE[name]}", name) for name in gone]
        blocks["parameters"] = replace(parameters, value=kept)
    steps = blocks.get("integration")
    if steps is not None and steps.is_mapping and "steps_per_year" in steps.value and "method" not in steps.value:
        blocks["integration"] = replace(steps, value={**steps.value, "method": Node("rk4", steps.line)})
        told = "steps_per_year was of the classical method, so method: rk4 was added"
        notes.append(Note(shown, steps.line, told, "steps_per_year"))
    return replace(node, value=blocks), sorted(notes, key=lambda note: note.line or 0)


_STEPS: Mapping[int, Callable[[Node, str], tuple[Node, list[Note]]]] = {1: _from_first}
EARLIER = tuple(_STEPS)
