"""What the toolbar shows: corridor, package, and what its buttons can do."""

from __future__ import annotations

from pushpull.dashboard.compute.made_with import made_now
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.shipped import shipped
from pushpull.dashboard.state.packages import LONGEST_NAME, package_heading
from pushpull.dashboard.state.state import State
from pushpull.dashboard.storage import corridors
from pushpull.dashboard.storage.user_folder import Listing
from pushpull.dashboard.view_model.snapshot import PageSnapshot
from pushpull.scenario import policy_names, scenario_names

LONGEST_IN_LIST = 28  # letters


def words(language: Language, user: str | None = None) -> dict:
    """The fixed texts; who is signed in is told beside the way out."""
    signed_in = {} if user is None else {"sign_out_hint": language.say("toolbar.sign_out_hint", user=user)}
    return {
        **language.section("toolbar"),
        "unnamed": language.say("yours"),
        "longest_name": LONGEST_NAME,
        "signed_in": user is not None,
        **signed_in,
        "code": language.tag,
    }


def shown(language: Language, snapshot: PageSnapshot) -> dict:
    """All that changes."""
    state = snapshot.state
    return {
        "corridors": corridor_choices(language, state),
        "corridor": state.opened,
        "packages": _packages(language, state),
        "package": "own" if state.is_own or state.name else state.package or "",
        "name": state.name,
        "can_undo": snapshot.can_undo,
        "can_redo": snapshot.can_redo,
        "can_reset": {
            "policies": bool(state.scenario.policies),
            "context": bool(state.scenario.context),
            "both": state.scenario != state.base,
        },
        "replaying": language.say(f"toolbar.replaying.{snapshot.replaying}") if snapshot.replaying else "",
        "dark": snapshot.dark,
        "link": state.address_link,
        "copied_link": None if snapshot.replaying else state.link_with(made_now(state, snapshot.runs)),
        "step": snapshot.step,
        "heard": snapshot.heard,
        "language": state.view.language,
        **_folder(language, snapshot.folder),
    }


def corridor_choices(language: Language, state: State) -> list[list[str]]:
    """Shipped corridors, those with a record first, then one's own, and the one that is open in any case."""
    names = sorted(scenario_names(), key=lambda name: shipped(name).corridor.illustrative)
    entries = [[name, language.of("corridors", name, shipped(name).corridor.title)] for name in names]
    own = dict(corridors.own(state.homes))
    if state.opened not in names:
        own.setdefault(state.opened, state.base.corridor.title)
    return entries + [[name, language.say("toolbar.own_corridor", title=title)] for name, title in own.items()]


def _packages(language: Language, state: State) -> list[list[str]]:
    """None, each package, and `own` where levers are moved by hand or the scenario has a name."""
    say = language.say
    titles = {name: language.of("packages", name, package_heading(name).title) for name in policy_names()}
    entries = [["", say("toolbar.none")], *map(list, titles.items())]
    if state.name:
        entries.append(["own", _shortened(state.name)])
    elif state.is_own and state.package:
        entries.append(["own", say("toolbar.changed", title=titles[state.package])])
    elif state.is_own:
        entries.append(["own", say("toolbar.own")])
    return entries


def _shortened(name: str) -> str:
    """A name that leaves a list as wide as it is."""
    return name if len(name) <= LONGEST_IN_LIST else name[: LONGEST_IN_LIST - 1].rstrip() + "\u2026"


def _folder(language: Language, listing: Listing | None) -> dict:
    """The files of the user's folder, and one sentence on those that are not offered."""
    if listing is None:
        return {"folder": None, "folder_note": ""}
    reasons = [language.say(f"left_out.{reason}", count=count) for reason, count in sorted(listing.left_out.items())]
    note = language.say("left_out.files", reasons="; ".join(reasons)) if reasons else ""
    return {"folder": list(listing.names), "folder_note": note}
