"""Opening links: from the text of one to the state it holds, and what of it could not be opened."""

from __future__ import annotations

from typing import NamedTuple

from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.limits import MOST_KEPT_BESIDE
from pushpull.dashboard.shipped import FIRST, FIRST_IN, shipped
from pushpull.dashboard.state.differences import base_of_link, salvaged, salvaged_beside
from pushpull.dashboard.state.links import permalink, salvage
from pushpull.dashboard.state.state import DIGEST, State
from pushpull.dashboard.state.view import from_link, unknown
from pushpull.dashboard.storage.corridors import Homes
from pushpull.scenario import Scenario, ScenarioFaults, policy_names

KEYS_OF_LINKS = ("of", "own", "scenario", "package", "view", "kept", "option", "made")
OTHER_FILES = "own_corridor"  # what is told of a link to a corridor whose files are others now


class Opened(NamedTuple):
    """A link that was opened: the state, the keys (under `migrated`) of what was changed in a link of an earlier
    version or in the files of its corridor, what was left out because it is not known here, and what it says of its
    making."""

    state: State
    migrated: list[str]
    left_out: list[salvage.LeftOut]
    made: object = None


def open_link(text: str, homes: Homes = ()) -> Opened:
    """The state of a link text; raises Refusal with one message where nothing of it can be opened."""
    try:
        content, migrated = permalink.renewed(*permalink.decode(text))
        return _opened(content, migrated, homes)
    except permalink.LinkFault as fault:
        raise Refusal("link_because", why=f"because_{fault}") from None
    except ScenarioFaults as found:
        raise Refusal("link", found.faults) from None


def _opened(content: dict, migrated: list[str], homes: Homes) -> Opened:
    """The state of what a link holds; raises LinkFault, ScenarioFaults or Refusal."""
    given = content.get("view", {})
    given = given if isinstance(given, dict) else {}
    base, name, elsewhere = _base(content, given, homes)
    if "own" in content and not elsewhere and content["own"] != base.corridor.digest[:DIGEST]:
        migrated = [*migrated, OTHER_FILES]
    scenario, kept, left_out = _scenarios(content, base, homes)
    package, gone = _package(content.get("package"))
    beyond = [salvage.LeftOut("entry", str(key)) for key in content if key not in KEYS_OF_LINKS]
    unseen = [salvage.LeftOut(*each) for each in unknown(given, scenario)]
    option = content.get("option") if len(kept) == len(content.get("kept", [])) else None
    edited = option if isinstance(option, int) and not isinstance(option, bool) else None
    state = State(name, scenario, package, from_link(given, scenario), kept, base, homes, edited)
    return Opened(state, migrated, [*elsewhere, *beyond, *left_out, *gone, *unseen], content.get("made"))


def _base(content: dict, view: dict, homes: Homes) -> tuple[Scenario, str, list[salvage.LeftOut]]:
    """The plain scenario of the corridor a link names, and its name; of one that is not here, the corridor that a page
    opens with in its place, as far as there is anything to open in it, and that it was left out."""
    try:
        return base_of_link(content.get("of"), content.get("own"), homes), str(content["of"]), []
    except (permalink.LinkFault, Refusal) as fault:
        is_missing = isinstance(content.get("of"), str) and (isinstance(fault, Refusal) or str(fault) == "corridor")
        if not is_missing or not any(content.get(key) for key in ("scenario", "package", "kept")):
            raise
    kind = "corridor" if content.get("own") is None else "own_corridor"
    code = view.get("language")
    name = FIRST_IN.get(code, FIRST) if isinstance(code, str) else FIRST
    return shipped(name), name, [salvage.LeftOut(kind, content["of"])]


def _scenarios(content: dict, base: Scenario, homes: Homes) -> tuple[Scenario, tuple[Scenario, ...], list]:
    """The scenario of the page and those kept beside it, and what was left out; where only the latter can be opened,
    the plain one stands for the former."""
    kept = content.get("kept", [])
    if not isinstance(kept, list):
        raise permalink.LinkFault("no_list")
    if len(kept) > MOST_KEPT_BESIDE:
        raise Refusal("too_many_kept", most=MOST_KEPT_BESIDE)
    beside, left_out = salvaged_beside(base, homes, kept)
    try:
        scenario, own = salvaged(base, homes, content.get("scenario", {}))
    except (permalink.LinkFault, ScenarioFaults):
        if not beside:
            raise
        scenario, own = base, [salvage.LeftOut("scenario", content["of"])]
    return scenario, beside, [*own, *left_out]


def _package(name: object) -> tuple[str | None, list[salvage.LeftOut]]:
    """The package a link names, or none and that it was left out."""
    if name is None or name in policy_names():
        return name, []
    if not isinstance(name, str):
        raise permalink.LinkFault("package")
    return None, [salvage.LeftOut("package", name)]
