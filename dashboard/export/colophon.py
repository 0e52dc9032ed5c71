"""Where what is taken along comes from: scenario, corridor, program, fit and day, in words."""

from __future__ import annotations

import importlib.metadata
from dataclasses import dataclass
from datetime import date

from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.state.packages import package_heading
from pushpull.dashboard.state.state import State
from pushpull.preparation import DISTRIBUTION, model_digest
from pushpull.scenario import Corridor

HASH = 8  # letters of a hash that are told


@dataclass(frozen=True)
class Colophon:
    """Where a file comes from: `stem` begins its name, `notes` stand in a picture, `rows` in a table."""

    stem: str
    decimal: str
    notes: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]


def colophon_of(language: Language, state: State, today: date | None = None) -> Colophon:
    """Where the files of a state come from, made today or on another day."""
    say, corridor = language.say, state.scenario.corridor
    day = (today or date.today()).isoformat()
    named = {
        "scenario": scenario_name(language, state),
        "corridor": language.of("corridors", state.opened, corridor.title),
        "source": say("exports.source", version=importlib.metadata.version(DISTRIBUTION), model=model_digest()[:HASH],
                      corridor=corridor.id, digest=corridor.digest[:HASH], fit=say(f"exports.fit.{_fit(corridor)}")),
        "date": day,
    }  # fmt: skip
    rows = tuple((say(f"exports.origin.{word}"), value) for word, value in named.items())
    told = [say("pair", name=name, value=value) for name, value in rows]
    notes = (" \u00b7 ".join(told[:2]), " \u00b7 ".join(told[2:]))
    return Colophon(state.file_name.removesuffix(".yaml"), language.signs["decimal"], notes, rows)


def scenario_name(language: Language, state: State) -> str:
    """The title that its maker gave a scenario; else that of its package or corridor in the language of the page."""
    say, title, plain = language.say, state.scenario.title, state.base.baseline()
    if state.package:
        shipped_titles = {plain.title, state.base.title, plain.with_policy(state.package).title}
        stem = language.of("packages", state.package, package_heading(state.package).title)
    else:
        shipped_titles = {plain.title, state.base.title}
        stem = say("toolbar.own" if state.is_own else "toolbar.none")
    if title not in shipped_titles:
        return title
    return say("toolbar.changed", title=stem) if state.package and state.is_own else stem


def _fit(corridor: Corridor) -> str:
    if corridor.fit is None:
        return "none"
    return "current" if corridor.fit.current else "old"
