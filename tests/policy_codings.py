"""The two codings of dated policy compared: `python -m tests.policy_codings`; and the value of a coding on a day.

A cell is an instrument, who comes (stream), an origin (group or country) and a place. The row that says more of a cell
counts: first a country, then a sector, a stream, a group, and last ports or the line between them.
"""

from collections import Counter, defaultdict
from csv import DictReader
from datetime import date
from itertools import pairwise, product
from pathlib import Path
from statistics import correlation, fmean
from typing import NamedTuple

FOLDER = Path(__file__).parents[1] / "scenarios" / "corridors" / "us_southwest_border"
CODINGS = ("policy_coding_second", "policy_coding")
GROUPS = ("mexico", "northern_triangle", "farther_americas", "elsewhere")
COUNTRIES = {
    "el_salvador": "northern_triangle",
    "brazil": "farther_americas",
    "cuba": "farther_americas",
    "ecuador": "farther_americas",
    "haiti": "farther_americas",
    "nicaragua": "farther_americas",
    "venezuela": "farther_americas",
    "china": "elsewhere",
}
PEOPLE = ("evading", "presenting", "families", "children")
STREAMS = {
    "all": (0, PEOPLE),
    "presenting": (1, ("presenting", "families", "children")),
    "single_adults": (1, ("evading", "presenting")),
    "evading": (2, ("evading",)),
    "families": (3, ("families",)),
    "children": (3, ("children",)),
}
AT_THE_BORDER = {
    "sanctioned_share",
    "expelled_share",
    "may_not_be_held_share",
    "claim_access",
    "returned_to_wait_share",
}
LINE = ("ports", "between_ports")
MONTHS = [date(year, month, 15) for year in range(1990, 2027) for month in range(1, 13) if (year, month) < (2026, 9)]


class Cell(NamedTuple):
    instrument: str
    stream: str
    origin: str
    route: str


def read(name):
    """The rows of a coding, as written."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as opened:
        return list(DictReader(opened))


def cells_of(row):
    """The cells a row speaks of."""
    groups = GROUPS if row["origin_group"] == "all" else row["origin_group"].split()
    origins = row["country"].split() or [*groups, *(name for name, group in COUNTRIES.items() if group in groups)]
    routes = row["route"].split()
    people = ["all"]
    if row["instrument"] in AT_THE_BORDER:
        people = STREAMS[row["stream"]][1]
        routes = LINE if routes == ["all"] else routes
    return [Cell(row["instrument"], *rest) for rest in product(people, origins, routes)]


def precision(row):
    """How much a row says of its cells: the row with more of it overrides."""
    return (
        row["country"] != "",
        row["route"] not in {"all", *LINE},
        STREAMS[row["stream"]][0],
        row["origin_group"] != "all",
        row["route"] != "all",
    )


def rows_by_cell(rows):
    """The rows that speak of each cell, with their days."""
    cells = defaultdict(list)
    for row in rows:
        start = date.fromisoformat(row["start"])
        end = date.fromisoformat(row["end"]) if row["end"] else date.max
        for cell in cells_of(row):
            cells[cell].append((start, end, precision(row), row))
    return cells


def on_day(candidates, day):
    """The rows that count in a cell on a day: one, none, or several where two say equally much."""
    live = [(says, row) for start, end, says, row in candidates if start <= day < end]
    most = max((says for says, _ in live), default=None)
    return [row for says, row in live if says == most]


def both(first, second):
    """Cell and month by cell and month: the row of each coding, or None where it has none."""
    left, right = rows_by_cell(first), rows_by_cell(second)
    for cell in sorted({*left, *right}):
        for month in MONTHS:
            rows = [(on_day(side.get(cell, []), month) or [None])[0] for side in (left, right)]
            if any(rows):
                yield cell, month, *rows


def difference(one, other):
    """Between two rows of one unit: of shares, as it is; of numbers, in parts of their mean."""
    a, b = float(one["share"]), float(other["share"])
    return abs(a - b) if one["unit"] == "share" else abs(a - b) / (fmean([a, b]) or 1.0)


def ranges_meet(one, other):
    """Whether the ranges of two rows have a value in common."""
    return max(float(row["low"]) for row in (one, other)) <= min(float(row["high"]) for row in (one, other))


def ranks(values):
    """Ranks, equal values sharing theirs."""
    counts, first, shared = Counter(values), 0, {}
    for value in sorted(counts):
        shared[value] = first + (counts[value] - 1) / 2
        first += counts[value]
    return [shared[value] for value in values]


def rank_correlation(pairs):
    """Spearman's, or None where one side says the same of all."""
    sides = [[float(row["share"]) for row in side] for side in zip(*pairs, strict=True)]
    return correlation(*map(ranks, sides)) if pairs and all(len(set(side)) > 1 for side in sides) else None


def agreement(compared):
    """Cells and months; the part both code in one unit; of these how many ranges meet, mean difference, correlation."""
    pairs = [(one, other) for *_, one, other in compared if one and other and one["unit"] == other["unit"]]
    mean = fmean(difference(*pair) for pair in pairs) if pairs else None
    meet = fmean(ranges_meet(*pair) for pair in pairs) if pairs else None
    return len(compared), len(pairs) / len(compared), meet, mean, rank_correlation(pairs)


def largest(compared, count):
    """The pairs of rows that differ most, each with how many cells and months it concerns."""
    weights = defaultdict(int)
    pairs = {}
    for *_, one, other in compared:
        if one and other and one["unit"] == other["unit"]:
            weights[one["id"], other["id"]] += 1
            pairs[one["id"], other["id"]] = one, other
    order = sorted(pairs, key=lambda ids: (-difference(*pairs[ids]), -weights[ids], ids))
    return [(difference(*pairs[ids]), weights[ids], *pairs[ids]) for ids in order[:count]]


def overlaps(rows):
    """Cells with two rows that say equally much on one day: a list of cell, day and their ids."""
    faults = []
    for cell, candidates in rows_by_cell(rows).items():
        days = sorted({day for start, end, *_ in candidates for day in (start, end)})
        for day, _ in pairwise(days):
            live = on_day(candidates, day)
            if len(live) > 1:
                faults.append((cell, day, [row["id"] for row in live]))
    return faults


def _line(names, size, share, *rest):
    numbers = [f"{share:5.2f}", *("    -" if value is None else f"{value:5.2f}" for value in rest)]
    print(f"{names:58}{size:8}  {'  '.join(numbers)}")


def main():
    """Print what SOURCES.md quotes."""
    compared = list(both(*map(read, CODINGS)))
    print(f"{'instrument, stream, year':58}{'n':>8}   both   meet   diff   rank")
    for depth in (0, 1, 2, 3):
        parts = defaultdict(list)
        for row in compared:
            cell, month = row[:2]
            parts[(cell.instrument, cell.stream, str(month.year))[:depth]].append(row)
        for names, part in sorted(parts.items()):
            _line(" ".join(names) or "all", *agreement(part))
    print("\nlargest differences")
    for gap, weight, one, other in largest(compared, 20):
        print(f"{gap:.2f} {weight:6} {one['instrument']:36} {one['id']} {one['share']}  {other['id']} {other['share']}")


if __name__ == "__main__":
    main()
