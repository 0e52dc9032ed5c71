"""A seeded search for responses that turn round or change sign, held against those that are explained in writing."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from pushpull.checking.claim import Finding, Predicate, Subject
from pushpull.checking.expansion import with_levers
from pushpull.checking.grammar import AFTER_POLICY
from pushpull.checking.predicates import TINY
from pushpull.checking.quantities import curve_of
from pushpull.checking.vocabulary import Vocabulary
from pushpull.files.tree import Node, read_tree
from pushpull.scenario import Scenario, ScenarioFaults, corridor_names

TURNS, FLIPS = "turns", "flips"
WHATS = (TURNS, FLIPS)
SHARE_MOVED = 0.5


@dataclass(frozen=True)
class SurprisingResponse:
    """A response that turns round over a lever's range, or whose sign depends on where the other levers stand."""

    lever: str
    outcome: str
    what: str
    size: float
    words: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is called in the list of explanations."""
        return self.lever, self.outcome, self.what


@dataclass(frozen=True)
class Explained:
    """An entry of the list: what was found, where, and why the model does so."""

    line: int | None
    lever: str
    outcomes: tuple[str, ...]
    what: str
    where: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class NoSurprise(Predicate):
    """The seeded search finds nothing that the list does not explain."""

    file: str = ""
    explained: tuple[Explained, ...] = ()
    points: int = 6
    values: int = 5
    seed: int = 1
    threshold: float = 0.02
    every_scenario: ClassVar[bool] = False
    single_runs: ClassVar[bool] = True

    @classmethod
    def read(cls, reader: Vocabulary, entries: dict[str, Node], node: Node) -> NoSurprise | None:
        """The claim with its list of explanations, which lies beside the check file."""
        name = reader.text(entries["no_surprise_beyond"], "no_surprise_beyond", 200)
        if name is None:
            return None

        def count(word: str, default: int, least: int, most: int) -> int | None:
            return reader.whole(entries[word], word, least, most) if word in entries else default

        points, values = count("points", cls.points, 2, 100), count("values", cls.values, 3, 100)
        seed = count("seed", cls.seed, 0, 2**53)
        threshold: float | None = cls.threshold
        if "threshold" in entries:
            threshold = reader.between(entries["threshold"], "threshold", 1e-9, 1)
        if points is None or values is None or seed is None or threshold is None:
            return None
        path = Path(reader.file).parent / name
        return cls(node.line, os.fspath(path), read_explanations(reader, path), points, values, seed, threshold)

    def judge(self, subject: Subject) -> Iterator[Finding]:
        """A finding for each surprise that is large enough, and one that says the search was done."""
        corridor = subject.scenario.corridor.id
        own = [entry for entry in self.explained if corridor in entry.where]
        explained = {(entry.lever, outcome, entry.what) for entry in own for outcome in entry.outcomes}
        for surprise in self.search(subject):
            yield _finding(surprise.key in explained, f"{surprise.words}; {self.file} does not explain it")
        yield _finding(True, "the search was done")

    def search(self, subject: Subject) -> Iterator[SurprisingResponse]:
        """Every response that turns or flips by more than the threshold."""
        others = [_others(subject.scenario, number, self.seed) for number in range(self.points)]
        for lever, card in subject.scenario.catalogue.levers.items():
            grid = np.linspace(card.low, card.high, self.values).tolist()
            settings = [{**levers, lever: value} for levers in others for value in grid]
            curves = _measured(subject, settings).reshape(len(others), len(grid), -1)
            for number, outcome in enumerate(subject.outcomes):
                yield from self._judged(lever, outcome, grid, curves[:, :, number])

    def _judged(self, lever: str, outcome: str, grid: list[float], curves: np.ndarray) -> Iterator[SurprisingResponse]:
        scaled = curves / np.maximum(np.abs(curves).max(axis=1, keepdims=True), TINY)
        turning = np.minimum(_largest_rise(scaled), _largest_rise(-scaled))
        row = int(np.argmax(turning))
        if turning[row] > self.threshold:
            shape = ", ".join(f"{number:.5g} at {value:.4g}" for value, number in zip(grid, curves[row], strict=True))
            words = f"{outcome} turns in {lever}: {shape} (member {row})"
            yield SurprisingResponse(lever, outcome, TURNS, float(turning[row]), words)
        effects = scaled[:, -1] - scaled[:, 0]
        up, down = int(np.argmax(effects)), int(np.argmin(effects))
        size = min(effects[up], -effects[down])
        if size > self.threshold:
            ends = f"{effects[up]:+.1%} in member {up}, {effects[down]:+.1%} in member {down}"
            words = f"{outcome} flips with {lever}: {ends}"
            yield SurprisingResponse(lever, outcome, FLIPS, float(size), words)


def _finding(holds: bool, words: str) -> Finding:
    return Finding("surprises", np.array([holds]), words)


def _others(scenario: Scenario, number: int, seed: int) -> Mapping[str, float]:
    """Where the levers stand that are not looked at: as today in the first row, half of them drawn in the others."""
    if number == 0:
        return {}
    generator = np.random.default_rng([seed, number])
    levers = scenario.catalogue.levers
    moved = generator.random(len(levers)) < SHARE_MOVED
    shares = generator.random(len(levers))
    return {
        name: card.low + (card.high - card.low) * float(share)
        for (name, card), chosen, share in zip(levers.items(), moved, shares, strict=True)
        if chosen
    }


def _measured(subject: Subject, settings: Sequence[Mapping[str, float]]) -> np.ndarray:
    """Every outcome under each setting of levers, its mean after the policy start: (setting, outcome)."""
    scenarios = [with_levers(subject.scenario, levers) for levers in settings]
    pairs = zip(subject.single_runs(scenarios), scenarios, strict=True)
    return np.array(
        [
            [float(curve_of(result, scenario, name, AFTER_POLICY).measured("mean")[0]) for name in subject.outcomes]
            for result, scenario in pairs
        ]
    )


def _largest_rise(curves: np.ndarray) -> np.ndarray:
    """How far each row rises at most from one point to a later one."""
    return (curves - np.minimum.accumulate(curves, axis=1)).max(axis=1)


def read_explanations(reader: Vocabulary, path: Path) -> tuple[Explained, ...]:
    """The list of explained surprises; faults name its own lines."""
    try:
        node, faults = read_tree(path, os.fspath(path))
    except ScenarioFaults as fault:
        reader.faults.extend(fault.faults)
        return ()
    own = Vocabulary(os.fspath(path), reader.faults, reader.catalogue)
    own.faults.extend(faults)
    entries = own.mapping(node, "the list of surprises", ("kind", "surprises"), ("kind", "surprises"))
    if "kind" in entries:
        own.choice(entries["kind"], "kind", ("surprises",))
    given = entries.get("surprises")
    if given is None or given.value in ([], None):
        return ()
    return tuple(entry for item in own.items(given, "surprises", "entries") if (entry := _explained(own, item)))


def _explained(reader: Vocabulary, node: Node) -> Explained | None:
    words = ("lever", "outcomes", "what", "where", "why")
    entries = reader.mapping(node, "the surprise", words, ("lever", "outcomes", "what", "why"))
    if len(entries) < 4 or "why" not in entries:
        return None
    lever = reader.lever(entries["lever"])
    what = reader.choice(entries["what"], "what", WHATS)
    why = reader.text(entries["why"], "why", 2000)
    outcomes = reader.outcomes(entries["outcomes"])
    where = reader.corridors(entries.get("where"), tuple(corridor_names()))
    if lever is None or what is None or why is None:
        return None
    return Explained(node.line, lever, outcomes, what, where, why)
