"""What the brief says, in the words of the page: one page for those who decide, and what stands in its annex.

HTML and Word are made from the same content.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from pushpull.analysis import Paired
from pushpull.dashboard.compute import indicators
from pushpull.dashboard.compute.advisories import advisories_of
from pushpull.dashboard.compute.compared import Entry, options_of
from pushpull.dashboard.compute.ensembles import ensembles_of
from pushpull.dashboard.compute.indicators import Change
from pushpull.dashboard.compute.option_facts import change_of
from pushpull.dashboard.compute.runs import Runs, runs_well
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
CHART = "brief_"  # before the name of an outcome: its chart of the years around the policy
LONGEST_ADDRESS = 120  # letters that the page prints; a longer one is a link there, and printed in the annex


@dataclass(frozen=True)
class Cell:
    """An outcome under an option: value, change in percent, how it is judged (`better`, `worse`, `neither`, `same`),
    range of the difference and chance."""

    value: str
    change: str
    tone: str
    range: str
    chance: str


@dataclass(frozen=True)
class BriefRow:
    """An outcome: its title and unit, what it is under today's policy, and under each option."""

    title: str
    unit: str
    baseline: str
    cells: tuple[Cell, ...]


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
    at: str = "",
) -> BriefContent:
    """The brief on the options of a state; `at` is the address of the page, where the browser told it."""
    say, scenario = language.say, state.scenario
    options = named_options(language, state)
    on_page = options[:MOST_OPTIONS]
    simulations = simulated(options, state, ensemble, stop)
    members = {each.members for each in simulations.values()}
    names = tuple(each.title for each in on_page)
    rows = tuple(row(language, state, name, options, simulations) for name in (*outcomes_of(state), COST))
    every = (*PEOPLE, *(each for each in outcomes_for_cards() if each not in PEOPLE))
    link = f"{at}?state={state.short_link}" if at and state.short_link else ""
    more = len(options) - len(on_page)
    hint = "brief.table_hint" if members else "brief.table_hint_without"
    return BriefContent(
        code=language.code,
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
            for title, sentences in brief_reasons.sections(
                language, state, on_page, simulations, (*outcomes_of(state), COST)
            )
            if sentences
        ),
        made=say("brief.made", date=date_in_words(language, made)),
        link=link,
        address=link if len(link) <= LONGEST_ADDRESS else "",
        annex=tuple(_annex(language, state, runs)),
        all_names=tuple(each.title for each in options),
        all_rows=tuple(row(language, state, name, options, simulations) for name in every),
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
    """The simulations of each option by its key: all of as many; of a single one, those that the page has made."""
    if len(options) == 1 and options[0].is_current and ensemble is not None:
        return {options[0].key: ensemble}
    held = [each for each in options if runs_well(each.scenario)]
    years = tuple(map(float, indicators.shown_years(state.scenario)))
    try:
        made = list(ensembles_of([each.scenario for each in held], years, stop))
    except RunBroke:
        return {}  # the table then says that it has no ranges
    return {entry.key: found.paired for entry, found in zip(held, made, strict=True)}


# Cells -----------------------------------------------------------------------------------------------------------


def row(
    language: Language, state: State, name: str, options: Sequence[Entry], simulations: Mapping[str, Paired]
) -> BriefRow:
    """An outcome of every option, each against its own baseline."""
    unit = change_of(state.scenario, name, state.year).outcome.unit
    before = change_of(state.scenario.baseline(), name, state.year).baseline
    cells = [cell(language, change_of(each.scenario, name, state.year), each, simulations.get(each.key), state.year)
             for each in options]  # fmt: skip
    amount = language.numbers.amount(before, unit)
    return BriefRow(language.title(name), language.numbers.unit_beside(unit), amount, tuple(cells))


def cell(language: Language, change: Change, entry: Entry, simulations: Paired | None, year: float) -> Cell:
    """What a cell of the table says."""
    say, numbers, unit = language.say, language.numbers, change.outcome.unit
    spread = chance = ""
    if simulations is not None:
        pair, index = simulations.of(change.outcome.id), indicators.moment(simulations.time, year)
        share = float(pair.chance[index])
        if np.isfinite(share):
            low, high = (numbers.difference(float(edge), unit) for edge in pair.difference.most[:, index])
            spread = say("brief.range", low=low, high=high)
            chance = say(f"brief.{_chance_key(change, pair.direction)}", chance=numbers.chance(share))
    relative = overview_page.relative(language, change) if change.direction else say("brief.same")
    return Cell(numbers.amount(change.value, unit), relative, verdict(entry, change, year), spread, chance)


def verdict(entry: Entry, change: Change, year: float) -> str:
    """How a change is judged: the one place where the brief asks for a verdict."""
    if not change.direction:
        return "same"
    harms = (change_of(entry.scenario, name, year) for name in indicators.HARMS)
    return indicators.tone(change, any(each.direction > 0 for each in harms))


def _chance_key(change: Change, direction: str) -> str:
    if direction == "neither":
        return "chance_more"
    return "chance_fewer" if change.outcome.id in indicators.COUNTS_OF_MOVEMENT else "chance_better"


def date_in_words(language: Language, day: date) -> str:
    """A date as it is written in a letter."""
    month = language.say(f"brief.months.m{day.month}")
    return language.say("brief.first" if day.day == 1 else "brief.day", day=day.day, month=month, year=day.year)


def _annex(language: Language, state: State, runs: Runs) -> list[Section]:
    """What the page has no room for: what is moved, what to look at twice, how far to trust, what made the numbers."""
    say, changes = language.say, indicators.changes(runs.yours, runs.baseline, state.year)
    advisories = [overview_page.advisory_in_words(language, each) for each in advisories_of(state, changes, runs.yours)]
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
