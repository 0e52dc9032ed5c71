"""The report put together: one HTML page that fetches nothing, for screens of any width, light or dark, and paper."""

from __future__ import annotations

from pushpull import svg
from pushpull.preparation import versions
from pushpull.reporting.findings import Findings
from pushpull.reporting.report_sections import TEMPLATES, sections
from pushpull.wording import palette
from pushpull.wording.templates import render


def page(findings: Findings) -> str:
    """The report as the text of one HTML file."""
    return render(
        TEMPLATES,
        "report.html.j2",
        title=f"Pushpull, {findings.plan.scenario.corridor.title}: how far to trust it",
        sections=sections(findings),
        light=palette.variables(palette.LIGHT),
        dark=palette.variables(palette.DARK),
        drawing_style=svg.STYLE,
        versions=versions(),
    )
