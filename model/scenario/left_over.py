"""What a fit leaves over of the last years, as runs read it: how many times as many set out as the structure says."""

from __future__ import annotations

import math
from collections.abc import Mapping

from pushpull.scenario.corridor import Corridor
from pushpull.scenario.schedules import TimePath

LEFT_OVER = "unexplained_departures"  # by origin
DECISIONS = "unexplained_court_decisions"


def left_over_by_year(corridor: Corridor) -> dict[str, dict[int, float]]:
    """The factor of each origin, and that of court decisions under the name of its driver, in spring of each year from
    the first that is not 1 to the last; nothing where a fit left nothing over."""
    paths: dict[str, TimePath] = {}
    for name, given in corridor.left_over.items():
        paths |= given if isinstance(given, Mapping) else {name: given}
    factors = {}
    for name, path in paths.items():
        span = path[-1]
        years = range(math.ceil(span.times[0]), math.ceil(span.times[-1]))
        factors[name] = {year: span.at(year + 0.25) for year in years}
    return factors
