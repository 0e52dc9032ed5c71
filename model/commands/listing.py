"""`pushpull list`: what there is to move, to watch and to run."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from pushpull.commands import options, value_sources
from pushpull.commands.console import ILLUSTRATIVE, CommandFault, number, print_json, print_table, say
from pushpull.wording import describe

if TYPE_CHECKING:
    from pushpull.catalogue import Catalogue
    from pushpull.engine.language.cards import Card
    from pushpull.scenario import Scenario


class What(StrEnum):
    """The lists there are."""

    levers = "levers"
    outcomes = "outcomes"
    context = "context"
    parameters = "parameters"
    corridors = "corridors"
    scenarios = "scenarios"
    policies = "policies"
    loops = "loops"
    variables = "variables"
    formulas = "formulas"


UNVALUED = (What.corridors, What.scenarios, What.policies)


def list_(
    what: Annotated[str, typer.Argument(metavar="WHAT", help=f"One of {', '.join(each.value for each in What)}.")],
    corridor: options.CorridorName = options.DEFAULT_CORRIDOR,
    json: options.AsJson = False,
) -> None:
    """List levers, outcomes, context drivers, parameters, corridors, scenarios, policy packages, loops, variables or
    formulas.

    Values of today are those of the corridor at its policy start, before any policy.
    """
    chosen = _chosen(what)
    entries = LISTS[chosen](corridor)
    if json:
        print_json(entries)
        return
    if chosen not in UNVALUED and any(entry.get("illustrative") for entry in entries):
        print(ILLUSTRATIVE)
    columns = ["id", "title", "group", "unit", "today", "range", "source"]
    if chosen in (*UNVALUED, What.loops, What.formulas):  # these have no value
        columns = ["id", "title", "group", "source"]
    rows = [[_cell(column, entry[column]) for column in columns] for entry in entries]
    print_table(columns, rows, [columns.index("today")] if "today" in columns else [])


def _chosen(what: str) -> What:
    """The list of that name; raises CommandFault."""
    if what in What.__members__:
        return What(what)
    near = describe.nearest(what, What.__members__, count=1)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    raise CommandFault(f'list: there is no list "{what}"; allowed: {", ".join(What)}{hint}')


def _cell(column: str, value: object) -> str:
    if value is None:
        return "–"
    if column == "range":
        return f"{number(value[0])} to {number(value[1])}"
    return number(value) if isinstance(value, float) else str(value)


def _levers(corridor: str) -> list[dict]:
    known, scenario = _known(corridor)
    return [
        _card(scenario, card) | {name: getattr(card, name) for name in ("cost", "rights")}
        for card in known.levers.values()
    ]


def _context(corridor: str) -> list[dict]:
    known, scenario = _known(corridor)
    return [_card(scenario, card) for card in known.context.values()]


def _parameters(corridor: str) -> list[dict]:
    known, scenario = _known(corridor)
    return [
        _card(scenario, card) | {"distribution": card.distribution, "default": card.value}
        for card in known.parameters.values()
    ]


def _card(scenario: Scenario, card: Card) -> dict:
    return {
        "id": card.id,
        "title": card.title,
        "group": card.group,
        "unit": card.unit,
        "range": [card.low, card.high],
        **value_sources.in_force(scenario, card),
        **value_sources.origin(scenario, card),
        "card": {"source": card.source, "grade": card.grade, "value": card.value},
        "meaning": card.meaning,
        "over": card.over,
        "range_reason": card.range_reason,
        "set_here": card.id in _set_here(scenario),
        **_where(scenario),
    }


def _set_here(scenario: Scenario) -> set[str]:
    """The levers, drivers and parameters that the corridor's own file sets; the others are defaults."""
    corridor = scenario.corridor
    return {*corridor.policies, *corridor.context, *corridor.own_parameters}


def _where(scenario: Scenario) -> dict:
    return {"corridor": scenario.corridor.id, "illustrative": scenario.corridor.illustrative}


def _outcomes(corridor: str) -> list[dict]:
    known, scenario = _known(corridor)
    options.ready()
    from pushpull.simulation import run

    result = run(scenario)
    entries = []
    for outcome in known.outcomes.values():
        total = result.total(outcome.id)[0]
        told = describe.told(outcome.variable)
        entries.append(
            {
                "id": outcome.id,
                "title": outcome.title,
                "group": outcome.group,
                "unit": outcome.unit,
                "range": [float(total.min()), float(total.max())],
                **describe.today_of_variable(result, outcome.id, scenario.policy_start),
                "source": told.source or "model",
                "meaning": outcome.meaning,
                "over": "route" if outcome.variable.routed else None,
                "range_reason": f"Found from {scenario.start:g} to {scenario.end:g} with no policy",
                "better": outcome.better,
                "people": outcome.people,
                "recorded": outcome.recorded,
                "observed_as": outcome.observed_as,
                **_where(scenario),
            }
        )
    return entries


def _loops(corridor: str) -> list[dict]:
    del corridor  # loops are the same everywhere
    from pushpull.catalogue import catalogue

    known = catalogue()
    return [
        {
            "id": loop.id,
            "title": loop.title,
            "group": describe.KINDS[loop.kind],
            "unit": "",
            "range": None,
            "today": None,
            "source": describe.told(known.model.variables[loop.effect]).source or "model",
            "kind": loop.kind,
            "story": loop.story,
            "cause": loop.cause,
            "effect": loop.effect,
            "through": list(loop.through),
        }
        for loop in known.loops.values()
    ]


def _variables(corridor: str) -> list[dict]:
    known, scenario = _known(corridor)
    options.ready()
    from pushpull.simulation import run

    result = run(scenario)
    entries = []
    for variable in known.model.variables.values():
        told = describe.told(variable)
        entries.append(
            {
                "id": variable.name,
                "title": describe.title_of(known, variable.name),
                "group": variable.sector,
                "unit": variable.unit,
                "range": None,
                **describe.today_of_variable(result, variable.name, scenario.policy_start),
                "source": told.source or "model",
                "kind": variable.kind,
                "meaning": told.meaning,
                "over": [index.name for index in variable.over],
                "setting": variable.setting,
                "outcome": variable.name in known.outcomes,
                **_where(scenario),
            }
        )
    return entries


def _formulas(corridor: str) -> list[dict]:
    del corridor  # formulas are the same everywhere
    from pushpull.catalogue import catalogue

    entries: dict[str, dict] = {}
    for variable in catalogue().model.variables.values():
        for place, each in enumerate(describe.equations(variable) if variable.setting else ()):
            entry = {
                "id": each["formula"],
                "title": each["meaning"],
                "group": variable.setting + (" (default)" if place == 0 else ""),
                "unit": "",
                "range": None,
                "today": None,
                "source": each["source"] or "model",
                "setting": variable.setting,
                "default": place == 0,
                "equations": {},
            }
            entries.setdefault(each["formula"], entry)["equations"][variable.name] = each["equation"]
    return list(entries.values())


def _scenarios(corridor: str) -> list[dict]:
    del corridor  # every scenario says its own
    from pushpull.scenario import Scenario, scenario_names

    entries = []
    for name in scenario_names():
        scenario = Scenario.load(name)
        entries.append(
            {
                "id": name,
                "title": scenario.title,
                "group": scenario.corridor.id,
                "unit": "",
                "range": None,
                "today": None,
                "source": f"scenarios/{name}.yaml",
                "horizon": {year: getattr(scenario, year) for year in ("start", "end", "policy_start")},
                "question": scenario.question,
                "illustrative": scenario.corridor.illustrative,
                "routes": list(scenario.routes),
            }
        )
    return entries


def _corridors(corridor: str) -> list[dict]:
    del corridor  # every corridor says its own
    from pushpull.scenario import Corridor, ScenarioFaults
    from pushpull.scenario.library import corridor_names, corridors_in, own_homes

    entries, shipped = [], corridor_names()
    for name in [*shipped, *sorted({each for home in own_homes() for each in corridors_in(home)} - set(shipped))]:
        try:
            found = Corridor.load(name, homes=() if name in shipped else None)
        except ScenarioFaults as faults:
            say(str(faults).splitlines()[0])
            continue
        entries.append(
            {
                "id": name,
                "title": found.title,
                "group": "corridor" if name in shipped else "own corridor",
                "unit": "",
                "range": None,
                "today": None,
                "source": f"scenarios/corridors/{name}" if name in shipped else str(found.folder),
                "horizon": {year: getattr(found, year) for year in ("start", "end", "policy_start")},
                "question": found.question,
                "illustrative": found.illustrative,
                "routes": list(found.routes),
            }
        )
    return entries


def _policies(corridor: str) -> list[dict]:
    del corridor  # a package applies to any
    from pushpull.scenario import heading, policy_names

    entries = []
    for name in policy_names():
        found = heading(name)
        entries.append(
            {
                "id": name,
                "title": found.title,
                "group": "policy",
                "unit": "",
                "range": None,
                "today": None,
                "source": f"scenarios/policies/{name}.yaml",
                "question": found.question,
            }
        )
    return entries


def _known(corridor: str) -> tuple[Catalogue, Scenario]:
    from pushpull.catalogue import catalogue

    return catalogue(), options.base_scenario(corridor)


LISTS: dict[What, Callable[[str], list[dict]]] = {
    What.levers: _levers,
    What.outcomes: _outcomes,
    What.context: _context,
    What.parameters: _parameters,
    What.corridors: _corridors,
    What.scenarios: _scenarios,
    What.policies: _policies,
    What.loops: _loops,
    What.variables: _variables,
    What.formulas: _formulas,
}
