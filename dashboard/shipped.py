"""The scenarios that come with Pushpull, each read once."""

from __future__ import annotations

from pushpull.scenario import Scenario

FIRST = "us_southwest_border"  # what a page opens with that is asked for nothing else
FIRST_IN = {"fr": "eu_external_border"}  # and what in a language whose readers ask about another border
_SHIPPED: dict[str, Scenario] = {}


def shipped(name: str) -> Scenario:
    """A shipped scenario."""
    if name not in _SHIPPED:
        _SHIPPED[name] = Scenario.load(name)
    return _SHIPPED[name]
