"""What the brief says, in the words of the page: one page for those who decide, and what stands in its annex.

HTML and Word are made from the same content.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import isfinite

from pushpull.analysis import Paired
from pushpull.dashboard.compute import indicators
from pushpull.dashboard.compute.compared import Entry, options_of
from pushpull.dashboard.compute.ensembles import STAGES, ensembles_of
from pushpull.dashboard.compute.judging.advisories import advisories_of, makes_a_claim
from pushpull.dashboard.compute.judging.lever_effects import effects_of
from pushpull.dashboard.compute.judging.outcome_verdicts import SAME, OutcomeVerdict, verdicts
from pushpull.dashboard.compute.runs import Runs, outcome_run, runs_well
from pushpull.dashboard.export import brief_reasons
from pushpull.dashboard.export.brief_settings import settings_of
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages import overview_page
from pushpull.dashboard.state.packages import package_heading
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import CHOSEN, PEOPLE, outcomes_for_cards
from pushpull.dashboard.view_model.page import question
from pushpull.engine.runs.task import RunBroke
from pushpull.preparation import model_digest, versions
from pushpull.scenario import policy_names

MOST_OPTIONS = 3  # on the page; the annex holds all
OUTCOMES = 6  # on the page, beside the cost
COST = "public_cost"
BASELINE = "baseline"  # its key among those of the options
CHART = "brief_"  # before the name of an outcome: its chart of the years around the policy
LONGEST_ADDRESS = 120  # letters that the page prints; a longer one is a link there, and printed in the annex
Verdicts = Mapping[str, OutcomeVerdict]  # by outcome


@dataclass(frozen=True)
class BriefCell:
    """An outcome under an option: value, change in percent, its `tone` as that of a verdict, range of the difference
    and chance, and these two in one line."""

    value: str
    change: str
    tone: str
    range: str = ""
    chance: str = ""
    sureness: str = ""


@dataclass(frozen=True)
class BriefRow:
    """An outcome: its title and unit, what it is under today's policy, and under each option."""

    title: str
    unit: str
    baseline: str
    cells: tuple[BriefCell, ...]


@dataclass(frozen=True)
class Section:
    """A heading and sentences below it."""

    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class BriefContent:
    """The brief. `names` and `colours` are those of the options on the page, `charts` the outcomes that are drawn."""

    code: str
    title: str
    corridor: str
    question: str
    illustrative: str
    names: tuple[str, ...]
    colours: tuple[str, ...]
    others: str
    table_title: str
    table_hint: str
    rows: tuple[BriefRow, ...]
    charts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    made: str
    link: str
    address: str
    annex: tuple[Section, ...]
    all_names: tuple[str, ...]
    all_rows: tuple[BriefRow, ...]
    settings: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def brief_content(
    language: Language,
    state: State,
    runs: Runs,
    ensemble: Paired | None,
    stop: threading.Event,
    made: date,
    link: str = "",
) -> BriefContent:
    """The brief on the options of a state; `link` leads back to it on a page, where one can."""
    say, scenario = language.say, state.scenario
    options = named_options(language, state)
    on_page = options[:MOST_OPTIONS]
    simulations = simulated(options, state, ensemble, stop)
    members = {each.members for each in simulations.values()}
    found = judged(options, state, simulations)
    names = tuple(each.title for each in on_page)
    rows = tuple(row(language, name, options, found) for name in (*outcomes_of(state), COST))
    every = (*PEOPLE, *(each for each in outcomes_for_cards() if each not in PEOPLE))
    more = len(options) - len(on_page)
    mine = next((each.key for each in options if each.is_current), BASELINE)
    hint = "brief.table_hint" if members else "brief.table_hint_without"
    return BriefContent(
        code=language.tag,
        title=title_of(language, state, on_page),
        corridor=language.of("corridors", state.opened, scenario.corridor.title),
        question=asked(language, state, len(options)),
        illustrative=say("page.illustrative_meaning") if scenario.corridor.illustrative else "",
        names=names,
        colours=tuple(each.colour for each in on_page),
        others=say("brief.others", names=language.join(each.title for each in options[MOST_OPTIONS:])) if more else "",
        table_title=say("pack.outcomes", year=language.numbers.year(state.year)),
        table_hint=say(hint, members=max(members, default=0)),
        rows=tuple(BriefRow(each.title, each.unit, each.baseline, each.cells[:MOST_OPTIONS]) for each in rows),
        charts=tuple((f"{CHART}{name}", language.title(name)) for name in PEOPLE),
        sections=tuple(
            Section(title, sentences)
            for title, sentences in brief_reasons.sections(language, state, on_page, found, (*outcomes_of(state), COST))
            if sentences
        ),
        made=say("brief.made", date=date_in_words(language, made)),
        link=link,
        address=link if len(link) <= LONGEST_ADDRESS else "",
        annex=tuple(_annex(language, state, runs, found[mine], stop)),
        all_names=tuple(each.title for each in options),
        all_rows=tuple(row(language, name, options, found) for name in every),
        settings=tuple((each.title, settings_of(language, state.with_scenario(each.scenario))) for each in options),
    )  # fmt: skip


def named_options(language: Language, state: State) -> list[Entry]:
    """The options, the one that the page shows under the name it would be kept by; the baseline where there is none."""
    found = options_of(language, state)
    mine = state.title_of(language, state.scenario)
    named = [
        Entry(e.key, mine if e.key == "yours" else e.title, e.scenario, e.result, e.colour, e.is_current) for e in found
    ]
    # The one that is on the page belongs on the brief's.
    return sorted(named, key=lambda each: not each.is_current) if len(named) > MOST_OPTIONS else named


def asked(language: Language, state: State, options: int) -> str:
    """The question of the state; of several options that of the corridor, where the state's is that of one package."""
    of_package = state.scenario.question in {package_heading(name).question for name in policy_names()}
    return question(language, state.reset() if options > 1 and of_package else state)


def title_of(language: Language, state: State, options: Sequence[Entry]) -> str:
    """The options in one line; where there is none, the corridor as it stands."""
    if not options:
        return state.name or language.of("corridors", state.opened, state.scenario.corridor.title)
    return " / ".join(each.title for each in options)


def outcomes_of(state: State) -> tuple[str, ...]:
    """The six outcomes of the page: harm to people, then what was chosen for the cards; the cost stands apart."""
    wanted = dict.fromkeys((*PEOPLE, *state.view.chosen, *CHOSEN))
    return tuple(name for name in wanted if name != COST)[:OUTCOMES]


def simulated(
    options: Sequence[Entry], state: State, ensemble: Paired | None, stop: threading.Event
) -> dict[str, Paired]:
    """The simulations of each option by its key, as many as the cards take, and of the baseline of the page where no
    option shares it; of a single option, those that the page has made."""
    if len(options) == 1 and options[0].is_current and ensemble is not None and ensemble.members >= STAGES[-1]:
        return {options[0].key: ensemble}
    held = {each.key: each.scenario for each in options if runs_well(each.scenario)}
    plain = state.scenario.baseline()
    if not any(each.baseline().digest == plain.digest for each in held.values()):
        held[BASELINE] = plain
    years = tuple(map(float, indicators.shown_years(state.scenario)))
    try:
        made = list(ensembles_of(held.values(), years, stop))[-len(held) :]
    except RunBroke:
        return {}  # the table then says that it has no ranges
    return {key: found.paired for key, found in zip(held, made, strict=True)}


def judged(options: Sequence[Entry], state: State, simulations: Mapping[str, Paired]) -> dict[str, Verdicts]:
    """What the cards would say of every outcome under each option, by its key, and under the baseline of the page."""
    plain = state.scenario.baseline()
    scenarios = {BASELINE: plain, **{each.key: each.scenario for each in options}}
    # Where the baseline has no simulations of its own, an option has them that is held against it.
    beside = next((each.key for each in options if each.scenario.baseline().digest == plain.digest), BASELINE)
    found: dict[str, Verdicts] = {}
    for key, scenario in scenarios.items():
        changes = indicators.changes(outcome_run(scenario), outcome_run(scenario.baseline()), state.year)
        found[key] = verdicts(changes, simulations.get(key), state.year, state.view.valued)
    if BASELINE not in simulations:
        found[BASELINE] = {
            name: replace(found[BASELINE][name], value=each.baseline) for name, each in found[beside].items()
        }
    return found


# Cells -----------------------------------------------------------------------------------------------------------


def row(language: Language, name: str, options: Sequence[Entry], found: Mapping[str, Verdicts]) -> BriefRow:
    """An outcome of every option, each against its own baseline."""
    plain = found[BASELINE][name]
    cells = tuple(cell(language, found[each.key][name]) for each in options)
    amount = language.numbers.amount(plain.value, plain.outcome.unit)
    return BriefRow(language.title(name), language.numbers.unit_beside(plain.outcome.unit), amount, cells)


def cell(language: Language, verdict: OutcomeVerdict) -> BriefCell:
    """What a cell of the table says: the numbers and the verdict of a card."""
    say, numbers, unit = language.say, language.numbers, verdict.outcome.unit
    told = {}
    if not verdict.is_provisional and verdict.word != SAME:
        low, high = (numbers.difference(edge, unit) for edge in verdict.most)
        spread = say("brief.range", low=low, high=high)
        told = {"range": spread, "sureness": spread}
        if isfinite(verdict.chance):
            way = "higher" if verdict.leaning > 0 else "lower"
            chance = say(f"brief.chance_{way}", chance=numbers.chance(verdict.chance))
            told |= {"chance": chance, "sureness": say("brief.range_and_chance", range=spread, chance=chance)}
    relative = overview_page.relative(language, verdict)
    return BriefCell(numbers.amount(verdict.value, unit), relative, verdict.tone, **told)


def date_in_words(language: Language, day: date) -> str:
    """A date as it is written in a letter."""
    month = language.say(f"months.m{day.month}")
    return language.say("brief.first" if day.day == 1 else "brief.day", day=day.day, month=month, year=day.year)


def _annex(language: Language, state: State, runs: Runs, found: Verdicts, stop: threading.Event) -> list[Section]:
    """What the page has no room for: what to look at twice, how far to trust, what made the numbers."""
    say = language.say
    has_simulations = not any(each.is_provisional for each in found.values())
    effects = effects_of(state.scenario, stop) if has_simulations and makes_a_claim(state) else None
    advisories = [
        overview_page.advisory_in_words(language, each) for each in advisories_of(state, found, runs, effects)
    ]
    made_with = {"model_hash": model_digest(), "scenario_hash": state.scenario.digest, "versions": versions()}
    told = [
        Section(say("overview.advisories"), tuple(f"{each['what']} {each['why']}" for each in advisories)),
        Section(
            say("pack.made"),
            (
                say("pack.caution"),
                *(say("pair", name=say(f"evidence.{word}"), value=value) for word, value in made_with.items()),
            ),
        ),
    ]
    return [each for each in told if each.sentences]
