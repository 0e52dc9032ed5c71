"""Corridors: geography, recorded past and today's settings.

A corridor file holds the routes, the horizon, and for levers, context and parameters either a number, a
schedule or a series of `series.csv`. Between points a series is linear, outside it holds. Where a fit has written
`calibrated.yaml` beside it, the parameters of that file stand in the place of the corridor's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as File

from .faults import ScenarioFaults
from .library import Refused, find_corridor
from .schedules import Path, constant_path, value_at
from .series import RecordedSeries


@dataclass(frozen=True)
class Route:
    """A way through the corridor, with a gateway that sets its own control and penalties."""

    id: str
    title: str
    note: str = ""
    busiest: bool = False


@dataclass(frozen=True)
class Corridor:
    """A corridor as its files say it. Two corridors are equal when their files are, byte for byte."""

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
    policies: Mapping[str, Path | Mapping[str, Path]] = field(compare=False, repr=False)
    context: Mapping[str, Path | Mapping[str, Path]] = field(compare=False, repr=False)
    parameters: Mapping[str, float | Mapping[str, float]] = field(compare=False, repr=False)
    recorded: Mapping[str, list[RecordedSeries]] = field(compare=False, repr=False)
    sources: tuple[str, ...] = field(compare=False, repr=False)
    notes: Mapping[str, str] = field(compare=False, repr=False)
    folder: File = field(compare=False, repr=False)
    own_parameters: Mapping[str, float | Mapping[str, float]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def load(cls, name: str, catalogue=None, folder: File | None = None, shown_folder: str = "") -> Corridor:
        """The corridor of that id: beside a scenario in `folder`, or shipped; raises ScenarioFaults."""
        if catalogue is None:
            from model.catalogue import catalogue as shipped

            catalogue = shipped()
        try:
            path, shown = find_corridor(name, folder, shown_folder)
        except Refused as refused:
            raise ScenarioFaults([refused.at(str(name))]) from None
        from .corridor_file import load_folder

        return load_folder(path, shown, catalogue)

    @property
    def busiest(self) -> str | None:
        """The route marked as busiest."""
        return next((route.id for route in self.routes.values() if route.busiest), None)

    def path(self, name: str, catalogue, route: str | None = None) -> Path:
        """How a lever or context driver moves before any policy; its card's value where nothing is said."""
        given = self.policies.get(name, self.context.get(name))
        if isinstance(given, Mapping):
            given = given.get(route)
        if given is None:
            card = catalogue.levers[name] if name in catalogue.levers else catalogue.context[name]
            given = constant_path(card.value)
        return given

    def today(self, name: str, catalogue, route: str | None, time: float) -> float:
        """The value of a lever or context driver at a time, before any policy."""
        return value_at(self.path(name, catalogue, route), time)

    def parameter(self, name: str, catalogue, key: str | None = None) -> float:
        """The value of a parameter for a route or population, or its card's value."""
        given = self.parameters.get(name)
        if isinstance(given, Mapping):
            given = given.get(key)
        if given is not None:
            return given
        card = catalogue.parameters[name]
        return card.by_population[key] if card.by_population and key in card.by_population else card.value
