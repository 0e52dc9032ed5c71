"""Experiment files: a published effect, the arms that show it, and what to measure in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from pushpull.catalogue import catalogue
from pushpull.engine.runs.result import Result
from pushpull.evidence.measure_language import HOW, MeasureFault, names_in, read_off, work_out
from pushpull.files.faults import Fault, listed, nearest, quote
from pushpull.files.reader import Reader
from pushpull.files.tree import Node, read_tree
from pushpull.scenario import SCHEMA_VERSION, Scenario, ScenarioFaults, corridor_in
from pushpull.scenario.library import corridor_names, shipped_folder
from pushpull.wording.phrases import Phrase

KEYS = (
    "id", "title", "claim", "published", "sign", "consensus", "band", "sign_only", "use", "corridor", "worlds",
    "quantities", "measure", "measured_in", "note", "not_representable",
)  # fmt: skip
NEEDED = ("id", "title", "claim", "published", "consensus")
NEEDED_TO_RUN = ("sign", "band", "use", "corridor", "worlds", "quantities", "measure", "measured_in")
PUBLISHED_KEYS = ("estimate", "low", "high", "unit", "where", "source", "quality")
RANGE_KEYS = ("low", "high", "reason")
QUANTITY_KEYS = ("of", "in", "over", "at", "how", "route", "population", "origin")
ARM_KEYS = ("policy_start", "end", "policies", "context", "parameters", "formulas", "loops_off")
SIGNS = ("positive", "negative", "zero")
CONSENSUS = ("agreed", "contested", "single")
USES = ("structure", "tested")
POPULATIONS = ("labour", "protection")


@dataclass(frozen=True)
class Quantity:
    """A number read off one arm: a variable over a window of years."""

    variable: str
    arm: str
    window: tuple[float, float]
    how: str = "mean"
    route: str | None = None
    population: str | None = None
    origin: str | None = None


@dataclass(frozen=True)
class Experiment:
    """A published effect and the runs that show whether the model has it.

    `low` and `high` bound the accepted range of the measure (None: open). An experiment with `not_representable`
    has no arms: it says why the model cannot speak to the effect.
    """

    id: str
    title: str
    claim: str
    published: Mapping[str, Any]
    consensus: str
    sign: str = ""
    low: float | None = None
    high: float | None = None
    range_reason: str = ""
    sign_only: bool = False
    use: str = ""
    corridor: str = ""
    arms: Mapping[str, Scenario] = field(default_factory=dict)
    quantities: Mapping[str, Quantity] = field(default_factory=dict)
    measure: str = ""
    measured_in: str = ""
    note: str = ""
    not_representable: str = ""

    def measured(self, result_of: Callable[[Scenario], Result]) -> np.ndarray | float:
        """The measure, shape (member,), read off the results of the arms."""
        numbers = {}
        for name, quantity in self.quantities.items():
            part = (
                quantity.variable, quantity.window, quantity.how, quantity.route, quantity.population, quantity.origin
            )  # fmt: skip
            numbers[name] = read_off(result_of(self.arms[quantity.arm]), *part)
        return work_out(self.measure, numbers)


def experiment_folder() -> Path:
    """The folder of the experiments that come with the package."""
    return shipped_folder() / "evidence"


def own_experiments(corridor: Path) -> dict[str, Path]:
    """The experiments that lie with a corridor, in `evidence` in its folder, by id."""
    return {path.stem: path for path in sorted((corridor / "evidence").glob("*.yaml"))}


def experiment_ids() -> list[str]:
    """The ids of the shipped experiments."""
    return sorted(path.stem for path in experiment_folder().glob("*.yaml"))


def read_experiments(ids: Iterable[str] | None = None) -> list[Experiment]:
    """The shipped experiments of these ids (all if None); raises ScenarioFaults with every fault of every file."""
    shipped = experiment_ids()
    chosen = shipped if ids is None else list(ids)
    faults, experiments = [], []
    for name in chosen:
        if name not in shipped:
            message = Phrase("there is no experiment {name}", name=quote(name))
            allowed = listed(shipped, Phrase("one of {count}", count=len(shipped)))
            faults.append(Fault("evidence", None, message, allowed, nearest(name, map(str.lower, shipped)).upper()))
            continue
        try:
            experiments.append(read_experiment(experiment_folder() / f"{name}.yaml"))
        except ScenarioFaults as fault:
            faults += fault.faults
    if faults:
        raise ScenarioFaults(faults)
    return experiments


def read_experiment(path: Path, shown: str = "") -> Experiment:
    """One experiment file; raises ScenarioFaults with every fault.

    The corridor it names is a shipped one, or one's own that lies beside it or in a folder above (see `corridor_of`).
    """
    shown = shown or f"evidence/{path.name}"
    node, faults = read_tree(path, shown)
    return ExperimentReader(shown, faults, path).read(node, path.stem)


def corridor_of(path: Path, name: str) -> Path | None:
    """The folder of a corridor of one's own that an experiment file names: one that the file lies in, or one in
    `corridors` beside it; None where there is none."""
    for folder in path.resolve().parents[:3]:
        if folder.name == name and (folder / "corridor.yaml").exists():
            return folder
        if (folder / "corridors" / name / "corridor.yaml").exists():
            return folder / "corridors" / name
    return None


class ExperimentReader(Reader):
    """Reads one experiment and gathers its faults."""

    def __init__(self, shown: str, faults: list[Fault], path: Path):
        super().__init__(shown, faults)
        self.catalogue, self.path = catalogue(), path
        self.shipped = path.resolve().parent == experiment_folder().resolve()

    def read(self, node: Node, stem: str) -> Experiment:
        if node.is_mapping and not self.faults and not {"claim", "published", "measure"} & set(node.value):
            self.fault(
                node.line,
                Phrase("this is no experiment"),
                Phrase("a file with id, title, claim, published and consensus"),
            )
            raise ScenarioFaults(self.faults)
        entries = self.mapping(node, Phrase("the experiment"), KEYS, NEEDED)
        plain = {key: child.to_python() for key, child in entries.items()}
        if plain.get("id") not in (stem, None):
            self.fault(
                entries["id"].line,
                Phrase("id is {id}", id=quote(plain["id"])),
                Phrase("the file's name, {stem}", stem=stem),
            )
        if "published" in entries:
            needed = ("estimate", "source", "quality")
            published = self.mapping(entries["published"], "published", PUBLISHED_KEYS, needed)
            source = str(published["source"].to_python()) if "source" in published else ""
            references = self.catalogue.references
            in_words = " " in source and not self.shipped
            if source and source not in references and not in_words:
                message = Phrase("no reference is called {source}", source=quote(source))
                allowed = Phrase("a key of references.yaml")
                if not self.shipped:
                    allowed = Phrase("{keys}, or the reference in words", keys=allowed)
                self.fault(published["source"].line, message, allowed, nearest(source, references))
        self.choices(entries, consensus=CONSENSUS)
        if "not_representable" in entries or self.faults:
            return self.experiment(plain, {}, {})
        for key in NEEDED_TO_RUN:
            if key not in entries:
                self.fault(
                    node.line,
                    Phrase("the experiment lacks {key}", key=quote(key)),
                    Phrase("or not_representable, with the reason"),
                )
        self.choices(entries, sign=SIGNS, use=USES)
        own = None if self.shipped else corridor_of(self.path, str(plain.get("corridor")))
        if own is None:
            near = [corridor_names(folder) for folder in (self.path.parent, *self.path.parents[1:4])]
            self.choices(entries, corridor=sorted({name for names in near for name in names}))
        if "band" in entries:
            self.accepted_range(entries["band"])
        if self.faults:
            raise ScenarioFaults(self.faults)
        arms = self.arms(entries["worlds"], plain, own)
        quantities = self.quantities(entries["quantities"], arms)
        try:
            named = plain["quantities"] if entries["quantities"].is_mapping else {}
            for name in sorted(names_in(plain["measure"]) - set(named)):
                message = Phrase("measure uses {name}, which is no quantity", name=quote(name))
                self.fault(entries["measure"].line, message, listed(named),
                           nearest(name, named))  # fmt: skip
        except MeasureFault as fault:
            self.fault(
                entries["measure"].line, Phrase("measure: {fault}", fault=fault), Phrase("arithmetic over quantities")
            )
        return self.experiment(plain, arms, quantities)

    def choices(self, entries: Mapping[str, Node], **names: Iterable[str]) -> None:
        """Faults of the entries that are none of the names each may be."""
        for key, allowed in names.items():
            if key in entries:
                self.choice(entries[key], key, allowed)

    def experiment(self, plain: dict, arms: dict, quantities: dict) -> Experiment:
        if self.faults:
            raise ScenarioFaults(self.faults)
        accepted = plain.get("band") or {}
        return Experiment(
            id=plain["id"],
            title=plain["title"],
            claim=plain["claim"],
            published=plain["published"],
            consensus=plain["consensus"],
            sign=plain.get("sign", ""),
            low=accepted.get("low"),
            high=accepted.get("high"),
            range_reason=accepted.get("reason", ""),
            sign_only=plain.get("sign_only") is True,
            use=plain.get("use", ""),
            corridor=plain.get("corridor", ""),
            arms=arms,
            quantities=quantities,
            measure=str(plain.get("measure", "")),
            measured_in=plain.get("measured_in", ""),
            note=plain.get("note", ""),
            not_representable=plain.get("not_representable", ""),
        )

    def accepted_range(self, node: Node) -> None:
        ends = self.mapping(node, "band", RANGE_KEYS, ("reason",))
        if not node.is_mapping:
            return
        ends.pop("reason", None)
        for key, child in ends.items():
            if not child.is_number:
                self.fault(
                    child.line,
                    Phrase("{key} of the accepted range is {kind}", key=key, kind=child.kind()),
                    Phrase("a number, or leave it out"),
                )
        values = [child.value for child in ends.values() if child.is_number]
        if not ends or (len(values) == 2 and ends["low"].value > ends["high"].value):
            self.fault(node.line, Phrase("the accepted range is empty"), Phrase("low, high or both, low below high"))

    def arms(self, node: Node, plain: dict, own: Path | None) -> dict[str, Scenario | None]:
        arms: dict[str, Scenario | None] = {}  # None: named, but at fault
        if not node.is_mapping or not node.value:
            self.fault(node.line, Phrase("worlds is {kind}", kind=node.kind()), Phrase("a mapping of named arms"))
            return arms
        given = {"schema_version": SCHEMA_VERSION, "title": plain["title"], "corridor": plain["corridor"]}
        base = Scenario.from_mapping(given, name=self.file) if own is None else Scenario.of_corridor(corridor_in(own))
        for name, child in node.value.items():
            entries = (
                self.mapping(child, Phrase("the arm {name}", name=name), ARM_KEYS) if child.value is not None else {}
            )
            arms[name] = None
            try:
                arms[name] = base.with_changes(**{key: each.to_python() for key, each in entries.items()})
            except ScenarioFaults as raised:
                for fault in raised.faults:
                    what = Phrase("arm {name}: {what}", name=name, what=fault.what)
                    self.faults.append(replace(fault, file=self.file, line=child.line, what=what))
        return arms

    def quantities(self, node: Node, arms: Mapping[str, Scenario | None]) -> dict[str, Quantity]:
        quantities = {}
        if not node.is_mapping:
            self.fault(
                node.line, Phrase("quantities is {kind}", kind=node.kind()), Phrase("a mapping of named numbers")
            )
            return quantities
        variables = {**self.catalogue.model.variables, **self.catalogue.levers, **self.catalogue.context}
        for name, child in node.value.items():
            entries = self.mapping(child, Phrase("the quantity {name}", name=name), QUANTITY_KEYS, ("of", "in"))
            plain = {key: each.to_python() for key, each in entries.items()}
            variable, arm, line = plain.get("of"), plain.get("in"), child.line
            if variable not in variables:
                message = Phrase(
                    "{name} reads {variable}, which the model does not have", name=name, variable=quote(variable)
                )
                self.fault(line, message, "",
                           nearest(str(variable), variables))  # fmt: skip
            if arm not in arms:
                self.fault(
                    line,
                    Phrase("{name} is read in {arm}", name=name, arm=quote(arm)),
                    listed(arms),
                    nearest(str(arm), arms),
                )
                continue
            window = plain.get("over", [plain["at"], plain["at"]] if "at" in plain else None)
            if ("over" in plain) == ("at" in plain) or not _is_window(window):
                self.fault(
                    line,
                    Phrase("{name} has no window", name=name),
                    Phrase("over: [first year, last year], or at: year"),
                )
                continue
            scenario = arms[arm]
            if scenario is None:
                continue
            if not scenario.corridor.start <= window[0] <= window[1] <= scenario.end:
                message = Phrase(
                    "{name} is read from {window:g} to {window_2:g}, outside the run",
                    name=name,
                    window=window[0],
                    window_2=window[1],
                )
                self.fault(line, message,
                           Phrase("{start:g} to {end:g}", start=scenario.corridor.start, end=scenario.end))  # fmt: skip
            how = plain.get("how", "mean")
            if how not in HOW:
                self.fault(
                    line,
                    Phrase("{name} is read by {how}", name=name, how=quote(how)),
                    listed(HOW),
                    nearest(str(how), HOW),
                )
            route, part, origin = plain.get("route"), plain.get("population"), plain.get("origin")
            self.part(line, name, variable, "route", route, scenario.routes)
            self.part(line, name, variable, "population", part, POPULATIONS)
            self.part(line, name, variable, "origin", origin, tuple(scenario.corridor.origins))
            span = (float(window[0]), float(window[1]))
            quantities[name] = Quantity(variable, arm, span, how, route, part, origin)
        return quantities

    def part(self, line: int | None, name: str, variable: str, by: str, given: object, allowed: Iterable[str]) -> None:
        """A fault where a quantity asks for a route, population or origin that is not there or not of its variable."""
        model, given_to_it = self.catalogue.model, {**self.catalogue.levers, **self.catalogue.context}
        if given is None or variable not in {**model.variables, **given_to_it}:
            return
        over = model.over(variable) if variable in model.variables else (given_to_it[variable].over,)
        if by not in over:
            self.fault(
                line,
                Phrase(
                    "{name} asks for a {by}, but {variable} is not told by {by}",
                    name=name,
                    by=Phrase(by),
                    variable=quote(variable),
                ),
                Phrase("no {by}", by=Phrase(by)),
            )
        elif given not in allowed:
            self.fault(
                line,
                Phrase("{name} asks for the {by} {given}", name=name, by=Phrase(by), given=quote(given)),
                listed(allowed),
                nearest(str(given), allowed),
            )


def _is_window(window: object) -> bool:
    return (
        isinstance(window, list)
        and len(window) == 2
        and all(isinstance(year, (int, float)) and not isinstance(year, bool) for year in window)
        and window[0] <= window[1]
    )
