"""A corridor as it stands in its folder, as a scenario: without a scenario file, without any policy."""

from __future__ import annotations

import os
from pathlib import Path

from pushpull.scenario import loading
from pushpull.scenario.corridor import Corridor
from pushpull.scenario.scenario import Scenario


def scenario_in(folder: Path, catalogue=None) -> Scenario:
    """The corridor of a folder as a scenario; raises ScenarioFaults with every fault of its files."""
    cards = catalogue
    if cards is None:
        from pushpull.catalogue import catalogue as shipped

        cards = shipped()
    corridor = Corridor.read(folder, os.fspath(folder), cards)
    parts = loading.Parts(title=corridor.title, question=corridor.question, corridor=corridor)
    return loading.finish(Scenario, parts, [], cards, catalogue, None)
