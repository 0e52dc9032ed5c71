"""Scenarios side by side: what each outcome is, and what difference a policy makes to it.

For the same over time, with ranges that refine as members come, see `pushpull.analysis.pairing`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pushpull.analysis.quantile_ranges import MEDIAN, QUANTILES, Ranges, chance_of_change, column
from pushpull.catalogue import Outcome, catalogue
from pushpull.engine.runs.cf_file import write_cf
from pushpull.engine.runs.result import Result
from pushpull.files.frames import write_frame
from pushpull.plot_accessor import PlotAccessor
from pushpull.scenario import Scenario
from pushpull.simulation import run
from pushpull.wording.money import in_currency

if TYPE_CHECKING:
    import xarray

EDGES = {f"difference_{column(at)}": at for at in QUANTILES if at != MEDIAN}  # the median is `difference`
MEASURES = ("end", "mean")
COLUMNS = (
    "scenario",
    "outcome",
    "title",
    "route",
    "measure",
    "unit",
    "better",
    "reference",
    "value",
    "difference",
    "relative",
)
ENSEMBLE_COLUMNS = (*EDGES, "improved", "increased")


def assumptions_apart(reference: Scenario, other: Scenario) -> dict[str, list[str]]:
    """What two scenarios assume otherwise beside policy: names by the block they stand in; empty where policy alone
    differs."""
    apart: dict[str, list[str]] = {}
    for block in ("context", "parameters", "formulas"):
        own, others = getattr(reference, block), getattr(other, block)
        names = [name for name in dict.fromkeys((*own, *others)) if own.get(name) != others.get(name)]
        if names:
            apart[block] = names
    loops = sorted({*reference.loops_off} ^ {*other.loops_off})
    if loops:
        apart["loops_off"] = loops
    if reference.corridor != other.corridor:
        apart["corridor"] = [reference.corridor.id, other.corridor.id]
    return apart


@dataclass(frozen=True, eq=False)
class Comparison:
    """Results held against the first of them, which is the reference.

    `table` is a pandas DataFrame with a row for each other scenario, outcome, route (empty for the total) and
    measure: "end" is the value at `end`, "mean" the mean from `mean_from` to `end`.
    """

    results: tuple[Result, ...]
    labels: tuple[str, ...]

    plot = PlotAccessor()

    @property
    def reference(self) -> Result:
        """What the others are held against."""
        return self.results[0]

    @property
    def members(self) -> int:
        """Runs in each result."""
        return self.reference.members

    @cached_property
    def end(self) -> float:
        """The last year that all results reach."""
        return float(min(result.time[-1] for result in self.results))

    @cached_property
    def mean_from(self) -> float:
        """The first year of the mean: the reference's policy start, or else the first year all results report."""
        first = max(float(result.time[0]) for result in self.results)
        start = float(self.reference.provenance["policy_start"])
        return max(start, first) if start < self.end else min(first, self.end)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Values and differences.

        For an ensemble `value` and `reference` are medians, `difference` is the median of the differences
        member by member, `difference_p5` and so on are their quantiles. `improved` is the share of members in
        which the outcome moves the way that is better for people (None where neither way is), `increased` that in
        which it is larger; both are None where it moves in no member.
        """
        rows = [row for other, label in self._others() for row in self._rows(other, label)]
        columns = COLUMNS + (ENSEMBLE_COLUMNS if self.members > 1 else ())
        return pd.DataFrame(rows, columns=list(columns))

    def save(self, path: Path | str) -> Path:
        """Write the table to .csv, .xlsx or .parquet, or every outcome of all scenarios to .nc, over `scenario`.

        Raises:
            ValueError: for another ending, and for .nc where the scenarios are of several corridors.
            CannotHold: for Parquet without pyarrow.
        """
        if Path(path).suffix == ".nc":
            return write_cf(self.dataset, path)
        return write_frame(self.table, path, "comparison")

    @cached_property
    def dataset(self) -> xarray.Dataset:
        """The outcomes of all scenarios as one xarray Dataset over `scenario`, at the times that all of them report;
        raises ValueError for scenarios of several corridors."""
        import xarray

        corridors = {str(result.provenance["corridor"]) for result in self.results}
        if len(corridors) > 1:
            raise ValueError(
                f"one dataset holds scenarios of one corridor; these are of {', '.join(sorted(corridors))}"
            )
        names = [name for name in catalogue().outcomes if all(name in result.kept for result in self.results)]
        parts = [result.dataset[names].drop_attrs(deep=False) for result in self.results]
        joined = xarray.concat(parts, "scenario", join="inner").assign_coords(
            scenario=("scenario", list(self.labels), {"long_name": "scenario"})
        )
        facts = ("corridor", "model_hash", "versions", "seed", "policy_start")
        hashes = {"scenario_hash": " ".join(str(result.provenance["scenario_hash"]) for result in self.results)}
        title = {"title": f"Scenarios side by side: {'; '.join(self.labels)}"}
        return joined.assign_attrs(title | {word: self.reference.provenance[word] for word in facts} | hashes)

    def of(self, outcome: str) -> pd.DataFrame:
        """The rows of one outcome."""
        return self.table[self.table["outcome"] == outcome]

    def _repr_html_(self) -> str:
        return self.table.to_html(index=False, float_format="{:.4g}".format)

    def __str__(self) -> str:
        return self.table.to_string(index=False, float_format="{:.4g}".format)

    def _others(self) -> Iterator[tuple[Result, str]]:
        return zip(self.results[1:], self.labels[1:], strict=True)

    def _rows(self, other: Result, label: str) -> Iterator[dict]:
        currencies = dict.fromkeys(result.currency for result in (self.reference, other))
        for outcome in catalogue().outcomes.values():
            unit = " against ".join(dict.fromkeys(in_currency(outcome.unit, each) for each in currencies))
            routes = [""]
            if outcome.variable.routed:
                routes += [route for route in self.reference.routes if route in other.routes]
            for route in routes:
                for measure in MEASURES:
                    before = self._measured(self.reference, outcome, route, measure)
                    after = self._measured(other, outcome, route, measure)
                    named = {"scenario": label, "outcome": outcome.id, "title": outcome.title, "route": route}
                    how = {"measure": measure, "unit": unit, "better": outcome.better}
                    yield {**named, **how, **differences(before, after, outcome.better)}

    def _measured(self, result: Result, outcome: Outcome, route: str, measure: str) -> np.ndarray:
        """One number for each member."""
        if route:
            values = result.by_route(outcome.id)[:, :, result.routes.index(route)]
        else:
            values = result.total(outcome.id)
        near = 1e-6
        first = self.mean_from if measure == "mean" else self.end
        chosen = (result.time >= first - near) & (result.time <= self.end + near)
        if not chosen.any():
            chosen = np.arange(len(result.time)) == result.moment(self.end)
        return values[:, chosen].mean(axis=1) if measure == "mean" else values[:, chosen][:, -1]


def differences(before: np.ndarray, after: np.ndarray, better: str) -> dict[str, float | None]:
    """What differs between two arrays of shape (member,), paired one by one; `relative` is None from zero."""
    change = after - before
    reference, difference = float(np.median(before)), float(np.median(change))
    numbers: dict[str, float | None] = {
        "reference": reference,
        "value": float(np.median(after)),
        "difference": difference,
        "relative": _relative(before, change),
    }
    if len(change) > 1:
        ranges = Ranges.of(change[None])
        numbers |= {name: float(ranges.edge(at)[0]) for name, at in EDGES.items()}
        numbers["improved"] = None if better == "neither" else _chance(change, better)
        numbers["increased"] = _chance(change, "higher")
    return numbers


def _chance(change: np.ndarray, better: str) -> float | None:
    """The share of members in which an outcome improves; None where it moves in no member."""
    chance = float(chance_of_change(change, better))
    return None if np.isnan(chance) else chance


def _relative(before: np.ndarray, change: np.ndarray) -> float | None:
    """The median of the relative differences, member by member."""
    if not change.any():
        return 0.0
    if not before.all():
        return None
    return float(np.median(change / np.abs(before)))


def compare(
    reference: Scenario | Result,
    *others: Scenario | Result,
    members: int | None = None,
    seed: int | None = None,
    labels: Sequence[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Run what is not yet run and hold every other against the reference: two numbers of each outcome, one table.

    With `members`, ensembles are run, member k of each scenario with the same draw (see `pushpull.ensemble`). For the
    ranges and chances of one policy at every saved time, refined until more members no longer move them, see
    `pushpull.analysis.paired`; both take them from the same draws by the same rules.

    Raises:
        ValueError: for no other, for results with unlike numbers of members or seeds, for too few labels.
        RunBroke: where a run breaks.
    """
    if not others:
        raise ValueError("a comparison takes a reference and at least one other")
    given = (reference, *others)
    if seed is None:
        seed = next((item.seed for item in given if isinstance(item, Scenario)), None)
    results = []
    for number, item in enumerate(given):
        if isinstance(item, Result):
            results.append(item)
        elif members is not None and members > 1:
            from pushpull.ensemble import run_ensemble

            def report(done: int, count: int, number: int = number) -> None:
                if progress:
                    progress(number * count + done, len(given) * count)

            results.append(run_ensemble(item, members, seed, progress=report))
        else:
            results.append(run(item))
    if len({result.members for result in results}) > 1:
        counts = ", ".join(str(result.members) for result in results)
        raise ValueError(f"results of a comparison have one number of members; these have {counts}")
    seeds = {result.provenance["seed"] for result in results}
    if results[0].members > 1 and len(seeds) > 1:
        raise ValueError("ensembles of a comparison share one seed; otherwise their members differ in more")
    labels = tuple(labels or (str(result.provenance["title"]) for result in results))
    if len(labels) != len(results):
        raise ValueError(f"{len(results)} results need {len(results)} labels")
    return Comparison(results=tuple(results), labels=_distinct(labels))


def _distinct(labels: Sequence[str]) -> tuple[str, ...]:
    """The labels, numbered where two are the same."""
    return tuple(
        f"{label} ({labels[: row + 1].count(label)})" if labels.count(label) > 1 else label
        for row, label in enumerate(labels)
    )
