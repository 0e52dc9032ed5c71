"""A cache that holds so many bytes and no more, for whatever a stranger can make grow.

What was not asked for longest goes first. The room is counted in bytes and not in entries, since one run can be a
hundred times as large as another. `cachetools` keeps the order and the count; this adds the lock between threads, and
room for a single value that is larger than all of it, since what has just been made is what is asked for next.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator
from typing import Generic, TypeVar
from weakref import WeakSet

from cachetools import LRUCache

V = TypeVar("V")
MEGABYTE = 1_000_000
LEAST = 500  # bytes that any entry takes, its key and its place among the others

_all: WeakSet[Bounded] = WeakSet()


class Bounded(Generic[V]):
    """Values by key, at most `room` bytes of them; `size` says how many bytes a value takes. Safe between threads.

    A value larger than the room takes all of it: then it is the only one that is kept.
    """

    def __init__(self, name: str, room: int, size: Callable[[V], int]):
        self.name, self.room = name, room
        self._lock = threading.Lock()
        self._held: LRUCache[Hashable, V] = LRUCache(room, lambda value: min(size(value) + LEAST, room))
        _all.add(self)

    def get(self, key: Hashable) -> V | None:
        """The value of a key if it is held; it is then the last to go."""
        with self._lock:
            return self._held.get(key)

    def put(self, key: Hashable, value: V) -> V:
        """Keep a value, or count one anew that has grown; the value."""
        with self._lock:
            self._held[key] = value
        return value

    def get_or_make(self, key: Hashable, make: Callable[[], V]) -> V:
        """The value of a key, made where it is not held. Nobody waits for it: two threads may make it at a time."""
        held = self.get(key)
        return self.put(key, make()) if held is None else held

    def drop(self) -> None:
        """Forget everything."""
        with self._lock:
            self._held.clear()

    @property
    def bytes(self) -> int:
        """Bytes held, as counted."""
        with self._lock:
            return int(self._held.currsize)

    def __len__(self) -> int:
        with self._lock:
            return len(self._held)


def every_cache() -> Iterator[Bounded]:
    """All such caches of the process."""
    return iter(list(_all))
