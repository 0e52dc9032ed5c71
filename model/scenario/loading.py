"""Scenario files: found, read with all that they extend, and laid over each other."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pushpull.catalogue import Catalogue
from pushpull.files.faults import Fault, ScenarioFaults
from pushpull.files.tree import Node, decode, from_python, parse, read_tree
from pushpull.scenario.corridor import Corridor
from pushpull.scenario.corridor_loading import corridor_in
from pushpull.scenario.draft import Draft, lay
from pushpull.scenario.draft_checks import checked
from pushpull.scenario.file_kinds import SCENARIO, misplaced
from pushpull.scenario.interpreter import Interpreter
from pushpull.scenario.library import Refused, corridor_at, find, find_corridor, find_extended
from pushpull.scenario.migrations import EARLIER, SCHEMA_VERSION, classical, renewed
from pushpull.wording.phrases import Phrase

KEYS = (
    "schema_version",
    "title",
    "question",
    "corridor",
    "extends",
    "horizon",
    "policies",
    "context",
    "parameters",
    "formulas",
    "loops_off",
    "ensemble",
    "integration",
)
LONGEST_CHAIN = 16


@dataclass(frozen=True)
class Source:
    """A file that was read: its tree, its name for people, its folder.

    `homes` are the folders of corridors of one's own; None where they are looked for as always.
    """

    node: Node
    shown: str
    folder: Path | None
    path: Path | None = None
    homes: Iterable[Path] | None = None

    @property
    def shown_folder(self) -> str:
        """The folder's name for people."""
        return os.path.dirname(self.shown)


def load(path_or_name: str | os.PathLike, catalogue: Catalogue | None = None) -> Draft:
    """What a file or a shipped scenario says; a corridor stands for itself as it is today. Raises ScenarioFaults."""
    try:
        corridor = corridor_at(path_or_name)
    except Refused as refused:
        raise ScenarioFaults([refused.at(os.fspath(path_or_name))]) from None
    if corridor is not None:
        return of_corridor(corridor_in(*corridor, catalogue), catalogue)
    path, shown = find(path_or_name)
    return _whole(*read_source(path, shown), catalogue)


def of_corridor(corridor: Corridor, catalogue: Catalogue | None = None) -> Draft:
    """What a corridor is with nothing changed."""
    return checked(Draft(catalogue, corridor.title, corridor.question, corridor), [])


def load_text(text: str, name: str, catalogue: Catalogue | None = None, homes: Iterable[Path] | None = None) -> Draft:
    """What a YAML text says; it may extend only shipped scenarios."""
    node, faults = parse(decode(text.encode("utf-8", "surrogatepass"), name), name)
    return _whole(Source(node, name, None, homes=homes), faults, catalogue)


def load_mapping(
    mapping: Mapping, name: str, catalogue: Catalogue | None = None, homes: Iterable[Path] | None = None
) -> Draft:
    """What Python values in the form of a scenario file say."""
    return _whole(Source(from_python(mapping, name), name, None, homes=homes), [], catalogue)


def read_source(path: Path, shown: str) -> tuple[Source, list[Fault]]:
    """A file as a tree, and the faults that leave it readable."""
    node, faults = read_tree(path, shown)
    return Source(node, shown, path.parent, path), faults


def _whole(file: Source, faults: list[Fault], catalogue: Catalogue | None) -> Draft:
    """A file and what it extends, laid over each other from the last one on, and checked."""
    if file.node.is_mapping and "kind" in file.node.value:
        message = Phrase("this is a policy package; lay it over a scenario (--policy, or with_policy)")
        if file.node.value["kind"].value != "policy":
            message = Phrase("kind is {kind}", kind=file.node.value["kind"].kind())
        raise ScenarioFaults(
            [*faults, Fault(file.shown, file.node.line_of("kind"), message, Phrase("a scenario has no kind"))]
        )
    apart = misplaced(file.node, file.shown, SCENARIO, Phrase("a file with title and corridor"))
    if apart is not None:
        raise ScenarioFaults([*faults, apart])
    draft = Draft(catalogue, source_path=file.path)
    for each in reversed(_chain(file, faults)):
        _lay_file(draft, each, faults)
    return checked(draft, faults)


def _chain(file: Source, faults: list[Fault]) -> list[Source]:
    """The file, the one it extends, and so on; a cycle or a faulty file ends it."""
    chain = [file]
    seen = {file.path.resolve()} if file.path else set()
    while chain[-1].node.is_mapping and "extends" in chain[-1].node.value:
        last = chain[-1]
        if "corridor" in last.node.value:
            break
        target = last.node.value["extends"]
        line = last.node.line_of("extends")
        if not isinstance(target.value, str) or not target.value:
            faults.append(
                Fault(
                    last.shown,
                    line,
                    Phrase("extends is {kind}", kind=target.kind()),
                    Phrase("the name of a scenario file"),
                )
            )
            break
        try:
            path, shown = find_extended(target.value, last.folder, last.shown_folder)
            if path.resolve() in seen:
                steps = " > ".join([*(each.shown for each in chain), shown])
                faults.append(Fault(last.shown, line, Phrase("extends goes round in a circle: {steps}", steps=steps)))
                break
            if len(chain) >= LONGEST_CHAIN:
                faults.append(
                    Fault(
                        last.shown,
                        line,
                        Phrase("the chain of extends is too long"),
                        Phrase("{longest_chain} files", longest_chain=LONGEST_CHAIN),
                    )
                )
                break
            seen.add(path.resolve())
            below, its_faults = read_source(path, shown)
        except Refused as refused:
            faults.append(refused.at(last.shown, line))
            break
        except ScenarioFaults as unreadable:
            faults.extend(unreadable.faults)
            break
        chain.append(below)
        faults.extend(its_faults)
    return chain


def _lay_file(draft: Draft, file: Source, faults: list[Fault]) -> None:
    """Lay one file over what is known so far."""
    catalogue = draft.catalogue
    reader = Interpreter(file.shown, faults, catalogue, None)
    node, notes = renewed(file.node, file.shown, catalogue.parameters)
    draft.notes += notes
    needed = () if node.is_mapping and "extends" in node.value else ("title",)
    entries = reader.mapping(node, Phrase("the scenario"), KEYS, needed)
    reader.check_version(entries, node, SCHEMA_VERSION, EARLIER)
    if "corridor" in entries and "extends" in entries:
        reader.fault(entries["extends"].line, Phrase("both corridor and extends are given"), Phrase("one of the two"))
    elif "corridor" in entries:
        draft.corridor = _corridor(reader, entries["corridor"], file)
    elif "extends" not in entries and node.is_mapping:
        reader.fault(node.line, Phrase('the scenario lacks "corridor" (or "extends")'))
    lay(draft, entries, reader)
    draft.classical = classical(entries, file.node, file.shown) or draft.classical


def _corridor(reader: Interpreter, node: Node, file: Source) -> Corridor | None:
    """The corridor that a file names, or None after its faults."""
    name = reader.text(node, "corridor", 64)
    if name is None:
        return None
    try:
        folder, shown = find_corridor(name, file.folder, file.shown_folder, file.homes)
        return corridor_in(folder, shown, reader.catalogue)
    except Refused as refused:
        reader.faults.append(refused.at(file.shown, node.line))
    except ScenarioFaults as unreadable:
        reader.faults.extend(unreadable.faults)
    return None
