"""The whole results as a workbook: outcomes year by year, with your settings and without, ranges, routes, record."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from pushpull.analysis import Paired
from pushpull.analysis.quantile_ranges import MOST
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute import indicators
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.export.chart_files import rounded
from pushpull.dashboard.export.charts_shown import CLOSE
from pushpull.dashboard.export.colophon import Colophon
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages import overview_page
from pushpull.dashboard.pages.figures import run_names
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import outcomes_for_cards
from pushpull.engine.runs.result import Result
from pushpull.files.csv_text import Cell
from pushpull.files.workbook import Sheet, workbook

SavedValues = Callable[[str], np.ndarray]  # of an outcome by its name, over the saved times


def results_workbook(
    language: Language, state: State, runs: Runs, ensemble: Paired | None, colophon: Colophon
) -> bytes:
    """The workbook of a state."""
    return workbook(_sheets(language, state, runs, ensemble, colophon))


def _sheets(
    language: Language, state: State, runs: Runs, ensemble: Paired | None, colophon: Colophon
) -> Iterator[Sheet]:
    say, start = language.say, state.scenario.policy_start
    about: list[tuple[Cell, ...]] = [*colophon.rows, (say("exports.set"), overview_page.moved(language, state))]
    about.append((say("exports.numbers"), say("exports.rounded")))
    yield Sheet(say("exports.about"), about, is_headed=False)
    for key, result in (("yours", runs.yours), ("baseline", runs.baseline)):
        yield Sheet(run_names(language, state)[key], _outcomes(language, result.time, _of(result), start))
    if ensemble is not None:
        share = language.numbers.share(MOST[1] - MOST[0])
        for end, place in (("low", 0), ("high", 1)):
            named = say(f"exports.range_{end}", share=share)
            yield Sheet(named, _outcomes(language, ensemble.time, _edge(ensemble, place), start))
    if len(runs.yours.routes) > 1:
        yield Sheet(say("exports.routes"), _by_route(language, state, runs))
    record = _record(language, state)
    if len(record) > 1:
        yield Sheet(say("charts.legend_history"), record)


def _of(result: Result) -> SavedValues:
    return lambda name: result.total(name)[0]


def _edge(ensemble: Paired, place: int) -> SavedValues:
    nothing = np.full(len(ensemble.time), np.nan)

    def edge(name: str) -> np.ndarray:
        most = ensemble.of(name).policy.most
        return nothing if most is None else most[place]

    return edge


def _years(time: np.ndarray, start: float) -> list[int]:
    """The places of whole years, of the policy start and of the last time."""
    return [
        place
        for place, year in enumerate(time)
        if abs(year - round(year)) <= CLOSE or abs(year - start) <= CLOSE or place == len(time) - 1
    ]


def _outcomes(language: Language, time: np.ndarray, values: SavedValues, start: float) -> list[list[Cell]]:
    names = outcomes_for_cards()
    columns = {name: values(name) for name in names}
    heads: list[Cell] = [language.say("page.year"), *(_headed(language, name) for name in names)]
    rows: list[list[Cell]] = [heads]
    for place in _years(time, start):
        rows.append([_year(time[place]), *(rounded(float(columns[name][place])) for name in names)])
    return rows


def _by_route(language: Language, state: State, runs: Runs) -> list[list[Cell]]:
    """What is known route by route, a row for each route and year."""
    say, routes = language.say, state.scenario.corridor.routes
    names = indicators.ROUTE_CHARTS
    sides = {key: {name: result.by_route(name)[0] for name in names}
             for key, result in (("yours", runs.yours), ("baseline", runs.baseline))}  # fmt: skip
    heads: list[Cell] = [say("page.year"), say("exports.route")]
    titles = run_names(language, state, is_inside=True)
    for name in names:
        unit = language.numbers.unit(catalogue().model.variables[name].unit)
        heads += [f"{say(f'outcomes.routes.{name}')}, {titles[key]} ({unit})" for key in sides]
    rows: list[list[Cell]] = [heads]
    for number, route in enumerate(runs.yours.routes):
        title = language.of("routes", route, routes[route].title)
        for place in _years(runs.yours.time, state.scenario.policy_start):
            cells = [rounded(float(side[name][place][number])) for name in names for side in sides.values()]
            rows.append([_year(runs.yours.time[place]), title, *cells])
    return rows


def _record(language: Language, state: State) -> list[list[Cell]]:
    """What was recorded of the outcomes, a row for each figure."""
    say = language.say
    rows: list[list[Cell]] = [[say("page.year"), say("why.outcome"), say("exports.value")]]
    for name in catalogue().outcomes:
        points = indicators.history(state.scenario.corridor, name, state.scenario.start)
        pairs = zip(points["time"], points["value"], strict=True)
        rows += [[_year(time), _headed(language, name), rounded(value)] for time, value in pairs]
    return rows


def _headed(language: Language, name: str) -> str:
    return f"{language.title(name)} ({language.numbers.unit(catalogue().outcomes[name].unit)})"


def _year(time: float) -> float:
    return float(f"{time:.10g}")
