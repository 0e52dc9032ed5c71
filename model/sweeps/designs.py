"""The points of a sweep: every combination of some levels, a Latin hypercube, or points that are listed by name."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc

from pushpull.files.faults import Fault, ScenarioFaults
from pushpull.scenario import Scenario
from pushpull.scenario.library import Refused
from pushpull.sweeps.varied import VariedInput, check_apart, check_value, varied_input, with_values
from pushpull.wording.phrases import Phrase

MOST_POINTS = 100_000
SCALES = ("linear", "log")
GIVEN_AS = "design"


@dataclass(frozen=True, eq=False)
class SweepDesign:
    """Points (point, input) in the units of the inputs, each with a name; NaN leaves an input as the scenario has it.

    `simulations` is how many are run of each point, `seed` decides their draws; None leaves both as they are elsewhere.
    """

    inputs: tuple[VariedInput, ...]
    values: np.ndarray
    names: tuple[str, ...]
    simulations: int | None = None
    seed: int | None = None

    def __len__(self) -> int:
        return len(self.names)

    def settings(self, point: int) -> dict[VariedInput, float]:
        """What a point sets, input by input."""
        return dict(zip(self.inputs, map(float, self.values[point]), strict=True))

    def scenario(self, base: Scenario, point: int) -> Scenario:
        """The scenario of a point; raises ScenarioFaults that name it."""
        try:
            return with_values(base, self.settings(point))
        except ScenarioFaults as fault:
            where = Phrase("the point {name}", name=self.names[point])
            raise ScenarioFaults(
                Fault(where, None, each.what, each.allowed, each.did_you_mean, each.remedy) for each in fault.faults
            ) from None

    @property
    def digest(self) -> str:
        """SHA-256 of every point and its name."""
        said = repr((self.names, [each.label for each in self.inputs]))
        return hashlib.sha256(said.encode() + np.ascontiguousarray(self.values).tobytes()).hexdigest()


def grid(scenario: Scenario, levels: Mapping[str, Iterable[float]]) -> SweepDesign:
    """Every combination of the levels of some inputs (NAME or NAME@ROUTE), the last of which changes fastest.

    Raises:
        ScenarioFaults: with every fault: names there are not, levels outside their ranges, more points than allowed.
    """
    chosen = {label: [float(each) for each in given] for label, given in levels.items()}
    inputs = _inputs(scenario, chosen)
    return grid_of(inputs, list(chosen.values()))


def grid_of(inputs: Sequence[VariedInput], levels: Sequence[Sequence[float]]) -> SweepDesign:
    """The grid of inputs and levels that have been checked; raises ScenarioFaults where it has too many points."""
    check_count(int(np.prod([float(len(each)) for each in levels])))
    values = np.array(list(itertools.product(*levels)), dtype=float).reshape(-1, len(inputs))
    return SweepDesign(tuple(inputs), values, _names(inputs, values))


def latin_hypercube(
    scenario: Scenario, ranges: Mapping[str, tuple[float, float]], points: int, seed: int = 1, log: Iterable[str] = ()
) -> SweepDesign:
    """So many points within the ranges of some inputs, each input spread evenly: one point in each of its strata.

    `log` names inputs that are spread evenly in their logarithm. The same seed gives the same points.

    Raises:
        ScenarioFaults: as `grid`, and for ranges whose ends are not in order.
    """
    inputs = _inputs(scenario, {label: [float(each) for each in ends] for label, ends in ranges.items()})
    for label, (low, high) in ranges.items():
        if not low < high or (label in log and low <= 0):
            raise ScenarioFaults([Fault(GIVEN_AS, None, Phrase("{label}: this is no range", label=label))])
    scales = ["log" if each.label in log else "linear" for each in inputs]
    return hypercube_of(inputs, list(ranges.values()), scales, points, seed)


def hypercube_of(
    inputs: Sequence[VariedInput],
    ranges: Sequence[tuple[float, float]],
    scales: Sequence[str],
    points: int,
    seed: int,
) -> SweepDesign:
    """The hypercube of inputs and ranges that have been checked."""
    check_count(points)
    shares = qmc.LatinHypercube(len(inputs), rng=np.random.default_rng(seed)).random(points)
    columns = [at_share(share, *ends, scale) for share, ends, scale in zip(shares.T, ranges, scales, strict=True)]
    values = np.stack(columns, axis=1)
    return SweepDesign(tuple(inputs), values, _names(inputs, values), seed=seed)


def at_share(share: np.ndarray, low: float, high: float, scale: str = "linear") -> np.ndarray:
    """Values at shares from 0 to 1 of the way from low to high, both of which are met exactly."""
    way = low + share * (high - low) if scale == "linear" else low * (high / low) ** share
    return np.where(share == 1, high, np.where(share == 0, low, np.clip(way, low, high)))


def listed(scenario: Scenario, points: Mapping[str, Mapping[str, float]]) -> SweepDesign:
    """Points by their names, each with what it sets; what a point does not name stays as the scenario has it.

    Raises:
        ScenarioFaults: with every fault: names there are not, values outside their ranges.
    """
    levels: dict[str, list[float]] = {}
    for point in points.values():
        for label, value in point.items():
            levels.setdefault(label, []).append(float(value))
    return listed_of(_inputs(scenario, levels), points)


def listed_of(inputs: Sequence[VariedInput], points: Mapping[str, Mapping[str, float]]) -> SweepDesign:
    """The list of points whose inputs and values have been checked."""
    check_count(len(points))
    values = [[float(point.get(each.label, np.nan)) for each in inputs] for point in points.values()]
    return SweepDesign(tuple(inputs), np.array(values).reshape(len(points), len(inputs)), tuple(points))


def check_count(points: int) -> None:
    """Raise ScenarioFaults for a design without points, or with more than a sweep runs."""
    if not 1 <= points <= MOST_POINTS:
        what = Phrase("the design has {count:,} points", count=points)
        allowed = Phrase("a whole number from {low} to {high}", low=1, high=MOST_POINTS)
        raise ScenarioFaults([Fault(GIVEN_AS, None, what, allowed)])


def _inputs(scenario: Scenario, levels: Mapping[str, Sequence[float]]) -> tuple[VariedInput, ...]:
    """The inputs of labels whose levels lie in their ranges; raises ScenarioFaults with every fault."""
    faults: list[Fault] = []
    inputs: list[VariedInput] = []
    for label, values in levels.items():
        try:
            inputs.append(varied_input(label, scenario.catalogue, scenario.corridor.members))
            for value in values:
                check_value(inputs[-1], value, scenario.catalogue)
        except Refused as refused:
            faults.append(refused.at(GIVEN_AS))
    try:
        check_apart(inputs)
    except Refused as refused:
        faults.append(refused.at(GIVEN_AS))
    if not levels or not all(levels.values()):
        faults.append(Fault(GIVEN_AS, None, Phrase("the design varies nothing")))
    if faults:
        raise ScenarioFaults(faults)
    return tuple(inputs)


def _names(inputs: Sequence[VariedInput], values: np.ndarray) -> tuple[str, ...]:
    """The settings of each point as its name."""
    labels = [each.label for each in inputs]
    return tuple(", ".join(f"{label}={value:.6g}" for label, value in zip(labels, row, strict=True)) for row in values)
