"""What options do to people, by which way, and which assumptions would turn the answer. No words here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pushpull import Scenario
from pushpull.analysis.links import Trace
from pushpull.analysis.pathways import Path, alone, strongest_path
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.compared import Entry
from pushpull.dashboard.compute.indicators import HARMS, Change, at
from pushpull.dashboard.compute.judging.outcome_verdicts import OutcomeVerdict
from pushpull.dashboard.compute.runs import lent_run, outcome_run
from pushpull.engine.runs.task import RunBroke

TURNS = 0.01  # of the baseline: a change that is smaller on either side turns no answer


@dataclass(frozen=True)
class Harm:
    """The verdict on the harm to people that an option raises most or, where it `rises` none, lowers most; the lever
    that does most to it by itself, and the way it does."""

    verdict: OutcomeVerdict
    rises: bool
    lever: str | None = None
    path: Path | None = None


@dataclass(frozen=True)
class Turn:
    """An answer that is another under a rival formula of a contested assumption: the direction of an outcome under an
    option, or which option has least of a harm (`first` before, `then` under the rival)."""

    setting: str
    formula: str
    outcome: str
    first: Entry
    then: Entry
    before: Change
    after: Change

    @property
    def is_order(self) -> bool:
        """Whether another option comes first."""
        return self.first is not self.then


def change_of(scenario: Scenario, outcome: str, year: float) -> Change:
    """An outcome in a year beside the scenario's own baseline; raises RunBroke."""
    values = (outcome_run(each) for each in (scenario, scenario.baseline()))
    after, before = (at(result, result.total(outcome)[0], year) for result in values)
    return Change(catalogue().outcomes[outcome], after, before)


def harm_of(scenario: Scenario, verdicts: Mapping[str, OutcomeVerdict], year: float) -> Harm | None:
    """Which harm an option does most to, and by which way; None where none changes so that it is worth a verdict."""
    stated = [verdicts[name] for name in HARMS if verdicts[name].direction]
    if not stated:
        return None
    most = max(stated, key=lambda each: each.ratio)
    rises = most.direction > 0
    verdict = most if rises else min(stated, key=lambda each: each.ratio)
    lever = _lever_behind(scenario, verdict, year)
    return Harm(verdict, rises, lever, None if lever is None else _way(scenario, lever, verdict.outcome.id, year))


def _lever_behind(scenario: Scenario, verdict: OutcomeVerdict, year: float) -> str | None:
    """The lever that by itself does most in the direction of a verdict; None where none does."""
    effects = {}
    for name in scenario.policies:
        try:
            moved = change_of(alone(scenario, name), verdict.outcome.id, year)
        except RunBroke:
            continue
        effects[name] = moved.difference * verdict.direction
    most = max(effects, key=lambda name: effects[name], default=None)
    return most if most is not None and effects[most] > 0 else None


def _way(scenario: Scenario, lever: str, outcome: str, year: float) -> Path | None:
    moved, plain = alone(scenario, lever), scenario.baseline()
    return strongest_path(Trace(moved, lent_run(moved)), Trace(plain, lent_run(plain)), lever, outcome, year)


def turns_of(options: Sequence[Entry], outcomes: Sequence[str], year: float) -> Iterator[Turn]:
    """The answers that are others under a rival formula; an option that does not run under it is passed over."""
    known = catalogue().formulas
    stands = changes_under(options, None, outcomes, year)
    for setting, rivals in known.items():
        for formula in rivals:
            rival = changes_under(options, (setting, formula), outcomes, year)
            for outcome in outcomes:
                yield from _turns(setting, formula, outcome, stands, rival)


def rivals_of(options: Sequence[Entry]) -> int:
    """How many rival formulas there are to those in force."""
    return sum(len(rivals) - 1 for rivals in catalogue().formulas.values()) if options else 0


_Changes = dict[str, tuple[Entry, dict[str, Change]]]


def changes_under(
    options: Sequence[Entry], chosen: tuple[str, str] | None, outcomes: Sequence[str], year: float
) -> _Changes:
    """What every option does to every outcome, under a rival formula that is `chosen` or as things are set."""
    found: _Changes = {}
    for entry in options:
        scenario = entry.scenario if chosen is None else entry.scenario.with_changes(formulas=dict([chosen]))
        try:
            found[entry.key] = entry, {name: change_of(scenario, name, year) for name in outcomes}
        except RunBroke:
            continue
    return found


def _turns(setting: str, formula: str, outcome: str, stands: _Changes, rival: _Changes) -> Iterator[Turn]:
    both = [key for key in stands if key in rival]
    for key in both:
        entry, before, after = stands[key][0], stands[key][1][outcome], rival[key][1][outcome]
        if before.difference * after.difference < 0 and min(abs(before.ratio), abs(after.ratio)) >= TURNS:
            yield Turn(setting, formula, outcome, entry, entry, before, after)
    if outcome in HARMS and len(both) > 1:
        first, then = (min(both, key=lambda key: held[key][1][outcome].value) for held in (stands, rival))
        gaps = [held[one][1][outcome].value / held[other][1][outcome].value - 1
                for held, one, other in ((stands, then, first), (rival, first, then))
                if held[other][1][outcome].value > 0]  # fmt: skip
        if first != then and len(gaps) == 2 and min(gaps) >= TURNS:
            yield Turn(setting, formula, outcome, stands[first][0], stands[then][0],
                       stands[first][1][outcome], rival[then][1][outcome])  # fmt: skip
