"""The section on the draws: what R-hat or importance weights, and values left out, say of them; and on the sampler:
what records of the model's own, and nested sampling, say of it."""

from __future__ import annotations

from pushpull.calibration import judging, judging_chains
from pushpull.calibration.judged_draws import JudgedDraws, read_judgement
from pushpull.calibration.judged_sampler import JudgedBesideNested, JudgedInRecords, read_sampler
from pushpull.calibration.judging_chains import ChainJudgement
from pushpull.calibration.nested import MEANS_APART, SPREADS_APART
from pushpull.reporting.findings import Findings
from pushpull.reporting.report_words import ReportWords
from pushpull.wording.phrases import Phrase

COLUMNS = (
    Phrase("record"), Phrase("values"), Phrase("expected log density of a value left out"), Phrase("not to be trusted"),
)  # fmt: skip
RANK_COLUMNS = (
    Phrase("parameter"), Phrase("mean place among the draws"), Phrase("in the 90 % range"),
    Phrase("chance of ranks as uneven"), Phrase("beyond chance"),
)  # fmt: skip
NESTED_COLUMNS = (
    Phrase("parameter"), Phrase("mean by chains"), Phrase("by nested sampling"), Phrase("spread by chains"),
    Phrase("by nested sampling"), Phrase("too far apart"),
)  # fmt: skip
DIGITS = {"k": 2, "r_hat": 2, "bulk": 0, "tail": 0, "usual": 0, "first": 1, "last": 1}


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
        "sampler": _sampler(findings, words),
        "columns": words.all_into(COLUMNS),
        "rows": [
            (labels.get(row.record, row.record), str(row.values), words.fixed(row.expected, 2, "+"), str(row.untrusted))
            for row in rows
        ],
    }


def _sampler(findings: Findings, words: ReportWords) -> dict:
    """What is stored of the sampler beside the corridor; either part may be missing."""
    judged = read_sampler(findings.scenario.corridor.folder)
    return {
        "in_records": judged.in_records and _in_records(judged.in_records, findings, words),
        "beside_nested": judged.beside_nested and _beside_nested(judged.beside_nested, findings, words),
    }


def _in_records(judged: JudgedInRecords, findings: Findings, words: ReportWords) -> dict:
    return {
        "judged": judged,
        "is_of_before": judged.plan != findings.plan.digest,
        "columns": words.all_into(RANK_COLUMNS),
        "rows": [
            (
                words.name(each.name),
                words.fixed(each.place, 2),
                words.share(each.held),
                words.fixed(each.chance, 2),
                _marked(each.outside, words),
            )
            for each in judged.unknowns
        ],
    }


def _beside_nested(judged: JudgedBesideNested, findings: Findings, words: ReportWords) -> dict:
    def with_error(value: float, error: float, sign: str = "") -> str:
        return f"{words.fixed(value, 2, sign)} ± {words.fixed(error, 2)}"

    return {
        "judged": judged,
        "is_of_before": judged.plan != findings.plan.digest,
        "largest": words.fixed(judged.means_apart, 2),
        "means_asked": words.fixed(MEANS_APART, 2),
        "spreads_asked": SPREADS_APART,
        "columns": words.all_into(NESTED_COLUMNS),
        "rows": [
            (
                words.name(each.name),
                with_error(each.chains[0], each.chains_error[0], "+"),
                with_error(each.nested[0], each.nested_error[0], "+"),
                with_error(each.chains[1], each.chains_error[1]),
                with_error(each.nested[1], each.nested_error[1]),
                _marked(not each.agrees, words),
            )
            for each in judged.unknowns
        ],
    }


def _marked(is_so: bool, words: ReportWords) -> str:
    return words.into(Phrase("yes")) if is_so else ""
