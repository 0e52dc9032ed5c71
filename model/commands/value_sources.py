"""Where the value of a lever, a driver or a parameter that is in force comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pushpull import descriptions
from pushpull.commands.console import given
from pushpull.scenario.share_sums import keys_of

if TYPE_CHECKING:
    from pushpull.engine.language.cards import Card
    from pushpull.scenario import Scenario

SCENARIO, FIT, CORRIDOR, CARD = "scenario", "fit", "corridor", "card"


def origin(scenario: Scenario, card: Card) -> dict:
    """As fields: `value_from` (or one for each route or population where they differ), `source` and `grade` of the
    value in force, the corridor's `note`, and of a fitted number the value it was `moved_from` and what had set that
    one (`began_with`): it is what the note explains.
    """
    where = _origins(scenario, card)
    kinds = set(where.values())
    corridor = scenario.corridor
    fields: dict = {
        "value_from": kinds.pop() if len(kinds) == 1 else where,
        "source": _source(scenario, card, where),
        "grade": card.grade if CARD in where.values() else "",
        "note": corridor.notes.get(card.id, ""),
    }
    if FIT in where.values():
        from pushpull.scenario.fitted_numbers import own_values

        own = own_values(corridor, scenario.catalogue, [card.id])[card.id]
        fields["moved_from"] = own[None] if None in own else own
        fields["began_with"] = CORRIDOR if card.id in corridor.own_parameters else CARD
    return fields


def in_force(scenario: Scenario, card: Card) -> dict:
    """The value in force at the policy start, as `descriptions.today_of_card` has it where a scenario sets none."""
    if card.id in scenario.parameters:
        import numpy as np

        members = scenario.corridor.members
        values = scenario.resolve_parameters((card.id,))[0].reshape([len(labels) for labels in members.values()])
        if card.over is None:
            return descriptions.spread(float(values.flat[0]), None)
        own = np.moveaxis(values, tuple(members).index(card.over), 0).reshape(len(members[card.over]), -1)[:, 0]
        return descriptions.spread(dict(zip(members[card.over], own, strict=True)), card.over)
    if card.id in scenario.context:
        return descriptions.spread(scenario.value_at(card.id, scenario.policy_start), card.over)
    return descriptions.today_of_card(scenario, card)


def _origins(scenario: Scenario, card: Card) -> dict[str | None, str]:
    """What sets the value, for each member of its index, or under None."""
    corridor = scenario.corridor
    keys = keys_of(card, corridor.members)
    given = {**scenario.policies, **scenario.context, **scenario.parameters}.get(card.id)
    own = {**corridor.policies, **corridor.context, **corridor.own_parameters}.get(card.id)
    fitted = corridor.fit is not None and card.id in corridor.fit.names

    def of(key: str | None) -> str:
        if _holds(given, key):
            return SCENARIO
        if fitted:
            return FIT
        return CORRIDOR if _holds(own, key) else CARD

    return {key: of(key) for key in keys}


def _holds(given: object, key: str | None) -> bool:
    return key in given if isinstance(given, Mapping) else given is not None


def _source(scenario: Scenario, card: Card, where: Mapping[str | None, str]) -> str:
    corridor = scenario.corridor
    file = scenario.source_path.name if scenario.source_path else scenario.title
    edited = corridor.fit is not None and card.id in corridor.fit.edited
    words = {
        SCENARIO: f"the scenario {file}",
        FIT: f"the fit of {corridor.id} to its record (calibrated.yaml)",
        CORRIDOR: f"the corridor {corridor.id} (corridor.yaml{', edited since its fit' if edited else ''})",
        CARD: card.source,
    }
    kinds = dict.fromkeys(where.values())
    if len(kinds) == 1:
        return words[next(iter(kinds))]
    parts = (f"{', '.join(str(key) for key in where if where[key] == kind)}: {words[kind]}" for kind in kinds)
    return "; ".join(parts)


def move_in_words(fields: Mapping) -> str:
    """From which value a fit moved a number, and what is noted of that value; nothing where no fit did."""
    if "moved_from" not in fields:
        return ""
    before = fields["moved_from"]
    values = set(before.values()) if isinstance(before, Mapping) else {before}
    if len(values) == 1:
        shown = given(values.pop())
    else:
        shown = ", ".join(f"{key} {given(each)}" for key, each in before.items())
    file = "corridor.yaml" if fields["began_with"] == CORRIDOR else "the card"
    return f"moved from {shown} of {file}" + (f": {fields['note']}" if fields["note"] else "")
