"""Scenario discovery: in which simulations something is so, and what separates them from the others.

from pushpull.discovery import discover

found = discover(policy, "deaths_in_transit rises in 2035", vary={"border_control": (0.5, 3)}, simulations=1000)
found.sentence, found.limits, found.coverage, found.density     # few limits within which that is dense
found.separation, found.cases.inputs, found.chosen              # every input, the simulations as a table
many = simulate(policy, ["deaths_in_transit", "people_exploited"], [2035], 1000)  # several outcomes of the same
found_of(many.cases("deaths_in_transit", 2035), marked)         # any simulations, a boolean for each

find_boxes(inputs, of_interest)                                 # PRIM on any numbers over (case, input)
given_data_sensitivity(found.cases.inputs, found.cases.change_in(2035))
"""

from typing import TYPE_CHECKING

from pushpull.first_use import fetched_on_first_use

if TYPE_CHECKING:
    from pushpull.discovery.boxes import Box, find_boxes
    from pushpull.discovery.cases import Cases, ManyOutcomes, checked_ranges, run_cases, simulate
    from pushpull.discovery.condition import Condition
    from pushpull.discovery.finding import BoxEnd, Discovery, discover, found_in, found_of
    from pushpull.discovery.given_data import given_data_sensitivity
    from pushpull.discovery.separating import separation

__all__ = [
    "Box",
    "Cases",
    "Discovery",
    "BoxEnd",
    "Condition",
    "ManyOutcomes",
    "checked_ranges",
    "discover",
    "find_boxes",
    "found_in",
    "found_of",
    "given_data_sensitivity",
    "run_cases",
    "separation",
    "simulate",
]

# Each is fetched when it is first asked for.
_HOMES = {
    "boxes": ("Box", "find_boxes"),
    "cases": ("Cases", "ManyOutcomes", "checked_ranges", "run_cases", "simulate"),
    "finding": ("Discovery", "BoxEnd", "discover", "found_in", "found_of"),
    "given_data": ("given_data_sensitivity",),
    "condition": ("Condition",),
    "separating": ("separation",),
}

__getattr__, __dir__ = fetched_on_first_use(__name__, _HOMES)
