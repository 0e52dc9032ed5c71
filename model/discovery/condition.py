"""Which simulations are meant: those in which a target is met, or in which an outcome rises or falls by policy."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass

import numpy as np

from pushpull.analysis.engine_calls import Line
from pushpull.analysis.targets import Target, check_targets
from pushpull.engine.runs.result import nearest_time
from pushpull.files.faults import Fault, ScenarioFaults, quote
from pushpull.files.tree import scalar
from pushpull.scenario import Scenario

FORM = "OUTCOME[@ROUTE] rises in YEAR, or falls, or OUTCOME[@ROUTE]<=VALUE in YEAR, or >="
GIVEN_AS = "--where"
MATERIAL = 0.01  # of the outcome without the policy: a rise or fall by less is none; an assumption
_CHANGE = re.compile(
    r"\s*(?P<outcome>[^<>=@\s]+)\s*(?:@\s*(?P<route>\S+)\s*)?\s(?P<way>rises|falls)\s+in\s+(?P<year>\S+)\s*"
)


@dataclass(frozen=True)
class Condition:
    """Simulations in which `target` is met under the policy, or, where `way` is "rises" or "falls", those in which the
    policy moves the outcome that way by more than a hundredth; the target's value then says nothing."""

    target: Target
    way: str = ""

    @classmethod
    def parse(cls, text: str) -> Condition:
        """Read `OUTCOME rises in YEAR` or a target; raises ScenarioFaults where the text says something else."""
        match = _CHANGE.fullmatch(text)
        if match is None:
            if "<=" in text or ">=" in text:
                return cls(_target(text))
            raise ScenarioFaults([Fault(GIVEN_AS, None, f"{quote(text)} selects no simulations", FORM)])
        year = scalar(match["year"])
        if isinstance(year, bool) or not isinstance(year, (int, float)):
            message = f"{quote(text)}: the year {quote(match['year'])} is no number"
            raise ScenarioFaults([Fault(GIVEN_AS, None, message, FORM)])
        return cls(Target(match["outcome"], 0.0, float(year), route=match["route"] or ""), match["way"])

    def check(self, scenario: Scenario) -> None:
        """Raise ScenarioFaults where the scenario has no such outcome or route, or does not report the year."""
        try:
            check_targets([self.target], scenario.routes, max(scenario.start, scenario.policy_start), scenario.end)
        except ScenarioFaults as refused:
            raise ScenarioFaults(dataclasses.replace(each, file=GIVEN_AS) for each in refused.faults) from None

    @property
    def line(self) -> Line:
        return Line(self.target.outcome, self.target.route)

    def __str__(self) -> str:
        at = f"@{self.target.route}" if self.target.route else ""
        return f"{self.target.outcome}{at} {self.way} in {self.target.year:g}" if self.way else str(self.target)

    def chosen(self, time: np.ndarray, baseline: np.ndarray, policy: np.ndarray, policy_start: float) -> np.ndarray:
        """Of which simulations it is true, given the outcome over (time, simulation) without and with the policy."""
        if not self.way:
            return self.target.met(time, policy, policy_start)
        at = nearest_time(time, self.target.year)
        change, least = policy[at] - baseline[at], MATERIAL * np.abs(baseline[at])
        return (change if self.way == "rises" else -change) > least


def _target(text: str) -> Target:
    try:
        return Target.parse(text)
    except ScenarioFaults as refused:
        raise ScenarioFaults(dataclasses.replace(each, file=GIVEN_AS) for each in refused.faults) from None
