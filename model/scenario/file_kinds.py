"""What a file is by the names in it, so that one in the place of another is told for what it is."""

from __future__ import annotations

from pushpull.files.faults import Fault
from pushpull.files.tree import Node

PLAN, EXPERIMENT, CHECKS = "a calibration plan", "an experiment", "a file of checks"
NUMBERS, CORRIDOR, PACKAGE, SCENARIO = "the numbers of a fit", "a corridor", "a policy package", "a scenario"
STORY = "a story"
_USE = {
    PLAN: "for `pushpull fit`, as calibration.yaml beside a corridor",
    EXPERIMENT: "for `pushpull evidence`",
    CHECKS: "for `pushpull check`",
    NUMBERS: "beside a corridor, which reads them by itself",
    CORRIDOR: "for --corridor, as corridors/ID/corridor.yaml",
    PACKAGE: "laid over a scenario by --policy, or with_policy",
    SCENARIO: "for `pushpull run`",
    STORY: "for `pushpull story`",
}


def kind_of_file(node: Node) -> str:
    """What a tree is, in words; nothing where its names do not say."""
    entries = node.value[0] if isinstance(node.value, list) and node.value else node
    names = set(entries.value) if entries.is_mapping else set()
    if "corridor" not in names and "describe" in names:
        return CHECKS
    if not node.is_mapping:
        return ""
    if {"steps", "claim"} <= names:
        return STORY
    if {"until", "series"} <= names:
        return PLAN
    if {"published", "claim"} <= names:
        return EXPERIMENT
    if {"sha256", "parameters"} <= names:
        return NUMBERS
    if "kind" in names and "corridor" not in names:
        return PACKAGE
    if "routes" in names:
        return CORRIDOR
    return SCENARIO if names & {"corridor", "extends"} else ""


def misplaced(node: Node, shown: str, wanted: str, allowed: str) -> Fault | None:
    """The fault of a file that is plainly something else than what is wanted, with where it belongs."""
    kind = kind_of_file(node)
    if kind in ("", wanted):
        return None
    return Fault(shown, node.line, f"this is {kind}, not {wanted}", allowed, remedy=f"{kind} is {_USE[kind]}")
