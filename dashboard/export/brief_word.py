"""The brief as a Word file: the same content, its charts as the browser has drawn them."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping, Sequence

from docx import Document
from docx.document import Document as WordFile
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from pushpull.dashboard.export.brief import size_for
from pushpull.dashboard.export.brief_content import BriefContent, BriefRow, Section
from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.i18n.texts import language
from pushpull.wording import palette
from pushpull.wording.palette import LIGHT

LETTER, A4 = (215.9, 279.4), (210.0, 297.0)  # in millimetres
PAPERS = {"en": LETTER, "fr": A4, "fr-CA": LETTER}
LOCALES = {"en": "en-US", "fr": "fr-FR", "fr-CA": "fr-CA"}
MARGIN = 12
LEADING, FINE, FINER = 1.5, 0.88, 0.84  # of the letters of the page: its title, small print, small print in cells
OUTCOME, TODAY = 0.21, 0.13  # of a line: the first two columns of the table of outcomes
CALIBRI = 1.1  # its letters are smaller than those for which the size is worked out
TALLEST = 24.0  # millimetres, of a chart
CHIP = "\u25a0"
COLOURS = palette.named(LIGHT)
# What a file that is no picture, whatever its bytes, brings about in its reader.
NO_PICTURE = (
    *(InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError),
    *(ArithmeticError, LookupError, ValueError, struct.error),
)
TONES = {"better": LIGHT.better, "worse": LIGHT.worse}


def brief_in_word(content: BriefContent, pictures: Mapping[str, bytes]) -> bytes:
    """The file; `pictures` are PNG by outcome. A chart without one is left out: its numbers stand in the table.

    Raises Refusal where a picture is damaged.
    """
    say, file = language(content.code).say, Document()
    width = _paper(file, content.code, round(2 * CALIBRI * size_for(content)) / 2)
    file.core_properties.title = content.title
    file.core_properties.author = say("page.name")
    file.core_properties.comments = ""
    file.core_properties.language = LOCALES[content.code]
    _small(file, content.corridor)
    file.add_heading(_plain(content.title), 1)
    if content.question:
        file.add_paragraph().add_run(_plain(content.question)).italic = True
    if content.illustrative:
        file.add_paragraph().add_run(_plain(content.illustrative)).bold = True
    file.add_heading(_plain(content.table_title), 2)
    heads = (say("brief.outcome"), say("brief.today"))
    _outcomes(file, (*heads, *content.names), content.rows, width, ("baseline", *content.colours))
    _small(file, f"{content.table_hint} {content.others}")
    _charts(file, content.charts, pictures, width)
    _sections(file, content.sections)
    foot = _small(file, content.made)
    if content.link:
        foot.add_run(" \u00b7 ", "Small print")
        _link(foot, content.link, content.address or say("brief.link"))
    file.add_page_break()
    file.add_heading(say("brief.annex"), 1)
    file.add_heading(say("brief.everything"), 2)
    _outcomes(file, (*heads, *content.all_names), content.all_rows, width)
    for option, settings in content.settings:
        file.add_heading(_plain(say("brief.settings", option=option)), 2)
        if settings:
            _table(file, (say("pack.what"), say("pack.set")), settings)
        else:
            file.add_paragraph(say("brief.nothing_set"))
    _sections(file, content.annex)
    if content.link and not content.address:
        _small(file, say("pair", name=say("brief.link"), value=content.link))
    written = io.BytesIO()
    file.save(written)
    return written.getvalue()


def _paper(file: WordFile, code: str, size: float) -> float:
    """Set paper, margins, fonts and the language that is spelt; gives the width of a line in millimetres.

    `size` is that of the letters, in points, at which the first page holds all that is said on it.
    """
    section, (width, height) = file.sections[0], PAPERS[code]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN)
    normal = file.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(size)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(1), 1.0
    bullets = file.styles["List Bullet"].paragraph_format
    bullets.left_indent, bullets.first_line_indent = Mm(4), Mm(-4)
    for name, share in (("Small print", FINE), ("Small print in cells", FINER)):
        style = file.styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
        style.font.size, style.font.color.rgb = Pt(round(2 * share * size) / 2), RGBColor.from_string(LIGHT.muted[1:])
        style.font.bold = False
    spelling = OxmlElement("w:lang")
    spelling.set(qn("w:val"), LOCALES[code])
    normal.element.get_or_add_rPr().append(spelling)
    for name, letters in (("Heading 1", LEADING * size), ("Heading 2", size + 0.5)):
        style = file.styles[name]
        style.font.size, style.font.color.rgb = Pt(letters), RGBColor.from_string(LIGHT.yours[1:])
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(3), Pt(1)
    return width - 2 * MARGIN


def _plain(text: str) -> str:
    """A text without the signs that XML does not hold."""
    return "".join(mark for mark in text if mark in "\t\n" or (ord(mark) >= 0x20 and ord(mark) not in (0xFFFE, 0xFFFF)))


def _small(file: WordFile, text: str) -> Paragraph:
    paragraph = file.add_paragraph()
    paragraph.add_run(_plain(text.strip()), "Small print")
    return paragraph


def _link(paragraph: Paragraph, address: str, text: str) -> None:
    """A link at the end of a paragraph, which opens the address under a text."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = paragraph.add_run(_plain(text), "Small print")
    run.font.underline = True
    link.append(run._element)
    paragraph._element.append(link)


def _outcomes(
    file: WordFile, heads: Sequence[str], rows: Sequence[BriefRow], width: float, colours: Sequence[str] = ()
) -> None:
    """The table of outcomes; `colours` are those that the charts draw today's policy and the options in."""
    grid = _table(file, heads, [(row.title, row.baseline, *("" for _ in row.cells)) for row in rows])
    grid.autofit = False
    options = max(len(heads) - 2, 1)
    shares = (OUTCOME, TODAY, *[(1 - OUTCOME - TODAY) / options] * options)
    for column, share in zip(grid.columns, shares, strict=False):
        column.width = Mm(share * width)
        for box in column.cells:
            box.width = Mm(share * width)
    for box, colour in zip(grid.rows[0].cells[1:], colours, strict=False):
        chip = box.paragraphs[0].add_run(f" {CHIP}")
        chip.font.color.rgb = RGBColor.from_string(COLOURS[colour][1:])
    for line, row in zip(grid.rows[1:], rows, strict=True):
        _add(line.cells[0], row.unit)
        for box, cell in zip(line.cells[2:], row.cells, strict=True):
            paragraph = box.paragraphs[0]
            paragraph.add_run(f"{cell.value} \u00b7 ")
            change = paragraph.add_run(cell.change)
            if cell.tone in TONES:
                change.bold, change.font.color.rgb = True, RGBColor.from_string(TONES[cell.tone][1:])
            if cell.range:
                _add(box, cell.sureness)


def _add(box: _Cell, text: str) -> None:
    """One more line in a cell, in small letters."""
    paragraph = box.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.add_run(_plain(text), "Small print in cells").bold = False


def _table(file: WordFile, heads: Sequence[str], rows: Sequence[Sequence[str]]):  # type: ignore[no-untyped-def]
    grid = file.add_table(rows=1, cols=len(heads), style="Light Grid Accent 1")
    for box, head in zip(grid.rows[0].cells, heads, strict=True):
        box.text = _plain(head)
    for row in rows:
        for box, text in zip(grid.add_row().cells, row, strict=True):
            box.text = _plain(text)
    for line in grid.rows:
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for box in line.cells:
            box.paragraphs[0].paragraph_format.space_after = Pt(0)
    grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # read out with each cell, and repeated
    return grid


def _charts(file: WordFile, charts: Sequence[tuple[str, str]], pictures: Mapping[str, bytes], width: float) -> None:
    """The charts side by side, each under its title; raises Refusal where a picture is damaged."""
    drawn = [(title, pictures[name]) for name, title in charts if name in pictures]
    if not drawn:
        return
    grid = file.add_table(rows=2, cols=len(drawn))
    for place, (title, picture) in enumerate(drawn):
        grid.cell(0, place).paragraphs[0].add_run(_plain(title)).bold = True
        run = grid.cell(1, place).paragraphs[0].add_run()
        try:
            drawing = run.add_picture(io.BytesIO(picture), width=Mm(width / len(drawn) - 4))
        except NO_PICTURE:
            raise Refusal("pictures") from None
        if drawing.height > Mm(TALLEST):
            drawing.width, drawing.height = round(drawing.width * Mm(TALLEST) / drawing.height), Mm(TALLEST)
        run._element.findall(".//" + qn("wp:docPr"))[0].set("descr", _plain(title))


def _sections(file: WordFile, sections: Sequence[Section]) -> None:
    for section in sections:
        file.add_heading(_plain(section.title), 2)
        for sentence in section.sentences:
            file.add_paragraph(_plain(sentence), style="List Bullet")
