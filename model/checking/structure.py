"""Claims about the equations themselves, for which no run is needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from pushpull.catalogue import Catalogue
from pushpull.checking.claim import Finding
from pushpull.checking.extremes import equation_faults, outflow_faults, states
from pushpull.engine.language.cards import Card
from pushpull.engine.proofs.conservation import people_balance
from pushpull.engine.proofs.feedback_loops import Cycle, named_loops

MEANING_WORDS = 3


def _as_findings(faults: Mapping[str, str]) -> Iterator[Finding]:
    """A finding for each fault, by its place; or one that says there is none."""
    if not faults:
        yield Finding("", np.ones(1, dtype=bool), "")
    for where, words in faults.items():
        yield Finding(where, np.zeros(1, dtype=bool), words)


def units(catalogue: Catalogue) -> Iterator[Finding]:
    """Every equation and initial level gives the unit it declares."""
    from pushpull.engine.language.units import check_units

    yield from _as_findings({fault.where: str(fault) for fault in check_units(catalogue.model)})


def people(catalogue: Catalogue) -> Iterator[Finding]:
    """Every flow of people leaves one stock and enters one, or crosses the edge where it says so."""
    yield from _as_findings({fault: fault for fault in people_balance(catalogue.model)})


def cards(catalogue: Catalogue) -> Iterator[Finding]:
    """Every number lies in its range, says what it means, and has a source that exists or is called an assumption."""
    all_cards = catalogue.model.cards.values()
    faults = {card.id: fault for card in all_cards for fault in _card_faults(card, catalogue.references)}
    yield from _as_findings(faults)


def _card_faults(card: Card, references: Mapping) -> Iterator[str]:
    for value in card.by_population.values() if card.by_population else (card.value,):
        if not card.low <= value <= card.high:
            yield f"{card.id} is {value:g}, outside {card.low:g} to {card.high:g}"
    if len(card.meaning.split()) < MEANING_WORDS:
        yield f"{card.id} does not say what it means"
    if card.low > card.high or (card.low == card.high and card.distribution != "fixed"):
        yield f"{card.id} has no range: {card.low:g} to {card.high:g}"
    keys = re.split(r"[,+]| and ", card.source) if card.source != "assumption" else ()
    for key in keys:
        if key.strip() not in references:
            yield f"{card.id}: no reference {key.strip()!r}"


def acts(catalogue: Catalogue) -> Iterator[Finding]:
    """Every card is used by an equation, and every auxiliary or flow leads to a stock or an outcome."""
    model, faults = catalogue.model, {}
    initial = " ".join(stock.declaration.initial for stock in model.stocks)
    for name in model.cards:
        if not model.effects[name] and not re.search(rf"\b{name}\b", initial):
            faults[name] = f"{name} is used by no equation"
    observed = (outcome.observed_as for outcome in catalogue.outcomes.values() if outcome.observed_as)
    heads = {*catalogue.outcomes, *observed}
    for name, variable in model.variables.items():
        if variable.kind != "stock" and name not in heads and not model.effects[name]:
            faults[name] = f"{name} is used by no equation and is no outcome"
    yield from _as_findings(faults)


def loops(catalogue: Catalogue) -> Iterator[Finding]:
    """Every named loop is found in the equations, with the polarity of its story, in every corridor; one that needs a
    rival formula, under that."""
    faults = {}
    whole = catalogue.model.loops
    for needs in dict.fromkeys(loop.needs for loop in whole.values()):
        wanted = [name for name, loop in whole.items() if loop.needs == needs]
        for corridor, name, cycle in _cycles(catalogue, dict([needs]) if needs else None, wanted):
            story = whole[name].kind
            if cycle is None:
                faults[name] = f"{corridor}: no cycle passes what the loop {name} passes"
            elif cycle.polarity != story:
                faults[name] = f"{corridor}: the loop {name} should be {story}; found {cycle}"
    yield from _as_findings(faults)


def _cycles(
    catalogue: Catalogue, formulas: dict[str, str] | None, wanted: list[str]
) -> Iterator[tuple[str, str, Cycle | None]]:
    """Corridor, name of a loop that is wanted, and the cycle that it is there under these formulas."""
    for corridor, state in states(catalogue.model, formulas).items():
        for name, cycle in named_loops(catalogue.model, state, wanted).items():
            yield corridor, name, cycle


def extremes(catalogue: Catalogue) -> Iterator[Finding]:
    """Every equation stays finite with each input alone at zero, at the ends of its range, or a thousandfold."""
    yield from _as_findings(equation_faults(catalogue.model))


def outflows(catalogue: Catalogue) -> Iterator[Finding]:
    """Nobody leaves an empty stock of people."""
    yield from _as_findings(outflow_faults(catalogue.model))


STRUCTURE: dict[str, Callable[[Catalogue], Iterator[Finding]]] = {
    claim.__name__: claim for claim in (units, people, cards, acts, loops, extremes, outflows)
}
