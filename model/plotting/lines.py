"""Outcomes over the years: one in a plot, or several beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import holoviews as hv
import numpy as np

from pushpull.catalogue import catalogue
from pushpull.comparison import Comparison
from pushpull.descriptions import unit_of
from pushpull.engine.runs.result import Result
from pushpull.plotting.captions import own_title, scenario_of, short_titles, source_of, subtitle_of
from pushpull.plotting.dimensions import known_variable, time_dimension, variable_dimension
from pushpull.plotting.looks import COLOURS, HEIGHT, PANEL, WIDTH, Ends, beside, framed, route_look, scenario_look
from pushpull.plotting.pieces import (
    curve,
    drawn_years,
    fan_of,
    policy_start,
    ranges_of,
    record_points,
    span_of,
    start_mark,
    values_in,
)
from pushpull.plotting.plot_words import PlotWords
from pushpull.scenario import Scenario
from pushpull.scenario.series import RecordedSeries

FOREMOST = (
    "protection_gap",
    "deaths_in_transit",
    "people_exploited",
    "smuggled_migrants",
    "irregular_residents",
    "public_cost",
)
COLUMNS = 2


def line(
    subject: Result | Comparison,
    outcome: str,
    *,
    route: str = "",
    by_route: bool = False,
    record: bool = True,
    years: Ends | None = None,
    language: str = "en",
) -> hv.Overlay:
    """An outcome, or any other variable, over the years: of a result, or of every scenario of a comparison.

    Of an ensemble it is the median and the ranges that hold 50 and 90 percent of the members. It is the total, one
    `route`, or `by_route` a line for each of the first result. Dots are the record; dotted is the variable as
    statistics would show it, which is what the record is held against. `years` are the first and the last drawn.

    Raises:
        KeyError: for a name or a route that there is not.
        ValueError: for a language that plots do not speak.
    """
    drawn = _Drawn.of(subject, language, route, by_route, record, years)
    return drawn.panel(outcome, drawn.subtitle, True, True, (WIDTH, HEIGHT))


def grid(
    subject: Result | Comparison,
    outcomes: Iterable[str] | None = None,
    *,
    columns: int = COLUMNS,
    record: bool = True,
    years: Ends | None = None,
    language: str = "en",
) -> hv.Layout:
    """Several outcomes beside each other, each on an axis of its own; six of them if None, harm to people first.

    Raises:
        KeyError: for a name that there is not.
        ValueError: for a language that plots do not speak.
    """
    drawn = _Drawn.of(subject, language, "", False, record, years)
    names = tuple(FOREMOST if outcomes is None else outcomes)
    panels = [
        drawn.panel(name, drawn.subtitle if place < columns else "", place == 0, place == len(names) - 1, PANEL)
        for place, name in enumerate(names)
    ]
    return beside(panels, columns)


@dataclass(frozen=True, eq=False)
class _Drawn:
    """What the panels of a plot share."""

    results: Sequence[Result]
    titles: Sequence[str]
    words: PlotWords
    route: str
    by_route: bool
    record: bool
    years: Ends

    @classmethod
    def of(
        cls, subject: Result | Comparison, language: str, route: str, by_route: bool, record: bool, years: Ends | None
    ) -> _Drawn:
        results = subject.results if isinstance(subject, Comparison) else (subject,)
        words = PlotWords(language, results[0].currency)
        if isinstance(subject, Comparison):
            titles = short_titles(subject.labels, words)
        else:
            titles = [own_title(scenario_of(subject), words)]
        drawn = years or (float(results[0].time[0]), float(results[0].time[-1]))
        return cls(results, titles, words, route, by_route, record, drawn)

    @property
    def scenario(self) -> Scenario | None:
        return scenario_of(self.results[0])

    @property
    def subtitle(self) -> str:
        return subtitle_of(self.scenario, self.words)

    def panel(self, name: str, subtitle: str, legend: bool, source: bool, size: tuple[int, int]) -> hv.Overlay:
        """The plot of one variable."""
        first, words = self.results[0], self.words
        known_variable(first, name)
        dimensions = (time_dimension(words), variable_dimension(name, words))
        records = recorded_series(self.scenario, name, self.route, self.by_route) if self.record else []
        pieces = [*self._lines(name, dimensions), *self._beside_the_record(name, dimensions, records)]
        start = policy_start(first)
        marks = [start_mark(start)] if start is not None and drawn_years(np.array([start]), self.years).any() else []
        unit = unit_of(catalogue(), name)
        at = f": {words.route(self._corridor, self.route)}" if self.route else ""
        return framed(
            hv.Overlay([*pieces, *marks]),
            words,
            title=words.title(name) + at,
            subtitle=subtitle,
            across=words.say("year"),
            up=words.axis_unit(unit),
            unit=unit,
            span=span_of(*values_in(pieces)),
            xlim=self.years,
            source=source_of(first.provenance, words, first.members, records) if source else "",
            size=size,
            legend=legend,
        )

    @property
    def _corridor(self) -> Any:
        return self.scenario.corridor if self.scenario else None

    def _lines(self, name: str, dimensions: Sequence[Any]) -> list[Any]:
        pieces: list[Any] = []
        if self.by_route:
            result = self.results[0]
            for place, route in enumerate(result.routes):
                title = self.words.route(self._corridor, route)
                pieces += self._line(result, name, route, dimensions, title, *route_look(place))
            return pieces
        for place, (result, title) in enumerate(zip(self.results, self.titles, strict=True)):
            look = scenario_look(place if len(self.results) > 1 else 1)
            pieces += self._line(result, name, self.route, dimensions, title, *look)
        return pieces

    def _line(
        self, result: Result, name: str, route: str, dimensions: Sequence[Any], title: str, colour: str, dash: str
    ) -> list[Any]:
        """A run as a line, an ensemble as its median and ranges."""
        inside = drawn_years(result.time, self.years)
        time, values = result.time[inside], values_of_line(result, name, route)[:, inside]
        if result.members == 1:
            return [curve(time, values[0], dimensions, title, colour, dash)]
        return fan_of(time, ranges_of(values), dimensions, title, colour, dash)

    def _beside_the_record(self, name: str, dimensions: Sequence[Any], records: Sequence[RecordedSeries]) -> list[Any]:
        """The record, and the variable as statistics would show it."""
        words, first, pieces = self.words, self.results[0], []
        outcome = catalogue().outcomes.get(name)
        twin = outcome.observed_as if outcome is not None else None
        if records and twin and twin in first:
            inside = drawn_years(first.time, self.years)
            values = np.median(values_of_line(first, twin, self.route)[:, inside], axis=0)
            label = words.say("as_recorded")
            pieces.append(curve(first.time[inside], values, dimensions, label, COLOURS.yours, "dotted", 1.4))
        routes = list(first.routes)
        for place, each in enumerate(records):
            colour = route_look(routes.index(each.route))[0] if self.by_route and each.route else COLOURS.history
            inside = drawn_years(each.times, self.years)
            label = words.say("recorded_as", title=words.in_files(each.title))
            if self.by_route and each.route:
                label = words.say("recorded_as", title=words.route(self._corridor, each.route))
            pieces.append(record_points(each.times[inside], each.values[inside], dimensions, label, place, colour))
        return pieces


def values_of_line(result: Result, name: str, route: str = "") -> np.ndarray:
    """A variable over (member, time): its total, or one route; raises KeyError where it has no such route."""
    return result.total(name, route=route or None)


def recorded_series(scenario: Scenario | None, name: str, route: str, by_route: bool) -> list[RecordedSeries]:
    """The record of an outcome: of the whole corridor, of one route, or of each."""
    if scenario is None:
        return []
    series = scenario.corridor.recorded.get(name, [])
    if by_route:
        return [each for each in series if each.route]
    return [each for each in series if each.route == (route or None)]
