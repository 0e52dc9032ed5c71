"""What each component shows of a state and its runs, as plain values. No widgets here."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard import controls, text, theme, views
from dashboard.state import PEOPLE, History, State, package_heading, shipped
from model import Result, Scenario
from model.catalogue import catalogue
from model.scenario import policy_names, scenario_names


@dataclass(frozen=True)
class Runs:
    """The runs that are shown: of the state, of the baseline in its context, and of things as they stand
    where the context is changed."""

    yours: Result
    baseline: Result
    untouched: Result | None = None


def toolbar(history: History, dark: bool) -> dict:
    """Corridor, package, and what the buttons can do."""
    state = history.now
    undo, redo = history.can
    return {
        "corridors": [[name, shipped(name).corridor.title] for name in _corridors()],
        "corridor": state.opened,
        "packages": _packages(state),
        "package": _chosen_package(state),
        "can_undo": undo,
        "can_redo": redo,
        "can_reset": state.scenario != shipped(state.opened),
        "dark": dark,
        "link": state.link,
    }


def levers(state: State, turn: int) -> dict:
    """The settings of every lever."""
    return {"turn": turn, "settings": controls.settings(state, catalogue().levers)}


def context(state: State, turn: int) -> dict:
    """The settings of the context, and the years."""
    years = {"policy_start": state.scenario.policy_start, "end": state.scenario.end}
    return {"turn": turn, "settings": controls.settings(state, catalogue().context), "years": years}


def headlines(state: State, runs: Runs, found: dict[str, views.Change]) -> dict:
    """The sentences and the cards."""
    outcomes = catalogue().outcomes
    harm = bool(views.harms_that_rise(found))
    rows = ((text.PEOPLE_ROW, PEOPLE), (text.CHOSEN_ROW, state.view.chosen))
    choices = [name for name in views.outcomes_for_cards() if name not in PEOPLE]
    return {
        "verdict": views.headline(found, state.year, bool(state.scenario.policies), bool(state.scenario.context)),
        "caution": views.caution(found, state.year),
        "rows": [[title, [views.card(found[name], harm) for name in names]] for title, names in rows],
        "years": _years(state.scenario),
        "year": f"{state.year:g}",
        "choices": [[name, outcomes[name].title] for name in choices],
        "chosen": list(state.view.chosen),
    }


def bridge(state: State, runs: Runs, dark: bool, notices: list[dict]) -> dict:
    """What stands on the page around the components."""
    scenario = state.scenario
    corridor = scenario.corridor
    table = None
    if state.view.tab == "routes":
        table = views.route_table(corridor, runs.yours, runs.baseline, scenario.policy_start, state.year)
    return {
        "tab": state.view.tab,
        "title": corridor.title,
        "question": scenario.question or corridor.question,
        "illustrative": corridor.illustrative,
        "dark": dark,
        "notices": notices,
        "untouched": runs.untouched is not None,
        "history": bool(corridor.recorded),
        "routes": [route.title for route in corridor.routes.values()],
        "gateways": table,
    }


def summaries(state: State, runs: Runs, found: dict[str, views.Change]) -> dict[str, str]:
    """One sentence for each chart of the tab that is looked at."""
    scenario, year = state.scenario, state.year
    yours, start = runs.yours, scenario.policy_start
    if state.view.tab == "recorded":
        return {f"recorded:{true}": views.recorded_summary(yours, true, shown, year) for true, shown in views.PAIRS}
    if state.view.tab == "routes":
        return {
            f"route:{name}": views.by_route_told(scenario.corridor, yours, name, year) for name in views.ROUTE_CHARTS
        }
    told = {}
    for name, change in found.items():
        today = views.at(runs.baseline, runs.baseline.total(name)[0], start)
        told[f"outcome:{name}"] = views.summary(change, today, start, year)
    told["outcome:route_share"] = views.by_route_told(scenario.corridor, yours, "route_share", year)
    return told


def panel_words(name: str, state: State | None = None) -> dict:
    """The fixed texts of the panel of levers or of the context."""
    if name == "context":
        years = {"policy_start": text.POLICY_START, "end": text.END}
        own = {"title": text.CONTEXT, "hint": text.CONTEXT_HINT, "open": False, "years": years}
    else:
        start = f"{state.scenario.policy_start:g}" if state else ""
        own = {"title": text.LEVERS, "hint": text.LEVERS_HINT.format(start=start), "open": True}
    return text.PANEL_WORDS | own | {"panel": name}


def bridge_words() -> dict:
    """The fixed texts and looks of the bridge."""
    outcomes = catalogue().outcomes.values()
    twins = {outcome.id: outcome.observed_as for outcome in outcomes if outcome.observed_as}
    dashes = [list(dash) for dash in theme.ROUTE_DASHES]
    return text.BRIDGE_WORDS | {"dashes": dashes, "twins": twins | dict(views.PAIRS)}


def _corridors() -> list[str]:
    """Corridors with a record first."""
    return sorted(scenario_names(), key=lambda name: shipped(name).corridor.illustrative)


def _chosen_package(state: State) -> str:
    """The package, `own` where levers are moved by hand, or nothing."""
    return "own" if state.is_own else state.package or ""


def _packages(state: State) -> list[list[str]]:
    entries = [["", text.NO_PACKAGE], *([name, package_heading(name).title] for name in policy_names())]
    if state.is_own and state.package:
        entries.append(["own", text.CHANGED_PACKAGE.format(package_heading(state.package).title)])
    elif state.is_own:
        entries.append(["own", text.OWN_LEVERS])
    return entries


def _years(scenario: Scenario) -> list[str]:
    """The years the cards may show: the policy start, every fifth, and the last."""
    first, last = scenario.policy_start, scenario.end
    fives = [year for year in range(int(first) + 1, int(last) + 1) if year % 5 == 0 and year < last]
    return [f"{year:g}" for year in (first, *fives, last)]
