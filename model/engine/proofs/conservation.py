"""Conservation of people, proved from the equations and counted in a run.

A stock's body is a signed sum of flows, so it can be read as a list of entries and exits. Each flow of
people must leave one stock and enter one, in each population; a boundary flow only one of the two. A stock
that adds up nothing but boundary flows is a *counter* of what crossed the model's edge and holds no people
itself.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from pushpull.engine.language.graph import Model, ModelFault, Variable
from pushpull.engine.language.indices import INDICES, population
from pushpull.engine.language.words import word_of
from pushpull.engine.runs.result import Result

PEOPLE = "person"
FLOW_OF_PEOPLE = "person/year"


@dataclass(frozen=True)
class SignedFlow:
    """One flow in the body of `stock`.

    `part` is the population of the flow that moves (None where the flow has none), `into` the population of
    the stock it moves in (None where the stock has none), `standing` are the other indices over which it still stands.
    """

    stock: str
    flow: str
    sign: int
    part: str | None
    into: str | None
    standing: frozenset[str]

    def turned(self) -> SignedFlow:
        """The same, taken away instead of added."""
        return replace(self, sign=-self.sign)

    def added_up(self, index: str) -> SignedFlow:
        """The same, summed over an index."""
        if index == population.name:
            return replace(self, into=None)
        if index not in self.standing:
            raise ModelFault(f"{self.stock}: {self.flow} does not vary over {index}, so it cannot be added up over it")
        return replace(self, standing=self.standing - {index})

    def picked(self) -> SignedFlow:
        """The same, of one population alone."""
        return replace(self, into=None)

    def put_into(self, label: str) -> SignedFlow:
        """The same, put into one population; raise ModelFault where it has populations already."""
        if self.into is not None:
            raise ModelFault(f"{self.stock}: {self.flow} already has populations; pick one first")
        return replace(self, into=label)


def signed_flows(model: Model, stock: Variable) -> list[SignedFlow]:
    """A stock's body as signed flows, population by population; raise ModelFault where it is not one."""
    flows = list(_read_flows(model, stock, stock.equations[0].expression))
    for flow in flows:
        if stock.peopled != (flow.into is not None):
            kind = (
                "has no populations: put it into one with by_population"
                if stock.peopled
                else "has populations: add them up"
            )
            raise ModelFault(f"{stock.name}: the flow {flow.flow} {kind}")
        for index in INDICES:
            if index is not population and stock.varies(index.name) != (index.name in flow.standing):
                kind = f"has no {index.name}s" if stock.varies(index.name) else f"has {index.name}s: add them up"
                raise ModelFault(f"{stock.name}: the flow {flow.flow} {kind}")
    return flows


def _read_flows(model: Model, stock: Variable, node: ast.expr) -> Iterator[SignedFlow]:
    def read(part: ast.expr) -> Iterator[SignedFlow]:
        return _read_flows(model, stock, part)

    match node:
        case ast.Name(id=name) if name in model.variables and model.variables[name].kind == "flow":
            flow = model.variables[name]
            standing = frozenset(model.over(name)) - {population.name}
            for label in population.labels if flow.peopled else (None,):
                yield SignedFlow(stock.name, name, 1, label, label, standing)
        case ast.Constant(value=0) | ast.BinOp(left=ast.Constant(value=0), op=ast.Mult()):
            return
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as operator, right=right):
            yield from read(left)
            yield from read(right) if isinstance(operator, ast.Add) else (flow.turned() for flow in read(right))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield from (flow.turned() for flow in read(operand))
        case ast.Call() if (own := word_of(node)) and own.flows:
            yield from own.flows(read, node)
        case _:
            raise ModelFault(f"{stock.name}: {ast.unparse(node)!r} is no signed sum of flows")


def body_faults(model: Model) -> list[str]:
    """Stocks whose body is not a signed sum of flows."""
    return [str(fault) for stock in model.stocks if isinstance(fault := _tried(model, stock), ModelFault)]


def _tried(model: Model, stock: Variable) -> list[SignedFlow] | ModelFault:
    try:
        return signed_flows(model, stock)
    except ModelFault as fault:
        return fault


def counters(model: Model) -> tuple[str, ...]:
    """Stocks of people that add up nothing but boundary flows."""
    names = []
    for stock in model.stocks:
        flows = signed_flows(model, stock) if stock.unit == PEOPLE else []
        if flows and all(model.variables[each.flow].declaration.boundary for each in flows):
            names.append(stock.name)
    return tuple(names)


def people_stocks(model: Model) -> tuple[str, ...]:
    """Stocks in which people stand, the dead included."""
    edge = counters(model)
    return tuple(stock.name for stock in model.stocks if stock.unit == PEOPLE and stock.name not in edge)


def people_balance(model: Model) -> list[str]:
    """Every flow of people that does not go from one stock to another, or over the edge where it says so."""
    faults = body_faults(model)
    if faults:
        return faults
    moves = _moves(model, people_stocks(model))
    counted = _moves(model, counters(model))
    for variable in model.variables.values():
        if variable.kind != "flow" or variable.unit != FLOW_OF_PEOPLE:
            continue
        for part in population.labels if variable.peopled else (None,):
            name = variable.name if part is None else f"{variable.name}[{part}]"
            leaves, enters = (moves.get((variable.name, part, sign), []) for sign in (-1, 1))
            if variable.declaration.boundary:
                if len(leaves) + len(enters) != 1:
                    faults.append(f"{name} crosses the edge, so it leaves or enters one stock: {_said(leaves, enters)}")
                expected = "enters" if enters else "leaves"
                if len(counted.get((variable.name, part, 1 if enters else -1), [])) != 1:
                    faults.append(f"{name} crosses the edge and {expected} the model, but no stock counts it")
            elif len(leaves) != 1 or len(enters) != 1:
                faults.append(f"{name} must leave one stock and enter one: {_said(leaves, enters)}")
    return faults


def _moves(model: Model, stocks: tuple[str, ...]) -> dict[tuple[str, str | None, int], list[str]]:
    moves: dict[tuple[str, str | None, int], list[str]] = {}
    for name in stocks:
        for each in signed_flows(model, model.variables[name]):
            moves.setdefault((each.flow, each.part, each.sign), []).append(name)
    return moves


def _said(leaves: list[str], enters: list[str]) -> str:
    return f"it leaves {', '.join(leaves) or 'none'} and enters {', '.join(enters) or 'none'}"


def people_total(result: Result) -> np.ndarray:
    """Everyone in the model, the dead included, over (member, time)."""
    return _summed(result, people_stocks(result.model))


def boundary_total(result: Result) -> np.ndarray:
    """People who have come over the model's edge since the start, less those who left; (member, time)."""
    return _summed(result, counters(result.model))


def _summed(result: Result, names: tuple[str, ...]) -> np.ndarray:
    arrays = [result.array(name) for name in names]
    return sum(array.sum(axis=tuple(range(2, array.ndim))) for array in arrays)
