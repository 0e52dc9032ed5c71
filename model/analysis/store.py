"""Ensembles larger than memory: streamed into a Zarr folder, block by block, and taken up again where they stopped."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import threading
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import zarr

from model.analysis.blocks import MEMBERS_IN_A_BLOCK, run_blocks, shell_of, spans
from model.engine.result import Result
from model.ensemble import Progress
from model.scenario import Scenario

FINISHED = "finished"
SAME = {"draws_of": "scenario", "model_hash": "model", "seed": "seed", "versions": "versions of packages"}
LEFT_BEHIND = "*.partial"  # what Zarr was writing when it was killed: never part of the store


class StoreFault(Exception):
    """A folder that holds something else than the ensemble that is to be written."""


def save_ensemble(
    scenario: Scenario,
    path: Path | str,
    members: int | None = None,
    seed: int | None = None,
    keep: Iterable[str] | str | None = None,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
    cluster: str | None = None,
) -> Path:
    """Write an ensemble into the Zarr folder `path`, in memory that does not grow with the members.

    Variables and numbers are those of `run_ensemble`, levers and context drivers included; `xarray.open_zarr` opens it.
    Members are written in blocks, and `finished` (member) says which are there: a run that is interrupted, in whatever
    way, leaves a folder that opens, and the same call goes on from there. Since a member is the same in whatever
    ensemble it stands, a finished one can be called again with more members. `progress` is told (members done, in all).

    Raises StoreFault where the folder holds anything else, Stopped, RunBroke, ClusterFault.
    """
    scenario = scenario.with_changes(members=members, seed=seed)
    target, shell = Path(path), shell_of(scenario, keep)
    shell.provenance["draws_of"] = scenario.with_changes(members=1).digest  # the same for however many members
    group = _opened(target, shell, scenario.members)
    there = group[FINISHED][:]
    done = int(there.sum())
    missing = [span for span in spans(scenario.members) if not there[slice(*span)].all()]
    if progress:
        progress(done, scenario.members)
    for (first, last), block in run_blocks(scenario, missing, scenario.seed, keep, stop, cluster):
        for name, values in block.items():
            group[name][first:last] = values[(slice(None), *_index(values.shape))]
        done += (last - first) - int(there[first:last].sum())
        group[FINISHED][first:last] = True  # last, so that what it says is so
        if progress:
            progress(done, scenario.members)
    return target


def finished_members(path: Path | str) -> tuple[int, int]:
    """How many members a folder holds, and how many it is to hold; raises StoreFault where it is no such folder."""
    try:
        finished = _group(path, "r")[FINISHED][:]
    except (OSError, KeyError, ValueError) as fault:
        raise StoreFault(f"{path}: this is no folder of an ensemble") from fault
    return int(finished.sum()), len(finished)


def _index(shape: tuple[int, ...]) -> tuple:
    """What is left of (member, time, population, route) after the member: axes of length one are dropped."""
    return (slice(None), *(0 if length == 1 else slice(None) for length in shape[2:]))


def _opened(target: Path, shell: Result, members: int) -> zarr.Group:
    """The store, ready for so many members: a new one, or one that was begun for the same ensemble."""
    if not target.exists():
        _create(target, shell, members)
        return _group(target, "r+")
    done, before = finished_members(target)
    for partial in target.rglob(LEFT_BEHIND):
        partial.unlink()
    group = _group(target, "r+")
    differing = [title for word, title in SAME.items() if group.attrs.get(word) != shell.provenance[word]]
    if sorted(group.attrs["kept"]) != sorted(shell.kept):
        differing.append("kept variables")
    if differing:
        told = f"{target}: this holds another ensemble, which differs in {' and '.join(differing)}"
        raise StoreFault(f"{told}; allowed: a new name, or the ensemble it was begun for")
    if members < before:
        raise StoreFault(f"{target}: this is begun for {before:,} members; allowed: as many or more")
    if members > before:
        for name in (*group.attrs["kept"], "member", FINISHED):  # finished last: it says how far this came
            group[name].resize((members, *group[name].shape[1:]))
        group["member"][:] = np.arange(members)
        group.attrs["members"] = members
        _consolidate(target)
    return group


def _group(path: Path | str, mode: str) -> zarr.Group:
    return zarr.open_group(str(path), mode=mode, use_consolidated=False)


def _consolidate(path: Path) -> None:
    """Put what describes the arrays in one place, so that xarray opens the folder at once and without complaint."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Consolidated metadata is currently not part")
        zarr.consolidate_metadata(str(path))


def _create(target: Path, shell: Result, members: int) -> None:
    """Make the whole store but for the members' numbers under a temporary name, then give it its own."""
    temporary = Path(tempfile.mkdtemp(dir=target.parent, suffix=target.suffix))
    try:
        group = zarr.open_group(str(temporary), mode="w")
        attributes = json.loads(json.dumps({**shell.provenance, "members": members}))
        group.update_attributes({**attributes, "kept": list(shell.kept)})
        dataset = shell.dataset
        for name, array in dataset.variables.items():
            grows = name in shell.kept
            shape, dimensions, chunks = array.shape, array.dims, array.shape
            if grows:
                shape, dimensions = (members, *shape), ("member", *dimensions)
                chunks = (min(MEMBERS_IN_A_BLOCK, members), *chunks)
            made = _array(group, name, shape, dimensions, chunks, array.dtype, dict(array.attrs))
            if not grows:
                made[...] = array.values
        chunk = (MEMBERS_IN_A_BLOCK,)
        _array(group, "member", (members,), ("member",), chunk, np.dtype(np.int64), {})[:] = np.arange(members)
        told = {"title": "finished", "meaning": "Whether the member has been run; where not, its numbers are missing"}
        _array(group, FINISHED, (members,), ("member",), chunk, np.dtype(bool), told)
        _consolidate(temporary)
        os.chmod(temporary, 0o755)
        os.rename(temporary, target)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _array(group, name, shape, dimensions, chunks, kind, attributes: dict[str, Any]) -> zarr.Array:
    missing = {"fill_value": np.nan} if kind.kind == "f" else {}
    kind = str if kind.kind in "OUT" else kind
    chunks = tuple(max(length, 1) for length in chunks)
    return group.create_array(
        name, shape=shape, dtype=kind, chunks=chunks, dimension_names=dimensions, attributes=attributes, **missing
    )
