"""Which part of a package did it: the change of every outcome divided exactly between its levers and assumptions."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from pushpull.analysis.engine_calls import Line, run_tasks
from pushpull.analysis.members import known_outcomes, lines_of, values_of
from pushpull.analysis.players import Player, differences_of, group, mixing
from pushpull.analysis.shapley import shapley_interactions, shapley_values
from pushpull.catalogue import catalogue
from pushpull.engine.runs.result import Result, nearest_time
from pushpull.ensemble import Progress
from pushpull.plot_accessor import PlotAccessor
from pushpull.scenario import Scenario
from pushpull.simulation import run
from pushpull.wording.money import MONEY, in_currency

Years = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Shares:
    """How a change of one line divides between the players, at a year or over a window.

    `shares` (player) add up to `change`, which is `policy` less `baseline`; one that works against the rest has the
    other sign. `interactions` (player, player) say how much more a pair does together than one by one.
    """

    line: Line
    players: tuple[Player, ...]
    unit: str
    baseline: float
    policy: float
    shares: np.ndarray
    interactions: np.ndarray

    @property
    def change(self) -> float:
        """What all of it together did."""
        return self.policy - self.baseline

    @property
    def strongest(self) -> tuple[Player, Player, float] | None:
        """The pair that interacts most, and by how much; None where there is one player."""
        if len(self.players) < 2:
            return None
        first, second = np.unravel_index(np.abs(self.interactions).argmax(), self.interactions.shape)
        first, second = min(first, second), max(first, second)
        return self.players[first], self.players[second], float(self.interactions[first, second])


@dataclass(frozen=True, eq=False)
class Attribution:
    """The change of every line divided between the players, at every saved time.

    `worth` (coalition, line, time) are the runs themselves: bit i of the coalition says that player i is in. As the
    division is linear, that of a mean or of a sum over years is the mean or the sum of the divisions.
    """

    titles: tuple[str, str]
    players: tuple[Player, ...]
    lines: tuple[Line, ...]
    time: np.ndarray
    worth: np.ndarray
    values: np.ndarray = field(repr=False)
    currency: str = MONEY
    scenario: Scenario | None = None

    plot = PlotAccessor()

    def series(self, outcome: str, route: str = "") -> np.ndarray:
        """What each player does to a line over time: an array (player, time)."""
        return self.values[:, self._row(outcome, route)]

    def of(
        self,
        outcome: str,
        route: str = "",
        at: float | None = None,
        mean: Years | None = None,
        total: Years | None = None,
    ) -> Shares:
        """The division `at` a year, of the `mean` from one year to another, or of the `total` over those years.

        The last year if none is named. A total is an integral over time: its unit is that of the outcome times year.
        Raises KeyError for a line that is not kept, ValueError for years that are not reported.
        """
        row, weights = self._row(outcome, route), self._weights(at, mean, total)
        worth = self.worth[:, row] @ weights
        unit = catalogue().outcomes[outcome].unit
        return Shares(
            line=self.lines[row],
            players=self.players,
            unit=_over_years(unit) if total else unit,
            baseline=float(worth[0]),
            policy=float(worth[-1]),
            shares=shapley_values(worth),
            interactions=shapley_interactions(worth),
        )

    def table(self, **when: Any) -> pd.DataFrame:
        """A row for each line and player: outcome, title, route, unit, better, player, kind, share, change."""
        rows = []
        for line in self.lines:
            contributions, outcome = self.of(line.outcome, line.route, **when), catalogue().outcomes[line.outcome]
            unit = in_currency(contributions.unit, self.currency)
            head = {"outcome": line.outcome, "title": outcome.title, "route": line.route, "unit": unit}
            for player, share in zip(self.players, contributions.shares, strict=True):
                own = {"player": player.title, "kind": player.kind, "share": share, "change": contributions.change}
                rows.append({**head, "better": outcome.better, **own})
        return pd.DataFrame(rows)

    def _row(self, outcome: str, route: str) -> int:
        line = Line(outcome, route)
        if line not in self.lines:
            raise KeyError(f"no line of {outcome!r}" + (f" at {route!r}" if route else ""))
        return self.lines.index(line)

    def _weights(self, at: float | None, mean: Years | None, total: Years | None) -> np.ndarray:
        """What each saved time counts for."""
        if sum(each is not None for each in (at, mean, total)) > 1:
            raise ValueError("a change is divided at a year, as a mean or as a total: name one of them")
        first, last = mean or total or (at if at is not None else self.time[-1],) * 2
        near = 1e-6
        if not self.time[0] - near <= first <= last <= self.time[-1] + near:
            raise ValueError(f"the years lie from {self.time[0]:g} to {self.time[-1]:g}")
        weights = np.zeros(len(self.time))
        if not mean and not total:
            weights[nearest_time(self.time, first)] = 1.0
            return weights
        inside = np.flatnonzero((self.time >= first - near) & (self.time <= last + near))
        if not len(inside):
            raise ValueError(f"no year that is saved lies from {first:g} to {last:g}")
        if mean:
            weights[inside] = 1 / len(inside)
            return weights
        steps = np.diff(self.time[inside])
        weights[inside[:-1]] += steps / 2
        weights[inside[1:]] += steps / 2
        return weights


def _over_years(unit: str) -> str:
    return unit.removesuffix("/year") if unit.endswith("/year") else f"{unit}*year"


def attribute(
    scenario: Scenario,
    baseline: Scenario,
    outcomes: Iterable[str] | None = None,
    players: Mapping[str, Iterable[str]] | None = None,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Attribution:
    """Divide what a scenario changes against its baseline between what it changes, exactly (Shapley values).

    Every coalition of the players is run once with the central parameters: 2^n runs, 1,024 for ten players. The players
    are the levers, context drivers, parameters, rival formulas and loops in which the two differ ("policy or
    assumption?"); where these are more than ten, levers go by their groups and the rest by kind, and `players` names
    groups of its own (title to ids; what is left plays as "everything else"). `outcomes` are all if None.

    Raises:
        ValueError: where the two cannot be mixed or differ in nothing.
        KeyError: for outcomes there are not.
        Stopped: soon after `stop` is set.
        RunBroke: where a coalition breaks.
    """
    names = known_outcomes(outcomes)
    after, before, differences = differences_of(scenario, baseline)
    chosen = group(differences, players)
    coalition = mixing(after, before, differences, chosen)
    lines = lines_of(names, scenario.routes)

    def read(result: Result) -> np.ndarray:
        return np.stack([values_of(result, line) for line in lines], axis=1)

    tasks = [lambda number=number: coalition(number) for number in range(2 ** len(chosen))]
    worth = run_tasks(scenario, tasks, read, names, progress, stop)
    return Attribution(
        titles=(baseline.title, scenario.title),
        players=chosen,
        lines=lines,
        time=run(baseline).time,
        worth=worth,
        values=shapley_values(worth),
        currency=scenario.corridor.currency,
        scenario=scenario,
    )
