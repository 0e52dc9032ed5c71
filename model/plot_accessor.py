"""`result.plot`, `paired.plot` and the like: what draws a result is fetched by its name when it is first asked for.

A result stands far below the room that draws it, and a run is not to wait for HoloViews.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

HOME = "pushpull.plotting.accessors"


class PlotAccessor:
    """An attribute that holds every plot there is of the object it is read from: see `pushpull.plotting`."""

    def __get__(self, subject: Any, owner: type) -> Any:
        return self if subject is None else import_module(HOME).Plots(subject)
