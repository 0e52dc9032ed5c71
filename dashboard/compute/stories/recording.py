"""What a step of a story takes over from the page: what is set, what stands beside it, and what is looked at."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.i18n.texts import LANGUAGES, language
from pushpull.dashboard.state import packages
from pushpull.dashboard.state.differences import differing
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import View
from pushpull.scenario import Scenario, ScenarioFaults, scenario_names
from pushpull.stories.placeholders import written_numbers
from pushpull.stories.step_reader import MOST_OPTIONS
from pushpull.stories.story import TODAY

BLOCKS = ("policies", "context")
SET = ("packages", *BLOCKS)
NAMED_LEVERS = 2  # in the title of a setting that nobody named
LONGEST_NAME = 30
HELD = {"title", "question", *BLOCKS}  # what of a scenario a setting holds, or needs not hold

# What is looked at beyond what a step holds, by the page (and part or way) on which it is seen.
DETAILS = {
    "overview": ("chosen",),
    "evidence": ("subject",),
    "diagram": ("node", "loop"),
    "tradeoff": ("pair",),
    "sum": ("spend",),
}


@dataclass(frozen=True)
class TakenFromPage:
    """What was taken over: the entries of a step (`setting`, `options`, `shows`), the settings that the story lacks so
    far by their names, and keys of words for what the page holds and a story cannot."""

    corridor: str
    year: float
    step: Mapping[str, object]
    settings: Mapping[str, Mapping] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


def recorded(state: State, draft: Mapping) -> TakenFromPage:
    """What a step of a draft takes over from a page; raises Refusal where the corridor is not that of the story, or is
    not shipped."""
    if state.opened not in scenario_names():
        raise Refusal("story_own_corridor")
    corridor = draft.get("corridor") or state.opened
    if corridor != state.opened:
        raise Refusal("story_corridor")
    known = draft.get("settings")
    held = dict(known) if isinstance(known, Mapping) else {}
    before = set(held)
    beside = [*state.kept, *_compared(state)]
    setting = named_setting(state, state.scenario, state.package, held)
    options = [named_setting(state, each, None, held) for each in beside[:MOST_OPTIONS]]
    year = draft.get("year")
    step: dict[str, object] = {"shows": _shows(state, year)}
    if setting != TODAY:
        step["setting"] = setting
    if options:
        step["options"] = options
    return TakenFromPage(
        corridor=state.opened,
        year=state.year,
        step=step,
        settings={name: each for name, each in held.items() if name not in before},
        left_out=tuple(dict.fromkeys(_left_out(state, beside))),
    )


def setting_of(base: Scenario, scenario: Scenario, package: str | None = None) -> dict:
    """What a scenario changes of today, as a setting writes it: a package where all it sets is there, then levers and
    context. Empty where nothing is changed."""
    plain = _plain(base.baseline())
    own = _plain(scenario)
    context = {name: each for name, each in own["context"].items() if plain["context"].get(name) != each}
    policies, begins = own["policies"], {}
    if package is not None:
        laid = _package_policies(base, package)
        if laid is not None and laid.keys() <= policies.keys():
            begins = {"packages": [package]}
            policies = {name: each for name, each in policies.items() if laid.get(name) != each}
            if _merged(base, package, policies) != own["policies"]:
                begins, policies = {}, own["policies"]
    return begins | {word: each for word, each in (("policies", policies), ("context", context)) if each}


def _package_policies(base: Scenario, package: str) -> dict | None:
    try:
        return _plain(base.baseline().with_policy(package))["policies"]
    except ScenarioFaults:
        return None


def _merged(base: Scenario, package: str, policies: Mapping) -> dict:
    """The policies of a package with others laid over them, as a story lays them."""
    laid = base.baseline().with_policy(package)
    return _plain(laid.with_changes(policies=policies) if policies else laid)["policies"]


def _plain(scenario: Scenario) -> dict:
    """The blocks of a scenario as JSON gives them back."""
    content = json.loads(json.dumps(scenario.to_mapping()))
    return {word: content.get(word, {}) for word in BLOCKS}


def _compared(state: State) -> Iterator[Scenario]:
    """The packages that the page to compare shows beside the scenario and its options."""
    if state.view.page == "compare":
        for name in state.view.compared:
            try:
                yield state.base.baseline().with_policy(name)
            except ScenarioFaults:  # a package that the corridor has no place for is not shown either
                continue


def named_setting(state: State, scenario: Scenario, package: str | None, held: dict) -> str:
    """The name of the setting of a scenario: one of those that the story holds, or of a new one among them."""
    package = package or packages.package_in_title(state.base, scenario.title)
    wanted = setting_of(state.base, scenario, package)
    if not wanted:
        return TODAY
    for name, each in held.items():
        if isinstance(each, Mapping) and {word: each[word] for word in SET if each.get(word)} == wanted:
            return name
    title = _title(state, scenario, wanted, held)
    name = _unlike(_identifier(next(iter(title.values()))), {*held, TODAY})
    held[name] = {"title": title, **wanted}
    return name


def _title(state: State, scenario: Scenario, wanted: Mapping, held: Mapping) -> dict[str, str]:
    """What a setting is called: the name that the scenario was given, in the language of the page, else a title made of
    its package and levers in each; a letter keeps those apart that would be called the same."""
    if not packages.is_automatic(state.base, scenario.title):
        titles = {language(state.view.language).code: scenario.title}
    else:
        titles = {code: _made_title(code, wanted) for code in LANGUAGES}
    taken = [each.get("title") for each in held.values() if isinstance(each, Mapping)]
    letters = (f" – {chr(letter)}" for letter in range(ord("B"), ord("Z") + 1))
    for ending in ("", *letters):
        ended = {code: title + ending for code, title in titles.items()}
        if ended not in taken:
            return ended
    return titles


def _made_title(code: str, wanted: Mapping) -> str:
    words = language(code)
    begins = wanted.get("packages")
    if begins:
        title = words.of("packages", begins[0], packages.package_heading(begins[0]).title)
        title = words.say("toolbar.changed", title=title) if len(wanted) > 1 else title
    else:
        moved = [name for block in BLOCKS for name in wanted.get(block, {})]
        titles = [words.title(name) for name in moved[:NAMED_LEVERS]]
        titles[1:] = map(words.inside, titles[1:])
        title = words.join(titles)
        if len(moved) > NAMED_LEVERS:
            title = words.say("story_editor.and_others", titles=", ".join(titles))
    return words.say("story_editor.a_setting") if written_numbers(title) else title


def _identifier(title: str) -> str:
    """A name of letters, digits and _ that says what a title says."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"\W+", "_", plain)[:LONGEST_NAME].strip("_")
    return name if name.isidentifier() else f"setting_{name}".strip("_")


def _unlike(name: str, taken: set[str]) -> str:
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}_{number}"
    return found


def _shows(state: State, year: object) -> dict[str, object]:
    """What is looked at, as far as its page has it; the year where it is not that of the story."""
    view = state.view
    shows: dict[str, object] = {"page": view.page, "outcome": view.focus}
    own = {"overview": "drawn", "outcomes": "part", "compare": "way"}.get(view.page)
    if own is not None:
        shows[own] = getattr(view, own)
    return shows if year is None or year == state.year else shows | {"year": state.year}


def _left_out(state: State, beside: list[Scenario]) -> Iterator[str]:
    """What a page holds and a step cannot, as keys of words."""
    for scenario in (state.scenario, *beside[:MOST_OPTIONS]):
        others = differing(state.base, scenario).keys() - HELD
        if "horizon" in others:
            yield "years"
        if others - {"horizon"}:
            yield "assumptions"
        if any(name not in _plain(scenario)["context"] for name in _plain(state.base)["context"]):
            yield "context"
    if len(beside) > MOST_OPTIONS:
        yield "options"
    view, fresh = state.view, View()
    seen = (view.page, view.part if view.page == "outcomes" else "", view.way if view.page == "compare" else "")
    if any(getattr(view, name) != getattr(fresh, name) for name in _details(seen)):
        yield "details"


def _details(seen: Iterable[str]) -> Iterator[str]:
    for each in seen:
        yield from DETAILS.get(each, ())
