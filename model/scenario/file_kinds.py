"""What a file is by the names in it, so that one in the place of another is told for what it is."""

from __future__ import annotations

from pushpull.files.faults import Fault
from pushpull.files.tree import Node
from pushpull.wording.phrases import Phrase

PLAN, EXPERIMENT, CHECKS = Phrase("a calibration plan"), Phrase("an experiment"), Phrase("a file of checks")
NUMBERS, CORRIDOR, PACKAGE, SCENARIO = (
    Phrase("the numbers of a fit"),
    Phrase("a corridor"),
    Phrase("a policy package"),
    Phrase("a scenario"),
)
STORY, WORKSHOP = Phrase("a story"), Phrase("the roles of a workshop")
DESIGN = Phrase("the design of a sweep")
_USE: dict[str, str] = {
    PLAN: Phrase("for `pushpull fit`, as calibration.yaml beside a corridor"),
    EXPERIMENT: Phrase("for `pushpull evidence`"),
    CHECKS: Phrase("for `pushpull check`"),
    NUMBERS: Phrase("beside a corridor, which reads them by itself"),
    CORRIDOR: Phrase("for --corridor, as corridors/ID/corridor.yaml"),
    PACKAGE: Phrase("laid over a scenario by --policy, or with_policy"),
    SCENARIO: Phrase("for `pushpull run`"),
    STORY: Phrase("for `pushpull story`"),
    WORKSHOP: Phrase("for `pushpull workshop`"),
    DESIGN: Phrase("for `pushpull sweep`, as --design"),
}


def kind_of_file(node: Node) -> str:
    """What a tree is, in words; nothing where its names do not say."""
    entries = node.value[0] if isinstance(node.value, list) and node.value else node
    names = set(entries.value) if entries.is_mapping else set()
    if "corridor" not in names and "describe" in names:
        return CHECKS
    if not node.is_mapping:
        return ""
    if "steps" in names and names & {"claim", "settings", "numbers"}:
        return STORY
    if {"roles", "seating"} <= names:
        return WORKSHOP
    if "design" in names and names & {"vary", "points"}:
        return DESIGN
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
    return Fault(
        shown,
        node.line,
        Phrase("this is {kind}, not {wanted}", kind=kind, wanted=wanted),
        allowed,
        remedy=Phrase("{kind} is {use}", kind=kind, use=_USE[kind]),
    )
