"""`dataset.pushpull`: what the Dataset of a sweep can do beyond xarray; this module registers it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray

from pushpull.engine.runs.cf_file import write_cf
from pushpull.exporting.experiments import (
    ENDING,
    Outcomes,
    experiments_of,
    names_in,
    salib_sample,
    save_experiments,
)
from pushpull.files.frames import write_frame
from pushpull.scenario import Scenario

OWN = ("point", "name", "member", "time", "variable", "route", "origin", "population", "value", "unit")


@xarray.register_dataset_accessor("pushpull")
class SweepAccessor:
    """The methods of `dataset.pushpull`."""

    def __init__(self, dataset: xarray.Dataset):
        self._dataset = dataset

    def table(self, names: Iterable[str] | None = None) -> pd.DataFrame:
        """A tidy table: a row for each point, member, time, variable and part of it, with what the point sets."""
        found = self._dataset
        chosen = names_in(found, "kept") if names is None else list(names)
        parts = []
        for name in chosen:
            frame = found[name].to_dataframe(name="value").reset_index()
            parts.append(frame.assign(variable=name, unit=found[name].attrs["units"]))
        whole = pd.concat(parts, ignore_index=True)
        columns = [name for name in OWN if name in whole]
        texts = [name for name in ("route", "origin", "population") if name in whole]
        whole[texts] = whole[texts].astype(object).where(whole[texts].notna(), "")
        return whole[[*columns[:2], *names_in(found, "inputs"), *columns[2:]]]

    def experiments(
        self, outcomes: Iterable[str] | None = None, year: float | None = None
    ) -> tuple[pd.DataFrame, Outcomes]:
        """Experiments and outcomes as EMA Workbench has them: see `pushpull.exporting.experiments`."""
        return experiments_of(self._dataset, outcomes, year)

    def salib(self, outcome: str, year: float) -> tuple[dict[str, Any], np.ndarray, np.ndarray]:
        """A problem, X and Y as SALib takes them: see `pushpull.exporting.experiments`."""
        return salib_sample(self._dataset, outcome, year)

    def scenario(self, point: int) -> Scenario:
        """The scenario that a point is of."""
        found = self._dataset.sel(point=point)
        values = (float(found[name]) for name in names_in(found, "inputs"))
        pairs = zip(names_in(found, "settings"), values, strict=True)
        base = Scenario.from_text(found.attrs["scenario"])
        return base.with_settings([f"{label}={value!r}" for label, value in pairs if value == value])

    def save(self, path: Path | str) -> Path:
        """Write .nc by the CF conventions, the tidy table to .csv, .xlsx or .parquet, or .tar.gz for EMA Workbench.

        Raises:
            ValueError: for another ending.
            CannotHold: for a table too large for Excel, and for Parquet without pyarrow.
        """
        if str(path).endswith(ENDING):
            return save_experiments(*self.experiments(), path)
        if Path(path).suffix == ".nc":
            return write_cf(self._dataset, path)
        return write_frame(self.table(), path, "sweep")
