"""What the kernel's functions are written with: loops, branches and vectors do what they say, and no text is left."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import numpy as np
import pytest
from llvmlite import ir

import pushpull.engine
from pushpull.engine.codegen.emit import F64, I64, PTR, V4, VOID, WIDTH, Builder, constant, number
from pushpull.engine.machine.loader import compiled, loaded

ENGINE = Path(pushpull.engine.__file__).parent
MACHINE_CODE = re.compile(
    r"%\w+ = |\b(define|declare) (internal|void|double|ptr|<)|<\d+ x (double|i64)>"
    r"|\b(getelementptr|fadd|fmul|icmp|fcmp|phi|alloca) "
)


def run_on(numbers, write) -> np.ndarray:
    """What becomes of an array of numbers in a function that `write(builder, array)` fills."""
    module = ir.Module()
    b = Builder(module, "entry_of_test", VOID, [("numbers", PTR)], entry=True)
    write(b, b.given["numbers"])
    b.ret_void()
    memory = np.array(numbers, dtype=float)
    linked, calls = loaded(compiled(str(module)), ["entry_of_test"])
    calls["entry_of_test"](memory.ctypes.data)
    del linked
    return memory


@pytest.mark.parametrize("count", [0, 1, 5])
def test_a_loop_runs_as_often_as_it_says_and_carries_what_it_changes(count):
    def write(b, array):
        with b.for_range(count, sum=constant(F64, 0.0)) as loop:
            loop["sum"] = b.fadd(loop["sum"], b.read(array, loop.at))
        b.write(loop["sum"], array, 5)

    assert run_on([1, 2, 4, 8, 16, -1], write)[5] == sum([1, 2, 4, 8, 16][:count])


def test_loops_stand_within_loops_and_branches_within_them():
    def write(b, array):
        with b.for_range(3, count=number(0)) as rows:
            with b.for_range(4, count=rows["count"]) as columns:
                even = b.icmp_signed("==", b.and_(columns.at, number(1)), number(0))
                with b.when(even, count=columns["count"]) as branch:
                    branch["count"] = b.add(branch["count"], number(1))
                columns["count"] = branch["count"]
            rows["count"] = columns["count"]
        b.write(b.sitofp(rows["count"], F64), array)

    assert run_on([0.0], write)[0] == 6


def test_a_loop_that_repeats_runs_at_least_once():
    def write(b, array):
        with b.repeat(number=b.read(array)) as loop:
            loop["number"] = b.fmul(loop["number"], constant(F64, 0.5))
            loop["again"] = b.fcmp_ordered(">", loop["number"], constant(F64, 1.0))
        b.write(loop["number"], array)

    assert run_on([0.5], write)[0] == 0.25 and run_on([24.0], write)[0] == 0.75


def test_a_branch_may_return_and_leaves_what_is_carried_as_it_was():
    def write(b, array):
        negative = b.fcmp_ordered("<", b.read(array), constant(F64, 0.0))
        with b.when(negative, value=constant(F64, 7.0)) as branch:
            b.ret_void()
        b.write(branch["value"], array)

    assert run_on([-3.0], write)[0] == -3.0 and run_on([3.0], write)[0] == 7.0


def test_vectors_are_spread_packed_and_taken_apart():
    def write(b, array):
        packed = b.packed([b.read(array, lane) for lane in reversed(range(WIDTH))])
        whole = b.fused(packed, b.spread(b.lane(packed, 1)), constant(V4, 0.5))
        b.write(whole, array)
        b.write(b.root(b.size(b.fneg(b.read(array, 4)))), array, 4)
        b.copy_fixed(b.address(array, 5), array, 2)

    assert run_on([1, 2, 3, 4, 9, 0, 0], write).tolist() == [12.5, 9.5, 6.5, 3.5, 3.0, 12.5, 9.5]


def test_zero_and_minus_zero_are_two_constants():
    def write(b, array):
        b.write(constant(F64, 0.0), array)
        b.write(constant(F64, -0.0), array, 1)

    assert np.signbit(run_on([1.0, 1.0], write)).tolist() == [False, True]


def test_a_sum_of_a_number_and_a_vector_is_refused_where_it_stands():
    b = Builder(ir.Module(), "wrong", VOID, [("array", PTR)])
    vector, plain = b.read(b.given["array"], 0, V4), b.read(b.given["array"])
    with pytest.raises(ValueError, match="Operands must be the same type"):
        b.fadd(vector, plain)
    with pytest.raises(TypeError, match="an index is a whole number, not double"):
        b.read(b.given["array"], plain)
    with pytest.raises(TypeError, match="count is carried as i64, not double"):
        with b.for_range(3, count=number(0)) as loop:
            loop["count"] = plain
    assert loop["count"].type == F64 != I64


def test_no_machine_code_is_written_as_text():
    """A string that is no docstring has one line, and none reads like machine code."""
    texts = []
    for path in sorted(ENGINE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docstrings = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and isinstance(node.body[0], ast.Expr)
        }
        texts += [
            (path.name, node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
        ]
    assert len(texts) > 500
    assert [text for text in texts if text[1].strip().count("\n") or MACHINE_CODE.search(text[1])] == []
