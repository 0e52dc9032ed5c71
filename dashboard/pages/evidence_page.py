"""Evidence in place: a page for every lever and outcome, contested assumptions, the scoreboard and the report."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from markupsafe import Markup

from pushpull.catalogue import catalogue
from pushpull.dashboard.compute import shared
from pushpull.dashboard.compute.indicators import moment
from pushpull.dashboard.compute.runs import Runs, outcome_run
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages import assumptions_page, entry, forecasts_page
from pushpull.dashboard.pages.figures import numbers
from pushpull.dashboard.pages.guide import trust_lines, versions_page
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import OVERALL, outcomes_for_cards
from pushpull.engine.runs.task import RunBroke
from pushpull.evidence.experiment_files import Experiment
from pushpull.evidence.stored_scores import StoredScores, stored_scores
from pushpull.evidence.verdicts import MEMBERS, OUT_OF_REACH, RIGHT, WITHIN, WRONG
from pushpull.files.faults import Fault, ScenarioFaults
from pushpull.preparation import model_digest, versions
from pushpull.wording.markup import buttons, element, send, table
from pushpull.wording.typography import GAP

MOVED_MOST = 6
_VERDICTS = {WITHIN: "within", RIGHT: "right", WRONG: "wrong", OUT_OF_REACH: "out_of_reach"}


def fragment(language: Language, state: State, runs: Runs, results: Mapping[str, object]) -> Markup:
    """The page."""
    subject = state.view.subject
    shown = {"scoreboard": scoreboard, "report": report, "contested": contested}.get(subject)
    if subject == "changes":
        body = versions_page.fragment(language, state)
    elif subject == "forecasts":
        parts = (forecasts_page.fragment, forecasts_page.unforeseen, forecasts_page.left_over)
        present = trust_lines.record_section(language, state.base)
        body = element("div", [part(language, state) for part in parts], present)
    else:
        body = shown(language, state, results) if shown else sheet(language, state, runs, results)
    overall = [(name, language.say(f"evidence.{name}")) for name in OVERALL]
    return element(
        "div",
        buttons(language.say("evidence.overall"), "subject", overall, subject),
        element("div", _subjects(language, state), class_="tools"),
        body,
    )


def _subjects(language: Language, state: State) -> Markup:
    known, say = catalogue(), language.say
    groups = (
        (say("page.pages.outcomes"), outcomes_for_cards()),
        (say("levers.title"), known.levers),
        (say("context.title"), known.context),
    )
    options = [
        element(
            "optgroup",
            [
                element("option", language.title(name), value=name, selected=name == state.view.subject)
                for name in names
            ],
            label=title,
        )
        for title, names in groups
    ]
    first = element("option", say("evidence.choose"), value="") if state.view.subject in OVERALL else None
    select = element("select", first, options, data_choose="subject", id="choose-subject")
    return element("label", say("evidence.about"), " ", select, class_="choice")


def sheet(language: Language, state: State, runs: Runs, results: Mapping[str, object]) -> Markup:
    """Everything about one lever, driver or outcome under fixed headings."""
    known, say, name = catalogue(), language.say, state.view.subject
    model = known.model
    head = [element("h2", language.title(name)), element("p", language.meaning(name), class_="lead")]
    if name in known.outcomes:
        outcome = known.outcomes[name]
        parts = [
            entry.live(language, state, runs, name),
            element("p", say(f"entry.better.{outcome.better}")),
            entry.equations(language, state, name),
            element("h3", say("diagram.causes")),
            element("div", entry.named(language, model.causes(name, state.scenario.formulas))),
        ]
    else:
        parts = [
            *entry.card_sheet(language, state, name),
            element("h3", say("entry.dynamics")),
            moves(language, state, name),
        ]
    return element(
        "article",
        head,
        parts,
        [element("h3", say("diagram.effects")), element("div", entry.named(language, model.effects[name]))]
        if model.effects[name]
        else None,
        element("h3", say("entry.evidence")),
        _experiments(language, name, results),
        element("h3", say("entry.from")),
        entry.facts(language, name),
        class_="sheet",
    )


def moves(language: Language, state: State, name: str) -> Markup:
    """Which outcomes a lever or driver moves most, alone, at the low and at the high end of its range."""
    say, card = language.say, catalogue().model.cards[name]
    plain = state.without_context().scenario.baseline()
    block = "policies" if card.kind == "lever" else "context"
    before, index = outcome_run(plain), None
    changes: dict[str, list[float]] = {outcome: [] for outcome in outcomes_for_cards()}
    for end in (card.low, card.high):
        try:
            result = outcome_run(plain.with_changes({block: {name: end}}))
        except RunBroke:
            result = None
        for outcome, values in changes.items():
            index = moment(before.time, state.year)
            base = before.total(outcome)[0, index]
            values.append(float(result.total(outcome)[0, index] / base - 1) if result is not None and base else np.nan)
    order = sorted(changes, key=lambda outcome: -float(np.nanmax([0.0, *np.abs(changes[outcome])])))
    rows = [
        [
            element("button", language.title(outcome), type="button", class_="link", data_send=send(subject=outcome)),
            *(language.numbers.percent(value) or ("0" if value == 0 else "\u2013") for value in changes[outcome]),
        ]
        for outcome in order[:MOVED_MOST]
    ]
    caption = say("entry.moves", year=language.numbers.year(state.year))
    heads = [say("why.outcome"), say("entry.low"), say("entry.high")]
    made = element("div", table(heads, rows, caption, class_="numbers"), class_="scroll", tabindex="0")
    return element("div", element("p", caption, class_="hint"), made)


def _experiments(language: Language, name: str, results: Mapping[str, object]) -> Markup:
    if "experiments" not in results:
        return element("p", language.say("page.working"), "\u2026", role="status", class_="hint")
    some = shared.about(name)
    if not some:
        return element("p", language.say("evidence.none"), class_="hint")
    run = element(
        "button", language.say("evidence.run", count=len(some)), type="button", class_="button", id="run-some",
        data_send=send(run=[each.id for each in some]),
    )  # fmt: skip
    return element("div", element("p", language.say("evidence.english"), class_="hint"), rows(language, some), run)


def rows(language: Language, some: list[Experiment]) -> Markup:
    """Experiments with what was published, how firm that is, and what the model makes of it."""
    say, number = language.say, language.numbers.number
    body, (stored, _) = [], _stored()
    for each in some:
        score = shared.score_of(each, stored)
        if each.not_representable:
            judged, shade = say("evidence.verdicts.out_of_reach"), "same"
        elif score is None:
            judged, shade = say("evidence.not_run"), "same"
        else:
            verdict = score.verdict
            key = _VERDICTS[verdict.verdict]
            judged, shade = say(f"evidence.verdicts.{key}"), {"within": "better", "wrong": "worse"}.get(key, "same")
            if verdict.median is not None and verdict.low is not None and verdict.high is not None:
                low, high = number(verdict.low), number(verdict.high)
                judged = say("evidence.verdict", verdict=judged, median=number(verdict.median), low=low, high=high)
            if not score.is_of_today:
                judged = say("scores.of_before", verdict=judged)
        firm = say(f"evidence.consensus.{each.consensus}")
        body.append(
            [
                _claim(language, each),
                element("span", _estimate(language, each)),
                [element("span", each.published["quality"]), f", {firm}"],
                element("td", judged, class_=shade),
            ]
        )
    heads = [say("evidence.claim"), say("evidence.published"), say("evidence.firm"), say("evidence.model")]
    return element("div", table(heads, body, say("entry.evidence"), class_="evidence"), class_="scroll", tabindex="0")


def _claim(language: Language, each: Experiment) -> Markup:
    """What a study says, and below it which study and where."""
    key, where = each.published["source"], language.finding(each.id, "where", each.published["where"])
    source = element("span", key, lang=language.quoting) if language.quoting else key
    return element("span", language.finding(each.id, "claim", each.claim), element("small", source, f", {where}"))


def _estimate(language: Language, each: Experiment) -> str:
    """What was published, a number or words, with its unit."""
    estimate, unit = each.published["estimate"], language.finding(each.id, "unit", each.published["unit"])
    if language.quoting is None:
        return f"{estimate} {unit}"
    number = estimate if isinstance(estimate, str) else language.numbers.published(estimate)
    return f"{language.finding(each.id, 'estimate', number)}{GAP if unit.startswith('%') else ' '}{unit}"


# Overall ---------------------------------------------------------------------------------------------------


def scoreboard(language: Language, state: State, results: Mapping[str, object]) -> Markup:
    """Every published effect beside the model's own."""
    say = language.say
    if "experiments" not in results:
        return element("p", say("page.working"), "\u2026", role="status", class_="hint")
    every = list(shared.experiments())
    stored, fault = _stored()
    known = [shared.score_of(each, stored) for each in every if not each.not_representable]
    run = [each for each in known if each is not None]
    counts = {key: sum(each.verdict.verdict == verdict for each in run) for verdict, key in _VERDICTS.items()}
    key = "score" if run else "score_none"
    summary = say(f"evidence.{key}", run=len(run), all=len(known), **counts, out=len(every) - len(known))
    button = element(
        "button", say("evidence.run_all"), type="button", class_="button", id="run-all",
        data_send=send(run=[each.id for each in every if not each.not_representable]),
    )  # fmt: skip
    return element(
        "section",
        element("h2", say("evidence.scoreboard")),
        element("p", say("evidence.scoreboard_hint", members=MEMBERS), class_="hint"),
        element("p", summary, class_="told", role="status", id="score"),
        _when_made(language, stored, fault, sum(not each.is_of_today for each in run)),
        button,
        element("p", say("evidence.english"), class_="hint"),
        rows(language, every),
        class_="sheet",
    )


def _stored() -> tuple[StoredScores | None, Fault | None]:
    """The scores that are stored with the version, or why they cannot be read."""
    try:
        return stored_scores(), None
    except ScenarioFaults as faults:
        return None, faults.faults[0]


def _when_made(language: Language, stored: StoredScores | None, fault: Fault | None, old: int) -> Markup | str:
    """When and from what the stored scores were made, and how many of those shown are out of date."""
    if fault is not None:
        return element("p", language.say("scores.unreadable", fault=fault.in_language(language.code)), role="alert")
    if stored is None:
        return ""
    key = "out_of_date" if old else "stored"
    words = language.say(f"scores.{key}", made=stored.made, members=stored.members, seed=stored.seed, count=old)
    return element("p", words, class_="warning" if old else "hint", id="score-made")


def report(language: Language, state: State, results: Mapping[str, object]) -> Markup:
    """The validation report on the corridor, prepared when it is asked for."""
    say = language.say
    made_of = {"model_hash": model_digest(), "versions": versions(), "scenario_hash": state.scenario.digest}
    ready = results.get("report")
    if ready is None:
        body = element("button", say("evidence.prepare"), type="button", class_="button", data_send=send(prepare=True),
                       id="prepare")  # fmt: skip
    elif ready == "":
        body = element("p", say("evidence.preparing"), role="status")
    else:
        body = element("iframe", srcdoc=str(ready), title=say("evidence.report"), sandbox="", class_="report")
    return element(
        "section",
        element("h2", say("evidence.report")),
        element("p", say("evidence.report_hint"), class_="hint"),
        body,
        numbers(language, "made-of", table(
            [say("evidence.what"), say("evidence.which")],
            [[say(f"evidence.{word}"), element("code", value)] for word, value in made_of.items()],
            say("evidence.made_of"), class_="numbers")),
        class_="sheet",
    )  # fmt: skip


def contested(language: Language, state: State, results: Mapping[str, object]) -> Markup:
    """Contested assumptions as switches, each with its sources."""
    return element(
        "section",
        element("h2", language.say("evidence.contested")),
        element("p", language.say("evidence.contested_hint"), class_="hint"),
        [assumptions_page.setting(language, state, name, "page-") for name in catalogue().formulas],
        class_="sheet",
    )
