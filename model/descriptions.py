"""What every name of the model is: kind, title, meaning, equation, source, unit and value today.

Command line, reference and page describe the model by these functions.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pushpull.wording.docstrings import Docstring, docstring
from pushpull.wording.money import MONEY, in_currency, is_money

if TYPE_CHECKING:
    from pushpull.catalogue import Catalogue
    from pushpull.engine.language.cards import Card
    from pushpull.engine.language.graph import Equation, Variable
    from pushpull.engine.runs.result import Result
    from pushpull.scenario import Corridor, Scenario

_WORD = re.compile(r"[A-Za-z0-9_]+")
KINDS = {"R": "reinforcing", "B": "balancing"}
TITLES = {  # of variables whose name, in words, would say something else
    "assisted_remigration": "Leaving again after assisted return",
    "deportee_remigration": "Deported people planning to come back",
    "displacement": "Forced displacement",
    "matched_slots": "Matched work permits",
    "open_slots": "Work permits open",
    "slots_kept": "Share of work permits kept",
    "voluntary_returns": "Spontaneous returns",
    "waiting_in_vain": "Gave up at the border",
}


def docstring_of(variable: Variable, equation: Equation | None = None) -> Docstring:
    """Meaning and source of a variable: those of its default formula, or of the rival `equation`."""
    return docstring((equation or variable.equations[0]).declaration.meaning)


def citations(text: str, references: Mapping[str, Mapping]) -> list[dict]:
    """The references that a text names by their keys, in full."""
    keys = dict.fromkeys(word for word in _WORD.findall(text) if word in references)
    return [{"key": key, **references[key]} for key in keys]


def equation_text(variable: Variable, equation: Equation) -> str:
    """An equation as it is written; a stock as its net flow."""
    body = ast.unparse(equation.expression)
    if variable.kind == "stock":
        return f"d({variable.name})/dt = {body}"
    return f"{variable.name} = {body}"


def equations(variable: Variable) -> list[dict]:
    """Every formula of a variable; of several rivals the first is the default."""
    return [
        {
            "formula": equation.declaration.formula,
            "equation": equation_text(variable, equation),
            "meaning": docstring_of(variable, equation).meaning,
            "source": docstring_of(variable, equation).source,
        }
        for equation in variable.equations
    ]


def kind_of(catalogue: Catalogue, name: str) -> str | None:
    """Whether a name is a stock, flow, auxiliary, lever, context driver, parameter, loop or setting."""
    if name in catalogue.model.variables:
        return catalogue.model.variables[name].kind
    kinds: dict[str, Mapping] = {
        "lever": catalogue.levers,
        "context": catalogue.context,
        "parameter": catalogue.parameters,
    }
    kinds |= {"loop": catalogue.loops, "setting": catalogue.formulas}
    return next((kind for kind, names in kinds.items() if name in names), None)


def names(catalogue: Catalogue) -> list[str]:
    """Every name there is to explain."""
    return [*catalogue.model.variables, *catalogue.model.cards, *catalogue.loops, *catalogue.formulas]


def title_of(catalogue: Catalogue, name: str) -> str:
    """The title of an outcome or card; of other variables their own or the name in words; of a loop its title."""
    for titled in (catalogue.outcomes, catalogue.model.cards):
        if name in titled:
            return titled[name].title
    if name in catalogue.loops and name not in catalogue.model.variables:
        return catalogue.loops[name].title
    return TITLES.get(name) or name.replace("_", " ").capitalize()


def spread(value: float | Mapping[str, float], over: str | None) -> dict:
    """A value of today as fields: `today`, and `today_by_route` or `today_by_population` where it varies."""
    if not isinstance(value, Mapping):
        return {"today": float(value)}
    values = {key: float(each) for key, each in value.items()}
    distinct = set(values.values())
    today = distinct.pop() if len(distinct) == 1 else sum(values.values()) / len(values)
    return {"today": today, f"today_by_{over or 'route'}": values}


def today_of_card(scenario: Scenario, card: Card) -> dict:
    """Today's value of a lever, a context driver or a parameter."""
    return spread(scenario.today(card.id), card.over)


def unit_costs(scenario: Scenario, lever: Card) -> list[dict]:
    """What a lever's use is paid by: of each card its value in the corridor, its unit, what it is, and the source of
    the value or that it is an assumption."""
    return [_unit_cost(scenario, scenario.catalogue.parameters[name]) for name in lever.unit_costs]


def is_at_par(corridor: Corridor, cost: Card) -> bool:
    """Whether a unit cost is a figure of a card, in dollars, that stands for the corridor's own currency."""
    return is_money(cost.unit) and corridor.currency != MONEY and cost.id not in corridor.own_parameters


def _unit_cost(scenario: Scenario, card: Card) -> dict:
    corridor = scenario.corridor
    own = corridor.own_parameters.get(card.id, card.value)
    source = f"{card.source} (grade {card.grade})" if card.grade != "assumption" else "assumption"
    if own != card.value:
        source = corridor.notes.get(card.id, "assumption")
    return {
        "id": card.id,
        **today_of_card(scenario, card),
        "unit": in_currency(card.unit, corridor.currency),
        "meaning": card.meaning,
        "source": source,
        "at_par": is_at_par(corridor, card),
    }


def today_of_variable(result: Result, name: str, year: float) -> dict:
    """The value of a variable in a year of a run, as fields; by route, population and origin where it has such
    parts."""
    moment = result.moment(year)
    fields: dict[str, object] = {"today": float(result.total(name)[0, moment])}
    block = result.across_origins(name)
    if block.shape[3] > 1:
        by_route = result.by_route(name)[0, moment]
        fields["today_by_route"] = dict(zip(result.routes, map(float, by_route), strict=True))
    if block.shape[2] > 1:
        from pushpull.engine.language.declare import population  # late: commands that run nothing load no engine

        parts = block[0, moment]
        by_population = parts.sum(axis=1) if _adds_up(result, name) else parts.mean(axis=1)
        fields["today_by_population"] = dict(zip(population.labels, map(float, by_population), strict=True))
    if len(result.origins) > 1 and result.model.variables[name].varies("origin"):
        by_origin = result.by_origin(name)[0, moment]
        fields["today_by_origin"] = dict(zip(result.origins, map(float, by_origin), strict=True))
    return fields


def _adds_up(result: Result, name: str) -> bool:
    return result.model.variables[name].across == "sum"


def today_of(scenario: Scenario, result: Result, name: str) -> dict:
    """Today's value of any variable or card."""
    cards = result.model.cards
    if name in cards:
        return today_of_card(scenario, cards[name])
    return today_of_variable(result, name, scenario.policy_start)


def unit_of(catalogue: Catalogue, name: str) -> str:
    """The unit of a variable or card."""
    model = catalogue.model
    return (model.variables[name] if name in model.variables else model.cards[name]).unit
