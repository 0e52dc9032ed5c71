"""The report put together: one HTML page that fetches nothing, for screens of any width, light or dark, and paper."""

from __future__ import annotations

from pushpull import svg
from pushpull.preparation import versions
from pushpull.reporting.findings import Findings
from pushpull.reporting.report_sections import TEMPLATES, sayer, sections
from pushpull.wording import palette
from pushpull.wording.phrases import ENGLISH, Phrase, in_language
from pushpull.wording.templates import render


def page(findings: Findings, language: str = ENGLISH, corridor: str = "") -> str:
    """The report as the text of one HTML file; `corridor` is its title in the language, where it has one."""
    name = corridor or findings.plan.scenario.corridor.title
    return render(
        TEMPLATES,
        "report.html.j2",
        title=in_language(Phrase("Pushpull, {corridor}: how far to trust it", corridor=name), language),
        language=language,
        say=sayer(language),
        sections=sections(findings, language),
        light=palette.variables(palette.LIGHT),
        dark=palette.variables(palette.DARK),
        drawing_style=svg.STYLE,
        versions=versions(),
    )
