"""A result by the month, people by the season they come in: a view on what a run saved, never part of one.

A season is in no equation. Inputs that rise and fall threefold within a year would shorten moves through time, and the
times of the model are years: delays, memory and responses are, it is fitted to years and judged by them, and nothing
recorded says how they answer to one month. So a run stays smooth, and a season spreads its years over their months.

A corridor says whose season it is: of people who evade, where those who present themselves come at any time of year, or
of all who come, as a season of the sea is. Each route may have its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pushpull.catalogue import catalogue
from pushpull.engine.language.graph import Variable
from pushpull.engine.language.indices import AXIS
from pushpull.engine.runs.result import WEIGHT, Result
from pushpull.files.atomic import write_whole
from pushpull.files.csv_text import text_cell
from pushpull.scenario import Scenario
from pushpull.scenario.seasons import OF_EVERYONE, MonthlyRecord, Seasons, has_count_of_month, label_of, read_seasons

if TYPE_CHECKING:  # it is large, and a run does not need it
    import pandas as pd

NEAR = 1e-6  # of a month
MEMBERS_AT_A_TIME = 50  # whose people are held apart by origin, population and route
COLUMNS = ("time", "month", "variable", "route", "member", "value", "unit", "in_month", "smooth", "recorded")
PACE = "means over each month; a flow is at a yearly pace, and a month's own count is a twelfth of it"
STOPPED = ("interdictions", "survived_attempts", "evading_share")
_Read = Callable[[str], np.ndarray]
# The people who have a season in a variable, over (member, time, origin, population, route), of length one along what
# is not told apart.
Part = Callable[[_Read], np.ndarray]


def _stopped(read: _Read) -> np.ndarray:
    """Recorded stops of people who evade: all stops but those of people who present themselves."""
    stopped, attempts, evading = (read(name) for name in STOPPED)
    return (stopped - attempts * (1 - evading)) * read("apprehension_coverage")[:, :, None]


def _crossed(read: _Read) -> np.ndarray:
    return read("irregular_arrivals")


def _guided(read: _Read) -> np.ndarray:
    return read("guided_arrivals")


def _guided_recorded(read: _Read) -> np.ndarray:
    return read("guided_arrivals") * read("smuggling_coverage")[:, :, None]


def _presenting(read: _Read) -> np.ndarray:
    """Recorded stops of people who present themselves."""
    presenting = read("survived_attempts") * (1 - read("evading_share"))
    return presenting * read("apprehension_coverage")[:, :, None]


def _onward(read: _Read) -> np.ndarray:
    """Detections of people who came in on one route and go on by another."""
    return (read("onward_detections") * read("apprehension_coverage"))[:, :, None]


def _let_go(read: _Read) -> np.ndarray:
    return read("let_go")


def _let_in(read: _Read) -> np.ndarray:
    return read("claims_when_stopped")


def _dead(read: _Read) -> np.ndarray:
    return read("deaths_by_route")[:, :, None]


def _dead_recorded(read: _Read) -> np.ndarray:
    """Recorded deaths on each route: the same part of them is found on all."""
    recorded, dead = read("deaths_recorded"), read("deaths_in_transit")
    found = np.divide(recorded, dead, out=np.zeros_like(recorded), where=dead > 0)
    return (read("deaths_by_route") * found)[:, :, None]


# What has the season of people who evade: each variable with that part of it.
EVADING: Mapping[str, Part] = {
    "apprehensions_recorded": _stopped,
    "apprehensions_evading": _stopped,
    "apprehensions_by_origin": _stopped,
    "apprehensions_by_route": _stopped,
    "irregular_entries": _crossed,
    "arrivals_by_route": _crossed,
    "smuggled_migrants": _guided,
    "smuggling_recorded": _guided_recorded,
}
BESIDE = "apprehensions_presenting"  # the rest of those apprehended, who have no season but where all have it
# What has the season of all who come: each variable with those parts of it, each spread by itself, so that parts
# add up in every month. Of claims on record those made when stopped; others are made at any time.
EVERYONE: Mapping[str, tuple[Part, ...]] = {
    "apprehensions_recorded": (_stopped, _presenting),
    "apprehensions_evading": (_stopped,),
    BESIDE: (_presenting,),
    "apprehensions_by_origin": (_stopped, _presenting),
    "apprehensions_by_route": (_stopped, _presenting),
    "detections_by_route": (_stopped, _presenting, _onward),
    "irregular_entries": (_crossed, _let_go),
    "arrivals_by_route": (_crossed, _let_go, _let_in),
    "deaths_by_route": (_dead,),
    "deaths_in_transit": (_dead,),
    "deaths_recorded": (_dead_recorded,),
    "claims_recorded": (_let_in,),
    "smuggled_migrants": (_guided,),
    "smuggling_recorded": (_guided_recorded,),
}
_READ = (
    *STOPPED, "apprehension_coverage", "irregular_arrivals", "guided_arrivals", "smuggling_coverage",
    "onward_detections", "let_go", "claims_when_stopped", "deaths_by_route", "deaths_in_transit", "deaths_recorded",
)  # fmt: skip


def seasonal_parts(seasons: Seasons) -> Mapping[str, tuple[Part, ...]]:
    """What has the season: each variable with those parts of it."""
    return EVERYONE if seasons.of == OF_EVERYONE else {name: (part,) for name, part in EVADING.items()}


def monthly_names(seasons: Seasons | None = None) -> tuple[str, ...]:
    """The variables that months are shown of where none are named: the outcomes, stops in all their parts, and what
    else has the season."""
    return tuple(
        dict.fromkeys((*catalogue().outcomes, *EVADING, BESIDE, *(seasonal_parts(seasons) if seasons else ())))
    )


def names_for_months(names: Iterable[str] | None = None) -> tuple[str, ...]:
    """What an ensemble has to keep, for months of these variables or of `monthly_names`, whosever the season is."""
    return tuple(dict.fromkeys((*(names or (*monthly_names(), *EVERYONE)), WEIGHT, *_READ)))


@dataclass(frozen=True, eq=False)
class MonthlyLine:
    """One line of a result by the month: a variable (an origin in brackets behind its name) on a route (empty for the
    total).

    `values` (member, month) have the season, `smooth` have none; both are at a yearly pace, in `unit`. `counts` are a
    month's own, None of what is no amount a year; `recorded` (month) are counts on record, nan where none is.
    """

    name: str
    route: str
    values: np.ndarray
    smooth: np.ndarray
    unit: str
    counts: np.ndarray | None
    recorded: np.ndarray


@dataclass(frozen=True, eq=False)
class Months:
    """A result by the month: `result` with the season, `smooth` without.

    Both are results of which each time is the middle of a month and each value the mean over the month, in the unit of
    the variable: flows are at a yearly pace (person/year). `count` gives a month's own. `months` (month) counts from
    January of year zero; `seasons` is None for a corridor without, whose two results are one; `names` are the variables
    asked for.
    """

    months: np.ndarray
    result: Result
    smooth: Result
    seasons: Seasons | None
    names: tuple[str, ...]

    @property
    def labels(self) -> list[str]:
        """The months as 2027-03."""
        return [label_of(int(month)) for month in self.months]

    def count(
        self, name: str, part: str | None = None, route: str | None = None, origin: str | None = None
    ) -> np.ndarray:
        """How many in each month, (member, month): a twelfth of the yearly pace; otherwise as `Result.total`.

        Raises:
            ValueError: for a variable that is no amount a year, such as a stock, a price or a share.
            KeyError: where there is no such variable or part.
        """
        values = self.result.total(name, part, route, origin)
        if not self._counted(name):
            raise ValueError(f"{name!r} is no amount a year, so a month has no count of it; see result.total")
        return values / 12

    def recorded(self, name: str, route: str | None = None, origin: str | None = None) -> np.ndarray | None:
        """What is on record of each month, (month), in counts of the month and nan where nothing is; None where no
        month of it is on record."""
        return next(
            (
                self._aligned(each)
                for each in (self.seasons.recorded if self.seasons else ())
                if (each.variable, each.route, each.origin) == (name, route, origin)
            ),
            None,
        )

    @property
    def lines(self) -> Iterator[MonthlyLine]:
        """Every line of the variables asked for: totals, then routes and origins."""
        pairs = zip(self.result.series(self.names), self.smooth.series(self.names), strict=True)
        for (name, route, values, unit), (_, _, smooth, _) in pairs:
            own, _, label = name.removesuffix("]").partition("[")
            recorded = self.recorded(own, route or None, label or None)
            if recorded is None:
                recorded = np.full(len(self.months), np.nan)
            counts = values / 12 if self._counted(own) else None
            yield MonthlyLine(name, route, values, smooth, unit, counts, recorded)

    def csv(self) -> Iterator[str]:
        """The tidy table as the text of a CSV file, piece by piece.

        `value` is the mean over the month at a yearly pace, in `unit`; `in_month` the month's own count, empty where it
        has none; `smooth` is `value` without a season; `recorded` the count on record of that month.
        """
        yield ",".join(COLUMNS) + "\n"
        begins = [f"{time!r},{label}" for time, label in zip(self.result.time.tolist(), self.labels, strict=True)]
        for line in self.lines:
            labels, unit = f",{text_cell(line.name)},{text_cell(line.route)}", text_cell(line.unit)
            on_record = _cells(line.recorded)
            for member, (row, smooth) in enumerate(zip(line.values.tolist(), line.smooth.tolist(), strict=True)):
                counts = [""] * len(row) if line.counts is None else _cells(line.counts[member])
                yield "".join(
                    f"{begin}{labels},{member},{value!r},{unit},{count},{flat!r},{seen}\n"
                    for begin, value, count, flat, seen in zip(begins, row, counts, smooth, on_record, strict=True)
                )

    def table(self) -> pd.DataFrame:
        """All rows of `csv` in one tidy table; nan where a cell is empty."""
        import pandas as pd

        parts = []
        for line in self.lines:
            members, count = line.values.shape
            counts = np.full(line.values.shape, np.nan) if line.counts is None else line.counts
            columns = (
                np.tile(self.result.time, members), self.labels * members, line.name, line.route,
                np.repeat(np.arange(members), count), line.values.ravel(), line.unit, counts.ravel(),
                line.smooth.ravel(), np.tile(line.recorded, members),
            )  # fmt: skip
            parts.append(pd.DataFrame(dict(zip(COLUMNS, columns, strict=True))))
        return pd.concat(parts, ignore_index=True)

    def save(self, path: Path | str) -> Path:
        """Write .csv, as `csv`, or .nc or .json, as a result of months; raise ValueError for another ending."""
        target = Path(path)
        return write_whole(target, self._write_csv) if target.suffix == ".csv" else self.result.save(target)

    def _write_csv(self, path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(self.csv())

    def _counted(self, name: str) -> bool:
        variable: Variable | None = self.result.model.variables.get(name)
        return variable is not None and has_count_of_month(variable)

    def _aligned(self, record: MonthlyRecord) -> np.ndarray:
        values = np.full(len(self.months), np.nan)
        inside = (record.months >= self.months[0]) & (record.months <= self.months[-1])
        values[record.months[inside] - self.months[0]] = record.values[inside]
        return values


def monthly(result: Result, scenario: Scenario, names: Iterable[str] | None = None) -> Months:
    """The result of a scenario by the month, for `monthly_names` or those named.

    The states of the result may lie a month apart at most: `scenario.with_changes(save_every="month")`. An ensemble
    keeps what `names_for_months` says. Only months that lie in the run as a whole are there. The flows of `EVADING`
    have the season of the corridor in that part of them which evades, or those of `EVERYONE` where all who come have
    it; each route has its own factors, or those of all. Twelve months sum to the year of the smooth run; a year that is
    not there as a whole has the factors as they stand. All else is the mean of each month.

    Raises:
        ScenarioFaults: with every fault of the corridor's `seasons.yaml`.
        ValueError: where states lie further apart than a month, or no month is in the run as a whole.
        KeyError: where a variable is none of the model, or was not kept.
    """
    seasons = read_seasons(scenario.corridor, scenario.catalogue)
    chosen = tuple(dict.fromkeys(monthly_names(seasons) if names is None else names))
    read = [*chosen, *([WEIGHT] if WEIGHT not in chosen and WEIGHT in result.variables else [])]
    months, _ = month_means(result.time, result.time[None])
    plain = {name: month_means(result.time, result.array(name))[1] for name in read}
    shaped = dict(plain)
    if seasons is not None:
        shaped |= {name: plain[name].copy() for name in chosen if name in seasonal_parts(seasons)}
        for first in range(0, result.members, MEMBERS_AT_A_TIME):
            _add_season(shaped, result, slice(first, first + MEMBERS_AT_A_TIME), months, seasons)
    time = (months + 0.5) / 12
    provenance = {**result.provenance, "months": PACE, "season": _season_in_words(seasons)}
    with_season = replace(result, time=time, kept=shaped, given={}, provenance=provenance)
    smooth = with_season
    if seasons is not None:
        smooth = replace(with_season, kept=plain, provenance={**provenance, "season": "none"})
    return Months(months, with_season, smooth, seasons, chosen)


def _add_season(
    shaped: Mapping[str, np.ndarray], result: Result, members: slice, months: np.ndarray, seasons: Seasons
) -> None:
    """Add what a season moves from month to month to those variables that have it and are there, for some members."""

    def read(name: str) -> np.ndarray:
        return result.array(name)[members]

    seasonal = {name: parts for name, parts in seasonal_parts(seasons).items() if name in shaped}
    factors = seasons.factors_of(result.routes)
    for part in dict.fromkeys(part for parts in seasonal.values() for part in parts):
        means = month_means(result.time, part(read))[1]
        moved = spread_over_years(means, months, factors) - means
        for name, parts in seasonal.items():
            if part in parts:
                shaped[name][members] += _summed(moved, result.model.variables[name])


def month_means(time: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The months that lie within the times as a whole (month), counted from January of year zero, and the means over
    each (member, month, ...) of values (member, time, ...) that go in straight lines from time to time, in years.

    Raises:
        ValueError: where times lie further apart than a month, or no month lies within them as a whole.
    """
    at = 12 * time
    nearest = np.round(at)
    at = np.where(np.abs(at - nearest) < NEAR, nearest, at)
    if len(at) < 2 or np.diff(at).max() > 1 + NEAR:
        raise ValueError('states further apart than a month make no months; run with save_every: "month"')
    first, last = int(np.ceil(at[0])), int(np.floor(at[-1]))
    if last <= first:
        raise ValueError("no month lies within the run as a whole")
    bounds = np.arange(first, last + 1)
    grid = np.union1d(at[(at >= first) & (at <= last)], bounds)
    left = np.clip(np.searchsorted(at, grid, side="right") - 1, 0, len(at) - 2)
    axes = (1, -1, *(1,) * (values.ndim - 2))
    weight = ((grid - at[left]) / (at[left + 1] - at[left])).reshape(axes)
    there = values[:, left] * (1 - weight) + values[:, left + 1] * weight
    areas = np.diff(grid).reshape(axes) * (there[:, :-1] + there[:, 1:]) / 2
    return bounds[:-1], np.add.reduceat(areas, np.searchsorted(grid, bounds[:-1]), axis=1)


def spread_over_years(means: np.ndarray, months: np.ndarray, factors: Iterable[float] | np.ndarray) -> np.ndarray:
    """Means of months (member, month, ...) with a season of twelve factors above zero, January first, same shape; the
    factors may have a last axis of the means too, (month, route).

    Within a year that is there as a whole the months keep the sum they had, each number of it alone: what a flow gains
    or loses by falling in a busy part of the year is shared out over all twelve. `months` (month) follow one another.
    """
    by_month = np.array(tuple(factors))[months % 12]
    axes = (1, -1, *(1,) * (means.ndim - 1 - by_month.ndim), *by_month.shape[1:])
    spread = means * by_month.reshape(axes)
    first = int(-months[0] % 12)
    years = (len(months) - first) // 12
    if years > 0:
        span = slice(first, first + 12 * years)
        by_year = (len(means), years, 12, *means.shape[2:])
        before, after = means[:, span].reshape(by_year), spread[:, span].reshape(by_year)
        whole, summed = before.sum(axis=2, keepdims=True), after.sum(axis=2, keepdims=True)
        keeps = np.divide(whole, summed, out=np.ones_like(whole), where=summed != 0)
        spread[:, span] = (after * keeps).reshape(means[:, span].shape)
    return spread


def _cells(numbers: np.ndarray) -> list[str]:
    """Numbers (month) as cells of a CSV file, empty for nan."""
    return ["" if number != number else repr(number) for number in numbers.tolist()]


def _summed(block: np.ndarray, variable: Variable) -> np.ndarray:
    """A block over (member, month, origin, population, route), summed over all that a variable does not vary over."""
    for index in ("population", "route"):
        if not variable.varies(index):
            block = block.sum(axis=AXIS[index], keepdims=True)
    return block if variable.varies("origin") else block.sum(axis=AXIS["origin"])


def _season_in_words(seasons: Seasons | None) -> str:
    if seasons is None:
        return "none: the corridor has no seasons.yaml"
    routes = f" (with their own on {', '.join(seasons.by_route)})" if seasons.by_route else ""
    return f"as in {seasons.years}{routes}, of {seasons.whose}, in {', '.join(seasonal_parts(seasons))}; {seasons.why}"
