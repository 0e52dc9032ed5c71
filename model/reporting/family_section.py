"""The section on the family of corridors: one set of equations, which numbers they share, and what each is worth
elsewhere."""

from __future__ import annotations

from pushpull.calibration.family import compared, own_names, transferred
from pushpull.calibration.plan import FILE, Plan, read_plan
from pushpull.posterior import Posterior, posterior_of
from pushpull.reporting.findings import Findings
from pushpull.reporting.report_numbers import number
from pushpull.scenario import Scenario
from pushpull.scenario.library import corridor_names

MOST_APART = 15


def family(findings: Findings) -> dict:
    """The corridor beside every other shipped one that has a fit of the same equations."""
    here = findings.plan, findings.posterior
    return {
        "corridor": findings.scenario.corridor.title,
        "others": [_beside(here, each) for each in _fitted_elsewhere(findings)],
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


def _beside(here: tuple[Plan, Posterior], there: tuple[Plan, Posterior]) -> dict:
    rows = compared(here, there)
    own = own_names(here[0], there[0])
    return {
        "title": there[0].scenario.corridor.title,
        "id": there[0].scenario.corridor.id,
        "shared": len(rows),
        "own": len(own),
        "apart": sum(abs(row.apart) > 2 for row in rows),
        "columns": ("number of the equations", "here", "there", "apart"),
        "rows": [(row.name, f"{row.here:+.2f}", f"{row.there:+.2f}", f"{row.apart:+.1f}") for row in rows[:MOST_APART]],
        "transfer_columns": ("record", "error %, own numbers", "error %, shared numbers of the other"),
        "transfer": [(row.record, number(row.own), number(row.transferred)) for row in transferred(here, there)],
        "reasons": [(unknown.name, unknown.why) for unknown in here[0].unknowns if unknown.name in own and unknown.why],
    }
