"""Why fees rose: the share of each mechanism, and how much of the rise more border control alone brought about."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from pushpull.ensemble import draw_parameters, run_ensemble
from pushpull.scenario import Scenario

MEMBERS = 200
SMALLEST_RISE = 0.02  # of the logarithm: a smaller one has no parts worth telling

YearWindow = tuple[float, float]


@dataclass(frozen=True)
class FeeShares:
    """`rise` is the factor by which fees rose; `shares` the part of its logarithm that each mechanism explains
    (median and 90 percent range over the posterior, fractions); `enforcement` the percentage by which fees would have
    been lower had border control stayed as at the start."""

    rise: tuple[float, float, float]
    shares: dict[str, tuple[float, float, float]]
    enforcement: tuple[float, float, float]


def fee_shares(scenario: Scenario, until: float, members: int = MEMBERS, seed: int = 1) -> FeeShares | None:
    """Split the rise of the indicated fee between the first year of the run and the last of the fit into its factors.

    None where the fit spans less than two years, or where fees moved too little to have parts.
    """
    start = scenario.corridor.start
    first, last = (start, start + 1), (until - 1, until)
    if until - start < 2:
        return None
    history = scenario.baseline().with_changes(end=math.ceil(until) + 1, policy_start=start)
    parts = ("scarcity", "hardship", "interdiction_probability", "smuggling_wage", "debt_capacity", "deterrence")
    result = run_ensemble(history, members, seed, keep=(*parts, "smuggler_fee", "indicated_fee"))
    names = tuple(scenario.catalogue.parameters)
    drawn = draw_parameters(history, members, seed)

    def card(name: str) -> np.ndarray:
        return drawn[:, names.index(name), 0]

    def rise(values: np.ndarray) -> np.ndarray:
        return np.log(_mean(result.time, values, last) / _mean(result.time, values, first))

    let_through = rise(1 - result.total("interdiction_probability"))
    risk = -card("risk_pass_through") * let_through
    factors = {
        "wages at destination": rise(result.total("smuggling_wage")),
        "what families can raise": rise(result.total("debt_capacity")),
        "remote ground": rise(result.total("hardship")) - risk,
        "risk of being stopped": risk,
        "scarce passages": card("scarcity_elasticity") * rise(result.total("scarcity")),
        "risk of conviction": rise(1 + card("risk_premium")[:, None] * result.total("deterrence")),
    }
    whole = rise(result.total("indicated_fee"))
    if abs(np.median(whole)) < SMALLEST_RISE or np.any(whole == 0):
        return None
    factors["delay and routes"] = whole - sum(factors.values())
    held = run_ensemble(_held(history), members, seed, keep=("smuggler_fee",))
    with_more = _mean(result.time, result.total("smuggler_fee"), last)
    without = _mean(held.time, held.total("smuggler_fee"), last)
    return FeeShares(
        rise=_range(np.exp(rise(result.total("smuggler_fee")))),
        shares={name: _range(values / whole) for name, values in factors.items()},
        enforcement=_range(100 * (with_more / without - 1)),
    )


def _held(history: Scenario) -> Scenario:
    start = history.corridor.start
    today = {
        route: history.corridor.today("border_control", history.catalogue, route, start) for route in history.routes
    }
    return history.with_changes(policies={"border_control": today})


def _mean(times: np.ndarray, values: np.ndarray, window: YearWindow) -> np.ndarray:
    inside = (times >= window[0] - 1e-9) & (times <= window[1] + 1e-9)
    return values[:, inside].mean(axis=1)


def _range(values: np.ndarray) -> tuple[float, float, float]:
    low, middle, high = np.percentile(values, (5, 50, 95))
    return float(middle), float(low), float(high)
