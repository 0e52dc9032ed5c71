"""Every notebook runs from top to bottom, on every corridor that it is for, and is kept without its outputs."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import holoviews as hv
import nbclient
import nbformat
import pytest

from pushpull.scenario.library import corridor_names

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SECONDS_FOR_A_CELL = 300  # the first one may have to compile the model
OF_ONE_CORRIDOR = {"04_ways_to_europe"}
OF_FITS = {"02_calibration_and_evidence"}  # on corridors with a fit; its last cell has a finding on each of the three
PLOT = "application/vnd.holoviews_exec.v0+json"  # how a plot of HoloViews stands among outputs
SMALL = {"MEMBERS": 4, "EVERY": 40, "SCREENED, FOREMOST, POINTS": "20, 2, 2"}  # budgets in every run


@pytest.fixture
def here(monkeypatch, tmp_path):
    """Where a notebook runs: the project can be imported."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    return tmp_path


def test_there_are_notebooks_and_they_are_numbered():
    assert NOTEBOOKS
    assert [int(path.name[:2]) for path in NOTEBOOKS] == list(range(1, len(NOTEBOOKS) + 1))


def with_given(source, values):
    """A cell in which names are given other values, and how many it gives."""
    changed = 0
    for name, value in values.items():
        source, count = re.subn(rf"^{name} = [^#\n]+", f"{name} = {value}  ", source, flags=re.MULTILINE)
        changed += count
    return source, changed


@pytest.mark.slow
@pytest.mark.parametrize("budget", [SMALL, pytest.param({}, marks=pytest.mark.audit)], ids=["small", "as it is"])
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_runs_from_top_to_bottom(path, budget, here):
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source, _ = with_given(cell.source, budget)
    client = nbclient.NotebookClient(
        notebook,
        timeout=SECONDS_FOR_A_CELL,
        kernel_name="python3",
        resources={"metadata": {"path": str(here)}},
    )
    client.execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    shown = {kind for output in outputs for kind in output.get("data", ())}
    assert PLOT in shown, "a notebook shows at least one plot"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_kept_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    kept = [cell for cell in notebook.cells if cell.get("outputs") or cell.get("execution_count")]
    assert kept == []


def cells_of(path):
    """The code of a notebook."""
    return [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def given(path, name):
    """What a notebook gives a name, in the one cell that does."""
    found = [match for source in cells_of(path) for match in re.findall(rf"^{name} = ([^#\n]+)", source, re.MULTILINE)]
    assert len(found) == 1, f"{path.stem} gives {name} {len(found)} times"
    return found[0].strip()


def last_value(source, name, names):
    """Run a cell, and give what its last line comes to, where it is an expression."""
    body = ast.parse(source).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), name, "exec"), names)
    return None if last is None else eval(compile(ast.Expression(last.value), name, "eval"), names)


def on_others():
    """Every notebook with every corridor that it is for, but the one it is kept with."""
    for path in NOTEBOOKS:
        if path.stem not in OF_ONE_CORRIDOR:
            kept = given(path, "CORRIDOR").strip('"')
            for name in corridor_names():
                fitted = (ROOT / "scenarios" / "corridors" / name / "posterior.nc").exists()
                if name != kept and (fitted or path.stem not in OF_FITS):
                    yield path, name


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_names_its_corridor_in_one_cell(path):
    assert given(path, "CORRIDOR").strip('"') in corridor_names()


@pytest.mark.slow
@pytest.mark.parametrize("path, corridor", list(on_others()), ids=lambda each: getattr(each, "stem", each))
def test_notebooks_run_on_the_other_corridors(path, corridor, monkeypatch, tmp_path):
    """With small budgets and in this process, so that no kernel has to start; every plot is drawn."""
    monkeypatch.chdir(tmp_path)
    names, changed, drawn = {}, 0, 0
    for source in cells_of(path):
        source, count = with_given(source, {"CORRIDOR": f'"{corridor}"', **SMALL})
        changed += count
        shown = last_value(source, path.name, names)
        if isinstance(shown, hv.core.Dimensioned):
            drawn += hv.render(shown, backend="bokeh") is not None
    assert names["CORRIDOR"] == corridor and names["scenario"].corridor.id == corridor and changed > 1
    assert drawn
