"""Batches of points run here, on as many threads as there are processors, or on the workers of a cluster."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from pushpull.analysis.blocks import ClusterFault, on_workers
from pushpull.analysis.engine_calls import check
from pushpull.engine.runs.result import Result
from pushpull.engine.runs.task import RunBroke
from pushpull.ensemble import processors, run_ensemble
from pushpull.preparation import model_digest
from pushpull.scenario import Scenario
from pushpull.simulation import run, run_each
from pushpull.sweeps.designs import SweepDesign

if TYPE_CHECKING:
    from distributed import Client

RUNS_IN_A_BATCH = 32
RUNS_AT_A_TIME = 8  # that a thread takes: twice as many as are marched side by side

PointSpan = range
Keep = tuple[str, ...] | str | None


@dataclass(frozen=True, eq=False)
class Batch:
    """What is kept of some points: arrays over (point, member, time, …), and moves halved, (point, member)."""

    arrays: dict[str, np.ndarray]
    halved: np.ndarray

    @classmethod
    def of(cls, results: Sequence[Result]) -> Batch:
        """The batch that results, one of each point, make."""
        arrays = {name: np.stack([result.kept[name] for result in results]) for name in results[0].kept}
        halved = [result.halvings.moves if result.halvings else np.zeros(result.members) for result in results]
        return cls(arrays, np.array(halved, dtype=float))

    @classmethod
    def joined(cls, batches: Sequence[Batch]) -> Batch:
        """Several batches as one, in their order."""
        names = batches[0].arrays
        arrays = {name: np.concatenate([each.arrays[name] for each in batches]) for name in names}
        return cls(arrays, np.concatenate([each.halved for each in batches]))


def batches(points: int, members: int) -> list[PointSpan]:
    """The points of each batch: some thirty runs, or a point with all its simulations."""
    size = max(1, RUNS_IN_A_BATCH // members)
    return [range(first, min(first + size, points)) for first in range(0, points, size)]


def run_batches(
    base: Scenario,
    design: SweepDesign,
    spans: Iterable[PointSpan],
    keep: Keep,
    stop: threading.Event | None = None,
    cluster: str | None = None,
) -> Iterator[tuple[PointSpan, Batch]]:
    """Yield each batch of points with its numbers; every point is run with the members and the seed of `base`.

    Raises:
        ScenarioFaults: where what a point sets does not fit together.
        RunBroke: where a point breaks, naming it.
        Stopped: soon after `stop` is set.
        ClusterFault: where the cluster does not answer, or its workers hold another model.
    """
    if cluster is not None:
        work = (base, design, keep, model_digest())

        def submit(client: Client, span: PointSpan) -> Any:
            return client.submit(run_elsewhere, span, *work, pure=False)

        yield from on_workers(cluster, spans, submit, stop)
        return
    pool = ThreadPoolExecutor(processors())
    try:
        for span in spans:
            check(stop)
            yield span, _run_here(base, design, span, keep, pool)
    finally:
        pool.shutdown(cancel_futures=True)


def run_elsewhere(span: PointSpan, base: Scenario, design: SweepDesign, keep: Keep, model: str) -> Batch:
    """What a worker does: run some points and hand back their numbers."""
    if model_digest() != model:
        raise ClusterFault("the workers hold another version of the model")
    return run_points(base, design, keep, span)


def _run_here(base: Scenario, design: SweepDesign, span: PointSpan, keep: Keep, pool: ThreadPoolExecutor) -> Batch:
    if base.members > 1:  # an ensemble has threads of its own
        return run_points(base, design, keep, span)
    parts = [span[first : first + RUNS_AT_A_TIME] for first in range(0, len(span), RUNS_AT_A_TIME)]
    return Batch.joined([*pool.map(partial(run_points, base, design, keep), parts)])


def run_points(base: Scenario, design: SweepDesign, keep: Keep, span: PointSpan) -> Batch:
    """Some points, one after the other or, of single runs, side by side."""
    scenarios = [design.scenario(base, point) for point in span]
    if base.members == 1:
        try:
            return Batch.of(run_each(scenarios, keep))
        except RunBroke:
            pass  # then one by one, to name the point
    return Batch.of(
        [_run_point(scenario, design.names[point], keep) for scenario, point in zip(scenarios, span, strict=True)]
    )


def _run_point(scenario: Scenario, name: str, keep: Keep) -> Result:
    try:
        return run(scenario, keep=keep) if scenario.members == 1 else run_ensemble(scenario, keep=keep)
    except RunBroke as fault:
        raise RunBroke(f"the point {name}: {fault}") from fault
