"""Why a lever that was moved moves little: which other limit holds, read off the run that is shown.

`LIMITS` says for each lever with a bottleneck in its equations which numbers of the run are compared. One that
`binds` holds whatever the outcomes do: what the lever adds beyond the other limit is not used. The others explain, and
are said only where no outcome on the cards changes materially. Where none holds and nothing changes, what changes
most is named. No words here: they stand in the locales, under the limit's key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.indicators import Change, changes, moment
from pushpull.dashboard.compute.judging import outcome_verdicts
from pushpull.dashboard.compute.judging.outcome_verdicts import OutcomeVerdict
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.state import levers
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import PEOPLE
from pushpull.engine.runs.result import Result
from pushpull.scenario import Scenario

LATER, LITTLE, NOTHING = "later", "little", "nothing"
CLEARLY = 0.9  # of one limit, below which another is said to hold: near it both do
FEW = 0.2  # of a whole


@dataclass(frozen=True)
class Idle:
    """Why a lever moves little: the key of its sentence, and the numbers in it, each with its unit. Where nothing but
    the largest change is known, `outcome` names it and `ratio` says by how much of itself it changes."""

    key: str
    year: float
    numbers: Mapping[str, tuple[float, str]] = field(default_factory=dict)
    outcome: str = ""
    ratio: float = 0.0


@dataclass(frozen=True)
class Reading:
    """One year of a run: variables in all, levers and parameters."""

    scenario: Scenario
    result: Result
    year: float

    def __call__(self, name: str) -> float:
        if name in catalogue().parameters:
            members = self.scenario.corridor.members["population"]
            return float(self.scenario.resolve_parameters((name,), members).flat[0])
        return float(self.result.total(name)[0][self._moment])

    def spread(self, name: str) -> float:
        """By how much a lever set by route differs between its routes."""
        values = self.result.by_route(name)[0][self._moment]
        return float(values.max() - values.min())

    @property
    def _moment(self) -> int:
        return moment(self.result.time, self.year)


Figures = dict[str, tuple[float, str]]


@dataclass(frozen=True)
class Limit:
    """`read` gives the numbers of a sentence and whether the limit holds."""

    key: str
    read: Callable[[Reading], tuple[Figures, bool]]
    binds: bool = True


def _courts(run: Reading) -> tuple[Figures, bool]:
    capacity, cases = run("court_capacity"), run("cases_charged")
    return {"capacity": (capacity, "case/year"), "cases": (cases, "case/year")}, cases < CLEARLY * capacity


def _courts_are_full(run: Reading) -> tuple[Figures, bool]:
    numbers, _ = _courts(run)
    return numbers, numbers["capacity"][0] < CLEARLY * numbers["cases"][0]


def _need(run: Reading) -> tuple[Figures, bool]:
    places, ready = run("resettlement_places"), run("resettlement_ready")
    return {"places": (places, "person/year"), "ready": (ready, "person/year")}, ready < CLEARLY * places


def _applications(run: Reading) -> tuple[Figures, bool]:
    jobs, ready = run("matched_slots") * run("legal_hiring"), run("applications_ready")
    return {"jobs": (jobs, "person/year"), "ready": (ready, "person/year")}, ready < CLEARLY * jobs


def _ports(run: Reading) -> tuple[Figures, bool]:
    places, could = run("port_places"), run("protection_sought") * run("port_ceiling")
    return {"places": (places, "person/year"), "could": (could, "person/year")}, could < CLEARLY * places


def _staff_and_places(run: Reading) -> tuple[float, float]:
    staff = run("enforced_return") * run("inland_return_share")
    return staff, run("detention_capacity") * run("detention_places") / run("detention_time")


def _places_to_hold(run: Reading) -> tuple[Figures, bool]:
    staff, places = _staff_and_places(run)
    return {"staff": (staff, "person/year"), "places": (places, "person/year")}, places < CLEARLY * staff


def _staff_for_returns(run: Reading) -> tuple[Figures, bool]:
    staff, places = _staff_and_places(run)
    return {"staff": (staff, "person/year"), "places": (places, "person/year")}, staff < CLEARLY * places


def _return_cases(run: Reading) -> tuple[Figures, bool]:
    capacity, cases = run("returns_possible_inland") * run("readmission_factor"), run("returns_ready")
    return {"capacity": (capacity, "person/year"), "cases": (cases, "person/year")}, cases < CLEARLY * capacity


def _reached(run: Reading) -> tuple[Figures, bool]:
    places, reached = run("regularisation"), run("regularised")
    return {"places": (places, "person/year"), "reached": (reached, "person/year")}, reached < CLEARLY * places


def _convicted(run: Reading) -> tuple[Figures, bool]:
    convicted, smugglers = run("smuggler_convictions"), run("smugglers")
    return {"convicted": (convicted, "case/year"), "smugglers": (smugglers, "offender")}, convicted < smugglers


def _same_sentences(run: Reading) -> tuple[Figures, bool]:
    return {"sentence": (run("mean_sentence"), "year")}, run.spread("sentence_severity") == 0


def _legal_workers(run: Reading) -> tuple[Figures, bool]:
    odds = run("legal_odds")
    return {"odds": (odds, "1")}, odds < FEW


def _identified(run: Reading) -> tuple[Figures, bool]:
    identified, exploited = run("victims_identified"), run("people_exploited")
    numbers = {"identified": (identified, "person/year"), "exploited": (exploited, "person")}
    return numbers, identified < FEW * exploited


def _offices(run: Reading) -> tuple[Figures, bool]:
    ready, decided = run("decisions_ready"), run("asylum_decisions")
    return {"ready": (ready, "person/year"), "decided": (decided, "person/year")}, decided < CLEARLY * ready


LIMITS: Mapping[str, tuple[Limit, ...]] = {
    "court_capacity": (Limit("courts", _courts),),
    "smuggling_investigation": (Limit("courts_full", _courts_are_full),),
    "resettlement_places": (Limit("need", _need),),
    "legal_labour_slots": (Limit("applications", _applications),),
    "slot_demand_match": (Limit("applications", _applications),),
    "ports_of_entry_places": (Limit("ports", _ports),),
    "enforced_return": (Limit("places_to_hold", _places_to_hold), Limit("return_cases", _return_cases)),
    "detention_capacity": (Limit("staff_for_returns", _staff_for_returns, binds=False),),
    "readmission_cooperation": (Limit("return_cases", _return_cases),),
    "regularisation": (Limit("reached", _reached),),
    "sentence_severity": (Limit("convicted", _convicted, binds=False),),
    "penalty_harmonisation": (Limit("same_sentences", _same_sentences, binds=False),),
    "employer_sanctions": (Limit("legal_workers", _legal_workers, binds=False),),
    "victim_protection": (Limit("identified", _identified, binds=False),),
    "asylum_access": (Limit("offices", _offices, binds=False),),
}


def idle_levers(state: State, runs: Runs, verdicts: Mapping[str, OutcomeVerdict]) -> dict[str, Idle]:
    """The levers that are moved and move little in the year that is shown, and why; `verdicts` are those of the cards
    in that year."""
    moved = [name for name in state.scenario.policies if state.is_changed(name)]
    if not moved:
        return {}
    largest = _largest(state, runs, verdicts)
    run = Reading(state.scenario, runs.yours, state.year)
    found = {name: _why(state, name, run, largest) for name in moved}
    return {name: idle for name, idle in found.items() if idle is not None}


def _largest(state: State, runs: Runs, verdicts: Mapping[str, OutcomeVerdict]) -> Change | None:
    """Of the outcomes on the cards, that which changes most, where none changes materially; else None."""
    names = (*PEOPLE, *state.view.chosen)
    if any(verdicts[name].direction for name in names):
        return None
    found = changes(runs.yours, runs.baseline, state.year)
    shown = [found[name] for name in names]
    if any(outcome_verdicts.of_one_run(each).direction for each in shown):
        return None
    return max(shown, key=lambda each: abs(each.ratio) if each.baseline else 0.0)


def _why(state: State, name: str, run: Reading, largest: Change | None) -> Idle | None:
    begins = levers.first_year(state.scenario, state.today, name)
    if begins != float("inf") and begins >= state.year:
        return Idle(LATER, begins) if largest is not None else None
    for limit in LIMITS.get(name, ()):
        if limit.binds or largest is not None:
            numbers, holds = limit.read(run)
            if holds:
                return Idle(limit.key, state.year, numbers)
    if largest is None:
        return None
    if not largest.difference:
        return Idle(NOTHING, state.year)
    return Idle(LITTLE, state.year, outcome=largest.outcome.id, ratio=largest.ratio)
