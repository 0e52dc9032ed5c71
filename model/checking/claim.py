"""What every claim of a check has in common: what it is held against, and what comes of that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from pushpull.engine.runs.result import Result
from pushpull.scenario import Scenario


@dataclass(frozen=True)
class Finding:
    """Whether a claim holds, shape (member,), and in words where it is furthest from holding."""

    where: str
    holds: np.ndarray
    words: str


class Subject(Protocol):
    """What a claim is held against: one scenario of a check, with the others at hand by name."""

    @property
    def scenario(self) -> Scenario:
        """The scenario looked at."""

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes the check looks at."""

    def result(self, scenario: Scenario | None = None) -> Result:
        """The run, or the ensemble, of a scenario; of this one if none is given."""

    def single_runs(self, scenarios: Sequence[Scenario]) -> list[Result]:
        """One run of each scenario with the outcomes of the check, whatever it says of ensembles."""

    def named(self, name: str) -> Scenario:
        """A scenario of the check by its name; "default" is the corridor as it is."""

    def steps_per_year(self, scenario: Scenario) -> int:
        """The number of steps a year that a scenario is run with."""


@dataclass(frozen=True)
class Predicate:
    """A claim. `every_scenario` is False where it looks at all scenarios of a check at once."""

    line: int | None = None
    every_scenario: ClassVar[bool] = True
    single_runs: ClassVar[bool] = False

    def judge(self, subject: Subject) -> Iterator[Finding]:
        """What the claim comes to, for each thing looked at."""
        raise NotImplementedError

    @property
    def names(self) -> tuple[str, ...]:
        """Outcomes the claim reads besides those of the check."""
        return ()
