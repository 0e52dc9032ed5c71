"""Memory of closed tabs: collected, and given back to the system.

A session is a web of objects that hold each other, which Python finds only when it looks through everything; and the
C library keeps what is freed for the next who asks.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Callable
from functools import cache

from pushpull.files.bounded_cache import every_cache

MANY = 25  # sessions whose memory is worth a look through everything while others are open
MILLISECONDS = 5000  # between two thoughts of it


class Tidying:
    """Gives back what closed sessions held, once nobody is disturbed or there are many of them."""

    def __init__(self, count_open: Callable[[], int]):
        self._count_open = count_open
        self._closed = 0

    def left(self) -> None:
        """Note that a session has been closed."""
        self._closed += 1

    def tidy(self) -> bool:
        """Give memory back if it is time; whether it was."""
        if not self._closed or (self._closed < MANY and self._count_open()):
            return False
        self._closed = 0
        if not self._count_open():
            for held in every_cache():
                held.drop()  # nobody asks again; what the next one is shown is made anew in a tenth of a second
        gc.collect()
        trim()
        return True


def settle() -> None:
    """Leave alone from now on what lives as long as the process, so that looking for garbage takes less time."""
    gc.collect()
    gc.freeze()


def trim() -> None:
    """Give freed memory back to the system, where the C library can."""
    give = _malloc_trim()
    if give is not None:
        give(0)


@cache
def _malloc_trim() -> Callable[[int], int] | None:
    return getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
