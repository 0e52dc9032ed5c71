"""From results to what is shown: arrays for the charts, and what one run says of a year. No words here."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from pushpull.analysis.asking import ASKING, IN_NEED
from pushpull.analysis.stated_change import harms
from pushpull.catalogue import Outcome, catalogue
from pushpull.engine.runs.result import Result, nearest_time
from pushpull.scenario import Corridor, Scenario

Columns = dict[str, np.ndarray]

# What is true beside what statistics show of it.
PAIRS = (
    ("smuggled_migrants", "smuggling_recorded"),
    ("deaths_in_transit", "deaths_recorded"),
    ("irregular_residents", "residents_recorded"),
    ("interdictions", "apprehensions_recorded"),
)
ORIGIN_CHARTS = ("apprehensions_by_origin", "residents_by_origin")
ROUTE_CHARTS = ("route_share", "traffic", "smuggler_fee", "interdiction_probability")
STRICTNESS = "strictness"
# What the factors of the stock are made of, beside outcomes.
FACTORS = (
    *("potential_labour_migrants", "people_in_need_of_protection", "departures", "irregular_arrivals"),
    *("labour_wish", "means_to_leave"),
)
# What says why a lever moves little (see `idle_levers`).
LIMITS_READ = (
    *("cases_charged", "resettlement_ready", "matched_slots", "legal_hiring", "applications_ready", "port_places"),
    *("protection_sought", "returns_possible_inland", "readmission_factor", "returns_ready", "regularised"),
    *("smugglers", "mean_sentence", "legal_odds", "decisions_ready", "asylum_decisions"),
)
HARMS = harms()
ROUND = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12)


def outcome_names() -> tuple[str, ...]:
    """Every outcome and its recorded twin."""
    outcomes = catalogue().outcomes.values()
    names = [each.id for each in outcomes] + [each.observed_as for each in outcomes if each.observed_as]
    return tuple(dict.fromkeys(names))


def variables_shown() -> tuple[str, ...]:
    """Every variable that a chart, a table or an advisory rests on; the diagram and the entries know more."""
    pairs = (name for pair in PAIRS for name in pair)
    return tuple(
        dict.fromkeys(
            (
                *outcome_names(),
                *pairs,
                *ROUTE_CHARTS,
                *ORIGIN_CHARTS,
                STRICTNESS,
                *FACTORS,
                *IN_NEED,
                *ASKING,
                *LIMITS_READ,
            )
        )
    )


def outcome_columns(result: Result) -> Columns:
    """Time, every outcome and its recorded twin, each of shape (time,)."""
    return _columns(result, outcome_names())


def _columns(result: Result, names: Iterable[str]) -> Columns:
    return {"time": result.time, **{name: result.total(name)[0] for name in names}}


def round_above(value: float) -> float:
    """A round number with a little room above a value, for the end of an axis."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in ROUND if step * power >= 1.03 * value)


def moment(time: np.ndarray, year: float) -> int:
    """The place of the saved time nearest to a year."""
    return nearest_time(time, year)


def at(result: Result, values: np.ndarray, year: float) -> float:
    """The value saved nearest to a year."""
    return float(values[moment(result.time, year)])


@dataclass(frozen=True)
class Change:
    """An outcome in one year, beside the baseline."""

    outcome: Outcome
    value: float
    baseline: float

    @property
    def difference(self) -> float:
        """Yours less the baseline."""
        return self.value - self.baseline

    @property
    def ratio(self) -> float:
        """The difference as a share of the baseline; NaN where that is zero."""
        return self.difference / abs(self.baseline) if self.baseline else float("nan")


def changes(yours: Result, baseline: Result, year: float) -> dict[str, Change]:
    """Every outcome in a year."""
    return {
        name: Change(outcome, at(yours, yours.total(name)[0], year), at(baseline, baseline.total(name)[0], year))
        for name, outcome in catalogue().outcomes.items()
    }


def weakest(result: Result, year: float) -> str:
    """The route whose gateway is least strict in a year."""
    rows = result.by_route(STRICTNESS)[0]
    return result.routes[int(rows[moment(result.time, year)].argmin())]


def history(corridor: Corridor, name: str, start: float) -> dict[str, list[float]]:
    """The recorded points of an outcome from the horizon's start on: time and value."""
    points: dict[str, list[float]] = {"time": [], "value": []}
    for series in corridor.recorded.get(name, ()):
        if series.route is None:
            since_start = series.times >= start
            points["time"] += series.times[since_start].tolist()
            points["value"] += series.values[since_start].tolist()
    return points


def shown_years(scenario: Scenario) -> list[str]:
    """The years the cards may show: the policy start, every fifth, and the last."""
    first, last = scenario.policy_start, scenario.end
    fives = [year for year in range(int(first) + 1, int(last) + 1) if year % 5 == 0 and year < last]
    return [f"{year:g}" for year in (first, *fives, last)]
