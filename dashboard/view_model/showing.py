"""What each component shows of a state and its runs, as plain values. No widgets here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup

from pushpull.analysis import Paired
from pushpull.catalogue import catalogue
from pushpull.dashboard.charts.charts import FOCUS, PLACES, places
from pushpull.dashboard.compute import indicators
from pushpull.dashboard.compute.advisories import warnings_of
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages import (
    assumptions_page,
    compare_page,
    evidence_page,
    outcomes_page,
    overview_page,
    why_page,
)
from pushpull.dashboard.state.state import State, package_heading, shipped
from pushpull.dashboard.state.undo import History
from pushpull.dashboard.state.view import PEOPLE
from pushpull.dashboard.storage import corridors, user_folder
from pushpull.dashboard.view_model import controls
from pushpull.engine.runs.result import Result
from pushpull.scenario import policy_names, scenario_names


def placed(state: State) -> dict[str, str | None]:
    """Which outcome each place for a chart shows: the cards' first nine, and the one looked at closely."""
    names = [*PEOPLE, *state.view.chosen][:PLACES]
    found = {str(place): names[place] if place < len(names) else None for place in range(PLACES)}
    return found | {FOCUS: state.view.focus}


def toolbar(language: Language, history: History, dark: bool, replaying: str, folder: Path | None) -> dict:
    """Corridor, package, and what the buttons can do."""
    state = history.now
    undo, redo = history.can
    return {
        "corridors": _corridors(language, state),
        "corridor": state.opened,
        "packages": _packages(language, state),
        "package": _chosen_package(state),
        "can_undo": undo,
        "can_redo": redo,
        "can_reset": {
            "policies": bool(state.scenario.policies),
            "context": bool(state.scenario.context),
            "both": state.scenario != state.base,
        },
        "replaying": language.say(f"toolbar.replaying.{replaying}") if replaying else "",
        "dark": dark,
        "link": state.short_link,
        "language": state.view.language,
        **_shelf(language, folder),
    }


def levers(language: Language, state: State, turn: int) -> dict:
    """The settings of every lever."""
    return {
        "turn": turn,
        "settings": controls.settings(language, state, catalogue().levers),
        "years": _years(state),
    }


def _shelf(language: Language, folder: Path | None) -> dict:
    """The files of the user's folder, and one sentence on those that are not offered."""
    if folder is None:
        return {"shelf": None, "shelf_note": ""}
    found = user_folder.listing(folder)
    reasons = [language.say(f"left_out.{reason}", count=count) for reason, count in sorted(found.left_out.items())]
    note = language.say("left_out.files", reasons="; ".join(reasons)) if reasons else ""
    return {"shelf": list(found.names), "shelf_note": note}


def context(language: Language, state: State, turn: int) -> dict:
    """The settings of the context, and the years."""
    return {"turn": turn, "settings": controls.settings(language, state, catalogue().context), "years": _years(state)}


def _years(state: State) -> dict[str, float]:
    """The years between which all that is typed must lie."""
    return {name: getattr(state.scenario, name) for name in ("start", "policy_start", "end")}


def headlines(
    language: Language,
    state: State,
    found: Mapping[str, indicators.Change],
    worlds: Paired | None,
    yours: Result | None = None,
) -> dict:
    """The sentences, the warnings and the cards; `yours` is the run of the state."""
    return overview_page.headlines(language, state, found, worlds, warnings_of(state, found, yours))


def bridge(
    language: Language,
    state: State,
    runs: Runs,
    dark: bool,
    notices: list[dict],
    worlds: Paired | None,
    replaying: str,
) -> dict:
    """What stands on the page around the components."""
    scenario = state.scenario
    corridor = scenario.corridor
    return {
        "page": state.view.page,
        "part": state.view.part,
        "title": language.of("corridors", state.opened, corridor.title),
        "question": _question(language, state),
        "illustrative": corridor.illustrative,
        "dark": dark,
        "notices": notices,
        "untouched": runs.untouched is not None,
        "history": bool(corridor.recorded),
        "bands": worlds is not None,
        "wants_bands": state.view.bands,
        "replaying": replaying,
        "places": _places(language, state),
    }


def _question(language: Language, state: State) -> str:
    """The scenario's question; that of a shipped scenario or package in the language of the page."""
    question = state.scenario.question or state.scenario.corridor.question
    for name, shipped_question in (
        (state.opened, state.base.question),
        *((name, package_heading(name).question) for name in policy_names()),
    ):
        if question == shipped_question:
            return language.of("questions", name, question)
    return question


def _places(language: Language, state: State) -> dict:
    outcomes_ = catalogue().outcomes
    return {
        place: name
        and {
            "outcome": name,
            "title": language.title(name),
            "unit": language.numbers.unit_beside(outcomes_[name].unit),
            "meaning": language.meaning(name),
        }
        for place, name in placed(state).items()
    }


def summaries(language: Language, state: State, runs: Runs, found: Mapping[str, indicators.Change]) -> dict[str, str]:
    """One sentence for each place of a chart that is looked at."""
    start, told = state.scenario.policy_start, {}
    shown = {"overview": places()[:-1], "outcomes": (FOCUS,)}.get(state.view.page, ())
    for place, name in placed(state).items():
        if name is not None and place in shown:
            today = indicators.at(runs.baseline, runs.baseline.total(name)[0], start)
            told[place] = overview_page.summary(language, found[name], today, start, state.year)
    return told


def leaves(
    language: Language, state: State, runs: Runs, worlds: Paired | None, found: Mapping[str, object]
) -> dict[str, Markup]:
    """The pieces of the open page, and those that stand on all."""
    made = {"assumptions": assumptions_page.leaf(language, state)}
    page = state.view.page
    if page == "outcomes":
        made |= outcomes_page.leaves(language, state, runs)
    elif page == "why":
        made["why"] = why_page.leaf(language, state, runs, found.get("reasons"))
    elif page == "compare":
        made["compare"] = compare_page.leaf(language, state, found.get("is_ready", True))
    elif page == "evidence":
        made["evidence"] = evidence_page.leaf(language, state, runs, found)
    return made


# Fixed words ------------------------------------------------------------------------------------------------


def toolbar_words(language: Language, user: str | None = None) -> dict:
    """The fixed texts of the toolbar; who is signed in is told beside the way out."""
    signed_in = {} if user is None else {"sign_out_hint": language.say("toolbar.sign_out_hint", user=user)}
    return {**language.section("toolbar"), "signed_in": user is not None, **signed_in, "code": language.code}


def panel_words(language: Language, name: str, state: State) -> dict:
    """The fixed texts of the panel of levers or of the context."""
    shared = {
        **language.section("levers"),
        "schedule": language.section("schedule"),
        "pair": language.say("pair"),
        "locale": language.section("numbers.locale"),
        "panel": name,
    }
    if name == "context":
        own = language.section("context")
        years = {"policy_start": own["policy_start"], "end": own["end"]}
        return shared | {"title": own["title"], "hint": own["hint"], "open": False, "years": years}
    start = language.numbers.year(state.scenario.policy_start)
    return shared | {"hint": language.say("levers.hint", start=start), "open": True}


def headline_words(language: Language) -> dict:
    """The fixed texts of the headlines."""
    return language.section("overview")


def bridge_words(language: Language) -> dict:
    """The fixed texts of the bridge."""
    known = catalogue().outcomes.values()
    say = language.say
    return {
        **{key: value for key, value in language.section("page").items() if isinstance(value, str)},
        "locale": language.section("numbers.locale"),
        "pair": say("pair"),
        "baseline": say("baseline"),
        "yours": say("yours"),
        "as_recorded": language.inside(say("charts.legend_recorded")),
        "twins": {outcome.id: outcome.observed_as for outcome in known if outcome.observed_as},
    }


def _corridors(language: Language, state: State) -> list[list[str]]:
    """Shipped corridors, those with a record first, then one's own, and the one that is open in any case."""
    names = sorted(scenario_names(), key=lambda name: shipped(name).corridor.illustrative)
    entries = [[name, language.of("corridors", name, shipped(name).corridor.title)] for name in names]
    own = dict(corridors.own(state.homes))
    if state.opened not in names:
        own.setdefault(state.opened, state.base.corridor.title)
    return entries + [[name, language.say("toolbar.own_corridor", title=title)] for name, title in own.items()]


def _chosen_package(state: State) -> str:
    """The package, `own` where levers are moved by hand, or nothing."""
    return "own" if state.is_own else state.package or ""


def _packages(language: Language, state: State) -> list[list[str]]:
    say = language.say
    titles = {name: language.of("packages", name, package_heading(name).title) for name in policy_names()}
    entries = [["", say("toolbar.none")], *map(list, titles.items())]
    if state.is_own and state.package:
        entries.append(["own", say("toolbar.changed", title=titles[state.package])])
    elif state.is_own:
        entries.append(["own", say("toolbar.own")])
    return entries
