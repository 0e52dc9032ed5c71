"""The section on dated events of a corridor: what happened when, and what of the model it touches."""

from __future__ import annotations

from pushpull.descriptions import title_of
from pushpull.reporting.findings import Findings
from pushpull.scenario import Scenario
from pushpull.scenario.events import FILE, KINDS, Event, read_events
from pushpull.wording.numbers import DASH

COLUMNS = ("date", "until", "kind", "where", "what", "touches", "source")


def events(findings: Findings) -> dict:
    """The events beside the corridor, in order of time."""
    scenario = findings.scenario
    held = read_events(scenario.corridor, scenario.catalogue)
    return {
        "file": FILE,
        "kinds": [(kind, meaning) for kind, meaning in KINDS.items() if any(event.kind == kind for event in held)],
        "columns": COLUMNS,
        "rows": [_row(scenario, event) for event in held],
    }


def _row(scenario: Scenario, event: Event) -> tuple[str, ...]:
    return (
        event.date,
        event.until or DASH,
        event.kind,
        event.place(),
        event.title() + (f" ({event.note})" if event.note else ""),
        "; ".join(_titled(scenario, name) for name in event.touches) or DASH,
        event.source,
    )


def _titled(scenario: Scenario, name: str) -> str:
    """The title of a lever, driver or parameter; the name of a series as it is."""
    catalogue = scenario.catalogue
    known = name in catalogue.levers or name in catalogue.context or name in catalogue.parameters
    return title_of(catalogue, name) if known else name
