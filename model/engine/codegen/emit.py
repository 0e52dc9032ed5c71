"""What the kernel's functions are written with: `llvmlite.ir.IRBuilder`, and the few things it does not have.

A `Builder` writes one function. Loops and branches are context managers; what they change is carried by name:

    with b.for_range(size, step=WIDTH, sum=zero) as loop:
        loop["sum"] = b.fadd(loop["sum"], b.read(levels, loop.at, V4))
    whole = loop["sum"]

Types are checked where a line stands: llvmlite raises on a sum of a number and a vector.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache

from llvmlite import ir

from pushpull.engine.codegen.layout import WIDTH

VOID, PTR = ir.VoidType(), ir.PointerType()
F64, I64, I1 = ir.DoubleType(), ir.IntType(64), ir.IntType(1)
V4, I64X4, I1X4 = (ir.VectorType(element, WIDTH) for element in (F64, I64, I1))
_LANES = ir.VectorType(ir.IntType(32), WIDTH)
_BITS = {F64: "f64", V4: f"v{WIDTH}f64"}  # in the names of LLVM's own functions
_ALIGN = 8  # bytes: cells begin anywhere


@cache
def _constant(kind: ir.Type, value: float, sign: float) -> ir.Constant:
    return ir.Constant(kind, [value] * WIDTH if isinstance(kind, ir.VectorType) else value)


def constant(kind: ir.Type, value: float) -> ir.Constant:
    """A constant of a type, the same on every lane of a vector; made once, as llvmlite writes out each one anew."""
    return _constant(kind, value, math.copysign(1.0, value))


def number(value: int) -> ir.Constant:
    """A whole number."""
    return constant(I64, value)


ZERO, NO_LANE = constant(V4, 0.0), constant(I1X4, 0)


class Carried(dict):
    """Values by name that a loop or branch changes; `at` is the number a loop has come to."""

    at: ir.Value


class Builder(ir.IRBuilder):
    """Writes one function, whose arguments it has by name in `given`.

    `arguments` are names and types; of those in `alone` the function may assume that nothing else it is given reaches
    the same memory. An `entry` can be called from outside; all else is the module's own.
    """

    def __init__(
        self,
        module: ir.Module,
        name: str,
        result: ir.Type,
        arguments: Sequence[tuple[str, ir.Type]],
        alone: Sequence[str] = (),
        entry: bool = False,
    ):
        function = ir.Function(module, ir.FunctionType(result, [kind for _, kind in arguments]), name)
        function.linkage = "" if entry else "internal"
        self.given: dict[str, ir.Argument] = {}
        for argument, (label, _) in zip(function.args, arguments, strict=True):
            argument.name = label
            if label in alone:
                argument.add_attribute("noalias")
            self.given[label] = argument
        super().__init__(function.append_basic_block("entry"))

    # Memory

    def address(self, base: ir.Value, index: ir.Value | int, element: ir.Type = F64) -> ir.Value:
        """Where an array of doubles, or of another type, holds its `index`-th element."""
        if isinstance(index, int):
            if index == 0:
                return base
            index = number(index)
        if index.type != I64:
            raise TypeError(f"an index is a whole number, not {index.type}")
        return self.gep(base, [index], source_etype=element)

    def read(self, base: ir.Value, index: ir.Value | int = 0, kind: ir.Type = F64, align: int = _ALIGN) -> ir.Value:
        """What stands at the `index`-th double, or whole number, of an array; a vector begins there."""
        return self.load(self.address(base, index), align=align, typ=kind)

    def write(self, value: ir.Value, base: ir.Value, index: ir.Value | int = 0, align: int = _ALIGN) -> None:
        """Store a number or a vector from the `index`-th double, or whole number, of an array on."""
        self.store(value, self.address(base, index), align=align)

    def room(self, kind: ir.Type) -> ir.Value:
        """Memory that lasts as long as the call."""
        with self.goto_entry_block():
            memory = self.alloca(kind)
        memory.type = PTR  # llvmlite's own pointer still says to what
        return memory

    def copy_fixed(self, target: ir.Value, source: ir.Value, doubles: int) -> None:
        """Copy so many doubles; the two must not overlap."""
        if doubles:
            copy = self._own("llvm.memcpy.inline.p0.p0.i64", VOID, (PTR, PTR, I64, I1))
            self.call(copy, [target, source, number(8 * doubles), constant(I1, 0)])

    # Arithmetic

    def fused(self, left: ir.Value, right: ir.Value, more: ir.Value) -> ir.Value:
        """`left * right + more`, rounded once where the processor can."""
        name = f"llvm.fmuladd.{_BITS[left.type]}"
        return self.call(self._own(name, left.type, (left.type,) * 3), [left, right, more])

    def root(self, value: ir.Value) -> ir.Value:
        """The square root."""
        return self.call(self._own(f"llvm.sqrt.{_BITS[value.type]}", value.type, (value.type,)), [value])

    def size(self, value: ir.Value) -> ir.Value:
        """The value without its sign."""
        return self.call(self._own(f"llvm.fabs.{_BITS[value.type]}", value.type, (value.type,)), [value])

    def _own(self, name: str, result: ir.Type, arguments: tuple[ir.Type, ...]) -> ir.Function:
        """One of LLVM's own functions."""
        existing = self.module.globals.get(name)
        return existing or ir.Function(self.module, ir.FunctionType(result, arguments), name)

    # Vectors

    def spread(self, value: ir.Value) -> ir.Value:
        """A number on every lane."""
        kind = ir.VectorType(value.type, WIDTH)
        first = self.insert_element(ir.Constant(kind, ir.Undefined), value, ir.Constant(ir.IntType(32), 0))
        return self.shuffle_vector(first, ir.Constant(kind, ir.Undefined), ir.Constant(_LANES, None))

    def packed(self, numbers: Sequence[ir.Value]) -> ir.Value:
        """Four numbers as a vector."""
        vector: ir.Value = ir.Constant(ir.VectorType(numbers[0].type, WIDTH), ir.Undefined)
        for lane, value in enumerate(numbers):
            vector = self.insert_element(vector, value, ir.Constant(ir.IntType(32), lane))
        return vector

    def lane(self, vector: ir.Value, lane: ir.Value | int) -> ir.Value:
        """The number on one lane."""
        return self.extract_element(vector, ir.Constant(ir.IntType(32), lane) if isinstance(lane, int) else lane)

    def some(self, flags: ir.Value) -> ir.Value:
        """Whether any of four flags is up."""
        bits = ir.IntType(WIDTH)
        return self.icmp_unsigned("!=", self.bitcast(flags, bits), ir.Constant(bits, 0))

    def opposite(self, flags: ir.Value) -> ir.Value:
        """Flags that are up where these are not."""
        return self.xor(flags, constant(flags.type, 1))

    # Control flow

    @contextmanager
    def for_range(self, stop: ir.Value | int, step: int = 1, **carried: ir.Value) -> Iterator[Carried]:
        """A loop over 0, `step`, … below `stop`; after it, what is carried is as the last round left it."""
        stop = number(stop) if isinstance(stop, int) else stop
        before, head = self.block, self.append_basic_block("for")
        body, after = self.append_basic_block("for_body"), self.append_basic_block("for_end")
        self.branch(head)
        self.position_at_end(head)
        at = self.phi(I64)
        at.add_incoming(number(0), before)
        loop, phis = self._carried(carried, before)
        loop.at = at
        self.cbranch(self.icmp_signed("<", at, stop), body, after)
        self.position_at_end(body)
        yield loop
        following = self.add(at, number(step))
        at.add_incoming(following, self.block)
        self._go_round(loop, phis)
        self.branch(head)
        self.position_at_end(after)
        loop.update(phis)

    @contextmanager
    def repeat(self, **carried: ir.Value) -> Iterator[Carried]:
        """A loop that runs at least once, and again as long as the body leaves true in `loop["again"]`."""
        before, body = self.block, self.append_basic_block("repeat")
        after = self.append_basic_block("repeat_end")
        self.branch(body)
        self.position_at_end(body)
        loop, phis = self._carried(carried, before)
        yield loop
        again = loop.pop("again")
        self._go_round(loop, phis)
        self.cbranch(again, body, after)
        self.position_at_end(after)

    @contextmanager
    def when(self, condition: ir.Value, **otherwise: ir.Value) -> Iterator[Carried]:
        """What is done where a condition holds; what is carried is afterwards as the body left it, or as it was."""
        before, then = self.block, self.append_basic_block("when")
        after = self.append_basic_block("when_end")
        self.cbranch(condition, then, after)
        self.position_at_end(then)
        inside = Carried(otherwise)
        yield inside
        last, returned = self.block, self.block.is_terminated
        if not returned:
            self.branch(after)
        self.position_at_end(after)
        if returned:
            inside.update(otherwise)
            return
        for name, value in otherwise.items():
            phi = self.phi(value.type)
            phi.add_incoming(value, before)
            phi.add_incoming(inside[name], last)
            inside[name] = phi

    def _carried(self, carried: dict[str, ir.Value], before: ir.Block) -> tuple[Carried, dict[str, ir.PhiInstr]]:
        phis = {name: self.phi(value.type) for name, value in carried.items()}
        for name, value in carried.items():
            phis[name].add_incoming(value, before)
        return Carried(phis), phis

    def _go_round(self, loop: Carried, phis: dict[str, ir.PhiInstr]) -> None:
        for name, phi in phis.items():
            if loop[name].type != phi.type:
                raise TypeError(f"{name} is carried as {phi.type}, not {loop[name].type}")
            phi.add_incoming(loop[name], self.block)
