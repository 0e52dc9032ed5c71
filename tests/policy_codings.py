"""Two codings of dated policy, month by month: for each instrument how far they agree.

`python -m tests.policy_codings` prints the table that stands in the corridor's SOURCES.md.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from tests.test_house import ROOT

FOLDER = ROOT / "scenarios" / "corridors" / "us_southwest_border"
FILES = tuple(FOLDER / name for name in ("policy_coding.csv", "policy_coding_second.csv"))
COUNTED = {"barriers", "parole_places", "port_appointments", "refugee_places", "work_permit_wait", "forward_deployment"}
# A narrower stream takes the rows of a wider one where it has none of its own.
STREAMS = {
    "single_adults": ("single_adults", "evading", "all"),
    "families": ("families", "presenting", "all"),
    "children": ("children", "presenting", "all"),
}
GROUPS = ("mexico", "northern_triangle", "farther_americas", "elsewhere")
WHOLE_BORDER = {"all", "between_ports", "between ports", "ports", "ports_and_between", "air", "interior", "Mexico",
                "Darien", "resettlement", "air to Mexico"}  # fmt: skip
FIRST, LAST = 1990, 2026
Cell = tuple[str, str, str, int]


def rows_of(file: Path) -> list[dict[str, str]]:
    """The rows of a coding."""
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def by_month(rows: Iterable[dict[str, str]]) -> dict[Cell, tuple[float, ...]]:
    """Share, low and high of every instrument, stream, group and month that a coding covers on the whole border: those
    of the most special rows, averaged where several are alike (countries of one group)."""
    found: dict[Cell, tuple[tuple[int, bool], list[tuple[float, ...]]]] = {}
    for row in rows:
        if row["instrument"] in COUNTED or row["route"] not in WHOLE_BORDER:
            continue
        first, until = (_month(row[name]) for name in ("start", "end"))
        numbers = tuple(float(row[name]) for name in ("share", "low", "high"))
        for stream, chain in STREAMS.items():
            for group in GROUPS:
                if row["stream"] not in chain or row["origin_group"] not in (group, "all"):
                    continue
                rank = (chain.index(row["stream"]), row["origin_group"] == "all")
                for month in range(first, until):
                    cell = (row["instrument"], stream, group, month)
                    held = found.get(cell)
                    if held is None or rank < held[0]:
                        found[cell] = (rank, [numbers])
                    elif rank == held[0]:
                        held[1].append(numbers)
    return {cell: tuple(np.mean(numbers, axis=0)) for cell, (_, numbers) in found.items()}


def _month(day: str) -> int:
    """Months from the start of 1990 to the first whose middle comes after a day; for no day, to the end."""
    if not day:
        return (LAST - FIRST) * 12 + 8
    at = date.fromisoformat(day)
    return (at.year - FIRST) * 12 + at.month - 1 + (at.day > 15)


@dataclass(frozen=True)
class Agreement:
    """How far two codings of an instrument agree: cells that both cover and that one alone does, the mean distance of
    their shares, the part whose ranges overlap, and the rank correlation."""

    instrument: str
    both: int
    one_alone: int
    distance: float
    overlap: float
    correlation: float


def agreements() -> list[Agreement]:
    """The agreement of the two codings in every instrument that is a share, in order of its name."""
    one, other = (by_month(rows_of(file)) for file in FILES)
    found = []
    for instrument in sorted({cell[0] for cell in (*one, *other)}):
        mine, theirs = ({cell for cell in each if cell[0] == instrument} for each in (one, other))
        both = sorted(mine & theirs)
        shares = np.array([[one[cell], other[cell]] for cell in both])
        overlap = (shares[:, 0, 1] <= shares[:, 1, 2]) & (shares[:, 1, 1] <= shares[:, 0, 2])
        found.append(
            Agreement(
                instrument,
                len(both),
                len(mine ^ theirs),
                float(np.abs(shares[:, 0, 0] - shares[:, 1, 0]).mean()),
                float(overlap.mean()),
                float(spearmanr(shares[:, 0, 0], shares[:, 1, 0])[0]),
            )
        )
    return found


def table() -> str:
    """The agreements as a table of SOURCES.md."""
    lines = ["| instrument | both | one alone | mean distance | ranges overlap | rank correlation |",
             "|---|---|---|---|---|---|"]  # fmt: skip
    lines += [
        f"| `{each.instrument}` | {each.both:,} | {each.one_alone:,} | {each.distance:.2f} | {each.overlap:.0%} "
        f"| {each.correlation:.2f} |"
        for each in agreements()
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
