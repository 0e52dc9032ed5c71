"""The cache: what would take long to make again, kept on disk between runs.

An entry that is damaged, foreign or old, and a folder that is full, closed or no folder at all, count as absent: a
command may take longer then, and gives the same numbers.
"""

from __future__ import annotations

import hashlib
import logging
import os
import time
from pathlib import Path

from pushpull.files.atomic import drop_left_behind, reason, remove_older, write_whole

MARK = b"pushpull 1 "  # begins an entry; the number is that of the form described in `sealed`
DIGEST = 64
UNUSED = 90 * 24 * 3600.0  # seconds after which an entry that nobody read is removed
TOUCHED = 24 * 3600.0  # seconds after which reading an entry is noted
KINDS = {
    "kernel_*": 32,
    "browser_*": 16,
    "pocket_*": 8,
    "table_*": 1000,
    "seek_*": 100,
}  # how many of a kind stay: every edit of an equation makes a few kernels
TIDIED: set[Path] = set()

log = logging.getLogger(__name__)


def cache_folder() -> Path | None:
    """`PUSHPULL_CACHE`, or the user's cache folder; None where the user has none."""
    chosen = os.environ.get("PUSHPULL_CACHE")
    if chosen:
        return Path(chosen)
    import platformdirs

    folder = Path(platformdirs.user_cache_dir("pushpull"))
    return folder if folder.is_absolute() else None  # a user without a home


def sealed(name: str, content: bytes) -> bytes:
    """The content with a digest, over the name and every byte, in front."""
    return MARK + _digest(name, content) + b"\n" + content


def unsealed(name: str, entry: bytes) -> bytes | None:
    """The content of what was sealed under that name; None where a bit of it is not as it was."""
    start = len(MARK) + DIGEST + 1
    content = entry[start:]
    return content if entry[:start] == MARK + _digest(name, content) + b"\n" else None


def _digest(name: str, content: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\0" + content).hexdigest().encode()


def read_entry(name: str) -> bytes | None:
    """What was kept under a name; None where there is nothing whole."""
    folder = cache_folder()
    if folder is None:
        return None
    path = folder / name
    try:
        content = unsealed(name, path.read_bytes())
    except OSError as fault:
        log.debug("%s is not read: %s", path, fault)
        return None
    if content is not None:
        _note(path)
    return content


def _note(path: Path) -> None:
    """Note that an entry is used, where the folder can be written."""
    try:
        if time.time() - path.stat().st_mtime > TOUCHED:
            os.utime(path)
    except OSError as fault:
        log.debug("the use of %s is not noted: %s", path, fault)


def write_entry(name: str, content: bytes) -> str:
    """Keep something under a name, and remove what has long been unused; why it is not kept, or nothing."""
    folder = cache_folder()
    if folder is None:
        return "there is no folder for it"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / name, sealed(name, content), flush=False)  # a part that is lost is seen by its digest
        _tidy(folder)
    except OSError as fault:
        log.debug("%s is not kept: %s", folder / name, fault)
        return f"{folder}: {reason(fault)}"
    return ""


def _tidy(folder: Path) -> None:
    """Remove what nobody uses, once in a process."""
    if folder in TIDIED:
        return
    TIDIED.add(folder)
    drop_left_behind(folder)
    drop_left_behind(folder, "tmp*.part")  # as parts were called before
    for kind, most in KINDS.items():
        newest_first = sorted(folder.glob(kind), key=_last_used, reverse=True)
        for number, path in enumerate(newest_first):
            remove_older(path, UNUSED if number < most else 0.0)


def _last_used(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except OSError:  # another process has removed it
        return 0.0
