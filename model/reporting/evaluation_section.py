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
from pushpull.reporting.report_figures import Figure, series_title
from pushpull.reporting.report_numbers import number, share
from pushpull.wording.numbers import DASH, numbers_of
from pushpull.wording.phrases import Phrase

PARTS = ("group", "route")  # of which a forecast may be
COLUMNS = (
    "made in", "years", "policy", "error", "last value held", "trend", "regression", "CRPS", "CRPS of last value",
    "in 50 % range", "in 90 % range",
)  # fmt: skip
POLICY_WORDS: dict[str, str] = {
    "known": "known",
    "frozen": Phrase("policy frozen"),
    "drivers_frozen": Phrase("policy and drivers frozen"),
}


def evaluation(findings: Findings) -> dict:
    """What the template of the section takes."""
    evaluations = findings.evaluations
    variables = findings.plan.scenario.catalogue.model.variables
    if not evaluations or main_measure(evaluations[-1]) not in variables:
        unknown = f"the model has no {main_measure(evaluations[-1])}" if evaluations else ""
        fault = findings.evaluations_fault or unknown
        return {"latest": None, "corridor": findings.plan.scenario.corridor.id, "fault": fault}
    latest, base = evaluations[-1], base_line(evaluations)
    main = str(main_measure(latest))
    unit = variables[main].unit
    measures = list(dict.fromkeys(row["measure"] for row in latest["rows"]))
    return {
        "fault": "",
        "latest": latest,
        "base": base if base is not latest else None,
        "base_row": _judged(base, main),
        "count": len(evaluations),
        "changes": [(each["name"], each["made"], each["what_changed"], *_judged(each, main)) for each in evaluations],
        "of_today": latest["model"] == findings.plan.digest,
        "title": series_title(main),
        "judged": judgement(latest, main),
        "beyond": judgement(latest, main, horizon=list(HORIZONS)[-1]),
        "figures": [_figure(each, series_title(main), unit) for each in forecasts_by_year(latest, main)],
        "columns": COLUMNS,
        "tables": [(name, series_title(name), _rows(latest, name)) for name in measures],
        "ablations": _ablations(latest),
    }


def worth_of_knowing(findings: Findings) -> str:
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
        title=series_title(main),
        said=said,
    )


def _judged(evaluation: dict, measure: str) -> tuple[str, ...]:
    found = judgement(evaluation, measure)
    if found is None:
        return (DASH,) * 4
    ratio = DASH if found.ratio is None else f"{found.ratio:.2f}"
    return f"{found.beaten} of {found.judged}", ratio, share(found.in_half), share(found.in_nine_tenths)


def _rows(evaluation: dict, measure: str) -> list[tuple[str, ...]]:
    return [
        (
            ", ".join(
                [f"{row['origin_year']}", *(row[each].replace("_", " ") for each in PARTS if row[each] != "all")]
            ),
            f"{row['years'][0]} to {row['years'][1]}",
            POLICY_WORDS[row["policy"]],
            *(DASH if row[name] is None else share(row[name]) for name in ("mape", "persistence_mape")),
            *(DASH if row[name] is None else share(row[name]) for name in ("trend_mape", "regression_mape")),
            number(row["crps"]),
            DASH if row["persistence_crps"] is None else number(row["persistence_crps"]),
            share(row["coverage_50"]),
            share(row["coverage_90"]),
        )
        for policy in POLICIES
        for row in evaluation["rows"]
        if row["measure"] == measure and row["policy"] == policy
    ]


def _figure(forecast: ForecastYears, title: str, unit: str) -> Figure:
    low, quarter, median, three_quarters, high = forecast.ranges
    drawing = svg.curves(
        numbers_of("en"),
        f"{title}: forecast made in {forecast.made_in}, and what came",
        f"In {forecast.years[-1]:.0f} the forecast was {number(float(median[-1]))}, recorded were "
        f"{number(float(forecast.recorded[-1]))}.",
        forecast.years,
        [
            svg.Curve("the last value held", forecast.persistence, "baseline", (4, 3)),
            svg.Curve("median of the forecast", median, "yours"),
        ],
        unit,
        [svg.Band(low, high, "yours"), svg.Band(quarter, three_quarters, "yours")],
        recorded=svg.Recorded(forecast.years, forecast.recorded),
    )
    return Figure(f"Made in {forecast.made_in}, with what was known then", drawing)


def _ablations(evaluation: dict) -> dict | None:
    rows = evaluation.get("ablations") or []
    if not rows:
        return None
    names = [name for name in rows[0] if name not in ("mechanism", "title")]
    heads = [name.replace("mape_", "").replace("fit_mape", "fit").replace("_", " to ") for name in names]
    cells = [(row["title"], *(DASH if row[name] is None else share(row[name]) for name in names)) for row in rows]
    return {"columns": ("taken out", *heads), "rows": cells}
