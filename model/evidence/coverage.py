"""Which settings of a lever published effects cover on a corridor: where their experiments move it, from low to high.

What is covered is a level of the lever, not a change: an effect of half as many patrols again, found when there were a
fifth of today's, covers from a fifth to three tenths of today's. Beyond, the model goes on by its equations alone.

Reading every experiment takes seconds, so the intervals are kept in `covered.json` beside the experiments.
`python -m pushpull.evidence.coverage` writes them anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np

from pushpull.evidence.experiment_files import Experiment, experiment_folder, read_experiments
from pushpull.scenario import Scenario
from pushpull.scenario.counted_levers import overall

STEPS_A_YEAR = 4
Intervals = Mapping[str, Mapping[str, "Covered"]]  # by corridor and lever


@dataclass(frozen=True)
class Covered:
    """The lowest and the highest setting of a lever that published effects cover, and the ids of these effects."""

    low: float
    high: float
    effects: tuple[str, ...]

    def joined(self, other: Covered) -> Covered:
        """From the lower low to the higher high, by the effects of both."""
        effects = tuple(sorted({*self.effects, *other.effects}))
        return Covered(min(self.low, other.low), max(self.high, other.high), effects)


def coverage_file() -> Path:
    """Where the intervals are kept."""
    return experiment_folder() / "covered.json"


def covered(experiments: Iterable[Experiment]) -> dict[str, dict[str, Covered]]:
    """The interval of each lever that an experiment moves, by corridor: one that its arms set differently."""
    found: dict[str, dict[str, Covered]] = {}
    for experiment in experiments:
        known = found.setdefault(experiment.corridor, {}) if experiment.arms else {}
        for lever in sorted({name for arm in experiment.arms.values() for name in arm.policies}):
            interval = _moved(experiment, lever)
            if interval is not None:
                known[lever] = known[lever].joined(interval) if lever in known else interval
    return {corridor: dict(sorted(levers.items())) for corridor, levers in sorted(found.items()) if levers}


@cache
def covered_by_shipped() -> Intervals:
    """The intervals of the shipped experiments, as they are kept."""
    kept = json.loads(coverage_file().read_text(encoding="utf-8"))
    return {
        corridor: {name: Covered(each["low"], each["high"], tuple(each["effects"])) for name, each in levers.items()}
        for corridor, levers in kept.items()
    }


def as_text(intervals: Intervals) -> str:
    """The intervals as the file holds them, to six digits."""
    plain = {
        corridor: {
            name: {**asdict(each), "low": float(f"{each.low:.6g}"), "high": float(f"{each.high:.6g}")}
            for name, each in levers.items()
        }
        for corridor, levers in intervals.items()
    }
    return json.dumps(plain, indent=1) + "\n"


def _moved(experiment: Experiment, lever: str) -> Covered | None:
    """From the lowest to the highest setting of a lever while the experiment measures; None where all arms set it
    alike."""
    years = sorted({year for quantity in experiment.quantities.values() for year in _years(*quantity.window)})
    by_arm = [[_setting(arm, lever, year) for year in years if year <= arm.end] for arm in experiment.arms.values()]
    if all(np.allclose(each, by_arm[0]) for each in by_arm if len(each) == len(by_arm[0])):
        return None
    settings = [value for arm in by_arm for value in arm]
    return Covered(min(settings), max(settings), (experiment.id,))


def _setting(arm: Scenario, lever: str, year: float) -> float:
    value = arm.value_at(lever, year)
    return overall(arm, lever, value) if isinstance(value, Mapping) else value


def _years(first: float, last: float) -> list[float]:
    return [float(year) for year in np.linspace(first, last, 1 + round((last - first) * STEPS_A_YEAR))]


if __name__ == "__main__":
    coverage_file().write_text(as_text(covered(read_experiments())), encoding="utf-8")
