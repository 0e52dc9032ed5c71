"""What the fitted corridor says of the years after the fit: recorded drivers, no record of what came of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np

from model.ensemble import run_ensemble
from model.files import write_whole
from model.scenario import Scenario

FILE = "forecast.csv"
LAST = 2024
MEMBERS = 1000
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
)


def forecast(
    scenario: Scenario, first: int, members: int = MEMBERS, progress: Callable[[int, int], None] | None = None
) -> list[dict[str, str | float | int]]:
    """Percentiles over the posterior of each variable's mean in each US fiscal year from `first` to `LAST`."""
    history = scenario.baseline()
    result = run_ensemble(history, members, 1, keep=VARIABLES, progress=progress)
    rows = []
    for name in VARIABLES:
        values, unit = result.total(name), result.model.variables[name].unit
        for year in range(first, LAST + 1):
            inside = (result.time >= year - 0.25 - 1e-9) & (result.time <= year + 0.75 + 1e-9)
            means = np.trapezoid(values[:, inside], result.time[inside], axis=1)
            bands = {f"p{percentile}": float(np.percentile(means, percentile)) for percentile in PERCENTILES}
            rows.append({"fiscal_year": year, "variable": name, **bands, "unit": unit})
    return rows


def save_forecast(rows: list[dict[str, str | float | int]], folder: Path) -> Path:
    """Write the forecast as a table, whole or not at all; four digits that count."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: f"{value:.4g}" if isinstance(value, float) else value for key, value in row.items()})
    return write_whole(folder / FILE, text.getvalue())
