"""The section on the draws: what importance weights and values left out say of them."""

from __future__ import annotations

from pushpull.calibration.judging import TRUSTED, read_judgement
from pushpull.reporting.findings import Findings
from pushpull.reporting.report_words import ReportWords
from pushpull.wording.phrases import Phrase

COLUMNS = (
    Phrase("record"), Phrase("values"), Phrase("expected log density of a value left out"), Phrase("not to be trusted"),
)  # fmt: skip


def judged(findings: Findings, words: ReportWords) -> dict:
    """What is stored beside the draws; nothing where they have not been judged."""
    judgement = read_judgement(findings.scenario.corridor.folder)
    labels = {record.label: words.label(record) for record in findings.plan.records}
    rows = [] if judgement is None else judgement.records
    return {
        "judgement": judgement,
        "least": words.fixed(TRUSTED, 1),
        "k": words.fixed(judgement.k, 2) if judgement else "",
        "columns": words.all_into(COLUMNS),
        "rows": [
            (labels.get(row.record, row.record), str(row.values), words.fixed(row.expected, 2, "+"), str(row.untrusted))
            for row in rows
        ],
    }
