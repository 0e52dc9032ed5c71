"""What a YAML parser complains of, in the words of one who writes the file: the true line, what, the remedy."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ruamel.yaml.error import MarkedYAMLError

from pushpull.files.faults import Fault, quote
from pushpull.wording.phrases import Phrase

SPACES = Phrase("use spaces, two for each level")
SAME_INDENT = Phrase("begin the names of one block at the same column; indent what belongs to a name by two spaces")
CLOSING = Phrase("close each {{ with }}, each [ with ], and put commas between the entries")
_NAME = re.compile(r"\s*(?:- )?([^\s:#'\"{\[][^:#]*?):(?:\s|$)")


def in_plain_words(fault: MarkedYAMLError, text: str, shown: str) -> Fault:
    """The fault of a text that is no YAML."""
    lines = text.splitlines()
    mark, context = fault.problem_mark, fault.context_mark
    problem, around = str(fault.problem or ""), str(fault.context or "")
    line = (mark or context).line if mark or context else None
    begun = context.line if context else line

    def fault_at(index: int | None, what: str, remedy: str) -> Fault:
        number = None if index is None else min(index, max(len(lines) - 1, 0)) + 1
        return Fault(shown, number, what, remedy=remedy)

    tab = _tab_near(lines, begun, line)
    if tab is not None:
        return fault_at(tab, Phrase("a tab stands at the beginning of the line"), SPACES)
    if "quoted scalar" in around and "escape" not in problem:
        return fault_at(
            begun,
            Phrase("a quotation mark is opened and not closed"),
            Phrase("put the same mark at the end of the text"),
        )
    if "escape" in problem:
        return fault_at(
            line,
            Phrase("a backslash stands in double quotes"),
            Phrase("use single quotes, or write the backslash twice"),
        )
    if "mapping values" in problem or "unexpected ':'" in problem:
        return _stray_colon(lines, mark, fault_at)
    if "simple key" in around:
        word = quote((lines[begun].strip() if begun is not None and begun < len(lines) else "")[:40])
        return fault_at(
            begun,
            Phrase("{word} is neither a name with a colon nor a value", word=word),
            Phrase("write name: value, with a blank after the colon"),
        )
    if _sign(lines, mark) in ("}", "]") and ("block" in around or "content" in problem):
        return fault_at(line, Phrase("a bracket closes that was not opened"), CLOSING)
    if "flow" in around:
        return fault_at(begun, Phrase("a bracket is not closed, or a comma is missing"), CLOSING)
    if "block scalar" in around:
        return fault_at(
            begun, Phrase("text after | or > begins on its own line"), Phrase("put the text on the next line, indented")
        )
    if "sequence entries" in problem or "collection" in around:
        return fault_at(
            line,
            Phrase("a list entry (-) stands where none can"),
            Phrase("put it under its name, or write [one, other] after the colon"),
        )
    if "block mapping" in around and _follows_quotes(lines, mark):
        remedy = Phrase("put the whole text in quotes of the other kind, or write '' for an apostrophe inside '...'")
        return fault_at(line, Phrase("the text goes on behind its closing quotation mark"), remedy)
    if "block mapping" in around:
        return fault_at(line, Phrase("the line is indented otherwise than its block"), SAME_INDENT)
    if _sign(lines, mark) == "\t":
        return fault_at(line, Phrase("a tab stands in the line"), Phrase("use a blank between the colon and the value"))
    if "cannot start" in problem or "anchor" in around or "alias" in around or "tag" in around:
        return fault_at(
            line,
            Phrase("text cannot begin with {sign}", sign=_sign(lines, mark) or Phrase("this sign")),
            Phrase("put quotes around the text"),
        )
    if "document" in problem or "directive" in around:
        return fault_at(
            line, Phrase("something stands before or after the scenario"), Phrase("leave out lines of --- and ...")
        )
    return fault_at(
        line,
        Phrase("this line cannot be read"),
        Phrase("write name: value on each line, and two spaces for each level"),
    )


def _sign(lines: list[str], mark: Any) -> str:
    """The sign at a mark."""
    if mark is None or mark.line >= len(lines):
        return ""
    return lines[mark.line][mark.column : mark.column + 1] or lines[mark.line].strip()[:1]


def _follows_quotes(lines: list[str], mark: Any) -> bool:
    """Whether a quotation mark stands before a mark in its line, behind a name."""
    before = lines[mark.line][: mark.column].rstrip() if mark is not None and mark.line < len(lines) else ""
    return before.endswith(("'", '"')) and ":" in before


def _tab_near(lines: list[str], *indices: int | None) -> int | None:
    """The index of the line, of those named, that is indented with a tab."""
    for index in indices:
        if index is not None and index < len(lines):
            indent = lines[index][: len(lines[index]) - len(lines[index].lstrip())]
            if "\t" in indent:
                return index
    return None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _no_name(lines: list[str], index: int | None, fault_at: Callable[..., Fault]) -> Fault:
    """A line that is neither a name nor a value."""
    word = lines[index].strip()[:40] if index is not None and index < len(lines) else ""
    remedy = Phrase("write name: value, with a blank after the colon")
    return fault_at(index, Phrase("{word} is neither a name with a colon nor a value", word=quote(word)), remedy)


def _stray_colon(lines: list[str], mark: Any, fault_at: Callable[..., Fault]) -> Fault:
    """A second colon in a line is text without quotes; a first one, a line that is indented too far."""
    line = lines[mark.line] if mark is not None and mark.line < len(lines) else ""
    named = _NAME.match(line)
    index = mark.line if mark is not None else None
    if named and mark is not None and mark.column > named.end(1) and "{" not in line[: mark.column]:
        value = line[named.end(1) + 1 :].strip()
        quoted = "'" + value.replace("'", "''") + "'" if '"' in value else f'"{value}"'
        example = f": {named[1].strip()}: {quoted}" if len(value) <= 60 else ""
        return fault_at(
            index,
            Phrase("a colon stands inside a text without quotes"),
            Phrase("put quotes around the text{example}", example=example),
        )
    above = next((each for each in range((index or 0) - 1, -1, -1) if lines[each].strip()), None)
    if (
        above is not None
        and index is not None
        and not _NAME.match(lines[above])
        and _indent(lines[above]) == _indent(line)
    ):
        return _no_name(lines, above, fault_at)
    return fault_at(index, Phrase("the line is indented further than the one it follows, which is whole"), SAME_INDENT)
