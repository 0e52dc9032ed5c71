"""Scenario files and policy packages of earlier versions: read as this version would write them, and told.

A version ends when a file of it would be refused, or would mean something else. Corridors have versions of their own,
and of a corridor only what is read otherwise is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pushpull.engine.language.cards import Card
from pushpull.files.faults import Fault
from pushpull.files.reader import EARLIEST, LATEST
from pushpull.files.tree import Node
from pushpull.wording.phrases import ENGLISH, Phrase

SCHEMA_VERSION = 4
CLASSICAL = "rk4"
_KEY = "schema_version"
_NO_CARDS: Mapping[str, Card] = {}

# Parameters of each version that the model of the next no longer had, each with what stands in its place.
_GONE: Mapping[int, Mapping[str, str]] = {
    1: {
        "attempts_per_agent": Phrase(
            "patrols search at random, and most of what they find does not depend on how many come"
        ),
        "sharing_ceiling": Phrase("how far effort follows the traffic is part of international_cooperation"),
        "weakness_sharpness": Phrase("how sharply the least strict route counts is part of its equation"),
        "initial_mobilised_share": Phrase(
            "initial_young_people and initial_potential_labour_migrants count people instead"
        ),
        "generation_time": Phrase("no equation asks how long a generation lasts"),
    },
    2: {
        "network_strength": Phrase("network_sensitivity is its successor, and follows those who came lately"),
        "network_half_size": Phrase("reference_newcomers is its successor, and counts those who came lately"),
        "reference_growth": Phrase("openings follow homes begun and vacancies, not the growth of the economy"),
        "growth_sensitivity": Phrase("openings follow homes begun and vacancies, not the growth of the economy"),
        "initial_plans_made": Phrase("nothing refills for ever: initial_young_people counts those who may plan"),
        "mobile_share": Phrase("any young person may plan, and wish_formation_rate is the chance that one does"),
        "plan_renewal_time": Phrase("only a new generation renews those who may plan; youth_time is its length"),
    },
    3: {
        "office_response": Phrase("asylum offices decide what asylum_decision_capacity lets them, so that cases wait"),
    },
}
# Names of a version that mean something else since: a lever, a driver and a loop are taken as they are, a parameter is
# left to the corridor.
_OTHERWISE: Mapping[int, Mapping[str, str]] = {
    1: {
        "enforced_return": Phrase(
            "where inland_return_share is below one, a part of it now serves the border and does not "
            "lower the number of residents"
        )
    },
    2: {
        "destination_growth": Phrase("it now acts through incomes alone; openings follow homes begun and vacancies"),
        "network": Phrase("help now comes from those who came to work lately, not from all who live there"),
    },
    3: {
        "asylum_access": Phrase(
            "it is now the share let into a procedure of those whom release_share lets go at the border, "
            "and sets who presents himself there"
        ),
        "network": Phrase("help now comes from those of one's own origin"),
    },
}
_REDEFINED: Mapping[int, Mapping[str, str]] = {
    1: {
        "deportee_remigration_share": Phrase(
            "it is now the share without fear of being returned again; fewer plan to come "
            "back where returns are believed"
        )
    },
    2: {
        "wish_formation_rate": Phrase("it is now the chance of a young person, not of anybody at home"),
        "initial_people_at_home": Phrase("it no longer counts the young, who are initial_young_people"),
        "initial_potential_labour_migrants": Phrase("those who plan now grow older; it counted people of any age"),
        "departure_rate": Phrase(
            "those home from a stay now set out apart from it, and newcomers help those who leave"
        ),
        "base_flight_rate": Phrase("it is now multiplied by another network_help, one at reference_newcomers"),
    },
    3: {
        "initial_people_at_home": Phrase("each origin now has its own; say for which it is"),
        "initial_young_people": Phrase("each origin now has its own; say for which it is"),
        "initial_people_in_need": Phrase("each origin now has its own; say for which it is"),
        "wish_formation_rate": Phrase("each origin now has its own; say for which it is"),
        "departure_rate": Phrase("each origin now has its own; say for which it is"),
        "base_displacement_rate": Phrase("each origin now has its own; say for which it is"),
        "asylum_decision_capacity": Phrase(
            "it is now of asylum offices alone; courts decide on claims made at the border"
        ),
        "population_mix": Phrase(
            "those seeking protection now present themselves in part, and leave the border sooner"
        ),
    },
}


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to tell of a file that is no fault: what one of an earlier version no longer says, or says otherwise,
    and what is set and never acts. `str` gives the line a person reads. `name` is the entry it is about, and empty
    where it is about the file as a whole."""

    file: str
    line: int | None
    what: str
    name: str = ""

    def __str__(self) -> str:
        return self.in_language(ENGLISH)

    def in_language(self, language: str) -> str:
        """The line in a language, such as `fr`."""
        return Fault(self.file, self.line, self.what).in_language(language)


def renewed(node: Node, shown: str, cards: Mapping[str, Card] = _NO_CARDS) -> tuple[Node, list[Note]]:
    """The tree of a file as this version would write it, and what was changed for that.

    `cards` are those of the parameters, whose ranges have moved since. A file that names no earlier version is left as
    it is.
    """
    given = node.value.get(_KEY) if node.is_mapping else None
    if given is None or type(given.value) is not int or given.value not in EARLIER:
        return node, []
    changed, notes = _since(given.value, node, shown, cards)
    if not notes:
        notes = [Note(shown, given.line, Phrase("nothing in the file had to change"))]
    first = Note(
        shown,
        given.line,
        Phrase(
            "the file is of version {value}; it was read as version {schema_version}",
            value=given.value,
            schema_version=SCHEMA_VERSION,
        ),
    )
    version = replace(given, value=SCHEMA_VERSION)
    return replace(changed, value={**changed.value, _KEY: version}), [first, *notes]


def _since(version: int, node: Node, shown: str, cards: Mapping[str, Card]) -> tuple[Node, list[Note]]:
    """From a version on: parameters that are gone or were drawn from another range, and meanings that moved."""
    gone, otherwise, redefined = (
        {
            name: why
            for each in sorted(by_version, reverse=True)
            if each >= version
            for name, why in by_version[each].items()
        }
        for by_version in (_GONE, _OTHERWISE, _REDEFINED)
    )
    blocks, notes = dict(node.value), []
    parameters, loops = blocks.get("parameters"), blocks.get("loops_off")
    for block in (blocks.get("policies"), blocks.get("context")):
        if block is not None and block.is_mapping:
            for name in otherwise.keys() & block.value.keys():
                notes.append(
                    Note(
                        shown,
                        block.line_of(name),
                        Phrase("{name}: {otherwise}", name=name, otherwise=otherwise[name]),
                        name,
                    )
                )
    for item in loops.value if loops is not None and isinstance(loops.value, list) else ():
        if isinstance(item.value, str) and item.value in otherwise:
            notes.append(
                Note(
                    shown,
                    item.line,
                    Phrase("{value}: {otherwise}", value=item.value, otherwise=otherwise[item.value]),
                    item.value,
                )
            )
    if parameters is not None and parameters.is_mapping:
        left = {}
        for name, child in parameters.value.items():
            why = gone.get(name) or redefined.get(name) or _outside(child, cards.get(name))
            if why:
                notes.append(
                    Note(
                        shown, parameters.line_of(name), Phrase("{name} was left out: {why}", name=name, why=why), name
                    )
                )
            else:
                left[name] = child
        blocks["parameters"] = replace(parameters, value=left)
    return replace(node, value=blocks), sorted(notes, key=lambda note: note.line or 0)


def _outside(node: Node, card: Card | None) -> str:
    """Why a parameter of an earlier version cannot stand: a number of it lies outside today's range; else nothing."""
    inside = [node, *node.value.values()] if node.is_mapping else [node]
    amounts = [each.value for each in inside if each.is_number]
    if card is None:
        return ""
    outside = [amount for amount in amounts if not card.low <= amount <= card.high]
    return (
        Phrase(
            "{outside:g} lies outside its range of today, {low:g} to {high:g}",
            outside=outside[0],
            low=card.low,
            high=card.high,
        )
        if outside
        else ""
    )


EARLIER = tuple(range(1, SCHEMA_VERSION))


def classical(entries: Mapping[str, Node], node: Node, shown: str) -> Note | None:
    """What to tell of a file of version 1 whose steps a year name no method: most likely those of the classical one."""
    given = node.value.get(_KEY) if node.is_mapping else None
    if given is None or given.value != 1:
        return None
    held = entries.get("integration")
    if held is None or not held.is_mapping or "steps_per_year" not in held.value or "method" in held.value:
        return None
    message = Phrase(
        "steps_per_year may have been of the classical method, so method: {classical} was added", classical=CLASSICAL
    )
    return Note(shown, held.line, message, "steps_per_year")


# Corridors ------------------------------------------------------------------------------------------------------

CORRIDOR_VERSION = 2
EARLIER_CORRIDORS = (1,)


def corridor_renewed(node: Node, shown: str) -> tuple[Node, list[Note]]:
    """The tree of a corridor file as this version would write it, and what was changed for that.

    In version 1 a number from 1900 to 2200 under `divide_by:` was a year; now a year is asked for by its name.
    """
    given = node.value.get(_KEY) if node.is_mapping else None
    if given is None or type(given.value) is not int or given.value not in EARLIER_CORRIDORS:
        return node, []
    notes: list[Note] = []
    blocks = {**node.value, _KEY: replace(given, value=CORRIDOR_VERSION)}
    for word in ("policies", "context"):
        block = node.value.get(word)
        if block is not None and block.is_mapping:
            blocks[word] = replace(
                block, value={name: _years_named(child, shown, str(name), notes) for name, child in block.value.items()}
            )
    return replace(node, value=blocks), notes


def _years_named(node: Node, shown: str, name: str, notes: list[Note]) -> Node:
    """A setting with each year under `divide_by:` named as one."""
    if not node.is_mapping:
        return node
    divisor = node.value.get("divide_by")
    if divisor is not None and divisor.is_number and EARLIEST <= divisor.value <= LATEST:
        message = Phrase(
            "divide_by of {name} is the value in the year {value:g}, as version 1 had it",
            name=name,
            value=divisor.value,
        )
        way_out = Phrase("say {{value_in: {value:g}}}, or {{number: {value:g}}} for the number", value=divisor.value)
        notes.append(
            Note(
                shown,
                divisor.line or node.line_of("divide_by"),
                Phrase("{message}; {way_out}", message=message, way_out=way_out),
                name,
            )
        )
        named = Node({"value_in": divisor}, divisor.line, {"value_in": divisor.line})
        return replace(node, value={**node.value, "divide_by": named})
    if "series" in node.value:
        return node
    return replace(node, value={key: _years_named(child, shown, name, notes) for key, child in node.value.items()})
