"""What the brief says beneath its table: who is harmed and by which way, the evidence, what could turn the answer, and
how far to trust it. All of it is computed or stored; nothing is composed for the occasion."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from pushpull.analysis.pathways import Path
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute import shared
from pushpull.dashboard.compute.compared import Entry
from pushpull.dashboard.compute.evaluations import evaluations_of
from pushpull.dashboard.compute.judging.outcome_verdicts import CLEAR, UNCLEAR, OutcomeVerdict
from pushpull.dashboard.compute.option_facts import Turn, harm_of, rivals_of, turns_of
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages import forecasts_page, overview_page
from pushpull.dashboard.pages.why_paths import worth_a_box
from pushpull.dashboard.state.state import State
from pushpull.evaluation.judgement import main_measure
from pushpull.evidence.experiment_files import Experiment
from pushpull.files.faults import ScenarioFaults

MOST_STEPS = 4  # of a chain of causes
MOST_LEVERS = 3  # whose evidence is told
MOST_TURNS = 3
LONGEST_CLAIM = 90  # letters; a longer claim stands on the Evidence page


def sections(
    language: Language,
    state: State,
    options: Sequence[Entry],
    found: Mapping[str, Mapping[str, OutcomeVerdict]],
    outcomes: Sequence[str],
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Headings with their sentences; `found` holds the verdicts under each option by its key."""
    say, year = language.say, state.year
    behind: dict[str, None] = {}  # levers, those that do most to harm first
    harms = []
    for entry in options:
        sentence, lever = harmed(language, entry, found[entry.key], year)
        harms.append(sentence)
        behind |= {} if lever is None else {lever: None}
    behind |= dict.fromkeys(name for entry in options for name in entry.scenario.policies)
    yield say("brief.harmed"), tuple(harms)
    yield say("brief.evidence"), tuple(evidence(language, tuple(behind)))
    turns = turning(language, options, outcomes, year)
    yield say("brief.turning"), (*turns, *unclear(language, options, found, outcomes))
    yield say("brief.trust"), tuple(trust(language, state))


# Who is harmed ---------------------------------------------------------------------------------------------------


def harmed(
    language: Language, entry: Entry, verdicts: Mapping[str, OutcomeVerdict], year: float
) -> tuple[str, str | None]:
    """Which harm to people an option raises or lowers most, and by which way; and the lever behind it."""
    say, harm = language.say, harm_of(entry.scenario, verdicts, year)
    if harm is None:
        return say("brief.harm.none", option=entry.title), None
    told = say(
        f"brief.harm.{'rises' if harm.rises else 'falls'}",
        option=entry.title,
        outcome=language.title(harm.verdict.outcome.id),
        change=overview_page.relative(language, harm.verdict),
        amount=language.numbers.difference(harm.verdict.difference, harm.verdict.outcome.unit),
    )
    if harm.path is None:
        return told, harm.lever
    return f"{told} {say('brief.harm.way', chain=chain(language, harm.path))}", harm.lever


def chain(language: Language, path: Path) -> str:
    """A path from a lever to an outcome in a line, with the relative change of each step."""
    places = worth_a_box(path)
    if len(places) > MOST_STEPS:
        places = [*places[:2], *places[2 - MOST_STEPS :]]
    return " \u2192 ".join(_step(language, path.names[place], path.changes[place]) for place in places)


def _step(language: Language, name: str, change: float) -> str:
    title = language.title(name)
    relative = language.numbers.percent(change) if math.isfinite(change) else ""
    return f"{title} ({relative})" if relative else title


# Evidence --------------------------------------------------------------------------------------------------------


def evidence(language: Language, levers: Sequence[str]) -> Iterator[str]:
    """What published effects say of the levers that are moved, each with its quality and how firm it is."""
    say = language.say
    for name in levers[:MOST_LEVERS]:
        found = sorted(_moving(name), key=lambda each: (each.published["quality"], len(_claim(language, each))))
        if not found:
            yield say("brief.no_effect", lever=language.title(name))
            continue
        best = found[0]
        values = {"lever": language.title(name), "count": len(found), "quality": best.published["quality"],
                  "firm": say(f"evidence.consensus.{best.consensus}"), "source": best.published["source"]}  # fmt: skip
        claim = _claim(language, best)
        yield say("brief.effects", **values, claim=claim)
    if len(levers) > MOST_LEVERS:
        yield say("brief.more_levers", count=len(levers) - MOST_LEVERS)
    if not levers:
        yield say("overview.nothing_moved")


def _moving(lever: str) -> list[Experiment]:
    """The published effects of a lever; not those that merely hold it at a value in every arm."""
    return [
        each for each in shared.about(lever) if len({str(arm.policies.get(lever)) for arm in each.arms.values()}) > 1
    ]


def _claim(language: Language, each: Experiment) -> str:
    claim = language.finding(each.id, "claim", each.claim).rstrip(".")
    return claim if len(claim) <= LONGEST_CLAIM else claim[:LONGEST_CLAIM].rsplit(" ", 1)[0] + "\u2026"


# What could turn the answer --------------------------------------------------------------------------------------


def turning(language: Language, options: Sequence[Entry], outcomes: Sequence[str], year: float) -> Iterator[str]:
    """Under which contested assumption an outcome goes the other way, or another option does least harm."""
    say, found = language.say, list(turns_of(options, outcomes, year))
    for turn in found[:MOST_TURNS]:
        yield _turn(language, turn)
    if len(found) > MOST_TURNS:
        yield say("brief.more_turns", count=len(found) - MOST_TURNS)
    if not found and options:
        yield say("brief.no_turn" if len(options) == 1 else "brief.no_turn_nor_order", count=rivals_of(options))


def _turn(language: Language, turn: Turn) -> str:
    say, texts = language.say, language.texts
    assumption = texts("assumptions.formulas").get(turn.formula, turn.formula)
    asked = texts("assumptions.settings").get(turn.setting, turn.setting)
    values = {"asked": asked, "assumption": assumption, "outcome": language.title(turn.outcome)}
    if turn.is_order:
        return say("brief.turn_of_order", **values, first=turn.first.title, then=turn.then.title)
    before, after = (language.numbers.percent(each.ratio) for each in (turn.before, turn.after))
    return say("brief.turn", **values, option=turn.first.title, before=before, after=after)


def unclear(
    language: Language,
    options: Sequence[Entry],
    found: Mapping[str, Mapping[str, OutcomeVerdict]],
    outcomes: Sequence[str],
) -> Iterator[str]:
    """The outcomes whose direction is the same in fewer than four fifths of the simulations."""
    for entry in options:
        held = [found[entry.key][name] for name in outcomes]
        open_ones = [
            language.inside(language.title(each.outcome.id))
            for each in held
            if each.word == UNCLEAR and each.chance < CLEAR
        ]
        if open_ones:
            yield language.say("brief.unclear", option=entry.title, outcomes=language.join(open_ones),
                               least=language.numbers.share(CLEAR))  # fmt: skip


# How far to trust it ---------------------------------------------------------------------------------------------


def trust(language: Language, state: State) -> Iterator[str]:
    """How far forecasts from past years were off, as stored, and what the numbers are for."""
    say, scenario = language.say, state.scenario
    try:
        evaluations = evaluations_of(scenario)
    except ScenarioFaults as faults:
        yield say("forecasts.unreadable", fault=faults.faults[0].in_language(language.code))
        evaluations = ()
    main = main_measure(evaluations[-1]) if evaluations else None
    if main is not None and main in catalogue().model.variables:
        yield forecasts_page.verdict(language, evaluations[-1], main, with_worst=False)
    elif not evaluations:
        yield say("brief.no_evaluation")
    yield say("pack.caution")
