"""What is laid over a scenario: policy packages, settings from a command line, blocks from Python.

Each function takes a draft of the scenario that is its own to change, and gives it back checked.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from pushpull.catalogue import Catalogue
from pushpull.files.faults import Fault, nearest, quote
from pushpull.files.suggestions import number_meant, proposed
from pushpull.files.tree import Node, from_python, read_tree, scalar
from pushpull.scenario import serialization
from pushpull.scenario.draft import ENSEMBLE, INTEGRATION, LONGEST_TITLE, Draft, lay
from pushpull.scenario.draft_checks import checked
from pushpull.scenario.file_kinds import PACKAGE, misplaced
from pushpull.scenario.interpreter import HORIZON, Interpreter
from pushpull.scenario.library import find
from pushpull.scenario.migrations import EARLIER, SCHEMA_VERSION, renewed
from pushpull.scenario.schedules import SCHEDULES, Amount
from pushpull.scenario.settable_names import what_it_is
from pushpull.wording.phrases import Phrase

BLOCKS = ("policies", "context", "parameters", "formulas")
POLICY_KEYS = ("schema_version", "kind", "title", "question", "policies")
POLICY_NEEDS = ("title", "policies")
OPTIONS = ("start", "end", "members", "seed")  # of the command line
WORDS = (*BLOCKS, "loops_off", *HORIZON, *ENSEMBLE, *INTEGRATION, "title", "question")


def lay_policy(draft: Draft, policy: str | os.PathLike | Mapping) -> Draft:
    """A policy package laid over a scenario; raises ScenarioFaults."""
    faults: list[Fault] = []
    needed: tuple[str, ...] = ()
    if isinstance(policy, Mapping):
        shown = "policy"
        node, notes = renewed(from_python(policy, shown), shown)
    else:
        path, shown = find(policy, "policy")
        tree, faults = read_tree(path, shown)
        needed = POLICY_NEEDS
        node, notes = renewed(tree, shown)
    entries = policy_entries(node, shown, faults, draft.catalogue, needed)
    draft.notes += notes
    own = draft.title
    lay(draft, entries, Interpreter(shown, faults, draft.catalogue, None))
    if draft.title != own:
        draft.title = _under(own, draft.title)
    return checked(draft, faults)


def _under(own: str, title: str) -> str:
    """The title of a package under that of its scenario, which is cut where both are too long for a file."""
    left = LONGEST_TITLE - len(title) - 2
    if len(own) > left:
        own = f"{own[: max(left - 1, 0)].rstrip()}\u2026"
    return f"{own}: {title}"[:LONGEST_TITLE]


def policy_entries(
    node: Node, shown: str, faults: list[Fault], catalogue: Catalogue, needed: tuple[str, ...] = POLICY_NEEDS
) -> dict[str, Node]:
    """The blocks of a policy package; it sets policies and nothing else."""
    reader = Interpreter(shown, faults, catalogue, None)
    if needed and not (node.is_mapping and "kind" in node.value):
        apart = misplaced(node, shown, PACKAGE, "kind: policy")
        if apart is not None:
            faults.append(apart)
            return {}
    if node.is_mapping and needed and "kind" not in node.value:
        faults.append(Fault(shown, node.line, Phrase('the policy package lacks "kind"'), "kind: policy"))
    entries = reader.mapping(node, Phrase("the policy package"), POLICY_KEYS, needed)
    if needed or "schema_version" in entries:
        reader.check_version(entries, node, SCHEMA_VERSION, EARLIER)
    if "kind" in entries:
        reader.choice(entries["kind"], "kind", ("policy",))
    return {key: child for key, child in entries.items() if key in ("title", "question", "policies")}


def lay_settings(draft: Draft, settings: Iterable[str]) -> Draft:
    """Settings of the form NAME[@ROUTE]=VALUE laid over a scenario; a text alone is one setting."""
    faults: list[Fault] = []
    for text in [settings] if isinstance(settings, str) else settings:
        setting = _setting(str(text), draft.catalogue, faults)
        if setting is not None:
            block, entry = setting
            lay(draft, {block: entry}, Interpreter("--set", faults, draft.catalogue, None))
    return checked(draft, faults)


def _setting(text: str, catalogue: Catalogue, faults: list[Fault]) -> tuple[str, Node] | None:
    target, equals, number = text.partition("=")
    name, at, key = (part.strip() for part in target.partition("@"))
    number = number.strip()
    if not equals or not name or (at and not key):
        faults.append(
            Fault(
                "--set",
                None,
                Phrase("{text} is no setting", text=quote(text)),
                Phrase("NAME=VALUE or NAME@ROUTE=VALUE"),
            )
        )
        return None
    blocks = {"policies": catalogue.levers, "context": catalogue.context, "parameters": catalogue.parameters}
    block = next((block for block, cards in blocks.items() if name in cards), None)
    if block is None:
        use = what_it_is(name, catalogue)
        if use is not None:
            faults.append(Fault("--set", None, use.sentence, use.allowed()))
            return None
        names = [each for cards in blocks.values() for each in cards]
        allowed = Phrase("a lever, a context driver or a parameter")
        remedy = Phrase("say --{name} {number}", name=name, number=number) if name in OPTIONS else ""
        guess = "" if remedy else nearest(name, names)
        faults.append(
            Fault("--set", None, Phrase("there is nothing called {name}", name=quote(name)), allowed, guess, remedy)
        )
        return None
    if key and blocks[block][name].over is None:
        message = Phrase("{name} is one value for all routes, so {at} says nothing", name=name, at=quote(at + key))
        faults.append(Fault("--set", None, message, "NAME=VALUE", f"{name}={number}"))
        return None
    times = number[-1:] in ("x", "X")
    value = scalar(number[:-1].strip() if times else number)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        allowed = Phrase("a number, or a number and x (1.5x is one and a half times today's value)")
        card = blocks[block][name]
        meant = number_meant(str(value) if times else number, *(() if times else (card.low, card.high, card.unit)))
        given = [f"{target.strip()}={each}{'x' if times else ''}" for each in meant.split(" or ") if each]
        remedy = proposed(" or ".join(given))
        faults.append(Fault("--set", None, Phrase("{text} gives no number", text=quote(text)), allowed, remedy=remedy))
        return None
    node = Node({"times_today": Node(value)}) if times else Node(value)
    return block, Node({name: Node({key: node}) if key else node})


def lay_changes(draft: Draft, given: Mapping[str, Any], replacing: bool = False) -> Draft:
    """Blocks from Python laid over a scenario; a name set to None goes back to the corridor's value.

    With `replacing`, what is given for a name is all that is set for it; else routes that are not named keep theirs.
    """
    faults = [
        Fault(
            "change",
            None,
            Phrase("there is nothing called {word}", word=quote(word)),
            ", ".join(WORDS),
            nearest(word, WORDS),
        )
        for word in given
        if word not in WORDS
    ]
    entries: dict[str, Node] = {}
    for block in BLOCKS:
        if given.get(block) is not None:
            blocks = dict(given[block])
            before = getattr(draft, block)
            for name, value in list(blocks.items()):
                if value is None:
                    del blocks[name]
                if value is None or replacing:
                    before.pop(name, None)
            entries[block] = from_python(blocks, "change", _written)
    for block, words in (("horizon", HORIZON), ("ensemble", ENSEMBLE), ("integration", INTEGRATION)):
        some = {word: given[word] for word in words if given.get(word) is not None}
        if some:
            entries[block] = from_python(some, "change")
    for word in ("steps_per_year", "save_every"):
        if word in given and given[word] is None:
            draft.options[word] = None
    for word in ("loops_off", "title", "question"):
        if given.get(word) is not None:
            entries[word] = from_python(given[word], "change")
    lay(draft, entries, Interpreter("change", faults, draft.catalogue, None))
    return checked(draft, faults)


def lay_entries(draft: Draft, entries: Mapping[str, Node], shown: str) -> Draft:
    """Blocks of a file laid over a scenario, for a file that is more than a scenario; faults name `shown` and lines."""
    faults: list[Fault] = []
    lay(draft, entries, Interpreter(shown, faults, draft.catalogue, None))
    return checked(draft, faults)


def _written(value: object) -> object:
    """A schedule or an amount as a file writes it; any other value as it is."""
    return serialization.plain(value) if isinstance(value, (Amount, *SCHEDULES)) else value
