"""Simulations as experiments, in the forms that EMA Workbench and SALib read.

An experiment is one run: of a sweep a point and a member, of an ensemble a member. EMA Workbench takes a table of
experiments (a column for each input, then `scenario`, `policy` and `model`) with a mapping of outcomes to arrays over
(experiment,) or (experiment, time), and stores both in one archive, as its `save_results` does. SALib takes a problem
(names and bounds of inputs), a sample X (experiment, input) and an outcome Y (experiment).
"""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pushpull.catalogue import catalogue
from pushpull.engine.runs.result import Result, nearest_time
from pushpull.ensemble import Draws
from pushpull.files.atomic import write_whole
from pushpull.scenario.settable_names import BLOCKS

if TYPE_CHECKING:
    import xarray

POINT, MEMBER = "point", "member"
MODEL = "pushpull"
IDS = ("scenario", "policy", "model")
FORM_OF_EMA = 0.1  # the version of the archive
ENDING = ".tar.gz"

Outcomes = dict[str, np.ndarray]


def experiments_of(
    found: Result | xarray.Dataset, outcomes: Iterable[str] | None = None, year: float | None = None
) -> tuple[pd.DataFrame, Outcomes]:
    """The experiments of an ensemble or of a sweep, and their outcomes as EMA Workbench has them.

    Outcomes are totals over (experiment, time), or (experiment,) in a `year`; those that do not add up over routes are
    left out of a sweep. All that were kept if no names are given.

    Raises:
        KeyError: for an outcome that was not kept, or does not add up.
        ValueError: for a result of a single run, which is no experiment.
    """
    inputs, totals, time = _of_result(found, outcomes) if isinstance(found, Result) else _of_sweep(found, outcomes)
    if year is not None:
        totals = {name: values[:, nearest_time(time, year)] for name, values in totals.items()}
    return inputs, totals


def _of_result(result: Result, outcomes: Iterable[str] | None) -> tuple[pd.DataFrame, Outcomes, np.ndarray]:
    if result.members == 1 or result.scenario is None:
        raise ValueError("one run is no experiment; pass an ensemble, or a sweep")
    draws = Draws.of(result.scenario, result.members, int(result.provenance["seed"]))
    free = [column for column, (_, elements) in enumerate(draws.elements) if elements.any()]
    table = pd.DataFrame({draws.names[column]: draws.values[:, column] for column in free})
    _add_ids(table, np.arange(result.members), [str(result.provenance["title"])] * result.members)
    names = [name for name in catalogue().outcomes if name in result] if outcomes is None else list(outcomes)
    return table, {name: result.total(name) for name in names}, result.time


def _of_sweep(found: xarray.Dataset, outcomes: Iterable[str] | None) -> tuple[pd.DataFrame, Outcomes, np.ndarray]:
    members = found.sizes.get(MEMBER, 1)
    rows = np.repeat(np.arange(found.sizes[POINT]), members)
    table = pd.DataFrame({name: found[name].values[rows] for name in names_in(found, "inputs")})
    numbers = np.tile(np.arange(members), found.sizes[POINT])
    _add_ids(table, numbers, [str(name) for name in found["name"].values[rows]])
    additive = [name for name in names_in(found, "kept") if name in catalogue().outcomes and _adds_up(name)]
    names = additive if outcomes is None else list(outcomes)
    for name in names:
        if name not in found or (name in catalogue().model.variables and not _adds_up(name) and _is_split(found[name])):
            raise KeyError(f"{name!r} was not kept, or does not add up over routes")
    return table, {name: _totals(found[name], len(rows)) for name in names}, found["time"].values


def names_in(found: xarray.Dataset, word: str) -> list[str]:
    """The names that an attribute of a sweep lists; a netCDF file has them as one text, parted by blanks."""
    listed = found.attrs[word]
    return listed.split() if isinstance(listed, str) else list(listed)


def _add_ids(table: pd.DataFrame, numbers: np.ndarray, names: Iterable[str]) -> None:
    table["scenario"], table["policy"], table["model"] = numbers, list(names), MODEL


def _adds_up(name: str) -> bool:
    return catalogue().model.variables[name].across == "sum"


def _is_split(array: xarray.DataArray) -> bool:
    return bool({"route", "origin", "population"} & {*map(str, array.dims)})


def _totals(array: xarray.DataArray, experiments: int) -> np.ndarray:
    others = [dim for dim in array.dims if dim not in (POINT, MEMBER, "time")]
    order = [dim for dim in (POINT, MEMBER, "time") if dim in array.dims]
    return array.sum(others).transpose(*order).values.reshape(experiments, -1)


def save_experiments(experiments: pd.DataFrame, outcomes: Mapping[str, np.ndarray], path: Path | str) -> Path:
    """Write experiments and outcomes as EMA Workbench stores them (`load_results` reads the file); .tar.gz."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        _add(tar, "experiments.csv", experiments.to_csv(index=False).encode())
        kinds = []
        for name, values in outcomes.items():
            kind, file, content = _stored(name, np.asarray(values))
            _add(tar, file, content)
            kinds.append((kind, name, file))
        types = {name: kind.name if kind.kind in "biuf" else "object" for name, kind in experiments.dtypes.items()}
        facts = {"version": FORM_OF_EMA, "outcomes": kinds, "experiments": types}
        _add(tar, "metadata.json", json.dumps(facts).encode())
    return write_whole(Path(path), archive.getvalue())


def _stored(name: str, values: np.ndarray) -> tuple[str, str, bytes]:
    """The class of EMA Workbench that reads an outcome, its file and its content."""
    if values.ndim > 2:
        content = io.BytesIO()
        np.save(content, values)
        return "ArrayOutcome", f"{name}.npy", content.getvalue()
    text = pd.DataFrame(values).to_csv(header=False, index=False).encode()
    return ("ScalarOutcome", f"{name}.cls", text) if values.ndim == 1 else ("ArrayOutcome", f"{name}.csv", text)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    facts = tarfile.TarInfo(name)
    facts.size = len(content)
    tar.addfile(facts, io.BytesIO(content))


def salib_sample(
    found: Result | xarray.Dataset, outcome: str, year: float
) -> tuple[dict[str, Any], np.ndarray, np.ndarray]:
    """A problem, a sample X (experiment, input) and an outcome Y (experiment) in a year, as SALib analyses them.

    Inputs that never move are left out. Bounds are the ranges of the cards. Only analyses of given data hold for such
    samples (PAWN, delta, HDMR): of Sobol and Morris the sample has a form of its own.
    """
    experiments, outcomes = experiments_of(found, [outcome], year)
    moving = [name for name in experiments.columns if name not in IDS and experiments[name].nunique() > 1]
    settings: dict[str, str] = {}
    if not isinstance(found, Result):
        settings = dict(zip(names_in(found, "inputs"), names_in(found, "settings"), strict=True))
    bounds = [_bounds(settings.get(name, name)) for name in moving]
    problem = {"num_vars": len(moving), "names": moving, "bounds": bounds}
    return problem, experiments[moving].to_numpy(dtype=float), outcomes[outcome]


def _bounds(label: str) -> list[float]:
    name = label.partition("@")[0]
    card = next(
        cards[name] for cards in (getattr(catalogue(), each.cards) for each in BLOCKS.values()) if name in cards
    )
    return [card.low, card.high]
