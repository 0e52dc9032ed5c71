"""What an evaluation comes to: how often forecasts beat their rivals, and how often their ranges held the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pushpull.evaluation.knowledge import KNOWN

NEAR = "1-5"
RIVALS = ("persistence", "trend", "regression")


@dataclass(frozen=True)
class Judgement:
    """Forecasts of one measure and horizon against the last value held.

    `beaten` of `judged` years had a smaller error than the last value held; `ratio` is the geometric mean of the
    model's error over that one's, and `worst` the row with the largest error. `in_half` and `in_nine_tenths` are the
    shares of recorded values within the 50 and 90 percent ranges.
    """

    measure: str
    beaten: int
    judged: int
    ratio: float | None
    worst: dict
    in_half: float
    in_nine_tenths: float


def base_line(evaluations: Sequence[dict]) -> dict:
    """The evaluation that later ones are held against: the last of the model that was evaluated first, since where a
    fault of an evaluation was mended the same model was evaluated again."""
    return next(each for each in reversed(evaluations) if each["model"] == evaluations[0]["model"])


def main_measure(evaluation: dict) -> str | None:
    """The measure that the evaluation's design names first; None where nothing was judged."""
    return evaluation["rows"][0]["measure"] if evaluation["rows"] else None


def chosen_rows(evaluation: dict, measure: str, policy: str, horizon: str | None = None) -> list[dict]:
    """The rows of a measure for the whole corridor; a measure is of one stream, or of all."""
    return [
        row
        for row in evaluation["rows"]
        if (row["measure"], row["policy"], row["route"], row["group"]) == (measure, policy, "all", "all")
        and horizon in (None, row["horizon"])
    ]


def judgement(evaluation: dict, measure: str, policy: str = KNOWN, horizon: str = NEAR) -> Judgement | None:
    """How a measure's forecasts did; None where none was judged."""
    rows = chosen_rows(evaluation, measure, policy, horizon)
    if not rows:
        return None
    beside = [row for row in rows if row["persistence_mape"]]
    ratios = [row["mape"] / row["persistence_mape"] for row in beside if row["mape"] > 0]
    lengths = [row["years"][1] - row["years"][0] + 1 for row in rows]
    return Judgement(
        measure=measure,
        beaten=sum(row["mape"] < row["persistence_mape"] for row in beside),
        judged=len(beside),
        ratio=float(np.exp(np.mean(np.log(ratios)))) if ratios else None,
        worst=max(rows, key=lambda row: row["mape"]),
        in_half=float(np.average([row["coverage_50"] for row in rows], weights=lengths)),
        in_nine_tenths=float(np.average([row["coverage_90"] for row in rows], weights=lengths)),
    )


def times_the_error(evaluation: dict, measure: str, policy: str, horizon: str = NEAR) -> float | None:
    """How many times as large a measure's error is by `policy` as with policy known: the geometric mean over the years
    in which forecasts were made by both; None where there is none."""
    known = {row["origin_year"]: row["mape"] for row in chosen_rows(evaluation, measure, KNOWN, horizon)}
    rows = chosen_rows(evaluation, measure, policy, horizon)
    ratios = [row["mape"] / known[row["origin_year"]] for row in rows if known.get(row["origin_year"]) and row["mape"]]
    return float(np.exp(np.mean(np.log(ratios)))) if ratios else None


@dataclass(frozen=True)
class ForecastYears:
    """One forecast beside the record, over `years`; `ranges` holds p5, p25, p50, p75 and p95, shape (5, year)."""

    made_in: int
    years: np.ndarray
    ranges: np.ndarray
    recorded: np.ndarray
    persistence: np.ndarray


def forecasts_by_year(evaluation: dict, measure: str, policy: str = KNOWN) -> list[ForecastYears]:
    """Every forecast of a measure for the whole corridor, in order of the year it was made in."""
    rows = [
        row
        for row in evaluation["by_year"]
        if (row["measure"], row["policy"], row["route"], row["group"]) == (measure, policy, "all", "all")
    ]
    return [_years(made_in, rows) for made_in in sorted({row["origin_year"] for row in rows})]


def _years(made_in: int, rows: Sequence[dict]) -> ForecastYears:
    some = sorted((row for row in rows if row["origin_year"] == made_in), key=lambda row: row["year"])
    ranges = np.array([[row[f"p{level}"] for row in some] for level in (5, 25, 50, 75, 95)])
    held = [np.nan if row["persistence"] is None else row["persistence"] for row in some]
    years = np.array([float(row["year"]) for row in some])
    return ForecastYears(made_in, years, ranges, np.array([row["recorded"] for row in some]), np.array(held))
