"""A scenario: a corridor, a horizon and what is changed, checked as a whole and never altered."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from pushpull.catalogue import Catalogue
from pushpull.catalogue import catalogue as shipped_catalogue
from pushpull.engine.runs.task import Inputs
from pushpull.engine.stepping.methods import METHODS, QUARTER, STEPS_PER_YEAR
from pushpull.files.atomic import write_whole
from pushpull.files.tree import Node
from pushpull.scenario import changes, loading, resolve, serialization
from pushpull.scenario.corridor import Corridor
from pushpull.scenario.draft import ENSEMBLE, INTEGRATION, Draft
from pushpull.scenario.interpreter import HORIZON, POPULATIONS, Constants, Setting
from pushpull.scenario.migrations import SCHEMA_VERSION, Note
from pushpull.scenario.reaction_years import reaction_span
from pushpull.scenario.schedules import Schedule, Span, TimePath, value_at, value_before
from pushpull.wording.phrases import Phrase


@dataclass(frozen=True)
class Scenario:
    """What a run is made of. Make one with `Scenario.load`; alter it with the `with_...` methods.

    `policies` and `context` hold schedules (see `schedules`), `parameters` amounts, per route or population where
    the file says so. Whatever is not named there is as the corridor and the cards have it. `notes` tell what of its
    files was written for an earlier version, and how it was read.
    """

    title: str
    question: str
    corridor: Corridor
    start: float
    end: float
    policy_start: float
    policies: Mapping[str, Setting] = field(default_factory=dict)
    context: Mapping[str, Setting] = field(default_factory=dict)
    parameters: Mapping[str, Constants] = field(default_factory=dict)
    formulas: Mapping[str, str] = field(default_factory=dict)
    loops_off: tuple[str, ...] = ()
    members: int = 1
    seed: int = 1
    method: str = METHODS[0]
    steps_per_year: int | None = None
    save_every: str = QUARTER
    notes: tuple[Note, ...] = field(default=(), compare=False)
    source_path: Path | None = field(default=None, compare=False)
    given_catalogue: Catalogue | None = field(default=None, compare=False, repr=False)

    # Making one --------------------------------------------------------------------------------------------

    @classmethod
    def load(cls, path_or_name: str | os.PathLike, catalogue: Catalogue | None = None) -> Scenario:
        """Read a scenario file, a shipped scenario by name, or a corridor, as it stands, by its id or its path; raises
        ScenarioFaults with every fault."""
        return cls._of(loading.load(path_or_name, catalogue))

    @classmethod
    def of_corridor(cls, corridor: Corridor, catalogue: Catalogue | None = None) -> Scenario:
        """The scenario that a corridor is with nothing changed."""
        return cls._of(loading.of_corridor(corridor, catalogue))

    @classmethod
    def from_text(
        cls,
        text: str,
        name: str = "scenario.yaml",
        catalogue: Catalogue | None = None,
        homes: Iterable[Path] | None = None,
    ) -> Scenario:
        """Read a scenario from YAML text, such as an uploaded file.

        `homes` are the folders whose `corridors/` may hold one's own; where none are given, the current folder and that
        of PUSHPULL_SCENARIOS.
        """
        return cls._of(loading.load_text(text, name, catalogue, homes))

    @classmethod
    def from_mapping(
        cls,
        mapping: Mapping,
        name: str = "scenario",
        catalogue: Catalogue | None = None,
        homes: Iterable[Path] | None = None,
    ) -> Scenario:
        """Make a scenario from Python values in the form of a scenario file (see `to_mapping`); `homes` as in
        `from_text`."""
        return cls._of(loading.load_mapping(mapping, name, catalogue, homes))

    @classmethod
    def _of(cls, draft: Draft) -> Scenario:
        """The scenario that a checked draft has become."""
        return cls(
            title=draft.title,
            question=draft.question,
            corridor=draft.corridor,
            **draft.horizon,
            policies=draft.policies,
            context=draft.context,
            parameters=draft.parameters,
            formulas=dict(sorted(draft.formulas.items())),
            loops_off=draft.loops_off,
            **{word: value for word, value in draft.options.items() if value is not None},
            notes=tuple(draft.notes),
            source_path=draft.source_path,
            given_catalogue=draft.given_catalogue,
        )

    def _draft(self) -> Draft:
        """A draft of this scenario, for changes to be laid over it."""
        return Draft(
            given_catalogue=self.given_catalogue,
            title=self.title,
            question=self.question,
            corridor=self.corridor,
            horizon={word: getattr(self, word) for word in HORIZON},
            policies=dict(self.policies),
            context=dict(self.context),
            parameters=dict(self.parameters),
            formulas=dict(self.formulas),
            loops_off=self.loops_off,
            options={word: getattr(self, word) for word in (*ENSEMBLE, *INTEGRATION)},
            notes=list(self.notes),
            source_path=self.source_path,
            horizon_at=("change", None),
            integration_at=("change", None),
        )

    def baseline(self) -> Scenario:
        """The same without any policy."""
        return replace(self, policies={})

    def with_policy(self, policy: str | os.PathLike | Mapping) -> Scenario:
        """This scenario with a policy package laid over it; a later setting of a lever and route wins."""
        return self._of(changes.lay_policy(self._draft(), policy))

    def with_settings(self, settings: Iterable[str]) -> Scenario:
        """This scenario with settings `NAME[@ROUTE]=VALUE`; a value such as `1.5x` is times today's."""
        return self._of(changes.lay_settings(self._draft(), settings))

    def with_changes(
        self, changed: Mapping[str, object] | None = None, /, *, replacing: bool = False, **given: object
    ) -> Scenario:
        """This scenario with blocks laid over it (`policies=...`, `end=...`, or as one mapping); a name set to None is
        unset.

        Settings are laid over those there are route by route; with `replacing`, they take the place of all that is set
        under their name.
        """
        return self._of(changes.lay_changes(self._draft(), {**(changed or {}), **given}, replacing))

    def with_entries(self, entries: Mapping[str, Node], file: str) -> Scenario:
        """This scenario with blocks of a file laid over it, whose faults name the file and their lines."""
        return self._of(changes.lay_entries(self._draft(), entries, file))

    # Writing one -------------------------------------------------------------------------------------------

    def to_mapping(self) -> dict:
        """The scenario as plain values in the form of a scenario file."""
        content: dict = {"schema_version": SCHEMA_VERSION, "title": self.title}
        if self.question:
            content["question"] = self.question
        content["corridor"] = self.corridor.id
        content["horizon"] = {word: getattr(self, word) for word in HORIZON}
        for block in ("policies", "context", "parameters"):
            if getattr(self, block):
                content[block] = serialization.plain_block(getattr(self, block))
        if self.formulas:
            content["formulas"] = dict(self.formulas)
        if self.loops_off:
            content["loops_off"] = list(self.loops_off)
        content["ensemble"] = {"members": self.members, "seed": self.seed}
        content["integration"] = {"method": self.method}
        if self.steps_per_year is not None:
            content["integration"]["steps_per_year"] = self.steps_per_year
        if self.save_every != QUARTER:
            content["integration"]["save_every"] = self.save_every
        return content

    def to_yaml(self) -> str:
        """The scenario as the text of a file that loads back to the same numbers, bit for bit."""
        return serialization.yaml_text(self.to_mapping())

    def save(self, path: str | os.PathLike) -> Path:
        """Write the file whole or not at all; raises OSError where it cannot be written."""
        return write_whole(Path(path), self.to_yaml())

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that moves a number: changes, horizon, ensemble, integration, corridor files."""
        content = {word: each for word, each in self.to_mapping().items() if word not in ("title", "question")}
        return serialization.digest(content | {"corridor": {"id": self.corridor.id, "files": self.corridor.digest}})

    def __hash__(self) -> int:
        return hash(self.digest)

    # Reading off it ----------------------------------------------------------------------------------------

    @property
    def catalogue(self) -> Catalogue:
        """The cards, formulas and loops the scenario was checked against."""
        return self.given_catalogue or shipped_catalogue()

    @property
    def routes(self) -> tuple[str, ...]:
        """The ids of the corridor's routes."""
        return tuple(self.corridor.routes)

    @cached_property
    def spans(self) -> dict[str, dict[str | None, Span]]:
        """What the changed levers and context drivers mean: a span for each route or origin, or under None; and, where
        politics answers concern, that it may from policy start on."""
        spans = reaction_span(self.formulas, self.policy_start)
        for name, setting in (*self.policies.items(), *self.context.items()):
            if isinstance(setting, Mapping):
                schedules = setting
            elif over := self._over(name):
                schedules = dict.fromkeys(self.corridor.members[over], setting)
            else:
                schedules = {None: setting}
            spans[name] = {route: self._span(name, route, schedule) for route, schedule in schedules.items()}
        return spans

    @cached_property
    def idle(self) -> tuple[Note, ...]:
        """What is set and never acts in the years of this scenario: it begins after the last step of the run."""
        grid = resolve.Grid(self.corridor.start, self.end, self.steps_per_year or STEPS_PER_YEAR)
        notes = {}
        for name, spans in self.spans.items():
            setting = self.policies.get(name, self.context.get(name))
            if setting is None:  # no one set it: it follows from policy start
                continue
            for route, span in spans.items():
                first, last, _ = grid.reach(span)
                if first >= last:
                    schedule = setting[route] if isinstance(setting, Mapping) else setting
                    message = Phrase(
                        "{name} changes in {start:g} and the run ends in {end:g}, so it never acts",
                        name=name,
                        start=span.start,
                        end=self.end,
                    )
                    notes.setdefault(
                        name, Note(schedule.where[0] or Phrase("the scenario"), schedule.where[1], message, name)
                    )
        return tuple(notes.values())

    def _span(self, name: str, route: str | None, schedule: Schedule) -> Span:
        path = self.corridor.path(name, self.catalogue, route)
        today = value_at(path, self.policy_start)
        return schedule.span(self.policy_start, today, lambda time: value_before(path, time))

    def _over(self, name: str) -> str | None:
        catalogue = self.catalogue
        for cards in (catalogue.levers, catalogue.context, catalogue.parameters):
            if name in cards:
                return cards[name].over
        raise KeyError(name)

    def path(self, name: str, route: str | None = None) -> TimePath:
        """How a lever or context driver moves in this scenario."""
        path = self.corridor.path(name, self.catalogue, route)
        span = self.spans.get(name, {}).get(route)
        return path if span is None else (*path, span)

    def today(self, name: str) -> float | dict[str, float]:
        """The value at the policy start before any policy, per route, origin or population where it varies; of a
        parameter, the corridor's value."""
        over, catalogue = self._over(name), self.catalogue
        if name in catalogue.parameters:
            if over is None:
                return self.corridor.parameter(name, catalogue)
            return {key: self.corridor.parameter(name, catalogue, key) for key in self.corridor.members[over]}
        if over:
            keys = self.corridor.members[over]
            return {key: self.corridor.today(name, catalogue, key, self.policy_start) for key in keys}
        return self.corridor.today(name, catalogue, None, self.policy_start)

    def value_at(self, name: str, year: float) -> float | dict[str, float]:
        """The value of a lever or context driver in a year of this scenario."""
        if over := self._over(name):
            return {key: value_at(self.path(name, key), year) for key in self.corridor.members[over]}
        return value_at(self.path(name), year)

    def resolve_inputs(
        self, scalar_names: tuple[str, ...], indexed_names: tuple[str, ...], steps_per_year: int
    ) -> Inputs:
        """Levers and context on the grid, and where they turn: see `resolve.ground_of`."""
        names = tuple(scalar_names), tuple(indexed_names)
        return resolve.ground_of(self.corridor, self.catalogue, self.end, *names, steps_per_year).inputs(self.spans)

    def resolve_parameters(self, names: tuple[str, ...], populations: tuple[str, ...] = POPULATIONS) -> np.ndarray:
        """Parameters, shape (names, origins x populations x routes): see `resolve.parameters`."""
        return resolve.parameters(self.corridor, self.catalogue, self.parameters, tuple(names), tuple(populations))
