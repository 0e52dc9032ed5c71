"""Scenario discovery: in which simulations something is so, and what separates them from the others.

from pushpull.discovery import discover

found = discover(policy, "deaths_in_transit rises in 2035", vary={"border_control": (0.5, 3)}, simulations=1000)
found.sentence, found.limits, found.coverage, found.density     # few limits within which that is dense
found.separation, found.cases.inputs, found.chosen              # every input, the simulations as a table

find_boxes(inputs, of_interest)                                 # PRIM on any numbers over (case, input)
given_data_sensitivity(found.cases.inputs, found.cases.change_in(2035))
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pushpull.discovery.boxes import Box, find_boxes
    from pushpull.discovery.cases import Cases, checked_ranges, run_cases
    from pushpull.discovery.condition import Condition
    from pushpull.discovery.finding import BoxEnd, Discovery, discover, found_in
    from pushpull.discovery.given_data import given_data_sensitivity
    from pushpull.discovery.separating import separation

__all__ = [
    "Box",
    "Cases",
    "Discovery",
    "BoxEnd",
    "Condition",
    "checked_ranges",
    "discover",
    "find_boxes",
    "found_in",
    "given_data_sensitivity",
    "run_cases",
    "separation",
]

# Each is fetched when it is first asked for.
_HOMES = {
    "boxes": ("Box", "find_boxes"),
    "cases": ("Cases", "checked_ranges", "run_cases"),
    "finding": ("Discovery", "BoxEnd", "discover", "found_in"),
    "given_data": ("given_data_sensitivity",),
    "condition": ("Condition",),
    "separating": ("separation",),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            value = getattr(import_module(f"pushpull.discovery.{home}"), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
