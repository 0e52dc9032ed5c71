"""A corridor as the pocket page shows it: levers, packages, the record, and its words in every language."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.indicators import history, shown_years
from pushpull.dashboard.compute.trust import Trust, trust_in
from pushpull.dashboard.i18n.texts import Language, language
from pushpull.dashboard.pages.guide.trust_lines import checked, today
from pushpull.dashboard.state.differences import differing
from pushpull.dashboard.state.packages import package_heading
from pushpull.dashboard.state.state import State
from pushpull.dashboard.view_model import controls
from pushpull.dashboard.view_model.page import question
from pushpull.engine.stepping.methods import STEPS_PER_YEAR
from pushpull.scenario import policy_names
from pushpull.scenario.schedules import breakpoints

NOT_THERE = ("open_entry",)  # words of the panel of levers for what the page has no room for


def corridor_content(name: str, codes: tuple[str, ...]) -> dict:
    """All of a shipped corridor but the model itself, as plain values; `texts` has each language's."""
    state = State.opening(name)
    scenario, corridor = state.scenario, state.scenario.corridor
    known, trust = catalogue(), trust_in(state.base)
    return {
        "illustrative": corridor.illustrative,
        "is_out_of_date": bool(corridor.out_of_date),
        "steps_per_year": scenario.steps_per_year or STEPS_PER_YEAR,
        "currency": corridor.currency,
        "start": scenario.start,
        "policy_start": scenario.policy_start,
        "end": scenario.end,
        "years": shown_years(scenario),
        "today": {lever: _plain(state.today[lever]) for lever in known.levers},
        "later": {lever: later for lever in known.levers if (later := _later(state, lever))},
        "limits": {lever: [card.low, card.high] for lever, card in known.levers.items()},
        "packages": {package: {"written": _written(state, package)} for package in policy_names()},
        "record": {
            outcome: points
            for outcome in known.outcomes
            if (points := history(corridor, outcome, scenario.start))["time"]
        },
        "texts": {code: _texts(language(code, corridor.currency), state, trust) for code in codes},
    }


def _written(state: State, package: str) -> dict:
    """What of a package a link holds, its levers in the order in which they are told."""
    scenario = state.with_package(package).scenario
    differs = differing(state.base, scenario)
    return differs | {"policies": {lever: differs["policies"][lever] for lever in scenario.policies}}


def _plain(value: float | Mapping[str, float]) -> float | dict[str, float]:
    return dict(value) if isinstance(value, Mapping) else value


def _later(state: State, lever: str) -> dict[str, dict[str, list[float]]]:
    """The points of a lever's own path after policy starts, by route or origin (or ""); only where it moves."""
    scenario, today = state.scenario, state.today[lever]
    found = {}
    for member in today if isinstance(today, Mapping) else (None,):
        path = scenario.corridor.path(lever, catalogue(), member)
        times, values = breakpoints(path, scenario.policy_start, scenario.end)
        if np.ptp(values):
            found[member or ""] = {"times": times.tolist(), "values": values.tolist()}
    return found


def _texts(words: Language, state: State, trust: Trust) -> dict:
    lever_words = controls.words(words, "levers", state)
    packages = {name: package_heading(name) for name in policy_names()}
    return {
        "title": words.of("corridors", state.opened, state.base.corridor.title),
        "question": question(words, state),
        "trust": [line for line in (checked(words, trust), today(words, trust)) if line],
        "groups": controls.lever_groups(words, state),
        "lever_words": {key: each for key, each in lever_words.items() if key not in NOT_THERE},
        "packages": {
            name: {
                "title": words.of("packages", name, heading.title),
                "question": words.of("questions", name, heading.question),
            }
            for name, heading in packages.items()
        },
    }
