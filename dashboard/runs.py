"""Runs that many moves and sessions ask for are made once and kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property

from dashboard import views
from model import Result, Scenario, run

KEPT = 64
_RUNS: OrderedDict[str, Result] = OrderedDict()
_LOCK = threading.Lock()


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

    @cached_property
    def whole(self) -> Result:
        """Yours with every variable, run again when it is first asked for."""
        return self.yours if self.scenario is None else run(self.scenario)


def kept_run(scenario: Scenario) -> Result:
    """The run of a scenario that is asked for again and again: a baseline, a package; raises RunBroke."""
    with _LOCK:
        result = _RUNS.pop(scenario.digest, None)
    result = result or run(scenario)
    with _LOCK:
        _RUNS[scenario.digest] = result
        while len(_RUNS) > KEPT:
            _RUNS.popitem(last=False)
    return result


def runs_of(scenario: Scenario) -> Runs:
    """The runs a page shows of a scenario; without a policy, yours is the baseline itself."""
    baseline = kept_run(scenario.baseline())
    plain = as_things_stand(scenario)
    untouched = None if plain is None else kept_run(plain)
    if not scenario.policies:
        return Runs(baseline, baseline, untouched)
    return Runs(run(scenario, keep=views.variables_shown()), baseline, untouched, scenario)


def as_things_stand(scenario: Scenario) -> Scenario | None:
    """The scenario without policy and without any change of context; None where no context is changed."""
    if not scenario.context:
        return None
    return scenario.baseline().with_changes(context=dict.fromkeys(scenario.context))
