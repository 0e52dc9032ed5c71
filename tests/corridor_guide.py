"""The guide to a corridor of one's own (scenarios/corridors/README.md) as steps: its commands and its edits."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

GUIDE = Path(__file__).parent.parent / "scenarios" / "corridors" / "README.md"
_STEP = re.compile(r"^```(sh|diff)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ID = "mediterranean"


def steps() -> list[tuple[str, str]]:
    """Each command of the guide ("sh" and its words) and each edit ("diff", the file and its lines), in their order."""
    found: list[tuple[str, str]] = []
    for kind, text in _STEP.findall(GUIDE.read_text(encoding="utf-8")):
        found += [(kind, line) for line in text.splitlines()] if kind == "sh" else [(kind, text)]
    return found


def words(command: str) -> list[str]:
    """The arguments of a command of the guide."""
    name, *arguments = shlex.split(command)
    assert name == "pushpull"
    return arguments


def edit(folder: Path, text: str) -> None:
    """Make an edit of the guide in the folder of the corridor: lines with a minus give way to those with a plus."""
    name, *lines = text.splitlines()
    content = (folder / name).read_text(encoding="utf-8")
    old: list[str] = []
    new: list[str] = []

    def swap() -> None:
        nonlocal content
        if old or new:
            before = "".join(f"{line}\n" for line in old)
            assert content.count(before) == 1, before
            content = content.replace(before, "".join(f"{line}\n" for line in new))
        old.clear()
        new.clear()

    for line in lines:
        if line.startswith("-") and new:
            swap()
        (old if line.startswith("-") else new).append(line[1:])
    swap()
    (folder / name).write_text(content, encoding="utf-8")
