"""A scenario run at every point of a design."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import xarray

from pushpull.engine.runs.result import Result
from pushpull.ensemble import Progress
from pushpull.preparation import names_to_keep
from pushpull.scenario import Scenario
from pushpull.simulation import run
from pushpull.sweeps.design_reader import read_sweep_design
from pushpull.sweeps.designs import SweepDesign, grid
from pushpull.sweeps.point_runs import batches, run_batches
from pushpull.sweeps.sweep_store import SweepStore


def sweep(
    scenario: Scenario | str | os.PathLike,
    design: SweepDesign | Mapping[str, Iterable[float]] | str | os.PathLike,
    path: Path | str | None = None,
    *,
    simulations: int | None = None,
    seed: int | None = None,
    keep: Iterable[str] | str | None = None,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
    cluster: str | None = None,
) -> xarray.Dataset:
    """Run a scenario at every point of a design, and hand back one Dataset over (point, member, time, …).

    `design` is one that `grid`, `latin_hypercube` or `listed` makes, the levels of some inputs by their names NAME or
    NAME@ROUTE, of which every combination is run, or the path of a design file. A point sets what it names as `--set`
    does: levers and drivers from the policy start on, parameters for the whole run. With `simulations`, each point is
    an ensemble of so many members, with the same draws at every point; otherwise there is no dimension `member`.
    `keep` is as in `run_ensemble`: the outcomes if None. Every point holds, bit for bit, what `run` or `run_ensemble`
    of its scenario gives.

    With `path`, a Zarr folder is written as the points come. A sweep that is stopped, in whatever way, loses one batch
    at most (some thirty runs), and the same call goes on from there. Points are run on every processor, or by the
    workers of the dask.distributed scheduler at the address `cluster`. `progress` is called with (points done, in all).

    Raises:
        ScenarioFaults: for a design with faults, and points at which what is set does not fit together.
        StoreFault: where the path holds anything else.
        RunBroke: where a point breaks, naming it; what was finished is kept.
        Stopped: soon after `stop` is set.
        ClusterFault: where the cluster does not answer, or its workers hold another model.
    """
    base = scenario if isinstance(scenario, Scenario) else Scenario.load(scenario)
    chosen = _design(base, design)
    simulations = simulations or chosen.simulations or 1
    base = base.with_changes(members=simulations, seed=chosen.seed if seed is None else seed)
    names = names_to_keep(keep)
    spans = batches(len(chosen), base.members)
    shell = _shell(chosen.scenario(base, 0), names)
    store = SweepStore(None if path is None else Path(path), base, chosen, shell, len(spans[0]))
    missing = store.missing(spans)

    def tell() -> None:
        if progress:
            progress(int(np.sum(store.there)), len(chosen))

    tell()
    for span, batch in run_batches(base, chosen, missing, names, stop, cluster):
        store.write(span, batch)
        tell()
    return store.dataset()


def _design(base: Scenario, design: SweepDesign | Mapping[str, Iterable[float]] | str | os.PathLike) -> SweepDesign:
    if isinstance(design, SweepDesign):
        return design
    return grid(base, design) if isinstance(design, Mapping) else read_sweep_design(design, base)


def _shell(scenario: Scenario, names: tuple[str, ...]) -> Result:
    """The result of one run, for what all points share."""
    return run(scenario.with_changes(members=1), keep=names)
