"""A dataset as a netCDF file by the CF conventions 1.11, and back.

The conventions know no text along a dimension under the dimension's own name, and no units that UDUNITS does not know.
So a file holds the names of routes as `route_name`, and of person/year the part that is known, `year-1`, as `units`;
what is counted stands beside it as `unit`. Time is in decimal years, and in `date` as days of a year of twelve equal
months, which has the name and calendar by which other programs find it.
"""

from __future__ import annotations

import importlib.metadata
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pushpull.files.atomic import write_whole

if TYPE_CHECKING:  # large, and a run needs it not
    import xarray

CONVENTIONS = "CF-1.11"
FIRST_YEAR = 1990
DATE = {
    "standard_name": "time",
    "long_name": "date, in a year of twelve equal months",
    "units": f"days since {FIRST_YEAR}-01-01",
    "calendar": "360_day",
}
YEARS = "decimal year"
KNOWN_UNITS = ("year", "month")  # what UDUNITS knows of the units of the model
RATES = {"per_100k": "1e-5", "per_1000": "1e-3"}
UNIT, UNITS = "unit", "units"


def udunits(unit: str) -> str:
    """What UDUNITS knows of a unit: people, jobs, cases and money are numbers to it, years and months are units."""
    if unit == YEARS:
        return "year"
    above, *below = unit.split("/")
    factor = RATES.get(above, "")
    powers = {name: (above == name) - below.count(name) for name in KNOWN_UNITS}
    parts = [f"{name}{'' if power == 1 else power}" for name, power in powers.items() if power]
    return " ".join([*([factor] if factor else []), *parts]) or "1"


def cf_dataset(dataset: xarray.Dataset) -> xarray.Dataset:
    """The same numbers as the conventions ask for them."""
    labels = [name for name in dataset.dims if name in dataset.coords and _is_text(dataset[name])]
    made = dataset.reset_index(labels).rename_vars({name: f"{name}_name" for name in labels}).copy()
    made = made.assign_coords(date=("time", days(made["time"].values), dict(DATE)))
    for name, array in made.variables.items():
        if name != "date" and UNITS in array.attrs:
            array.attrs = {**array.attrs, UNITS: udunits(array.attrs[UNITS]), UNIT: array.attrs[UNITS]}
        if name in made.coords and name in made.dims:
            array.encoding["_FillValue"] = None
    made["time"].attrs["long_name"] = YEARS
    made.attrs = {**{word: _plain(value) for word, value in dataset.attrs.items()}, **_about(dataset)}
    return made


def _about(dataset: xarray.Dataset) -> dict[str, str]:
    version = importlib.metadata.version("pushpull-migration")
    model = str(dataset.attrs.get("model_hash", ""))[:12]
    return {
        "Conventions": CONVENTIONS,
        "source": f"Pushpull {version}, a system-dynamics model of migration policy (model {model})",
        "history": f"worked out by Pushpull {version}; scenario {dataset.attrs.get('scenario_hash', '')}",
        "comment": "units are those of UDUNITS; what is counted stands in the attribute unit",
    }


def _plain(value: Any) -> Any:
    """An attribute as a number or a text; of several names, one text parted by blanks."""
    return " ".join(map(str, value)) if isinstance(value, (list, tuple)) else value


def _is_text(array: xarray.DataArray) -> bool:
    return array.dtype.kind in "OUT"


def days(time: np.ndarray) -> np.ndarray:
    """Times in days since the start of `FIRST_YEAR`, in a year of twelve equal months: a quarter is 90 days."""
    return np.round((time - FIRST_YEAR) * 360, 6)


def write_cf(dataset: xarray.Dataset, path: Path | str) -> Path:
    """Write a netCDF file by the conventions, whole or not at all."""
    made = cf_dataset(dataset)
    return write_whole(Path(path), lambda part: made.to_netcdf(part, engine="netcdf4"))


def read_cf(path: Path | str) -> xarray.Dataset:
    """A file that `write_cf` wrote, with names of routes and units as the dataset had them before."""
    import xarray

    with xarray.open_dataset(path, decode_times=False) as file:
        found = file.load()
    labels = {name: re.sub("_name$", "", name) for name in map(str, found.coords)}
    found = found.rename_vars({name: own for name, own in labels.items() if own != name and own in found.dims})
    for name in map(str, found.dims):
        if name in found.coords and name not in found.indexes:
            found = found.set_xindex(name)
    for array in found.variables.values():
        if UNIT in array.attrs:
            array.attrs[UNITS] = array.attrs.pop(UNIT)
    return found.drop_vars("date")
