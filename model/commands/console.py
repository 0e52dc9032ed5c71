"""Output of the commands: results on stdout, everything else on stderr; tables, numbers, progress."""

from __future__ import annotations

import json
import math
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from pushpull.wording.numbers import DASH, numbers_of
from pushpull.wording.phrases import ENGLISH, in_language

SECONDS_BEFORE_PROGRESS = 1.0
SECONDS_BETWEEN_LINES = 5.0
WIDTH_OF_A_FILE = 200
ILLUSTRATIVE = "ILLUSTRATIVE: round numbers of no real place"


class CommandFault(Exception):
    """Something a command was given that it cannot use: one line of text for each fault, and an exit code."""

    def __init__(self, *lines: str, code: int = 2):
        self.lines, self.code = lines, code
        super().__init__("\n".join(lines))


def say(text: str) -> None:
    """A line for the person at the terminal."""
    print(text, file=sys.stderr, flush=True)


_said: set[str] = set()
_language = ENGLISH


def begin() -> None:
    """Start a new command, in English: forget the lines that `say_once` has printed."""
    _said.clear()
    speak(ENGLISH)


def speak(language: str) -> None:
    """Tell faults, and whatever else has words in it, in a language from now on."""
    global _language
    _language = language


def spoken() -> str:
    """The language in which the command tells faults."""
    return _language


class Translatable(Protocol):
    """What speaks every language: a fault, a remark on a file."""

    def in_language(self, language: str) -> str: ...


def in_words(text: str | Translatable) -> str:
    """A text, a fault or a remark in the language of the command."""
    return in_language(text, _language) if isinstance(text, str) else text.in_language(_language)


def say_once(text: str) -> None:
    """A line for the person at the terminal, printed once in a command."""
    if text not in _said:
        _said.add(text)
        say(text)


def print_json(value: object) -> None:
    """The value as JSON on stdout; what is not a number becomes null."""
    json.dump(_finite(value), sys.stdout, indent=1, ensure_ascii=False, allow_nan=False)
    sys.stdout.write("\n")


def _finite(value: object) -> object:
    if isinstance(value, dict):
        return {key: _finite(child) for key, child in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(child) for child in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def number(value: float | None) -> str:
    """A number as a cell of a table, written as on the page: 14,300, 1.23 million; a dash where there is none."""
    return numbers_of("en", plain=True).cell(value)


def given(value: float | None) -> str:
    """A number that a card or a file states: of less than a million, no whole digit is lost."""
    return numbers_of("en", plain=True).given(value)


def change(value: float | None) -> str:
    """A difference with its sign; none is a plain 0."""
    return DASH if value is None or not math.isfinite(value) else numbers_of("en", plain=True).difference(value, "")


def percent(value: float | None) -> str:
    """A relative difference in percent, with its sign."""
    if value is None or not math.isfinite(value):
        return DASH
    return numbers_of("en", plain=True).percent(value) or "0 %"


def share(value: float) -> str:
    """A share in whole percent."""
    return numbers_of("en", plain=True).share(value)


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], numbers: Iterable[int] = (), title: str = ""
) -> None:
    """A table on stdout; `numbers` are the indices of the columns that are aligned right."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console(markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        console = Console(markup=False, highlight=False, emoji=False, width=WIDTH_OF_A_FILE, force_terminal=False)
    table = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left", title_style="bold")
    right = set(numbers)
    for index, column in enumerate(columns):
        table.add_column(column, justify="right" if index in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    console.print(table)


@contextmanager
def progress(what: str, unit: str = "members") -> Iterator[Callable[[int, int], None]]:
    """Report how far a long piece of work is, once it has taken more than a second.

    Yields a function of (done, whole), to be called as the work goes on.
    """
    if sys.stderr.isatty():
        with _bar(what) as tell:
            yield tell
        return
    next_line = time.monotonic() + SECONDS_BEFORE_PROGRESS

    def tell_in_lines(done: int, whole: int) -> None:
        nonlocal next_line
        if time.monotonic() >= next_line and done < whole:
            next_line = time.monotonic() + SECONDS_BETWEEN_LINES
            say(f"{what}: {done:,} of {whole:,} {unit}")

    yield tell_in_lines


@contextmanager
def _bar(what: str) -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(what, total=None)
    begun, shown = time.monotonic(), False

    def tell(done: int, whole: int) -> None:
        nonlocal shown
        if not shown and time.monotonic() - begun > SECONDS_BEFORE_PROGRESS:
            bar.start()
            shown = True
        if shown:
            bar.update(task, completed=done, total=whole)

    try:
        yield tell
    finally:
        if shown:
            bar.stop()


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Print what is going on, if it takes more than a second."""
    timer = threading.Timer(SECONDS_BEFORE_PROGRESS, say, [f"{what}…"])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
