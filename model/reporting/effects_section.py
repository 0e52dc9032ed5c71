"""The sections on published effects and on where they come from."""

from __future__ import annotations

import math
from itertools import groupby

from pushpull import svg
from pushpull.evidence.verdicts import OUT_OF_REACH, RIGHT, WITHIN, WRONG, Verdict
from pushpull.reporting.evidence_fields import scoreboard_fields
from pushpull.reporting.findings import Findings
from pushpull.reporting.report_figures import interval_figure
from pushpull.reporting.report_words import ReportWords
from pushpull.wording.phrases import Phrase

USES = {"structure": Phrase("informed the structure"), "tested": Phrase("only tested")}
GROUPS = {
    "ASY": Phrase("Asylum policy"),
    "CJ": Phrase("Criminal justice"),
    "FEE": Phrase("Fees and enforcement"),
    "FLO": Phrase("Flows and enforcement"),
    "HAR": Phrase("Harm"),
    "LEG": Phrase("Legal channels"),
    "MOD": Phrase("Other models"),
    "OPI": Phrase("Public opinion"),
    "PUL": Phrase("Jobs and pull"),
    "RET": Phrase("Return"),
    "ROO": Phrase("Root causes"),
}
VERDICTS = {
    WITHIN: Phrase("within range"),
    RIGHT: Phrase("right sign"),
    WRONG: Phrase("wrong sign"),
    OUT_OF_REACH: Phrase("not representable"),
}
COLOURS = {WITHIN: "better", RIGHT: "partly", WRONG: "worse", OUT_OF_REACH: "muted"}
COLUMNS = (
    Phrase("id"), Phrase("finding"), Phrase("published"), Phrase("accepted"), Phrase("model"), Phrase("90 % range"),
    Phrase("verdict"), Phrase("use"),
)  # fmt: skip
OUT_COLUMNS = (Phrase("id"), Phrase("finding"), Phrase("published"), Phrase("reason"))


def effects(findings: Findings, words: ReportWords) -> dict:
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
        "verdicts": [(f"k-{COLOURS[verdict]}", words.into(VERDICTS[verdict])) for verdict in (WITHIN, RIGHT, WRONG)],
        "figures": [
            interval_figure(words.into(GROUPS.get(group, group)), [_interval(each) for each in verdicts], words)
            for group, verdicts in groupby(tested, group_of)
        ],
        "columns": words.all_into(COLUMNS),
        "rows": [evidence_row(each, words) for each in tested],
        "out_columns": words.all_into(OUT_COLUMNS),
        "out_of_reach": [
            (each.id, words.finding(each), words.published(each), words.out_of_reach(each)) for each in out_of_reach
        ],
    }


def group_of(verdict: Verdict) -> str:
    """The group of an experiment: the letters of its id."""
    return verdict.experiment.id.rstrip("0123456789")


def evidence_row(verdict: Verdict, words: ReportWords) -> tuple[str, ...]:
    """The row of a tested finding in the table of published effects."""
    experiment = verdict.experiment
    accepted = words.accepted(experiment.low, experiment.high)
    if experiment.sign_only:
        accepted = words.into(Phrase("{accepted} (sign only)", accepted=accepted))
    return (
        experiment.id,
        words.finding(experiment),
        f"{words.published(experiment)} [{experiment.published['source']}, {experiment.published['quality']}]",
        accepted,
        f"{words.number(verdict.median)} {words.plain(experiment.measured_in)}",
        words.span(words.number(verdict.low), words.number(verdict.high)),
        words.into(VERDICTS[verdict.verdict]),
        words.into(USES[experiment.use]),
    )


def _interval(verdict: Verdict) -> svg.Interval:
    experiment, colour = verdict.experiment, COLOURS[verdict.verdict]
    median, low, high = (math.nan if end is None else end for end in (verdict.median, verdict.low, verdict.high))
    return svg.Interval(experiment.id, experiment.low, experiment.high, median, low, high, colour)


def sources(findings: Findings, words: ReportWords) -> dict:
    """Where each finding was published; a source that is none of the model's references stands as its file gives it."""
    references = findings.scenario.catalogue.references
    keys = sorted({str(each.experiment.published["source"]) for each in findings.board.verdicts})
    known = {key: references.get(key, {}) for key in keys}
    return {
        "sources": [
            {"key": key, "citation": words.quoted(source.get("citation", "")), "url": source.get("url", "")}
            for key, source in known.items()
        ]
    }
