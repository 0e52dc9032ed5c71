"""What the functions of a kernel rely on: what each may read, and from where."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import numpy as np
import pytest
from llvmlite import ir

import pushpull.engine.codegen
from pushpull.engine.codegen.emit import PTR
from pushpull.engine.codegen.kernel_builder import KernelBuilder
from pushpull.engine.codegen.layout import DOUBLES, FIELDS, NUMBERS, POINTERS, SIDE_BY_SIDE, SINGLE, WIDTH, Form, Memory
from pushpull.engine.codegen.program import Program
from pushpull.engine.codegen.straight_line import OPERATIONS
from pushpull.engine.integrator import Integrator
from pushpull.engine.language.declare import flow, stock
from pushpull.engine.language.graph import ModelFault
from pushpull.engine.language.indices import extent
from pushpull.engine.language.rows import Layout
from pushpull.engine.language.words import WORDS
from pushpull.engine.machine.kernels import load_kernel
from pushpull.engine.runner import Runner
from pushpull.engine.runs.task import Inputs, Task
from pushpull.simulation import integrator
from tests.engine.toy import toy_integrator, toy_model
from tests.engine.trials import a_card, small_model

STEPS_PER_YEAR = 48
ENGINE = Path(pushpull.engine.__file__).parent
GUIDE = ENGINE / "codegen" / "README.md"


@flow("person/year")
def admitted(places):
    """As many as there are places."""
    return places


@stock("person", initial="0")
def admitted_so_far(admitted):
    """Those admitted."""
    return admitted


@pytest.mark.parametrize("method", ["dop853", "rk4"])
def test_a_stock_that_rests_on_a_lever_alone_follows_it_within_a_move(method):
    places = dataclasses.replace(a_card("places", 0.0, "person/year"), kind="lever")
    model = small_model(admitted, admitted_so_far, cards={"places": places})
    engine, steps = Integrator(model, load_kernel(model)), 2 * STEPS_PER_YEAR
    ramp = (np.arange(steps)[:, None] + [0.0, 0.5, 1.0])[:, :, None] / STEPS_PER_YEAR
    given, none = Inputs(ramp, np.zeros(steps, dtype=np.int8)), np.zeros(0, dtype=np.int64)
    task = Task(("north",), 2000.0, given, np.zeros((0, 2)), none, none.astype(np.uint8), -1, STEPS_PER_YEAR, method)
    times, levels, _ = engine.run(task)
    assert np.allclose(levels[:, 0, 0], (times - task.start) ** 2 / 2, rtol=1e-13)


def test_an_initial_level_that_reads_another_level_is_refused():
    @flow("person/year")
    def leaving(town):
        """All of them."""
        return town

    @stock("person", initial="1")
    def town(leaving):
        """Those who live there."""
        return -leaving

    @stock("person", initial="2 * town")
    def twice(leaving):
        """As many as leave."""
        return leaving

    model = small_model(leaving, town, twice)
    with pytest.raises(ModelFault, match="initial level of twice: no stock is known yet"):
        Program(model, Layout.of(model), Form(extent(), SINGLE))


def test_no_function_writes_over_the_levels_it_reads():
    module = ir.Module()
    b = KernelBuilder(module, "wrong", arguments=[("row", PTR)])
    with pytest.raises(ValueError, match="slopes_at must not write over the levels it reads"):
        b.work_out("slopes_at", b.given["row"], b.field("levels"), b.field("levels"))


@pytest.mark.parametrize("lanes", [SINGLE, SIDE_BY_SIDE])
def test_levels_stand_right_behind_values(lanes):
    runner = Runner(toy_integrator().kernel, extent(route=2), lanes)
    values, levels = (runner.workspace.arrays[name] for name in ("values", "levels"))
    assert levels.ctypes.data == values.ctypes.data + values.nbytes
    assert (len(values), len(levels)) == (runner.machine.sizes["values"], runner.machine.sizes["levels"])


def test_no_word_of_its_own_code_bears_the_name_of_another_operation():
    own = {name for name, word in WORDS.items() if word.term is None}
    assert own and own & {*OPERATIONS, "number", "choice", "cut", "parameter", "input", "level", "held"} == set()


def test_every_field_has_its_own_place_and_a_meaning():
    assert len(set(FIELDS)) == len(FIELDS) == len(POINTERS) + len(NUMBERS) + len(DOUBLES)
    assert all(meaning for fields in (POINTERS, NUMBERS, DOUBLES) for meaning in fields.values())


@pytest.mark.parametrize("lanes", [SINGLE, SIDE_BY_SIDE])
@pytest.mark.parametrize("routes", [1, 3, 4, 5])
@pytest.mark.parametrize("model", [toy_model(), integrator().model])
def test_no_two_cells_share_a_place_and_every_number_outside_has_one(model, routes, lanes):
    memory = Memory(model, Layout.of(model), Form(extent(route=routes), lanes))
    for array, names in memory.names.items():
        elements = memory.elements(array)
        assert len(elements) * lanes == memory.arrays[array].size <= memory.sizes[array]
        assert memory.sizes[array] % WIDTH == 0
        numbers = sum(memory.parts(name) * (routes if memory.routed(name) else 1) for name in names)
        assert len(set(elements)) == numbers
        places = [
            (memory.arrays[array].offsets[row, part], memory.form.cells(memory.routed(name)) * lanes)
            for row, name in enumerate(names)
            for part in range(memory.parts(name))
        ]
        ends = [place + size for place, size in places]
        assert [place for place, _ in places[1:]] == ends[:-1]


def test_the_python_of_the_guide_runs_and_finds_no_wrong_bit(capsys):
    blocks = re.findall(r"^```python\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    reading, finding = (lambda block=block: exec(block, {}) for block in blocks)  # noqa: S102
    reading()
    assert "usual_slopes_at: at every stage" in capsys.readouterr().out
    finding()
    assert capsys.readouterr().out == ""


def test_the_guide_names_files_and_functions_that_are_there():
    named = set(re.findall(r"\b(?:test_)?[a-z_]+\.(?:py|txt)\b", GUIDE.read_text(encoding="utf-8")))
    there = {path.name for folder in (ENGINE, Path(__file__).parent) for path in folder.rglob("*.*")}
    assert named - there == set() and {path.name for path in GUIDE.parent.glob("*.py")} - named == {"__init__.py"}
