"""A small catalogue and corridor, so that scenario files are tested without the model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from pushpull.engine.language.cards import Card

LEVERS = {
    "origin_job_creation": ("1/year", 0.0, 0.0, 0.02),
    "legal_labour_slots": ("person/year", 60_000.0, 0.0, 2_000_000.0),
    "resettlement_places": ("person/year", 4_000.0, 0.0, 500_000.0),
    "ports_of_entry_places": ("person/year", 0.0, 0.0, 2_000_000.0),
    "regularisation": ("person/year", 0.0, 0.0, 2_000_000.0),
    "border_control": ("1", 1.0, 0.0, 4.0),
    "smuggling_investigation": ("person", 800.0, 0.0, 20_000.0),
    "court_capacity": ("case/year", 6_000.0, 0.0, 60_000.0),
    "sentence_severity": ("year", 1.25, 0.0, 10.0),
    "enforced_return": ("person/year", 300_000.0, 0.0, 3_000_000.0),
    "detention_capacity": ("1", 1.0, 0.0, 4.0),
}
SHARES = """conflict_prevention governance_support environmental_adaptation seasonal_share slot_demand_match
information_campaigns detection_technology penalty_harmonisation justice_training employer_sanctions
voluntary_return_assistance readmission_cooperation return_publicity exceptional_case_screening asylum_access
victim_protection integration_support international_cooperation data_harmonisation political_leadership
border_consequences rescue_capacity transit_interception document_security"""
ROUTED = ("border_control", "sentence_severity", "reference_agents")
CONTEXT = {
    "conflict_intensity": ("1/year", 20.0, 0.0, 500.0),
    "origin_growth": ("1/year", 0.02, -0.5, 0.5),
    "labour_demand": ("1", 0.03, 0.0, 1.0),
}
PARAMETERS = {
    "fee_elasticity": ("1", 0.4, 0.0, 3.0),
    "fee_adjustment_time": ("year", 1.0, 0.1, 10.0),
    "reference_agents": ("person", 1_000.0, 1.0, 100_000.0),
}


@dataclass(frozen=True)
class FakeCatalogue:
    """What scenario files need to know of the model."""

    levers: dict
    context: dict
    parameters: dict
    formulas: dict
    loops: dict
    outcomes: dict


def card(name: str, kind: str, unit: str, value: float, low: float, high: float, **more) -> Card:
    """A card with made-up prose."""
    over = more.pop("over", "route" if name in ROUTED else None)
    return Card(name, kind, name, "made up", unit, value, low, high, "Made up.", "none", over=over, **more)


def fake_catalogue() -> FakeCatalogue:
    """Every lever of the design, a few context drivers and parameters."""
    levers = LEVERS | {name: ("1", 0.3, 0.0, 1.0) for name in SHARES.split()}
    parameters = {name: card(name, "parameter", *each) for name, each in PARAMETERS.items()}
    by_population = {"labour": 1.5, "protection": 0.5}
    told = dict(over="population", by_population=by_population)
    parameters["urge_to_leave"] = card("urge_to_leave", "parameter", "1", 1.0, 0.0, 5.0, **told)
    return FakeCatalogue(
        levers={name: card(name, "lever", *each) for name, each in levers.items()},
        context={name: card(name, "context", *each) for name, each in CONTEXT.items()},
        parameters=parameters,
        formulas={"development_response": ("hump", "decline"), "rescue_response": ("none", "pull")},
        loops={"network": object(), "debt": object(), "fee": object()},
        outcomes={name: SimpleNamespace(unit="event/year") for name in ("irregular_entries", "apprehensions_recorded")},
    )


CORRIDOR = """\
schema_version: 1
id: two_gates
title: Two gates
description: Made up for the tests.
illustrative: true
horizon: {start: 1990, end: 2045, policy_start: 2026}
routes:
  north: {title: North gate, note: The strict one, busiest: true}
  south: {title: South gate}
policies:
  border_control: {series: agents, divide_by: last}
  court_capacity: 5000
  enforced_return: {series: removals, scale: 1000}
  sentence_severity: {north: 2, south: 1.25}
  seasonal_share: {table: {1995: 0.1, 2005: 0.5}}
context:
  conflict_intensity: {series: homicide}
  origin_growth: {series: income, transform: growth}
parameters:
  reference_agents: {series: agents, at: last}
  fee_adjustment_time: 0.5
  urge_to_leave: {labour: 2, protection: 1}
recorded:
  apprehensions_recorded: [{series: apprehensions, title: Recorded at the border, scale: 2}]
notes: {court_capacity: A round number.}
"""

SERIES = """\
series,year,timing,time,route,value,unit,source,quality,note
agents,1992,fiscal_year_end,1992.75,north,500,person,made_up,A,
agents,2000,fiscal_year_end,2000.75,north,2000,person,made_up,A,
agents,1992,fiscal_year_end,1992.75,south,300,person,made_up,A,
agents,2000,fiscal_year_end,2000.75,south,600,person,made_up,A,
removals,1995,fiscal_year_mean,1995.25,,100,thousand persons a year,made_up,B,
removals,2010,fiscal_year_mean,2010.25,,400,thousand persons a year,made_up,B,
homicide,1990,calendar_year_mean,1990.5,,10,1/year,made_up+other,D,
homicide,2010,calendar_year_mean,2010.5,,30,1/year,made_up,D,
income,1990,calendar_year_mean,1990.5,,100,USD,made_up,A,
income,1995,calendar_year_mean,1995.5,,120,USD,made_up,A,
income,2000,calendar_year_mean,2000.5,,110,USD,made_up,A,
apprehensions,1991,fiscal_year_mean,1991.25,,1000,event/year,made_up,A,
apprehensions,1992,fiscal_year_mean,1992.25,,1100,event/year,made_up,A,
"""

SCENARIO = """\
schema_version: 4
title: Test
corridor: two_gates
"""


def write_corridor(folder: Path, corridor: str = CORRIDOR, series: str | None = SERIES) -> None:
    """Write the corridor of the tests beside the scenario files."""
    home = folder / "corridors" / "two_gates"
    home.mkdir(parents=True, exist_ok=True)
    (home / "corridor.yaml").write_text(corridor, encoding="utf-8")
    if series is not None:
        (home / "series.csv").write_text(series, encoding="utf-8")
