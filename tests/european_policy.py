"""The series that the model reads of dated policy in Europe, from its two codings: `python -m tests.european_policy`.

Two readings of the same texts, made without knowledge of each other, are averaged month by month: neither is bent
towards what was counted. A stretch of equal months becomes two points, the middles of its first month and of its
last: a run goes from one value to the next within about a month, and never before the rule. A route with two transit
states has their mean, weighted by WEIGHTS (an assumption).
"""

import csv
from datetime import date
from itertools import groupby
from pathlib import Path

CORRIDOR = Path(__file__).parents[1] / "scenarios" / "corridors" / "eu_external_border"
CODINGS = ("policy_coding", "policy_coding_second")
SOURCE = "policy_coding"
FIRST, LAST = date(2005, 1, 1), date(2026, 8, 1)
ROUTES = (
    "central_mediterranean",
    "eastern_mediterranean",
    "western_balkans",
    "western_mediterranean",
    "western_african",
)
GROUPS = ("middle_east", "south_asia", "horn_of_africa", "west_africa", "north_africa", "balkan_states")
WEIGHTS = {  # of the transit states of a route, an assumption: most set out from the first
    "central_mediterranean": {"libya": 0.8, "tunisia": 0.2},
    "eastern_mediterranean": {"turkey": 1.0},
    "western_mediterranean": {"morocco": 1.0},
    "western_african": {"mauritania": 0.5, "senegal": 0.5},
}
TAKES_HOLD = 0  # whole months after its first in which a rule is applied in full: an assumption


def months():
    """The first day of every month of the codings."""
    day, days = FIRST, []
    while day <= LAST:
        days.append(day)
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return days


MONTHS = months()


def middle(month):
    """The day in the middle of a month, on which a rule counts for it."""
    return month.replace(day=15)


def read(coding):
    """The rows of a coding."""
    with (CORRIDOR / f"{coding}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def values(rows, **where):
    """The share coded for each month, of the rows that have these entries; an error where a month has none or two."""
    chosen = [row for row in rows if all(row[key].lower() == value for key, value in where.items())]
    shares = []
    for month in MONTHS:
        day = middle(month).isoformat()
        held = [row for row in chosen if row["start"] <= day and (not row["end"] or day < row["end"])]
        assert len(held) == 1, f"{where} in {month:%Y-%m}: {len(held)} rows"
        shares.append(float(held[0]["share"]))
    return shares


def both(**where):
    """The mean of the two codings for each month."""
    each = [values(read(coding), **where) for coding in CODINGS]
    return [sum(pair) / len(pair) for pair in zip(*each, strict=True)]


def series():
    """Each series and route: one value for each month."""
    result = {}
    for route, states in WEIGHTS.items():
        passes = [
            [weight * share for share in both(instrument="transit_control", country=state)]
            for state, weight in states.items()
        ]
        result["route_pass_share", route] = [sum(each) for each in zip(*passes, strict=True)]
    for route in ROUTES:
        result["way_on", route] = both(instrument="way_on", route=route)
    for route in WEIGHTS:
        result["rescue_presence", route] = both(instrument="rescue_presence", route=route)
    for group in GROUPS:
        result[f"release_share_{group}", ""] = both(instrument="release_share", origin_group=group, country="")
    return result


def rows():
    """Rows of series.csv: two points for each stretch of months with one value, its first and its last."""
    lines = []
    for (name, route), shares in series().items():
        dated = [
            (month.year + (month.month - 0.5) / 12, round(share, 4))
            for month, share in zip(MONTHS, shares, strict=True)
        ]
        for share, stretch in groupby(dated, key=lambda each: each[1]):
            times = [time for time, _ in stretch]
            first = times[0] if times[0] == dated[0][0] else min(times[0] + TAKES_HOLD / 12, times[-1])
            for time in (first, times[-1])[: 1 + (times[-1] - first > 0.5 / 12)]:
                lines.append(
                    [name, str(int(time)), "as_dated", f"{time:.4f}", route, f"{share:g}", "share", SOURCE, "D", ""]
                )
    return lines


if __name__ == "__main__":
    for line in rows():
        print(",".join(line))
