"""What the workers of a service share: a secret, the cookies that no longer count, and short links."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import platformdirs

from pushpull.dashboard.storage.short_links import ShortLinks

SECRET = "PUSHPULL_COOKIE_SECRET"
STATE = "PUSHPULL_STATE"
DAYS = 1  # for which a cookie counts
SECONDS_BETWEEN_TIDYINGS = 3600
COOKIE_ID = re.compile(r"[0-9a-f]{32}\Z")


def state_folder() -> Path:
    """Where the server keeps what must outlive it."""
    named = os.environ.get(STATE)
    return Path(named) if named else Path(platformdirs.user_state_dir("pushpull", appauthor=False))


def short_links() -> ShortLinks:
    """The short links of the server."""
    return ShortLinks(state_folder() / "short_links.sqlite")


class SignedOut:
    """The cookies that no longer count: an empty file for each until it would have run out by itself."""

    def __init__(self, folder: Path):
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / "writable").touch()
        self._here: set[str] = set()
        self._tidied = 0.0

    def __contains__(self, id_: str) -> bool:
        return id_ in self._here or (self._folder / id_).exists()

    def add(self, id_: str) -> None:
        """Let a cookie count no more, in any worker; raises OSError where the others cannot hear of it."""
        if len(self._here) < 100_000:
            self._here.add(id_)
        (self._folder / id_).touch()
        self._tidy()

    def _tidy(self) -> None:
        """Remove what has run out, once an hour: there is a file for every time that somebody signed out."""
        now = time.time()
        if now - self._tidied < SECONDS_BETWEEN_TIDYINGS:
            return
        self._tidied, old = now, now - (DAYS + 1) * 86_400
        with os.scandir(self._folder) as entries:
            for entry in entries:
                if COOKIE_ID.match(entry.name) and entry.stat(follow_symlinks=False).st_mtime < old:
                    Path(entry.path).unlink(missing_ok=True)
