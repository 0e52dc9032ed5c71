"""All that a scenario sets, in words: levers, context, parameters, rival formulas, loops that are off."""

from __future__ import annotations

from collections.abc import Mapping

from pushpull.catalogue import catalogue
from pushpull.dashboard.i18n.shown_units import in_words, shown_unit
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.state.state import State
from pushpull.dashboard.view_model.controls import schedule_note
from pushpull.wording.numbers import DASH
from pushpull.wording.typography import GAP

TIMES = f"\u00d7{GAP}"  # stands before a number that multiplies the value of today


def settings_of(language: Language, state: State) -> tuple[tuple[str, str], ...]:
    """All that differs from the corridor as it stands: levers, context, parameters, rival formulas, loops off."""
    say, scenario = language.say, state.scenario
    rows = [(language.title(name), _setting(language, state, name)) for name in (*scenario.policies, *scenario.context)]
    for name, given in scenario.parameters.items():
        amounts = given.values() if isinstance(given, Mapping) else [given]
        words = (f"{TIMES if each.times_today else ''}{language.numbers.number(each.value)}" for each in amounts)
        rows.append((language.title(name), " / ".join(words)))
    titles, formulas = language.texts("assumptions.settings"), language.texts("assumptions.formulas")
    rows += [(titles.get(name, name), formulas.get(rival, rival)) for name, rival in scenario.formulas.items()]
    return (*rows, *((say("why.loop_off", loop=language.loop_title(name)), DASH) for name in scenario.loops_off))


def _setting(language: Language, state: State, name: str) -> str:
    """What a lever or driver is set to, gateway by gateway where they differ, with its schedule."""
    card = catalogue().model.cards[name]
    scale, unit = shown_unit(language, card)
    value, number = state.value(name), language.numbers.number
    if isinstance(value, Mapping) and len(set(value.values())) > 1:
        routes = state.scenario.corridor.routes
        named = {route: language.of("routes", route, routes[route].title) for route in value}
        words = ", ".join(f"{named[route]} {number(scale * each)}" for route, each in value.items())
        words = f"{words} {unit}".strip()
    else:
        words = in_words(language, card, scale * (next(iter(value.values())) if isinstance(value, Mapping) else value))
    return words + (f" ({note})" if (note := schedule_note(language, state, name)) else "")
