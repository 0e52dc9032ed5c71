"""Tables as offices hand them out, CSV or Excel: their cells as text or numbers, each row with its line."""

from __future__ import annotations

import csv
import datetime
import io
import os
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from pushpull.files.csv_rows import MOST_ROWS, UNQUOTED
from pushpull.files.faults import Fault, ScenarioFaults, listed, nearest, quote
from pushpull.files.tree import read_bytes
from pushpull.wording.phrases import Phrase

LARGEST = 20_000_000  # bytes of a file; of a workbook that is unpacked, ten times as many
WORKBOOKS = (".xlsx", ".xlsm")
TEXTS = (".csv", ".tsv", ".txt")
SEPARATORS = (";", "\t", "|", ",")
SAMPLE = 30  # lines by which the separator is told
# What a file that is no workbook, or a damaged one, makes the reader of workbooks raise.
BROKEN = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, ParseError, KeyError, ValueError, IndexError, OSError,
)  # fmt: skip

CellValue = str | float


@dataclass(frozen=True)
class TableOfCells:
    """The rows of a table that hold anything, each with its line, and how it was read: `remarks` for the reader."""

    shown: str
    rows: tuple[tuple[int, tuple[CellValue, ...]], ...]
    remarks: tuple[str, ...] = ()


def read_table_file(path: Path, sheet: str = "") -> TableOfCells:
    """The table of a CSV file, whatever parts its cells, or of one sheet of a workbook.

    Raises ScenarioFaults where there is no such file or sheet, or it is no table.
    """
    shown, ending = str(path), path.suffix.lower()
    if ending in WORKBOOKS:
        return _workbook(path, shown, sheet)
    if ending not in TEXTS:
        what = Phrase("a {suffix} file is no table that is read here", suffix=ending or quote(path.name))
        saved = Phrase("save it from the spreadsheet as .xlsx or .csv")
        raise ScenarioFaults([Fault(shown, None, what, listed((*TEXTS, *WORKBOOKS)), remedy=saved)])
    if sheet:
        raise ScenarioFaults([Fault("--sheet", None, Phrase("a text file has no sheets"), Phrase("a .xlsx file"))])
    text, remarks = _decoded(read_bytes(path, shown, LARGEST))
    return _text(text, shown, remarks)


def _decoded(content: bytes) -> tuple[str, list[str]]:
    """The text of a file of any of the usual encodings; a remark where it had to be guessed."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace"), []
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        remark = Phrase("the file is not in UTF-8; it was read as Windows-1252, so look at its accents")
        return content.decode("cp1252", errors="replace"), [remark]


def _text(text: str, shown: str, remarks: list[str]) -> TableOfCells:
    separator = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, tuple[CellValue, ...]]] = []
    line = 1
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                rows.append((line, tuple(each.strip() for each in cells)))
            line = reader.line_num + 1
            _refuse_more(rows, shown, line)
    except csv.Error:
        what = Phrase("a quotation mark is opened and not closed, or stands inside a cell")
        raise ScenarioFaults([Fault(shown, line, what, remedy=UNQUOTED)]) from None
    if not rows:
        raise ScenarioFaults([Fault(shown, None, Phrase("the file holds no rows"), Phrase("a table with a head"))])
    return TableOfCells(shown, tuple(rows), tuple(remarks))


def _separator(text: str) -> str:
    """The sign that parts most rows of the beginning into equally many cells; a comma where none does."""
    lines = [line for line in text.splitlines()[: 3 * SAMPLE] if line.strip()][:SAMPLE]
    best, most = ",", 0
    for mark in SEPARATORS:
        try:
            counts = Counter(len(cells) for cells in csv.reader(lines, delimiter=mark))
        except csv.Error:
            continue
        several = {cells: count for cells, count in counts.items() if cells > 1}
        if several and max(several.values()) > most:
            best, most = mark, max(several.values())
    return best


def _workbook(path: Path, shown: str, sheet: str) -> TableOfCells:
    content = read_bytes(path, shown, LARGEST)
    try:
        return _sheet(content, shown, sheet)
    except ScenarioFaults:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        InvalidFileException,
        ParseError,
        KeyError,
        ValueError,
        IndexError,
        OSError,
    ):
        what = Phrase("this is no workbook that can be read")
        raise ScenarioFaults([Fault(shown, None, what, Phrase("a .xlsx file"))]) from None


def _sheet(content: bytes, shown: str, sheet: str) -> TableOfCells:
    """One sheet of a workbook, which is read as its rows are asked for."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > 10 * LARGEST:
            raise ScenarioFaults([Fault(shown, None, Phrase("the workbook is too large"))])
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    names = [page.title for page in book.worksheets]
    if sheet and sheet not in names:
        what = Phrase("{file} has no sheet {sheet}", file=os.path.basename(shown), sheet=quote(sheet))
        raise ScenarioFaults([Fault("--sheet", None, what, listed(names), nearest(sheet, names))])
    chosen = sheet or names[0]
    others = [name for name in names if name != chosen]
    remarks = [Phrase("read is the sheet {sheet}; others: {others}", sheet=quote(chosen), others=listed(others))]
    rows: list[tuple[int, tuple[CellValue, ...]]] = []
    for line, cells in enumerate(book[chosen].iter_rows(values_only=True), 1):
        values = tuple(_cell(each) for each in cells)
        if any(each != "" for each in values):
            rows.append((line, values))
        _refuse_more(rows, shown, line)
    if not rows:
        raise ScenarioFaults([Fault(shown, None, Phrase("the file holds no rows"), Phrase("a table with a head"))])
    return TableOfCells(shown, tuple(rows), tuple(remarks) if others and not sheet else ())


def _cell(value: object) -> CellValue:
    """A cell as a number or a text; a date as text, year first."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, datetime.date) else str(value).strip()


def _refuse_more(rows: Sequence, shown: str, line: int) -> None:
    if max(len(rows), line - 1) > MOST_ROWS:  # lines that hold nothing cost as much
        what, allowed = Phrase("the file is too long"), Phrase("at most {most} lines", most=MOST_ROWS)
        raise ScenarioFaults([Fault(shown, line, what, allowed)])
