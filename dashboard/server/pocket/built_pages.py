"""The pocket pages of a server: each is built once, in a process of its own, and kept in memory and in the cache."""

from __future__ import annotations

import gzip
import html
import logging
import os
import re
import subprocess
import tempfile
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from threading import Lock

import pushpull
from pushpull import own_process, scenarios
from pushpull.dashboard.pocket.pocket_file import CORRIDORS
from pushpull.files.disk_cache import read_entry, write_entry

WHOLE = "pushpull"  # the page of all corridors
PAGES: dict[str, tuple[str, ...]] = {WHOLE: CORRIDORS, **{name: (name,) for name in CORRIDORS}}
SECONDS_TO_BUILD = 900.0
SECONDS_BETWEEN_TRIES = 60.0  # after one that failed
NICE = 10  # so that whoever moves a lever meanwhile does not wait
LEVEL = 6
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
log = logging.getLogger(__name__)


class NotBuilt(Exception):
    """A page that cannot be built; the log says why."""


@dataclass(frozen=True)
class BuiltPage:
    """A page as it is sent: gzip, its version, and what it may load."""

    packed: bytes
    etag: str
    policy: str

    @classmethod
    def of(cls, packed: bytes) -> BuiltPage:
        """The page of what was kept; raises NotBuilt for what is no page."""
        head = gzip.decompress(packed)[:10_000].decode("utf-8", "replace")
        policy = _POLICY.search(head)
        if policy is None:
            raise NotBuilt("a page that does not say what it may load")
        return cls(packed, f'W/"{sha256(packed).hexdigest()[:32]}"', html.unescape(policy[1]))


class BuiltPages:
    """Pages by their names (`PAGES`), one built at a time, however many ask."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pocket pages")
        self._pages: dict[str, Future[BuiltPage]] = {}
        self._failed: dict[str, float] = {}
        self._lock = Lock()
        self._builder = PageBuilder()

    def page(self, name: str) -> Future[BuiltPage]:
        """A page that is built, or on its way; its result raises NotBuilt. Raises KeyError where there is none."""
        with self._lock:
            found = self._pages.get(name)
            is_to_be_tried = time.monotonic() - self._failed.get(name, -SECONDS_BETWEEN_TRIES) >= SECONDS_BETWEEN_TRIES
            if found is None or (found.done() and found.exception() is not None and is_to_be_tried):
                found = self._pages[name] = self._thread.submit(self._made, name, PAGES[name])
            return found

    def close(self) -> None:
        """Build no more."""
        self._builder.close()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _made(self, name: str, corridors: tuple[str, ...]) -> BuiltPage:
        try:
            entry = f"pocket_{sha256(f'{name} {installed_digest()}'.encode()).hexdigest()[:16]}"
            kept = read_entry(entry)
            if kept is None:
                kept = gzip.compress(self._builder.build(corridors), LEVEL, mtime=0)
                write_entry(entry, kept)
            return BuiltPage.of(kept)
        except (OSError, subprocess.SubprocessError, NotBuilt) as fault:
            log.error("the pocket page %s cannot be built: %s", name, fault)
            self._failed[name] = time.monotonic()
            raise NotBuilt(name) from fault


class PageBuilder:
    """Builds pages in a process of its own, one at a time."""

    def __init__(self) -> None:
        self._child: subprocess.Popen | None = None
        self._is_closed = False
        self._lock = Lock()

    def build(self, corridors: tuple[str, ...]) -> bytes:
        """The page of these corridors; raises NotBuilt, OSError or SubprocessError."""
        with tempfile.TemporaryDirectory(prefix="pushpull-") as folder:
            file = Path(folder) / "page.html"
            child = self._started([*own_process.command("pushpull.dashboard.pocket"), *corridors, "-o", str(file)])
            try:
                _, said = child.communicate(timeout=SECONDS_TO_BUILD)
            finally:
                child.kill()
            if child.returncode:
                raise NotBuilt(said.strip()[-500:])
            return file.read_bytes()

    def _started(self, words: list[str]) -> subprocess.Popen:
        with self._lock:
            if self._is_closed:
                raise NotBuilt("the server ends")
            self._child = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if os.name == "posix":
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self._child.pid, NICE)
        return self._child

    def close(self) -> None:
        """Give up what is being built, and build no more."""
        with self._lock:
            self._is_closed = True
            if self._child is not None:
                self._child.kill()


def installed_digest() -> str:
    """What of this installation a page depends on, by the sizes and times of all its files: another version, an edit
    or another fit is another page."""
    roots = {Path(pushpull.__file__).parent, Path(scenarios.__path__[0]), Path(__file__).parents[2]}
    told = [version("pushpull-migration")]
    for root in sorted(roots):
        for folder, below, names in os.walk(root):
            below[:] = sorted(each for each in below if each != "__pycache__" and not each.startswith("."))
            for name in sorted(names):
                seen = os.stat(os.path.join(folder, name))
                told.append(f"{os.path.join(folder, name)} {seen.st_size} {seen.st_mtime_ns}")
    return sha256("\n".join(told).encode("utf-8", "surrogateescape")).hexdigest()
