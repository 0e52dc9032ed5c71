"""`pushpull explain`: one name, with its equation, its causes and effects, its source and its value today."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated

import typer

from pushpull import descriptions
from pushpull.commands import options, value_sources
from pushpull.commands.console import CommandFault, given, number, print_json, print_table
from pushpull.wording.money import in_currency, taken_at_par

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

    model_catalogue = catalogue()
    kind = descriptions.kind_of(model_catalogue, name)
    if kind is None:
        raise CommandFault(_unknown(name, descriptions.names(model_catalogue)))
    scenario = options.base_scenario(corridor)
    fields: dict[str, object] = {
        "id": name,
        "kind": kind,
        "title": descriptions.title_of(model_catalogue, name),
        "corridor": scenario.corridor.id,
    }
    fields["illustrative"] = scenario.corridor.illustrative
    if kind == "setting":
        fields |= setting_fields(model_catalogue, scenario, name)
    else:
        options.ready()
        from pushpull.simulation import run

        result = run(scenario)
        fields["year"] = float(min(scenario.policy_start, scenario.end))
        fields_of = {"loop": loop_fields, "lever": card_fields, "context": card_fields, "parameter": card_fields}.get(
            kind, variable_fields
        )
        fields |= fields_of(model_catalogue, scenario, result, name)
    if json:
        print_json(fields)
    else:
        _show(fields, scenario)


def _similar(name: str, names: list[str], count: int = 3) -> list[str]:
    """The names most like the one given: by spelling, else those that hold it as a word."""
    given = name.strip().lower().replace("-", "_").replace(" ", "_")
    return get_close_matches(given, names, n=count) or [each for each in names if given in each][:count]


def _unknown(name: str, names: list[str]) -> str:
    near = _similar(name, names)
    hint = f"; did you mean {' or '.join(repr(each) for each in near)}?" if near else ""
    return f"explain: there is nothing called {name!r}{hint}".replace("'", '"')


def variable_fields(catalogue: Catalogue, scenario: Scenario, result: Result, name: str) -> dict:
    """A variable: equation, meaning, causes, effects, source and value today."""
    variable = catalogue.model.variables[name]
    parts = descriptions.docstring_of(variable)
    formulas = descriptions.equations(variable)
    fields = {
        "equation": formulas[0]["equation"],
        "unit": in_currency(variable.unit, scenario.corridor.currency),
        "indices": [index.name for index in variable.over],
        "sector": variable.sector,
        "meaning": parts.meaning,
        **descriptions.today_of_variable(result, name, scenario.policy_start),
        "causes": [_named(catalogue, scenario, result, cause) for cause in variable.arguments],
        "effects": _effects(catalogue, scenario, result, name),
        "source": parts.source,
        "references": descriptions.citations(" ".join(each["source"] for each in formulas), catalogue.references),
        "loops": [loop.id for loop in catalogue.loops.values() if name in (loop.cause, loop.effect, *loop.through)],
    }
    if variable.kind == "stock":
        fields["initial"] = variable.declaration.initial
    if variable.setting:
        fields["setting"], fields["formulas"] = variable.setting, formulas
    if variable.declaration.boundary:
        fields["boundary"] = variable.declaration.boundary
    if name in catalogue.outcomes:
        outcome = catalogue.outcomes[name]
        fields |= {"better": outcome.better, "observed_as": outcome.observed_as, "outcome": True}
    return fields


def card_fields(catalogue: Catalogue, scenario: Scenario, result: Result, name: str) -> dict:
    """A lever, driver or parameter: range, value in force and where it comes from, effects and source."""
    card = catalogue.model.cards[name]
    cited = f"{card.source} {scenario.corridor.notes.get(name, '')}"
    fields = {
        "equation": None,
        "unit": in_currency(card.unit, scenario.corridor.currency),
        "indices": [card.over] if card.over else [],
        "group": card.group,
        "meaning": card.meaning,
        "range": [card.low, card.high],
        "default": card.value,
        **value_sources.in_force(scenario, card),
        "causes": [],
        "effects": _effects(catalogue, scenario, result, name),
        **value_sources.origin(scenario, card),
        "card": {"source": card.source, "grade": card.grade, "value": card.value},
        "references": descriptions.citations(cited, catalogue.references),
    }
    if card.kind == "lever":
        costs = descriptions.unit_costs(scenario, card)
        fields |= {"range_reason": card.range_reason, "cost": card.cost, "unit_costs": costs, "rights": card.rights}
    if card.kind == "parameter":
        fields["distribution"] = card.distribution
    else:
        from pushpull.scenario.schedules import MEANINGS

        fields["forms"] = dict(MEANINGS)
    return fields


def loop_fields(catalogue: Catalogue, scenario: Scenario, result: Result, name: str) -> dict:
    """A named feedback loop: polarity, where it is cut, and what it passes."""
    loop = catalogue.loops[name]
    passed = dict.fromkeys((loop.cause, loop.effect, *loop.through))
    parts = descriptions.docstring_of(catalogue.model.variables[loop.effect])
    return {
        "equation": None,
        "unit": "",
        "indices": [],
        "meaning": loop.story,
        "polarity": descriptions.KINDS[loop.kind],
        "cut": f"{loop.cause} -> {loop.effect}",
        "today": descriptions.KINDS[loop.kind],
        "causes": [_named(catalogue, scenario, result, each) for each in passed],
        "effects": [],
        "source": parts.source,
        "references": descriptions.citations(parts.source, catalogue.references),
    }


def setting_fields(catalogue: Catalogue, scenario: Scenario, name: str) -> dict:
    """A setting: its rival formulas, the default first, and the variables it decides."""
    chosen = [variable for variable in catalogue.model.variables.values() if variable.setting == name]
    words = ", ".join(variable.name for variable in chosen)
    return {
        "equation": None,
        "unit": "",
        "indices": [],
        "meaning": f"Rival formulas for {words}; the first is the default",
        "today": catalogue.formulas[name][0],
        "formulas": [formula for variable in chosen for formula in descriptions.equations(variable)],
        "causes": [],
        "effects": [
            {"id": variable.name, "unit": in_currency(variable.unit, scenario.corridor.currency)} for variable in chosen
        ],
        "source": "",
        "references": [],
    }


def _effects(catalogue: Catalogue, scenario: Scenario, result: Result, name: str) -> list[dict]:
    return [_named(catalogue, scenario, result, effect) for effect in catalogue.model.effects[name]]


def _named(catalogue: Catalogue, scenario: Scenario, result: Result, name: str) -> dict:
    return {
        "id": name,
        "kind": descriptions.kind_of(catalogue, name),
        "unit": in_currency(descriptions.unit_of(catalogue, name), scenario.corridor.currency),
        **descriptions.today_of(scenario, result, name),
    }


def _show(fields: dict, scenario: Scenario) -> None:
    print(f"{fields['id']}: {fields['title']}" + (" (an outcome)" if fields.get("outcome") else ""))
    over = f", for every {' and '.join(fields['indices'])}" if fields["indices"] else ""
    print(f"  {fields['kind']}" + (f", {fields['unit']}{over}" if fields["unit"] else ""))
    print(f"  {fields['meaning']}")
    print()
    if "formulas" in fields:
        print(f"formulas (setting {fields.get('setting', fields['id'])}; the first is the default)")
        for formula in fields["formulas"]:
            print(f"  {formula['formula']}: {formula['equation']}")
            print(f"    {formula['meaning']} {formula['source']}")
    elif fields["equation"]:
        print(f"  {fields['equation']}")
    if "initial" in fields:
        print(f"  at the start: {fields['initial']}")
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
        if word == "note" and "moved_from" in fields:
            continue  # shown with the value that it explains
        if fields.get(word):
            value = fields[word]
            text = f"{given(value[0])} to {given(value[1])}" if word == "range" else value
            print(f"  {word.replace('_', ' ')}: {text}")
    for each in fields.get("unit_costs", ()):
        par = f" ({taken_at_par(scenario.corridor.currency)})" if each["at_par"] else ""
        print(f"  unit cost: {each['id']} {_today(each)} {each['unit']}{par}; {each['source']}. {each['meaning']}")
    if "year" in fields and isinstance(fields["today"], float):
        illustrative = ", ILLUSTRATIVE" if scenario.corridor.illustrative else ""
        print(f"  {fields['year']:g} in {fields['corridor']}{illustrative}: {_today(fields)}")
    if "forms" in fields:
        print("  how it can be set over time:")
        for form, meaning in fields["forms"].items():
            print(f"    {form}: {meaning}")
    for word in ("causes", "effects"):
        if fields[word]:
            rows = [[each["id"], each.get("kind", ""), each["unit"], _today(each)] for each in fields[word]]
            print_table([word, "kind", "unit", "today"], rows)
    print(f"source: {fields['source'] or 'none named'}" + (f", grade {fields['grade']}" if fields.get("grade") else ""))
    moved = value_sources.move_in_words(fields)
    if moved:
        print(f"  {moved}")
    if fields.get("value_from", value_sources.CARD) != value_sources.CARD:
        card = fields["card"]
        print(f"  without it, the card: {given(card['value'])}, source {card['source']}, grade {card['grade']}")
    for reference in fields["references"]:
        print(f"  {reference['key']}: {reference['citation']} {reference.get('url', '')}")


def _today(fields: dict) -> str:
    if "today" not in fields:
        return ""
    amount = given if fields.get("kind") in ("lever", "context", "parameter") else number
    text = amount(fields["today"])
    for word in ("today_by_route", "today_by_population"):
        if len(set(fields.get(word, {}).values())) > 1:
            text += " (" + ", ".join(f"{key} {amount(value)}" for key, value in fields[word].items()) + ")"
    return text
