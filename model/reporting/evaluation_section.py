"""The section of a report on forecasts made from past years: what they were worth, and how often they were made."""

from __future__ import annotations

from pushpull import svg
from pushpull.evaluation.design import HORIZONS
from pushpull.evaluation.judgement import (
    ForecastYears,
    base_line,
    forecasts_by_year,
    judgement,
    main_measure,
    times_the_error,
)
from pushpull.evaluation.knowledge import POLICIES
from pushpull.reporting.findings import Findings
from pushpull.reporting.report_figures import Figure
from pushpull.reporting.report_words import ReportWords
from pushpull.wording.numbers import DASH
from pushpull.wording.phrases import Phrase

PARTS = ("group", "route")  # of which a forecast may be
COLUMNS = (
    Phrase("made in"), Phrase("years"), Phrase("policy"), Phrase("error"), Phrase("last value held"), Phrase("trend"),
    Phrase("regression"), Phrase("CRPS"), Phrase("CRPS of last value"), Phrase("in 50 % range"),
    Phrase("in 90 % range"),
)  # fmt: skip
CHANGE_COLUMNS = (
    Phrase("name"), Phrase("made on"), Phrase("what changed"), Phrase("nearer than last value"),
    Phrase("error over last value's"), Phrase("in 50 %"), Phrase("in 90 %"),
)  # fmt: skip
POLICY_WORDS: dict[str, str] = {
    "known": Phrase("known"),
    "frozen": Phrase("policy frozen"),
    "drivers_frozen": Phrase("policy and drivers frozen"),
}


def evaluation(findings: Findings, words: ReportWords) -> dict:
    """What the template of the section takes."""
    evaluations = findings.evaluations
    variables = findings.plan.scenario.catalogue.model.variables
    if not evaluations or main_measure(evaluations[-1]) not in variables:
        fault = ""
        if findings.evaluations_fault:
            fault = findings.evaluations_fault.in_language(words.code)
        elif evaluations:
            fault = words.into(Phrase("the model has no {name}", name=main_measure(evaluations[-1])))
        return {"latest": None, "corridor": findings.plan.scenario.corridor.id, "fault": fault}
    latest, base = evaluations[-1], base_line(evaluations)
    main = str(main_measure(latest))
    unit = variables[main].unit
    measures = list(dict.fromkeys(row["measure"] for row in latest["rows"]))
    return {
        "fault": "",
        "latest": latest,
        "base": base if base is not latest else None,
        "base_row": _judged(base, main, words),
        "count": len(evaluations),
        "changes": [
            (_called(each, words), each["made"], words.text(each["what_changed"]), *_judged(each, main, words))
            for each in evaluations
        ],
        "change_columns": words.all_into(CHANGE_COLUMNS),
        "notes": [words.text(note) for note in latest["notes"]],
        "of_today": latest["model"] == findings.plan.digest,
        "title": words.series(main),
        "judged": judgement(latest, main),
        "beyond": judgement(latest, main, horizon=list(HORIZONS)[-1]),
        "figures": [_figure(each, words.series(main), unit, words) for each in forecasts_by_year(latest, main)],
        "columns": words.all_into(COLUMNS),
        "tables": [(name, words.series(name), _rows(latest, name, words)) for name in measures],
        "ablations": _ablations(latest, words),
    }


def worth_of_knowing(findings: Findings, words: ReportWords) -> str:
    """How much larger errors are where policy, and drivers too, are not known; empty where nothing was judged so."""
    latest = findings.evaluations[-1] if findings.evaluations else None
    main = main_measure(latest) if latest else None
    if latest is None or main is None:
        return ""
    ratios = {policy: times_the_error(latest, main, policy) for policy in POLICIES[1:]}
    sentences = [
        Phrase("{ratio:.2f} times with {policy}", ratio=ratio, policy=POLICY_WORDS[policy])
        for policy, ratio in ratios.items()
        if ratio
    ]
    if not sentences:
        return ""
    said, *others = sentences
    for each in others:
        said = Phrase("{said} and {other}", said=said, other=each)
    return Phrase(
        "{title}, one to five years ahead: beside the error with policy as it came, it is {said}.",
        title=words.series(main),
        said=said,
    )


def _called(evaluation: dict, words: ReportWords) -> str:
    """The name of an evaluation, which the file gives it when it is stored."""
    kind, _, number = evaluation["name"].partition(" ")
    if kind == "evaluation" and number.isdigit():
        return words.into(Phrase("evaluation {number}", number=number))
    return words.text(evaluation["name"])


def _judged(evaluation: dict, measure: str, words: ReportWords) -> tuple[str, ...]:
    found = judgement(evaluation, measure)
    if found is None:
        return (DASH,) * 4
    ratio = DASH if found.ratio is None else words.fixed(found.ratio, 2)
    beaten = words.into(Phrase("{beaten} of {judged}", beaten=found.beaten, judged=found.judged))
    return beaten, ratio, words.share(found.in_half), words.share(found.in_nine_tenths)


def _rows(evaluation: dict, measure: str, words: ReportWords) -> list[tuple[str, ...]]:
    def percent(value: float | None) -> str:
        return DASH if value is None else words.share(value)

    return [
        (
            ", ".join([f"{row['origin_year']}", *(_part(row[each], words) for each in PARTS if row[each] != "all")]),
            words.span(*row["years"]),
            words.into(POLICY_WORDS[row["policy"]]),
            *(percent(row[name]) for name in ("mape", "persistence_mape", "trend_mape", "regression_mape")),
            words.number(row["crps"]),
            words.number(row["persistence_crps"]),
            words.share(row["coverage_50"]),
            words.share(row["coverage_90"]),
        )
        for policy in POLICIES
        for row in evaluation["rows"]
        if row["measure"] == measure and row["policy"] == policy
    ]


def _part(name: str, words: ReportWords) -> str:
    return name.replace("_", " ") if words.is_english else words.place(name)


def _figure(forecast: ForecastYears, title: str, unit: str, words: ReportWords) -> Figure:
    low, quarter, median, three_quarters, high = forecast.ranges
    drawing = svg.curves(
        words.numbers,
        words.into(Phrase("{title}: forecast made in {year}, and what came", title=title, year=forecast.made_in)),
        words.into(
            Phrase(
                "In {year} the forecast was {median}, recorded were {recorded}.",
                year=f"{forecast.years[-1]:.0f}",
                median=words.number(float(median[-1])),
                recorded=words.number(float(forecast.recorded[-1])),
            )
        ),
        forecast.years,
        [
            svg.Curve(words.into(Phrase("the last value held")), forecast.persistence, "baseline", (4, 3)),
            svg.Curve(words.into(Phrase("median of the forecast")), median, "yours"),
        ],
        unit,
        [svg.Band(low, high, "yours"), svg.Band(quarter, three_quarters, "yours")],
        recorded=svg.Recorded(forecast.years, forecast.recorded),
    )
    return Figure(words.into(Phrase("Made in {year}, with what was known then", year=forecast.made_in)), drawing)


def _ablations(evaluation: dict, words: ReportWords) -> dict | None:
    rows = evaluation.get("ablations") or []
    if not rows:
        return None
    names = [name for name in rows[0] if name not in ("mechanism", "title")]
    cells = [
        (words.text(row["title"]), *(DASH if row[name] is None else words.share(row[name]) for name in names))
        for row in rows
    ]
    return {"columns": (words.into(Phrase("taken out")), *(_years(name, words) for name in names)), "rows": cells}


def _years(name: str, words: ReportWords) -> str:
    """The head of a column of errors: of the fit, or of years such as mape_2001_2005."""
    years = name.removeprefix("mape_").split("_")
    return words.into(Phrase("fit")) if name == "fit_mape" else words.span(years[0], years[-1])
