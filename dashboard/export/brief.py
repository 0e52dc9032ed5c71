"""The brief as an HTML page to read or to print: one page and an annex, from the template beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup

from pushpull.dashboard.export.brief_content import BriefContent
from pushpull.dashboard.i18n.texts import language
from pushpull.wording import palette
from pushpull.wording.templates import render

LARGEST, SMALLEST = 9.0, 6.2  # points
ROOMY, SMALLER_BY = 1900, 0.001  # letters that the largest size has room for, and points less for each one more
TITLE, LINE_END = 2.2, 8  # a title takes so many times its letters (it heads the table too), and a line so many more


def brief(content: BriefContent, drawings: Mapping[str, str]) -> str:
    """The page; `drawings` are SVG, by outcome."""
    return render(
        Path(__file__).parent,
        "brief.html.j2",
        say=language(content.code).say,
        colours=palette.variables(palette.LIGHT),
        brief=content,
        size=size_for(content),
        charts=[(title, Markup(drawings[name])) for name, title in content.charts if name in drawings],
    )


def size_for(content: BriefContent) -> float:
    """The size of the letters, in points, at which the first page holds all that is said on it.

    A reader's fonts are not known here, so it goes by the letters that there are, and leaves room for wide fonts. A
    test prints long and short briefs on both papers.
    """
    said = [content.question, content.table_hint, content.others, content.illustrative]
    said += [sentence for section in content.sections for sentence in section.sentences]
    letters = sum(map(len, said)) + TITLE * len(content.title) + LINE_END * len(said)
    return round(min(max(LARGEST - SMALLER_BY * max(letters - ROOMY, 0), SMALLEST), LARGEST), 1)
