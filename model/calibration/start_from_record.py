"""What a fit leaves over of the last years: how many times as many people of an origin set out as the structure says.

The present is to start from the record. So for the last years a factor for each origin brings the run with the most
likely numbers to what was recorded, and fades after them. It is written beside the numbers of the fit, acts in no fit
and in no evaluation, and is left out of a run with `formulas: {left_over: left_out}`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pushpull.scenario import Scenario
from pushpull.scenario.left_over import DECISIONS, LEFT_OVER
from pushpull.scenario.schedules import TimePath, points_path
from pushpull.simulation import run

ROUNDS = 8  # of bringing a run nearer to the record
NUDGE = 0.1  # of a logarithm, for slopes
CLOSE = 0.1  # error that the record may keep, of logarithms
SPREAD = 1.0  # of factors around none, and of one year's from the next, of logarithms: assumptions
HALVINGS = 20  # of the range in which a factor on decisions is looked for
MOST = np.log(20)  # the largest factor, as a logarithm: the end of its card
GRID = 48  # of a year: times at which what moves a run may turn


@dataclass(frozen=True)
class Pending:
    """A stock of cases that is brought to what was recorded of it at a time, by what courts decide."""

    of: str
    time: float
    value: float


@dataclass(frozen=True)
class LeftOver:
    """Which years are brought to the record, and how: `of` is a variable by origin, `times` the middles of years,
    `all` what was recorded of everybody in them (time,), `by_origin` what was of each origin (origin, time), nan where
    it was not. It fades over `fades_over` years. `pending` are the cases brought to their record, if any."""

    of: str
    times: np.ndarray
    all: np.ndarray
    by_origin: np.ndarray
    fades_over: float
    why: str = ""
    pending: Pending | None = None

    @property
    def begins(self) -> float:
        """The start of the first year that is brought to the record."""
        return float(self.times[0]) - 0.5

    @property
    def ends(self) -> float:
        """The end of the last one."""
        return float(self.times[-1]) + 0.5


def left_over(scenario: Scenario, asked: LeftOver) -> dict[str, TimePath | dict[str, TimePath]]:
    """The drivers that hold what is left over: of who set out by origin, and of court decisions where that is asked.

    A factor is one half a year before the first year, then as the record wants it, not far from one and
    from that of the year before, and back to one, even in logarithms, over the years after the last."""
    origins = tuple(scenario.corridor.origins)
    until = dataclasses.replace(scenario, end=np.ceil(asked.ends), policies={})

    def shown(factors: np.ndarray) -> np.ndarray:
        return np.log(_shown(until, asked, paths(origins, asked, factors)))

    years = len(asked.times)
    factors = np.zeros((len(origins), years))
    change = np.diff(np.eye(years), axis=0, prepend=0)
    prior = (np.eye(years) + change.T @ change) / SPREAD**2
    for _ in range(ROUNDS):
        now = shown(factors)
        missing = np.log(_wanted(asked, np.exp(now))) - now
        # Slopes of every year's record of an origin by every year's factor of the same origin.
        slopes = np.stack([(shown(factors + NUDGE * row) - now) / NUDGE for row in np.eye(years)], axis=-1)
        for number, (own, gap) in enumerate(zip(slopes, missing, strict=True)):
            step = np.linalg.solve(own.T @ own / CLOSE**2 + prior, own.T @ gap / CLOSE**2 - prior @ factors[number])
            factors[number] += np.clip(step, -1, 1)
    found: dict[str, TimePath | dict[str, TimePath]] = {LEFT_OVER: paths(origins, asked, factors)}
    if asked.pending is not None:
        found[DECISIONS] = _decisions(until, asked, asked.pending, found)
    return found


def _decisions(scenario: Scenario, asked: LeftOver, pending: Pending, beside: Mapping) -> TimePath:
    """The factor on court decisions, the same in all years, that brings pending cases to their record."""
    low, high = -MOST, MOST
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        path = _path(asked, np.full(len(asked.times), middle))
        result = run(_with(scenario, {**beside, DECISIONS: path}), keep=[pending.of])
        shown = float(np.interp(pending.time, result.time, result.total(pending.of)[0]))
        low, high = (middle, high) if shown > pending.value else (low, middle)
    return path


def _wanted(asked: LeftOver, shown: np.ndarray) -> np.ndarray:
    """What was recorded of each origin in each year; where that is not known, its part in what a run shows."""
    whole = asked.all * shown / shown.sum(axis=0)
    return np.where(np.isnan(asked.by_origin), whole, asked.by_origin)


def paths(origins: tuple[str, ...], asked: LeftOver, factors: np.ndarray) -> dict[str, TimePath]:
    """Paths of factors given as logarithms (origin, time)."""
    return {origin: _path(asked, own) for origin, own in zip(origins, factors, strict=True)}


def _path(asked: LeftOver, logarithms: np.ndarray) -> TimePath:
    halves = np.arange(0.5, asked.fades_over + 0.25, 0.5)
    times = np.concatenate([[asked.begins - 0.5], asked.times, asked.ends + halves])
    times = np.round(times * GRID) / GRID
    fading = 1 - halves / asked.fades_over
    whole = np.clip(np.concatenate([[0.0], logarithms, logarithms[-1] * fading]), -MOST, MOST)
    return points_path(times.tolist(), [float(f"{each:.6g}") for each in np.exp(whole)])


def _with(scenario: Scenario, factors: Mapping) -> Scenario:
    """A scenario in which some of what is left over is there."""
    corridor = scenario.corridor
    digest = f"{corridor.digest} {factors!r}"
    corridor = dataclasses.replace(corridor, context={**corridor.context, **factors}, digest=digest)
    return dataclasses.replace(scenario, corridor=corridor)


def _shown(scenario: Scenario, asked: LeftOver, factors: Mapping[str, TimePath]) -> np.ndarray:
    """What a run shows of each origin in each year, shape (origin, time)."""
    result = run(_with(scenario, {LEFT_OVER: factors}), keep=[asked.of])
    rows = []
    for origin in scenario.corridor.origins:
        values = result.total(asked.of, origin=origin)[0]
        row = []
        for time in asked.times:
            inside = (result.time >= time - 0.5 - 1e-9) & (result.time <= time + 0.5 + 1e-9)
            row.append(np.trapezoid(values[inside], result.time[inside]) / np.ptp(result.time[inside]))
        rows.append(row)
    return np.maximum(np.array(rows), 1e-9)
