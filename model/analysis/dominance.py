"""Which feedback loops drive a run, and when: Loops that Matter, for the named loops.

The score of a link from x to z over a step is |Dx z / Dz| with the sign of Dx z / Dx, where Dx z is what the change of
x alone does to z; of a link into a stock, z is its net flow. The score of a loop is the product of its links' scores;
relative to the sum of all loops' absolute scores it lies from -1 to 1, positive for a loop that reinforces. Where a
variable varies over routes, its routes move together and their total is what is scored: an assumption, which keeps one
loop from counting as many. Shares are among the named loops, each along its strongest chain, not among all loops.

Source: Schoenberg, Hayward and Eberlein (2023), Improving Loops that Matter, System Dynamics Review 39(2).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from pushpull.analysis.links import Trace, answer, moved_part, part
from pushpull.engine.proofs.feedback_loops import Cycle, GraphNode, named_loops, state_at
from pushpull.engine.runs.result import Result
from pushpull.engine.stepping.methods import STEPS_PER_YEAR
from pushpull.plot_accessor import PlotAccessor
from pushpull.preparation import task_of
from pushpull.scenario import Scenario

DOMINANT = 0.5
STILL = 1e-9  # a relative change below this is none


@dataclass(frozen=True, eq=False)
class Dominance:
    """Relative scores of the named loops over a run: `scores` (loop, time), from -1 to 1, zero where all is still."""

    time: np.ndarray
    loops: tuple[str, ...]
    scores: np.ndarray
    scenario: Scenario | None = None

    plot = PlotAccessor()

    def over(self, first: float, last: float) -> dict[str, float]:
        """Each loop's mean relative score from one year to another, the strongest first."""
        inside = (self.time >= first - 1e-6) & (self.time <= last + 1e-6)
        means = self.scores[:, inside].mean(axis=1) if inside.any() else np.zeros(len(self.loops))
        order = np.argsort(-np.abs(means), kind="stable")
        return {self.loops[number]: float(means[number]) for number in order}

    def leading(self, first: float, last: float) -> list[str]:
        """The fewest loops that together explain at least half of what the loops do over the years, strongest first."""
        means = self.over(first, last)
        whole, held, leading = sum(map(abs, means.values())), 0.0, []
        for name, score in means.items():
            if not whole or held >= DOMINANT * whole:
                break
            leading.append(name)
            held += abs(score)
        return leading


def dominance(scenario: Scenario, result: Result, step: float = 1.0) -> Dominance:
    """Score the named loops along a run, every `step` years."""
    trace = Trace(scenario, result)
    cycles = cycles_of(scenario, result)
    gap = max(1, round(step / float(result.time[1] - result.time[0])))
    moments = list(range(0, len(result.time), gap))
    links = {link for cycle in cycles.values() for link in _links(cycle)}
    scored = {link: _link_scores(trace, *link, moments) for link in links}
    raw = np.array([np.prod([scored[link] for link in _links(cycle)], axis=0) for cycle in cycles.values()])
    whole = np.abs(raw).sum(axis=0)
    relative = np.divide(raw, whole, out=np.zeros_like(raw), where=whole > 0)
    return Dominance(result.time[moments[1:]], tuple(cycles), relative, scenario)


def cycles_of(scenario: Scenario, result: Result) -> dict[str, Cycle]:
    """The chain of each named loop, as strong as it is at the policy start."""
    task = task_of(scenario)
    moment = result.moment(scenario.policy_start)
    steps = task.steps_per_year or STEPS_PER_YEAR
    step = min(round((float(result.time[moment]) - task.start) * steps), task.steps - 1)
    state = state_at(result.model, result.layout, task, result.levels[0, moment], step)
    return {name: cycle for name, cycle in named_loops(result.model, state).items() if cycle is not None}


def _links(cycle: Cycle) -> list[tuple[GraphNode, GraphNode]]:
    return list(zip(cycle.nodes, (*cycle.nodes[1:], cycle.nodes[0]), strict=True))


def _link_scores(trace: Trace, cause: GraphNode, effect: GraphNode, moments: list[int]) -> np.ndarray:
    """The score of one link over each step between the moments."""
    if trace.is_cut(cause[0], effect[0]):
        return np.zeros(len(moments) - 1)
    scores, at = [], [part(answer(trace, effect[0], moment, {}), effect) for moment in moments]
    for (before, after), (start, end) in zip(pairwise(moments), pairwise(at), strict=True):
        old, new = trace.value(cause[0], before), trace.value(cause[0], after)
        alone = part(answer(trace, effect[0], before, {cause[0]: moved_part(old, new, cause)}), effect) - start
        whole, moved = end - start, part(new, cause) - part(old, cause)
        if abs(whole) <= STILL * abs(start) or not moved or not np.isfinite(alone):
            scores.append(0.0)
        else:
            scores.append(abs(alone / whole) * np.sign(alone) * np.sign(moved))
    return np.array(scores)
