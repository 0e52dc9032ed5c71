"""The numbers of a corridor for the pocket page: kernels, paths and draws."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pushpull.dashboard.compute.indicators import outcome_names
from pushpull.dashboard.pocket.packing import packed
from pushpull.dashboard.pocket.stored_modules import module_of
from pushpull.engine.codegen.layout import SIDE_BY_SIDE, SINGLE
from pushpull.ensemble import Draws
from pushpull.exporting.browser_run import browser_run, futures_of
from pushpull.scenario import Scenario

MEMBERS = 100
LANES = (SINGLE, SIDE_BY_SIDE)
OF_A_KERNEL = ("room", "given", "numbers", "saved", "places")  # what differs with the runs side by side


def packed_corridor(
    scenario: Scenario, members: int = MEMBERS, say: Callable[[str], None] | None = None
) -> dict[str, Any]:
    """What `Engine.open` reads of a corridor, in parts that are packed by themselves: `shared`, and for so many runs
    side by side the kernel, the wider one with the draws of its simulations: the first `members` that the page draws.
    """
    runs = {lanes: browser_run(scenario, outcome_names(), lanes) for lanes in LANES}
    draws = {SIDE_BY_SIDE: _draws(scenario, members)}
    kernels = {
        str(lanes): packed(
            {
                **_kernel(scenario, lanes, say),
                "run": {name: run[name] for name in OF_A_KERNEL},
                "draws": draws.get(lanes),
            }
        )
        for lanes, run in runs.items()
    }
    shared = {name: value for name, value in runs[SINGLE].items() if name not in OF_A_KERNEL}
    return {"shared": packed({"run": shared}), "kernels": kernels}


def _kernel(scenario: Scenario, lanes: int, say: Callable[[str], None] | None) -> dict[str, Any]:
    made = module_of(scenario, lanes, say)
    return {"code": np.frombuffer(made.code, dtype=np.uint8), "data_end": made.data_end}


def _draws(scenario: Scenario, members: int) -> dict[str, Any]:
    """The parameters of the members where they are not the corridor's own, and their futures (member, origin, knot).

    Many places hold the same parameter: `values` (parameter, member) has each once, `which` the one of each place.
    """
    plain = scenario.baseline()
    draws = Draws.of(plain, members, plain.seed)
    drawn, own = draws.constants(0, members).reshape(members, -1), draws.base.ravel()
    places = np.flatnonzero((drawn != own).any(axis=0))
    values, which = np.unique(drawn[:, places].T, axis=0, return_inverse=True)
    factors = None if draws.futures is None else futures_of(plain, draws.futures)
    return {
        "places": places.astype(np.int64),
        "which": which.ravel().astype(np.int64),
        "values": values,
        "members": members,
        "factors": factors,
        "origins": 0 if factors is None else factors.shape[1],
        "knots": 0 if factors is None else factors.shape[2],
    }
