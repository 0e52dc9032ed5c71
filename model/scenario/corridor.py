"""Corridors: geography, recorded past and today's settings.

A corridor file holds the routes, the horizon, and for levers, context and parameters either a number, a
schedule or a series of `series.csv`. Between points a series is linear, outside it holds. Where a fit has written
`calibrated.yaml` beside it, the numbers of that file stand in the place of the corridor's own (see `fitted_numbers`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pushpull.catalogue import Catalogue
from pushpull.engine.language.indices import origin, population
from pushpull.scenario.fit_in_force import FitInForce
from pushpull.scenario.forecast_errors import ForecastErrors
from pushpull.scenario.library import renewal
from pushpull.scenario.migrations import Note
from pushpull.scenario.schedules import TimePath, constant_path, value_at
from pushpull.scenario.series import RecordedSeries
from pushpull.wording.money import MONEY


@dataclass(frozen=True)
class Route:
    """A way through the corridor, with a gateway that sets its own control and penalties."""

    id: str
    title: str
    note: str = ""
    busiest: bool = False


@dataclass(frozen=True)
class Origin:
    """Where people come from: a country or a group of them."""

    id: str
    title: str = ""
    note: str = ""


ONE_ORIGIN = {origin.alone: Origin(origin.alone)}


@dataclass(frozen=True)
class Corridor:
    """A corridor as its files say it. Two corridors are equal when their files are, byte for byte.

    `placeholders` names what is set to a round number until somebody knows better; while there are any, the corridor is
    illustrative.
    """

    id: str
    digest: str
    title: str = field(compare=False)
    question: str = field(compare=False)
    description: str = field(compare=False)
    illustrative: bool = field(compare=False)
    start: float = field(compare=False)
    end: float = field(compare=False)
    policy_start: float = field(compare=False)
    routes: Mapping[str, Route] = field(compare=False, repr=False)
    policies: Mapping[str, TimePath | Mapping[str, TimePath]] = field(compare=False, repr=False)
    context: Mapping[str, TimePath | Mapping[str, TimePath]] = field(compare=False, repr=False)
    parameters: Mapping[str, float | Mapping[str, float]] = field(compare=False, repr=False)
    recorded: Mapping[str, list[RecordedSeries]] = field(compare=False, repr=False)
    source_lines: Mapping[str, int] = field(compare=False, repr=False)
    notes: Mapping[str, str] = field(compare=False, repr=False)
    folder: Path = field(compare=False, repr=False)
    own_parameters: Mapping[str, float | Mapping[str, float]] = field(default_factory=dict, compare=False, repr=False)
    remarks: tuple[Note, ...] = field(default=(), compare=False, repr=False)
    origins: Mapping[str, Origin] = field(default_factory=lambda: dict(ONE_ORIGIN), compare=False, repr=False)
    fit: FitInForce | None = field(default=None, compare=False, repr=False)
    left_over: Mapping[str, TimePath | Mapping[str, TimePath]] = field(default_factory=dict, compare=False, repr=False)
    forecast_errors: ForecastErrors | None = field(default=None, compare=False, repr=False)
    currency: str = field(default=MONEY, compare=False, repr=False)
    placeholders: tuple[str, ...] = field(default=(), compare=False, repr=False)

    @property
    def own_context(self) -> Mapping[str, TimePath | Mapping[str, TimePath]]:
        """What policy does not move, without what a fit left over."""
        return {name: path for name, path in self.context.items() if name not in self.left_over}

    @property
    def sources(self) -> tuple[str, ...]:
        """The keys of the sources of its series."""
        return tuple(self.source_lines)

    @property
    def out_of_date(self) -> str:
        """One line where the corridor's fit is no longer one of its files and of the model; else nothing."""
        if self.fit is None or self.fit.current:
            return ""
        return self.fit.warning(self.id, renewal(self.folder))

    @property
    def busiest(self) -> str | None:
        """The route marked as busiest."""
        return next((route.id for route in self.routes.values() if route.busiest), None)

    @property
    def members(self) -> dict[str, tuple[str, ...]]:
        """The members of every index, by its name, in the order of the engine's arrays."""
        return {"origin": tuple(self.origins), "population": population.labels, "route": tuple(self.routes)}

    def path(self, name: str, catalogue: Catalogue, key: str | None = None) -> TimePath:
        """How a lever or context driver moves before any policy, on a route or for an origin where it has one; its
        card's value where nothing is said."""
        given = self.policies.get(name, self.context.get(name))
        if isinstance(given, Mapping):
            given = given.get(key) if key is not None else None
        if given is None:
            card = catalogue.levers[name] if name in catalogue.levers else catalogue.context[name]
            given = constant_path(card.value)
        return given

    def today(self, name: str, catalogue: Catalogue, route: str | None, time: float) -> float:
        """The value of a lever or context driver at a time, before any policy."""
        return value_at(self.path(name, catalogue, route), time)

    def parameter(self, name: str, catalogue: Catalogue, key: str | None = None) -> float:
        """The value of a parameter for a route, an origin or a population, or its card's value."""
        given = self.parameters.get(name)
        if isinstance(given, Mapping):
            given = given.get(key) if key is not None else None
        if given is not None:
            return given
        card = catalogue.parameters[name]
        return card.default(key, len(self.members.get(card.over or "", ())))
