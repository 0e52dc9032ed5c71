"""Controls derived from the cards: what a slider shows, in which unit, and which state it stands for.

A control is told in *shown* units (percent rather than shares); `scale` is what one of the model's units is
in them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from dashboard import formatting, text
from dashboard.state import State
from model.catalogue import catalogue
from model.engine.cards import Card
from model.scenario.schedules import Pulse, Ramp, Step, Table

STEPS = 100


def lever_groups(state: State) -> list[dict]:
    """The groups of levers, and what each control shows whatever its value."""
    return _groups(state, catalogue().levers, text.GROUPS)


def context_groups(state: State) -> list[dict]:
    """The same for the context."""
    return _groups(state, catalogue().context, text.CONTEXT_GROUPS)


def settings(state: State, cards: Mapping[str, Card]) -> dict[str, dict]:
    """For each control its value (a list, one a route), whether it is changed, and a note on its schedule."""
    found = {}
    for name in cards:
        value = state.value(name)
        found[name] = {
            "values": list(value.values()) if isinstance(value, Mapping) else [value],
            "changed": state.is_changed(name),
            "note": schedule_note(state, name),
        }
    return found


def schedule_note(state: State, name: str) -> str:
    """One phrase on a schedule that is no constant."""
    match state.schedule(name):
        case Ramp() as form:
            return text.RAMP_NOTE.format(formatting.year(form.start), formatting.year(form.end))
        case Pulse() as form:
            return text.PULSE_NOTE.format(formatting.year(form.start), formatting.year(form.end))
        case Step() as form:
            return text.STEP_NOTE.format(formatting.year(form.year))
        case Table():
            return text.TABLE_NOTE
    return ""


def _groups(state: State, cards: Mapping[str, Card], titles: Mapping[str, tuple[str, str]]) -> list[dict]:
    groups = dict.fromkeys((*titles, *(card.group for card in cards.values())))
    return [
        {
            "id": group,
            "title": titles.get(group, (group.capitalize(), ""))[0],
            "hint": titles.get(group, ("", ""))[1],
            "controls": [control(state, card) for card in cards.values() if card.group == group],
        }
        for group in groups
    ]


def control(state: State, card: Card) -> dict:
    """All that a slider shows of a card, beside its value."""
    scale, unit = shown_unit(card)
    today = state.today[card.id]
    routes = state.scenario.corridor.routes if isinstance(today, Mapping) else {}
    low, high = card.low * scale, card.high * scale
    step = nice((high - low) / STEPS)
    todays = list(today.values()) if isinstance(today, Mapping) else [today]
    return {
        "id": card.id,
        "title": card.title,
        "unit": unit,
        "low": low,
        "high": high,
        "step": step,
        "scale": scale,
        "digits": max(0, -math.floor(math.log10(step))) + 1,
        "today": todays,
        "routes": [{"id": route.id, "title": route.title} for route in routes.values()],
        "meaning": card.meaning,
        "range": f"{formatting.number(low)} to {formatting.number(high)} {unit}. {card.range_reason}".strip(),
        "cost": card.cost,
        "rights": card.rights,
    }


def shown_unit(card: Card) -> tuple[float, str]:
    """The scale and the words of the unit a control shows."""
    if card.id in text.UNITS_OF:
        return 1.0, text.UNITS_OF[card.id]
    if card.unit in ("1", "1/year") and max(abs(card.low), abs(card.high)) <= 1:
        return 100.0, "%" if card.unit == "1" else "% a year"
    return 1.0, formatting.unit_words(card.unit) if card.unit != "1" else ""


def nice(step: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is no larger than a step."""
    power = 10.0 ** math.floor(math.log10(step) + 1e-9)
    factor = max(each for each in (1, 2, 5) if each * power <= step * (1 + 1e-9))
    return float(f"{factor * power:.6g}")
