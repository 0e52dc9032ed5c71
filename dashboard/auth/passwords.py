"""The file of those who may sign in: a JSON object of names and hashes of passwords, made by `pushpull password`.

Hashes are those of Argon2id with the parameters that argon2-cffi recommends. A file is written whole or not at all, and
for nobody else to read.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import unicodedata
from functools import cache
from getpass import getpass
from pathlib import Path

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError

from pushpull.files.atomic import write_whole

log = logging.getLogger(__name__)

LONGEST_NAME, LONGEST_PASSWORD, SHORTEST_PASSWORD = 200, 1000, 8
LARGEST_FILE = 10_000_000  # bytes
MOST_MEMORY, MOST_TIME = 2**21, 100  # of a hash that is taken from a file: KiB, rounds
HASHER = PasswordHasher()


class PasswordFault(ValueError):
    """A password file, a name or a password that is not taken; the message says why and what to do."""


def plain_name(name: str) -> str:
    """A name in the one form it has however it was typed; raises PasswordFault for what is no name."""
    name = unicodedata.normalize("NFC", name)
    if not name.strip() or name != name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise PasswordFault(
            f"the name {name[:60]!r} cannot be taken; allowed: 1 to {LONGEST_NAME} printed letters, without blanks at "
            "either end"
        )
    try:
        name.encode()
    except UnicodeEncodeError:
        raise PasswordFault(f"the name {name[:60]!r} holds half a letter") from None
    return name


def hashed(password: str) -> str:
    """The hash of a password; raises PasswordFault for one that is too short or too long."""
    _check_length(password)
    return HASHER.hash(_typed(password))


def _typed(password: str) -> str:
    """A password in the one form it has whichever way a keyboard makes its accents."""
    return unicodedata.normalize("NFC", password)


def _check_length(password: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise PasswordFault(
            f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} letters; yours has {len(password)}"
        )


def fits(password: str, stored: str | None) -> bool:
    """Whether a password is the one of a hash; without a hash it takes as long, and none fits."""
    if len(password) > LONGEST_PASSWORD:
        return False
    try:
        return HASHER.verify(stored or hash_of_nobody(), _typed(password)) and stored is not None
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False


@cache
def hash_of_nobody() -> str:
    """The hash of a password that nobody has: what one for an unknown name is held against."""
    return HASHER.hash(os.urandom(16).hex())


def read(path: Path) -> dict[str, str]:
    """Names and hashes of a password file; raises PasswordFault for what cannot be one."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise PasswordFault(f"{path} is larger than {LARGEST_FILE // 1_000_000} MB")
        content = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_once)
    except OSError as fault:
        raise PasswordFault(f"{path} cannot be read ({fault.strerror or fault})") from None
    except PasswordFault as fault:
        raise PasswordFault(f"{path}: {fault}") from None
    except (ValueError, RecursionError) as fault:
        told = f"line {fault.lineno}: {fault.msg}" if isinstance(fault, json.JSONDecodeError) else "not UTF-8"
        raise PasswordFault(f"{path} is no JSON ({told}); make it with: pushpull password {path} NAME") from None
    if not isinstance(content, dict) or not all(isinstance(each, str) for each in content.values()):
        raise PasswordFault(f"{path} is no object of names and hashes; make it with: pushpull password {path} NAME")
    if not content:
        raise PasswordFault(f"{path} names nobody; add somebody with: pushpull password {path} NAME")
    found: dict[str, str] = {}
    for name, stored in content.items():
        plain = plain_name(name)
        if plain in found:
            raise PasswordFault(f"{path} names {plain!r} twice")
        found[plain] = stored
    open_ = [name for name, stored in found.items() if not is_hash(stored)]
    if open_:
        some = ", ".join(map(repr, open_[:5])) + (" ..." if len(open_) > 5 else "")
        raise PasswordFault(
            f"{path} holds what is no hash of a password, for {some}. Passwords are no longer kept as plain text; hash "
            f"those in the file with: pushpull password --hash-all {path}"
        )
    return found


def is_hash(stored: str) -> bool:
    """Whether a text is a hash that can be checked at a bearable cost."""
    try:
        found = extract_parameters(stored)
    except (InvalidHashError, ValueError):
        return False
    return found.memory_cost <= MOST_MEMORY and found.time_cost <= MOST_TIME


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if twice:
        raise PasswordFault(f"{twice[0]!r} is named twice")
    return dict(pairs)


def set_password(path: Path, name: str, password: str) -> bool:
    """Write a name with the hash of its password into a file, new or not; whether the name is new."""
    name, stored = plain_name(name), hashed(password)
    content = read(path) if path.exists() else {}
    is_new = name not in content
    write(path, {**content, name: stored})
    return is_new


def hash_all(path: Path) -> list[str]:
    """Put a hash in the place of every plain password of a file; the names for which that was done."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_once)
    except OSError as fault:
        raise PasswordFault(f"{path} cannot be read ({fault.strerror or fault})") from None
    except json.JSONDecodeError as fault:
        raise PasswordFault(f"{path} is no JSON (line {fault.lineno}: {fault.msg})") from None
    if not isinstance(content, dict) or not all(isinstance(each, str) for each in content.values()):
        raise PasswordFault(f"{path} is no JSON object of names and passwords")
    plain = [name for name, stored in content.items() if not is_hash(stored)]
    # Whatever was taken as a password before is taken still, be it short.
    write(
        path,
        {plain_name(name): HASHER.hash(_typed(each)) if name in plain else each for name, each in content.items()},
    )
    return plain


def remove(path: Path, name: str) -> None:
    """Take a name out of a file; raises PasswordFault where it is not in it, or nobody would be left."""
    content, name = read(path), plain_name(name)
    if name not in content:
        raise PasswordFault(f"{path} does not name {name!r}")
    if len(content) == 1:
        raise PasswordFault(f"{path} names nobody but {name!r}; without a name nobody could sign in")
    write(path, {other: stored for other, stored in content.items() if other != name})


def write(path: Path, content: dict[str, str]) -> None:
    """Write a password file whole or not at all, for its owner alone; raises OSError."""
    write_whole(path.resolve(), json.dumps(content, indent=2, ensure_ascii=False) + "\n", private=True)


class PasswordFile:
    """A password file that is read again when it changes; while it is at fault, what it said last counts."""

    def __init__(self, path: Path):
        self.path = path
        self._stamp = self._now()
        self._held = read(path)

    def _now(self) -> tuple[int, int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return (found.st_mtime_ns, found.st_size, found.st_ino)

    @property
    def hashes(self) -> dict[str, str]:
        """Names and hashes as they stand."""
        now = self._now()
        if now != self._stamp:
            self._stamp = now
            try:
                self._held = read(self.path)
            except PasswordFault as fault:
                log.error("the password file is at fault, what it said before counts: %s", fault)
        return self._held


# The command ---------------------------------------------------------------------------------------------------


def main(given: list[str] | None = None) -> int:
    """`pushpull password`: 0 when it is done, 2 with a line that says why it is not."""
    reader = argparse.ArgumentParser(prog="pushpull password")
    reader.add_argument("file", type=Path)
    what = reader.add_mutually_exclusive_group(required=True)
    what.add_argument("name", nargs="?")
    what.add_argument("--hash-all", action="store_true")
    reader.add_argument("--remove", action="store_true")
    chosen = reader.parse_args(given)
    try:
        print(_done(chosen))
    except PasswordFault as fault:
        print(fault, file=sys.stderr)
        return 2
    except OSError as fault:
        print(f"{chosen.file} cannot be written ({fault.strerror or fault}); it is as it was", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("nothing is changed", file=sys.stderr)
        return 130
    return 0


def _done(chosen: argparse.Namespace) -> str:
    """Do what a command asks for, and say it."""
    path: Path = chosen.file
    if chosen.hash_all:
        done = hash_all(path)
        return f"{path}: hashed the passwords of {len(done)} names" if done else f"{path}: every password was hashed"
    name = plain_name(chosen.name)
    if chosen.remove:
        remove(path, name)
        return f"{path}: {name!r} can sign in no more, and open tabs end within a minute"
    if path.exists():
        read(path)  # before anybody is asked for a password
    is_new = set_password(path, name, _asked(name))
    return f"{path}: {name!r} is new" if is_new else f"{path}: {name!r} has a new password"


def _asked(name: str) -> str:
    """The password that somebody types twice, or the first line of what is no terminal."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass(f"Password for {name}: ")
    _check_length(password)
    if getpass("The same again: ") != password:
        raise PasswordFault("the two passwords differ; nothing is changed")
    return password


if __name__ == "__main__":
    raise SystemExit(main())
