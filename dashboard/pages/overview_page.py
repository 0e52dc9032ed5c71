"""The overview: one sentence, advisories, and cards on which people come first."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pushpull.analysis import Paired
from pushpull.dashboard.compute.advisories import Advisory
from pushpull.dashboard.compute.indicators import (
    COUNTS_OF_MOVEMENT,
    HARMS,
    Change,
    harms_that_rise,
    moment,
    shown_years,
    tone,
)
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import PEOPLE, outcomes_for_cards

ARROWS = {1: "\u25b2", 0: "", -1: "\u25bc"}
FEW = 4


def headlines(
    language: Language,
    state: State,
    changes: Mapping[str, Change],
    ensemble: Paired | None,
    advisories: list[Advisory],
) -> dict:
    """The sentences, the advisories and the cards."""
    rises = bool(harms_that_rise(changes))
    choices = [(name, language.title(name)) for name in outcomes_for_cards() if name not in PEOPLE]
    rows = (("people", PEOPLE), ("chosen", state.view.chosen))
    return {
        "moved": moved(language, state),
        "verdict": verdict(language, state, changes),
        "certainty": certainty(language, state, ensemble),
        "advisories": [advisory_in_words(language, each) for each in advisories],
        "rows": [
            [
                language.say(f"overview.{row}_row"),
                [card(language, state, changes[name], ensemble, rises) for name in names],
            ]
            for row, names in rows
        ],
        "years": shown_years(state.scenario),
        "year": f"{state.year:g}",
        "focus": state.view.focus,
        "choices": [list(each) for each in choices],
        "chosen": list(state.view.chosen),
    }


def moved(language: Language, state: State) -> str:
    """Which levers the package moves, in a phrase."""
    say, names = language.say, list(state.scenario.policies)
    if not names:
        return say("overview.only_context" if state.scenario.context else "overview.nothing_moved")
    titles = [language.inside(language.title(name)) for name in names[:FEW]]
    if len(names) > FEW:
        titles.append(say("overview.and_others", count=len(names) - FEW))
    start = language.numbers.year(state.scenario.policy_start)
    return say("overview.moves_one" if len(names) == 1 else "overview.moves", levers=language.join(titles), start=start)


def verdict(language: Language, state: State, changes: Mapping[str, Change]) -> str:
    """One sentence on what the settings do: harm to people first, then numbers, then cost."""
    if not state.scenario.policies:
        return ""
    if all(each.difference == 0 for each in changes.values()):
        return language.say("overview.without_effect")
    phrases = [
        f"{language.inside(language.title(name))} {relative(language, changes[name])}"
        for name in (*HARMS, "smuggled_migrants", "irregular_residents", "public_cost")
    ]
    return language.say("overview.verdict", year=language.numbers.year(state.year), changes=language.join(phrases))


def certainty(language: Language, state: State, ensemble: Paired | None) -> str:
    """In how many simulations harm to people falls."""
    if ensemble is None or not state.scenario.policies:
        return ""
    index = moment(ensemble.time, state.year)
    chances = {name: float(ensemble.of(name).chance[index]) for name in HARMS}
    phrases = [
        f"{language.inside(language.title(name))} {language.numbers.chance(chance)}"
        for name, chance in chances.items()
        if np.isfinite(chance)
    ]
    if not phrases:
        return ""
    return language.say("overview.certainty", members=ensemble.members, chances=language.join(phrases))


def relative(language: Language, change: Change) -> str:
    """A change in percent, or as an amount where the baseline is zero."""
    if change.difference == 0:
        return language.say("overview.unchanged")
    return language.numbers.percent(change.ratio) or language.numbers.difference(change.difference, change.outcome.unit)


def card(language: Language, state: State, change: Change, ensemble: Paired | None, harm_rises: bool) -> dict:
    """What a card says, in words, and the place of its range on a line through zero."""
    say, numbers = language.say, language.numbers
    outcome, unit = change.outcome, change.outcome.unit
    if change.difference == 0:
        difference = say("overview.no_difference")
    elif not change.direction:
        difference = say("overview.hardly")
    else:
        ratio = numbers.percent(change.ratio)
        difference = numbers.difference(change.difference, unit) + (f" ({ratio})" if ratio else "")
    shade = tone(change, harm_rises) if change.direction else "same"
    judged = change.direction and outcome.better != "neither"
    return {
        "id": outcome.id,
        "title": language.title(outcome.id),
        "value": numbers.amount(change.value, unit),
        "unit": numbers.amount_words(change.value, unit),
        "difference": difference,
        "arrow": ARROWS[change.direction],
        "tone": shade,
        "verdict": say(f"overview.verdicts.{_verdict(outcome.id, shade)}") if judged else "",
        "baseline": say("overview.baseline_is", amount=numbers.amount(change.baseline, unit)),
        "meaning": language.meaning(outcome.id),
        **_uncertain(language, state, change, ensemble),
    }


def _verdict(name: str, shade: str) -> str:
    """A fall in numbers is said to be a fall, not a success."""
    return "fewer" if shade == "better" and name in COUNTS_OF_MOVEMENT else shade


def _uncertain(language: Language, state: State, change: Change, ensemble: Paired | None) -> dict:
    """The range of the difference, the chance of improvement, and where the range lies on the card's line."""
    if ensemble is None or not state.scenario.policies:
        return {"range": "", "chance": "", "interval": None}
    say, numbers, unit = language.say, language.numbers, change.outcome.unit
    pair, index = ensemble.of(change.outcome.id), moment(ensemble.time, state.year)
    low, high = (float(edge) for edge in pair.difference.most[:, index])
    chance = float(pair.chance[index])
    if not np.isfinite(chance):
        return {"range": say("overview.same_in_all"), "chance": "", "interval": None}
    key = "chance_more" if pair.direction == "neither" else "chance_better"
    if key == "chance_better" and change.outcome.id in COUNTS_OF_MOVEMENT:
        key = "chance_fewer"  # a fall in numbers is put as a fall, not as a success
    widest = max(abs(low), abs(high), abs(change.difference)) or 1.0
    return {
        "range": say("overview.range", low=numbers.difference(low, unit), high=numbers.difference(high, unit)),
        "chance": say(f"overview.{key}", chance=numbers.chance(chance), members=ensemble.members),
        "interval": [round(value / widest, 4) for value in (low, change.difference, high)],
    }


def advisory_in_words(language: Language, advisory: Advisory) -> dict:
    """An advisory in words: what, why, and what it is about."""
    about = [language.title(name) for name in (*advisory.levers, *advisory.outcomes)]
    text = language.texts(f"advisories.{advisory.key}")
    return {
        "kind": advisory.kind,
        "label": language.say(f"advisories.kinds.{advisory.kind}"),
        "what": text["what"],
        "why": text["why"],
        "about": about[:6],
    }


def summary(language: Language, change: Change, today: float, start: float, year: float) -> str:
    """One sentence that says what a chart of an outcome shows."""
    numbers, unit = language.numbers, change.outcome.unit
    key = "same" if change.difference == 0 else "differs"
    return language.say(
        f"charts.{key}",
        value=numbers.full(change.value, unit),
        year=numbers.year(year),
        relative=relative(language, change),
        baseline=numbers.amount(change.baseline, unit),
        start=numbers.year(start),
        today=numbers.amount(today, unit),
    )
