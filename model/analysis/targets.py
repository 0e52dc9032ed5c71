"""Targets: what a user wants an outcome to be, and in how many members it is so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from pushpull.catalogue import catalogue
from pushpull.engine.runs.result import nearest_time
from pushpull.files.faults import listed, nearest, quote
from pushpull.files.suggestions import number_meant, proposed, sized_number
from pushpull.files.tree import scalar
from pushpull.scenario import Fault, ScenarioFaults

FORM = "OUTCOME[@ROUTE]<=VALUE in YEAR, or >=, or by YEAR"
GIVEN_AS = "--target"
_TEXT = re.compile(
    r"\s*(?P<outcome>[^<>=@\s]+)\s*(?:@\s*(?P<route>[^<>=@\s]+)\s*)?(?P<side><=|>=)\s*(?P<value>[^@]*?)"
    r"\s*(?:(?:@\s*|\s(?P<when>in|by)\s+)(?P<year>[^\s@]+)\s*)?"
)


@dataclass(frozen=True)
class Target:
    """An outcome at most (or, with `above`, at least) a value in a year, or at some time `by` that year.

    `value` is in the outcome's unit, `year` a decimal year (2035.0 is 1 January), `route` empty for the total. "By"
    looks at every saved time from the policy start on.
    """

    outcome: str
    value: float
    year: float
    above: bool = False
    by: bool = False
    route: str = ""

    def __str__(self) -> str:
        at = f"@{self.route}" if self.route else ""
        side = ">=" if self.above else "<="
        return f"{self.outcome}{at}{side}{self.value:.12g} {'by' if self.by else 'in'} {self.year:g}"

    @classmethod
    def parse(cls, text: str, year: float | None = None) -> Target:
        """Read `OUTCOME[@ROUTE]<=VALUE in YEAR`; `by` for at any time until then, `@YEAR` for short.

        A target that names no year is of `year`, where one is given. A value may have its size behind it: 14bn.
        Raises ScenarioFaults where the text says something else; `check_targets` judges names and years.
        """
        match = _TEXT.fullmatch(text)
        if not match or not match["value"] or (match["year"] is None and year is None):
            raise ScenarioFaults([Fault(GIVEN_AS, None, f"{quote(text)} is no target", FORM)])
        numbers: dict[str, float] = {} if year is None else {"year": year}
        faults = []
        for word in ("value", "year"):
            text_of = match[word]
            if text_of is None:
                continue
            sized = sized_number(text_of) if word == "value" else None
            given = scalar(text_of) if sized is None else sized
            numbers[word] = np.nan
            if isinstance(given, (int, float)) and not isinstance(given, bool):
                numbers[word] = float(given)
            if not np.isfinite(numbers[word]):
                message = f"{quote(text)}: the {word} {quote(text_of)} is no number"
                faults.append(Fault(GIVEN_AS, None, message, FORM, remedy=proposed(number_meant(text_of))))
        if faults:
            raise ScenarioFaults(faults)
        above, by = match["side"] == ">=", match["when"] == "by"
        return cls(match["outcome"], numbers["value"], numbers["year"], above, by, match["route"] or "")

    def met(self, time: np.ndarray, values: np.ndarray, policy_start: float) -> np.ndarray:
        """In which members it is met, given the outcome over (time, member); a boolean for each."""
        last = nearest_time(time, self.year)
        first = min(int(np.searchsorted(time, policy_start - 1e-6)), last) if self.by else last
        looked_at = values[first : last + 1]
        return np.any(looked_at >= self.value if self.above else looked_at <= self.value, axis=0)


@dataclass(frozen=True)
class Chance:
    """In what share of the members a target is met, from 0 to 1, without and with the policy."""

    target: Target
    baseline: float
    policy: float


def read_targets(texts: Iterable[str | Target], year: float | None = None) -> tuple[Target, ...]:
    """Targets from their texts, of `year` where they name none; raises ScenarioFaults with every fault at once."""
    targets, faults = [], []
    for text in texts:
        try:
            targets.append(text if isinstance(text, Target) else Target.parse(text, year))
        except ScenarioFaults as raised:
            faults += raised.faults
    if faults:
        raise ScenarioFaults(faults)
    return tuple(targets)


def check_targets(targets: Sequence[Target], routes: Sequence[str], start: float, end: float) -> None:
    """Raise ScenarioFaults for targets of no outcome, of no route, or in a year that is not reported."""
    outcomes, faults = catalogue().outcomes, []
    for target in targets:
        if target.outcome not in outcomes:
            message, names = f"there is no outcome {quote(target.outcome)}", list(outcomes)
            allowed = listed(names, "an outcome of `pushpull list outcomes`")
            faults.append(Fault(GIVEN_AS, None, message, allowed, nearest(target.outcome, names)))
        elif target.route and not outcomes[target.outcome].variable.routed:
            message = f"{target.outcome} has no routes, so {quote('@' + target.route)} says nothing"
            faults.append(Fault(GIVEN_AS, None, message, str(Target(target.outcome, target.value, target.year))))
        elif target.route and target.route not in routes:
            message = f"{target.outcome}: there is no route {quote(target.route)}"
            faults.append(Fault(GIVEN_AS, None, message, listed(routes), nearest(target.route, routes)))
        elif not target.route and outcomes[target.outcome].adds_up_to_one:
            message = f"{target.outcome} adds up to one, so its total says nothing"
            faults.append(Fault(GIVEN_AS, None, message, f"{target.outcome}@ROUTE with one of {listed(routes)}"))
        if not start <= target.year <= end:
            message = f"{quote(str(target))}: the year is not reported"
            faults.append(Fault(GIVEN_AS, None, message, f"a year from {start:g} to {end:g}"))
    if faults:
        raise ScenarioFaults(faults)
