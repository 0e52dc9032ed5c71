"""What the proofs of the engine share: tasks of both corridors, single calls of the kernel, small models."""

from __future__ import annotations

import dataclasses
import types
from dataclasses import dataclass
from functools import cache

import numpy as np

from pushpull import Scenario
from pushpull.catalogue import catalogue
from pushpull.engine.codegen.layout import SINGLE
from pushpull.engine.language.cards import Card
from pushpull.engine.language.graph import Model
from pushpull.engine.plain.evaluator import Conditions
from pushpull.engine.runs.task import Task
from pushpull.preparation import integrator, task_of

CORRIDORS = ("us_southwest_border", "g8_2001")


@cache
def baseline(corridor: str) -> Scenario:
    """A corridor without any policy."""
    return Scenario.load(corridor).baseline()


@cache
def task_and_run(corridor: str) -> tuple[Task, np.ndarray, np.ndarray, np.ndarray]:
    """The baseline's task, and its saved times, levels and values."""
    task = task_of(baseline(corridor))
    return task, *integrator().run(task)


def first_years(task: Task, years: float, policy_year: float | None = None) -> Task:
    """The same task, cut short, with the policy start `policy_year` years after the start."""
    steps = round(years * task.steps_per_year)
    policy_step = task.policy_step if policy_year is None else round(policy_year * task.steps_per_year)
    return dataclasses.replace(task.first(steps), policy_step=policy_step)


@dataclass
class Call:
    """One evaluation of all variables: by the kernel, or in plain Python. What is not written stays NaN."""

    task: Task
    levels: np.ndarray
    inputs: np.ndarray
    formulas: np.ndarray
    held: np.ndarray
    off: np.ndarray

    @classmethod
    def of(cls, task: Task, levels: np.ndarray, inputs: np.ndarray) -> Call:
        """A call under the task's own formulas with every loop on."""
        loops = len(integrator().layout.loops)
        held = np.zeros((loops, levels.shape[1]))
        return cls(task, np.ascontiguousarray(levels), inputs, task.formulas, held, np.zeros(loops, dtype=np.uint8))

    def kernel(self) -> tuple[np.ndarray, np.ndarray]:
        """Values and slopes as the kernel finds them."""
        task = dataclasses.replace(self.task, formulas=self.formulas)
        return integrator().runner(task, SINGLE).evaluate(task, self.levels, self.inputs, self.held, self.off)

    def plain(self) -> tuple[np.ndarray, np.ndarray]:
        """Values and slopes as plain Python finds them."""
        given = (self.levels, self.inputs, self.task.constants, self.formulas, self.held, self.off)
        return integrator().evaluator(self.task).evaluate(Conditions(*given), unwritten=np.nan)


def small_model(*functions, cards: dict[str, float | Card] | None = None, loops=()) -> Model:
    """A model of the given equations and parameters, each a value or a whole card."""
    chapter = types.ModuleType("chapter")
    for function in functions:
        function.__module__ = "chapter"
        setattr(chapter, function.__name__, function)
    given = (card if isinstance(card, Card) else a_card(name, card) for name, card in (cards or {}).items())
    return Model.from_modules([chapter], given, loops)


def a_card(name: str, value: float, unit: str = "1") -> Card:
    """A parameter about which nothing is known."""
    return Card(name, "parameter", name, "group", unit, value, value - 1, value + 1, "meaning")


def random_value(scenario: Scenario, name: str, generator: np.random.Generator):
    """A lever setting drawn from its range: a constant, a step, a ramp, a pulse or a table."""
    card = catalogue().levers[name]
    policy_start, end = round(scenario.policy_start), round(scenario.end)
    first, last = sorted(int(year) for year in generator.choice(range(policy_start, end), 2, replace=False))
    value, other = (float(number) for number in generator.uniform(card.low, card.high, 2))
    forms = [
        value,
        {"step": {"year": first, "value": value}},
        {"ramp": {"from": first, "to": last, "value": value}},
        {"pulse": {"from": first, "to": last, "value": value}},
        {"table": {first: value, last: other}},
    ]
    return forms[generator.integers(len(forms))]


def random_policies(scenario: Scenario, generator: np.random.Generator) -> dict:
    """Every lever with even chances left alone or moved; of those by route, one route alone now and then."""
    policies = {}
    for name, card in catalogue().levers.items():
        if generator.random() < 0.5:
            setting = random_value(scenario, name, generator)
            alone = card.over == "route" and generator.random() < 0.5
            policies[name] = {str(generator.choice(scenario.routes)): setting} if alone else setting
    return policies
