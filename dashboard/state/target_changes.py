"""The message that changes one part of one target."""

from __future__ import annotations

from collections.abc import Mapping

from pushpull.catalogue import catalogue
from pushpull.dashboard.state.messages import OtherKind
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.target_slots import PARTS, SLOTS, TargetSlot, with_part
from pushpull.dashboard.state.update import change
from pushpull.dashboard.state.view import outcomes_for_cards


def _part(said: Mapping) -> tuple[int, str, str]:
    """Which target, which part of it, and what that is to be."""
    place, part = said.get("target"), next((each for each in PARTS if f"target_{each}" in said), None)
    if part is None or isinstance(place, bool) or not isinstance(place, int) or not 0 <= place < SLOTS:
        raise OtherKind
    given = said[f"target_{part}"]
    if not isinstance(given, str) or (part == "outcome" and given and given not in outcomes_for_cards()):
        raise OtherKind
    return place, part, given


@change(_part)
def set_target(state: State, place: int, part: str, given: str) -> State:
    """Set the outcome, the side, the value or the year of a target; an empty outcome takes it away."""
    held = TargetSlot.parse(state.view.targets[place])
    name = given if part == "outcome" else held.outcome if held else ""
    card = catalogue().outcomes.get(name)
    better, unit = (card.better, card.unit) if card else ("neither", "1")
    return state.looking(targets=with_part(state.view.targets, place, part, given, better, state.year, unit))
