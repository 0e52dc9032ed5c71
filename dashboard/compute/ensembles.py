"""Ensembles behind the page: a policy and its baseline under the same draws, more simulations at each step."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields

import numpy as np

from pushpull import Scenario
from pushpull.analysis import Members, Paired, paired
from pushpull.dashboard.compute.indicators import shown_years
from pushpull.dashboard.limits import states_of
from pushpull.engine.runs.result import nearest_time
from pushpull.files.bounded_cache import MEGABYTE, Bounded

STAGES = (16, 32, 64, 128)
_LOCK = threading.Lock()


def size_when_grown(members: Members) -> int:
    """Bytes that members take once all simulations of a page are run."""
    return 8 * states_of(members.scenario) * len(members.lines) * STAGES[-1]


_BASELINES: Bounded[Members] = Bounded("simulations of baselines", 48 * MEGABYTE, size_when_grown)


def members_of(baseline: Scenario) -> Members:
    """The members of a baseline, shared by all sessions; those run once are kept."""
    with _LOCK:
        return _BASELINES.get_or_make(baseline.digest, lambda: Members(baseline))


def refining(scenario: Scenario, stop: threading.Event, most: int | None = None) -> Iterator[Paired]:
    """What 16 simulations say of a scenario against its baseline, then 32, and so on, or all of them at once where they
    are known; raises Stopped and RunBroke."""
    most = STAGES[-1] if most is None else most
    known = cached_ensemble(scenario)
    if known is not None and known.paired.members == most:
        yield known.paired
        return
    reference = members_of(scenario.baseline())
    policy = Members(scenario) if scenario.policies else reference
    years = tuple(map(float, shown_years(scenario)))
    for count in STAGES:
        if count <= most:
            found = paired(policy, reference, members=count, stop=stop)
            if count == STAGES[-1]:
                keep(scenario, _ensemble(found, policy, years))  # a comparison shows the same ranges
            yield found


def beside(scenario: Scenario, reference: Scenario, stop: threading.Event) -> Iterator[Paired]:
    """What 16 simulations say of a scenario without policy beside another, then as many as the overview takes; raises
    Stopped and RunBroke."""
    pair = (members_of(scenario.baseline()), members_of(reference.baseline()))
    for count in (STAGES[0], STAGES[-1]):
        yield paired(*pair, members=count, stop=stop)


@dataclass(frozen=True, eq=False)
class ScenarioEnsemble:
    """The simulations of one scenario: its ranges against its own baseline, and its members' values in some years.

    `values` holds for each outcome an array (year, member), the years being `years`.
    """

    paired: Paired
    years: tuple[float, ...]
    values: Mapping[str, np.ndarray]

    def at(self, outcome: str, year: float) -> np.ndarray:
        """The members' values of an outcome in the kept year nearest to one, shape (member,)."""
        index = nearest_time(np.array(self.years), year)
        return self.values[outcome][index]


MEMBERS = 32  # of each scenario of a comparison, at first


def size_of_ensemble(ensemble: ScenarioEnsemble) -> int:
    ranges = [each for pair in ensemble.paired.pairs.values() for each in (pair.baseline, pair.policy, pair.difference)]
    held = [*ensemble.values.values(), *(getattr(each, part.name) for each in ranges for part in fields(each))]
    return 2 * sum(each.nbytes for each in held if isinstance(each, np.ndarray))


_ENSEMBLES: Bounded[ScenarioEnsemble] = Bounded("simulations of scenarios", 48 * MEGABYTE, size_of_ensemble)


def cached_ensemble(scenario: Scenario) -> ScenarioEnsemble | None:
    """The simulations of a scenario if they have been run."""
    return _ENSEMBLES.get(scenario.digest)


def keep(scenario: Scenario, ensemble: ScenarioEnsemble) -> None:
    """Keep the simulations of a scenario for whoever shows it next."""
    _ENSEMBLES.put(scenario.digest, ensemble)


def is_complete(scenario: Scenario) -> bool:
    """Whether a comparison can say of a scenario what the overview says."""
    ensemble = cached_ensemble(scenario)
    return ensemble is not None and ensemble.paired.members >= STAGES[-1]


def ensembles_of(
    scenarios: Iterable[Scenario], years: tuple[float, ...], stop: threading.Event
) -> Iterator[ScenarioEnsemble]:
    """Few simulations of one scenario after the other, then as many as the overview takes, so that both come to the
    same verdicts; those known already come at once. Raises Stopped and RunBroke."""
    scenarios = tuple(scenarios)
    for members in (MEMBERS, STAGES[-1]):
        for scenario in scenarios:
            yield simulated(scenario, years, members, stop)


def simulated(scenario: Scenario, years: tuple[float, ...], members: int, stop: threading.Event) -> ScenarioEnsemble:
    """At least so many simulations of a scenario; those known already come at once. Raises Stopped and RunBroke."""
    ensemble = cached_ensemble(scenario)
    if ensemble is None or ensemble.years != years or ensemble.paired.members < members:
        reference = members_of(scenario.baseline())
        policy = Members(scenario) if scenario.policies else reference
        ensemble = _ensemble(paired(policy, reference, members=members, stop=stop), policy, years)
        keep(scenario, ensemble)
    return ensemble


def _ensemble(pairs: Paired, policy: Members, years: tuple[float, ...]) -> ScenarioEnsemble:
    places = [nearest_time(pairs.time, year) for year in years]
    values = {
        line.outcome: policy.values(line, pairs.members)[places].copy() for line in policy.lines if not line.route
    }
    return ScenarioEnsemble(pairs, years, values)
