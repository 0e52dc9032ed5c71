"""The routes: their map, their gateways as a table with the weak link, and four variables by route."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from pushpull import Result
from pushpull.catalogue import catalogue
from pushpull.dashboard.charts import theme
from pushpull.dashboard.compute import indicators
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages.figures import figure, key, over_years
from pushpull.dashboard.pages.outcomes import route_map
from pushpull.dashboard.state.state import State
from pushpull.svg import Curve, curves
from pushpull.svg.curves import extent
from pushpull.wording.markup import element, table


def fragment(language: Language, state: State, runs: Runs) -> Markup:
    """The corridor drawn, its gateways as a table, and four variables by route: baseline beside yours."""
    scenario = state.scenario
    looks = [
        (language.of("routes", route.id, route.title), f"route-{index}", theme.ROUTE_DASHES[index % 6])
        for index, route in enumerate(scenario.corridor.routes.values())
    ]
    charts = []
    for name in indicators.ROUTE_CHARTS:
        unit = catalogue().model.variables[name].unit
        sides = (("baseline", runs.baseline), ("yours", runs.yours))
        lines = {side: _route_lines(result, name, looks) for side, result in sides}
        span = extent([*lines["baseline"], *lines["yours"]])
        for side, result in sides:
            title = f"{language.say(f'outcomes.routes.{name}')}, {language.inside(language.say(side))}"
            columns = [(line.title, line.values) for line in lines[side]]
            said = sentence_by_route(language, state, result, name)
            drawn = curves(
                language.numbers, title, said, result.time, lines[side], unit,
                mark=scenario.policy_start, span=span, name=f"{name}_{side}",
            )  # fmt: skip
            data = over_years(language, title, result.time, columns, unit)
            shown = language.numbers.unit_beside(unit)
            charts.append(figure(language, f"{name}-{side}", title, shown, drawn, said, data))
    return element(
        "div",
        element("p", language.say("outcomes.routes.hint"), class_="hint"),
        element("div", route_map.fragment(language, state, runs), gateways(language, state, runs)),
        key(looks),
        element("div", charts, class_="grid pairs"),
    )


def _route_lines(result: Result, name: str, looks: Iterable[tuple[str, str, tuple[int, ...]]]) -> list[Curve]:
    rows = result.by_route(name)[0].T
    return [Curve(title, row, colour, dash, 2.2) for (title, colour, dash), row in zip(looks, rows, strict=True)]


def sentence_by_route(language: Language, state: State, result: Result, name: str) -> str:
    """One sentence on a variable of each route."""
    unit, index = catalogue().model.variables[name].unit, indicators.moment(result.time, state.year)
    rows = result.by_route(name)[0][index]
    shares = [
        f"{language.of('routes', route.id, route.title)} {language.numbers.amount(float(value), unit)}"
        for route, value in zip(state.scenario.corridor.routes.values(), rows, strict=True)
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
