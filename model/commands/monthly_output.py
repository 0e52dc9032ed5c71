"""What `pushpull run --monthly` prints and writes: a run by the month, people by the season they come in."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING

from pushpull.commands.console import CommandFault, number, print_table, say

if TYPE_CHECKING:
    import numpy as np

    from pushpull.engine.runs.result import Result
    from pushpull.months import Months
    from pushpull.scenario import Scenario

MONTHS_IN_A_YEAR = 12
RECORDED = "apprehensions_recorded"
SHOWN = {  # with how a column of the table is headed; the first beside itself without season, and on record
    RECORDED: "recorded apprehensions",
    "apprehensions_evading": "of those who evade",
    "apprehensions_presenting": "of those who present themselves",
    "irregular_entries": "irregular entries",
    "smuggled_migrants": "smuggled migrants",
}
SHOWN_OF_EVERYONE = {  # where all who come have a season, each route its own
    "detections_by_route": "recorded detections",
    "arrivals_by_route": "arrivals",
    "irregular_entries": "irregular entries",
    "smuggled_migrants": "smuggled migrants",
    "deaths_in_transit": "deaths in transit",
}
BY_MONTH, BY_STEP = "month", "step"


def check_monthly(every: str | None, output: str | None, folder: str) -> None:
    """Refuse options that leave no months, before any work is done."""
    faults = []
    if every is not None and every not in (BY_MONTH, BY_STEP):
        faults.append(f"--every: --monthly needs a state a month; allowed: {BY_MONTH}, {BY_STEP}, or no --every")
    if output is not None and output.endswith(folder):
        faults.append(f"{output}: a {folder} folder holds states, not months; allowed with --monthly: .csv, .nc, .json")
    if faults:
        raise CommandFault(*faults)


def state_every(scenario: Scenario, every: str | None) -> str:
    """How often a run has to hold a state, for months to be made of it."""
    if every is not None:
        return every
    return BY_STEP if (scenario.steps_per_year or MONTHS_IN_A_YEAR) % MONTHS_IN_A_YEAR else BY_MONTH


def months_of(result: Result, scenario: Scenario) -> Months:
    """A result by the month; what is assumed of the season, or that there is none, is said.

    Raises:
        CommandFault: where the run holds no months.
    """
    from pushpull.months import monthly

    try:
        months = monthly(result, scenario)
    except ValueError as none:
        raise CommandFault(f"--monthly: {none}") from none
    corridor = scenario.corridor.id
    if months.seasons is None:
        say(f"note: the corridor {corridor} has no seasons.yaml: its months are flat, those of the smooth run")
    else:
        own = ", each route its own" if months.seasons.by_route else ""
        say(f"note: {months.seasons.whose} have the season of {months.seasons.years}{own}; {months.seasons.why}")
    return months


def write_monthly(months: Months, output: str, stdout: str) -> None:
    """Write the months into a file, or as CSV to stdout."""
    if output == stdout:
        sys.stdout.writelines(months.csv())
    else:
        months.save(output)


def show_months(months: Months, begin: float) -> None:
    """A table of how many come in each of twelve months: of the first whole year from `begin` on, or of the last there
    is; else of all there are up to twelve. The last row is the year; of an ensemble all are medians."""
    import numpy as np

    from pushpull.scenario.seasons import OF_EVERYONE

    chosen = _year_shown(months.months, begin)
    labels = [months.labels[place] for place in chosen]
    shown = SHOWN_OF_EVERYONE if months.seasons is not None and months.seasons.of == OF_EVERYONE else SHOWN
    headline = next(iter(shown))
    first, *others = [(title, months.count(name)[:, chosen]) for name, title in shown.items()]
    columns = dict([first])
    if months.seasons is not None:
        columns["without season"] = months.smooth.total(headline)[:, chosen] / MONTHS_IN_A_YEAR
    seen = _on_record(months, headline)
    if seen is not None and not np.isnan(seen[chosen]).all():
        columns["on record"] = seen[None, chosen]
    columns |= dict(others)
    rows = [[label, *(_cell(each[:, place]) for each in columns.values())] for place, label in enumerate(labels)]
    if len(labels) == MONTHS_IN_A_YEAR and labels[0].endswith("-01"):
        rows.append([labels[0].removesuffix("-01"), *(_cell(each.sum(axis=1)) for each in columns.values())])
    print_table(["month", *columns], rows, range(1, 1 + len(columns)))
    members = months.result.members
    several = f", medians of {members} members" if members > 1 else ""
    print(f"Persons in each month{several}; twelve times a month is its yearly pace. --output writes all outcomes.")


def _on_record(months: Months, name: str) -> np.ndarray | None:
    """What is on record of each month (month): of all, or where that is recorded by route the sum over routes, of which
    each has to have a record; a route without one in a month had none to count."""
    import numpy as np

    seen = months.recorded(name)
    if seen is not None:
        return seen
    by_route = [months.recorded(name, route) for route in months.result.routes]
    if not by_route or any(each is None for each in by_route):
        return None
    counts = np.array(by_route)
    return np.where(np.isnan(counts).all(axis=0), np.nan, np.nansum(counts, axis=0))


def _cell(counts: np.ndarray) -> str:
    import numpy as np

    middle = float(np.median(counts))
    return number(None if math.isnan(middle) else middle)


def _year_shown(months: np.ndarray, begin: float) -> np.ndarray:
    """The places of the months to show."""
    import numpy as np

    januaries = np.flatnonzero((months % MONTHS_IN_A_YEAR == 0) & (months + MONTHS_IN_A_YEAR <= months[-1] + 1))
    later = [place for place in januaries if months[place] >= MONTHS_IN_A_YEAR * begin - 1e-6]
    first = later[0] if later else (januaries[-1] if len(januaries) else 0)
    return np.arange(first, min(first + MONTHS_IN_A_YEAR, len(months)))
