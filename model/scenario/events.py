"""Dated events of a corridor: laws, orders, deals, closures, rulings, operations and pathways, with what each touches.

A corridor's folder holds them as `events.csv`. No run and no fit reads them: what a run knows of policy stands in
`series.csv`. They say to people what happened when, and where that is told.
"""

from __future__ import annotations

import calendar
import datetime
import os
import re
from collections.abc import Collection
from dataclasses import dataclass

from pushpull.catalogue import Catalogue
from pushpull.catalogue import catalogue as shipped_catalogue
from pushpull.files.csv_rows import csv_rows, told_once
from pushpull.files.faults import Fault, ScenarioFaults, listed, nearest, quote
from pushpull.files.reader import EARLIEST, LATEST
from pushpull.files.tree import read_bytes
from pushpull.scenario.corridor import Corridor
from pushpull.scenario.fitted_numbers import SERIES
from pushpull.scenario.series import LARGEST_SERIES, read_series
from pushpull.wording.phrases import Phrase
from pushpull.wording.typography import typeset

FILE = "events.csv"
COLUMNS = (
    "date", "until", "kind", "route", "place_en", "place_fr", "title_en", "title_fr", "touches",
    "publisher", "document", "year", "address", "note",
)  # fmt: skip
NEEDED = ("date", "kind", "place_en", "title_en", "publisher")
KINDS = {
    "law": "an act, a regulation or a decree with the force of one",
    "order": "a decision of a government or an agency",
    "deal": "an undertaking of two or more states, and what is handed over for it",
    "closure": "a border, a way or a port closed; or its guards standing aside",
    "ruling": "a judgment, or a settlement before a court",
    "operation": "patrols, rescue, troops, barriers, investigations",
    "pathway": "a lawful way in: visas, places, permits",
}
LONGEST_CELL = 300
DATES = Phrase("a year, 2016, a month, 2016-03, or a day, 2016-03-20")
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z")


@dataclass(frozen=True)
class Event:
    """A dated event. `date` and `until` are as exact as its source: a year, a month or a day; `until` is empty where it
    lasts or happened once. `routes` is empty for all of them; `touches` names levers, drivers and parameters of the
    model and series of the corridor, and is empty where nothing in the model stands for it. French texts are empty
    where the file gives none. `line` is that of the file."""

    date: str
    until: str
    kind: str
    routes: tuple[str, ...]
    place_en: str
    place_fr: str
    title_en: str
    title_fr: str
    touches: tuple[str, ...]
    publisher: str
    document: str
    year: str
    address: str
    note: str
    line: int

    def place(self, language: str = "en") -> str:
        """Where, in English or in French."""
        return typeset(self.place_fr, "fr") or self.place_en if language == "fr" else self.place_en

    def title(self, language: str = "en") -> str:
        """What, in English or in French."""
        return typeset(self.title_fr, "fr") or self.title_en if language == "fr" else self.title_en

    @property
    def source(self) -> str:
        """Publisher, document with its year, and address."""
        dated = f" ({self.year})" if self.year and self.year not in self.document else ""
        return ", ".join(filter(None, (self.publisher, self.document))) + dated + (self.address and f", {self.address}")

    @property
    def starts(self) -> float:
        """The decimal year in which it begins."""
        return _decimal(self.first_day)

    @property
    def first_day(self) -> datetime.date:
        """The first day that its date may mean."""
        days = _days(self.date)
        if days is None:
            raise ValueError(f"{self.date} is no date")
        return days[0]


def read_events(corridor: Corridor, catalogue: Catalogue | None = None) -> tuple[Event, ...]:
    """The events of a corridor in order of time; none where it has no `events.csv`.

    Raises:
        ScenarioFaults: with every fault of it.
    """
    if not os.path.lexists(corridor.folder / FILE):
        return ()
    shown = f"{corridor.id}/{FILE}"
    faults: list[Fault] = []
    read = csv_rows(read_bytes(corridor.folder / FILE, shown), shown, COLUMNS, Phrase("a file of events"), faults)
    reader = _EventReader(shown, corridor, catalogue or shipped_catalogue(), faults)
    events = [event for line, cells in read.rows if (event := reader.read(cells, line)) is not None]
    if faults:
        raise ScenarioFaults(told_once(sorted(faults, key=lambda fault: fault.line or 0), shown))
    return tuple(sorted(events, key=lambda event: event.first_day))


class _EventReader:
    """Reads rows one by one and gathers their faults."""

    def __init__(self, shown: str, corridor: Corridor, catalogue: Catalogue, faults: list[Fault]):
        self.shown, self.corridor, self.faults = shown, corridor, faults
        self.names = [*catalogue.levers, *catalogue.context, *catalogue.parameters]
        self._series: list[str] | None = None
        self._first: dict[tuple[str, ...], int] = {}

    def read(self, cells: list[str], line: int) -> Event | None:
        """An event, or None after its faults."""
        before = len(self.faults)
        if len(cells) != len(COLUMNS):
            self._fault(
                line, Phrase("the row has {count} cells", count=len(cells)), Phrase("{count} cells", count=len(COLUMNS))
            )
            return None
        cell = dict(zip(COLUMNS, (each.strip() for each in cells), strict=True))
        for name in COLUMNS:
            if name in NEEDED and not cell[name]:
                self._fault(line, Phrase("{name} is empty", name=name), DATES if name == "date" else Phrase("text"))
            elif len(cell[name]) > LONGEST_CELL:
                self._fault(
                    line,
                    Phrase("{name} is too long", name=name),
                    Phrase("at most {most} characters", most=LONGEST_CELL),
                )
        self._dates(cell, line)
        if cell["kind"]:
            self._one_of(cell["kind"], "kind", KINDS, line)
        routes, touches = tuple(cell["route"].split()), tuple(cell["touches"].split())
        for route in routes:
            self._one_of(route, "route", self.corridor.routes, line)
        for name in touches:
            if name not in self.names and name not in self.series:
                allowed = Phrase("levers, drivers and parameters of the model, and series of {series}", series=SERIES)
                guess = nearest(name, [*self.names, *self.series])
                self._fault(line, Phrase("touches names {name}, which is none", name=quote(name)), allowed, guess)
        first = self._first.setdefault((cell["date"], cell["place_en"], cell["title_en"]), line)
        if first != line:
            self._fault(
                line,
                Phrase(
                    "{title_en} of {date} stands in line {first} already",
                    title_en=quote(cell["title_en"]),
                    date=cell["date"],
                    first=first,
                ),
            )
        if len(self.faults) > before:
            return None
        texts = {name: cell[name] for name in COLUMNS if name not in ("route", "touches")}
        return Event(routes=routes, touches=touches, line=line, **texts)

    @property
    def series(self) -> list[str]:
        """The series of the corridor; read where a name is none of the model's."""
        if self._series is None:
            path = self.corridor.folder / SERIES
            content = read_bytes(path, str(path), LARGEST_SERIES) if os.path.lexists(path) else None
            self._series = read_series(content, str(path), self.corridor.routes, []).names if content else []
        return self._series

    def _dates(self, cell: dict[str, str], line: int) -> None:
        days = {name: _days(cell[name]) for name in ("date", "until") if cell[name]}
        for name, day in days.items():
            if day is None:
                self._fault(
                    line,
                    Phrase("{name} is {cell}", name=name, cell=quote(cell[name])),
                    Phrase("{dates}, from {earliest} to {latest}", dates=DATES, earliest=EARLIEST, latest=LATEST),
                )
        begins, ends = days.get("date"), days.get("until")
        if begins and ends and ends[1] < begins[0]:
            self._fault(
                line,
                Phrase("until is {until}, before its date {date}", until=cell["until"], date=cell["date"]),
                Phrase("the same time or a later one"),
            )
        if cell["year"] and not (cell["year"].isdecimal() and EARLIEST <= int(cell["year"]) <= LATEST):
            allowed = Phrase(
                "the year of the document, {earliest} to {latest}, or nothing where it is not known",
                earliest=EARLIEST,
                latest=LATEST,
            )
            self._fault(line, Phrase("year is {year}", year=quote(cell["year"])), allowed)

    def _one_of(self, given: str, what: str, names: Collection[str], line: int) -> None:
        if given not in names:
            self._fault(
                line,
                Phrase("there is no {what} {given}", what=what, given=quote(given)),
                listed(names),
                nearest(given, names),
            )

    def _fault(self, line: int, what: str, allowed: str = "", did_you_mean: str = "") -> None:
        self.faults.append(Fault(self.shown, line, what, allowed, did_you_mean))


def _days(text: str) -> tuple[datetime.date, datetime.date] | None:
    """The first and the last day that a date may mean; None where it is no date."""
    match = _DATE.match(text)
    if match is None or not EARLIEST <= int(match[1]) <= LATEST:
        return None
    year, month, day = int(match[1]), *(None if part is None else int(part) for part in match.groups()[1:])
    try:
        first = datetime.date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return None
    if day is not None:
        return first, first
    last_month = 12 if month is None else month
    return first, datetime.date(year, last_month, calendar.monthrange(year, last_month)[1])


def _decimal(day: datetime.date) -> float:
    start = datetime.date(day.year, 1, 1)
    return day.year + (day - start).days / (365 + calendar.isleap(day.year))
