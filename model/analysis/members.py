"""Members of an ensemble that can be added to: what was run once is never run again."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping

import numpy as np

from pushpull.analysis.engine_calls import Line, run_draws
from pushpull.catalogue import catalogue
from pushpull.engine.runs.result import Result
from pushpull.engine.stepping.halving import Halvings
from pushpull.ensemble import Draws, Progress
from pushpull.files.faults import nearest
from pushpull.posterior import posterior_of
from pushpull.scenario import Scenario


class Members:
    """The outcomes of the members of one scenario, so far: `count` of them over `time`.

    Hand the same object to several calls (a baseline that is held against one policy after the other) and its members
    are run once. Where a fit of the corridor has left fewer draws than there are members, draws come again; they are
    run once too, and `distinct` tells how many there are. It may be shared between threads. It takes eight bytes for
    each distinct draw, line and saved time.
    """

    def __init__(self, scenario: Scenario, seed: int | None = None, keep: Iterable[str] | None = None):
        self.scenario = scenario.with_changes(seed=seed)
        self.seed = self.scenario.seed
        self.outcomes = known_outcomes(keep)
        self.routes = self.scenario.routes
        self.lines = lines_of(self.outcomes, self.routes)
        self.count = 0
        self.time = np.empty(0)
        self.provenance: Mapping = {}
        self._halvings: list[Halvings] = []
        self._room: dict[Line, np.ndarray] = {}
        self._draws: dict[bytes, int] = {}  # the column of each distinct draw
        self._column_of = np.empty(0, dtype=int)
        self._lock = threading.Lock()

    def grow(self, members: int, progress: Progress | None = None, stop: threading.Event | None = None) -> None:
        """Run what is missing to have so many members; raise Stopped or RunBroke and keep what there was."""
        with self._lock:
            if members <= self.count:
                return
            draws = Draws.of(self.scenario, members, self.seed, self.count)
            columns, rows, of_rows = self._sorted(draws)
            if rows:
                new, numbers = draws.some(rows), [self.count + row for row in rows]
                self._append(run_draws(self.scenario, new, self.outcomes, progress, stop, numbers))
            self._draws, self._column_of = columns, np.append(self._column_of, of_rows)
            self.count = members

    @classmethod
    def of(cls, scenario: Scenario, result: Result) -> Members:
        """The members of an ensemble that has been run already; it kept every outcome."""
        own = cls(scenario, int(result.provenance["seed"]))
        columns, rows, of_rows = own._sorted(Draws.of(scenario, result.members, own.seed))
        own.time, own.provenance = result.time, result.provenance
        own._halvings = [result.halvings.of_members(rows)] if result.halvings else []
        own._room = {line: values_of(result, line).T[:, rows] for line in own.lines}
        own._draws, own._column_of, own.count = columns, np.array(of_rows), result.members
        return own

    def _sorted(self, draws: Draws) -> tuple[dict[bytes, int], list[int], list[int]]:
        """The column of every distinct draw, the rows whose draws are new, and of each row its column."""
        columns, rows, of_rows = dict(self._draws), [], []
        futures = np.zeros(len(draws.values), dtype=int) if draws.futures is None else draws.futures
        for row, values in enumerate(draws.values):
            key = values.tobytes() + futures[row].tobytes()
            if key not in columns:
                columns[key] = len(columns)
                rows.append(row)
            of_rows.append(columns[key])
        return columns, rows, of_rows

    def _append(self, result: Result) -> None:
        self._halvings += [result.halvings] if result.halvings else []
        halvings = Halvings.joined(self._halvings).provenance if self._halvings else {}
        self.time, self.provenance = result.time, {**result.provenance, **halvings}
        before = len(self._draws)
        for line in self.lines:
            room = self._room.get(line, np.empty((len(self.time), 0)))
            self._room[line] = np.concatenate([room[:, :before], values_of(result, line).T], axis=1)

    def distinct(self, members: int) -> int:
        """How many different draws the first so many members have."""
        return len(np.unique(self._column_of[:members]))

    def values(self, line: Line, members: int) -> np.ndarray:
        """A line over (time, member), for the first so many members."""
        return self._room[line][:, self._column_of[:members]]


def distinct_draws(scenario: Scenario, members: int) -> int:
    """How many different draws so many members have: a fit that estimates all that is drawn leaves only so many."""
    posterior = posterior_of(scenario.corridor)
    if posterior is None:
        return members
    drawn = set(Draws.of(scenario, 1, scenario.seed).names)
    return min(members, len(posterior.draws)) if drawn <= set(posterior.parameters) else members


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


def lines_of(outcomes: Iterable[str], routes: Iterable[str]) -> tuple[Line, ...]:
    """The lines of outcomes: of each a total, where it says anything, then the routes, where it varies by them."""
    lines = []
    for name in outcomes:
        outcome = catalogue().outcomes[name]
        lines += [] if outcome.adds_up_to_one else [Line(name)]
        lines += [Line(name, route) for route in routes] if outcome.variable.routed else []
    return tuple(lines)


def values_of(result: Result, line: Line) -> np.ndarray:
    """A line of a result over (member, time)."""
    if line.route:
        return result.by_route(line.outcome)[:, :, result.routes.index(line.route)]
    return result.total(line.outcome)
