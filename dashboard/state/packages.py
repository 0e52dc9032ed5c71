"""The policy packages that a state may begin with: what each says of itself, and what it sets."""

from __future__ import annotations

from functools import cache

from pushpull.files.bounded_cache import MEGABYTE, Bounded
from pushpull.scenario import Heading, Scenario, ScenarioFaults, heading

_POLICIES: Bounded[dict] = Bounded("policies of packages", 2 * MEGABYTE, lambda held: len(repr(held)))


@cache
def package_heading(name: str) -> Heading:
    """What a policy package says of itself."""
    return heading(name)


def policies_of(package: str | None, scenario: Scenario) -> dict:
    """The policies a package sets in a scenario; none where it cannot be laid over it."""
    if package is None:
        return {}
    key = (scenario.corridor.digest, scenario.policy_start, scenario.end, package)
    return _POLICIES.get_or_make(key, lambda: _laid(scenario.baseline(), package))


def _laid(baseline: Scenario, package: str) -> dict:
    try:
        return dict(baseline.with_policy(package).policies)
    except ScenarioFaults:
        return {}
