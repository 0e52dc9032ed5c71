"""Verdicts on published effects as plain fields: what `pushpull evidence --json` prints, and what a report counts."""

from __future__ import annotations

from pushpull.evidence.verdicts import OUT_OF_REACH, RIGHT, WITHIN, WRONG, Scoreboard, Verdict


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
