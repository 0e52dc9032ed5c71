"""Scenarios in the user's own folder: YAML files that the command line runs too, each written whole or not at all."""

from __future__ import annotations

import os
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import platformdirs

from dashboard import file_names
from dashboard.state import LARGEST_UPLOAD, Refused, State

FOLDER = "PUSHPULL_SCENARIOS"
OFF = "off"
MOST_SHOWN = 30


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


@dataclass(frozen=True)
class Listing:
    """The scenario files of a folder, the latest first, and how many other files are not offered, by the reason (a
    key of the words under `left_out`)."""

    names: tuple[str, ...] = ()
    left_out: Counter[str] = field(default_factory=Counter)


def listing(place: Path | None) -> Listing:
    """What the folder offers, and what it does not."""
    if place is None or not place.is_dir():
        return Listing()
    reasons: Counter[str] = Counter()
    offered: list[tuple[int, str]] = []
    for path in place.iterdir():
        try:
            if not _is_within(place, path):
                continue
            moment = path.stat().st_mtime_ns
        except OSError:  # it went away while we looked
            continue
        fault = file_names.fault_in_folder(path.name)
        if fault is None:
            offered.append((moment, path.name))
        else:
            reasons[fault] += 1
    latest = [name for _, name in sorted(offered, key=lambda each: (-each[0], each[1]))]
    if len(latest) > MOST_SHOWN:
        reasons["older"] = len(latest) - MOST_SHOWN
    return Listing(tuple(latest[:MOST_SHOWN]), reasons)


def names(place: Path | None) -> list[str]:
    """The scenario files in the folder, the latest first."""
    return list(listing(place).names)


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
    fault = file_names.fault_in_folder(name)
    if fault is not None:
        raise Refused("file_name", why=fault)
    if place is None or not _is_within(place, place / name):
        raise Refused("file_name", why="name_missing")
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
