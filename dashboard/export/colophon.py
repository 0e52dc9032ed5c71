"""Where what is taken along comes from: scenario, corridor, program, fit and day, in words."""

from __future__ import annotations

import importlib.metadata
from dataclasses import dataclass
from datetime import date

from pushpull.dashboard.i18n.texts import Language
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
    """What a scenario is called: the name it was given, else its package or its levers; that nothing is set."""
    if not state.name and not state.scenario.policies:
        return language.say("toolbar.none")
    return state.title_of(language, state.scenario)


def _fit(corridor: Corridor) -> str:
    if corridor.fit is None:
        return "none"
    return "current" if corridor.fit.current else "old"
