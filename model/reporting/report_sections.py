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
    packages_section,
    report_texts,
)
from pushpull.reporting.evidence_fields import scoreboard_fields
from pushpull.reporting.findings import Findings
from pushpull.reporting.fit_fields import fit_fields
from pushpull.reporting.report_figures import Figure, fan_figure, series_figure, series_title
from pushpull.reporting.report_numbers import number, share
from pushpull.wording.money import in_currency
from pushpull.wording.numbers import DASH, numbers_of
from pushpull.wording.phrases import ENGLISH, Phrase, in_language
from pushpull.wording.templates import render

TEMPLATES = Path(__file__).parent / "templates"
AT_PRIOR_EXPLAINED, AT_PRIOR_SHIFT = 0.1, 0.25
PROVENANCE = {
    "plan": "hash of equations, cards, records and plan",
    "seed": "seed",
    "values_fitted": "recorded values fitted",
    "misfit_at_the_mode": "half the squared misfit and distance from the prior at the most likely numbers",
    "misfit_of_draws_median": "half the squared misfit of the draws, median",
    "misfit_of_draws_largest": "half the squared misfit of the draws, largest",
    "versions": "versions at the fit",
    "made": "made on",
}


@dataclass(frozen=True)
class ReportSection:
    """A chapter of the report; `language` is that of its body where it is not that of the page."""

    id: str
    title: str
    body: Markup
    language: str = ""


def sections(findings: Findings, language: str = ENGLISH) -> tuple[ReportSection, ...]:
    """The whole report, in order. What bounds it speaks every language; tables and figures, in English."""
    in_every: tuple[tuple[str, str, Callable[[Findings, str], dict]], ...] = (
        ("short", Phrase("In short"), _short),
        ("unforeseen", Phrase("What no forecast can foresee"), _unforeseen),
        ("limits", Phrase("What the model cannot say"), _limits),
    )
    in_english: tuple[tuple[str, str, Callable[[Findings], dict]], ...] = (
        ("fitted", Phrase("What was fitted, and how"), _fitted),
        ("record", Phrase("The record beside the model"), _record),
        ("events", Phrase("Dated events"), events_section.events),
        ("fees", Phrase("Why fees rose"), _fees),
        ("forecast", Phrase("Forecast"), _forecast),
        ("evaluation", Phrase("Forecasts from past years, and what came"), evaluation_section.evaluation),
        ("evidence", Phrase("Published effects beside the model's own"), effects_section.effects),
        ("packages", Phrase("What each package does, and what it costs"), packages_section.packages),
        ("parameters", Phrase("What the record says of the parameters"), _parameters),
        ("family", Phrase("One model, several corridors"), family_section.family),
        ("surprises", Phrase("Results that surprised us most"), _surprises),
        ("sources", Phrase("Sources of the published effects"), effects_section.sources),
    )
    short, unforeseen, limits = (
        ReportSection(id, in_language(title, language), _body(id, language, values(findings, language)))
        for id, title, values in in_every
    )
    elsewhere = "" if language == ENGLISH else ENGLISH
    *others, surprises, sources = (
        ReportSection(id, in_language(title, language), _body(id, ENGLISH, values(findings)), elsewhere)
        for id, title, values in in_english
    )
    return (short, *others, unforeseen, limits, surprises, sources)


def sayer(language: str) -> Callable[..., str]:
    """What a template calls to say something in a language: with the English, and what is put in."""
    return lambda english, **values: in_language(Phrase(english, **values), language)


def _body(id: str, language: str, values: dict) -> Markup:
    numbers = numbers_of(language)
    text = render(TEMPLATES, f"{id}.html.j2", number=numbers.cell, share=numbers.share, say=sayer(language), **values)
    return Markup(text)


# --- in short -------------------------------------------------------------------------------------------------------


def _short(findings: Findings, language: str) -> dict:
    judged = [fit for fit in findings.fits if fit.record.fitted and fit.within_tolerance is not None]
    covered, points = coverage_of_grade(findings.fits)
    least = _least(findings)
    return {
        "warnings": [_begun(in_language(each, language)) for each in _warnings(findings)],
        "met": sum(fit.within_tolerance for fit in judged),
        "judged": len(judged),
        "covered": covered,
        "points": points,
        "board": scoreboard_fields(findings.board),
        "at_prior": sum(_stays(each, least) for each in _fitted_parameters(findings)),
        "parameters": len(findings.posterior.parameters),
    }


def _begun(text: str) -> str:
    """A text with a capital letter and a full stop."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


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


def _fitted(findings: Findings) -> dict:
    plan, posterior = findings.plan, findings.posterior
    facts = dict(posterior.provenance)
    fitted = [record for record in plan.records if record.fitted]
    rows = [(label, _plain(facts[key])) for key, label in PROVENANCE.items() if key in facts]
    rows.append(("draws kept", f"{len(posterior.draws)}"))
    rows.append(("members and seed of the runs below", f"{findings.members}, {findings.seed}"))
    rows.append(("hash of the present model", plan.digest))
    return {
        "title": plan.scenario.corridor.title,
        "start": f"{plan.scenario.start:g}",
        "until": f"{plan.until:g}",
        "parameters": len(posterior.parameters),
        "values": sum(len(record.times) for record in fitted),
        "fitted": len(fitted),
        "compared": len(plan.records) - len(fitted),
        "method": facts.get("method", "not recorded"),
        "draws": f"{len(posterior.draws):,}",
        "rows": rows,
    }


def _plain(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) and value < 100 else str(value)


# --- the record -----------------------------------------------------------------------------------------------------

FIT_COLUMNS = (
    "series", "grade", "n", "MAPE %", "allowed %", "met", "RMSPE %", "R²", "Theil bias", "Theil variation",
    "Theil covariation", "in 90 % range", "by draws alone", "half width %",
)  # fmt: skip


def _record(findings: Findings) -> dict:
    groups = []
    for fitted, heading, table in ((True, "Fitted", "fit_fitted"), (False, "Compared only", "fit_compared")):
        fits = [fit for fit in findings.fits if fit.record.fitted is fitted]
        figures, rows = map(series_figure, fits), map(fit_row, fits)
        groups.append({"heading": heading, "table": table, "figures": list(figures), "rows": list(rows)})
    guided = findings.guided and fan_figure(findings.guided, "Guided crossings, no record")
    return {"columns": FIT_COLUMNS, "groups": groups, "guided": guided}


def fit_row(fit: SeriesFit) -> tuple[str, ...]:
    """The row of a series in the table of fits; columns as FIT_COLUMNS."""
    record, theil = fit.record, fit.theil
    by_draws = (record.high >= fit.inner_low) & (record.low <= fit.inner_high)
    return (
        record.label,
        record.quality + (", range" if record.is_range else ""),
        str(len(record.times)),
        f"{fit.mape:.1f}",
        DASH if record.tolerance is None else f"{record.tolerance:g}",
        DASH if fit.within_tolerance is None else "yes" if fit.within_tolerance else "NO",
        f"{fit.rmspe:.1f}",
        _correlation(fit),
        *((DASH,) * 3 if theil is None else (f"{theil[key]:.2f}" for key in ("bias", "variation", "covariation"))),
        share(fit.coverage),
        share(by_draws.mean()),
        f"{100 * np.mean((fit.high - fit.low) / (2 * fit.median)):.0f}" if np.all(fit.median > 0) else DASH,
    )


def _correlation(fit: SeriesFit) -> str:
    if fit.r_squared is None:
        return DASH
    correlation = np.corrcoef(fit.median, fit.record.values)[0, 1]
    return f"{fit.r_squared:.2f}" + (" (opposed)" if correlation < 0 else "")


# --- fees and forecast ----------------------------------------------------------------------------------------------


def _fees(findings: Findings) -> dict:
    fee = findings.fee
    if fee is None:
        return {"fee": None}
    shares = sorted(((name, *ends) for name, ends in fee.shares.items()), key=lambda row: -row[1])
    return {
        "fee": fee,
        "figure": Figure("Shares", svg.share_bars(numbers_of("en"), "Shares of the rise in fees", shares)),
        "rows": [(name, *(numbers_of("en").amount(value, "1") for value in ends)) for name, *ends in shares],
    }


def _forecast(findings: Findings) -> dict:
    forecast = findings.forecast
    if not forecast:
        return {"figures": [], "corridor": findings.plan.scenario.corridor.id}
    first, last = int(forecast[0].years[0]), int(forecast[0].years[-1])
    ends = [f"{year} {word}" for year in (first, last) for word in ("median", "90 % range")]
    rows, currency = [], findings.scenario.corridor.currency
    for fan in forecast:
        cells = []
        for year in (0, -1):
            low, median, high = (fan.at(percentile)[year] for percentile in (5, 50, 95))
            cells += [number(median), f"{number(low)} to {number(high)}"]
        rows.append((fan.name, in_currency(fan.unit, currency), *cells))
    return {
        "years": "Fiscal" if findings.plan.until % 1 else "Calendar",
        "first": first,
        "last": last,
        "figures": [fan_figure(fan, series_title(fan.name), currency) for fan in forecast],
        "columns": ("variable", "unit", *ends),
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


def _unit(unknown: Unknown | None, currency: str) -> str:
    if unknown is None:
        return DASH
    return "times" if unknown.times else in_currency(unknown.prior.unit, currency)


def _stays(parameter: dict, least: _Least) -> bool:
    return parameter["variance_explained"] < least.explained and abs(parameter["shift"]) < least.shift


def _fitted_parameters(findings: Findings) -> list[dict]:
    return fit_fields(findings.posterior, findings.fits, findings.current)["parameters"]


def _parameters(findings: Findings) -> dict:
    unknowns = {unknown.name: unknown for unknown in findings.plan.unknowns}
    parameters, least, rows = _fitted_parameters(findings), _least(findings), []
    currency = findings.scenario.corridor.currency
    for each in parameters:
        unknown = unknowns.get(each["parameter"])
        rows.append(
            (
                each["parameter"],
                DASH if unknown is None else " to ".join(map(number, unknown.prior.prior)),
                _unit(unknown, currency),
                number(each["median"]),
                f"{number(each['low'])} to {number(each['high'])}",
                share(each["variance_explained"]),
                f"{each['shift']:+.2f}",
                "stays" if _stays(each, least) else "",
            )
        )
    return {
        "staying": sum(_stays(each, least) for each in parameters),
        "least": least,
        "draws": f"{len(findings.posterior.draws):,}",
        "columns": ("parameter", "prior range", "unit", "median", "90 % range", "explained", "shift", "at its prior"),
        "rows": rows,
    }


# --- words ----------------------------------------------------------------------------------------------------------


def _limits(findings: Findings, language: str) -> dict:
    elsewhere = findings.scenario.corridor.id != report_texts.WRITTEN_FOR
    limits = _of_corridor(findings, report_texts.limits, language)
    return {"elsewhere": in_language(report_texts.LIMITS_ELSEWHERE, language) if elsewhere else "", "limits": limits}


def _unforeseen(findings: Findings, language: str) -> dict:
    entries = [
        (heading, text.replace("*", "").replace("`", ""))
        for heading, text in _of_corridor(findings, report_texts.unforeseen, language)
    ]
    return {"entries": entries, "worth": in_language(evaluation_section.worth_of_knowing(findings), language)}


def _of_corridor(
    findings: Findings, read: Callable[[str], report_texts.Entries], language: str
) -> list[tuple[str, str]]:
    """The entries that hold for a corridor; those of one alone are known by their English headings."""
    elsewhere = findings.scenario.corridor.id != report_texts.WRITTEN_FOR
    pairs = zip(read(ENGLISH), read(language), strict=True)
    return [entry for (heading, _), entry in pairs if not (elsewhere and heading in report_texts.OF_ONE_CORRIDOR)]


def _surprises(findings: Findings) -> dict:
    return {"surprises": report_texts.surprises(findings), "written_for": report_texts.WRITTEN_FOR}
