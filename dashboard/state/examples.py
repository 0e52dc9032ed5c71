"""Questions to begin with: settings of the corridor that is open, and the page that answers them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from pushpull.dashboard.state.state import State


@dataclass(frozen=True)
class Example:
    """Levers as multiples of today's values, or a package, and what is then looked at."""

    times_today: Mapping[str, float] = field(default_factory=dict)
    package: str | None = None
    view: Mapping[str, str] = field(default_factory=dict)


EXAMPLES: Mapping[str, Example] = MappingProxyType(
    {
        "work_permits": Example({"legal_labour_slots": 2.0}, view={"page": "overview", "focus": "smuggled_migrants"}),
        "border_staff": Example({"border_control": 1.3}, view={"page": "why", "focus": "deaths_in_transit"}),
        "one_gateway": Example(
            package="one_gateway_crackdown", view={"page": "outcomes", "part": "routes", "focus": "deaths_in_transit"}
        ),
    }
)


def opened(state: State, name: str) -> State:
    """The state that answers the question of that name, on the corridor that is open; what is kept beside it stays."""
    example = EXAMPLES[name]
    state = state.reset().with_package(example.package)
    for lever, times in example.times_today.items():
        state = state.with_schedule(lever, {"times_today": times})
    return state.looking(**example.view)
