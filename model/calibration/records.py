"""Recorded series of a plan: what the model is held against, and every fault in how a plan names them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pushpull.files.faults import Fault, ScenarioFaults, listed, nearest, quote
from pushpull.files.reader import Reader
from pushpull.files.tree import Node, read_bytes
from pushpull.scenario import Scenario
from pushpull.scenario.series import LARGEST_SERIES, SeriesBook, read_series
from pushpull.scenario.series_rows import INSTANTS, Row
from pushpull.scenario.unit_dimensions import at_odds

RECORDED = "recorded.csv"
KEYS = (
    "of", "series", "by", "origin", "reading", "since", "until", "up_to", "within", "scale", "error", "tolerance",
    "fitted", "why",
)  # fmt: skip
READINGS = ("year_mean", "point")
YEARS = ("since", "until")
LARGEST_ERROR = 3.0  # of logarithms: a factor of twenty
SMALLEST_TOLERANCE = 1.0  # percent


@dataclass(frozen=True)
class Record:
    """A recorded series and how the model is held against it.

    `low` and `high` bound each recorded value: equal where the record is a target, apart where it is a range.
    `error` is a standard deviation of logarithms; `tolerance` a mean absolute percentage error. `route` is the route it
    was recorded on, or None for a record of the whole corridor; `origin` is that of the people it counts, or None where
    it counts all.
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
    route: str | None = None
    origin: str | None = None

    @property
    def is_range(self) -> bool:
        """Whether the record is a range rather than a target."""
        return bool(np.any(self.high > self.low))

    @property
    def label(self) -> str:
        """The series, with its route where it was recorded on one."""
        return self.series if self.route is None else f"{self.series}@{self.route}"


class RecordReader(Reader):
    """Reads the block `series` of a plan; its faults join those of the plan."""

    def __init__(self, file: str, faults: list[Fault], scenario: Scenario, to_latest: bool = False):
        super().__init__(file, faults)
        self.scenario = scenario
        self.variables = scenario.catalogue.model.variables
        self.book = recorded_series(scenario, file, to_latest)

    def records(self, node: Node, until: float | None) -> list[Record]:
        """Every record of the block, those by route one for each route; `until` is the last year of the fit."""
        records = []
        if self.is_mapping(node, "series"):
            for name, child in node.value.items():
                records += self.record(str(name), child, node.line_of(name), until)
        return records

    def record(self, name: str, node: Node, line: int | None, plan_until: float | None) -> list[Record]:
        """The records that one entry asks for: one, or one for each route. An entry is of the series whose name it has,
        or of that which `series` says: so years that differ in their error stand apart."""
        given = self.mapping(node, name, KEYS, ("of", "error", "fitted", "why"))
        series = str(given["series"].value) if "series" in given else name
        if series not in self.book:
            many = f"one of the {len(self.book.names)} series of series.csv"
            line = given["series"].line if "series" in given else line
            self.fault(line, f"series.csv holds no series {quote(series)}", many, nearest(series, self.book.names))
            return []
        variable = str(given["of"].value) if "of" in given else ""
        if variable not in self.variables:
            self.fault(line, f"{name} is compared with {quote(variable)}, which the model does not have", "",
                       nearest(variable, self.variables))  # fmt: skip
            return []
        reading: str | None = READINGS[0]
        if "reading" in given:
            reading = self.choice(given["reading"], f"the reading of {name}", READINGS)
        fitted = self.truth(given["fitted"], f"fitted of {name}") if "fitted" in given else True
        numbers = self.numbers(name, given)
        origin = self.origin(name, variable, given["origin"]) if "origin" in given else None
        parts = self.parts(series, variable, given, line)
        if reading is None or fitted is None or numbers is None or "error" not in numbers or parts is None:
            return []
        half = 0.5 if reading == "year_mean" else 0.0
        since = max(numbers.get("since", 0.0), self.scenario.corridor.start + half)
        until = min(numbers.get("until", np.inf), (plan_until or np.inf) - half)
        records, without = [], []
        for route in parts:
            rows = [row for row in self.book.of(series, route or "") if since - 1e-9 <= row.time <= until + 1e-9]
            if not rows:
                without.append(route)
                continue
            scale = self.scale(name, variable, rows, numbers, line)
            bounds = None if scale is None else self.bounds(name, given, rows, numbers, scale, fitted)
            if bounds is None:
                return []
            low, values, high = bounds
            records.append(
                Record(
                    series=name,
                    variable=variable,
                    reading=reading,
                    times=np.array([row.time for row in rows]),
                    values=values,
                    low=low,
                    high=high,
                    unit=rows[0].unit,
                    source="+".join(dict.fromkeys(row.source for row in rows)),
                    quality=max(row.quality for row in rows),
                    error=numbers["error"],
                    tolerance=numbers.get("tolerance"),
                    fitted=fitted,
                    why=str(given["why"].value) if "why" in given else "",
                    route=route,
                    origin=origin,
                )
            )
        if without:
            at = f" for {listed(filter(None, without))}" if len(without) < len(parts) else ""
            span = f"from {since:g} to {until:g}" if since <= until else f"both from {since:g} on and to {until:g}"
            self.fault(line, f"{name} has no value{at} {span}", "a series with values in these years")
        return records

    def numbers(self, name: str, given: dict[str, Node]) -> dict[str, float] | None:
        """The numbers of an entry, each within what makes sense of it; None where one does not."""
        limits = {
            "scale": (0, np.inf, ""),
            "within": (0, 0.99, "a share above 0 and below 1, such as 0.15 for 15 percent"),
            "error": (0, LARGEST_ERROR, f"a standard deviation of logarithms above 0, at most {LARGEST_ERROR:g}"),
            "tolerance": (SMALLEST_TOLERANCE, np.inf, "percent, from 1 on, such as 12 for 12 percent"),
        }
        numbers: dict[str, float] = {}
        for key in YEARS:
            year = self.year(given[key], f"{key} of {name}") if key in given else None
            if year is not None:
                numbers[key] = year
        for key, (low, high, allowed) in limits.items():
            if key not in given:
                continue
            node = given[key]
            if key in ("within", "error") and node.is_number and 1 < node.value <= 100 and node.value > high:
                allowed += f"; {node.value:g} percent is {node.value / 100:g}"
            if key == "tolerance" and node.is_number and 0 < node.value < 1:
                allowed += f"; a share of {node.value:g} is {100 * node.value:g} percent"
            what = f"{key} of {name}"
            if low > 0:
                number = self.between(node, what, low, high, allowed)
            else:
                number = self.above_zero(node, what, high, allowed)
            if number is not None:
                numbers[key] = number
        return numbers if len(numbers) == sum(key in given for key in (*YEARS, *limits)) else None

    def origin(self, name: str, variable: str, node: Node) -> str | None:
        """The origin whose people a series counts; None with a fault where there is none, or the variable has none."""
        origin = self.choice(node, f"origin of {name}", tuple(self.scenario.corridor.origins))
        if origin and "origin" not in {index.name for index in self.variables[variable].over}:
            self.fault(node.line, f"{name} is of one origin, and {variable} is of all of them", "a variable by origin")
            return None
        return origin

    def parts(self, name: str, variable: str, given: dict[str, Node], line: int | None) -> list[str | None] | None:
        """None for the whole corridor, or the routes that the series records; no list where it cannot be compared."""
        whole, recorded = bool(self.book.of(name)), self.book.routes(name)
        by_route = bool(recorded) and not whole
        if "by" in given:
            if self.choice(given["by"], f"by of {name}", ("route",)) is None:
                return None
            if not recorded:
                allowed = "a series whose column route is filled in"
                self.fault(given["by"].line, f"{name} has no values by route", allowed)
                return None
            by_route = True
        if not by_route:
            return [None]
        if "route" not in {index.name for index in self.variables[variable].over}:
            message = f"{name} is recorded by route, and {variable} is one number for the whole corridor"
            routed = [each.name for each in self.variables.values() if "route" in {index.name for index in each.over}]
            self.fault(line, message, f"a variable by route ({', '.join(routed[:3])} ...), or a series without routes",
                       nearest(variable, routed))  # fmt: skip
            return None
        return [route for route in self.scenario.routes if route in recorded]

    def scale(
        self, name: str, variable: str, rows: list[Row], numbers: dict[str, float], line: int | None
    ) -> float | None:
        """The factor that brings the series to the variable's unit; a fault where its unit says it cannot be."""
        unit, wanted = rows[0].unit, self.variables[variable].unit
        odd, scale = at_odds(unit, wanted, any(row.timing in INSTANTS for row in rows))
        if odd and not (scale and "scale" in numbers):
            allowed = f"a series in {wanted}" + (f", or {scale} beside `of`" if scale else ", or another variable")
            self.fault(line, f"{name} is recorded in {quote(unit)}, {variable} counted in {quote(wanted)}", allowed)
            return None
        return numbers.get("scale", 1.0)

    def bounds(
        self, name: str, given: dict[str, Node], rows: list[Row], numbers: dict[str, float], scale: float, fitted: bool
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
        """The lower ends, the values and the upper ends of a record, each of shape (time,), or None where one of
        them can be no record."""
        values = np.array([row.value for row in rows]) * scale
        within = numbers.get("within", 0.0)
        low, high = values * (1 - within), values * (1 + within)
        if "up_to" in given:
            other = str(given["up_to"].value)
            beside = self.book.of(other, rows[0].route) if other in self.book else []
            upper = {row.time: row.value * scale for row in beside}
            if any(row.time not in upper for row in rows):
                self.fault(given["up_to"].line, f"{quote(other)} does not go with {name}",
                           "a series with a value at the same times")  # fmt: skip
                return None
            high = np.array([upper[row.time] for row in rows])
        for row, least, most in zip(rows, low, high, strict=True):
            if least <= 0 or most < least:
                message = f"{row.value:g} in {row.time:g} (series.csv, line {row.line})"
                allowed = "values above zero, as errors are of logarithms; leave these years out with since or until"
                if most < least:
                    message = f"{message} lies above its upper end {most:g}"
                    allowed = "a range whose lower end comes first"
                self.fault(given["of"].line, f"{name} holds {message}", allowed)
                return None
        if "up_to" in given:
            values = np.sqrt(low * high)
        return low, values, high


def recorded_series(scenario: Scenario, shown: str, to_latest: bool = False) -> SeriesBook:
    """The series beside a corridor; raises ScenarioFaults where there are none, or with every fault in them.

    With `to_latest`, what `recorded.csv` holds is there too: what no run and no stored fit reads.
    """
    path = scenario.corridor.folder / "series.csv"
    if not path.exists():
        message = f"there is no series.csv beside the corridor {quote(scenario.corridor.id)}, so nothing recorded"
        raise ScenarioFaults([Fault(shown, None, message, "a file series.csv that holds the series of the plan")])
    faults: list[Fault] = []
    shown = f"{scenario.corridor.id}/series.csv"
    book = read_series(read_bytes(path, shown, LARGEST_SERIES), shown, scenario.routes, faults)
    later = scenario.corridor.folder / RECORDED
    if to_latest and later.exists():
        shown = f"{scenario.corridor.id}/{RECORDED}"
        more = read_series(read_bytes(later, shown, LARGEST_SERIES), shown, scenario.routes, faults)
        book = SeriesBook([row for each in (book, more) for rows in each.rows.values() for row in rows])
    if faults:
        raise ScenarioFaults(faults)
    return book
