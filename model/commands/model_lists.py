"""The lists of what the model holds: levers, drivers, parameters, outcomes, loops, variables and formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pushpull import descriptions
from pushpull.commands import options, value_sources
from pushpull.wording.money import in_currency

if TYPE_CHECKING:
    from pushpull.engine.language.cards import Card
    from pushpull.scenario import Scenario


def levers(corridor: str) -> list[dict]:
    """Every lever with its value in force in the corridor, before any policy."""
    scenario = options.base_scenario(corridor)
    return [
        _card(scenario, card)
        | {"cost": card.cost, "unit_costs": descriptions.unit_costs(scenario, card), "rights": card.rights}
        for card in scenario.catalogue.levers.values()
    ]


def context(corridor: str) -> list[dict]:
    """Every context driver, likewise."""
    scenario = options.base_scenario(corridor)
    return [_card(scenario, card) for card in scenario.catalogue.context.values()]


def parameters(corridor: str) -> list[dict]:
    """Every parameter, likewise, with its distribution."""
    scenario = options.base_scenario(corridor)
    return [
        _card(scenario, card) | {"distribution": card.distribution, "default": card.value}
        for card in scenario.catalogue.parameters.values()
    ]


def _card(scenario: Scenario, card: Card) -> dict:
    return {
        "id": card.id,
        "title": card.title,
        "group": card.group,
        "unit": in_currency(card.unit, scenario.corridor.currency),
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


def outcomes(corridor: str) -> list[dict]:
    """Every outcome with its value today and its range over a run of the corridor without policy."""
    scenario = options.base_scenario(corridor)
    options.ready()
    from pushpull.simulation import run

    result = run(scenario)
    entries = []
    for outcome in scenario.catalogue.outcomes.values():
        total = result.total(outcome.id)[0]
        parts = descriptions.docstring_of(outcome.variable)
        entries.append(
            {
                "id": outcome.id,
                "title": outcome.title,
                "group": outcome.group,
                "unit": in_currency(outcome.unit, scenario.corridor.currency),
                "range": [float(total.min()), float(total.max())],
                **descriptions.today_of_variable(result, outcome.id, scenario.policy_start),
                "source": parts.source or "model",
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


def loops(corridor: str) -> list[dict]:
    """The named feedback loops, which are the same in every corridor."""
    del corridor  # loops are the same everywhere
    from pushpull.catalogue import catalogue

    whole = catalogue()
    return [
        {
            "id": loop.id,
            "title": loop.title,
            "group": descriptions.KINDS[loop.kind],
            "unit": "",
            "range": None,
            "today": None,
            "source": descriptions.docstring_of(whole.model.variables[loop.effect]).source or "model",
            "kind": loop.kind,
            "story": loop.story,
            "cause": loop.cause,
            "effect": loop.effect,
            "through": list(loop.through),
        }
        for loop in whole.loops.values()
    ]


def variables(corridor: str) -> list[dict]:
    """Every variable of the equations with its value today."""
    scenario = options.base_scenario(corridor)
    options.ready()
    from pushpull.simulation import run

    result = run(scenario)
    entries = []
    for variable in scenario.catalogue.model.variables.values():
        parts = descriptions.docstring_of(variable)
        entries.append(
            {
                "id": variable.name,
                "title": descriptions.title_of(scenario.catalogue, variable.name),
                "group": variable.sector,
                "unit": in_currency(variable.unit, scenario.corridor.currency),
                "range": None,
                **descriptions.today_of_variable(result, variable.name, scenario.policy_start),
                "source": parts.source or "model",
                "kind": variable.kind,
                "meaning": parts.meaning,
                "over": [index.name for index in variable.over],
                "setting": variable.setting,
                "outcome": variable.name in scenario.catalogue.outcomes,
                **_where(scenario),
            }
        )
    return entries


def formulas(corridor: str) -> list[dict]:
    """The rival formulas, which are the same in every corridor, with the equations each stands for."""
    del corridor  # formulas are the same everywhere
    from pushpull.catalogue import catalogue

    entries: dict[str, dict] = {}
    for variable in catalogue().model.variables.values():
        if not variable.setting:
            continue
        for index, each in enumerate(descriptions.equations(variable)):
            entry = {
                "id": each["formula"],
                "title": each["meaning"],
                "group": variable.setting + (" (default)" if index == 0 else ""),
                "unit": "",
                "range": None,
                "today": None,
                "source": each["source"] or "model",
                "setting": variable.setting,
                "default": index == 0,
                "equations": {},
            }
            entries.setdefault(each["formula"], entry)["equations"][variable.name] = each["equation"]
    return list(entries.values())
