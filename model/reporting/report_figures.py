"""The figures of a report: the record beside the model, ranges over years, and published effects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pushpull import svg
from pushpull.calibration.fit_scores import SeriesFit
from pushpull.calibration.records import Record
from pushpull.reporting.findings import Fan
from pushpull.reporting.report_numbers import number, share
from pushpull.wording.money import MONEY, in_currency
from pushpull.wording.numbers import numbers_of

SERIES_TITLES = {
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
class Figure:
    """A drawing with its title above and notes below."""

    title: str
    drawing: Markup
    notes: tuple[str, ...] = ()


def series_title(name: str) -> str:
    """How a recorded series is called."""
    return SERIES_TITLES.get(name, name.replace("_", " ").capitalize())


def record_title(record: Record) -> str:
    """How a record is called: its series, and the route it was recorded on."""
    return series_title(record.series) + (f", {record.route.replace('_', ' ')}" if record.route else "")


def series_figure(fit: SeriesFit) -> Figure:
    """A recorded series beside the model's median, 50 and 90 percent ranges of what would be recorded."""
    record = fit.record
    bands = [svg.Band(fit.low, fit.high, "yours")]
    if fit.half_low is not None and fit.half_high is not None:
        bands.append(svg.Band(fit.half_low, fit.half_high, "yours"))
    drawing = svg.curves(
        numbers_of("en"),
        f"{record_title(record)}: record and model, {record.unit}",
        "",
        record.times,
        [svg.Curve("median", fit.median, "yours")],
        record.unit,
        bands,
        recorded=svg.Recorded(record.times, record.low, record.high)
        if record.is_range
        else svg.Recorded(record.times, record.values),
    )
    notes = [
        f"{record.unit}; compared with {record.variable}; grade {record.quality}; source {record.source}.",
        f"Off by {fit.mape:.1f} %{_allowed(fit)}; {share(fit.coverage)} of {len(record.times)} in the 90 % range.",
    ]
    if record.why:
        notes.append(record.why[:1].upper() + record.why[1:] + ".")
    return Figure(record_title(record), drawing, tuple(notes))


def _allowed(fit: SeriesFit) -> str:
    if fit.record.tolerance is None:
        return ", no tolerance stated"
    return f", {fit.record.tolerance:g} % allowed: {'met' if fit.within_tolerance else 'NOT met'}"


def fan_figure(fan: Fan, title: str, currency: str = MONEY) -> Figure:
    """A quantity over years with its median, 50 and 90 percent ranges."""
    unit = in_currency(fan.unit, currency)
    low, half_low, median, half_high, high = map(fan.at, (5, 25, 50, 75, 95))
    drawing = svg.curves(
        numbers_of("en"),
        f"{title}, {unit}",
        "",
        fan.years,
        [svg.Curve("median", median, "yours")],
        fan.unit,
        [svg.Band(low, high, "yours"), svg.Band(half_low, half_high, "yours")],
    )
    ends = f"90 % range {number(low[-1])} to {number(high[-1])}"
    return Figure(title, drawing, (f"{int(fan.years[-1])}: {number(median[-1])}, {ends} ({unit}).",))


def interval_figure(title: str, rows: Sequence[svg.Interval]) -> Figure:
    """Published effects of a group: the accepted range and the model's of each."""
    return Figure(title, svg.interval_rows(f"{title}: model beside the accepted range", rows, "no number"))
