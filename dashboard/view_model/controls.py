"""Controls derived from the cards: what a slider shows, in which unit, and which state it stands for.

A control is told in *shown* units (percent rather than shares); `scale` is what one of the model's units is
in them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from pushpull.analysis.stated_change import MATERIAL
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.judging.idle_levers import Idle, idle_levers
from pushpull.dashboard.compute.judging.outcome_verdicts import OutcomeVerdict
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.i18n.shown_units import range_sentence, shown_unit
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.state.state import State
from pushpull.dashboard.view_model.lever_scales import scale_of
from pushpull.engine.language.cards import Card
from pushpull.files.bounded_cache import MEGABYTE, Bounded
from pushpull.scenario.corridor import Origin, Route
from pushpull.scenario.schedules import Pulse, Ramp, Step, Table

STEPS = 100
_GROUPS: Bounded[list[dict]] = Bounded("groups of controls", 4 * MEGABYTE, lambda held: len(repr(held)))
PANELS = ("levers", "context")


def words(language: Language, panel: str, state: State) -> dict:
    """The fixed texts of the panel of levers or of the context."""
    shared = {
        **language.section("levers"),
        "schedule": language.section("schedule"),
        "pair": language.say("pair"),
        "signs": language.signs,
        "panel": panel,
    }
    if panel == "context":
        own = language.texts("context")
        years = {"policy_start": own["policy_start"], "end": own["end"]}
        return shared | {"title": own["title"], "hint": own["hint"], "open": False, "years": years}
    start = language.numbers.year(state.scenario.policy_start)
    hint = f"{language.say('levers.hint', start=start)} {language.say('lever_scale.relative')}"
    return shared | {"hint": hint, "open": True, "scale": language.texts("lever_scale")}


def shown(language: Language, panel: str, state: State, turn: int) -> dict:
    """The settings of every lever, or of the context, and the years between which all that is typed must lie."""
    cards = catalogue().context if panel == "context" else catalogue().levers
    years = {name: getattr(state.scenario, name) for name in ("start", "policy_start", "end")}
    return {"turn": turn, "settings": settings(language, state, cards), "years": years}


def idle(language: Language, state: State, runs: Runs, verdicts: Mapping[str, OutcomeVerdict]) -> dict[str, str]:
    """For each lever that was moved and moves little one sentence on why."""
    return {name: idle_sentence(language, each) for name, each in idle_levers(state, runs, verdicts).items()}


def idle_sentence(language: Language, idle: Idle) -> str:
    """Why a lever moves little."""
    numbers = language.numbers
    values = {
        name: numbers.full(value, unit) if unit == "year" else numbers.amount(value, unit)
        for name, (value, unit) in idle.numbers.items()
    }
    if idle.outcome:
        values |= {"outcome": language.inside(language.title(idle.outcome)), "change": numbers.percent(idle.ratio)}
    values |= {"year": numbers.year(idle.year), "material": numbers.share(MATERIAL)}
    return language.say(f"lever_scale.idle.{idle.key}", **values)


def lever_groups(language: Language, state: State) -> list[dict]:
    """The groups of levers, and what each control shows whatever its value."""
    return _groups(language, state, catalogue().levers, "levers.groups")


def context_groups(language: Language, state: State) -> list[dict]:
    """The same for the context."""
    return _groups(language, state, catalogue().context, "context.groups")


def settings(language: Language, state: State, cards: Mapping[str, Card]) -> dict[str, dict]:
    """For each control its value (a list, one a route), whether it is changed, its schedule and a note on it."""
    found = {}
    for name in cards:
        value = state.value(name)
        found[name] = {
            "values": list(value.values()) if isinstance(value, Mapping) else [value],
            "changed": state.is_changed(name),
            "note": schedule_note(language, state, name),
            "form": schedule_fields(state, name),
        }
    return found


def schedule_note(language: Language, state: State, name: str) -> str:
    """One phrase on a schedule that is no constant."""
    say, year = language.say, language.numbers.year
    match state.schedule(name):
        case Ramp() as form:
            return say("schedule.ramp_note", start=year(form.start), end=year(form.end))
        case Pulse() as form:
            return say("schedule.pulse_note", start=year(form.start), end=year(form.end))
        case Step() as form:
            return say("schedule.step_note", start=year(form.year))
        case Table():
            return say("schedule.table_note")
    return ""


def schedule_fields(state: State, name: str) -> dict:
    """What a schedule editor shows: the kind, its years, and for a table its points in the model's units."""
    today = state.today[name]
    today = next(iter(today.values())) if isinstance(today, Mapping) else today
    match state.schedule(name):
        case Ramp() | Pulse() as form:
            kind = "ramp" if isinstance(form, Ramp) else "pulse"
            return {"kind": kind, "start": form.start, "end": form.end, "value": form.value.resolved(today)}
        case Step() as form:
            return {"kind": "step", "start": form.year, "value": form.value.resolved(today)}
        case Table() as form:
            points = zip(form.years, (each.resolved(today) for each in form.values), strict=True)
            return {"kind": "table", "points": [list(point) for point in points]}
    return {"kind": "constant"}


def _groups(language: Language, state: State, cards: Mapping[str, Card], section: str) -> list[dict]:
    key = (language.tag, section, state.base.digest, state.scenario.baseline().digest)
    return _GROUPS.get_or_make(key, lambda: _make_groups(language, state, cards, section))


def _make_groups(language: Language, state: State, cards: Mapping[str, Card], section: str) -> list[dict]:
    titles = {group: language.texts(f"{section}.{group}") for group in language.section(section)}
    groups = dict.fromkeys((*titles, *(card.group for card in cards.values())))
    return [
        {
            "id": group,
            "title": titles.get(group, {}).get("title", group.capitalize()),
            "hint": titles.get(group, {}).get("hint", ""),
            "controls": [control(language, state, card) for card in cards.values() if card.group == group],
        }
        for group in groups
    ]


def control(language: Language, state: State, card: Card) -> dict:
    """All that a slider shows of a card, beside its value."""
    scale, unit = shown_unit(language, card)
    today = state.today[card.id]
    corridor, by_origin = state.scenario.corridor, card.over == "origin"
    members: Mapping[str, Route | Origin] = corridor.origins if by_origin else corridor.routes
    block = "origins" if by_origin else "routes"
    low, high = card.low * scale, card.high * scale
    step = nice((high - low) / STEPS)
    todays = list(today.values()) if isinstance(today, Mapping) else [today]
    return {
        "id": card.id,
        "title": language.title(card.id),
        "unit": unit,
        "unit_of_one": shown_unit(language, card, 1.0)[1],
        "low": low,
        "high": high,
        "step": step,
        "scale": scale,
        "digits": max(0, -math.floor(math.log10(step))) + 1,
        "today": todays,
        "routes": [
            {"id": each.id, "title": language.of(block, each.id, each.title)}
            for each in (members.values() if isinstance(today, Mapping) else ())
        ],
        "together": language.say("levers.all_origins" if by_origin else "levers.all_routes"),
        "one": language.say("levers.one_origin" if by_origin else "levers.one_route"),
        "differs": language.say("levers.differs_by_origin" if by_origin else "levers.differs"),
        "meaning": language.meaning(card.id),
        "range": range_sentence(language, card),
        "cost": language.fact(card.id, "cost"),
        "rights": language.fact(card.id, "rights"),
        **(scale_of(language, state, card) if card.id in catalogue().levers else {}),
    }


def nice(step: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is no larger than a step."""
    power = 10.0 ** math.floor(math.log10(step) + 1e-9)
    factor = max(each for each in (1, 2, 5) if each * power <= step * (1 + 1e-9))
    return float(f"{factor * power:.6g}")
