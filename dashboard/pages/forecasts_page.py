"""How far to trust a forecast: forecasts made from past years, beside what came and what needs no model."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from markupsafe import Markup

from pushpull import svg
from pushpull.dashboard.compute.evaluations import evaluations_of, is_of_today
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages.figures import key, swatches
from pushpull.dashboard.state.state import State
from pushpull.evaluation.design import HORIZONS
from pushpull.evaluation.judgement import (
    ForecastYears,
    base_line,
    chosen_rows,
    forecasts_by_year,
    judgement,
    main_measure,
    times_the_error,
)
from pushpull.evaluation.knowledge import POLICIES
from pushpull.files.faults import ScenarioFaults
from pushpull.scenario.left_over import left_over_by_year
from pushpull.svg.curves import extent
from pushpull.wording.markup import element, table
from pushpull.wording.numbers import DASH

YEARS_AHEAD = 5  # at which the width of ranges is given
MOST_DRAWN = 24  # forecasts, of the latest years
RIVALS = ("persistence", "trend", "regression")


def fragment(language: Language, state: State) -> Markup:
    """The section of the evidence page."""
    say = language.say
    return element(
        "section",
        element("h2", say("forecasts.title")),
        element("p", say("forecasts.hint"), class_="hint"),
        _body(language, state),
        class_="sheet",
    )


def left_over(language: Language, state: State) -> Markup | str:
    """The section on what the structure leaves over of the last years; nothing where a fit left nothing over."""
    say, scenario = language.say, state.scenario
    factors = left_over_by_year(scenario.corridor)
    if not factors:
        return ""
    years = list(next(iter(factors.values())))
    body = [
        [
            language.title(name)
            if name in scenario.catalogue.context
            else language.of("origins", name, scenario.corridor.origins[name].title),
            *(language.numbers.number(each[year], 2) for year in years),
        ]
        for name, each in factors.items()
    ]
    off = scenario.formulas.get("left_over") == "left_out"
    return element(
        "section",
        element("h2", say("left_over.title")),
        element("p", say("left_over.hint"), class_="hint"),
        element("p", say("left_over.off"), class_="told") if off else "",
        element(
            "div",
            table([say("left_over.origin"), *map(str, years)], body, say("left_over.title"), class_="numbers"),
            class_="scroll",
            tabindex="0",
        ),
        class_="sheet left-over",
    )


def unforeseen(language: Language, state: State) -> Markup:
    """The section on what no forecast can foresee, and what is answered to those who say so."""
    say = language.say
    return element(
        "section",
        element("h2", say("unforeseen.title")),
        element("p", say("unforeseen.shocks")),
        _worth_of_knowing(language, state),
        _width_of_ranges(language, state),
        element("p", say("unforeseen.answer")),
        class_="sheet unforeseen",
    )


def _worth_of_knowing(language: Language, state: State) -> Markup | str:
    """How much larger errors are where policy, and drivers too, are not known; nothing where nothing was judged so."""
    try:
        evaluations = evaluations_of(state.scenario)
    except ScenarioFaults:
        return ""  # the section on forecasts says that it cannot be read
    main = main_measure(evaluations[-1]) if evaluations else None
    if main is None or main not in state.scenario.catalogue.model.variables:
        return ""
    frozen, drivers = (times_the_error(evaluations[-1], main, policy) for policy in POLICIES[1:])
    if frozen is None or drivers is None:
        return ""
    number = language.numbers.number
    sentence = language.say(
        "unforeseen.worth", measure=language.title(main), frozen=number(frozen, 2), drivers=number(drivers, 2)
    )
    return element("p", sentence, class_="told")


def _width_of_ranges(language: Language, state: State) -> Markup | str:
    """How wide the ranges of years to come are for what no forecast foresaw; nothing where they carry none of it."""
    errors = state.scenario.corridor.forecast_errors
    if errors is None:
        return ""
    reach = errors.reach(YEARS_AHEAD)
    number = language.numbers.number
    least, most = number(min(reach.values()), 2), number(max(reach.values()), 2)
    return element("p", language.say("unforeseen.ranges", years=YEARS_AHEAD, least=least, most=most), class_="told")


def _body(language: Language, state: State) -> list[Markup] | Markup:
    say, scenario = language.say, state.scenario
    try:
        evaluations = evaluations_of(scenario)
    except ScenarioFaults as faults:
        return element(
            "p", say("forecasts.unreadable", fault=faults.faults[0].in_language(language.code)), role="alert"
        )
    main = main_measure(evaluations[-1]) if evaluations else None
    if main is None:
        command = element("code", f"pushpull evaluate {scenario.corridor.id}")
        return element("p", say("forecasts.none"), " ", command)
    if main not in scenario.catalogue.model.variables:
        return element("p", say("forecasts.unreadable", fault=main), role="alert")
    latest, base = evaluations[-1], base_line(evaluations)
    unit = scenario.catalogue.model.variables[main].unit
    title = language.title(main)
    parts = [element("p", say("forecasts.earlier"), class_="warning")] if not is_of_today(scenario, latest) else []
    parts.append(element("p", verdict(language, latest, main), class_="told"))
    if base is not latest:
        sentence = verdict(language, base, main)
        parts.append(element("p", say("forecasts.base", date=base["made"], sentence=sentence), class_="hint"))
    legend = element(
        "div",
        key([(say("forecasts.median"), "yours", ()), (say("forecasts.persistence"), "baseline", (4, 3))]),
        swatches([(say("forecasts.range"), "fill: var(--yours); fill-opacity: 0.3"),
                  (say("forecasts.recorded"), "fill: var(--history)")]),
    )  # fmt: skip
    forecasts = forecasts_by_year(latest, main)[-MOST_DRAWN:]
    span = _span(forecasts)
    drawings = [_drawing(language, each, title, unit, span) for each in forecasts]
    return [
        *parts,
        element("h3", say("forecasts.figure", measure=title), element("small", f" {language.numbers.unit(unit)}")),
        legend,
        element("div", drawings, class_="forecasts"),
        element("h3", say("forecasts.errors", measure=title)),
        element("div", _errors(language, latest, main, base), class_="scroll", tabindex="0"),
        element("h3", say("forecasts.others")),
        element("div", _others(language, latest, main), class_="scroll", tabindex="0"),
        element("p", say("forecasts.count", count=len(evaluations)), class_="hint"),
    ]


def verdict(language: Language, evaluation: dict, measure: str, with_worst: bool = True) -> str:
    """What an evaluation comes to: how often the last value held was beaten, how many recorded values the ranges held,
    and, `with_worst`, the largest errors of the years ahead and of those beyond."""
    say, share = language.say, language.numbers.share
    near, beyond = (judgement(evaluation, measure, horizon=horizon) for horizon in HORIZONS)
    if near is None:
        return say("forecasts.nothing")
    one = "one_nearer" if near.beaten else "one_not"
    key = {0: "none", 1: one}.get(near.judged, "several")
    sentences = [
        say(f"forecasts.beaten.{key}", measure=language.title(measure), beaten=near.beaten, judged=near.judged),
        say("forecasts.held", half=share(near.in_half), whole=share(near.in_nine_tenths)),
        *(
            say(f"forecasts.{words}", error=share(each.worst["mape"]), made=each.worst["origin_year"],
                first=each.worst["years"][0], last=each.worst["years"][1])
            for words, each in (("worst", near), ("worst_beyond", beyond)) if with_worst and each is not None
        ),
    ]  # fmt: skip
    return " ".join(sentences)


def _span(forecasts: Sequence[ForecastYears]) -> tuple[float, float]:
    """The y axis that all drawings share."""
    values = [np.concatenate([each.ranges.ravel(), each.recorded, each.persistence]) for each in forecasts]
    return extent([svg.Curve("", np.concatenate([[0.0], *values]), "yours")])


def _drawing(language: Language, forecast: ForecastYears, title: str, unit: str, span: tuple[float, float]) -> Markup:
    low, quarter, median, three_quarters, high = forecast.ranges
    say, amount = language.say, language.numbers.amount
    heading = say("forecasts.made_in", year=forecast.made_in)
    summary = say(
        "forecasts.summary", year=f"{forecast.years[-1]:.0f}", median=amount(float(median[-1]), unit),
        recorded=amount(float(forecast.recorded[-1]), unit),
    )  # fmt: skip
    drawing = svg.curves(
        language.numbers,
        f"{title}: {heading}",
        summary,
        forecast.years,
        [
            svg.Curve(say("forecasts.persistence"), forecast.persistence, "baseline", (4, 3)),
            svg.Curve(say("forecasts.median"), median, "yours"),
        ],
        unit,
        [svg.Band(low, high, "yours"), svg.Band(quarter, three_quarters, "yours")],
        span=span,
        recorded=svg.Recorded(forecast.years, forecast.recorded),
    )
    return element("figure", element("figcaption", heading), drawing)


def _errors(language: Language, evaluation: dict, measure: str, base: dict) -> Markup:
    """Errors of one to five years ahead and beyond, for each year a forecast was made in; beside them those of the base
    line, policy known, where the evaluation is another."""
    say, cell = language.say, _share(language)
    body = []
    known = {(row["origin_year"], row["horizon"]): row for row in chosen_rows(evaluation, measure, POLICIES[0])}
    others = {
        policy: {(row["origin_year"], row["horizon"]): row for row in chosen_rows(evaluation, measure, policy)}
        for policy in POLICIES[1:]
    }
    first = {(row["origin_year"], row["horizon"]): row for row in chosen_rows(base, measure, POLICIES[0])}
    beside = [first] if base is not evaluation else []
    for place, row in known.items():
        body.append(
            [
                say("forecasts.row", made=place[0], first=row["years"][0], last=row["years"][1]),
                *(cell(each.get("mape")) for each in (row, *(others[name].get(place, {}) for name in others))),
                *(cell(each.get(place, {}).get("mape")) for each in beside),
                *(cell(row[f"{name}_mape"]) for name in RIVALS),
                cell(row["coverage_50"]),
                cell(row["coverage_90"]),
            ]
        )
    heads = [
        say("forecasts.years"),
        *(say(f"forecasts.policies.{name}") for name in POLICIES),
        *(say("forecasts.base_known") for _ in beside),
        *(say(f"forecasts.rivals.{name}") for name in RIVALS),
        say("forecasts.in_half"),
        say("forecasts.in_whole"),
    ]
    return table(heads, body, say("forecasts.errors", measure=language.title(measure)), class_="numbers")


def _others(language: Language, evaluation: dict, main: str) -> Markup:
    """The other measures: how often they beat the last value held, and how often their ranges held the record."""
    say, share = language.say, language.numbers.share
    body = []
    for measure in dict.fromkeys(row["measure"] for row in evaluation["rows"]):
        found = judgement(evaluation, measure) if measure != main else None
        if found is not None:
            beaten = say("forecasts.of", beaten=found.beaten, judged=found.judged) if found.judged else DASH
            body.append([language.title(measure), beaten, share(found.in_half), share(found.in_nine_tenths)])
    heads = [say("why.outcome"), say("forecasts.nearer"), say("forecasts.in_half"), say("forecasts.in_whole")]
    return table(heads, body, say("forecasts.others"), class_="numbers")


def _share(language: Language) -> Callable[[float | None], str]:
    return lambda value: DASH if value is None else language.numbers.share(value)
