"""Loops that are switched off: their cut link reads its cause as it stood at the policy start.

XMILE has no word for "as it stood then". A stock of its own takes over the cause in the one step that begins at the
policy start and keeps it, which steps by Euler's method do exactly. What the cause was just before a lever leaps at
that moment is worked out by copies of the equations between the lever and the cause.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from pushpull.exporting.expressions import Position, element, number
from pushpull.exporting.scalar_entries import ScenarioNumbers, VariableEntries, XmileEntry

if TYPE_CHECKING:
    from pushpull.scenario import Scenario

STEPS = "steps_per_year"


class NotExpressible(ValueError):
    """Something in a scenario that XMILE has no words for."""


@dataclass(frozen=True)
class Holding:
    """The links that are cut, as (cause, effect)."""

    numbers: ScenarioNumbers
    links: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, scenario: Scenario, numbers: ScenarioNumbers) -> Holding:
        """The cut links of a scenario that its formulas know; raise NotExpressible where they cannot be held."""
        cut = [numbers.model.loops[name] for name in scenario.loops_off]
        if cut and scenario.method != "euler":
            names = ", ".join(loop.id for loop in cut)
            raise NotExpressible(
                f"loops_off: {names}: XMILE can hold a link only in steps by Euler's method; "
                "write integration: {method: euler} into the scenario"
            )
        variables = numbers.model.variables
        read = [loop for loop in cut if loop.cause in numbers.chosen(variables[loop.effect]).arguments]
        happens = 0 <= numbers.policy_step < numbers.steps
        return cls(numbers, frozenset((loop.cause, loop.effect) for loop in read if happens))

    def called(self, cause: str, reader: str) -> str:
        """The name by which a reader knows a cause."""
        return f"{cause}_held" if (cause, reader) in self.links else cause

    def entries(self) -> Iterator[XmileEntry]:
        """What holds the causes, and the copies that tell how they stood before any lever leapt."""
        causes = dict.fromkeys(cause for cause, _ in sorted(self.links))
        if causes:
            yield XmileEntry("auxiliary", STEPS, "1/year", "Steps in a year.", str(self.numbers.steps_per_year))
        for cause in causes:
            for position in self._positions(cause):
                yield from self._held(cause, position)
        needed: dict[str, None] = {}
        for cause in causes:
            self._gather(cause, needed)
        copies = VariableEntries(self.numbers, self.numbers.writer(self._before))
        for name in needed:
            if name in self.numbers.model.variables:
                yield from copies.of(self.numbers.model.variables[name], f"{name}_before_policy")
            else:
                for position in self._positions(name):
                    yield self._input_before(name, position)

    def _positions(self, name: str) -> list[Position]:
        return self.numbers.writer().positions(self.numbers.model.over(name))

    def _held(self, cause: str, position: Position) -> Iterator[XmileEntry]:
        variable = self.numbers.model.variables[cause]
        over = self.numbers.model.over(cause)
        now, kept, keeping, held = (
            element(f"{cause}{ending}", over, position) for ending in ("", "_kept", "_keeping", "_held")
        )
        before = element(self._before(cause, ""), over, position)
        # Between two steps, so that it does not matter how a simulator rounds the time.
        first, last = (number(self.numbers.time(self.numbers.policy_step + half)) for half in (-0.5, 0.5))
        yield XmileEntry("stock", kept, variable.unit, f"{cause} as it stood at the policy start.", "0", (keeping,))
        moment = f"TIME > {first} AND TIME < {last}"
        taken = f"({before} - {kept}) * {STEPS}"
        meaning = f"Takes {cause} over in the step that begins at the policy start."
        yield XmileEntry("flow", keeping, f"{variable.unit}/year", meaning, f"IF {moment} THEN {taken} ELSE 0")
        later = f"(IF TIME < {last} THEN {before} ELSE {kept})"
        meaning = f"{cause} until the policy start, then as it stood there: the loop is switched off."
        yield XmileEntry("auxiliary", held, variable.unit, meaning, f"IF TIME < {first} THEN {now} ELSE {later}")

    def _before(self, cause: str, reader: str) -> str:
        del reader
        return f"{cause}_before_policy" if self._leaps(cause) else cause

    def _leaps(self, name: str) -> bool:
        """Whether a lever that leaps at the policy start moves this at once."""
        return name in self._leaping

    @cached_property
    def _leaping(self) -> set[str]:
        numbers = self.numbers
        model = numbers.model
        leaping = {
            name for name in model.inputs if any(self._leap(name, position) for position in self._positions(name))
        }
        for name in model.order:
            if leaping.intersection(numbers.chosen(model.variables[name]).arguments):
                leaping.add(name)
        return leaping

    def _input(self, name: str, position: Position) -> np.ndarray:
        return self.numbers.inputs[element(name, self.numbers.model.over(name), position)]

    def _leap(self, name: str, position: Position) -> bool:
        return self._value_before(name, position) != self._input(name, position)[self.numbers.policy_step, 0]

    def _value_before(self, name: str, position: Position) -> float:
        return float(self._input(name, position)[max(self.numbers.policy_step - 1, 0), 2])

    def _input_before(self, name: str, position: Position) -> XmileEntry:
        called = element(f"{name}_before_policy", self.numbers.model.over(name), position)
        unit = self.numbers.model.inputs[name].unit
        value = str(number(self._value_before(name, position)))
        return XmileEntry("auxiliary", called, unit, f"{name} just before the policy start.", value)

    def _gather(self, name: str, needed: dict[str, None]) -> None:
        """Add what must be copied to know `name` as it was before the levers leapt, causes first."""
        if not self._leaps(name) or name in needed:
            return
        if name in self.numbers.model.variables:
            for cause in self.numbers.chosen(self.numbers.model.variables[name]).arguments:
                self._gather(cause, needed)
        needed[name] = None
