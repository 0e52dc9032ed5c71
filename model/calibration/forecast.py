"""What the fitted corridor says of the years after the fit: recorded drivers, no record of what came of them."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np

from pushpull.ensemble import run_ensemble
from pushpull.files.atomic import write_whole
from pushpull.scenario import Scenario

FILE = "forecast.csv"
YEARS = 16
MEMBERS = 1000
FISCAL, CALENDAR = "fiscal_year", "year"
# The columns of forecast.csv, p5 to p95: what stored files hold and a report reads, whatever ranges show elsewhere.
PERCENTILES = (5, 25, 50, 75, 95)
VARIABLES = (
    "apprehensions_recorded",
    "irregular_entries",
    "smuggled_migrants",
    "irregular_residents",
    "smuggler_fee",
    "deaths_in_transit",
    "deaths_recorded",
    "people_exploited",
    "protection_gap",
    "smuggler_convictions",
    "effective_returns",
    "interdiction_probability",
    "claims_recorded",
)
BY_ROUTE = ("detections_by_route", "arrivals_by_route", "deaths_by_route")


def forecast_years(until: float, end: float) -> range:
    """The years after a fit, as far as the corridor's horizon goes; see `window`."""
    first = math.floor(until) + (until % 1 > 0)
    return range(first, min(first + YEARS, math.floor(end - until % 1) + (until % 1 > 0)))


def window(year: int, until: float) -> tuple[float, float]:
    """What a year of the forecast spans: the years go on from the end of the fit, so that a fit up to the end of a
    fiscal year is followed by fiscal years, named by the year they end in, and another one by calendar years."""
    part = until % 1
    return (year - 1 + part, year + part) if part else (float(year), year + 1.0)


def forecast(
    scenario: Scenario, until: float, members: int = MEMBERS, progress: Callable[[int, int], None] | None = None
) -> list[dict[str, str | float | int]]:
    """Percentiles over the posterior of each variable's mean in each year after the fit, of some on each route too
    (`name@route`); nothing where the horizon ends with it."""
    history = scenario.baseline()
    years = forecast_years(until, history.end)
    if not years:
        return []
    result = run_ensemble(history, members, 1, keep=(*VARIABLES, *BY_ROUTE), progress=progress)
    word = FISCAL if until % 1 else CALENDAR
    rows: list[dict[str, str | float | int]] = []
    shown: list[tuple[str, str, str | None]] = [(name, name, None) for name in VARIABLES]
    shown += [(f"{name}@{route}", name, route) for name in BY_ROUTE for route in history.corridor.routes]
    for label, name, route in shown:
        values, unit = result.total(name, route=route), result.model.variables[name].unit
        for year in years:
            first, last = window(year, until)
            inside = (result.time >= first - 1e-9) & (result.time <= last + 1e-9)
            means = np.trapezoid(values[:, inside], result.time[inside], axis=1)
            ranges = {f"p{percentile}": float(np.percentile(means, percentile)) for percentile in PERCENTILES}
            rows.append({word: year, "variable": label, **ranges, "unit": unit})
    return rows


def save_forecast(rows: list[dict[str, str | float | int]], folder: Path) -> Path:
    """Write the forecast as a table, whole or not at all; four digits that count."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: f"{value:.4g}" if isinstance(value, float) else value for key, value in row.items()})
    return write_whole(folder / FILE, text.getvalue())
