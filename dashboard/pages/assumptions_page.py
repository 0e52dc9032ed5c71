"""Assumptions as switches: rival formulas with their sources, and feedback loops that can be stilled."""

from __future__ import annotations

import json

from markupsafe import Markup

from pushpull import descriptions
from pushpull.catalogue import catalogue
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.state.state import State
from pushpull.files.bounded_cache import MEGABYTE, Bounded
from pushpull.wording.markup import element

_FRAGMENTS: Bounded[Markup] = Bounded("panels of assumptions", 4 * MEGABYTE, len)


def fragment(language: Language, state: State) -> Markup:
    """The panel under the context."""
    scenario = state.scenario
    key = (language.code, tuple(sorted(scenario.formulas.items())), scenario.loops_off)
    return _FRAGMENTS.get_or_make(key, lambda: _fragment(language, state))


def _fragment(language: Language, state: State) -> Markup:
    say = language.say
    changed = len(state.scenario.formulas) + len(state.scenario.loops_off)
    moved = element("span", language.say("levers.moved", count=changed), class_="moved") if changed else None
    return element(
        "div",
        element("h2", say("assumptions.title"), class_="panel-title"),
        element("p", say("assumptions.hint"), class_="panel-hint"),
        element(
            "details",
            element("summary", element("span", say("assumptions.contested"), class_="title"), moved),
            [setting(language, state, name) for name in catalogue().formulas],
            class_="group", id="contested",
        ),
        element(
            "details",
            element("summary", element("span", say("assumptions.loops"), class_="title")),
            element("p", say("assumptions.loops_hint"), class_="meaning"),
            [_loop(language, state, name) for name in catalogue().loops],
            class_="group", id="loops",
        ),
    )  # fmt: skip


def setting(language: Language, state: State, name: str, before: str = "") -> Markup:
    """A contested assumption: one rival formula is in force; `before` keeps ids apart where it stands twice."""
    rivals = catalogue().formulas[name]
    chosen = state.scenario.formulas.get(name, rivals[0])
    words = language.texts("assumptions.formulas")
    return element(
        "fieldset",
        element("legend", language.texts("assumptions.settings").get(name, name)),
        [
            element(
                "label",
                element(
                    "input", type="radio", name=before + name, value=rival, checked=rival == chosen,
                    id=f"{before}formula-{rival}", data_choose="formula", data_with=json.dumps({"setting": name}),
                ),
                words.get(rival, rival),
            )
            for rival in rivals
        ],
        _sources(language, name, before),
        class_="lever",
    )  # fmt: skip


def _sources(language: Language, setting: str, before: str) -> Markup:
    """Where the rival formulas come from."""
    known = catalogue()
    deciding = [each for each in known.model.variables.values() if each.setting == setting]
    sources = [formula["source"] for variable in deciding for formula in descriptions.equations(variable)]
    words = " ".join((*sources, *known.formulas[setting]))
    cited = {each["key"]: each for each in descriptions.citations(words, known.references)}
    cited |= {
        key: known.references[key] for key in known.references if any(key in name for name in known.formulas[setting])
    }
    return element(
        "details",
        element("summary", language.say("assumptions.read_more")),
        element("ul", [element("li", each["citation"]) for each in cited.values()], lang=language.quoting),
        id=f"{before}sources-{setting}",
    )


def _loop(language: Language, state: State, name: str) -> Markup:
    loop = catalogue().loops[name]
    kind = language.say("assumptions.reinforcing" if loop.kind == "R" else "assumptions.balancing")
    box = element(
        "input", type="checkbox", checked=name not in state.scenario.loops_off, id=f"loop-{name}", data_choose="loop",
        data_with=json.dumps({"name": name}),
    )  # fmt: skip
    label = element("label", box, element("b", language.loop_title(name)), element("small", kind))
    return element("div", label, element("p", language.story(name), class_="meaning"), class_="loop")
