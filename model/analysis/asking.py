"""How many of those in need of protection set out or ask: where fewer do, a fall in denials is no protection.

Those who are resettled, wait at a port of entry or come in an orderly way count among those who ask, so that opening
such ways is not taken for fewer asking. Who stays in danger is in no outcome.
"""

from __future__ import annotations

from math import log

from pushpull.analysis.stated_change import MATERIAL
from pushpull.engine.language.indices import population
from pushpull.engine.runs.result import Result

# People in need of protection in a year, and those of them who set out or ask, in whatever way.
IN_NEED = ("people_in_need_of_protection", "displacement")
ASKING = ("departures", "orderly_asylum_arrivals", "port_arrivals", "paroled_arrivals", "resettlement")
PROTECTION = population.labels.index("protection")
BY_POPULATION = "departures"  # of those who ask, the variable that tells populations apart
COMPARABLE = 0.25  # of the fall: an assumption on what deserves a word


def share_asking(result: Result, index: int) -> float:
    """Of the people in need, those who set out or ask in a year, at one place in time of one run."""
    asking, in_need = (sum(at_moment(result, name, index) for name in names) for names in (ASKING, IN_NEED))
    return asking / in_need if in_need > 0 else 0.0


def at_moment(result: Result, name: str, index: int) -> float:
    """A variable at one time, of people in need where it tells them apart, summed over routes and origins."""
    block = result.array(name)[0, index]
    return float((block[..., PROTECTION, :] if name == BY_POPULATION else block).sum())


def part_of_the_fall(denials: float, asking: float) -> float | None:
    """The share of a fall in denials that comes of fewer people asking, from both as shares of what they were; None
    where either has not fallen, or the share is small. More than 1 where denials for each of those who ask rise."""
    if not 0 < denials < 1 - MATERIAL or not 0 < asking < 1 - MATERIAL:
        return None
    share = log(asking) / log(denials)
    return share if share >= COMPARABLE else None
