"""How often something may be asked for: so many at once, and then so many a second, for each key by itself."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

MOST_KEPT = 5_000


class Rate:
    """Allows `burst` at once and `a_second` from then on; keys that have long been quiet are forgotten."""

    def __init__(self, a_second: float, burst: float, now: Callable[[], float] = time.monotonic):
        self._a_second, self._burst, self._now = a_second, burst, now
        self._kept: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()  # what is left, and when

    def allows(self, key: Hashable) -> bool:
        """Whether one more is allowed, which is then counted."""
        left = self._left(key)
        if left < 1:
            return False
        self._kept[key] = (left - 1, self._now())
        self._kept.move_to_end(key)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return True

    def is_spent(self, key: Hashable) -> bool:
        """Whether none is left; nothing is counted."""
        return self._left(key) < 1

    def _left(self, key: Hashable) -> float:
        left, then = self._kept.get(key, (self._burst, self._now()))
        return min(self._burst, left + self._a_second * (self._now() - then))
