"""The section on published effects, and where they come from."""

from __future__ import annotations

from html import escape
from itertools import groupby

from pushpull.commands.evidence import summary
from pushpull.evidence.verdicts import OUT_OF_REACH, RIGHT, WITHIN, WRONG, Verdict
from pushpull.reporting import report_plots
from pushpull.reporting.findings import Findings
from pushpull.reporting.report_numbers import number
from pushpull.reporting.report_pieces import figure, paragraph, table

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
KINDS = {WITHIN: "good", RIGHT: "fair", WRONG: "bad", OUT_OF_REACH: "none"}


def effects(findings: Findings) -> str:
    """Every experiment that was run, and those out of reach with the reason."""
    board = findings.board
    told_of = summary(board)
    if not told_of["tested"]:
        return _none(findings)
    sign_only = told_of["tested"] - told_of["numeric_tested"]
    signed = sum(each.experiment.sign_only and each.verdict == WITHIN for each in board.tested)
    unfitted = sum(each.experiment.corridor != findings.scenario.corridor.id for each in board.tested)
    parts = [
        paragraph(
            f"Each row is an experiment of its own, run on {findings.members} draws (seed {findings.seed}). Of "
            f"{told_of['tested']} findings tested, {told_of['within_band']} are within their band "
            f"({told_of['share_within_band']:.0%}), {told_of['right_sign']} have the right sign only, "
            f"{told_of['wrong_sign']} the wrong one. {sign_only} ask for a sign or an order alone ({signed} of them "
            f"pass); of the {told_of['numeric_tested']} with a size, {told_of['numeric_within_band']} are within "
            f"their band. The verdict is on the median. {unfitted} run on another corridor than this one and draw "
            "from what is known there."
        ),
        paragraph(
            "“Informed the structure” means that the finding was known when equations were written: passing it "
            "is no test. “Only tested” ones had no part in it.",
            "small",
        ),
    ]
    wrong = [each.experiment.id for each in board.verdicts if each.verdict == WRONG]
    parts.append(paragraph(f"Wrong sign: {', '.join(wrong) or 'none'}.", "warning" if wrong else ""))
    tested = sorted(board.tested, key=lambda each: each.experiment.id)
    plots = []
    for group, members in groupby(tested, lambda each: group_of(each)):
        rows = [_interval(each) for each in members]
        title = GROUPS.get(group, group)
        plots.append(figure(report_plots.interval_rows(f"{title}: model beside the accepted band", rows), title))
    parts.append(
        paragraph(
            "Each line has a scale of its own. The upright stroke is nought, the box the accepted band (open to "
            "the edge where it has no end), the dot the model's median, the line its 90 percent band.",
            "small",
        )
    )
    words = ((WITHIN, "good"), (RIGHT, "fair"), (WRONG, "bad"))
    keys = "".join(f'<span><i class="k-{kind}"></i>{word}</span>' for word, kind in words)
    parts.append(f'<p class="legend">{keys}</p><div class="plots">{"".join(plots)}</div>')
    columns = ("id", "finding", "published", "band", "model", "90 % band", "verdict", "use")
    parts.append(table("evidence_table", columns, map(evidence_row, tested), kind="cards"))
    out = [each for each in board.verdicts if each.verdict == OUT_OF_REACH]
    parts.append(f"<h3>Out of reach: {len(out)}</h3>")
    rows = [(e.id, e.title, _published(e), e.not_representable) for e in (each.experiment for each in out)]
    parts.append(table("out_of_reach", ("id", "finding", "published", "reason"), rows, kind="cards"))
    return "".join(parts)


def _none(findings: Findings) -> str:
    """What to say of a corridor that no experiment is on."""
    out = len(findings.board.verdicts)
    told = f" {out} lie out of the model's reach." if out else ""
    return paragraph(
        "No experiment with a published effect of this corridor was run." + told + " The published ones that come with "
        "the model name years, routes and settings of the corridors they were found on, and are not carried over to "
        "another; “pushpull evidence” runs them there. An experiment on this corridor is a file in the folder "
        "“evidence” beside it.",
        "warning",
    )


def group_of(verdict: Verdict) -> str:
    """The group of an experiment: the letters of its id."""
    return verdict.experiment.id.rstrip("0123456789")


def evidence_row(verdict: Verdict) -> tuple[str, ...]:
    """The row of a tested finding in the table of published effects."""
    one = verdict.experiment
    return (
        one.id,
        one.title,
        f"{_published(one)} [{one.published['source']}, {one.published['quality']}]",
        _band(one.low, one.high) + (" (sign only)" if one.sign_only else ""),
        f"{number(verdict.median)} {one.measured_in}",
        f"{number(verdict.low)} to {number(verdict.high)}",
        verdict.verdict,
        USES[one.use],
    )


def _published(experiment) -> str:
    return f"{experiment.published['estimate']} {experiment.published.get('unit') or ''}".strip()


def _band(low: float | None, high: float | None) -> str:
    if low is None:
        return f"at most {number(high)}"
    return f"at least {number(low)}" if high is None else f"{number(low)} to {number(high)}"


def _interval(verdict: Verdict) -> report_plots.Interval:
    one = verdict.experiment
    return report_plots.Interval(
        one.id, one.low, one.high, verdict.median, verdict.low, verdict.high, KINDS[verdict.verdict]
    )


def sources(findings: Findings) -> str:
    """Where each finding was published; a source that is none of the model's references stands as its file gives it."""
    if not findings.board.verdicts:
        return paragraph("No published effect was held against the model here, so none has a source.")
    references = findings.scenario.catalogue.references
    keys = sorted({str(each.experiment.published["source"]) for each in findings.board.verdicts})
    lines = []
    for key in keys:
        reference = references.get(key, {"citation": ""})
        address = f" <code>{escape(str(reference['url']))}</code>" if reference.get("url") else ""
        lines.append(f"<li><b>{escape(key)}</b> {escape(str(reference['citation']))}{address}</li>")
    return f'<ul class="small">{"".join(lines)}</ul>'
