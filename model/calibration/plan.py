"""The plan of a fit: which numbers are unknown, which records they must meet, and how closely.

A corridor's folder holds it as `calibration.yaml`. Every card with a distribution is unknown within its own range;
`priors` adds numbers of the place and widens some cards. `series` names records of `series.csv`, the variable each is
compared with, and the error a good model may still make. `effects` names published effects of this corridor
(`scenarios/evidence`) whose bands the numbers must respect too, since a record alone cannot tell causes apart.
"""

from __future__ import annotations

import csv
import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.engine.cards import Card
from model.evidence.reading import Experiment, experiment_folder, experiment_ids, read_experiment
from model.scenario import Scenario
from model.scenario.faults import Fault, ScenarioFaults, listed, nearest, quote
from model.scenario.reading import Node, decode, parse, read_bytes

FILE = "calibration.yaml"
KEYS = ("schema_version", "until", "priors", "series", "effects")
PRIOR_KEYS = ("times", "range", "distribution", "start", "why")
SERIES_KEYS = ("of", "reading", "since", "until", "up_to", "within", "error", "tolerance", "fitted", "why")
EFFECT_KEYS = ("error", "why")
READINGS = ("year_mean", "point")
DRAWN = ("uniform", "triangular", "loguniform")


@dataclass(frozen=True)
class Unknown:
    """One number to be estimated: its prior, and the draw (`anchor`) at which the corridor's own value stands.

    A draw d turns the corridor's own value v into v * d / anchor (or v + d where the anchor is nought). `times` says
    that the draw is a factor on the corridor's own value. `start` is the draw at which the search for the most likely
    numbers begins, where that is not the middle of the prior.
    """

    prior: Card
    anchor: float
    why: str = ""
    times: bool = False
    start: float | None = None

    @property
    def name(self) -> str:
        """The parameter's name."""
        return self.prior.id


@dataclass(frozen=True)
class Record:
    """A recorded series and how the model is held against it.

    `low` and `high` bound each recorded value: equal where the record is a target, apart where it is a range.
    `error` is a standard deviation of logarithms; `tolerance` a mean absolute percentage error.
    """

    series: str
    variable: str
    reading: str
    times: np.ndarray
    values: np.ndarray
    low: np.ndarray
    high: np.ndarray
    unit: str
    source: str
    quality: str
    error: float
    tolerance: float | None
    fitted: bool
    why: str

    @property
    def is_range(self) -> bool:
        """Whether the record is a range rather than a target."""
        return bool(np.any(self.high > self.low))


@dataclass(frozen=True)
class Effect:
    """A published effect that takes part in the likelihood: nought within its band, `error` (in the unit of its
    measure) a standard deviation beyond."""

    experiment: Experiment
    error: float
    why: str

    @property
    def low(self) -> float:
        """Lower end of the band."""
        return -np.inf if self.experiment.low is None else self.experiment.low

    @property
    def high(self) -> float:
        """Upper end of the band."""
        return np.inf if self.experiment.high is None else self.experiment.high


@dataclass(frozen=True)
class Plan:
    """What a fit estimates and against what; `scenario` is the corridor with its own numbers, run up to `until`."""

    scenario: Scenario
    until: float
    unknowns: tuple[Unknown, ...]
    records: tuple[Record, ...]
    effects: tuple[Effect, ...]
    digest: str

    @property
    def names(self) -> tuple[str, ...]:
        """The unknown parameters, in order."""
        return tuple(unknown.name for unknown in self.unknowns)

    @property
    def fitted(self) -> tuple[Record, ...]:
        """The records that take part in the likelihood."""
        return tuple(record for record in self.records if record.fitted)


def read_plan(scenario: Scenario) -> Plan:
    """The plan of a scenario's corridor; raises ScenarioFaults with every fault, and where there is no plan."""
    folder = scenario.corridor.folder
    shown = f"{scenario.corridor.id}/{FILE}"
    if not (folder / FILE).exists():
        told = f"the corridor {quote(scenario.corridor.id)} has no {FILE}, so there is nothing to fit it to"
        raise ScenarioFaults([Fault(shown, None, told, "a corridor with a plan, such as us_southwest_border")])
    content = read_bytes(folder / FILE, shown)
    node, faults = parse(decode(content, shown), shown)
    return _Reader(scenario, shown, faults).read(node, content)


class _Reader:
    """Reads a plan and gathers its faults."""

    def __init__(self, scenario: Scenario, shown: str, faults: list[Fault]):
        corridor = scenario.corridor
        self.own = dataclasses.replace(corridor, parameters=corridor.own_parameters, digest=corridor.digest + " own")
        self.scenario = dataclasses.replace(
            scenario, corridor=self.own, start=corridor.start, policies={}, context={}, parameters={}
        )
        self.catalogue, self.shown, self.faults = scenario.catalogue, shown, faults
        self.rows = _rows_by_series(corridor.folder / "series.csv")

    def read(self, node: Node, content: bytes) -> Plan:
        entries = self.mapping(node, "the plan", KEYS, ("until", "series"))
        until = self.number(entries["until"], "until", 0) if "until" in entries else None
        unknowns = self.unknowns(entries.get("priors"))
        records = []
        if "series" in entries and self.is_mapping(entries["series"], "series"):
            for name, child in entries["series"].value.items():
                record = self.record(name, child, entries["series"].line_of(name), until)
                if record is not None:
                    records.append(record)
        effects = self.effects(entries.get("effects"))
        if until is not None and not self.scenario.start < until <= self.scenario.end:
            self.fault(entries["until"].line, f"until is {until:g}", "a year within the horizon of the corridor")
        if self.faults:
            raise ScenarioFaults(self.faults)
        scenario = self.scenario
        for effect in effects:
            asked = effect.experiment
            worlds = sorted((name, _changes(world)) for name, world in asked.worlds.items())
            content += repr((asked.id, asked.low, asked.high, asked.measure, asked.quantities, worlds)).encode()
        return Plan(scenario, until, unknowns, tuple(records), effects, _digest(scenario, content))

    def effects(self, node: Node | None) -> tuple[Effect, ...]:
        found = []
        if node is None or not self.is_mapping(node, "effects"):
            return ()
        known = experiment_ids()
        for name, child in node.value.items():
            if name not in known:
                self.fault(node.line_of(name), f"there is no published effect {quote(name)}",
                           f"one of the {len(known)} of `pushpull evidence`", nearest(name, known))  # fmt: skip
                continue
            entries = self.mapping(child, f"the effect {name}", EFFECT_KEYS, EFFECT_KEYS)
            error = self.number(entries["error"], f"error of {name}", 0) if "error" in entries else None
            experiment = read_experiment(experiment_folder() / f"{name}.yaml")
            if experiment.corridor != self.own.id or experiment.sign_only:
                self.fault(node.line_of(name), f"{name} is no measured effect of this corridor",
                           f"an effect with a size, of the corridor {self.own.id}")  # fmt: skip
            elif error is not None:
                worlds = {
                    world: dataclasses.replace(scenario, corridor=self.own)
                    for world, scenario in experiment.worlds.items()
                }
                why = str(entries["why"].value) if "why" in entries else ""
                found.append(Effect(dataclasses.replace(experiment, worlds=worlds), error, why))
        return tuple(found)

    def unknowns(self, node: Node | None) -> tuple[Unknown, ...]:
        parameters = self.catalogue.parameters
        found = {card.id: Unknown(card, card.value) for card in parameters.values() if card.distribution != "fixed"}
        if node is not None and self.is_mapping(node, "priors"):
            for name, child in node.value.items():
                if name not in parameters:
                    told = f"there is no parameter {quote(name)}"
                    many = f"one of the {len(parameters)} names of `pushpull list parameters`"
                    self.fault(node.line_of(name), told, many, nearest(name, parameters))
                    continue
                unknown = self.prior(parameters[name], child)
                if unknown is not None:
                    found[name] = unknown
        return tuple(found.values())

    def prior(self, card: Card, node: Node) -> Unknown | None:
        entries = self.mapping(node, f"the prior of {card.id}", PRIOR_KEYS, ("why",))
        why = str(entries["why"].value) if "why" in entries else ""
        start = self.number(entries["start"], f"start of {card.id}", 0) if "start" in entries else None
        if ("times" in entries) == ("range" in entries):
            self.fault(node.line, f"the prior of {card.id} gives no range", "either times: or range:, low and high")
            return None
        key = "times" if "times" in entries else "range"
        distribution = entries["distribution"].value if "distribution" in entries else "loguniform"
        if distribution not in DRAWN:
            self.fault(entries["distribution"].line, f"the distribution is {quote(distribution)}", listed(DRAWN))
            return None
        ends = entries[key].value
        if not isinstance(ends, list) or len(ends) != 2 or not all(end.is_number for end in ends):
            self.fault(entries[key].line, f"{key} of {card.id} is no pair of numbers", "[low, high]")
            return None
        low, high = (float(end.value) for end in ends)
        if not low < high or (distribution == "loguniform" and low <= 0):
            self.fault(entries[key].line, f"{key} of {card.id} runs from {low:g} to {high:g}", "0 < low < high")
            return None
        if key == "times":
            prior = dataclasses.replace(
                card, value=1.0, low=low, high=high, drawn=None, distribution=distribution, unit="1", by_population=None
            )
            return Unknown(prior, 1.0, why, times=True, start=start)
        if card.id in self.own.parameters:
            self.fault(entries[key].line, f"{card.id} is given a range, and the corridor has a value of its own for it",
                       "times:, a low and a high factor on that value")  # fmt: skip
            return None
        if low < card.low or high > card.high:
            self.fault(
                entries[key].line, f"the range of {card.id} leaves that of its card", f"{card.low:g} to {card.high:g}"
            )
            return None
        middle = min(max(card.value, low), high)
        prior = dataclasses.replace(card, value=middle, low=low, high=high, drawn=None, distribution=distribution)
        return Unknown(prior, card.value, why, start=start)

    def record(self, name: str, node: Node, line: int | None, plan_until: float | None) -> Record | None:
        if name not in self.rows:
            self.fault(line, f"series.csv holds no series {quote(name)}", "", nearest(name, self.rows))
            return None
        entries = self.mapping(node, name, SERIES_KEYS, ("of", "error", "fitted", "why"))
        variables = self.catalogue.model.variables
        variable = str(entries["of"].value) if "of" in entries else ""
        if variable not in variables:
            self.fault(line, f"{name} is compared with {quote(variable)}, which the model does not have", "",
                       nearest(variable, variables))  # fmt: skip
            return None
        reading = str(entries["reading"].value) if "reading" in entries else READINGS[0]
        if reading not in READINGS:
            self.fault(entries["reading"].line, f"the reading of {name} is {quote(reading)}", listed(READINGS))
            return None
        numbers = {
            key: self.number(entries[key], f"{key} of {name}", 0)
            for key in ("since", "until", "within", "error", "tolerance")
            if key in entries
        }
        if any(number is None for number in numbers.values()) or "error" not in numbers:
            return None
        half = 0.5 if reading == "year_mean" else 0.0
        since = max(numbers.get("since", 0.0), self.scenario.corridor.start + half)
        until = min(numbers.get("until", np.inf), (plan_until or np.inf) - half)
        rows = [row for row in self.rows[name] if since - 1e-9 <= row[0] <= until + 1e-9]
        if not rows:
            self.fault(line, f"{name} has no value from {since:g} to {until:g}", "a series with values in these years")
            return None
        times = np.array([row[0] for row in rows])
        values = np.array([row[1] for row in rows])
        low, high = values * (1 - numbers.get("within", 0.0)), values * (1 + numbers.get("within", 0.0))
        if "up_to" in entries:
            upper = dict((row[0], row[1]) for row in self.rows.get(str(entries["up_to"].value), ()))
            if any(time not in upper for time in times):
                self.fault(entries["up_to"].line, f"{quote(entries['up_to'].value)} does not go with {name}",
                           "a series with a value at the same times")  # fmt: skip
                return None
            high = np.array([upper[time] for time in times])
            values = np.sqrt(low * high)
        return Record(
            series=name,
            variable=variable,
            reading=reading,
            times=times,
            values=values,
            low=low,
            high=high,
            unit=rows[0][2],
            source="+".join(dict.fromkeys(row[3] for row in rows)),
            quality=max(row[4] for row in rows),
            error=numbers["error"],
            tolerance=numbers.get("tolerance"),
            fitted=entries["fitted"].value is True if "fitted" in entries else True,
            why=str(entries["why"].value) if "why" in entries else "",
        )

    def mapping(self, node: Node, what: str, keys: tuple[str, ...], needed: tuple[str, ...]) -> dict[str, Node]:
        if not self.is_mapping(node, what):
            return {}
        for key in node.value:
            if key not in keys:
                self.fault(node.line_of(key), f"{what} knows no {quote(key)}", listed(keys), nearest(key, keys))
        for key in needed:
            if key not in node.value:
                self.fault(node.line, f"{what} lacks {quote(key)}")
        return {key: child for key, child in node.value.items() if key in keys}

    def is_mapping(self, node: Node, what: str) -> bool:
        if not node.is_mapping:
            self.fault(node.line, f"{what} is {node.kind()}", "a mapping")
        return node.is_mapping

    def number(self, node: Node, what: str, above: float) -> float | None:
        if not node.is_number or not node.value > above:
            self.fault(node.line, f"{what} is {node.kind()}", f"a number above {above:g}")
            return None
        return float(node.value)

    def fault(self, line: int | None, what: str, allowed: str = "", did_you_mean: str = "") -> None:
        self.faults.append(Fault(self.shown, line, what, allowed, did_you_mean))


def _changes(world: Scenario) -> str:
    """What makes a world, whatever the corridor's numbers: those are told apart by the digest of the plan."""
    given = (world.policies, world.context, world.parameters, world.formulas)
    return repr((world.policy_start, world.end, *(sorted(each.items()) for each in given), world.loops_off))


def _rows_by_series(path: Path) -> Mapping[str, list[tuple[float, float, str, str, str]]]:
    """Values of the whole corridor, in order of time: (time, value, unit, source, quality)."""
    found: dict[str, list[tuple[float, float, str, str, str]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if not row["route"]:
                value = (float(row["time"]), float(row["value"]), row["unit"], row["source"], row["quality"])
                found.setdefault(row["series"], []).append(value)
    return {name: sorted(rows) for name, rows in found.items()}


def _digest(scenario: Scenario, content: bytes) -> str:
    """SHA-256 of all a fit depends on: equations, numbers of the cards, the corridor's own files, the plan."""
    cards = [
        (card.id, card.value, card.range, card.prior, card.distribution, sorted((card.by_population or {}).items()))
        for card in scenario.catalogue.parameters.values()
    ]
    whole = hashlib.sha256(scenario.catalogue.model.digest.encode())
    whole.update(repr(sorted(cards)).encode())
    for name in ("corridor.yaml", "series.csv"):
        whole.update((scenario.corridor.folder / name).read_bytes())
    whole.update(content)
    return whole.hexdigest()
