"""The routes: their map, their gateways as a table with the weak link, four variables by route, and two by origin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from markupsafe import Markup

from pushpull import Result
from pushpull.analysis import Paired
from pushpull.catalogue import catalogue
from pushpull.dashboard.charts import theme
from pushpull.dashboard.compute import indicators
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages.figures import figure, key, over_years, run_names
from pushpull.dashboard.pages.outcomes import gateway_changes, route_map
from pushpull.dashboard.state.state import State
from pushpull.scenario.corridor import Origin, Route
from pushpull.svg import Curve, curves
from pushpull.svg.curves import extent
from pushpull.wording.markup import element, table

Look = tuple[str, str, tuple[int, ...]]
COLOURS = 6  # then the same again, with other dashes beside them


def fragment(language: Language, state: State, runs: Runs, ensemble: Paired | None = None) -> Markup:
    """What the policy does at each gateway; the corridor drawn, its gateways as a table, and variables by route and by
    origin: baseline beside yours."""
    corridor = state.scenario.corridor
    by_route = charts(language, state, runs, "route", indicators.ROUTE_CHARTS)
    by_origin = charts(language, state, runs, "origin", indicators.ORIGIN_CHARTS) if len(corridor.origins) > 1 else None
    return element(
        "div",
        gateway_changes.fragment(language, state, runs, ensemble),
        element("p", language.say("outcomes.routes.hint"), class_="hint"),
        element("div", route_map.fragment(language, state, runs), gateways(language, state, runs)),
        key(looks(language, "routes", corridor.routes)),
        element("div", by_route, class_="grid pairs"),
        key(looks(language, "origins", corridor.origins)) if by_origin else None,
        element("div", by_origin, class_="grid pairs") if by_origin else None,
    )


def places_of(state: State, index: str) -> tuple[str, Mapping[str, Route | Origin]]:
    """The block of texts and the members of an index, `route` or `origin`."""
    corridor = state.scenario.corridor
    return ("routes", corridor.routes) if index == "route" else ("origins", corridor.origins)


def looks(language: Language, block: str, places: Mapping[str, Route | Origin]) -> list[Look]:
    """The title, the colour and the dashes of each route or origin."""
    return [
        (language.of(block, place.id, place.title), f"route-{index % COLOURS}", theme.ROUTE_DASHES[index % 6])
        for index, place in enumerate(places.values())
    ]


def charts(language: Language, state: State, runs: Runs, index: str, names: Iterable[str]) -> list[Markup]:
    """Variables with a line for each member of an index (`route` or `origin`): baseline beside yours."""
    block, places = places_of(state, index)
    seen, charts = looks(language, block, places), []
    called = run_names(language, state, is_inside=True)
    for name in names:
        unit = catalogue().model.variables[name].unit
        sides = (("baseline", runs.baseline), ("yours", runs.yours))
        lines = {side: _lines(result, name, index, seen) for side, result in sides}
        span = extent([*lines["baseline"], *lines["yours"]])
        for side, result in sides:
            title = f"{language.say(f'outcomes.routes.{name}')}, {called[side]}"
            columns = [(line.title, line.values) for line in lines[side]]
            said = sentence_by(language, state, result, name, index)
            drawn = curves(
                language.numbers, title, said, result.time, lines[side], unit,
                mark=state.scenario.policy_start, span=span, name=f"{name}_{side}",
            )  # fmt: skip
            data = over_years(language, title, result.time, columns, unit, state.scenario.policy_start)
            shown = language.numbers.unit_beside(unit)
            charts.append(figure(language, f"{name}-{side}", title, shown, drawn, said, data))
    return charts


def _by(result: Result, name: str, index: str) -> np.ndarray:
    return (result.by_route(name) if index == "route" else result.by_origin(name))[0]


def _lines(result: Result, name: str, index: str, seen: Sequence[Look]) -> list[Curve]:
    rows = _by(result, name, index).T
    return [Curve(title, row, colour, dash, 2.2) for (title, colour, dash), row in zip(seen, rows, strict=True)]


def sentence_by(language: Language, state: State, result: Result, name: str, index: str) -> str:
    """One sentence on a variable of each route or origin."""
    block, places = places_of(state, index)
    unit, row = catalogue().model.variables[name].unit, indicators.moment(result.time, state.year)
    shares = [
        f"{language.of(block, place.id, place.title)} {language.numbers.amount(float(value), unit)}"
        for place, value in zip(places.values(), _by(result, name, index)[row], strict=True)
    ]
    return language.say("outcomes.routes.told", year=language.numbers.year(state.year), shares=language.join(shares))


def gateways(language: Language, state: State, runs: Runs) -> Markup:
    """Each route's strictness and share of traffic: at the policy start and later, baseline and yours."""
    say, numbers, scenario = language.say, language.numbers, state.scenario
    moments = ((runs.baseline, scenario.policy_start), (runs.baseline, state.year), (runs.yours, state.year))
    weak = [indicators.weakest(result, year) for result, year in moments]
    rows = []
    for index, (name, route) in enumerate(scenario.corridor.routes.items()):
        cells = []
        for (result, year), link in zip(moments, weak, strict=True):
            row = indicators.moment(result.time, year)
            share = float(result.by_route("route_share")[0][row, index])
            strict = float(result.by_route(indicators.STRICTNESS)[0][row, index])
            content = [
                f"{numbers.amount(share, '1')} ", element("small", say("outcomes.routes.of_traffic")), element("br"),
                f"{numbers.number(strict, 2)} ", element("small", say("outcomes.routes.strictness")),
                element("b", say("outcomes.routes.weak")) if name == link else None,
            ]  # fmt: skip
            cells.append(element("td", content, class_="weak" if name == link else None))
        head = [language.of("routes", route.id, route.title), element("small", language.of("notes", name, route.note))]
        rows.append([element("span", head), *cells])
    heads = [
        say("outcomes.routes.gateway"),
        numbers.year(scenario.policy_start),
        say("outcomes.routes.in_baseline", year=numbers.year(state.year)),
        say("outcomes.routes.in_yours", year=numbers.year(state.year)),
    ]
    return element(
        "div",
        element("p", weak_link(language, state, weak), class_="told"),
        table(heads, rows, say("outcomes.routes.table")),
        class_="gateways",
        id="gateways",
        tabindex="0",
    )


def weak_link(language: Language, state: State, weak: list[str]) -> str:
    """One sentence on the weak link: at the policy start, and later in the baseline and under yours."""
    known, numbers = state.scenario.corridor.routes, language.numbers
    names = [language.of("routes", name, known[name].title) for name in weak]
    start = numbers.year(state.scenario.policy_start)
    if len(set(names)) == 1:
        return language.say("outcomes.routes.weak_stays", name=names[0], start=start)
    year = numbers.year(state.year)
    return language.say(
        "outcomes.routes.weak_moves", start=start, now=names[0], year=year, baseline=names[1], yours=names[2]
    )
