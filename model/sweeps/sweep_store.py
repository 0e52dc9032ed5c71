"""The file of a sweep: a Zarr folder with a place for every point, filled batch by batch."""

from __future__ import annotations

import json
import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import xarray
import zarr
import zarr.storage

import pushpull.exporting.dataset_accessor  # noqa: F401  what a Dataset of a sweep can do
from pushpull.analysis.store import (
    BEING_WRITTEN,
    FINISHED,
    HALVED,
    SECONDS_TO_WRITE,
    StoreFault,
    is_whole,
    new_array,
    new_store,
    open_group,
    reading,
    which_finished,
)
from pushpull.engine.runs.result import Result
from pushpull.engine.stepping.halving import Halvings
from pushpull.files.atomic import remove_older
from pushpull.scenario import Scenario
from pushpull.sweeps.designs import SweepDesign
from pushpull.sweeps.point_runs import Batch, PointSpan

POINT, MEMBER, NAME = "point", "member", "name"
SWEEP = "a sweep"
SAME = {
    "scenario_hash": "scenario, seed or simulations",
    "design_hash": "design",
    "model_hash": "model",
    "versions": "versions of packages",
    "kept": "kept variables",
}


class SweepStore:
    """A sweep on disk, or in memory where there is no path: which points are `there`, and a place for the others.

    `shell` is the result of one point, which tells what all of them share.
    """

    def __init__(self, path: Path | None, base: Scenario, design: SweepDesign, shell: Result, batch: int):
        self._members = base.members
        self._facts = _facts(base, design, shell)
        self._ends = shell.kept
        self.group = self._opened(path, design, shell, batch)
        self.there = which_finished(array_in(self.group, FINISHED))

    def _opened(self, path: Path | None, design: SweepDesign, shell: Result, batch: int) -> zarr.Group:
        if path is None:
            group = zarr.open_group(zarr.storage.MemoryStore(), mode="w")
            self._lay_out(group, design, shell, batch)
            return group
        if not os.path.lexists(path):
            with new_store(path) as group:
                self._lay_out(group, design, shell, batch)
        with reading(path, SWEEP):
            group = open_group(path, "r+")
            stored = {word: group.attrs.get(word) for word in SAME}
            differing = [title for word, title in SAME.items() if stored[word] != self._facts[word]]
            whole = array_in(group, FINISHED).shape == (len(design),) and all(
                name in group for name in (*shell.kept, HALVED)
            )
        if stored["design_hash"] is None:
            raise StoreFault(f"{path}: this is no folder of a sweep; allowed: a new name")
        if differing or not whole:
            message = f"{path}: this holds another sweep, which differs in {' and '.join(differing or ['its arrays'])}"
            raise StoreFault(f"{message}; allowed: a new name, or the sweep it was begun for")
        for partial in path.rglob(BEING_WRITTEN):
            remove_older(partial, SECONDS_TO_WRITE)
        return group

    def _lay_out(self, group: zarr.Group, design: SweepDesign, shell: Result, batch: int) -> None:
        """Write all but the numbers of the points."""
        group.update_attributes(self._facts)
        points, ensemble = len(design), self._members > 1
        own: tuple[int, ...] = (points,)
        at: tuple[str, ...] = (POINT,)
        chunk: tuple[int, ...] = (min(batch, points),)
        if ensemble:
            own, at, chunk = (points, self._members), (POINT, MEMBER), (min(batch, points), self._members)
            numbers = new_array(group, MEMBER, own[1:], at[1:], own[1:], np.dtype(np.int64), _named("member"))
            numbers[:] = np.arange(self._members)
        for name, array in shell.dataset.variables.items():
            if name in shell.kept:
                over = {dim: size for dim, size in zip(array.dims, array.shape, strict=True) if dim != MEMBER}
                rest = tuple(over.values())
                new_array(group, name, (*own, *rest), (*at, *over), (*chunk, *rest), array.dtype, dict(array.attrs))
            elif name not in shell.given and name != MEMBER:
                made = new_array(group, name, array.shape, array.dims, array.shape, array.dtype, dict(array.attrs))
                made[...] = array.values
        along = ((points,), (POINT,), (points,))
        new_array(group, POINT, *along, np.dtype(np.int64), _named("point of the design"))[:] = np.arange(points)
        new_array(group, NAME, *along, np.dtype(str), _named("name of the point"))[:] = np.array(design.names)
        for column, varied in enumerate(design.inputs):
            labels = {"title": varied.title, "long_name": varied.title, "units": varied.unit, "setting": varied.label}
            new_array(group, varied.column, *along, np.dtype(float), labels)[:] = design.values[:, column]
        new_array(group, HALVED, own, at, chunk, np.dtype(float), _named("moves through time that were shortened"))
        new_array(group, FINISHED, *along, np.dtype(bool), _named("finished"))[:] = False

    def missing(self, spans: list[PointSpan]) -> list[PointSpan]:
        """The batches that are not there, or have been damaged since."""
        found = []
        for span in spans:
            part = slice(span.start, span.stop)
            if not self.there[part].all() or not is_whole(self.group, (*self._ends, HALVED), part):
                self.there[part] = False
                found.append(span)
        return found

    def write(self, span: PointSpan, batch: Batch) -> None:
        """Write the numbers of some points, and then that they are there."""
        part = slice(span.start, span.stop)
        ensemble = slice(None) if self._members > 1 else 0
        for name, values in batch.arrays.items():
            over = (0 if length == 1 else slice(None) for length in values.shape[3:])
            array_in(self.group, name)[part] = values[(slice(None), ensemble, slice(None), *over)]
        array_in(self.group, HALVED)[part] = batch.halved[:, ensemble]
        array_in(self.group, FINISHED)[part] = True  # last, so that what it says is so
        self.there[part] = True

    def dataset(self) -> xarray.Dataset:
        """The sweep as an xarray Dataset in memory, once every point is there."""
        return opened(self.group.store, consolidated=False).drop_vars(FINISHED).load()


def _facts(base: Scenario, design: SweepDesign, shell: Result) -> dict[str, Any]:
    provenance = {name: value for name, value in shell.provenance.items() if name not in Halvings.WORDS}
    facts = {
        **provenance,
        "scenario_hash": base.digest,
        "title": base.title,
        "scenario": base.to_yaml(),
        "design_hash": design.digest,
        "simulations": base.members,
        "seed": base.seed,
        "inputs": [each.column for each in design.inputs],
        "settings": [each.label for each in design.inputs],
        "kept": list(shell.kept),
    }
    return json.loads(json.dumps(facts))


def _named(title: str) -> dict[str, str]:
    return {"title": title, "long_name": title}


def array_in(group: zarr.Group, name: str) -> zarr.Array:
    """An array of a store; raises KeyError or TypeError where there is none of that name."""
    array = group[name]
    if not isinstance(array, zarr.Array):
        raise TypeError(f"{name} is no array")
    return array


def opened(store: Any, consolidated: bool | None = None) -> xarray.Dataset:
    """A store as a Dataset whose points have their names and inputs as coordinates."""
    dataset = xarray.open_zarr(store, decode_times=False, consolidated=consolidated, chunks=None)
    dataset = dataset.set_coords([NAME, *dataset.attrs["inputs"]])
    return dataset[[*dataset.attrs["kept"], HALVED, FINISHED]]


def open_sweep(path: Path | str) -> xarray.Dataset:
    """The sweep in a Zarr folder, read as it is asked for; points that are not finished are missing numbers.

    Raises:
        StoreFault: where the path holds no sweep.
    """
    if not Path(path).exists():
        raise StoreFault(f"{path}: there is no such folder")
    with reading(path, SWEEP), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return opened(str(path))


def finished_points(path: Path | str) -> tuple[int, int]:
    """How many points a folder holds, and how many it is to hold; raises StoreFault where it is no such folder."""
    with reading(path, SWEEP):
        finished = array_in(open_group(path, "r"), FINISHED)
    there = which_finished(finished)
    return int(there.sum()), len(there)
