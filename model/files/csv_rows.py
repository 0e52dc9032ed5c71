"""Rows of a CSV file with the columns it must have, each with the line in which it begins."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pushpull.files.faults import Fault, ScenarioFaults, listed, quote
from pushpull.files.tree import decode
from pushpull.wording.phrases import Phrase

MOST_ROWS = 20_000
MOST_FAULTS = 20  # of one file; what is wrong in the same way in many rows is told once
SEPARATORS = {";": Phrase("semicolons"), "\t": Phrase("tabs"), "|": Phrase("bars")}
UNQUOTED = Phrase('close each quotation mark, and write "" for one inside a cell in quotation marks')


@dataclass(frozen=True)
class CsvRows:
    """The rows that hold anything, each with its line, and whether the file could be read to its end; `readable` is
    False where it is no file of these columns at all."""

    rows: tuple[tuple[int, list[str]], ...] = ()
    is_whole: bool = True
    readable: bool = True


def csv_rows(content: bytes, shown: str, columns: Sequence[str], what: str, faults: list[Fault]) -> CsvRows:
    """The rows below the header of a file, which faults call `what`; its faults join the list."""
    try:
        text = decode(content, shown)
    except ScenarioFaults as unreadable:
        faults.extend(unreadable.faults)
        return CsvRows(is_whole=False, readable=False)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = tuple(next(reader, ()))
    except csv.Error as fault:
        faults.append(_no_csv(shown, 1, fault))
        return CsvRows(is_whole=False, readable=False)
    if header != tuple(columns):
        faults.append(Fault(shown, 1, _header_fault(header, columns, what), ",".join(columns)))
        return CsvRows(is_whole=False, readable=False)
    rows: list[tuple[int, list[str]]] = []
    line = reader.line_num + 1
    try:
        for cells in reader:
            if reader.line_num > MOST_ROWS:
                faults.append(
                    Fault(
                        shown,
                        line,
                        Phrase("the file is too long"),
                        Phrase("at most {most} lines", most=MOST_ROWS),
                    )
                )
                return CsvRows(tuple(rows), is_whole=False)
            if any(map(str.strip, cells)):
                rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as fault:
        faults.append(_no_csv(shown, line, fault))
        return CsvRows(tuple(rows), is_whole=False)
    return CsvRows(tuple(rows))


def told_once(faults: list[Fault], shown: str) -> list[Fault]:
    """The faults of a file, those that differ in nothing but their line told at the first, with how many rows they are
    in; of a file with many the first."""
    lines: dict[Fault, list[int | None]] = {}
    for fault in faults:
        lines.setdefault(replace(fault, line=None), []).append(fault.line)
    once = [
        replace(
            fault,
            line=held[0],
            what=Phrase("{what} (so in {count} rows)", what=fault.what, count=len(held))
            if len(held) > 1
            else fault.what,
        )
        for fault, held in lines.items()
    ]
    if len(once) <= MOST_FAULTS:
        return once
    more = Phrase("further faults in the file, from here on: {count}", count=len(once) - MOST_FAULTS)
    return [*once[:MOST_FAULTS], Fault(shown, once[MOST_FAULTS].line, more)]


def _header_fault(header: tuple[str, ...], columns: Sequence[str], what: str) -> str:
    """What is wrong with the columns of a file that are not those it must have."""
    message = Phrase("the columns are not those of {what}", what=what)
    apart = next((mark for mark in SEPARATORS if len(header) == 1 and mark in header[0]), "")
    if apart:
        return Phrase(
            "{message}; they seem to be separated by {separators}, not by commas",
            message=message,
            separators=SEPARATORS[apart],
        )
    missing = [each for each in columns if each not in header]
    unknown = [quote(each) for each in header if each not in columns]
    if not missing and not unknown:
        return Phrase("{message}; they stand in another order, or twice", message=message)
    if missing:
        message = Phrase("{message}; missing: {missing}", message=message, missing=listed(missing))
    if unknown:
        message = Phrase("{message}; not known: {unknown}", message=message, unknown=listed(unknown))
    return message


def _no_csv(shown: str, line: int, fault: csv.Error) -> Fault:
    """The fault of a row that no reader of CSV takes."""
    if "field larger" in str(fault):
        return Fault(shown, line, Phrase("a cell is too long"), Phrase("at most 131072 characters"), remedy=UNQUOTED)
    return Fault(
        shown, line, Phrase("a quotation mark is opened and not closed, or stands inside a cell"), remedy=UNQUOTED
    )
