"""A story that is being written: plain values in the form of its file, read by the reader of files, each fault with the
entry that it is of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from pushpull.files.faults import Fault, ScenarioFaults
from pushpull.files.tree import DEEPEST, MOST_NODES, WRITABLE, Node, unwritable
from pushpull.stories.story import Story
from pushpull.stories.story_reader import StoryReader
from pushpull.wording.phrases import Phrase

EntryPath = tuple[str | int, ...]  # of an entry: names and places of items, from the whole story on
FILE = "story.yaml"
LACKS = "{what} lacks {key}"  # the fault of every reader for an entry that is not there
NOTHING_AFTER = "{what} asks and says nothing after it"


@dataclass(frozen=True)
class DraftFault:
    """A fault of a draft, and the entry that it is of; `is_missing` where nothing stands there yet."""

    place: EntryPath
    fault: Fault
    is_missing: bool = False


class DraftFaults(ValueError):
    """Every fault of a draft at once: `faults`, in the order of their entries."""

    def __init__(self, faults: list[DraftFault]):
        self.faults = faults
        super().__init__("\n".join(str(each.fault) for each in faults))


def draft_from_text(text: str) -> dict:
    """The plain values of a draft from JSON; raises ScenarioFaults where they are none, or too many or too deep."""
    try:
        draft = json.loads(text)
    except (ValueError, RecursionError):
        draft = None
    if not isinstance(draft, dict):
        raise ScenarioFaults([Fault(FILE, None, Phrase("the story is no mapping"))])
    _Numbered().node(draft, ())
    return draft


def story_of(draft: Mapping, name: str) -> Story:
    """The story that a draft makes, under an id; it may use only shipped corridors and packages. Raises DraftFaults."""
    planter = _Numbered()
    node = planter.node(draft, ())
    try:
        return StoryReader(FILE, [], None).story(node, name)
    except ScenarioFaults as found:
        raise DraftFaults([_placed(each, planter.places) for each in found.faults]) from None


def _placed(fault: Fault, places: list[EntryPath]) -> DraftFault:
    place = places[fault.line] if fault.line is not None and fault.file == FILE else ()
    what = fault.what
    if isinstance(what, Phrase) and what.template == LACKS:
        return DraftFault((*place, what.values["key"].values["text"]), fault, is_missing=True)
    if isinstance(what, Phrase) and what.template == NOTHING_AFTER:
        return DraftFault((*place, "after"), fault, is_missing=True)
    return DraftFault(place, fault)


class _Numbered:
    """Turns plain values into nodes whose line is the number of their entry, of which `places` has the place."""

    def __init__(self) -> None:
        self.places: list[EntryPath] = []

    def node(self, value: object, place: EntryPath) -> Node:
        """A value as a node; raises ScenarioFaults where it is more, or deeper, than a file may be."""
        number = len(self.places)
        self.places.append(place)
        if number > MOST_NODES:
            raise _refused(Phrase("there are too many entries"), Phrase("at most {most}", most=MOST_NODES))
        if len(place) > DEEPEST:
            raise _refused(Phrase("it is nested too deeply"), Phrase("at most {most} levels", most=DEEPEST))
        if isinstance(value, Mapping):
            lines: dict[object, int] = {}
            children: dict[object, Node] = {}
            for key, child in value.items():
                lines[key] = len(self.places)
                children[key] = self.node(child, (*place, key))
            return Node(children, number, lines)
        if isinstance(value, list):
            return Node([self.node(child, (*place, at)) for at, child in enumerate(value)], number)
        what = unwritable(value) if isinstance(value, str) else ""
        if what:
            raise _refused(Phrase("the text holds {what}", what=what), WRITABLE)
        return Node(value, number)


def _refused(what: str, allowed: str) -> ScenarioFaults:
    return ScenarioFaults([Fault(FILE, None, what, allowed)])
