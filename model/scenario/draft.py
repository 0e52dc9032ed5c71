"""A scenario in the making: what its files, packages and changes say, laid over each other block by block."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pushpull.catalogue import Catalogue
from pushpull.catalogue import catalogue as shipped_catalogue
from pushpull.engine.stepping.methods import METHODS, SAVE_EVERY
from pushpull.files.suggestions import proposed
from pushpull.files.tree import Node
from pushpull.scenario.corridor import Corridor
from pushpull.scenario.interpreter import POPULATIONS, Constants, Interpreter, Setting
from pushpull.scenario.migrations import Note
from pushpull.scenario.schedules import NOWHERE, Where
from pushpull.wording.phrases import Phrase

ENSEMBLE = ("members", "seed")
INTEGRATION = ("method", "steps_per_year", "save_every")
LONGEST_TITLE, LONGEST_QUESTION = 200, 5000
MOST_MEMBERS = 100_000
MOST_STEPS = 1024


@dataclass
class Draft:
    """What is known of a scenario while its files are laid over each other; `draft_checks.checked` makes it whole.

    `given_catalogue` is that of a caller who has one of their own. `options` are settings of the ensemble and the
    integration, None where one is taken back. `classical` is what to tell where a file of version 1 most likely meant
    another method. `horizon_at` and `integration_at` are the places of the last file that says something of them.
    """

    given_catalogue: Catalogue | None = None
    title: str = ""
    question: str = ""
    corridor: Corridor | None = None
    horizon: dict[str, float] = field(default_factory=dict)
    policies: dict[str, Setting] = field(default_factory=dict)
    context: dict[str, Setting] = field(default_factory=dict)
    parameters: dict[str, Constants] = field(default_factory=dict)
    formulas: dict[str, str] = field(default_factory=dict)
    loops_off: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    source_path: Path | None = None
    classical: Note | None = None
    horizon_at: Where = NOWHERE
    integration_at: Where = NOWHERE

    @property
    def catalogue(self) -> Catalogue:
        """The cards, formulas and loops that the scenario is checked against."""
        return self.given_catalogue or shipped_catalogue()


def lay(draft: Draft, entries: Mapping[str, Node], reader: Interpreter) -> None:
    """Lay the blocks of a file, a policy package or a change over what is known; faults go to the reader."""
    if draft.corridor is not None:
        reader.routes, reader.busiest = tuple(draft.corridor.routes), draft.corridor.busiest
        reader.origins = tuple(draft.corridor.origins)
    for key, longest in (("title", LONGEST_TITLE), ("question", LONGEST_QUESTION)):
        if key in entries:
            text = reader.text(entries[key], key, longest)
            setattr(draft, key, text if text is not None else getattr(draft, key))
    if "horizon" in entries:
        draft.horizon |= reader.horizon(entries["horizon"])
        draft.horizon_at = reader.where(entries["horizon"])
    for block in ("policies", "context"):
        if block in entries:
            _merge(getattr(draft, block), reader.settings(entries[block], block), reader)
    if "parameters" in entries:
        _merge(draft.parameters, reader.constants(entries["parameters"]), reader)
    if "formulas" in entries:
        draft.formulas |= _formulas(reader, entries["formulas"])
    if "loops_off" in entries:
        draft.loops_off = _loops(reader, entries["loops_off"])
    if "ensemble" in entries:
        given = reader.mapping(entries["ensemble"], "ensemble", ENSEMBLE)
        if "members" in given:
            draft.options["members"] = reader.whole(given["members"], "members", 1, MOST_MEMBERS)
        if "seed" in given:
            draft.options["seed"] = reader.whole(given["seed"], "seed", 0, 2**53)
    if "integration" in entries:
        given = reader.mapping(entries["integration"], "integration", INTEGRATION)
        if "method" in given:
            draft.options["method"] = reader.choice(given["method"], "method", METHODS)
        if "steps_per_year" in given:
            steps = reader.whole(given["steps_per_year"], "steps_per_year", 1, MOST_STEPS)
            draft.options["steps_per_year"] = steps
        if "save_every" in given:
            draft.options["save_every"] = reader.choice(given["save_every"], "save_every", tuple(SAVE_EVERY))
        draft.integration_at = reader.where(entries["integration"])


def _merge(below: dict, above: Mapping, reader: Interpreter) -> None:
    """Lay settings over settings, route by route and origin by origin; what is the same for all is one schedule
    again."""
    for name, given in above.items():
        if not isinstance(given, dict):
            below[name] = given
            continue
        held = below.get(name)
        catalogue = reader.catalogue
        over = {**catalogue.levers, **catalogue.context, **catalogue.parameters}[name].over
        members = {"population": POPULATIONS, "origin": reader.origins, "route": reader.routes}
        keys = members[over or "route"] or tuple(given)
        before = held if isinstance(held, dict) else {} if held is None else dict.fromkeys(keys, held)
        whole = {**before, **given}
        ordered = {key: whole[key] for key in keys if key in whole}
        schedules = list(ordered.values())
        alike = len(ordered) == len(keys) and all(schedule == schedules[0] for schedule in schedules)
        below[name] = schedules[0] if alike else ordered


def _formulas(reader: Interpreter, node: Node) -> dict[str, str]:
    chosen = {}
    settings = reader.catalogue.formulas
    for name, child in reader.mapping(node, "formulas", settings).items():
        formula = reader.choice(child, Phrase("the formula of {name}", name=name), settings[name])
        if formula is not None:
            chosen[name] = formula
    return chosen


def _loops(reader: Interpreter, node: Node) -> tuple[str, ...]:
    loops = reader.catalogue.loops
    if not isinstance(node.value, list):
        remedy = proposed(f"[{node.value}]") if node.value in tuple(loops) else ""
        reader.fault(
            node.line, Phrase("loops_off is {kind}", kind=node.kind()), Phrase("a list of loop ids"), remedy=remedy
        )
        return ()
    many = Phrase("one of the {count} names of `pushpull list loops`", count=len(loops))
    chosen = (reader.choice(child, Phrase("a loop to switch off"), loops, many) for child in node.value)
    return tuple(sorted({name for name in chosen if name is not None}))
