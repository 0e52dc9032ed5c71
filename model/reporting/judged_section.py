"""The section on the draws: what R-hat or importance weights, and values left out, say of them."""

from __future__ import annotations

from pushpull.calibration import judging, judging_chains
from pushpull.calibration.judged_draws import JudgedDraws, read_judgement
from pushpull.calibration.judging_chains import ChainJudgement
from pushpull.reporting.findings import Findings
from pushpull.reporting.report_words import ReportWords
from pushpull.wording.phrases import Phrase

COLUMNS = (
    Phrase("record"), Phrase("values"), Phrase("expected log density of a value left out"), Phrase("not to be trusted"),
)  # fmt: skip


DIGITS = {"k": 2, "r_hat": 2, "bulk": 0, "tail": 0, "bulk_median": 0, "first": 1, "last": 1}


def _measured(judgement: JudgedDraws | None) -> list[tuple[str, int, float]]:
    return [(name, digits, getattr(judgement, name)) for name, digits in DIGITS.items() if hasattr(judgement, name)]


def judged(findings: Findings, words: ReportWords) -> dict:
    """What is stored beside the draws; nothing where they have not been judged."""
    judgement = read_judgement(findings.scenario.corridor.folder)
    labels = {record.label: words.label(record) for record in findings.plan.records}
    rows = [] if judgement is None else judgement.records
    return {
        "judgement": judgement,
        "of_chains": isinstance(judgement, ChainJudgement),
        "least": words.fixed(judging.TRUSTED, 1),
        "met": words.fixed(judging_chains.TRUSTED, 1),
        "settled": words.fixed(judging_chains.SETTLED, 2),
        "told": {name: words.fixed(value, digits) for name, digits, value in _measured(judgement)},
        "columns": words.all_into(COLUMNS),
        "rows": [
            (labels.get(row.record, row.record), str(row.values), words.fixed(row.expected, 2, "+"), str(row.untrusted))
            for row in rows
        ],
    }
