"""What is known of one variable, lever or driver: drawn from the code and the cards, with its value now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from markupsafe import Markup

from pushpull import Result, descriptions
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.indicators import moment
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.i18n.shown_units import in_words, range_sentence, shown_unit
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages.figures import how
from pushpull.dashboard.state.state import State
from pushpull.engine.language.cards import Card
from pushpull.engine.language.graph import Variable
from pushpull.wording.markup import element, send
from pushpull.wording.numbers import numbers_of


def value(language: Language, result: Result, name: str, year: float) -> str:
    """A variable, lever or driver in a year of a run, with its unit."""
    known = catalogue().model
    unit = known.variables[name].unit if name in known.variables else known.cards[name].unit
    number = float(result.total(name)[0][moment(result.time, year)])
    if not np.isfinite(number):
        return language.numbers.number(number)
    return language.numbers.full(number, unit)


def live(language: Language, state: State, runs: Runs, name: str) -> Markup:
    """The value in the year that is looked at, under yours and in the baseline."""
    known = catalogue().model
    if name in known.parameters:
        today = descriptions.today_of_card(state.scenario, known.cards[name])["today"]
        return element("p", element("b", language.numbers.full(today, known.cards[name].unit)), class_="live")
    both = (value(language, result, name, state.year) for result in (runs.whole, runs.baseline))
    yours, baseline = both
    sentence = language.say("entry.live", year=language.numbers.year(state.year), yours=yours, baseline=baseline)
    return element("p", sentence, class_="live")


def equations(language: Language, state: State, name: str) -> Markup | None:
    """How a variable is calculated, on request: its equation as it stands in the code, and its rivals."""
    variable = catalogue().model.variables.get(name)
    if variable is None:
        return None
    in_force = variable.under(state.scenario.formulas).declaration.formula
    rows = []
    for equation in descriptions.equations(variable):
        words = language.texts("assumptions.formulas").get(equation["formula"], "") if equation["formula"] else ""
        mark = (
            element("small", language.say("entry.in_force"))
            if equation["formula"] and equation["formula"] == in_force
            else None
        )
        code = element("code", equation["equation"], lang=language.quoting)
        rows.append(element("li", code, words, mark, _source(language, "small", equation["source"])))
    return how(language, element("ul", rows, class_="equations"))


def facts(language: Language, name: str, formulas: Mapping[str, str] | None = None) -> Markup:
    """Kind, unit, sector, source and grade; of a contested variable the source of the formula in force."""
    known, say, quoting = catalogue(), language.say, language.quoting
    kind, unit = descriptions.kind_of(known, name) or "auxiliary", descriptions.unit_of(known, name)
    rows = [
        (say("entry.kind"), element("dd", say(f"entry.kinds.{kind}"))),
        (say("entry.unit"), element("dd", language.numbers.unit(unit) if unit != "1" else say("entry.share"))),
    ]
    card = known.model.cards.get(name)
    source = card.source if card is not None else _source_of(known.model.variables[name], formulas or {})
    rows.append((say("entry.source"), _source(language, "dd", source)))
    if card is not None:
        grade = say("entry.assumed") if card.grade == "assumption" else card.grade
        rows.append((say("entry.grade"), element("dd", grade)))
    cited = descriptions.citations(source, known.references)
    return element(
        "dl",
        [(element("dt", head), content) for head, content in rows],
        [element("dd", each["citation"], class_="cited", lang=quoting) for each in cited],
        class_="facts",
    )


def _source_of(variable: Variable, formulas: Mapping[str, str]) -> str:
    return descriptions.docstring_of(variable, variable.under(formulas)).source


def _source(language: Language, tag: str, source: str) -> Markup:
    """Where something comes from, in words of the page; bare keys of references are English."""
    if not source or source == "assumption":
        return element(tag, language.say("entry.assumed"))
    return element(tag, language.source(source), lang=language.stays("sources", source))


def named(language: Language, names: Iterable[str]) -> list[Markup]:
    """Names as buttons that lead to the diagram; parameters and cards too."""
    return [
        element(
            "button", language.title(name), type="button", class_="chip-link",
            lang=language.stays("titles", name),
            data_send=send(page="outcomes", part="diagram", node=name) if name in catalogue().model.variables
            else send(page="evidence", subject=name),
        )
        if name in catalogue().model.variables or name in catalogue().model.inputs
        else element("span", language.title(name), class_="chip-link still", lang=language.stays("titles", name))
        for name in names
    ]  # fmt: skip


def card_sheet(language: Language, state: State, name: str) -> list[Markup]:
    """What a lever or driver is, what low and high mean, rights, cost."""
    card, say = catalogue().model.cards[name], language.say
    scale, _ = shown_unit(language, card)
    today = state.today[name]
    values = list(today.values()) if isinstance(today, Mapping) else [today]
    value_today = language.join(dict.fromkeys(in_words(language, card, scale * each) for each in values))
    parts = [element("h3", say("entry.range")), element("p", range_sentence(language, card))]
    parts.append(element("p", say("entry.today", value=value_today)))
    for word in ("rights", "cost"):
        if getattr(card, word):
            parts += [element("h3", say(f"entry.{word}")), element("p", language.fact(name, word))]
    return [*parts, _unit_costs(language, state, card)] if card.unit_costs else parts


def unit_costs(language: Language, state: State, lever: Card) -> list[tuple[str, str, str]]:
    """What the use of a lever is paid by: of each unit cost its title, its amount in the corridor's currency, and its
    source or that it is an assumption."""
    rows, numbers = [], numbers_of(language.tag, currency=state.scenario.corridor.currency)
    for cost in descriptions.unit_costs(state.scenario, lever):
        amount = numbers.full(cost["today"], descriptions.unit_of(catalogue(), cost["id"]))
        if cost["at_par"]:
            amount = language.say("entry.at_par", amount=amount)
        keys = [each["key"] for each in descriptions.citations(cost["source"], catalogue().references)]
        rows.append((language.title(cost["id"]), amount, ", ".join(keys) or language.say("entry.assumed")))
    return rows


def _unit_costs(language: Language, state: State, lever: Card) -> Markup:
    rows = [
        element("li", language.say("entry.unit_cost", title=title, amount=amount), source)
        for title, amount, source in unit_costs(language, state, lever)
    ]
    return element("ul", rows, class_="unit-costs")
