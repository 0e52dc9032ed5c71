"""The changes of a state that a message can ask for: `update(state, message)` gives the state after it.

One record a message: how it is read from what a component sends, and its case below. Nothing here knows of a document,
a browser or a thread. A new message is one more record here, and the component that sends it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

from pushpull.catalogue import catalogue
from pushpull.dashboard.i18n.notices import Notice
from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.state import examples, policy_options
from pushpull.dashboard.state.messages import (
    Kind,
    Message,
    OtherKind,
    anything,
    entries,
    flag,
    horizon,
    moves,
    one_of,
    says,
    schedule,
    text,
    whole,
    year,
)
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.undo import History
from pushpull.dashboard.state.view import View
from pushpull.dashboard.storage import corridors
from pushpull.scenario import policy_names

VIEW_NAMES = frozenset(each.name for each in fields(View)) - {"language", "year"}


@dataclass(frozen=True)
class StateChange(Kind):
    """A kind of message that changes the state: `case(state, *values)` is the state after it.

    `runs_model` says whether the model runs again. `control` names the control that is moved, from the values: all its
    moves together are one step back. `notice` says what is told of the state that was reached, if anything;
    `forgets_notices`, whether all that was told before goes.
    """

    runs_model: bool = False
    control: Callable[..., str] | None = None
    notice: Callable[[State], Notice | None] | None = None
    forgets_notices: bool = False


@dataclass(frozen=True)
class HistoryStep(Kind):
    """A kind of message that steps through the states there were: `case(history)` is the history after it."""


CHANGES: list[StateChange] = []


def update(state: State, message: Message) -> State:
    """The state after a message that changes it; raises Refusal or ScenarioFaults where it cannot be made."""
    return message.kind.case(state, *message.values)


def change(
    parse: Callable[[Mapping], tuple],
    runs_model: bool = False,
    control: Callable[..., str] | None = None,
    notice: Callable[[State], Notice | None] | None = None,
    forgets_notices: bool = False,
) -> Callable[[Callable], Callable]:
    """Make a function the case of one more message, with these fields of its `StateChange`."""

    def register(case: Callable[..., State]) -> Callable[..., State]:
        CHANGES.append(StateChange(case.__name__, parse, case, runs_model, control, notice, forgets_notices))
        return case

    return register


# Levers and context ---------------------------------------------------------------------------------------------


def _names(moved: tuple) -> str:
    return "+".join(sorted(name for name, _, _ in moved))


@change(entries(moves=moves), runs_model=True, control=_names)
def move_levers(state: State, moved: tuple[tuple[str, float | None, str | None], ...]) -> State:
    """Set levers and drivers, each for one route or all; None unsets. What has another name is left out."""
    known = catalogue()
    for name, value, route in moved:
        if name in known.levers or name in known.context:
            state = state.with_value(name, value, route)
    return state


@change(entries(schedule=schedule), runs_model=True)
def set_schedule(state: State, given: tuple[str, object, str | None]) -> State:
    """Give a lever or driver a schedule."""
    name, form, route = given
    return state.with_schedule(name, form, route)


@change(entries(unset=anything, panel=text), runs_model=True)
def unset_panel(state: State, _: object, panel: str) -> State:
    """Put every lever, or every driver of the context, back to what it is today."""
    return state.without_context() if panel == "context" else state.with_package(None)


@change(entries(years=horizon), runs_model=True)
def set_horizon(state: State, moved: tuple[str, float]) -> State:
    """Move the year in which policy starts, or in which the run ends."""
    name, to = moved
    return state.with_horizon(**{name: to})


@change(entries(package=one_of(lambda: ("", *policy_names()))), runs_model=True)
def choose_package(state: State, name: str) -> State:
    """Take a policy package in the place of every lever moved, or today's policy where the name is empty."""
    return state.with_package(name or None)


@change(entries(example=one_of(lambda: examples.EXAMPLES)), runs_model=True, forgets_notices=True)
def open_example(state: State, name: str) -> State:
    """Open one of the questions to begin with."""
    return examples.opened(state, name)


@change(entries(reset=one_of(lambda: ("policies", "context", "both"))), forgets_notices=True)
def reset(state: State, what: str) -> State:
    """Put policies, the context or both back to how the corridor stands today."""
    match what:
        case "policies":
            return state.with_package(None)
        case "context":
            return state.without_context()
    return state.reset()


@change(entries(formula=text, setting=text), runs_model=True)
def choose_formula(state: State, formula: str, setting: str) -> State:
    """Take a rival formula of a contested assumption."""
    return state.with_formula(setting, formula)


@change(entries(loop=flag, name=text), runs_model=True)
def switch_loop(state: State, on: bool, name: str) -> State:
    """Let a feedback loop act, or freeze it from the policy start on."""
    return state.with_loop(name, on)


# Corridors, and scenarios beside this one -----------------------------------------------------------------------


def about_corridor(state: State) -> Notice | None:
    """What is to be known of a corridor of one's own."""
    words = language(state.view.language)
    lines = corridors.told(state.base, words)
    if not lines:
        return None
    summary = words.say("notices.loaded", name=state.base.corridor.title)
    return Notice.shortened(words, summary, lines, good=True)


@change(entries(corridor=text), notice=about_corridor)
def open_corridor(state: State, name: str) -> State:
    """Open a corridor as it stands today."""
    return State.opening(name, state.view, state.homes)


def _about_kept(state: State) -> Notice:
    words = language(state.view.language)
    return Notice(words.say("notices.kept", title=state.title_of(words, state.kept[-1])), good=True, passing=True)


@change(says(do="keep"), notice=_about_kept)
def keep_beside(state: State) -> State:
    """Keep the scenario as it stands as one more option."""
    return state.keeping(state.scenario)


@change(entries(option=one_of(policy_names)), notice=_about_kept)
def add_package(state: State, name: str) -> State:
    """Keep a policy package as one more option."""
    return policy_options.with_package(state, name)


@change(says(do="new_option"), runs_model=True)
def begin_option(state: State) -> State:
    """Begin an option from today's policy: what is moved next goes into it."""
    return policy_options.of_today(state)


@change(entries(option_moves=moves), notice=_about_kept)
def add_moves(state: State, moved: tuple[tuple[str, float | None, str | None], ...]) -> State:
    """Keep levers moved from today's policy as one more option."""
    return policy_options.with_moves(state, moved)


@change(entries(unkeep=whole))
def drop_kept(state: State, place: int) -> State:
    """Drop one of the options."""
    return policy_options.without(state, place)


@change(entries(shift=whole, place=whole))
def move_option(state: State, by: int, place: int) -> State:
    """Move an option so many places on, or back."""
    return policy_options.moved(state, place, by)


@change(entries(edit=whole), runs_model=True)
def edit_option(state: State, place: int) -> State:
    """Make an option the scenario, so that moves go into it; a place before the first ends that."""
    return policy_options.editing(state, place)


@change(entries(rename=text, place=whole))
def rename(state: State, name: str, place: int) -> State:
    """Give a name to an option, or before the first place to the scenario."""
    return policy_options.renamed(state, place, name)


# What is looked at ----------------------------------------------------------------------------------------------


def _view(said: Mapping) -> tuple[Mapping]:
    """The fields of the view that are said."""
    view = {name: value for name, value in said.items() if name in VIEW_NAMES}
    if not view or isinstance(view.get("loop"), bool):
        raise OtherKind
    return (view,)


@change(_view)
def look(state: State, view: Mapping) -> State:
    """Look at something else: fields of the view by their names; what makes no sense is left out."""
    return state.looking(**view)


@change(entries(language=text))
def choose_language(state: State, code: str) -> State:
    """Show the page in a language."""
    return state.looking(language=code)


@change(entries(year=year))
def show_year(state: State, at: float) -> State:
    """Show the outcomes of a year on the cards."""
    return state.in_year(at)


@change(entries(why=text))
def ask_why(state: State, outcome: str) -> State:
    """Open the page that says why an outcome changed."""
    return state.looking(page="why", focus=outcome)


@change(entries(open=text))
def open_evidence(state: State, subject: str) -> State:
    """Open the evidence on a lever, a driver or an outcome."""
    return state.looking(page="evidence", subject=subject)


@change(entries(pair_across=text))
def trade_across(state: State, outcome: str) -> State:
    """Choose the outcome along the horizontal axis of the trade-off."""
    return state.looking(pair=(outcome, state.view.pair[1]))


@change(entries(pair_up=text))
def trade_up(state: State, outcome: str) -> State:
    """Choose the outcome along the vertical axis of the trade-off."""
    return state.looking(pair=(state.view.pair[0], outcome))


@change(entries(loop_shown=text))
def show_loop(state: State, name: str) -> State:
    """Show a loop in the diagram."""
    return state.looking(loop=name)


# Steps through the history --------------------------------------------------------------------------------------

HISTORY_STEPS = (
    HistoryStep("undo", says(do="undo"), History.undo),
    HistoryStep("redo", says(do="redo"), History.redo),
    HistoryStep("release", entries(release=anything), lambda history, _: history.settled()),  # the hand left a slider
)
