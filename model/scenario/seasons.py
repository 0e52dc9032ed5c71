"""What a corridor knows of months: how people who come spread over a year, and what is recorded by the month.

A corridor's folder holds it as `seasons.yaml`, with the months themselves in `recorded_monthly.csv`. No run and no fit
reads either.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from pushpull.catalogue import Catalogue
from pushpull.catalogue import catalogue as shipped_catalogue
from pushpull.engine.language.graph import Variable
from pushpull.files.faults import Fault, ScenarioFaults, quote
from pushpull.files.reader import Reader
from pushpull.files.tree import Node, decode, parse, read_bytes
from pushpull.scenario.corridor import Corridor
from pushpull.scenario.series import LARGEST_SERIES, SeriesBook, read_series
from pushpull.scenario.series_rows import AS_DATED, Row
from pushpull.scenario.unit_dimensions import measure
from pushpull.wording.phrases import Phrase

FILE, MONTHS_ON_RECORD = "seasons.yaml", "recorded_monthly.csv"
KEYS = ("schema_version", "of", "factors", "by_route", "years", "source", "why", "recorded")
NEEDED = ("factors", "years", "source", "why")
OF_EVADING, OF_EVERYONE = "evading", "everyone"  # whose season it is: of people who evade, or of all who come
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
LARGEST_FACTOR = 12.0  # all of a year in one month
ROUNDING = 1e-6  # of the sum of twelve factors
LONGEST_TEXT = 2000
JUST = 1e-3  # of a month: what a decimal year of four digits leaves open


@dataclass(frozen=True)
class MonthlyRecord:
    """A recorded flow by the month: `variable` is what it is held beside, `origin` and `route` are None where it counts
    all. `months` (month) counts from January of year zero, `values` (month) are counts of each month."""

    variable: str
    origin: str | None
    route: str | None
    series: str
    months: np.ndarray
    values: np.ndarray


@dataclass(frozen=True)
class Seasons:
    """How people who evade, or all who come, spread over a year, and what stands on record beside months of a run.

    `factors` has the twelve months, January first: times the mean of the year, one on average; `by_route` has those of
    routes with a season of their own. `years` says of which years they are, `source` is a key of SOURCES.md, `why` says
    what is assumed. `of` is OF_EVADING or OF_EVERYONE.
    """

    factors: tuple[float, ...]
    years: str
    source: str
    why: str
    recorded: tuple[MonthlyRecord, ...] = ()
    of: str = OF_EVADING
    by_route: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    @property
    def whose(self) -> str:
        """Who has the season, in words."""
        return "people who evade" if self.of == OF_EVADING else "all who come"

    def factors_of(self, routes: Iterable[str]) -> np.ndarray:
        """The factors of each route, (month, route); those of all where a route has none of its own."""
        return np.ascontiguousarray(np.array([self.by_route.get(route, self.factors) for route in routes]).T)


def read_seasons(corridor: Corridor, catalogue: Catalogue | None = None) -> Seasons | None:
    """What a corridor's `seasons.yaml` says; None where there is no such file.

    Raises:
        ScenarioFaults: with every fault of it, and of the months on record that it names.
    """
    if not os.path.lexists(corridor.folder / FILE):
        return None
    shown = f"{corridor.id}/{FILE}"
    node, faults = parse(decode(read_bytes(corridor.folder / FILE, shown), shown), shown)
    return SeasonsReader(shown, faults, corridor, (catalogue or shipped_catalogue()).model.variables).read(node)


class SeasonsReader(Reader):
    """Reads `seasons.yaml` and gathers its faults."""

    def __init__(self, file: str, faults: list[Fault], corridor: Corridor, variables: Mapping[str, Variable]):
        super().__init__(file, faults)
        self.corridor, self.variables = corridor, variables

    def read(self, node: Node) -> Seasons:
        """Raises ScenarioFaults with all faults."""
        given = self.mapping(node, Phrase("the seasons"), KEYS, NEEDED)
        if "schema_version" in given and given["schema_version"].value != 1:
            self.fault(given["schema_version"].line, Phrase("schema_version is not 1"), Phrase("the number 1"))
        of = self.choice(given["of"], "of", (OF_EVADING, OF_EVERYONE)) if "of" in given else OF_EVADING
        factors = self.factors(given["factors"], "factors") if "factors" in given else ()
        by_route = self.by_route(given["by_route"]) if "by_route" in given else {}
        texts = {key: self.text(given[key], key, LONGEST_TEXT) or "" for key in NEEDED[1:] if key in given}
        recorded = self.recorded(given["recorded"]) if "recorded" in given else []
        if self.faults:
            raise ScenarioFaults(self.faults)
        return Seasons(factors, recorded=tuple(recorded), of=of or OF_EVADING, by_route=by_route, **texts)

    def by_route(self, node: Node) -> dict[str, tuple[float, ...]]:
        """The factors of each route named."""
        given = self.mapping(node, "by_route", self.corridor.routes)
        return {
            route: self.factors(child, Phrase("by_route of {route}", route=route), Phrase(" on {route}", route=route))
            for route, child in given.items()
        }

    def factors(self, node: Node, what: str, where: str = "") -> tuple[float, ...]:
        """Twelve factors, January first, of which the mean is one; rounding is taken off."""
        given = self.mapping(node, what, MONTHS, MONTHS)
        factors = [
            self.above_zero(child, Phrase("the factor of {name}{where}", name=name, where=where), LARGEST_FACTOR)
            for name, child in given.items()
        ]
        numbers = [factor for factor in factors if factor is not None]
        if len(numbers) < len(MONTHS):
            return ()
        whole = math.fsum(numbers)
        if abs(whole - len(MONTHS)) > ROUNDING:
            what = Phrase("the twelve factors{where} add up to {whole:.6g}", where=where, whole=whole)
            self.fault(node.line, what, Phrase("12, so that they are one on average"))
        by_name = dict(zip(given, numbers, strict=True))
        return tuple(by_name[name] * len(MONTHS) / whole for name in MONTHS)

    def recorded(self, node: Node) -> list[MonthlyRecord]:
        """The months on record of each variable named: those of one series, or of one for each origin."""
        if not self.is_mapping(node, "recorded"):
            return []
        shown = f"{self.corridor.id}/{MONTHS_ON_RECORD}"
        if not (self.corridor.folder / MONTHS_ON_RECORD).exists():
            self.fault(
                node.line,
                Phrase(
                    "recorded names months, and there is no {months_on_record} beside {file}",
                    months_on_record=MONTHS_ON_RECORD,
                    file=FILE,
                ),
            )
            return []
        content = read_bytes(self.corridor.folder / MONTHS_ON_RECORD, shown, LARGEST_SERIES)
        book = read_series(content, shown, self.corridor.routes, self.faults)
        records: list[MonthlyRecord] = []
        for name, child in node.value.items():
            variable = self.variables.get(str(name))
            if variable is None:
                guess = self.guess(name, self.variables)
                self.fault(
                    node.line_of(name),
                    Phrase("recorded names {name}, which the model does not have", name=quote(name)),
                    "",
                    guess,
                )
            elif not has_count_of_month(variable):
                what = Phrase(
                    "{name} is counted in {unit}, and no month has a count of it", name=name, unit=variable.unit
                )
                self.fault(node.line_of(name), what, Phrase("a flow, in so many a year"))
            elif not child.is_mapping:
                records += self.of_series(variable, None, child, book)
            elif not variable.varies("origin"):
                self.fault(
                    child.line, Phrase("{name} is of all origins together", name=name), Phrase("the name of one series")
                )
            else:
                origins = self.mapping(child, Phrase("recorded of {name}", name=name), self.corridor.origins)
                for origin, series in origins.items():
                    records += self.of_series(variable, origin, series, book)
        return records

    def of_series(
        self, variable: Variable, origin: str | None, node: Node, book: SeriesBook
    ) -> Iterable[MonthlyRecord]:
        """The months of a series, one record for each route where it has routes."""
        what = Phrase("recorded of {name}", name=variable.name)
        name = self.choice(
            node,
            what,
            book.names,
            Phrase(
                "one of the {count} series of {months_on_record}",
                count=len(book.names),
                months_on_record=MONTHS_ON_RECORD,
            ),
        )
        if name is None:
            return
        routes = book.routes(name)
        if routes and not variable.varies("route"):
            self.fault(
                node.line,
                Phrase(
                    "{name} is recorded by route, and {name_2} is one number for all of them",
                    name=name,
                    name_2=variable.name,
                ),
            )
            return
        for route in [route for route in self.corridor.routes if route in routes] if routes else [""]:
            rows = book.of(name, route)
            if any(measure(row.unit).per != "month" or row.timing != AS_DATED for row in rows):
                allowed = Phrase("counts in so many a month, with the timing {as_dated}", as_dated=AS_DATED)
                self.fault(
                    node.line,
                    Phrase("{name} is in {unit}, which is no count of a month", name=name, unit=quote(rows[0].unit)),
                    allowed,
                )
                return
            months = np.array([month_of(row) for row in rows])
            twice = months[1:][np.diff(months) == 0]
            if len(twice):
                month = label_of(int(twice[0]))
                self.fault(
                    node.line,
                    Phrase("{name} has two values of {month}", name=name, month=month),
                    Phrase("one value a month and a route"),
                )
                return
            values = np.array([row.value for row in rows])
            yield MonthlyRecord(variable.name, origin, route or None, name, months, values)


def has_count_of_month(variable: Variable) -> bool:
    """Whether a variable is an amount a year, such as person/year, of which a month has a twelfth."""
    return variable.across == "sum" and variable.unit.endswith("/year")


def month_of(row: Row) -> int:
    """The month that a row stands in, counted from January of year zero."""
    return math.floor(12 * row.time + JUST)


def label_of(month: int) -> str:
    """A month counted from January of year zero, as 2027-03."""
    return f"{month // 12}-{month % 12 + 1:02d}"
