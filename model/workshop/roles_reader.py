"""The file of a workshop's roles: read whole, with every fault at its line."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from pushpull.catalogue import catalogue
from pushpull.files.faults import ScenarioFaults, listed, quote
from pushpull.files.reader import Reader
from pushpull.files.tree import Node, decode, parse, read_tree
from pushpull.scenario.file_kinds import WORKSHOP, misplaced
from pushpull.scenario.library import shipped_folder
from pushpull.stories import placeholders
from pushpull.stories.story import SHARES
from pushpull.wording.bilingual import Bilingual
from pushpull.wording.phrases import Phrase
from pushpull.workshop.roles import OBSERVER, WAYS_TO_AIM, Aim, Merge, Role, Seating, Workshop

SCHEMA_VERSION = 1
KEYS = ("schema_version", "title", "budget_note", "observer", "seating", "left_out", "roles")
OBSERVER_KEYS = ("title", "brief", "answers_for", "words_only")
ROLE_KEYS = ("title", "brief", "answers_for", "aims", "levers", "budget_share", "words_only")
NEEDED = ("title", "brief", "answers_for", "aims")
AIM_KEYS = ("outcome", "direction")
SEATING_KEYS = ("presenter", "merges")
MERGE_KEYS = ("role", "with")
LONGEST_TITLE, LONGEST_TEXT = 60, 600
MOST_AIMS, MOST_LEVERS, MOST_ROLES = 6, 16, 12
FEWEST_SEATS = 2
ROLES_FILE = "roles.yaml"


def roles_file() -> Path:
    """The file of the roles that come with the package."""
    return shipped_folder() / "workshop" / ROLES_FILE


def read_workshop(name: str | os.PathLike | None = None) -> Workshop:
    """The workshop that comes with the package, or that of a file; raises ScenarioFaults with every fault."""
    path = roles_file() if name is None else Path(name)
    shown = f"scenarios/workshop/{ROLES_FILE}" if name is None else os.fspath(name)
    node, faults = read_tree(path, shown)
    return RolesReader(shown, faults).workshop(node)


def workshop_from_text(text: str, name: str = ROLES_FILE) -> Workshop:
    """A workshop from YAML text."""
    node, faults = parse(decode(text.encode("utf-8", "surrogatepass"), name), name)
    return RolesReader(name, faults).workshop(node)


class RolesReader(Reader):
    """Reads one file of roles."""

    def workshop(self, node: Node) -> Workshop:
        """The workshop; raises ScenarioFaults with every fault."""
        apart = misplaced(node, self.file, WORKSHOP, Phrase("a file with roles and seating"))
        if apart is not None:
            raise ScenarioFaults([apart])
        entries = self.mapping(node, Phrase("the workshop"), KEYS, KEYS)
        if "schema_version" in entries:
            self.whole(entries["schema_version"], "schema_version", SCHEMA_VERSION, SCHEMA_VERSION)
        title = self.bilingual(entries["title"], "title", LONGEST_TITLE) if "title" in entries else None
        note = self.bilingual(entries["budget_note"], "budget_note") if "budget_note" in entries else None
        observer = self.role(entries["observer"], OBSERVER, OBSERVER_KEYS) if "observer" in entries else None
        roles, names = self.roles(entries.get("roles"))
        seating = self.seating(entries["seating"], names) if "seating" in entries else None
        left_out = self.left_out(entries.get("left_out"))
        if "roles" in entries and not self.faults:
            self.check_every_lever(entries["roles"], roles, left_out)
        if self.faults or title is None or note is None or observer is None or seating is None:
            raise ScenarioFaults(self.faults)
        return Workshop(title, note, roles, observer, seating, left_out)

    def bilingual(self, node: Node, what: str, longest: int = LONGEST_TEXT) -> Bilingual | None:
        """A text in both languages without numbers: those are worked out, or stand in the model with their source."""
        entries = self.mapping(node, what, ("en", "fr"), ("en", "fr"))
        texts = {}
        for code, each in entries.items():
            named = Phrase("{what} ({code})", what=what, code=code)
            texts[code] = text = self.text(each, named, longest)
            for digits in placeholders.written_numbers(text or ""):
                self.fault(
                    each.line,
                    Phrase("{what} holds the number {digits}", what=named, digits=digits),
                    Phrase("words; numbers come from the model"),
                )
        en, fr = texts.get("en"), texts.get("fr")
        return None if en is None or fr is None else Bilingual(_folded(en), _folded(fr))

    def roles(self, node: Node | None) -> tuple[dict[str, Role], tuple[str, ...]]:
        """The roles that are whole, by their ids, and the ids of all."""
        if node is None or not self.is_mapping(node, "roles", Phrase("a mapping of names")):
            return {}, ()
        if not FEWEST_SEATS <= len(node.value) <= MOST_ROLES:
            what = Phrase("the number of roles is {count}", count=len(node.value))
            few, most = FEWEST_SEATS, MOST_ROLES
            self.fault(node.line, what, Phrase("a whole number from {low} to {high}", low=few, high=most))
        found, names = {}, []
        for name, child in node.value.items():
            if not isinstance(name, str) or not re.fullmatch("[a-z][a-z_]*", name) or name == OBSERVER:
                what = Phrase("{name} is no name of a role", name=quote(name))
                allowed = Phrase("small letters and _, and not {observer}", observer=OBSERVER)
                self.fault(node.line_of(name), what, allowed)
                continue
            names.append(name)
            role = self.role(child, name, ROLE_KEYS)
            if role is not None:
                found[name] = role
        return found, tuple(names)

    def role(self, node: Node, name: str, keys: tuple[str, ...]) -> Role | None:
        """One role, or whoever observes."""
        what = Phrase("the role {name}", name=name)
        needed = keys if name == OBSERVER else NEEDED
        entries = self.mapping(node, what, keys, needed)
        texts = {}
        for key in ("title", "brief", "answers_for", "words_only"):
            if key in entries:
                longest = LONGEST_TITLE if key == "title" else LONGEST_TEXT
                texts[key] = self.bilingual(entries[key], Phrase("{key} of {what}", key=key, what=what), longest)
        aims = self.aims(entries["aims"], what) if "aims" in entries else ()
        levers: tuple[str, ...] = ()
        if "levers" in entries:
            levers = self.levers(entries["levers"], what)
        share = self._budget(entries, what)
        if entries and ("levers" in entries) == ("words_only" in entries):
            allowed = Phrase("levers and budget_share, or words_only with the reason why it moves none")
            self.fault(node.line, Phrase("{what} has both or neither of levers and words_only", what=what), allowed)
        title, brief, answers_for = (texts.get(key) for key in ("title", "brief", "answers_for"))
        if title is None or brief is None or answers_for is None:
            return None
        return Role(name, title, brief, answers_for, aims, levers, share, texts.get("words_only"))

    def _budget(self, entries: Mapping[str, Node], what: str) -> float:
        if "budget_share" in entries and "levers" not in entries:
            self.fault(entries["budget_share"].line, Phrase("{what} has a budget and no levers", what=what))
            return 0.0
        if "levers" in entries and "budget_share" not in entries:
            self.fault(
                entries["levers"].line,
                Phrase("{what} lacks {key}", what=what, key=quote("budget_share")),
                Phrase("a share of what today's policy costs a year, such as 0.1"),
            )
            return 0.0
        if "budget_share" not in entries:
            return 0.0
        named = Phrase("{key} of {what}", key="budget_share", what=what)
        return self.between(entries["budget_share"], named, 0.0, 1.0) or 0.0

    def levers(self, node: Node, what: str) -> tuple[str, ...]:
        """The levers of a role, each once."""
        named = Phrase("{key} of {what}", key="levers", what=what)
        levers = self.names(node, named, catalogue().levers)
        for lever, count in Counter(levers).items():
            if count > 1:
                self.fault(node.line, Phrase("{what} names {name} more than once", what=named, name=lever))
        if len(levers) > MOST_LEVERS:
            message = Phrase("{what}: {count} levers are too many for a card", what=what, count=len(levers))
            self.fault(node.line, message, Phrase("at most {most}", most=MOST_LEVERS))
        return levers

    def aims(self, node: Node, what: str) -> tuple[Aim, ...]:
        """What a role wants, each an outcome of the model with a direction."""
        named = Phrase("{key} of {what}", key="aims", what=what)
        items = self.items(node, named, Phrase("outcomes with directions"))
        if len(items) > MOST_AIMS:
            message = Phrase("{what}: {count} aims are too many for a card", what=what, count=len(items))
            self.fault(node.line, message, Phrase("at most {most}", most=MOST_AIMS))
        found = []
        outcomes = [name for name in catalogue().outcomes if name != SHARES]
        for item in items:
            entries = self.mapping(item, named, AIM_KEYS, AIM_KEYS)
            if len(entries) < len(AIM_KEYS):
                continue
            many = Phrase("one of the outcomes of `pushpull list outcomes`")
            outcome = self.choice(entries["outcome"], named, outcomes, many)
            direction = self.choice(entries["direction"], named, WAYS_TO_AIM)
            if outcome is not None and direction is not None:
                found.append(Aim(outcome, direction))
        return tuple(found)

    def seating(self, node: Node, names: tuple[str, ...]) -> Seating | None:
        """What becomes of roles where seats are few: enough of them go that two seats suffice, none twice."""
        entries = self.mapping(node, "seating", SEATING_KEYS, SEATING_KEYS)
        if len(entries) < len(SEATING_KEYS) or not names:
            return None
        gone: list[str] = []
        for item in entries["presenter"].value or () if isinstance(entries["presenter"].value, list) else ():
            name = self.choice(item, Phrase("a name in {what}", what="presenter"), names)
            gone += [name] if name is not None else []
        presenter, merges = tuple(gone), []
        for item in self.items(entries["merges"], "merges", Phrase("roles, each with another")):
            each = self.mapping(item, "merges", MERGE_KEYS, MERGE_KEYS)
            if len(each) < len(MERGE_KEYS):
                continue
            left = tuple(name for name in names if name not in gone)
            role = self.choice(each["role"], "role", left)
            into = self.choice(each["with"], "with", tuple(name for name in left if name != role))
            if role is not None and into is not None:
                gone.append(role)
                merges.append(Merge(role, into))
        for name, count in Counter(gone).items():
            if count > 1:
                self.fault(node.line, Phrase("{what} names {name} more than once", what="seating", name=name))
        if len(set(gone)) != len(names) - FEWEST_SEATS and not self.faults:
            self.fault(
                node.line,
                Phrase("seating leaves {count} roles", count=len(names) - len(set(gone))),
                Phrase("all but two of them under presenter or merges, so that two seats suffice"),
            )
        return Seating(presenter, tuple(merges))

    def left_out(self, node: Node | None) -> dict[str, Bilingual]:
        """Levers that no role moves, each with the reason."""
        if node is None or not self.is_mapping(node, "left_out", Phrase("a mapping of names")):
            return {}
        found = {}
        for name, child in node.value.items():
            if name not in catalogue().levers:
                levers = tuple(catalogue().levers)
                message = Phrase("left_out names no lever: {name}", name=quote(name))
                many = Phrase("one of the levers of `pushpull list levers`")
                self.fault(node.line_of(name), message, listed(levers, many), self.guess(name, levers))
                continue
            text = self.bilingual(child, Phrase("{key} of {what}", key=name, what="left_out"))
            if text is not None:
                found[name] = text
        return found

    def check_every_lever(self, node: Node, roles: Mapping[str, Role], left_out: Mapping[str, Bilingual]) -> None:
        """A fault for each lever that no role moves and no reason leaves out, or that is left out and yet moved."""
        moved = {lever for role in roles.values() for lever in role.levers}
        for lever in catalogue().levers:
            if lever not in moved and lever not in left_out:
                remedy = Phrase("name it under levers of a role, or under left_out with the reason")
                self.fault(node.line, Phrase("no role moves {name}", name=lever), remedy=remedy)
            if lever in moved and lever in left_out:
                self.fault(node.line, Phrase("{name} is left out, and a role moves it", name=lever))


def _folded(text: str) -> str:
    """A text of several lines as one."""
    return re.sub(r"[ \n]+", " ", text).strip(" ")
