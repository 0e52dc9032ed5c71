"""The brief of an evidence pack: a page or two to print, from the template beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup

from pushpull.analysis import Paired
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute import indicators
from pushpull.dashboard.compute.advisories import advisories_of
from pushpull.dashboard.compute.lever_effects import cached_effects
from pushpull.dashboard.compute.outcome_verdicts import OutcomeVerdict, verdicts
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.i18n.shown_units import in_words, shown_unit
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages import overview_page
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import PEOPLE, outcomes_for_cards
from pushpull.dashboard.view_model.controls import schedule_note
from pushpull.preparation import model_digest, versions
from pushpull.wording import palette
from pushpull.wording.numbers import GAP
from pushpull.wording.templates import render

TIMES = f"\u00d7{GAP}"  # stands before a number that multiplies the value of today


def brief(language: Language, state: State, runs: Runs, ensemble: Paired | None, drawings: Mapping[str, str]) -> str:
    """What was set, what it does, to whom and how sure that is, as one HTML page; `drawings` are SVG, by outcome."""
    say, scenario = language.say, state.scenario
    found = verdicts(indicators.changes(runs.yours, runs.baseline, state.year), ensemble, state.year, state.view.valued)
    made_with = {"model_hash": model_digest(), "scenario_hash": scenario.digest, "versions": versions()}
    advisories = advisories_of(state, found, runs, cached_effects(scenario))
    return render(
        Path(__file__).parent,
        "brief.html.j2",
        code=language.code,
        say=say,
        colours=palette.variables(palette.LIGHT),
        title=scenario.title,
        corridor=language.of("corridors", state.opened, scenario.corridor.title),
        question=scenario.question,
        illustrative=scenario.corridor.illustrative,
        moved=overview_page.moved(language, state),
        verdict=overview_page.verdict_sentence(language, state, found),
        certainty=overview_page.certainty(language, state, found),
        advisories=[overview_page.advisory_in_words(language, each) for each in advisories],
        year=language.numbers.year(state.year),
        outcomes=_outcomes(language, state, found),
        charts=[(language.title(name), Markup(drawings[name])) for name in (*PEOPLE, *state.view.chosen)],
        settings=_settings(language, state),
        made_with=[(say(f"evidence.{word}"), value) for word, value in made_with.items()],
    )


def _outcomes(language: Language, state: State, verdicts: Mapping[str, OutcomeVerdict]) -> list[list[str]]:
    """A row for each outcome, harm to people first: title, value, difference with its verdict, range and chance."""
    names = (*PEOPLE, *(each for each in outcomes_for_cards() if each not in PEOPLE))
    cards = [overview_page.card(language, state, verdicts[name]) for name in names]
    return [
        [
            card["title"],
            f"{card['value']} {card['unit']}",
            f"{card['difference']} \u00b7 {card['verdict']}" if card["verdict"] else card["difference"],
            card["range"],
            card["chance"],
        ]
        for card in cards
    ]


def _settings(language: Language, state: State) -> list[list[str]]:
    """All that differs from the corridor as it stands: levers, context, parameters, rival formulas, loops off."""
    say, scenario = language.say, state.scenario
    rows = [[language.title(name), _setting(language, state, name)] for name in (*scenario.policies, *scenario.context)]
    for name, given in scenario.parameters.items():
        amounts = given.values() if isinstance(given, Mapping) else [given]
        words = (f"{TIMES if each.times_today else ''}{language.numbers.number(each.value)}" for each in amounts)
        rows.append([language.title(name), " / ".join(words)])
    titles, formulas = language.texts("assumptions.settings"), language.texts("assumptions.formulas")
    rows += [[titles.get(name, name), formulas.get(rival, rival)] for name, rival in scenario.formulas.items()]
    return [*rows, *([say("why.loop_off", loop=language.loop_title(name)), "\u2013"] for name in scenario.loops_off)]


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
