"""Extreme conditions equation by equation, and outflows of empty stocks, in plain Python."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from pushpull.checking.expansion import base_of
from pushpull.engine.language.graph import Equation, Model, Variable
from pushpull.engine.language.indices import AXIS, population
from pushpull.engine.language.rows import Layout
from pushpull.engine.plain.evaluator import PlainEvaluator, pack
from pushpull.engine.proofs.conservation import FLOW_OF_PEOPLE, people_stocks, signed_flows
from pushpull.engine.proofs.feedback_loops import Snapshot, state_at
from pushpull.engine.runs.task import Task
from pushpull.scenario import corridor_names

MANIFOLD = 1000.0
NOTHING = 1e-9
SHARES = ("_share", "_probability", "_odds", "_availability", "share_")


def states(model: Model, formulas: Mapping[str, str] | None = None) -> dict[str, Snapshot]:
    """The state of every shipped corridor at its start, in which nothing is assumed but the cards; where rival
    `formulas` are given, under these, with policy that starts there and then."""
    return {name: _state(model, task) for name, (task, _) in _starts(model, formulas).items()}


def _starts(model: Model, formulas: Mapping[str, str] | None = None) -> dict[str, tuple[Task, np.ndarray]]:
    """For every corridor a task of one step, and the levels its stocks start from."""
    from pushpull.preparation import task_of

    starts = {}
    for corridor in corridor_names():
        base = base_of(corridor)
        if formulas:
            base = base.with_changes(formulas=formulas, policy_start=base.corridor.start)
        task = task_of(base)
        starts[corridor] = (task, _stated_levels(model, task))
    return starts


def _stated_levels(model: Model, task: Task) -> np.ndarray:
    """The levels (stock, element) at which a model starts that is not compiled."""
    return PlainEvaluator(model, Layout.of(model), task.extent).stated_levels(task)


def _state(model: Model, task: Task) -> Snapshot:
    return state_at(model, Layout.of(model), task, _stated_levels(model, task), 0)


def equation_faults(model: Model) -> dict[str, str]:
    """Every formula that stops being finite when one of its inputs alone is extreme: "equation, cause" and in words."""
    faults: dict[str, str] = {}
    for corridor, state in states(model).items():
        for variable in model.variables.values():
            for where, fault in _faults(model, variable, state.known) if variable.kind != "stock" else ():
                faults.setdefault(where, f"{corridor}: {fault}")
    return faults


def _faults(model: Model, variable: Variable, values: Mapping[str, np.ndarray]) -> Iterator[tuple[str, str]]:
    for equation in variable.equations:
        said = variable.name + (f" ({equation.declaration.formula})" if equation.declaration.formula else "")
        for cause in equation.arguments:
            for word, value in extreme_values(model, cause, values[cause]):
                result = _evaluated(equation, {**values, cause: value})
                if not np.all(np.isfinite(result)):
                    yield f"{variable.name}, {cause}", f"{said} is {_first_odd(result)} with {cause} {word}"


def _evaluated(equation: Equation, values: Mapping[str, np.ndarray]) -> np.ndarray:
    with np.errstate(all="ignore"):
        return np.asarray(equation.declaration.function(*(values[name] for name in equation.arguments)), dtype=float)


def _first_odd(values: np.ndarray) -> float:
    return float(values[~np.isfinite(values)].flat[0])


def extreme_values(model: Model, name: str, usual: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """What a variable or card may come to: the ends of a card's range; for a variable zero and a thousandfold."""
    if name in model.cards:
        card = model.cards[name]
        yield f"at {card.low:g}", np.full_like(usual, card.low)
        yield f"at {card.high:g}", np.full_like(usual, card.high)
        return
    yield "at zero", np.zeros_like(usual)
    share = model.variables[name].unit == "1" and np.all((usual >= 0) & (usual <= 1)) and _is_share(name)
    yield ("at one", np.ones_like(usual)) if share else ("a thousandfold", usual * MANIFOLD)


def _is_share(name: str) -> bool:
    return any(part in f"{name}_" for part in (f"{ending}_" for ending in SHARES))


def outflow_faults(model: Model) -> dict[str, str]:
    """Flows of people that go on when the stock they leave is empty: "flow, stock" and in words."""
    faults: dict[str, str] = {}
    for corridor, (task, levels) in _starts(model).items():
        for name in people_stocks(model):
            for flow, fault in _still_leaving(model, name, task, levels):
                faults.setdefault(f"{flow}, {name}", f"{corridor}: {fault}")
    return faults


def _still_leaving(model: Model, name: str, task: Task, levels: np.ndarray) -> Iterator[tuple[str, str]]:
    layout, stock = Layout.of(model), model.variables[name]
    emptied = levels.copy()
    pack(np.zeros((1, 1)), emptied[layout.stocks.index(name)], model.over(name), task.extent)
    with np.errstate(all="ignore"):
        values = state_at(model, layout, task, emptied, 0).known
    for term in signed_flows(model, stock):
        if term.sign > 0 or model.variables[term.flow].unit != FLOW_OF_PEOPLE:
            continue
        flow = values[term.flow]
        part = flow
        if term.part is not None:
            part = flow.take(population.labels.index(term.part), axis=AXIS[population.name])
        if not np.abs(part).max() <= NOTHING:
            who = f"[{term.part}]" if term.part else ""
            yield term.flow, f"{term.flow}{who} is {np.abs(part).max():.3g} while {name} is empty"
