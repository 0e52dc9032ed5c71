"""Runs that many moves and sessions ask for are made once and kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from pushpull import Result, Scenario, run
from pushpull.dashboard.compute import indicators
from pushpull.dashboard.limits import FEW_STEPS, steps_of
from pushpull.engine.runs.task import RunBroke
from pushpull.files.bounded_cache import MEGABYTE, Bounded


def size_of(result: Result) -> int:
    return sum(each.nbytes for each in result.kept.values())


MANY_PIECES = 4_000  # of the moves of a run, ten times those of an ordinary run: some 30 ms
_RUNS: Bounded[Result] = Bounded("runs", 48 * MEGABYTE, size_of)


@dataclass(frozen=True)
class Runs:
    """The runs that are shown: of the state, of the baseline in its context, and of things as they stand
    where the context is changed.

    Every session has a run of its own as `yours`, so that it keeps only what pages show throughout; `scenario` is what
    it is a run of.
    """

    yours: Result
    baseline: Result
    untouched: Result | None = None
    scenario: Scenario | None = None

    @property
    def are_long(self) -> bool:
        """Whether one of them had to be shortened so often that the next like it may keep everyone waiting."""
        return any(_is_long(each) for each in (self.yours, self.baseline, self.untouched) if each is not None)

    @cached_property
    def whole(self) -> Result:
        """Yours with every variable, run again when it is first asked for."""
        return self.yours if self.scenario is None else run(self.scenario)


def _is_long(result: Result) -> bool:
    """Whether the pieces its moves were cut into may be many: each costs as much as a move."""
    if result.halvings is None:
        raise ValueError("a result that was read from a file does not say what was shortened")
    return float((result.halvings.moves * 2.0**result.halvings.depth).sum()) > MANY_PIECES


def cached_run(scenario: Scenario) -> Result:
    """The run of a scenario that is asked for again and again: a baseline, a package; raises RunBroke."""
    return _RUNS.get_or_make(scenario.digest, lambda: run(scenario))


def outcome_run(scenario: Scenario) -> Result:
    """The same with the outcomes alone, of which many are held side by side; raises RunBroke."""
    whole = _RUNS.get(scenario.digest)
    if whole is not None:
        return whole
    return _RUNS.get_or_make(("outcomes", scenario.digest), lambda: run(scenario, keep=None))


def lent_run(scenario: Scenario) -> Result:
    """A kept run to work on: what it works out of its arrays, several times their size, goes with the work."""
    return replace(cached_run(scenario))


def are_few(scenarios: Iterable[Scenario]) -> bool:
    """Whether the outcomes of scenarios are known, but for so few steps that a page may wait for them."""
    missing = {each.digest: steps_of(each) for each in scenarios if not is_cached(each)}
    return sum(missing.values()) <= FEW_STEPS


def runs_well(scenario: Scenario) -> bool:
    """Whether a scenario runs; its outcomes are then known."""
    try:
        outcome_run(scenario)
    except RunBroke:
        return False
    return True


def is_cached(scenario: Scenario) -> bool:
    return any(_RUNS.get(key) is not None for key in (scenario.digest, ("outcomes", scenario.digest)))


def runs_of(scenario: Scenario) -> Runs:
    """The runs a page shows of a scenario; without a policy, yours is the baseline itself."""
    baseline = cached_run(scenario.baseline())
    plain = as_things_stand(scenario)
    untouched = None if plain is None else cached_run(plain)
    if not scenario.policies:
        return Runs(baseline, baseline, untouched)
    key = ("shown", scenario.digest)
    yours = _RUNS.get(key)
    if yours is None:
        yours = run(scenario, keep=indicators.variables_shown())
        if _is_long(yours):  # not to be made again by a step back, or by the page it was made beside
            _RUNS.get_or_make(key, lambda: yours)
    return Runs(yours, baseline, untouched, scenario)


def as_things_stand(scenario: Scenario) -> Scenario | None:
    """The scenario without policy and without any change of context; None where no context is changed."""
    if not scenario.context:
        return None
    return scenario.baseline().with_changes(context=dict.fromkeys(scenario.context))
