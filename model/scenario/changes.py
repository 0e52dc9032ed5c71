"""Changes to a scenario: policy packages, settings from a command line, blocks from Python."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterable, Mapping

from pushpull.files.faults import Fault, nearest, quote
from pushpull.files.suggestions import number_meant, proposed
from pushpull.files.tree import Node, from_python, scalar
from pushpull.scenario import loading, serialization
from pushpull.scenario.corridor_loading import check_version
from pushpull.scenario.file_kinds import PACKAGE, misplaced
from pushpull.scenario.interpreter import Interpreter
from pushpull.scenario.library import find
from pushpull.scenario.migrations import EARLIER, SCHEMA_VERSION, renewed
from pushpull.scenario.schedules import FORMS, Amount
from pushpull.scenario.settable_names import what_it_is

BLOCKS = ("policies", "context", "parameters", "formulas")
HORIZON = ("start", "end", "policy_start")
ENSEMBLE = ("members", "seed")
INTEGRATION = loading.INTEGRATION
POLICY_NEEDS = ("title", "policies")
OPTIONS = ("start", "end", "members", "seed")  # of the command line
WORDS = (*BLOCKS, "loops_off", *HORIZON, *ENSEMBLE, *INTEGRATION, "title", "question")


def replaced(scenario, **given):
    """The scenario with fields exchanged, unchecked."""
    return dataclasses.replace(scenario, **given)


def with_policy(scenario, policy: str | os.PathLike | Mapping):
    """The scenario with a policy package laid over it."""
    faults: list[Fault] = []
    if isinstance(policy, Mapping):
        shown, needed = "policy", ()
        node, notes = renewed(from_python(policy, shown), shown)
    else:
        file = loading.read_file(*find(policy, "policy"), faults)
        shown, needed = file.shown, POLICY_NEEDS
        node, notes = renewed(file.node, shown)
    entries = policy_entries(node, shown, faults, scenario.catalogue, needed)
    parts = parts_of(scenario)
    parts.notes += notes
    own = parts.title
    loading.lay(parts, entries, Interpreter(shown, faults, scenario.catalogue, None))
    if parts.title != own:
        parts.title = _under(own, parts.title)
    return _finish(scenario, parts, faults)


def _under(own: str, title: str) -> str:
    """The title of a package under that of its scenario, which is cut where both are too long for a file."""
    room = loading.LONGEST_TITLE - len(title) - 2
    if len(own) > room:
        own = f"{own[: max(room - 1, 0)].rstrip()}\u2026"
    return f"{own}: {title}"[: loading.LONGEST_TITLE]


def policy_entries(node: Node, shown: str, faults: list[Fault], catalogue, needed=POLICY_NEEDS):
    """The blocks of a policy package; it sets policies and nothing else."""
    reader = Interpreter(shown, faults, catalogue, None)
    known = loading.POLICY_KEYS
    if needed and not (node.is_mapping and "kind" in node.value):
        apart = misplaced(node, shown, PACKAGE, "kind: policy")
        if apart is not None:
            faults.append(apart)
            return {}
    if node.is_mapping and needed and "kind" not in node.value:
        faults.append(Fault(shown, node.line, 'the policy package lacks "kind"', "kind: policy"))
    entries = reader.mapping(node, "the policy package", known, needed)
    if needed or "schema_version" in entries:
        check_version(reader, entries, node, SCHEMA_VERSION, EARLIER)
    if "kind" in entries:
        reader.choice(entries["kind"], "kind", ("policy",))
    return {key: child for key, child in entries.items() if key in ("title", "question", "policies")}


def with_settings(scenario, settings: Iterable[str]):
    """The scenario with settings of the form NAME[@ROUTE]=VALUE; a text alone is one setting."""
    faults: list[Fault] = []
    parts = parts_of(scenario)
    catalogue = scenario.catalogue
    for text in [settings] if isinstance(settings, str) else settings:
        found = _setting(str(text), catalogue, faults)
        if found is not None:
            block, entry = found
            loading.lay(parts, {block: entry}, Interpreter("--set", faults, catalogue, None))
    return _finish(scenario, parts, faults)


def _setting(text: str, catalogue, faults: list[Fault]) -> tuple[str, Node] | None:
    place, equals, number = text.partition("=")
    name, at, key = (part.strip() for part in place.partition("@"))
    number = number.strip()
    if not equals or not name or (at and not key):
        faults.append(Fault("--set", None, f"{quote(text)} is no setting", "NAME=VALUE or NAME@ROUTE=VALUE"))
        return None
    blocks = {"policies": catalogue.levers, "context": catalogue.context, "parameters": catalogue.parameters}
    block = next((block for block, cards in blocks.items() if name in cards), None)
    if block is None:
        known = what_it_is(name, catalogue)
        if known is not None:
            faults.append(Fault("--set", None, known.told, known.allowed()))
            return None
        names = [each for cards in blocks.values() for each in cards]
        allowed = "a lever, a context driver or a parameter"
        remedy = f"say --{name} {number}" if name in OPTIONS else ""
        guess = "" if remedy else nearest(name, names)
        faults.append(Fault("--set", None, f"there is nothing called {quote(name)}", allowed, guess, remedy))
        return None
    if key and blocks[block][name].over is None:
        told = f"{name} is one value for all routes, so {quote(at + key)} says nothing"
        faults.append(Fault("--set", None, told, "NAME=VALUE", f"{name}={number}"))
        return None
    times = number[-1:] in ("x", "X")
    value = scalar(number[:-1].strip() if times else number)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        allowed = "a number, or a number and x (1.5x is one and a half times today's value)"
        card = blocks[block][name]
        meant = number_meant(str(value) if times else number, *(() if times else (card.low, card.high, card.unit)))
        given = [f"{place.strip()}={each}{'x' if times else ''}" for each in meant.split(" or ") if each]
        remedy = proposed(" or ".join(given))
        faults.append(Fault("--set", None, f"{quote(text)} gives no number", allowed, remedy=remedy))
        return None
    node = Node({"times_today": Node(value)}) if times else Node(value)
    return block, Node({name: Node({key: node}) if key else node})


def with_changes(scenario, **given):
    """The scenario with blocks laid over it; a name set to None goes back to the corridor's value."""
    faults = [
        Fault("change", None, f"there is nothing called {quote(word)}", ", ".join(WORDS), nearest(word, WORDS))
        for word in given
        if word not in WORDS
    ]
    catalogue = scenario.catalogue
    parts = parts_of(scenario)
    entries: dict[str, Node] = {}
    for block in BLOCKS:
        if given.get(block) is not None:
            blocks = dict(given[block])
            held = getattr(parts, block)
            for name in [name for name, value in blocks.items() if value is None]:
                del blocks[name]
                held.pop(name, None)
            entries[block] = from_python(blocks, "change", _written)
    for block, words in (("horizon", HORIZON), ("ensemble", ENSEMBLE), ("integration", INTEGRATION)):
        some = {word: given[word] for word in words if given.get(word) is not None}
        if some:
            entries[block] = from_python(some, "change")
    for word in ("steps_per_year", "save_every"):
        if word in given and given[word] is None:
            parts.options[word] = None
    for word in ("loops_off", "title", "question"):
        if given.get(word) is not None:
            entries[word] = from_python(given[word], "change")
    loading.lay(parts, entries, Interpreter("change", faults, catalogue, None))
    return _finish(scenario, parts, faults)


def _written(value: object) -> object:
    """A form or an amount as a file writes it; any other value as it is."""
    return serialization.plain(value) if isinstance(value, (Amount, *FORMS)) else value


def parts_of(scenario) -> loading.Parts:
    """The scenario taken apart, to be laid over."""
    return loading.Parts(
        title=scenario.title,
        question=scenario.question,
        corridor=scenario.corridor,
        horizon={word: getattr(scenario, word) for word in HORIZON},
        horizon_place=("change", None),
        policies=dict(scenario.policies),
        context=dict(scenario.context),
        parameters=dict(scenario.parameters),
        formulas=dict(scenario.formulas),
        loops_off=scenario.loops_off,
        options={word: getattr(scenario, word) for word in (*ENSEMBLE, *INTEGRATION)},
        integration_place=("change", None),
        notes=list(scenario.notes),
    )


def _finish(scenario, parts: loading.Parts, faults: list[Fault]):
    return loading.finish(
        type(scenario), parts, faults, scenario.catalogue, scenario.given_catalogue, scenario.source_path
    )
