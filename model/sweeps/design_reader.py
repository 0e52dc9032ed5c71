"""The file of a sweep's design: read whole, with every fault at its line."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pushpull.catalogue import catalogue
from pushpull.files.faults import Fault, ScenarioFaults, quote
from pushpull.files.reader import Reader
from pushpull.files.tree import Node, decode, parse, read_tree
from pushpull.scenario import Scenario
from pushpull.scenario.draft import MOST_MEMBERS
from pushpull.scenario.file_kinds import DESIGN, misplaced
from pushpull.scenario.library import Refused
from pushpull.sweeps.designs import MOST_POINTS, SCALES, SweepDesign, at_share, grid_of, hypercube_of, listed_of
from pushpull.sweeps.varied import VariedInput, check_apart, check_value, varied_input
from pushpull.wording.phrases import Phrase

SCHEMA_VERSION = 1
GRID, HYPERCUBE, LIST = "grid", "latin_hypercube", "list"
KINDS = (GRID, HYPERCUBE, LIST)
KEYS = ("schema_version", "title", "design", "vary", "points", "simulations", "seed")
NEEDED = ("schema_version", "design")
NEEDED_BY = {GRID: ("vary",), HYPERCUBE: ("vary", "points"), LIST: ("points",)}
RANGE_KEYS = ("from", "to", "steps", "scale")
LONGEST_TITLE, LONGEST_NAME = 200, 100
LARGEST_SEED = 2**53
FEWEST_STEPS, MOST_STEPS = 2, 10_000


@dataclass(frozen=True)
class _Levels:
    """The values of one input: of a grid its levels, of a hypercube the two ends, and the scale between them."""

    values: tuple[float, ...]
    scale: str = SCALES[0]


def read_sweep_design(path: str | os.PathLike, scenario: Scenario | None = None) -> SweepDesign:
    """The design in a file; raises ScenarioFaults with every fault.

    Routes, origins and populations are checked against the corridor of `scenario`, where one is given.
    """
    shown = os.fspath(path)
    node, faults = read_tree(Path(path), shown)
    return SweepDesignReader(shown, faults, scenario).design(node)


def sweep_design_from_text(text: str, name: str = "design.yaml", scenario: Scenario | None = None) -> SweepDesign:
    """A design from YAML text."""
    node, faults = parse(decode(text.encode("utf-8", "surrogatepass"), name), name)
    return SweepDesignReader(name, faults, scenario).design(node)


class SweepDesignReader(Reader):
    """Reads one file of a design."""

    def __init__(self, file: str, faults: list[Fault], scenario: Scenario | None):
        super().__init__(file, faults)
        self.members = None if scenario is None else scenario.corridor.members
        self.catalogue = catalogue() if scenario is None else scenario.catalogue

    def design(self, node: Node) -> SweepDesign:
        """The design; raises ScenarioFaults with every fault."""
        apart = misplaced(node, self.file, DESIGN, Phrase("a file with design and vary or points"))
        if apart is not None:
            raise ScenarioFaults([apart])
        entries = self.mapping(node, Phrase("the design of a sweep"), KEYS, NEEDED)
        if "schema_version" in entries:
            self.whole(entries["schema_version"], "schema_version", SCHEMA_VERSION, SCHEMA_VERSION)
        if "title" in entries:
            self.text(entries["title"], "title", LONGEST_TITLE)
        kind = self.choice(entries["design"], "design", KINDS) if "design" in entries else None
        simulations = self._whole(entries, "simulations", 1, MOST_MEMBERS)
        seed = self._whole(entries, "seed", 0, LARGEST_SEED)
        if kind is not None:
            self._check_keys(node, entries, kind)
        made = self._made(entries, kind, seed) if kind is not None else None
        if self.faults or made is None:
            raise ScenarioFaults(self.faults)
        return replace(made, simulations=simulations, seed=seed)

    def _whole(self, entries: Mapping[str, Node], key: str, low: int, high: int) -> int | None:
        return self.whole(entries[key], key, low, high) if key in entries else None

    def _check_keys(self, node: Node, entries: Mapping[str, Node], kind: str) -> None:
        for key in NEEDED_BY[kind]:
            if key not in entries:
                self.fault(node.line, Phrase("a design of the kind {kind} lacks {key}", kind=kind, key=quote(key)))
        for key in ("vary", "points"):
            if key in entries and key not in NEEDED_BY[kind]:
                what = Phrase("a design of the kind {kind} has no {key}", kind=kind, key=quote(key))
                self.fault(node.line_of(key), what, ", ".join(NEEDED_BY[kind]))

    def _made(self, entries: Mapping[str, Node], kind: str, seed: int | None) -> SweepDesign | None:
        if kind == LIST:
            return self._listed(entries["points"]) if "points" in entries else None
        points = self._whole(entries, "points", 1, MOST_POINTS) if kind == HYPERCUBE else None
        if "vary" not in entries:
            return None
        levels = self._vary(entries["vary"], kind)
        if self.faults or not levels:
            return None
        inputs, values = list(levels), [each.values for each in levels.values()]
        if kind == HYPERCUBE:
            ends = [(each[0], each[1]) for each in values]
            scales = [each.scale for each in levels.values()]
            return hypercube_of(inputs, ends, scales, points or 1, 1 if seed is None else seed)
        try:
            return grid_of(inputs, values)
        except ScenarioFaults as many:
            (fault,) = many.faults
            self.fault(entries["vary"].line, fault.what, fault.allowed)
            return None

    def _vary(self, node: Node, kind: str) -> dict[VariedInput, _Levels]:
        """The inputs of a grid or a hypercube, each with its levels."""
        if not self.is_mapping(node, "vary", Phrase("a mapping of names")):
            return {}
        if not node.value:
            self.fault(node.line, Phrase("{what} is {kind}", what="vary", kind=Phrase("nothing")))
        found = {}
        for label, child in node.value.items():
            varied = self._input(label, node.line_of(label))
            if varied is not None:
                levels = self._levels(child, varied, kind)
                if levels is not None:
                    found[varied] = levels
        self._check_apart(list(found), node.line)
        return found

    def _input(self, label: object, line: int | None) -> VariedInput | None:
        try:
            return varied_input(str(label), self.catalogue, self.members)
        except Refused as refused:
            self.faults.append(refused.at(self.file, line))
            return None

    def _check_apart(self, inputs: list[VariedInput], line: int | None) -> None:
        try:
            check_apart(inputs)
        except Refused as refused:
            self.faults.append(refused.at(self.file, line))

    def _value(self, node: Node, varied: VariedInput, what: str) -> float | None:
        value = self.number(node, what)
        if value is None:
            return None
        try:
            check_value(varied, value, self.catalogue)
        except Refused as refused:
            self.faults.append(refused.at(self.file, node.line))
            return None
        return value

    def _levels(self, node: Node, varied: VariedInput, kind: str) -> _Levels | None:
        if kind == GRID and isinstance(node.value, list):
            items = self.items(node, varied.label, Phrase("numbers"))
            values = [self._value(item, varied, varied.label) for item in items]
            return _Levels(tuple(each for each in values if each is not None)) if items else None
        needed = RANGE_KEYS[:3] if kind == GRID else RANGE_KEYS[:2]
        entries = self.mapping(node, varied.label, (*needed, "scale"), needed)
        low, high = (
            self._value(entries[key], varied, Phrase("{key} of {what}", key=key, what=varied.label))
            if key in entries
            else None
            for key in ("from", "to")
        )
        scale = self.choice(entries["scale"], "scale", SCALES) if "scale" in entries else SCALES[0]
        steps = self._whole(entries, "steps", FEWEST_STEPS, MOST_STEPS)
        if low is None or high is None or scale is None:
            return None
        if not low < high or (scale == SCALES[1] and low <= 0):
            allowed = Phrase("the lower end first, and above 0 on the scale log")
            self.fault(node.line, Phrase("{label}: this is no range", label=varied.label), allowed)
            return None
        if kind == HYPERCUBE:
            return _Levels((low, high), scale)
        return None if steps is None else _Levels(even_levels(low, high, steps, scale), scale)

    def _listed(self, node: Node) -> SweepDesign | None:
        """The points of a list, each by its name with what it sets."""
        if not self.is_mapping(node, "points", Phrase("a mapping of names")):
            return None
        if not 1 <= len(node.value) <= MOST_POINTS:
            what = Phrase("the design has {count:,} points", count=len(node.value))
            self.fault(node.line, what, Phrase("a whole number from {low} to {high}", low=1, high=MOST_POINTS))
            return None
        inputs: dict[str, VariedInput | None] = {}
        points: dict[str, dict[str, float]] = {}
        for name, child in node.value.items():
            self.text(Node(str(name), node.line_of(name)), Phrase("a name in {what}", what="points"), LONGEST_NAME)
            if not self.is_mapping(child, Phrase("the point {name}", name=name), Phrase("a mapping of names")):
                continue
            points[str(name)] = {}
            for label, value in child.value.items():
                if label not in inputs:
                    inputs[label] = self._input(label, child.line_of(label))
                varied = inputs[label]
                number = None if varied is None else self._value(value, varied, varied.label)
                if varied is not None and number is not None:
                    points[str(name)][varied.label] = number
        known = [each for each in inputs.values() if each is not None]
        self._check_apart(known, node.line)
        return None if self.faults else listed_of(known, points)


def even_levels(low: float, high: float, steps: int, scale: str = SCALES[0]) -> tuple[float, ...]:
    """So many levels from low to high, both of which are met, at even distances (or ratios, on the scale log)."""
    import numpy as np

    return tuple(at_share(np.arange(steps) / (steps - 1), low, high, scale).tolist())
