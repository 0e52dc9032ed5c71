"""Outcomes: the part of the page that is open."""

from __future__ import annotations

from markupsafe import Markup

from pushpull.analysis import Paired
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages.outcomes import diagram, factors, gallery, recorded, returned, routes
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import PARTS
from pushpull.wording.markup import buttons


def fragments(language: Language, state: State, runs: Runs, ensemble: Paired | None = None) -> dict[str, Markup]:
    """The fragments of the page that its open part needs, by their places."""
    part = state.view.part
    parts = [(name, language.say(f"outcomes.parts.{name}")) for name in PARTS]
    switch = buttons(language.say("outcomes.parts_name"), "part", parts, part)
    if part == "gallery":
        return {"parts": switch, part: gallery.fragment(language, state)}
    if part == "routes":
        return {"parts": switch, part: routes.fragment(language, state, runs, ensemble)}
    module = {"factors": factors, "returned": returned, "recorded": recorded, "diagram": diagram}[part]
    return {"parts": switch, part: module.fragment(language, state, runs)}
