"""A fit as plain fields: what `pushpull fit --json` prints, and what a report counts."""

from __future__ import annotations

import numpy as np

from pushpull.calibration.chance import ChanceLevels, beyond
from pushpull.calibration.fit_scores import SeriesFit, coverage_of_grade
from pushpull.posterior import Posterior


def fit_fields(posterior: Posterior, fits: tuple[SeriesFit, ...], current: bool) -> dict:
    """A fit: every series, the coverage of official counts, and what the record says of each number."""
    covered, points = coverage_of_grade(fits)
    chance, clear = ChanceLevels.of(posterior), beyond(posterior)
    return {
        "corridor": posterior.provenance["corridor"],
        "current": current,
        "provenance": dict(posterior.provenance),
        "grade_a": {"values": points, "covered_by_90_percent_band": covered},
        "series": [_series(each) for each in fits],
        "chance": {"variance_explained": chance.explained, "variance_added": chance.added, "shift": chance.shift},
        "parameters": [
            {**parameter_fields(posterior, column), "beyond_chance": bool(clear[column])}
            for column in by_information(posterior)
        ],
    }


def _series(fit: SeriesFit) -> dict:
    record = fit.record
    return {
        "series": record.series,
        "route": record.route,
        "variable": record.variable,
        "grade": record.quality,
        "source": record.source,
        "unit": record.unit,
        "fitted": record.fitted,
        "range": record.is_range,
        "why": record.why,
        "values": len(record.times),
        "mape": fit.mape,
        "rmspe": fit.rmspe,
        "r_squared": fit.r_squared,
        "theil": fit.theil,
        "coverage": fit.coverage,
        "tolerance": record.tolerance,
        "within_tolerance": fit.within_tolerance,
        "time": record.times.tolist(),
        "recorded": record.values.tolist(),
        "median": fit.median.tolist(),
        "low": fit.low.tolist(),
        "high": fit.high.tolist(),
    }


def by_information(posterior: Posterior) -> list[int]:
    """The columns of the posterior's draws, the parameter that the record says most of first."""
    return sorted(range(len(posterior.parameters)), key=lambda column: -posterior.contraction[column])


def parameter_fields(posterior: Posterior, column: int) -> dict:
    """The parameter of a column: its median and 90 percent range, and how far the record moved it."""
    low, middle, high = np.percentile(posterior.draws[:, column], (5, 50, 95))
    return {
        "parameter": posterior.parameters[column],
        "variance_explained": float(posterior.contraction[column]),
        "shift": float(posterior.shift[column]),
        "median": float(middle),
        "low": float(low),
        "high": float(high),
        "reference": float(posterior.reference[column]),
    }
