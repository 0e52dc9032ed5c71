"""A choice between packages by their simulations: metrics, targets met, domination, and the harms each one raises."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pushpull.analysis.engine_calls import Line
from pushpull.analysis.members import Members, known_outcomes
from pushpull.analysis.robustness import ATTITUDES, Robustness, domination, robustness, shares_met
from pushpull.analysis.stated_change import GETS_WORSE, MAY_GET_WORSE, StatedChange, harms
from pushpull.analysis.targets import Target, check_targets, read_targets
from pushpull.catalogue import catalogue
from pushpull.ensemble import Progress
from pushpull.plot_accessor import PlotAccessor
from pushpull.scenario import Scenario

USUAL = ("protection_gap", "deaths_in_transit", "people_exploited", "smuggled_migrants", "public_cost")
BASELINE = "No new measures"


@dataclass(frozen=True, eq=False)
class RobustChoice:
    """What simulations say of a choice between packages; the first of `labels` is the baseline, a choice like others.

    A number is an outcome in `year`, or its mean from policy start to the end of the run where that is None. `metrics`
    are by outcome. `harms` holds for each package, whatever its rank and whatever outcomes were asked for, how every
    harm to people changes from the baseline. `met` (package, target) and `all_met` (package,) are shares of
    simulations; `dominates` (package, package) is the share in which that of the row is as good by every outcome and
    better by one.
    """

    labels: tuple[str, ...]
    members: int
    distinct: int
    seed: int
    year: float | None
    metrics: Mapping[str, Robustness]
    harms: Mapping[str, tuple[StatedChange, ...]]
    targets: tuple[Target, ...]
    met: np.ndarray
    all_met: np.ndarray
    dominates: np.ndarray
    provenance: Mapping[str, Any]

    plot = PlotAccessor()

    def raised(self, label: str, word: str = GETS_WORSE) -> tuple[StatedChange, ...]:
        """The harms that a package makes worse, or by another `word` of `stated_change` may."""
        return tuple(each for each in self.harms[label] if each.word == word)

    def dominated_by(self, label: str, share: float = 1.0) -> tuple[str, ...]:
        """The packages that are better than this one in at least that share of simulations by every outcome."""
        column = self.dominates[:, self.labels.index(label)]
        return tuple(other for other, part in zip(self.labels, column, strict=True) if part >= share)

    @property
    def table(self) -> pd.DataFrame:
        """A row for each outcome and package: every metric, the rank by each attitude, and the harms it raises."""
        return pd.DataFrame([row for name in self.metrics for row in self._rows(name)])

    def _rows(self, name: str) -> Iterable[dict]:
        own = self.metrics[name]
        for row, label in enumerate(self.labels):
            numbers = {
                word: float(getattr(own, word)[row])
                for word in ("expected", "best", "worst", "regret_p90", "largest_regret", "share_best")
            }
            ranks = {f"rank_{each:g}": int(own.ranks[place, row]) for place, each in enumerate(own.attitudes)}
            marks = {
                word: ", ".join(each.outcome.id for each in self.raised(label, kind))
                for word, kind in (("raises", GETS_WORSE), ("may_raise", MAY_GET_WORSE))
            }
            yield {"outcome": name, "package": label, "better": own.better, **numbers, **ranks, **marks}

    def _repr_html_(self) -> str:
        return self.table.to_html(index=False, float_format="{:.4g}".format)


def robust_choice(
    baseline: Scenario,
    packages: Mapping[str, Scenario],
    outcomes: Iterable[str] = USUAL,
    targets: Iterable[str | Target] = (),
    members: int | None = None,
    seed: int | None = None,
    year: float | None = None,
    attitudes: Sequence[float] = ATTITUDES,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> RobustChoice:
    """Hold packages, each a scenario by its label, against one another and against the baseline.

    Simulation k has the same draw and the same future in each. Members and seed are the baseline's own where none are
    given; targets without a year are of `year`, or of the last one.

    Raises:
        ValueError: where packages have not one corridor, the same years and the same assumptions, for an outcome of
            which neither way is better, and a label that stands twice.
        KeyError: for outcomes there are not.
        ScenarioFaults: for targets of what there is not.
        Stopped, RunBroke: as `pushpull.analysis.paired`.
    """
    names = chosen_outcomes(outcomes)
    wanted = read_targets(targets, baseline.end if year is None else year)
    check_targets(wanted, baseline.routes, baseline.start, baseline.end)
    if BASELINE in packages:
        raise ValueError(f"{BASELINE!r} is the baseline; a package has another label")
    scenarios = {BASELINE: baseline, **packages}
    for label, scenario in packages.items():
        check_alike(baseline, scenario, label)
    keep = tuple(dict.fromkeys((*harms(), *names, *(each.outcome for each in wanted))))
    count = baseline.members if members is None else members
    seed = baseline.seed if seed is None else seed
    runs = {label: Members(scenario, seed, keep) for label, scenario in scenarios.items()}
    for number, each in enumerate(runs.values()):

        def report(done: int, whole: int, number: int = number) -> None:
            if progress:
                progress(number * count + done, len(runs) * count)

        each.grow(count, report, stop)
    first = runs[BASELINE]
    numbers = {
        name: np.stack([numbers_of(each, name, count, year) for each in runs.values()]) for name in (*names, *harms())
    }
    cards = catalogue().outcomes
    met = np.array([[_met(target, each, count) for target in wanted] for each in runs.values()])
    each_met, all_met = shares_met(met) if wanted else (np.empty((len(runs), 0)), np.full(len(runs), np.nan))
    return RobustChoice(
        labels=tuple(runs),
        members=count,
        distinct=first.distinct(count),
        seed=seed,
        year=year,
        metrics={name: robustness(numbers[name], cards[name].better, attitudes) for name in names},
        harms={
            label: tuple(StatedChange.of(cards[name], numbers[name][0], numbers[name][row]) for name in harms())
            for row, label in enumerate(runs)
        },
        targets=wanted,
        met=each_met,
        all_met=all_met,
        dominates=domination([numbers[name] for name in names], [cards[name].better for name in names]),
        provenance={**first.provenance, "members": count},
    )


def chosen_outcomes(outcomes: Iterable[str]) -> tuple[str, ...]:
    """The outcomes by which packages can be better or worse, in the order in which they are shown.

    Raises KeyError for one there is not, ValueError for one of which neither way is better.
    """
    names = known_outcomes(outcomes)
    for name in names:
        if catalogue().outcomes[name].better == "neither":
            raise ValueError(f"{name}: neither way is better, so no package is")
    if not names:
        raise ValueError("a choice is made by one outcome at least")
    return names


def check_alike(baseline: Scenario, other: Scenario, label: str) -> None:
    """Raise ValueError where two scenarios differ in more than policy: then regret is not the package's alone."""
    if other.corridor.digest != baseline.corridor.digest:
        raise ValueError(f"{label}: packages of a choice share one corridor")
    years = ("start", "end", "policy_start", "steps_per_year", "save_every")
    if any(getattr(other, word) != getattr(baseline, word) for word in years):
        raise ValueError(f"{label}: packages of a choice report the same years, and begin in the same")
    if any(getattr(other, block) != getattr(baseline, block) for block in ASSUMED):
        raise ValueError(f"{label}: packages of a choice share context, parameters, formulas and loops")


ASSUMED = ("context", "parameters", "formulas", "loops_off")


def numbers_of(runs: Members, outcome: str, members: int, year: float | None) -> np.ndarray:
    """An outcome's total as one number for each member: in a year, or its mean since policy start."""
    values = runs.values(Line(outcome), members)
    if year is not None:
        return values[int(np.abs(runs.time - year).argmin())]
    since = runs.time >= min(runs.scenario.policy_start, runs.time[-1]) - 1e-6
    return values[since].mean(axis=0)


def _met(target: Target, runs: Members, members: int) -> np.ndarray:
    values = runs.values(Line(target.outcome, target.route), members)
    return target.met(runs.time, values, runs.scenario.policy_start)
