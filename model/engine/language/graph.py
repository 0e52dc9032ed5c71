"""The model as a graph: names resolved, evaluation order, circular definitions found."""

from __future__ import annotations

import ast
import difflib
import hashlib
import linecache
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from types import ModuleType
from typing import TYPE_CHECKING

from pushpull.engine.language.cards import Card
from pushpull.engine.language.declare import Declaration, Index, Loop

if TYPE_CHECKING:  # it is large, and a run has no need of it
    import networkx


class ModelFault(ValueError):
    """The equations do not make a model; the message says where and why."""


@dataclass(frozen=True)
class Equation:
    """One formula for one variable."""

    declaration: Declaration

    @property
    def arguments(self) -> tuple[str, ...]:
        """Its causes, in the order of the signature."""
        return self.declaration.arguments

    @cached_property
    def expression(self) -> ast.expr:
        """The body's single `return` expression."""
        code = self.declaration.function.__code__
        body = _functions(code.co_filename)[code.co_firstlineno].body
        statements = [node for node in body if not _is_docstring(node)]
        if len(statements) != 1 or not isinstance(statements[0], ast.Return) or statements[0].value is None:
            raise ModelFault(f"{self.declaration.variable}: a body is one `return` of one expression")
        return statements[0].value


@cache
def _functions(filename: str) -> dict[int, ast.FunctionDef]:
    """Every function of a file, by the line on which it or its first decorator stands."""
    nodes = ast.walk(ast.parse("".join(linecache.getlines(filename))))
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    return {min([node.lineno, *(one.lineno for one in node.decorator_list)]): node for node in functions}


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


@dataclass(frozen=True)
class Variable:
    """A stock, flow or auxiliary: one equation, or several rivals of which a setting chooses one."""

    name: str
    kind: str
    unit: str
    over: tuple[Index, ...]
    sector: str
    equations: tuple[Equation, ...]
    setting: str | None = None

    @property
    def declaration(self) -> Declaration:
        """That of the first formula, which is the default."""
        return self.equations[0].declaration

    def under(self, formulas: Mapping[str, str]) -> Equation:
        """Its equation under the chosen rival formulas; the first where none is chosen."""
        chosen = formulas.get(self.setting or "")
        return next((one for one in self.equations if one.declaration.formula == chosen), self.equations[0])

    @property
    def arguments(self) -> tuple[str, ...]:
        """Every cause of any of its formulas, each once."""
        return tuple(dict.fromkeys(name for equation in self.equations for name in equation.arguments))

    def varies(self, index: str) -> bool:
        """Whether it varies over an index, by its name."""
        return any(each.name == index for each in self.over)

    @property
    def routed(self) -> bool:
        """True where it varies over routes."""
        return self.varies("route")

    @property
    def peopled(self) -> bool:
        """True where it varies over populations."""
        return self.varies("population")

    @property
    def across(self) -> str:
        """How it adds up over routes and origins: people, money and other amounts by sum, the rest by a mean weighted
        with the traffic."""
        if self.declaration.across:
            return self.declaration.across
        return "sum" if _is_amount(self.unit) else "mean"


def _is_amount(unit: str) -> bool:
    """An amount adds up over routes; a price per head, a probability or a duration does not."""
    above, *below = (part.strip() for part in unit.split("/"))
    return above not in ("1", "year") and all(part == "year" for part in below)


@dataclass(frozen=True)
class Model:
    """Every variable, card and loop, with what follows from them."""

    variables: Mapping[str, Variable]
    levers: Mapping[str, Card]
    context: Mapping[str, Card]
    parameters: Mapping[str, Card]
    loops: Mapping[str, Loop] = field(default_factory=dict)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over what the equations say, cards and docstrings aside: it changes when a result may."""
        told: list[tuple[object, ...]] = []
        for name in sorted(self.variables):
            variable = self.variables[name]
            declaration = variable.declaration
            indices = [index.name for index in variable.over]
            told.append(
                (name, variable.kind, variable.unit, indices, declaration.initial or None, declaration.balanced)
            )
            told += [(one.declaration.formula, ast.unparse(one.expression)) for one in variable.equations]
        told += [(loop.id, loop.cause, loop.effect) for loop in self.loops.values()]
        return hashlib.sha256(repr(told).encode()).hexdigest()

    @classmethod
    def from_modules(cls, modules: Iterable[ModuleType], cards: Iterable[Card], loops: Iterable[Loop] = ()) -> Model:
        """Collect the declared functions of `modules` and tie them to the cards; raise ModelFault on any fault."""
        variables = _collect(modules)
        by_kind: dict[str, dict[str, Card]] = {"lever": {}, "context": {}, "parameter": {}}
        for card in cards:
            if card.id in variables or any(card.id in known for known in by_kind.values()):
                raise ModelFault(f"the name {card.id!r} is given twice")
            by_kind[card.kind][card.id] = card
        model = cls(
            variables=variables,
            levers=by_kind["lever"],
            context=by_kind["context"],
            parameters=by_kind["parameter"],
            loops={loop.id: loop for loop in loops},
        )
        model._check_names()
        model.order  # noqa: B018  a circular definition is found here and now
        return model

    @cached_property
    def formulas(self) -> dict[str, tuple[str, ...]]:
        """Settings and the rival formulas each may choose, the default first."""
        found: dict[str, tuple[str, ...]] = {}
        for variable in self.variables.values():
            if variable.setting:
                names = tuple(equation.declaration.formula or "" for equation in variable.equations)
                if found.setdefault(variable.setting, names) != names:
                    raise ModelFault(f"setting {variable.setting!r} offers different formulas in different places")
        return found

    @cached_property
    def inputs(self) -> dict[str, Card]:
        """Levers and context: what changes over time from outside."""
        return {**self.levers, **self.context}

    @cached_property
    def cards(self) -> dict[str, Card]:
        """Levers, context and parameters."""
        return {**self.inputs, **self.parameters}

    @cached_property
    def stocks(self) -> tuple[Variable, ...]:
        """The stocks, in the order written."""
        return tuple(variable for variable in self.variables.values() if variable.kind == "stock")

    def over(self, name: str) -> tuple[str, ...]:
        """Names of the indices a variable or card varies over, in the order of INDICES."""
        if name in self.variables:
            return tuple(index.name for index in self.variables[name].over)
        card = self.cards[name]
        return (card.over,) if card.over else ()

    def causes(self, name: str, formulas: Mapping[str, str] | None = None) -> tuple[str, ...]:
        """What a variable depends on directly, under the chosen rival formulas."""
        variable = self.variables[name]
        return variable.arguments if formulas is None else variable.under(formulas).arguments

    @cached_property
    def effects(self) -> dict[str, tuple[str, ...]]:
        """Direct effects of every variable and card."""
        effects: dict[str, list[str]] = {name: [] for name in (*self.variables, *self.cards)}
        for variable in self.variables.values():
            for cause in variable.arguments:
                effects[cause].append(variable.name)
        return {name: tuple(found) for name, found in effects.items()}

    def causal_graph(self, formulas: Mapping[str, str] | None = None) -> networkx.DiGraph:
        """Cause -> effect among variables (cards left out)."""
        import networkx

        graph = networkx.DiGraph()
        graph.add_nodes_from(self.variables)
        for name in self.variables:
            graph.add_edges_from((cause, name) for cause in self.causes(name, formulas) if cause in self.variables)
        return graph

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Flows and auxiliaries so that causes come first; variables over the same indices stand together."""
        order = tuple(self._grouped_order())
        if len(order) == len(self.variables) - len(self.stocks):
            return order
        import networkx

        graph = self.causal_graph()
        graph.remove_nodes_from([variable.name for variable in self.stocks])
        loop = networkx.find_cycle(graph)
        chain = " -> ".join([edge[0] for edge in loop] + [loop[0][0]])
        raise ModelFault(f"a loop that no stock cuts: {chain}")

    @cached_property
    def settled(self) -> frozenset[str]:
        """Variables that follow from parameters alone and so never change during a run."""
        settled: set[str] = set()
        for name in self.order:
            if all(cause in self.parameters or cause in settled for cause in self.variables[name].arguments):
                settled.add(name)
        return frozenset(settled)

    def _grouped_order(self) -> Iterable[str]:
        """As `order`; what stands on a loop is left out."""
        position = {name: place for place, name in enumerate(self.variables)}
        plain = [name for name, variable in self.variables.items() if variable.kind != "stock"]
        waiting = {name: sum(cause in plain for cause in self.variables[name].arguments) for name in plain}
        ready = sorted((name for name, count in waiting.items() if count == 0), key=position.__getitem__)
        over: tuple[str, ...] = ()
        while ready:
            same = [name for name in ready if self.over(name) == over]
            name = same[0] if same else ready[0]
            over = self.over(name)
            ready.remove(name)
            yield name
            for effect in self.effects[name]:
                if effect not in waiting:
                    continue
                waiting[effect] -= 1
                if waiting[effect] == 0:
                    ready.append(effect)
            ready.sort(key=position.__getitem__)

    def _check_names(self) -> None:
        known = {*self.variables, *self.cards}
        for variable in self.variables.values():
            for cause in variable.arguments:
                if cause not in known:
                    near = _nearest(cause, known)
                    raise ModelFault(f"{variable.sector}: {variable.name} needs {cause!r}, which nothing defines{near}")
        used = {cause for variable in self.variables.values() for cause in variable.arguments}
        for variable in self.stocks:
            used.update(
                name.id for name in ast.walk(ast.parse(variable.declaration.initial)) if isinstance(name, ast.Name)
            )
        idle = [name for name in self.cards if name not in used]
        if idle:
            raise ModelFault(f"cards that no equation uses: {', '.join(idle)}")
        for loop in self.loops.values():
            for name in (loop.cause, loop.effect, *loop.through):
                if name not in self.variables:
                    raise ModelFault(f"loop {loop.id}: no variable {name!r}{_nearest(name, self.variables)}")
            if loop.cause not in self.variables[loop.effect].arguments:
                raise ModelFault(f"loop {loop.id}: {loop.cause} is no cause of {loop.effect}")


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f'. Did you mean "{near[0]}"?' if near else ""


def _collect(modules: Iterable[ModuleType]) -> dict[str, Variable]:
    found: dict[str, list[tuple[str, Declaration]]] = {}
    for module in modules:
        sector = module.__name__.rsplit(".", 1)[-1]
        for value in list(vars(module).values()):
            declaration = getattr(value, "declaration", None)
            if isinstance(declaration, Declaration) and value.__module__ == module.__name__:
                found.setdefault(declaration.variable, []).append((sector, declaration))
    variables = {}
    for name, declared in found.items():
        sector, first = declared[0]
        if len(declared) > 1 and not all(declaration.setting for _, declaration in declared):
            raise ModelFault(f"{name!r} is defined twice ({', '.join(sector for sector, _ in declared)})")
        for _, other in declared[1:]:
            if (other.unit, other.over, other.setting) != (first.unit, first.over, first.setting):
                raise ModelFault(f"the rival formulas of {name!r} differ in unit, indices or setting")
        variables[name] = Variable(
            name=name,
            kind=first.kind,
            unit=first.unit,
            over=first.over,
            sector=sector,
            equations=tuple(Equation(declaration) for _, declaration in declared),
            setting=first.setting,
        )
    return variables
