"""What a run gives: every variable over time, with units, titles and where it all came from."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pushpull.engine.language.graph import Model, Variable
from pushpull.engine.language.indices import AXIS, INDICES, NAMES, Extent, extent, origin, population
from pushpull.engine.language.rows import Layout
from pushpull.engine.runs.block import as_rows
from pushpull.engine.runs.cf_file import cf_dataset
from pushpull.engine.stepping.halving import Halvings
from pushpull.files.atomic import write_whole
from pushpull.files.csv_text import text_cell
from pushpull.files.faults import nearest
from pushpull.files.frames import check_parquet, check_size, write_frame
from pushpull.plot_accessor import PlotAccessor
from pushpull.wording.money import MONEY, in_currency

if TYPE_CHECKING:  # both are large, and a run needs neither
    import pandas as pd
    import xarray

WEIGHT = "traffic"
CSV_COLUMNS = ("time", "variable", "route", "member", "value", "unit")


class EngineRows(Mapping[str, np.ndarray]):
    """Every variable of the engine's arrays `levels` and `values`, (member, time, row, element), each over (member,
    time, [origin,] population, route), of length one along what it does not vary over."""

    def __init__(self, model: Model, layout: Layout, whole: Extent, levels: np.ndarray, values: np.ndarray):
        self._model, self._extent = model, whole
        self._found = {name: (levels, row) for row, name in enumerate(layout.stocks)}
        self._found |= {name: (values, row) for row, name in enumerate(layout.values)}

    def __getitem__(self, name: str) -> np.ndarray:
        array, row = self._found[name]
        over = self._model.over(name)
        own = (slice(None) if index.name in over else 0 if index.alone else slice(1) for index in INDICES)
        block = array[:, :, row].reshape(*array.shape[:2], *self._extent)
        return block[(slice(None), slice(None), *own)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """A run, or an ensemble of runs.

    Answers to the names and methods of the xarray Dataset in `dataset` (dimensions time, population, route, origin
    where a corridor has several and, for an ensemble, member; units and titles as attributes; provenance on the whole).
    `kept` holds the variables, all of them or some, each over (member, time, population, route), with an axis before
    the population for the origin where it varies over that. `halvings` tell where moves through time were shortened; in
    sum they stand in the provenance too. Where units say money, they say it in `currency`. `scenario` is what was run,
    for those who draw the result: the engine reads nothing of it.
    """

    plot = PlotAccessor()

    model: Model
    layout: Layout
    routes: tuple[str, ...]
    time: np.ndarray
    members: int
    kept: Mapping[str, np.ndarray]
    given: Mapping[str, np.ndarray]
    provenance: Mapping[str, Any]
    halvings: Halvings | None = None
    origins: tuple[str, ...] = (origin.alone,)
    currency: str = MONEY
    scenario: Any = None

    def finished(self, kept: Mapping[str, np.ndarray], members: int, halvings: Halvings) -> Result:
        """The same with the numbers of so many runs, and what was shortened in them."""
        provenance = {**self.provenance, **halvings.provenance}
        return replace(self, members=members, kept=kept, halvings=halvings, provenance=provenance)

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """Every variable there is, in the order of the chapters."""
        return tuple(name for name in self.model.variables if name in self.kept)

    @cached_property
    def levels(self) -> np.ndarray:
        """The stocks as the engine has them, (member, time, stock, element); raise KeyError if one was not saved."""
        return self._rows(self.layout.stocks)

    @cached_property
    def values(self) -> np.ndarray:
        """All else as the engine has it, (member, time, variable, element); raise KeyError if one was not saved."""
        return self._rows(self.layout.values)

    def _rows(self, names: tuple[str, ...]) -> np.ndarray:
        whole = extent(origin=len(self.origins), route=len(self.routes))
        return as_rows({name: self.array(name) for name in names}, names, whole)

    def array(self, name: str) -> np.ndarray:
        """A variable, lever or driver over (member, time, population, route), of length one along what it does not vary
        over; what varies over origins has an axis for them before the population.

        Raises:
            KeyError: where there is no such variable, or where it was not saved in this run.
        """
        if name in self.given:
            block = self.given[name]
            return np.broadcast_to(block, (self.members, *block.shape[1:]))
        if name not in self.model.variables:
            near = nearest(name, (*self.model.variables, *self.given))
            raise KeyError(f"no variable {name!r}" + (f"; did you mean {near!r}?" if near else ""))
        if name not in self.kept:
            near = nearest(name, self.variables)
            saved = f"; the nearest that was is {near!r}" if near else ""
            raise KeyError(f"variable {name!r} was not saved in this run{saved}; pass keep=... to save it")
        return self.kept[name]

    def moment(self, year: float) -> int:
        """The number of the saved time nearest to a year."""
        return nearest_time(self.time, year)

    def at(
        self, name: str, year: float, part: str | None = None, route: str | None = None, origin: str | None = None
    ) -> np.ndarray:
        """The total of a variable at the saved time nearest to a year, (member); otherwise as `total`."""
        return self.total(name, part, route, origin)[:, self.moment(year)]

    def total(
        self, name: str, part: str | None = None, route: str | None = None, origin: str | None = None
    ) -> np.ndarray:
        """A variable over (member, time): populations summed, routes and origins summed or averaged with the traffic as
        weight.

        A population (`part`), a route or an origin that is named is taken alone; raises KeyError where there is no such
        part.
        """
        block = self._part(self.array(name), name, {"population": part, "route": route, "origin": origin})
        variable = self.model.variables.get(name)
        if block.shape[AXIS["population"]] > 1:
            join = np.sum if _amount(variable) else np.mean
            block = join(block, axis=AXIS["population"], keepdims=True)
        is_sum = variable is not None and variable.across == "sum"
        if _has_origin_axis(block):
            if not is_sum:
                return self._averaged(block, ("origin", "route"), route, origin)[:, :, 0, 0]
            block = block.sum(axis=AXIS["origin"])
        if block.shape[3] == 1:
            return block[:, :, 0, 0]
        return block[:, :, 0].sum(axis=2) if is_sum else (block[:, :, 0] * self._shares_of_traffic).sum(axis=2)

    @property
    def _shares_of_traffic(self) -> np.ndarray:
        """The part of all traffic on each route, (member, time, route); alike where there is none."""
        weight = self.array(WEIGHT)
        weight = (weight.sum(axis=AXIS["origin"]) if _has_origin_axis(weight) else weight)[:, :, 0]
        return _shares(weight, (2,))

    def _averaged(
        self, block: np.ndarray, over: tuple[str, ...], route: str | None = None, origin: str | None = None
    ) -> np.ndarray:
        """A block with an axis for origins over (member, time, population, route), averaged over origins, or over
        origins and routes, with the traffic of each as weight, as far as that is told apart; `route` and `origin` are
        the one that it is of, where it is of one."""
        weight = self.array(WEIGHT)
        chosen = {"route": route, "origin": origin}
        known = {index: label for index, label in chosen.items() if index in self.model.over(WEIGHT)}
        weight = self._part(weight, WEIGHT, known).sum(axis=AXIS["population"], keepdims=True)
        if not _has_origin_axis(weight):
            weight = np.expand_dims(weight, AXIS["origin"])
        for axis in (AXIS["origin"], AXIS["route"]):
            if block.shape[axis] == 1:
                weight = weight.sum(axis=axis, keepdims=True)
        weight = np.broadcast_to(weight, (*weight.shape[:2], block.shape[2], 1, block.shape[4]))
        axes = tuple(AXIS[index] for index in over)
        return (block * _shares(weight, axes)).sum(axis=axes, keepdims=True).sum(axis=AXIS["origin"])

    def across_origins(self, name: str) -> np.ndarray:
        """A variable, lever or driver over (member, time, population, route): origins summed, or averaged with the
        traffic of each as weight where amounts do not add up."""
        block, variable = self.array(name), self.model.variables.get(name)
        if not _has_origin_axis(block):
            return block
        if variable is not None and variable.across == "sum":
            return block.sum(axis=AXIS["origin"])
        return self._averaged(block, ("origin",))

    def _part(self, block: np.ndarray, name: str, chosen: Mapping[str, str | None]) -> np.ndarray:
        """The block of one member of some indices, by the name of the index, where one is named."""
        labels = {"origin": self.origins, "population": population.labels, "route": self.routes}
        for index, label in chosen.items():
            if label is None:
                continue
            if label not in labels[index] or index not in self.model.over(name):
                raise KeyError(f"{name!r} has no {index} {label!r}")
            block = block.take([labels[index].index(label)], axis=AXIS[index])
        return block

    def by_route(self, name: str) -> np.ndarray:
        """A routed variable over (member, time, route), populations summed, origins as in `total`."""
        block = self.across_origins(name)
        return block.sum(axis=2) if block.shape[2] > 1 else block[:, :, 0]

    def by_origin(self, name: str) -> np.ndarray:
        """A variable that varies over origins, over (member, time, origin), otherwise as `total`.

        Raises KeyError where it does not.
        """
        return np.stack([self.total(name, origin=each) for each in self.origins], axis=2)

    @cached_property
    def dataset(self) -> xarray.Dataset:
        """The run as an xarray Dataset."""
        import xarray

        arrays = {name: self._labelled(name) for name in (*self.variables, *self.given)}
        coordinates: dict[str, Any] = {"time": ("time", self.time, {**_named("time"), "units": "decimal year"})}
        coordinates["route"] = ("route", list(self.routes), _named("route"))
        if len(self.origins) > 1:
            coordinates["origin"] = ("origin", list(self.origins), _named("origin"))
        coordinates["population"] = ("population", list(population.labels), _named("population"))
        if self.members > 1:
            coordinates["member"] = ("member", np.arange(self.members), _named("member"))
        return xarray.Dataset(arrays, coords=coordinates, attrs=dict(self.provenance))

    def __getitem__(self, name: str) -> xarray.DataArray:
        return self.dataset[name]

    def __repr__(self) -> str:
        runs = "a run" if self.members == 1 else f"{self.members} runs"
        years = f"{self.time[0]:g} to {self.time[-1]:g}"
        whence = f" of {self.provenance['title']}" if "title" in self.provenance else ""
        return f"<Result: {runs}{whence}, {years}, {len(self.variables)} variables, {len(self.routes)} routes>"

    def __contains__(self, name: str) -> bool:
        return name in self.variables or name in self.given

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "dataset":
            raise AttributeError(name)
        return getattr(self.dataset, name)

    def series(self, names: Iterable[str] | None = None) -> Iterator[tuple[str, str, np.ndarray, str]]:
        """Every line there is to draw: variable, route (empty for the total), values over (member, time), unit. A
        population or an origin stands in brackets behind the variable."""
        for name in names or (*self.variables, *self.given):
            unit = self._unit(name)
            yield name, "", self.total(name), unit
            block = self.array(name)
            if block.shape[-1] > 1:
                by_route = self.by_route(name)
                for place, route in enumerate(self.routes):
                    yield name, route, by_route[:, :, place], unit
            if block.shape[AXIS["population"]] > 1:
                for label in population.labels:
                    yield f"{name}[{label}]", "", self.total(name, label), unit
            if self._has_origins(block):
                for label in self.origins:
                    yield f"{name}[{label}]", "", self.total(name, origin=label), unit

    def _has_origins(self, block: np.ndarray) -> bool:
        """Whether a block is over several origins."""
        return _has_origin_axis(block) and block.shape[AXIS["origin"]] > 1

    def rows(self, names: Iterable[str] | None = None) -> Iterator[pd.DataFrame]:
        """Tidy tables, one per series: time, variable, route, member, value, unit; the total has an empty route."""
        for name, route, values, unit in self.series(names):
            yield self._table(name, route, values, unit)

    def csv(self, names: Iterable[str] | None = None) -> Iterator[str]:
        """The tidy table as the text of a CSV file, piece by piece; numbers keep every bit."""
        yield ",".join(CSV_COLUMNS) + "\n"
        times = [repr(time) for time in self.time.tolist()]
        for name, route, values, unit in self.series(names):
            labels, end = f",{text_cell(name)},{text_cell(route)}", f",{text_cell(unit)}\n"
            for member, row in enumerate(values.tolist()):
                middle = f"{labels},{member},"
                yield "".join([f"{time}{middle}{value!r}{end}" for time, value in zip(times, row, strict=True)])

    @property
    def rows_in_csv(self) -> int:
        """How many rows `csv` has for all variables."""
        lines = 0
        for name in (*self.variables, *self.given):
            lines += 1 + sum(count for count in self.array(name).shape[2:] if count > 1)
        return lines * self.members * len(self.time)

    def table(self, names: Iterable[str] | None = None) -> pd.DataFrame:
        """All rows in one tidy table."""
        import pandas as pd

        return pd.concat(self.rows(names), ignore_index=True)

    def save(self, path: Path | str) -> Path:
        """Write .csv, .nc (by the CF conventions), .json, .xlsx or .parquet, whole or not at all.

        Raises:
            ValueError: for another ending.
            CannotHold: for what is too large for a sheet of Excel, and for Parquet without pyarrow.
        """
        target = Path(path)
        if target.suffix == ".parquet":
            check_parquet()
            return write_frame(self.table(), target)
        if target.suffix == ".xlsx":
            return write_whole(target, self._workbook())
        writers = {".csv": self._write_csv, ".nc": self._write_netcdf, ".json": self._write_json}
        if target.suffix not in writers:
            raise ValueError(f"{target.name}: an output ends in .csv, .nc, .json, .xlsx or .parquet")
        return write_whole(target, writers[target.suffix])

    def _workbook(self) -> bytes:
        """A workbook of three sheets: a row for each time and member with a column for each series, what each variable
        is, and where it all came from."""
        from pushpull.files.workbook import Sheet, workbook

        lines = [(f"{name}, {route}" if route else name, values, unit) for name, route, values, unit in self.series()]
        check_size(self.members * len(self.time) + 2, len(lines) + 2)
        heads = [["member", "time", *(name for name, _, _ in lines)], ["", "", *(unit for _, _, unit in lines)]]
        columns = np.stack([values for _, values, _ in lines], axis=-1)
        values = [
            [member, time, *row]
            for member in range(self.members)
            for time, row in zip(self.time.tolist(), columns[member].tolist(), strict=True)
        ]
        about = [[name, self._unit(name), self._meaning(name)] for name in (*self.variables, *self.given)]
        return workbook(
            [
                Sheet("values", [*heads, *values]),
                Sheet("variables", [["variable", "unit", "meaning"], *about]),
                Sheet(
                    "provenance", [["what", "value"], *([word, _fact(each)] for word, each in self.provenance.items())]
                ),
            ]
        )

    def _write_csv(self, path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(self.csv())

    def _write_netcdf(self, path: Path) -> None:
        cf_dataset(self.dataset).to_netcdf(path, engine="netcdf4")

    def _write_json(self, path: Path) -> None:
        head = {"provenance": dict(self.provenance), "time": self.time.tolist(), "routes": list(self.routes)}
        if len(self.origins) > 1:
            head["origins"] = list(self.origins)
        with path.open("w", encoding="utf-8") as file:
            file.write(json.dumps(head)[:-1] + ', "variables": {')
            for number, name in enumerate((*self.variables, *self.given)):
                content = {"unit": self._unit(name), "total": self.total(name).tolist()}
                block = self.array(name)
                if block.shape[-1] > 1:
                    content["by_route"] = self.by_route(name).tolist()
                if self._has_origins(block):
                    content["by_origin"] = self.by_origin(name).tolist()
                file.write((", " if number else "") + f"{json.dumps(name)}: {json.dumps(content)}")
            file.write("}}\n")

    def _unit(self, name: str) -> str:
        variable = self.model.variables.get(name)
        return in_currency(variable.unit if variable else self.model.cards[name].unit, self.currency)

    def _meaning(self, name: str) -> str:
        variable = self.model.variables.get(name)
        return variable.declaration.meaning if variable else self.model.cards[name].meaning

    def _labelled(self, name: str) -> xarray.DataArray:
        import xarray

        block = self.array(name)
        indices = NAMES[-(block.ndim - 2) :]
        dimensions = ["member", "time", *indices]
        keep = [self.members > 1, True, *(count > 1 for count in block.shape[2:])]
        index = tuple(slice(None) if kept else 0 for kept in keep)
        attributes = {**_named(name), "units": self._unit(name), "meaning": self._meaning(name)}
        return xarray.DataArray(
            block[index], dims=[one for one, kept in zip(dimensions, keep, strict=True) if kept], attrs=attributes
        )

    def _table(self, name: str, route: str, values: np.ndarray, unit: str) -> pd.DataFrame:
        import pandas as pd

        members, times = values.shape
        return pd.DataFrame(
            {
                "time": np.tile(self.time, members),
                "variable": name,
                "route": route,
                "member": np.repeat(np.arange(members), times),
                "value": values.ravel(),
                "unit": unit,
            },
            columns=CSV_COLUMNS,
        )


def _shares(weight: np.ndarray, axes: tuple[int, ...]) -> np.ndarray:
    """The share of each member of some indices in the weight of all, alike where none has any."""
    whole = weight.sum(axis=axes, keepdims=True)
    alike = 1 / math.prod(weight.shape[axis] for axis in axes)
    return np.divide(weight, whole, out=np.full(weight.shape, alike), where=whole > 0)


def _has_origin_axis(block: np.ndarray) -> bool:
    """Whether a block (member, time, [origin,] population, route) has an axis for origins."""
    return block.ndim + AXIS["origin"] >= 2


def nearest_time(time: np.ndarray, year: float) -> int:
    """Which of the times (time) lies nearest to a year; of two as near, the earlier."""
    return int(np.abs(time - year).argmin())


def _fact(value: Any) -> str | float:
    """A fact of the provenance as a cell."""
    return value if isinstance(value, (str, int, float)) else str(value)


def _named(name: str) -> dict[str, str]:
    title = name.replace("_", " ")
    return {"title": title, "long_name": title}


def _amount(variable: Variable | None) -> bool:
    return variable is None or variable.across == "sum"
