"""Files written whole or not at all, and never over another's: the one place that keeps the rules.

A file is filled under a hidden name beside its own, then put in its place in one move. So a reader sees the old file or
the new one, a disk that fills up leaves the old one, and nothing half-written stays behind. The user's umask holds; a
file that was there keeps its permissions; a symbolic link is replaced, not followed.
"""

from __future__ import annotations

import errno
import itertools
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pushpull.wording.phrases import Phrase

START, PART = ".pushpull.", ".part"
PLAIN = 0o666  # less what the umask takes away
PRIVATE = 0o600
LEFT_BEHIND = 24 * 3600.0  # seconds after which a part belongs to nobody who still writes
MOST_NAMES = 10_000
REFILLED = 32  # megabytes

REASONS = {
    errno.EACCES: Phrase("permission denied"),
    errno.EPERM: Phrase("operation not permitted"),
    errno.ENOSPC: Phrase("no space left on device"),
    errno.ENAMETOOLONG: Phrase("file name too long"),
    errno.EISDIR: Phrase("is a directory"),
    errno.EROFS: Phrase("read-only file system"),
}  # what the system itself says, told in every language

Content = bytes | str | Callable[[Path], object]


class NotWritten(OSError):
    """A file that cannot be written: its name and the system's reason."""


def write_whole(target: Path, content: Content, flush: bool = True, private: bool = False) -> Path:
    """Write bytes, a text (in UTF-8) or what a function writes to the path it is given; replaces what is there.

    With `flush`, it is on the disk before it takes its place; a `private` file is its owner's alone. Raises NotWritten
    where it cannot be written, and what the function raises besides; then the target is as it was.
    """
    target = Path(target)
    with writing_to(target):
        part = _filled(target, content, flush, PRIVATE if private else _permissions(target))
        try:
            os.replace(part, target)
        finally:
            part.unlink(missing_ok=True)
    return target


def write_new(folder: Path, names: Iterator[str], content: Content) -> Path:
    """Write a file under the first of the names that is free, however many others do so at once; see `write_whole`.

    Raises NotWritten where it cannot be written, or none of the first ten thousand names is free.
    """
    folder = Path(folder)
    with writing_to(folder):
        part = _filled(folder / "new", content, flush=True, rights=None)
        try:
            for name in itertools.islice(names, MOST_NAMES):
                if _claimed(part, folder / name):
                    return folder / name
            raise FileExistsError(errno.EEXIST, "every name is taken")
        finally:
            part.unlink(missing_ok=True)


def numbered(stem: str, ending: str) -> Iterator[str]:
    """`stem.ending`, then `stem_2.ending`, `stem_3.ending` and so on."""
    yield f"{stem}{ending}"
    number = 2
    while True:
        yield f"{stem}_{number}{ending}"
        number += 1


def reason(fault: BaseException) -> str:
    """Why the system refused, in plain words and one line."""
    if isinstance(fault, OSError) and fault.errno in REASONS:
        return REASONS[fault.errno]
    message = (fault.strerror if isinstance(fault, OSError) else "") or str(fault) or type(fault).__name__
    return message.splitlines()[0].lower()


def stamp(path: Path) -> tuple[int, ...] | None:
    """What changes when another file takes a file's place or it is written to; None where there is none."""
    try:
        facts = path.stat()
    except OSError:
        return None
    return (facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns)


def is_part(name: str) -> bool:
    """Whether a name is that of a file which is being written."""
    return name.startswith(START) and name.endswith(PART)


def drop_left_behind(folder: Path, parts: str = f"{START}*{PART}") -> None:
    """Remove what a process that was killed has left half-written in a folder."""
    for part in folder.glob(parts):
        remove_older(part, LEFT_BEHIND)


def remove_older(path: Path, seconds: float) -> bool:
    """Remove a plain file that has not been touched for so long; whether it was removed."""
    try:
        facts = path.lstat()
        if not stat.S_ISREG(facts.st_mode) or time.time() - facts.st_mtime < seconds:
            return False
        path.unlink()
    except OSError:  # another process was faster, or it is not ours to remove: it is rubbish either way
        return False
    return True


@contextmanager
def writing_to(target: Path) -> Iterator[None]:
    """Raise NotWritten with the file that is to be written, where the system would name a part of it or nothing."""
    try:
        yield
    except OSError as fault:
        raise NotWritten(fault.errno, fault.strerror or str(fault), str(target)) from fault


def _filled(target: Path, content: Content, flush: bool, rights: int | None) -> Path:
    """A part beside the target that holds the whole content, with those rights or what the umask leaves of all."""
    if flush:
        drop_left_behind(target.parent)
    part = target.parent / f"{START}{os.urandom(6).hex()}{PART}"
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), rights or PLAIN)
    try:
        with os.fdopen(handle, "wb") as file:
            if not callable(content):
                file.write(content.encode() if isinstance(content, str) else content)
                file.flush()
                if flush:
                    os.fsync(file.fileno())
        if callable(content):
            _let_write(part, content, flush)
        if rights is not None:
            os.chmod(part, rights)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return part


def _let_write(part: Path, write: Callable[[Path], object], flush: bool) -> None:
    try:
        write(part)
        if flush:
            with part.open("rb+") as file:
                os.fsync(file.fileno())
    except (OSError, RuntimeError) as fault:
        if isinstance(fault, RuntimeError) or (fault.errno or 0) <= 0:  # a library that does not say what it was told
            _refill(part)
        raise


def _refill(part: Path) -> None:
    """Raise what the system says to a little more of the file, so that a library's own words do not hide it."""
    with part.open("ab") as file:
        for _ in range(REFILLED):
            file.write(b"\0" * 1_000_000)
            file.flush()
        os.fsync(file.fileno())


def _permissions(target: Path) -> int | None:
    """Those of the plain file that is there; None where there is none."""
    try:
        mode = target.lstat().st_mode
    except OSError:
        return None
    return stat.S_IMODE(mode) & 0o777 if stat.S_ISREG(mode) else None


def _claimed(part: Path, target: Path) -> bool:
    """Give the part the target's name, where nobody has it."""
    try:
        os.link(part, target)
        return True
    except FileExistsError:
        return False
    except OSError:  # a file system without links: an empty file holds the name until the whole one takes its place
        pass
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PLAIN))
    except FileExistsError:
        return False
    try:
        os.replace(part, target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return True
