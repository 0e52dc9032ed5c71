"""Fields for up to three targets: an outcome, at most or at least, a value, a year."""

from __future__ import annotations

import json

from markupsafe import Markup

from pushpull.analysis.targets import Target
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.indicators import at, shown_years
from pushpull.dashboard.compute.runs import cached_run
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.target_slots import AT_LEAST, AT_MOST, LONGEST, TargetSlot, slots_of
from pushpull.dashboard.state.view import PEOPLE, outcomes_for_cards
from pushpull.wording.markup import element
from pushpull.wording.numbers import is_share


def fields(language: Language, state: State) -> Markup:
    """The fields of each target; the next is there once the one before names an outcome."""
    slots = slots_of(state.view.targets)
    there = sum(1 for slot in slots if slot is not None)
    shown = [place for place, slot in enumerate(slots) if slot is not None or place <= there]
    rows = [_row(language, state, place, slots[place]) for place in shown]
    say = language.say
    return element(
        "fieldset",
        element("legend", say("targets.title")),
        element("p", say("targets.hint"), class_="hint"),
        rows,
        class_="targets",
    )


def _row(language: Language, state: State, place: int, slot: TargetSlot | None) -> Markup:
    say, number = language.say, place + 1
    names = [*PEOPLE, *(name for name in outcomes_for_cards() if name not in PEOPLE)]
    outcomes = [("", say("targets.none")), *((name, language.title(name)) for name in names)]
    outcome = _select(say("targets.outcome", number=number), place, "outcome", outcomes, slot.outcome if slot else "")
    if slot is None:
        return element("div", outcome, class_="tools", data_key=f"target-{place}")
    card = catalogue().outcomes[slot.outcome]
    sides = [(side, say(f"targets.{word}")) for side, word in ((AT_MOST, "at_most"), (AT_LEAST, "at_least"))]
    today = at(
        cached_run(state.scenario.baseline()), cached_run(state.scenario.baseline()).total(slot.outcome)[0], slot.year
    )
    unit = "%" if is_share(card.unit) else language.numbers.unit(card.unit)
    scale = 100.0 if is_share(card.unit) else 1.0
    value = element(
        "input", type="text", inputmode="decimal", id=f"target-value-{place}", maxlength=LONGEST, autocomplete="off",
        value="" if slot.value is None else f"{scale * slot.value:.12g}", data_choose="target_value",
        data_with=json.dumps({"target": place}), aria_label=say("targets.value", number=number, unit=unit),
        placeholder=f"{scale * today:.3g}", size="10",
    )  # fmt: skip
    years = [(year, year) for year in shown_years(state.scenario)]
    when = _select(say("targets.year", number=number), place, "year", years, f"{slot.year:g}")
    beside = say("targets.today", value=language.numbers.full(today, card.unit))
    return element(
        "div",
        outcome,
        _select(say("targets.side", number=number), place, "side", sides, slot.side),
        value,
        element("span", unit, class_="unit"),
        element("span", say("targets.in"), aria_hidden="true"),
        when,
        element("small", beside, class_="hint"),
        class_="tools", data_key=f"target-{place}",
    )  # fmt: skip


def _select(label: str, place: int, part: str, entries: list[tuple[str, str]], chosen: str) -> Markup:
    options = [element("option", title, value=name, selected=name == chosen) for name, title in entries]
    return element(
        "select", options, id=f"target-{part}-{place}", aria_label=label, data_choose=f"target_{part}",
        data_with=json.dumps({"target": place}),
    )  # fmt: skip


def written(language: Language, target: Target) -> str:
    """A target in words."""
    unit = catalogue().outcomes[target.outcome].unit
    return language.say(
        f"targets.{'least' if target.above else 'most'}_told",
        outcome=language.title(target.outcome),
        value=language.numbers.full(target.value, unit),
        year=language.numbers.year(target.year),
    )
