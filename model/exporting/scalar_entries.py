"""A scenario's model as scalar entries: stocks, flows and auxiliaries, each with its equation as one line of text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from pushpull.engine.language.cards import Card
from pushpull.engine.language.graph import Equation, Model, Variable
from pushpull.engine.language.indices import NAMES
from pushpull.engine.plain.evaluator import unpack
from pushpull.engine.stepping.methods import QUARTER, STEPS_PER_YEAR, saves_per_year
from pushpull.exporting.expressions import Position, Writer, element, number, parsed
from pushpull.exporting.graphical_functions import points
from pushpull.preparation import integrator, task_of

if TYPE_CHECKING:
    from pushpull.scenario import Scenario


@dataclass(frozen=True)
class XmileEntry:
    """One scalar variable. Of a stock, `equation` is the level at the start; `points` draw a function of time; `range`
    holds the lowest and the highest value that may be set."""

    kind: str
    name: str
    unit: str
    meaning: str
    equation: str
    inflows: tuple[str, ...] = ()
    outflows: tuple[str, ...] = ()
    points: tuple[tuple[float, ...], tuple[float, ...]] | None = None
    range: tuple[float, float] | None = None


@dataclass(frozen=True)
class ScenarioNumbers:
    """What a scenario gives: the model and its chosen formulas, the routes, the grid of steps, every number on it."""

    model: Model
    routes: tuple[str, ...]
    origins: tuple[str, ...]
    formulas: dict[str, str]
    start: float
    stop: float
    steps_per_year: int
    saves_per_year: int | None
    policy_step: int
    inputs: dict[str, np.ndarray]
    constants: dict[str, float]
    balanced: dict[str, float]

    @classmethod
    def of(cls, scenario: Scenario) -> ScenarioNumbers:
        """The numbers of a scenario, under the names of the elements that hold them."""
        model, routes = scenario.catalogue.model, scenario.routes
        steps_per_year, usual = scenario.steps_per_year or STEPS_PER_YEAR, scenario.save_every == QUARTER
        return cls(
            model=model,
            routes=routes,
            origins=tuple(scenario.corridor.origins),
            formulas={**{name: rivals[0] for name, rivals in model.formulas.items()}, **scenario.formulas},
            start=float(scenario.corridor.start),
            stop=float(scenario.end),
            steps_per_year=steps_per_year,
            saves_per_year=None if usual else saves_per_year(scenario.save_every, steps_per_year),
            policy_step=round((scenario.policy_start - scenario.corridor.start) * steps_per_year),
            inputs=_inputs(scenario, model, steps_per_year),
            constants=_constants(scenario, model),
            balanced=_balanced(scenario, model),
        )

    def writer(self, called: Callable[[str, str], str] = lambda cause, reader: cause) -> Writer:
        """What writes expressions for the scenario's routes and origins."""
        return Writer(self.model, self.routes, called, self.origins)

    @property
    def steps(self) -> int:
        """Number of steps."""
        return len(next(iter(self.inputs.values())))

    def time(self, step: float) -> float:
        """The time at a step, or between two of them."""
        return self.start + step / self.steps_per_year

    def chosen(self, variable: Variable) -> Equation:
        """The formula in force: of rivals, the one the scenario chooses."""
        return variable.under(self.formulas)


def _writer(scenario: Scenario, model: Model) -> Writer:
    return Writer(model, scenario.routes, origins=tuple(scenario.corridor.origins))


def _inputs(scenario: Scenario, model: Model, steps_per_year: int) -> dict[str, np.ndarray]:
    scalar = tuple(name for name, card in model.inputs.items() if not card.over)
    indexed = tuple(name for name, card in model.inputs.items() if card.over)
    block = scenario.resolve_inputs(scalar, indexed, steps_per_year).whole
    writer = _writer(scenario, model)
    names = [
        element(name, model.over(name), position)
        for name in (*scalar, *indexed)
        for position in writer.positions(model.over(name))
    ]
    return {name: block[:, :, column] for column, name in enumerate(names)}


def _constants(scenario: Scenario, model: Model) -> dict[str, float]:
    rows = scenario.resolve_parameters(tuple(model.parameters))
    positions = _writer(scenario, model).positions(NAMES)
    constants: dict[str, float] = {}
    for name, row in zip(model.parameters, rows, strict=True):
        for position, value in zip(positions, row, strict=True):
            constants.setdefault(element(name, model.over(name), position), float(value))
    return constants


def _balanced(scenario: Scenario, model: Model) -> dict[str, float]:
    """Levels of the stocks that start where their flows cancel, by element: the search for them is no equation."""
    task = task_of(scenario)
    levels = integrator().initial_levels(task)
    writer = _writer(scenario, model)
    balanced: dict[str, float] = {}
    for stock, row in zip(model.stocks, levels, strict=True):
        if stock.declaration.balanced:
            over = model.over(stock.name)
            values = unpack(row, over, task.extent).ravel()
            balanced |= {
                element(stock.name, over, position): float(value)
                for position, value in zip(writer.positions(over), values, strict=True)
            }
    return balanced


def card_entries(numbers: ScenarioNumbers) -> Iterator[XmileEntry]:
    """Levers, drivers and parameters: constants, and functions of time where they change."""
    writer = numbers.writer()
    for name, card in numbers.model.cards.items():
        for position in writer.positions(numbers.model.over(name)):
            called = element(name, numbers.model.over(name), position)
            if called in numbers.constants:
                yield _constant(card, called, numbers.constants[called])
                continue
            times, values = points(numbers.inputs[called], numbers.start, numbers.steps_per_year)
            if len(values) == 1:
                yield _constant(card, called, values[0])
            else:
                told = _told(card)
                yield XmileEntry("auxiliary", called, card.unit, told, "TIME", points=(times, values), range=card.range)


def _constant(card: Card, name: str, value: float) -> XmileEntry:
    return XmileEntry("auxiliary", name, card.unit, _told(card), str(number(value)), range=card.range)


def _told(card: Card) -> str:
    title = f"{card.title}. " if card.kind != "parameter" else ""
    source = "Assumption" if card.source == "assumption" else f"Source: {card.source} (grade {card.grade})"
    return f"{title}{card.meaning.rstrip('.')}. {source}."


@dataclass
class VariableEntries:
    """Writes the entries of variables; remembers which flows have found their stock."""

    numbers: ScenarioNumbers
    writer: Writer
    taken: set[tuple[int, str]] = field(default_factory=set)

    def of(self, variable: Variable, called: str | None = None) -> Iterator[XmileEntry]:
        """The entries of one variable, under another name if that is asked for."""
        equation = self.numbers.chosen(variable)
        over = tuple(index.name for index in variable.over)
        for position in self.writer.positions(over):
            name = element(called or variable.name, over, position)
            if variable.kind == "stock":
                yield from self._stock(variable, equation, name, position)
            else:
                text = self.writer.write(equation.expression, variable.name, position)
                kind = variable.kind if called is None else "auxiliary"
                yield XmileEntry(kind, name, variable.unit, equation.declaration.meaning, str(text))

    def _stock(self, variable: Variable, equation: Equation, name: str, position: Position) -> Iterator[XmileEntry]:
        flows: dict[int, list[str]] = {1: [], -1: []}
        for sign, flow in self.writer.flows(equation.expression, variable.name, position):
            if (sign, flow) in self.taken:
                # A flow fills one stock only; what is counted a second time is counted by a flow of its own.
                counted, flow = flow, f"{flow}_for_{name}"
                meaning = f"Equals {counted}, which also counts into {name}."
                yield XmileEntry("flow", flow, f"{variable.unit}/year", meaning, counted)
            self.taken.add((sign, flow))
            flows[sign].append(flow)
        initial = self._initial(variable, position)
        meaning = equation.declaration.meaning
        yield XmileEntry("stock", name, variable.unit, meaning, initial, tuple(flows[1]), tuple(flows[-1]))

    def _initial(self, variable: Variable, position: Position) -> str:
        if variable.declaration.balanced:
            name = element(variable.name, self.numbers.model.over(variable.name), position)
            return str(number(self.numbers.balanced[name]))
        return str(self.writer.write(parsed(variable.declaration.initial), variable.name, position))
