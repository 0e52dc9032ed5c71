"""The sections on published effects and on where they come from."""

from __future__ import annotations

import math
from itertools import groupby

from pushpull import svg
from pushpull.evidence.experiment_files import Experiment
from pushpull.evidence.verdicts import OUT_OF_REACH, RIGHT, WITHIN, WRONG, Verdict
from pushpull.reporting.evidence_fields import scoreboard_fields
from pushpull.reporting.findings import Findings
from pushpull.reporting.report_figures import interval_figure
from pushpull.reporting.report_numbers import accepted_range, number

USES = {"structure": "informed the structure", "tested": "only tested"}
GROUPS = {
    "ASY": "Asylum policy",
    "CJ": "Criminal justice",
    "FEE": "Fees and enforcement",
    "FLO": "Flows and enforcement",
    "HAR": "Harm",
    "LEG": "Legal channels",
    "MOD": "Other models",
    "OPI": "Public opinion",
    "PUL": "Jobs and pull",
    "RET": "Return",
    "ROO": "Root causes",
}
COLOURS = {WITHIN: "better", RIGHT: "partly", WRONG: "worse", OUT_OF_REACH: "muted"}
COLUMNS = ("id", "finding", "published", "accepted", "model", "90 % range", "verdict", "use")


def effects(findings: Findings) -> dict:
    """Every experiment that was run, and those out of reach with the reason."""
    board = findings.board
    tested = sorted(board.tested, key=lambda each: each.experiment.id)
    corridor = findings.scenario.corridor.id
    out_of_reach = (each.experiment for each in board.verdicts if each.verdict == OUT_OF_REACH)
    return {
        "board": scoreboard_fields(board),
        "members": findings.members,
        "seed": findings.seed,
        "signed": sum(each.experiment.sign_only and each.verdict == WITHIN for each in board.tested),
        "elsewhere": sum(each.experiment.corridor != corridor for each in board.tested),
        "wrong": [each.experiment.id for each in board.verdicts if each.verdict == WRONG],
        "verdicts": [(f"k-{COLOURS[verdict]}", verdict) for verdict in (WITHIN, RIGHT, WRONG)],
        "figures": [
            interval_figure(GROUPS.get(group, group), [_interval(each) for each in verdicts])
            for group, verdicts in groupby(tested, group_of)
        ],
        "columns": COLUMNS,
        "rows": [evidence_row(each) for each in tested],
        "out_of_reach": [(each.id, each.title, _published(each), each.not_representable) for each in out_of_reach],
    }


def group_of(verdict: Verdict) -> str:
    """The group of an experiment: the letters of its id."""
    return verdict.experiment.id.rstrip("0123456789")


def evidence_row(verdict: Verdict) -> tuple[str, ...]:
    """The row of a tested finding in the table of published effects."""
    experiment = verdict.experiment
    accepted = accepted_range(experiment.low, experiment.high, number)
    return (
        experiment.id,
        experiment.title,
        f"{_published(experiment)} [{experiment.published['source']}, {experiment.published['quality']}]",
        accepted + (" (sign only)" if experiment.sign_only else ""),
        f"{number(verdict.median)} {experiment.measured_in}",
        f"{number(verdict.low)} to {number(verdict.high)}",
        verdict.verdict,
        USES[experiment.use],
    )


def _published(experiment: Experiment) -> str:
    return f"{experiment.published['estimate']} {experiment.published.get('unit') or ''}".strip()


def _interval(verdict: Verdict) -> svg.Interval:
    experiment, colour = verdict.experiment, COLOURS[verdict.verdict]
    median, low, high = (math.nan if end is None else end for end in (verdict.median, verdict.low, verdict.high))
    return svg.Interval(experiment.id, experiment.low, experiment.high, median, low, high, colour)


def sources(findings: Findings) -> dict:
    """Where each finding was published; a source that is none of the model's references stands as its file gives it."""
    references = findings.scenario.catalogue.references
    keys = sorted({str(each.experiment.published["source"]) for each in findings.board.verdicts})
    return {"sources": [{"key": key, "citation": "", "url": "", **references.get(key, {})} for key in keys]}
