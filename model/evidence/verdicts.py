"""Verdicts: the model's number and range beside the published one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from cachetools import LRUCache

from pushpull.engine.runs.result import Result
from pushpull.ensemble import Progress, run_ensemble
from pushpull.evidence.experiment_files import Experiment, read_experiments
from pushpull.scenario import Scenario

MEMBERS = 100
SEED = 1
WITHIN, RIGHT, WRONG, OUT_OF_REACH = "within range", "right sign", "wrong sign", "not representable"
RESULTS_CACHED = 24  # for experiments that share an arm


@dataclass(frozen=True)
class Verdict:
    """An experiment, the model's number (median, and 5th and 95th percentile over members), and the verdict."""

    experiment: Experiment
    verdict: str
    median: float | None = None
    low: float | None = None
    high: float | None = None
    members: np.ndarray | None = None


@dataclass(frozen=True)
class Scoreboard:
    """All verdicts, and how they add up."""

    verdicts: tuple[Verdict, ...]

    @property
    def tested(self) -> tuple[Verdict, ...]:
        """What the model can speak to."""
        return tuple(each for each in self.verdicts if each.verdict != OUT_OF_REACH)

    def count(self, verdict: str) -> int:
        """How many experiments have a verdict."""
        return sum(each.verdict == verdict for each in self.verdicts)

    @property
    def share_within_range(self) -> float:
        """Share of the tested experiments within their range."""
        return self.count(WITHIN) / len(self.tested) if self.tested else float("nan")

    @property
    def firm_and_wrong(self) -> tuple[str, ...]:
        """Experiments of grade A with an agreed sign that the model gets wrong."""
        return tuple(
            each.experiment.id
            for each in self.verdicts
            if each.verdict == WRONG
            and each.experiment.published["quality"] == "A"
            and each.experiment.consensus == "agreed"
        )


def score(
    ids: Iterable[str] | None = None, members: int = MEMBERS, seed: int = SEED, progress: Progress | None = None
) -> Scoreboard:
    """Run the shipped experiments of these ids (all if None) on ensembles and judge them.

    Raises ScenarioFaults for files at fault and ValueError for fewer than two members.
    """
    return score_experiments(read_experiments(ids), members, seed, progress)


def score_experiments(
    experiments: Sequence[Experiment], members: int = MEMBERS, seed: int = SEED, progress: Progress | None = None
) -> Scoreboard:
    """Run experiments on ensembles and judge them; raises ValueError for fewer than two members."""
    if members < 2:
        raise ValueError(f"an ensemble of {members}: at least 2 members are needed")
    verdicts, runs = [], _Runs(members, seed, experiments)
    for number, experiment in enumerate(experiments):
        if progress:
            progress(number, len(experiments))
        verdicts.append(judge(experiment, runs.measure(experiment) if experiment.arms else None))
    if progress:
        progress(len(experiments), len(experiments))
    return Scoreboard(tuple(verdicts))


def judge(experiment: Experiment, measured: np.ndarray | None) -> Verdict:
    """The verdict on the measures of all members; None for an experiment out of reach.

    A member without a number leaves no median, and a median that is no number has the wrong sign.
    """
    if measured is None:
        return Verdict(experiment, OUT_OF_REACH)
    low, median, high = (float(value) for value in np.percentile(measured, (5, 50, 95)))
    inside = _inside(experiment, median)
    right = {"positive": median > 0, "negative": median < 0, "zero": inside}[experiment.sign]
    verdict = WRONG if not right else WITHIN if inside else RIGHT
    return Verdict(experiment, verdict, median, low, high, measured)


def _inside(experiment: Experiment, value: float) -> bool:
    above = experiment.low is None or value >= experiment.low
    return above and (experiment.high is None or value <= experiment.high)


class _Runs:
    """Ensembles of arms; an arm that several of the experiments share is run once."""

    def __init__(self, members: int, seed: int, experiments: Iterable[Experiment] = ()):
        self.members, self.seed = members, seed
        self.results: LRUCache[str, Result] = LRUCache(RESULTS_CACHED)
        self.wanted: dict[str, set[str]] = {}
        for experiment in experiments:
            self.want(experiment)

    def want(self, experiment: Experiment) -> None:
        """Note what the experiment reads in each of its arms."""
        for quantity in experiment.quantities.values():
            self.wanted.setdefault(experiment.arms[quantity.arm].digest, set()).add(quantity.variable)

    def measure(self, experiment: Experiment) -> np.ndarray:
        """The experiment's number, shape (member,)."""
        self.want(experiment)
        return np.broadcast_to(experiment.measured(self.run), self.members)

    def run(self, scenario: Scenario) -> Result:
        """The ensemble of an arm, with everything that is read in it."""
        wanted = self.wanted[scenario.digest] - {*scenario.catalogue.levers, *scenario.catalogue.context}
        result = self.results.get(scenario.digest)
        if result is None or any(name not in result for name in wanted):
            result = run_ensemble(scenario, self.members, self.seed, keep=wanted)
            self.results[scenario.digest] = result
        return result
