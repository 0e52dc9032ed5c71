"""What each scenario sets: levers across scenarios, with the least, the mean and the most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.compared import Entry
from pushpull.dashboard.i18n.shown_units import shown_unit
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.state.state import State
from pushpull.wording.markup import element, table


def fragment(language: Language, state: State, entries: Sequence[Entry]) -> Markup:
    """Every lever that any of the scenarios moves, as it stands at the end of the run."""
    say, numbers = language.say, language.numbers
    levers = catalogue().levers
    moved = [name for name in levers if any(name in entry.scenario.policies for entry in entries)]
    if not moved:
        return element("p", say("compare.nothing"), class_="lead")
    rows = []
    for name in moved:
        scale, unit = shown_unit(language, levers[name])
        values = [scale * end_value(entry, name) for entry in entries]
        policies = values[1:] or values
        cells = [
            element("td", numbers.number(value), class_="moved" if name in entry.scenario.policies else None)
            for value, entry in zip(values, entries, strict=True)
        ]
        spread = [numbers.number(each) for each in (min(policies), sum(policies) / len(policies), max(policies))]
        rows.append([element("span", language.title(name), element("small", unit)), *cells, *spread])
    heads = [
        say("why.lever"),
        *(entry.title for entry in entries),
        *(say(f"compare.{word}") for word in ("least", "mean", "most")),
    ]
    title = say("compare.levers")
    body = element("div", table(heads, rows, title), class_="scroll", tabindex="0")
    return element("figure", body, class_="chart wide matrix", id="figure-levers", aria_label=title)


def end_value(entry: Entry, name: str) -> float:
    """A lever at the end of the run, in the model's unit; the mean over routes."""
    value = entry.scenario.value_at(name, entry.scenario.end - 1e-6)
    return sum(value.values()) / len(value) if isinstance(value, Mapping) else value
