"""`pushpull explain`: one name, with its equation, its causes and effects, its source and its value today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pushpull import descriptions
from pushpull.commands import options, value_sources
from pushpull.commands.console import CommandFault, given, number, print_json, print_table

if TYPE_CHECKING:
    from pushpull.catalogue import Catalogue
    from pushpull.engine.runs.result import Result
    from pushpull.scenario import Scenario


def explain(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="A variable, lever, context driver, parameter, loop or setting."),
    ],
    corridor: options.CorridorName = options.DEFAULT_CORRIDOR,
    json: options.AsJson = False,
) -> None:
    """Explain a name: equation, unit, causes, effects, source and value today."""
    from pushpull.catalogue import catalogue

    known = catalogue()
    kind = descriptions.kind_of(known, name)
    if kind is None:
        raise CommandFault(_unknown(name, descriptions.names(known)))
    scenario = options.base_scenario(corridor)
    found = {"id": name, "kind": kind, "title": descriptions.title_of(known, name), "corridor": scenario.corridor.id}
    found["illustrative"] = scenario.corridor.illustrative
    if kind == "setting":
        found |= _setting(known, name)
    else:
        options.ready()
        from pushpull.simulation import run

        result = run(scenario)
        found["year"] = float(min(scenario.policy_start, scenario.end))
        fields = {"loop": _loop, "lever": _card, "context": _card, "parameter": _card}.get(kind, _variable)
        found |= fields(known, scenario, result, name)
    if json:
        print_json(found)
    else:
        _show(found, scenario)


def _similar(name: str, names: list[str], count: int = 3) -> list[str]:
    """The names most like the one given: by spelling, else those that hold it as a word."""
    from difflib import get_close_matches

    wanted = name.strip().lower().replace("-", "_").replace(" ", "_")
    return get_close_matches(wanted, names, n=count) or [each for each in names if wanted in each][:count]


def _unknown(name: str, names: list[str]) -> str:
    near = _similar(name, names)
    hint = f"; did you mean {' or '.join(repr(each) for each in near)}?" if near else ""
    return f"explain: there is nothing called {name!r}{hint}".replace("'", '"')


def _variable(known: Catalogue, scenario: Scenario, result: Result, name: str) -> dict:
    variable = known.model.variables[name]
    told = descriptions.docstring_of(variable)
    formulas = descriptions.equations(variable)
    found = {
        "equation": formulas[0]["equation"],
        "unit": variable.unit,
        "indices": [index.name for index in variable.over],
        "sector": variable.sector,
        "meaning": told.meaning,
        **descriptions.today_of_variable(result, name, scenario.policy_start),
        "causes": [_named(known, scenario, result, cause) for cause in variable.arguments],
        "effects": _effects(known, scenario, result, name),
        "source": told.source,
        "references": descriptions.citations(" ".join(each["source"] for each in formulas), known.references),
        "loops": [loop.id for loop in known.loops.values() if name in (loop.cause, loop.effect, *loop.through)],
    }
    if variable.kind == "stock":
        found["initial"] = variable.declaration.initial
    if variable.setting:
        found["setting"], found["formulas"] = variable.setting, formulas
    if variable.declaration.boundary:
        found["boundary"] = variable.declaration.boundary
    if name in known.outcomes:
        outcome = known.outcomes[name]
        found |= {"better": outcome.better, "observed_as": outcome.observed_as, "outcome": True}
    return found


def _card(known: Catalogue, scenario: Scenario, result: Result, name: str) -> dict:
    card = known.model.cards[name]
    cited = f"{card.source} {scenario.corridor.notes.get(name, '')}"
    found = {
        "equation": None,
        "unit": card.unit,
        "indices": [card.over] if card.over else [],
        "group": card.group,
        "meaning": card.meaning,
        "range": [card.low, card.high],
        "default": card.value,
        **value_sources.in_force(scenario, card),
        "causes": [],
        "effects": _effects(known, scenario, result, name),
        **value_sources.origin(scenario, card),
        "card": {"source": card.source, "grade": card.grade, "value": card.value},
        "references": descriptions.citations(cited, known.references),
    }
    if card.kind == "lever":
        found |= {"range_reason": card.range_reason, "cost": card.cost, "rights": card.rights}
    if card.kind == "parameter":
        found["distribution"] = card.distribution
    else:
        from pushpull.scenario.schedules import MEANINGS

        found["forms"] = dict(MEANINGS)
    return found


def _loop(known: Catalogue, scenario: Scenario, result: Result, name: str) -> dict:
    loop = known.loops[name]
    passed = dict.fromkeys((loop.cause, loop.effect, *loop.through))
    told = descriptions.docstring_of(known.model.variables[loop.effect])
    return {
        "equation": None,
        "unit": "",
        "indices": [],
        "meaning": loop.story,
        "polarity": descriptions.KINDS[loop.kind],
        "cut": f"{loop.cause} -> {loop.effect}",
        "today": descriptions.KINDS[loop.kind],
        "causes": [_named(known, scenario, result, each) for each in passed],
        "effects": [],
        "source": told.source,
        "references": descriptions.citations(told.source, known.references),
    }


def _setting(known: Catalogue, name: str) -> dict:
    chosen = [variable for variable in known.model.variables.values() if variable.setting == name]
    words = ", ".join(variable.name for variable in chosen)
    return {
        "equation": None,
        "unit": "",
        "indices": [],
        "meaning": f"Rival formulas for {words}; the first is the default",
        "today": known.formulas[name][0],
        "formulas": [formula for variable in chosen for formula in descriptions.equations(variable)],
        "causes": [],
        "effects": [{"id": variable.name, "unit": variable.unit} for variable in chosen],
        "source": "",
        "references": [],
    }


def _effects(known: Catalogue, scenario: Scenario, result: Result, name: str) -> list[dict]:
    return [_named(known, scenario, result, effect) for effect in known.model.effects[name]]


def _named(known: Catalogue, scenario: Scenario, result: Result, name: str) -> dict:
    return {
        "id": name,
        "kind": descriptions.kind_of(known, name),
        "unit": descriptions.unit_of(known, name),
        **descriptions.today_of(scenario, result, name),
    }


def _show(found: dict, scenario: Scenario) -> None:
    print(f"{found['id']}: {found['title']}" + (" (an outcome)" if found.get("outcome") else ""))
    over = f", for every {' and '.join(found['indices'])}" if found["indices"] else ""
    print(f"  {found['kind']}" + (f", {found['unit']}{over}" if found["unit"] else ""))
    print(f"  {found['meaning']}")
    print()
    if "formulas" in found:
        print(f"formulas (setting {found.get('setting', found['id'])}; the first is the default)")
        for formula in found["formulas"]:
            print(f"  {formula['formula']}: {formula['equation']}")
            print(f"    {formula['meaning']} {formula['source']}")
    elif found["equation"]:
        print(f"  {found['equation']}")
    if "initial" in found:
        print(f"  at the start: {found['initial']}")
    for word in (
        "cut",
        "polarity",
        "range",
        "range_reason",
        "distribution",
        "cost",
        "rights",
        "note",
        "better",
    ):
        if word == "note" and "moved_from" in found:
            continue  # told with the value that it explains
        if found.get(word):
            value = found[word]
            text = f"{given(value[0])} to {given(value[1])}" if word == "range" else value
            print(f"  {word.replace('_', ' ')}: {text}")
    if "year" in found and isinstance(found["today"], float):
        illustrative = ", ILLUSTRATIVE" if scenario.corridor.illustrative else ""
        print(f"  {found['year']:g} in {found['corridor']}{illustrative}: {_today(found)}")
    if "forms" in found:
        print("  how it can be set over time:")
        for form, meaning in found["forms"].items():
            print(f"    {form}: {meaning}")
    for word in ("causes", "effects"):
        if found[word]:
            rows = [[each["id"], each.get("kind", ""), each["unit"], _today(each)] for each in found[word]]
            print_table([word, "kind", "unit", "today"], rows)
    print(f"source: {found['source'] or 'none named'}" + (f", grade {found['grade']}" if found.get("grade") else ""))
    moved = value_sources.told_of_move(found)
    if moved:
        print(f"  {moved}")
    if found.get("value_from", value_sources.CARD) != value_sources.CARD:
        card = found["card"]
        print(f"  without it, the card: {given(card['value'])}, source {card['source']}, grade {card['grade']}")
    for reference in found["references"]:
        print(f"  {reference['key']}: {reference['citation']} {reference.get('url', '')}")


def _today(found: dict) -> str:
    if "today" not in found:
        return ""
    amount = given if found.get("kind") in ("lever", "context", "parameter") else number
    text = amount(found["today"])
    for word in ("today_by_route", "today_by_population"):
        if len(set(found.get(word, {}).values())) > 1:
            text += " (" + ", ".join(f"{key} {amount(value)}" for key, value in found[word].items()) + ")"
    return text
