"""Names of files and folders as people write and read them, by the rules of every system: POSIX and Windows."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path, PurePath

WINDOWS = os.name == "nt"


def shown(path: Path | str) -> str:
    """A path as people read it: from the current folder on where it lies in there, else as it was given."""
    given = Path(path)
    try:
        here = Path.cwd()
    except OSError:  # the current folder is gone
        return os.fspath(path)
    return os.fspath(given.relative_to(here)) if given != here and given.is_relative_to(here) else os.fspath(path)


def as_argument(text: str, windows: bool = WINDOWS) -> str:
    """A text as a person types it after a command: in quotes where the shell would part it, or read signs in it."""
    return subprocess.list2cmdline([text]) if windows else shlex.quote(text)


def leads_out(name: PurePath) -> bool:
    """Whether a relative name leads, by its words alone, out of the folder that it is laid to.

    On Windows so do a drive without a root (`C:a.yaml`) and a root without a drive, which are not absolute.
    """
    return bool(name.anchor) or ".." in name.parts


def without_last_separator(text: str, windows: bool = WINDOWS) -> str:
    """The name of a folder as it was given, but for separators at its end; the current folder where nothing is left."""
    return text.rstrip("/\\" if windows else "/") or "."
