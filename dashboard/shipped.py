"""The scenarios that come with Pushpull, each read once."""

from __future__ import annotations

from pushpull.scenario import Scenario

FIRST = "us_southwest_border"  # what a page opens with that is asked for nothing else
_SHIPPED: dict[str, Scenario] = {}


def shipped(name: str) -> Scenario:
    """A shipped scenario."""
    if name not in _SHIPPED:
        _SHIPPED[name] = Scenario.load(name)
    return _SHIPPED[name]
