"""Some levers as positions from 0 to 1 of their ranges, and what a package of positions is as a scenario."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from pushpull.files.faults import Fault, ScenarioFaults, listed, nearest, quote
from pushpull.scenario import Scenario

GIVEN_AS = "--levers"


@dataclass(frozen=True)
class LeverAxis:
    """A lever, of one route or origin by its name where `key` is given; else of all of them together.

    `today` holds a value for each key (one under None where the lever has none), in the lever's unit. `start` is where
    today lies in the range: of several keys, where their mean lies. From there each key goes the same part of its own
    way to an end of the range, so that what differs today goes on differing. `limits` are values within the range
    that a search keeps to.
    """

    name: str
    key: str | None
    low: float
    high: float
    unit: str
    today: Mapping[str | None, float] = field(hash=False)
    limits: tuple[float, float] | None = None

    @property
    def label(self) -> str:
        """The lever as a setting names it."""
        return self.name if self.key is None else f"{self.name}@{self.key}"

    @property
    def start(self) -> float:
        """The position of today."""
        return float((np.mean([*self.today.values()]) - self.low) / (self.high - self.low))

    @property
    def ends(self) -> tuple[float, float]:
        """The positions that a search keeps to."""
        if self.limits is None:
            return 0.0, 1.0
        low, high = ((each - self.low) / (self.high - self.low) for each in self.limits)
        return low, high

    def values(self, position: float) -> dict[str | None, float]:
        """What the lever is set to at a position, by key."""
        start = self.start
        if position == start:
            return dict(self.today)
        end, way = (self.high, 1 - start) if position > start else (self.low, start)
        part = abs(position - start) / way
        return {key: end if part >= 1 else today + part * (end - today) for key, today in self.today.items()}


@dataclass(frozen=True)
class LeverMove:
    """How far a package moves a lever: `before` and `after` in its unit (the mean where it has several keys), `part`
    of its range, with a sign."""

    label: str
    unit: str
    before: float
    after: float
    part: float


@dataclass(frozen=True)
class LeverSpace:
    """The packages that some levers can make of a scenario, each a point of positions in the order of `axes`."""

    scenario: Scenario
    axes: tuple[LeverAxis, ...]

    @classmethod
    def of(cls, scenario: Scenario, names: Iterable[str]) -> LeverSpace:
        """The space of levers NAME or NAME@ROUTE, each with =LOW:HIGH where it is to stay within limits of its own;
        raises ScenarioFaults with every fault at once."""
        faults: list[Fault] = []
        axes: list[LeverAxis] = []
        levers = scenario.catalogue.levers
        for text in names:
            label, _, within = text.partition("=")
            name, at, key = label.partition("@")
            if name not in levers:
                allowed = listed(levers, "a lever of `pushpull list levers`")
                faults.append(Fault(GIVEN_AS, None, f"there is no lever {quote(name)}", allowed, nearest(name, levers)))
                continue
            today = scenario.today(name)
            by_key: dict[str | None, float] = {None: today} if not isinstance(today, Mapping) else dict(today.items())
            if at and None in by_key:
                faults.append(Fault(GIVEN_AS, None, f"{name} is one value, so {quote(at + key)} says nothing", name))
            elif at and key not in by_key:
                keys = [str(each) for each in by_key]
                faults.append(Fault(GIVEN_AS, None, f"{name} has no {quote(key)}", listed(keys), nearest(key, keys)))
            elif any(name == axis.name and (not at or axis.key in (None, key)) for axis in axes):
                faults.append(Fault(GIVEN_AS, None, f"{quote(label)} stands twice", "each lever once"))
            else:
                card = levers[name]
                chosen: dict[str | None, float] = {key: by_key[key]} if at else by_key
                axis = LeverAxis(name, key if at else None, card.low, card.high, card.unit, chosen)
                limits = _limits(text, within, axis, faults) if "=" in text else None
                axes.append(replace(axis, limits=limits))
        if faults:
            raise ScenarioFaults(faults)
        return cls(scenario, tuple(axes))

    @property
    def start(self) -> np.ndarray:
        """Where every lever stands today."""
        return np.array([axis.start for axis in self.axes])

    @property
    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        """The lowest and the highest position that a search keeps to, lever by lever."""
        low, high = np.array([axis.ends for axis in self.axes]).reshape(-1, 2).T
        return low, high

    def change(self, position: np.ndarray) -> float:
        """How large a change is: the moves added up, each as a part of its lever's range (an L1 norm). It has no unit,
        counts no lever for more than another, and rather moves few levers than all of them a little."""
        return float(np.abs(position - self.start).sum())

    def at(self, position: np.ndarray) -> Scenario:
        """The scenario of a package, with levers at their positions from policy start on."""
        policies: dict[str, object] = {}
        for axis, place in zip(self.axes, map(float, position), strict=True):
            if place == axis.start:
                continue
            for key, value in axis.values(place).items():
                if key is None:
                    policies[axis.name] = value
                else:
                    own = policies.setdefault(axis.name, {})
                    assert isinstance(own, dict)
                    own[key] = value
        return self.scenario.with_changes({"policies": policies}) if policies else self.scenario

    def moves(self, position: np.ndarray) -> tuple[LeverMove, ...]:
        """What a package moves, the farthest first."""
        moves = [
            LeverMove(
                axis.label,
                axis.unit,
                float(np.mean([*axis.today.values()])),
                float(np.mean([*axis.values(place).values()])),
                place - axis.start,
            )
            for axis, place in zip(self.axes, map(float, position), strict=True)
            if place != axis.start
        ]
        return tuple(sorted(moves, key=lambda move: -abs(move.part)))

    def rounded(self, position: np.ndarray) -> np.ndarray:
        """The same with moves rounded away from today to whole hundredths of their ranges, within the limits."""
        start = self.start
        away = np.where(position > start, np.ceil(position * 100 - 1e-9), np.floor(position * 100 + 1e-9)) / 100
        return np.where(position == start, start, np.clip(away, *self.ends))


def _limits(text: str, within: str, axis: LeverAxis, faults: list[Fault]) -> tuple[float, float] | None:
    """Two numbers, LOW:HIGH, within the range and around today's value."""
    try:
        low, high = (float(each) for each in within.split(":"))
    except ValueError:
        faults.append(Fault(GIVEN_AS, None, f"{quote(text)} gives no two numbers", f"{axis.label}=LOW:HIGH"))
        return None
    today = axis.low + axis.start * (axis.high - axis.low)
    if not axis.low <= low <= today <= high <= axis.high or low == high:
        allowed = f"from {axis.low:g} to {axis.high:g}, with today's {today:g} between them"
        faults.append(Fault(GIVEN_AS, None, f"{quote(text)} lies elsewhere", allowed))
        return None
    return low, high


def lever_names(texts: Sequence[str]) -> tuple[str, ...]:
    """Names from texts, each a list parted by commas."""
    return tuple(name.strip() for text in texts for name in text.split(",") if name.strip())
