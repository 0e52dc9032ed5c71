"""The sections of a report, each a piece of HTML made of the findings by a template in `templates`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from markupsafe import Markup

from pushpull import svg
from pushpull.calibration.chance import ChanceLevels
from pushpull.calibration.fit_scores import SeriesFit, coverage_of_grade
from pushpull.calibration.plan import Unknown
from pushpull.reporting import (
    effects_section,
    evaluation_section,
    events_section,
    family_section,
    judged_section,
    packages_section,
    report_texts,
)
from pushpull.reporting.evidence_fields import scoreboard_fields
from pushpull.reporting.findings import Findings
from pushpull.reporting.fit_fields import fit_fields
from pushpull.reporting.report_figures import Figure, fan_figure, series_figure
from pushpull.reporting.report_words import IN_ENGLISH, ReportWords, begun
from pushpull.wording.numbers import DASH
from pushpull.wording.phrases import ENGLISH, Phrase
from pushpull.wording.templates import render

TEMPLATES = Path(__file__).parent / "templates"
AT_PRIOR_EXPLAINED, AT_PRIOR_SHIFT = 0.1, 0.25
THEIL = ("bias", "variation", "covariation")
FEE_COLUMNS = (Phrase("mechanism"), Phrase("share of the rise"), Phrase("5 %"), Phrase("95 %"))
PARAMETER_COLUMNS = (
    Phrase("parameter"), Phrase("prior range"), Phrase("unit"), Phrase("median"), Phrase("90 % range"),
    Phrase("explained"), Phrase("shift"), Phrase("at its prior"),
)  # fmt: skip
PROVENANCE = {
    "plan": Phrase("hash of equations, cards, records and plan"),
    "seed": Phrase("seed"),
    "values_fitted": Phrase("recorded values fitted"),
    "misfit_at_the_mode": Phrase("half the squared misfit and distance from the prior at the most likely numbers"),
    "misfit_of_draws_median": Phrase("half the squared misfit of the draws, median"),
    "misfit_of_draws_largest": Phrase("half the squared misfit of the draws, largest"),
    "versions": Phrase("versions at the fit"),
    "made": Phrase("made on"),
}


@dataclass(frozen=True)
class ReportSection:
    """A chapter of the report."""

    id: str
    title: str
    body: Markup


def sections(findings: Findings, words: ReportWords = IN_ENGLISH) -> tuple[ReportSection, ...]:
    """The whole report, in order."""
    chapters: tuple[tuple[str, str, Callable[[Findings, ReportWords], dict]], ...] = (
        ("short", Phrase("In short"), _short),
        ("fitted", Phrase("What was fitted, and how"), _fitted),
        ("record", Phrase("The record beside the model"), _record),
        ("events", Phrase("Dated events"), events_section.events),
        ("fees", Phrase("Why fees rose"), _fees),
        ("forecast", Phrase("Forecast"), _forecast),
        ("evaluation", Phrase("Forecasts from past years, and what came"), evaluation_section.evaluation),
        ("evidence", Phrase("Published effects beside the model's own"), effects_section.effects),
        ("packages", Phrase("What each package does, and what it costs"), packages_section.packages),
        ("parameters", Phrase("What the record says of the parameters"), _parameters),
        ("judged", Phrase("How far the draws can be trusted"), judged_section.judged),
        ("family", Phrase("One model, several corridors"), family_section.family),
        ("unforeseen", Phrase("What no forecast can foresee"), _unforeseen),
        ("limits", Phrase("What the model cannot say"), _limits),
        ("surprises", Phrase("Results that surprised us most"), _surprises),
        ("sources", Phrase("Sources of the published effects"), effects_section.sources),
    )
    return tuple(
        ReportSection(id, words.into(title), _body(id, words, values(findings, words)))
        for id, title, values in chapters
    )


def _body(id: str, words: ReportWords, values: dict) -> Markup:
    text = render(TEMPLATES, f"{id}.html.j2", number=words.number, share=words.share, say=words.say, **values)
    return Markup(text)


# --- in short -------------------------------------------------------------------------------------------------------


def _short(findings: Findings, words: ReportWords) -> dict:
    judged = [fit for fit in findings.fits if fit.record.fitted and fit.within_tolerance is not None]
    covered, points = coverage_of_grade(findings.fits)
    least = _least(findings)
    return {
        "warnings": [begun(words.into(each)) for each in _warnings(findings)],
        "met": sum(fit.within_tolerance for fit in judged),
        "judged": len(judged),
        "covered": covered,
        "points": points,
        "board": scoreboard_fields(findings.board),
        "at_prior": sum(_stays(each, least) for each in _fitted_parameters(findings)),
        "parameters": len(findings.posterior.parameters),
    }


def _warnings(findings: Findings) -> list[str]:
    warnings: list[str] = []
    if findings.scenario.corridor.illustrative:
        warnings.append(Phrase("This corridor is illustrative: round numbers of no real place."))
    if not findings.current:
        warnings.append(
            Phrase(
                "The fit is out of date: equations, cards or records have changed since it was made. What follows runs "
                "its draws on the present model; it is not what a new fit would give."
            )
        )
    draws = Phrase(
        "The draws come from one search each (randomised maximum likelihood), which is exact for a model that is "
        "linear in its numbers and approximate for this one."
    )
    if "chains" in findings.posterior.provenance:
        draws = Phrase(
            "The draws come from chains that were begun where searches ended and that come to the posterior as they "
            "grow longer; how near they have come is said under the judgement of the draws."
        )
    if findings.scenario.corridor.id == report_texts.WRITTEN_FOR:
        draws = Phrase(
            "{draws} Apprehensions weigh more in it than their scatter alone would let them, so the ranges of the "
            "numbers may be too narrow; the ranges of what would be recorded hold the scatter that the record shows of "
            "the model.",
            draws=draws,
        )
    warnings.append(draws)
    few = ChanceLevels.of(findings.posterior).few
    return [*warnings, few] if few else warnings


# --- what was fitted ------------------------------------------------------------------------------------------------


def _fitted(findings: Findings, words: ReportWords) -> dict:
    plan, posterior = findings.plan, findings.posterior
    facts = dict(posterior.provenance)
    fitted = [record for record in plan.records if record.fitted]
    rows = [(words.into(label), _plain(facts[key], words)) for key, label in PROVENANCE.items() if key in facts]
    rows.append((words.into(Phrase("draws kept")), f"{len(posterior.draws)}"))
    rows.append((words.into(Phrase("members and seed of the runs below")), f"{findings.members}, {findings.seed}"))
    rows.append((words.into(Phrase("hash of the present model")), plan.digest))
    return {
        "title": words.corridor(plan.scenario.corridor),
        "start": words.given(plan.scenario.start),
        "until": words.given(plan.until),
        "parameters": len(posterior.parameters),
        "values": sum(len(record.times) for record in fitted),
        "fitted": len(fitted),
        "compared": len(plan.records) - len(fitted),
        "method": words.plain(facts["method"]) if "method" in facts else words.into(Phrase("not recorded")),
        "draws": words.count(len(posterior.draws)),
        "rows": rows,
    }


def _plain(value: object, words: ReportWords) -> str:
    if not isinstance(value, float):
        return words.plain(str(value))
    return (f"{value:.4g}" if value < 100 else str(value)).replace(".", words.numbers.decimal)


# --- the record -----------------------------------------------------------------------------------------------------

FIT_COLUMNS = (
    Phrase("series"), Phrase("grade"), Phrase("n"), Phrase("MAPE %"), Phrase("allowed %"), Phrase("met"),
    Phrase("RMSPE %"), Phrase("R²"), Phrase("Theil bias"), Phrase("Theil variation"), Phrase("Theil covariation"),
    Phrase("in 90 % range"), Phrase("by draws alone"), Phrase("half width %"),
)  # fmt: skip


def _record(findings: Findings, words: ReportWords) -> dict:
    groups = []
    for fitted, heading, table in (
        (True, Phrase("Fitted"), "fit_fitted"),
        (False, Phrase("Compared only"), "fit_compared"),
    ):
        fits = [fit for fit in findings.fits if fit.record.fitted is fitted]
        figures, rows = [series_figure(fit, words) for fit in fits], [fit_row(fit, words) for fit in fits]
        groups.append({"heading": words.into(heading), "table": table, "figures": figures, "rows": rows})
    title = words.into(Phrase("Guided crossings, no record"))
    guided = findings.guided and fan_figure(findings.guided, title, words)
    return {"columns": words.all_into(FIT_COLUMNS), "groups": groups, "guided": guided}


def fit_row(fit: SeriesFit, words: ReportWords = IN_ENGLISH) -> tuple[str, ...]:
    """The row of a series in the table of fits; columns as FIT_COLUMNS."""
    record, theil = fit.record, fit.theil
    by_draws = (record.high >= fit.inner_low) & (record.low <= fit.inner_high)
    return (
        words.label(record),
        words.into(Phrase("{grade}, range", grade=record.quality)) if record.is_range else record.quality,
        str(len(record.times)),
        words.fixed(fit.mape, 1),
        DASH if record.tolerance is None else words.given(record.tolerance),
        DASH if fit.within_tolerance is None else words.into(Phrase("yes") if fit.within_tolerance else Phrase("NO")),
        words.fixed(fit.rmspe, 1),
        _correlation(fit, words),
        *((DASH,) * 3 if theil is None else (words.fixed(theil[key], 2) for key in THEIL)),
        words.share(fit.coverage),
        words.share(by_draws.mean()),
        f"{100 * np.mean((fit.high - fit.low) / (2 * fit.median)):.0f}" if np.all(fit.median > 0) else DASH,
    )


def _correlation(fit: SeriesFit, words: ReportWords) -> str:
    if fit.r_squared is None:
        return DASH
    squared = words.fixed(fit.r_squared, 2)
    opposed = np.corrcoef(fit.median, fit.record.values)[0, 1] < 0
    return words.into(Phrase("{squared} (opposed)", squared=squared)) if opposed else squared


# --- fees and forecast ----------------------------------------------------------------------------------------------


def _fees(findings: Findings, words: ReportWords) -> dict:
    fee = findings.fee
    if fee is None:
        return {"fee": None}
    shares = sorted(((words.plain(name), *ends) for name, ends in fee.shares.items()), key=lambda row: -row[1])
    title = words.into(Phrase("Shares of the rise in fees"))
    return {
        "fee": fee,
        "figure": Figure(words.into(Phrase("Shares")), svg.share_bars(words.numbers, title, shares)),
        "columns": words.all_into(FEE_COLUMNS),
        "rows": [(name, *(words.numbers.amount(value, "1") for value in ends)) for name, *ends in shares],
    }


def _forecast(findings: Findings, words: ReportWords) -> dict:
    forecast = findings.forecast
    if not forecast:
        return {"figures": [], "corridor": findings.plan.scenario.corridor.id}
    first, last = int(forecast[0].years[0]), int(forecast[0].years[-1])
    ends = [
        words.into(head)
        for year in (first, last)
        for head in (Phrase("{year} median", year=year), Phrase("{year} 90 % range", year=year))
    ]
    rows, currency = [], findings.scenario.corridor.currency
    for fan in forecast:
        cells = []
        for year in (0, -1):
            low, median, high = (fan.at(percentile)[year] for percentile in (5, 50, 95))
            cells += [words.number(median), words.span(float(low), float(high))]
        rows.append((words.name(fan.name), words.unit(fan.unit, currency), *cells))
    return {
        "fiscal": bool(findings.plan.until % 1),
        "first": first,
        "last": last,
        "figures": [fan_figure(fan, words.series(fan.name), words, currency) for fan in forecast],
        "columns": (words.into(Phrase("variable")), words.into(Phrase("unit")), *ends),
        "rows": rows,
    }


# --- parameters -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Least:
    """The variance explained and the shift below which a number stays at its prior: what is too little to speak of, or
    what chance shows with so few draws."""

    explained: float
    shift: float


def _least(findings: Findings) -> _Least:
    chance = ChanceLevels.of(findings.posterior)
    return _Least(max(AT_PRIOR_EXPLAINED, chance.explained), max(AT_PRIOR_SHIFT, chance.shift))


def _unit(unknown: Unknown | None, currency: str, words: ReportWords) -> str:
    if unknown is None:
        return DASH
    return words.into(Phrase("times")) if unknown.times else words.unit(unknown.prior.unit, currency)


def _stays(parameter: dict, least: _Least) -> bool:
    return parameter["variance_explained"] < least.explained and abs(parameter["shift"]) < least.shift


def _fitted_parameters(findings: Findings) -> list[dict]:
    return fit_fields(findings.posterior, findings.fits, findings.current)["parameters"]


def _parameters(findings: Findings, words: ReportWords) -> dict:
    unknowns = {unknown.name: unknown for unknown in findings.plan.unknowns}
    parameters, least, rows = _fitted_parameters(findings), _least(findings), []
    currency = findings.scenario.corridor.currency
    for each in parameters:
        unknown = unknowns.get(each["parameter"])
        rows.append(
            (
                words.name(each["parameter"]),
                DASH if unknown is None else words.span(*map(float, unknown.prior.prior)),
                _unit(unknown, currency, words),
                words.number(each["median"]),
                words.span(each["low"], each["high"]),
                words.share(each["variance_explained"]),
                words.fixed(each["shift"], 2, "+"),
                words.into(Phrase("stays")) if _stays(each, least) else "",
            )
        )
    worth = round(ChanceLevels.of(findings.posterior).effective)
    return {
        "worth": words.count(worth) if worth < len(findings.posterior.draws) else "",
        "staying": sum(_stays(each, least) for each in parameters),
        "explained": words.share(least.explained),
        "shift": f"{least.shift:.2g}".replace(".", words.numbers.decimal),
        "draws": words.count(len(findings.posterior.draws)),
        "columns": words.all_into(PARAMETER_COLUMNS),
        "rows": rows,
    }


# --- words ----------------------------------------------------------------------------------------------------------


def _limits(findings: Findings, words: ReportWords) -> dict:
    elsewhere = findings.scenario.corridor.id != report_texts.WRITTEN_FOR
    limits = _of_corridor(findings, report_texts.limits, words.code)
    return {"elsewhere": words.into(report_texts.LIMITS_ELSEWHERE) if elsewhere else "", "limits": limits}


def _unforeseen(findings: Findings, words: ReportWords) -> dict:
    entries = [
        (heading, text.replace("*", "").replace("`", ""))
        for heading, text in _of_corridor(findings, report_texts.unforeseen, words.code)
    ]
    return {"entries": entries, "worth": words.into(evaluation_section.worth_of_knowing(findings, words))}


def _of_corridor(
    findings: Findings, read: Callable[[str], report_texts.Entries], language: str
) -> list[tuple[str, str]]:
    """The entries that hold for a corridor; those of one alone are known by their English headings."""
    elsewhere = findings.scenario.corridor.id != report_texts.WRITTEN_FOR
    pairs = zip(read(ENGLISH), read(language), strict=True)
    return [entry for (heading, _), entry in pairs if not (elsewhere and heading in report_texts.OF_ONE_CORRIDOR)]


def _surprises(findings: Findings, words: ReportWords) -> dict:
    return {"surprises": report_texts.surprises(findings, words), "written_for": report_texts.WRITTEN_FOR}
