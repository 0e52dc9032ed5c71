"""How far to trust a corridor in two lines, and its latest record beside the model."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from markupsafe import Markup

from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.runs import cached_run
from pushpull.dashboard.compute.trust import BesideRecord, Trust, beside_record
from pushpull.dashboard.i18n.texts import Language
from pushpull.scenario import Scenario
from pushpull.wording.markup import element, send, table
from pushpull.wording.numbers import DASH

MOST_NAMED = 2  # of the latest records in the line


def trust_lines(language: Language, trust: Trust) -> Markup:
    """The two lines, and where there is more."""
    say = language.say
    parts: list[object] = [element("p", line) for line in (checked(language, trust), today(language, trust)) if line]
    if trust.faults:
        faults = "; ".join(language.faults(trust.faults))
        parts.append(element("p", say("guide.unreadable", fault=faults), role="alert"))
    return element("div", parts, element("p", _link(language, "forecasts"), " ", _link(language, "scoreboard")))


def checked(language: Language, trust: Trust) -> str:
    """What forecasts from past years and published effects came to."""
    say, share = language.say, language.numbers.share
    if trust.illustrative:
        return say("guide.illustrative")
    past, effects = trust.forecasts, trust.effects
    sentences = [say("guide.nothing_judged")]
    if past is not None:
        measure = language.inside(language.title(past.measure))
        sentences = [say("guide.forecast", whole=share(past.held), error=share(past.worst), measure=measure)]
    if effects is not None:
        sentences.append(say("guide.effects", tested=effects.tested, within=effects.within, wrong=effects.wrong))
    if any(not each.is_of_today for each in (past, effects) if each is not None):
        sentences.append(say("guide.of_before"))
    return " ".join(sentences)


def today(language: Language, trust: Trust) -> str:
    """By how much the model's present differs from the latest record."""
    if trust.illustrative:
        return ""
    if not trust.present:
        return language.say("guide.no_record")
    first, *others = (figure(language, each) for each in trust.present[:MOST_NAMED])
    for each in others:
        first = language.say("guide.two", one=first, other=each)
    return language.say("guide.present", figures=first)


def figure(language: Language, beside: BesideRecord) -> str:
    """One record beside the model, in words."""
    numbers, unit = language.numbers, catalogue().outcomes[beside.outcome].unit
    ratio = numbers.percent(beside.ratio) if isfinite(beside.ratio) else ""
    return language.say(
        "guide.figure" if ratio else "guide.no_ratio",
        outcome=language.title(beside.outcome),
        when=when(language, beside),
        recorded=numbers.amount(beside.recorded, unit),
        model=numbers.amount(beside.model, unit),
        ratio=ratio,
    )


def when(language: Language, beside: BesideRecord) -> str:
    """Of which time a record is: a calendar year, the year around a month, or a month."""
    year, month = int(beside.time), int((beside.time % 1) * 12 + 1e-6) + 1
    if beside.is_yearly and beside.time % 1 == 0.5:
        return language.say("guide.in_year", year=year)
    key = "around" if beside.is_yearly else "at"
    return language.say(f"guide.{key}", month=language.say(f"months.m{month}"), year=year)


def record_section(language: Language, base: Scenario) -> Markup | str:
    """The section of the evidence page on the latest record of a corridor; nothing where it has none."""
    found = record_table(language, tuple(beside_record(base, cached_run(base.baseline()))))
    return element("section", element("h2", language.say("guide.table")), found, class_="sheet") if found else ""


def record_table(language: Language, present: Sequence[BesideRecord]) -> Markup:
    """Every latest record beside the model; nothing where there is none."""
    if not present:
        return Markup("")
    say, numbers, outcomes = language.say, language.numbers, catalogue().outcomes
    rows = []
    for each in present:
        unit = outcomes[each.outcome].unit
        title = element("span", language.title(each.outcome), element("small", f" {numbers.unit_beside(unit)}"))
        recorded, model = (numbers.amount(value, unit) for value in (each.recorded, each.model))
        rows.append([title, when(language, each), recorded, model, numbers.percent(each.ratio) or DASH])
    heads = [say(f"guide.{word}") for word in ("of", "when", "recorded", "model", "apart")]
    made = table(heads, rows, say("guide.table"), class_="numbers")
    return element("div", made, class_="scroll", tabindex="0")


def _link(language: Language, subject: str) -> Markup:
    words = language.say(f"guide.{'forecasts_link' if subject == 'forecasts' else 'scores_link'}")
    return element("button", words, type="button", class_="link", data_send=send(page="evidence", subject=subject))
