"""Short links: codes of a few letters, each for the text of a full link, in a database that all workers share.

They are bounded in number and size, for each user and for the server. To make room, the user's own link that has been
unused for longest is removed; one of somebody else only after `DAYS_IN_USE` days without use. Whoever makes a link is
told what was removed of their own, and whoever opens one that is gone, when it was removed.
"""

from __future__ import annotations

import logging
import re
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pushpull.dashboard.i18n.notices import Refusal
from pushpull.files.atomic import reason

ALPHABET = "23456789bcdfghjkmnpqrstvwxz"  # without letters that look alike, and without vowels, which make words
LENGTH = 10
CODE = rf"[{ALPHABET}]{{{LENGTH}}}"
MOST_OF_A_USER, LETTERS_OF_A_USER = 500, 5_000_000
MOST, LETTERS = 20_000, 100_000_000
MOST_REMEMBERED = 50_000  # codes of links that were removed
DAYS_IN_USE = 30
DAY = 86_400.0
SECONDS_TO_WAIT = 2.0  # for another worker that writes
_TABLES = """
create table if not exists links (
  code text primary key, digest text not null, owner text not null, letters integer not null, used real not null,
  link text not null);
create index if not exists by_digest on links (owner, digest);
create index if not exists by_owner on links (owner, letters);
create index if not exists by_use on links (used);
create table if not exists removed (code text primary key, moment real not null);
"""
_CODE = re.compile(CODE)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ShortLink:
    """A short link: its code, when it was last used, the link it stands for; where it was removed, `link` is empty and
    `moment` says when."""

    code: str
    moment: float
    link: str = ""

    @property
    def day(self) -> str:
        """The day of the moment, as 2026-11-29."""
        return time.strftime("%Y-%m-%d", time.gmtime(self.moment))


@dataclass(frozen=True)
class KeptLink:
    """A short link that was kept, and those of the same owner that were removed to make room."""

    code: str
    removed: tuple[ShortLink, ...] = ()


class LinksUnavailable(Exception):
    """Short links can neither be kept nor found; the message says why."""


def code_of(text: str) -> str | None:
    """The code in the end of an address, whatever a mail puts around it and in whichever letters it was typed."""
    plain = re.sub(r"\A[^a-z0-9]+|[^a-z0-9]+\Z", "", text[:64].lower())
    return plain if _CODE.fullmatch(plain) else None


def owner_of(user: str | None) -> str:
    """What stands for a user in the database; nothing where nobody signs in, and all links are everybody's."""
    return "" if user is None else sha256(user.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class ShortLinks:
    """The short links of a server, in a file that is made when it is needed."""

    def __init__(self, file: Path, now: Callable[[], float] = time.time):
        self._file, self._now = file, now

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """The database; raises LinksUnavailable for whatever goes wrong with it."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with closing(sqlite3.connect(self._file, SECONDS_TO_WAIT, isolation_level=None)) as base:
                base.executescript(_TABLES)
                yield base
        except (OSError, sqlite3.Error) as fault:
            raise LinksUnavailable(reason(fault)) from fault

    def keep(self, link: str, owner: str = "") -> KeptLink:
        """Keep a link, or find it where its owner has kept it before.

        Raises Refusal where the server holds as many as it may and all are in use, and LinksUnavailable.
        """
        digest, now = sha256(link.encode()).hexdigest()[:32], self._now()
        with self._open() as base:
            base.execute("begin immediate")
            try:
                found = base.execute("select code from links where owner = ? and digest = ?", (owner, digest))
                for (code,) in found.fetchall():
                    base.execute("update links set used = ? where code = ?", (now, code))
                    return KeptLink(code)
                removed = self._make_room(base, len(link), owner, now)
                code = _fresh(base)
                base.execute("insert into links values (?, ?, ?, ?, ?, ?)", (code, digest, owner, len(link), now, link))
                return KeptLink(code, removed)
            except BaseException:
                base.execute("rollback")
                raise
            finally:
                if base.in_transaction:
                    base.execute("commit")

    def _make_room(self, base: sqlite3.Connection, letters: int, owner: str, now: float) -> tuple[ShortLink, ...]:
        """Remove what must go for one more link, and tell what of it was its owner's own."""
        gone: list[tuple[ShortLink, str]] = []
        if owner:
            while _is_full(base, letters, MOST_OF_A_USER, LETTERS_OF_A_USER, "where owner = ?", (owner,)):
                gone.append(_remove(base, "where owner = ?", (owner,), now))
        while _is_full(base, letters, MOST, LETTERS):
            if not base.execute("select 1 from links where used < ?", (now - DAYS_IN_USE * DAY,)).fetchone():
                raise Refusal("short_links_full", days=DAYS_IN_USE)
            gone.append(_remove(base, "", (), now))
        base.execute(
            "delete from removed where code not in (select code from removed order by moment desc limit ?)",
            (MOST_REMEMBERED,),
        )
        for link, _ in gone:
            log.info("the short link %s, last used on %s, made room for another", link.code, link.day)
        return tuple(link for link, whose in gone if whose == owner)

    def find(self, text: str) -> ShortLink | None:
        """The short link of a code, or that it was removed; None where there has been none. Raises LinksUnavailable."""
        code = code_of(text)
        if code is None or not self._file.exists():
            return None
        with self._open() as base:
            row = base.execute("select used, link from links where code = ?", (code,)).fetchone()
            if row is None:
                gone = base.execute("select moment from removed where code = ?", (code,)).fetchone()
                return None if gone is None else ShortLink(code, gone[0])
            if self._now() - row[0] > DAY:
                with suppress(sqlite3.OperationalError):  # another worker writes: the link opens all the same
                    base.execute("update links set used = ? where code = ?", (self._now(), code))
            return ShortLink(code, *row)


def _fresh(base: sqlite3.Connection) -> str:
    """A code that nothing has and nothing had."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        taken = "select 1 from links where code = ? union select 1 from removed where code = ?"
        if base.execute(taken, (code, code)).fetchone() is None:
            return code


def _is_full(
    base: sqlite3.Connection, letters: int, most: int, most_letters: int, where: str = "", values: tuple = ()
) -> bool:
    count, held = base.execute(f"select count(*), total(letters) from links {where}", values).fetchone()
    return count >= most or held + letters > most_letters


def _remove(base: sqlite3.Connection, where: str, values: tuple, now: float) -> tuple[ShortLink, str]:
    """Remove the link that has been unused for longest, remember its code, and tell whose it was."""
    oldest = f"select code, used, owner from links {where} order by used, rowid limit 1"
    code, used, owner = base.execute(oldest, values).fetchone()
    base.execute("delete from links where code = ?", (code,))
    base.execute("insert or replace into removed values (?, ?)", (code, now))
    return ShortLink(code, used), owner
