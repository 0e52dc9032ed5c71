"""Results of earlier states of the model, as they are stored with the version: what shipped packages came to then.

`history/results.csv` holds for each state, by the time it was made, the outcomes of the central runs that
`make baseline` pins; `history/notes.yaml` what was new in it, in each language.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from pushpull.scenario.library import shipped_folder

OUTCOMES = (
    *("protection_gap", "deaths_in_transit", "people_exploited"),
    *("smuggled_migrants", "irregular_residents", "public_cost"),
)
YEARS = (2030, 2045)
KEYS = ("made", "corridor", "package", "outcome", "unit")
COLUMNS = (*KEYS, *map(str, YEARS))


@dataclass(frozen=True)
class EarlierState:
    """A state of the model: when it was made, what was new by the code of a language, and the outcomes of shipped
    packages by corridor, package and outcome, in `YEARS`."""

    made: str
    notes: Mapping[str, str]
    values: Mapping[tuple[str, str, str], tuple[float, ...]]

    def packages(self, corridor: str) -> list[str]:
        """The packages of which results are stored on a corridor."""
        return list(dict.fromkeys(package for each, package, _ in self.values if each == corridor))


def history_folder() -> Path:
    """The folder of what is stored."""
    return shipped_folder() / "history"


@cache
def earlier_states() -> tuple[EarlierState, ...]:
    """Every state whose results are stored, the first one first."""
    notes = YAML(typ="safe").load(history_folder() / "notes.yaml")
    values: dict[str, dict] = {made: {} for made in notes}
    with (history_folder() / "results.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = (row["corridor"], row["package"], row["outcome"])
            values[row["made"]][key] = tuple(float(row[str(year)]) for year in YEARS)
    return tuple(EarlierState(made, notes[made], values[made]) for made in sorted(notes))


def states_of(corridor: str) -> tuple[EarlierState, ...]:
    """The states with results on a corridor."""
    return tuple(each for each in earlier_states() if each.packages(corridor))
