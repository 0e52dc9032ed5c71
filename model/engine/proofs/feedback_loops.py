"""Feedback loops: found in the graph, signed by what a small push at one state does, named where known.

Links join variables population by population, so that no chain passes from workers to people who flee where
nobody does; a link that does nothing under the formulas in force is no link. Its gain is the change of the
effect for a small change of the cause, all else equal: on the same route, or of the same origin, where both have
routes or origins, added up over them; where only one of them has, every route and origin is pushed or counted. A
loop's polarity is the product of its links' signs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations, product
from typing import TYPE_CHECKING

import numpy as np

from pushpull.engine.language.declare import Loop
from pushpull.engine.language.graph import Model
from pushpull.engine.language.indices import AXIS, NAMES, population
from pushpull.engine.language.rows import Layout
from pushpull.engine.plain.evaluator import Conditions, PlainEvaluator
from pushpull.engine.runs.task import Task

if TYPE_CHECKING:  # it is large, and most of what is started has no need of it
    import networkx

PUSH = 1e-6
STAND_IN = 0.1
PATHS_PER_LEG = 40

GraphNode = tuple[str, str | None]
"""A variable, and which population's part of it (None where it has none)."""


@dataclass(frozen=True)
class Snapshot:
    """Every number at one moment, by name, over ([origin,] population, route); and the rival formulas in force."""

    known: Mapping[str, np.ndarray]
    formulas: Mapping[str, str]


@dataclass(frozen=True)
class Cycle:
    """A closed chain of causes. `signs` belong to the links in order, the last one leading back to the first.

    `names` are the declared loops whose cut link it passes.
    """

    nodes: tuple[GraphNode, ...]
    signs: tuple[int, ...]
    names: tuple[str, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables passed, in order."""
        return tuple(name for name, _ in self.nodes)

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """Cause and effect, link by link."""
        return tuple(_round(self.variables))

    @property
    def polarity(self) -> str:
        """R where a push comes back in its own direction, B where it comes back against it."""
        return "R" if np.prod(self.signs) > 0 else "B"

    def __str__(self) -> str:
        steps = " ".join(
            f"{_said(node)} {'+>' if sign > 0 else '->'}" for node, sign in zip(self.nodes, self.signs, strict=True)
        )
        return f"{self.polarity}: {steps} {_said(self.nodes[0])}"


def _said(node: GraphNode) -> str:
    return node[0] if node[1] is None else f"{node[0]}[{node[1]}]"


def _round(items: tuple) -> Iterator[tuple]:
    return zip(items, (*items[1:], items[0]), strict=True)


def state_at(model: Model, layout: Layout, task: Task, levels: np.ndarray, step: int) -> Snapshot:
    """The state of a run at the start of `step`, from its levels (stock, element) then."""
    evaluator = PlainEvaluator(model, layout, task.extent)
    *_, (_, _, known) = evaluator.variables(Conditions.of(task, levels, task.inputs[step, 0]))
    chosen = {
        setting: model.formulas[setting][number] for setting, number in zip(layout.settings, task.formulas, strict=True)
    }
    return Snapshot({name: np.array(value) for name, value in known.items()}, chosen)


def gain_graph(model: Model, state: Snapshot) -> networkx.DiGraph:
    """Links among variables, population by population, each with its `gain` and `strength`.

    The gain is the change of the effect for a small change of the cause (stocks answer through their net
    flow); the strength is the same relative to their sizes, without sign.
    """
    import networkx

    graph = networkx.DiGraph()
    awake = _awakened(model, state.known)
    for effect in model.variables:
        for cause in model.causes(effect, state.formulas):
            if cause not in model.variables:
                continue
            gains = _gains(model, state.known, state.formulas, cause, effect)
            asleep = gains == 0
            if asleep.any():
                gains = np.where(asleep, _gains(model, awake, state.formulas, cause, effect), gains)
            for column, source in enumerate(_nodes(model, cause)):
                for row, target in enumerate(_nodes(model, effect)):
                    gain = float(gains[row, column])
                    if gain:
                        strength = abs(gain) * _size(state, source) / max(_size(state, target), PUSH)
                        graph.add_edge(source, target, gain=gain, strength=strength)
    return graph


def _nodes(model: Model, name: str) -> tuple[GraphNode, ...]:
    labels = population.labels if model.variables[name].peopled else (None,)
    return tuple((name, label) for label in labels)


def _size(state: Snapshot, node: GraphNode) -> float:
    value = state.known[node[0]]
    if node[1] is not None:
        value = value.take(population.labels.index(node[1]), axis=AXIS[population.name])
    return float(np.mean(np.abs(value)))


def _awakened(model: Model, known: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The same state with what stands at zero set above it, so that a link asleep shows its sign."""
    awake = {}
    for name, value in known.items():
        middle = (model.cards[name].low + model.cards[name].high) / 2 if name in model.cards else STAND_IN
        awake[name] = np.where(value == 0, middle, value)
    return awake


def _gains(
    model: Model, known: Mapping[str, np.ndarray], formulas: Mapping[str, str], cause: str, effect: str
) -> np.ndarray:
    """Gains over (population of the effect, population of the cause)."""
    variable = model.variables[effect]
    equation = variable.under(formulas)
    base, people = known[cause], AXIS[population.name]
    both = set(model.over(cause)) & set(model.over(effect)) - {population.name}
    shared = [index for index in NAMES if index in both]

    def evaluate(pushed: np.ndarray) -> np.ndarray:
        arguments = [pushed if name == cause else known[name] for name in equation.arguments]
        with np.errstate(all="ignore"):
            value = np.asarray(equation.declaration.function(*arguments), dtype=float)
        return np.broadcast_to(value, known[effect].shape)

    gains = np.zeros((known[effect].shape[people], base.shape[people]))
    # What both vary over is pushed member by member, all else together.
    for row, *at in product(range(base.shape[people]), *(range(base.shape[AXIS[index]]) for index in shared)):
        place: list[slice | int] = [slice(None)] * base.ndim
        place[people] = row
        for index, number in zip(shared, at, strict=True):
            place[AXIS[index]] = number
        size = PUSH * max(float(np.max(np.abs(base[tuple(place)]))), PUSH)
        above, below = base.copy(), base.copy()
        above[tuple(place)] += size
        below[tuple(place)] -= size
        change = evaluate(above) - evaluate(below)
        if not np.all(np.isfinite(change)):
            change = 2 * (evaluate(above) - evaluate(base))
        for index, number in zip(shared, at, strict=True):
            change = change.take([number], axis=AXIS[index])
        others = tuple(axis for axis in range(change.ndim) if axis != change.ndim + people)
        gains[:, row] += change.sum(axis=others) / (2 * size)
    return gains


def named_loops(model: Model, state: Snapshot, wanted: Collection[str] | None = None) -> dict[str, Cycle | None]:
    """For each declared loop that is wanted, the shortest cycle through its cut link and the variables it also passes.

    The variables are met in the order of the declaration if a cycle can, in any order otherwise; of cycles
    equally short, the one whose links act most strongly. None where no cycle passes them all under the
    formulas in force.
    """
    graph = gain_graph(model, state)
    return {name: _named(model, graph, loop) for name, loop in model.loops.items() if wanted is None or name in wanted}


def _named(model: Model, graph: networkx.DiGraph, loop: Loop) -> Cycle | None:
    passed = tuple(name for name in loop.through if name not in (loop.cause, loop.effect))
    for order in permutations(passed):
        cycles = [
            (stops[-1], *path[:-1])
            for stops in product(*(_nodes(model, name) for name in (loop.effect, *order, loop.cause)))
            if graph.has_edge(stops[-1], stops[0])
            for path in _paths_along(graph, stops)
        ]
        if cycles:
            shortest = min(map(len, cycles))
            best = max(
                (cycle for cycle in cycles if len(cycle) == shortest),
                key=lambda cycle: _strength(graph, cycle),
            )
            return _cycle(graph, best, (loop.id,))
    return None


def _paths_along(
    graph: networkx.DiGraph, stops: tuple[GraphNode, ...], passed: frozenset[GraphNode] = frozenset()
) -> Iterator[tuple[GraphNode, ...]]:
    """Simple paths along `stops` past none of `passed`, each leg as short as those before it allow."""
    import networkx

    first, *later = stops
    if not later:
        yield (first,)
        return
    if first == later[0]:
        yield from _paths_along(graph, tuple(later), passed)
        return
    open_graph = graph.subgraph(set(graph) - passed - set(later[1:]))
    if not {first, later[0]} <= set(open_graph) or not networkx.has_path(open_graph, first, later[0]):
        return
    for number, leg in enumerate(networkx.all_shortest_paths(open_graph, first, later[0])):
        if number == PATHS_PER_LEG:
            return
        for tail in _paths_along(graph, tuple(later), passed | set(leg[:-1])):
            yield (*leg[:-1], *tail)


def _strength(graph: networkx.DiGraph, nodes: tuple[GraphNode, ...]) -> float:
    """How much of a relative push comes round."""
    return float(np.prod([graph.edges[link]["strength"] for link in _round(nodes)]))


def _cycle(graph: networkx.DiGraph, nodes: tuple[GraphNode, ...], names: tuple[str, ...] = ()) -> Cycle:
    return Cycle(nodes, tuple(int(np.sign(graph.edges[link]["gain"])) for link in _round(nodes)), names)


def feedback_loops(model: Model, state: Snapshot) -> list[Cycle]:
    """The shortest cycle through every link that lies on one, each once; named where it passes a cut link."""
    import networkx

    graph = gain_graph(model, state)
    cut = {(loop.cause, loop.effect): loop.id for loop in model.loops.values()}
    found: dict[frozenset[str], Cycle] = {}
    for component in networkx.strongly_connected_components(graph):
        inside = graph.subgraph(component)
        for cause, effect in inside.edges:
            cycle = _cycle(graph, tuple(networkx.shortest_path(inside, effect, cause)))
            names = tuple(cut[link] for link in cycle.links if link in cut)
            found.setdefault(frozenset(cycle.variables), Cycle(cycle.nodes, cycle.signs, names))
    return sorted(found.values(), key=lambda cycle: (len(cycle.nodes), cycle.variables))
