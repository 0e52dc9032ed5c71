"""Ensembles larger than memory: streamed into a Zarr folder, block by block, and taken up again where they stopped."""

from __future__ import annotations

import json
import logging
import os
import shutil
import threading
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import zarr
import zarr.codecs

from pushpull.analysis.blocks import MEMBERS_IN_A_BLOCK, run_blocks, shell_of, spans
from pushpull.catalogue import catalogue
from pushpull.engine.language.declare import population
from pushpull.engine.runs.result import Result
from pushpull.engine.stepping.halving import Halvings
from pushpull.ensemble import Progress
from pushpull.files.atomic import reason, remove_older
from pushpull.files.faults import nearest
from pushpull.scenario import Scenario
from pushpull.wording.money import MONEY

FINISHED, HALVED = "finished", "moves_halved"
SAME = {"draws_of": "scenario", "model_hash": "model", "seed": "seed", "versions": "versions of packages"}
log = logging.getLogger(__name__)
BEING_WRITTEN = "*.partial"  # what Zarr was writing when it was killed: never part of the store
SECONDS_TO_WRITE = 60.0  # a part at most; one that is younger may be another process's


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
    way, leaves a folder that opens, and the same call goes on from there; blocks that have been damaged since are run
    again. Since a member is the same in whatever ensemble it stands, a finished one can be called again with more
    members. `progress` is called with (members done, in all).

    Raises:
        StoreFault: where the folder holds anything else.
        Stopped: soon after `stop` is set.
        RunBroke: where a member breaks.
        ClusterFault: where the cluster does not answer, or its workers hold another model.
    """
    scenario = scenario.with_changes(members=members, seed=seed)
    target, shell = Path(path), shell_of(scenario, keep)
    shell.provenance["draws_of"] = scenario.with_changes(members=1).digest  # the same for however many members
    group, there = _opened(target, shell, scenario.members)
    done = int(there.sum())
    missing = [span for span in spans(scenario.members) if not there[slice(*span)].all()]
    if progress:
        progress(done, scenario.members)
    for (first, last), block, halvings in run_blocks(scenario, missing, scenario.seed, keep, stop, cluster):
        for name, values in block.items():
            group[name][first:last] = values[(slice(None), *_index(values.shape))]
        group[HALVED][first:last] = halvings.moves
        done += (last - first) - int(there[first:last].sum())
        group[FINISHED][first:last] = True  # last, so that what it says is so
        if progress:
            progress(done, scenario.members)
    return target


@dataclass(frozen=True)
class StoredMembers:
    """Variables of the finished members of a folder, `values` (member, variable), at one time: the saved one that is
    nearest to the year asked for. `provenance` is what the folder says of how it came about."""

    values: np.ndarray
    moment: float
    provenance: Mapping[str, Any]

    @property
    def title(self) -> str:
        """What was run."""
        return str(self.provenance.get("title", ""))

    @property
    def currency(self) -> str:
        """The currency of money; that of the model where the folder does not say."""
        return str(self.provenance.get("currency", MONEY))


def stored_members(path: Path | str, names: Sequence[str], year: float | None = None) -> StoredMembers:
    """Variables of the finished members of a folder at a `year`, the last if None, in memory that does not grow with
    what else it holds; routes and origins summed.

    Raises:
        KeyError: for a variable that the folder does not hold.
        ValueError: for one that may not be summed, a year outside the run, and where no member is finished.
        StoreFault: where the folder cannot be read, or what is finished is damaged.
    """
    with reading(path):
        group = open_group(path, "r")
        time, there = group["time"][:], which_finished(group[FINISHED])
        kept, provenance = list(group.attrs["kept"]), dict(group.attrs)
        arrays = {name: group[name] for name in names if name in kept}
    if missing := [name for name in names if name not in kept]:
        near = nearest(missing[0], kept)
        raise KeyError(f"{path} holds no {missing[0]!r}" + (f"; did you mean {near!r}?" if near else ""))
    variables = catalogue().model.variables
    for name in names:
        if arrays[name].ndim > 2 and variables[name].across != "sum":
            raise ValueError(f"{name} is not one number at a time: each route has its own")
    if year is not None and not time[0] <= year <= time[-1]:
        raise ValueError(f"the year is {year:g}; allowed: {time[0]:g} to {time[-1]:g}")
    if not there.any():
        raise ValueError(f"{path}: no member is finished yet")
    moment = int(np.abs(time - (time[-1] if year is None else year)).argmin())
    found = []
    for first, last in spans(len(there)):
        if there[first:last].any():
            columns = [read_part(arrays[name], slice(first, last)) for name in names]
            finished = there[first:last]
            if any(each is None or not np.isfinite(each[finished]).all() for each in columns):
                raise StoreFault(f"{path}: members {first:,} to {last - 1:,} are damaged; run the same command again")
            at = [each[:, moment].reshape(len(each), -1).sum(axis=1) for each in columns if each is not None]
            found.append(np.stack(at, axis=1)[finished])
    return StoredMembers(np.concatenate(found), float(time[moment]), provenance)


def finished_members(path: Path | str) -> tuple[int, int]:
    """How many members a folder holds, and how many it is to hold; raises StoreFault where it is no such folder."""
    with reading(path):
        finished = open_group(path, "r")[FINISHED]
    there = which_finished(finished)
    return int(there.sum()), len(there)


@contextmanager
def reading(path: Path | str, what: str = "an ensemble") -> Iterator[None]:
    """Raise StoreFault for whatever Zarr raises over a folder it cannot make sense of."""
    try:
        yield
    except PermissionError as fault:
        raise StoreFault(f"{path}: this cannot be read; {reason(fault)}") from fault
    except Exception as fault:
        raise StoreFault(f"{path}: this is no folder of {what}, or it is damaged; allowed: a new name") from fault


def which_finished(finished: zarr.Array) -> np.ndarray:
    """Which members or points are there; none where that cannot be read."""
    return np.zeros(finished.shape, dtype=bool) if (values := read_part(finished, slice(None))) is None else values


def read_part(array: zarr.Array, part: slice) -> np.ndarray | None:
    """A part of an array; None where it is damaged."""
    try:
        return array[part]
    except Exception as fault:  # every codec has faults of its own
        log.debug("%s is damaged: %s", array, fault)
        return None


def is_whole(group: zarr.Group, names: Iterable[str], part: slice) -> bool:
    """Whether the numbers of some members are all there: a file that is gone reads as missing numbers."""
    blocks = (read_part(group[name], part) for name in names)
    return all(block is not None and np.isfinite(block).all() for block in blocks)


def halved_moves(path: Path | str) -> tuple[int, int]:
    """How many moves through time were shortened in the members of a folder, and in how many of these."""
    with reading(path):
        moves = np.nan_to_num(open_group(path, "r")[HALVED][:])
    return int(moves.sum()), int((moves > 0).sum())


def _index(shape: tuple[int, ...]) -> tuple:
    """What is left of (member, time, population, route) after the member: axes of length one are dropped."""
    return (slice(None), *(0 if length == 1 else slice(None) for length in shape[2:]))


def _opened(target: Path, shell: Result, members: int) -> tuple[zarr.Group, np.ndarray]:
    """The store, ready for so many members, and which are there: a new one, or one begun for the same ensemble."""
    if not os.path.lexists(target):
        create_store(target, shell, members)
    _, before = finished_members(target)
    with reading(target):
        group = open_group(target, "r+")
        kept = list(group.attrs["kept"])
        differing = [title for word, title in SAME.items() if group.attrs.get(word) != shell.provenance[word]]
        if sorted(kept) != sorted(shell.kept):
            differing.append("kept variables")
        arrays = {name: group[name] for name in (*shell.dataset.variables, "member", HALVED, FINISHED)}
    if differing:
        message = f"{target}: this holds another ensemble, which differs in {' and '.join(differing)}"
        raise StoreFault(f"{message}; allowed: a new name, or the ensemble it was begun for")
    if members < before:
        raise StoreFault(f"{target}: this is begun for {before:,} members; allowed: as many or more")
    for partial in target.rglob(BEING_WRITTEN):
        remove_older(partial, SECONDS_TO_WRITE)
    there = which_finished(group[FINISHED])
    for first, last in spans(before):
        if there[first:last].any() and not is_whole(group, (*kept, HALVED), slice(first, last)):
            there[first:last] = False
    if members > before:
        for name in (*kept, "member", HALVED, FINISHED):  # finished last: it says how far this came
            arrays[name].resize((members, *arrays[name].shape[1:]))
        group.attrs["members"] = members
        consolidate(target)
        there = np.append(there, np.zeros(members - before, dtype=bool))
    _mend(group, shell, members, there)
    return group, there


def _mend(group: zarr.Group, shell: Result, members: int, there: np.ndarray) -> None:
    """Write again what is small and not as it should be: what all members share, their numbers, which are there."""
    wanted = {name: array.values for name, array in shell.dataset.variables.items() if name not in shell.kept}
    for name, values in (wanted | {"member": np.arange(members), FINISHED: there}).items():
        stored = read_part(group[name], slice(None)) if values.ndim else read_part(group[name], ...)
        if stored is None or stored.tolist() != values.tolist():
            group[name][...] = values


def open_group(path: Path | str, mode: str) -> zarr.Group:
    """The store in a folder, as it is now."""
    return zarr.open_group(str(path), mode=mode, use_consolidated=False)


def consolidate(path: Path) -> None:
    """Put what describes the arrays in one place, so that xarray opens the folder at once and without complaint."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Consolidated metadata is currently not part")
        zarr.consolidate_metadata(str(path))


def create_store(target: Path, shell: Result, members: int) -> None:
    """Make the whole store but for the members' numbers."""
    with new_store(target) as group:
        attributes = json.loads(json.dumps({**shell.provenance, "members": members}))
        for name in Halvings.WORDS:  # of one member: those of all stand in an array
            attributes.pop(name, None)
        # Not every reader knows text.
        names: dict[str, Any] = {"routes": list(shell.routes), "populations": list(population.labels)}
        names["currency"] = shell.currency
        if len(shell.origins) > 1:
            names["origins"] = list(shell.origins)
        group.update_attributes({**attributes, **names, "kept": list(shell.kept)})
        dataset = shell.dataset
        for name, array in dataset.variables.items():
            grows = name in shell.kept
            shape, dimensions, chunks = array.shape, array.dims, array.shape
            if grows:
                shape, dimensions = (members, *shape), ("member", *dimensions)
                chunks = (min(MEMBERS_IN_A_BLOCK, members), *chunks)
            made = new_array(group, name, shape, dimensions, chunks, array.dtype, dict(array.attrs))
            if not grows:
                made[...] = array.values
        chunk = (MEMBERS_IN_A_BLOCK,)
        new_array(group, "member", (members,), ("member",), chunk, np.dtype(np.int64), {})[:] = np.arange(members)
        labels = {"title": "moves halved", "long_name": "moves halved"}
        labels["meaning"] = "Moves through time of the member that had to be shortened"
        new_array(group, HALVED, (members,), ("member",), chunk, np.dtype(float), labels)
        labels = {"title": "finished", "long_name": "finished"}
        labels["meaning"] = "Whether the member has been run; where not, its numbers are missing"
        new_array(group, FINISHED, (members,), ("member",), chunk, np.dtype(bool), labels)


@contextmanager
def new_store(target: Path) -> Iterator[zarr.Group]:
    """A store to be filled under a temporary name, which gets its own when it is whole."""
    temporary = target.parent / f".pushpull.{os.urandom(6).hex()}{target.suffix}"
    temporary.mkdir()
    try:
        yield zarr.open_group(str(temporary), mode="w")
        consolidate(temporary)
        os.rename(temporary, target)
    except BaseException as fault:
        shutil.rmtree(temporary, ignore_errors=True)
        if not (isinstance(fault, OSError) and target.exists()):  # another was faster: then theirs is gone on with
            raise


def new_array(group, name, shape, dimensions, chunks, kind, attributes: dict[str, Any]) -> zarr.Array:
    """An array of a store, packed so that a damaged chunk is noticed and no number changes; missing where unwritten."""
    missing = {"fill_value": np.nan} if kind.kind == "f" else {}
    kind = str if kind.kind in "OUT" else kind
    chunks = tuple(max(length, 1) for length in chunks)
    labels = {"dimension_names": dimensions, "attributes": attributes}
    packed = zarr.codecs.ZstdCodec(level=0, checksum=True)
    return group.create_array(name, shape=shape, dtype=kind, chunks=chunks, compressors=packed, **labels, **missing)
