"""From when on politics may answer concern: the years of the record show what policy was, so nothing is added to it."""

from __future__ import annotations

import math
from collections.abc import Mapping

from pushpull.scenario.schedules import Span

REACTION = ("policy_reaction", "concern")  # the setting, and the formula under which politics answers
ACTIVE = "policy_reaction_active"


def reaction_span(formulas: Mapping[str, str], policy_start: float) -> dict[str, dict[str | None, Span]]:
    """What policy start means for the driver of the reaction, by name: one from then on where its formula is chosen,
    else nothing."""
    setting, formula = REACTION
    if formulas.get(setting) != formula:
        return {}
    return {ACTIVE: {None: Span(policy_start, math.inf, (policy_start,), (1.0,))}}
