"""What of a link can be opened where a part of it cannot: the rest, and a word for each thing that was left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from pushpull.catalogue import catalogue
from pushpull.dashboard.i18n.texts import Language
from pushpull.scenario import Scenario, ScenarioFaults
from pushpull.scenario.interpreter import BUSIEST, FORM_WORDS
from pushpull.scenario.loading import KEYS

BLOCKS = {"policies": ("lever", "levers"), "context": ("driver", "context"), "parameters": ("parameter", "parameters")}
MOST_TRIED = 60  # entries looked at one by one
MOST_TOLD = 12
LONGEST_NAME = 60

Build = Callable[[dict], Scenario]


@dataclass(frozen=True)
class LeftOut:
    """One thing of a link that was left out: its kind (a key of the words under `not_in_link`), its name, and the
    title of the kept scenario it belonged to (empty for the scenario of the page)."""

    kind: str
    name: str
    kept: str = ""

    def told(self, words: Language) -> str:
        """The thing in the words of the page."""
        known = self.name in catalogue().model.cards
        name = words.title(self.name) if known else _shown(self.name)
        what = words.say(f"not_in_link.{self.kind}", name=name)
        return words.say("not_in_link.of_kept", what=what, title=_shown(self.kept)) if self.kept else what


def sentence(left_out: Iterable[LeftOut], words: Language) -> str:
    """One sentence on all that was left out."""
    told = list(dict.fromkeys(each.told(words) for each in left_out))
    more = len(told) - MOST_TOLD
    listed = told[:MOST_TOLD] + ([words.say("not_in_link.more", count=more)] if more > 0 else [])
    return words.say("not_in_link.summary", listed="; ".join(listed))


def opened(build: Build, differs: dict, routes: Iterable[str], kept: str = "") -> tuple[Scenario, list[LeftOut]]:
    """The scenario of what a link says, without what is unknown or impossible in it, and what that was.

    Raises ScenarioFaults where nothing of it makes a scenario.
    """
    try:
        return build(differs), []
    except ScenarioFaults as found:
        faults = found
    whole, left_out = _known(differs, tuple(routes))
    try:
        return build(whole), [replace(each, kept=kept) for each in left_out]
    except ScenarioFaults:
        whole, impossible = _possible(build, whole, faults)
    return build(whole), [replace(each, kept=kept) for each in (*left_out, *impossible)]


def _known(differs: dict, routes: tuple[str, ...]) -> tuple[dict, list[LeftOut]]:
    """The entries whose names the model and the corridor know."""
    known, left_out = catalogue(), []
    whole = {key: value for key, value in differs.items() if key in KEYS}
    left_out += [LeftOut("entry", str(key)) for key in differs if key not in KEYS]
    for block, (kind, room) in BLOCKS.items():
        if isinstance(whole.get(block), dict):
            cards, entries = getattr(known, room), {}
            for name, value in whole[block].items():
                if name not in cards:
                    left_out.append(LeftOut(kind, name))
                    continue
                some, gone = _of_routes(value, routes) if cards[name].over == "route" else (value, [])
                left_out += [LeftOut("route", route) for route in gone]
                if not gone or some:
                    entries[name] = some
            whole[block] = entries
    if isinstance(whole.get("formulas"), dict):
        chosen = {}
        for setting, rival in whole["formulas"].items():
            if rival in known.formulas.get(setting, ()):
                chosen[setting] = rival
            else:
                left_out.append(LeftOut("formula", str(rival) if setting in known.formulas else setting))
        whole["formulas"] = chosen
    if isinstance(whole.get("loops_off"), list):
        left_out += [LeftOut("loop", str(loop)) for loop in whole["loops_off"] if loop not in tuple(known.loops)]
        whole["loops_off"] = [loop for loop in whole["loops_off"] if loop in tuple(known.loops)]
    return whole, left_out


def _of_routes(value: object, routes: tuple[str, ...]) -> tuple[object, list[str]]:
    """A setting without the routes that the corridor has not, and those."""
    if not isinstance(value, dict) or any(word in value for word in FORM_WORDS):
        return value, []
    gone = [route for route in value if route not in (*routes, BUSIEST)]
    return {route: each for route, each in value.items() if route not in gone}, gone


def _possible(build: Build, differs: dict, faults: ScenarioFaults) -> tuple[dict, list[LeftOut]]:
    """The entries that make a scenario by themselves; raises the faults where there are too many to look at."""
    blocks = {block: differs[block] for block in BLOCKS if isinstance(differs.get(block), dict)}
    if sum(map(len, blocks.values())) > MOST_TRIED:
        raise faults
    bare = {key: value for key, value in differs.items() if key not in blocks}
    base, left_out, whole = build(bare), [], dict(bare)
    for block, entries in blocks.items():
        whole[block] = {}
        for name, value in entries.items():
            try:
                base.with_changes({block: {name: value}})
                whole[block][name] = value
            except ScenarioFaults:
                left_out.append(LeftOut("value", name))
    return whole, left_out


def _shown(name: str) -> str:
    """A name that someone else chose, short and printable."""
    short = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "\u2026"
    return "".join(mark if mark.isprintable() else "\ufffd" for mark in short)
