"""A corridor as it stands in its folder, as a scenario: without a scenario file, without any policy."""

from __future__ import annotations

import os
from pathlib import Path

from . import document
from .corridor import Corridor
from .scenario import Scenario


def scenario_in(folder: Path, catalogue=None) -> Scenario:
    """The corridor of a folder as a scenario; raises ScenarioFaults with every fault of its files."""
    cards = catalogue
    if cards is None:
        from model.catalogue import catalogue as shipped

        cards = shipped()
    corridor = Corridor.read(folder, os.fspath(folder), cards)
    parts = document.Parts(title=corridor.title, question=corridor.question, corridor=corridor)
    return document.finish(Scenario, parts, [], cards, catalogue, None)
