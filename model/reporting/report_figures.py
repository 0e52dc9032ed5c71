"""The figures of a report: the record beside the model, ranges over years, and published effects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pushpull import svg
from pushpull.calibration.fit_scores import SeriesFit
from pushpull.reporting.findings import Fan
from pushpull.reporting.report_words import ReportWords
from pushpull.wording.money import MONEY
from pushpull.wording.phrases import Phrase

MEDIAN = Phrase("median")


@dataclass(frozen=True)
class Figure:
    """A drawing with its title above and notes below."""

    title: str
    drawing: Markup
    notes: tuple[str, ...] = ()


def series_figure(fit: SeriesFit, words: ReportWords) -> Figure:
    """A recorded series beside the model's median, 50 and 90 percent ranges of what would be recorded."""
    record = fit.record
    title, unit = words.record(record), words.plain(record.unit)
    bands = [svg.Band(fit.low, fit.high, "yours")]
    if fit.half_low is not None and fit.half_high is not None:
        bands.append(svg.Band(fit.half_low, fit.half_high, "yours"))
    drawing = svg.curves(
        words.numbers,
        words.into(Phrase("{title}: record and model, {unit}", title=title, unit=unit)),
        "",
        record.times,
        [svg.Curve(words.into(MEDIAN), fit.median, "yours")],
        record.unit,
        bands,
        recorded=svg.Recorded(record.times, record.low, record.high)
        if record.is_range
        else svg.Recorded(record.times, record.values),
    )
    of = Phrase(
        "{unit}; compared with {variable}; grade {grade}; source {source}.",
        unit=unit,
        variable=words.name(record.variable),
        grade=record.quality,
        source=record.source,
    )
    held = Phrase(
        "Off by {off} %, {allowed}; {share} of {count} in the 90 % range.",
        off=words.fixed(fit.mape, 1),
        allowed=_allowed(fit, words),
        share=words.share(fit.coverage),
        count=len(record.times),
    )
    why = words.sentence(record.why) if record.why else ""
    return Figure(title, drawing, tuple(filter(None, (words.into(of), words.into(held), why))))


def _allowed(fit: SeriesFit, words: ReportWords) -> str:
    if fit.record.tolerance is None:
        return Phrase("no tolerance stated")
    allowed = words.given(fit.record.tolerance)
    if fit.within_tolerance:
        return Phrase("{allowed} % allowed: met", allowed=allowed)
    return Phrase("{allowed} % allowed: NOT met", allowed=allowed)


def fan_figure(fan: Fan, title: str, words: ReportWords, currency: str = MONEY) -> Figure:
    """A quantity over years with its median, 50 and 90 percent ranges."""
    unit = words.plain(words.unit(fan.unit, currency))
    low, half_low, median, half_high, high = map(fan.at, (5, 25, 50, 75, 95))
    drawing = svg.curves(
        words.numbers,
        f"{title}, {unit}",
        "",
        fan.years,
        [svg.Curve(words.into(MEDIAN), median, "yours")],
        fan.unit,
        [svg.Band(low, high, "yours"), svg.Band(half_low, half_high, "yours")],
    )
    last = Phrase(
        "{year}: {median}, 90 % range {low} to {high} ({unit}).",
        year=int(fan.years[-1]),
        median=words.number(median[-1]),
        low=words.number(low[-1]),
        high=words.number(high[-1]),
        unit=unit,
    )
    return Figure(title, drawing, (words.into(last),))


def interval_figure(title: str, rows: Sequence[svg.Interval], words: ReportWords) -> Figure:
    """Published effects of a group: the accepted range and the model's of each."""
    heading = words.into(Phrase("{title}: model beside the accepted range", title=title))
    return Figure(title, svg.interval_rows(heading, rows, words.into(Phrase("no number"))))
