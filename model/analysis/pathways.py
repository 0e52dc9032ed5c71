"""By which chain of causes a lever reaches an outcome: the strongest path between two runs that differ in the lever.

At a year, the share of an effect's change that comes through one cause is what the effect would be with that cause
alone as it is under the policy, less the baseline, over the effect's whole change. A stock is the sum of its flows
over time, so a flow's share in it is the flow's accumulated change over the stock's. These add up to one as far as the
saved times show what flows between them: to a few percent where every step is saved. Where large shares cancel, a link
counts for its part of all shares without their signs; a path is as strong as the product of these, and the strongest
path has the largest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from pushpull.analysis.links import Trace, answer
from pushpull.scenario import Scenario

WEAKEST = 1e-6


@dataclass(frozen=True)
class Path:
    """Variables from a lever to an outcome: each one's relative change, and the share that each link carries."""

    names: tuple[str, ...]
    changes: tuple[float, ...]
    shares: tuple[float, ...]


def strongest_path(policy: Trace, baseline: Trace, lever: str, outcome: str, year: float) -> Path | None:
    """The strongest path from a lever to an outcome in a year; None where the lever moves nothing on any path."""
    import networkx

    moment = policy.result.moment(year)
    graph = networkx.DiGraph()
    for effect in _between(policy, lever, outcome):
        shares = shares_of_causes(policy, baseline, effect, moment)
        whole = sum(map(abs, shares.values()))
        for cause, share in shares.items():
            if abs(share) > WEAKEST * whole:
                graph.add_edge(cause, effect, cost=-math.log(abs(share) / whole), share=share)
    if lever not in graph or outcome not in graph or not networkx.has_path(graph, lever, outcome):
        return None
    names = networkx.shortest_path(graph, lever, outcome, weight="cost")
    along = tuple(graph.edges[link]["share"] for link in zip(names, names[1:], strict=False))
    return Path(tuple(names), tuple(_change(policy, baseline, name, moment) for name in names), along)


def _between(trace: Trace, lever: str, outcome: str) -> list[str]:
    """The variables that a lever moves and that move an outcome."""
    import networkx

    graph = trace.model.causal_graph(trace.scenario.formulas)
    for effect in trace.model.effects[lever]:
        graph.add_edge(lever, effect)
    reached = networkx.descendants(graph, lever)
    return sorted(reached & ({outcome} | networkx.ancestors(graph, outcome)))


def shares_of_causes(policy: Trace, baseline: Trace, effect: str, moment: int) -> dict[str, float]:
    """The share of an effect's change, at a saved time (its row), that comes through each of its causes; empty where
    the effect does not change."""
    causes = [name for name in policy.equation(effect).arguments if name not in policy.model.parameters]
    if policy.model.variables[effect].kind == "stock":
        return _flows_into(policy, baseline, effect, causes, moment)
    before = answer(baseline, effect, moment, {}).sum()
    whole = answer(policy, effect, moment, {}).sum() - before
    if not whole:
        return {}
    return {
        cause: float((answer(baseline, effect, moment, {cause: policy.value(cause, moment)}).sum() - before) / whole)
        for cause in causes
        if not policy.is_cut(cause, effect)
    }


def _flows_into(policy: Trace, baseline: Trace, stock: str, flows: list[str], last: int) -> dict[str, float]:
    whole = float(policy.series(stock)[last].sum() - baseline.series(stock)[last].sum())
    if not whole:
        return {}
    effects = dict.fromkeys(flows, 0.0)
    step = float(policy.result.time[1] - policy.result.time[0])
    start = int(np.searchsorted(policy.result.time, policy.scenario.policy_start - 1e-6))
    for moment in range(start, last + 1):
        before = answer(baseline, stock, moment, {}).sum()
        for flow in flows:
            alone = answer(baseline, stock, moment, {flow: policy.value(flow, moment)}).sum()
            effects[flow] += float(alone - before) * step
    return {flow: value / whole for flow, value in effects.items()}


def _change(policy: Trace, baseline: Trace, name: str, moment: int) -> float:
    """The relative change of a number; of what is zero in the baseline, NaN."""
    after, before = (float(trace.value(name, moment).mean()) for trace in (policy, baseline))
    return after / before - 1 if before else math.nan


def alone(scenario: Scenario, lever: str) -> Scenario:
    """The scenario with one of its levers moved and no other."""
    return scenario.baseline().with_changes(policies={lever: scenario.policies[lever]})
