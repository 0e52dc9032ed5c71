"""Members of an ensemble that can be added to: what was run once is never run again."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping

import numpy as np

from model.analysis.batches import Line, run_members
from model.catalogue import catalogue
from model.engine.result import Result
from model.ensemble import Progress
from model.scenario import Scenario
from model.scenario.faults import nearest


class Members:
    """The outcomes of the members of one scenario, so far: `count` of them over `time`.

    Hand the same object to several calls (a baseline that is held against one policy after the other) and its members
    are run once. It may be shared between threads. It takes eight bytes for each member, line and saved time.
    """

    def __init__(self, scenario: Scenario, seed: int | None = None, keep: Iterable[str] | None = None):
        self.scenario = scenario.with_changes(seed=seed)
        self.seed = self.scenario.seed
        self.outcomes = known_outcomes(keep)
        self.count = 0
        self.time = np.empty(0)
        self.routes = self.scenario.routes
        self.provenance: Mapping = {}
        self._room: dict[Line, np.ndarray] = {}
        self._lock = threading.Lock()

    def grow(self, members: int, progress: Progress | None = None, stop: threading.Event | None = None) -> None:
        """Run what is missing to have so many members; raise Stopped or RunBroke and keep what there was."""
        with self._lock:
            if members <= self.count:
                return
            result = run_members(self.scenario, self.count, members, self.seed, self.outcomes, progress, stop)
            self._append(result, members)

    def _append(self, result: Result, members: int) -> None:
        self.time, self.provenance = result.time, result.provenance
        for line, values in lines_of(result, self.outcomes):
            room = self._room.get(line)
            if room is None or room.shape[1] < members:
                larger = np.empty((len(self.time), members))
                if room is not None:
                    larger[:, : self.count] = room[:, : self.count]
                self._room[line] = room = larger
            room[:, self.count : members] = values.T
        self.count = members

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every outcome and, where it varies, each of its routes, in the order in which outcomes are shown."""
        return tuple(self._room)

    def values(self, line: Line, members: int) -> np.ndarray:
        """A line over (time, member), for the first so many members."""
        return self._room[line][:, :members]


def known_outcomes(keep: Iterable[str] | str | None) -> tuple[str, ...]:
    """The outcomes named, in the order in which they are shown; all if None. Raises KeyError for one there is not."""
    outcomes = catalogue().outcomes
    if keep is None:
        return tuple(outcomes)
    wanted = (keep,) if isinstance(keep, str) else tuple(keep)
    for name in wanted:
        if name not in outcomes:
            near = nearest(name, outcomes)
            raise KeyError(f"there is no outcome {name!r}" + (f"; did you mean {near!r}?" if near else ""))
    return tuple(name for name in outcomes if name in wanted)


def lines_of(result: Result, outcomes: Iterable[str]):
    """Each line of the outcomes with its values over (member, time): a total that says something, then the routes."""
    for name in outcomes:
        outcome = catalogue().outcomes[name]
        if not outcome.adds_up_to_one:
            yield Line(name), result.total(name)
        if outcome.variable.routed:
            by_route = result.by_route(name)
            for place, route in enumerate(result.routes):
                yield Line(name, route), by_route[:, :, place]
