"""The sections of a report, each a piece of HTML made from the findings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import numpy as np

from pushpull.calibration.chance import ChanceLevels
from pushpull.calibration.fit_scores import SeriesFit, coverage_of_grade
from pushpull.calibration.records import Record
from pushpull.commands.evidence import summary
from pushpull.commands.fit import told
from pushpull.reporting import published, report_plots, report_texts
from pushpull.reporting.findings import Fan, Findings
from pushpull.reporting.report_numbers import number
from pushpull.reporting.report_pieces import figure, paragraph, table

AT_PRIOR_EXPLAINED, AT_PRIOR_SHIFT = 0.1, 0.25
TITLES = {
    "border_deaths_recorded": "Deaths at the border, as recorded",
    "irregular_residents_estimate": "Residents without status, as estimated",
    "smuggler_fee_mmp": "Smuggling fee, survey MMP",
    "smuggler_fee_mmfrp": "Smuggling fee, survey MMFRP",
    "smuggler_fee_point_low": "Smuggling fee, 1990 range",
    "smuggling_convictions_federal": "Convictions for smuggling, federal courts",
    "smuggling_prosecutions": "Prosecutions for smuggling",
    "apprehension_probability_low": "Chance of being stopped, 2006 range",
    "smugglers_arrested": "Smugglers arrested",
    "asylum_seekers_pending_by_origin": "Asylum claims pending, by origin",
}


@dataclass(frozen=True)
class Section:
    """A chapter of the report; `body` is HTML."""

    id: str
    title: str
    body: str


def sections(findings: Findings) -> tuple[Section, ...]:
    """The whole report, in order."""
    parts: tuple[tuple[str, str, Callable[[Findings], str]], ...] = (
        ("short", "In short", _short),
        ("fitted", "What was fitted, and how", _fitted),
        ("record", "The record beside the model", _record),
        ("fees", "Why fees rose", _fees),
        ("forecast", "Forecast", _forecast),
        ("evidence", "Published effects beside the model's own", published.effects),
        ("parameters", "What the record says of the parameters", _parameters),
        ("limits", "What the model cannot say", _limits),
        ("surprises", "Results that surprised us most", _surprises),
        ("sources", "Sources of the published effects", published.sources),
    )
    return tuple(Section(id, title, write(findings)) for id, title, write in parts)


def series_title(name: str) -> str:
    """How a recorded series is called."""
    return TITLES.get(name, name.replace("_", " ").capitalize())


def record_title(record: Record) -> str:
    """How a record is called: its series, and the route it was recorded on."""
    return series_title(record.series) + (f", {record.route.replace('_', ' ')}" if record.route else "")


# --- in short -------------------------------------------------------------------------------------------------------


def _short(findings: Findings) -> str:
    judged = [fit for fit in findings.fits if fit.record.fitted and fit.within_tolerance is not None]
    met = sum(fit.within_tolerance for fit in judged)
    covered, points = coverage_of_grade(findings.fits)
    board = summary(findings.board)
    held = (
        f"hold {covered:.0%} of {points} official counts that were fitted"
        if points
        else ("were held against no official count, as none (quality A) was fitted")
    )
    published_effects = (
        f"{board['tested']} of {board['rows']} published findings can be put to the model: {board['within_band']} "
        f"within their band, {board['right_sign']} with the right sign only, {board['wrong_sign']} with the wrong "
        f"sign. Of the {board['only_tested']} that had no part in building it, {board['only_tested_within_band']} "
        "are within their band."
    )
    lines = [
        f"{met} of {len(judged)} fitted series with a stated tolerance are within it; the 90 % bands {held}. "
        "Agreement with what was fitted is no proof.",
        published_effects if board["tested"] else "No published effect is held against this corridor.",
        f"{_at_prior_count(findings)} of {len(findings.posterior.parameters)} uncertain numbers stay where "
        "assumption put them: of those the record says next to nothing.",
    ]
    warnings = "".join(paragraph(text, "warning") for text in _warnings(findings))
    return warnings + "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def _warnings(findings: Findings) -> list[str]:
    found = []
    if findings.scenario.corridor.illustrative:
        found.append("This corridor is illustrative: round numbers of no real place.")
    if not findings.current:
        found.append(
            "The fit is out of date: equations, cards or records have changed since it was made. What follows runs its "
            "draws on the present model; it is not what a new fit would give."
        )
    heavy = ""
    if findings.scenario.corridor.id == report_texts.WRITTEN_FOR:
        heavy = (
            "Apprehensions weigh more in it than their scatter alone would let them, so the bands of the numbers may "
            "be too narrow; the bands of what would be recorded hold the scatter that the record shows about the model."
        )
    found.append(
        "The draws come from one search each (randomised maximum likelihood), which is exact for a model that is "
        f"linear in its numbers and approximate for this one. {heavy}".strip()
    )
    if ChanceLevels.of(findings.posterior).few:
        found.append(
            f"{ChanceLevels.of(findings.posterior).few[:1].upper()}{ChanceLevels.of(findings.posterior).few[1:]}."
        )
    return found


# --- what was fitted ------------------------------------------------------------------------------------------------


def _fitted(findings: Findings) -> str:
    plan, posterior = findings.plan, findings.posterior
    facts = dict(posterior.provenance)
    fitted = [record for record in plan.records if record.fitted]
    values = sum(len(record.times) for record in fitted)
    text = (
        f"The corridor {plan.scenario.corridor.title} was run from {plan.scenario.start:g} to {plan.until:g}, and "
        f"{len(posterior.parameters)} uncertain numbers were estimated together from {values} recorded values of "
        f"{len(fitted)} series, with {len(plan.records) - len(fitted)} more series compared and not fitted. Nothing "
        f"recorded after {plan.until:g} took part. Each number has a prior: the range on its card, or a wider one "
        "stated in the plan with its reason. Errors are of logarithms, with a standard deviation stated for each "
        "series; where the record is a range, only leaving the range counts as an error. Method: "
        f"{facts.get('method', 'not recorded')}. {len(posterior.draws):,} draws of equal weight were kept."
    )
    known = {
        "plan": "hash of equations, cards, records and plan",
        "seed": "seed",
        "values_fitted": "recorded values fitted",
        "misfit_at_the_mode": "half the squared misfit and distance from the prior at the most likely numbers",
        "misfit_of_draws_median": "half the squared misfit of the draws, median",
        "misfit_of_draws_largest": "half the squared misfit of the draws, largest",
        "versions": "versions at the fit",
        "made": "made on",
    }
    rows = [(label, _plain(facts[key])) for key, label in known.items() if key in facts]
    rows.append(("draws kept", f"{len(posterior.draws)}"))
    rows.append(("members and seed of the runs below", f"{findings.members}, {findings.seed}"))
    rows.append(("hash of the present model", findings.plan.digest))
    return paragraph(text) + table("provenance", ("what", "value"), rows, kind="plain")


def _plain(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) and value < 100 else str(value)


# --- the record -----------------------------------------------------------------------------------------------------

FIT_COLUMNS = (
    "series", "grade", "n", "MAPE %", "allowed %", "met", "RMSPE %", "R²", "Theil bias", "Theil variation",
    "Theil covariation", "in 90 % band", "by draws alone", "half width %",
)  # fmt: skip


def _record(findings: Findings) -> str:
    parts = [
        paragraph(
            "Points are the record; upright bars are records that are a range and no target. The line is the posterior "
            "median, the areas are the 50 and 90 percent bands of what would be recorded: the spread of the "
            "draws and the error of the record together."
        ),
        _legend(),
    ]
    for fitted, heading in ((True, "Fitted"), (False, "Compared only")):
        chosen = [fit for fit in findings.fits if fit.record.fitted is fitted]
        parts.append(f"<h3>{heading}</h3>")
        if not chosen:
            parts.append(paragraph("No series."))
            continue
        parts.append('<div class="plots">' + "".join(map(_series_plot, chosen)) + "</div>")
        name = "fit_fitted" if fitted else "fit_compared"
        parts.append(table(name, FIT_COLUMNS, map(fit_row, chosen), range(2, 14), "cards"))
    parts.append(
        paragraph(
            "MAPE is the mean absolute and RMSPE the root mean squared percentage error of the median, for ranges "
            "to the nearest point of the range, so that nought means inside; R² is the squared correlation of the "
            "medians with the record, for ranges with their middle, and “opposed” says that one falls where the "
            "other rises. Theil's shares split the mean squared error into unequal means, unequal variation and "
            "unequal timing. “By draws alone” is the share of records met by the 90 percent band without the error "
            "of the record; “half width” is half of the whole band over the median, on average: a band that holds "
            "everything because it is wide is no achievement.",
            "small",
        )
    )
    parts.append("<h3>The share of guided crossings</h3>")
    if findings.guided is None:
        parts.append(paragraph("The fit spans less than a whole year, too little to show it."))
        return "".join(parts)
    parts.append(
        paragraph(
            "No series of the corridor records how many of those who cross are guided, so nothing here was fitted "
            "to it or can be held against it: this is the model's own figure, smuggled migrants over irregular "
            "entries."
        )
    )
    parts.append('<div class="plots">' + fan_plot(findings.guided, "Guided crossings, no record") + "</div>")
    return "".join(parts)


def _legend() -> str:
    words = (("k-point", "record"), ("k-median", "median"), ("k-half", "50 % band"), ("k-whole", "90 % band"))
    return '<p class="legend">' + "".join(f'<span><i class="{kind}"></i>{word}</span>' for kind, word in words) + "</p>"


def _series_plot(fit: SeriesFit) -> str:
    record = fit.record
    chart = report_plots.Chart(f"{record_title(record)}: record and model, {record.unit}")
    chart.band("whole", record.times, fit.low, fit.high)
    if fit.half_low is not None and fit.half_high is not None:
        chart.band("half", record.times, fit.half_low, fit.half_high)
    chart.line("median", record.times, fit.median)
    if record.is_range:
        chart.ranges("record", record.times, record.low, record.high)
    else:
        chart.dots("record", record.times, record.values)
    notes = [
        f"{record.unit}; compared with {record.variable}; grade {record.quality}; source {record.source}.",
        f"Off by {fit.mape:.1f} %{_allowed(fit)}; {fit.coverage:.0%} of {len(record.times)} in the 90 % band.",
    ]
    if record.why:
        notes.append(record.why[:1].upper() + record.why[1:] + ".")
    return figure(chart.draw(), record_title(record), notes)


def _allowed(fit: SeriesFit) -> str:
    if fit.record.tolerance is None:
        return ", no tolerance stated"
    return f", {fit.record.tolerance:g} % allowed: {'met' if fit.within_tolerance else 'NOT met'}"


def fit_row(fit: SeriesFit) -> tuple[str, ...]:
    """The row of a series in the table of fits; columns as FIT_COLUMNS."""
    record, theil = fit.record, fit.theil
    by_draws = (record.high >= fit.inner_low) & (record.low <= fit.inner_high)
    return (
        record.label,
        record.quality + (", range" if record.is_range else ""),
        str(len(record.times)),
        f"{fit.mape:.1f}",
        "–" if record.tolerance is None else f"{record.tolerance:g}",
        "–" if fit.within_tolerance is None else "yes" if fit.within_tolerance else "NO",
        f"{fit.rmspe:.1f}",
        _correlation(fit),
        *(("–",) * 3 if theil is None else (f"{theil[key]:.2f}" for key in ("bias", "variation", "covariation"))),
        f"{fit.coverage:.0%}",
        f"{by_draws.mean():.0%}",
        f"{100 * np.mean((fit.high - fit.low) / (2 * fit.median)):.0f}" if np.all(fit.median > 0) else "–",
    )


def _correlation(fit: SeriesFit) -> str:
    if fit.r_squared is None:
        return "–"
    together = np.corrcoef(fit.median, fit.record.values)[0, 1]
    return f"{fit.r_squared:.2f}" + (" (opposed)" if together < 0 else "")


def fan_plot(fan: Fan, title: str) -> str:
    """A quantity over years with its median, 50 and 90 percent bands."""
    low, half_low, median, half_high, high = fan.percentiles
    chart = report_plots.Chart(f"{title}, {fan.unit}")
    chart.band("whole", fan.years, low, high)
    chart.band("half", fan.years, half_low, half_high)
    chart.line("median", fan.years, median)
    band = f"90 % band {number(low[-1])} to {number(high[-1])}"
    return figure(chart.draw(), title, (f"{int(fan.years[-1])}: {number(median[-1])}, {band} ({fan.unit}).",))


# --- fees -----------------------------------------------------------------------------------------------------------


def _fees(findings: Findings) -> str:
    fee = findings.fee
    if fee is None:
        return paragraph("Fees moved too little over the years of the fit to split, or these are too few.")
    middle, low, high = fee.enforcement
    rows = sorted(((name, *band) for name, band in fee.shares.items()), key=lambda row: -row[1])
    return "".join(
        [
            paragraph(
                f"From the first year of the fit to the last, fees became {number(fee.rise[0])} times as high (90 % "
                f"band {number(fee.rise[1])} to {number(fee.rise[2])}). The logarithm of the rise is split into the "
                "factors of the fee equation. The shares of one draw add up to one; their medians need not."
            ),
            '<div class="plots">'
            + figure(report_plots.share_bars("Shares of the rise in fees", rows), "Shares")
            + "</div>",
            table(
                "fee_shares",
                ("mechanism", "share of the rise", "5 %", "95 %"),
                [(name, *(report_plots.share(value, 1) for value in band)) for name, *band in rows],
                range(1, 4),
                "plain",
            ),
            paragraph(
                f"What more border control alone caused, all else as recorded: fees at the end are {number(middle)} "
                f"% higher than they would be had border control stayed as at the start (90 % band {number(low)} to "
                f"{number(high)} %). The risk of being stopped in the split is not the same thing: it also holds "
                "what smugglers and routes made of it."
            ),
            paragraph(
                "The shares lean on elasticities that are assumptions within a range; the fee series are read off "
                "charts. The split is the model's reading and not a measurement.",
                "small",
            ),
        ]
    )


# --- forecast -------------------------------------------------------------------------------------------------------


def _forecast(findings: Findings) -> str:
    if not findings.forecast:
        way_out = f"pushpull fit --corridor {findings.plan.scenario.corridor.id} --again"
        return paragraph(f"There is no forecast beside this corridor; “{way_out}” writes one.", "warning")
    first, last = int(findings.forecast[0].years[0]), int(findings.forecast[0].years[-1])
    word = "Fiscal" if findings.plan.until % 1 else "Calendar"
    columns = ("variable", "unit", *(f"{year} {each}" for year in (first, last) for each in ("median", "90 % band")))
    rows = []
    for fan in findings.forecast:
        cells = []
        for place in (0, -1):
            low, _, median, _, high = fan.percentiles[:, place]
            cells += [number(median), f"{number(low)} to {number(high)}"]
        rows.append((fan.name, fan.unit, *cells))
    titles = [(fan, series_title(fan.name)) for fan in findings.forecast]
    return "".join(
        [
            paragraph(
                f"{word} years {first} to {last}, after the end of the fit: drivers and policy as recorded as far as "
                "the records go, then held; all else simulated from the draws. Nothing recorded of what came of "
                "them was used. Bands are of the draws alone: shocks the model does not know are not in them."
            ),
            '<div class="plots">' + "".join(fan_plot(fan, title) for fan, title in titles) + "</div>",
            table("forecast_table", columns, rows, range(2, 6)),
        ]
    )


# --- parameters -----------------------------------------------------------------------------------------------------


def _least(findings: Findings) -> tuple[float, float]:
    """The variance explained and the shift below which a number stays at its prior: what is too little to speak of, or
    what chance shows with so few draws."""
    chance = ChanceLevels.of(findings.posterior)
    return max(AT_PRIOR_EXPLAINED, chance.explained), max(AT_PRIOR_SHIFT, chance.shift)


def _stays(each: dict, least: tuple[float, float]) -> bool:
    return each["variance_explained"] < least[0] and abs(each["shift"]) < least[1]


def _at_prior_count(findings: Findings) -> int:
    least = _least(findings)
    known = told(findings.posterior, findings.fits, findings.current)["parameters"]
    return sum(_stays(each, least) for each in known)


def _parameters(findings: Findings) -> str:
    unknowns = {unknown.name: unknown for unknown in findings.plan.unknowns}
    known = told(findings.posterior, findings.fits, findings.current)["parameters"]
    rows, staying, least = [], 0, _least(findings)
    for each in known:
        unknown = unknowns.get(each["parameter"])
        staying += _stays(each, least)
        rows.append(
            (
                each["parameter"],
                "–" if unknown is None else " to ".join(map(number, unknown.prior.prior)),
                "–" if unknown is None else "times" if unknown.times else unknown.prior.unit,
                number(each["median"]),
                f"{number(each['low'])} to {number(each['high'])}",
                f"{each['variance_explained']:.0%}",
                f"{each['shift']:+.2f}",
                "stays" if _stays(each, least) else "",
            )
        )
    columns = ("parameter", "prior range", "unit", "median", "90 % band", "explained", "shift", "at its prior")
    return "".join(
        [
            paragraph(
                "“Explained” is the share of the prior variance that the record takes away; it can come out below "
                "nought by chance or where the record favours the ends of a range. “Shift” is how far the mean "
                "moved, in prior standard deviations. A parameter whose unit is “times” is a factor on the "
                f"corridor's own value. {staying} of {len(known)} stay at their prior: less than "
                f"{least[0]:.0%} explained and moved by less than {least[1]:.2g} standard deviations, too little to "
                f"speak of or what luck shows of one of so many with {len(findings.posterior.draws):,} draws."
            ),
            table("parameter_table", columns, rows, (3, 5, 6)),
        ]
    )


# --- words ----------------------------------------------------------------------------------------------------------


def _limits(findings: Findings) -> str:
    own = findings.scenario.corridor.id != report_texts.WRITTEN_FOR
    entries = [entry for entry in report_texts.limits() if not (own and entry[0] in report_texts.OF_ONE_CORRIDOR)]
    note = paragraph(report_texts.LIMITS_ELSEWHERE, "warning") if own else ""
    return note + "<ul>" + "".join(f"<li><b>{escape(head)}</b> {escape(text)}</li>" for head, text in entries) + "</ul>"


def _surprises(findings: Findings) -> str:
    parts = []
    for one in report_texts.surprises(findings):
        warning = paragraph(f"Written for other verdicts: {'; '.join(one.changed)}.", "warning") if one.changed else ""
        parts.append(
            f"<li><h3>{escape(one.title)}</h3>{warning}{paragraph(one.what)}<p><b>Why.</b> {escape(one.why)}</p>"
            f"<p><b>To see it again:</b> <code>{escape(one.how)}</code></p></li>"
        )
    if not parts:
        return paragraph(
            f"Those that were written down are about {report_texts.WRITTEN_FOR} and its record, and were left out; "
            "none was written about this corridor."
        )
    return f'<ol class="surprises">{"".join(parts)}</ol>'
