"""The plan of a fit: which numbers are unknown, which records they must meet, and how closely.

A corridor's folder holds it as `calibration.yaml`. Every card with a distribution is unknown within its own range;
`priors` adds numbers of the place and widens some cards. `series` names records of `series.csv`, the variable each is
compared with, and the error a good model may still make. `effects` names published effects of this corridor
(`scenarios/evidence`) whose ranges the numbers must respect too, since a record alone cannot tell causes apart.
"""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pushpull.calibration.records import Record, RecordReader, recorded_series
from pushpull.calibration.start_from_record import LeftOver, Pending
from pushpull.engine.language.cards import Card
from pushpull.ensemble import of_member
from pushpull.evidence.experiment_files import (
    Experiment,
    Quantity,
    experiment_folder,
    experiment_ids,
    own_experiments,
    read_experiment,
)
from pushpull.files.faults import Fault, ScenarioFaults, listed, nearest, quote
from pushpull.files.reader import Reader
from pushpull.files.suggestions import number_meant, proposed
from pushpull.files.tree import Node, decode, parse, read_bytes
from pushpull.scenario import Scenario
from pushpull.scenario.series import SeriesBook
from pushpull.wording.phrases import Phrase

FILE = "calibration.yaml"
KEYS = ("schema_version", "until", "priors", "series", "effects", "left_over")
LEFT_OVER_KEYS = ("of", "series", "all", "since", "fades_over", "pending", "why")
PRIOR_KEYS = ("times", "range", "distribution", "start", "each", "why")
EFFECT_KEYS = ("error", "why")
FADES = (0.5, 30.0)  # years over which what is left over may fade
DRAWN = ("uniform", "triangular", "loguniform")


@dataclass(frozen=True)
class Unknown:
    """One number to be estimated: its prior, and the draw (`anchor`) at which the corridor's own value stands.

    A draw d turns the corridor's own value v into v * d / anchor (or v + d where the anchor is zero). `times` says
    that the draw is a factor on the corridor's own value. `start` is the draw at which the search for the most likely
    numbers begins, where that is not the middle of the prior. `member` is the origin, population or route for which
    it stands alone, or None where one draw moves the number for all.
    """

    prior: Card
    anchor: float
    why: str = ""
    times: bool = False
    start: float | None = None
    member: str | None = None

    @property
    def name(self) -> str:
        """The parameter's name, with the member it stands for."""
        return of_member(self.prior.id, self.member)


@dataclass(frozen=True)
class PublishedEffect:
    """A published effect that takes part in the likelihood: zero within its range, `error` (in the unit of its
    measure) a standard deviation beyond."""

    experiment: Experiment
    error: float
    why: str

    @property
    def low(self) -> float:
        """Lower end of the range."""
        return -np.inf if self.experiment.low is None else self.experiment.low

    @property
    def high(self) -> float:
        """Upper end of the range."""
        return np.inf if self.experiment.high is None else self.experiment.high


@dataclass(frozen=True)
class Plan:
    """What a fit estimates and against what; `scenario` is the corridor with its own numbers, run up to `until`."""

    scenario: Scenario
    until: float
    unknowns: tuple[Unknown, ...]
    records: tuple[Record, ...]
    effects: tuple[PublishedEffect, ...]
    digest: str
    effects_digest: str = ""
    left_over: LeftOver | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The unknown parameters, in order."""
        return tuple(unknown.name for unknown in self.unknowns)

    @property
    def fitted(self) -> tuple[Record, ...]:
        """The records that take part in the likelihood."""
        return tuple(record for record in self.records if record.fitted)


def read_plan(
    scenario: Scenario, path: Path | None = None, to_latest: bool = False, may_be_empty: bool = False
) -> Plan:
    """The plan of a scenario's corridor, or another at `path` for the same corridor.

    With `to_latest`, its records go on to the latest that is recorded, whatever year the plan ends with. A plan that
    `may_be_empty` may be one that is only begun, with nothing under `series`.

    Raises ScenarioFaults with every fault, and where there is no plan.
    """
    file = path or scenario.corridor.folder / FILE
    shown = f"{scenario.corridor.id}/{FILE}" if path is None else str(path)
    if not file.exists():
        message = Phrase(
            "the corridor {id} has no {file}, so there is nothing to fit it to",
            id=quote(scenario.corridor.id),
            file=FILE,
        )
        raise ScenarioFaults(
            [Fault(shown, None, message, Phrase("a corridor with a plan, such as us_southwest_border"))]
        )
    content = read_bytes(file, shown)
    node, faults = parse(decode(content, shown), shown)
    return PlanReader(scenario, shown, faults, to_latest, may_be_empty).read(node, content)


class PlanReader(Reader):
    """Reads a plan and gathers its faults."""

    def __init__(
        self,
        scenario: Scenario,
        shown: str,
        faults: list[Fault],
        to_latest: bool = False,
        may_be_empty: bool = False,
    ):
        super().__init__(shown, faults)
        self.to_latest, self.may_be_empty = to_latest, may_be_empty
        corridor = scenario.corridor
        self.own = dataclasses.replace(
            corridor,
            parameters=corridor.own_parameters,
            context=corridor.own_context,
            left_over={},
            digest=corridor.digest + " own",
        )
        self.scenario = dataclasses.replace(
            scenario, corridor=self.own, start=corridor.start, policies={}, context={}, parameters={}
        )
        self.catalogue = scenario.catalogue

    def read(self, node: Node, content: bytes) -> Plan:
        entries = self.mapping(node, Phrase("the plan"), KEYS, ("until", "series"))
        if "schema_version" in entries and entries["schema_version"].value != 1:
            message = Phrase("schema_version is {kind}", kind=entries["schema_version"].kind())
            self.fault(entries["schema_version"].line, message, Phrase("the number 1"))
        until = self.year(entries["until"], "until") if "until" in entries else None
        unknowns = self.unknowns(entries.get("priors"))
        records: list[Record] = []
        if until is not None and not self.scenario.start < until <= self.scenario.end:
            allowed = Phrase(
                "a year within the horizon of the corridor, {start:g} to {end:g}",
                start=self.scenario.start,
                end=self.scenario.end,
            )
            self.fault(entries["until"].line, Phrase("until is {until:g}", until=until), allowed)
        elif "series" in entries:
            until = self.scenario.end if self.to_latest else until
            reader = RecordReader(self.file, self.faults, self.scenario, self.to_latest)
            records = reader.records(entries["series"], until)
        effects = self.effects(entries.get("effects"))
        left_over = self.left_over(entries["left_over"]) if "left_over" in entries else None
        is_begun = bool(records) or not self.may_be_empty
        if is_begun and not self.faults and not effects and not any(record.fitted for record in records):
            message = Phrase("nothing is fitted: every record says fitted: false, and there are no effects")
            self.fault(entries["series"].line, message, Phrase("at least one record with fitted: true, or one effect"))
        if self.faults or until is None:
            raise ScenarioFaults(self.faults)
        scenario = self.scenario
        asked = b"".join(_asked(effect.experiment) for effect in effects)
        digests = _digest(scenario, content + asked), hashlib.sha256(asked).hexdigest()[:16]
        return Plan(scenario, until, unknowns, tuple(records), effects, *digests, left_over)

    def left_over(self, node: Node) -> LeftOver | None:
        """Which years the present is to start from; None with faults."""
        needed = ("of", "series", "all", "since", "fades_over", "why")
        given = self.mapping(node, "left_over", LEFT_OVER_KEYS, needed)
        if not given.keys() >= set(needed):
            return None
        book = recorded_series(self.scenario, self.file)
        by_origin = [
            variable.name
            for variable in self.catalogue.model.variables.values()
            if [index.name for index in variable.over] == ["origin"]
        ]
        of = self.choice(given["of"], Phrase("of of left_over"), by_origin)
        every = self.choice(given["all"], Phrase("all of left_over"), book.names)
        since = self.year(given["since"], Phrase("since of left_over"))
        fades_over = self.between(
            given["fades_over"], Phrase("fades_over of left_over"), *FADES, Phrase("years, from 0.5 to 30")
        )
        series = self.mapping(given["series"], Phrase("series of left_over"), self.own.origins)
        names = {
            name: self.choice(each, Phrase("the series of {name}", name=name), book.names)
            for name, each in series.items()
        }
        if of is None or every is None or since is None or fades_over is None or None in names.values():
            return None
        rows = [row for row in book.of(every) if row.time >= since + 0.5 - 1e-9]
        if not rows:
            self.fault(
                given["since"].line,
                Phrase("{every} holds no year since {since:g}", every=every, since=since),
                Phrase("an earlier year"),
            )
            return None
        recorded = {name: {row.time: row.value for row in book.of(str(each))} for name, each in names.items()}
        times = np.array([row.time for row in rows])
        each = np.array([[recorded.get(name, {}).get(time, np.nan) for time in times] for name in self.own.origins])
        pending = self.pending(given["pending"], book) if "pending" in given else None
        why = str(given["why"].value)
        return LeftOver(of, times, np.array([row.value for row in rows]), each, fades_over, why, pending)

    def pending(self, node: Node, book: SeriesBook) -> Pending | None:
        """The cases that are brought to the last value of their series."""
        given = self.mapping(node, Phrase("pending of left_over"), ("of", "series"), ("of", "series"))
        if len(given) < 2:
            return None
        stocks = [each.name for each in self.catalogue.model.variables.values() if not each.over]
        of = self.choice(given["of"], Phrase("of of pending"), stocks)
        series = self.choice(given["series"], Phrase("series of pending"), book.names)
        if of is None or series is None:
            return None
        last = max(book.of(series), key=lambda row: row.time)
        return Pending(of, last.time, last.value)

    def effects(self, node: Node | None) -> tuple[PublishedEffect, ...]:
        effects = []
        if node is None or not self.is_mapping(node, "effects"):
            return ()
        own = own_experiments(self.own.folder)
        experiments = {name: experiment_folder() / f"{name}.yaml" for name in experiment_ids()} | own
        for name, child in node.value.items():
            if name not in experiments:
                self.fault(node.line_of(name), Phrase("there is no published effect {name}", name=quote(name)),
                           Phrase("one of the {count} of `pushpull evidence`", count=len(experiments)),
                           nearest(name, experiments))  # fmt: skip
                continue
            entries = self.mapping(child, Phrase("the effect {name}", name=name), EFFECT_KEYS, EFFECT_KEYS)
            error = (
                self.above_zero(entries["error"], Phrase("error of {name}", name=name)) if "error" in entries else None
            )
            shown = f"{self.own.id}/evidence/{name}.yaml" if name in own else ""
            try:
                experiment = read_experiment(experiments[name], shown)
            except ScenarioFaults as raised:
                self.faults += raised.faults
                continue
            if experiment.corridor != self.own.id or experiment.sign_only:
                self.fault(node.line_of(name), Phrase("{name} is no measured effect of this corridor", name=name),
                           Phrase("an effect with a size, of the corridor {id}", id=self.own.id))  # fmt: skip
            elif error is not None:
                arms = {
                    name: dataclasses.replace(scenario, corridor=self.own) for name, scenario in experiment.arms.items()
                }
                why = str(entries["why"].value) if "why" in entries else ""
                effects.append(PublishedEffect(dataclasses.replace(experiment, arms=arms), error, why))
        return tuple(effects)

    def unknowns(self, node: Node | None) -> tuple[Unknown, ...]:
        parameters = self.catalogue.parameters
        unknowns = {card.id: Unknown(card, card.value) for card in parameters.values() if card.distribution != "fixed"}
        if node is not None and self.is_mapping(node, "priors"):
            for name, child in node.value.items():
                if name not in parameters:
                    message = Phrase("there is no parameter {name}", name=quote(name))
                    many = Phrase("one of the {count} names of `pushpull list parameters`", count=len(parameters))
                    self.fault(node.line_of(name), message, many, nearest(name, parameters))
                    continue
                unknown = self.prior(parameters[name], child)
                if unknown is None:
                    continue
                unknowns.pop(name, None)
                for member in self.members_of(parameters[name], child):
                    one = dataclasses.replace(unknown, member=member)
                    unknowns[one.name] = one
        return tuple(unknowns.values())

    def members_of(self, card: Card, node: Node) -> tuple[str | None, ...]:
        """The members of its index that a prior is for one by one, or None for all of them together."""
        if "each" not in node.value or not self.truth(node.value["each"], Phrase("each of {id}", id=card.id)):
            return (None,)
        if card.over is None:
            self.fault(
                node.value["each"].line,
                Phrase("{id} is one number", id=card.id),
                Phrase("each: for a number over an index alone"),
            )
            return ()
        if card.sums_to is not None:
            message = Phrase("{id} makes one whole over its members, so that none can move alone", id=card.id)
            self.fault(node.value["each"].line, message, Phrase("no each:"))
            return ()
        return tuple(self.own.members[card.over])

    def prior(self, card: Card, node: Node) -> Unknown | None:
        before = len(self.faults)
        entries = self.mapping(node, Phrase("the prior of {id}", id=card.id), PRIOR_KEYS, ("why",))
        why = str(entries["why"].value) if "why" in entries else ""
        start = self.above_zero(entries["start"], Phrase("start of {id}", id=card.id)) if "start" in entries else None
        if ("times" in entries) == ("range" in entries):
            many = Phrase("both times and range") if "times" in entries else Phrase("no range")
            if many != "no range" or len(self.faults) == before:  # else a name that was mistyped is a fault already
                self.fault(
                    node.line,
                    Phrase("the prior of {id} gives {many}", id=card.id, many=many),
                    Phrase("either times: or range:, low and high"),
                )
            return None
        key = "times" if "times" in entries else "range"
        distribution = entries["distribution"].value if "distribution" in entries else "loguniform"
        if distribution not in DRAWN:
            self.fault(
                entries["distribution"].line,
                Phrase("the distribution is {distribution}", distribution=quote(distribution)),
                listed(DRAWN),
            )
            return None
        ends = entries[key].value
        if not isinstance(ends, list) or len(ends) != 2 or not all(end.is_number for end in ends):
            texts = [number_meant(str(end.value)) for end in ends] if isinstance(ends, list) and len(ends) == 2 else []
            remedy = proposed(f"[{', '.join(each.split(' or ')[0] for each in texts)}]" if all(texts) and texts else "")
            message = Phrase("{key} of {id} is no pair of numbers", key=key, id=card.id)
            self.fault(entries[key].line, message, Phrase("[low, high]"), remedy=remedy)
            return None
        low, high = (float(end.value) for end in ends)
        if not low < high or (distribution == "loguniform" and low <= 0):
            self.fault(
                entries[key].line,
                Phrase("{key} of {id} runs from {low:g} to {high:g}", key=key, id=card.id, low=low, high=high),
                Phrase("0 < low < high"),
            )
            return None
        if start is not None and not low <= start <= high:
            self.fault(
                entries["start"].line,
                Phrase("start of {id} is {start:g}", id=card.id, start=start),
                Phrase("a number from {low:g} to {high:g}", low=low, high=high),
            )
            return None
        if key == "times":
            prior = dataclasses.replace(
                card, value=1.0, low=low, high=high, drawn=None, distribution=distribution, unit="1", by_population=None
            )
            return Unknown(prior, 1.0, why, times=True, start=start)
        if card.id in self.own.parameters:
            message = Phrase("{id} is given a range, and the corridor has a value of its own for it", id=card.id)
            self.fault(entries[key].line, message, Phrase("times:, a low and a high factor on that value"))
            return None
        if low < card.low or high > card.high:
            self.fault(
                entries[key].line,
                Phrase("the range of {id} leaves that of its card", id=card.id),
                Phrase("{low:g} to {high:g}", low=card.low, high=card.high),
            )
            return None
        middle = min(max(card.value, low), high)
        prior = dataclasses.replace(card, value=middle, low=low, high=high, drawn=None, distribution=distribution)
        return Unknown(prior, card.value, why, start=start)


def _asked(experiment: Experiment) -> bytes:
    """What an experiment asks of the model, in the text that fits of before hold the digest of."""
    head = ", ".join(map(repr, (experiment.id, experiment.low, experiment.high, experiment.measure)))
    quantities = ", ".join(f"{name!r}: {_read_off(quantity)}" for name, quantity in experiment.quantities.items())
    arms = sorted((name, _changes(scenario)) for name, scenario in experiment.arms.items())
    return f"({head}, {{{quantities}}}, {arms!r})".encode()


def _read_off(quantity: Quantity) -> str:
    where = f"variable={quantity.variable!r}, world={quantity.arm!r}, window={quantity.window!r}"
    how = f"how={quantity.how!r}, route={quantity.route!r}, population={quantity.population!r}"
    origin = "" if quantity.origin is None else f", origin={quantity.origin!r}"
    return f"Quantity({where}, {how}{origin})"


def _changes(arm: Scenario) -> str:
    """What makes an arm, whatever the corridor's numbers: those are distinguished by the digest of the plan."""
    given = (arm.policies, arm.context, arm.parameters, arm.formulas)
    return repr((arm.policy_start, arm.end, *(sorted(each.items()) for each in given), arm.loops_off))


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
