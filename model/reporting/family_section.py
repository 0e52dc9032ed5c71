"""The section on the family of corridors: one set of equations, which numbers they share, and what each is worth
elsewhere."""

from __future__ import annotations

from pushpull.calibration.family import compared, own_names, transferred
from pushpull.calibration.plan import FILE, Plan, read_plan
from pushpull.posterior import Posterior, posterior_of
from pushpull.reporting.findings import Findings
from pushpull.reporting.report_words import ReportWords
from pushpull.scenario import Scenario
from pushpull.scenario.library import corridor_names
from pushpull.wording.phrases import Phrase

MOST_APART = 15
APART_COLUMNS = (Phrase("number of the equations"), Phrase("here"), Phrase("there"), Phrase("apart"))
TRANSFER_COLUMNS = (Phrase("record"), Phrase("error %, own numbers"), Phrase("error %, shared numbers of the other"))
REASON_COLUMNS = (Phrase("number"), Phrase("why"))


def family(findings: Findings, words: ReportWords) -> dict:
    """The corridor beside every other shipped one that has a fit of the same equations."""
    here = findings.plan, findings.posterior
    return {
        "corridor": words.corridor(findings.scenario.corridor),
        "others": [_beside(here, each, words) for each in _fitted_elsewhere(findings)],
    }


def _fitted_elsewhere(findings: Findings) -> list[tuple[Plan, Posterior]]:
    others = []
    for name in corridor_names():
        scenario = Scenario.load(name)
        if scenario.corridor.folder == findings.scenario.corridor.folder:
            continue
        posterior = posterior_of(scenario.corridor) if (scenario.corridor.folder / FILE).exists() else None
        if posterior is not None:
            plan = read_plan(scenario)
            if not set(plan.names) - set(posterior.parameters):
                others.append((plan, posterior))
    return others


def _beside(here: tuple[Plan, Posterior], there: tuple[Plan, Posterior], words: ReportWords) -> dict:
    rows = compared(here, there)
    own = own_names(here[0], there[0])
    labels = {record.label: words.label(record) for record in here[0].records}
    return {
        "title": words.corridor(there[0].scenario.corridor),
        "id": there[0].scenario.corridor.id,
        "shared": len(rows),
        "own": len(own),
        "apart": sum(abs(row.apart) > 2 for row in rows),
        "columns": words.all_into(APART_COLUMNS),
        "rows": [
            (
                words.name(row.name),
                words.fixed(row.here, 2, "+"),
                words.fixed(row.there, 2, "+"),
                words.fixed(row.apart, 1, "+"),
            )
            for row in rows[:MOST_APART]
        ],
        "transfer_columns": words.all_into(TRANSFER_COLUMNS),
        "transfer": [
            (labels.get(row.record, row.record), words.number(row.own), words.number(row.transferred))
            for row in transferred(here, there)
        ],
        "reason_columns": words.all_into(REASON_COLUMNS),
        "reasons": [
            (words.name(unknown.name), words.text(unknown.why))
            for unknown in here[0].unknowns
            if unknown.name in own and unknown.why
        ],
    }
