"""The section on dated events of a corridor: what happened when, and what of the model it touches."""

from __future__ import annotations

from pushpull.reporting.findings import Findings
from pushpull.reporting.report_words import ReportWords, both
from pushpull.scenario import Scenario
from pushpull.scenario.events import FILE, KINDS, Event, read_events
from pushpull.wording.numbers import DASH
from pushpull.wording.phrases import Phrase

COLUMNS = (
    Phrase("date"), Phrase("until"), Phrase("kind"), Phrase("where"), Phrase("what"), Phrase("touches"),
    Phrase("source"),
)  # fmt: skip


def events(findings: Findings, words: ReportWords) -> dict:
    """The events beside the corridor, in order of time."""
    scenario = findings.scenario
    held = read_events(scenario.corridor, scenario.catalogue)
    return {
        "file": FILE,
        "kinds": [
            (words.plain(kind), words.plain(meaning))
            for kind, meaning in KINDS.items()
            if any(event.kind == kind for event in held)
        ],
        "columns": words.all_into(COLUMNS),
        "rows": [_row(scenario, event, words) for event in held],
    }


def _row(scenario: Scenario, event: Event, words: ReportWords) -> tuple[str, ...]:
    return (
        event.date,
        event.until or DASH,
        words.plain(event.kind),
        event.place(words.code),
        both(event.title(words.code), *((" (", words.text(event.note), ")") if event.note else ())),
        words.into(Phrase("; ")).join(_titled(scenario, name, words) for name in event.touches) or DASH,
        words.quoted(event.source),
    )


def _titled(scenario: Scenario, name: str, words: ReportWords) -> str:
    """The title of a lever, driver or parameter; the name of a series as a table has it."""
    catalogue = scenario.catalogue
    known = name in catalogue.levers or name in catalogue.context or name in catalogue.parameters
    return words.title(catalogue, name) if known else words.name(name)
