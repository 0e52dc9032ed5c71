"""The blocks of code in documents, in their order, and what is to be done with each."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^```(\w*)(?: ([\w.]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FEW = 8  # simulations, where a document asks for more than are needed to see that its commands are right


@dataclass(frozen=True)
class Block:
    """A block of code: its language, the word behind it (`long`, `serve`, or a file's name), and its text."""

    language: str
    word: str
    text: str

    @property
    def commands(self) -> list[list[str]]:
        """The arguments of each `pushpull` command of a block of `sh`."""
        lines = [shlex.split(line, comments=True) for line in self.text.splitlines() if line.strip()]
        assert all(line[0] == "pushpull" for line in lines), self.text
        return [line[1:] for line in lines]


def blocks(path: Path) -> list[Block]:
    """Every fenced block of a file."""
    return [Block(*(part or "" for part in found)) for found in _FENCE.findall(path.read_text(encoding="utf-8"))]


def typed_out(path: Path) -> Iterator[list[str]]:
    """The `pushpull` commands that stand indented: those that need what a reader has and a test has not."""
    for line in re.findall(r"^    (pushpull .*)$", path.read_text(encoding="utf-8"), re.MULTILINE):
        yield shlex.split(line, comments=True)[1:]


def with_few(words: list[str]) -> list[str]:
    """The same command with few simulations, where that says the same of it."""
    fewer = {"--members": FEW, "--simulations": FEW}
    if words[0] == "explore":  # needs at least forty
        return words
    return [str(fewer[before]) if before in fewer else word for before, word in zip(["", *words], words, strict=False)]
