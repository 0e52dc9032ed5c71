"""Options: scenarios held side by side under the letters A, B, C, which are named, moved, removed and edited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.state.packages import cleaned, package_in_title
from pushpull.dashboard.state.state import State

FIRST_LETTER = "A"


def letter(place: int) -> str:
    """The letter of the option at a place."""
    return chr(ord(FIRST_LETTER) + place)


def title_of(words: Language, state: State, place: int) -> str:
    """The option at a place by its letter and its name."""
    return words.say("pair", name=letter(place), value=state.title_of(words, state.kept[place]))


def with_package(state: State, name: str) -> State:
    """The state with a policy package, over the context that is set, as one more option; no longer compared as a
    package."""
    option = state.scenario.with_changes(title=state.base.title).baseline().with_policy(name)
    others = tuple(each for each in state.view.compared if each != name)
    return state.keeping(option).looking(compared=others)


def of_today(state: State) -> State:
    """The state with today's policy, in the context that is set, as one more option, which is edited."""
    plain = state.scenario.with_changes(title=state.base.title).baseline()
    return editing(state.keeping(plain), len(state.kept))


def with_moves(state: State, moved: Iterable[tuple[str, float | None, str | None]]) -> State:
    """The state with levers moved from today's policy, in the context that is set, as one more option; raises Refusal
    and ScenarioFaults where they cannot be."""
    made = replace(state, scenario=state.scenario.with_changes(title=state.base.title).baseline(), option=None)
    for name, value, route in moved:
        made = made.with_value(name, value, route)
    return state.keeping(made.scenario)


def without(state: State, place: int) -> State:
    """The state without the option at a place, if there is one."""
    if not _is_one(state, place):
        return state
    edited = state.option
    if edited is not None:
        edited = None if edited == place else edited - (edited > place)
    return replace(state, kept=(*state.kept[:place], *state.kept[place + 1 :]), option=edited)


def moved(state: State, place: int, by: int) -> State:
    """The state with the option at a place so many places further on, or back, as far as there are any."""
    if not _is_one(state, place):
        return state
    order = list(range(len(state.kept)))
    order.remove(place)
    order.insert(min(max(place + by, 0), len(order)), place)
    edited = None if state.option is None else order.index(state.option)
    return replace(state, kept=tuple(state.kept[each] for each in order), option=edited)


def editing(state: State, place: int) -> State:
    """The state with the option at a place as its scenario, so that what moves goes into it; where there is none, the
    options stay as they are, and so does the scenario."""
    if not _is_one(state, place):
        return replace(state, option=None)
    option = state.kept[place]
    return replace(state, scenario=option, package=package_in_title(state.base, option.title), option=place)


def renamed(state: State, place: int, text: str) -> State:
    """The state with a name for the option at a place, or before the first one for the scenario, which an empty text
    takes away again; raises Refusal where it is none."""
    name = cleaned(text)
    if place < 0 and (name or state.option is None):
        return state.with_scenario(state.scenario.with_changes(title=name or state.base.title))
    if not name or not _is_one(state, place):
        return state
    if place == state.option:
        return state.with_scenario(state.scenario.with_changes(title=name))
    option = state.kept[place].with_changes(title=name)
    return replace(state, kept=(*state.kept[:place], option, *state.kept[place + 1 :]))


def _is_one(state: State, place: int) -> bool:
    return 0 <= place < len(state.kept)
