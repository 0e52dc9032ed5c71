"""What is known of every name: used by `list`, by `explain` and by the reference pages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pushpull.catalogue import Catalogue
    from pushpull.engine.language.cards import Card
    from pushpull.engine.language.graph import Equation, Variable
    from pushpull.engine.runs.result import Result
    from pushpull.scenario import Scenario

_MARK = re.compile(r"\s(?=(?:Source|Assumption)s?: )")
_WORD = re.compile(r"[A-Za-z0-9_]+")
KINDS = {"R": "reinforcing", "B": "balancing"}


@dataclass(frozen=True)
class Told:
    """A docstring taken apart: what a variable means, and where its form comes from."""

    meaning: str
    source: str


def told(variable: Variable, equation: Equation | None = None) -> Told:
    """Meaning and source of a variable, or of one of its rival formulas."""
    text = (equation or variable.equations[0]).declaration.meaning
    meaning, *rest = _MARK.split(text, maxsplit=1)
    return Told(meaning, rest[0].removeprefix("Source: ").rstrip(".") if rest else "")


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
            "meaning": told(variable, equation).meaning,
            "source": told(variable, equation).source,
        }
        for equation in variable.equations
    ]


def kind_of(catalogue: Catalogue, name: str) -> str | None:
    """Whether a name is a stock, flow, auxiliary, lever, context driver, parameter, loop or setting."""
    if name in catalogue.model.variables:
        return catalogue.model.variables[name].kind
    rooms = {"lever": catalogue.levers, "context": catalogue.context, "parameter": catalogue.parameters}
    rooms |= {"loop": catalogue.loops, "setting": catalogue.formulas}
    return next((kind for kind, names in rooms.items() if name in names), None)


def names(catalogue: Catalogue) -> list[str]:
    """Every name there is to explain."""
    return [*catalogue.model.variables, *catalogue.model.cards, *catalogue.loops, *catalogue.formulas]


def title_of(catalogue: Catalogue, name: str) -> str:
    """The title of an outcome, card or loop; of other variables, the name in words."""
    for room in (catalogue.outcomes, catalogue.model.cards, catalogue.loops):
        if name in room:
            return room[name].title
    return name.replace("_", " ").capitalize()


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


def today_of_variable(result: Result, name: str, year: float) -> dict:
    """The value of a variable in a year of a run, with its parts."""
    place = int(abs(result.time - year).argmin())
    found = {"today": float(result.total(name)[0, place])}
    block = result.array(name)
    if block.shape[3] > 1:
        by_route = result.by_route(name)[0, place]
        found["today_by_route"] = dict(zip(result.routes, map(float, by_route), strict=True))
    if block.shape[2] > 1:
        from pushpull.engine.language.declare import population

        by_population = block[0, place].sum(axis=1) if _adds_up(result, name) else block[0, place].mean(axis=1)
        found["today_by_population"] = dict(zip(population.labels, map(float, by_population), strict=True))
    return found


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


def nearest(name: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The names most like the one given: by spelling, else those that hold it as a word."""
    from difflib import get_close_matches

    known = list(known)
    wanted = name.strip().lower().replace("-", "_").replace(" ", "_")
    return get_close_matches(wanted, known, n=count) or [each for each in known if wanted in each][:count]
