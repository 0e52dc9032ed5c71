"""How often a wrong password may be tried: ever longer waits, kept apart by name, by address and by browser.

A browser in which a user has signed in before is known by a signed cookie and waits for its own mistakes alone, so that
a stranger who tries a name again and again cannot keep its user out. What is kept is bounded, and forgotten in an hour.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import ip_address, ip_network

AttemptKey = tuple[str, str]

FREE = {"browser": 10, "name": 10, "address": 20}  # wrong passwords before the first wait
LONGEST = {"browser": 300.0, "name": 60.0, "address": 300.0}  # seconds
FIRST = 5.0  # seconds of the first wait; each is twice the one before
FORGOTTEN = 3600.0  # seconds after the last wrong one
MOST_KEPT = 20_000


def place_of(address: str) -> str:
    """Where an address belongs: itself, or for IPv6 its network of 64 bits, of which one person has all."""
    try:
        found = ip_address(address)
    except ValueError:
        return address[:100]
    if found.version == 6 and found.ipv4_mapped is not None:  # at a socket of both kinds
        return str(found.ipv4_mapped)
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def keys_of(name: str, address: str, browser: str | None) -> list[AttemptKey]:
    """What an attempt counts for: the browser alone where the name has signed in there before."""
    if browser is not None:
        return [("browser", browser)]
    return [("name", name[:200]), ("address", place_of(address))]


class Attempts:
    """Counts of wrong passwords. An attempt counts as wrong from its beginning, so that many at once gain nothing."""

    def __init__(self, now: Callable[[], float] = time.monotonic):
        self._now = now
        self._kept: OrderedDict[AttemptKey, tuple[int, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def wait(self, keys: list[AttemptKey]) -> float:
        """Seconds until the next attempt is taken; zero where it is taken now."""
        return max(map(self._wait, keys), default=0.0)

    def _wait(self, key: AttemptKey) -> float:
        count, last = self._found(key)
        beyond = count - FREE[key[0]]
        if beyond < 0:
            return 0.0
        return max(0.0, last + min(LONGEST[key[0]], FIRST * 2.0 ** min(beyond, 30)) - self._now())

    def _found(self, key: AttemptKey) -> tuple[int, float]:
        count, last = self._kept.get(key, (0, 0.0))
        return (count, last) if self._now() - last < FORGOTTEN else (0, 0.0)

    def begin(self, keys: list[AttemptKey]) -> None:
        """Count an attempt."""
        for key in keys:
            count, _ = self._found(key)
            self._kept[key] = (count + 1, self._now())
            self._kept.move_to_end(key)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)

    def was_right(self, keys: list[AttemptKey]) -> None:
        """Take back the attempt that was none: the password was right."""
        for key in keys:
            count, last = self._found(key)
            if count > 1:
                self._kept[key] = (count - 1, last)
            else:
                self._kept.pop(key, None)
