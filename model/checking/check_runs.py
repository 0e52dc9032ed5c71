"""Running checks: every scenario of a check once, every claim on it, and what falls short."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, cached_property

from cachetools import LRUCache

from pushpull.catalogue import Catalogue, catalogue
from pushpull.checking.claim import Finding, Predicate
from pushpull.checking.expansion import DEFAULT, base_of, scenarios_of
from pushpull.checking.grammar import Check, Ensemble
from pushpull.checking.quantities import parts_of
from pushpull.checking.structure import STRUCTURE
from pushpull.engine.runs.result import Result
from pushpull.engine.runs.task import RunBroke
from pushpull.engine.stepping.methods import STEPS_PER_YEAR
from pushpull.preparation import EVERYTHING
from pushpull.scenario import Scenario

VARIABLES_CACHED = 40_000  # of all results together: some sixty with every variable, or a thousand with the outcomes
RUN_AHEAD = 32
FAILURES_SHOWN = 12


class Laboratory:
    """Runs scenarios for checks, and caches the latest results in case they are asked for again."""

    def __init__(self, model_catalogue: Catalogue | None = None):
        self.catalogue = model_catalogue or catalogue()
        self._results: LRUCache[tuple, Result] = LRUCache(VARIABLES_CACHED, lambda result: len(result.kept))
        self._wanted = cache(self._with_outcomes)  # of hundreds of names, and asked for at each claim

    def result(
        self, scenario: Scenario, ensemble: Ensemble | None = None, names: tuple[str, ...] | None = ()
    ) -> Result:
        """A scenario's run, or an ensemble of it, that keeps the outcomes and `names`, or everything if None."""
        wanted = self._wanted(names)
        draws = (ensemble.members, ensemble.seed) if ensemble else ()
        key = (scenario.digest, draws, wanted)
        result = self._results.get(key)
        if result is None:
            if ensemble:
                result = self.run_many(scenario, ensemble, wanted)
            else:
                (result,) = self.run_each([scenario], wanted)
            self._results[key] = result
        return result

    def run_ahead(self, scenarios: Iterable[Scenario], names: tuple[str, ...] | None = ()) -> None:
        """Run scenarios side by side that `result` will be asked for; where one breaks, each is run when it is."""
        wanted = self._wanted(names)
        keys = {(scenario.digest, (), wanted): scenario for scenario in scenarios}
        new = {key: scenario for key, scenario in keys.items() if key not in self._results}
        with suppress(RunBroke):
            self._results.update(zip(new, self.run_each(list(new.values()), wanted), strict=True))

    def _with_outcomes(self, names: tuple[str, ...] | None) -> tuple[str, ...] | str:
        return EVERYTHING if names is None else tuple(sorted({*self.catalogue.outcomes, *names}))

    def run_each(self, scenarios: Sequence[Scenario], names: tuple[str, ...] | str) -> list[Result]:
        """One run of each scenario, in which `names` are kept."""
        from pushpull.simulation import run_each

        return run_each(scenarios, names)

    def run_many(self, scenario: Scenario, ensemble: Ensemble, names: tuple[str, ...] | str) -> Result:
        """An ensemble in which `names` are kept."""
        from pushpull.ensemble import run_ensemble

        return run_ensemble(scenario, ensemble.members, ensemble.seed, keep=names)

    def steps_per_year(self, scenario: Scenario) -> int:
        """The step a scenario is run with."""
        return scenario.steps_per_year or STEPS_PER_YEAR


@dataclass(frozen=True)
class CheckedScenario:
    """What a claim is held against: one scenario of a check, with the others at hand by name."""

    laboratory: Laboratory
    check: Check
    scenario: Scenario
    default: Scenario
    scenarios: dict[str, Scenario] = field(hash=False)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes the check looks at."""
        return self.check.outcomes

    def result(self, scenario: Scenario | None = None) -> Result:
        """The run of a scenario; of this one if none is given."""
        return self.laboratory.result(scenario or self.scenario, self.check.ensemble, self._read)

    def single_runs(self, scenarios: Sequence[Scenario]) -> list[Result]:
        """One run of each scenario with the outcomes of the check, whatever it says of ensembles."""
        return self.laboratory.run_each(scenarios, self._named)

    def run_ahead(self, scenarios: Iterable[Scenario]) -> None:
        """Run scenarios of the check side by side, of which `result` is soon asked."""
        self.laboratory.run_ahead(scenarios, self._read)

    @cached_property
    def _read(self) -> tuple[str, ...] | None:
        """The variables that claims of the check read; None where one of them reads all."""
        return None if any(predicate.single_runs for predicate in self.check.predicates) else self._named

    @cached_property
    def _named(self) -> tuple[str, ...]:
        """The variables that claims of the check name."""
        named = (*self.check.outcomes, *(name for predicate in self.check.predicates for name in predicate.names))
        names = dict.fromkeys(parts_of(name)["name"] for name in named)
        return tuple(name for name in names if name in self.laboratory.catalogue.model.variables)

    def named(self, name: str) -> Scenario:
        """A scenario of the check by its name; "default" is the corridor as it is."""
        return self.default if name == DEFAULT and name not in self.scenarios else self.scenarios[name]

    def steps_per_year(self, scenario: Scenario) -> int:
        """The step a scenario is run with."""
        return self.laboratory.steps_per_year(scenario)


@dataclass(frozen=True)
class CheckResult:
    """What became of a check: `failures` is empty where it holds."""

    check: Check
    failures: tuple[str, ...]
    findings: int
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether everything claimed holds."""
        return not self.failures

    def __str__(self) -> str:
        shown = list(self.failures[:FAILURES_SHOWN])
        if len(self.failures) > len(shown):
            shown.append(f"and {len(self.failures) - len(shown)} more")
        return "\n".join(
            [f"{self.check.file}:{self.check.line}: {self.check.title}", *(f"  {failure}" for failure in shown)]
        )


def judge(check: Check, laboratory: Laboratory | None = None) -> CheckResult:
    """Run a check; a claim that looked at nothing falls short too."""
    laboratory = laboratory or Laboratory()
    begun, failures, count, excused = time.perf_counter(), [], 0, set()
    for where, finding in _findings(check, laboratory):
        count += 1
        fault = _shortfall(check, where, finding)
        excuses = {name for name in (finding.where, where.partition(", ")[2]) if name in check.excepted}
        if fault and excuses:
            excused |= excuses
        elif fault:
            failures.append(fault)
    failures += [f"the exception {name!r} is no longer needed" for name in check.excepted if name not in excused]
    if not count:
        failures.append("nothing was looked at, so nothing holds")
    return CheckResult(check, tuple(failures), count, time.perf_counter() - begun)


def _shortfall(check: Check, where: str, finding: Finding) -> str | None:
    share = float(finding.holds.mean())
    wanted = check.ensemble.holds_in if check.ensemble else 1.0
    if share >= wanted:
        return None
    members = f" (holds in {share:.1%} of {len(finding.holds)} members, wanted {wanted:.0%})" if check.ensemble else ""
    return f"{where}: {finding.words}{members}"


def _findings(check: Check, laboratory: Laboratory) -> Iterator[tuple[str, Finding]]:
    for name in check.model:
        for finding in STRUCTURE[name](laboratory.catalogue):
            yield f"the model, {name}", finding
    if not check.predicates:
        return
    for corridor in check.corridors:
        default = base_of(corridor, check.years)
        scenarios = scenarios_of(check, corridor)
        together = [predicate for predicate in check.predicates if not predicate.every_scenario]
        alone = [predicate for predicate in check.predicates if predicate.every_scenario]
        for number, (label, scenario) in enumerate(scenarios.items() if alone else ()):
            subject = CheckedScenario(laboratory, check, scenario, default, scenarios)
            if number % RUN_AHEAD == 0 and not check.ensemble:
                subject.run_ahead(list(scenarios.values())[number : number + RUN_AHEAD])
            yield from _judged(alone, subject, f"{corridor}, {label}")
        subject = CheckedScenario(laboratory, check, default, default, scenarios)
        yield from _judged(together, subject, corridor)


def _judged(predicates: list[Predicate], subject: CheckedScenario, where: str) -> Iterator[tuple[str, Finding]]:
    import numpy as np

    try:
        for predicate in predicates:
            for finding in predicate.judge(subject):
                yield where, finding
    except RunBroke as fault:
        members = subject.check.ensemble.members if subject.check.ensemble else 1
        yield where, Finding("run", np.zeros(members, dtype=bool), f"the run broke: {fault}")
