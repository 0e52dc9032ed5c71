"""A table of an office as observations: each value with its line, when it was, and for which route and origin.

Long tables have a row for each value; wide ones have a column for each route, origin or year. What stands in a table is
taken only where it has one meaning; else a fault says what it may mean.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pushpull.files.csv_rows import told_once
from pushpull.files.faults import Fault, listed, nearest, quote
from pushpull.files.table_files import CellValue, TableOfCells
from pushpull.own_corridor.number_cells import WHICH_SIGN, decimal_sign, is_nothing, is_percent, number
from pushpull.own_corridor.time_cells import (
    MONTH,
    QUARTER,
    YEAR,
    Moment,
    in_month,
    is_month,
    is_time,
    moment,
    month_named,
)
from pushpull.wording.phrases import Phrase

TIMES = {"year", "annee", "an", "jahr", "time", "period", "periode", "time_period", "date", "fiscal_year", "exercice",
         "fy", "quarter", "trimestre"}  # fmt: skip
MONTHS = {"month", "mois", "monat"}
VALUES = {"value", "valeur", "values", "obs_value", "wert"}
UNITS = {"unit", "units", "unite", "unit_of_measure"}
TOTALS = {"total", "totals", "all", "sum", "ensemble", "all_routes", "toutes_routes", "somme"}
MOST_NAMED = 12  # columns in a fault


@dataclass(frozen=True)
class TableReading:
    """How a table is to be read: which columns hold what, which rows count, and what its words mean here.

    `names` turns words of the table into routes and origins of the corridor, those that become nothing are left out;
    `routes` and `origins` are the corridor's, with their titles, and are None where no corridor is named.
    """

    time: str = ""
    value: str = ""
    by: str = ""
    where: tuple[tuple[str, str], ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    timing: str = ""
    fiscal_start: int = 0
    decimal: str = ""
    yearly: str = ""
    routes: Mapping[str, str] | None = None
    origins: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Observation:
    """One value of a table."""

    line: int
    when: Moment
    value: float
    route: str = ""
    origin: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Observations:
    """What a table holds, what is wrong with it, and what its reader ought to know."""

    values: tuple[Observation, ...]
    faults: tuple[Fault, ...]
    remarks: tuple[str, ...]


def plainly(text: CellValue) -> str:
    """A word as names are held against each other: small letters, without accents, blanks as `_`."""
    bare = unicodedata.normalize("NFKD", str(text).strip().lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", bare).strip("_")


def observations(table: TableOfCells, reading: TableReading) -> Observations:
    """The values of a table; where there are faults, those that could be read."""
    return _TableReader(table, reading).read()


class _TableReader:
    """Reads one table and gathers faults and remarks."""

    def __init__(self, table: TableOfCells, reading: TableReading):
        self.table, self.reading = table, reading
        self.faults: list[Fault] = []
        self.remarks: list[str] = list(table.remarks)
        self.names = {plainly(old): new for old, new in reading.names.items()}
        self.left_out = self.empty = 0
        self.unclear = False
        place = _head(table)
        self.head_line, self.head = table.rows[place]
        self.body = table.rows[place + 1 :]
        self.plain_head = [plainly(each) for each in self.head]

    def read(self) -> Observations:
        found = self._observations()
        if not self.faults:
            found = self._once(found)
        if not self.faults and self.reading.yearly:
            found = self._by_year(found)
        if not self.faults and not found:
            self._fault(None, Phrase("no row is left to read"), Phrase("other words for --where, or none"))
        if self.empty:
            self.remarks.append(Phrase("cells without a value, left out: {count}", count=self.empty))
        if self.left_out:
            self.remarks.append(Phrase("values of names that are left out: {count}", count=self.left_out))
        return Observations(tuple(found), tuple(told_once(self.faults, self.table.shown)), tuple(self.remarks))

    def _observations(self) -> list[Observation]:
        rows = self._chosen_rows()
        across = [place for place, each in enumerate(self.head) if is_time(each)]
        if len(across) >= 2 and not self.reading.time:
            return self._of_years_across(rows, across)
        time = self._column(self.reading.time, "--time", TIMES) if self.reading.time else self._time_column(rows)
        if self.faults or time is None:
            return []
        month = next((place for place, each in enumerate(self.plain_head) if each in MONTHS and place != time), None)
        columns = self._value_columns(rows, {time, month})
        by = self._by_column(rows, {time, month, *columns})
        unit = next((place for place, each in enumerate(self.plain_head) if each in UNITS), None)
        if self.faults:
            return []
        monthly = any(is_month(_at(cells, time)) for _, cells in rows)
        decimal = self.reading.decimal or decimal_sign(_at(cells, place) for _, cells in rows for place in columns)
        found = []
        for line, cells in rows:
            when = self._moment(_at(cells, time), _at(cells, month) if month is not None else "", line, monthly)
            label = _at(cells, by) if by is not None else ""
            for place, name in columns.items():
                given = _at(cells, unit) if unit is not None else ""
                each = self._observation(_at(cells, place), when, str(label) or name, str(given), line, decimal)
                found += [each] if each is not None else []
        return found

    def _of_years_across(
        self, rows: Sequence[tuple[int, tuple[CellValue, ...]]], across: list[int]
    ) -> list[Observation]:
        """The values of a table with a column for each year and a row for each route or origin."""
        by = self._by_column(rows, set(across))
        unit = next((place for place, each in enumerate(self.plain_head) if each in UNITS), None)
        if self.faults:
            return []
        monthly = any(is_month(self.head[place]) for place in across)
        decimal = self.reading.decimal or decimal_sign(_at(cells, place) for _, cells in rows for place in across)
        whens = {place: self._moment(self.head[place], "", self.head_line, monthly) for place in across}
        found = []
        for line, cells in rows:
            label = str(_at(cells, by)) if by is not None else ""
            for place, when in whens.items():
                given = str(_at(cells, unit)) if unit is not None else ""
                each = self._observation(_at(cells, place), when, label, given, line, decimal)
                found += [each] if each is not None else []
        return found

    def _chosen_rows(self) -> list[tuple[int, tuple[CellValue, ...]]]:
        """The rows that `where` asks for."""
        rows = list(self.body)
        for name, wanted in self.reading.where:
            place = self._column(name, "--where", ())
            if place is None:
                return []
            kept = [row for row in rows if plainly(_at(row[1], place)) == plainly(wanted)]
            if not kept and rows:
                there = list(dict.fromkeys(str(_at(cells, place)) for _, cells in rows))
                message = Phrase("{column} is nowhere {value}", column=name, value=quote(wanted))
                many = Phrase("one of its {count} values", count=len(there))
                self.faults.append(Fault("--where", None, message, listed(there, many), nearest(wanted, there)))
                return []
            rows = kept
        return rows

    def _column(self, name: str, option: str, usual: Iterable[str]) -> int | None:
        """The place of a column by its head; None after a fault."""
        if plainly(name) in self.plain_head:
            return self.plain_head.index(plainly(name))
        heads = [str(each) for each in self.head if each != ""]
        what = Phrase("there is no column {name}", name=quote(name))
        many = Phrase("one of the {count} columns", count=len(heads))
        self.faults.append(Fault(option, None, what, listed(heads, many), nearest(name, heads)))
        return None

    def _time_column(self, rows: Sequence[tuple[int, tuple[CellValue, ...]]]) -> int | None:
        """The column that is called a time, else the first that holds mostly times."""
        called = [place for place, each in enumerate(self.plain_head) if each in TIMES]
        holding = [place for place in range(len(self.head)) if _mostly(is_time(_at(cells, place)) for _, cells in rows)]
        place = next((each for each in (*[c for c in called if c in holding], *called, *holding)), None)
        if place is None:
            what = Phrase("no column holds years or months")
            self._fault(self.head_line, what, Phrase("--time with the column that says when"))
        return place

    def _value_columns(
        self, rows: Sequence[tuple[int, tuple[CellValue, ...]]], taken: set[int | None]
    ) -> dict[int, str]:
        """The columns that hold values, each with the name that its head says; nothing after a fault."""
        if self.reading.value:
            place = self._column(self.reading.value, "--value", VALUES)
            return {} if place is None else {place: ""}
        called = [place for place, each in enumerate(self.plain_head) if each in VALUES]
        if called:
            return {called[0]: ""}
        numeric = [
            place
            for place in range(len(self.head))
            if place not in taken and _mostly(map(_is_numeric, self._filled(rows, place)))
        ]
        named = [place for place in numeric if self._known(self.head[place])]
        if named:
            return {place: str(self.head[place]) for place in numeric}
        if len(numeric) == 1:
            return {numeric[0]: ""}
        heads = [str(self.head[place]) or f"({place + 1})" for place in numeric]
        what = Phrase("several columns hold numbers: {heads}", heads=listed(heads[:MOST_NAMED]))
        if not numeric:
            what = Phrase("no column holds numbers")
        self._fault(self.head_line, what, Phrase("--value with the column of the values"))
        return {}

    def _filled(self, rows: Sequence[tuple[int, tuple[CellValue, ...]]], place: int) -> list[CellValue]:
        """The cells of a column that hold anything."""
        return [cell for _, cells in rows if not is_nothing(cell := _at(cells, place))]

    def _by_column(self, rows: Sequence[tuple[int, tuple[CellValue, ...]]], taken: set[int | None]) -> int | None:
        """The column that says the route or origin; None where there is none."""
        if self.reading.by:
            return self._column(self.reading.by, "--by", ())
        free = [place for place in range(len(self.head)) if place not in taken]
        for place in free:
            if _mostly((self._known(_at(cells, place)) for _, cells in rows), half=0.3):
                return place
        return None

    def _known(self, word: CellValue) -> bool:
        """Whether a word is, or may be meant for, a route or an origin of the corridor."""
        return plainly(word) in self.names or bool(word != "" and self._member(str(word)))

    def _member(self, word: str) -> tuple[str, str] | None:
        """The route and the origin that a word names; None where it names neither."""
        bare = plainly(word)
        for kind, members in (("route", self.reading.routes), ("origin", self.reading.origins)):
            for name, title in (members or {}).items():
                if bare in (plainly(name), plainly(title)):
                    return (name, "") if kind == "route" else ("", name)
        return None

    def _observation(
        self, cell: CellValue, when: Moment | None, label: str, unit: str, line: int, decimal: str
    ) -> Observation | None:
        if is_nothing(cell):
            self.empty += 1
            return None
        route = origin = ""
        if label:
            bare = plainly(label)
            word = self.names.get(bare, label)
            if not word or (bare in TOTALS and bare not in self.names):
                self.left_out += 1
                return None
            member = self._member(word)
            if member is None:
                self._no_member(word, line)
                return None
            route, origin = member
        value = number(cell, decimal)
        if isinstance(value, tuple) and not (self.unclear and value[1] == WHICH_SIGN):
            self._fault(line, *value)
            self.unclear = self.unclear or value[1] == WHICH_SIGN  # one answer tells of the whole table
        if when is None or isinstance(value, tuple):
            return None
        return Observation(line, when, value, route, origin, "%" if not unit and is_percent(cell) else unit)

    def _no_member(self, word: str, line: int) -> None:
        members = {**(self.reading.routes or {}), **(self.reading.origins or {})}
        allowed = Phrase("{names}; or --name {given} with = and one of them, or with = alone to leave it out",
                         names=listed(members), given=quote(word))  # fmt: skip
        guess = nearest(plainly(word), members)
        self._fault(line, Phrase("there is no route or origin {name}", name=quote(word)), allowed, guess)

    def _moment(self, cell: CellValue, month: CellValue, line: int, monthly: bool) -> Moment | None:
        when = moment(cell, self.reading.timing, self.reading.fiscal_start, monthly)
        if isinstance(when, tuple):
            self._fault(line, when[0], when[1], when[2])
            return None
        if month == "" or when.kind != YEAR:
            return when
        number_of_month = month_named(f"{month:g}" if isinstance(month, float) else month)
        whole = in_month(when.year, number_of_month) if number_of_month else None
        if whole is None:
            self._fault(line, Phrase("the month is {text}", text=quote(month)), Phrase("1 to 12, or its name"))
        return whole

    def _once(self, found: list[Observation]) -> list[Observation]:
        """The observations, where none stands twice."""
        first: dict[tuple, int] = {}
        for each in found:
            line = first.setdefault((each.route, each.origin, each.when.time), each.line)
            if line != each.line:
                what = Phrase("a value of the same time stands in line {line} already", line=line)
                self._fault(each.line, what, Phrase("--where with a column and a word that tell them apart"))
        return found

    def _by_year(self, found: list[Observation]) -> list[Observation]:
        """Months and quarters added up, or averaged, to calendar years; a year that is not whole is left out."""
        whole = {MONTH: 12, QUARTER: 4}
        groups: dict[tuple, list[Observation]] = {}
        for each in found:
            if each.when.kind not in whole:
                what = Phrase("--yearly is for months and quarters")
                self._fault(each.line, what, Phrase("no --yearly where a value stands for a year"))
                return []
            groups.setdefault((each.route, each.origin, each.when.year), []).append(each)
        made, missing = [], []
        for (route, origin, year), some in groups.items():
            if len(some) != whole[some[0].when.kind]:
                missing.append(" ".join(part for part in (str(year), route, origin, f"({len(some)})") if part))
                continue
            total = sum(each.value for each in some)
            value = total if self.reading.yearly == "sum" else total / len(some)
            when = moment(str(year))
            assert isinstance(when, Moment)
            made.append(Observation(some[0].line, when, value, route, origin, some[0].unit))
        if missing:
            self.remarks.append(
                Phrase("years that are not whole, left out: {years}", years=listed(missing[:MOST_NAMED]))
            )
        return made

    def _fault(self, line: int | None, what: str, allowed: str = "", did_you_mean: str = "") -> None:
        is_question = str(did_you_mean).endswith("?")
        if is_question:
            self.faults.append(Fault(self.table.shown, line, what, allowed, remedy=did_you_mean))
        else:
            self.faults.append(Fault(self.table.shown, line, what, allowed, did_you_mean))


def _head(table: TableOfCells) -> int:
    """The place of the row that heads the columns: the first with two cells or more, followed by such a row."""
    counts = [sum(cell != "" for cell in cells) for _, cells in table.rows]
    return next((place for place in range(len(counts) - 1) if counts[place] >= 2 and counts[place + 1] >= 2), 0)


def _at(cells: Sequence[CellValue], place: int) -> CellValue:
    return cells[place] if place < len(cells) else ""


def _mostly(truths: Iterable[bool], half: float = 0.5) -> bool:
    held = list(truths)
    return bool(held) and sum(held) > half * len(held)


def _is_numeric(cell: CellValue) -> bool:
    return isinstance(number(cell, "point"), float)
