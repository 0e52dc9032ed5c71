"""Fits and verdicts as plain fields: the JSON of `pushpull fit` and `pushpull evidence`, and what reports count."""

from __future__ import annotations

import numpy as np

from pushpull.calibration.chance import ChanceLevels, beyond
from pushpull.calibration.fit_scores import SeriesFit, coverage_of_grade
from pushpull.evidence.verdicts import OUT_OF_REACH, RIGHT, WITHIN, WRONG, Scoreboard, Verdict
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


def scoreboard_fields(board: Scoreboard) -> dict:
    """How the verdicts on published effects add up."""
    numeric = [each for each in board.tested if not each.experiment.sign_only]
    blind = [each for each in board.tested if each.experiment.use == "tested"]
    return {
        "rows": len(board.verdicts),
        "tested": len(board.tested),
        "within_band": board.count(WITHIN),
        "right_sign": board.count(RIGHT),
        "wrong_sign": board.count(WRONG),
        "not_representable": board.count(OUT_OF_REACH),
        "share_within_band": board.share_within_range,
        "numeric_tested": len(numeric),
        "numeric_within_band": sum(each.verdict == WITHIN for each in numeric),
        "only_tested": len(blind),
        "only_tested_within_band": sum(each.verdict == WITHIN for each in blind),
        "grade_a_consensus_wrong": list(board.firm_and_wrong),
    }


def verdict_fields(verdict: Verdict) -> dict:
    """One verdict with its experiment."""
    experiment = verdict.experiment
    return {
        "id": experiment.id,
        "title": experiment.title,
        "claim": experiment.claim,
        "published": dict(experiment.published),
        "sign": experiment.sign or None,
        "consensus": experiment.consensus,
        "band": {"low": experiment.low, "high": experiment.high, "reason": experiment.range_reason},
        "sign_only": experiment.sign_only,
        "use": experiment.use or None,
        "corridor": experiment.corridor or None,
        "measured_in": experiment.measured_in or None,
        "model": {"median": verdict.median, "low": verdict.low, "high": verdict.high},
        "verdict": verdict.verdict,
        "reason": experiment.not_representable or None,
        "note": experiment.note or None,
    }
