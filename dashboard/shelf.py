"""Scenarios in the user's own folder: YAML files that the command line runs too, each written whole or not at all."""

from __future__ import annotations

import os
import re
import unicodedata
from hashlib import sha256
from pathlib import Path

import platformdirs

from dashboard.state import LARGEST_UPLOAD, Refused, State

FOLDER = "PUSHPULL_SCENARIOS"
OFF = "off"
MOST_SHOWN = 30
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_. -]{0,99}\.ya?ml\Z")


def folder(user: str | None = None) -> Path | None:
    """Where scenarios are kept: the folder that PUSHPULL_SCENARIOS names, else one among the user's documents.

    None where it says "off", as a server for many does unless a folder is named. Each user who signed in has a folder
    of their own in it.
    """
    named = os.environ.get(FOLDER, "")
    if named == OFF:
        return None
    home = Path(named) if named else Path(platformdirs.user_documents_dir()) / "Pushpull"
    return home if user is None else home / folder_name(user)


def folder_name(user: str) -> str:
    """The name of a user's folder: letters to know it by, and a hash of the whole name, which no other user has.

    It differs from that of any other name also on a disk that knows no small letters, and is the same however the
    name's accents are written.
    """
    whole = unicodedata.normalize("NFC", user)
    letters = unicodedata.normalize("NFKD", whole).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^A-Za-z0-9]+", "_", letters)[:40].strip("_") or "user"
    return f"{stem}-{sha256(whole.encode('utf-8', 'surrogatepass')).hexdigest()[:20]}"


def names(place: Path | None) -> list[str]:
    """The scenario files in the folder, the latest first."""
    if place is None or not place.is_dir():
        return []
    files = [path for path in place.iterdir() if _PLAIN.match(path.name) and _is_within(place, path)]
    return [path.name for path in sorted(files, key=lambda path: -path.stat().st_mtime)][:MOST_SHOWN]


def _is_within(place: Path, path: Path) -> bool:
    """Whether a path is a file of the folder; a link that leads out of it is none."""
    try:
        return path.is_file() and path.resolve().is_relative_to(place.resolve())
    except OSError:
        return False


def save(place: Path, state: State) -> Path:
    """Write the state's scenario under a name that is free; raises OSError where the folder cannot be written."""
    place.mkdir(parents=True, exist_ok=True)
    stem = state.file_name.removesuffix(".yaml")
    path, number = place / f"{stem}.yaml", 1
    while path.exists():
        number += 1
        path = place / f"{stem}_{number}.yaml"
    return state.scenario.save(path)


def read(place: Path | None, name: str) -> tuple[Path, str]:
    """A file of the folder and its text; raises Refused for a name that is not one of the folder's."""
    if place is None or not _PLAIN.match(name) or not _is_within(place, place / name):
        raise Refused("file_name")
    path = place / name
    if path.stat().st_size > LARGEST_UPLOAD:
        raise Refused("file_size", name=name)
    return path, path.read_text(encoding="utf-8", errors="replace")


class Watch:
    """A file that a session has open: it is read again when it changes on disk."""

    def __init__(self, path: Path):
        self.path = path
        self._stamp = self._now()

    def _now(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return (found.st_mtime_ns, found.st_size)

    def changed(self) -> bool:
        """Whether the file has changed since it was last asked; a file that is gone has not."""
        now = self._now()
        if now is None or now == self._stamp:
            return False
        self._stamp = now
        return True
