"""The settings of a corridor: levers, drivers and parameters as numbers, schedules or series, and what was recorded."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from pushpull.catalogue import Catalogue
from pushpull.engine.language.cards import Card
from pushpull.files.faults import Fault, listed, nearest, quote
from pushpull.files.reader import EARLIEST, LATEST, YEARS
from pushpull.files.suggestions import proposed
from pushpull.files.tree import Node
from pushpull.scenario.driver_ranges import Drive
from pushpull.scenario.interpreter import POPULATIONS, Interpreter
from pushpull.scenario.schedules import TimePath, Where, constant_path, growth_path, points_path, value_at
from pushpull.scenario.series import RecordedSeries, SeriesBook
from pushpull.scenario.series_rows import COLUMNS, INSTANTS, Row
from pushpull.scenario.share_sums import keys_of, partial_fault, whole_fault
from pushpull.scenario.unit_dimensions import at_odds
from pushpull.wording.phrases import Phrase

SERIES_KEYS = ("series", "divide_by", "scale", "transform", "at")
DIVISOR_WORDS = ("value_in", "number")
BEYOND = 1.0  # years past its record for which a series may be asked


class SettingsReader(Interpreter):
    """Reads the settings of a corridor: the schedules of a scenario, and series of `series.csv` besides.

    `book` holds the series, or is None where there is no such file. `years` are the first and the last of the corridor,
    in which what a series drives has to stay within its range.
    """

    def __init__(
        self,
        file: str,
        faults: list[Fault],
        catalogue: Catalogue,
        routes: tuple[str, ...],
        busiest: str | None,
        book: SeriesBook | None,
        years: tuple[float, float],
        origins: tuple[str, ...],
    ):
        super().__init__(file, faults, catalogue, routes, busiest, relative=False, origins=origins)
        self.members = {"origin": origins, "population": POPULATIONS, "route": routes}
        self.has_table, self.book, self.years = book is not None, book or SeriesBook(), years
        self.asked = False  # whether a series was asked for where there is none

    def paths(self, node: Node, block: str) -> dict[str, TimePath | dict[str, TimePath]]:
        """How levers or context drivers moved, as spans."""
        cards = self.cards(block)
        paths = {}
        for name, child in self.entries(node, block):
            if self.holds_keys(child, cards[name]) and not _is_series(child):
                keyed = self.keyed(child, cards[name], self.members[cards[name].over or "route"])
                by_route = {key: self.path(each, cards[name], key) for key, each in keyed}
                paths[name] = {key: path for key, path in by_route.items() if path is not None}
            else:
                path = self.path(child, cards[name])
                if path is not None:
                    paths[name] = path
        return paths

    def path(self, node: Node, card: Card, route: str | None = None) -> TimePath | dict[str, TimePath] | None:
        """How a lever or driver moved, on one route or for one origin where it is given: by a schedule or a series."""
        if not _is_series(node):
            return self.schedule_path(
                node, card, Phrase("{id} of {route}", id=card.id, route=route) if route else card.id
            )
        path = self.series_paths(node, card, route)
        return path.get(route) if route and isinstance(path, dict) else path

    def meant(self, node: Node, card: Card, times: bool = True) -> str:
        """What a text in the place of a number means: a series that was only named, or a number."""
        if isinstance(node.value, str) and node.value in self.book:
            return f"{{series: {node.value}}}"
        return super().meant(node, card, times)

    def schedule_path(self, node: Node, card: Card, name: str) -> TimePath | None:
        """A schedule as a path, which begins at the card's value where the schedule names its first year."""
        schedule = self.schedule(node, card, name)
        if schedule is None:
            return None
        base = constant_path(card.value)
        before = (lambda time: card.value) if schedule.first_year is not None else None
        span = schedule.span(float("-inf"), card.value, before)
        return (*base, span) if schedule.first_year is not None else constant_path(span.values[0])

    def series_paths(self, node: Node, card: Card, route: str | None = None) -> TimePath | dict[str, TimePath] | None:
        """A series as a path, or as one path for each route."""
        name = card.id
        entries = self.mapping(node, name, SERIES_KEYS[:-1])
        series = self.series_name(entries.get("series"), name)
        growth = "transform" in entries
        if growth and self.choice(entries["transform"], Phrase("transform of {name}", name=name), ("growth",)) is None:
            return None
        if series is None or len(entries) < len(node.value):  # a word that is not known may have changed the values
            return None
        scale = self.scale(entries, name)
        if scale is None:
            return None
        by, paths = entries.get("divide_by"), {}
        groups = self.series_rows(node, series, card.over == "route", name, route)
        for key, rows in groups.items():
            divisor = self.divisor(by, rows, name) if by is not None else 1.0
            if divisor is None:
                return None
            values = [row.value / divisor * scale for row in rows]
            if growth and min(values) <= 0:
                self.fault(
                    node.line,
                    Phrase("{name} asks for the growth of {series}, which is not above zero", name=name, series=series),
                )
                return None
            if growth and len(values) < 2:
                self.fault(
                    node.line,
                    Phrase("{name} asks for the growth of {series}, which has one value", name=name, series=series),
                    Phrase("two or more"),
                )
                return None
            paths[key] = (growth_path if growth else points_path)([row.time for row in rows], values)
        divided = by is not None
        converted = divided and (by.is_number or (by.is_mapping and "number" in by.value))
        drive = Drive(card, series, groups, paths, scale, converted or scale != 1, divided and not converted, growth)
        return _by_route(paths) if self.holds(drive, node) else None

    def holds(self, drive: Drive, node: Node) -> bool:
        """Whether a series may drive what it is asked to, all through the years; else a fault says why."""
        refusal = drive.refusal(self.years)
        if refusal is not None:
            self.fault(node.line, *refusal)
        return refusal is None

    def series_name(self, node: Node | None, name: str) -> str | None:
        """The name of a series of the file, or None after a fault; what is wrong with its rows has been told."""
        if node is None or (isinstance(node.value, str) and node.value in self.book.faulty):
            return None
        if not self.book.names:
            if self.book.is_whole and not self.asked:
                lack = Phrase("series.csv holds none") if self.has_table else Phrase("there is no series.csv")
                allowed = Phrase("series.csv beside corridor.yaml, with the columns {join}", join=",".join(COLUMNS))
                self.fault(node.line, Phrase("{name} asks for a series, and {lack}", name=name, lack=lack), allowed)
            self.asked = True
            return None
        if not self.book.is_whole and node.value not in self.book.names:
            return None
        many = Phrase("one of the {count} series of series.csv", count=len(self.book.names))
        return self.choice(node, Phrase("the series of {name}", name=name), self.book.names, many)

    def series_rows(
        self, node: Node, series: str, routed: bool, name: str, route: str | None = None
    ) -> dict[str | None, list[Row]]:
        """The rows for each route, or under None for a series that knows no routes; no time twice."""
        held = self.book.routes(series)
        if not held:
            groups: dict[str | None, list[Row]] = {None: self.book.of(series)}
        elif not routed:
            self.fault(
                node.line,
                Phrase("{name} does not vary by route, {series} has one per route", name=name, series=series),
                Phrase("a series without routes"),
            )
            return {}
        else:
            wanted = [route] if route is not None else list(self.routes)
            for missing in [each for each in wanted if each not in held]:
                self.fault(
                    node.line,
                    Phrase("{series} records nothing for {missing}", series=series, missing=missing),
                    listed(sorted(held)),
                )
            groups = {each: self.book.of(series, each) for each in wanted if each in held}
        for rows in groups.values():
            for early, late in pairwise(rows):
                if early.time == late.time:
                    lines = Phrase("lines {line} and {line_2}", line=early.line, line_2=late.line)
                    message = Phrase(
                        "{series} has two values at {time:g} (series.csv, {lines})",
                        series=series,
                        time=early.time,
                        lines=lines,
                    )
                    self.fault(node.line, message, Phrase("one value a time in a series that drives the model"))
                    return {}
        return groups

    def scale(self, entries: Mapping[str, Node], name: str) -> float | None:
        """What the values of a series are multiplied by; one where nothing is said."""
        if "scale" not in entries:
            return 1.0
        scale = self.number(entries["scale"], Phrase("scale of {name}", name=name), Phrase("a number other than zero"))
        if scale == 0:
            self.fault(
                entries["scale"].line, Phrase("scale of {name} is 0", name=name), Phrase("a number other than zero")
            )
            return None
        return scale

    def divisor(self, node: Node, rows: list[Row], name: str) -> float | None:
        """What a series is divided by: its first or last value, its value in a year, or a number."""
        what, allowed = Phrase("divide_by of {name}", name=name), Phrase("first, last, {{value_in: year}} or a number")
        if node.is_mapping:
            entries = self.mapping(node, what, DIVISOR_WORDS)
            if len(entries) != 1:
                self.fault(node.line, Phrase("{what} gives {count} things", what=what, count=len(entries)), allowed)
                return None
            word, inner = next(iter(entries.items()))
            value = self.year_value(inner, rows, what) if word == "value_in" else self.number(inner, what)
        else:
            value = self.end_value(node, rows)
            if value is None:
                value = self.number(node, what, allowed)
                if value is not None and EARLIEST <= value <= LATEST:
                    message = Phrase("{what} is {value:g}, which may be a year or a number", what=what, value=value)
                    self.fault(
                        node.line, message, Phrase("{{value_in: {value:g}}} or {{number: {value:g}}}", value=value)
                    )
                    return None
        if value == 0:
            self.fault(node.line, Phrase("{name} is divided by zero", name=name), Phrase("a number other than zero"))
            return None
        return value

    def picked(self, node: Node, rows: list[Row], what: str) -> float | None:
        """The first or last value of a series, or its value in a year."""
        value = self.end_value(node, rows)
        return (
            value
            if value is not None
            else self.year_value(node, rows, what, Phrase("first, last or {years}", years=YEARS))
        )

    def end_value(self, node: Node, rows: list[Row]) -> float | None:
        """The first or last value of a series, or None where neither is asked for."""
        return rows[0 if node.value == "first" else -1].value if node.value in ("first", "last") else None

    def year_value(self, node: Node, rows: list[Row], what: str, allowed: str = YEARS) -> float | None:
        """The value of a series in a year of its record."""
        year = self.number(node, what, allowed)
        if year is None:
            return None
        first, last = rows[0].time, rows[-1].time
        if not EARLIEST <= year <= LATEST:
            self.fault(node.line, Phrase("{what} is {year:g}", what=what, year=year), allowed)
            return None
        if not first - BEYOND <= year <= last + BEYOND:
            message = Phrase(
                "{what} is {year:g}, where {series} has no record", what=what, year=year, series=rows[0].series
            )
            self.fault(
                node.line,
                message,
                Phrase("a year from {first:g} to {last:g}, or first or last", first=first, last=last),
            )
            return None
        return value_at(points_path([row.time for row in rows], [row.value for row in rows]), year)

    def values(self, node: Node) -> dict[str, float | dict[str, float]]:
        """Parameters of the corridor: numbers, or values read off a series."""
        read: dict[str, float | dict[str, float]] = {}
        plain, before = {}, len(self.faults)
        for name, child in self.entries(node, "parameters"):
            if _is_series(child):
                value = self.series_value(child, self.catalogue.parameters[name])
                if value is not None:
                    read[name] = value
            elif child.is_mapping and any(map(_is_series, child.value.values())):
                read[name] = self.by_key(child, self.catalogue.parameters[name], self.member_value)
            else:
                plain[name] = child
        read |= self.numbers(Node(plain, node.line, node.lines))
        faulty = {fault.line for fault in self.faults[before:]}
        for name in [name for name in read if self.catalogue.parameters[name].sums_to is not None]:
            lines = (node.line_of(name), *node.value[name].lines.values())
            if faulty.intersection(lines):
                continue  # a share that could not be read has been told
            self.check_shares(self.catalogue.parameters[name], read[name], (self.file, node.line_of(name)))
        return read

    def member_value(self, node: Node, card: Card, what: str) -> float | None:
        """The value of a parameter for one origin, route or population: a number, or one read off a series."""
        if not _is_series(node):
            amount = self.amount(node, card, what)
            return amount.value if amount is not None else None
        value = self.series_value(node, card)
        if isinstance(value, dict):
            message = Phrase("{name} does not vary by route, {series} has one per route", name=what,
                             series=node.value["series"].value)  # fmt: skip
            self.fault(node.line, message, Phrase("a series without routes"))
            return None
        return value

    def check_shares(self, card: Card, given: float | dict[str, float], where: Where) -> None:
        """Every route, origin or population has its share, and they make one whole."""
        whole = given if isinstance(given, dict) else dict.fromkeys(keys_of(card, self.members), given)
        fault = partial_fault(card, whole, self.members, where) or whole_fault(card, whole, where)
        if fault is not None:
            self.faults.append(fault)

    def series_value(self, node: Node, card: Card) -> float | dict[str, float] | None:
        """The value of a parameter that is read off a series, or one for each route."""
        entries = self.mapping(node, card.id, ("series", "at", "scale"), ("at",))
        series = self.series_name(entries.get("series"), card.id)
        scale = self.scale(entries, card.id)
        if series is None or scale is None or "at" not in entries:
            return None
        groups, values = self.series_rows(node, series, card.over == "route", card.id), {}
        for key, rows in groups.items():
            value = self.picked(entries["at"], rows, Phrase("at of {id}", id=card.id))
            if value is None:
                return None
            values[key] = value * scale
        paths = {key: constant_path(value) for key, value in values.items()}
        drive = Drive(card, series, groups, paths, scale, scale != 1)
        return _by_route(values) if self.holds(drive, node) else None

    def recorded(self, node: Node) -> dict[str, list[RecordedSeries]]:
        """The records to show beside each outcome."""
        recorded: dict[str, list[RecordedSeries]] = {}
        if not self.is_mapping(node, "recorded", Phrase("a mapping of outcomes and series")):
            return recorded
        outcomes = self.catalogue.outcomes
        for name, child in node.value.items():
            if name not in outcomes:
                many = Phrase("one of the {count} names of `pushpull list outcomes`", count=len(outcomes))
                message = Phrase("there is no outcome {name}", name=quote(name))
                self.fault(node.line_of(name), message, listed(outcomes, many), nearest(name, outcomes))
                continue
            for item in child.value if isinstance(child.value, list) else [child]:
                if isinstance(item.value, str) and item.value in self.book:
                    remedy = proposed(f"{{series: {item.value}}}")
                    self.fault(
                        item.line,
                        Phrase("recorded {name} is {kind}", name=name, kind=item.kind()),
                        Phrase("a mapping with series"),
                        remedy=remedy,
                    )
                    continue
                entries = self.mapping(
                    item, Phrase("recorded {name}", name=name), ("series", "title", "scale"), ("series",)
                )
                series = self.series_name(entries.get("series"), name)
                title = (
                    self.text(entries["title"], Phrase("title of {name}", name=name), 200)
                    if "title" in entries
                    else series
                )
                scale = self.scale(entries, name)
                if series and scale == 1.0:
                    self.check_recorded(item, name, series)
                if series and title and scale is not None:
                    unit = "" if scale == 1.0 else outcomes[name].unit
                    recorded.setdefault(name, []).extend(self.book.recorded(series, title, scale, self.routes, unit))
        return recorded

    def check_recorded(self, node: Node, outcome: str, series: str) -> None:
        """A fault where a record is in a unit that cannot stand beside its outcome's."""
        row, unit = self.book.rows[series][0], self.catalogue.outcomes[outcome].unit
        wrong, guess = at_odds(row.unit, unit, row.timing in INSTANTS)
        if wrong:
            message = Phrase(
                "{outcome} is in {unit}, but its record {series} is in {unit_2}",
                outcome=outcome,
                unit=quote(unit),
                series=series,
                unit_2=quote(row.unit),
            )
            self.fault(node.line, message, Phrase("a record in that unit, or a scale: that turns it into it"), guess)


def _is_series(node: Node) -> bool:
    return node.is_mapping and "series" in node.value


def _by_route(values: dict) -> Any:
    """Values by route, or the one that stands for all of them; None where there is none."""
    return values.get(None) if None in values else (values or None)
