"""What an evaluation asks: from which years, how far ahead, of which records, and which mechanisms are taken out.

A corridor's folder holds it as `evaluation.yaml`, beside the plan of its fit.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pushpull.calibration.plan import Plan, read_plan
from pushpull.calibration.records import Record, RecordReader
from pushpull.evaluation.earlier_errors import AssumedErrors
from pushpull.files.faults import Fault, ScenarioFaults, quote
from pushpull.files.reader import Reader
from pushpull.files.tree import Node, decode, parse, read_bytes
from pushpull.scenario import Scenario

FILE = "evaluation.yaml"
KEYS = (
    "schema_version", "year_ends", "made_in", "made_in_for_later", "measures", "regression", "ablations_made_in",
    "ablations", "forecast_errors",
)  # fmt: skip
NEEDED = ("year_ends", "made_in", "measures")
ERROR_KEYS = ("of", "ahead", "yearly", "lasting", "why", "together")
ERRORS_NEED = ERROR_KEYS[:-1]
ABLATION_KEYS = ("title", "loops_off", "parameters")
HORIZONS = {"1-5": (1, 5), "6-11": (6, 11)}
LONGEST_TITLE, LONGEST_WHY = 200, 1000


@dataclass(frozen=True)
class Ablation:
    """A mechanism taken out: named loops cut, or parameters set to where it does nothing."""

    id: str
    title: str
    loops_off: tuple[str, ...]
    parameters: dict[str, float]


@dataclass(frozen=True)
class Design:
    """An evaluation of a corridor. A year that a forecast is made in ends at `year + year_ends` (1 for a calendar year,
    0.75 for one that ends with September); `records` hold all that is judged, to the last value there is. Fits without
    a mechanism are made in `ablations_made_in`. Where `errors` are given, ranges carry
    what earlier forecasts were off."""

    plan: Plan
    year_ends: float
    made_in: tuple[int, ...]
    made_in_for_later: tuple[int, ...]
    records: tuple[Record, ...]
    regression: tuple[str, ...]
    ablations_made_in: int
    ablations: tuple[Ablation, ...]
    errors: AssumedErrors | None
    digest: str

    def made_at(self, year: int) -> float:
        """The time at which the forecast of a year is made."""
        return year + self.year_ends

    def horizons(self, year: int) -> dict[str, tuple[int, int]]:
        """The horizons of the forecast made in a year: first and last year ahead."""
        later = year in self.made_in_for_later
        return {name: span for name, span in HORIZONS.items() if span[0] == 1 or later}


def read_design(scenario: Scenario) -> Design:
    """The evaluation that a scenario's corridor asks for.

    Raises ScenarioFaults with every fault of `evaluation.yaml` or of the plan, and where there is none of them.
    """
    folder = scenario.corridor.folder
    shown = f"{scenario.corridor.id}/{FILE}"
    if not (folder / FILE).exists():
        message = f"the corridor {quote(scenario.corridor.id)} has no {FILE}, so it says no years to forecast from"
        raise ScenarioFaults([Fault(shown, None, message, "a corridor with one, such as us_southwest_border")])
    plan = read_plan(scenario, to_latest=True)
    content = read_bytes(folder / FILE, shown)
    node, faults = parse(decode(content, shown), shown)
    return DesignReader(shown, faults, plan).read(node, content)


class DesignReader(Reader):
    """Reads `evaluation.yaml` and gathers its faults."""

    def __init__(self, file: str, faults: list[Fault], plan: Plan):
        super().__init__(file, faults)
        self.plan, self.catalogue = plan, plan.scenario.catalogue

    def read(self, node: Node, content: bytes) -> Design:
        entries = self.mapping(node, "the evaluation", KEYS, NEEDED)
        if "schema_version" in entries and entries["schema_version"].value != 1:
            self.fault(entries["schema_version"].line, "schema_version is not 1", "the number 1")
        ends = (
            self.above_zero(entries["year_ends"], "year_ends", 1, "the part of a year at which it ends: 1, or 0.75")
            if "year_ends" in entries
            else None
        )
        made_in = self.years(entries.get("made_in"), "made_in")
        later = self.years(entries.get("made_in_for_later"), "made_in_for_later")
        for year in set(later) - set(made_in):
            self.fault(entries["made_in_for_later"].line, f"made_in_for_later names {year}", "years of made_in")
        records: list[Record] = []
        if "measures" in entries:
            reader = RecordReader(self.file, self.faults, self.plan.scenario, to_latest=True)
            records = reader.records(entries["measures"], None)
        drivers = tuple(self.catalogue.context)
        on = self.names(entries["regression"], "regression", drivers) if "regression" in entries else ()
        ablations = self.ablations(entries.get("ablations"))
        taken_out_in = made_in[-1] if made_in else 0
        if "ablations_made_in" in entries:
            years = [item.value for item in entries["made_in"].value] if made_in else []
            taken_out_in = self.one_of(entries["ablations_made_in"], "ablations_made_in", years) or 0
        errors = self.assumed_errors(entries["forecast_errors"]) if "forecast_errors" in entries else None
        if self.faults or ends is None:
            raise ScenarioFaults(self.faults)
        digest = hashlib.sha256(self.plan.digest.encode() + content + _recorded(self.plan.scenario)).hexdigest()
        return Design(self.plan, ends, made_in, later, tuple(records), on, taken_out_in, ablations, errors, digest)

    def years(self, node: Node | None, what: str) -> tuple[int, ...]:
        if node is None:
            return ()
        first, last = int(self.plan.scenario.start) + 1, int(self.plan.scenario.end) - 1
        items = self.items(node, what, "years")
        years = [self.whole(item, f"a year of {what}", first, last) for item in items]
        return tuple(sorted({year for year in years if year is not None}))

    def one_of(self, node: Node, what: str, years: list[int]) -> int | None:
        if node.value in years:
            return int(node.value)
        self.fault(node.line, f"{what} is {node.kind()}", f"a year of made_in: {', '.join(map(str, years))}")
        return None

    def ablations(self, node: Node | None) -> tuple[Ablation, ...]:
        if node is None or not self.is_mapping(node, "ablations"):
            return ()
        ablations = []
        for name, child in node.value.items():
            given = self.mapping(child, f"the ablation {name}", ABLATION_KEYS, ("title",))
            title = self.text(given["title"], f"title of {name}", LONGEST_TITLE) if "title" in given else None
            loops: tuple[str, ...] = ()
            if "loops_off" in given:
                loops = self.names(given["loops_off"], f"loops_off of {name}", self.catalogue.loops)
            numbers: dict[str, float] = {}
            if "parameters" in given and self.is_mapping(given["parameters"], f"parameters of {name}"):
                numbers = self.parameters(name, given["parameters"])
            if child.is_mapping and not child.value.keys() & {"loops_off", "parameters"}:
                self.fault(node.line_of(name), f"the ablation {name} takes nothing out", "loops_off: or parameters:")
            if title is not None:
                ablations.append(Ablation(str(name), title, loops, numbers))
        return tuple(ablations)

    def assumed_errors(self, node: Node) -> AssumedErrors | None:
        given = self.mapping(node, "forecast_errors", ERROR_KEYS, ERRORS_NEED)
        variables = self.plan.scenario.catalogue.model.variables
        by_origin = tuple(name for name, each in variables.items() if [index.name for index in each.over] == ["origin"])
        of = self.choice(given["of"], "of of forecast_errors", by_origin) if "of" in given else None
        ahead = self.whole(given["ahead"], "ahead of forecast_errors", 1, 11) if "ahead" in given else None
        deviations = {
            name: self.between(given[name], f"{name} of forecast_errors", 0.01, 3)
            for name in ("yearly", "lasting")
            if name in given
        }
        why = self.text(given["why"], "why of forecast_errors", LONGEST_WHY) if "why" in given else None
        together = "together" in given and bool(self.truth(given["together"], "together of forecast_errors"))
        if of is None or ahead is None or why is None or None in deviations.values():
            return None
        return AssumedErrors(of, ahead, deviations["yearly"] or 0.0, deviations["lasting"] or 0.0, why, together)

    def parameters(self, name: object, node: Node) -> dict[str, float]:
        cards, numbers = self.catalogue.parameters, {}
        for parameter, child in node.value.items():
            if parameter not in cards:
                self.unknown(node.line_of(parameter), parameter, f"parameters of {name}", tuple(cards))
                continue
            value = self.number(child, f"{parameter} of {name}")  # out of its range it may do nothing
            if value is not None:
                numbers[str(parameter)] = value
        return numbers


def _recorded(scenario: Scenario) -> bytes:
    path = Path(scenario.corridor.folder) / "recorded.csv"
    return path.read_bytes() if path.exists() else b""
