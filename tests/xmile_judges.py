"""Other simulators, brought to one form: an XMILE file goes in, series by element come out."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from pushpull import Scenario, run
from pushpull.catalogue import catalogue
from pushpull.exporting.expressions import Writer, element
from pushpull.exporting.xmile import NAMESPACE

NAMES = {"": NAMESPACE}


def euler(corridor: str, policy: str | None = None, **changes) -> Scenario:
    """A shipped scenario in steps by Euler's method, with a package laid over it."""
    scenario = Scenario.load(corridor).with_changes(method="euler", **changes)
    return scenario.with_policy(policy) if policy else scenario


@cache
def ours(scenario: Scenario) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The saved times of our own run, and every element of every variable by its name in XMILE."""
    result = run(scenario)
    positions = Writer(result.model, scenario.routes, origins=result.origins).positions
    series = {}
    for name in result.model.variables:
        over = result.model.over(name)
        columns = result.array(name)[0].reshape(len(result.time), -1).T
        series |= {
            element(name, over, position): column for position, column in zip(positions(over), columns, strict=True)
        }
    return result.time, series


def of_outcomes(series: Iterable[str]) -> list[str]:
    """Those elements that belong to an outcome."""
    outcomes = catalogue().outcomes
    return [name for name in series if any(name == one or name.startswith(f"{one}_") for one in outcomes)]


def parsed(text: str) -> ElementTree.Element:
    """The root of an XMILE file."""
    return ElementTree.fromstring(text.encode())


def variables(root: ElementTree.Element) -> dict[str, ElementTree.Element]:
    """Every variable of a file by its name."""
    return {tag.get("name"): tag for tag in root.find("model/variables", NAMES)}


def drawn(tag: ElementTree.Element) -> tuple[list[float], list[float]]:
    """Times and values of a lever or driver, of one point where it is constant."""
    if tag.find("gf", NAMES) is None:
        return [0.0], [float(tag.findtext("eqn", namespaces=NAMES))]
    axes = (tag.findtext(f"gf/{axis}", namespaces=NAMES).split(",") for axis in ("xpts", "ypts"))
    return tuple([float(part) for part in axis] for axis in axes)


@dataclass
class Simlin:
    """A file in simlin, run to its end."""

    text: str
    folder: Path
    _asked: tuple[np.ndarray, np.ndarray] | None = None

    def __post_init__(self) -> None:
        simlin = pytest.importorskip("simlin", reason="pysimlin is not built for this machine")
        path = self.folder / "model.xmile"
        path.write_text(self.text, encoding="utf-8")
        self.project = simlin.Project.open(path)
        self.simulation = self.project.get_model().simulate()
        self.simulation.run_to_end()

    @property
    def complaints(self) -> list[str]:
        """What simlin finds wrong with the file, units included."""
        return [f"{fault.variable_name}: {fault.message}" for fault in self.project.get_errors()]

    def series(self, times: np.ndarray, name: str) -> np.ndarray:
        """One element at these times."""
        return np.asarray(self.simulation.get_series(name))[self._places(times)]

    def _places(self, times: np.ndarray) -> np.ndarray:
        """The steps that are nearest to these times, which are mostly those asked for before."""
        if self._asked is None or not np.array_equal(self._asked[0], times):
            steps = np.asarray(self.simulation.get_series("time"))
            self._asked = times, np.abs(steps[:, None] - times).argmin(axis=0)
        return self._asked[1]


@dataclass
class PySD:
    """A file in PySD, read once; other scenarios of its corridor differ from it in levers and drivers only."""

    text: str
    folder: Path
    altered: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        import pysd

        path = self.folder / "model.xmile"
        path.write_text(self.text, encoding="utf-8")
        with _unformatted():
            self.model = pysd.read_xmile(str(path))

    def run(self, text: str, times: np.ndarray, names: list[str]) -> pd.DataFrame:
        """Another file's numbers run in this one; nothing else may differ between them."""
        other = variables(parsed(text))
        self.altered |= _differing(variables(parsed(self.text)), other)  # PySD keeps what an earlier run was given
        params = {name: _given(*drawn(other[name])) for name in sorted(self.altered)}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return self.model.run(params, return_columns=names, return_timestamps=times, progress=False)


def _given(times: list[float], values: list[float]) -> float | pd.Series:
    return values[0] if len(values) == 1 else pd.Series(values, index=times)


def _differing(one: dict[str, ElementTree.Element], other: dict[str, ElementTree.Element]) -> set[str]:
    assert list(one) == list(other)
    differing = {name for name in one if ElementTree.tostring(one[name]) != ElementTree.tostring(other[name])}
    inputs = catalogue().model.inputs
    assert all(any(name == known or name.startswith(f"{known}_") for known in inputs) for name in differing)
    return differing


@contextlib.contextmanager
def _unformatted() -> Iterator[None]:
    """PySD lays out the module it writes for readers, which takes longer than all the rest of reading a file."""
    import black

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(black, "format_file_contents", lambda text, **_: text)
        yield
