"""Scenarios in the user's own folder: YAML files that the command line runs too, each written whole or not at all."""

from __future__ import annotations

import os
import re
import time
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path

from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.limits import LARGEST_UPLOAD
from pushpull.dashboard.storage import file_names
from pushpull.files.atomic import is_part, numbered, reason, stamp, write_new
from pushpull.files.bounded_cache import MEGABYTE, Bounded
from pushpull.scenario.library import FOLDER, users_folder

MOST_SHOWN = 30
MOST_FILES = 200  # in the folder of a user among many: what a page lists at each move, and takes of everybody's disk
MANY_FILES = 100  # above which a listing is kept for a while
SECONDS_LISTED = 2.0
CHANGED, GONE, RENAMED = "changed", "gone", "renamed"


def folder(user: str | None = None, among_many: bool = False) -> Path | None:
    """Where scenarios are kept: the folder that PUSHPULL_SCENARIOS names, else one among the user's documents.

    None where it says "off", and where a user among many comes and no folder is named: one of the server's own would be
    nobody's. Each user who signed in has a folder of their own in it.
    """
    home = users_folder()
    if home is None or (among_many and not os.environ.get(FOLDER)):
        return None
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


_LISTED: Bounded[Listing] = Bounded("folders", MEGABYTE, lambda held: sum(map(len, held.names)) + 1_000)


def listing(place: Path | None) -> Listing:
    """What the folder offers, and what it does not; of a folder of many files, as it was two seconds ago at most, lest
    each move of each of many visitors look at each file."""
    try:
        facts = place.stat() if place is not None and place.is_dir() else None
    except OSError:  # it went away while we looked
        facts = None
    if place is None or facts is None:
        return Listing()
    key = (str(place), facts.st_mtime_ns, int(time.monotonic() / SECONDS_LISTED))
    held = _LISTED.get(key)
    if held is not None:
        return held
    found, count = _listed(place)
    return _LISTED.put(key, found) if count > MANY_FILES else found


def _listed(place: Path) -> tuple[Listing, int]:
    """What the folder offers, and how many files were looked at."""
    reasons: Counter[str] = Counter()
    offered: list[tuple[int, str]] = []
    for path in place.iterdir():
        try:
            if is_part(path.name) or not path.is_file():
                continue
            moment = path.stat().st_mtime_ns
        except OSError:  # it went away while we looked
            continue
        fault = file_names.fault_in_folder(path.name) or (None if _is_within(place, path) else "elsewhere")
        if fault is None:
            offered.append((moment, path.name))
        else:
            reasons[fault] += 1
    count = len(offered) + reasons.total()
    latest = [name for _, name in sorted(offered, key=lambda each: (-each[0], each[1]))]
    if len(latest) > MOST_SHOWN:
        reasons["older"] = len(latest) - MOST_SHOWN
    return Listing(tuple(latest[:MOST_SHOWN]), reasons), count


def _is_within(place: Path, path: Path) -> bool:
    """Whether a path is a file of the folder; a link that leads out of it is none."""
    try:
        return path.is_file() and path.resolve().is_relative_to(place.resolve())
    except OSError:
        return False


def save(place: Path, name: str, text: str, most: int | None = None) -> Path:
    """Write a scenario file under its name, or one with a number where that is taken, whoever else saves there at the
    same moment; raises OSError where the folder cannot be written, and Refusal where it holds as many files as are
    allowed."""
    place.mkdir(parents=True, exist_ok=True)
    if most is not None:
        with os.scandir(place) as entries:
            if sum(1 for _ in islice(entries, most)) >= most:
                raise Refusal("folder_full", most=most)
    return write_new(place, numbered(name.removesuffix(".yaml"), ".yaml"), text)


def read(place: Path | None, name: str) -> tuple[Path, str]:
    """A file of the folder and its text; raises Refusal for a name that is not one of the folder's."""
    misnamed = file_names.fault_in_folder(name)
    if misnamed is not None:
        raise Refusal("file_name", why=misnamed)
    if place is None or not _is_within(place, place / name):
        raise Refusal("file_name", why="name_missing")
    path = place / name
    if path.stat().st_size > LARGEST_UPLOAD:
        raise Refusal("file_size", name=name)
    try:
        return path, _text(path)
    except OSError as fault:
        raise Refusal("file_read", name=name, reason=reason(fault)) from None


class Watch:
    """A file that a session has open, looked at now and then.

    A change counts when the file has stood still from one look to the next, so that nothing half-written is read.
    """

    def __init__(self, path: Path, text: str):
        """Watch a file of which a text has been read, or into which it was written."""
        self.path = path
        self._text = _digest(text)
        self._seen: object = "not looked yet"
        self._taken: object = self._seen
        self._facts = stamp(path)

    def look(self) -> str:
        """What became of the file, told once: CHANGED where it says something else than when it was last read, GONE,
        or RENAMED where it has another name in its folder now, which `path` then tells; else nothing."""
        now = stamp(self.path) if self.path.is_file() else None
        if now != self._seen or now == self._taken:
            self._seen = now
            return ""
        if now is None:
            return self._without_file()
        try:
            text = _digest(_text(self.path))
        except OSError:  # gone or closed to us since: the next look tells
            return ""
        self._taken = self._facts = now
        if text == self._text:
            return ""
        self._text = text
        return CHANGED

    def _without_file(self) -> str:
        self._taken = None
        other = next((path for path in self._neighbours() if _same_file(stamp(path), self._facts)), None)
        if other is None:
            return GONE
        self.path, self._seen = other, "not looked yet"
        return RENAMED

    def _neighbours(self) -> list[Path]:
        place = self.path.parent
        try:
            beside = list(place.iterdir())
        except OSError:  # the folder is gone too
            return []
        return [path for path in beside if file_names.fault_in_folder(path.name) is None and _is_within(place, path)]


def _same_file(facts: tuple[int, ...] | None, before: tuple[int, ...] | None) -> bool:
    """Whether two stamps are of one file under two names: all but the time of the renaming is the same."""
    return facts is not None and before is not None and facts[:-1] == before[:-1]


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def _text(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(LARGEST_UPLOAD + 1).decode("utf-8", errors="replace")
