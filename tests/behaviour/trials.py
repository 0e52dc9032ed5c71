"""Experiments on a corridor: one run with the default parameters, or many with drawn ones, compared in pairs."""

from __future__ import annotations

from functools import cache

import numpy as np

from pushpull import Result, Scenario, run, run_ensemble
from pushpull.scenario import corridor_names

CORRIDORS = tuple(sorted(corridor_names()))
MEMBERS, MORE = 50, 200  # in every run of the tests, and in make audit
SEED = 20010721
LATER = 10  # years, until which returns are forgotten where there are none
VARIABLES = (
    "smuggler_fee", "apprehensions_recorded", "deaths_per_crossing", "irregular_entries", "voluntary_returns",
    "irregular_residents", "traffic", "route_share", "smuggled_migrants", "smuggler_convictions", "labour_departures",
    "protection_departures", "perceived_return_risk", "smuggling_recorded", "protection_gap", "deaths_in_transit",
    "people_exploited", "perceived_conviction_risk", "origin_livelihoods", "potential_labour_migrants",
)  # fmt: skip


def times(factor: float) -> dict:
    """A lever value as a multiple of today's."""
    return {"times_today": factor}


def experiments(scenario: Scenario) -> dict[str, dict]:
    """Changes to a corridor's base scenario, by name; those that need its busiest route name it."""
    busiest = scenario.corridor.busiest
    match_today = scenario.today("slot_demand_match")
    start = scenario.policy_start
    told_later = {start: 0, start + LATER: 0, start + LATER + 0.05: 1}
    common_law = {"penalty_harmonisation": 1, "international_cooperation": 1}
    slots = {"legal_labour_slots": times(2), "slot_demand_match": 0.8}
    enforcement = {
        "border_control": 1.25, "employer_sanctions": 0.2,
        "smuggling_investigation": times(1.25), "court_capacity": times(1.25),
    }  # fmt: skip
    returns = {"enforced_return": times(2), "readmission_cooperation": 1}
    policies = {
        "baseline": {},
        "border doubled": {"border_control": 2},
        "crackdown": {"border_control": {busiest: 3}},
        "common law": common_law,
        "crackdown under common law": {"border_control": {busiest: 3}, **common_law},
        "sentences doubled": {"sentence_severity": times(2)},
        "certainty doubled": {"smuggling_investigation": times(2.5), "court_capacity": times(2)},
        "courts full": {"court_capacity": times(0.1)},
        "arrests doubled, courts full": {"court_capacity": times(0.1), "smuggling_investigation": times(2)},
        "unmatched slots": {"legal_labour_slots": times(3), "slot_demand_match": match_today / 3},
        "matched slots": slots,
        "enforcement": enforcement,
        "matched slots with enforcement": {**slots, **enforcement},
        "jobs at origin": {"origin_job_creation": 0.01},
        "asylum access": {"asylum_access": 0.95},
        "places at ports": {"ports_of_entry_places": 100_000},
        "resettlement": {"resettlement_places": times(8)},
        "no returns": {"enforced_return": 0, "return_publicity": 0},
        "publicity without returns": {"enforced_return": 0, "return_publicity": {"table": told_later}},
        "returns": returns,
        "returns with publicity": {**returns, "return_publicity": 0.8},
        "common data": {"data_harmonisation": 1},
    }
    made = {name: {"policies": changes} for name, changes in policies.items()}
    made["conflict doubled"] = {"context": {"conflict_intensity": times(2)}}
    return made


class Trials:
    """A corridor's experiments, run on demand: for the default parameters, or for drawn ones."""

    def __init__(self, corridor: str, members: int):
        self.corridor, self.members = corridor, members
        # What the structure says: what it leaves over of the last years fades in the very years that are looked at, and
        # shocks to departures are no part of it.
        self.scenario = Scenario.load(corridor).with_changes(
            formulas={"left_over": "left_out"}, context={"departure_shocks": 1}
        )
        self.experiments = experiments(self.scenario)
        self.result = cache(self._run)

    @property
    def busiest(self) -> str:
        """The busiest route."""
        return self.scenario.corridor.busiest

    @property
    def others(self) -> list[str]:
        """The other routes."""
        return [route for route in self.scenario.routes if route != self.busiest]

    def _run(self, experiment: str) -> Result:
        scenario = self.scenario.with_changes(**self.experiments[experiment])
        if self.members == 1:
            return run(scenario)
        return run_ensemble(scenario, self.members, SEED, keep=VARIABLES)

    def value(self, experiment: str, name: str, years: float, route: str | None = None) -> np.ndarray:
        """A variable so many years after the policy start, one for each member."""
        result = self.result(experiment)
        return result.at(name, self.scenario.policy_start + years, route=route)

    def change(self, experiment: str, name: str, years: float, route: str | None = None, against="baseline"):
        """Relative change of a variable so many years after the policy start, one for each member."""
        reference = self.value(against, name, years, route)
        return self.value(experiment, name, years, route) / reference - 1


@cache
def trials(corridor: str, members: int) -> Trials:
    """The shared trials of a corridor."""
    return Trials(corridor, members)
