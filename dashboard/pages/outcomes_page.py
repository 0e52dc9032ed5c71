"""Outcomes: the gallery, the corridor and its weak link, the factors of the stock, recorded beside true."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup

from pushpull import Result
from pushpull.catalogue import catalogue
from pushpull.dashboard.charts import theme
from pushpull.dashboard.compute import indicators
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages import diagram, factors
from pushpull.dashboard.pages import routes as corridor
from pushpull.dashboard.pages.figures import figure, key, over_years
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import PARTS, outcomes_for_cards
from pushpull.svg import Curve, Recorded, curves
from pushpull.svg.curves import extent
from pushpull.wording.markup import buttons, element, send, table

# Outcome groups (see the cards) under the headings of the gallery; a group not named goes under the last.
THEMES = {
    "people": ("protection", "harm"),
    "smuggling": ("smuggling", "routes", "justice"),
    "stay": ("residence", "legal", "labour", "return", "recorded"),
    "origin": ("origin", "opinion", "cost"),
}


def leaves(language: Language, state: State, runs: Runs) -> dict[str, Markup]:
    """The pieces of the page that its open part needs."""
    part = state.view.part
    parts = [(name, language.say(f"outcomes.parts.{name}")) for name in PARTS]
    found = {"parts": buttons(language.say("outcomes.parts_name"), "part", parts, part)}
    if part == "gallery":
        return found | {"gallery": gallery(language, state)}
    if part == "routes":
        return found | {"routes": routes(language, state, runs)}
    if part == "factors":
        return found | {"factors": factors.leaf(language, state, runs)}
    if part == "recorded":
        return found | {"recorded": recorded(language, state, runs)}
    return found | {"diagram": diagram.leaf(language, state, runs)}


def by_theme() -> dict[str, list[str]]:
    """The outcomes of the gallery under their headings."""
    placed: dict[str, list[str]] = {title: [] for title in THEMES}
    for name in outcomes_for_cards():
        group = catalogue().outcomes[name].group
        placed[next((title for title, groups in THEMES.items() if group in groups), "origin")].append(name)
    return placed


def gallery(language: Language, state: State) -> Markup:
    """A wall of miniatures; the one that is chosen is shown large beside them."""
    rows = []
    for title, names in by_theme().items():
        rows.append(element("h3", language.say(f"outcomes.themes.{title}")))
        rows.append(element("div", [_miniature(language, state, name) for name in names], class_="wall"))
    return element("nav", rows, aria_label=language.say("outcomes.gallery_name"))


def _miniature(language: Language, state: State, name: str) -> Markup:
    lines = [
        element("polyline", points="", style=f"stroke: var(--{colour})", fill="none", stroke_width="2")
        for colour in ("baseline", "yours")
    ]
    spark = element("svg", lines, viewBox="0 0 120 34", data_spark=name, aria_hidden="true", preserveAspectRatio="none")
    return element(
        "button",
        spark,
        element("span", language.title(name)),
        type="button",
        id=f"miniature-{name}",
        data_send=send(focus=name),
        aria_pressed=str(name == state.view.focus).lower(),
    )


# Routes ----------------------------------------------------------------------------------------------------


def routes(language: Language, state: State, runs: Runs) -> Markup:
    """The corridor drawn, its gateways as a table, and four variables by route: baseline beside yours."""
    scenario = state.scenario
    looks = [
        (language.of("routes", route.id, route.title), f"route-{place}", theme.ROUTE_DASHES[place % 6])
        for place, route in enumerate(scenario.corridor.routes.values())
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
            drawn = curves(
                language.numbers, title, told_by_route(language, state, result, name), result.time, lines[side], unit,
                mark=scenario.policy_start, span=span, name=f"{name}_{side}",
            )  # fmt: skip
            data = over_years(language, title, result.time, columns, unit)
            said = told_by_route(language, state, result, name)
            shown = language.numbers.unit_beside(unit)
            charts.append(figure(language, f"{name}-{side}", title, shown, drawn, said, data))
    return element(
        "div",
        element("p", language.say("outcomes.routes.hint"), class_="hint"),
        corridor.leaf(language, state, runs),
        key(looks),
        element("div", charts, class_="grid pairs"),
    )


def _route_lines(result: Result, name: str, looks) -> list[Curve]:
    rows = result.by_route(name)[0].T
    return [Curve(title, row, colour, dash, 2.2) for (title, colour, dash), row in zip(looks, rows, strict=True)]


def told_by_route(language: Language, state: State, result: Result, name: str) -> str:
    """One sentence on a variable of each route."""
    unit, place = catalogue().model.variables[name].unit, indicators.moment(result.time, state.year)
    rows = result.by_route(name)[0][place]
    told = [
        f"{language.of('routes', route.id, route.title)} {language.numbers.amount(float(value), unit)}"
        for route, value in zip(state.scenario.corridor.routes.values(), rows, strict=True)
    ]
    return language.say("outcomes.routes.told", year=language.numbers.year(state.year), shares=language.join(told))


# Recorded and true -----------------------------------------------------------------------------------------


def recorded(language: Language, state: State, runs: Runs) -> Markup:
    """Each true figure beside what statistics show of it."""
    say, charts = language.say, []
    for true, shown in indicators.PAIRS:
        unit = catalogue().model.variables[true].unit
        title = say(f"outcomes.recorded.pairs.{true}.title")
        lines = [
            Curve(say("pair", name=say(side), value=say(f"charts.{word}")), result.total(name)[0], side, dash, width)
            for side, result, width in (("baseline", runs.baseline, 1.6), ("yours", runs.yours, 2.2))
            for word, name, dash in (("recorded", shown, theme.AS_RECORDED), ("real", true, ()))
        ]
        outcome = shown if shown in catalogue().outcomes else true
        points = indicators.history(state.scenario.corridor, outcome, state.scenario.start)
        said = recorded_summary(language, runs.yours, true, shown, state.year)
        drawn = curves(
            language.numbers, title, said, runs.yours.time, lines, unit,
            mark=state.scenario.policy_start, recorded=Recorded(points["time"], points["value"]),
            name=f"recorded_{true}",
        )  # fmt: skip
        columns = [(line.title, line.values) for line in lines]
        data = over_years(language, title, runs.yours.time, columns, unit)
        note = say(f"outcomes.recorded.pairs.{true}.note")
        charts.append(
            figure(language, f"recorded-{true}", title, language.numbers.unit(unit), drawn, f"{said} {note}", data)
        )
    legend = key(
        [
            (say("pair", name=say(side), value=say(f"charts.{word}")), side, dash)
            for side in ("yours", "baseline")
            for word, dash in (("real", ()), ("recorded", theme.AS_RECORDED))
        ]
    )
    return element(
        "div",
        element("p", say("outcomes.recorded.hint"), class_="hint"),
        legend,
        element("div", charts, class_="grid pairs"),
    )


def recorded_summary(language: Language, yours: Result, true: str, shown: str, year: float) -> str:
    """One sentence on a pair of true and recorded figures."""
    real, seen = (indicators.at(yours, yours.total(name)[0], year) for name in (true, shown))
    return language.say(
        "outcomes.recorded.told",
        year=language.numbers.year(year),
        shown=language.numbers.number(seen),
        true=language.numbers.number(real),
        share=language.numbers.amount(seen / real if real else 0.0, "1"),
    )


def gateways(language: Language, state: State, runs: Runs) -> Markup:
    """Each route's strictness and share of traffic: at the policy start and later, baseline and yours."""
    say, numbers, scenario = language.say, language.numbers, state.scenario
    moments = ((runs.baseline, scenario.policy_start), (runs.baseline, state.year), (runs.yours, state.year))
    weak = [indicators.weakest(result, year) for result, year in moments]
    rows = []
    for place, (name, route) in enumerate(scenario.corridor.routes.items()):
        cells = []
        for (result, year), link in zip(moments, weak, strict=True):
            row = indicators.moment(result.time, year)
            share = float(result.by_route("route_share")[0][row, place])
            strict = float(result.by_route(indicators.STRICTNESS)[0][row, place])
            told = [
                f"{numbers.amount(share, '1')} ", element("small", say("outcomes.routes.of_traffic")), element("br"),
                f"{numbers.number(strict, 2)} ", element("small", say("outcomes.routes.strictness")),
                element("b", say("outcomes.routes.weak")) if name == link else None,
            ]  # fmt: skip
            cells.append(element("td", told, class_="weak" if name == link else None))
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


def shares(result: Result, name: str, year: float) -> np.ndarray:
    """A variable of each route in a year, shape (route,)."""
    return result.by_route(name)[0][indicators.moment(result.time, year)]
