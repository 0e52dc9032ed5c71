"""What a comparison says of targets, and whether more draws would move it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pushpull.commands import console

if TYPE_CHECKING:
    from pushpull.analysis import Chance, Paired, Target
    from pushpull.comparison import Comparison
    from pushpull.engine.runs.result import Result
    from pushpull.scenario import Scenario


@dataclass(frozen=True)
class TargetChances:
    """By the label of each other: the chances of the targets, and of an ensemble how settled it is.

    `settling` lacks those that cannot be paired line by line: another corridor, other years.
    """

    members: int
    chances: Mapping[str, tuple[Chance, ...]]
    settling: Mapping[str, Paired]

    @classmethod
    def of(cls, comparison: Comparison, scenarios: Sequence[Scenario], targets: tuple[Target, ...]) -> TargetChances:
        """Judge every other of a comparison; `scenarios` are those compared, the reference first."""
        from pushpull.analysis.members import Members
        from pushpull.analysis.pairing import paired
        from pushpull.analysis.targets import Chance

        reference, members = scenarios[0], comparison.members
        shares = [
            [_share(target, scenario, result) for target in targets]
            for scenario, result in zip(scenarios, comparison.results, strict=True)
        ]
        chances, settling = {}, {}
        if members > 1:
            baseline = Members.of(reference, comparison.reference)
        for index, label in enumerate(comparison.labels[1:], start=1):
            chances[label] = tuple(map(Chance, targets, shares[0], shares[index]))
            other = scenarios[index]
            alike = reference.corridor.digest == other.corridor.digest and all(
                getattr(reference, word) == getattr(other, word)
                for word in ("start", "end", "steps_per_year", "save_every")
            )
            if members > 1 and alike:
                settling[label] = paired(Members.of(other, comparison.results[index]), baseline, members)
        return cls(members, chances, settling)

    def show(self, label: str) -> None:
        """A table of the targets, where there are any."""
        rows = [
            [str(chance.target), self._in_words(chance.baseline), self._in_words(chance.policy)]
            for chance in self.chances[label]
        ]
        if rows:
            title = "In what share of the draws targets are met" if self.members > 1 else "Targets"
            console.print_table(["target", "reference", "other"], rows, (1, 2), title=title)

    def _in_words(self, share: float) -> str:
        if self.members == 1:
            return "met" if share else "not met"
        return console.share(share)

    def as_json(self) -> dict:
        """The same for a program."""
        targets = [
            {
                "scenario": label,
                "target": str(chance.target),
                **dataclasses.asdict(chance.target),
                "chance_reference": chance.baseline,
                "chance": chance.policy,
            }
            for label, chances in self.chances.items()
            for chance in chances
        ]
        settling = [
            {"scenario": label, "settled": paired.settled, "message": paired.message}
            for label, paired in self.settling.items()
        ]
        return {"targets": targets, "settling": settling}


def _share(target: Target, scenario: Scenario, result: Result) -> float:
    """In what share of the members a target is met."""
    from pushpull.analysis.engine_calls import Line
    from pushpull.analysis.members import values_of

    values = values_of(result, Line(target.outcome, target.route)).T
    return float(target.met(result.time, values, scenario.policy_start).mean())
