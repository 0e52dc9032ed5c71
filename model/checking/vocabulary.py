"""The names and values that check files and lists of surprises share, read with their lines."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pushpull.catalogue import Catalogue
from pushpull.checking.grammar import ENDS, LeverPosition
from pushpull.checking.quantities import BUSIEST, EACH, NAME, OTHERS
from pushpull.engine.language.declare import population
from pushpull.files.faults import listed, nearest, quote
from pushpull.files.tree import Node
from pushpull.scenario import Fault, corridor_names
from pushpull.scenario.corridor_loading import load_corridor
from pushpull.scenario.interpreter import Interpreter

TIMES_TODAY = re.compile(r"\d+(\.\d+)?x\Z")
KINDS = ("stock", "flow", "auxiliary", "variable")


class Vocabulary(Interpreter):
    """Reads corridors, outcomes, levers with their positions, and lists of names; gathers the faults of its file."""

    def __init__(self, file: str, faults: list[Fault], catalogue: Catalogue):
        super().__init__(file, faults, catalogue, None)

    def corridors(self, node: Node | None, inherited: tuple[str, ...]) -> tuple[str, ...]:
        """Corridor ids, or those of the group."""
        if node is None:
            return inherited
        return self.names(node, "corridors", corridor_names())

    def outcomes(self, node: Node) -> tuple[str, ...]:
        """Names of variables; `all` is every outcome, {group: ...} and {every: ..., unit: ...} are several."""
        if node.value == "all":
            return tuple(self.catalogue.outcomes)
        names: list[str] = []
        for item in self.items(node, "outcomes", "names, {group: ...}, {every: ..., unit: ...} or all"):
            names += self.several(item) if item.is_mapping else filter(None, [self.outcome(item)])
        return tuple(dict.fromkeys(names))

    def several(self, node: Node) -> tuple[str, ...]:
        """Outcomes of a group, or variables of a kind and unit."""
        if "group" in node.value:
            groups = dict.fromkeys(outcome.group for outcome in self.catalogue.outcomes.values())
            entries = self.mapping(node, "outcomes", ("group",))
            group = self.choice(entries["group"], "group", groups)
            return tuple(name for name, outcome in self.catalogue.outcomes.items() if outcome.group == group)
        entries = self.mapping(node, "outcomes", ("every", "unit"), ("every",))
        kind = self.choice(entries["every"], "every", KINDS) if "every" in entries else None
        units = dict.fromkeys(variable.unit for variable in self.catalogue.model.variables.values())
        given = entries.get("unit")
        unit = self.choice(Node(str(given.value), given.line), "unit", units) if given is not None else None
        return tuple(
            name
            for name, variable in self.catalogue.model.variables.items()
            if kind in (variable.kind, "variable") and (given is None or variable.unit == unit)
        )

    def outcome(self, node: Node, what: str = "the outcome") -> str | None:
        """A variable, lever or driver; with @ROUTE or [POPULATION] a part of it."""
        model = self.catalogue.model
        names = {**model.variables, **model.inputs}
        parts = NAME.match(node.value) if isinstance(node.value, str) else None
        if not parts or parts["name"] not in names:
            many = "an outcome or variable, such as those of `pushpull list outcomes`"
            guess = nearest(parts["name"], names) if parts else ""
            given = quote(node.value) if isinstance(node.value, str) else node.kind()
            self.fault(node.line, f"{what} is {given}", many, guess)
            return None
        over = model.over(parts["name"])
        if parts["route"] not in (None, EACH):
            routes = (*self.known_routes(), EACH, BUSIEST, OTHERS)
            if "route" not in over or parts["route"] not in routes:
                allowed = listed(routes) if "route" in over else "no route"
                self.fault(node.line, f"{parts['name']} knows no route {quote(parts['route'])}", allowed)
                return None
        if parts["who"] and (parts["who"] not in population.labels or "population" not in over):
            allowed = listed(population.labels) if "population" in over else "no population"
            self.fault(node.line, f"{parts['name']} knows no population {quote(parts['who'])}", allowed)
            return None
        return node.value

    def known_routes(self) -> tuple[str, ...]:
        """The routes of all shipped corridors."""
        routes: dict[str, None] = {}
        for name in corridor_names():
            routes |= dict.fromkeys(load_corridor(name, self.catalogue, homes=()).routes)
        return tuple(routes)

    def lever(self, node: Node, what: str = "the lever") -> str | None:
        """The name of a lever."""
        many = "one of the names of `pushpull list levers`"
        return self.choice(node, what, self.catalogue.levers, many)

    def position(self, node: Node, levers: Iterable[str]) -> LeverPosition | None:
        """min, max, default, a number in the range of the levers, or a multiple of today's value such as 2x."""
        if isinstance(node.value, str):
            if node.value in ENDS or TIMES_TODAY.match(node.value):
                return node.value
            guess = nearest(node.value, ENDS)
            self.fault(node.line, f"at is {quote(node.value)}", listed((*ENDS, "a number", "2x")), guess)
            return None
        value = self.number(node, "at")
        if value is None:
            return None
        for name in levers:
            card = self.catalogue.model.cards[name]
            if self.bounded(value, node, card, name) is None:
                return None
        return value
