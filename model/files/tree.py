"""YAML as a tree of nodes that know their line, within strict limits.

A file is data, so only plain mappings, lists, numbers and text are read: anchors, aliases and tags are
refused, and so are a file too large, too deep or too long. The tree is built from the parser's events;
nothing is constructed, expanded or run.
"""

from __future__ import annotations

import math
import os
import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from pushpull.files.atomic import reason
from pushpull.files.faults import Fault, ScenarioFaults, quote
from pushpull.files.yaml_faults import in_plain_words
from pushpull.wording.phrases import Phrase

LARGEST_FILE = 1_000_000
MOST_LINES = 20_000  # twice the entries; the parser takes seconds over a million empty ones
MOST_NODES = 10_000
DEEPEST = 12
REPLACED = "\ufffd"
LARGEST_WHOLE = 10**16  # from here on a whole number is read as a decimal one, as its last digits count for nothing

# What a parser may fail with on text that is no YAML at all.
_PARSER_FAILURES = (ValueError, OverflowError, RecursionError, AssertionError, AttributeError, IndexError)
# Directives and long tags serve none of our files, and the parser takes minutes over very long ones.
_COSTLY = re.compile(r"^%|!\S{200}", re.MULTILINE)
_LINE = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # where a line ends for the parser
_UNWRITABLE = re.compile("[\ud800-\udfff]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
# A first 0 before other digits is text: 010 is eight to some readers of YAML and ten to others.
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)\Z")
WRITTEN_OUT = Phrase("plain values, written out each time")
_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_WORDS |= {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a file and its line: a dict or list of nodes, or a plain number, text, truth or None."""

    value: Any
    line: int | None = None
    lines: dict[object, int] = field(default_factory=dict)

    @property
    def is_mapping(self) -> bool:
        """Whether the node holds named values."""
        return isinstance(self.value, dict)

    @property
    def is_number(self) -> bool:
        """Whether the node holds a number (true and false are none)."""
        return isinstance(self.value, (int, float)) and not isinstance(self.value, bool)

    def line_of(self, key: object) -> int | None:
        """The line where a key of the mapping stands."""
        return self.lines.get(key, self.line)

    def kind(self) -> str:
        """The value in plain words, for a fault."""
        match self.value:
            case None:
                return Phrase("nothing")
            case dict():
                return Phrase("a mapping")
            case list():
                return Phrase("a list")
            case bool():
                return Phrase("true or false")
            case str():
                return Phrase("the text {value}", value=quote(self.value))
            case _:
                return Phrase("the number {value}", value=self.value)

    def to_python(self) -> Any:
        """The value without its lines: dicts and lists of plain values, or one of them; see `from_python`."""
        if isinstance(self.value, dict):
            return {key: child.to_python() for key, child in self.value.items()}
        return [child.to_python() for child in self.value] if isinstance(self.value, list) else self.value


def read_tree(path: Path, shown: str) -> tuple[Node, list[Fault]]:
    """The tree of a file and the faults that leave it readable; raises ScenarioFaults where it cannot be read.

    `shown` is the name by which faults call the file.
    """
    return parse(decode(read_bytes(path, shown), shown), shown)


def read_bytes(path: Path, shown: str, largest: int = LARGEST_FILE) -> bytes:
    """The bytes of a regular file no larger than allowed; its size is looked at before it is opened."""

    def refuse(what: str, allowed: str = "") -> ScenarioFaults:
        return ScenarioFaults([Fault(shown, None, what, allowed)])

    limit = Phrase("at most {largest:g} MB", largest=largest / 1_000_000)
    try:
        facts = os.stat(path)
        if not stat.S_ISREG(facts.st_mode):
            raise refuse(Phrase("this is not a file"), Phrase("a plain file"))
        if facts.st_size > largest:
            raise refuse(Phrase("the file is too large ({st_size:.3g} MB)", st_size=facts.st_size / 1_000_000), limit)
        with open(path, "rb") as handle:
            content = handle.read(largest + 1)
    except ScenarioFaults:
        raise
    except FileNotFoundError:
        raise refuse(Phrase("there is no such file")) from None
    except (OSError, ValueError) as fault:
        raise refuse(Phrase("the file cannot be read ({fault})", fault=reason(fault))) from None
    if len(content) > largest:
        raise refuse(Phrase("the file is too large"), limit)
    return content


def decode(content: bytes, shown: str) -> str:
    """The text of a file: UTF-8, without control characters, not empty.

    What others decoded before, a browser above all, holds a sign of its own in the place of letters that were lost; it
    is refused in the same words.
    """
    lost = re.search(REPLACED, content.decode("utf-8-sig", "replace"))
    if lost:
        line = lost.string.count("\n", 0, lost.start()) + 1
        remedy = Phrase("save it again with the encoding UTF-8")
        raise ScenarioFaults(
            [Fault(shown, line, Phrase("the file is not UTF-8 text"), Phrase("UTF-8 text"), remedy=remedy)]
        )
    text = content.decode("utf-8-sig")
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise ScenarioFaults([Fault(shown, line, Phrase("the file is binary"), Phrase("UTF-8 text"))])
    if not text.strip():
        raise ScenarioFaults([Fault(shown, None, Phrase("the file is empty"))])
    return text


def parse(text: str, shown: str) -> tuple[Node, list[Fault]]:
    """The tree of a YAML text and the faults that leave it readable (a key written twice)."""
    if len(text) > LARGEST_FILE:
        raise ScenarioFaults(
            [
                Fault(
                    shown,
                    None,
                    Phrase("the text is too large"),
                    Phrase("at most {largest:g} MB", largest=LARGEST_FILE / 1e6),
                )
            ]
        )
    lines = 1 + sum(1 for _ in _LINE.finditer(text))
    if lines > MOST_LINES:
        what = Phrase("the text has too many lines ({lines:,})", lines=lines)
        raise ScenarioFaults([Fault(shown, None, what, Phrase("at most {most:,}", most=MOST_LINES))])
    builder = _Builder(shown)
    costly = _COSTLY.search(text)
    if costly:
        what = Phrase("a directive (%) is used") if costly.group() == "%" else Phrase("a tag (!) is used")
        raise builder.refuse(text.count("\n", 0, costly.start()) + 1, what, Phrase("plain values"))
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
    except ScenarioFaults:
        raise
    except MarkedYAMLError as fault:
        raise ScenarioFaults([in_plain_words(fault, text, shown)]) from None
    except (YAMLError, *_PARSER_FAILURES) as fault:
        position = getattr(fault, "position", None)
        line = text.count("\n", 0, position) + 1 if isinstance(position, int) else None
        what = Phrase("the text holds a control character") if isinstance(position, int) else Phrase("this is not YAML")
        remedy = Phrase("leave it out") if isinstance(position, int) else Phrase("write name: value on each line")
        raise ScenarioFaults([Fault(shown, line, what, remedy=remedy)]) from None
    if builder.root is None:
        raise ScenarioFaults([Fault(shown, None, Phrase("the file is empty"))])
    return builder.root, builder.faults


def from_python(value: object, shown: str, written: Callable[[object], object] = lambda value: value) -> Node:
    """The same tree from Python values, for settings that come from no file, within the limits of one.

    `written` gives for each value what a file would say. Raises ScenarioFaults where it is too deep or too large, or
    where a text holds what none may.
    """
    return _Planter(shown, written).node(value, 0)


class _Planter:
    """Turns Python values into nodes and counts them."""

    def __init__(self, shown: str, written: Callable[[object], object]):
        self.shown, self.written = shown, written
        self.count = 0

    def node(self, value: object, depth: int) -> Node:
        """A value `depth` collections down, as a node."""
        self.count += 1
        if self.count > MOST_NODES:
            raise ScenarioFaults(
                [
                    Fault(
                        self.shown,
                        None,
                        Phrase("there are too many entries"),
                        Phrase("at most {most}", most=MOST_NODES),
                    )
                ]
            )
        value = self.written(value)
        if isinstance(value, Mapping):
            self.check_depth(depth)
            return Node({self.plain(key): self.node(child, depth + 1) for key, child in value.items()})
        if isinstance(value, (list, tuple, set, frozenset)):
            self.check_depth(depth)
            return Node([self.node(child, depth + 1) for child in value])
        return Node(self.plain(value))

    def check_depth(self, depth: int) -> None:
        """Refuse a collection that lies too deep."""
        if depth > DEEPEST:
            raise ScenarioFaults(
                [
                    Fault(
                        self.shown,
                        None,
                        Phrase("it is nested too deeply"),
                        Phrase("at most {most} levels", most=DEEPEST),
                    )
                ]
            )

    def plain(self, value: object) -> object:
        """A number, text, truth or None as a file would have it."""
        if isinstance(value, Integral) and not isinstance(value, bool):
            return _whole(int(value))
        if value is None or isinstance(value, (bool, float)):
            return value
        if isinstance(value, Real):
            return float(value)
        text = str(value)
        what = unwritable(text)
        if what:
            raise ScenarioFaults(
                [Fault(self.shown, None, Phrase("the text {text} holds {what}", text=quote(text), what=what), WRITABLE)]
            )
        return text


def _whole(value: int) -> int | float:
    """A whole number, which is a decimal one where it is as large as one."""
    if abs(value) < LARGEST_WHOLE:
        return value
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


WRITABLE = Phrase("whole characters that can be printed")


def unwritable(text: str) -> str:
    """What a text holds that none may: half a character, or one that only steers a machine."""
    mark = _UNWRITABLE.search(text)
    if mark is None:
        return ""
    return Phrase("half a character") if mark.group() >= "\ud800" else Phrase("a control character")


def scalar(text: str) -> object:
    """A plain scalar by the YAML 1.2 core rules."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.match(text):
        return int(text) if len(text) <= 16 else float(text)
    if _FLOAT.match(text):
        return float(text)
    if _INFINITE.match(text):
        return -math.inf if text.startswith("-") else math.inf
    if text in (".nan", ".NaN", ".NAN"):
        return math.nan
    return text


class _Builder:
    """Takes the parser's events one by one and refuses what none of our files needs."""

    def __init__(self, shown: str):
        self.shown = shown
        self.faults: list[Fault] = []
        self.root: Node | None = None
        self.open: list[tuple[Node, list]] = []  # open collections, each with the key that awaits its value
        self.count = 0
        self.documents = 0

    def take(self, event: Any) -> None:
        """Put one event in its place in the tree."""
        kind = type(event).__name__
        line = event.start_mark.line + 1 if event.start_mark else None
        if kind == "ScalarEvent" and self.awaited and event.value == "" and event.style is None:
            line = self.awaited.line  # the parser notes what is not there where it begins to miss it
        if kind == "DocumentStartEvent":
            self.documents += 1
            if self.documents > 1:
                raise self.refuse(line, Phrase("a second document begins"), Phrase("one document a file"))
        elif kind == "AliasEvent":
            raise self.refuse(line, Phrase("an alias (*) is used"), WRITTEN_OUT)
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self.open.pop()
        elif kind in ("ScalarEvent", "MappingStartEvent", "SequenceStartEvent"):
            self.check(event, line)
            if kind == "ScalarEvent":
                value = scalar(event.value) if event.style is None else event.value
                what = unwritable(value) if isinstance(value, str) else ""
                if what:
                    raise self.refuse(line, Phrase("the text holds {what}", what=what), WRITABLE)
                self.add(Node(value, line))
            else:
                node = Node({}, line, {}) if kind == "MappingStartEvent" else Node([], line)
                self.add(node)
                self.open.append((node, []))

    @property
    def awaited(self) -> Node | None:
        """The key whose value comes next."""
        return self.open[-1][1][-1] if self.open and self.open[-1][1] else None

    def check(self, event: Any, line: int | None) -> None:
        if event.anchor is not None:
            raise self.refuse(line, Phrase("an anchor (&{anchor}) is used", anchor=event.anchor), WRITTEN_OUT)
        if event.tag is not None:
            raise self.refuse(line, Phrase("a tag ({tag}) is used", tag=event.tag), Phrase("plain values without tags"))
        self.count += 1
        if self.count > MOST_NODES:
            raise self.refuse(line, Phrase("the file has too many entries"), Phrase("at most {most}", most=MOST_NODES))
        if len(self.open) > DEEPEST:
            raise self.refuse(
                line, Phrase("the file is nested too deeply"), Phrase("at most {most} levels", most=DEEPEST)
            )

    def add(self, node: Node) -> None:
        """Put a node where the text has it: as the root, an item of a list, a key or the value of one."""
        if not self.open:
            self.root = node
            return
        parent, waiting = self.open[-1]
        if isinstance(parent.value, list):
            parent.value.append(node)
        elif not waiting:
            if isinstance(node.value, (dict, list)):
                raise self.refuse(node.line, Phrase("a key is a mapping or a list"), Phrase("a name or a year"))
            if node.value == "<<":
                raise self.refuse(node.line, Phrase("a merge (<<) is used"), WRITTEN_OUT)
            waiting.append(node)
        else:
            key = waiting.pop()
            if key.value in parent.value:
                first = parent.lines[key.value]
                what = Phrase("{value} is written twice (first on line {first})", value=quote(key.value), first=first)
                self.faults.append(Fault(self.shown, key.line, what, Phrase("each name once")))
            else:
                parent.value[key.value] = node
                parent.lines[key.value] = key.line

    def refuse(self, line: int | None, what: str, allowed: str) -> ScenarioFaults:
        return ScenarioFaults([*self.faults, Fault(self.shown, line, what, allowed)])
