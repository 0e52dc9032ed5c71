"""What a doctor says of a corridor: missing numbers, levels out of balance, a first simulation, a next step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pushpull.calibration.plan import FILE as PLAN
from pushpull.calibration.plan import read_plan
from pushpull.engine.runs.result import Result
from pushpull.files.faults import ScenarioFaults
from pushpull.own_corridor.balance import Balance, balance
from pushpull.own_corridor.corridor_edits import SERIES
from pushpull.own_corridor.importance import importance
from pushpull.posterior import FILE as DRAWS
from pushpull.scenario import Corridor, RecordedSeries, Scenario
from pushpull.scenario.library import place_of
from pushpull.simulation import run
from pushpull.wording.money import in_currency
from pushpull.wording.phrases import Phrase

OF_FITS = (  # drivers that fits, draws of the future and rival formulas set, never a corridor
    *("unexplained_departures", "unexplained_court_decisions", "departure_shocks"),
    "policy_reaction_active",
)
OF_PEOPLE = ("irregular_entries", "deaths_in_transit", "irregular_residents")


@dataclass(frozen=True)
class Examination:
    """All that is found of a corridor.

    `placeholders` are the names it sets to a round number, `defaults` those it does not set though they are numbers of
    a place; each with how far a tenth more of it moves an outcome, the most important first. `sentences` tell what the
    first simulation shows, `next_step` what to do now.
    """

    corridor: Corridor
    placeholders: dict[str, float]
    defaults: dict[str, float]
    balance: Balance
    sentences: tuple[str, ...]
    next_step: str


def examine(scenario: Scenario) -> Examination:
    """Examine the corridor of a scenario, as its files say it; raises RunBroke where it does not run."""
    scenario = scenario.baseline()
    corridor = scenario.corridor
    defaults = defaults_of(scenario)
    moved = importance(scenario, [*corridor.placeholders, *defaults])
    found = balance(scenario)
    return Examination(
        corridor,
        {name: share for name, share in moved.items() if name in corridor.placeholders},
        {name: share for name, share in moved.items() if name not in corridor.placeholders},
        found,
        sentences(scenario, run(scenario)),
        next_step(scenario, found),
    )


def defaults_of(scenario: Scenario) -> list[str]:
    """The numbers of a place, levers and drivers that a corridor does not set."""
    corridor, known = scenario.corridor, scenario.catalogue
    fixed = [name for name, card in known.parameters.items() if card.distribution == "fixed"]
    given = {*corridor.own_parameters, *corridor.policies, *corridor.context}
    return [name for name in (*fixed, *known.levers, *known.context) if name not in (*given, *OF_FITS)]


def sentences(scenario: Scenario, result: Result) -> tuple[str, ...]:
    """Three sentences on a run: people first, then the ways, then the record."""
    return (_of_people(scenario, result), _of_ways(scenario, result), _of_record(scenario, result))


def _of_people(scenario: Scenario, result: Result) -> str:
    start, today = scenario.start, scenario.policy_start
    entries, deaths, residents = ([_at(result, name, year) for year in (start, today)] for name in OF_PEOPLE)
    return Phrase(
        "{today:g}: {deaths:,} people die on the way ({deaths_then:,} in {start:g}), {entries:,} come in irregularly "
        "({entries_then:,}), and {residents:,} live there without status ({residents_then:,})",
        today=today,
        start=start,
        deaths=deaths[1],
        deaths_then=deaths[0],
        entries=entries[1],
        entries_then=entries[0],
        residents=residents[1],
        residents_then=residents[0],
    )


def _of_ways(scenario: Scenario, result: Result) -> str:
    moment = result.moment(scenario.policy_start)
    by_route = result.by_route("crossing_attempts")[0, moment]
    fees = result.by_route("smuggler_fee")[0, moment]
    busiest, routes = int(np.argmax(by_route)), list(scenario.corridor.routes.values())
    return Phrase(
        "{share:.0f} in 100 attempts go by {route}, where a passage costs {fee:,} {currency}",
        share=100 * by_route[busiest] / max(by_route.sum(), 1e-9),
        route=routes[busiest].title,
        fee=_whole(fees[busiest]),
        currency=in_currency("USD", scenario.corridor.currency),
    )


def _of_record(scenario: Scenario, result: Result) -> str:
    found = [
        (name, title, times, values)
        for name, some in scenario.corridor.recorded.items()
        for title, times, values in _whole_records(some, len(scenario.corridor.routes))
    ]
    if not found:
        return Phrase("No record stands beside the run yet: name one under `recorded:` in corridor.yaml")
    name, title, times, values = max(found, key=lambda each: len(each[2]))
    inside = (times >= result.time[0]) & (times <= result.time[-1])
    if not inside.any():
        return Phrase("The record {title} lies outside the years of the run", title=title)
    run_then = np.interp(times[inside], result.time, result.total(name)[0])
    return Phrase(
        "Of {outcome} the run makes {ratio:.2f} times what the record {title} has, from {first:g} to {last:g}",
        outcome=name,
        ratio=float(run_then.sum() / max(values[inside].sum(), 1e-9)),
        title=title,
        first=float(np.floor(times[inside][0])),
        last=float(np.floor(times[inside][-1])),
    )


def _whole_records(some: list[RecordedSeries], routes: int) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """The title, times and values of each series of an outcome; one by route is added up where every route has one."""
    for title in dict.fromkeys(series.title for series in some):
        parts = [series for series in some if series.title == title and series.route is not None]
        yield from ((each.title, each.times, each.values) for each in some if each.title == title and not each.route)
        if len(parts) == routes:
            times = sorted(set.intersection(*(set(each.times.tolist()) for each in parts)))
            values = sum(np.interp(times, each.times, each.values) for each in parts)
            yield title, np.array(times), np.asarray(values)


def _at(result: Result, name: str, year: float) -> int:
    return _whole(float(result.total(name)[0, result.moment(year)]))


def _whole(value: float) -> int:
    """The number to three figures."""
    return round(float(f"{value:.3g}"))


def next_step(scenario: Scenario, found: Balance) -> str:
    """What to do now, in one line."""
    corridor, place = scenario.corridor, place_of(scenario.corridor.folder)
    if not corridor.source_lines and not _has_series(corridor):
        return Phrase("bring a first series in: `pushpull data import FILE --into {place} --series NAME --source KEY`",
                      place=place)  # fmt: skip
    if found.proposals:
        return Phrase(
            "write the proposed numbers into corridor.yaml, then `pushpull doctor {place}` again", place=place
        )
    if _is_plan_begun(scenario) is False:
        return Phrase("name the records of calibration.yaml under `series:`, so that there is something to fit to")
    if not (corridor.folder / DRAWS).exists() and _is_plan_begun(scenario):
        return Phrase("fit it to its record: `pushpull fit --corridor {place}`", place=place)
    if corridor.placeholders:
        return Phrase("look up the placeholders, from the top of the list, and strike out each that is yours")
    return Phrase("ask it something: `pushpull compare {place} balanced punitive --members 200`", place=place)


def _has_series(corridor: Corridor) -> bool:
    path = corridor.folder / SERIES
    return path.exists() and len(path.read_bytes().splitlines()) > 1


def _is_plan_begun(scenario: Scenario) -> bool | None:
    """Whether the plan names records; None where there is no plan, or it is at fault."""
    path = scenario.corridor.folder / PLAN
    if not path.exists():
        return None
    try:
        return bool(read_plan(scenario, may_be_empty=True).records)
    except ScenarioFaults:
        return None
