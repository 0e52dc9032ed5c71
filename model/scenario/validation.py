"""Checking a file of any kind (scenario, policy package, corridor) and reading its heading."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pushpull.catalogue import Catalogue
from pushpull.catalogue import catalogue as shipped_catalogue
from pushpull.files.faults import Fault, ScenarioFaults
from pushpull.files.tree import Node, read_tree
from pushpull.scenario.changes import policy_entries
from pushpull.scenario.corridor_loading import corridor_in
from pushpull.scenario.draft import Draft, lay
from pushpull.scenario.interpreter import BUSIEST, Interpreter
from pushpull.scenario.library import (
    CORRIDOR_FILE,
    Refused,
    corridor_at,
    corridor_folders,
    find,
    policy_names,
    scenario_names,
)
from pushpull.scenario.migrations import Note, renewed
from pushpull.scenario.remarks import remarks
from pushpull.scenario.scenario import Scenario
from pushpull.wording.phrases import Phrase


@dataclass(frozen=True)
class Heading:
    """What a file says of itself."""

    kind: str
    title: str
    question: str


def check(path_or_name: str | os.PathLike, catalogue: Catalogue | None = None) -> list[Fault]:
    """Every fault of a scenario file, a policy package or a corridor file; an empty list when it is whole."""
    try:
        path, shown = find_any(path_or_name)
        node, faults = read_tree(path, shown)
        kind = kind_of(node, path)
        if kind == "scenario":
            Scenario.load(path_or_name, catalogue)
            return []
        if kind == "corridor":
            if path.name != CORRIDOR_FILE:
                message = Phrase("this is a corridor, which stands in a folder of its own")
                return [
                    Fault(
                        shown,
                        None,
                        message,
                        Phrase(
                            "corridors/ID/{corridor_file}, with ID the id that it gives", corridor_file=CORRIDOR_FILE
                        ),
                    )
                ]
            corridor_in(path.parent, os.path.dirname(shown) or ".", catalogue)
            return []
        return ScenarioFaults(
            [*faults, *_policy_faults(node, shown, path.parent, catalogue or shipped_catalogue())]
        ).faults
    except ScenarioFaults as faulty:
        return faulty.faults


def notes(path_or_name: str | os.PathLike) -> list[Note]:
    """What a whole file (scenario, policy package or corridor) says as an earlier version did, how it is read now, and
    what else its author may not expect, such as what never acts."""
    path, shown = find_any(path_or_name)
    node, _ = read_tree(path, shown)
    kind = kind_of(node, path)
    if kind == "scenario":
        scenario = Scenario.load(path_or_name)
        return [*scenario.notes, *remarks(scenario), *scenario.idle]
    if kind == "corridor":
        return list(corridor_in(path.parent, os.path.dirname(shown) or ".").remarks)
    return renewed(node, shown)[1]


def heading(path_or_name: str | os.PathLike) -> Heading:
    """The kind, title and question of a file; raises ScenarioFaults when it cannot be read."""
    path, shown = find_any(path_or_name)
    node, _ = read_tree(path, shown)
    texts = {}
    for key in ("title", "question"):
        child = node.value.get(key) if node.is_mapping else None
        texts[key] = child.value.strip() if child is not None and isinstance(child.value, str) else ""
    return Heading(kind_of(node, path), **texts)


def find_any(path_or_name: str | os.PathLike) -> tuple[Path, str]:
    """The file that a path, a name of a shipped scenario or policy package, or the id of a corridor means."""
    text = os.fspath(path_or_name)
    try:
        corridor = corridor_at(text) if text not in policy_names() else None
    except Refused as refused:
        raise ScenarioFaults([refused.at(text)]) from None
    if corridor is not None:
        return corridor[0] / CORRIDOR_FILE, os.path.join(corridor[1], CORRIDOR_FILE)
    is_policy = text in policy_names() and text not in scenario_names()
    return find(path_or_name, "policy" if is_policy else "scenario")


def kind_of(node: Node, path: Path) -> str:
    """Whether a tree is a scenario, a policy package or a corridor."""
    if node.is_mapping and "kind" in node.value and "corridor" not in node.value:
        return "policy"
    if path.name == "corridor.yaml" or (node.is_mapping and "routes" in node.value):
        return "corridor"
    return "scenario"


def _policy_faults(node: Node, shown: str, folder: Path, catalogue: Catalogue) -> list[Fault]:
    """The faults of a package on its own: any corridor may take it, so any known route may stand in it."""
    faults: list[Fault] = []
    entries = policy_entries(renewed(node, shown)[0], shown, faults, catalogue)
    routes = _known_routes(folder)
    reader = Interpreter(shown, faults, catalogue, routes or None, busiest=BUSIEST)
    lay(Draft(), entries, reader)
    return faults


def _known_routes(folder: Path) -> tuple[str, ...]:
    """The routes of every corridor that is shipped, lies beside the package or is one's own."""
    routes: dict[str, None] = {}
    for path in corridor_folders(folder):
        shown = str(path / CORRIDOR_FILE)
        try:
            node, _ = read_tree(path / CORRIDOR_FILE, shown)
        except ScenarioFaults:
            continue
        given = node.value.get("routes") if node.is_mapping else None
        if given is not None and given.is_mapping:
            routes |= dict.fromkeys(key for key in given.value if isinstance(key, str))
    return tuple(routes)
