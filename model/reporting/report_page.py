"""The report put together: one HTML page that fetches nothing, for screens of any width, light or dark, and paper."""

from __future__ import annotations

from pushpull import svg
from pushpull.preparation import versions
from pushpull.reporting.findings import Findings
from pushpull.reporting.report_sections import TEMPLATES, sections
from pushpull.reporting.report_words import ReportWords
from pushpull.wording import palette
from pushpull.wording.phrases import ENGLISH, Phrase
from pushpull.wording.templates import render


def page(findings: Findings, language: str = ENGLISH) -> str:
    """The report in a language as the text of one HTML file."""
    words = ReportWords(language)
    name = words.corridor(findings.plan.scenario.corridor)
    return render(
        TEMPLATES,
        "report.html.j2",
        title=words.into(Phrase("Pushpull, {corridor}: how far to trust it", corridor=name)),
        language=language,
        say=words.say,
        sections=sections(findings, words),
        light=palette.variables(palette.LIGHT),
        dark=palette.variables(palette.DARK),
        drawing_style=svg.STYLE,
        versions=versions(),
    )
