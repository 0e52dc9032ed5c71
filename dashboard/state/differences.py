"""What of a scenario differs from the plain one of its corridor, which is what a link holds, and back."""

from __future__ import annotations

import json

from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.state.links import permalink, salvage
from pushpull.dashboard.storage import corridors
from pushpull.dashboard.storage.corridors import Homes, refuse_markup
from pushpull.scenario import Scenario, ScenarioFaults


def differing(base: Scenario, scenario: Scenario) -> dict:
    """What of a scenario differs from the plain one; None where it does not have what that has."""
    plain, mapping = _plain(base.to_mapping()), _plain(scenario.to_mapping())
    differs = {key: value for key, value in mapping.items() if plain.get(key) != value}
    return differs | {key: None for key in plain if key not in mapping}


def base_of_link(name: object, own: object, homes: Homes) -> Scenario:
    """The plain scenario of the corridor that a link names; raises LinkFault, Refusal or ScenarioFaults."""
    if not isinstance(name, str):
        raise permalink.LinkFault("corridor")
    try:
        return corridors.plain(name, homes)
    except KeyError:
        if own is None:
            raise permalink.LinkFault("corridor") from None
        raise Refusal("own_corridor", name=name[:60]) from None


def salvaged(base: Scenario, homes: Homes, differs: object, kept: str = "") -> tuple[Scenario, list[salvage.LeftOut]]:
    """The scenario of what differs, as far as it is known here, and what is not; raises ScenarioFaults or LinkFault."""
    if not isinstance(differs, dict):
        raise permalink.LinkFault("no_scenario")
    return salvage.opened(lambda given: _scenario_of(base, given, homes), differs, base.routes, kept)


def salvaged_beside(base: Scenario, homes: Homes, kept: list) -> tuple[tuple[Scenario, ...], list[salvage.LeftOut]]:
    """The scenarios kept beside the page's that can be opened, and what was left out of them and among them."""
    beside, left_out = [], []
    for place, each in enumerate(kept, 1):
        title = each.get("title") if isinstance(each, dict) else None
        title = title if isinstance(title, str) and title.strip() else str(place)
        try:
            scenario, gone = salvaged(base, homes, each, title)
        except (permalink.LinkFault, ScenarioFaults):
            left_out.append(salvage.LeftOut("kept", title))
        else:
            beside.append(scenario)
            left_out += gone
    return tuple(beside), left_out


def _scenario_of(base: Scenario, differs: dict, homes: Homes) -> Scenario:
    """The scenario of what differs; raises ScenarioFaults or LinkFault."""
    mapping = {**_plain(base.to_mapping()), **differs}
    mapping = {key: value for key, value in mapping.items() if value is not None}
    places = () if corridors.is_shipped(base) else homes
    scenario = Scenario.from_mapping(mapping, "link", homes=places) if differs else base
    refuse_markup(scenario)
    if scenario.corridor != base.corridor:
        raise permalink.LinkFault("two_corridors")
    return scenario


def _plain(value: dict) -> dict:
    """The same values as JSON gives them back."""
    return json.loads(json.dumps(value))
