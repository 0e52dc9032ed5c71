"""Every notebook runs from top to bottom, on every corridor that it is for, and is kept with what it shows."""

from __future__ import annotations

import ast
import re

import holoviews as hv
import nbformat
import pytest

from pushpull.scenario.library import corridor_names

from .stored_notebooks import NOTEBOOKS, ROOT, executed, stripped, texts

MOST_BYTES = 400_000
OWN = "06_a_corridor_of_ones_own"  # makes its corridor
OF_ONE_CORRIDOR = {"04_ways_to_europe", "05_explore_and_choose", OWN}
STEADY = {"05_explore_and_choose", OWN}  # no fit moves what they show
OF_FITS = {"02_calibration_and_evidence"}  # on corridors with a fit; its last cell has a finding on each of the three
BY_KERNEL = {"04_ways_to_europe", *STEADY}  # in every run; the others, run on another corridor there, in make audit
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


def budgets():
    """Each notebook as it is, which takes long where a fit is drawn from; those with a small budget too."""
    for path in NOTEBOOKS:
        is_steady = path.stem in STEADY
        yield pytest.param(path, {}, id=f"{path.stem}, as it is", marks=[] if is_steady else pytest.mark.audit)
        if not is_steady:
            marks = [] if path.stem in BY_KERNEL else pytest.mark.audit
            yield pytest.param(path, SMALL, id=f"{path.stem}, small", marks=marks)


@pytest.mark.slow
@pytest.mark.parametrize("path, budget", list(budgets()))
def test_every_notebook_runs_from_top_to_bottom_and_says_what_is_stored(path, budget, here):
    """With another budget it may say something else."""
    notebook = nbformat.read(path, as_version=4)
    stored = texts(notebook)
    for cell in notebook.cells:
        cell.source, _ = with_given(cell.source, budget)
    outputs = [output for cell in executed(path, here, notebook).cells for output in cell.get("outputs", ())]
    assert [each for each in outputs if "<img" in each.get("data", {}).get("text/html", "")]
    if not budget:
        assert texts(stripped(notebook)) == stored


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_kept_with_what_they_show_open_with_a_picture_and_are_small(path):
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    html = [output.get("data", {}).get("text/html", "") for cell in code for output in cell.outputs]
    assert "data:image/png" in "".join(output.get("data", {}).get("text/html", "") for output in code[0].outputs)
    assert not [each for each in html if "<script" in each] and path.stat().st_size < MOST_BYTES
    assert {cell.execution_count for cell in code} == {None}


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
    """Every notebook with the corridors that it is for, but the one it is kept with: one of them in every run."""
    for path in NOTEBOOKS:
        if path.stem not in OF_ONE_CORRIDOR:
            kept, others = given(path, "CORRIDOR").strip('"'), []
            for name in corridor_names():
                fitted = (ROOT / "scenarios" / "corridors" / name / "posterior.nc").exists()
                if name != kept and (fitted or path.stem not in OF_FITS):
                    others.append(name)
            for place, name in enumerate(others):
                yield pytest.param(path, name, marks=[pytest.mark.audit] if place else [], id=f"{path.stem}-{name}")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_names_its_corridor_in_one_cell(path):
    assert given(path, "CORRIDOR").strip('"') in [*corridor_names(), *(["strait"] if path.stem == OWN else [])]


@pytest.mark.slow
@pytest.mark.parametrize("path, corridor", list(on_others()))
def test_notebooks_run_on_the_other_corridors(path, corridor, monkeypatch, tmp_path):
    """With small budgets and in this process, so that no kernel has to start; every plot is drawn."""
    monkeypatch.chdir(tmp_path)
    names, changed, drawn = {}, 0, 0
    for source in cells_of(path):
        source, count = with_given(source, {"CORRIDOR": f'"{corridor}"', **SMALL})
        changed += count
        shown = last_value(source, path.name, names)
        if isinstance(shown, hv.core.Dimensioned):
            drawn += hv.render(shown, backend="matplotlib") is not None
    assert names["CORRIDOR"] == corridor and names["scenario"].corridor.id == corridor and changed > 1
    assert drawn
