"""The reference of the model: every outcome, lever, driver, equation, parameter, loop and source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pushpull import descriptions
from pushpull.reporting.reference_page import ReferenceChapter, ReferenceEntry, html_page, markdown_page
from pushpull.reporting.report_numbers import given

if TYPE_CHECKING:
    from pushpull.catalogue import Catalogue
    from pushpull.engine.language.cards import Card
    from pushpull.engine.language.graph import Variable


def pages(catalogue: Catalogue, html: bool) -> str:
    """The whole reference as one self-contained HTML page, or as Markdown."""
    title = "Pushpull: reference of the model"
    return (html_page if html else markdown_page)(title, _introduction(catalogue), chapters(catalogue))


def chapters(catalogue: Catalogue) -> tuple[ReferenceChapter, ...]:
    """Every chapter of the reference, in English."""
    return tuple(_chapters(catalogue))


def _introduction(catalogue: Catalogue) -> str:
    model = catalogue.model
    sectors = {variable.sector for variable in model.variables.values()}
    return (
        f"{len(model.variables)} variables ({len(model.stocks)} of them stocks) in "
        f"{len(sectors)} sectors; {len(catalogue.levers)} levers, "
        f"{len(catalogue.context)} context drivers, {len(catalogue.parameters)} parameters, "
        f"{len(catalogue.loops)} named feedback loops, {len(catalogue.outcomes)} outcomes. "
        "Times are in years, money in real US dollars. Values are the defaults of the cards; "
        "a corridor may have its own."
    )


def _chapters(catalogue: Catalogue) -> Iterator[ReferenceChapter]:
    outcomes = tuple(_outcome(catalogue, name) for name in catalogue.outcomes)
    yield ReferenceChapter("outcomes", "Outcomes", "What a policy is judged by.", outcomes)
    levers = tuple(_card(catalogue, card) for card in catalogue.levers.values())
    yield ReferenceChapter("levers", "Levers", "What policy moves.", levers)
    context = tuple(_card(catalogue, card) for card in catalogue.context.values())
    yield ReferenceChapter("context", "Context", "What policy does not move.", context)
    yield ReferenceChapter("loops", "Feedback loops", "Each can be switched off at one link.", tuple(_loops(catalogue)))
    yield ReferenceChapter(
        "settings", "Rival formulas", "Where the evidence is contested.", tuple(_settings(catalogue))
    )
    for sector in dict.fromkeys(variable.sector for variable in catalogue.model.variables.values()):
        variables = [each for each in catalogue.model.variables.values() if each.sector == sector]
        title = sector.replace("_", " ").capitalize()
        cards = [card for card in catalogue.parameters.values() if card.group == sector]
        entries = [_variable(catalogue, each) for each in variables] + [_card(catalogue, card) for card in cards]
        introduction = f"{len(variables)} equations, {len(cards)} parameters."
        yield ReferenceChapter(f"sector_{sector}", title, introduction, tuple(entries))
    yield ReferenceChapter("sources", "Sources", "Quality A is best.", tuple(_sources(catalogue)))


def _outcome(catalogue: Catalogue, name: str) -> ReferenceEntry:
    outcome = catalogue.outcomes[name]
    facts = [("unit", outcome.unit), ("better for people", outcome.better), ("group", outcome.group)]
    if outcome.observed_as:
        facts.append(("as statistics show it", outcome.observed_as))
    return ReferenceEntry(
        f"outcome_{name}",
        outcome.title,
        "outcome",
        outcome.meaning,
        (),
        tuple(facts),
        (("variable", (name,)),),
    )


def _variable(catalogue: Catalogue, variable: Variable) -> ReferenceEntry:
    formulas = descriptions.equations(variable)
    facts = [("unit", variable.unit)]
    if variable.over:
        facts.append(("for every", " and ".join(index.name for index in variable.over)))
    if variable.kind == "stock":
        facts.append(("at the start", variable.declaration.initial))
    if variable.declaration.boundary:
        facts.append(("crosses the edge of the model", variable.declaration.boundary))
    for formula in formulas:
        label = f"source ({formula['formula']})" if formula["formula"] else "source"
        if formula["source"]:
            facts.append((label, formula["source"]))
    if variable.setting:
        facts.append(("chosen by the setting", variable.setting))
    links = (("causes", variable.arguments), ("effects", catalogue.model.effects[variable.name]))
    return ReferenceEntry(
        id=variable.name,
        title=variable.name,
        kind=variable.kind,
        meaning=formulas[0]["meaning"],
        equations=tuple(formula["equation"] for formula in formulas),
        facts=tuple(facts),
        links=tuple((word, names) for word, names in links if names),
    )


def _card(catalogue: Catalogue, card: Card) -> ReferenceEntry:
    values = card.by_population or {}
    value = ", ".join(f"{key} {given(each)}" for key, each in values.items()) or given(card.value)
    facts = [
        ("value", f"{value} {card.unit}"),
        ("range", f"{given(card.low)} to {given(card.high)}"),
        ("source", f"{card.source} (grade {card.grade})" if card.source != "assumption" else "assumption"),
    ]
    if card.over:
        facts.append(("may differ by", card.over))
    if card.kind == "parameter":
        facts.append(("distribution", card.distribution))
    for word in ("range_reason", "cost", "rights"):
        if getattr(card, word):
            facts.append((word.replace("_", " "), getattr(card, word)))
    effects = catalogue.model.effects[card.id]
    links = tuple((word, names) for word, names in (("effects", effects), ("unit costs", card.unit_costs)) if names)
    title = card.title if card.kind != "parameter" else card.id
    return ReferenceEntry(card.id, title, card.kind, card.meaning, (), tuple(facts), links)


def _loops(catalogue: Catalogue) -> Iterator[ReferenceEntry]:
    for loop in catalogue.loops.values():
        facts = (("cut at", f"{loop.cause} -> {loop.effect}"),)
        links = (("passes", tuple(dict.fromkeys((loop.cause, loop.effect, *loop.through)))),)
        yield ReferenceEntry(f"loop_{loop.id}", loop.title, descriptions.KINDS[loop.kind], loop.story, (), facts, links)


def _settings(catalogue: Catalogue) -> Iterator[ReferenceEntry]:
    for setting, formulas in catalogue.formulas.items():
        chosen = tuple(each.name for each in catalogue.model.variables.values() if each.setting == setting)
        facts = (("formulas", f"{', '.join(formulas)}; {formulas[0]} is the default"),)
        yield ReferenceEntry(f"setting_{setting}", setting, "setting", "", (), facts, (("decides", chosen),))


def _sources(catalogue: Catalogue) -> Iterator[ReferenceEntry]:
    for key, reference in catalogue.references.items():
        facts = [(word, str(reference[word])) for word in ("url", "quality") if reference.get(word)]
        yield ReferenceEntry(f"source_{key}", key, "source", reference["citation"], (), tuple(facts))
