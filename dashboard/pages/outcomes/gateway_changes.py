"""What a policy does at each gateway: where people arrive instead, and where they die."""

from __future__ import annotations

from markupsafe import Markup

from pushpull.analysis import Paired
from pushpull.analysis.engine_calls import Line
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.indicators import Change, moment
from pushpull.dashboard.compute.judging.outcome_verdicts import OutcomeVerdict, of_one_run, of_simulations
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages import overview_page
from pushpull.dashboard.pages.figures import along
from pushpull.dashboard.state.state import State
from pushpull.wording.markup import element

SHOWN = ("route_share", "arrivals_by_route", "deaths_by_route")


def fragment(language: Language, state: State, runs: Runs, ensemble: Paired | None) -> Markup | None:
    """A sentence for each outcome, and all of them as a table; nothing where no lever is moved."""
    if not state.scenario.policies:
        return None
    say, routes = language.say, state.scenario.corridor.routes
    found = {name: verdicts_by_route(state, runs, ensemble, name) for name in SHOWN}
    titles = {each.id: language.of("routes", each.id, each.title) for each in routes.values()}
    said = [
        say("pair", name=language.title(name), value=language.join(_said(language, titles, judged)))
        for name, judged in found.items()
        if name != "route_share"
    ]
    year, members = language.numbers.year(state.year), 0 if ensemble is None else ensemble.members
    key = "gateway_changes.sentence" if members else "gateway_changes.so_far"
    sentence = say(key, year=year, members=members, changes="; ".join(said))
    heads = [say("outcomes.routes.gateway"), *(_head(language, name) for name in SHOWN)]
    rows = [
        [title, *(element("td", overview_page.difference_cell(language, found[name][route])) for name in SHOWN)]
        for route, title in titles.items()
    ]
    return element(
        "div",
        element("p", sentence, class_="lead", id="gateway-sentence"),
        along(heads, rows, say("gateway_changes.caption", year=year)),
        class_="matrix compact sheet", id="gateway-changes",
    )  # fmt: skip


def verdicts_by_route(state: State, runs: Runs, ensemble: Paired | None, name: str) -> dict[str, OutcomeVerdict]:
    """The verdict on an outcome at each route in the year that is shown."""
    found = {}
    for place, route in enumerate(state.scenario.corridor.routes):
        pair = None if ensemble is None else ensemble.pairs.get(Line(name, route))
        if ensemble is not None and pair is not None:
            found[route] = of_simulations(pair, ensemble.members, moment(ensemble.time, state.year))
            continue
        after, before = (
            float(run.by_route(name)[0][moment(run.time, state.year), place]) for run in (runs.yours, runs.baseline)
        )
        found[route] = of_one_run(Change(catalogue().outcomes[name], after, before))
    return found


def _said(language: Language, titles: dict[str, str], judged: dict[str, OutcomeVerdict]) -> list[str]:
    return [f"{titles[route]} {overview_page.relative(language, verdict)}" for route, verdict in judged.items()]


def _head(language: Language, name: str) -> Markup:
    unit = language.numbers.unit_beside(catalogue().outcomes[name].unit)
    return element("span", language.title(name), element("small", unit))
