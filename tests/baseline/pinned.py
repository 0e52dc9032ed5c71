"""Results that are pinned: every outcome of every corridor under four packages in five years, in `results.csv`.

    python -m tests.baseline.pinned        (or: make baseline)

writes the table anew and prints by how much each outcome has moved. What has moved of the main outcomes of the two real
corridors is also a new state in `scenarios/history`, which the page shows to those who saw an earlier one; what was new
in it is for you to say. A line holds the central run, or the median of a
small ensemble; a routed outcome has a line for each route and one for its total, whose route is empty.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pushpull import Result, Scenario, run
from pushpull.catalogue import catalogue
from pushpull.evidence import earlier_states

FILE = Path(__file__).parent / "results.csv"
CORRIDORS = ("us_southwest_border", "g8_2001", "eu_external_border")
PACKAGES = ("preventive", "punitive", "remedial", "balanced")
YEARS = (2000, 2015, 2026, 2030, 2045)
SIMULATIONS = 16
SEED = 0
CENTRAL = "central run"
REAL = ("us_southwest_border", "eu_external_border")
KEYS = ("corridor", "package", "of", "outcome", "route", "unit")
COLUMNS = (*KEYS, *map(str, YEARS))
DIGITS = 12
TOLERANCE = 1e-9  # relative: processors of different kinds agree to the last bits of a double, some 1e-15 a step

Key = tuple[str, ...]
Table = dict[Key, tuple[float, ...]]


@dataclass(frozen=True)
class Move:
    """How far one line of the table has moved: the largest over its years, relative to the pinned value."""

    key: Key
    year: int
    before: float
    after: float

    @property
    def relative(self) -> float:
        """The move as a share of the pinned value; infinite where that is zero."""
        if self.before == self.after:
            return 0.0
        share = abs(self.after - self.before) / abs(self.before) if self.before else float("inf")
        return share if share == share else float("inf")  # what is no number has moved as far as can be

    def __str__(self) -> str:
        corridor, package, of, outcome, route, unit = self.key
        name = f"{outcome}@{route}" if route else outcome
        size = f"{self.after / self.before - 1:+.2g} of its value" if self.before else "from zero"
        values = f"{self.before:.9g} to {self.after:.9g} {unit} in {self.year} ({size})"
        return f"{corridor} {package}, {of}: {name} {values}"


def computed() -> Table:
    """The table as the model makes it now."""
    found: Table = {}
    for corridor in CORRIDORS:
        for package in PACKAGES:
            scenario = Scenario.load(corridor).with_policy(package)
            ensemble = run(scenario, members=SIMULATIONS, seed=SEED)
            for of, result in ((CENTRAL, run(scenario)), (f"median of {SIMULATIONS} simulations", ensemble)):
                for (outcome, route, unit), values in _lines(result):
                    found[corridor, package, of, outcome, route, unit] = values
    return found


def _lines(result: Result) -> Iterator[tuple[tuple[str, str, str], tuple[float, ...]]]:
    places = [result.moment(year) for year in YEARS]
    for outcome, route, values, unit in result.series(catalogue().outcomes):
        yield (outcome, route, unit), tuple(float(value) for value in np.median(values, axis=0)[places])


def pinned() -> Table:
    """The table as it is stored."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {
            tuple(row[key] for key in KEYS): tuple(float(row[str(year)]) for year in YEARS)
            for row in csv.DictReader(file)
        }


def write(table: Table) -> None:
    """Store a table."""
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([*key, *(f"{value:.{DIGITS}g}" for value in values)] for key, values in table.items())


def moves(before: Table, after: Table, tolerance: float = TOLERANCE) -> list[Move]:
    """Lines of both tables that have moved by more than the tolerance, the farthest first."""
    found = []
    for key in before.keys() & after.keys():
        each = [Move(key, *years) for years in zip(YEARS, before[key], after[key], strict=True)]
        found.append(max(each, key=lambda one: one.relative))
    return sorted((one for one in found if one.relative > tolerance), key=lambda one: (-one.relative, one.key))


def renamed(before: Table, after: Table) -> list[str]:
    """Lines that only one of the tables has."""
    gone = [f"gone: {' '.join(filter(None, key))}" for key in before if key not in after]
    return gone + [f"new: {' '.join(filter(None, key))}" for key in after if key not in before]


def of_history(table: Table) -> list[list[str]]:
    """The rows of a table that belong into the history of states, without the time of the state."""
    years = [YEARS.index(year) for year in earlier_states.YEARS]
    return [
        [corridor, package, outcome, unit, *(f"{values[each]:.{DIGITS}g}" for each in years)]
        for (corridor, package, of, outcome, route, unit), values in table.items()
        if corridor in REAL and of == CENTRAL and not route and outcome in earlier_states.OUTCOMES
    ]


def store_in_history(table: Table) -> str | None:
    """Add a state to the history where the table differs from the latest one there, and say when it was made."""
    folder = earlier_states.history_folder()
    with (folder / "results.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    latest = max(row[0] for row in rows)
    held = {tuple(row[1:5]): [float(each) for each in row[5:]] for row in rows if row[0] == latest}
    now = {tuple(row[:4]): [float(each) for each in row[4:]] for row in of_history(table)}
    if held.keys() == now.keys() and all(np.allclose(held[key], now[key], rtol=TOLERANCE) for key in held):
        return None
    made = datetime.datetime.now(datetime.UTC).isoformat(timespec="minutes").removesuffix("+00:00")
    with (folder / "results.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([made, *row] for row in of_history(table))
    return made


def main() -> None:
    """Renew the table and print by how much each line moved."""
    after = computed()
    before = pinned() if FILE.exists() else {}
    write(after)
    moved = moves(before, after)
    for line in (*renamed(before, after), *map(str, moved)):
        print(line)
    made = store_in_history(after)
    if made is not None:
        print(f"scenarios/history: a new state, {made}; say in notes.yaml what is new in it, in each language")
    print(f"{FILE.name}: {len(after)} lines, of which {len(moved)} moved by more than {TOLERANCE:g} of their value")


if __name__ == "__main__":
    main()
